from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, F, Max, Min, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy

from conference.exports import atom, ical
from conference.exports.schedule_json import to_schedule_json
from conference.exports.schedule_xml import to_schedule_xml
from conference.exports.seating import to_seating
from conference.exports.timetable import RoomHead, ScheduleHead
from conference.filters import (
    CountryListFilter,
    DelegationFilter,
    DocumentFilter,
    EditionFilter,
    OrganisationFilter,
    SectionFilter,
    SessionFilter,
    SpeakerFilter,
    VersionFilter,
)
from conference.models import (
    Country,
    Delegation,
    Edition,
    Organisation,
    Person,
    Room,
    ScheduleVersion,
    Section,
    Session,
    Slot,
    public_appearances,
)
from conference.serializers import (
    CalendarSerializer,
    CountrySerializer,
    DelegationSerializer,
    DocumentSerializer,
    EditionSerializer,
    OrganisationSerializer,
    ScheduleSerializer,
    SeatSerializer,
    SectionSerializer,
    SessionSerializer,
    SpeakerSerializer,
    VersionSerializer,
)
from content import aggregates, languages
from content.aggregates import Measured
from content.exports import geojson
from content.languages import localised
from content.listing import Format, Listing, Selection, Standard, Sum
from content.models import Document, Site


def public_sessions():
    return Session.objects.published().with_slot()


def public_delegations():
    return Delegation.objects.published().with_listing()


def public_speakers():
    """Persons who appeared at an edition that is public."""
    appeared = public_appearances().filter(person=OuterRef("pk"))
    return Person.objects.published().filter(Exists(appeared))


def editions_asked(selection: Selection) -> list[Edition]:
    return list(Edition.objects.published().filter(slug__in=selection.parameters.getlist("edition")))


def calendar_head(selection: Selection) -> ical.CalendarHead:
    """Named after the edition, or the portal where it is of several; it has the zones that its rows need."""
    editions = editions_asked(selection)
    named = editions[0] if len(editions) == 1 else Site.objects.first()
    host = urlsplit(settings.SITE_URL).hostname
    name = localised(named, "name", selection.language).text if named else host
    # What was taken out is told at its last place.
    shown_at = Coalesce("start", F("current__previous_start"))
    spans = (
        selection.queryset.annotate(shown_at=shown_at)
        .filter(shown_at__isnull=False)
        .order_by()
        .values_list("edition__time_zone")
        .annotate(Min("shown_at"), Max("shown_at"))
        .order_by("edition__time_zone")
    )
    zones = tuple(ical.ZoneHead(zone, first.date(), last.date()) for zone, first, last in spans)
    return ical.CalendarHead(name, selection.language, host, zones)


def feed_head(selection: Selection) -> atom.FeedHead:
    """Named as the calendar; it is about the programme of its edition, or all editions."""
    editions = editions_asked(selection)
    page = reverse("programme", args=[editions[0].slug]) if len(editions) == 1 else reverse("editions")
    query = selection.parameters.urlencode()
    return atom.FeedHead(
        title=calendar_head(selection).name,
        language=languages.html_code(selection.language),
        address=f"{settings.SITE_URL}/api/v1/sessions.atom{f'?{query}' if query else ''}",
        url=settings.SITE_URL + page,
    )


def schedule_head(ending: str):
    """For the file with this ending: each names its own address."""

    def head(selection: Selection) -> ScheduleHead:
        (edition,) = editions_asked(selection)
        language = selection.language
        last = edition.schedule_versions.aggregate(last=Max("number"))["last"]
        asked = selection.parameters.copy()
        asked["lang"] = language
        query = asked.urlencode()
        return ScheduleHead(
            slug=edition.slug,
            title=localised(edition, "name", language).text,
            start_date=edition.start_date,
            end_date=edition.end_date,
            time_zone=edition.time_zone,
            version=last or 0,
            url=settings.SITE_URL + reverse("edition", args=[edition.slug]),
            address=f"{settings.SITE_URL}/api/v1/sessions.{ending}?{query}",
            base_url=settings.SITE_URL,
            language=language,
            rooms=tuple(
                RoomHead(
                    id=str(room.uuid),
                    name=localised(room, "name", language).text,
                    venue=localised(room.venue, "name", language).text,
                    capacity=room.capacity,
                )
                for room in rooms_of(edition)
            ),
        )

    return head


def rooms_of(edition: Edition):
    """Where the public finds something of this edition; where a draft would be held is nobody's business."""
    slots = Slot.objects.filter(current=True, session__in=Session.objects.published().filter(edition=edition))
    rooms = Room.objects.filter(pk__in=slots.values("room")).select_related("venue")
    return rooms.order_by("position", "venue", "id")


