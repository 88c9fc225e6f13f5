"""Tables that are written, read again by the same programs that people use and by our own import."""

import csv
import io
import json
import random
import zipfile
from itertools import islice

import pytest
import python_calamine

from content.exports import tabular, xlsx
from content.formulas import SIGNS, guarded, unguarded
from content.imports.table import read_table

ODD = [
    "plain",
    "=1+1",
    '=HYPERLINK("http://x.example","x")',
    "+49 30 1234",
    "-5",
    "@SUM(A1)",
    "＝1+1",
    "'quoted'",
    "''twice",
    "'",
    "=",
    " =cmd|'/c calc'!A0",
    "\u00a0=1",
    "a;=b",
    "_x0041_ is no A",
    "\U0001f600 中文 العربية",
    '<a href="x">&amp;</a>',
    "one\ntwo",
    "1,234",
    "00123",
    "TRUE",
]


def of(chunks) -> bytes:
    return b"".join(part.encode() if isinstance(part, str) else part for part in chunks)


def table(ending: str, rows: list[dict]) -> bytes:
    return of(getattr(tabular, f"to_{ending}")(list(rows[0]), rows))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("text", ODD)
def test_a_text_comes_back_as_it_was(ending, text):
    found = read_table(table(ending, [{"key": "k", "text": text}])).rows[0].values["text"]
    assert found == text


def test_guarding_is_undone_by_its_opposite_whatever_the_text():
    signs, letters = (*SIGNS, "'", " ", "\t", "\r", "\n"), random.Random(7)
    for _ in range(20_000):
        text = "".join(letters.choice((*signs, "a")) for _ in range(letters.randrange(6)))
        safe = guarded(text)
        assert unguarded(safe) == text
        assert not safe.lstrip().startswith(SIGNS)
        assert not safe.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("text", [text for text in ODD if text.lstrip().startswith(SIGNS)])
def test_no_cell_of_a_file_is_a_formula(text):
    rows = [{"text": text}]
    for line in csv.reader(io.StringIO(table("csv", rows).decode("utf-8-sig"))):
        assert not line[0].lstrip().startswith(SIGNS)
    sheet = zipfile.ZipFile(io.BytesIO(table("xlsx", rows))).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b't="inlineStr"' in sheet


def test_a_spreadsheet_holds_numbers_truths_and_nothing():
    rows = [{"a": 1, "b": 1.5, "c": True, "d": None, "e": "", "f": [], "g": {"slug": "s", "code": "CN"}, "h": 0}]
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(table("xlsx", rows))).get_sheet_by_index(0)
    assert sheet.to_python()[1] == [1.0, 1.5, True, "", "", "[]", "CN", 0.0]


def test_control_characters_and_halves_of_characters_do_not_break_a_spreadsheet():
    content = table("xlsx", [{"a": "x\x00\x0b\ud800\uffff\r\ny"}])
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_index(0).to_python()[1][0].startswith("x")


def test_the_first_bytes_leave_before_the_last_row_is_read():
    read = 0

    def rows():
        nonlocal read
        for _ in range(50_000):
            read += 1
            yield {"a": f"row {random.random()}", "b": read}

    chunks = tabular.to_xlsx(["a", "b"], rows())
    assert next(chunks).startswith(b"PK")
    assert read == 0
    assert len(list(islice(chunks, 2))) == 2
    assert read < 25_000
    for _ in chunks:
        pass
    assert read == 50_000


def test_the_same_rows_are_the_same_bytes():
    rows = [{"text": text, "n": number} for number, text in enumerate(ODD)]
    assert table("xlsx", rows) == table("xlsx", rows)


def test_more_rows_than_a_sheet_can_have_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    rows = [{"n": number} for number in range(5)]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(table("xlsx", rows)))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert sheets == [[["n"], [0.0], [1.0]], [["n"], [2.0], [3.0]], [["n"], [4.0]]]


def test_json_of_no_rows_is_json():
    assert json.loads(of(tabular.to_json(0, []))) == {"count": 0, "results": []}
