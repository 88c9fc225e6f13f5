"""The one-query kernel: a public collection is declared once, and page, API, export and feed all ask that declaration.

A face never filters. `Listing.select` refuses what it does not know, with the word that was wrong and those that
exist, since django-filter by itself ignores bad values unless asked and unknown keys always.
"""

import base64
import binascii
import difflib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from content import aggregates, changes, languages, revision
from content.aggregates import NOT_RECORDED, Measured, Quantity

PAGE_SIZE = 50
LARGEST_PAGE = 200
KERNEL_KEYS = ("order", "cursor", "page_size")
# What only machines ask: a page has its language in its address and its facets in view.
MACHINE_KEYS = ("lang", "fields", "facets", "modified_since")
SUGGESTIONS = 20


# Every listing of every floor by its name. A floor may look up by name what it must not import.
LISTINGS: dict[str, "Listing"] = {}


def listing_of(model) -> "Listing | None":
    """The collection that holds the records of a model."""
    return next((listing for listing in LISTINGS.values() if listing.model is model), None)


class ParameterError(NamedTuple):
    parameter: str
    message: str
    accepted: list[str]


class BadParameters(Exception):
    """Why a query was refused: one entry for each word that is wrong."""

    def __init__(self, *errors: ParameterError):
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class FacetOption(NamedTuple):
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A quantity of a collection's rows that can be added up.

    `amounts` has the row's id, an amount, and whatever must not be added together, such as the currency. `none_in` is
    the list of the record that may be known to be empty. `told` says as the API does, and `schema` describes, what a
    group of so many rows has on file; `known` is what it needs for all groups, asked once.
    """

    label: Any
    amounts: Callable[[], QuerySet]
    told: Callable[[Measured, int, str, Any], Any]
    schema: dict[str, Any]
    none_in: str = ""
    known: Callable[[], Any] = lambda: None


@dataclass(frozen=True, slots=True)
class Group:
    """The rows that share these values; a value is None where it is not recorded."""

    values: dict[str, str | None]
    labels: dict[str, str]
    count: int
    sums: dict[str, Measured]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Rows by what they are filed under. `count` has each row once; where a row stands in several groups, the counts
    of the groups add up to more: `several` names the keys by which it may.
    """

    count: int
    groups: list[Group]
    several: list[str]

    @property
    def counted(self) -> int:
        return sum(group.count for group in self.groups)


class Chosen(NamedTuple):
    """A value of a filter that is in force, what both are called, and every pair of the query that asks for it."""

    name: str
    facet: str
    label: str
    pairs: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows; `next` and `previous` are cursors, None at either end.

    Of a change feed, what is gone comes after the last row, and `until` is what to ask for next time.
    """

    rows: list
    next: str | None
    previous: str | None
    gone: Sequence[changes.Gone] = ()
    until: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A further ending of a collection, beside those that all have.

    `write` makes the file from rows as the API gives them and the keys that were asked for; the rows also have the
    keys in `needs`, asked for or not.
    """

    label: str
    media_type: str
    write: Callable[[Iterator[dict[str, Any]], list[str]], Iterator[str]]
    needs: tuple[str, ...] = ()

    def can_be_made(self, values: Mapping[str, list[str]]) -> bool:
        """Whether a query with these values asks for enough."""
        return True


@dataclass(frozen=True, slots=True)
class Standard:
    """A further ending whose keys a standard has chosen, so that nobody asks for `fields`.

    `write` makes the file from what `head` says of the whole, and from rows as `serializer` (the listing's own unless
    given) has them; with `all_languages` they are those of `lang=all`. `one_value` names filters without which, each
    with a single value, there is no such file: a schedule is of one edition. `order` is the order of its rows unless
    the query asks for another; empty: that of the listing.
    """

    label: str
    media_type: str
    head: Callable[["Selection"], Any]
    write: Callable[[Any, Iterable[dict[str, Any]]], Iterator[str]]
    serializer: type | None = None
    one_value: tuple[str, ...] = ()
    all_languages: bool = False
    order: str = ""

    def can_be_made(self, values: Mapping[str, list[str]]) -> bool:
        """Whether a query with these values asks for enough."""
        return all(is_one_value(values.get(key, [])) for key in self.one_value)


