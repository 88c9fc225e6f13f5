"""Finds what would be in one room at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Booking:
    """`name` is what a message calls it. A firm one keeps its room in any case, a loose one in none."""

    key: Hashable
    room: Hashable
    start: datetime
    end: datetime
    name: str
    standing: Literal["firm", "equal", "loose"] = "equal"


_CAN_TAKE_FROM = {"firm": (), "equal": ("firm", "equal"), "loose": ("firm", "equal", "loose")}


def rivals(bookings: Iterable[Booking]) -> dict[Hashable, Booking]:
    """For each booking that loses its room: the first that it loses it to. Of two equal ones both do."""
    by_room = defaultdict(list)
    for booking in bookings:
        by_room[booking.room].append(booking)
    found: dict[Hashable, Booking] = {}
    for group in by_room.values():
        for one, other in _overlapping(group):
            for loser, winner in ((one, other), (other, one)):
                if winner.standing in _CAN_TAKE_FROM[loser.standing]:
                    found.setdefault(loser.key, winner)
    return found


def _overlapping(group: list[Booking]) -> Iterator[tuple[Booking, Booking]]:
    running: list[Booking] = []
    for booking in sorted(group, key=lambda booking: (booking.start, booking.end)):
        running = [other for other in running if other.end > booking.start]
        yield from ((other, booking) for other in running)
        running.append(booking)
