from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Prefetch, Q, Window
from django.db.models.functions import Cast, Concat, Lag
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

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
)
from content.languages import text_value
from content.models import DocumentFile
from content.presentation import day_text, language_name, time_text
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
            "stream": {"type": ["string", "null"]},
        },
    },
}
PARTICIPATIONS_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"speaker": REFERENCE_SCHEMA, "role": {"type": "string"}, "affiliation": TEXT_SCHEMA},
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
    """`start`, `end` and `previous_start` are instants; `time_zone` is the IANA zone of the venue."""

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
    previous_room = serializers.SerializerMethodField()
    recording_url = PlainField()
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
                    "placements", queryset=Placement.objects.filter(window("document__")).select_related("document")
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
                "stream": offered.stream or None,
            }
            for offered in interpretation_of(session)
        ]

    @extend_schema_field(PARTICIPATIONS_SCHEMA)
    def get_participations(self, session):
        return [
            {
                "speaker": reference(part.person, self.context["language"]),
                "role": part.role,
                "affiliation": self.affiliation(part.person, session.edition_id),
            }
            for part in session.participations.all()
        ]

    def affiliation(self, person, edition_id):
        appearance = affiliation_at(person, edition_id)
        return text_value(appearance, "affiliation", self.context["language"]) if appearance else None

    def get_previous_start(self, session) -> str | None:
        return instant(session.current_slot and session.current_slot.previous_start)

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_previous_room(self, session):
        return reference(session.current_slot and session.current_slot.previous_room, self.context["language"])

    @extend_schema_field({"type": "array", "items": REFERENCE_SCHEMA})
    def get_documents(self, session):
        return [reference(place.document, self.context["language"]) for place in session.placements.all()]

    @extend_schema_field(LINKS_SCHEMA)
    def get_links(self, session):
        return [
            {"kind": link.kind, "label": text_value(link, "label", self.context["language"]), "address": link.address}
            for link in session.links.all()
        ]


class ScheduleSerializer(SessionSerializer):
    """A session as a schedule tells it, with the website of its own that it may have."""

    address = PlainField()


def slot_changes():
    """The published slots that differ from what the version before had for their session; the first counts too."""
    told = Concat(*(Cast(name, models.TextField()) for name in ("room_id", "start", "end", "state")))
    before = Window(Lag("told"), partition_by="session", order_by="version__number")
    published = Slot.objects.filter(version__number__isnull=False).annotate(told=told).annotate(before=before)
    changed = published.filter(Q(before=None) | ~Q(before=F("told")))
    return changed.select_related("version").order_by("version__number")


class CalendarSerializer(SessionSerializer):
    """A session as a calendar tells it.

    `sequence` is how often a published schedule has changed its place, its time or its state; `changed_at` the last
    instant at which anything that the entry says was changed; `remarks` are lines for its reader.
    """

    sequence = serializers.SerializerMethodField()
    changed_at = serializers.SerializerMethodField()
    remarks = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        changes = Prefetch("slots", queryset=slot_changes(), to_attr="changes")
        return super().related(rows).prefetch_related(changes)

    def get_sequence(self, session) -> int:
        return max(len(session.changes) - 1, 0)

    def get_changed_at(self, session) -> str | None:
        slot = session.current_slot
        parts = [session, session.type, session.track, session.section]
        parts += [slot.room, slot.room.venue] if slot and slot.room else []
        parts += [part.person for part in session.participations.all()]
        instants = [part.modified for part in parts if part]
        return instant(max([*instants, *(change.version.published_at for change in session.changes)]))

    def get_remarks(self, session) -> list[str]:
        with override(self.page_language):
            return [*self.who(session), *self.how(session)]

    def who(self, session) -> list[str]:
        language = self.page_language
        return [
            ", ".join(
                filter(
                    None,
                    [
                        f"{part.get_role_display()}: {text_value(part.person, 'name', language)}",
                        self.affiliation(part.person, session.edition_id),
                    ],
                )
            )
            for part in session.participations.all()
        ]

    def how(self, session):
        """In which languages, and when it was announced for if that was another time."""
        if spoken := [language_name(tag) for tag in floor_languages(session) or ()]:
            yield _("On the floor: %(languages)s") % {"languages": ", ".join(spoken)}
        if offered := [language_name(one.language) for one in interpretation_of(session)]:
            yield _("Interpretation: %(languages)s") % {"languages": ", ".join(dict.fromkeys(offered))}
        previous = session.current_slot and session.current_slot.previous_start
        if previous and previous != session.start:
            zone = ZoneInfo(session.edition.time_zone)
            time = f"{day_text(previous.astimezone(zone).date())}, {time_text(previous, zone)}"
            yield _("Moved. It was announced for %(time)s.") % {"time": time}


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
            Appearance.objects.filter(window("edition__"))
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


class DelegationSerializer(RecordSerializer):
    public_relations = ("edition", "country", "organisation")

    edition = ReferenceField()
    country = ReferenceField()
    organisation = ReferenceField()
    category = PlainField()
    level = PlainField()
    size = NumberField()
    head = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        consented = DelegationMember.objects.filter(window("person__"), consent=True).select_related("person")
        return super().related(rows).prefetch_related(Prefetch("members", queryset=consented))

    def member(self, member):
        language = self.context["language"]
        return {
            "name": text_value(member.person, "name", language),
            "honorific": text_value(member, "honorific", language),
            "title": text_value(member, "title", language),
            "role": member.role,
        }

    @extend_schema_field(MEMBER_SCHEMA)
    def get_head(self, delegation):
        return next((self.member(member) for member in delegation.members.all() if member.role == "head"), None)

    @extend_schema_field({"type": ["array", "null"], "items": MEMBER_SCHEMA})
    def get_members(self, delegation):
        members = [self.member(member) for member in delegation.members.all()]
        return members or none_or_not_recorded(delegation, "members")


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
    latitude = NumberField()
    longitude = NumberField()
    existed_until = NumberField()

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
