"""Records over the years, a lane a strand: points by their shape, spans as lines, so that no colour has to be told.

Pure functions. Places are in hundredths of the width, since the picture is as wide as its page and its marks keep
their size. Dates are as precise as known: a point known by its year stands in the middle of it, a span takes it all.
"""

from calendar import monthrange
from collections.abc import Sequence
from math import ceil, floor
from typing import Any, NamedTuple

ROW = 18
# What a mark takes up beside its place, so that none covers another on a phone.
BESIDE = 2.6
FEWEST_YEARS, MOST_TICKS = 8, 6


class Item(NamedTuple):
    """`start` and `end` are dates as precise as known. A span without an end is open, and drawn until today."""

    lane: Any
    shape: str
    start: str
    end: str | None = None
    is_span: bool = False
    record: Any = None


# An item, where it begins, and where it ends.
Placed = tuple[Item, float, float]


class Mark(NamedTuple):
    x: str
    x2: str
    y: int
    is_open: bool
    item: Item


class Lane(NamedTuple):
    key: Any
    height: int
    marks: list[Mark]


class Timeline(NamedTuple):
    """`ticks` are pairs of a place and a year; `today` is empty where the years drawn end before it."""

    lanes: list[Lane]
    ticks: list[tuple[str, int]]
    today: str


def timeline(items: Sequence[Item], today: str) -> Timeline:
    """Lanes come in the order of their keys."""
    now = middle(today)
    placed = [(item, *extent(item, now)) for item in items]
    first, last = years(placed)

    def place(moment: float) -> float:
        return 1 + 98 * (moment - first) / (last - first)

    drawn = [
        lane(key, [(item, place(start), place(end)) for item, start, end in placed if item.lane == key])
        for key in sorted({item.lane for item in items})
    ]
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 500, 2000) if (last - first) / step <= MOST_TICKS)
    return Timeline(
        drawn,
        [(f"{place(year):.2f}", year) for year in range(ceil(first / step) * step, last + 1, step)],
        f"{place(now):.2f}" if first <= now <= last else "",
    )


def extent(item: Item, now: float) -> tuple[float, float]:
    if not item.is_span:
        return middle(item.start), middle(item.start)
    begun = beginning(item.start)
    return begun, max(ending(item.end) if item.end else now, begun)


def years(placed: list[Placed]) -> tuple[int, int]:
    """From the first year to the last, with so many around them that a single one is not as wide as the page."""
    first, last = floor(min(start for _item, start, _end in placed)), ceil(max(end for _item, _start, end in placed))
    missing = max(FEWEST_YEARS - (last - first), 0)
    return first - missing // 2, last + missing - missing // 2


def lane(key, placed: list[Placed]) -> Lane:
    """Each mark in the first row in which it has room."""
    ends: list[float] = []
    marks = []
    for item, x, x2 in sorted(placed, key=lambda one: one[1:]):
        row = next((index for index, end in enumerate(ends) if end + BESIDE <= x), len(ends))
        if row == len(ends):
            ends.append(x2)
        ends[row] = x2
        is_open = item.is_span and not item.end
        marks.append(Mark(f"{x:.2f}", f"{x2:.2f}", ROW * row + ROW // 2, is_open, item))
    return Lane(key, ROW * len(ends), marks)


def parts(date: str) -> tuple[int, int | None, int | None]:
    year, month, day = (*map(int, date.split("-")), None, None)[:3]
    return year, month, day


def beginning(date: str) -> float:
    year, month, day = parts(date)
    return year + ((month or 1) - 1 + ((day or 1) - 1) / 31) / 12


def ending(date: str) -> float:
    year, month, day = parts(date)
    if not month:
        return year + 1.0
    return year + (month - 1 + (day / monthrange(year, month)[1] if day else 1)) / 12


def middle(date: str) -> float:
    return (beginning(date) + ending(date)) / 2
