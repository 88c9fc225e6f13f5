"""How texts of a file are compared: what makes no difference, and how much alike two of them are."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that have no decomposition into a plain one and a sign.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_JOINED = re.compile(r"['’ʼ‘`´ʿʾ.]+")
_BETWEEN = re.compile(r"[^\w]+|_+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def clean(text: str) -> tuple[str, bool]:
    """The text on one line, and whether control characters were left out of it."""
    without = _CONTROLS.sub("", text)
    return " ".join(without.split()), without != text


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """Small letters without accents and signs, as texts are compared: "Côte d’Ivoire" is "cote divoire"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_PLAIN)
    return _BETWEEN.sub(" ", _JOINED.sub("", letters)).strip()


def spelling(text: str) -> str:
    """What makes two texts the same but for capitals and spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def trigrams(text: str) -> frozenset[str]:
    """As pg_trgm makes them."""
    return frozenset(
        padded[place : place + 3]
        for word in plain(text).split()
        for padded in [f"  {word} "]
        for place in range(len(padded) - 2)
    )


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0
