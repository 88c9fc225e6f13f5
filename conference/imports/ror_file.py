"""Reads the data dump of the Research Organization Registry, schema 2: JSON, or the zip in which it is published.

The dump is one list of more than a hundred megabytes. It is read piece by piece, one entry at a time.
"""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

PIECE = 256 * 1024
# No entry is a hundredth as long; what is longer is no list of entries.
LONGEST_ENTRY = 16 * 1024 * 1024
_SPACE = re.compile(r"[\s\ufeff]*")


class RORError(Exception):
    """Why the file can't be read, and where."""

    def __init__(self, line: int, reason: str):
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Name:
    """`kinds` are those of the registry: ror_display, label, alias, acronym."""

    text: str
    kinds: frozenset[str]


@dataclass(frozen=True)
class Entry:
    line: int
    ror: str
    names: tuple[Name, ...]
    country: str
    place: str
    active: bool

    @property
    def name(self) -> str:
        """What the registry shows."""
        shown = [name for name in self.names if "ror_display" in name.kinds] or [*self.names]
        return shown[0].text if shown else self.ror

    @property
    def acronym(self) -> str:
        return next((name.text for name in self.names if "acronym" in name.kinds), "")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The JSON itself, out of its zip where it lies in one. Raises RORError."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            file.seek(0)
            yield file
            return
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive, archive.open(member_of(archive)) as inside:
                yield inside
        except (zipfile.BadZipFile, EOFError) as error:
            raise RORError(1, f"the zip is damaged: {error}") from error


def member_of(archive: zipfile.ZipFile) -> str:
    """A zip of the years 2024 and 2025 has the dump in both schemas."""
    found = sorted(name for name in archive.namelist() if name.endswith(".json") and not name.startswith("__MACOSX"))
    if not found:
        raise RORError(1, "the zip has no JSON file in it")
    return next((name for name in found if "schema_v2" in name), found[0])


def entries(stream: BinaryIO) -> Iterator[Entry]:
    """Raises RORError."""
    for line, item in items(stream):
        yield entry(line, item)


def items(stream: BinaryIO) -> Iterator[tuple[int, Any]]:
    """The members of a list with the line on which each begins, held in memory one at a time."""
    reader = _Reader(stream)
    reader.expect("[", "the file is not a list of entries, as the dump of ROR is")
    if reader.next_sign() == "]":
        return
    while True:
        yield reader.member()
        sign = reader.next_sign()
        reader.skip(1)
        if sign == "]":
            return
        if sign != ",":
            raise RORError(reader.line, "the list breaks off" if not sign else f"a comma is missing before {sign!r}")


class _Reader:
    """A window that moves over the text."""

    def __init__(self, stream: BinaryIO):
        self.stream = stream
        self.decode = codecs.getincrementaldecoder("utf-8")().decode
        self.decoder = json.JSONDecoder()
        self.text = ""
        self.place = 0
        self.line = 1
        self.ended = False

    def more(self) -> bool:
        """Whether there was more to read."""
        if self.ended:
            return False
        piece = self.stream.read(PIECE)
        self.ended = not piece
        try:
            text = self.decode(piece, final=self.ended)
        except UnicodeDecodeError as error:
            raise RORError(self.line, "the file is not in UTF-8") from error
        self.text = self.text[self.place :] + text
        self.place = 0
        return bool(piece)

    def skip(self, signs: int) -> None:
        self.line += self.text.count("\n", self.place, self.place + signs)
        self.place += signs

    def next_sign(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            end = _SPACE.match(self.text, self.place).end()
            self.skip(end - self.place)
            if self.place < len(self.text):
                return self.text[self.place]
            if not self.more():
                return ""

    def expect(self, sign: str, reason: str) -> None:
        if self.next_sign() != sign:
            raise RORError(self.line, reason)
        self.skip(1)

    def member(self) -> tuple[int, Any]:
        self.next_sign()
        line = self.line
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.place)
            except (json.JSONDecodeError, RecursionError) as error:
                if len(self.text) - self.place > LONGEST_ENTRY or not self.more():
                    raise RORError(line, f"the entry that begins here is not JSON: {error}") from error
                continue
            self.skip(end - self.place)
            return line, value


def entry(line: int, item: Any) -> Entry:
    if isinstance(item, dict) and isinstance(item.get("name"), str) and "names" not in item:
        raise RORError(
            line, "this is schema 1 of ROR, which is no longer kept: take the file whose name ends in schema_v2.json"
        )
    try:
        places = [place.get("geonames_details") or {} for place in item.get("locations") or ()]
        return Entry(
            line=line,
            ror=str(item["id"]),
            names=tuple(
                Name(str(name["value"]), frozenset(name.get("types") or ())) for name in item["names"] if name["value"]
            ),
            country=str(places[0].get("country_code") or "").upper() if places else "",
            place=str(places[0].get("name") or "") if places else "",
            active=item.get("status") == "active",
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise RORError(line, "this is no entry of ROR in schema 2: it needs id and names") from error
