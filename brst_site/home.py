"""What the home page puts together from all floors."""

from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import EDITIONS
from conference.models import Edition
from conference.presentation.cards import place
from conference.presentation.records import edition_phase
from content import figure_presentation, languages
from content.cards import Card, facts, plain
from content.choices import Qualifier, QuoteKind
from content.listings import ARTICLES, FIGURES
from content.models import Claim, Site, Source, Strand
from content.presentation import day_range_text, number_text, partial_date_text, shown
from content.weave import CASING, LABELS_HEIGHT, STROKE, Statement, weave

HEADLINES = 8
NEWS = 3
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
    editions = list(EDITIONS.serializer.related(EDITIONS.rows()).order_by("-start_date", "-id"))
    by_face: dict[str, list[Edition]] = {NOW: [], NEXT: [], LAST: [], UNDATED: []}
    for edition in editions:
        by_face[face(edition, now)].append(edition)
    # The nearest one ahead is the last of those that are sorted from the latest.
    by_face[NEXT].reverse()
    chosen = next(((name, found[0]) for name, found in by_face.items() if found), None)
    return described(*chosen) if chosen else None


def described(name: str, edition: Edition) -> dict:
    labels = {NOW: _("On now"), NEXT: _("The next edition"), LAST: _("The latest edition"), UNDATED: _("Edition")}
    return {
        "record": edition,
        "face": name,
        "label": labels[name],
        "dates": day_range_text(edition.start_date, edition.end_date),
        "actions": [
            {"url": edition.get_absolute_url(), "label": _("Open the edition")},
            *([{"url": reverse("now", args=[edition.slug]), "label": _("What is on now")}] if name == NOW else []),
            {"url": reverse("programme", args=[edition.slug]), "label": _("Programme")},
            *([attendance(edition)] if name == NEXT else []),
        ],
    }


def attendance(edition: Edition) -> dict:
    return {"url": reverse("practical", args=[edition.slug]), "label": _("How to attend")}


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


def card(now: datetime) -> Card:
    """The headline, the edition that the home page is about, and the threads of its weave."""
    row, box, weave = Site.objects.first(), edition_box(now), strands_and_weave()["weave"]
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


def ways_in() -> list[dict]:
    return [
        way("editions", _("Conferences"), _("Editions with programme, speakers, documents")),
        way("countries", _("Country profiles"), _("Delegations, agreements, laboratories")),
        way("projects", _("Projects"), _("With filters, counts, map and table")),
        way("facilities", _("Facilities"), _("Laboratories, centres, platforms, parks")),
        way("data", _("Open data"), _("CSV, XLSX, JSON and the API")),
    ]


def way(address_name: str, title: str, text: str) -> dict:
    return {"url": reverse(address_name), "title": title, "text": text}