def is_one_value(values: list[str]) -> bool:
    return len({value for value in values if value}) == 1


@dataclass(frozen=True)
class Listing:
    """A collection as the public sees it.

    `rows` gives what is public now; `known` what an address may still lead to (extinct states aren't listed, but
    have a page), and is the same unless given. `page` is the name of its list page among the URLs, where it has one of
    its own: sessions have one an edition. `orders` maps the keys of `order=` to columns; `name` and `title`
    stand for the stored sort key of the visitor's language. `formats` are the further endings that this collection
    has beside csv, ndjson, json and xlsx, `sums` the quantities that can be added up.
    """

    name: str
    rows: Callable[[], QuerySet]
    filterset: type
    serializer: type
    order: str
    orders: Mapping[str, str] = field(default_factory=dict)
    known: Callable[[], QuerySet] | None = None
    page: str = ""
    formats: Mapping[str, Format | Standard] = field(default_factory=dict)
    sums: Mapping[str, Sum] = field(default_factory=dict)

    def __post_init__(self):
        LISTINGS[self.name] = self

    @property
    def model(self):
        return self.filterset._meta.model

    def one(self) -> QuerySet:
        """What the address of a single record may find."""
        return (self.known or self.rows)()

    def page_address(self) -> str:
        """Where its list page is, in the visitor's language; empty where it has none of its own."""
        return reverse(self.page) if self.page else ""

    def filter_keys(self) -> list[str]:
        return [*self.filterset.base_filters, *self.filterset.plurals]

    def select(self, parameters: QueryDict, language: str, also: tuple[str, ...] = MACHINE_KEYS) -> "Selection":
        """The rows that the parameters ask for. Raises BadParameters."""
        accepted = [*self.filter_keys(), *KERNEL_KEYS, *also]
        errors = unknown_keys(parameters, accepted)
        since = asked_since(parameters, errors) if "modified_since" in also else None
        rows = self.rows()
        filterset = self.filterset(
            self._singular(parameters), queryset=rows.filter(changes.changed(self.model, since)) if since else rows
        )
        errors += filterset.errors_found()
        if errors:
            raise BadParameters(*errors)
        return Selection(self, parameters, language, filterset, since)

    def asked(self, **conditions: str | list[str]) -> "Selection":
        """The rows that its list would show with these filters, in the visitor's language."""
        parameters = QueryDict(mutable=True)
        for key, values in conditions.items():
            parameters.setlist(key, [values] if isinstance(values, str) else values)
        return self.select(parameters, languages.current())

    def _singular(self, parameters: QueryDict) -> QueryDict:
        """A list's key (`countries`) asks the same as its filter (`country`)."""
        data = QueryDict(mutable=True)
        for key, values in parameters.lists():
            name = self.filterset.plurals.get(key, key)
            data.setlist(name, [*data.getlist(name), *values])
        return data


def asked_since(parameters: QueryDict, errors: list[ParameterError]) -> changes.Since | None:
    """From when on changes are asked for; what can't be read is added to the errors."""
    text = parameters.get("modified_since")
    if not text:
        return None
    try:
        return changes.read(text)
    except (ValueError, OverflowError):
        message = _("“%(value)s” is neither an instant nor the “until” of an answer.") % {"value": text[:60]}
        errors.append(ParameterError("modified_since", message, ["2023-11-06T01:00:00Z", "2023-11-06"]))
        return None


def unknown_keys(parameters: QueryDict, accepted: list[str]) -> list[ParameterError]:
    return [
        ParameterError(
            key,
            _("There is no parameter “%(key)s”.%(meant)s") % {"key": key, "meant": _did_you_mean(key, accepted)},
            sorted(accepted),
        )
        for key in parameters
        if key not in accepted
    ]


def words_asked(parameters: QueryDict, key: str, accepted: list[str]) -> list[str]:
    """The words of a parameter that lists them with commas between. Raises BadParameters."""
    words = [word for value in parameters.getlist(key) for word in value.split(",") if word]
    errors = [unknown_value(key, word, accepted) for word in words if word not in accepted]
    if errors:
        raise BadParameters(*errors)
    return words


