"""Reads one event of a programme in JSON, and the persons in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conference.imports import values
from conference.imports.assembly import LONGEST_FIELD, Draft, Notebook
from conference.imports.clock import Day, When
from conference.imports.json_tree import Object
from conference.imports.json_values import body, first, label, texts_of, words
from conference.imports.parsed import Link, Person, RefusedError, folded
from conference.imports.states import STATES
from conference.imports.values import shown

_TITLE = ("title", "name", "summary")
_START = ("start", "start_time", "startsAt", "starts_at", "start_at", "begin", "dtstart")
_END = ("end", "end_time", "endsAt", "ends_at", "end_at", "dtend")
_DURATION = ("duration", "duration_minutes", "length", "slot_duration")
_PERSONS = ("persons", "participants", "participations", "speakers", "people", "presenters", "hosts")
_TYPE = ("type", "submission_type", "session_type", "sessionType", "category", "format")
_LANGUAGE = ("language", "languages", "content_locale", "locale", "lang")
_RECORDING = ("recording_url", "recordingUrl", "video_url", "video_download_url")
_ROOM = ("room", "room_name", "room_id", "roomId", "location", "stage")
_TRACK = ("track", "track_name", "track_id")
_FIELDS = frozenset(
    {*_TITLE, *_START, *_END, *_DURATION, *_PERSONS, *_TYPE, *_LANGUAGE, *_RECORDING, *_ROOM, *_TRACK}
    | {"guid", "uuid", "id", "code", "slug", "url", "subtitle", "abstract", "description", "date", "day", "venue"}
    | {"links", "attachments", "resources", "state", "status", "cancelled", "canceled", "is_cancelled", "slot"}
    | {"do_not_record", "recording_license", "recording_licence", "recording"}
)
# Known and left out on purpose: pictures, forms of the sending system, and what other fields say already.
_IGNORED = frozenset(
    "logo image feedback_url feedback origin_url do_not_stream answers notes internal_notes tags tag_ids slot_count"
    " is_featured featured created updated_at created_at do_not_schedule index featured_image avatar liveUrl section"
    " isInformed isConfirmed isServiceSession isPlenumSession ownerUid owner ownersUid bannerUrl questionAnswers"
    " categoryItems persons_count released modified lang fallback sample verified_on sources edition previous_start"
    " previous_room interpretation documents parent api_url time_zone do_not_stream public_voting fav_count".split()
)


class Lookup:
    """The lists of a file that its events refer to, by id, code, slug or UUID."""

    def __init__(self, records: dict[str, list[Any]], meta: Object, notes: Notebook):
        self.notes = notes
        self.rooms = _by_reference(records["rooms"])
        self.tracks = _by_reference(records["tracks"])
        people = [*records["persons"], *records["speakers"], *records["people"]]
        self._people = _by_reference(people)
        self.persons = [person for one in people if isinstance(one, Object) and (person := read_person(one)).name]
        # What our own export says beside the schema.
        self.more = meta.get("events") if isinstance(meta.get("events"), Object) else Object([])
        self.language = words(meta.get("language"))

    def person(self, value: Any) -> Any:
        """An entry of the list of persons for a mere reference to it."""
        if isinstance(value, Object) and not label(value):
            return next((self._people[key] for key in _references(value) if key in self._people), value)
        return self._people.get(words(value), value) if not isinstance(value, Object) else value


def _by_reference(records: Iterable[Any]) -> dict[str, Object]:
    found: dict[str, Object] = {}
    for record in records:
        if isinstance(record, Object):
            for key in _references(record):
                found.setdefault(key, record)
    return found


def _references(record: Object) -> list[str]:
    return [text for name in ("guid", "id", "code", "slug", "uuid") if (text := words(record.get(name)))]


def read_person(item: Object) -> Person:
    full = " ".join(filter(None, (label(item.get(name)) for name in ("firstName", "lastName"))))
    return Person(
        key="",
        name=label(first(item, "name", "public_name", "full_public_name", "fullName", "display_name")) or full,
        line=item.line,
        id=words(first(item, "id", "code")),
        guid=values.read_guid(words(first(item, "guid", "uuid"))),
        slug=words(item.get("slug")),
        url=words(item.get("url")),
        biography=body(first(item, "biography", "bio", "abstract")),
        names=texts_of(item.get("name")),
    )


class EventReader:
    def __init__(self, lookup: Lookup, base: str, notes: Notebook):
        self.lookup = lookup
        self.base = base
        self.notes = notes

    def read(self, item: Object, day: Day, room: str) -> Draft:
        """Read the event, all but its time; or raise RefusedError."""
        title = label(first(item, *_TITLE))
        if not title:
            raise RefusedError("the event has no title")
        self._check(item)
        slot = item.get("slot") if isinstance(item.get("slot"), Object) else Object([])
        links, recording = self._links(item, "links", "resources")
        fields = {
            "line": item.line,
            "title": title,
            "guid": values.read_guid(words(first(item, "guid", "uuid"))) or _uuid_as_id(item),
            "id": "" if _uuid_as_id(item) else words(item.get("id")),
            "code": words(item.get("code")),
            "slug": words(item.get("slug")),
            "subtitle": label(item.get("subtitle")),
            "type": label(first(item, *_TYPE)),
            "abstract": body(item.get("abstract")),
            "description": body(item.get("description")),
            "url": "" if _is_own_page(item) else self._address(item, "url"),
            "languages": self._languages(item),
            "links": links,
            "attachments": self._links(item, "attachments")[0],
            "state": self._state(item),
            "recording_url": self._address(item, *_RECORDING) or recording or self._recording(item),
            "recording_optout": item.get("do_not_record") if isinstance(item.get("do_not_record"), bool) else None,
            "recording_licence": label(first(item, "recording_license", "recording_licence")),
            "texts": self._texts(item),
            **self._place(item, slot, room),
            **self._track(item),
        }
        return Draft(item.line, _when(item, slot, day), fields, self._persons(item))

    def _check(self, item: Object) -> None:
        for key, value in item.pairs:
            if isinstance(value, str) and len(value) > LONGEST_FIELD:
                raise RefusedError(f"{shown(key)} is longer than {LONGEST_FIELD:,} characters")
            known = key in _FIELDS or key in _IGNORED or key.startswith("_")
            if value not in (None, "", [], {}, False) and not known:
                self.notes.note_unknown(key, item.line)
        for key in item.repeated:
            self.notes.warn(item.line, f"{shown(key)} stands more than once in the event: the first is taken")

    def _place(self, item: Object, slot: Object, around: str) -> dict[str, str]:
        value = first(item, *_ROOM) or first(slot, "room", "room_id")
        record = self._record(value, self.lookup.rooms)
        own = label(record) if record else label(value)
        if around and own and folded(around) != folded(own):
            reason = f"the event stands in room {shown(around)} but says {shown(own)}: the first is taken"
            self.notes.warn(item.line, reason)
            record = None
        name = around or own
        record = record or self._room_called(name) or Object([])
        features = record.get("features") if isinstance(record.get("features"), Object) else Object([])
        return {
            "room": label(features.get("name")) or name,
            "room_slug": words(record.get("slug")),
            "room_guid": values.read_guid(words(record.get("guid"))),
            "venue": label(item.get("venue")) or label(features.get("venue")),
        }

    def _room_called(self, name: str) -> Object | None:
        rooms = {id(room): room for room in self.lookup.rooms.values() if folded(label(room)) == folded(name)}
        return next(iter(rooms.values())) if len(rooms) == 1 else None

    def _track(self, item: Object) -> dict[str, str]:
        value = first(item, *_TRACK)
        record = self._record(value, self.lookup.tracks)
        if record:
            return {"track": label(record), "track_slug": words(record.get("slug"))}
        slug = words(value.get("slug")) if isinstance(value, Object) else ""
        return {"track": label(value) or slug, "track_slug": slug}

    def _record(self, value: Any, records: dict[str, Object]) -> Object | None:
        if isinstance(value, Object):
            return next((records[key] for key in _references(value) if key in records), None)
        return records.get(words(value))

    def _texts(self, item: Object) -> dict[str, dict[str, str]]:
        """Of a file that says in which languages its texts are."""
        found = {field: texts_of(item.get(field)) for field in ("title", "subtitle", "abstract")}
        found = {field: texts for field, texts in found.items() if texts}
        if language := self.lookup.language:
            more = self._more(item).get("texts")
            others = more if isinstance(more, Object) else Object([])
            for field in ("title", "subtitle", "abstract"):
                if field not in found and body(item.get(field)):
                    text = body(item.get(field)) if field == "abstract" else label(item.get(field))
                    found[field] = {words(others.get(field)) or language: text}
        return found

    def _more(self, item: Object) -> Object:
        more = self.lookup.more.get(words(item.get("guid")))
        return more if isinstance(more, Object) else Object([])

    def _languages(self, item: Object) -> tuple[str, ...]:
        value = first(item, *_LANGUAGE)
        said = ", ".join(words(one) for one in value) if isinstance(value, list) else words(value)
        found, unknown = values.read_languages(said)
        for word in unknown:
            reason = f"language {shown(word)} is not a language's code or name: it is left out"
            self.notes.warn(item.line, reason)
        return found

    def _state(self, item: Object) -> str:
        if any(item.get(name) is True for name in ("cancelled", "canceled", "is_cancelled")):
            return "cancelled"
        word = label(first(self._more(item), "state") or first(item, "state", "status"))
        state = STATES.get(folded(word), "")
        if word and not state:
            self.notes.warn(item.line, f"state {shown(word)} is not known: it is left out")
        if not state and label(first(item, *_TITLE)).casefold().lstrip("[( ").startswith(("cancelled", "canceled")):
            reason = "the title says cancelled, which alone changes no state: cancel the session if it is so"
            self.notes.warn(item.line, reason)
        return state

    def _persons(self, item: Object) -> list[tuple[Person, str]]:
        value = first(item, *_PERSONS)
        entries = value if isinstance(value, list) else [] if value is None else [value]
        found: dict[tuple[str, str, str], tuple[Person, str]] = {}
        for entry in entries:
            entry = self.lookup.person(entry)
            inner = entry.get("speaker") if isinstance(entry, Object) else None
            person = read_person(inner if isinstance(inner, Object) else entry) if isinstance(entry, Object) else None
            if person is None:
                person = Person("", label(entry), item.line)
            if not person.name:
                self.notes.warn(person.line, "a person without a name is left out")
                continue
            for role in _roles(entry):
                found.setdefault((person.guid or person.id, folded(person.name), role), (person, role))
        return list(found.values())

    def _links(self, item: Object, *names: str) -> tuple[tuple[Link, ...], str]:
        """And the recording, which schedule.json has no other place for than a link of type media."""
        value = first(item, *names)
        links, recording = [], ""
        for entry in value if isinstance(value, list) else []:
            more = entry if isinstance(entry, Object) else Object([("url", entry)])
            address = words(first(more, "url", "href", "link", "address", "resource"))
            if _is_interpretation(item, address):
                continue
            url = values.tried(
                values.read_address, address, getattr(entry, "line", item.line), self.notes.warn, base=self.base
            )
            title, type = label(first(more, "title", "label", "description")), words(first(more, "type", "kind"))
            if url and type == "media" and not title and not recording:
                recording = url
            elif url:
                links.append(Link(url, title if title != address else "", type))
        return tuple(dict.fromkeys(links)), recording

    def _recording(self, item: Object) -> str:
        recording = item.get("recording")
        return self._address(recording, "url", "link") if isinstance(recording, Object) else ""

    def _address(self, item: Object, *names: str) -> str:
        text = words(first(item, *names))
        return values.tried(values.read_address, text, item.line, self.notes.warn, base=self.base) or ""


def _is_own_page(item: Object) -> bool:
    """What has no website of its own is written by us with its page here."""
    page = words(item.get("origin_url"))
    return bool(values.slug_of_page(page)) and words(item.get("url")) == page


def _is_interpretation(item: Object, address: str) -> bool:
    """In our own files, interpretation stands among the links as a part of the session's page."""
    page = words(item.get("origin_url"))
    return bool(page) and address.startswith(f"{page}#interpretation-")


def _roles(entry: Any) -> list[str]:
    if not isinstance(entry, Object):
        return [""]
    roles = entry.get("roles") if isinstance(entry.get("roles"), list) else [first(entry, "role")]
    return [label(role) for role in roles] or [""]


def _uuid_as_id(item: Object) -> str:
    """Some systems call the UUID id."""
    text = words(item.get("id"))
    return str(values.read_guid(text)) if values.is_uuid(text) and not words(item.get("guid")) else ""


def _when(item: Object, slot: Object, day: Day) -> When:
    named = words(item.get("date"))
    start = words(first(item, *_START) or first(slot, "start"))
    end = words(first(item, *_END) or first(slot, "end"))
    return When(day, named, start, end, words(first(item, *_DURATION)))
