"""Figures with what they rest on, as words ready to show: what the template tag `figure` prints.

What is told of a figure is decided in content/serializers.py, the only reader of `Figure.value`:
tests/test_figure_readers.py finds any other.

A figure is never shown without its source: where no claim is public, its value is not shown; where claims conflict and
no person has said which one is preferred, all of them are shown and none stands for the rest.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from math import ceil, floor, log10

from django.db.models import Prefetch, prefetch_related_objects
from django.db.models.functions import Length
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content import languages, records_check
from content.choices import ClaimRelation, Qualifier, QuoteKind
from content.listing import LISTINGS
from content.listings import CLAIMS, FIGURES
from content.models import Claim, Figure, Source, Strand
from content.presentation import (
    Shown,
    as_said,
    language_name,
    number_text,
    partial_date_text,
    shown,
)
from content.serializers import beside_records, date_of, differ, in_time_order, told, undecided

CLAIMED = {
    Qualifier.MORE_THAN: gettext_lazy("claimed, and more"),
    Qualifier.ABOUT: gettext_lazy("claimed, about"),
    Qualifier.UP_TO: gettext_lazy("claimed, at most"),
}
SUPERSEDES = ClaimRelation.SUPERSEDES
ENDS = ".。!?؟"
# The state of a records check whose filter is refused; the API has a key of its own for that.
REFUSED = "refused"
# Beyond this many, unit marks are a pattern and no longer a number.
MOST_UNITS = 120
# Longer values get a smaller size on the figure's own page.
LONG_VALUE = 4


def loaded(figures: Iterable[Figure]) -> list[Figure]:
    """The figures with what the tag shows of them, in a number of queries that does not grow with them."""
    figures = list(figures)
    load(figures)
    return figures


def load(figures: Iterable[Figure]) -> None:
    """Attach what a card shows: public claims, public strand, count on file; in three queries, once a figure.

    Whatever its caller has prefetched, nothing that is not public can come along.
    """
    figures = [figure for figure in figures if not hasattr(figure, "public_claims")]
    if not figures:
        return
    claims = in_time_order(Claim.objects.published().select_related("source").defer("source__text"))
    prefetch_related_objects(
        figures,
        Prefetch("claims", queryset=claims, to_attr="public_claims"),
        Prefetch("strand", queryset=Strand.objects.published(), to_attr="public_strand"),
    )
    pairs = {(figure.checked_collection, figure.checked_query) for figure in figures if figure.checked_collection}
    counts = records_check.counts_on_file(pairs, languages.current())
    for figure in figures:
        figure.on_file = counts.get((figure.checked_collection, figure.checked_query))


def head(figure: Figure) -> dict:
    """What the figure's own page has for a heading."""
    load([figure])
    value = value_shown(figure)
    return value | {"is_long": len(value["value"]) > LONG_VALUE, "unit": unit_of(figure)}


def card(figure: Figure) -> dict:
    load([figure])
    value = value_shown(figure)
    unit = unit_of(figure)
    return value | {
        "unit": unit.text,
        "lang": unit.lang,
        "dir": unit.dir,
        "url": figure.get_absolute_url(),
        "strand": strand_shown(figure),
        "source_count": len({claim.source_id for claim in figure.public_claims}),
        "records_state": None if value["differing"] else state_of(figure),
        "sample": figure.sample,
    }


def embedded(figure: Figure) -> dict:
    """What stands of it in another page: a card that needs nothing beside it to be understood."""
    words = card(figure)
    return words | {
        "as_of": partial_date_text(figure.as_of),
        "scope": sentence_of(figure, "scope"),
        "check_sentence": "" if words["differing"] else check_sentence(figure),
    }


def unit_of(figure: Figure) -> Shown:
    return shown(figure, "unit") or shown(figure, "name")


def state_of(figure: Figure) -> str:
    check = check_of(figure)
    return check.state if check else REFUSED if is_refused(figure) else ""


def strand_shown(figure: Figure) -> dict | None:
    strand = figure.public_strand
    if strand is None:
        return None
    return {"position": strand.position, "name": shown(strand, "name"), "url": strand.get_absolute_url()}


def check_of(figure: Figure) -> records_check.RecordsCheck | None:
    if figure.on_file is None:
        return None
    said = told(figure, figure.public_claims)
    return records_check.check(said.value, said.qualifier, figure.on_file)


def is_refused(figure: Figure) -> bool:
    """Whether it names records to be counted by a filter that is refused: what it asks for is public no more."""
    return bool(figure.checked_collection) and figure.on_file is None


def checks() -> list[tuple[Figure, records_check.RecordsCheck]]:
    """Every public figure that names records to be checked against, with what they say or why that is unknown."""
    figures = [figure for figure in FIGURES.asked().all() if figure.checked_collection]
    load(figures)
    return [(figure, check_of(figure) or refusal_of(figure)) for figure in figures]


