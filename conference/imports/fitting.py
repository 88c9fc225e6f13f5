"""Makes what a file says fit into the columns that it will stand in, and says where it had to be cut."""

from __future__ import annotations

from dataclasses import replace

from conference.imports.parsed import Event, Link, ParsedSchedule, Person, Report, with_keys
from conference.imports.texts import cut, identifier
from conference.imports.values import shown
from conference.models import Appearance, Room, Section, Session, SessionLink, SessionType, Track, Venue
from conference.models import Person as PersonOnFile
from content.models.base import neutral_slug


def length(model, field: str) -> int:
    return model._meta.get_field(field).max_length


_CUT = {
    "title": length(Session, "title"),
    "subtitle": length(Session, "subtitle"),
    "track": length(Track, "name"),
    "type": length(SessionType, "name"),
    "room": length(Room, "name"),
    "venue": length(Venue, "name"),
    "section": length(Section, "name"),
}
_ADDRESSES = {"url": length(Session, "address"), "recording_url": length(Session, "recording_url")}
_GUID, _ID = length(Session, "external_guid"), length(Session, "external_id")
_PERSON_NAME, _PERSON_ID = length(PersonOnFile, "name"), length(Appearance, "external_id")
LABEL, _LINK = length(SessionLink, "label"), length(SessionLink, "address")


def fit(parsed: ParsedSchedule, warn: Report) -> ParsedSchedule:
    """The same file, with keys that compare with what will be stored."""
    events = with_keys([_event(event, warn) for event in parsed.events])
    return replace(parsed, events=tuple(events), persons=tuple(_person(person, warn) for person in parsed.persons))


def _event(event: Event, warn: Report) -> Event:
    return replace(
        event,
        **{name: _text(getattr(event, name), most, name, event.line, warn) for name, most in _CUT.items()},
        **{name: _address(getattr(event, name), most, name, event.line, warn) for name, most in _ADDRESSES.items()},
        slug=neutral_slug(event.slug, ""),
        guid=identifier(event.guid, _GUID),
        id=identifier(event.id, _ID),
        code=identifier(event.code, _ID),
        texts=_texts(event, warn),
        persons=tuple(replace(one, name=cut(one.name, _PERSON_NAME)) for one in event.persons),
        links=_links(event.links, event.line, warn),
        attachments=_links(event.attachments, event.line, warn),
    )


def _texts(event: Event, warn: Report) -> dict[str, dict[str, str]]:
    return {
        field: {
            code: _text(text, _CUT[field], field, event.line, warn) if field in _CUT else text
            for code, text in said.items()
        }
        for field, said in event.texts.items()
    }


def _person(person: Person, warn: Report) -> Person:
    return replace(
        person,
        name=_text(person.name, _PERSON_NAME, "name of the person", person.line, warn),
        id=identifier(person.guid or person.id, _PERSON_ID),
    )


def _links(links: tuple[Link, ...], line: int, warn: Report) -> tuple[Link, ...]:
    """A link without a title is called by its address."""
    fitting = [
        replace(link, title=_text(link.title, LABEL, "title of the link", line, warn) or cut(link.url, LABEL))
        for link in links
        if _address(link.url, _LINK, "link", line, warn)
    ]
    return tuple(fitting)


def _text(text: str, most: int, name: str, line: int, warn: Report) -> str:
    if len(text) > most:
        warn(line, f"the {name} has {len(text)} characters, {most} fit: the rest is cut off from {shown(text)}")
    return cut(text, most)


def _address(address: str, most: int, name: str, line: int, warn: Report) -> str:
    """Half an address leads nowhere."""
    if len(address) <= most:
        return address
    warn(line, f"the {name} has {len(address)} characters, {most} fit: it is left out, {shown(address)}")
    return ""
