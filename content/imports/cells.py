"""What stands in one cell of a table: dates as precise as known, numbers, places, lists and their shares.

Each function reads one cell, or raises ValueError with the reason. What could be two things is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from babel import Locale

Order = Literal["", "day", "month"]
DecimalSign = Literal["", ".", ","]

# Those of Chinese and Arabic lists among them.
LIST_SIGNS = ";；؛،、\n|"
_BETWEEN_ITEMS = re.compile(rf"[{re.escape(LIST_SIGNS)}]")
# Beyond these a year is one of another calendar, or a slip.
FIRST_YEAR, LAST_YEAR = 1000, 2200

_OURS = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_WITH_CLOCK = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[T ]\d{1,2}:\d{2}\S*", re.ASCII)
_BY_YEAR = (
    re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII),
    re.compile(r"(1[89]\d{2}|20\d{2})(\d{2})(\d{2})", re.ASCII),
    re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", re.ASCII),
    re.compile(r"(\d{4})\s*(?:年|г\.?|год)?", re.ASCII),
)
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]+")
_LOCALES = ("en", "fr", "es", "ru", "ar", "de", "zh")
# The names of the east of the Arab world beside those that CLDR has.
_MORE_MONTHS = {
    "sept": 9, "كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8,
    "أيلول": 9, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12,
}  # fmt: skip

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_SMALL = r"\d{1,2}(?:[.,]\d{1,20})?"
_DEGREES = re.compile(
    rf"(?P<before>[NSEW])?\s*(?P<degrees>[+-]?\d{{1,3}}(?:[.,]\d{{1,20}})?)\s*°?\s*"
    rf"(?:(?P<minutes>{_SMALL})\s*['′’]\s*)?(?:(?P<seconds>{_SMALL})\s*(?:\"|″|”|''|′′)\s*)?(?P<after>[NSEW])?",
    re.ASCII | re.IGNORECASE,
)
_BETWEEN_DEGREES = re.compile(r"[;/|]|,\s|\s+(?=[-+\dEWew])")
_SHARE = re.compile(
    r"(?P<what>.+?)\s*(?:[:=]\s*(?P<a>\d[\d.,]*)\s*[%％]?|[(\[（]\s*(?P<b>\d[\d.,]*)\s*[%％]\s*[)\]）]"
    r"|\s(?P<c>\d[\d.,]*)\s*[%％])",
    re.DOTALL,
)


def shown(text: str) -> str:
    """The text as a message quotes it: on one line, not too long."""
    line = " ".join(text.split())
    return f"'{line if len(line) <= 60 else line[:59] + '…'}'"


def latin_digits(text: str) -> str:
    """Digits of any script as 0 to 9, full-width signs as narrow ones."""
    if text.isascii():
        return text
    signs = (
        str(unicodedata.digit(sign)) if sign.isdecimal() and not sign.isascii() else sign
        for sign in unicodedata.normalize("NFKC", text)
    )
    return "".join(signs).translate({ord("٫"): ".", ord("٬"): ",", ord("−"): "-", ord("–"): "-"})


# ── dates ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def order_in(texts: Iterable[str]) -> Order:
    """Whether 03/04/2026 begins with the day or the month, as far as other dates of the column tell."""
    return order_of(_YEAR_LAST.fullmatch(latin_digits(text).strip()) for text in texts)


def order_of(matches: Iterable[re.Match | None]) -> Order:
    """Of dates that end in their year: a number, a sign, a number, each a group of its own."""
    found: set[Order] = set()
    for match in matches:
        if match and match[2] != ".":
            one, other = int(match[1]), int(match[3])
            if one > 12 >= other:
                found.add("day")
            elif other > 12 >= one:
                found.add("month")
    return found.pop() if len(found) == 1 else ""


def read_date(text: str, order: Order = "", *, any_year: bool = False) -> str:
    """`2023`, `2023-11` or `2023-11-06`. `any_year`: the table is our own, and its years are meant."""
    said = " ".join(latin_digits(text).split())
    if match := _WITH_CLOCK.fullmatch(said):
        said = match[1]
    if match := _OURS.fullmatch(said):
        return (_date if any_year else _dated)(text, *(int(part) for part in match.groups() if part))
    if match := next(filter(None, (pattern.fullmatch(said) for pattern in _BY_YEAR)), None):
        return _dated(text, *(int(part) for part in match.groups()))
    if match := _MONTH_AND_YEAR.fullmatch(said):
        return _dated(text, int(match[2]), int(match[1]))
    if match := _YEAR_LAST.fullmatch(said):
        return _year_last(text, match, order)
    return _with_month_name(text, said.casefold())


def _year_last(text: str, match: re.Match, order: Order) -> str:
    if len(match[4]) == 2:
        raise ValueError(f"{shown(text)} has a year of two digits: write it as 2023-11-06")
    one, other = int(match[1]), int(match[3])
    order = "day" if match[2] == "." else order
    if one != other and max(one, other) <= 12 and not order:
        raise ValueError(f"{shown(text)} could be two dates: write it as 2023-11-06, or with the name of the month")
    month_first = other > 12 or (order == "month" and one <= 12)
    return _dated(text, int(match[4]), *((one, other) if month_first else (other, one)))


def _with_month_name(text: str, said: str) -> str:
    """28 March 2026, Saturday, March 28, 2026, март 2026 г."""
    numbers = re.findall(r"\d+", said)
    month = _month_in(said)
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if not month or len(years) != 1 or len(days) > 1 or len(numbers) != len(years) + len(days):
        raise ValueError(f"{shown(text)} is no date that can be read: write it as 2023, 2023-11 or 2023-11-06")
    return _dated(text, int(years[0]), month, *(int(day) for day in days))


def _month_in(said: str) -> int:
    words = _WORDS.findall(said)
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    found = {_months()[name] for name in (*pairs, *words) if name in _months()}
    return found.pop() if len(found) == 1 else 0


def _dated(text: str, year: int, *rest: int) -> str:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{shown(text)}: the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    return _date(text, year, *rest)


def _date(text: str, year: int, month: int | None = None, day: int | None = None) -> str:
    known = year > 0 and (month is None or 1 <= month <= 12)
    if not known or (day is not None and not 1 <= day <= monthrange(year, month)[1]):
        raise ValueError(f"{shown(text)} is not a day of the calendar")
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for locale in _LOCALES:
        months = Locale(locale).months
        for names in (months[context][width] for width in ("wide", "abbreviated") for context in months):
            for number, name in names.items():
                word = " ".join(_WORDS.findall(name.casefold()))
                if len(word) > 2:
                    found.setdefault(word, number)
    return found | _MORE_MONTHS


# ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def decimal_sign_in(texts: Iterable[str]) -> DecimalSign:
    """Whether 1,234 is more than a thousand, as far as other numbers of the column tell."""
    found: set[DecimalSign] = set()
    for text in texts:
        said = re.sub(r"[^\d.,]", "", latin_digits(text))
        signs = [sign for sign in said if sign in ".,"]
        if signs and (sign := _sign_of(said, signs)):
            found.add(sign)
    return found.pop() if len(found) == 1 else ""


def _sign_of(said: str, signs: list[str]) -> DecimalSign:
    """What the number by itself tells: of two different signs the last one, of several equal ones the other."""
    if len(set(signs)) == 2:
        return signs[-1]
    if len(signs) > 1:
        return "." if signs[0] == "," else ","
    return signs[0] if len(said.partition(signs[0])[2]) != 3 else ""


def read_number(text: str, sign: DecimalSign = "") -> Decimal:
    """`sign` is the decimal one where the column tells; without it, 1,234 could be two numbers."""
    said = re.sub(r"[\s'’_]", "", latin_digits(text))
    signs = [one for one in said if one in ".,"]
    # A lone full stop is as programs write it, unless the column says otherwise.
    if signs and (signs != ["."] or sign == ","):
        sign = _sign_of(said, signs) or sign
        if not sign:
            raise ValueError(f"{shown(text)} could be two numbers: write it without signs between thousands")
        between = "," if sign == "." else "."
        if between in said and not re.match(
            rf"[+-]?\d{{1,3}}(?:{re.escape(between)}\d{{3}})+(?:{re.escape(sign)}|$)", said
        ):
            raise ValueError(f"{shown(text)} is no number")
        said = said.replace(between, "").replace(sign, ".")
    if not _NUMBER.fullmatch(said):
        raise ValueError(f"{shown(text)} is no number")
    try:
        return Decimal(said)
    except InvalidOperation:
        raise ValueError(f"{shown(text)} is no number") from None


def read_share(text: str) -> Decimal:
    share = read_number(text.strip().removesuffix("%").removesuffix("％"))
    if not 0 <= share <= 100:
        raise ValueError(f"{shown(text)} is not a share between 0 and 100 per cent")
    if share != round(share, 4):
        raise ValueError(f"{shown(text)} has more than four decimal places")
    return share


def read_degrees(text: str, limit: int) -> Decimal:
    """A latitude (limit 90) or longitude (180), in degrees, or in degrees, minutes and seconds."""
    match = _DEGREES.fullmatch(latin_digits(text.replace("º", "°")).strip())
    if not match or (match["before"] and match["after"]):
        raise ValueError(f"{shown(text)} is no place in degrees, such as 39.9042")
    parts = ((match[name] or "0").replace(",", ".") for name in ("degrees", "minutes", "seconds"))
    degrees, minutes, seconds = (Decimal(part) for part in parts)
    side = (match["before"] or match["after"] or "").upper()
    if side and (side in "NS") != (limit == 90):
        raise ValueError(f"{shown(text)} is no {'latitude' if limit == 90 else 'longitude'}")
    value = abs(degrees) + minutes / 60 + seconds / 3600
    if value > limit or max(minutes, seconds) >= 60:
        raise ValueError(f"{shown(text)} is not between -{limit} and {limit} degrees")
    negative = match["degrees"].startswith("-") != (side in {"S", "W"})
    return round(-value if negative else value, 5)


def read_place(text: str) -> tuple[Decimal, Decimal]:
    """Latitude and longitude in one cell."""
    said = latin_digits(text.replace("º", "°")).strip()
    pieces = [piece.strip(" ,") for piece in _BETWEEN_DEGREES.split(said) if piece.strip(" ,")]
    if len(pieces) != 2 and said.count(",") == 1:
        pieces = said.split(",")
    if len(pieces) != 2:
        raise ValueError(f"{shown(text)} is no place such as 39.9042, 116.4074")
    return read_degrees(pieces[0], 90), read_degrees(pieces[1], 180)


# ── lists ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def items(text: str) -> list[str]:
    return [item.strip() for item in _BETWEEN_ITEMS.split(text) if item.strip()]


def with_share(item: str) -> tuple[str, Decimal | None]:
    """ "Kenya (60%)", "KE: 60", "Kenya 60 %" """
    match = _SHARE.fullmatch(item.strip())
    if not match:
        return item, None
    return match["what"], read_share(match["a"] or match["b"] or match["c"])


def is_json(text: str) -> bool:
    return text.startswith(("[{", "[]", "[[", "{"))


def read_json(text: str) -> list[dict[str, Any]]:
    """A list of objects, as our own tables hold what has parts."""

    def refuse(name: str):
        raise ValueError(name)

    try:
        value = json.loads(text, parse_constant=refuse, parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation):
        raise ValueError(f"{shown(text)} is cut off, or no JSON") from None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{shown(text)} is no list of objects")
    return value
