from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Prefetch, Q, Window
from django.db.models.functions import Cast, Concat, Lag
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conference.choices import ChangeKind, MemberRole, SlotState
from conference.models import (
    Appearance,
    Country,
    DelegationMember,
    EditionOrganiser,
    Organisation,
    Participation,
    Placement,
    Session,
    Slot,
    SlotParticipation,
    broadcast,
    public_appearances,
    versions,
)
from content import languages
from content.languages import text_value
from content.models import DocumentFile
from content.presentation import day_text, language_name, listed, phrase, time_text
from content.publication import window
from content.serializers import (
    REFERENCE_SCHEMA,
    TEXT_SCHEMA,
    InstantField,
    NumberField,
    PartialDateField,
    PlainField,
    RecordSerializer,
    ReferenceField,
    ReferencesField,
    TextField,
    absolute,
    instant,
    none_or_not_recorded,
    reference,
)

ORGANISERS_SCHEMA = {
    "type": ["array", "null"],
    "items": {"type": "object", "properties": {**REFERENCE_SCHEMA["properties"], "role": {"type": "string"}}},
}
INTERPRETATION_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "language": {"type": "string"},
            "mode": {"type": "string"},
            "channel": {"type": ["string", "null"]},
            "stream": {"type": ["string", "null"], "description": "Only while it is open."},
            "recording_url": {"type": ["string", "null"], "description": "Only after the end."},
        },
    },
}
PARTICIPATIONS_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "speaker": REFERENCE_SCHEMA,
            "role": {"type": "string"},
            "honorific": TEXT_SCHEMA,
            "affiliation": TEXT_SCHEMA,
        },
    },
}
LINKS_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"kind": {"type": "string"}, "label": TEXT_SCHEMA, "address": {"type": "string"}},
    },
}
MEMBER_SCHEMA = {
    "type": ["object", "null"],
    "properties": {
        "name": TEXT_SCHEMA,
        "honorific": TEXT_SCHEMA,
        "title": TEXT_SCHEMA,
        "affiliation": TEXT_SCHEMA,
        "role": {"type": "string"},
    },
}
FILES_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "language": {"type": "string"},
            "original": {"type": "boolean"},
            "media_type": {"type": "string"},
            "size": {"type": "integer", "description": "In bytes."},
            "pages": {"type": ["integer", "null"]},
            "sha256": {"type": "string"},
            "url": {"type": "string", "format": "uri"},
        },
    },
}


class EditionSerializer(RecordSerializer):
    public_relations = ("country",)

    name = TextField()
    theme = TextField()
    introduction = TextField()
    start_date = PartialDateField()
    end_date = PartialDateField()
    time_zone = PlainField()
    city = TextField()
    country = ReferenceField()
    organisers = serializers.SerializerMethodField()
    registration_url = PlainField()
    protocol_language = PlainField()
    host_place = PlainField()

    @classmethod
    def related(cls, rows):
        roles = EditionOrganiser.objects.filter(window("organisation__")).select_related("organisation")
        return super().related(rows).prefetch_related(Prefetch("organiser_roles", queryset=roles))

    @extend_schema_field(ORGANISERS_SCHEMA)
    def get_organisers(self, edition):
        roles = [
            {**reference(role.organisation, self.context["language"]), "role": role.role}
            for role in edition.organiser_roles.all()
        ]
        return roles or none_or_not_recorded(edition, "organisers")


class SectionSerializer(RecordSerializer):
    public_relations = ("edition",)

    edition = ReferenceField()
    name = TextField()
    summary = TextField()


def public_participations():
    """Who takes part, as far as the public may know, each with the appearance at the session's own edition."""
    appearances = Appearance.objects.filter(window("edition__"))
    return (
        Participation.objects.filter(window("person__"))
        .select_related("person")
        .prefetch_related(Prefetch("person__appearances", queryset=appearances))
    )


def affiliation_at(person, edition_id: int) -> Appearance | None:
    return next((one for one in person.appearances.all() if one.edition_id == edition_id), None)


def floor_languages(session) -> list[str] | None:
    """Those of the session, or of its room where the session says nothing; None where nobody has said."""
    if session.languages is not None:
        return session.languages
    return session.room.languages if session.room else None


def interpretation_of(session) -> list:
    """What the session offers, or its room where the session offers nothing of its own."""
    own = list(session.interpretation.all())
    return own if own or not session.room else list(session.room.interpretation.all())


