"""What is known of the sessions in a draft, read in as many queries whatever their number."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import NamedTuple

from conference.choices import InterpretationMode, SlotState
from conference.models import (
    Availability,
    Participation,
    Room,
    RoomInterpretation,
    SessionInterpretation,
    Slot,
)
from content import languages
from content.presentation import shown

TITLES = [languages.column("title", code) for code in languages.CODES]
# How long something without an end is taken to be.
SHORT = timedelta(minutes=30)


class Attendance(NamedTuple):
    person: int
    name: str
    role: str
    languages: tuple[str, ...] | None


@dataclass
class Entry:
    """A session with its place in the draft. Languages are None where nothing is recorded."""

    session: int
    title: str
    shown_title: object
    missing_titles: list[str]
    type: str
    track: str
    spans: bool
    is_break: bool
    parent: int | None
    room: int | None
    start: datetime | None
    end: datetime | None
    state: str
    section: str
    section_start: datetime | None
    section_end: datetime | None
    expected: int | None
    people: list[Attendance] = field(default_factory=list)
    interpretation: list[str] = field(default_factory=list)

    @property
    def until(self) -> datetime:
        return self.end or self.start + SHORT

    @property
    def is_on(self) -> bool:
        """Whether it will take place at a time: nothing can clash with the others."""
        return self.start is not None and self.state != SlotState.CANCELLED

    def overlaps(self, other: "Entry") -> bool:
        return self.start < other.until and other.start < self.until


class Facts(NamedTuple):
    entries: dict[int, Entry]
    rooms: dict[int, Room]
    windows: dict[int, list[tuple[datetime, datetime]]]


def facts(version) -> Facts:
    slots = list(slots_of(version))
    entries = {slot.session_id: entry(slot) for slot in slots}
    rooms = {room.pk: room for room in Room.objects.select_related("venue")}
    add_people(version, entries)
    add_interpretation(version, entries)
    return Facts(entries, rooms, windows_of(version.edition_id))


def slots_of(version):
    wanted = [f"session__{title}" for title in TITLES]
    wanted += ["session__parent", "session__type", "session__track", "session__section", "session__plan"]
    named = [
        f"session__{relation}__{languages.column('name', code)}"
        for relation in ("type", "track", "section")
        for code in languages.CODES
    ]
    return (
        Slot.objects.filter(version=version)
        .select_related("session__type", "session__track", "session__section__plan", "session__plan")
        .only(
            *("version", "session", "room", "start", "end", "state"),
            *wanted[: len(TITLES)],
            "session__parent",
            *named,
            "session__type__spans_rooms",
            "session__type__is_break",
            "session__plan__expected_attendance",
            "session__section__plan__start",
            "session__section__plan__end",
        )
        .order_by("start", "id")
    )


def entry(slot) -> Entry:
    session = slot.session
    section_plan = getattr(session.section, "plan", None)
    return Entry(
        session=session.pk,
        title=str(shown(session, "title")),
        shown_title=shown(session, "title"),
        missing_titles=[code for code in languages.CODES if not getattr(session, languages.column("title", code))],
        type=name_of(session.type),
        track=name_of(session.track),
        spans=bool(session.type and session.type.spans_rooms),
        is_break=bool(session.type and session.type.is_break),
        parent=session.parent_id,
        room=slot.room_id,
        start=slot.start,
        end=slot.end,
        state=slot.state,
        section=name_of(session.section),
        section_start=section_plan and section_plan.start,
        section_end=section_plan and section_plan.end,
        expected=session.plan.expected_attendance if hasattr(session, "plan") else None,
    )


def name_of(record) -> str:
    return str(shown(record, "name")) if record else ""


def add_people(version, entries: dict[int, Entry]) -> None:
    names = [languages.column("name", code) for code in languages.CODES]
    rows = Participation.objects.filter(session__slots__version=version).order_by("position", "id")
    paths = [f"person__{name}" for name in names]
    for session, person, role, spoken, *texts in rows.values_list(
        "session", "person", "role", "languages", *paths
    ).distinct():
        name = str(shown(SimpleNamespace(**dict(zip(names, texts, strict=True))), "name"))
        spoken = tuple(spoken) if spoken is not None else None
        entries[session].people.append(Attendance(person, name, role, spoken))


def add_interpretation(version, entries: dict[int, Entry]) -> None:
    """What is offered at a session, in place of what its room offers. Captions need nobody who interprets."""
    of_session, of_room = defaultdict(list), defaultdict(list)
    for session, language, mode in SessionInterpretation.objects.filter(session__slots__version=version).values_list(
        "session", "language", "mode"
    ):
        of_session[session].append((language, mode))
    for room, language, mode in RoomInterpretation.objects.values_list("room", "language", "mode"):
        of_room[room].append((language, mode))
    for one in entries.values():
        offered = of_session.get(one.session) or of_room.get(one.room, [])
        one.interpretation = sorted({language for language, mode in offered if mode != InterpretationMode.CAPTIONS})


def windows_of(edition: int) -> dict[int, list[tuple[datetime, datetime]]]:
    """By person, when they are there: windows that touch are one."""
    windows = defaultdict(list)
    rows = Availability.objects.filter(appearance__edition=edition).order_by("start", "end")
    for person, start, end in rows.values_list("appearance__person", "start", "end"):
        known = windows[person]
        if known and start <= known[-1][1]:
            known[-1] = (known[-1][0], max(known[-1][1], end))
        else:
            known.append((start, end))
    return windows
