"""One search over every collection: what each Listing shows for the words, in one order."""

import base64
import binascii
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import NamedTuple

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from brst_site.datasets import DATASETS, TITLES, with_owners
from conference.listings import COUNTRIES, ORGANISATIONS
from content import languages
from content.listing import BadParameters, Listing, ParameterError, unknown_value
from content.listings import FIGURES, SOURCES
from content.models import Article, Strand
from content.presentation import Shown, partial_date_text, shown
from content.searching.index import SEARCHED, kind_of, label_of_choice, texts_of
from content.searching.parsing import LONGEST, Term
from content.searching.query import Search, analyse, entries, joined, matches, public_rows, related_model
from content.searching.snippets import Highlighter, Passage, Piece, plain
from content.searching.spelling import alike
from cooperation.listings import FACILITIES, PROGRAMMES

# Of the versions of a programme there is nothing to find but notes.
KINDS = tuple(one for one in DATASETS if "q" in one.filterset.base_filters and one.name != "versions")
RESULTS_ON_PAGE = 20
NAMES = tuple(listing.name for listing in KINDS)


class KindCount(NamedTuple):
    value: str
    label: str
    count: int


class Snippet(NamedTuple):
    """Where the words stand: in which field, or in the name of what the record belongs to."""

    label: str
    pieces: list[Piece]
    lang: str = ""
    dir: str = ""


@dataclass(frozen=True)
class Hit:
    listing: Listing
    record: object
    name: Shown
    name_pieces: list[Piece]
    snippet: Snippet | None

    @property
    def kind(self) -> str:
        return self.listing.name

    @property
    def label(self) -> str:
        return label_of(self.listing)

    @property
    def url(self) -> str:
        return self.record.get_absolute_url() or ""

    @property
    def sample(self) -> bool:
        return self.record.sample


@dataclass(frozen=True)
class Results:
    """`corrected` is what was searched for instead, where nothing has the words as they were typed."""

    search: Search
    corrected: str
    kinds: list[KindCount]
    count: int
    hits: list[Hit]
    next: str | None
    previous: str | None

    @property
    def everything(self) -> int:
        return sum(kind.count for kind in self.kinds)


def read_search(text: str, language: str) -> Search:
    """Raises BadParameters."""
    if len(" ".join(text.split())) > LONGEST or "\0" in text:
        raise BadParameters(ParameterError("q", _("Search for at most %(most)d characters.") % {"most": LONGEST}, []))
    return Search(text, language)


def only_once(key: str) -> str:
    return _("“%(key)s” may be given once.") % {"key": key}


def read_kinds(values: list[str]) -> list[Listing]:
    """Raises BadParameters."""
    values = [value for value in values if value]
    if errors := [unknown_value("kind", value, list(NAMES)) for value in values if value not in NAMES]:
        raise BadParameters(*errors)
    return [listing for listing in KINDS if listing.name in values]


def find(search: Search, chosen: list[Listing], size: int, cursor: str = "") -> Results:
    """The results of the chosen kinds, or of all where none is chosen. Raises BadParameters."""
    at = read_cursor(cursor) if cursor else None
    places = [place for place, listing in enumerate(KINDS) if not chosen or listing in chosen]
    counts, found = ranked(search, places, size + 1, at)
    corrected = ""
    if not counts and (better := spelled(search)):
        better_counts, better_found = ranked(better, places, size + 1, at)
        if better_counts:
            search, counts, found, corrected = better, better_counts, better_found, better.text
    more = len(found) > size
    found = found[:size]
    backwards = at is not None and at.direction == "previous"
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, at is not None)
    return Results(
        search,
        corrected,
        [KindCount(one.name, str(TITLES[one.name]), counts.get(place, 0)) for place, one in enumerate(KINDS)],
        sum(counts.get(place, 0) for place in places),
        hits(search, [(place, pk) for _rank, place, pk in found]),
        write_cursor("next", found[-1]) if found and has_next else None,
        write_cursor("previous", found[0]) if found and has_previous else None,
    )


# ── order and pages ────────────────────────────────────────────────────────────────────────────────────────────────

Place = tuple[float, int, int]


