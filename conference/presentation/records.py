"""Conference records as words ready to show. An empty text in a list of facts reads "Not recorded"."""

from collections import defaultdict
from datetime import datetime
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from conference.choices import ChangeKind, MemberRole, OrganiserRole, SlotState
from conference.grid import clock_text
from conference.models import (
    Country,
    Delegation,
    Edition,
    EditionOrganiser,
    Organisation,
    Person,
    Region,
    Room,
    Session,
    broadcast,
)
from conference.presentation.rooms import room_url, with_address
from conference.presentation.sessions import end_label, zone_text
from conference.serializers import affiliation_at, interpretation_of, members_none_or_not_recorded
from content import languages
from content.models import Document, DocumentFile
from content.presentation import (
    day_range_text,
    day_text,
    language_name,
    listed,
    number_text,
    partial_date_text,
    phrase,
    reference_link,
    says_something,
    shown,
    with_query,
)
from content.publication import window
from content.serializers import none_or_not_recorded

Words = dict[str, Any]

# Where records of any collection keep the date since which they count, the most telling first.
SINCE = ("signed", "founded", "actual_start", "planned_start")


def fact(term: str, text: str = "", **more) -> Words:
    return {"term": term, "text": text, **more}


def text_fact(term: str, record, field: str) -> Words:
    words = shown(record, field)
    return fact(term, words.text, lang=words.lang, dir=words.dir)


def linked_fact(term: str, *records) -> Words:
    return fact(term, entries=[reference_link(record) for record in records if record])


def web_address(address: str) -> str:
    """An address that a page may link to; others, which a form would not have let in, are left out."""
    return address if address.startswith(("https://", "http://")) else ""


# Editions


def edition_words(edition: Edition) -> Words:
    return {"record": edition, "dates": edition_dates(edition), "place": place_entries(edition)}


def edition_dates(edition: Edition) -> str:
    return day_range_text(edition.start_date, edition.end_date)


def place_entries(edition: Edition) -> list[Words]:
    city = shown(edition, "city")
    entries = [{"text": city.text, "lang": city.lang, "dir": city.dir}] if city else []
    return [*entries, reference_link(edition.country)] if edition.country else entries


def organiser_facts(edition: Edition) -> list[Words]:
    """The organisations under what each did, in the order of the roles."""
    by_role = defaultdict(list)
    for role in edition.organiser_roles.all():
        by_role[role.role].append(reference_link(role.organisation))
    if not by_role:
        is_none = none_or_not_recorded(edition, "organisers") is not None
        return [fact(_("Organisers"), _("None") if is_none else "")]
    return [fact(role.label, entries=by_role[role]) for role in OrganiserRole if role in by_role]


def edition_phase(edition: Edition, now: datetime) -> str:
    """`before`, `during` or `after` by the venue's calendar, as far as the dates are known; `unknown` without any."""
    today = now.astimezone(ZoneInfo(edition.time_zone)).date().isoformat()
    start, end = edition.start_date, edition.end_date or edition.start_date
    if start and today[: len(start)] < start:
        return "before"
    if end and today[: len(end)] > end:
        return "after"
    return "during" if start else "unknown"


def speaker_count(number: int) -> str:
    return ngettext("%(number)s speaker", "%(number)s speakers", number) % {"number": number_text(number)}


def delegation_count(number: int) -> str:
    return ngettext("%(number)s delegation", "%(number)s delegations", number) % {"number": number_text(number)}


def document_count(number: int) -> str:
    return ngettext("%(number)s document", "%(number)s documents", number) % {"number": number_text(number)}


# Persons


def speaker_url(edition: Edition, person: Person) -> str:
    return reverse("speaker", args=[edition.slug, person.slug])


def speaker_words(person: Person, edition: Edition) -> Words:
    appearance = affiliation_at(person, edition.pk)
    return {
        "record": person,
        "url": speaker_url(edition, person),
        "appearance": appearance,
        "country": reference_link(appearance.country) if appearance and appearance.country else None,
    }


def other_spellings(person: Person) -> list[Words]:
    """The name as it is written in the other languages, each spelling once: native, Latin and so on."""
    spellings = {shown(person, "name").text: None}
    for words in names_in_all_languages(person):
        spellings.setdefault(words["text"], words)
    return [words for text, words in spellings.items() if text and words]


