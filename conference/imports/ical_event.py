"""What an event of a calendar says, all but its time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from conference.imports import values
from conference.imports.assembly import LONGEST_FIELD, Draft, Notebook
from conference.imports.clock import Day, When
from conference.imports.ical_lines import Component, Property
from conference.imports.ical_places import Places, is_address
from conference.imports.parsed import Link, Person, RefusedError, folded
from conference.imports.values import shown
from content.languages import CODES

# The words by which our own export says what the standard has no property for.
OWN = "X-PORTAL-"
OWN_PRODUCT = "brst-portal"
_STATES = {"CANCELLED": "cancelled", "CANCELED": "cancelled", "TENTATIVE": "tentative", "CONFIRMED": "confirmed"}
_ROLES = {"CHAIR": "chair", "REQ-PARTICIPANT": "", "": ""}
_GUESTS = frozenset({"OPT-PARTICIPANT", "NON-PARTICIPANT"})
_NO_PERSONS = frozenset({"ROOM", "RESOURCE", "GROUP"})
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
_TYPES = frozenset(
    "talk lecture keynote plenary panel workshop tutorial roundtable poster posters break lunch coffee breakfast"
    " dinner reception ceremony exhibition meeting session discussion demo lightning bof social training hackathon"
    " registration presentation opening closing".split()
)


class EventReader:
    def __init__(self, events: Sequence[Component], places: Places, notes: Notebook):
        self.places = places
        self.notes = notes
        organisers = {event.value("ORGANIZER") for event in events}
        # Who organises all of it is the conference, and nobody's host.
        self.one_organiser = len(events) > 1 and len(organisers) == 1

    def read(self, event: Component, calendar: Component) -> Draft:
        """Raises RefusedError."""
        self._check(event)
        title = " ".join(event.text("SUMMARY").split())
        if not title:
            raise RefusedError("the event has no title (SUMMARY)")
        own = OWN_PRODUCT in calendar.value("PRODID")
        fields = {
            "line": event.line,
            "title": title,
            "guid": _guid(event),
            "state": self._state(event, calendar),
            **(self._own(event) if own else self._foreign(event)),
        }
        persons = self._own_persons(event) if own else self._persons(event)
        return Draft(event.line, When(Day(), "", "", "", ""), fields, persons)

    def _check(self, event: Component) -> None:
        for one in event.properties:
            if len(one.value) > LONGEST_FIELD:
                raise RefusedError(f"{one.name} is longer than {LONGEST_FIELD:,} characters")

    def _state(self, event: Component, calendar: Component) -> str:
        if calendar.value("METHOD").upper() == "CANCEL":
            return "cancelled"
        said = event.first("STATUS")
        state = _STATES.get(said.value.strip().upper(), "") if said else ""
        if said and not state:
            self.notes.warn(said.line, f"status {shown(said.value)} is not known: it is left out")
        if not state and event.text("SUMMARY").casefold().lstrip("[( ").startswith(("cancelled", "canceled")):
            reason = "the title says cancelled, which alone changes no state: cancel the session if it is so"
            self.notes.warn(event.line, reason)
        return state

    # ── calendars of others ────────────────────────────────────────────────────────────────────────────────────

    def _foreign(self, event: Component) -> dict[str, Any]:
        links = [*self._links(event, "CONFERENCE", "LINK"), *self._location_as_link(event)]
        return {
            "abstract": _styled(event) or event.text("DESCRIPTION"),
            "url": self._address(event.first("URL")),
            "links": tuple(dict.fromkeys(links)),
            "attachments": tuple(dict.fromkeys(self._links(event, "ATTACH"))),
            **_with_room(event, self.places.of(event)),
            **self._kinds(event),
        }

    def _kinds(self, event: Component) -> dict[str, str]:
        """A category that is a kind of session is the type; the first of the others the track."""
        names = [" ".join(name.split()) for one in event.all("CATEGORIES") for name in one.texts]
        types = [name for name in names if set(re.findall(r"\w+", name.casefold())) & _TYPES]
        others = [name for name in dict.fromkeys(names) if name not in types]
        if len(types) > 1 or len(others) > 1:
            self.notes.warn_once(event.line, "an event has several categories: the first of a kind is taken")
        return {"type": types[0] if types else "", "track": others[0] if others else ""}

    def _links(self, event: Component, *names: str) -> Iterator[Link]:
        for one in event.all(*names):
            if one.parameters.get("VALUE", "").upper() == "BINARY" or one.parameters.get("ENCODING"):
                self.notes.warn(one.line, "an attachment in the calendar itself is left out")
            elif url := self._address(one):
                title = (
                    one.parameters.get("LABEL") or one.parameters.get("FILENAME") or one.parameters.get("X-FILENAME")
                )
                yield Link(url, title or "")

    def _location_as_link(self, event: Component) -> Iterator[Link]:
        place = event.first("LOCATION")
        if place and is_address(place.text.strip()) and (url := self._address(place)):
            yield Link(url)

    def _address(self, one: Property | None) -> str:
        return (values.tried(values.read_address, one.text, one.line, self.notes.warn, base="") or "") if one else ""

    def _persons(self, event: Component) -> list[tuple[Person, str]]:
        found: dict[tuple[str, str], tuple[Person, str]] = {}
        for one, role in self._named(event):
            name = " ".join(_name(one).split())
            if name:
                found.setdefault((folded(name), role), (Person("", name, one.line), role))
            else:
                # An address of electronic mail is not for the public.
                self.notes.warn_once(one.line, f"who is in {one.name} by an address alone is left out")
        return list(found.values())

    def _named(self, event: Component) -> Iterator[tuple[Property, str]]:
        for one in event.all("ATTENDEE"):
            role = one.parameters.get("ROLE", "").upper()
            if one.parameters.get("CUTYPE", "").upper() in _NO_PERSONS:
                continue
            if role in _GUESTS or one.parameters.get("PARTSTAT", "").upper() == "DECLINED":
                self.notes.warn_once(one.line, "who is invited without having to come, or declined, is left out")
            else:
                yield one, _ROLES.get(role, "")
        for one in event.all("ORGANIZER"):
            if self.one_organiser:
                self.notes.warn_once(one.line, "who organises every event is no host of one and left out")
            else:
                yield one, "host"
        for one in event.all("CONTACT"):
            if re.search(r"[\d@/]", one.value):
                self.notes.warn_once(one.line, "a contact with a number or an address is left out")
            else:
                yield one, "host"

    # ── our own ────────────────────────────────────────────────────────────────────────────────────────────────

    def _own(self, event: Component) -> dict[str, Any]:
        """The description is made of other fields, and said again where they are."""
        room, kind, track = (event.first(OWN + name) for name in ("ROOM", "TYPE", "TRACK"))
        languages, _ = values.read_languages(event.text(OWN + "LANGUAGES"))
        links = [(one.parameters.get("X-KIND", ""), *_link_parts(one.text)) for one in event.all(OWN + "LINK")]
        page = event.value("URL")
        return {
            "subtitle": event.text(OWN + "SUBTITLE"),
            "abstract": event.text(OWN + "ABSTRACT"),
            "texts": _own_texts(event),
            "slug": urlsplit(page).path.rstrip("/").rpartition("/")[2] if "/sessions/" in page else "",
            "url": event.text(OWN + "WEBSITE"),
            "languages": languages,
            "recording_url": event.text(OWN + "RECORDING"),
            "links": tuple(Link(url, label, kind_) for kind_, url, label in links if kind_ != "attachment"),
            "attachments": tuple(Link(url, label) for kind_, url, label in links if kind_ == "attachment"),
            "type": kind.text if kind else "",
            "type_slug": kind.parameters.get("X-SLUG", "") if kind else "",
            "track": track.text if track else "",
            "track_slug": track.parameters.get("X-SLUG", "") if track else "",
            "room": room.text if room else "",
            "room_guid": room.parameters.get("X-GUID", "") if room else "",
            "venue": event.text(OWN + "VENUE"),
        }

    def _own_persons(self, event: Component) -> list[tuple[Person, str]]:
        return [
            (
                Person("", one.text, one.line, guid=values.read_guid(one.parameters.get("X-GUID", ""))),
                one.parameters.get("ROLE", ""),
            )
            for one in event.all(OWN + "PERSON")
        ]


def _own_texts(event: Component) -> dict[str, dict[str, str]]:
    names = {"title": "SUMMARY", "subtitle": OWN + "SUBTITLE", "abstract": OWN + "ABSTRACT"}
    said = {field: event.first(name) for field, name in names.items()}
    return {
        field: {code: one.text}
        for field, one in said.items()
        if one and (code := one.parameters.get("LANGUAGE", "").lower()) in CODES
    }


def _link_parts(text: str) -> tuple[str, str]:
    url, _, label = text.strip().partition(" ")
    return url, label if label != url else ""


def _guid(event: Component) -> str:
    """The UUID before the host, where there is one; with the time of an occurrence that has one of its own."""
    text = event.text("UID")
    local = text.partition("@")[0]
    guid = values.read_guid(local) if values.is_uuid(local) else text
    occurrence = event.value("RECURRENCE-ID")
    return f"{guid}/{occurrence}" if guid and occurrence else guid


def _styled(event: Component) -> str:
    """The description as HTML, where the calendar has one."""
    for one in event.all("STYLED-DESCRIPTION", "X-ALT-DESC"):
        if "html" in one.parameters.get("FMTTYPE", "html").lower() and one.value.strip():
            match = _BODY.search(one.text)
            return (match[1] if match else one.text).strip()
    return ""


def _with_room(event: Component, place: dict[str, str]) -> dict[str, str]:
    """An invited room is where the event is, if nothing else says it."""
    if place.get("room"):
        return place
    rooms = [one for one in event.all("ATTENDEE") if one.parameters.get("CUTYPE", "").upper() == "ROOM"]
    return {"room": next((name for one in rooms if (name := one.parameters.get("CN", ""))), "")}


def _name(one: Property) -> str:
    """Mail programs write an address in the place of a name they don't know."""
    named = one.parameters.get("CN", "") if one.name != "CONTACT" else one.text.partition(",")[0]
    return "" if "@" in named else named