def unknown_value(parameter: str, value: str, existing: list[str]) -> ParameterError:
    """The refusal of a value that does not exist; of many that do, the nearest are named."""
    accepted = existing
    if len(existing) > SUGGESTIONS:
        accepted = difflib.get_close_matches(value, existing, SUGGESTIONS, 0.5) or existing[:SUGGESTIONS]
    return ParameterError(
        parameter,
        _("“%(value)s” is not a value of “%(key)s”.%(meant)s")
        % {"value": value[:100], "key": parameter, "meant": _did_you_mean(value, existing)},
        accepted,
    )


def page_size_asked(parameters: QueryDict) -> int:
    """Raises BadParameters."""
    text = parameters.get("page_size") or str(PAGE_SIZE)
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= LARGEST_PAGE:
        raise BadParameters(
            ParameterError(
                "page_size",
                _("“%(value)s” is not a number from 1 to %(largest)d.")
                % {"value": text[:20], "largest": LARGEST_PAGE},
                [f"1…{LARGEST_PAGE}"],
            )
        )
    return int(text)


def _did_you_mean(word: str, words: list[str]) -> str:
    meant = difflib.get_close_matches(word, words, 1, 0.6)
    return " " + _("Did you mean “%(word)s”?") % {"word": meant[0]} if meant else ""


@dataclass(frozen=True)
class Order:
    """An order that no two rows share: a column, in one direction, and the id. Rows without a value come last."""

    key: str
    column: str
    descending: bool
    nullable: bool

    def by(self, backwards: bool = False) -> list:
        down = self.descending != backwards
        column = F(self.column)
        if not self.nullable:
            return [column.desc() if down else column.asc(), "-id" if down else "id"]
        # Nothing recorded comes last in either direction, and so first when read backwards.
        ends = {"nulls_first": True} if backwards else {"nulls_last": True}
        return [column.desc(**ends) if down else column.asc(**ends), "-id" if down else "id"]

    def beyond(self, value, id: int, backwards: bool) -> Q | TupleGreaterThan | TupleLessThan:
        """The rows after (or, backwards, before) the one with this value and id."""
        down = self.descending != backwards
        if not self.nullable:
            # As one row comparison, PostgreSQL answers it from the index anywhere in a million rows.
            lookup = TupleLessThan if down else TupleGreaterThan
            return lookup((F(self.column), F("id")), (value, id))
        side = "lt" if down else "gt"
        blank = Q(**{f"{self.column}__isnull": True})
        if value is None:
            same = blank & Q(**{f"id__{side}": id})
            return same | ~blank if backwards else same
        rest = Q(**{f"{self.column}__{side}": value}) | Q(**{self.column: value, f"id__{side}": id})
        return rest if backwards else rest | blank


