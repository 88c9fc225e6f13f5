"""Single values as IATI files write them: each function reads one, or raises ValueError with the reason."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from content.imports.problems import quoted

# Our codes of languages, by the beginning of a BCP 47 tag.
_LANGUAGES = {"en": "en", "fr": "fr", "es": "es", "ru": "ru", "ar": "ar", "zh": "zh-hans"}
_ISO_639_2 = {"eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "rus": "ru", "ara": "ar", "zho": "zh", "chi": "zh"}
_TRADITIONAL = re.compile(r"zh-(hant|tw|hk|mo)\b")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(T.*|Z|[+-]\d{2}:\d{2})?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_LARGEST = Decimal(10) ** 18
_PARTIAL = re.compile(r"\d{4}(-\d{2})?")


def language_of(tag: str) -> str:
    """The portal's code; empty for a language that it hasn't."""
    tag = tag.strip().replace("_", "-").lower()
    if _TRADITIONAL.match(tag):
        return ""
    main = tag.partition("-")[0]
    return _LANGUAGES.get(_ISO_639_2.get(main, main), "")


def read_date(text: str) -> date:
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{quoted(text)} is not a date of the form 2023-11-06")
    try:
        return date(*map(int, match.groups()[:3]))
    except ValueError:
        raise ValueError(f"{quoted(text)} is not a day of the calendar") from None


def partial_date(whole: date, end: str, said: str) -> str:
    """As precise as known: an export says in words that a day stands for a year or a month."""
    said = said.strip()
    text = whole.isoformat()
    if not _PARTIAL.fullmatch(said) or not text.startswith(said):
        return text
    return said if whole_date(said, end) == text else text


def whole_date(text: str, end: str) -> str:
    """The first or the last day of what a partial date names."""
    year, month, day = [*text.split("-"), "", ""][:3]
    month = month or ("01" if end == "first" else "12")
    if not day:
        following = date(int(year) + (month == "12"), int(month) % 12 + 1, 1) if int(year) < 9999 else None
        last = (following - date.resolution).day if following else 31
        day = "01" if end == "first" else f"{last:02}"
    return f"{year}-{month}-{day}"


def read_number(text: str) -> tuple[Decimal, str]:
    """The number, and what is doubtful about it."""
    plain = "".join(text.split())
    doubt = ""
    if _GROUPED.fullmatch(plain):
        doubt = f"{quoted(text)} has commas; it is read as {plain.replace(',', '')}"
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"{quoted(text)} is not a number" if plain else "there is no number")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"{quoted(text)} is not a number") from None
    if abs(number) >= _LARGEST or abs(rounded(number, 2)[0]) >= _LARGEST:
        raise ValueError(f"{quoted(text)} is too large")
    return number, doubt


def rounded(number: Decimal, places: int) -> tuple[Decimal, bool]:
    """With so many decimals, and whether that loses anything."""
    short = number.quantize(Decimal(1).scaleb(-places))
    return short, short != number
