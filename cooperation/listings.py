from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from conference.models import Country
from content import aggregates
from content.exports import geojson
from content.languages import all_languages
from content.listing import Format, Listing, Selection, Standard, Sum
from content.models import Site
from cooperation import money
from cooperation.choices import TransactionType
from cooperation.exports.iati import ActivitiesHead, to_iati
from cooperation.filters import AgreementFilter, FacilityFilter, ProgrammeFilter, ProjectFilter
from cooperation.models import Agreement, Budget, Facility, Programme, Project, Transaction
from cooperation.serializers import (
    ActivitySerializer,
    AgreementSerializer,
    FacilitySerializer,
    ProgrammeSerializer,
    ProjectSerializer,
)

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
    formats={"geojson": Format("GeoJSON", geojson.MEDIA_TYPE, geojson.write, ("id", "latitude", "longitude"))},
)


def projects_at_their_countries(rows: Iterator[dict[str, Any]], keys: list[str]) -> Iterator[str]:
    """A project has no place of its own: it stands at the points of its recipient countries."""
    located = Country.objects.published().exclude(latitude=None)
    points = {
        code: (float(longitude), float(latitude))
        for code, longitude, latitude in located.values_list("code", "longitude", "latitude")
    }

    def places(row):
        return [points[country["code"]] for country in row["countries"] or [] if country["code"] in points]

    return geojson.write(rows, keys, places)


def activities_head(selection: Selection) -> ActivitiesHead:
    site = Site.objects.first()
    return ActivitiesHead(
        host=urlsplit(settings.SITE_URL).hostname,
        names=all_languages(site, "name") if site else {},
        strands_address=settings.SITE_URL + reverse("cooperation"),
        language=selection.language,
    )


def money_of(label: str, amounts: Callable[[], QuerySet], none_in: str) -> Sum:
    """A quantity of money: what must not be added together is what differs in currency or in rates."""
    return Sum(
        label=label,
        amounts=lambda: aggregates.amounts(amounts().with_rates(), "project", "amount", "currency", "rates"),
        told=money.measured_told,
        schema=MEASURED_SCHEMA,
        none_in=none_in,
        known=money.sources,
    )


def transactions_of(label: str, kind: TransactionType) -> Sum:
    return money_of(label, lambda: Transaction.objects.filter(type=kind), "transactions")


MEASURED_SCHEMA = money.TOTALS_SCHEMA | {
    "properties": money.TOTALS_SCHEMA["properties"]
    | {name: {"type": "integer"} for name in ("recorded", "recorded_none", "not_recorded")}
}

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
    formats={
        "geojson": Format("GeoJSON", geojson.MEDIA_TYPE, projects_at_their_countries, ("id", "countries")),
        "iati.xml": Standard(
            label="IATI 2.03",
            media_type="application/xml",
            head=activities_head,
            write=to_iati,
            serializer=ActivitySerializer,
            all_languages=True,
        ),
    },
    sums={
        "budgets": money_of(gettext_lazy("Budgets"), lambda: Budget.objects.in_effect(), "budgets"),
        "incoming_funds": transactions_of(gettext_lazy("Incoming funds"), TransactionType.INCOMING_FUNDS),
        "commitments": transactions_of(gettext_lazy("Outgoing commitments"), TransactionType.OUTGOING_COMMITMENT),
        "disbursements": transactions_of(gettext_lazy("Disbursements"), TransactionType.DISBURSEMENT),
        "expenditures": transactions_of(gettext_lazy("Expenditures"), TransactionType.EXPENDITURE),
    },
)

PROGRAMMES = Listing(
    name="programmes",
    page="cooperation-programmes",
    rows=Programme.objects.published,
    filterset=ProgrammeFilter,
    serializer=ProgrammeSerializer,
    order="name",
    orders={"name": "sort", "start": "start", "end": "end"},
)