class Selection:
    """The rows of a Listing that one query asks for, in its order."""

    def __init__(self, listing: Listing, parameters: QueryDict, language: str, filterset, since=None):
        self.listing = listing
        self.since: changes.Since | None = since
        self.parameters = parameters
        self.language = language
        self.filterset = filterset
        self.order = self._order()
        self.size = page_size_asked(parameters)

    @property
    def queryset(self) -> QuerySet:
        return self.filterset.qs

    def count(self) -> int:
        """Of a change feed, with what is gone."""
        return self.queryset.count() + (self.feed().count() if self.since else 0)

    def feed(self) -> changes.Feed:
        """What is gone since, by a query that asks for changes."""
        return changes.Feed(self.listing.model, self.since, self.queryset, self.listing.one())

    def all(self) -> QuerySet:
        """Every row, in order."""
        return self.queryset.order_by(*self.order.by())

    def page(self, related: Callable[[QuerySet], QuerySet] = lambda rows: rows) -> Page:
        """The page that the cursor points to, with what `related` adds to its rows.

        One row more is read to know whether there is another page.
        """
        cursor = self.parameters.get("cursor", "")
        return self._feed_page(related, cursor) if self.since else self._page(related, cursor)

    def _page(self, related, cursor: str) -> Page:
        backwards, rows = self._rows_at_cursor(cursor)
        rows = list(related(rows)[: self.size + 1])
        more = len(rows) > self.size
        rows = rows[: self.size]
        if backwards:
            rows.reverse()
        at_cursor = bool(cursor)
        has_next, has_previous = (at_cursor, more) if backwards else (more, at_cursor)
        return Page(
            rows,
            self._cursor(rows[-1], "next") if rows and has_next else None,
            self._cursor(rows[0], "previous") if rows and has_previous else None,
        )

    def chosen(self) -> list[Chosen]:
        """Each value in force once, however often it is asked for; the names of all cost a query a filter."""
        filters, plurals = self.filterset.filters, self.listing.filterset.plurals
        asked: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for key, values in self.parameters.lists():
            name = plurals.get(key, key)
            for value in values if name in filters else ():
                if text := value.strip():
                    asked[name][filters[name].normalise(text)].append((key, value))
        labels = {name: filters[name].labels(values, self.language) for name, values in asked.items()}
        return [
            Chosen(name, filters[name].label, labels[name][value], pairs)
            for name, values in asked.items()
            for value, pairs in values.items()
        ]

    def facet(self, name: str, sparse: bool = False) -> list[FacetOption]:
        """Each value with the rows that it would show beside all other filters.

        Those without rows stay, with 0, unless `sparse`; the chosen ones stay in any case.
        """
        return self.filterset.facet(name, self.language, sparse)

    def aggregate(self, keys: Sequence[str], sums: Sequence[str] = ()) -> Aggregate:
        """The rows by the values of these filters, with what they add up to; without keys, all in one group."""
        filters = [self.filterset.filters[key] for key in keys]
        quantities = {name: self._quantity(name) for name in sums}
        found = aggregates.measured(self.queryset, [chosen.key_of_groups() for chosen in filters], quantities)
        labels = [self._labels(chosen, {values[place] for values in found}) for place, chosen in enumerate(filters)]
        groups = [
            Group(
                dict(zip(keys, values, strict=True)),
                {key: label[value] for key, label, value in zip(keys, labels, values, strict=True)},
                count,
                measured,
            )
            for values, (count, measured) in found.items()
        ]
        orders = {key: list(label).index for key, label in zip(keys, labels, strict=True)}
        groups.sort(key=lambda group: [orders[key](value) for key, value in group.values.items()])
        several = [key for key, chosen in zip(keys, filters, strict=True) if chosen.has_many]
        return Aggregate(self.count() if several else sum(group.count for group in groups), groups, several)

    def counts_of(self, key: str) -> dict[str | None, int]:
        """How many of the rows stand under each value of a filter that occurs; None: not recorded."""
        links = self.filterset.filters[key].key_of_groups()
        return {value: count for (value,), count in aggregates.counted(self.queryset, [links]).items()}

    def can_be_asked(self, values: Mapping[str, str]) -> bool:
        """Whether some query asks for just those of the rows that stand under these values.

        None does for the rows of one country, as far as they are of another too: repeated values of a filter mean or.
        """
        asked = self.filterset.form.cleaned_data
        return all(not asked[key] or value in asked[key] for key, value in values.items())

    def _labels(self, chosen, values: set[str | None]) -> dict[str | None, str]:
        """What each value is called, in the order of the filter's own options."""
        options = chosen.all_options(self.language, {NOT_RECORDED if value is None else value for value in values})
        return {None if value == NOT_RECORDED else value: label for value, label in options}

    def _quantity(self, name: str) -> Quantity:
        one = self.listing.sums[name]
        nones = self.listing.model._base_manager.filter(recorded_none__contains=[one.none_in])
        return Quantity(one.amounts(), aggregates.rows_alone(nones) if one.none_in else None)

    def _feed_page(self, related, text: str) -> Page:
        """All pages of a feed end where the first of them did: what changes meanwhile is told next time."""
        until, after, cursor = self._read_feed_cursor(text) if text else (changes.until(revision.current()), None, "")
        page = self._page(related, cursor) if after is None else Page([], None, None)
        previous = feed_cursor(until, None, page.previous) if page.previous else None
        if page.next:
            return Page(page.rows, feed_cursor(until, None, page.next), previous, until=until)
        room = self.size - len(page.rows)
        found = self.feed().after(after or 0, room + 1)
        gone = found[:room]
        last = gone[-1].record if gone else after or 0
        return Page(page.rows, feed_cursor(until, last, "") if len(found) > room else None, previous, gone, until)

    def _read_feed_cursor(self, text: str) -> tuple[str, int | None, str]:
        try:
            until, after, cursor = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if not changes.TOKEN.fullmatch(until) or not isinstance(after, int | None) or not isinstance(cursor, str):
                raise ValueError(text)
            if isinstance(after, int) and not 0 <= after < 2**63:
                raise ValueError(text)
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise wrong_cursor() from None
        return until, after, cursor

    def require_one_value(self, keys: tuple[str, ...]) -> None:
        """Raises BadParameters."""
        errors = [
            ParameterError(
                key,
                _("This file needs exactly one value of “%(key)s”.") % {"key": key},
                [value for value, _label in self.filterset.filters[key].options(self.language)][:SUGGESTIONS],
            )
            for key in keys
            if not is_one_value(self.parameters.getlist(key))
        ]
        if errors:
            raise BadParameters(*errors)

    def _order(self) -> Order:
        key = self.parameters.get("order") or self.listing.order
        orders = self.listing.orders
        if key.removeprefix("-") not in orders:
            raise BadParameters(unknown_value("order", key, sorted([*orders, *(f"-{name}" for name in orders)])))
        column = orders[key.removeprefix("-")]
        if column == "sort":
            column = languages.column("sort", self.language)
        return Order(key, column, key.startswith("-"), self._is_nullable(column))

    def _is_nullable(self, column: str) -> bool:
        return column in self.queryset.query.annotations or self.listing.model._meta.get_field(column).null

    def _rows_at_cursor(self, text: str) -> tuple[bool, QuerySet]:
        if not text:
            return False, self.all()
        backwards, value, id = self._read_cursor(text)
        rows = self.queryset.filter(self.order.beyond(value, id, backwards))
        return backwards, rows.order_by(*self.order.by(backwards))

    def _cursor(self, row, direction: str) -> str:
        value = getattr(row, self.order.column)
        text = json.dumps([direction, self.order.key, None if value is None else str(value), row.id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _read_cursor(self, text: str) -> tuple[bool, Any, int]:
        try:
            direction, key, value, id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if key != self.order.key or direction not in ("next", "previous") or not isinstance(id, int):
                raise ValueError(text)
            return direction == "previous", self._column_value(value), id
        except (ValueError, TypeError, binascii.Error, ValidationError, RecursionError):
            raise wrong_cursor() from None

    def _column_value(self, text: str | None):
        if text is None:
            if not self.order.nullable:
                raise ValueError(text)
            return None
        if not isinstance(text, str) or "\0" in text:
            raise ValueError(text)
        # JSON can say half of a pair of surrogates, which is no text: the error is a ValueError too.
        text.encode()
        return self._column_field().to_python(text)

    def _column_field(self):
        annotation = self.queryset.query.annotations.get(self.order.column)
        return (
            annotation.output_field
            if annotation is not None
            else self.listing.model._meta.get_field(self.order.column)
        )


def feed_cursor(until: str, after: int | None, cursor: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([until, after, cursor]).encode()).decode().rstrip("=")


def wrong_cursor() -> BadParameters:
    message = _("This cursor does not belong to this list. Begin again without it.")
    return BadParameters(ParameterError("cursor", message, []))


class WholeCount(Func):
    """COUNT without GROUP BY: of a Count beside a constant, Django would make a group of each row."""

    function = "COUNT"
    output_field = IntegerField()


def counts(selections: Sequence[Selection]) -> list[int]:
    """How many rows each has, all in one query."""
    queries = [
        selection.queryset.order_by().annotate(place=Value(index), rows=WholeCount("pk")).values_list("place", "rows")
        for index, selection in enumerate(selections)
    ]
    found = dict(queries[0].union(*queries[1:], all=True)) if queries else {}
    return [found.get(index, 0) for index in range(len(queries))]
