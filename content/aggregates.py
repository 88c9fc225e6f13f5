"""Rows counted and summed by what they are filed under: one query, however many groups.

A *link* is a pair of a row's id and a value that the row is filed under. A row without a link to a key stands in the
group None of that key, so that no row is lost; a row with two links stands in two groups.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

# Values of filters, which no slug can be: nobody has said, and somebody has said that there is none.
NOT_RECORDED = "not_recorded"
RECORDED_NONE = "recorded_none"

# Querysets of pairs, which together are the links of one key.
Links = Sequence[QuerySet]
Values = tuple[str | None, ...]


def links(rows: QuerySet, row: str, value) -> QuerySet:
    """Pairs: where each of the rows leads to the id of a record, and a value."""
    value = F(value) if isinstance(value, str) else value
    return rows.order_by().annotate(link_row=F(row), link_value=value).values("link_row", "link_value")


def rows_alone(rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(link_row=F("pk")).values("link_row")


def amounts(rows: QuerySet, row: str, amount: str, *apart: str) -> QuerySet:
    """Amounts of records, with what keeps them from being added up."""
    parts = {f"part_{place}": F(name) for place, name in enumerate(apart)}
    return rows.order_by().annotate(link_row=F(row), sum_of=F(amount), **parts).values("link_row", "sum_of", *parts)


class Measured(NamedTuple):
    """What of a quantity is on file in a group: its total for each thing that must not be added to the others.

    `recorded` rows have some, `none` are known to have none; of the others nobody has said.
    """

    totals: list[tuple]
    recorded: int
    none: int


class Key(NamedTuple):
    """What rows are grouped by. Rows without a link, but among `nones`, stand under RECORDED_NONE."""

    links: Links
    nones: QuerySet | None = None


class Quantity(NamedTuple):
    """Amounts of rows, all quantities of a statement with the same parts; `nones` are known to have none."""

    amounts: QuerySet
    nones: QuerySet | None = None


class Query:
    """The parts of one statement, with their values in the order in which they stand in it."""

    def __init__(self, rows: QuerySet, keys: Sequence[Key]):
        self.parameters: list[Any] = []
        self.groups: list[str] = []
        self.tables = f"({self.add(rows.order_by().values('pk'))}) AS counted (id)"
        for place, key in enumerate(keys):
            self.join("LEFT JOIN", self.united(key.links, "link_row", "link_value"), f"key_{place}")
            self.groups.append(f"key_{place}.link_value")
            if key.nones is not None:
                self.join("LEFT JOIN", self.united([key.nones], "link_row"), f"key_none_{place}")
                known = f"CASE WHEN key_none_{place}.link_row IS NOT NULL THEN '{RECORDED_NONE}' END"
                self.groups[-1] = f"coalesce({self.groups[-1]}, {known})"

    def add(self, queryset: QuerySet) -> str:
        """Raises EmptyResultSet where Django knows that there is nothing to find."""
        sql, parameters = queryset.query.sql_with_params()
        self.parameters += parameters
        return sql

    def united(self, querysets: Sequence[QuerySet], *columns: str) -> str:
        """The rows of all, each once. Django does not keep the order of columns, so they are called by name."""
        names = ", ".join(f"part.{column}" for column in columns)
        # Of pairs their filter says whether they repeat; a record may have many amounts.
        once = "DISTINCT " if columns == ("link_row",) else ""
        parts = []
        for queryset in querysets:
            try:
                parts.append(f"SELECT {once}{names} FROM ({self.add(queryset)}) AS part")
            except EmptyResultSet:
                continue
        nothing = ", ".join(f"NULL::{TYPES[column]} AS {column}" for column in columns)
        return " UNION ".join(parts) or f"SELECT {nothing} WHERE false"

    def join(self, kind: str, sql: str, name: str) -> None:
        self.tables += f" {kind} ({sql}) AS {name} ON {name}.link_row = counted.id"

    def answer(self, *found: str, also_by: Sequence[str] = ()) -> list[tuple]:
        groups = [*self.groups, *also_by]
        sql = f"SELECT {', '.join([*groups, *found])} FROM {self.tables}"
        if groups:
            sql += f" GROUP BY {', '.join(str(place) for place in range(1, len(groups) + 1))}"
        with connection.cursor() as cursor:
            # Of tables just filled PostgreSQL expects so few rows that it would compare each with each.
            cursor.execute(f"SET LOCAL enable_nestloop = off; {sql}; SET LOCAL enable_nestloop = on", self.parameters)
            cursor.nextset()
            return cursor.fetchall()


TYPES = {"link_row": "bigint", "link_value": "text"}


def counted(rows: QuerySet, keys: Sequence[Key]) -> dict[Values, int]:
    """How many rows stand under each combination of values that occurs."""
    return {values: count for values, (count, *_recorded) in _counts(rows, keys, {}).items()}


def measured(
    rows: QuerySet, keys: Sequence[Key], quantities: Mapping[str, Quantity]
) -> dict[Values, tuple[int, dict[str, Measured]]]:
    """The same with what the quantities add up to in each group: two statements, however many they are."""
    found = _counts(rows, keys, quantities)
    totals = _totals(rows, keys, quantities) if quantities and found else {}
    return {
        values: (
            count,
            {
                name: Measured(totals.get((values, name), []), recorded[place * 2], recorded[place * 2 + 1])
                for place, name in enumerate(quantities)
            },
        )
        for values, (count, *recorded) in found.items()
    }


def _counts(rows: QuerySet, keys: Sequence[Key], quantities: Mapping[str, Quantity]) -> dict[Values, tuple[int, ...]]:
    """The rows of each group and, quantity by quantity, how many of them have some and are known to have none."""
    try:
        query = Query(rows, keys)
    except EmptyResultSet:
        return {}
    columns = ["count(*)"]
    for place, quantity in enumerate(quantities.values()):
        query.join("LEFT JOIN", query.united([quantity.amounts], "link_row"), f"some_{place}")
        nones = [] if quantity.nones is None else [quantity.nones]
        query.join("LEFT JOIN", query.united(nones, "link_row"), f"none_{place}")
        columns.append(f"count(some_{place}.link_row)")
        columns.append(f"count(none_{place}.link_row) FILTER (WHERE some_{place}.link_row IS NULL)")
    return {tuple(one[: len(keys)]): tuple(one[len(keys) :]) for one in query.answer(*columns)}


def _totals(
    rows: QuerySet, keys: Sequence[Key], quantities: Mapping[str, Quantity]
) -> dict[tuple[Values, str], list[tuple]]:
    query = Query(rows, keys)
    some = next(iter(quantities.values())).amounts
    apart = sorted(name for name in some.query.annotation_select if name.startswith("part_"))
    columns = ", ".join(f"part.{name}" for name in ("link_row", "sum_of", *apart))
    parts = [
        f"SELECT {place} AS quantity, {columns} FROM ({query.add(quantity.amounts)}) AS part"
        for place, quantity in enumerate(quantities.values())
    ]
    query.join("JOIN", " UNION ALL ".join(parts), "amounts")
    names, totals = list(quantities), defaultdict(list)
    for one in query.answer("sum(amounts.sum_of)", also_by=[f"amounts.{name}" for name in ("quantity", *apart)]):
        values, (quantity, *total) = tuple(one[: len(keys)]), one[len(keys) :]
        totals[values, names[quantity]].append(tuple(total))
    return totals
