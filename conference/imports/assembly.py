"""What the parsers of all formats do alike: keep their remarks, and make events of what they have read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from conference.imports.clock import Clock, When
from conference.imports.parsed import (
    Conference,
    Event,
    ParsedSchedule,
    Person,
    Problem,
    RefusedError,
    Report,
    Track,
    with_keys,
)
from conference.imports.people import People
from conference.imports.values import shown

MOST_EVENTS = 100_000
MOST_PERSONS = 100_000
LARGEST_FILE = 100 * 1024 * 1024
LONGEST_FIELD = 1_000_000
MOST_UNKNOWN_NAMES = 100


@dataclass(slots=True)
class Draft:
    """An event whose time and persons aren't settled: that takes the whole file. Persons come with their roles."""

    line: int
    when: When
    fields: dict[str, Any]
    persons: list[tuple[Person, str]]


class Notebook:
    """Where a parser says what it met."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._unknown: Counter[str] = Counter()
        self._unknown_first: dict[str, int] = {}
        self._told: set[str] = set()

    def warn(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, "warning", reason))

    def warn_once(self, line: int, reason: str) -> None:
        """For what is the same at each place where it happens."""
        if reason not in self._told:
            self._told.add(reason)
            self.warn(line, reason)

    def refuse(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, "refused", reason))

    def note_unknown(self, name: str, line: int) -> None:
        if name in self._unknown or len(self._unknown) < MOST_UNKNOWN_NAMES:
            self._unknown[name] += 1
            self._unknown_first.setdefault(name, line)

    def report_unknown(self, kind: str) -> None:
        for name, count in self._unknown.items():
            times = f", {count} times in all" if count > 1 else ""
            self.warn(self._unknown_first[name], f"{kind} {shown(name)} is not known and left out{times}")


@dataclass(slots=True)
class Contents:
    """All that a parser has found in a file, before times and persons are settled."""

    format: str
    name: str
    conference: Conference
    drafts: list[Draft] = field(default_factory=list)
    listed: list[Person] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)


def assemble(contents: Contents, clock: Clock, notes: Notebook) -> ParsedSchedule:
    """Each draft becomes an event or has one refusal."""
    people = People(contents.listed, notes.warn)
    events = []
    for draft in contents.drafts:
        try:
            time = clock.read(draft.line, draft.when)
        except RefusedError as refusal:
            notes.refuse(draft.line, str(refusal))
            continue
        persons = people.participations(draft.persons)
        events.append(Event(**draft.fields, **time, persons=persons))
    clock.report_zone()
    _report_shared_guids(events, notes.warn)
    return ParsedSchedule(
        name=contents.name,
        format=contents.format,
        conference=_with_dates(contents.conference, events, clock.zone or clock.default),
        tracks=tuple(dict.fromkeys(contents.tracks)),
        persons=people.all(),
        events=tuple(with_keys(events)),
        problems=tuple(sorted(notes.problems, key=lambda problem: problem.line)),
    )


def _report_shared_guids(events: Sequence[Event], warn: Report) -> None:
    seen: dict[str, int] = {}
    for event in events:
        first = seen.setdefault(event.guid, event.line)
        if event.guid and first != event.line:
            warn(event.line, f"the guid is that of the event in line {first} too: they are told apart by their start")


def _with_dates(conference: Conference, events: Iterable[Event], zone: tzinfo | None) -> Conference:
    """The days of a file that names none are those of its events."""
    if conference.start and conference.end:
        return conference
    days = [_local_day(event.start, zone) for event in events if event.start]
    if not days:
        return conference
    return replace(conference, start=conference.start or min(days), end=conference.end or max(days))


def _local_day(start: datetime, zone: tzinfo | None) -> date:
    return start.date() if start.tzinfo is None else start.astimezone(zone or UTC).date()
