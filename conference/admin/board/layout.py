"""A day as columns of rooms and minutes since midnight.

Minutes are counted as they pass, not by the clock, so that a session keeps its length and its place on a day on
which the clocks change; the labels of the hours say what the clock shows.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from conference.admin.board.facts import Entry
from conference.admin.board.words import clock, clocks

FIRST_HOUR, LAST_HOUR = 7, 22
# What goes on further into the next day is cut off there.
LONGEST = 30
# How much a card can say, by its length in minutes.
SIZES = [(25, "tiny"), (45, "short"), (60, "medium")]
MINUTE = timedelta(minutes=1)


class Day(NamedTuple):
    """From one midnight of the place to the next."""

    date: date
    zone: ZoneInfo

    @property
    def first(self) -> datetime:
        return datetime.combine(self.date, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.date + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.first <= moment < self.end

    def minute(self, moment: datetime) -> int:
        return round((moment - self.first) / MINUTE)


UTC = ZoneInfo("UTC")


class Axis(NamedTuple):
    """Which hours after midnight the board shows."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def hours(self, day: Day) -> list[dict]:
        return [
            {"hour": hour - self.start, "label": clock(day.first + timedelta(hours=hour), day.zone)}
            for hour in range(self.start, self.end)
        ]


def axis_of(entries: Iterable[Entry], day: Day, whole: bool) -> Axis:
    """The usual hours of a conference, further where sessions are, or the whole day."""
    full = round((day.end - day.first) / timedelta(hours=1))
    minutes = [(day.minute(entry.start), day.minute(entry.until)) for entry in entries]
    first = min([FIRST_HOUR, *(start // 60 for start, _end in minutes)])
    last = max([LAST_HOUR, *(-(-end // 60) for _start, end in minutes)])
    if whole:
        first, last = 0, max(full, last)
    return Axis(first, min(last, LONGEST))


def in_lanes(entries: list[Entry]) -> Iterator[tuple[Entry, int, int]]:
    """Each with its lane and how many there are beside it: what is on at the same time lies side by side."""
    group: list[tuple[Entry, int]] = []
    lanes: list[datetime] = []
    for entry in sorted(entries, key=lambda entry: (entry.start, entry.session)):
        if lanes and max(lanes) <= entry.start:
            yield from ((one, lane, len(lanes)) for one, lane in group)
            group, lanes = [], []
        lane = next((number for number, until in enumerate(lanes) if until <= entry.start), len(lanes))
        lanes[lane : lane + 1] = [entry.until]
        group.append((entry, lane))
    yield from ((one, lane, len(lanes)) for one, lane in group)


def placed(entries: list[Entry], day: Day, axis: Axis) -> list[dict]:
    """What a card needs to be drawn, in order of time."""
    return [position(entry, day, axis) | {"lane": lane, "lanes": lanes} for entry, lane, lanes in in_lanes(entries)]


def position(entry: Entry, day: Day, axis: Axis) -> dict:
    start = day.minute(entry.start)
    length = max(round((entry.until - entry.start) / MINUTE), 1)
    shown = max(min(length, axis.end * 60 - start), 5)
    top = start - axis.start * 60
    return {
        "start": start,
        "length": length,
        "top_hour": top // 60,
        "top_minute": top % 60,
        "hours": shown // 60,
        "minutes": shown % 60,
        "session": entry.session,
        "size": next((size for most, size in SIZES if shown < most), ""),
        "time": clocks(entry.start, entry.end, day.zone),
        "goes_on": entry.until > day.end,
    }
