from content.listing import Listing
from cooperation.filters import AgreementFilter, FacilityFilter, ProgrammeFilter, ProjectFilter
from cooperation.models import Agreement, Facility, Programme, Project
from cooperation.serializers import AgreementSerializer, FacilitySerializer, ProgrammeSerializer, ProjectSerializer

AGREEMENTS = Listing(
    name="agreements",
    page="agreements",
    rows=Agreement.objects.published,
    filterset=AgreementFilter,
    serializer=AgreementSerializer,
    order="-signed",
    orders={"signed": "signed", "title": "sort"},
)

FACILITIES = Listing(
    name="facilities",
    page="facilities",
    rows=Facility.objects.published,
    filterset=FacilityFilter,
    serializer=FacilitySerializer,
    order="name",
    orders={"name": "sort", "founded": "founded"},
)

PROJECTS = Listing(
    name="projects",
    page="projects",
    rows=Project.objects.published,
    filterset=ProjectFilter,
    serializer=ProjectSerializer,
    order="title",
    orders={
        "title": "sort",
        "actual_start": "actual_start",
        "planned_start": "planned_start",
        "actual_end": "actual_end",
        "planned_end": "planned_end",
    },
)

PROGRAMMES = Listing(
    name="programmes",
    page="cooperation-programmes",
    rows=Programme.objects.published,
    filterset=ProgrammeFilter,
    serializer=ProgrammeSerializer,
    order="name",
    orders={"name": "sort"},
)
