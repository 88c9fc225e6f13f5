"""The order of texts in each language, as a key that any PostgreSQL sorts by its bytes.

The order is the one of the Unicode collation algorithm with CLDR's weights and tailorings, as ICU has it: letters
first, then accents, then case; spaces and punctuation count; a language's own script comes before the others.
One thing is added: numbers sort by value, "Session 2" before "Session 10". docs/decisions/sort-keys.md says why.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from content.languages import CODES as LANGUAGES

TABLE = Path(__file__).with_name("sort_table.txt")
# Longer keys are cut, at 200 characters when written down, so that every row fits into an index. That never turns an
# order round: two texts whose keys agree so far become equal.
KEY_BYTES = 150

# Lead bytes of primary weights that the table leaves free. A language's own script moves there, behind the digits and
# before all other scripts. Ideographs that the table has no order for, and unknown characters, go by code point.
OWN_SCRIPT = {"ru": (b"\x61", b"\x28"), "ar": (b"\x66", b"\x28")}
NUMBER = b"\x14"
ORDERED_IDEOGRAPH = b"\x28"
OWN_IDEOGRAPH = b"\x29"
OTHER_IDEOGRAPH = b"\xfb"
UNKNOWN = b"\xfe"
# Weights with these lead bytes have a second byte from 4 to 254; a run of them shares the first.
SHARED_LEADS = frozenset(
    (0x03, 0x05, 0x07, 0x09, 0x0D, 0x10, 0x28, 0x29, *range(0x2B, 0x5E, 2), *range(0x60, 0x7C), 0xFB, 0xFE)
)
LEVEL_END = b"\x01"
COMMON = b"\x05"
HIGHEST_COMMON_ACCENT = 0x45
HIGHEST_COMMON_CASE = 0xC5

IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x40000))
IDEOGRAPHS_AMONG_COMPATIBILITY = frozenset("\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29")

# base64 keeps the order of bytes once its alphabet is in the order of ASCII. None of these needs escaping in a URL.
ORDERED_ALPHABET = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
)


class Weights(NamedTuple):
    """What a character weighs. It may weigh as much as several, or nothing at all."""

    letters: tuple[bytes, ...] = ()
    accents: tuple[bytes, ...] = ()
    cases: tuple[bytes, ...] = ()


def sort_key(text: str, language: str) -> str:
    """At most 200 ASCII characters, safe in addresses; '' for ''."""
    if not text:
        return ""
    collation = load(language)
    letters: list[bytes] = []
    accents: list[bytes] = []
    cases: list[bytes] = []
    for part in collation.parts(unicodedata.normalize("NFC", text)):
        weights = collation[part]
        letters += weights.letters
        accents += weights.accents
        cases += weights.cases
    levels = (
        join_letters(letters),
        join_lower(accents, HIGHEST_COMMON_ACCENT),
        join_lower(cases, HIGHEST_COMMON_CASE),
    )
    return b64encode(LEVEL_END.join(levels)[:KEY_BYTES]).rstrip(b"=").translate(ORDERED_ALPHABET).decode("ascii")


def join_letters(weights: Iterable[bytes]) -> bytes:
    """In a run of weights with the same lead byte, as in a Cyrillic word, the lead stands once."""
    joined = []
    shared = b""
    for weight in weights:
        lead = weight[:1]
        if lead == shared:
            joined.append(weight[1:])
            continue
        if shared:
            joined.append(b"\xff" if lead > shared else b"\x03")
        joined.append(weight)
        shared = lead if lead[0] in SHARED_LEADS else b""
    return b"".join(joined)


def join_lower(weights: Iterable[bytes], highest: int) -> bytes:
    """Accents or cases; a run of common weights is written as its length."""
    joined = []
    run = 0
    for weight in (*weights, b""):
        if weight == COMMON:
            run += 1
            continue
        if run:
            joined.append(common_run(run, weight > COMMON, highest))
            run = 0
        joined.append(weight)
    return b"".join(joined)


def common_run(length: int, rises: bool, highest: int) -> bytes:
    """Before something greater, a longer run is less; before something less, or the end, it is greater."""
    middle = (COMMON[0] + highest) // 2
    full, rest = divmod(length - 1, middle - COMMON[0] + 1)
    return bytes([middle] * full + [highest - rest if rises else COMMON[0] + rest])


@cache
def sections() -> dict[str, list[str]]:
    """The lines of the table by section; scripts/make_sort_table.py describes them."""
    found: dict[str, list[str]] = {}
    for line in TABLE.read_text(encoding="utf-8").split("\n")[:-1]:
        if line.startswith("["):
            lines = found[line[1:-1]] = []
        elif not line.startswith("#"):
            lines.append(line)
    return found


@cache
def elements(section: str) -> dict[str, str]:
    """The table's weights by character or contraction, as written there."""
    split = (line.split(";") for line in sections().get(section, ()))
    return {"".join(chr(int(code, 16)) for code in codes.split(" ")): written for codes, written in split}