def refusal_of(figure: Figure) -> records_check.RecordsCheck:
    return records_check.refused(figure.checked_collection, figure.checked_query, languages.current())


def value_shown(figure: Figure) -> dict:
    """`{value, qualifier, is_word, claim, differing}`: a value with its claim, or all claims where they conflict."""
    claims = figure.public_claims
    if not claims:
        return {"value": "", "qualifier": "", "is_word": False, "claim": None, "differing": []}
    if undecided(claims):
        differing = [claim_shown(claim) for claim in claims]
        return {"value": _("Sources differ"), "qualifier": "", "is_word": True, "claim": None, "differing": differing}
    said = told(figure, claims)
    several = said.value is None
    return {
        "value": str(Qualifier.SEVERAL.label) if several else number_text(said.value),
        "qualifier": "" if several else str(Qualifier(said.qualifier).label),
        "is_word": several,
        "claim": claim_shown(said.claim),
        "differing": [],
    }


def claim_shown(claim: Claim) -> dict:
    """What the source mark, the quote block and the comparison show. The source is public, since the claim is."""
    source = claim.source
    title = shown(source, "title").text
    return words_shown(claim) | {
        "slug": claim.slug,
        "value": as_said(claim.value, claim.qualifier),
        "speaker": shown(claim, "speaker").text,
        "said_on": partial_date_text(date_of(claim)),
        "source_title": title,
        "source_url": source.get_absolute_url(),
        "outlet": shown(source, "publisher").text or title,
        "evidence_url": claim.get_absolute_url(),
        "citations": [
            {"label": label, "url": reverse(f"claim-{ending}", args=[claim.slug])}
            for label, ending in (("BibTeX", "bib"), ("CSL-JSON", "json"))
        ],
        "machine_translated": source.machine_translated,
        "preferred": claim.preferred,
        "counted": sentence_of(claim, "scope"),
        "note": shown(claim, "note").__html__(),
        "preferred_reason": shown(claim, "preferred_reason").__html__() if claim.preferred else "",
        "sample": claim.sample,
    }


def sentence_of(record, field: str) -> SafeString:
    """A phrase on file, in its own language, closed with a full stop so that a note may follow."""
    words = shown(record, field)
    if words and words.text[-1] not in ENDS:
        is_chinese = (words.lang or languages.current()).startswith("zh")
        words = replace(words, text=words.text[0].upper() + words.text[1:] + ("。" if is_chinese else "."))
    return words.__html__()


def words_shown(claim: Claim) -> dict:
    """The words, parted at those that carry the figure. Only verbatim words are bound to the source's language."""
    here = languages.current()
    translation = getattr(claim, languages.column("quote_translation", here))
    verbatim = claim.quote_kind == QuoteKind.VERBATIM
    if translation and not verbatim:
        return words(translation, "", languages.html_code(here), languages.direction(here)) | {
            "is_verbatim": False,
            "translation": "",
        }
    language = claim.source.language
    direction = languages.direction(language.lower()) if language else "auto"
    return words(claim.quote, claim.quote_marked, language, direction) | {
        "is_verbatim": verbatim,
        "translation": translation,
    }


def statements(record) -> list[dict]:
    """The public claims that a record rests on; of their figures, those that are public lend their address."""
    claims = record.statements.published().select_related("source").defer("source__text")
    public_figures = Prefetch("figure", queryset=Figure.objects.published())
    return [claim_shown(claim) for claim in claims.prefetch_related(public_figures)]


def by_source(claims: Iterable[Claim]) -> list[dict]:
    """Claims under the source that each is from, with the places of the verbatim ones on a ruler of its text."""
    groups: dict[int, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.source_id, []).append(claim)
    on_ruler = placed([own[0].source for own in groups.values()])
    return [
        {
            "source": own[0].source,
            "claims": [claim_shown(claim) | {"figure": figure_link(claim.figure)} for claim in own],
            "ruler": ruler(own, on_ruler.get(source, [])),
        }
        for source, own in groups.items()
    ]


def figure_link(figure: Figure | None) -> dict | None:
    return {"url": figure.get_absolute_url(), "name": shown(figure, "name")} if figure else None


def placed(sources: list[Source]) -> dict[int, list[tuple[int, int, int]]]:
    """By source: id and offset of each verbatim claim, and the length of the text that it stands in."""
    if not sources:
        return {}
    asked = CLAIMS.asked(source=[source.slug for source in sources], quote_kind=QuoteKind.VERBATIM.value)
    found: dict[int, list[tuple[int, int, int]]] = {}
    rows = asked.queryset.annotate(length=Length("source__text")).values_list("source", "pk", "offset", "length")
    for source, *place_of in rows:
        found.setdefault(source, []).append(tuple(place_of))
    return found