class SessionSerializer(RecordSerializer):
    """`start`, `end` and `previous_…` are instants; `time_zone` is the IANA zone of the venue.

    What the latest version took out has no state, no place, and its last place as the previous one.
    """

    public_relations = ("edition", "section", "parent", "type", "track")

    edition = ReferenceField()
    section = ReferenceField()
    parent = ReferenceField()
    title = TextField()
    subtitle = TextField()
    abstract = TextField()
    type = ReferenceField()
    track = ReferenceField()
    state = PlainField("slot_state")
    start = InstantField()
    end = InstantField()
    duration_minutes = serializers.SerializerMethodField()
    time_zone = serializers.CharField(source="edition.time_zone", read_only=True)
    room = serializers.SerializerMethodField()
    venue = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    interpretation = serializers.SerializerMethodField()
    participations = serializers.SerializerMethodField()
    previous_start = serializers.SerializerMethodField()
    previous_end = serializers.SerializerMethodField()
    previous_room = serializers.SerializerMethodField()
    stream = serializers.SerializerMethodField()
    recording_url = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        return (
            super()
            .related(rows)
            .with_rooms()
            .prefetch_related(
                "interpretation",
                "links",
                Prefetch("participations", queryset=public_participations()),
                Prefetch(
                    "placements",
                    queryset=Placement.objects.filter(window("document__"), window("edition__")).select_related(
                        "document"
                    ),
                ),
            )
        )

    def get_duration_minutes(self, session) -> int | None:
        return int((session.end - session.start).total_seconds() // 60) if session.start and session.end else None

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_room(self, session):
        return reference(session.room, self.context["language"])

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_venue(self, session):
        return reference(session.room and session.room.venue, self.context["language"])

    def get_languages(self, session) -> list[str] | None:
        return floor_languages(session)

    @extend_schema_field(INTERPRETATION_SCHEMA)
    def get_interpretation(self, session):
        return [
            {
                "language": offered.language,
                "mode": offered.mode,
                "channel": offered.channel or None,
                "stream": broadcast.stream_of(session, offered) or None,
                "recording_url": broadcast.recording_of(session, offered) or None,
            }
            for offered in interpretation_of(session)
        ]

    @extend_schema_field(PARTICIPATIONS_SCHEMA)
    def get_participations(self, session):
        return [
            {
                "speaker": reference(part.person, self.context["language"]),
                "role": part.role,
                "honorific": self.then(part.person, session.edition_id, "honorific"),
                "affiliation": self.then(part.person, session.edition_id, "affiliation"),
            }
            for part in session.participations.all()
        ]

    def then(self, person, edition_id: int, field: str):
        """What a person was at the edition of the session."""
        appearance = affiliation_at(person, edition_id)
        return text_value(appearance, field, self.context["language"]) if appearance else None

    def get_previous_start(self, session) -> str | None:
        return instant(session.current_slot and session.current_slot.previous_start)

    def get_previous_end(self, session) -> str | None:
        return instant(session.current_slot and session.current_slot.previous_end)

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_previous_room(self, session):
        return reference(session.current_slot and session.current_slot.previous_room, self.context["language"])

    def get_stream(self, session) -> str | None:
        """That of the floor, from 15 minutes before the start to the end."""
        return broadcast.floor_stream(session) or None

    def get_recording_url(self, session) -> str | None:
        """That of the floor, after the end."""
        return broadcast.floor_recording(session) or None

    @extend_schema_field({"type": "array", "items": REFERENCE_SCHEMA})
    def get_documents(self, session):
        return [reference(place.document, self.context["language"]) for place in session.placements.all()]

    @extend_schema_field(LINKS_SCHEMA)
    def get_links(self, session):
        return [
            {"kind": link.kind, "label": text_value(link, "label", self.context["language"]), "address": link.address}
            for link in broadcast.links_of(session)
        ]


class ScheduleSerializer(SessionSerializer):
    """A session as a schedule tells it, with the website of its own that it may have."""

    address = PlainField()


def slot_changes():
    """The published slots that differ from what the version before had for their session; the first counts too."""
    told = Concat(*(Cast(name, models.TextField()) for name in ("room_id", "start", "end", "state")))
    told_before = Window(Lag("told"), partition_by="session", order_by="version__number")
    published = Slot.objects.filter(version__number__isnull=False).annotate(told=told)
    published = published.annotate(told_before=told_before)
    changed = published.filter(Q(told_before=None) | ~Q(told_before=F("told")))
    return changed.select_related("version").order_by("version__number")


class CalendarSerializer(ScheduleSerializer):
    """A session as a calendar or a feed tells it.

    `sequence` is how often a published schedule has changed its place, its time or its state; `changed_at` the last
    instant at which anything that the entry says was changed; `remarks` are lines for its reader; `state_name` is
    empty for what is confirmed. `coordinates` are latitude and longitude of the venue.
    """

    coordinates = serializers.SerializerMethodField()
    sequence = serializers.SerializerMethodField()
    changed_at = serializers.SerializerMethodField()
    remarks = serializers.SerializerMethodField()
    state_name = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        changes = Prefetch("slots", queryset=slot_changes(), to_attr="changes")
        return super().related(rows).prefetch_related(changes)

    def get_coordinates(self, session) -> list[float] | None:
        venue = session.room and session.room.venue
        if not venue or venue.latitude is None or venue.longitude is None:
            return None
        return [float(venue.latitude), float(venue.longitude)]

    def get_sequence(self, session) -> int:
        return max(len(session.changes) - 1, 0)

    def get_changed_at(self, session) -> str | None:
        slot = session.current_slot
        parts = [session, session.type, session.track, session.section]
        parts += [slot.room, slot.room.venue] if slot and slot.room else []
        parts += [part.person for part in session.participations.all()]
        instants = [part.modified for part in parts if part]
        instants += [change.version.published_at for change in session.changes]
        return instant(max([*instants, *self.openings(session)]))

    def openings(self, session):
        """When an address came or went by the clock alone."""
        if not broadcast.has_addresses(session, interpretation_of(session)):
            return
        if session.stream_is_open:
            yield session.start - broadcast.STREAM_OPENS
        if session.recording_is_open:
            yield session.end

    def get_state_name(self, session) -> str:
        if session.slot_state in (None, SlotState.CONFIRMED):
            return ""
        with override(self.page_language):
            if not session.slot_state:
                return str(ChangeKind.REMOVED.label)
            return str(SlotState(session.slot_state).label)

    def get_remarks(self, session) -> list[str]:
        with override(self.page_language):
            return [*self.who(session), *self.how(session)]

    def who(self, session) -> list[str]:
        language = self.page_language
        return [
            phrase(
                f"{part.get_role_display()}: {text_value(part.person, 'name', language)}",
                self.then(part.person, session.edition_id, "affiliation"),
            )
            for part in session.participations.all()
        ]

    def how(self, session):
        """In which languages, and when it was announced for if that was another time."""
        if spoken := [language_name(tag) for tag in floor_languages(session) or ()]:
            yield _("On the floor: %(languages)s") % {"languages": listed(spoken)}
        if offered := [language_name(one.language) for one in interpretation_of(session)]:
            yield _("Interpretation: %(languages)s") % {"languages": listed(dict.fromkeys(offered))}
        yield from self.addresses(session)
        previous = session.slot_state and session.current_slot.previous_start
        if previous and previous != session.start:
            zone = ZoneInfo(session.edition.time_zone)
            time = f"{day_text(previous.astimezone(zone).date())}, {time_text(previous, zone)}"
            yield _("Moved. It was announced for %(time)s.") % {"time": time}

    def addresses(self, session):
        """What can be followed now, or watched afterwards, the floor first."""
        if stream := broadcast.floor_stream(session):
            yield _("Stream: %(address)s") % {"address": stream}
        if recording := broadcast.floor_recording(session):
            yield _("Recording: %(address)s") % {"address": recording}
        for offered in interpretation_of(session):
            language = language_name(offered.language)
            if stream := broadcast.stream_of(session, offered):
                yield _("Stream, %(language)s: %(address)s") % {"language": language, "address": stream}
            if recording := broadcast.recording_of(session, offered):
                yield _("Recording, %(language)s: %(address)s") % {"language": language, "address": recording}


PLACE_SCHEMA = {
    "type": ["object", "null"],
    "properties": {
        "title": TEXT_SCHEMA,
        "start": {"type": ["string", "null"], "format": "date-time"},
        "end": {"type": ["string", "null"], "format": "date-time"},
        "room": REFERENCE_SCHEMA,
        "state": {"type": ["string", "null"], "description": "Null: this version took the session out."},
    },
}
CHANGES_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "kind": {"enum": ChangeKind.values},
            "session": REFERENCE_SCHEMA,
            "title": TEXT_SCHEMA,
            "before": PLACE_SCHEMA,
            "after": PLACE_SCHEMA,
            "participations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"speaker": REFERENCE_SCHEMA, "role": {"type": "string"}},
                },
            },
        },
    },
}


