"""Tables as people send them, CSV and spreadsheets, as rows of texts with the line on which each begins.

What a spreadsheet holds as number, date or truth becomes the text that it shows in the ISO manner: 12, 1.5,
2023-11-06, 2023-11-06 09:00, 09:00, true. The apostrophe with which our own exports keep a text from being taken for a
formula is taken away again. In a spreadsheet the line is the number of the row.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine

from content.formulas import unguarded

LARGEST_FILE = 100 * 1024 * 1024
LARGEST_UNPACKED = 1024 * 1024 * 1024
LARGEST_CELL = 1_000_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 50
# How far down the head of a table is looked for.
HEAD_WITHIN = 50

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TableError(Exception):
    """The file as a whole can't be read as a table. Nothing of it comes in."""

    def __init__(self, line: int, reason: str):
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = reason


def content_of(path: Path) -> bytes:
    """Raises TableError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise TableError(1, f"the file is larger than {LARGEST_FILE // 1024 // 1024} MB: split it")
        return path.read_bytes()
    except OSError as error:
        raise TableError(1, f"the file can't be read: {error.strerror}") from error


class Line(NamedTuple):
    """`number` counts from 1. Cells are trimmed; a cell that isn't there is empty."""

    number: int
    cells: list[str]


class Row(NamedTuple):
    """The cells of a line by the names of their columns."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """`format` is csv or xlsx (which stands for every spreadsheet). Rows without any text are left out.

    `remarks` are warnings with their lines: what was guessed or left out while reading.
    """

    format: str
    head: int
    columns: list[str]
    rows: list[Row]
    remarks: list[tuple[int, str]] = field(default_factory=list)

    def samples(self, column: str, count: int = 3) -> list[str]:
        """The first different texts of a column, for somebody who has to say what it holds."""
        found: dict[str, None] = {}
        for row in self.rows:
            if text := row.values[column]:
                found[text[:60]] = None
            if len(found) == count:
                break
        return list(found)


def is_spreadsheet(content: bytes) -> bool:
    return content.startswith((_ZIP, _OLE))


def read_table(content: bytes, is_head: Callable[[list[str]], bool] = any) -> Table:
    """`is_head` tells the line with the names of the columns from titles that stand above it; the first line with any
    text is taken where it says yes to none of the first fifty. Raises TableError.
    """
    if len(content) > LARGEST_FILE:
        raise TableError(1, f"the file is larger than {LARGEST_FILE // 1024 // 1024} MB: split it")
    if not content.strip():
        raise TableError(1, "the file is empty")
    remarks: list[tuple[int, str]] = []
    if is_spreadsheet(content):
        return _table("xlsx", _spreadsheet_lines(content, is_head, remarks), is_head, remarks)
    return _table("csv", _csv_lines(_text(content, remarks)), is_head, remarks)


def _table(format: str, lines: Iterable[Line], is_head, remarks: list[tuple[int, str]]) -> Table:
    lines = [Line(line.number, line.cells) for line in lines if any(line.cells)]
    if not lines:
        raise TableError(1, "the table is empty")
    place = next((at for at, line in enumerate(lines[:HEAD_WITHIN]) if is_head(line.cells)), 0)
    head, below = lines[place], lines[place + 1 :]
    columns = _column_names(head, max((len(line.cells) for line in below), default=0), remarks)
    for line in lines[:place]:
        remarks.append((line.number, f"a line above the head of the table is left out: {' '.join(line.cells)[:80]}"))
    rows = [Row(line.number, _by_column(columns, line.cells)) for line in below]
    return Table(format, head.number, columns, rows, remarks)


def _column_names(head: Line, width: int, remarks: list[tuple[int, str]]) -> list[str]:
    """The names of the head on one line each; a column without one is called after its place, as in a spreadsheet."""
    names = [" ".join(name.split()) for name in head.cells]
    names += [""] * (width - len(names))
    while names and not names[-1] and len(names) > width:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise TableError(head.number, f"the table has more than {MOST_COLUMNS} columns")
    names = [name or letters(place) for place, name in enumerate(names, start=1)]
    return _told_apart(names, head.number, remarks)


def _told_apart(names: list[str], line: int, remarks: list[tuple[int, str]]) -> list[str]:
    """The second column of a name gets its letters behind it."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            names[place] = f"{name} ({letters(place + 1)})"
            remarks.append((line, f"two columns are called “{name}”: the second is taken as “{names[place]}”"))
        seen.add(name)
    return names