@cache
def load(language: str) -> "Collation":
    if language not in LANGUAGES:
        raise ValueError(f"No order is known for the language {language!r}.")
    return Collation(language)


class Collation(dict[str, Weights]):
    """The weights of one language; those of a character are read when first asked for."""

    def __init__(self, language: str):
        super().__init__()
        self.written = elements("root") | elements(language)
        self.own_script, self.own_lead = OWN_SCRIPT.get(language, (None, None))
        self.ideographs = {
            ideograph: place for place, ideograph in enumerate("".join(sections().get(f"{language} order", ())))
        }
        contractions = sorted((text for text in self.written if len(text) > 1), key=len, reverse=True)
        seconds = "".join(sorted({re.escape(text[1]) for text in contractions}))
        self.needs_cutting = re.compile(rf"[\d{seconds}]").search
        # No run of digits is longer than a whole key.
        self.cut = re.compile(
            rf"\d{{1,{KEY_BYTES}}}|(?=.[{seconds}])(?:{'|'.join(map(re.escape, contractions))})|.", re.DOTALL
        ).findall

    def parts(self, text: str) -> Iterable[str]:
        """Numbers, contractions and single characters."""
        return self.cut(text) if self.needs_cutting(text) else text

    def __missing__(self, part: str) -> Weights:
        weights = self.number(part) if part.isdecimal() else self.character(part)
        if len(part) == 1 or part in self.written:
            self[part] = weights
        return weights

    def character(self, part: str) -> Weights:
        if part in self.written:
            return self.read(self.written[part])
        if is_ideograph(part):
            return Weights((self.ideograph(part),), (COMMON,), (COMMON,))
        decomposed = unicodedata.normalize("NFD", part)
        if decomposed != part:
            levels = zip(*(self[character] for character in decomposed), strict=True)
            return Weights(*(sum(level, ()) for level in levels))
        return Weights((UNKNOWN + three_bytes(ord(part)),), (COMMON,), (COMMON,))

    def number(self, digits: str) -> Weights:
        """How many pairs of digits, then the pairs: the longer number is the greater."""
        value = str(int(digits))
        value = value.zfill(len(value) + len(value) % 2)
        pairs = [int(value[start : start + 2]) for start in range(0, len(value), 2)]
        weight = NUMBER + bytes([4 + len(pairs), *(4 + pair for pair in pairs)])
        return Weights((weight,), (COMMON,), (COMMON,))

    def read(self, written: str) -> Weights:
        letters, accents, cases = [], [], []
        for element in written.split():
            letter, accent, case = (*element.split("."), "", "")[:3]
            letters.append(self.letter(letter))
            accents.append(lower(accent))
            cases.append(raised(lower(case)))
        return Weights(*(tuple(filter(None, level)) for level in (letters, accents, cases)))

    def letter(self, written: str) -> bytes:
        if written.startswith("@"):
            return self.ideograph(chr(int(written[1:], 16)))
        weight = bytes.fromhex(written)
        return self.own_lead + weight[1:] if self.own_script and weight[:1] == self.own_script else weight

    def ideograph(self, character: str) -> bytes:
        if character in self.ideographs:
            place = self.ideographs[character]
            return ORDERED_IDEOGRAPH + bytes([4 + place // 250, 4 + place % 250])
        lead = OWN_IDEOGRAPH if self.ideographs else OTHER_IDEOGRAPH
        # The main block comes before its extensions, whatever their code points.
        extension = 0 if 0x4E00 <= ord(character) < 0x10000 else 0x40000
        return lead + three_bytes(ord(character) + extension)


def lower(written: str) -> bytes:
    """An accent or a case: left out where it is the common weight, 0 where there is none."""
    return COMMON if not written else b"" if written == "0" else bytes.fromhex(written)


def raised(case: bytes) -> bytes:
    """A case other than the common one makes room for the counts of common ones."""
    return bytes([case[0] + 0xC0]) + case[1:] if case > COMMON else case


def three_bytes(number: int) -> bytes:
    return bytes([4 + number // 62500, 4 + number // 250 % 250, 4 + number % 250])


def is_ideograph(character: str) -> bool:
    if character in IDEOGRAPHS_AMONG_COMPATIBILITY:
        return True
    return any(start <= ord(character) < end for start, end in IDEOGRAPHS)
