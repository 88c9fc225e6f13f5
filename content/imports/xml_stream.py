"""Reads an XML file of unknown origin piece by piece, within limits, and says where it is wrong.

The encoding is undone here, not in expat: so any that Python knows can be read, and a wrong byte has a line.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from xml.parsers import expat

from content.imports.problems import FileError, Problem, quoted

CHUNK = 64 * 1024


@dataclass(frozen=True)
class XmlKind:
    """What a format calls itself, and its limits; None is without one. A larger tag or comment is refused as such.

    `split` says how a file that is too large is imported all the same.
    """

    name: str
    largest_file: int | None
    most_elements: int | None
    largest_tag: int = 2 * 1024 * 1024
    deepest: int = 50
    split: str = "import it in parts"

    @property
    def html_page(self) -> str:
        return f"this is an HTML page, not {self.name}: perhaps a login or error page was saved"


_OTHER_FORMATS = (
    (b"\x1f\x8b", "this is a gzip file: unpack it first"),
    (b"PK\x03\x04", "this is a zip file (or a spreadsheet): unpack or export it first"),
    (b"BZh", "this is a bzip2 file: unpack it first"),
    (b"\xfd7zXZ\x00", "this is an xz file: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "this is a Zstandard file: unpack it first"),
    (b"%PDF", "this is a PDF file, not {name}"),
    (b"BEGIN:VCALENDAR", "this is an iCalendar file, not {name}"),
    (b"{", "this is JSON, not {name}"),
    (b"[", "this is JSON, not {name}"),
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
# Python also has codecs that are no character sets, such as zip and rot13.
_CHARACTER_SETS = (
    "utf-8",
    "utf-16",
    "utf-32",
    "ascii",
    "iso8859",
    "iso2022",
    "cp",
    "koi8",
    "gb",
    "big5",
    "shift",
    "euc",
    "mac-",
    "tis",
)
_LINE_END = re.compile(r"\r\n?|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_CUT_OFF = "the file ends in the middle: it is cut off, fetch it again"
_EXPAT_REASONS = {
    expat.errors.XML_ERROR_NO_ELEMENTS: _CUT_OFF,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: _CUT_OFF,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: _CUT_OFF,
    expat.errors.XML_ERROR_PARTIAL_CHAR: _CUT_OFF,
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "an entity that XML doesn't have: write the character itself",
    expat.errors.XML_ERROR_BAD_CHAR_REF: "a reference to a character that XML doesn't allow",
}


class Elements(Protocol):
    """What takes the elements, in the order of the file."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None: ...

    def text(self, data: str) -> None: ...

    def end(self, line: int) -> None: ...


def read_xml(source: BinaryIO | str | Path, elements: Elements, kind: XmlKind) -> list[Problem]:
    """Hand every element of the file on, by names without a prefix. The problems that it returns are warnings."""
    if not isinstance(source, (str, Path)):
        return _read(source, elements, kind)
    try:
        with Path(source).open("rb") as stream:
            return _read(stream, elements, kind)
    except OSError as error:
        raise FileError(1, f"the file can't be read: {error.strerror or error}") from error


def _read(stream: BinaryIO, elements: Elements, kind: XmlKind) -> list[Problem]:
    reader = XmlReader(stream, elements, kind)
    for _ in reader.steps():
        pass
    return reader.problems


