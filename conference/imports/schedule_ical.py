"""Programmes as iCalendar, as calendars and conference systems really write them.

The lines are read by `ical_lines`, which loses none of them; here components become events. `docs/formats.md` says
what is tolerated, and what is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta, tzinfo
from zoneinfo import ZoneInfo

from conference.imports.assembly import MOST_EVENTS, Contents, Draft, Notebook, assemble
from conference.imports.clock import Clock, Day, When
from conference.imports.ical_event import EventReader
from conference.imports.ical_lines import Component, read_components
from conference.imports.ical_places import Places
from conference.imports.ical_times import Moment, instant, length, occurrences, read_moment, wall_in
from conference.imports.ical_zones import Zones
from conference.imports.parsed import Conference, ParsedSchedule, RefusedError, ScheduleError
from conference.imports.text_file import as_utf8
from conference.imports.values import shown

FORMAT = "icalendar"

Days = tuple[date | None, date | None]


def parse(
    content: bytes, *, name: str = "calendar.ics", default_zone: tzinfo | None = None, days: Days = (None, None)
) -> ParsedSchedule:
    """Read a whole file, or raise ScheduleError and nothing comes in."""
    notes = Notebook()
    root, cut_off = read_components(as_utf8(content), notes)
    if cut_off:
        raise ScheduleError(content.count(b"\n") + 1, "the file ends in the middle of an event: it is cut off")
    calendars = [part for part in root.parts if part.name == "VCALENDAR"]
    if any(part.name == "VEVENT" for part in root.parts):
        notes.warn(1, "events stand outside of any calendar: they are read as if they were in one")
        calendars.append(root)
    file = _File(calendars, default_zone, days, notes)
    file.read()
    return file.finished(name)


class _File:
    def __init__(self, calendars: Sequence[Component], default: tzinfo | None, days: Days, notes: Notebook):
        self.calendars = calendars
        self.default = default
        self.days = days
        self.notes = notes
        self.zones = [Zones(calendar, default, notes) for calendar in calendars]
        self.events = [[part for part in one.parts if part.name == "VEVENT"] for one in calendars]
        everything = [event for events in self.events for event in events]
        if len(everything) > MOST_EVENTS:
            raise ScheduleError(1, f"the file has more than {MOST_EVENTS:,} events: import it in parts")
        if not everything:
            raise ScheduleError(1, "the calendar holds no event (VEVENT)")
        self.reader = EventReader(everything, Places(everything), notes)
        self.drafts: list[Draft] = []

    def read(self) -> None:
        for calendar, zones, events in zip(self.calendars, self.zones, self.events, strict=True):
            self._report_others(calendar)
            series = _Series(events)
            for event in events:
                try:
                    self.drafts += self._drafts(event, calendar, zones, series)
                except RefusedError as refusal:
                    self.notes.refuse(event.line, str(refusal))

    def _report_others(self, calendar: Component) -> None:
        kinds = Counter(part.name for part in calendar.parts if part.name not in {"VEVENT", "VTIMEZONE", "VALARM"})
        for kind, count in kinds.items():
            first = next(part for part in calendar.parts if part.name == kind)
            if kind in {"VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"}:
                self.notes.warn(first.line, f"{count} {kind} in the calendar are no events and left out")

    def _drafts(self, event: Component, calendar: Component, zones: Zones, series: _Series) -> list[Draft]:
        if not event.ended:
            self.notes.warn_once(event.line, "what is missing at the end of an event is left out")
        draft = self.reader.read(event, calendar)
        stated = event.first("DTSTART")
        if not stated:
            return [replace(draft, when=_unscheduled())]
        start = read_moment(stated, zones)
        lasting = length(event, start, zones, self.notes)
        if not event.value("RRULE") and not event.value("RDATE"):
            return [self._at(draft, start, lasting)]
        found, outside = occurrences(event, start, zones, self.days)
        found = [moment for moment in found if not series.is_replaced(event, moment, start, zones)]
        if not found:
            raise RefusedError(f"{shown(draft.fields['title'])} repeats, but not within the days of the edition")
        if outside:
            reason = f"{shown(draft.fields['title'])} repeats: {len(found)} times it is within the days of the edition"
            self.notes.warn(event.line, f"{reason}, {outside} times it is not, and that is left out")
        return [self._at(_occurrence(draft, moment), moment, lasting) for moment in found]

    def _at(self, draft: Draft, start: Moment, lasting: timedelta | None) -> Draft:
        if start.days:
            self.notes.warn_once(draft.line, "an event has days and no hours: it comes in from midnight to midnight")
        seconds = int(lasting.total_seconds()) if lasting else 0
        if lasting is not None and seconds <= 0:
            self.notes.warn(
                draft.line, f"{shown(draft.fields['title'])} does not end after it starts: the end is left out"
            )
        duration = f"PT{seconds // 60}M{seconds % 60}S" if seconds > 0 else ""
        when = When(Day(), start.text, "", "", duration)
        return replace(draft, when=when, fields={**draft.fields, "all_day": start.days})

    def finished(self, name: str) -> ParsedSchedule:
        named = next((zones.main for zones in self.zones if zones.main), None)
        zone = named or self._usual_zone()
        head = self.calendars[0]
        conference = Conference(
            title=head.text("X-WR-CALNAME", "NAME"),
            time_zone=zone.key if isinstance(zone, ZoneInfo) else "",
            url=head.value("URL"),
        )
        clock = Clock(named, zone or self.default, timedelta(0), self.notes.warn)
        return assemble(Contents(FORMAT, name, conference, self.drafts), clock, self.notes)

    def _usual_zone(self) -> tzinfo | None:
        """That of most of its times."""
        stated = Counter(
            one.parameters["TZID"]
            for events in self.events
            for event in events
            for one in event.all("DTSTART")
            if one.parameters.get("TZID")
        )
        found = [self.zones[0].of(name, 1) for name, _ in stated.most_common(1)]
        return found[0] if found and isinstance(found[0], ZoneInfo) else None


class _Series:
    """Which occurrences of events that repeat are told by an event of their own."""

    def __init__(self, events: Iterable[Component]):
        self.replaced = [
            (event.text("UID"), one) for event in events for one in event.all("RECURRENCE-ID") if event.text("UID")
        ]

    def is_replaced(self, event: Component, moment: Moment, start: Moment, zones: Zones) -> bool:
        for identity, one in self.replaced:
            if identity == event.text("UID"):
                told = read_moment(one, zones)
                same = told.wall.date() == moment.wall.date() if told.days else wall_in(told, start) == moment.wall
                if same:
                    return True
        return False


def _occurrence(draft: Draft, moment: Moment) -> Draft:
    """One of several: what it is called in a later file has its start in it."""
    at = instant(moment) or moment.wall
    guid = draft.fields["guid"]
    return replace(draft, fields={**draft.fields, "guid": f"{guid}/{at:%Y%m%dT%H%M%S}" if guid else ""})


def _unscheduled() -> When:
    return When(Day(), "", "", "", "")
