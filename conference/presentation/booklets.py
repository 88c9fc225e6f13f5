"""What printed booklets say, as plain data: texts in the visitor's language, or with the language that they are in.

A text that is not in the visitor's language is `{"text", "lang", "dir"}`, any other a string.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.choices import ParticipationRole, SlotState
from conference.exports.booklets import PAPERS
from conference.models import Delegation, Edition, Placement, Section, SessionType, Track
from conference.presentation import records
from conference.presentation.sessions import Programme, name_columns, session_count, zone_text
from conference.serializers import affiliation_at, public_participations
from content import languages
from content.exports.plain_text import plain_text
from content.exports.typeset import MEDIA_TYPE
from content.presentation import Shown, day_text, language_name, locale, shown, spoken, with_query
from content.publication import window

Words = dict[str, Any]

ABSTRACT = [languages.column(field, code) for field in ("subtitle", "abstract") for code in languages.CODES]


def said(record, field: str) -> str | Words:
    return spoken(shown(record, field))


# ── what all booklets share ────────────────────────────────────────────────────────────────────────────────────────


def frame(edition: Edition, kind: str, paper: str, address: str) -> Words:
    """The language and paper of a booklet, its cover, and the words between the data."""
    language = languages.current()
    return {
        "lang": locale(language).partition("_")[0],
        "dir": languages.direction(language),
        "paper": paper,
        "kind": kind,
        "name": said(edition, "name"),
        "theme": said(edition, "theme"),
        "dates": records.edition_dates(edition),
        "place": [entry_text(entry) for entry in records.place_entries(edition)],
        "address": settings.SITE_URL + address,
        "sample": _("Sample data") if edition.sample else "",
        "words": words(),
    }


def entry_text(entry: Words) -> str | Words:
    return {key: entry[key] for key in ("text", "lang", "dir")} if entry["lang"] else entry["text"]


def words() -> dict[str, str]:
    return {
        "time": _("Time"),
        "session": _("Session"),
        "room": _("Room"),
        "languages": _("Languages"),
        "open": _("Open during the whole event"),
        "no_time": _("No time recorded"),
        "speakers": _("Speakers"),
        "sample": _("Sample data"),
        "floor": _("On the floor"),
        "interpretation": _("Interpretation"),
        "results": _("What came of it"),
        "outcome": _("Outcome of the edition"),
        "clash": _("At the same time:"),
        "none": _("None on record."),
        "number": _("No."),
        "delegation": _("Country or organisation"),
        "size": _("Size"),
        "members": _("Members"),
        "not_recorded": _("Not recorded"),
        "contents": _("Contents"),
    }


def version_facts(edition: Edition) -> list[Words]:
    """Which published schedule this is, and since when, by the venue's clock."""
    version = edition.schedule_versions.filter(number__isnull=False).order_by("-number").first()
    if version is None:
        return []
    moment = records.moment_words(version.published_at, ZoneInfo(edition.time_zone))
    text = _("Version %(number)s, published on %(moment)s") % {"number": version.number, "moment": moment}
    return [records.fact(_("Schedule"), text)]


def changed_at(edition: Edition, *rows: QuerySet) -> datetime:
    """When any of this was changed last: the same data give the same file."""
    instants = [edition.modified, edition.schedule_versions.aggregate(last=Max("published_at"))["last"]]
    instants += [some.order_by().aggregate(last=Max("modified"))["last"] for some in rows]
    return max(instant for instant in instants if instant)


# ── the programme, and what somebody chose from it ────────────────────────────────────────────────────────────────


