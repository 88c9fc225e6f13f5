from django.db.models import Q
from django.utils.translation import gettext_lazy

from conference.filters import country_filter, organisation_filter, published_organisations
from content.filters import (
    ChoiceFilter,
    ListingFilterSet,
    ReferenceFilter,
    SearchFilter,
    ValuesFilter,
    YearFilter,
    published_strands,
)
from cooperation.choices import AgreementKind, FacilityKind, ProgrammeKind, ProjectStatus
from cooperation.models import Agreement, Facility, Field, Programme, Project, ProjectSector


def strand_filter():
    return ReferenceFilter("strand", existing=published_strands, label=gettext_lazy("Strand"))


class OfRoles(ReferenceFilter):
    """Organisations in any of several roles: a facility's host or one of its partners."""

    def __init__(self, *paths: str, **kwargs):
        self.paths = paths
        super().__init__(paths[0], **kwargs)

    def leading_to(self, chosen):
        condition = Q()
        for path in self.paths:
            condition |= Q(pk__in=self.model._base_manager.filter(**{f"{path}__in": chosen.values("pk")}).values("pk"))
        return condition


class AgreementFilter(ListingFilterSet):
    facets = ("kind",)

    q = SearchFilter(fields=("title", "summary"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=AgreementKind, label=gettext_lazy("Kind"))
    country = country_filter("parties__country")
    organisation = organisation_filter("parties__organisation")
    year = YearFilter("signed", label=gettext_lazy("Year"))

    class Meta:
        model = Agreement
        fields = []


class FacilityFilter(ListingFilterSet):
    facets = ("strand", "kind", "field")
    plurals = {"countries": "country", "partners": "partner"}

    q = SearchFilter(fields=("name", "summary"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=FacilityKind, label=gettext_lazy("Kind"))
    strand = strand_filter()
    host = organisation_filter("host", gettext_lazy("Host"))
    partner = organisation_filter("partners", gettext_lazy("Partner"))
    organisation = OfRoles("host", "partners", existing=published_organisations, label=gettext_lazy("Organisation"))
    country = country_filter("countries")
    field = ReferenceFilter("fields", existing=Field.objects.all, label=gettext_lazy("Field"))
    year = YearFilter("founded", label=gettext_lazy("Year"))

    class Meta:
        model = Facility
        fields = []


class StartYearFilter(YearFilter):
    """The year in which a project began, as it did or, where that is not recorded, as it was planned."""

    def condition(self, values):
        condition = Q()
        for value in values:
            condition |= Q(actual_start__startswith=value) | Q(actual_start=None, planned_start__startswith=value)
        return condition


class SectorFilter(ValuesFilter):
    """A sector by its code, whatever its vocabulary."""

    def check(self, values):
        codes = list(
            ProjectSector.objects.filter(project__in=Project.objects.published())
            .values_list("code", flat=True)
            .distinct()
        )
        return self.refuse_unknown(values, sorted(codes))

    def condition(self, values):
        return Q(pk__in=ProjectSector.objects.filter(code__in=values).values("project"))


class ProjectFilter(ListingFilterSet):
    facets = ("strand", "status")
    plurals = {"countries": "country", "organisations": "organisation", "sectors": "sector"}

    q = SearchFilter(fields=("title", "description", "iati_identifier"), label=gettext_lazy("Search"))
    strand = strand_filter()
    status = ChoiceFilter("status", choices=ProjectStatus, label=gettext_lazy("Status"))
    country = country_filter("country_shares__country")
    organisation = organisation_filter("organisation_roles__organisation")
    sector = SectorFilter(label=gettext_lazy("Sector"))
    year = StartYearFilter(label=gettext_lazy("Year of start"))

    class Meta:
        model = Project
        fields = []


class ProgrammeFilter(ListingFilterSet):
    facets = ("strand", "kind")
    plurals = {"countries": "country"}

    q = SearchFilter(fields=("name", "summary"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=ProgrammeKind, label=gettext_lazy("Kind"))
    strand = strand_filter()
    country = country_filter("countries")
    organisation = organisation_filter("organisations")

    class Meta:
        model = Programme
        fields = []
