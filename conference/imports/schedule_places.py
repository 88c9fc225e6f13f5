"""The venues, rooms, tracks and types of a programme file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from conference.imports.known_rooms import Found, KnownRooms
from conference.imports.named import Name, Named, numbered
from conference.imports.on_file import OnFile
from conference.imports.parsed import Event, ParsedSchedule, Report, folded
from conference.imports.records import publish_if_new
from conference.imports.texts import cut
from conference.imports.values import is_uuid, shown
from conference.models import Room, Section, SessionType, Track, Venue
from content.choices import PublicationState


class Names:
    """`published_tracks`: slugs of draft tracks that become public, with the columns that change."""

    def __init__(self, file: ParsedSchedule, on_file: OnFile, found: Sequence[Found], *, draft: bool):
        self.file = file
        self.on_file = on_file
        self._track_slugs = {folded(track.name): track.slug for track in file.tracks}
        self._known = KnownRooms(on_file)
        self._rooms = {id(event): self._known.find(event, here, self._named_venue(event)) for event, here in found}
        self._guids = self._free_guids()
        self._find_rooms([event for event in file.events if event.room and not self._rooms.get(id(event))])
        self._find_tracks(draft)
        self._find_sections(draft)
        self.types = Named(on_file.types, SessionType, "type")
        self.types.find(_type_name(event) for event in file.events if event.type)

    def room(self, event: Event) -> Room | None:
        if not event.room:
            return None
        known = self._rooms.get(id(event))
        return known or self.rooms[self._venue(event).slug].get(self._room_name(event))

    def track(self, event: Event) -> Track | None:
        return self.tracks.get(self._track_name(event)) if event.track else None

    def section(self, event: Event) -> Section | None:
        return self.sections.get(_section_name(event)) if event.section else None

    def type(self, event: Event) -> SessionType | None:
        return self.types.get(_type_name(event)) if event.type else None

    def report_renamed(self, events: Iterable[Event], warn: Report) -> None:
        """Once for each name, at the first event that has it."""
        told = set()
        for event in events:
            for kind, named, name in self._of(event):
                identity = named.identity(name)
                if identity in named.renamed and (kind, identity) not in told:
                    told.add((kind, identity))
                    called = shown(named.renamed[identity])
                    warn(event.line, f"{kind} {shown(name.text)} is called {called} on file: that name stays")

    def _of(self, event: Event) -> Iterable[tuple[str, Named, Name]]:
        if event.room and not self._rooms.get(id(event)):
            yield "venue", self.venues, self._venue_name(event)
            yield "room", self.rooms[self._venue(event).slug], self._room_name(event)
        yield "track", self.tracks, self._track_name(event)
        yield "type", self.types, _type_name(event)

    def _find_rooms(self, events: list[Event]) -> None:
        city = cut(self.file.conference.city, Venue._meta.get_field("city").max_length)
        self.venues = Named(self.on_file.venues, partial(Venue, city_en=city), "venue")
        self.venues.find(self._venue_name(event) for event in events)
        self.rooms: dict[str, Named] = {}
        venues = [self._venue(event) for event in events]
        for venue in {venue.slug: venue for venue in venues}.values():
            rooms = [room for room in self.on_file.rooms if room.venue_id == venue.pk]
            self.rooms[venue.slug] = Named(rooms, numbered(partial(Room, venue=venue), rooms), "room")
            here = (event for event, own in zip(events, venues, strict=True) if own is venue)
            self.rooms[venue.slug].find(self._room_name(event) for event in here)

    def _find_tracks(self, draft: bool) -> None:
        on_file = self.on_file
        state = PublicationState.DRAFT if draft else PublicationState.PUBLISHED
        make = numbered(partial(Track, edition=on_file.edition, state=state), on_file.tracks)
        self.tracks = Named(on_file.tracks, make, "track")
        self.tracks.find(self._track_name(event) for event in self.file.events if event.track)
        found = {track.slug: track for event in self.file.events if (track := self.track(event)) and track.pk}
        self.published_tracks = {slug: publish_if_new(track, draft) for slug, track in found.items()}

    def _find_sections(self, draft: bool) -> None:
        on_file = self.on_file
        state = PublicationState.DRAFT if draft else PublicationState.PUBLISHED
        self.sections = Named(
            on_file.sections,
            numbered(partial(Section, edition=on_file.edition, state=state), on_file.sections),
            "section",
        )
        self.sections.find(_section_name(event) for event in self.file.events if event.section)

    def _venue(self, event: Event) -> Venue:
        return self.venues.get(self._venue_name(event))

    def _named_venue(self, event: Event) -> str:
        return event.venue or self.file.conference.venue

    def _venue_name(self, event: Event) -> Name:
        """A file that names no place means rooms of this edition, wherever it is."""
        edition = self.on_file.edition
        if name := self._named_venue(event):
            return Name(cut(name, Venue._meta.get_field("name").max_length), event.venue_slug)
        return Name(cut(edition.name_en or edition.name, Venue._meta.get_field("name").max_length), edition.slug)

    def _room_name(self, event: Event) -> Name:
        guid = event.room_guid if event.room_guid in self._guids else ""
        return Name(event.room, event.room_slug, guid)

    def _free_guids(self) -> set[str]:
        """Those that may become a room's UUID: each is one room of the file, and none on file."""
        rooms: dict[str, set[tuple[str, str]]] = {}
        for event in self.file.events:
            if is_uuid(event.room_guid):
                rooms.setdefault(event.room_guid, set()).add((self._named_venue(event), folded(event.room)))
        taken = {str(room.uuid) for room in self.on_file.rooms}
        return {guid for guid, names in rooms.items() if len(names) == 1 and guid not in taken}

    def _track_name(self, event: Event) -> Name:
        return Name(event.track, event.track_slug or self._track_slugs.get(folded(event.track), ""))


def _section_name(event: Event) -> Name:
    return Name(event.section, event.section_slug)


def _type_name(event: Event) -> Name:
    return Name(event.type, event.type_slug)