def frozen_slots():
    """The published slots of sessions that the public sees now, with the words that were frozen in them."""
    persons = SlotParticipation.objects.filter(window("person__")).select_related("person")
    abstracts = [f"session__{languages.column('abstract', code)}" for code in languages.CODES]
    return (
        Slot.objects.filter(version__number__isnull=False, session__in=Session.objects.published())
        .select_related("session", "room__venue", "before__room__venue")
        .defer(*abstracts)
        .prefetch_related(
            Prefetch("participations", queryset=persons), Prefetch("before__participations", queryset=persons)
        )
        .order_by("start", "session_id")
    )


class VersionSerializer(RecordSerializer):
    """A published version of a programme with what it changed against the one before.

    The words of a change are those of then; `session` names the session as it is called now. A session with several
    changes is listed with each.
    """

    edition = ReferenceField()
    number = serializers.IntegerField(read_only=True)
    published_at = InstantField()
    note = TextField()
    changes = serializers.SerializerMethodField()
    sources = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        changed = Prefetch("slots", queryset=frozen_slots().filter(changed=True), to_attr="changed_slots")
        return rows.select_related("edition").prefetch_related(changed)

    @extend_schema_field({"type": "array", "items": REFERENCE_SCHEMA})
    def get_sources(self, version):
        """None: a version rests on the decision that made it."""
        return []

    @extend_schema_field(CHANGES_SCHEMA)
    def get_changes(self, version):
        return [self.change(kind, slot) for slot in version.changed_slots for kind in versions.kinds_of(slot)]

    def change(self, kind: ChangeKind, slot):
        language = self.context["language"]
        return {
            "kind": kind.value,
            "session": reference(slot.session, language),
            "title": self.title(slot),
            "before": self.place(slot.before) if slot.before else None,
            "after": self.place(slot),
            "participations": [
                {"speaker": reference(one.person, language), "role": one.role}
                for one in versions.participations_of(kind, slot)
            ],
        }

    def title(self, slot):
        frozen = any(versions.title_of(slot))
        return text_value(slot if frozen else slot.session, "title", self.context["language"])

    def place(self, slot):
        return {
            "title": self.title(slot),
            "start": instant(slot.start),
            "end": instant(slot.end),
            "room": reference(slot.room, self.context["language"]),
            "state": slot.state or None,
        }


