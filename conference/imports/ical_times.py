"""When an event of a calendar is, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dateutil.rrule import rrulestr

from conference.imports import values
from conference.imports.assembly import Notebook
from conference.imports.ical_lines import Component, Property
from conference.imports.ical_zones import Zones
from conference.imports.parsed import RefusedError
from conference.imports.values import shown

MOST_OCCURRENCES = 1_000
_A_DAY = timedelta(days=1)
_COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.I
)
_DURATION = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII | re.IGNORECASE)
_UNTIL = re.compile(r"UNTIL=([^;]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """As written: a wall time with the zone in which it is, or with none; of `days` the hours aren't known."""

    wall: datetime
    zone: tzinfo | None
    days: bool = False

    @property
    def text(self) -> str:
        """As a clock reads it: an instant, or a time without an offset."""
        return (instant(self) or self.wall).isoformat()


def instant(moment: Moment) -> datetime | None:
    return values.localise(moment.wall, moment.zone)[0] if moment.zone else None


def read_moment(one: Property, zones: Zones) -> Moment:
    text = one.value.strip()
    match = _COMPACT.fullmatch(text)
    try:
        if match:
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
            stated = datetime.combine(date(year, month, day), time(hour, minute, min(second, 59)))
            offset, days = match[7] or "", match[4] is None
            if offset:
                stated = datetime.fromisoformat(f"{stated.isoformat()}{'+00:00' if offset in 'Zz' else offset}")
        else:
            stated = values.read_moment(text)
            days = not isinstance(stated, datetime)
            stated = stated if isinstance(stated, datetime) else datetime.combine(stated, time())
    except ValueError:
        raise RefusedError(f"{one.name} {shown(text)} is not a date or time") from None
    if not values.FIRST_YEAR <= stated.year <= values.LAST_YEAR:
        raise RefusedError(f"{one.name} {shown(text)}: the year is not between 1900 and 2200")
    if stated.tzinfo is not None:
        return Moment(stated.astimezone(UTC).replace(tzinfo=None), UTC)
    name = one.parameters.get("TZID", "")
    zone = zones.of(name, one.line) if name else zones.main
    return Moment(stated, zone, days)


def read_duration(text: str) -> timedelta | None:
    match = _DURATION.fullmatch(text.strip())
    if not match or not any(match.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def length(component: Component, start: Moment, zones: Zones, notes: Notebook) -> timedelta | None:
    """From its end, or as said, or of days without hours one day."""
    if ending := component.first("DTEND", "DUE"):
        try:
            end = read_moment(ending, zones)
            return _between(start, end)
        except RefusedError as error:
            notes.warn(ending.line, f"{error}: it is left out")
    if said := component.first("DURATION"):
        found = read_duration(said.value)
        if found is None:
            notes.warn(said.line, f"duration {shown(said.value)} is not of the form PT1H30M: it is left out")
        return found
    return _A_DAY if start.days else None


def _between(start: Moment, end: Moment) -> timedelta | None:
    begin, finish = instant(start), instant(end)
    between = finish - begin if begin and finish else end.wall - start.wall
    if start.days and end.days and between <= timedelta(0):
        # The last day, where the day after it is meant.
        return between + _A_DAY
    return between


# ── events that happen several times ───────────────────────────────────────────────────────────────────────────────


def occurrences(
    component: Component, start: Moment, zones: Zones, days: tuple[date | None, date | None]
) -> tuple[list[Moment], int]:
    """When it happens within the days of the edition, and how often it does so outside of them."""
    walls = _walls(component, start, zones, days)
    first, last = days
    inside = [
        wall for wall in walls if (not first or wall.date() >= first) and (not last or wall.date() <= last + _A_DAY)
    ]
    return [Moment(wall, start.zone, start.days) for wall in inside], len(walls) - len(inside)


def _walls(component: Component, start: Moment, zones: Zones, days) -> list[datetime]:
    left_out = set(_listed(component, "EXDATE", start, zones))
    found = dict.fromkeys([start.wall] if not component.value("RRULE") else [])
    for rule in component.all("RRULE"):
        found |= dict.fromkeys(_by_rule(rule, start, days))
    found |= dict.fromkeys(_listed(component, "RDATE", start, zones))
    return sorted(wall for wall in found if wall not in left_out)


def _by_rule(rule: Property, start: Moment, days) -> Iterator[datetime]:
    text = _UNTIL.sub(lambda match: f"UNTIL={_until(match[1], start)}", rule.value.strip())
    endless = not re.search(r"(?:COUNT|UNTIL)=", text, re.IGNORECASE)
    if endless and not days[1]:
        raise RefusedError(f"the event repeats without an end ({shown(rule.value)}), and the edition has no last day")
    try:
        every = rrulestr(text, dtstart=start.wall)
    except (ValueError, TypeError, KeyError) as error:
        raise RefusedError(f"the event repeats by a rule that can't be read ({shown(rule.value)}): {error}") from error
    for count, wall in enumerate(every, start=1):
        if endless and wall.date() > days[1] + _A_DAY:
            return
        if count > MOST_OCCURRENCES:
            raise RefusedError(f"the event repeats more than {MOST_OCCURRENCES:,} times ({shown(rule.value)})")
        yield wall


def _until(text: str, start: Moment) -> str:
    """As a wall time, since the rule counts in those; a date lasts until its end."""
    match = _COMPACT.fullmatch(text.strip())
    if not match:
        return text
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    wall = datetime(year, month, day, hour, minute, second) if match[4] else datetime(year, month, day, 23, 59, 59)  # noqa: DTZ001
    if match[7] and start.zone:
        wall = wall.replace(tzinfo=UTC).astimezone(start.zone).replace(tzinfo=None)
    return f"{wall:%Y%m%dT%H%M%S}"


def _listed(component: Component, name: str, start: Moment, zones: Zones) -> Iterator[datetime]:
    for one in component.all(name):
        for text in one.value.split(","):
            if text.strip():
                moment = read_moment(one._replace(value=text.partition("/")[0]), zones)
                yield wall_in(moment, start)


def wall_in(moment: Moment, start: Moment) -> datetime:
    """The wall time in the zone in which the event starts; a mere date is of its hour."""
    if moment.days and not start.days:
        return datetime.combine(moment.wall.date(), start.wall.time())
    at = instant(moment)
    return at.astimezone(start.zone).replace(tzinfo=None) if at and start.zone else moment.wall
