"""Rows of a table as they are meant: each cell read by the column of the collection that it belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from conference.imports.tables.collection import Collection
from conference.imports.tables.columns import NONE, NULL, At, Column, Said, Text, fills_cell
from conference.imports.tables.heads import Chosen, is_uuid
from conference.imports.tables.references import Known
from content import languages
from content.exports.tabular import is_left_out
from content.fields import SLUG_PATTERN
from content.imports.cells import shown
from content.imports.spelling import plain, spelling
from content.imports.table import Row

# What nobody means as a text, in any column but those of our own tables.
_EMPTY = frozenset({"-", "--", "---", "–", "—", ".", "..", "…", "#n/a", "#n/d", "n/a", "_"})
# Of a list: known to be empty.
_NONE = frozenset(
    "none|no partners|aucun|aucune|neant|ninguno|ninguna|net|нет|无|没有|لا يوجد|لا شيء|لا توجد".split("|")
)
_MOST_HINTS = 5000


@dataclass
class RowRead:
    """`values` by field; those of texts are lists of `Said`. `remarks` are what they are about and what is said."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    uuid: UUID | None = None
    slug: str = ""
    sample: bool = False
    at: At | None = None
    remarks: list[tuple[str, str]] = field(default_factory=list)
    refusal: str = ""
    label: str = ""

    def names(self, title: str) -> list[str]:
        said = self.values.get(title, ())
        return [one.text for one in said if one.text is not NULL]


class Reader:
    """Reads row by row; what the cells of a column say of each other is asked first."""

    def __init__(
        self,
        collection: Collection,
        chosen: Mapping[str, Chosen],
        known: Known,
        nulls: Iterable[str],
        own: bool,
        columns: Sequence[str],
    ):
        self.collection = collection
        self.chosen = chosen
        self.known = known
        self.nulls = {spelling(text) for text in nulls}
        self.own = own
        self.has_fallback = "fallback" in columns and own
        self.has_sample = "sample" in columns and own
        self.hints: dict[str, Any] = {}

    def read_all(self, rows: Sequence[Row]) -> list[RowRead]:
        for name, column in self._columns():
            cells = (self._joined(row, name) for row in rows[:_MOST_HINTS])
            self.hints[name] = column.survey(text for text in cells if text and spelling(text) not in self.nulls)
        return [self._read(row) for row in rows]

    def _columns(self) -> Iterable[tuple[str, Column]]:
        for name in self.chosen:
            if column := self.collection.by_name.get(name.partition(".")[0]):
                yield name, column

    def _read(self, row: Row) -> RowRead:
        read = RowRead(row.line)
        try:
            read.at = At(
                self.known,
                self.own,
                say=lambda about, text: read.remarks.append((about, text)),
                language=self._language(row),
                fallback=self._fallback(row),
            )
            self._identify(row, read)
            for name, column in self._columns():
                self._read_cell(row, read, name, column)
            self.collection.gather(read.values, read.at)
        except ValueError as error:
            read.refusal = str(error)
        read.label = next(iter(read.names(self.collection.title)), "") or read.slug or self._joined_title(row)
        return read

    def _read_cell(self, row: Row, read: RowRead, name: str, column: Column) -> None:
        text = self._joined(row, name)
        if not text or (not self.own and spelling(text) in _EMPTY - self.nulls):
            return
        if self.own and is_left_out(text):
            self._tell_long(read, name)
            return
        try:
            value = self._value(text, column, replace(read.at, hint=self.hints[name]))
        except ValueError:
            # Our own tables once ended lists where the cell was full.
            if not (self.own and column.is_list and fills_cell(text)):
                raise
            self._tell_long(read, name)
            return
        if value is None:
            return
        if isinstance(column, Text):
            read.values.setdefault(column.name, []).append(Said(name.partition(".")[2], value))
        else:
            read.values[column.name] = value

    def _tell_long(self, read: RowRead, name: str) -> None:
        about = f"the list of {name} is longer than a spreadsheet's cell, and left as it is: take the table as CSV"
        read.remarks.append((f"cut {read.line} {name}", about))

    def _value(self, text: str, column: Column, at: At) -> Any:
        if spelling(text) in self.nulls and column.is_null(text, at.hint):
            return NULL
        if column.is_list and self._is_none(text):
            return NONE
        return column.read(text, at)

    def _is_none(self, text: str) -> bool:
        return text == "[]" or (plain(text) in _PLAIN_NONE and not self.known.names_organisation(text))

    def _joined(self, row: Row, name: str) -> str:
        chosen = self.chosen[name]
        if chosen.fixed:
            return chosen.fixed
        column = self.collection.by_name.get(name.partition(".")[0])
        parts = [row.values[one] for one in chosen.columns]
        if len(parts) == 1:
            return parts[0]
        parts = [part for part in parts if spelling(part) not in self.nulls]
        return (";" if column and column.is_list else " ").join(filter(None, parts))

    def _joined_title(self, row: Row) -> str:
        title = next((name for name in self.chosen if name.partition(".")[0] == self.collection.title), "")
        return self._joined(row, title)[:100] if title else ""

    def _identify(self, row: Row, read: RowRead) -> None:
        if "id" in self.chosen and (text := self._joined(row, "id")) and is_uuid(text):
            read.uuid = UUID(text)
        if "slug" in self.chosen:
            read.slug = self._slug(self._joined(row, "slug"))
        if self.has_sample:
            read.sample = row.values["sample"].lower() == "true"

    def _slug(self, text: str) -> str:
        if text and (len(text) > 100 or not re.fullmatch(SLUG_PATTERN, text)):
            raise ValueError(f"{shown(text)} is no slug: small letters, digits and single hyphens")
        return text

    def _language(self, row: Row) -> str:
        if "lang" not in self.chosen:
            return ""
        text = plain(self._joined(row, "lang")).replace(" ", "-")
        text = {"zh": "zh-hans", "zh-cn": "zh-hans", "cn": "zh-hans", "all": ""}.get(text, text)
        return text if text in languages.CODES else ""

    def _fallback(self, row: Row) -> Mapping[str, str] | None:
        if not self.has_fallback:
            return None
        try:
            said = json.loads(row.values["fallback"] or "{}")
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise ValueError(f"{shown(row.values['fallback'])} does not say which texts are in which language")
        return {name: code for name, code in said.items() if code in languages.CODES}


_PLAIN_NONE = frozenset(map(plain, _NONE))