class XmlReader:
    """Reads as far as it is asked to: what an element's end makes ready is taken between two `steps()`.

    With `prefixes` the names come as the file has them, `xml:lang`. `problems` are warnings, complete at the end.
    """

    def __init__(self, stream: BinaryIO, elements: Elements, kind: XmlKind, *, prefixes: bool = False):
        self.stream = stream
        self.elements = elements
        self.kind = kind
        self.prefixes = prefixes
        self.problems: list[Problem] = []
        self.lines_before = 0
        self.depth = 0
        self.count = 0
        self.controls = 0
        self.first_control: tuple[int, str] | None = None
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = elements.text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def steps(self) -> Iterator[None]:
        """Once for each piece of the file."""
        try:
            yield from self._feed_all()
        except expat.ExpatError as error:
            line = error.lineno + self.lines_before
            message = expat.errors.messages[error.code]
            reason = _EXPAT_REASONS.get(message, f"not well-formed XML: {message}, column {error.offset + 1}")
            raise FileError(line, reason) from error
        if self.first_control:
            line, name = self.first_control
            reason = f"{self.controls} control characters that XML doesn't allow are left out, the first is {name}"
            self.problems.append(Problem(line, "warning", reason))

    def _feed_all(self) -> Iterator[None]:
        fed = 0
        for text in self._decoded(self._chunks()):
            data = text.encode()
            fed += len(data)
            self.parser.Parse(data, False)
            # What expat still holds back is one unfinished tag, comment or instruction.
            if fed - self.parser.CurrentByteIndex > self.kind.largest_tag:
                limit = self.kind.largest_tag // 1024**2
                raise FileError(self._line, f"one tag or comment is larger than {limit} MB")
            yield
        self.parser.Parse(b"", True)
        yield

    def _chunks(self) -> Iterator[bytes]:
        total = 0
        self._refuse_large(getattr(self.stream, "size", 0) or _size_on_disk(self.stream))
        while chunk := self.stream.read(CHUNK):
            total += len(chunk)
            self._refuse_large(total)
            yield chunk

    def _refuse_large(self, size: int) -> None:
        if self.kind.largest_file is not None and size > self.kind.largest_file:
            limit = self.kind.largest_file // 1024**2
            raise FileError(1, f"the file is larger than {limit} MB: {self.kind.split}")

    def _decoded(self, chunks: Iterator[bytes]) -> Iterator[str]:
        first = next(chunks, b"")
        if not first.strip():
            raise FileError(1, "the file is empty")
        for beginning, reason in _OTHER_FORMATS:
            if first.lstrip().startswith(beginning):
                raise FileError(1, reason.format(name=self.kind.name))
        yield from _Decoder(self, self._encoding(first)).decode(first, chunks)

    def _encoding(self, first: bytes) -> str:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if first.startswith(mark):
                return encoding
        declared = _DECLARED_ENCODING.match(first)
        if not declared:
            return "utf-8"
        name = declared[1].decode("ascii")
        encoding = _character_set(name)
        if encoding.startswith(("utf-16", "utf-32")):
            # Programs that build XML in memory declare it so and then save it as UTF-8.
            self.problems.append(Problem(1, "warning", f"the file declares {name} but isn't; it is read as UTF-8"))
            return "utf-8"
        return encoding

    def without_controls(self, text: str, line: int) -> str:
        """The text without the characters that no XML file may have. NUL means that it is no text at all."""
        match = _CONTROL.search(text)
        if not match:
            return text
        line += len(_LINE_END.findall(text[: match.start()]))
        name = f"U+{ord(match[0]):04X}"
        if "\x00" in text:
            raise FileError(line, "the file has NUL characters: it is not text in the encoding that it declares")
        self.first_control = self.first_control or (line, name)
        text, removed = _CONTROL.subn("", text)
        self.controls += removed
        return text

    @property
    def _line(self) -> int:
        return self.parser.CurrentLineNumber + self.lines_before

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > self.kind.deepest:
            raise FileError(self._line, f"elements are nested more than {self.kind.deepest} deep")
        if self.kind.most_elements is not None and self.count > self.kind.most_elements:
            raise FileError(self._line, f"the file has more than {self.kind.most_elements:,} elements")
        if not self.prefixes:
            name, attributes = _local(name), {_local(key): value for key, value in attributes.items()}
        self.elements.start(name, attributes, self._line)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.elements.end(self._line)

    def _doctype(self, name: str, system: str | None, public: str | None, has_declarations: bool) -> None:
        if name.lower() == "html":
            raise FileError(self._line, self.kind.html_page)
        raise FileError(self._line, "a document type declaration (DTD, with it entities) is refused: remove it")


class _Decoder:
    """Undoes the encoding, and notices when it isn't the declared one."""

    def __init__(self, reader: XmlReader, encoding: str):
        self.reader = reader
        self.encoding = encoding
        self.decoder = codecs.getincrementaldecoder(encoding)("strict")
        # Bytes outside ASCII that are right as UTF-8 from the first to the last are UTF-8, whatever is declared.
        self.utf8 = None if encoding.startswith("utf-") else codecs.getincrementaldecoder("utf-8")("strict")
        self.has_others = False
        self.line = 1

    def decode(self, first: bytes, rest: Iterator[bytes]) -> Iterator[str]:
        text = self._text(first)
        # An XML declaration must be the very first thing, and often isn't.
        bare = text.lstrip()
        self.reader.lines_before = len(_LINE_END.findall(text[: len(text) - len(bare)]))
        yield bare
        for chunk in rest:
            yield self._text(chunk)
        yield self._text(b"", final=True)
        if self.utf8 and self.has_others:
            raise FileError(1, f"the file declares {self.encoding} but its bytes are UTF-8: correct that")

    def _text(self, chunk: bytes, final: bool = False) -> str:
        self._try_utf8(chunk, final)
        try:
            text = self.decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            raise self._wrong_byte(error) from error
        clean = self.reader.without_controls(text, self.line)
        self.line += len(_LINE_END.findall(text))
        return clean

    def _try_utf8(self, chunk: bytes, final: bool) -> None:
        if self.utf8:
            self.has_others = self.has_others or not chunk.isascii()
            try:
                self.utf8.decode(chunk, final)
            except UnicodeDecodeError:
                self.utf8 = None

    def _wrong_byte(self, error: UnicodeDecodeError) -> FileError:
        before = error.object[: error.start].decode(self.encoding, "ignore")
        line = self.line + len(_LINE_END.findall(before))
        if error.reason in {"unexpected end of data", "truncated data"}:
            return FileError(line, _CUT_OFF)
        byte = error.object[error.start]
        return FileError(line, f"byte 0x{byte:02X} is not {self.encoding}: save the file as it declares")


def _character_set(name: str) -> str:
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        encoding = ""
    if not encoding.startswith(_CHARACTER_SETS):
        raise FileError(1, f"the encoding {quoted(name)} is not known: save the file as UTF-8")
    return encoding


def _size_on_disk(stream: BinaryIO) -> int:
    """0 where there is no such size, as for a pipe."""
    try:
        return os.fstat(stream.fileno()).st_size
    except (AttributeError, OSError):
        return 0


def _local(name: str) -> str:
    return name.rpartition(":")[2]
