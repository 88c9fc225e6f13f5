"""The lines of an iCalendar file as components with properties, whatever went wrong when it was written.

Real calendars fold lines within characters or without the space, leave out an END, keep line breaks in texts, and hold
two calendars. Nothing of it is dropped in silence: each component is given with its line, oddities with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from conference.imports.assembly import Notebook
from conference.imports.values import shown

MOST_LINES = 5_000_000
_LINE_END = re.compile(rb"\r\n|\n|\r")
_PROPERTY = re.compile(r"([A-Za-z][A-Za-z0-9-]*)(?=[;:])")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*((?:"[^"]*"|[^":;,]*)(?:,(?:"[^"]*"|[^":;,]*))*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# So long is a line at which programs fold, in bytes.
_FOLDED_AT = 60
_NAMES = frozenset(
    "BEGIN END CALSCALE METHOD PRODID VERSION NAME REFRESH-INTERVAL SOURCE COLOR IMAGE CONFERENCE ATTACH CATEGORIES"
    " CLASS COMMENT DESCRIPTION GEO LOCATION PERCENT-COMPLETE PRIORITY RESOURCES STATUS SUMMARY COMPLETED DTEND DUE"
    " DTSTART DURATION FREEBUSY TRANSP TZID TZNAME TZOFFSETFROM TZOFFSETTO TZURL ATTENDEE CONTACT ORGANIZER"
    " RECURRENCE-ID RELATED-TO URL UID EXDATE EXRULE RDATE RRULE ACTION REPEAT TRIGGER CREATED DTSTAMP LAST-MODIFIED"
    " SEQUENCE REQUEST-STATUS TZUNTIL TZID-ALIAS-OF LOCATION-TYPE PARTICIPANT-TYPE RESOURCE-TYPE CALENDAR-ADDRESS"
    " STYLED-DESCRIPTION STRUCTURED-DATA ACKNOWLEDGED PROXIMITY LINK CONCEPT REFID BUSYTYPE RANGE".split()
)


class Property(NamedTuple):
    name: str
    parameters: dict[str, str]
    value: str
    line: int

    @property
    def text(self) -> str:
        return unescaped(self.value)

    @property
    def texts(self) -> list[str]:
        """A list with commas between."""
        return [text for part in re.split(r"(?<!\\),", self.value) if (text := unescaped(part).strip())]


@dataclass(slots=True)
class Component:
    """`ended` says whether its END was there, or the file or its neighbour cut it off."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    ended: bool = False

    def all(self, *names: str) -> Iterator[Property]:
        return (one for one in self.properties if one.name in names)

    def first(self, *names: str) -> Property | None:
        """The first of the first name that says something."""
        found = (one for name in names for one in self.properties if one.name == name and one.value.strip())
        return next(found, None)

    def value(self, *names: str) -> str:
        found = self.first(*names)
        return found.value.strip() if found else ""

    def text(self, *names: str) -> str:
        found = self.first(*names)
        return found.text.strip() if found else ""


def unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def read_components(content: bytes, notes: Notebook) -> tuple[Component, bool]:
    """A component without a name that holds all of the file, and whether the file ends in the middle of one."""
    return _Reader(notes).read(_properties(_Unfolder(content, notes).lines(), notes))