def speaker_facts(person: Person, appearance) -> list[Words]:
    orcid = f"https://orcid.org/{person.orcid}" if person.orcid else ""
    return [
        text_fact(_("Affiliation"), appearance, "affiliation"),
        linked_fact(_("Organisation"), appearance.organisation),
        linked_fact(_("Country"), appearance.country),
        *([fact(_("ORCID identifier"), person.orcid, url=orcid)] if orcid else []),
    ]


# Sessions


def session_times(session: Session, zone: ZoneInfo) -> Words | None:
    """When it is, by the venue's clock, and in another zone where one was asked for; None without a time."""
    if not session.start:
        return None
    venue = ZoneInfo(session.edition.time_zone)
    slot = session.current_slot
    moved = slot and slot.previous_start and slot.previous_start != slot.start
    return {
        "venue": in_zone(session, venue),
        "other": in_zone(session, zone) if zone != venue else None,
        "previous": moment_words(slot.previous_start, venue) if moved else "",
    }


def in_zone(session: Session, zone: ZoneInfo) -> Words:
    start, end = session.start.astimezone(zone), session.end and session.end.astimezone(zone)
    return {
        "day": day_text(start.date()),
        "start": clock_text(start),
        "end": end_label(start, end, zone),
        "start_datetime": start.isoformat(),
        "end_datetime": end.isoformat() if end else "",
        "zone": zone_text(zone, session.start),
    }


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return _("%(day)s, %(time)s") % {"day": day_text(local.date()), "time": clock_text(local)}


def taken_out(session: Session) -> Words | None:
    """Where and when a session was that the latest version took out of the programme; None for all others."""
    if session.slot_state != "":
        return None
    slot = session.current_slot
    zone = ZoneInfo(session.edition.time_zone)
    return {
        "time": moment_words(slot.previous_start, zone) if slot.previous_start else "",
        "zone": zone_text(zone, slot.previous_start) if slot.previous_start else "",
        "room": shown(slot.previous_room, "name").__html__(),
    }


def is_on(session: Session, now: datetime) -> bool:
    if session.slot_state == SlotState.CANCELLED or not (session.start and session.end):
        return False
    return session.start <= now < session.end


def session_facts(session: Session) -> list[Words]:
    return [
        fact(_("State"), state_text(session)),
        *([text_fact(_("Type"), session.type, "name")] if session.type else []),
        *([linked_fact(_("Section"), session.section)] if session.section else []),
        *([filtered_fact(_("Track"), session, session.track)] if session.track else []),
        *([linked_fact(_("Part of"), session.parent)] if session.parent else []),
    ]


def state_text(session: Session) -> str:
    if session.slot_state == "":
        return str(ChangeKind.REMOVED.label)
    return str(SlotState(session.slot_state).label) if session.slot_state else ""


def room_fact(session: Session) -> Words:
    room = session.room
    if room is None:
        return fact(_("Room"), _("All rooms") if session.type and session.type.spans_rooms else "")
    before = session.current_slot.previous_room
    note = _("Before: %(room)s") % {"room": shown(before, "name").text} if before and before != room else ""
    addressed = with_address(Room.objects.filter(pk=room.pk)).select_related("venue").get()
    words = text_fact(_("Room"), room, "name") | {"url": room_url(session.edition, addressed)}
    return words | {"note": phrase(venue_text(room.venue), note)}


def venue_text(venue) -> str:
    return phrase(*(shown(venue, name).text for name in ("name", "address", "city")))


def filtered_fact(term: str, session: Session, track) -> Words:
    programme = reverse("programme", args=[session.edition.slug])
    return text_fact(term, track, "name") | {"url": with_query(programme, [("track", track.slug)])}


def participations(session: Session) -> list[Words]:
    """Who takes part in which role, with what each was at this edition."""
    return [
        {
            "person": part.person,
            "role": part.get_role_display(),
            "appearance": appearance,
            "url": speaker_url(session.edition, part.person) if appearance else "",
        }
        for part in session.participations.all()
        for appearance in [affiliation_at(part.person, session.edition_id)]
    ]


