"""Rows counted and summed by what they are filed under: one query, however many groups.

A *link* is a pair of a row's id and a value that the row is filed under. A row without a link to a key stands in the
group None of that key, so that no row is lost; a row with two links stands in two groups.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

# Querysets of pairs, which together are the links of one key.
Links = Sequence[QuerySet]
Values = tuple[str | None, ...]


def links(rows: QuerySet, row: str, value) -> QuerySet:
    """Pairs: where each of the rows leads to the id of a record, and a value."""
    value = F(value) if isinstance(value, str) else value
    return rows.order_by().annotate(link_row=F(row), link_value=value).values("link_row", "link_value")


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


NOTHING_MEASURED = Measured([], 0, 0)


class Query:
    """The parts of one statement, with their values in the order in which they stand in it."""

    def __init__(self, rows: QuerySet, keys: Sequence[Links]):
        self.parameters: list[Any] = []
        self.groups = [f"key_{place}.link_value" for place in range(len(keys))]
        self.tables = f"({self.add(rows.order_by().values('pk'))}) AS counted (id)"
        for place, links in enumerate(keys):
            self.join("LEFT JOIN", self.united(links), f"key_{place}")

    def add(self, queryset: QuerySet) -> str:
        """Raises EmptyResultSet where Django knows that there is nothing to find."""
        sql, parameters = queryset.query.sql_with_params()
        self.parameters += parameters
        return sql

    def united(self, links: Links) -> str:
        """The pairs of all, each once. Django does not keep the order of columns, so they are called by name."""
        parts = []
        for queryset in links:
            try:
                parts.append(f"SELECT part.link_row, part.link_value FROM ({self.add(queryset)}) AS part")
            except EmptyResultSet:
                continue
        return " UNION ".join(parts) or "SELECT NULL::bigint AS link_row, NULL::text AS link_value WHERE false"

    def join(self, kind: str, sql: str, name: str) -> None:
        self.tables += f" {kind} ({sql}) AS {name} ON {name}.link_row = counted.id"

    def answer(self, *found: str, also_by: Sequence[str] = ()) -> list[tuple]:
        groups = [*self.groups, *also_by]
        sql = f"SELECT {', '.join([*groups, *found])} FROM {self.tables}"
        if groups:
            sql += f" GROUP BY {', '.join(groups)}"
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters)
            return cursor.fetchall()


def counted(rows: QuerySet, keys: Sequence[Links]) -> dict[Values, int]:
    """How many rows stand under each combination of values that occurs."""
    try:
        return {tuple(found[:-1]): found[-1] for found in Query(rows, keys).answer("count(*)")}
    except EmptyResultSet:
        return {}


def measured(rows: QuerySet, keys: Sequence[Links], amounts: QuerySet, nones: QuerySet) -> dict[Values, Measured]:
    """What the amounts of the rows add up to in each group; `nones` are links of rows known to have none."""
    try:
        totals = defaultdict(list)
        for values, total in _totals(rows, keys, amounts):
            totals[values].append(total)
        return {
            values: Measured(totals[values], recorded, none)
            for values, recorded, none in _recorded(rows, keys, amounts, nones)
        }
    except EmptyResultSet:
        return {}


def _totals(rows: QuerySet, keys: Sequence[Links], amounts: QuerySet) -> list[tuple[Values, tuple]]:
    query = Query(rows, keys)
    query.join("JOIN", query.add(amounts), "amounts")
    apart = sorted(name for name in amounts.query.annotation_select if name.startswith("part_"))
    found = query.answer("sum(amounts.sum_of)", also_by=[f"amounts.{name}" for name in apart])
    # Without anything to group by there is one answer, even of no rows.
    return [(tuple(one[: len(keys)]), tuple(one[len(keys) :])) for one in found if one[-1] is not None]


def _recorded(
    rows: QuerySet, keys: Sequence[Links], amounts: QuerySet, nones: QuerySet
) -> list[tuple[Values, int, int]]:
    query = Query(rows, keys)
    query.join("LEFT JOIN", f"SELECT DISTINCT one.link_row FROM ({query.add(amounts)}) AS one", "recorded")
    query.join("LEFT JOIN", query.united([nones]), "none")
    found = query.answer("count(recorded.link_row)", "count(none.link_row) FILTER (WHERE recorded.link_row IS NULL)")
    return [(tuple(one[:-2]), *one[-2:]) for one in found]