def _by_column(columns: list[str], cells: list[str]) -> dict[str, str]:
    return {name: cells[place] if place < len(cells) else "" for place, name in enumerate(columns)}


def letters(place: int) -> str:
    """The name of a column by its place from 1 on: A … Z, AA …"""
    text = ""
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


# ── CSV ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(content: bytes, remarks: list[tuple[int, str]]) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content:
        raise TableError(_line_of(content, b"\0"), "the file holds NUL characters, so it is no table of text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        remarks.append(
            (line, "the file is not UTF-8 and was read as Windows-1252: save it as UTF-8 if names look wrong")
        )
        return content.decode("cp1252", "replace")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(line, f"the bytes are not what the file declares, {encoding}: {error.reason}") from None
    if "\0" in text:
        raise TableError(text.count("\n", 0, text.index("\0")) + 1, "the file holds NUL characters")
    return text


def _line_of(content: bytes, what: bytes) -> int:
    return content.count(b"\n", 0, content.index(what)) + 1


def _csv_lines(text: str) -> Iterator[Line]:
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    if text.startswith(f"sep={delimiter}"):
        # A line for spreadsheets alone.
        next(reader)
        before = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TableError(before + 1, f"this is no table with commas between its cells: {error}") from None
        if cells is None:
            return
        yield Line(before + 1, [unguarded(cell.strip()) for cell in cells])
        before = reader.line_num
        if before > MOST_ROWS:
            raise TableError(before, f"the table has more than {MOST_ROWS:,} lines: split it")


def _delimiter(text: str) -> str:
    """The sign that cuts the first lines into the most cells, as many in each."""

    def regularity(delimiter: str) -> tuple[int, int]:
        widths = []
        for cells in csv.reader(io.StringIO(text[: 64 * 1024], newline=""), delimiter=delimiter):
            if any(cells):
                widths.append(len(cells))
            if len(widths) == SAMPLE:
                break
        width, lines = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (lines if width > 1 else 0, width)

    try:
        return max(DELIMITERS, key=regularity)
    except csv.Error:
        return ","


csv.field_size_limit(LARGEST_CELL)


# ── spreadsheets ───────────────────────────────────────────────────────────────────────────────────────────────────


def _spreadsheet_lines(content: bytes, is_head, remarks: list[tuple[int, str]]) -> list[Line]:
    """The first sheet that has a head, or else the first that has anything."""
    _refuse_bomb(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(name, _sheet_lines(book.get_sheet_by_name(name))) for name in book.sheet_names]
    except python_calamine.PasswordError:
        raise TableError(1, "the spreadsheet is protected by a password: save it without one") from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise TableError(1, f"this is no spreadsheet that can be read (xlsx, xls, ods): {error}") from None
    filled = [(name, lines) for name, lines in sheets if any(any(line.cells) for line in lines)]
    if not filled:
        raise TableError(1, "the spreadsheet is empty")
    with_head = [one for one in filled if any(is_head(line.cells) for line in one[1][:HEAD_WITHIN])]
    name, lines = (with_head or filled)[0]
    others = [other for other, _ in filled if other != name]
    if others:
        remarks.append((1, f"only the sheet “{name}” is read, not {', '.join(f'“{other}”' for other in others[:5])}"))
    return lines


def _refuse_bomb(content: bytes) -> None:
    if not content.startswith(_ZIP):
        return
    try:
        unpacked = sum(member.file_size for member in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile:
        raise TableError(1, "the file is cut off or damaged: its parts can't be unpacked") from None
    if unpacked > LARGEST_UNPACKED:
        raise TableError(1, "the spreadsheet is too large when unpacked: split it")


def _sheet_lines(sheet: Any) -> list[Line]:
    rows = sheet.to_python(skip_empty_area=False)
    if len(rows) > MOST_ROWS:
        raise TableError(1, f"the sheet has more than {MOST_ROWS:,} rows: split it")
    return [Line(number, [_cell_text(value) for value in row]) for number, row in enumerate(rows, start=1)]


def _cell_text(value: Any) -> str:
    if isinstance(value, str):
        return unguarded(value.strip()).replace("\r\n", "\n").replace("_x000D_\n", "\n")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return str(int(value)) if math.isfinite(value) and value == int(value) else repr(value)
    if isinstance(value, datetime):
        text = value.isoformat(" ", "seconds")
        return text.removesuffix(" 00:00:00").removesuffix(":00") if text.endswith(":00") else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return "" if value is None else str(value)
