"""Turns an event of a file into the columns, participations and links of its session."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from conference.choices import LinkKind, ParticipationRole
from conference.imports.on_file import OnFile
from conference.imports.parsed import Event, ParsedSchedule, Report, folded
from conference.imports.planned import EventPlan
from conference.imports.records import Slugs, assign, publish_if_new
from conference.imports.schedule_people import People
from conference.imports.schedule_places import Names
from conference.imports.texts import as_html, text_language
from conference.imports.values import shown
from conference.models import Participation, Session, SessionLink
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
_FIELDS = {"subtitle", "recording_url", "url", "languages", "track", "type", "room", "persons", "state", *_LINK_KINDS}


def fields_in(events: Iterable[Event]) -> set[str]:
    """The fields that the file has at all. What no event in it has, it has nothing to say about."""
    events = list(events)
    given = {name for name in _FIELDS if any(getattr(event, name) for event in events)}
    if any(event.abstract or event.description for event in events):
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
        values = self._values(event)
        plan = EventPlan(event, session or self._new_session(event, values))
        if session:
            plan.columns = self._changed(event, session, values)
        if track:
            plan.track, plan.track_columns = track, self.names.published_tracks.get(track.slug, set())
        plan.persons = list({one.person: self.people.plans[one.person] for one in event.persons}.values())
        plan.participations = self._participations(plan)
        plan.links = self._links(plan)
        return plan

    def _values(self, event: Event) -> dict:
        """The columns of the session that this file has something to say about."""
        language = text_language(event.languages)
        body = [as_html(text) for text in dict.fromkeys((event.abstract, event.description)) if text.strip()]
        values = {
            "title": event.title,
            "subtitle": event.subtitle,
            "abstract": "\n".join(body),
            "languages": list(event.languages) or None,
            "recording_url": event.recording_url,
            # What has no website of its own is written with its page here.
            "url": "" if event.url.startswith(f"{settings.SITE_URL}/") else event.url,
            "track": self.names.track(event),
            "type": self.names.type(event),
        }
        columns = {name: languages.column(name, language) for name in ("title", "subtitle", "abstract")}
        columns["url"] = "address"
        return {columns.get(name, name): value for name, value in values.items() if name in self.given}

    def _changed(self, event: Event, session: Session, values: dict) -> set[str]:
        """Another id under the same guid isn't a change by itself: our own export has ids of its own."""
        columns = assign(session, values) | publish_if_new(session, self.draft)
        same_guid = event.guid and event.guid in (session.external_guid, str(session.uuid))
        if columns or not same_guid:
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
        if [(person.pk, role) for person, role in wanted] == [(one.person_id, one.role) for one in before]:
            return None
        plan.dropped_persons = {one.person_id for one in before} - {person.pk for person, _ in wanted}
        return [
            Participation(session=plan.session, person=person, role=role, position=position)
            for position, (person, role) in enumerate(wanted)
        ]

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

    def _links(self, plan: EventPlan) -> list[SessionLink] | None:
        before = self.on_file.links[plan.session.pk] if plan.session.pk else []
        wanted, stored = [], []
        for name, kind in _LINK_KINDS.items():
            of_kind = [(kind, one.label_en or one.label, one.address) for one in before if one.kind == kind]
            links = getattr(plan.event, name)
            stored += of_kind
            wanted += [(kind, link.title, link.url) for link in links] if name in self.given else of_kind
        if wanted == stored:
            return None
        return [
            SessionLink(session=plan.session, kind=kind, label_en=label, address=address, position=position)
            for position, (kind, label, address) in enumerate(wanted)
        ]
