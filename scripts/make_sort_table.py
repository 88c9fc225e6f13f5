"""Make content/sort_table.txt, the weights that content/sorting.py reads, from the collation data inside ICU 72.1.

For maintainers only; the file that it makes is committed. It calls ICU's C library, which Debian 12 has:

    apt-get install libicu72
    python scripts/make_sort_table.py

The file has one section for all languages, then for each language what differs there. A line is the code
points of a character or of a contraction, a semicolon, and its collation elements: primary, secondary and
tertiary weight as hexadecimal bytes, the last two left out where they are the common weight. A primary
weight `@4E2D` is that of the ideograph U+4E2D, whose place is computed, not listed. The section `order` of
a language lists its ideographs in their order.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from ctypes import CDLL, POINTER, byref, c_char_p, c_int8, c_int32, c_void_p, create_string_buffer
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "content" / "sort_table.txt"
VERSION = 72
# The portal's languages whose order differs from the root's, with their names in ICU.
LANGUAGES = {"zh-hans": "zh", "es": "es", "ru": "ru", "ar": "ar"}
COMMON = 0x0500
# Scripts of living languages, mathematical letters, pictographs and the selectors of ideograph variants.
# A character outside these ranges sorts after all others, by code point.
CHARACTERS = ((0, 0x10000), (0x1D400, 0x1D800), (0x1F000, 0x1FB00), (0xE0100, 0xE01F0))
IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x32400))
COMPATIBILITY_IDEOGRAPHS = (0xF900, 0xFB00)

HEADER = """\
# Collation weights of ICU 72.1 (Unicode CLDR 42, Unicode 15), made by scripts/make_sort_table.py: do not edit.
# Copyright 1991-2022 Unicode, Inc. Distributed under the Unicode licence: https://www.unicode.org/license.txt
"""

Element = tuple[int, int, int]

collation_library = CDLL(f"libicui18n.so.{VERSION}")
common_library = CDLL(f"libicuuc.so.{VERSION}")


def icu_function(library: CDLL, name: str, result: type | None, *arguments: type):
    function = getattr(library, f"{name}_{VERSION}")
    function.restype, function.argtypes = result, arguments
    return function


open_collator = icu_function(collation_library, "ucol_open", c_void_p, c_char_p, c_void_p)
open_elements = icu_function(collation_library, "ucol_openElements", c_void_p, c_void_p, c_char_p, c_int32, c_void_p)
set_text = icu_function(collation_library, "ucol_setText", None, c_void_p, c_char_p, c_int32, c_void_p)
next_element = icu_function(collation_library, "ucol_next", c_int32, c_void_p, c_void_p)
get_contractions = icu_function(
    collation_library, "ucol_getContractionsAndExpansions", None, c_void_p, c_void_p, c_void_p, c_int8, c_void_p
)
open_set = icu_function(common_library, "uset_openEmpty", c_void_p)
set_size = icu_function(common_library, "uset_getItemCount", c_int32, c_void_p)
set_item = icu_function(
    common_library, "uset_getItem", c_int32, c_void_p, c_int32, POINTER(c_int32), POINTER(c_int32), c_char_p, c_int32,
    c_void_p,
)  # fmt: skip


class Collator:
    """ICU's collation of one language, as the weights that it gives to a text."""

    def __init__(self, language: str):
        self.error = c_int32(0)
        self.collator = open_collator(language.encode(), byref(self.error))
        self.iterator = open_elements(self.collator, b"", 0, byref(self.error))
        if self.error.value > 0:
            raise RuntimeError(f"ICU has no collation for {language}: error {self.error.value}")

    def elements(self, text: str) -> list[Element]:
        """ICU hands out a weight of more than 32 bits in two parts, the second marked by two bits."""
        units = text.encode("utf-16-le")
        set_text(self.iterator, units, len(units) // 2, byref(self.error))
        found: list[Element] = []
        while (part := next_element(self.iterator, byref(self.error))) != -1:
            part &= 0xFFFFFFFF
            if found and part & 0xC0 == 0xC0:
                primary, secondary, tertiary = found[-1]
                found[-1] = (primary | part >> 16, secondary | part >> 8 & 0xFF, tertiary | part & 0x3F)
            else:
                found.append((part & 0xFFFF0000, part & 0xFF00, (part & 0x3F) << 8))
        return [element for element in found if any(element)]

    def contractions(self) -> Iterator[str]:
        """Sequences that weigh something else than their characters do one by one."""
        contractions, start, end = open_set(), c_int32(), c_int32()
        get_contractions(self.collator, contractions, None, 0, byref(self.error))
        for index in range(set_size(contractions)):
            units = create_string_buffer(200)
            length = set_item(contractions, index, byref(start), byref(end), units, 100, byref(self.error))
            if length >= 2:
                yield units.raw[: 2 * length].decode("utf-16-le")


def assigned(ranges) -> Iterator[str]:
    for start, end in ranges:
        for character in map(chr, range(start, end)):
            if unicodedata.category(character) not in ("Cn", "Cs", "Co"):
                yield character


def ideographs() -> list[str]:
    every = assigned((*IDEOGRAPHS, COMPATIBILITY_IDEOGRAPHS))
    return [character for character in every if not unicodedata.decomposition(character)]


def listed(ideographs: set[str], collator: Collator) -> Iterator[str]:
    """What may need a line. Texts are looked up in normal form C; other characters are their decomposition."""
    yield from (character for character in assigned(CHARACTERS) if character not in ideographs)
    for sequence in collator.contractions():
        in_range = all(any(start <= ord(c) < end for start, end in CHARACTERS) for c in sequence)
        if in_range and unicodedata.is_normalized("NFC", sequence) and assigned_text(sequence):
            yield sequence


def assigned_text(text: str) -> bool:
    return all(unicodedata.category(character) not in ("Cn", "Co") for character in text)


def weight(value: int, width: int) -> str:
    return value.to_bytes(width, "big").rstrip(b"\0").hex()


def line(text: str, elements: list[Element], places: dict[int, str]) -> str:
    written = []
    for primary, secondary, tertiary in elements:
        first = f"@{ord(places[primary]):X}" if primary in places else weight(primary, 4)
        rest = ["" if value == COMMON else weight(value, 2) or "0" for value in (secondary, tertiary)]
        written.append(".".join([first, *rest]).rstrip("."))
    return f"{' '.join(f'{ord(character):X}' for character in text)};{' '.join(written)}"


def lines_of(collator: Collator, every: list[str]) -> dict[str, str]:
    """A line for each character and contraction, but for those that weigh what their decomposition does."""
    places = {collator.elements(ideograph)[0][0]: ideograph for ideograph in every}
    lines = {}
    for text in listed(set(every), collator):
        elements = collator.elements(text)
        parts = unicodedata.normalize("NFD", text)
        if parts == text or elements != [element for part in parts for element in collator.elements(part)]:
            lines[text] = line(text, elements, places)
    return lines


def order(collator: Collator, root: Collator, every: list[str]) -> str:
    """The ideographs that the language puts into an order of its own, 64 on a line."""
    own = [ideograph for ideograph in every if collator.elements(ideograph) != root.elements(ideograph)]
    own.sort(key=collator.elements)
    return "\n".join("".join(own[start : start + 64]) for start in range(0, len(own), 64))


def main() -> int:
    every = ideographs()
    root = Collator("")
    root_lines = lines_of(root, every)
    sections = ["\n".join(["[root]", *root_lines.values()])]
    for language, name in LANGUAGES.items():
        collator = Collator(name)
        own = [text for key, text in lines_of(collator, every).items() if root_lines.get(key) != text]
        sections.append("\n".join([f"[{language}]", *own]))
        if ordered := order(collator, root, every):
            sections.append(f"[{language} order]\n{ordered}")
    TARGET.write_text(HEADER + "\n".join(sections) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
