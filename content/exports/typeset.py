"""Pages set from a template and plain data, as PDF or as a picture. Text is data: it is never evaluated as markup."""

import json
import lzma
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import typst

from content.exports.plain_text import readable

MEDIA_TYPE = "application/pdf"
PACKED_FONTS = Path(__file__).parent / "fonts"
# For a character that no font has: a box that every font's reader knows.
STAND_IN = "□"
# What a character without a glyph may do in silence: accents, joiners, directions, selectors.
SILENT = ("M", "Cf")
# Stands for a picture that is not in the text.
OBJECT = "\ufffc"


# The largest booklet takes a few seconds; what takes this long will not end well.
SECONDS = 60
PROJECT = Path(__file__).resolve().parents[2]


class TypesetError(Exception):
    """The typesetter gave nothing, and why."""


class Typeset(NamedTuple):
    """A file, the characters in its text for which a box stands, and why a PDF isn't PDF/UA where it isn't."""

    content: bytes
    missing: frozenset[str]
    problem: str = ""


def to_pdf(template: Path, data: Mapping[str, Any], fonts: Path, made_at: datetime) -> Typeset:
    """The template set with the data, which it finds in `sys.inputs.data` as JSON. Raises TypesetError.

    The same arguments give the same bytes. `fonts` is a folder that `unpack_fonts` has filled; the template sees no
    other font and no file outside its own folder. It is set by a process of its own: the typesetter remembers all
    that it has ever set, half a gigabyte for each large booklet.
    """
    return set_apart(template, data, fonts, "pdf", str(int(made_at.timestamp())))


def to_png(template: Path, data: Mapping[str, Any], fonts: Path) -> Typeset:
    """The one page of a template as a picture, a pixel for each point; otherwise as `to_pdf`."""
    return set_apart(template, data, fonts, "png")


def set_apart(template: Path, data: Mapping[str, Any], fonts: Path, *form: str) -> Typeset:
    missing: set[str] = set()
    text = json.dumps(printable(data, missing), ensure_ascii=False)
    command = [sys.executable, "-m", __name__, str(template), str(fonts), *form]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, cwd=PROJECT, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise TypesetError(f"not done after {SECONDS} seconds") from None
    problem = done.stderr.decode(errors="replace").strip()
    if done.returncode:
        raise TypesetError(problem or f"ended with {done.returncode}")
    return Typeset(done.stdout, frozenset(missing), problem)


def main(template: str, fonts: str, form: str, timestamp: str = "") -> None:
    """Reads the data from standard input and writes the file to standard output, and to the other what is amiss."""
    arguments = {
        "root": Path(template).parent,
        "font_paths": typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]),
        "sys_inputs": {"data": sys.stdin.buffer.read().decode()},
        "format": form,
    }
    if form == "png":
        sys.stdout.buffer.write(typst.compile(Path(template), ppi=72, **arguments))
        return
    arguments["timestamp"] = int(timestamp)
    try:
        # Tagged for screen readers, and refused by the typesetter where it would not be.
        pdf = typst.compile(Path(template), pdf_standards=["ua-1"], **arguments)
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        pdf = typst.compile(Path(template), **arguments)
    sys.stdout.buffer.write(pdf)


def printable(value: Any, missing: set[str]) -> Any:
    """The data with texts that can be set; what no font has is added to `missing`, and a box stands in its place."""
    if isinstance(value, str):
        return printable_text(value, missing)
    if isinstance(value, Mapping):
        return {key: printable(one, missing) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one, missing) for one in value]
    return value


def printable_text(text: str, missing: set[str]) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = readable(unicodedata.normalize("NFC", text))
    unknown = {character for character in set(text) if not has_glyph(character)}
    if not unknown:
        return text
    heard = {character for character in unknown if not is_silent(character)}
    missing |= heard
    return text.translate({ord(character): STAND_IN if character in heard else None for character in unknown})


def is_silent(character: str) -> bool:
    return character == OBJECT or unicodedata.category(character).startswith(SILENT)


def has_glyph(character: str) -> bool:
    return ord(character) in characters()


@cache
def characters() -> frozenset[int]:
    """What the fonts have, and white space, which needs none."""
    found = set(map(ord, "\t\n\r"))
    for line in (PACKED_FONTS / "characters.txt").read_text(encoding="ascii").split():
        start, end = (int(part, 16) for part in line.split("-"))
        found.update(range(start, end + 1))
    return frozenset(found)


def unpack_fonts(folder: Path) -> Path:
    """Fills the folder with the fonts, unless they are there; the typesetter reads them from files alone.

    Each appears whole, so that several processes may do it at once.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for packed in sorted(PACKED_FONTS.glob("*.ttf.xz")):
        target = folder / packed.name.removesuffix(".xz")
        if not target.exists():
            write_whole(target, lzma.decompress(packed.read_bytes()))
    return folder


def write_whole(target: Path, content: bytes) -> None:
    """Nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as draft:
        draft.write(content)
    os.replace(draft.name, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
