"""What the records on file say to a published figure: the count of a listing beside the value that was claimed."""

from decimal import Decimal
from typing import NamedTuple

from django.db.models import Func, IntegerField, QuerySet, Value
from django.http import QueryDict

from content.choices import Qualifier, RecordsCheckState
from content.listing import LISTINGS, BadParameters

State = RecordsCheckState


class WholeCount(Func):
    """COUNT without GROUP BY: of a Count beside a constant, Django would make a group of each row."""

    function = "COUNT"
    output_field = IntegerField()


class RecordsCheck(NamedTuple):
    state: str
    count: int | None


def counts_on_file(pairs: set[tuple[str, str]], language: str) -> dict[tuple[str, str], int]:
    """How many public rows each pair of collection and filter has, all in one query.

    A pair whose filter asks for what is not, or no longer, public has no count.
    """
    selections = {pair: rows for pair in sorted(pairs) if (rows := asked_rows(*pair, language)) is not None}
    ordered = list(selections)
    queries = [
        rows.order_by().annotate(pair=Value(index), rows=WholeCount("pk")).values_list("pair", "rows")
        for index, rows in enumerate(selections.values())
    ]
    if not queries:
        return {}
    found = dict(queries[0].union(*queries[1:], all=True))
    return {pair: found.get(index, 0) for index, pair in enumerate(ordered)}


def asked_rows(collection: str, query: str, language: str) -> QuerySet | None:
    try:
        return LISTINGS[collection].select(QueryDict(query), language).queryset
    except (KeyError, BadParameters):
        return None


def check(value: Decimal | None, qualifier: str, count: int) -> RecordsCheck:
    """The rule of the contract. Where there is no record at all, nothing was recorded, whatever was claimed."""
    if count == 0:
        return RecordsCheck(State.NOT_RECORDED, 0)
    if qualifier == Qualifier.SEVERAL:
        return RecordsCheck(State.AGREES if count >= 2 else State.FEWER_ON_FILE, count)
    if _agrees(value, qualifier, count):
        return RecordsCheck(State.AGREES, count)
    fewer = count <= value if qualifier == Qualifier.MORE_THAN else count < value
    return RecordsCheck(State.FEWER_ON_FILE if fewer else State.MORE_ON_FILE, count)


def _agrees(value: Decimal, qualifier: str, count: int) -> bool:
    return {
        Qualifier.EXACT: count == value,
        Qualifier.MORE_THAN: count > value,
        Qualifier.ABOUT: abs(count - value) <= value / 10,
        Qualifier.UP_TO: count <= value,
    }[qualifier]
