"""Programmes in JSON: both schemas of voc/schedule, as frab, pretalx and the hub write them, and their relatives.

Events are looked for wherever they may stand, and each object among them is an event or is refused: nothing depends on
the path that leads to it. `docs/formats.md` says what is tolerated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from conference.imports import values
from conference.imports.assembly import MOST_EVENTS, Contents, Notebook, assemble
from conference.imports.clock import Clock, Day
from conference.imports.json_event import EventReader, Lookup
from conference.imports.json_tree import Object, read_json
from conference.imports.json_values import first, label, words
from conference.imports.parsed import Conference, ParsedSchedule, RefusedError, ScheduleError, Track
from conference.imports.text_file import text_of
from conference.imports.values import shown

FORMAT = "schedule.json"
EVENT_LISTS = frozenset({"events", "talks", "sessions", "results", "entries", "items", "slots", "submissions"})
_SURROUNDINGS = frozenset({"schedule", "conference", "data", "payload", "export", "program", "programme"})
_RECORDS = frozenset({"rooms", "tracks", "persons", "speakers", "people"})


def parse(content: bytes, *, name: str = "schedule.json", default_zone: tzinfo | None = None) -> ParsedSchedule:
    """Read a whole file, or raise ScheduleError and nothing comes in."""
    notes = Notebook()
    tree = read_json(text_of(content, notes.warn))
    if not isinstance(tree, (Object, list)):
        raise ScheduleError(1, "the JSON is a single value, expected is an object with a schedule")
    found = _Walk(notes)
    found.walk(tree, Day(), "")
    if not found.events and not found.refused:
        raise ScheduleError(1, "the JSON holds no list of events, talks or sessions: this is no programme")
    return _finished(tree, found, notes, name, default_zone)


class _Walk:
    """Goes through the file and keeps its events with their surroundings, and what they may refer to."""

    def __init__(self, notes: Notebook):
        self.notes = notes
        self.events: list[tuple[Object, Day, str]] = []
        self.records: dict[str, list[Any]] = {name: [] for name in _RECORDS}
        self.days: list[date] = []
        self.refused = 0

    def walk(self, node: Any, day: Day, room: str) -> None:
        if isinstance(node, list):
            self._take(node, day, room, 1)
            return
        for key, value in node.pairs:
            self._pair(key.casefold(), value, day, room, node.line)

    def _pair(self, key: str, value: Any, day: Day, room: str, line: int) -> None:
        if key in EVENT_LISTS:
            self._take(value, day, room, line)
        elif key == "days":
            self._days(value)
        elif key == "rooms" and day.date:
            self._rooms(value, day, line)
        elif key in _RECORDS and isinstance(value, (list, Object)):
            self.records[key] += value if isinstance(value, list) else [inner for _, inner in value.pairs]
        elif key in _SURROUNDINGS and isinstance(value, (Object, list)):
            self.walk(value, day, room)

    def _take(self, value: Any, day: Day, room: str, line: int) -> None:
        """A list of events, or an object of such lists by whatever their keys mean."""
        if isinstance(value, Object) and not _looks_like_event(value):
            for key, inner in value.pairs:
                if isinstance(inner, Object):
                    self._event(inner, day, room)
                elif isinstance(inner, list):
                    of_day = _moment(key)
                    here = self._known_day(key, None, None, value.line) if of_day else day
                    self._take(inner, here, room if of_day else room or key, value.line)
            return
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Object):
                self._event(item, day, room)
            elif item is not None:
                self._refuse(line, f"{shown(words(item) or str(item))} stands among the events and is none")

    def _event(self, item: Object, day: Day, room: str) -> None:
        """Groups of sessions, as by day or by hour, hold lists in place of a title of their own."""
        groups = [(key, inner) for key, inner in item.pairs if key.casefold() in EVENT_LISTS | {"rooms"}]
        groups = [(key, inner) for key, inner in groups if isinstance(inner, (list, Object)) and inner]
        if groups and not _has_title(item):
            day = self._day(item) or day
            for key, inner in groups:
                self._pair(key.casefold(), inner, day, label(item.get("room")) or room, item.line)
            return
        if len(self.events) >= MOST_EVENTS:
            raise ScheduleError(item.line, f"the file has more than {MOST_EVENTS:,} events: import it in parts")
        self.events.append((item, day, room))

    def _refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        self.notes.refuse(line, reason)

    def _days(self, value: Any) -> None:
        pairs = value.pairs if isinstance(value, Object) else [("", one) for one in value or [] if value]
        for key, item in pairs if isinstance(value, (Object, list)) else []:
            if isinstance(item, list):
                self._take(item, self._known_day(key, None, None, 1), "", 1)
            elif isinstance(item, Object):
                self.walk(item, self._day(item, key) or Day(), "")

    def _day(self, item: Object, key: str = "") -> Day | None:
        named = words(first(item, "date", "day_date", "day")) or key
        start, end = (words(first(item, *names)) for names in (("day_start", "start"), ("day_end", "end")))
        return self._known_day(named, start, end, item.line) if named or start else None

    def _known_day(self, named: str, start: str | None, end: str | None, line: int) -> Day:
        moments = [_moment(text) for text in (named, start, end)]
        day = moments[0] or moments[1]
        if named and not day:
            self.notes.warn_once(line, f"the day {shown(named)} is no date: it is left out")
        day_date = day.date() if isinstance(day, datetime) else day
        if day_date:
            self.days.append(day_date)
        begin, finish = (moment if isinstance(moment, datetime) else None for moment in moments[1:])
        return Day(day_date, begin, finish)

    def _rooms(self, value: Any, day: Day, line: int) -> None:
        """By their names, or as a list of rooms with their events; frab of old wrote `{"Room": [...]}` too."""
        for key, inner in value.pairs if isinstance(value, Object) else []:
            if isinstance(inner, list) and any(isinstance(one, Object) and not _is_room(one) for one in inner):
                self._take(inner, day, key, value.line)
            elif isinstance(inner, list):
                self._rooms(inner, day, line)
            elif isinstance(inner, Object):
                self.walk(inner, day, key)
        for room in value if isinstance(value, list) else []:
            if isinstance(room, Object):
                self.walk(room, day, label(room))


def _looks_like_event(value: Object) -> bool:
    return _has_title(value) or any(key in value for key in ("guid", "start", "start_time"))


def _has_title(item: Object) -> bool:
    return bool(label(first(item, "title", "name", "summary")))


def _is_room(item: Object) -> bool:
    return any(key.casefold() in EVENT_LISTS for key in item) and not any(key in item for key in ("title", "guid"))


def _moment(text: str | None) -> datetime | date | None:
    try:
        return values.read_moment(text) if text else None
    except ValueError:
        return None


# ── the end of the file ────────────────────────────────────────────────────────────────────────────────────────────


def _finished(tree: Any, found: _Walk, notes: Notebook, name: str, default_zone: tzinfo | None) -> ParsedSchedule:
    schedule = _schedule(tree)
    conference, clock = _conference(schedule, found, notes, default_zone)
    lookup = Lookup(found.records, _meta(schedule), notes)
    contents = Contents(FORMAT, name, conference, [], lookup.persons, list(_tracks(found.records["tracks"])))
    reader = EventReader(lookup, conference.base_url, notes)
    for item, day, room in found.events:
        try:
            contents.drafts.append(reader.read(item, day, room))
        except RefusedError as refusal:
            notes.refuse(item.line, str(refusal))
    notes.report_unknown("field")
    return assemble(contents, clock, notes)


def _schedule(tree: Any) -> list[Object]:
    """The objects that say something of the whole: the conference, then what is around it."""
    found = []
    node = tree
    while isinstance(node, Object):
        found.insert(0, node)
        node = next((node[key] for key in _SURROUNDINGS if isinstance(node.get(key), Object)), None)
    return found


def _meta(schedule: Iterable[Object]) -> Object:
    return next((node["meta"] for node in schedule if isinstance(node.get("meta"), Object)), Object([]))


def _tracks(records: Iterable[Any]) -> Iterator[Track]:
    for record in records:
        if name := label(record):
            more = record if isinstance(record, Object) else Object([])
            yield Track(name, words(more.get("slug")), words(more.get("color")))


def _conference(
    schedule: list[Object], found: _Walk, notes: Notebook, default_zone: tzinfo | None
) -> tuple[Conference, Clock]:
    def said(*names: str) -> str:
        return next((text for node in schedule if (text := label(first(node, *names)))), "")

    line = schedule[0].line if schedule else 1
    zone = values.tried(values.read_zone, said("time_zone_name", "timezone", "time_zone"), line, notes.warn)
    day_change = values.tried(values.read_clock, said("day_change"), line, notes.warn) or timedelta(0)
    start, end = (_moment(said(*names)) for names in (("start", "event_start"), ("end", "event_end")))
    conference = Conference(
        acronym=said("acronym"),
        title=said("title", "event_name") or (said("name") if schedule else ""),
        subtitle=said("subtitle"),
        venue=said("venue"),
        city=said("city"),
        start=_date(start) or min(found.days, default=None),
        end=_date(end) or max(found.days, default=None),
        time_zone=zone.key if zone else "",
        version=said("version"),
        base_url=said("base_url"),
        url=said("url"),
    )
    return conference, Clock(zone, default_zone, day_change, notes.warn)


def _date(moment: datetime | date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
