"""A table as a spreadsheet (Office Open XML, ECMA-376), sent while its rows are read.

Libraries write the parts of the archive to disk first, so that the first byte leaves after the last row. Here the
sheet is packed row by row, with its texts in the cells; the same rows are the same bytes.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
LARGEST_CELL = 32_767
# Of one sheet as text: beyond two gigabytes an archive needs extensions that programs do not all read.
LARGEST_SHEET = 1_500_000_000
CHUNK = 64 * 1024
NO_DATE = (1980, 1, 1, 0, 0, 0)

# What XML may not hold, a carriage return, which it would make a line break, and what looks like the escape itself.
ESCAPED = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4}_)")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

CONTENT_TYPES = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>'
)
ROOT = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
SHEET = (
    f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"


class Outflow:
    """What the archive is written to: it keeps what is not sent yet."""

    def __init__(self):
        self.parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        parts, self.parts, self.size = self.parts, [], 0
        return b"".join(parts)


def to_workbook(keys: list[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """A head that stays in view, and a cell for each value: text, number, truth or nothing. Beyond the rows that a
    sheet can have, the table goes on in the next.
    """
    outflow, rows, sheets = Outflow(), iter(rows), 0
    with zipfile.ZipFile(outflow, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", CONTENT_TYPES), ("_rels/.rels", ROOT), ("xl/styles.xml", STYLES)):
            archive.writestr(part(name), text)
        yield outflow.taken()
        more = True
        while more:
            sheets += 1
            with archive.open(part(f"xl/worksheets/sheet{sheets}.xml"), "w") as sheet:
                more = yield from write_sheet(sheet, keys, rows, outflow)
        archive.writestr(part("xl/workbook.xml"), workbook(sheets))
        archive.writestr(part("xl/_rels/workbook.xml.rels"), relations(sheets))
    yield outflow.taken()


def write_sheet(sheet, keys: list[str], rows: Iterator[list[Any]], outflow: Outflow) -> Iterator[bytes]:
    """Gives back whether the sheet is full and rows may be left."""
    columns = [letters(place) for place in range(1, len(keys) + 1)]
    waiting, size, written = [SHEET, row_text(1, columns, keys, ' s="1"')], 0, 0
    full = False
    for number, row in enumerate(rows, start=2):
        text = row_text(number, columns, row)
        waiting.append(text)
        size += len(text)
        if size >= CHUNK:
            written += sheet.write("".join(waiting).encode())
            waiting, size = [], 0
            if outflow.size >= CHUNK:
                yield outflow.taken()
        if full := number == MOST_ROWS or written > LARGEST_SHEET:
            break
    sheet.write("".join([*waiting, SHEET_END]).encode())
    return full


def row_text(number: int, columns: list[str], values: list[Any], style: str = "") -> str:
    cells = (
        cell_text(f"{column}{number}", value, style)
        for column, value in zip(columns, values, strict=True)
        if value is not None
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def cell_text(place: str, value: Any, style: str) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}"{style} t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"{style}><v>{value!r}</v></c>'
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'


def escaped(text: str) -> str:
    text = ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text[:LARGEST_CELL])
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def letters(place: int) -> str:
    """The name of a column by its place from 1 on: A … Z, AA …"""
    text = ""
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def part(name: str) -> zipfile.ZipInfo:
    """Not with the hour at which it is written."""
    info = zipfile.ZipInfo(name, NO_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def workbook(sheets: int) -> str:
    named = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, sheets + 1))
    return f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{named}</sheets></workbook>'


def relations(sheets: int) -> str:
    named = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    styles = f'<Relationship Id="rId{sheets + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{named}{styles}</Relationships>'