def ruler(claims: list[Claim], placed: list[tuple[int, int, int]]) -> dict | None:
    """In hundredths of the text: where the words stand, and their numbers so far apart that each can be read."""
    length = max((length for _pk, _offset, length in placed), default=0)
    if not length:
        return None
    place_of = {pk: offset * 100 / length for pk, offset, _length in placed}
    numbered = sorted((place_of[claim.pk], number) for number, claim in enumerate(claims, 1) if claim.pk in place_of)
    if not numbered:
        return None
    own = {claim.pk for claim in claims}
    return {
        "length": number_text(length),
        "ticks": [round(place, 2) for pk, place in place_of.items() if pk not in own],
        "marks": [
            {"x": round(place, 2), "label_x": round(label_x, 2), "number": number_text(number)}
            for (place, number), label_x in zip(numbered, apart([place for place, _number in numbered]), strict=True)
        ],
    }


def apart(places: list[float]) -> list[float]:
    """The places from left to right, moved as little as keeps the numbers above them from touching on a phone."""
    first, last = 2.0, 98.0
    nearest = min(7.0, (last - first) / max(len(places) - 1, 1))
    # Neighbours that would touch move together, around the middle of where they were.
    groups: list[tuple[float, int]] = []
    for index, place in enumerate(places):
        middle, size = place - index * nearest, 1
        while groups and groups[-1][0] > middle:
            before, others = groups.pop()
            middle, size = (before * others + middle * size) / (others + size), others + size
        groups.append((middle, size))
    wanted = [middle for middle, size in groups for _one in range(size)]
    highest = last - nearest * (len(places) - 1)
    return [min(max(middle, first), highest) + index * nearest for index, middle in enumerate(wanted)]


def figures_of(record) -> list[Figure]:
    """The public figures of the public claims that a record rests on, in the order in which figures stand."""
    claims = record.statements.published().exclude(figure=None)
    return loaded(FIGURES.rows().filter(pk__in=claims.values("figure")).order_by("position", "id"))


def words(text: str, marked: str, lang: str, direction: str) -> dict:
    before, found, after = text.partition(marked) if marked else (text, "", "")
    return {"quote_before": before, "quote_marked": found, "quote_after": after, "lang": lang, "dir": direction}


def said(figure: Figure) -> str:
    """What is told of the figure, in words: more than 50; empty where no claim is public."""
    load([figure])
    value = value_shown(figure)
    if value["is_word"] or not value["value"]:
        return value["value"]
    one = told(figure, figure.public_claims)
    return as_said(one.value, one.qualifier)


def stands_alone(figure: Figure) -> bool:
    """Whether one number is told, and not that its sources differ."""
    return not value_shown(figure)["differing"]


def evidence(figure: Figure) -> dict:
    """All that the figure's own page shows below its heading."""
    load([figure])
    claims = figure.public_claims
    value = value_shown(figure)
    chosen = told(figure, claims).claim if value["claim"] else None
    return {
        "has_value": bool(value["value"]),
        "differing": value["differing"],
        "unit": unit_of(figure),
        "scope": sentence_of(figure, "scope"),
        "strand": strand_shown(figure),
        "claim": value["claim"] and value["claim"] | {"place": place(chosen)},
        "facts": facts(chosen) if chosen else [],
        "claims": compared(claims),
        "scale": scale(claims),
        "differs": differ(claims),
        "check": check_shown(figure) if chosen else None,
        "check_refused": is_refused(figure),
        "as_of": partial_date_text(figure.as_of),
    }


def compared(claims: list[Claim]) -> list[dict]:
    """All claims in time order, each with how it stands to the others."""
    relations = dict(ClaimRelation.choices)
    last = max((index for index, claim in enumerate(claims) if claim.relation == SUPERSEDES), default=-1)
    return [
        claim_shown(claim) | {"relation": _("Superseded") if index < last else relations[claim.relation]}
        for index, claim in enumerate(claims)
    ]


def facts(claim: Claim) -> list[dict]:
    """Who said it, as what, when, who brought it, and in which language, for parts/_definition_list.html."""
    source = claim.source
    speaker = shown(claim, "speaker")
    is_speaker = bool(speaker) and speaker.text == shown(source, "speaker").text
    return [
        term(_("Speaker"), speaker),
        *([term(_("Role"), shown(source, "speaker_role"))] if is_speaker else []),
        {"term": _("Said on"), "text": partial_date_text(claim.said_on or source.said_on)},
        {"term": _("Published on"), "text": partial_date_text(source.published_on)},
        term(_("Published by"), shown(source, "publisher")),
        term(_("Source"), shown(source, "title")) | {"url": source.get_absolute_url()},
        language_fact(source),
        term(_("What it counts"), shown(claim, "scope") or Shown(_("As in the words quoted."))),
        *([term(_("Note"), shown(claim, "note"))] if shown(claim, "note") else []),
    ]


