"""schedule.xml in the dialects of pentabarf, frab, pretalx, wafer, FOSDEM, c3voc and their relatives.

`parse` keeps to the text of one file: it needs no database, and what the events mean for an edition is the planner's.
`docs/formats.md` says what is tolerated, and what is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import BinaryIO

from conference.imports import values
from conference.imports.assembly import LONGEST_FIELD, MOST_EVENTS, MOST_PERSONS, Contents, Draft, Notebook, assemble
from conference.imports.clock import Clock, Day
from conference.imports.own_rooms import tell_venues
from conference.imports.parsed import Conference, ParsedSchedule, Person, RefusedError, ScheduleError, Track
from conference.imports.values import shown
from conference.imports.xml_event import PERSONS, read_event, read_person
from conference.imports.xml_node import Node
from content.imports.xml_stream import XmlKind, read_xml

FORMAT = "schedule.xml"
OWN_GENERATOR = "brst-portal"
MOST_ELEMENTS_OF_ONE = 5_000
KIND = XmlKind(
    name=FORMAT,
    largest_file=100 * 1024 * 1024,
    most_elements=2_000_000,
    split="import it in parts, for instance day by day",
)

_EVENTS = frozenset({"event", "entry"})
_OUTSIDE = frozenset({"schedule", "conference", "day", "days", "room", "rooms", "tracks", "persons", "speakers"})
_CONFERENCE_FIELDS = frozenset(
    {"acronym", "title", "subtitle", "venue", "city", "start", "end", "day_change", "base_url", "url", "release"}
    | {"time_zone_name", "time_zone", "timezone"}
)
_CONFERENCE_IGNORED = frozenset({"timeslot_duration", "logo", "color"})


def parse(
    source: BinaryIO | str | Path, *, name: str = "schedule.xml", default_zone: tzinfo | None = None
) -> ParsedSchedule:
    """Read a whole file, or raise ScheduleError and nothing comes in.

    `default_zone` is taken for times without an offset in a file that names no zone: the edition's.
    """
    collector = _Collector()
    collector.problems += read_xml(source, collector, KIND)
    return _finished(collector, name, default_zone)


class _Collector(Notebook):
    """Takes the elements as they come and keeps what `_finished` needs."""

    def __init__(self) -> None:
        super().__init__()
        self.drafts: list[Draft] = []
        self.listed: list[Person] = []
        self.tracks: list[Track] = []
        self.conference: dict[str, tuple[str, int]] = {}
        self.conference_seen = False
        self.days: list[date] = []
        self._path: list[str] = []
        self._open: list[Node] = []
        self._elements = 0
        self._too_much = ""
        self._events = 0
        self._day = Day()
        self._room: dict[str, str] = {}
        self.is_own = False

    @property
    def _base_url(self) -> str:
        return self.conference.get("base_url", ("", 0))[0]

    # ── what the reader calls ──────────────────────────────────────────────────────────────────────────────────

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if not self._path and name != "schedule":
            raise ScheduleError(line, KIND.html_page if name.lower() == "html" else _wrong_root(name))
        self._path.append(name)
        if name in _EVENTS:
            self._count_event(line)
        if self._open:
            self._inside(Node(name, attributes, line))
        elif name in _EVENTS or self._begins_record(name):
            self._open = [Node(name, attributes, line)]
            self._elements, self._too_much = 0, ""
        else:
            self._surrounding(name, attributes, line)

    def text(self, data: str) -> None:
        if not self._open or self._too_much:
            return
        # A field is what stands directly in the record, with all that is in it.
        owner = self._open[min(1, len(self._open) - 1)]
        owner.size += len(data)
        if owner.size > LONGEST_FIELD:
            self._too_much = f"<{owner.name}> is longer than {LONGEST_FIELD:,} characters"
            return
        self._open[-1].add_text(data)

    def end(self, line: int) -> None:
        name = self._path.pop()
        if self._open:
            node = self._open.pop()
            if not self._open:
                self._close_record(node)
        elif name == "day":
            self._day = Day()
        elif name == "room":
            self._room = {}

    # ── elements outside and inside of records ─────────────────────────────────────────────────────────────────

    def _count_event(self, line: int) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            raise ScheduleError(line, f"the file has more than {MOST_EVENTS:,} events: import it in parts")

    def _begins_record(self, name: str) -> bool:
        parent = self._path[-2] if len(self._path) > 1 else ""
        if parent == "conference":
            return name not in _OUTSIDE
        if parent in {"tracks", "persons", "speakers"}:
            return name == "track" or name in PERSONS
        return parent == "schedule" and name == "version"

    def _surrounding(self, name: str, attributes: dict[str, str], line: int) -> None:
        if name == "day":
            self._day = self._read_day(attributes, line)
        elif name == "room":
            self._room = attributes
        elif name == "conference":
            self.conference_seen = True
        elif name == "generator":
            self.is_own = attributes.get("name") == OWN_GENERATOR
        elif name not in _OUTSIDE | {"url"}:
            self.note_unknown(f"<{name}>", line)

    def _inside(self, node: Node) -> None:
        self._elements += 1
        if node.name in _EVENTS:
            self.refuse(node.line, f"the event stands inside of <{self._open[-1].name}>: which is meant can't be told")
        if self._elements > MOST_ELEMENTS_OF_ONE:
            self._too_much = f"<{self._open[0].name}> has more than {MOST_ELEMENTS_OF_ONE:,} elements"
        elif not self._too_much and node.name not in _EVENTS:
            self._open[-1].content.append(node)
        self._open.append(node)

    def _read_day(self, attributes: dict[str, str], line: int) -> Day:
        start, end = (self._day_moment(attributes, key, line) for key in ("start", "end"))
        day = self._day_moment(attributes, "date", line) or start
        day_date = day.date() if isinstance(day, datetime) else day
        if day_date:
            self.days.append(day_date)
        return Day(
            date=day_date,
            start=start if isinstance(start, datetime) else None,
            end=end if isinstance(end, datetime) else None,
        )

    def _day_moment(self, attributes: dict[str, str], key: str, line: int) -> datetime | date | None:
        return values.tried(values.read_moment, attributes.get(key, ""), line, self.warn, f"day {key}: ")

    # ── complete records ───────────────────────────────────────────────────────────────────────────────────────

    def _close_record(self, node: Node) -> None:
        if node.name in _EVENTS:
            self._close_event(node)
        elif self._too_much:
            raise ScheduleError(node.line, self._too_much)
        elif node.name in PERSONS:
            self._close_person(node)
        elif node.name == "track":
            self._close_track(node)
        else:
            self._close_conference_field(node)

    def _close_event(self, node: Node) -> None:
        """Keep the event, or refuse it: nothing else can become of it."""
        try:
            if self._too_much:
                raise RefusedError(self._too_much)
            self.drafts.append(read_event(node, self._day, self._room, self._base_url, self))
        except RefusedError as refusal:
            self.refuse(node.line, str(refusal))

    def _close_person(self, node: Node) -> None:
        if len(self.listed) >= MOST_PERSONS:
            raise ScheduleError(node.line, f"the file lists more than {MOST_PERSONS:,} persons")
        person = read_person(node)
        if person.name:
            self.listed.append(person)
        else:
            self.warn(node.line, "a person without a name is left out")

    def _close_track(self, node: Node) -> None:
        name = node.attribute("name") or node.line_of_text()
        if name:
            self.tracks.append(Track(name, node.attribute("slug"), node.attribute("color")))

    def _close_conference_field(self, node: Node) -> None:
        value = node.line_of_text()
        if node.name == "version" or node.name in _CONFERENCE_FIELDS:
            self.conference.setdefault(node.name, (value, node.line))
        elif value and node.name not in _CONFERENCE_IGNORED:
            self.note_unknown(f"<{node.name}>", node.line)


def _wrong_root(name: str) -> str:
    return f"the outermost element is {shown(f'<{name}>')}, expected is <schedule>: this is not a schedule.xml"


# ── the end of the file ────────────────────────────────────────────────────────────────────────────────────────────


def _finished(collector: _Collector, name: str, default_zone: tzinfo | None) -> ParsedSchedule:
    collector.report_unknown("element")
    conference, clock = _conference(collector, default_zone)
    if collector.is_own:
        tell_venues(collector.drafts)
    contents = Contents(FORMAT, name, conference, collector.drafts, collector.listed, collector.tracks)
    return assemble(contents, clock, collector)


def _conference(collector: _Collector, default_zone: tzinfo | None) -> tuple[Conference, Clock]:
    given = {name: text for name, (text, _) in collector.conference.items()}
    if not collector.conference_seen:
        collector.warn(1, "the file has no <conference>: its dates are those of its days")
    zone = _tried(collector, values.read_zone, "time_zone_name", "time_zone", "timezone")
    day_change = _tried(collector, values.read_clock, "day_change") or timedelta(0)
    start, end = (_date(_tried(collector, values.read_moment, name)) for name in ("start", "end"))
    conference = Conference(
        **{name: given.get(name, "") for name in ("acronym", "title", "subtitle", "venue", "city", "base_url", "url")},
        start=start or min(collector.days, default=None),
        end=end or max(collector.days, default=None),
        time_zone=zone.key if zone else "",
        version=given.get("version") or given.get("release") or "",
    )
    return conference, Clock(zone, default_zone, day_change, collector.warn)


def _tried(collector: _Collector, read: Callable[[str], values.Value], *names: str) -> values.Value | None:
    """What the first of the conference's fields says that isn't empty."""
    name, (text, line) = next(
        ((name, said) for name in names if (said := collector.conference.get(name))), ("", ("", 0))
    )
    return values.tried(read, text, line, collector.warn, f"conference {name}: ")


def _date(moment: datetime | date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
