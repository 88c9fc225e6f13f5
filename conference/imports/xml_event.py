"""Reads one event of schedule.xml, and the persons in it."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from conference.imports import values
from conference.imports.assembly import Draft
from conference.imports.clock import Day, When
from conference.imports.parsed import Link, Person, RefusedError, Report, folded
from conference.imports.values import shown
from conference.imports.xml_node import Node

PERSONS = frozenset({"person", "speaker"})

_FIELDS = frozenset(
    {"title", "subtitle", "abstract", "description", "date", "start", "end", "duration", "room", "venue", "slug"}
    | {"url", "conf_url", "full_conf_url", "track", "type", "category", "language", "languages", "recording"}
    | {"video_download_url", "state", "status", "cancelled", "canceled", "persons", "speakers", "links", "attachments"}
)
# Known and left out on purpose: pictures, forms of the sending system, and what other fields say already.
_IGNORED = frozenset({"logo", "feedback_url", "origin_url", "released"})
_STATES: dict[str, Literal["tentative", "confirmed", "cancelled"]] = {
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "tentative": "tentative",
    "unconfirmed": "tentative",
    "confirmed": "confirmed",
    "accepted": "confirmed",
}


class Notes(Protocol):
    """Where the reader of an event says what it met."""

    def warn(self, line: int, reason: str) -> None: ...

    def note_unknown(self, name: str, line: int) -> None: ...


def read_event(node: Node, day: Day, room: dict[str, str], base: str, notes: Notes) -> Draft:
    """Read the event, all but its time; or raise RefusedError."""
    title = node.field("title")
    if not title:
        raise RefusedError("the event has no title")
    _check_fields(node, notes)
    track = node.child("track")
    page = node.field("origin_url")
    # What has no website of its own is written by us with its page here.
    is_own_page = bool(values.slug_of_page(page)) and node.field("url") == page
    fields = {
        "line": node.line,
        "title": title,
        "guid": values.read_guid(node.attribute("guid")),
        "id": node.attribute("id"),
        "code": node.attribute("code"),
        "slug": node.field("slug") or values.slug_of_page(page),
        "subtitle": node.field("subtitle"),
        "type": node.field("type", "category"),
        "track": (track.line_of_text() or track.attribute("name")) if track else "",
        "track_slug": track.attribute("slug") if track else "",
        "abstract": node.markup("abstract"),
        "description": node.markup("description"),
        "url": "" if is_own_page else _address(node.child("url", "full_conf_url", "conf_url"), base, notes.warn),
        "languages": _languages(node, notes.warn),
        "links": _links(node.child("links"), base, notes.warn),
        "attachments": _links(node.child("attachments"), base, notes.warn),
        "state": _state(node, notes.warn),
        **_place(node, room, notes.warn),
        **_recording(node, base, notes.warn),
    }
    when = When(day, *(node.field(name) for name in ("date", "start", "end", "duration")))
    return Draft(node.line, when, fields, _persons(node, notes.warn))


def _place(node: Node, room: dict[str, str], warn: Report) -> dict[str, str]:
    """The room around the event is where the event stands; its own room says the same, or is a leftover."""
    around = " ".join(room.get("name", "").split())
    own = node.field("room")
    if around and own and folded(around) != folded(own):
        warn(node.line, f"the event stands in room {shown(around)} but says {shown(own)}: the first is taken")
    own_node = node.child("room")
    return {
        "room": around or own,
        "room_guid": values.read_guid(room.get("guid", "")) if around else "",
        "room_slug": room.get("slug", "").strip() or (own_node.attribute("slug") if own_node and not around else ""),
        "venue": node.field("venue") or " ".join((room.get("venue") or room.get("building") or "").split()),
    }


def _recording(node: Node, base: str, warn: Report) -> dict[str, Any]:
    recording = node.child("recording") or Node("recording", {}, node.line)
    address = recording.child("url", "link") or node.child("video_download_url")
    return {
        "recording_url": _address(address, base, warn),
        "recording_optout": values.read_flag(recording.field("optout")),
        "recording_licence": recording.field("license", "licence"),
    }


def _languages(node: Node, warn: Report) -> tuple[str, ...]:
    child = node.child("language", "languages")
    if not child:
        return ()
    languages, unknown = values.read_languages(child.all_text())
    for word in unknown:
        warn(child.line, f"language {shown(word)} is not a language's code or name: it is left out")
    return languages


def _state(node: Node, warn: Report) -> Literal["", "tentative", "confirmed", "cancelled"]:
    if values.read_flag(node.attribute("cancelled", "canceled") or node.field("cancelled", "canceled")):
        return "cancelled"
    word = node.attribute("state", "status") or node.field("state", "status")
    state = _STATES.get(folded(word))
    if word and not state:
        warn(node.line, f"state {shown(word)} is not known: it is left out")
    if not state and node.field("title").casefold().lstrip("[( ").startswith(("cancelled", "canceled")):
        warn(node.line, "the title says cancelled, which alone changes no state: cancel the session if it is so")
    return state or ""


def _persons(node: Node, warn: Report) -> list[tuple[Person, str]]:
    parent = node.child("persons", "speakers")
    found: dict[tuple[str, str, str], tuple[Person, str]] = {}
    for child in parent.children if parent else ():
        if child.name not in PERSONS:
            continue
        person = read_person(child)
        role = child.attribute("role") or child.field("role")
        same = (person.guid or person.id, folded(person.name), role)
        if not person.name:
            warn(child.line, "a person without a name is left out")
        elif same in found:
            warn(child.line, f"{shown(person.name)} stands twice among the persons of the event")
        else:
            found[same] = (person, role)
    return list(found.values())


def read_person(node: Node) -> Person:
    """A person of the list at the top, or of an event; the key is settled at the end of the file."""
    return Person(
        key="",
        name=node.field("name", "public_name", "full_public_name") or node.own_text(),
        line=node.line,
        id=node.attribute("id"),
        guid=values.read_guid(node.attribute("guid")),
        slug=node.field("slug"),
        url=node.attribute("href", "url") or node.field("url"),
        biography=node.markup("extended_biography", "biography"),
    )


def _links(parent: Node | None, base: str, warn: Report) -> tuple[Link, ...]:
    children = [child for child in parent.children if _is_link(child)] if parent else []
    links = (_link(child, base, warn) for child in children)
    return tuple(dict.fromkeys(link for link in links if link.url))


def _is_link(node: Node) -> bool:
    """In our own files, interpretation stands among the links; it is no address of the session."""
    return node.name in {"link", "attachment"} and node.attribute("type") != "interpretation"


def _link(node: Node, base: str, warn: Report) -> Link:
    text = node.line_of_text()
    address = node.attribute("href", "url") or text
    url = values.tried(values.read_address, address, node.line, warn, base=base)
    return Link(url or "", text if text != address else "", node.attribute("type"))


def _address(node: Node | None, base: str, warn: Report) -> str:
    if not node:
        return ""
    return values.tried(values.read_address, node.line_of_text(), node.line, warn, base=base) or ""


def _check_fields(event: Node, notes: Notes) -> None:
    """Say what of the event doesn't come in."""
    seen = set()
    for child in event.children:
        if not child.line_of_text() and not child.attributes:
            continue
        if child.name in seen:
            notes.warn(child.line, f"<{child.name}> stands more than once in the event: the first is taken")
        seen.add(child.name)
        if child.name not in _FIELDS | _IGNORED:
            notes.note_unknown(f"<{child.name}>", child.line)