class SpeakerSerializer(RecordSerializer):
    """A person; honorific, affiliation, organisation and country are those of the latest edition."""

    name = TextField()
    honorific = serializers.SerializerMethodField()
    affiliation = serializers.SerializerMethodField()
    organisation = serializers.SerializerMethodField()
    country = serializers.SerializerMethodField()
    biography = TextField()
    orcid = PlainField()
    editions = serializers.SerializerMethodField()
    sessions = ReferencesField(known=True)

    @classmethod
    def related(cls, rows):
        appearances = (
            public_appearances()
            .select_related("edition")
            .prefetch_related(
                Prefetch("organisation", queryset=Organisation.objects.published()),
                Prefetch("country", queryset=Country.objects.published()),
            )
            .order_by(F("edition__start_date").desc(nulls_last=True), "-edition_id")
        )
        return (
            super()
            .related(rows)
            .prefetch_related(
                Prefetch("appearances", queryset=appearances),
                Prefetch("sessions", queryset=Session.objects.published().distinct().order_by("sort_en", "id")),
            )
        )

    def latest(self, person) -> Appearance | None:
        return next(iter(person.appearances.all()), None)

    def latest_text(self, person, name):
        latest = self.latest(person)
        return text_value(latest, name, self.context["language"]) if latest else None

    @extend_schema_field(TEXT_SCHEMA)
    def get_honorific(self, person):
        return self.latest_text(person, "honorific")

    @extend_schema_field(TEXT_SCHEMA)
    def get_affiliation(self, person):
        return self.latest_text(person, "affiliation")

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_organisation(self, person):
        latest = self.latest(person)
        return reference(latest and latest.organisation, self.context["language"])

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_country(self, person):
        latest = self.latest(person)
        return reference(latest and latest.country, self.context["language"])

    @extend_schema_field({"type": "array", "items": REFERENCE_SCHEMA})
    def get_editions(self, person):
        return [reference(one.edition, self.context["language"]) for one in person.appearances.all()]


class PartyNameField(TextField):
    """The name of the country or organisation that sent a delegation."""

    def owner(self, delegation):
        return delegation.party


