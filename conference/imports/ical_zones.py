"""Which zone a calendar means by a TZID: few write the name that the IANA database has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

from conference.imports import values
from conference.imports.assembly import Notebook
from conference.imports.ical_lines import Component
from conference.imports.values import shown

_OFFSET = re.compile(r"\(?(?:UTC|GMT|Z)?\s*([+-])\s*(\d{1,2})[:.]?(\d{2})?(?::?\d{2})?\)?", re.IGNORECASE)
_UTC = frozenset({"utc", "gmt", "z", "zulu", "etc/utc", "etc/gmt", "coordinated universal time", "(utc)", "utc+0"})


@cache
def known_zone(name: str) -> tzinfo | None:
    """By the IANA name, also at the end of a path or in other letters, the name of Windows, a city, or an offset."""
    plain = name.strip().strip('"').strip("/").replace(" ", "_")
    if plain.lower().replace("_", " ") in _UTC:
        return ZoneInfo("UTC")
    parts = plain.split("/")
    for start in range(len(parts)):
        if found := _names().get("/".join(parts[start:]).lower()):
            return ZoneInfo(found)
    if windows := _windows().get(name.strip().strip('"').casefold()):
        return ZoneInfo(windows)
    try:
        return values.read_zone(name.strip())
    except ValueError:
        return _offset(name.strip())


def _offset(text: str) -> tzinfo | None:
    match = _OFFSET.match(text)
    if not match or int(match[2]) > 14:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(offset if match[1] == "+" else -offset)


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


@cache
def _windows() -> dict[str, str]:
    return {name.casefold(): zone for name, zone in get_global("windows_zone_mapping").items()}


class Zones:
    """The zones of one calendar of a file. `main` is the one that it names for itself."""

    def __init__(self, calendar: Component, default: tzinfo | None, notes: Notebook):
        self.notes = notes
        self.default = default
        self.main = self._main(calendar)
        self.defined = {part.value("TZID"): part for part in _of_name(calendar, "VTIMEZONE")}
        self._found: dict[str, tzinfo | None] = {}

    def _main(self, calendar: Component) -> tzinfo | None:
        named = calendar.first("X-WR-TIMEZONE", "TZID")
        if not named:
            return None
        zone = known_zone(named.text)
        if not zone:
            self.notes.warn(named.line, f"the time zone {shown(named.text)} is not known: it is left out")
        return zone

    def of(self, name: str, line: int) -> tzinfo | None:
        """None where times are to be taken as of no zone at all."""
        if name not in self._found:
            self._found[name] = known_zone(name) or self._defined(name) or self._unknown(name, line)
        return self._found[name]

    def _defined(self, name: str) -> tzinfo | None:
        """By what the calendar itself says of the zone, if it says it."""
        component = self.defined.get(name)
        if not component:
            return None
        if zone := known_zone(component.text("X-LIC-LOCATION", "TZID-ALIAS-OF") or "?"):
            return zone
        offsets = {part.value("TZOFFSETTO") for part in component.parts}
        offset = _offset(offsets.pop()) if len(offsets) == 1 else None
        return offset or self._as_written(component)

    def _as_written(self, component: Component) -> tzinfo | None:
        """Summer and winter by the rules of the file."""
        from icalendar import Timezone

        try:
            return Timezone.from_ical(_written(component)).to_tz()
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
            return None

    def _unknown(self, name: str, line: int) -> tzinfo | None:
        taken = self.main or self.default
        words = f"{taken} is taken" if taken else "the zone of the edition is taken"
        self.notes.warn(line, f"the time zone {shown(name)} is not known and the file does not define it: {words}")
        return taken


def _written(component: Component) -> str:
    lines = [f"BEGIN:{component.name}"]
    for one in component.properties:
        parameters = "".join(f";{key}={value}" for key, value in one.parameters.items())
        lines.append(f"{one.name}{parameters}:{one.value}")
    lines += [_written(part).rstrip("\r\n") for part in component.parts]
    return "\r\n".join([*lines, f"END:{component.name}", ""])


def _of_name(component: Component, name: str) -> Iterable[Component]:
    return (part for part in component.parts if part.name == name)
