"""What the home page puts together from all floors."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.listings import DELEGATIONS, DOCUMENTS, EDITIONS, SESSIONS, SPEAKERS, VERSIONS
from conference.models import Edition
from conference.presentation.cards import place
from conference.presentation.records import edition_phase
from conference.presentation.sessions import Programme, on_now_and_next
from content import figure_presentation, languages
from content.cards import Card, facts, plain
from content.choices import Qualifier, QuoteKind
from content.listing import Listing, counts
from content.listings import ARTICLES, FIGURES
from content.models import Claim, Release, Site, Source, Strand
from content.presentation import day_range_text, number_text, partial_date_text, reference_link, shown, with_query
from content.weave import CASING, LABELS_HEIGHT, STROKE, Statement, weave
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS

HEADLINES = 8
NEWS = 3
# Of what is on now, of outcomes, and of what is new: all of it is one click away.
ROOMS, OUTCOMES, NEWEST, NEWEST_EACH = 6, 6, 6, 3
NEWEST_OF = (AGREEMENTS, FACILITIES, PROJECTS, PROGRAMMES)
# Up to so many, parts.css has a height for a row.
MOST_LANES = 20
# The faces of an edition, in the order in which the home page prefers them.
NOW, NEXT, LAST, UNDATED = "now", "next", "last", "undated"
# As in static/css/tokens.css, for pictures that no stylesheet reaches
STRAND_COLOURS = {1: "#b90b46", 2: "#1b53cf", 3: "#006234", 4: "#612700", 5: "#652399"}
INK, PAPER = "#0d1626", "#fbfcfe"
SIGNS = {Qualifier.MORE_THAN: "+", Qualifier.ABOUT: "≈", Qualifier.UP_TO: "≤"}


def face(edition: Edition, now: datetime) -> str:
    """Whether an edition is on, ahead or over on the calendar of its own place, as precisely as its days are known."""
    phase = edition_phase(edition, now)
    days = (edition.start_date, edition.end_date or edition.start_date)
    if phase == "during" and not all(len(day) == len("2023-11-06") for day in days):
        # In a month that is known without its days, nobody can say that it is on today.
        return NEXT
    return {"before": NEXT, "during": NOW, "after": LAST, "unknown": UNDATED}[phase]


def edition_box(now: datetime) -> dict | None:
    """The edition that is on, else the next, else the latest, else any."""
    chosen = nearest(EDITIONS.serializer.related(EDITIONS.rows()), now)
    return described(*chosen, now) if chosen else None


def nearest(editions: QuerySet[Edition], now: datetime) -> tuple[str, Edition] | None:
    """The edition that is on, else the next, else the latest, else one without dates; with the face that it gives."""
    by_face: dict[str, list[Edition]] = {NOW: [], NEXT: [], LAST: [], UNDATED: []}
    for edition in editions.order_by("-start_date", "-id"):
        by_face[face(edition, now)].append(edition)
    # The nearest one ahead is the last of those that are sorted from the latest.
    by_face[NEXT].reverse()
    return next(((name, found[0]) for name, found in by_face.items() if found), None)


def described(name: str, edition: Edition, now: datetime) -> dict:
    labels = {NOW: _("On now"), NEXT: _("The next edition"), LAST: _("The latest edition"), UNDATED: _("Edition")}
    return {
        "record": edition,
        "face": name,
        "label": labels[name],
        "dates": day_range_text(edition.start_date, edition.end_date),
        "countdown": countdown(edition, now) if name == NEXT else "",
        "actions": actions(name, edition, now),
    }


def at_its_time(box: dict, now: datetime) -> dict:
    """The box with what is asked of an edition that is on, or is over."""
    edition = box["record"]
    return box | {
        "rooms": rooms_now(edition, now) if box["face"] == NOW else [],
        "results": results(edition) if box["face"] == LAST else None,
    }


def today_at(edition: Edition, now: datetime) -> date:
    return now.astimezone(ZoneInfo(edition.time_zone)).date()


def countdown(edition: Edition, now: datetime) -> str:
    """Days until it begins, on the calendar of its place; empty where its day is not known, or has come."""
    if not edition.start_date or len(edition.start_date) < len("2023-11-06"):
        return ""
    days = (date.fromisoformat(edition.start_date) - today_at(edition, now)).days
    if days < 1:
        return ""
    if days == 1:
        return _("It begins tomorrow.")
    text = ngettext("It begins in %(number)s day.", "It begins in %(number)s days.", days)
    return text % {"number": number_text(days)}


def actions(name: str, edition: Edition, now: datetime) -> list[dict]:
    """What a visitor comes for at this time first."""
    slug = edition.slug
    programme = reverse("programme", args=[slug])
    whole = {"url": edition.get_absolute_url(), "label": _("Open the edition")}
    if name == NOW:
        today = with_query(programme, [("day", today_at(edition, now).isoformat())])
        return [
            {"url": reverse("now", args=[slug]), "label": _("What is on now")},
            {"url": today, "label": _("Programme of today")},
            whole,
        ]
    attend = {"url": reverse("practical", args=[slug]), "label": _("How to attend")}
    return [whole, {"url": programme, "label": _("Programme")}, *([attend] if name == NEXT else [])]


def rooms_now(edition: Edition, now: datetime) -> list[dict]:
    """Rooms in which something is on, then those in which something comes next."""
    rows = SESSIONS.asked(edition=edition.slug).all().filter(Q(end__gt=now) | Q(start=None))
    rooms = on_now_and_next(Programme.at_venue(rows, edition, now))
    return sorted((room for room in rooms if room["now"] or room["next"]), key=lambda room: not room["now"])[:ROOMS]


def results(edition: Edition) -> dict:
    """What an edition that is over has left: its outcomes, and how much of each collection is on record."""
    documents = DOCUMENTS.asked(edition=edition.slug)
    outcomes = DOCUMENTS.serializer.related(documents.queryset.filter(placement__outcome=True))
    places = (
        (SESSIONS, "programme", _("Sessions")),
        (SPEAKERS, "speakers", _("Speakers")),
        (DELEGATIONS, "edition-countries", _("Delegations")),
        (DOCUMENTS, "edition-documents", _("Documents")),
    )
    numbers = counts([listing.asked(edition=edition.slug) for listing, _name, _label in places])
    return {
        "outcomes": list(outcomes.order_by("placement__position", "id")[:OUTCOMES]),
        "documents_url": reverse("edition-documents", args=[edition.slug]),
        "cells": [
            {"label": label, "count": number, "url": reverse(name, args=[edition.slug])}
            for (_listing, name, label), number in zip(places, numbers, strict=True)
        ],
    }


def headline_figures() -> list:
    return figure_presentation.loaded(FIGURES.rows().filter(headline=True).order_by("position", "id")[:HEADLINES])


def newest_articles() -> list:
    return list(ARTICLES.asked().all()[:NEWS])


def strands_and_weave() -> dict:
    """Each strand with what the best-quoted source says of it, and the picture of that source."""
    strands = list(Strand.objects.published())
    claims = verbatim_claims()
    rows = [
        strand_row(
            shown(strand, "name"),
            sum(claim.strand_id == strand.pk for claim in claims),
            strand.position,
            strand.get_absolute_url(),
        )
        for strand in strands
    ]
    without = [claim for claim in claims if claim.strand_id not in {strand.pk for strand in strands}]
    if without:
        rows.append(strand_row(_("Across the strands"), len(without)))
    return {"strands": rows, "weave": picture(claims, strands, rows)}


def strand_row(name, count: int, position: int = 0, url: str = "") -> dict:
    """`lanes` chooses the height of the row beside the picture, which is drawn with at least one lane a strand."""
    lanes = min(max(count, 1), MOST_LANES)
    return {"name": name, "position": position, "url": url, "count": count, "lanes": lanes}


def verbatim_claims() -> list[Claim]:
    """Those of the source with most of them."""
    verbatim = Claim.objects.published().filter(quote_kind=QuoteKind.VERBATIM)
    most = verbatim.order_by().values("source").annotate(count=Count("pk")).order_by("-count", "source")[:1]
    return list(verbatim.filter(source__in=most.values("source")).order_by("offset", "id"))


def picture(claims: list[Claim], strands: list[Strand], rows: list[dict]) -> dict | None:
    if not claims:
        return None
    source = Source.objects.published().defer("text").annotate(length=Length("text")).get(pk=claims[0].source_id)
    row_of = {strand.pk: index for index, strand in enumerate(strands)}
    statements = [
        Statement(row_of.get(claim.strand_id, len(strands)), claim.offset, short_value(claim)) for claim in claims
    ]
    mirrored = languages.direction(languages.current()) == "rtl"
    drawn = weave(statements, [row["count"] for row in rows], source.length, mirrored)
    return {
        "drawn": drawn,
        "threads": [
            {"position": rows[thread.strand]["position"], "path": thread.path, "over": thread.over}
            for thread in drawn.threads
        ],
        "labels_height": LABELS_HEIGHT,
        "mirrored": mirrored,
        "source": source,
        "said_on": partial_date_text(source.said_on),
        "kind": source.get_kind_display(),
        "length": number_text(source.length),
    }


def short_value(claim: Claim) -> str:
    """On the ruler alone a sign may stand for the qualifier in words."""
    if claim.value is None:
        return ""
    sign = SIGNS.get(claim.qualifier, "")
    return f"{number_text(claim.value)}+" if sign == "+" else f"{sign}{number_text(claim.value)}"


def shortcuts(now: datetime) -> list[dict]:
    """What the icon of the installed portal offers: of the edition that the home page is about, and the search."""
    box = edition_box(now)
    slug = [box["record"].slug] if box else []
    found = [("programme", _("Programme")), ("my", _("My sessions"))] if box else []
    entries = [{"name": name, "url": reverse(address, args=slug)} for address, name in found]
    return [*entries, {"name": _("Search"), "url": reverse("search")}]


def card(box: dict | None, weave: dict | None) -> Card:
    """The headline, the edition that the home page is about, and the threads of its weave."""
    row = Site.objects.first()
    said = ()
    if box:
        edition = box["record"]
        said = facts(box["dates"], place(edition), shown(edition, "name"))
    description = plain(row, "introduction").text or shown(row, "tagline").text
    return Card(
        shown(row, "headline") or shown(row, "name"),
        facts=said,
        description=description,
        sample=bool(box and box["record"].sample),
        weave={"svg": weave_svg(weave)} if weave else None,
    )


def weave_svg(weave: dict) -> str:
    """The picture of the home page as a file of its own, in the light theme's colours."""
    drawn = weave["drawn"]
    turned = f' transform="translate({drawn.width} 0) scale(-1 1)"' if weave["mirrored"] else ""
    threads = [(STRAND_COLOURS.get(thread["position"], INK), thread) for thread in weave["threads"]]
    paths = [f'<path stroke="{colour}" d="{thread["path"]}"/>' for colour, thread in threads]
    for colour, thread in threads:
        if thread["over"]:
            paths.append(f'<path stroke="{PAPER}" stroke-width="{CASING}" d="{thread["over"]}"/>')
            paths.append(f'<path stroke="{colour}" d="{thread["over"]}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}" fill="none"'
        f' stroke-width="{STROKE}"><g{turned}>{"".join(paths)}</g></svg>'
    )