class DelegationSerializer(RecordSerializer):
    """A delegation with those of its members who are public, by rank; `members` includes head and deputies."""

    public_relations = ("edition", "country", "organisation")

    edition = ReferenceField()
    name = PartyNameField()
    country = ReferenceField()
    organisation = ReferenceField()
    region = serializers.SerializerMethodField()
    category = PlainField()
    level = PlainField()
    size = NumberField()
    head = serializers.SerializerMethodField()
    deputies = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        members = DelegationMember.objects.published().select_related("person")
        return super().related(rows).prefetch_related("country__region", Prefetch("members", queryset=members))

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_region(self, delegation):
        return reference(delegation.country and delegation.country.region, self.context["language"])

    def member(self, member):
        language = self.context["language"]
        return {
            "name": text_value(member.person, "name", language),
            "honorific": text_value(member, "honorific", language),
            "title": text_value(member, "title", language),
            "affiliation": text_value(member, "affiliation", language),
            "role": member.role,
        }

    @extend_schema_field(MEMBER_SCHEMA)
    def get_head(self, delegation):
        heads = (self.member(member) for member in delegation.members.all() if member.role == MemberRole.HEAD)
        return next(heads, None)

    @extend_schema_field({"type": "array", "items": MEMBER_SCHEMA})
    def get_deputies(self, delegation):
        """Those whom the public may know; that there are others is not said."""
        return [self.member(member) for member in delegation.members.all() if member.role == MemberRole.DEPUTY]

    @extend_schema_field({"type": ["array", "null"], "items": MEMBER_SCHEMA})
    def get_members(self, delegation):
        members = [self.member(member) for member in delegation.members.all()]
        return members or members_none_or_not_recorded(delegation)


def members_none_or_not_recorded(delegation) -> list | None:
    """Of a delegation that is shown without persons, not even that it has none is said."""
    return None if delegation.without_persons else none_or_not_recorded(delegation, "members")


class SeatSerializer(DelegationSerializer):
    """What a seating plan says of a delegation; the seat itself comes from the whole of the edition."""

    def to_representation(self, delegation):
        language, order = self.context["language"], delegation.edition.protocol_language
        head = self.get_head(delegation) or {}
        return {
            "id": str(delegation.uuid),
            "nameplate": text_value(delegation.party, "name", order),
            "nameplate_language": order,
            "name": text_value(delegation.party, "name", language),
            "code": getattr(delegation.party, "code", None),
            "acronym": getattr(delegation.party, "acronym", None),
            "category": delegation.category,
            "category_name": delegation.get_category_display(),
            "level": delegation.level or None,
            "size": delegation.size,
            "head_honorific": head.get("honorific"),
            "head_name": head.get("name"),
            "head_title": head.get("title"),
        }


class CountrySerializer(RecordSerializer):
    code = PlainField()
    alpha3 = PlainField()
    m49 = PlainField()
    name = TextField()
    official_name = TextField()
    capital = TextField()
    region = ReferenceField()
    subregion = ReferenceField()
    groups = ReferencesField(known=True)
    figures = ReferencesField()
    latitude = NumberField()
    longitude = NumberField()
    existed_until = NumberField()

    public_relations = ("figures",)
    relations = ("region", "subregion", "groups")


class OrganisationSerializer(RecordSerializer):
    public_relations = ("country",)

    name = TextField()
    acronym = PlainField()
    kind = PlainField()
    country = ReferenceField()
    ror = PlainField()
    address = PlainField()


class DocumentSerializer(RecordSerializer):
    title = TextField()
    kind = PlainField()
    summary = TextField()
    edition = serializers.SerializerMethodField()
    session = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        files = DocumentFile.objects.select_related("document")
        return (
            super()
            .related(rows)
            .prefetch_related(
                Prefetch("files", queryset=files),
                Prefetch(
                    "placement", queryset=Placement.objects.filter(window("edition__")).select_related("edition")
                ),
                Prefetch("placement__session", queryset=Session.objects.published()),
            )
        )

    def placement(self, document):
        return getattr(document, "placement", None)

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_edition(self, document):
        placement = self.placement(document)
        return reference(placement and placement.edition, self.context["language"])

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_session(self, document):
        placement = self.placement(document)
        return reference(placement and placement.session, self.context["language"])

    def get_outcome(self, document) -> bool:
        placement = self.placement(document)
        return bool(placement and placement.outcome)

    @extend_schema_field(FILES_SCHEMA)
    def get_files(self, document):
        return [
            {
                "language": file.language,
                "original": file.original,
                "media_type": file.media_type,
                "size": file.size,
                "pages": file.pages,
                "sha256": file.sha256,
                "url": absolute(f"/{self.page_language}/documents/{document.slug}/{file.language}/"),
            }
            for file in document.files.all()
        ]
