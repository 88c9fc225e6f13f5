"""The seating plan of an edition: a table in protocol order, with the text of each nameplate."""

from collections.abc import Iterable, Iterator
from typing import Any

from content.exports import tabular

COLUMNS = [
    "seat",
    "nameplate",
    "nameplate_language",
    "name",
    "code",
    "acronym",
    "category",
    "category_name",
    "level",
    "size",
    "head_honorific",
    "head_name",
    "head_title",
]


def to_seating(seats: dict[str, int], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """`seats`: the number of each by its id. `nameplate` is in the language of the order, `name` in the reader's."""
    return tabular.to_csv(COLUMNS, ({**row, "seat": seats[row["id"]]} for row in rows))