class _Unfolder:
    """Logical lines with the number of their first. Works on bytes, since a fold may cut a character in two."""

    def __init__(self, content: bytes, notes: Notebook):
        self.content = content
        self.notes = notes
        self.latin = 0

    def lines(self) -> Iterator[tuple[int, str]]:
        number, parts, length = 0, [], 0
        for line, raw in enumerate(_LINE_END.split(self.content), start=1):
            if raw[:1] in (b" ", b"\t"):
                if parts:
                    parts.append(raw[1:])
                    length = len(raw)
                continue
            if not raw.strip():
                continue
            lost = bool(parts) and self._lost_its_place(raw, parts[0])
            if lost:
                parts.append(raw if length >= _FOLDED_AT else b"\\n" + raw)
                self.notes.warn_once(line, "a line is no property and is taken as the continuation of the one before")
            else:
                if parts:
                    yield number, self._text(number, b"".join(parts))
                number, parts = line, [raw]
            length = len(raw)
        if parts:
            yield number, self._text(number, b"".join(parts))

    def _lost_its_place(self, raw: bytes, before: bytes) -> bool:
        """Whether a line is a piece of the text before it that has lost its space."""
        if before[:6].upper() == b"BEGIN:" or before[:4].upper() == b"END:":
            return False
        match = _PROPERTY.match(raw[:200].decode("latin-1"))
        if not match:
            return True
        name = match[1]
        # "Location: second floor" in a text is no property; nobody writes those in mixed letters.
        return not (name.upper().startswith("X-") or (name.upper() in _NAMES and (name.isupper() or name.islower())))

    def _text(self, line: int, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            if not self.latin:
                reason = "the file is not UTF-8 and is read as Windows-1252: save it as UTF-8 if names look wrong"
                self.notes.warn(line, reason)
            self.latin += 1
            return raw.decode("cp1252", "replace")


def _properties(lines: Iterator[tuple[int, str]], notes: Notebook) -> Iterator[Property]:
    for number, text in lines:
        text = text.replace("\x00", "")
        match = _PROPERTY.match(text)
        if not match:
            notes.warn(number, f"the line has no property and no colon and is left out: {shown(text)}")
            continue
        yield _property(number, match[1].upper(), text[match.end() :])


def _property(number: int, name: str, rest: str) -> Property:
    parameters, place = {}, 0
    while match := _PARAMETER.match(rest, place):
        parameters.setdefault(match[1].upper(), match[2].strip().strip('"'))
        place = match.end()
    if rest[place : place + 1] != ":":
        # A parameter with signs that it may not have, as in TZID=(GMT+01.00) Berlin; Bern:
        place = rest.find(":", place) if ":" in rest[place:] else len(rest)
        broken = re.match(r";\s*([A-Za-z0-9-]+)\s*=\s*(.*)", rest[:place])
        if broken:
            parameters.setdefault(broken[1].upper(), broken[2].strip().strip('"'))
    return Property(name, parameters, rest[place + 1 :], number)


class _Reader:
    def __init__(self, notes: Notebook):
        self.notes = notes
        self.root = Component("", 1)
        self.open: list[Component] = [self.root]

    def read(self, properties: Iterator[Property]) -> tuple[Component, bool]:
        for one in properties:
            if one.name == "BEGIN":
                self._begin(one.value.strip().upper(), one.line)
            elif one.name == "END":
                self._end(one.value.strip().upper(), one.line)
            else:
                self.open[-1].properties.append(one)
        cut_off = len(self.open) > 2 or (len(self.open) == 2 and self.open[1].name != "VCALENDAR")
        if len(self.open) == 2 and not cut_off:
            self.notes.warn(self.open[1].line, "the calendar has no END: perhaps something is missing at its end")
        return self.root, cut_off

    def _begin(self, name: str, line: int) -> None:
        if name in {"VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"}:
            while self.open[-1].name not in {"", "VCALENDAR"} or (name == "VCALENDAR" and len(self.open) > 1):
                self._without_end(self.open.pop())
        made = Component(name, line)
        self.open[-1].parts.append(made)
        self.open.append(made)

    def _end(self, name: str, line: int) -> None:
        if not any(component.name == name for component in self.open[1:]):
            self._end_of_none(name, line)
            return
        while self.open[-1].name != name:
            self._without_end(self.open.pop())
        self.open.pop().ended = True

    def _end_of_none(self, name: str, line: int) -> None:
        """What stands before it is an event whose BEGIN is lost."""
        around = self.open[-1]
        names = [one.name for one in around.properties]
        if name == "VEVENT" and "SUMMARY" in names:
            place = next((names.index(known) for known in ("UID", "DTSTART", "SUMMARY") if known in names), 0)
            lost = around.properties[place:]
            around.properties = around.properties[:place]
            around.parts.append(Component(name, lost[0].line, lost, ended=True))
            self.notes.warn(lost[0].line, "an event has no BEGIN: it is read from here to its END")
        else:
            self.notes.warn(line, f"END:{name} has no BEGIN and is left out")

    def _without_end(self, component: Component) -> None:
        self.notes.warn(component.line, f"{component.name} has no END: it is read until what follows")