def interpretation_list(session: Session) -> list[Words]:
    """The first of each language has the anchor that exports link to."""
    offers = interpretation_of(session)
    languages = [offered.language for offered in offers]
    return [
        {
            **interpretation_words(session, offered),
            "anchor": f"interpretation-{offered.language}" if offered.language not in languages[:index] else "",
        }
        for index, offered in enumerate(offers)
    ]


def interpretation_words(session: Session, offered) -> Words:
    return {
        "language": language_name(offered.language),
        "mode": offered.get_mode_display(),
        "channel": offered.channel,
        "stream": web_address(broadcast.stream_of(session, offered)),
        "recording_url": web_address(broadcast.recording_of(session, offered)),
    }


def link_words(link) -> Words:
    return {"record": link, "kind": link.get_kind_display(), "url": web_address(link.address), "address": link.address}


# Delegations


def delegation_words(delegation: Delegation, seats: dict[str, int] | None = None) -> Words:
    """One delegation, with as many of its members as are public: how many there are besides is not said."""
    party = delegation.party
    members = list(delegation.members.all())
    return {
        "record": delegation,
        "party": party,
        "edition": delegation.edition,
        "seat": (seats or {}).get(str(delegation.uuid)),
        "code": getattr(party, "code", ""),
        "acronym": getattr(party, "acronym", ""),
        "category": delegation.get_category_display(),
        "level": delegation.get_level_display() if delegation.level else "",
        "size": size_text(delegation.size),
        "members": [member_words(member) for member in members],
        "people": [
            *people(members, MemberRole.HEAD, _("Head of delegation")),
            *people(members, MemberRole.DEPUTY, _("Deputies")),
            *people(members, MemberRole.MEMBER, pgettext("of a delegation", "Members")),
        ],
        "has_no_members": members_none_or_not_recorded(delegation) is not None,
    }


def people(members: list, role: MemberRole, label) -> list[Words]:
    found = [member for member in members if member.role == role]
    return [{"label": label, "members": found}] if found else []


def size_text(size: int | None) -> str:
    """Nobody said, nobody came, or how many: three different things. The first is empty."""
    return "" if size is None else person_count(size)


def person_count(number: int) -> str:
    if number == 0:
        return _("no persons")
    return ngettext("%(number)s person", "%(number)s persons", number) % {"number": number_text(number)}


def member_words(member) -> Words:
    return {"record": member, "person": member.person, "role": member.get_role_display()}


# Documents


def edition_of(document: Document) -> Edition | None:
    placement = getattr(document, "placement", None)
    return placement.edition if placement else None


def is_outcome(document: Document) -> bool:
    placement = getattr(document, "placement", None)
    return bool(placement and placement.outcome)


def document_facts(document: Document) -> list[Words]:
    placement = getattr(document, "placement", None)
    edition = placement.edition if placement else None
    session = placement.session if placement else None
    return [
        fact(_("Kind"), document.get_kind_display()),
        linked_fact(_("Edition"), edition),
        *([linked_fact(_("Session"), session)] if session else []),
        *([fact(_("Standing"), _("Outcome of the edition"))] if edition and placement.outcome else []),
    ]


def file_words(file: DocumentFile) -> Words:
    return {
        "language": language_name(file.language),
        "tag": file.language,
        "original": file.original,
        "format": format_name(file),
        "size": filesizeformat(file.size),
        "pages": page_count(file.pages) if file.pages else "",
        "media_type": file.media_type,
        "sha256": file.sha256,
        "url": file.get_absolute_url(),
    }


def format_name(file) -> str:
    """PDF for declaration.pdf: what a machine knows of types differs. Without an ending, the type itself."""
    return PurePath(file.file.name).suffix.removeprefix(".").upper() or file.media_type


def page_count(number: int) -> str:
    return ngettext("%(number)s page", "%(number)s pages", number) % {"number": number_text(number)}


