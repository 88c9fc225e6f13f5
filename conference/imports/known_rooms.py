"""Rooms that an edition uses already, as a file may mean them that doesn't say in which venue they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from conference.imports.on_file import OnFile, names_of
from conference.imports.parsed import Event, folded
from conference.models import Room, Session

Found = tuple[Event, Session | None]


class KnownRooms:
    """A room is known by its UUID, else by its name if the file names no venue.

    Our own exports write "Hall A (North House)" where two rooms of an edition share a name.
    """

    def __init__(self, on_file: OnFile):
        self._rooms = {room.pk: room for room in on_file.rooms}
        self._by_guid = {str(room.uuid): room for room in on_file.rooms}
        self._slots = [on_file.draft_slots, on_file.public_slots]
        self._venues = {venue.pk: names_of(venue, "name") for venue in on_file.venues}
        self._by_name: defaultdict[str, dict[int, Room]] = defaultdict(dict)
        used = {slot.room_id for slots in self._slots for slot in slots.values() if slot.room_id}
        for room in on_file.rooms:
            if room.pk in used:
                for name in self._names(room):
                    self._by_name[name][room.pk] = room

    def find(self, event: Event, session: Session | None, venue: str) -> Room | None:
        """None for a room that is new here, or that its venue has to tell."""
        if not event.room:
            return None
        if known := self._by_guid.get(event.room_guid):
            return known
        candidates = {} if venue else self._by_name.get(folded(event.room), {})
        if len(candidates) == 1:
            return next(iter(candidates.values()))
        before = {slots[session.pk].room_id for slots in self._slots if session and session.pk in slots}
        return next((room for pk, room in candidates.items() if pk in before), None)

    def _names(self, room: Room) -> Iterator[str]:
        for name in names_of(room, "name"):
            yield name
            yield from (f"{name} ({venue})" for venue in self._venues[room.venue_id])
