"""Reads a programme in whatever format it is: what the file holds decides, not what it is called."""

from __future__ import annotations

import io
import re
from datetime import date, tzinfo
from pathlib import Path
from typing import BinaryIO

from conference.imports import schedule_ical, schedule_json, schedule_table, schedule_xml
from conference.imports.parsed import ParsedSchedule, ScheduleError
from conference.imports.text_file import as_utf8, refuse_large

UNKNOWN = "unknown"
ACCEPTED = "schedule.xml, schedule.json, iCalendar, CSV and XLSX"
_OTHERS = (
    (b"%PDF", "a PDF file"),
    (b"\x1f\x8b", "a file compressed with gzip: unpack it first"),
    (b"BZh", "a file compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "a file compressed with xz: unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
)
_CALENDAR = re.compile(rb"^[ \t]*BEGIN:V(?:CALENDAR|EVENT)\b", re.MULTILINE | re.IGNORECASE)
_ARCHIVE, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# As much as tells one format from another.
BEGINNING = 256 * 1024

Days = tuple[date | None, date | None]


def format_of(beginning: bytes) -> str:
    """The name of the format as accounts give it. Raises ScheduleError for what is none that is read."""
    for mark, what in _OTHERS:
        if beginning.startswith(mark):
            raise ScheduleError(1, f"this is {what}: accepted are {ACCEPTED}")
    if beginning.startswith((_ARCHIVE, _OLE)):
        return schedule_table.SPREADSHEET
    try:
        text = as_utf8(beginning).lstrip()
    except ScheduleError:
        text = beginning
    if not text.strip(b"\0"):
        raise ScheduleError(1, "the file is empty" if not text else "the file has NUL characters alone")
    if text.startswith(b"<"):
        return schedule_xml.FORMAT
    if text.startswith((b"{", b"[")):
        return schedule_json.FORMAT
    return schedule_ical.FORMAT if _CALENDAR.search(text) else schedule_table.TEXT


class Reader:
    """`format` is known before the file is read as a whole, so that an account of a bad file names it too."""

    def __init__(self, stream: BinaryIO, name: str):
        self.stream = stream
        self.name = name
        self.format = UNKNOWN

    def read(self, default_zone: tzinfo | None, days: Days = (None, None)) -> ParsedSchedule:
        """`days` are those of the edition: what repeats without an end comes in as often as it happens then."""
        refuse_large(size_of(self.stream))
        beginning = self.stream.read(BEGINNING)
        self.format = format_of(beginning)
        self.stream.seek(0)
        if self.format == schedule_xml.FORMAT:
            return schedule_xml.parse(self.stream, name=self.name, default_zone=default_zone)
        content = self.stream.read()
        refuse_large(len(content))
        return self._parse(content, default_zone, days)

    def _parse(self, content: bytes, zone: tzinfo | None, days: Days) -> ParsedSchedule:
        if self.format == schedule_ical.FORMAT:
            return schedule_ical.parse(content, name=self.name, default_zone=zone, days=days)
        if self.format == schedule_json.FORMAT:
            return schedule_json.parse(content, name=self.name, default_zone=zone)
        return schedule_table.parse(content, name=self.name, default_zone=zone)


def size_of(stream: BinaryIO) -> int:
    """0 where it can't be told."""
    try:
        place = stream.tell()
        size = stream.seek(0, io.SEEK_END)
        stream.seek(place)
    except (OSError, ValueError, AttributeError):
        return 0
    return size


def opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise ScheduleError(1, f"the file can't be read: {error.strerror or error}") from error