def files_by_language(document: Document) -> list[Words]:
    """The six languages in their order, each with its files or none, then those that have files besides."""
    found: dict[str, list[Words]] = {code: [] for code in languages.CODES}
    for file in document.files.all():
        code = next((code for code in languages.CODES if subtag(code) == subtag(file.language)), file.language)
        found.setdefault(code, []).append(file_words(file))
    return [
        {
            "name": languages.NATIVE_NAMES.get(code) or language_name(code),
            "lang": languages.html_code(code) if code in languages.NATIVE_NAMES else "",
            "dir": languages.direction(code) if code in languages.NATIVE_NAMES else "",
            "files": files,
        }
        for code, files in found.items()
    ]


def subtag(tag: str) -> str:
    """The language alone: Chinese is Chinese in whichever script, English whichever country's."""
    return tag.lower().partition("-")[0]


# Countries and organisations


def country_options(countries: QuerySet) -> list[tuple[str, str]]:
    order = languages.column("sort", languages.current())
    return [(country.code, shown(country, "name").text) for country in countries.order_by(order).distinct()]


def names_in_all_languages(record: Country | Person) -> list[Words]:
    return [
        {
            "native_name": languages.NATIVE_NAMES[code],
            "lang": languages.html_code(code),
            "dir": languages.direction(code),
            "text": getattr(record, languages.column("name", code)) or "",
        }
        for code in languages.CODES
    ]


def regions(country: Country) -> list[Region]:
    return [region for region in (country.region, country.subregion) if region]


def list_entry(record, key: str) -> Words:
    """A region or group, leading to the countries in it."""
    words = shown(record, "name")
    url = with_query(reverse("countries"), [(key, record.slug)])
    return {"text": words.text, "lang": words.lang, "dir": words.dir, "url": url}


def country_facts(country: Country) -> list[Words]:
    extinct = len(country.code) > 2
    return [
        text_fact(_("Official name"), country, "official_name"),
        fact(
            _("Code"),
            listed([country.code, country.alpha3, country.m49]),
            note=_("ISO 3166-3, for states that no longer exist") if extinct else _("ISO 3166-1, UN M49"),
        ),
        fact(_("Region"), entries=[list_entry(region, region.kind) for region in regions(country)]),
        fact(_("Region groups"), _("None"), entries=[list_entry(group, "group") for group in country.groups.all()]),
        text_fact(_("Capital"), country, "capital"),
        *([fact(_("Existed until"), str(country.existed_until))] if country.existed_until else []),
    ]


def organisation_head(organisation: Organisation) -> list[Words]:
    """What an organisation is in one look."""
    country = organisation.country
    entries = [reference_link(country) | {"code": country.code}] if country else []
    return [fact(_("Kind"), organisation.get_kind_display()), fact(_("Country"), entries=entries)]


def organisation_facts(organisation: Organisation) -> list[Words]:
    """The rest, and what of the head nobody has recorded."""
    return [
        *(one for one in organisation_head(organisation) if not says_something(one)),
        fact(_("Acronym"), organisation.acronym),
        fact(_("ROR identifier"), organisation.ror, url=web_address(organisation.ror)),
        fact(_("Website"), organisation.address, url=web_address(organisation.address)),
    ]


def organised_editions(organisation: Organisation) -> list[Words]:
    roles = EditionOrganiser.objects.filter(window("edition__"), organisation=organisation).select_related("edition")
    return [
        reference_link(role.edition) | {"role": role.get_role_display(), "dates": edition_dates(role.edition)}
        for role in roles.order_by("-edition__start_date", "position")
    ]


def related_row(record) -> Words:
    """A record of any collection as a row of a table: what it is called, its kind, its strand, and since when."""
    strand = getattr(record, "strand", None)
    dates = [getattr(record, name) for name in SINCE if hasattr(record, name)]
    named = record
    if isinstance(record, Delegation):
        named, dates = record.edition, [record.edition.start_date]
    return {
        **reference_link(named),
        "url": record.get_absolute_url(),
        "kind": kind_text(record),
        "strand": reference_link(strand) | {"position": strand.position} if strand else None,
        "has_strand": hasattr(record, "strand"),
        "since": partial_date_text(next(filter(None, dates), None)),
        "has_since": bool(dates),
        "sample": record.sample,
    }


def kind_text(record) -> str:
    for name in ("kind", "category", "status"):
        if hasattr(record, f"get_{name}_display"):
            return getattr(record, f"get_{name}_display")()
    return capfirst(record._meta.verbose_name)
