"""The picture that stands for a page where its address is shared. The words come ready in the data."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from content.exports.typeset import Typeset, to_png

MEDIA_TYPE = "image/png"
WIDTH, HEIGHT = 1200, 630
TEMPLATE = Path(__file__).parent / "templates" / "card.typ"
# A picture in PNG opens with eight bytes and a header of twenty-five.
HEADER = 8 + 25
# What is no text: the drawing, and the keys of layout.
NOT_SAID = ("svg", "lang", "dir")


def to_card(data: Mapping[str, Any], fonts: Path) -> Typeset:
    """A PNG of WIDTH by HEIGHT. What `data` holds is said by content/cards.py, which makes it.

    All that is drawn as text also stands in the file as its description, so that one needn't see it to know.
    """
    drawn = to_png(TEMPLATE, data, fonts)
    return drawn._replace(content=described(drawn.content, "\n".join(texts(data)), data["lang"]))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, [value])
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from texts(one) if key not in NOT_SAID else ()
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def described(png: bytes, text: str, language: str) -> bytes:
    """The picture with a text in it, as the format has it: keyword, no compression, language, text in UTF-8."""
    chunk = b"iTXt" + b"Description\0\0\0" + language.encode("ascii") + b"\0\0" + text.encode(errors="replace")
    whole = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:HEADER] + whole + png[HEADER:]
