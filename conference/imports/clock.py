"""Turns what a programme file says of an event's time into an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypedDict

from conference.imports import values
from conference.imports.parsed import RefusedError, Report
from conference.imports.values import shown

_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the programme. It may go on after midnight."""

    date: date | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The words of an event about its time, and the day under which it stands."""

    day: Day
    date: str
    start: str
    end: str
    duration: str


class Time(TypedDict):
    """The fields of an event that a clock reads."""

    start: datetime | None
    start_is_local: bool
    duration: timedelta | None


class Clock:
    """Reads the times of one file, after its zone and its change of day are known."""

    def __init__(self, zone: tzinfo | None, default: tzinfo | None, day_change: timedelta, warn: Report):
        self.zone = zone
        self.default = default
        self.day_change = day_change
        self.warn = warn
        self.first_without_zone = 0
        self.without_zone = 0

    def read(self, line: int, when: When) -> Time:
        start, is_local = None, False
        moment = self._moment(line, when)
        if moment:
            start, is_local = self._instant(line, moment, when.day)
        return {"start": start, "start_is_local": is_local, "duration": self._duration(line, when, start)}

    def _moment(self, line: int, when: When) -> datetime | None:
        try:
            stated = values.read_moment(when.date) if when.date else None
            if isinstance(stated, datetime):
                self._compare(line, stated, when)
                return stated
            clock = _start(when.start) if when.start else None
        except ValueError as error:
            raise RefusedError(str(error)) from error
        if isinstance(clock, datetime):
            return clock
        day = stated or when.day.date
        if clock is None or day is None:
            missing = "start time" if clock is None else "date"
            self.warn(line, f"the event has no {missing}: it comes in without a place in the programme")
            return None
        return self._on_day(day, clock, when.day)

    def _on_day(self, day: date, clock: timedelta, context: Day) -> datetime:
        """The wall time. A programme's day goes on after midnight, until its end or the change of day."""
        plain = datetime.combine(day, time.min) + clock
        later = plain + _A_DAY
        if (context.date and day != context.date) or clock >= _A_DAY:
            return plain
        start, end = self._wall(context.start), self._wall(context.end)
        if start and end:
            inside = (moment for moment in (plain, later) if start <= moment <= end)
            return next(inside, plain)
        return later if clock < self.day_change else plain

    def _wall(self, moment: datetime | None) -> datetime | None:
        if moment is None or moment.tzinfo is None:
            return moment
        return (moment.astimezone(self.zone) if self.zone else moment).replace(tzinfo=None)

    def _instant(self, line: int, moment: datetime, day: Day) -> tuple[datetime, bool]:
        if moment.tzinfo is not None:
            self._compare_offset(line, moment)
            return moment.astimezone(UTC), False
        zone = self.zone or self._zone_of(day)
        if not self.zone and zone is self.default:
            self.first_without_zone = self.first_without_zone or line
            self.without_zone += 1
        if not zone:
            return moment, True
        instant, note = values.localise(moment, zone)
        if note:
            self.warn(line, note)
        return instant, False

    def report_zone(self) -> None:
        """Say once in which zone times without an offset were taken, if the file names none."""
        if self.without_zone:
            taken = self.default or "the zone of the edition"
            reason = f"{self.without_zone} times without an offset are taken in {taken}"
            self.warn(self.first_without_zone, f"the file names no time zone: {reason}")

    def _zone_of(self, day: Day) -> tzinfo | None:
        """The caller's zone, unless the day's own offset says that the file is of another one."""
        offset = day.start.utcoffset() if day.start else None
        if offset is None or (self.default and day.start.astimezone(self.default).utcoffset() == offset):
            return self.default
        return day.start.tzinfo

    def _compare(self, line: int, moment: datetime, when: When) -> None:
        """The time of day is often there twice: say so if the two differ."""
        try:
            clock = values.read_clock(when.start)
        except ValueError:
            return
        walls = (moment.replace(tzinfo=None), self._wall(moment))
        midnights = (datetime.combine(wall, time.min) for wall in walls)
        if not any(
            abs(wall - midnight - clock % _A_DAY) < _A_MINUTE for wall, midnight in zip(walls, midnights, strict=True)
        ):
            self.warn(line, f"start {shown(when.start)} is not the time of {shown(when.date)}: the second is taken")

    def _compare_offset(self, line: int, moment: datetime) -> None:
        """An offset of zero is another way to write an instant; any other is meant as the place's."""
        if not self.zone or not moment.utcoffset():
            return
        if moment.astimezone(self.zone).utcoffset() != moment.utcoffset():
            self.warn(line, f"the offset of {moment.isoformat()} is not that of {self.zone}: the offset is taken")

    def _duration(self, line: int, when: When, start: datetime | None) -> timedelta | None:
        """What the file says, else what lies between start and end."""
        stated = values.tried(values.read_duration, when.duration, line, self.warn)
        if stated or not when.end:
            if not (stated or when.duration):
                self.warn(line, "the event has no duration")
            return stated
        return self._until_end(line, when, start)

    def _until_end(self, line: int, when: When, start: datetime | None) -> timedelta | None:
        try:
            end = _start(when.end)
            between = self._between(line, start, end, when) if isinstance(end, datetime) else end - self._clock(when)
        except ValueError:
            self.warn(line, "the event has no duration")
            return None
        if not isinstance(end, datetime):
            return between if between > timedelta(0) else between + _A_DAY
        if not timedelta(0) < between <= values.LONGEST_DURATION:
            self.warn(line, f"the end {shown(when.end)} is not within a month after the start: it is left out")
            return None
        return between

    def _between(self, line: int, start: datetime | None, end: datetime, when: When) -> timedelta:
        if start is None:
            raise ValueError("an end without a start")
        if end.tzinfo is None and start.tzinfo is not None:
            zone = self.zone or self._zone_of(when.day)
            end = values.localise(end, zone)[0] if zone else end.replace(tzinfo=UTC)
        return end - (start if end.tzinfo is None or start.tzinfo is not None else start.replace(tzinfo=UTC))

    def _clock(self, when: When) -> timedelta:
        """The time of day at which the event starts."""
        start = _start(when.start or when.date.replace(" ", "T").partition("T")[2][:5])
        if isinstance(start, datetime):
            return timedelta(hours=start.hour, minutes=start.minute)
        return start


def _start(text: str) -> datetime | timedelta:
    """Mostly a time of day; some files write the whole instant here."""
    if len(text) <= len("09:30:00.000"):
        return values.read_clock(text)
    moment = values.read_moment(text)
    if not isinstance(moment, datetime):
        raise ValueError(f"start {shown(text)} is not a time")
    return moment