class Cursor(NamedTuple):
    direction: str
    rank: float
    place: int
    pk: int


class PublicRows(NamedTuple):
    sql: str
    parameters: tuple


@cache
def public_rows_of(place: int) -> PublicRows:
    """The identifiers of what a Listing shows, as SQL. The database's clock decides in it, so it may be kept."""
    return PublicRows(*KINDS[place].rows().order_by().values("pk").query.sql_with_params())


def public_matches(found: str, places: Iterable[int]) -> tuple[str, list]:
    """SQL for (place, id) of what the Listings show of `found`, a table of (kind, object_id)."""
    parts, parameters = [], []
    for place in places:
        rows = public_rows_of(place)
        parts.append(
            f"SELECT {place} AS place, found.object_id AS id FROM {found} AS found"
            f" WHERE found.kind = '{kind_of(KINDS[place].model)}' AND found.object_id IN ({rows.sql})"
        )
        parameters += rows.parameters
    return " UNION ALL ".join(parts), parameters


def ranked(search: Search, places: list[int], size: int, at: Cursor | None) -> tuple[dict[int, int], list[Place]]:
    """How many each kind has, and the first of the chosen kinds, best first, after the cursor: all in one query."""
    if not search.asked:
        return {}, []
    matched, parameters = matches([listing.model for listing in KINDS], search)
    public, more = public_matches("matched", range(len(KINDS)))
    order, beyond, beyond_parameters = "rank DESC, place, id", "", []
    if at:
        backwards = at.direction == "previous"
        order = "rank, place DESC, id DESC" if backwards else order
        better, later = (">", "<") if backwards else ("<", ">")
        beyond = f"AND (rank {better} %s OR (rank = %s AND (place, id) {later} (%s, %s)))"
        beyond_parameters = [at.rank, at.rank, at.place, at.pk]
    own = languages.column("vector", search.language)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH matched AS MATERIALIZED (SELECT DISTINCT kind, object_id FROM ({matched}) AS each),"
            f" public AS MATERIALIZED ({public}),"
            " ranked AS (SELECT public.place, public.id,"
            f" portal_search_rank(entry.vector, entry.{own}, %s::tsquery, %s::tsquery, %s::tsquery) AS rank"
            " FROM public JOIN content_searchentry AS entry"
            " ON entry.kind = (%s::text[])[public.place + 1] AND entry.object_id = public.id"
            " WHERE public.place = ANY(%s::int[]))"
            " SELECT true, place, count(*), NULL FROM public GROUP BY place UNION ALL"
            f" (SELECT false, place, id, rank FROM ranked WHERE true {beyond} ORDER BY {order} LIMIT %s)",
            [
                *parameters,
                *more,
                *search.ranking,
                [kind_of(listing.model) for listing in KINDS],
                places,
                *beyond_parameters,
                size,
            ],
        )
        rows = cursor.fetchall()
    counts = {place: number for is_count, place, number, _rank in rows if is_count}
    return counts, [(rank, place, pk) for is_count, place, pk, rank in rows if not is_count]


