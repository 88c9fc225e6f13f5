"""Rows of plain values as CSV, NDJSON, JSON and XLSX. Null is an empty cell, none is [] or 0, as in the API.

Each function takes the keys of the table and an iterator of rows, and gives an iterator of parts, so that a table of
any length passes through a small memory.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from content.exports import xlsx
from content.formulas import guarded

Row = dict[str, Any]
_LEFT_OUT = "({count} items: too long for a cell of a spreadsheet, take the table as CSV or JSON)"
_IS_LEFT_OUT = re.compile(re.escape(_LEFT_OUT).replace(re.escape("{count}"), r"\d+"))


def cell(value: Any) -> str | int | float | bool | None:
    """One value for one cell: a reference is its code or slug, a list of them is joined, other parts are JSON."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, dict):
        return guarded(name_of(value)) if "slug" in value else compact(value)
    return list_cell(list(value))


def list_cell(values: list) -> str:
    if values and all(isinstance(item, dict) and "slug" in item and len(item) <= 5 for item in values):
        return guarded(";".join(name_of(item) for item in values))
    if values and all(isinstance(item, str) for item in values):
        return guarded(";".join(values))
    return compact(values)


def name_of(reference: dict) -> str:
    return reference.get("code") or reference["slug"]


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Echo:
    """What csv writes to: it gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def to_csv(keys: list[str], rows: Iterable[Row]) -> Iterator[str]:
    """RFC 4180, UTF-8, with a byte order mark, without which a spreadsheet reads Chinese wrongly."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(keys)
    for row in rows:
        yield writer.writerow(csv_cell(row.get(key)) for key in keys)


def csv_cell(value: Any) -> str | int | float | None:
    value = cell(value)
    return str(value).lower() if isinstance(value, bool) else value


def to_ndjson(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield compact(row) + "\n"


def to_json(count: int, rows: Iterable[Row], until: str = "") -> Iterator[str]:
    """The whole list as `{"count", "results"}`; of changes, with what to ask for next time."""
    yield f'{{"count":{count},"results":['
    for index, row in enumerate(rows):
        yield ("," if index else "") + compact(row)
    yield f'],"until":"{until}"}}\n' if until else "]}\n"


def to_xlsx(keys: list[str], rows: Iterable[Row]) -> Iterator[bytes]:
    return xlsx.to_workbook(keys, ([xlsx_cell(row.get(key)) for key in keys] for row in rows))


def xlsx_cell(value: Any) -> str | int | float | bool | None:
    """A text ends where its cell is full; half a list would be none that can be read, so words stand for it."""
    made = cell(value)
    if isinstance(value, list | dict) and isinstance(made, str) and len(made) > xlsx.LARGEST_CELL:
        return _LEFT_OUT.format(count=len(value))
    return made


def is_left_out(text: str) -> bool:
    """Whether the cell holds what stands for a list that did not fit."""
    return bool(_IS_LEFT_OUT.fullmatch(text))
