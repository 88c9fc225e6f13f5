"""Which sessions a sample programme has, where and when: two of them are never in one room at one time."""

from collections.abc import Iterator
from itertools import count, islice
from random import Random
from typing import NamedTuple


class Place(NamedTuple):
    """`start` and `end` count minutes from midnight at the venue. Without a room it is for all of them."""

    kind: str
    day: int
    start: int
    end: int
    room: int | None = None


OPENING = (9 * 60, 10 * 60)
BREAKS = ((10 * 60, 10 * 60 + 30), (12 * 60 + 30, 13 * 60 + 30), (15 * 60 + 30, 16 * 60))
BLOCKS = (10 * 60 + 30, 13 * 60 + 30, 16 * 60)
# How two hours in a room are divided, in minutes.
DIVISIONS = (
    (120,),
    (60, 60),
    (60, 60),
    (90, 30),
    (30, 90),
    (45, 45, 30),
    (40, 40, 40),
    (30,) * 4,
    (60, 30, 30),
    (15,) * 8,
)
MOST_ROOMS = 24
SESSIONS_A_ROOM = 40


def rooms_for(sessions: int) -> int:
    return min(MOST_ROOMS, max(3, sessions // SESSIONS_A_ROOM))


def timetable(sessions: int, rooms: int, random: Random) -> list[Place]:
    """As many days as it takes; breaks and plenaries are counted among the sessions."""
    days = (place for day in count() for place in one_day(day, rooms, random))
    return list(islice(days, sessions))


def one_day(day: int, rooms: int, random: Random) -> Iterator[Place]:
    yield Place("plenary", day, *OPENING)
    for pause, block in zip(BREAKS, BLOCKS, strict=True):
        yield Place("break", day, *pause)
        for room in range(rooms):
            yield from one_block(day, room, block, random)


def one_block(day: int, room: int, start: int, random: Random) -> Iterator[Place]:
    for minutes in random.choice(DIVISIONS):
        yield Place("session", day, start, start + minutes, room)
        start += minutes
