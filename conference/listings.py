from django.db.models import Exists, OuterRef

from conference.filters import (
    CountryListFilter,
    DelegationFilter,
    DocumentFilter,
    EditionFilter,
    OrganisationFilter,
    SectionFilter,
    SessionFilter,
    SpeakerFilter,
)
from conference.models import Appearance, Country, Delegation, Edition, Organisation, Person, Section, Session
from conference.serializers import (
    CountrySerializer,
    DelegationSerializer,
    DocumentSerializer,
    EditionSerializer,
    OrganisationSerializer,
    SectionSerializer,
    SessionSerializer,
    SpeakerSerializer,
)
from content.exports import geojson
from content.listing import Format, Listing
from content.models import Document
from content.publication import window


def public_sessions():
    return Session.objects.published().with_slot()


def public_speakers():
    """Persons who appeared at an edition that is public."""
    appeared = Appearance.objects.filter(window("edition__"), person=OuterRef("pk"))
    return Person.objects.published().filter(Exists(appeared))


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
)

SPEAKERS = Listing(
    name="speakers",
    rows=public_speakers,
    filterset=SpeakerFilter,
    serializer=SpeakerSerializer,
    order="name",
    orders={"name": "sort"},
)

DELEGATIONS = Listing(
    name="delegations",
    rows=Delegation.objects.published,
    filterset=DelegationFilter,
    serializer=DelegationSerializer,
    order="name",
    orders={"name": "sort", "size": "size"},
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
