"""What the records on file say to a published figure: the count of a listing beside the value that was claimed."""

from decimal import Decimal
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from content.choices import Qualifier, RecordsCheckState
from content.listing import LISTINGS, BadParameters, Selection, counts

State = RecordsCheckState


class RecordsCheck(NamedTuple):
    """Without a count there is no state, but a `refusal`: why the records can't be counted."""

    state: str
    count: int | None
    refusal: str = ""


def counts_on_file(pairs: set[tuple[str, str]], language: str) -> dict[tuple[str, str], int]:
    """How many public rows each pair of collection and filter has, all in one query.

    A pair whose filter asks for what is not, or no longer, public has no count; see `refused`.
    """
    selections = {pair: asked for pair in sorted(pairs) if (asked := selection_of(*pair, language)) is not None}
    return dict(zip(selections, counts(list(selections.values())), strict=True))


def selection_of(collection: str, query: str, language: str) -> Selection | None:
    try:
        return LISTINGS[collection].select(QueryDict(query), language)
    except (KeyError, BadParameters):
        return None


def refused(collection: str, query: str, language: str) -> RecordsCheck:
    """Of a pair without a count: what is wrong with it, in words for staff, since they name what may be hidden."""
    if collection not in LISTINGS:
        return RecordsCheck("", None, _("There is no collection “%(name)s”.") % {"name": collection})
    try:
        LISTINGS[collection].select(QueryDict(query), language)
    except BadParameters as error:
        return RecordsCheck("", None, str(error))
    # It was refused a moment ago.
    return RecordsCheck("", None, f"{collection}?{query}")


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
