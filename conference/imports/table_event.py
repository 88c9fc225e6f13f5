"""Reads one row of a table as an event, all but its time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from conference.imports import values
from conference.imports.assembly import Draft, Notebook
from conference.imports.clock import When
from conference.imports.json_values import label, texts_of
from conference.imports.parsed import Link, Offered, Person, RefusedError, folded
from conference.imports.states import STATES
from conference.imports.table_columns import ROLES, TEXTS
from conference.imports.values import shown
from content.imports.table import Row, Table
from content.languages import CODES

# As much as a spreadsheet keeps of one text.
_LARGEST_CELL = 32_767
# What is called by a name or, in our own tables, by its slug.
NAMED = ("room", "venue", "track", "type", "section")
_STATES = STATES | {
    word: state
    for state, words in {
        "cancelled": "annulé|annulée|cancelado|cancelada|отменено|отменён|отменена|已取消|取消|ملغى|ملغاة|abgesagt",
        "tentative": "provisoire|provisional|предварительно|待定|暂定|مبدئي|vorläufig",
        "confirmed": "confirmé|confirmée|confirmado|confirmada|подтверждено|已确认|确认|مؤكد|bestätigt",
    }.items()
    for word in words.split("|")
}
_ROLE_WORDS = {
    **{role: role for role in ROLES},
    "speaker": "speaker",
    "panelist": "panellist",
    "moderation": "moderator",
}
_BEHIND_NAME = re.compile(r"^(.*?)\s*[(（]([^()（）]*)[)）]\s*$")
_SURE_SEPARATORS = re.compile(r"\s*[;；\n|、]\s*")
_COMMAS = re.compile(r"\s*[,，،]\s*|\s+(?:&|and|et|und|y|и)\s+")


class RowReader:
    def __init__(self, table: Table, columns: dict[str, str], notes: Notebook, *, own: bool):
        self.columns = columns
        self.notes = notes
        self.own = own
        self.is_spreadsheet = table.format == "xlsx"
        persons = [column for column, field in columns.items() if field == "speakers" or field in ROLES]
        cells = [row.values[column] for row in table.rows for column in persons]
        # "Doe, Jane; Roe, John": where there is a surer sign, commas are parts of names.
        self.between = _SURE_SEPARATORS if any(_SURE_SEPARATORS.search(cell) for cell in cells) else _COMMAS

    def read(self, row: Row, when: When) -> Draft:
        """Raises RefusedError."""
        said = {field: row.values[column] for column, field in self.columns.items()}
        texts = self._texts(row.line, said)
        title = " ".join(
            (said.get("title") if "title" not in texts else next(iter(texts["title"].values()), "")).split()
        )
        if not title:
            raise RefusedError("the row has no title")
        guid, number = self._identity(said)
        languages, unknown = values.read_languages(said.get("languages", "").replace("\n", ", "))
        for word in unknown:
            self.notes.warn(row.line, f"language {shown(word)} is not a language's code or name: it is left out")
        links = list(self._links(row.line, said.get("links", "")))
        fields = {
            "line": row.line,
            "title": title,
            "guid": guid,
            "id": number,
            "slug": said.get("slug", ""),
            "subtitle": self._plain(texts, said, "subtitle"),
            "abstract": self._plain(texts, said, "abstract"),
            "texts": texts,
            "state": self._state(row.line, said),
            "languages": languages,
            # Ours is where the session's page is, not a website of its own.
            "url": "" if self.own else self._address(row.line, said.get("url", "")),
            "recording_url": self._address(row.line, said.get("recording_url", "")),
            "links": tuple(link for link in links if link.type != "attachment"),
            "attachments": tuple(link for link in links if link.type == "attachment"),
            **self._places(said),
            **(self._own_relations(row.line, said) if self.own else {}),
        }
        return Draft(row.line, when, fields, list(self._persons(row.line, said)))

    # ── texts ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _texts(self, line: int, said: dict[str, str]) -> dict[str, dict[str, str]]:
        """Those that say in which language they are: a column for each, or as `lang=all` has it all in one cell."""
        found: dict[str, dict[str, str]] = {}
        for field in TEXTS:
            if of_columns := {code: text for code in CODES if (text := said.get(f"{field}:{code}", ""))}:
                found[field] = of_columns
            elif self.own and said.get(field):
                found[field] = self._own_texts(line, field, said)
        return {field: texts for field, texts in found.items() if texts}

    def _own_texts(self, line: int, field: str, said: dict[str, str]) -> dict[str, str]:
        text = said[field]
        if self.is_spreadsheet and len(text) >= _LARGEST_CELL:
            self.notes.warn(line, f"the {field} is longer than a cell of a spreadsheet: what is on file stays")
            return {}
        if said.get("lang") == "all":
            return texts_of(self._json(line, text))
        fallback = self._json(line, said.get("fallback", ""))
        code = label(fallback.get(field)) if isinstance(fallback, dict) else ""
        return {code or said.get("lang") or "en": text}

    def _plain(self, texts: dict[str, dict[str, str]], said: dict[str, str], field: str) -> str:
        if field in texts:
            return next(iter(texts[field].values()))
        return "" if self.own else said.get(field, "")

    # ── other fields ───────────────────────────────────────────────────────────────────────────────────────────

    def _identity(self, said: dict[str, str]) -> tuple[str, str]:
        """A UUID, wherever it stands, is one; else the id."""
        guid, number = values.read_guid(said.get("guid", "")), said.get("id", "")
        if not guid and values.is_uuid(number):
            return values.read_guid(number), ""
        return guid, number

    def _places(self, said: dict[str, str]) -> dict[str, str]:
        """In our own tables a room, a venue, a track, a type and a section are called by their slugs."""
        names = {field: " ".join(said.get(field, "").split()) for field in NAMED}
        return {**names, **({f"{field}_slug": name for field, name in names.items()} if self.own else {})}

    def _own_relations(self, line: int, said: dict[str, str]) -> dict[str, Any]:
        entries = self._json(line, said.get("interpretation", ""))
        offered = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        return {
            "parent": said.get("parent", ""),
            "interpretation": tuple(
                Offered(label(one.get("language")), label(one.get("mode")), label(one.get("channel")))
                for one in offered
            ),
        }

    def _state(self, line: int, said: dict[str, str]) -> str:
        word = said.get("state", "")
        state = _STATES.get(folded(word), "")
        if word and not state:
            self.notes.warn(line, f"state {shown(word)} is not known: it is left out")
        return state

    def _address(self, line: int, text: str) -> str:
        return values.tried(values.read_address, text, line, self.notes.warn, base="") or ""

    def _links(self, line: int, text: str) -> Iterator[Link]:
        entries = self._json(line, text) if self.own else None
        if isinstance(entries, list):
            for entry in entries:
                if isinstance(entry, dict) and entry.get("address"):
                    yield Link(str(entry["address"]), label(entry.get("label")), label(entry.get("kind")))
            return
        for part in re.split(r"[\s;|]+", text):
            if url := self._address(line, part):
                yield Link(url)

    def _json(self, line: int, text: str) -> Any:
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            self.notes.warn(line, f"a cell is not as it was written, perhaps cut off: {shown(text)} is left out")
            return None

    # ── persons ────────────────────────────────────────────────────────────────────────────────────────────────

    def _persons(self, line: int, said: dict[str, str]) -> Iterator[tuple[Person, str]]:
        if self.own:
            yield from self._own_persons(line, said.get("participations", ""))
            return
        found: dict[tuple[str, str], tuple[Person, str]] = {}
        for field in ("chair", "moderator", "keynote", "speakers", "panellist", "rapporteur", "interpreter", "host"):
            for part in self.between.split(said.get(field, "")):
                name, role = self._name(line, part, "" if field == "speakers" else field)
                if name:
                    found.setdefault((folded(name), role), (Person("", name, line), role))
        yield from found.values()

    def _name(self, line: int, text: str, role: str) -> tuple[str, str]:
        """A role may stand behind the name; what else stands there belongs to no field."""
        match = _BEHIND_NAME.match(text.strip())
        if not match or not match[1]:
            return " ".join(text.split()), role
        if known := _ROLE_WORDS.get(folded(match[2])):
            return match[1], known
        self.notes.warn_once(line, "what stands in parentheses behind a name is no role and left out")
        return match[1], role

    def _own_persons(self, line: int, text: str) -> Iterator[tuple[Person, str]]:
        entries = self._json(line, text)
        for entry in entries if isinstance(entries, list) else []:
            speaker = entry.get("speaker") if isinstance(entry, dict) else None
            if isinstance(speaker, dict) and (name := label(speaker.get("name"))):
                names = texts_of(speaker.get("name"))
                guid = values.read_guid(str(speaker.get("id") or ""))
                yield (
                    Person("", name, line, guid=guid, slug=str(speaker.get("slug") or ""), names=names),
                    label(entry.get("role")),
                )
