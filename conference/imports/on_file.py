"""What is on file at an edition, and the keys by which a file may mean it. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property

from django.db.models import Q

from conference.choices import LinkKind
from conference.imports.parsed import Key, folded
from conference.models import (
    Appearance,
    Edition,
    Participation,
    Person,
    Room,
    RoomInterpretation,
    Section,
    Session,
    SessionInterpretation,
    SessionLink,
    SessionType,
    Slot,
    Track,
    Venue,
)
from content import languages

IMPORTED_LINKS = (LinkKind.WEBSITE, LinkKind.ATTACHMENT)


class OnFile:
    """The state that a plan compares with. An edition that isn't saved yet has nothing."""

    def __init__(self, edition: Edition):
        self.edition = edition
        here = edition.pk
        self.sessions = list(Session.objects.filter(edition_id=here).order_by("id"))
        self.tracks = list(Track.objects.filter(edition_id=here).order_by("id"))
        self.types = list(SessionType.objects.order_by("id"))
        self.venues = list(Venue.objects.order_by("id"))
        self.rooms = list(Room.objects.order_by("id"))
        self.appearances = {one.person_id: one for one in Appearance.objects.filter(edition_id=here)}
        self.participations = grouped(Participation.objects.filter(session__edition_id=here), "session_id")
        self.sections = list(Section.objects.filter(edition_id=here).order_by("id"))
        self.interpretation = grouped(
            SessionInterpretation.objects.filter(session__edition_id=here).order_by("id"), "session_id"
        )
        self.room_interpretation = grouped(RoomInterpretation.objects.order_by("id"), "room_id")
        self.links = grouped(SessionLink.objects.filter(session__edition_id=here), "session_id")
        self.draft_slots: dict[int, Slot] = {}
        self.public_slots: dict[int, Slot] = {}
        slots = Slot.objects.filter(Q(version__number=None) | Q(current=True), version__edition_id=here)
        for slot in slots.select_related("version"):
            kept = self.public_slots if slot.current else self.draft_slots
            kept[slot.session_id] = slot
        taking_part = {one.person_id for group in self.participations.values() for one in group}
        self.persons = list(Person.objects.filter(pk__in=taking_part | set(self.appearances)).order_by("id"))

    @cached_property
    def person_slugs(self) -> set[str]:
        return set(Person.objects.values_list("slug", flat=True))

    @cached_property
    def _names(self) -> dict[int, str]:
        return {person.pk: folded(languages.localised(person, "name", "en").text) for person in self.persons}

    @cached_property
    def _room_names(self) -> dict[int, str]:
        return {room.pk: folded(languages.localised(room, "name", "en").text) for room in self.rooms}

    def session_keys(self, session: Session) -> list[Key]:
        """All that the session may be called in a file, alone and, as `with_keys` does it, with its start and room."""
        slot = self.draft_slots.get(session.pk)
        start = slot.start.astimezone(UTC).isoformat() if slot and slot.start else "unscheduled"
        room = self._room_names.get(slot.room_id, "") if slot else ""
        keys = []
        for kind, value in self._session_names(session):
            keys += [
                Key(kind, value),
                Key(f"{kind}+start", f"{value} @ {start}"),
                Key(f"{kind}+start+room", f"{value} @ {start} @ {room}"),
                Key(f"{kind} shared", value),
            ]
        return keys

    def _session_names(self, session: Session) -> Iterator[tuple[str, str]]:
        names = sorted({self._names[one.person_id] for one in self.participations[session.pk]})
        identity = session.external_id
        yield "guid", str(session.uuid)
        if session.external_guid:
            yield "guid", session.external_guid
        if identity:
            yield "code", identity
            yield "id", identity
        yield "slug", session.slug
        for title in names_of(session, "title"):
            yield "title+persons", f"{title} | {', '.join(names)}"
            if identity:
                yield "id+title", f"{identity} {title}"

    def place_of(self, session: Session) -> tuple[datetime | None, str]:
        slot = self.draft_slots.get(session.pk)
        return (slot.start, self._room_names.get(slot.room_id, "")) if slot else (None, "")


def grouped(rows: Iterable, attribute: str) -> defaultdict[int, list]:
    groups = defaultdict(list)
    for row in rows:
        groups[getattr(row, attribute)].append(row)
    return groups


def names_of(record, field: str) -> list[str]:
    """A title or name in each of its languages, as it is compared."""
    texts = (getattr(record, languages.column(field, code)) for code in languages.CODES)
    return list(dict.fromkeys(folded(text) for text in texts if text))