def write_cursor(direction: str, place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([direction, *place]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Raises BadParameters."""
    try:
        direction, rank, place, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        whole = type(place) is type(pk) is int and 0 <= place < len(KINDS) and abs(pk) < 2**63
        if direction not in ("next", "previous") or not whole or not isfinite(rank):
            raise ValueError(text)
        return Cursor(direction, float(rank), place, pk)
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        message = _("This cursor does not belong to this list. Begin again without it.")
        raise BadParameters(ParameterError("cursor", message, [])) from None


# ── what a result shows ────────────────────────────────────────────────────────────────────────────────────────────


def hits(search: Search, found: list[tuple[int, int]]) -> list[Hit]:
    """The records in their order, a query a kind; those of which something vanished meanwhile are left out."""
    wanted = defaultdict(list)
    for place, pk in found:
        wanted[place].append(pk)
    records = {place: fetch(KINDS[place], pks) for place, pks in wanted.items()}
    shown_ones = [(KINDS[place], records[place][pk]) for place, pk in found if pk in records[place]]
    passages = {id(record): passages_of(record, search.language) for _listing, record in shown_ones}
    names = {id(record): name_of(record) for _listing, record in shown_ones}
    related = related_names(search, shown_ones)
    every = [one for fields in passages.values() for _label, one in fields]
    every += [name_passage(name, search.language) for name in names.values()]
    every += [Passage(search.language, str(name)) for _label, name in related.values()]
    marks = Highlighter(search, every)
    return [
        Hit(
            listing,
            record,
            names[id(record)],
            marks.pieces(name_passage(names[id(record)], search.language)),
            snippet_of(marks, search.language, passages[id(record)], related.get((listing.name, record.pk))),
        )
        for listing, record in shown_ones
    ]


def fetch(listing: Listing, pks: list[int]) -> dict:
    return {record.pk: record for record in with_owners(listing, listing.rows().filter(pk__in=pks))}


def passages_of(record, language: str) -> list[tuple[str, Passage]]:
    """The searched texts but for the name that is shown: those in the language of the page first."""
    searched = SEARCHED[record._meta.label]
    found = []
    for code in languages.preference(language):
        names = (
            searched.summary + searched.body if code == language else searched.title + searched.summary + searched.body
        )
        for name in names:
            for column in texts_of(type(record), (name,), code):
                if text := plain(getattr(record, column) or ""):
                    found.append((capfirst(record._meta.get_field(name).verbose_name), Passage(code, text)))
        for name in searched.choices:
            if label := label_of_choice(type(record), name, getattr(record, name), code):
                found.append((capfirst(record._meta.get_field(name).verbose_name), Passage(code, label)))
    return found


def name_of(record) -> Shown:
    if hasattr(record, "reference_name"):
        return Shown(record.reference_name(languages.current()) or record.slug)
    return shown(record, "title" if hasattr(record, "title") else "name")


def name_passage(name: Shown, language: str) -> Passage:
    return Passage(name.lang.lower() or language, name.text)


def snippet_of(marks: Highlighter, language: str, fields: list[tuple[str, Passage]], related) -> Snippet | None:
    """The first text with a mark; else the related name that was found; else the beginning of a text."""
    marked = next(((label, one) for label, one in fields if marks.spans(one)), None)
    if marked is None and related:
        label, name = related
        pieces = marks.pieces(Passage(language, str(name)))
        return Snippet(label, pieces, name.lang, name.dir)
    if marked is None:
        marked = next(((label, one) for label, one in fields if one.language == language), None)
    if marked is None:
        return None
    label, passage = marked
    foreign = passage.language != language
    return Snippet(
        label,
        marks.snippet(passage),
        languages.html_code(passage.language) if foreign else "",
        languages.direction(passage.language) if foreign else "",
    )


def related_names(search: Search, found: list[tuple[Listing, object]]) -> dict[tuple[str, int], tuple[str, Shown]]:
    """For records that were found by what they belong to: the name of that, and what it is. Public ones alone."""
    names: dict[tuple[str, int], tuple[str, Shown]] = {}
    for listing in KINDS:
        pks = [record.pk for one, record in found if one is listing]
        if not pks:
            continue
        for path in SEARCHED[listing.model._meta.label].through:
            related = related_model(listing.model, path)
            words = joined(search.asked, "|")
            chosen = public_rows(related).filter(pk__in=entries(related, words)).order_by()
            pairs = listing.model._base_manager.filter(pk__in=pks, **{f"{path}__in": chosen.values("pk")}).order_by()
            pairs = list(pairs.values_list("pk", path))
            records = chosen.in_bulk({pk for _row, pk in pairs})
            for row, pk in pairs:
                if pk in records:
                    label = capfirst(related._meta.verbose_name)
                    names.setdefault((listing.name, row), (label, shown(records[pk], "name")))
    return names


# The dates that say most of when a record is from, the most telling first. Those of sessions are a version's to tell.
DATES = ("start_date", "signed", "said_on", "published_on", "founded", "actual_start", "as_of")


@dataclass(frozen=True)
class Seen:
    """What tells a result from others at a glance, beside its kind: `{position, name}`, `{code, name}`, and a day."""

    hit: Hit
    strand: dict | None
    country: dict | None
    day: str


def seen(found: list[Hit]) -> list[Seen]:
    """In two queries, however many there are. Of strands and countries those alone that are public."""
    strands = related_to(found, "strand_id", Strand.objects.published())
    countries = related_to(found, "country_id", COUNTRIES.rows())
    return [
        Seen(
            hit,
            (strand := strands.get(id(hit))) and {"position": strand.position, "name": shown(strand, "name")},
            country_of(hit, countries.get(id(hit))),
            day_of(hit.record),
        )
        for hit in found
    ]


def related_to(found: list[Hit], column: str, public: QuerySet) -> dict[int, Model]:
    """By the identity of the hit: what its record names there."""
    named = {id(hit): pk for hit in found if (pk := getattr(hit.record, column, None))}
    records = public.in_bulk(set(named.values())) if named else {}
    return {hit: records[pk] for hit, pk in named.items() if pk in records}


def country_of(hit: Hit, country) -> dict | None:
    """A country by its code alone: its name is that of the result."""
    if hit.listing is COUNTRIES:
        return {"code": hit.record.code, "name": ""}
    return country and {"code": country.code, "name": shown(country, "name")}


def day_of(record) -> str:
    dates = [getattr(record, name, None) for name in DATES]
    if isinstance(record, Article) and record.published_at:
        dates.append(record.published_at.date().isoformat())
    return partial_date_text(next(filter(None, dates), None))


# Kinds whose names are good words to search for, and how many names of each are looked through for the shortest.
EXAMPLES, LOOKED_THROUGH = (FIGURES, FACILITIES, PROGRAMMES, ORGANISATIONS, SOURCES), 20


def examples() -> list[dict]:
    """Words that surely find something, in the visitor's language: short names of what is on file."""
    found = []
    for listing in EXAMPLES:
        rows = listing.rows().order_by("sample", "pk")
        # The whole text of a source is long.
        rows = (rows.defer("text") if listing is SOURCES else rows)[:LOOKED_THROUGH]
        named = [(row.sample, name) for row in rows if (name := name_of(row)) and not name.lang]
        names = [(sample, len(name.text), name.text) for sample, name in named if len(name.text) <= LONGEST]
        if names:
            found.append({"kind": label_of(listing), "words": min(names)[2]})
    return found


def label_of(listing: Listing) -> str:
    return str(capfirst(listing.model._meta.verbose_name))


# ── slips of the pen, and what is typed next ───────────────────────────────────────────────────────────────────────


def spelled(search: Search) -> Search | None:
    """The same search with words that public records have in place of those that none has."""
    if not search.asked:
        return None
    words = list(dict.fromkeys(word for asked in search.asked for word in asked.term.text.split()))
    meant = alike(words)
    known = public_words([*words, *(other for others in meant.values() for other in others)])
    better = {}
    for word in words:
        if word not in known:
            better[word] = next((other for other in meant.get(word, ()) if other in known), None)
    if not better or None in better.values():
        return None
    slips = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, better))})(?!\w)")
    return Search(slips.sub(lambda slip: better[slip.group()], search.text), search.language)


def public_words(words: list[str]) -> set[str]:
    """Those that some public record has."""
    asked, _whole, _beginning = analyse([Term(word) for word in words], "", "zh-hans")
    public, parameters = public_matches("held", range(len(KINDS)))
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH words AS (SELECT * FROM unnest(%s::text[], %s::tsquery[]) AS words (word, wanted)),"
            " held AS MATERIALIZED (SELECT kind, object_id, word FROM words"
            " JOIN content_searchentry ON vector @@ wanted)"
            f" SELECT DISTINCT word FROM ({public}) AS public JOIN held ON held.object_id = public.id"
            " AND held.kind = (%s::text[])[public.place + 1]",
            [
                [one.term.text for one in asked],
                [one.tsquery for one in asked],
                *parameters,
                [kind_of(listing.model) for listing in KINDS],
            ],
        )
        return {word for (word,) in cursor.fetchall()}


def suggestions(search: Search, size: int) -> list[Hit]:
    """Public records that fit what was typed so far, the likeliest first."""
    _counts, found = ranked(search, list(range(len(KINDS))), size, None)
    return hits(search, [(place, pk) for _rank, place, pk in found])
