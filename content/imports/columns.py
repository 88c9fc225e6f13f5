"""Which column of a table holds what, as somebody says, and which of its rows are meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from content.imports.spelling import spelling
from content.imports.table import Row, Table

# The sign between the columns that one field is put together from.
TOGETHER = "+"


class ColumnError(Exception):
    """A field or a column that doesn't exist; the message names those that do."""


class NothingMeant(Exception):
    """No row is to be read; the message says why, the line where."""

    def __init__(self, line: int, reason: str):
        super().__init__(reason)
        self.line = line
        self.reason = reason


def as_head(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_head(needed: Iterable[str], known: Callable[[Collection[str]], int]) -> Callable[[list[str]], bool]:
    """For `read_table`: whether a line names columns, all of those that are needed or two that are `known`, which
    says how many of the names are.
    """
    wanted = [(as_head(column), {as_head(piece) for piece in column.split(TOGETHER)}) for column in needed]

    def check(cells: list[str]) -> bool:
        names = {as_head(cell) for cell in cells if cell}
        if wanted:
            return all(column in names or pieces <= names for column, pieces in wanted)
        return known(names) >= min(2, max(len(names), 1))

    return check


def read_pairs(texts: Iterable[str], option: str) -> list[tuple[str, str]]:
    """The two sides of FIELD=COLUMN. Raises ColumnError."""
    pairs = []
    for text in texts:
        left, sign, right = text.partition("=")
        if not sign or not left.strip():
            raise ColumnError(f"{option} {text!r}: write it with an equals sign between the two")
        pairs.append((left.strip(), right.strip()))
    return pairs


def read_map(texts: Iterable[str], fields: Sequence[str]) -> dict[str, str]:
    """Field → column, or columns with + between them. Raises ColumnError."""
    chosen: dict[str, str] = {}
    for name, column in read_pairs(texts, "--map"):
        if name not in fields:
            raise ColumnError(f"there is no field {name!r}; the fields are {', '.join(fields)}")
        if name in chosen:
            raise ColumnError(f"the field {name} is mapped twice, to {chosen[name]!r} and to {column!r}")
        if not column:
            raise ColumnError(f"the field {name} is mapped to no column")
        chosen[name] = column
    return chosen


def columns_of(chosen: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of the table that are meant, whatever their capitals. Raises ColumnError."""
    by_name = {as_head(column): column for column in reversed(columns)}
    by_name |= {column: column for column in columns}
    for pieces in ([chosen], chosen.split(TOGETHER)):
        found = [by_name.get(piece.strip()) or by_name.get(as_head(piece)) for piece in pieces]
        if all(found):
            return tuple(found)
    raise ColumnError(f"there is no column {chosen!r}; the columns are {', '.join(columns)}")


def where(table: Table, conditions: Iterable[tuple[str, str]]) -> tuple[list[Row], str]:
    """The rows that are meant, and why there are none. One column with several values: any of them."""
    wanted: dict[str, set[str]] = {}
    for column, value in conditions:
        (name,) = columns_of(column, table.columns)[:1]
        wanted.setdefault(name, set()).add(spelling(value))
    rows = [row for row in table.rows if all(spelling(row.values[name]) in wanted[name] for name in wanted)]
    if rows or not wanted:
        return rows, "" if rows else "the table has no rows under its head"
    name = next(
        (name for name in wanted if not any(spelling(row.values[name]) in wanted[name] for row in table.rows)), ""
    )
    if not name:
        return rows, "no row has all of what is asked for"
    existing = Counter(row.values[name] for row in table.rows if row.values[name])
    return (
        rows,
        f"no row has this in {name}; it has {', '.join(text for text, _ in existing.most_common(20)) or 'nothing'}",
    )
