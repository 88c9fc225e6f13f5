"""The rows of a list of participants as they are meant: cleaned, nulls taken out, the honorific beside the name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from conference.imports.fitting import length
from conference.imports.person_names import is_only_honorific, read_name
from conference.imports.texts import cut
from conference.imports.values import shown
from conference.models import DelegationMember, Person
from content.imports.columns import TOGETHER
from content.imports.spelling import clean, spelling
from content.imports.table import Row

Report = Callable[[int, str], None]

# What nobody means as a text, in any column.
_EMPTY = frozenset({"-", "--", "---", "–", "—", ".", "..", "…", "#n/a", "#n/d", "n/a", "_"})
# What may mean nothing: worth a hint where nobody has said so.
_PERHAPS_EMPTY = frozenset({"na", "null", "none", "nan", "nil", "n.a.", "unknown", "(null)", "<na>"})
_HINTED = ("category", "honorific", "title", "affiliation")
_MOST = {
    "name": length(Person, "name"),
    "honorific": length(DelegationMember, "honorific"),
    "title": length(DelegationMember, "title"),
    "affiliation": length(DelegationMember, "affiliation"),
}


@dataclass(slots=True)
class Delegate:
    """One row. `code` is as in the file, nulls too, since they may be a country's: see delegate_plan.py.

    `heading`: no person, but the name of the delegation of the rows below it.
    """

    line: int
    delegation: str
    code: str
    category: str
    honorific: str
    name: str
    title: str
    affiliation: str
    refusal: str = ""
    heading: bool = False


def read_rows(
    rows: Sequence[Row], columns: Mapping[str, tuple[str, ...]], nulls: Iterable[str], warn: Report
) -> list[Delegate]:
    reader = _Reader(columns, nulls, warn)
    delegates = [reader.read(row) for row in rows]
    reader.hint()
    if "delegation" in columns:
        _carry_on(delegates, columns, warn)
    for one in delegates:
        if not one.refusal and not one.heading and not one.name:
            one.refusal = "no name of a person"
    return delegates


class _Reader:
    def __init__(self, columns: Mapping[str, tuple[str, ...]], nulls: Iterable[str], warn: Report):
        self.columns = columns
        self.nulls = {spelling(text) for text in nulls}
        self.warn = warn
        self.hints: dict[tuple[str, str], list[int]] = {}

    def read(self, row: Row) -> Delegate:
        values = {field: self._cell(row, field) for field in self.columns}
        name = read_name(values.get("name", ""), values.get("honorific", ""))
        if is_only_honorific(name.name):
            name = name._replace(name="")
        values |= {"name": name.name, "honorific": name.honorific}
        for field, most in _MOST.items():
            if len(text := values.get(field, "")) > most:
                self.warn(
                    row.line,
                    f"the {field} has {len(text)} characters, {most} fit: the rest of {shown(text)} is cut off",
                )
                values[field] = cut(text, most)
        return Delegate(
            row.line,
            *(
                values.get(field, "")
                for field in ("delegation", "code", "category", "honorific", "name", "title", "affiliation")
            ),
        )

    def _cell(self, row: Row, field: str) -> str:
        parts = []
        for column in self.columns[field]:
            text, had_controls = clean(row.values[column])
            if had_controls:
                self.warn(row.line, f"control characters are left out of {column}")
            parts.append("" if self._is_null(text, field, row.line) else text)
        return " ".join(filter(None, parts))

    def _is_null(self, text: str, field: str, line: int) -> bool:
        written = spelling(text)
        if field == "code":
            return written in _EMPTY
        if written in self.nulls or written in _EMPTY:
            return True
        if written in _PERHAPS_EMPTY and field in _HINTED:
            self.hints.setdefault((field, text), []).append(line)
        return False

    def hint(self) -> None:
        for (field, text), lines in self.hints.items():
            count = f"{len(lines)} times" if len(lines) > 1 else "once"
            self.warn(lines[0], f"{text!r} stands {count} as {field}: if it means nothing, import with --null {text}")


def _carry_on(delegates: list[Delegate], columns: Mapping[str, tuple[str, ...]], warn: Report) -> None:
    """In some lists a delegation is named once, above or beside its first member.

    That is so where no delegation is named twice in a row and most members have none; elsewhere an empty cell is a
    slip, and refused later.
    """
    named = [one for one in delegates if one.delegation]
    without = [one for one in delegates if not one.delegation and not one.code and one.name]
    pairs = pairwise(delegates)
    repeated = any(one.delegation and one.delegation == other.delegation for one, other in pairs)
    if repeated or len(without) < 2 or len(without) * 2 < len(named) or not delegates[0].delegation:
        return
    above = delegates[0]
    for one in delegates:
        if one.delegation:
            above = one
            one.heading = not one.name and not one.title
        elif not one.code and one.name:
            one.delegation, one.code = above.delegation, above.code
            one.category = one.category or above.category
    warn(
        without[0].line,
        f"{len(without)} rows name no delegation and are taken as of the one above them, as this list names each once",
    )


def column_words(columns: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{field}={TOGETHER.join(names)}" for field, names in columns.items())