def whats_new() -> list[dict]:
    """The newest of what is on file, of programmes and of releases, by the day on which each could first be seen."""
    found = [record_news(record) for listing in NEWEST_OF for record in newest(listing)]
    found += [version_news(version) for version in VERSIONS.serializer.related(VERSIONS.asked().all())[:NEWEST_EACH]]
    found += [release_news(release) for release in Release.objects.filter(withdrawn_at=None)[:1]]
    found.sort(key=lambda one: one["moment"], reverse=True)
    return found[:NEWEST]


def newest(listing: Listing) -> list:
    return list(
        listing.asked().queryset.exclude(first_public_at=None).order_by("-first_public_at", "-id")[:NEWEST_EACH]
    )


def record_news(record) -> dict:
    kind = capfirst(record._meta.verbose_name)
    return reference_link(record) | {"kind": kind, "moment": record.first_public_at, "sample": record.sample}


def version_news(version) -> dict:
    edition = version.edition
    return reference_link(edition) | {
        "url": reverse("version", args=[edition.slug, version.number]),
        "kind": _("Programme, version %(number)s") % {"number": number_text(version.number)},
        "moment": version.published_at,
        "sample": edition.sample,
    }


def release_news(release: Release) -> dict:
    url = reverse("release", args=[release.name])
    return {"text": release.name, "url": url, "kind": _("Release of the data"), "moment": release.listed_at}


