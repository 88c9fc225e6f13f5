"""Dates and times as people write them in tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from typing import NamedTuple

from babel import Locale

from conference.imports import values
from conference.imports.parsed import folded
from conference.imports.values import shown
from content.imports.cells import Order, order_of

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)", re.ASCII)
_COMPACT = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)", re.ASCII)
_NUMBER = re.compile(r"\d+")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*")
_CLOCK = re.compile(
    r"(?P<before>上午|下午|晚上|中午|凌晨|صباحا|مساء)?\s*(?<!\d)(?P<hour>[01]?\d|2\d)"
    r"(?:\s*[:.hH時时点：]\s*(?P<minute>[0-5]\d)?(?::[0-5]\d(?:\.\d+)?)?)?\s*(?:分)?"
    r"\s*(?P<after>a\.?m\.?|p\.?m\.?|ص|م|uhr|h\b)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|–|—|~|〜|至|到|\bto\b|\bbis\b|\buntil\b|\bà\b|\bдо\b)\s*", re.IGNORECASE)
_AFTERNOON = ("p", "下午", "晚上", "م", "مساء")
_MORNING = ("a", "凌晨", "上午", "ص", "صباحا")
_LOCALES = ("en", "fr", "es", "ru", "ar", "de", "zh")


class Said(NamedTuple):
    """What a cell says: a day, times of it, or an instant with its offset."""

    day: date | None = None
    start: time | None = None
    end: time | None = None
    instant: datetime | None = None


def order_in(texts: Iterable[str]) -> Order:
    """Whether 03/04/2026 begins with the day or the month, as far as other dates of the table tell."""
    return order_of(_YEAR_LAST.search(text) for text in texts)


def read_said(text: str, order: Order) -> Said:
    """Raises ValueError for what is neither date nor time, or could be two dates."""
    text = " ".join(text.split())
    if _INSTANT.fullmatch(text):
        moment = values.read_moment(text.replace(" ", "T", 1))
        if moment.tzinfo:
            return Said(instant=moment)
        return Said(moment.date(), moment.time())
    day, rest = _take_day(text, order)
    times = [_clock(part) for part in _RANGE.split(rest) if part.strip(" ,;|()T")] if rest.strip(" ,;|()T") else []
    if len(times) > 2 or (not times and day is None):
        raise ValueError(f"{shown(text)} is neither a date nor a time that can be read")
    return Said(day, times[0] if times else None, times[1] if len(times) == 2 else None)


def _take_day(text: str, order: Order) -> tuple[date | None, str]:
    for pattern in (_YEAR_FIRST, _COMPACT):
        if match := pattern.search(text):
            return _date(text, *(int(part) for part in match.groups())), _without(text, match)
    if match := _YEAR_LAST.search(text):
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        day, month = _day_and_month(text, int(match[1]), int(match[3]), "day" if match[2] == "." else order)
        return _date(text, year, month, day), _without(text, match)
    return _with_month_name(text)


def _day_and_month(text: str, one: int, other: int, order: Order) -> tuple[int, int]:
    if one > 12 or one == other:
        return one, other
    if other > 12:
        return other, one
    if not order:
        raise ValueError(f"{shown(text)} could be two dates: write it as 2026-03-28, or with the name of the month")
    return (one, other) if order == "day" else (other, one)


def _with_month_name(text: str) -> tuple[date | None, str]:
    """28 March 2026, Saturday, March 28, 2026; what else is in letters is the day of the week."""
    words = re.findall(r"[^\W\d_]+", folded(text))
    month = next((number for word in words if (number := _months().get(word))), None)
    numbers = _NUMBER.findall(text)
    year = next((int(number) for number in numbers if len(number) == 4), None)
    if not month:
        # A day of the week before a time says nothing that the date doesn't.
        rest = re.sub(r"^[^\W\d_]{4,}[.,]?\s+(?=\d)", "", text)
        return None, rest
    day = next((int(number) for number in numbers if len(number) <= 2), None)
    if not (year and day):
        raise ValueError(f"{shown(text)} lacks the {'day' if year else 'year'}: write it as 2026-03-28")
    rest = re.sub(rf"^.*?\b{year}\b", "", text)
    return _date(text, year, month, day), rest


def _without(text: str, match: re.Match) -> str:
    """What is before a date is the day of the week, unless it has a time in it."""
    before = text[: match.start()]
    return f"{before if _NUMBER.search(before) else ''} {re.sub(r'^T', '', text[match.end() :])}"


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError(f"{shown(text)} is not a day of the calendar") from None
    if not values.FIRST_YEAR <= year <= values.LAST_YEAR:
        raise ValueError(f"{shown(text)}: the year is not between {values.FIRST_YEAR} and {values.LAST_YEAR}")
    return found


def _clock(text: str) -> time:
    match = _CLOCK.fullmatch(text.strip(" ,;|()T"))
    if not match or not (match["minute"] or match["after"] or match["before"] or re.search(r"[:hH時时点：]", text)):
        raise ValueError(f"{shown(text)} is not a time such as 09:30")
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["before"] or match["after"] or "").lower()
    if half.startswith(_AFTERNOON) and hour < 12:
        hour += 12
    elif half.startswith(_MORNING) and hour == 12:
        hour = 0
    if hour > 23:
        raise ValueError(f"{shown(text)} is not a time of the day")
    return time(hour, minute)


@cache
def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for locale in _LOCALES:
        months = Locale(locale).months
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in months[context][width].items():
                    for word in re.findall(r"[^\W\d_]+", folded(name)):
                        if len(word) > 2:
                            found.setdefault(word, number)
    return found | {"sept": 9}