def term(label: str, text) -> dict:
    return {"term": label, "text": text.text, "lang": text.lang, "dir": text.dir}


def language_fact(source) -> dict:
    note = _("Machine-translated. The original is not on file.") if source.machine_translated else ""
    return {
        "term": _("Language"),
        "text": language_name(source.language) if source.language else "",
        "note": note,
    }


def place(claim: Claim) -> dict | None:
    """Where the words stand in the stored text, among all other verbatim words on file from the same source."""
    if claim.quote_kind != QuoteKind.VERBATIM:
        return None
    rows = placed([claim.source]).get(claim.source_id, [])
    found = place_in(claim, max((length for _pk, _offset, length in rows), default=0))
    if found is None:
        return None
    return found | {"ticks": [tick(offset, length) for pk, offset, length in rows if pk != claim.pk]}


def place_in(claim: Claim, length: int) -> dict | None:
    """In thousandths of a text of so many characters, and in words."""
    if not length or claim.quote_kind != QuoteKind.VERBATIM:
        return None
    return {
        "start": number_text(claim.offset),
        "end": number_text(claim.offset + len(claim.quote)),
        "length": number_text(length),
        "x": tick(claim.offset, length),
        "width": max(tick(len(claim.quote), length), 3),
    }


def tick(offset: int, length: int) -> float:
    return round(offset * 1000 / length, 1)


def check_shown(figure: Figure) -> dict | None:
    """Claimed beside on file, with a mark a unit where they can be counted by eye."""
    check = check_of(figure)
    if check is None:
        return None
    on_file = LISTINGS[figure.checked_collection].select(QueryDict(figure.checked_query), languages.current()).queryset
    said = told(figure, figure.public_claims)
    claimed = int(said.value or 0)
    units = check.count > 0 and 0 < max(claimed, check.count) <= MOST_UNITS
    return {
        "state": check.state,
        "sentence": check_sentence(figure),
        "claimed": number_text(said.value) or str(Qualifier.SEVERAL.label),
        "claimed_as": CLAIMED.get(said.qualifier, ""),
        "on_file": check.count,
        "url": records_address(figure),
        "filled": range(check.count) if units else (),
        "open": range(max(claimed - check.count, 0)) if units else (),
        "sample": check.count > 0 and on_file.filter(sample=True).exists(),
    }


def records_address(figure: Figure) -> str:
    """The list of the very records that were counted."""
    listing = LISTINGS[figure.checked_collection]
    address = listing.page_address() or f"/api/v1/{listing.name}/"
    return f"{address}?{figure.checked_query}" if figure.checked_query else address


def check_sentence(figure: Figure) -> str:
    """Empty where nothing is checked, or no one claim carries the figure."""
    check = check_of(figure)
    if check is None or not figure.public_claims:
        return ""
    return beside_records(figure, figure.public_claims, check.count)


def claimed_value(figure: Figure) -> str:
    """For staff and the command line: the qualifier by its code, the number plainly."""
    said = told(figure, figure.public_claims)
    return Qualifier.SEVERAL.value if said.value is None else f"{said.qualifier} {said.value.normalize():f}"


def scale(claims: Iterable[Claim]) -> dict | None:
    """One scale for the claims that give a number; none where there is nothing to compare."""
    valued = [claim for claim in claims if claim.value is not None]
    if len(valued) < 2:
        return None
    marks = scale_marks(float(min(claim.value for claim in valued)), float(max(claim.value for claim in valued)))
    span = marks[-1] - marks[0]

    def place_of(value) -> float:
        return round((float(value) - marks[0]) * 100 / span, 1)

    return {
        "ticks": [{"x": place_of(mark), "label": number_text(Decimal(str(mark)))} for mark in marks],
        "rows": [
            {
                "qualifier": claim.qualifier,
                "x": place_of(claim.value),
                "label": as_said(claim.value, claim.qualifier),
                "before": place_of(claim.value) > 55,
            }
            for claim in valued
        ],
    }


def scale_marks(low: float, high: float) -> list[float]:
    """Round numbers from below the lowest to well above the highest, where the arrow of "more than" has room."""
    step = round_step(max(high - low, high / 4, 1) / 2)
    first = max(floor(low / step) - 1, 0)
    last = ceil(high / step) + 2
    return [index * step for index in range(first, last + 1)]


def round_step(least: float) -> float:
    power = 10 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)