def seats_of_edition(selection: Selection) -> dict[str, int]:
    """The number of each delegation's seat by its id: that of the whole edition, whatever is filtered."""
    rows = public_delegations().filter(edition__in=editions_asked(selection)).order_by("protocol", "id")
    return {str(uuid): seat for seat, uuid in enumerate(rows.values_list("uuid", flat=True), 1)}


EDITIONS = Listing(
    name="editions",
    page="editions",
    rows=Edition.objects.published,
    filterset=EditionFilter,
    serializer=EditionSerializer,
    order="-start_date",
    orders={"start_date": "start_date", "name": "sort"},
)

SECTIONS = Listing(
    name="sections",
    rows=Section.objects.published,
    filterset=SectionFilter,
    serializer=SectionSerializer,
    order="position",
    orders={"position": "position", "name": "sort"},
)

SESSIONS = Listing(
    name="sessions",
    rows=public_sessions,
    filterset=SessionFilter,
    serializer=SessionSerializer,
    order="start",
    orders={"start": "start", "title": "sort"},
    formats={
        "ics": Standard(
            label="iCalendar",
            media_type=ical.MEDIA_TYPE,
            head=calendar_head,
            write=ical.to_calendar,
            serializer=CalendarSerializer,
        ),
        "atom": Standard(
            label="Atom",
            media_type=atom.MEDIA_TYPE,
            head=feed_head,
            write=atom.to_atom,
            serializer=CalendarSerializer,
        ),
        "schedule.xml": Standard(
            label="schedule.xml",
            media_type="application/xml",
            head=schedule_head("schedule.xml"),
            write=to_schedule_xml,
            serializer=ScheduleSerializer,
            one_value=("edition",),
        ),
        "schedule.json": Standard(
            label="schedule.json",
            media_type="application/json",
            head=schedule_head("schedule.json"),
            write=to_schedule_json,
            serializer=ScheduleSerializer,
            one_value=("edition",),
        ),
    },
)

VERSIONS = Listing(
    name="versions",
    rows=ScheduleVersion.objects.published,
    filterset=VersionFilter,
    serializer=VersionSerializer,
    order="-published_at",
    orders={"published_at": "published_at", "number": "number"},
)

SPEAKERS = Listing(
    name="speakers",
    rows=public_speakers,
    filterset=SpeakerFilter,
    serializer=SpeakerSerializer,
    order="name",
    orders={"name": "sort"},
)

PERSONS_SCHEMA = {
    "type": "object",
    "properties": {
        "total": {"type": ["integer", "null"]},
        "recorded": {"type": "integer"},
        "not_recorded": {"type": "integer"},
    },
}


def persons_told(measured: Measured, count: int, language: str, known: None) -> dict[str, int | None]:
    total = sum(amount for (amount,) in measured.totals) if measured.recorded else None
    return {"total": total, "recorded": measured.recorded, "not_recorded": count - measured.recorded}


DELEGATIONS = Listing(
    name="delegations",
    rows=public_delegations,
    filterset=DelegationFilter,
    serializer=DelegationSerializer,
    order="name",
    orders={"name": "sort", "size": "size", "protocol": "protocol"},
    formats={
        "seating.csv": Standard(
            label=gettext_lazy("Seating plan"),
            media_type="text/csv; charset=utf-8",
            head=seats_of_edition,
            write=to_seating,
            serializer=SeatSerializer,
            one_value=("edition",),
            order="protocol",
        )
    },
    sums={
        "size": Sum(
            label=gettext_lazy("Persons in delegations"),
            amounts=lambda: aggregates.amounts(Delegation.objects.exclude(size=None), "pk", "size"),
            told=persons_told,
            schema=PERSONS_SCHEMA,
        )
    },
)


COUNTRIES = Listing(
    name="countries",
    page="countries",
    rows=Country.objects.listed,
    known=Country.objects.published,
    filterset=CountryListFilter,
    serializer=CountrySerializer,
    order="name",
    orders={"name": "sort", "code": "code"},
    formats={"geojson": Format("GeoJSON", geojson.MEDIA_TYPE, geojson.write, ("id", "latitude", "longitude"))},
)

ORGANISATIONS = Listing(
    name="organisations",
    page="organisations",
    rows=Organisation.objects.published,
    filterset=OrganisationFilter,
    serializer=OrganisationSerializer,
    order="name",
    orders={"name": "sort"},
)

DOCUMENTS = Listing(
    name="documents",
    rows=Document.objects.published,
    filterset=DocumentFilter,
    serializer=DocumentSerializer,
    order="title",
    orders={"title": "sort"},
)
