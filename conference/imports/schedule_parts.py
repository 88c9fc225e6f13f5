"""Turns an event of a file into the columns, participations and links of its session."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

from django.conf import settings

from conference.choices import InterpretationMode, LinkKind, ParticipationRole
from conference.imports.fitting import LABEL
from conference.imports.on_file import IMPORTED_LINKS, OnFile
from conference.imports.parsed import Event, ParsedSchedule, Report, folded
from conference.imports.planned import EventPlan, PersonPlan
from conference.imports.records import Slugs, assign, differs, publish_if_new
from conference.imports.schedule_people import People
from conference.imports.schedule_places import Names
from conference.imports.texts import as_html, cut, same_line, text_language
from conference.imports.values import shown
from conference.models import Participation, Person, Session, SessionInterpretation, SessionLink, Track
from content import languages
from content.choices import PublicationState
from content.models.base import neutral_slug

_LINK_KINDS = {"links": LinkKind.WEBSITE, "attachments": LinkKind.ATTACHMENT}
_OTHER_NAMES_OF_ROLES = {
    "panelist": ParticipationRole.PANELLIST,
    "keynote speaker": ParticipationRole.KEYNOTE,
    "session chair": ParticipationRole.CHAIR,
    "chairperson": ParticipationRole.CHAIR,
    "presenter": ParticipationRole.SPEAKER,
    "moderation": ParticipationRole.MODERATOR,
}
_FIELDS = {
    "subtitle",
    "recording_url",
    "url",
    "languages",
    "track",
    "type",
    "room",
    "persons",
    "state",
    "section",
    *_LINK_KINDS,
}


def fields_in(events: Iterable[Event]) -> set[str]:
    """The fields that the file has at all. What no event in it has, it has nothing to say about."""
    events = list(events)
    given = {name for name in _FIELDS if any(getattr(event, name) for event in events)}
    if any(event.abstract or event.description or event.texts.get("abstract") for event in events):
        given.add("abstract")
    return given | {"title"}


def uuid_of(guid: str) -> UUID | None:
    try:
        return UUID(guid)
    except ValueError:
        return None


class Parts:
    def __init__(
        self, file: ParsedSchedule, on_file: OnFile, people: People, names: Names, *, draft: bool, warn: Report
    ):
        self.given = fields_in(file.events)
        self.on_file = on_file
        self.people = people
        self.names = names
        self.draft = draft
        self.warn = warn
        self.slugs = Slugs(session.slug for session in on_file.sessions)
        guids = filter(None, (uuid_of(event.guid) for event in file.events))
        self.taken_uuids = set(Session.objects.filter(uuid__in=list(guids)).values_list("uuid", flat=True))

    def plan(self, event: Event, session: Session | None) -> EventPlan:
        track = self.names.track(event)
        values = {**self._texts(event, session), **self._values(event)}
        if session:
            values = self._without_the_unsaid(event, session, values)
        plan = EventPlan(event, session or self._new_session(event, values))
        if session:
            plan.details += told(session, values)
            plan.columns = self._changed(event, session, values)
        if track:
            plan.track, plan.track_columns = track, self.names.published_tracks.get(track.slug, set())
        plan.persons = list({one.person: self.people.plans[one.person] for one in event.persons}.values())
        plan.participations = self._participations(plan)
        plan.links = self._links(plan)
        plan.interpretation = self._interpretation(plan)
        plan.details += [f"{plan_.person.name_en or plan_.person}: described anew" for plan_ in _described(plan)]
        return plan

    def _texts(self, event: Event, session: Session | None) -> dict[str, str]:
        """Title, subtitle and abstract in the columns of the languages that they are in."""
        values = {}
        for field in ("title", "subtitle", "abstract"):
            if field not in self.given:
                continue
            said = event.texts.get(field) or {"": self._plain_text(event, field)}
            for code, text in said.items():
                text = as_html(text) if field == "abstract" else text
                if session and text and self._is_on_file(session, field, text, said.get(code, "")):
                    continue
                values[languages.column(field, code or self._language(event, session, field))] = text
        return values

    def _plain_text(self, event: Event, field: str) -> str:
        if field != "abstract":
            return getattr(event, field)
        body = [as_html(text) for text in dict.fromkeys((event.abstract, event.description)) if text.strip()]
        return "\n".join(body)

    def _is_on_file(self, session: Session, field: str, text: str, as_written: str) -> bool:
        """In whatever language: a file in which texts stand in for missing translations changes none of them."""
        stored = [getattr(session, languages.column(field, code)) for code in languages.CODES]
        cleaned = Session._meta.get_field(f"{field}_en").get_prep_value(text)
        return any(one and (same_line(one, cleaned) or same_line(one, as_written)) for one in stored)

    def _language(self, event: Event, session: Session | None, field: str) -> str:
        """That of the event; but where nothing is on file in it, what is read in its place is what the file means."""
        language = text_language(event.languages)
        return languages.localised(session, field, language).language if session else language

    def _values(self, event: Event) -> dict:
        """The columns of the session, beside its texts, that this file has something to say about."""
        values = {
            "languages": list(event.languages) or None,
            "recording_url": event.recording_url,
            # What has no website of its own is written with its page here.
            "url": "" if event.url.startswith(f"{settings.SITE_URL}/") else event.url,
            "track": self.names.track(event),
            "type": self.names.type(event),
            "section": self.names.section(event),
        }
        columns = {"url": "address"}
        return {columns.get(name, name): value for name, value in values.items() if name in self.given}

    def _without_the_unsaid(self, event: Event, session: Session, values: dict) -> dict:
        """What the session takes from its room, and what the public doesn't see, is in no file that we write."""
        floor = self.names.room(event).languages if event.room else self._floor_on_file(session)
        if session.languages is None and values.get("languages") == floor:
            values.pop("languages", None)
        # A recording is in a file only once the session is over: one that isn't there was not taken away.
        if not values.get("recording_url"):
            values.pop("recording_url", None)
        # A section that the public doesn't see is in no file that we write.
        if not event.section:
            values.pop("section", None)
        hidden = self._hidden_tracks.get(session.track_id)
        if hidden and "track" in values and values["track"] is None:
            values.pop("track")
        return values

    def _floor_on_file(self, session: Session) -> list[str] | None:
        slot = self.on_file.draft_slots.get(session.pk)
        return next((room.languages for room in self.on_file.rooms if slot and room.pk == slot.room_id), None)

    def _changed(self, event: Event, session: Session, values: dict) -> set[str]:
        """Another id under the same guid isn't a change by itself: our own export has ids of its own."""
        columns = assign(session, values) | publish_if_new(session, self.draft)
        own = event.guid == str(session.uuid) and not session.external_guid
        same_guid = own or (event.guid and event.guid in (session.external_guid, str(session.uuid)))
        if (columns or not same_guid) and not own:
            identifiers = {"external_guid": event.guid, "external_id": event.code or event.id}
            columns |= assign(session, {name: value for name, value in identifiers.items() if value})
        return columns

    def _new_session(self, event: Event, values: dict) -> Session:
        uuid = uuid_of(event.guid)
        own = {"uuid": uuid} if uuid and uuid not in self.taken_uuids else {}
        self.taken_uuids.add(uuid)
        identity = event.id or event.guid[:8]
        slug = event.slug or neutral_slug(event.title, f"session-{identity}")
        return Session(
            edition=self.on_file.edition,
            slug=self.slugs.take(slug),
            state=PublicationState.DRAFT if self.draft else PublicationState.PUBLISHED,
            external_guid=event.guid,
            external_id=event.code or event.id,
            **own,
            **values,
        )

    # ── participations and links ───────────────────────────────────────────────────────────────────────────────

    def _participations(self, plan: EventPlan) -> list[Participation] | None:
        if "persons" not in self.given:
            return None
        before = self.on_file.participations[plan.session.pk] if plan.session.pk else []
        wanted = self._roles(plan.event, before)
        kept = [one for one in before if one.person_id in self._unseen]
        if self._are_those_on_file(plan.event, wanted, [one for one in before if one not in kept]):
            return None
        plan.details.append(f"persons: {_list(self._names(before))} → {_list(person.name_en for person, _ in wanted)}")
        wanted += [(self._unseen[one.person_id], one.role) for one in kept]
        plan.dropped_persons = {one.person_id for one in before} - {person.pk for person, _ in wanted}
        return [
            Participation(session=plan.session, person=person, role=role, position=position)
            for position, (person, role) in enumerate(wanted)
        ]

    def _are_those_on_file(self, event: Event, wanted: list, before: list[Participation]) -> bool:
        """A file without roles names each person once, whatever the person is there."""
        if [(person.pk, role) for person, role in wanted] == [(one.person_id, one.role) for one in before]:
            return True
        if any(one.role for one in event.persons):
            return False
        return list(dict.fromkeys(person.pk for person, _ in wanted)) == list(
            dict.fromkeys(one.person_id for one in before)
        )

    @cached_property
    def _unseen(self) -> dict[int, Person]:
        """Who is no public person and came from no file: the files of others can't know them."""
        appearances = self.on_file.appearances
        return {
            person.pk: person
            for person in self.on_file.persons
            if person.state != PublicationState.PUBLISHED
            and not (person.pk in appearances and appearances[person.pk].external_id)
            and person.pk not in {plan.person.pk for plan in self.people.plans.values()}
        }

    @cached_property
    def _hidden_tracks(self) -> dict[int, Track]:
        return {track.pk: track for track in self.on_file.tracks if track.state != PublicationState.PUBLISHED}

    def _names(self, participations: Iterable[Participation]) -> Iterable[str]:
        persons = {person.pk: person for person in self.on_file.persons}
        return (languages.localised(persons[one.person_id], "name", "en").text for one in participations)

    def _roles(self, event: Event, before: Iterable[Participation]) -> list:
        """Each person once in each role. Where the file gives none, it is the one on file."""
        wanted = {}
        for one in event.persons:
            person = self.people.plans[one.person].person
            kept = [known.role for known in before if known.person_id == person.pk]
            roles = [self._role(one.role, event.line)] if one.role else kept or [ParticipationRole.SPEAKER]
            wanted.update({(one.person, role): (person, role) for role in roles})
        return list(wanted.values())

    def _role(self, text: str, line: int) -> str:
        word = folded(text).replace("_", " ")
        if word in ParticipationRole.values:
            return word
        if word not in _OTHER_NAMES_OF_ROLES:
            self.warn(line, f"role {shown(text)} is not known: the person comes in as a speaker")
        return _OTHER_NAMES_OF_ROLES.get(word, ParticipationRole.SPEAKER)

    def join(self, plans: Iterable[EventPlan]) -> None:
        """The sessions that talks are parts of, once all are known. One that isn't told was not taken away."""
        plans = list(plans)
        sessions = {session.slug: session for session in (*self.on_file.sessions, *(plan.session for plan in plans))}
        for plan in plans:
            parent = sessions.get(plan.event.parent)
            if plan.event.parent and parent is None:
                self.warn(plan.event.line, f"there is no session {shown(plan.event.parent)} for this to be part of")
            elif parent and parent is not plan.session and (not parent.pk or plan.session.parent_id != parent.pk):
                plan.parent = parent
                plan.details.append(f"parent: {shown(plan.event.parent)}")

    def _interpretation(self, plan: EventPlan) -> list[SessionInterpretation] | None:
        """None where the file says what is on file, of the session or of its room, or says nothing."""
        wanted = [one for one in plan.event.interpretation if one.mode in InterpretationMode.values and one.language]
        own = self.on_file.interpretation[plan.session.pk] if plan.session.pk else []
        room = self.names.room(plan.event)
        before = own or (self.on_file.room_interpretation[room.pk] if room and room.pk else [])
        if not wanted or {_told(one) for one in wanted} == {_told(one) for one in before}:
            return None
        plan.details.append(f"interpretation: {_list(one.language for one in wanted)}")
        kept = {(one.language, one.mode): one for one in own}
        return [
            SessionInterpretation(
                session=plan.session,
                language=one.language,
                mode=one.mode,
                channel=one.channel,
                stream=getattr(kept.get((one.language, one.mode)), "stream", ""),
                recording_url=getattr(kept.get((one.language, one.mode)), "recording_url", ""),
            )
            for one in wanted
        ]

    def _links(self, plan: EventPlan) -> list[SessionLink] | None:
        known = self.on_file.links[plan.session.pk] if plan.session.pk else []
        before = [one for one in known if one.kind in IMPORTED_LINKS]
        others = {one.address for one in known if one.kind not in IMPORTED_LINKS}
        wanted: list[tuple[str, str, str]] = []
        stored: list[SessionLink] = []
        for name, kind in _LINK_KINDS.items():
            of_kind = [one for one in before if one.kind == kind]
            stored += of_kind
            if name in self.given:
                links = [link for link in getattr(plan.event, name) if link.url not in others]
                wanted += [(_link_kind(link.type, kind), link.title, link.url) for link in links]
            else:
                wanted += [(kind, one.label_en or one.label, one.address) for one in of_kind]
        if len(wanted) == len(stored) and all(_same_link(*pair) for pair in zip(wanted, stored, strict=True)):
            return None
        plan.details.append(f"links: {len(stored)} → {len(wanted)}")
        return [
            SessionLink(session=plan.session, kind=kind, label_en=label, address=address, position=position)
            for position, (kind, label, address) in enumerate(wanted)
        ]


def _told(offered) -> tuple[str, str, str]:
    return offered.language, offered.mode, offered.channel


def _link_kind(type: str, kind: str) -> str:
    return type if kind == LinkKind.WEBSITE and type in (LinkKind.STREAM, LinkKind.RECORDING) else kind


def _same_link(wanted: tuple[str, str, str], stored: SessionLink) -> bool:
    """In whatever language its label is given."""
    kind, label, address = wanted
    labels = [getattr(stored, languages.column("label", code)) for code in languages.CODES]
    labels = [text for text in labels if text] or [stored.label or cut(address, LABEL)]
    return (kind, address) == (stored.kind, stored.address) and any(same_line(label, text) for text in labels)


def _list(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name or "" for name in names)) or "none"


def _described(plan: EventPlan) -> list[PersonPlan]:
    return [one for one in plan.persons if one.person.pk and one.columns]


def told(session: Session, values: dict) -> Iterable[str]:
    """What would differ, in words."""
    for name, value in values.items():
        if differs(session, name, value):
            field = session._meta.get_field(name)
            old = getattr(session, name)
            yield f"{getattr(field, 'translated_field', field).name}: {_words(old)} → {_words(value)}"


def _words(value) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return shown(str(value)) if value else "none"
