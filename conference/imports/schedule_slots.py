"""When and where: the slots of the draft version, with what overlaps in a room unconfirmed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conference.choices import SlotState
from conference.imports.on_file import OnFile
from conference.imports.overlaps import Booking, rivals
from conference.imports.parsed import Event, Report
from conference.imports.planned import EventPlan
from conference.imports.records import assign, differs
from conference.imports.schedule_places import Names
from conference.imports.values import shown
from conference.models import Slot
from content import languages


class Slots:
    def __init__(self, on_file: OnFile, names: Names, given: set[str], *, draft: bool, warn: Report):
        self.on_file = on_file
        self.names = names
        self.given = given
        self.draft = draft
        self.warn = warn
        self.rooms = {room.pk: room for room in on_file.rooms}
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
            self.warn(event.line, f"{reason}: it comes in without a place in the programme")
        start = event.start if event.duration else None
        kept_room = self.rooms.get(before.room_id) if before else None
        return {
            "room": self.names.room(event) if "room" in self.given else kept_room,
            "start": start,
            "end": start + event.duration if start and event.duration else None,
            "state": self._state(event, before),
        }

    def _state(self, event: Event, before: Slot | None) -> str:
        """A file that knows no states doesn't bring back a session that was cancelled by hand."""
        if "state" not in self.given and before and before.state == SlotState.CANCELLED:
            reason = "is cancelled on file, and no event of this file has a state: it stays cancelled"
            self.warn(event.line, f"{shown(event.title)} {reason}")
            return SlotState.CANCELLED
        return event.state or SlotState.CONFIRMED

    def _booking(self, plan: EventPlan, values: dict[str, Any]) -> Booking | None:
        """What is confirmed on file, and stays where it is, keeps its room."""
        if values["state"] != SlotState.CONFIRMED or not (values["room"] and values["start"]):
            return None
        before = self._before(plan)
        standing = "firm" if before and not _differ(before, values) else "equal"
        name = f"{shown(plan.event.title)} in line {plan.event.line}"
        return Booking(id(plan), _room_key(values["room"]), values["start"], values["end"], name, standing)

    def _others(self, in_file: set[int | None]) -> Iterable[tuple[Slot, Booking]]:
        """The confirmed slots of sessions that the file leaves where they are.

        One that an earlier file brought and this one hasn't makes room; one that staff made doesn't.
        """
        sessions = {session.pk: session for session in self.on_file.sessions}
        for slot in self.on_file.draft_slots.values():
            booked = slot.state == SlotState.CONFIRMED and slot.room_id and slot.start
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
        plan.slot_differs = bool(assign(plan.slot, values)) or before is None


def _room_key(room) -> Any:
    """New rooms have no number yet, and compare by being the same object."""
    return room.pk or ("new", id(room))


def _differ(slot: Slot, values: dict[str, Any]) -> bool:
    return any(differs(slot, name, value) for name, value in values.items())
