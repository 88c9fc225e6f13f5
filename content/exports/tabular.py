"""Rows of plain values as CSV, NDJSON, JSON and XLSX. Null is an empty cell, none is [] or 0, as in the API.

Each function takes the keys of the table and an iterator of rows, and gives an iterator of parts, so that a table of
any length passes through a small memory.
"""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import xlsxwriter

# A spreadsheet would take a text that begins so for a formula; an apostrophe makes it a text again.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LARGEST_CELL = 32_767
CHUNK = 64 * 1024
NO_DATE = datetime(2000, 1, 1)  # noqa: DTZ001 (a spreadsheet knows no zones)

Row = dict[str, Any]


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


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "'")) else text


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


def to_json(count: int, rows: Iterable[Row]) -> Iterator[str]:
    """The whole list as `{"count", "results"}`."""
    yield f'{{"count":{count},"results":['
    for index, row in enumerate(rows):
        yield ("," if index else "") + compact(row)
    yield "]}\n"


def to_xlsx(keys: list[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """One sheet with a head that stays in view. It is written to a file on disk, since its index comes last."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(file, options)
        # Not the hour at which it is written: the same rows give the same file.
        book.set_properties({"created": NO_DATE})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, keys, book.add_format({"bold": True}))
        for index, row in enumerate(rows, start=1):
            for column, key in enumerate(keys):
                write_cell(sheet, index, column, row.get(key))
        book.close()
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def write_cell(sheet, row: int, column: int, value: Any) -> None:
    value = cell(value)
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value[:LARGEST_CELL])