class SessionsInPrint:
    """The sessions of a programme as a booklet tells them. It takes as many queries as a page, and four more."""

    def __init__(self, programme: Programme, with_abstracts: bool = False):
        self.programme = programme
        self.edition = programme.edition
        self.rows = {row.slug: row for row in programme.rows}
        ids = [row.id for row in programme.rows]
        self.types: dict[int, SessionType] = programme.types
        self.tracks = {
            track.pk: track
            for track in Track.objects.published().filter(edition=self.edition).only("pk", *name_columns())
        }
        self.participations = self.participations_of(ids)
        self.abstracts = self.abstracts_of(ids) if with_abstracts else {}
        self.documents = self.documents_of(ids) if with_abstracts else {}
        # Where every session is a sample, the cover and each page say so.
        self.marks_samples = not self.edition.sample

    def participations_of(self, ids: list[int]) -> dict[int, list]:
        found = defaultdict(list)
        parts = public_participations().filter(session__in=ids).exclude(role=ParticipationRole.INTERPRETER)
        for part in parts.order_by("session_id", "position", "id"):
            found[part.session_id].append(part)
        return found

    def abstracts_of(self, ids: list[int]) -> dict[int, Any]:
        rows = self.programme.edition.sessions.published().filter(pk__in=ids)
        return {row.id: row for row in rows.order_by().values_list("id", "section_id", *ABSTRACT, named=True)}

    def documents_of(self, ids: list[int]) -> dict[int, list[Placement]]:
        found = defaultdict(list)
        public = Placement.objects.filter(window("document__"), window("edition__"))
        placements = public.filter(session__in=ids).select_related("document")
        for placement in placements.order_by("position", "id"):
            found[placement.session_id].append(placement)
        return found

    def session(self, session: Words) -> Words:
        row = self.rows[session["slug"]]
        kind = self.types.get(row.type_id)
        floor, offered = self.programme.floor_and_offered(row, self.programme.rooms[row.room_id])
        return {
            "slug": session["slug"],
            "title": self.title(session),
            "start": session["start_label"],
            "end": session["end_label"],
            "room": session["room"],
            "kind": said(kind, "name"),
            "track": said(self.tracks.get(row.track_id), "name"),
            "codes": session["languages"],
            "floor": [language_name(tag) for tag in floor],
            "interpretation": [language_name(tag) for tag in dict.fromkeys(offered)],
            "state": self.state(session),
            "is_cancelled": session["state"] == SlotState.CANCELLED,
            "is_plenary": session["is_plenary"],
            "is_break": session["is_break"],
            "speakers": [self.part(part) for part in self.participations.get(row.id, ())],
            "sample": session["sample"] and self.marks_samples,
            "clashes": session.get("clashes", []),
        }

    def title(self, session: Words) -> str | Words:
        return spoken(Shown(session["title"], session["lang"], session["dir"]))

    def state(self, session: Words) -> str:
        """As pages say it: what is cancelled, not yet sure, or elsewhere than before."""
        if session["state"] == SlotState.CANCELLED:
            return _("Cancelled")
        words = [_("Tentative")] if session["state"] == SlotState.TENTATIVE else []
        if session["moved_from"]:
            words.append(_("Moved. Was: %(place)s") % {"place": session["moved_from"]})
        return " · ".join(words)

    def part(self, part) -> Words:
        """A person as at this edition, and the role where it is more than to speak."""
        appearance = affiliation_at(part.person, self.edition.pk)
        is_speaker = part.role == ParticipationRole.SPEAKER
        return {
            "person": part.person_id,
            "role": "" if is_speaker else part.get_role_display(),
            "name": said(part.person, "name"),
            "honorific": said(appearance, "honorific"),
            "affiliation": said(appearance, "affiliation"),
        }

    def in_full(self, session: Words) -> Words:
        """With its day, its abstract and what came of it."""
        row = self.rows[session["slug"]]
        texts = self.abstracts[row.id]
        abstract = shown(texts, "abstract")
        return self.session(session) | {
            "day": day_text(session["day"]) if session["day"] else "",
            "subtitle": said(texts, "subtitle"),
            "abstract": {"lang": abstract.lang, "dir": abstract.dir, "parts": paragraphs(abstract.text)},
            "results": [self.result(placement) for placement in self.documents.get(row.id, ())],
        }

    def result(self, placement: Placement) -> Words:
        return {
            "title": said(placement.document, "title"),
            "kind": placement.document.get_kind_display(),
            "outcome": placement.outcome,
        }


def paragraphs(html: str) -> list[Words]:
    """HTML as paragraphs and items of lists, in order."""
    return [
        {"item": line.startswith("- "), "text": line.removeprefix("- ")}
        for block in plain_text(html).split("\n\n")
        for line in block.split("\n")
        if line
    ]


def programme_booklet(programme: Programme, only: list[Words], **more) -> Words:
    """Day tables, what is open all along, what has no time, and who is on which page.

    `only` says what was asked for, if not everything.
    """
    printed = SessionsInPrint(programme)
    days = [
        {
            "label": day["label"],
            "anchor": day["anchor"],
            "count": session_count(day["count"]),
            "sessions": [printed.session(session) for session in day["sessions"]],
        }
        for day in programme.days()
    ]
    stays = [session for entry in programme.open_all_along() for session in entry["sessions"]]
    return more | {
        "days": days,
        "open": [printed.session(session) for session in stays],
        "without_time": [printed.session(session) for session in programme.without_time()],
        "facts": [*programme_facts(programme), *only],
        "language_key": language_key(programme),
        "speakers": speaker_index(printed),
        "empty": "" if programme.sessions else _("No session is on record."),
    }


