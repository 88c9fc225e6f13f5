"""The text of a file, in whatever encoding it was saved."""

from __future__ import annotations

import codecs

from conference.imports.assembly import LARGEST_FILE
from conference.imports.parsed import Report, ScheduleError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def refuse_large(size: int) -> None:
    if size > LARGEST_FILE:
        limit = LARGEST_FILE // 1024**2
        raise ScheduleError(1, f"the file is larger than {limit} MB: import it in parts, for instance day by day")


def as_utf8(content: bytes) -> bytes:
    """The same file without a byte order mark; what is marked as UTF-16 or UTF-32 is written anew."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding).encode()
            except UnicodeDecodeError as error:
                raise ScheduleError(
                    1, f"the bytes are not what the file declares, {encoding}: it is cut off"
                ) from error
    return content


def text_of(content: bytes, warn: Report) -> str:
    """UTF-8, or else Windows-1252 with a warning."""
    content = as_utf8(content)
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise ScheduleError(line, "the file has NUL characters: it is no text")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if error.end >= len(content) and error.reason == "unexpected end of data":
            raise ScheduleError(line, "the file ends in the middle of a character: it is cut off") from error
        warn(line, "the file is not UTF-8 and is read as Windows-1252: save it as UTF-8 if names look wrong")
        return content.decode("cp1252", "replace")
