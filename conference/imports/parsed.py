"""What every parser of a programme gives, whatever the format of the file.

Plain values without a database behind them: the planner compares them with what is on file.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

# The others of this package take them from here.
from content.imports.problems import FileError as ScheduleError  # noqa: F401
from content.imports.problems import Problem


class RefusedError(Exception):
    """This one event can't come in; the others can."""


class Key(NamedTuple):
    """One way to recognise an event or a person in a later file; `docs/formats.md` says how they are used."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    title: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    name: str
    slug: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class Conference:
    acronym: str = ""
    title: str = ""
    subtitle: str = ""
    venue: str = ""
    city: str = ""
    start: date | None = None
    end: date | None = None
    time_zone: str = ""
    version: str = ""
    base_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """`key` is unique in the file and is what `Participation.person` refers to.

    `names` are those in languages of the portal, of a file that tells them apart.
    """

    key: str
    name: str
    line: int
    id: str = ""
    guid: str = ""
    slug: str = ""
    url: str = ""
    biography: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Participation:
    person: str
    name: str
    id: str = ""
    guid: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A language into which an event is interpreted; `mode` is one of the portal's."""

    language: str
    mode: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """`start` is an instant in UTC.

    It is naive, and `start_is_local` true, only if neither the file nor the caller names a time zone; it is None
    for an event that the file gives no time. `guid` is a UUID in its usual form whenever it can be read as one.

    `texts` are title, subtitle and abstract by the languages of the portal, of a file that says in which they are:
    `{"title": {"en": "Opening", "fr": "Ouverture"}}`. `all_day`: the file names days and no hours.
    """

    line: int
    title: str
    guid: str = ""
    id: str = ""
    code: str = ""
    start: datetime | None = None
    start_is_local: bool = False
    duration: timedelta | None = None
    all_day: bool = False
    room: str = ""
    room_slug: str = ""
    room_guid: str = ""
    venue: str = ""
    venue_slug: str = ""
    slug: str = ""
    url: str = ""
    subtitle: str = ""
    track: str = ""
    track_slug: str = ""
    type: str = ""
    type_slug: str = ""
    languages: tuple[str, ...] = ()
    abstract: str = ""
    description: str = ""
    recording_url: str = ""
    recording_optout: bool | None = None
    recording_licence: str = ""
    persons: tuple[Participation, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    section: str = ""
    section_slug: str = ""
    parent: str = ""
    interpretation: tuple[Offered, ...] = ()
    state: Literal["", "tentative", "confirmed", "cancelled"] = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedSchedule:
    """Every event of the file is either in `events` or has one problem of severity refused."""

    name: str
    conference: Conference
    tracks: tuple[Track, ...]
    persons: tuple[Person, ...]
    events: tuple[Event, ...]
    problems: tuple[Problem, ...]
    format: str = "schedule.xml"

    @property
    def refused(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "refused"]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "warning"]

    @property
    def read(self) -> int:
        return len(self.events) + len(self.refused)


def folded(text: str) -> str:
    """The text as it is compared: width, case and spacing make no difference, accents do."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def with_keys(events: Sequence[Event]) -> list[Event]:
    """Give each event its keys, the surest first.

    A key that several events of the file share says too little: each of them gets it with its start, then with its
    room, so that the first keys are unique in the file. The shared form comes last.
    """
    plain = [_plain_keys(event) for event in events]
    shared = _repeated(key for keys in plain for key in keys)
    timed = _repeated(_with_start(key, event) for event, keys in zip(events, plain, strict=True) for key in keys)

    def exact(key: Key, event: Event) -> Key:
        if key not in shared:
            return key
        by_start = _with_start(key, event)
        return by_start if by_start not in timed else _with_room(by_start, event)

    numbers: Counter[Key] = Counter()

    def numbered(key: Key) -> Key:
        """The second of two that are alike in everything, and so on."""
        numbers[key] += 1
        return key if numbers[key] == 1 else Key(key.kind, f"{key.value} #{numbers[key]}")

    return [
        replace(
            event,
            keys=(*(numbered(exact(key, event)) for key in keys), *(key for key in keys if key in shared)),
        )
        for event, keys in zip(events, plain, strict=True)
    ]


def _plain_keys(event: Event) -> list[Key]:
    """The number alone comes last: some systems number their events afresh in each file."""
    title = folded(event.title)
    persons = ", ".join(sorted(folded(participation.name) for participation in event.persons))
    keys = [
        Key("guid", event.guid),
        Key("code", event.code),
        Key("id+title", f"{event.id} {title}" if event.id else ""),
        Key("slug", event.slug),
        Key("title+persons", f"{title} | {persons}"),
        Key("id", event.id),
    ]
    return [key for key in keys if key.value]


def _repeated(keys: Iterable[Key]) -> set[Key]:
    return {key for key, count in Counter(keys).items() if count > 1}


def _with_start(key: Key, event: Event) -> Key:
    return Key(f"{key.kind}+start", f"{key.value} @ {_instant(event.start)}")


def _with_room(key: Key, event: Event) -> Key:
    return Key(f"{key.kind}+room", f"{key.value} @ {folded(event.room)}")


def _instant(start: datetime | None) -> str:
    if start is None:
        return "unscheduled"
    return start.isoformat() if start.tzinfo is None else start.astimezone(UTC).isoformat()


Report = Callable[[int, str], None]
"""Takes a line and the reason of a warning."""