def ways_in(edition: Edition | None) -> list[dict]:
    """For each kind of reader the pages that they come for."""
    return [
        readers(_("For delegates"), delegates(edition)),
        readers(
            _("For journalists"),
            [
                way("figures", _("Figures with their sources")),
                way("articles", _("News and statements")),
                way("sources", _("Sources, with the words")),
            ],
        ),
        readers(
            _("For researchers"),
            [
                way("countries", _("Country profiles")),
                way("projects", _("Projects")),
                way("facilities", _("Laboratories and other facilities")),
            ],
        ),
        readers(
            _("For machines"),
            [
                way("data", _("Open data: CSV, XLSX, JSON")),
                {"url": "/api/v1/", "title": _("The API")},
                way("news-atom", _("News as a feed")),
            ],
        ),
    ]


def ways_back(now: datetime) -> list[dict]:
    """What a reader who is lost has most likely looked for; one query."""
    chosen = nearest(EDITIONS.rows(), now)
    edition = chosen and chosen[1]
    programme = way("programme", _("Programme"), edition.slug) | {"of": shown(edition, "name")} if edition else None
    return [
        programme or way("editions", _("Conferences")),
        way("countries", _("Country profiles")),
        way("cooperation", _("Cooperation")),
        way("figures", _("Figures with their sources")),
        way("data", _("Open data: CSV, XLSX, JSON")),
    ]


def delegates(edition: Edition | None) -> list[dict]:
    if edition is None:
        return [way("editions", _("Conferences"))]
    return [
        way("programme", _("Programme"), edition.slug),
        way("practical", _("Venue, travel, visa"), edition.slug),
        way("my", _("Your own list of sessions"), edition.slug),
    ]


def readers(title: str, ways: list[dict]) -> dict:
    return {"title": title, "ways": ways}


def way(address_name: str, title: str, *arguments: str) -> dict:
    return {"url": reverse(address_name, args=arguments), "title": title}
