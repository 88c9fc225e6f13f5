"""Where events of a calendar are: one line of text that may hold the room, the venue and its address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from conference.imports.ical_lines import Component
from conference.imports.parsed import folded


def is_address(text: str) -> bool:
    return text.casefold().startswith(("http://", "https://", "www."))


class Places:
    """What follows the first comma is the venue where it does so after several rooms; else all of it is the room."""

    def __init__(self, events: Iterable[Component]):
        rooms: defaultdict[str, set[str]] = defaultdict(set)
        for event in events:
            room, venue = _halves(event.text("LOCATION"))
            if venue:
                rooms[folded(venue)].add(folded(room))
        self._venues = {venue for venue, found in rooms.items() if len(found) > 1}

    def of(self, event: Component) -> dict[str, str]:
        location = " ".join(event.text("LOCATION").split())
        if is_address(location):
            return {}
        room, venue = _halves(location)
        if folded(venue) in self._venues:
            return {"room": room, "venue": venue}
        return {"room": location}


def _halves(location: str) -> tuple[str, str]:
    room, _, venue = " ".join(location.split()).partition(",")
    return room.strip(), venue.strip()