def programme_facts(programme: Programme) -> list[Words]:
    zone = zone_text(programme.zone, programme.moment())
    times = records.fact(_("Time zone"), zone)
    count = records.fact(_("Sessions"), session_count(len(programme.sessions)))
    return [times, *version_facts(programme.edition), count]


def language_key(programme: Programme) -> list[Words]:
    """What the codes in the tables stand for."""
    codes = {code for session in programme.sessions for code in session["languages"]}
    return sorted(
        ({"code": code, "name": language_name(code.lower())} for code in codes), key=lambda entry: entry["name"]
    )


def speaker_index(printed: SessionsInPrint) -> list[Words]:
    """Each person with the sessions that name them, in the order of the visitor's language."""
    order = languages.column("sort", languages.current())
    persons, sessions = {}, defaultdict(list)
    slugs = {row.id: row.slug for row in printed.programme.rows}
    for session, parts in printed.participations.items():
        for part in parts:
            persons[part.person_id] = part.person
            if slugs[session] not in sessions[part.person_id]:
                sessions[part.person_id].append(slugs[session])
    in_order = sorted(persons.values(), key=lambda person: (getattr(person, order), person.pk))
    return [{"name": said(person, "name"), "sessions": sessions[person.pk]} for person in in_order]


# ── the sections ──────────────────────────────────────────────────────────────────────────────────────────────────


def sections_booklet(programme: Programme, sections: Iterable[Section], only: list[Words], **more) -> Words:
    """Each session with its abstract, under its section; those of none come last."""
    printed = SessionsInPrint(programme, with_abstracts=True)
    under = defaultdict(list)
    known = {section.pk for section in sections}
    for session in programme.sessions:
        section = printed.abstracts[printed.rows[session["slug"]].id].section_id
        under[section if section in known else None].append(printed.in_full(session))
    chapters = [
        {"name": said(section, "name"), "summary": said(section, "summary"), "sessions": under[section.pk]}
        for section in sections
        if under[section.pk] or not only
    ]
    if under[None]:
        name = _("Sessions without a section") if chapters else _("Sessions")
        chapters.append({"name": name, "summary": "", "sessions": under[None]})
    return more | {
        "chapters": [
            chapter | {"count": session_count(len(chapter["sessions"])) if chapter["sessions"] else ""}
            for chapter in chapters
        ],
        "facts": [*programme_facts(programme), *only],
        "empty": "" if chapters else _("No session is on record."),
    }


# ── the delegations ───────────────────────────────────────────────────────────────────────────────────────────────


def delegations_booklet(delegations: list[Delegation], order: str, only: list[Words], **more) -> Words:
    """The list in its order, each with the members whom the public may know."""
    ordered = _("Protocol order") if order == "protocol" else _("By name, in the language of this list")
    return more | {
        "delegations": [delegation_row(delegation, more["sample"]) for delegation in delegations],
        "facts": [
            records.fact(_("Order"), ordered),
            records.fact(_("Delegations"), records.delegation_count(len(delegations))),
            *only,
        ],
        "empty": "" if delegations else _("No delegation is on record."),
    }


def delegation_row(delegation: Delegation, all_are_samples: str) -> Words:
    words = records.delegation_words(delegation)
    none = _("None") if words["has_no_members"] else ""
    return {
        "name": said(words["party"], "name"),
        "code": words["code"],
        "category": words["category"],
        "level": words["level"],
        "size": words["size"],
        "members": [member_row(member) for member in words["members"]],
        "no_members": none,
        "sample": delegation.sample and not all_are_samples,
    }


def member_row(member: Words) -> Words:
    record = member["record"]
    return {
        "name": said(member["person"], "name"),
        "honorific": said(record, "honorific"),
        "title": said(record, "title"),
        "role": member["role"],
    }


# ── where they are ────────────────────────────────────────────────────────────────────────────────────────────────


def print_files(edition: Edition, booklet: str, pairs: Iterable[tuple[str, str]] = ()) -> list[Words]:
    """A booklet with these filters, on each paper."""
    return [
        {
            "label": paper.upper(),
            "url": with_query(reverse("booklet", args=[edition.slug, booklet, paper]), list(pairs)),
            "type": MEDIA_TYPE,
        }
        for paper in PAPERS
    ]
