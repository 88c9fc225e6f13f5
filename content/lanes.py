"""A chart of counts over the years, one lane a strand: where a bar stands says whose it is, not its colour.

Pure functions. Every lane has the same scale. Many years are drawn in spans of five or ten.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

HEIGHT = 40
STEP = 10
BAR = 7
# Up to so many years each has a bar of its own; of fewer, years around them keep bars from becoming blocks.
MOST_COLUMNS, FEWEST_COLUMNS = 30, 9


class Column(NamedTuple):
    """A span of years; a single one mostly."""

    label: str
    years: tuple[str, ...]


class Bar(NamedTuple):
    """In units of the picture, as texts for SVG."""

    x: str
    y: str
    height: str
    count: int
    column: Column


def columns(years: Sequence[str]) -> list[Column]:
    """From the first year to the last, those without anything too, so that a gap is seen."""
    if not years:
        return []
    first, last = int(min(years)), int(max(years))
    span = next((span for span in (1, 5, 10, 50) if (last - first) // span < MOST_COLUMNS), 100)
    starts = list(range(first - first % span, last + 1, span))
    missing = max(FEWEST_COLUMNS - len(starts), 0)
    first, last = starts[0] - missing // 2 * span, starts[-1] + (missing - missing // 2) * span
    return [column(start, span, years) for start in range(first, last + 1, span)]


def column(start: int, span: int, years: Sequence[str]) -> Column:
    label = str(start) if span == 1 else f"{start}–{start + span - 1}"
    within = [f"{year:04}" for year in range(start, start + span)]
    return Column(label, tuple(year for year in within if year in years))


def counts(columns: Sequence[Column], by_year: Mapping[str, int]) -> list[int]:
    return [sum(by_year.get(year, 0) for year in column.years) for column in columns]


def bars(columns: Sequence[Column], by_year: Mapping[str, int], most: int) -> list[Bar]:
    """The bars of one lane; `most` is the largest count of any lane that shares the scale."""
    return [
        bar(place, column, count, most)
        for place, (column, count) in enumerate(zip(columns, counts(columns, by_year), strict=True))
        if count
    ]


def bar(place: int, column: Column, count: int, most: int) -> Bar:
    height = max(1.0, HEIGHT * count / most)
    return Bar(f"{place * STEP + (STEP - BAR) / 2:.1f}", f"{HEIGHT - height:.1f}", f"{height:.1f}", count, column)
