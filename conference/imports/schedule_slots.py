"""When and where: the slots of the draft version, with what overlaps in a room unconfirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from conference.choices import SlotState
from conference.imports.on_file import OnFile
from conference.imports.overlaps import Booking, rivals
from conference.imports.parsed import Event, Report
from conference.imports.planned import EventPlan
from conference.imports.records import assign, differs
from conference.imports.schedule_places import Names
from conference.imports.values import shown
from conference.models import Room, Slot
from content import languages

# The largest that schedule.xml can say.
_LARGEST_DURATION = timedelta(hours=99, minutes=59)
_A_MINUTE = timedelta(minutes=1)


class Slots:
    def __init__(self, on_file: OnFile, names: Names, given: set[str], *, draft: bool, warn: Report):
        self.on_file = on_file
        self.names = names
        self.given = given
        self.draft = draft
        self.warn = warn
        self.rooms = {room.pk: room for room in on_file.rooms}
        self.zone = ZoneInfo(on_file.edition.time_zone)
        self.unconfirmed: list[Slot] = []

    def plan(self, plans: list[EventPlan]) -> None:
        """Overlaps take all events that come in: of two that are new in a room neither is the right one."""
        wanted = {id(plan): self._wanted(plan) for plan in plans}
        bookings = [booking for plan in plans if (booking := self._booking(plan, wanted[id(plan)]))]
        others = list(self._others({plan.session.pk for plan in plans}))
        against = rivals([*bookings, *(booking for _, booking in others)])
        for plan in plans:
            values = wanted[id(plan)]
            if other := against.get(id(plan)):
                values["state"] = SlotState.TENTATIVE
                place = f"overlaps in room {shown(plan.event.room)} with {other.name}"
                self.warn(plan.event.line, f"{shown(plan.event.title)} {place}: it comes in unconfirmed")
            self._set(plan, values)
        for slot, booking in others:
            if winner := against.get(booking.key):
                slot.state = SlotState.TENTATIVE
                self.unconfirmed.append(slot)
                self.warn(1, f"{booking.name}, loses its room to {winner.name}: it is unconfirmed now")

    def _before(self, plan: EventPlan) -> Slot | None:
        return self.on_file.draft_slots.get(plan.session.pk)

    def _wanted(self, plan: EventPlan) -> dict[str, Any]:
        event, before = plan.event, self._before(plan)
        if event.start and not event.duration:
            reason = f"{shown(event.title)} starts at {event.start:%Y-%m-%d %H:%M} UTC but has no duration"
            self.warn(event.line, f"{reason}: it comes in without an end")
        kept_room = self.rooms.get(before.room_id) if before else None
        place = {
            "room": self.names.room(event) if "room" in self.given else kept_room,
            "start": event.start,
            "end": self._end(event, before),
        }
        return {**place, "state": self._state(event, before, place)}

    def _end(self, event: Event, before: Slot | None) -> datetime | None:
        """The file's. What its minutes, and its largest number of them, can't say isn't a change."""
        if not event.start or not event.duration:
            return None
        end = event.start + event.duration
        if before and before.end and before.start == event.start:
            is_largest = event.duration == _LARGEST_DURATION and before.end > end
            if is_largest or end < before.end < end + _A_MINUTE:
                return before.end
        return end

    def _state(self, event: Event, before: Slot | None, place: dict[str, Any]) -> str:
        """A file that knows no states brings nothing cancelled back, and confirms nothing that stays where it is.

        What is unconfirmed since it overlapped on file is another thing: it is looked at afresh.
        """
        if "state" in self.given or not before:
            return event.state or SlotState.CONFIRMED
        waits = before.state == SlotState.TENTATIVE and not _differ(before, place) and before.pk not in self._clashing
        if before.state != SlotState.CANCELLED and not waits:
            return SlotState.CONFIRMED
        word = "cancelled" if before.state == SlotState.CANCELLED else "unconfirmed"
        reason = f"is {word} on file, and no event of this file has a state: it stays {word}"
        self.warn(event.line, f"{shown(event.title)} {reason}")
        return before.state

    @cached_property
    def _clashing(self) -> set[int]:
        """The slots on file that overlap with another in their room."""
        slots = self.on_file.draft_slots.values()
        bookings = [
            Booking(slot.pk, slot.room_id, slot.start, slot.end, "")
            for slot in slots
            if slot.room_id and slot.start and slot.end and slot.state != SlotState.CANCELLED
        ]
        return set(rivals(bookings))

    def _booking(self, plan: EventPlan, values: dict[str, Any]) -> Booking | None:
        """What is confirmed on file, and stays where it is, keeps its room."""
        if values["state"] != SlotState.CONFIRMED or not (values["room"] and values["start"] and values["end"]):
            return None
        before = self._before(plan)
        standing = "firm" if before and not _differ(before, values) else "equal"
        if plan.event.all_day:
            # Days without hours say of no hour that the room is taken.
            standing = "loose"
        name = f"{shown(plan.event.title)} in line {plan.event.line}"
        return Booking(id(plan), _room_key(values["room"]), values["start"], values["end"], name, standing)

    def _others(self, in_file: set[int | None]) -> Iterable[tuple[Slot, Booking]]:
        """The confirmed slots of sessions that the file leaves where they are.

        One that an earlier file brought and this one hasn't makes room; one that staff made doesn't.
        """
        sessions = {session.pk: session for session in self.on_file.sessions}
        for slot in self.on_file.draft_slots.values():
            booked = slot.state == SlotState.CONFIRMED and slot.room_id and slot.start and slot.end
            if booked and slot.session_id not in in_file:
                session = sessions[slot.session_id]
                title = shown(languages.localised(session, "title", "en").text)
                name = f"{title}, which is on file but not in this file"
                standing = "loose" if session.external_guid or session.external_id else "firm"
                yield slot, Booking(("slot", slot.pk), slot.room_id, slot.start, slot.end, name, standing)

    def _set(self, plan: EventPlan, values: dict[str, Any]) -> None:
        public = self.on_file.public_slots.get(plan.session.pk)
        plan.version_differs = not self.draft and (public is None or _differ(public, values))
        before = self._before(plan)
        plan.slot = before or Slot(session=plan.session)
        if before:
            plan.details += self._told(before, values)
        plan.slot_differs = bool(assign(plan.slot, values)) or before is None

    def _told(self, before: Slot, values: dict[str, Any]) -> Iterable[str]:
        for name, value in values.items():
            if differs(before, name, value):
                old = self.rooms.get(before.room_id) if name == "room" else getattr(before, name)
                yield f"{name}: {self._words(old)} → {self._words(value)}"

    def _words(self, value: Any) -> str:
        if isinstance(value, datetime):
            return f"{value.astimezone(self.zone):%Y-%m-%d %H:%M}"
        if isinstance(value, Room):
            return shown(languages.localised(value, "name", "en").text)
        return str(value) if value else "none"


def _room_key(room) -> Any:
    """New rooms have no number yet, and compare by being the same object."""
    return room.pk or ("new", id(room))


def _differ(slot: Slot, values: dict[str, Any]) -> bool:
    return any(differs(slot, name, value) for name, value in values.items())
