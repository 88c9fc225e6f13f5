from functools import reduce
from operator import or_

from django.db.models import CharField, Count, F, Q
from django.db.models.functions import Cast, Coalesce, Left
from django.utils import timezone
from django.utils.translation import gettext_lazy

from conference.choices import RegionKind
from conference.filters import country_filter, organisation_filter, published_countries, published_organisations
from conference.models import Edition, Region, RegionGroup, Session
from content.filters import (
    ChoiceFilter,
    ListingFilterSet,
    ReferenceFilter,
    SearchFilter,
    ValuesFilter,
    YearFilter,
    published_strands,
)
from cooperation.choices import AgreementKind, AgreementStatus, FacilityKind, ProgrammeKind, ProjectStatus
from cooperation.models import Agreement, Facility, Field, Programme, Project, ProjectSector


def fields_in_use():
    return Field.objects.filter(facilities__in=Facility.objects.published()).distinct()


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


class AtPublicSession(ReferenceFilter):
    """By the session at which something was adopted or launched; one that is not public counts for nothing."""

    def leading_to(self, chosen):
        public = Session.objects.published().order_by()
        of_chosen = (
            {"pk__in": chosen.values("pk")} if chosen.model is Session else {"edition__in": chosen.values("pk")}
        )
        return Q(session__in=public.filter(**of_chosen).values("pk"))

    def counts(self, rows):
        return super().counts(rows.filter(session__in=Session.objects.published().order_by().values("pk")))


def session_filter():
    return AtPublicSession(
        "session",
        existing=Session.objects.published,
        label_field="title",
        label=gettext_lazy("Adopted or launched at"),
    )


def edition_filter():
    return AtPublicSession("session__edition", existing=Edition.objects.published, label=gettext_lazy("Edition"))


class OfCountries(ReferenceFilter):
    """What its countries belong to, such as a region. A country that is not public counts for nothing.

    `countries` leads from the row to its countries, `path` from a country to what it belongs to.
    """

    def __init__(self, countries: str, path: str, **kwargs):
        self.countries = countries
        self.path = path
        super().__init__(f"{countries}__{path}", **kwargs)

    def leading_to(self, chosen):
        countries = published_countries().filter(**{f"{self.path}__in": chosen.values("pk")}).order_by()
        links = self.model._base_manager.filter(**{f"{self.countries}__in": countries.values("pk")})
        return Q(pk__in=links.order_by().values("pk"))

    def counts(self, rows):
        public = published_countries().order_by().values("pk")
        # One call of filter, so that what is counted hangs on the very countries that are public.
        counted = rows.order_by().filter(**{f"{self.countries}__in": public, f"{self.field_name}__isnull": False})
        return dict(counted.values_list(f"{self.field_name}__{self.key}").annotate(Count("pk", distinct=True)))


def region_filter(countries="countries"):
    regions = Region.objects.filter(kind=RegionKind.REGION)
    return OfCountries(countries, "region", existing=regions.all, label=gettext_lazy("Region (UN M49)"))


def group_filter(countries="countries"):
    return OfCountries(countries, "groups", existing=RegionGroup.objects.all, label=gettext_lazy("Region group"))


class CountedYear(YearFilter):
    """The year of the first of these dates that is recorded; the years that occur can be counted."""

    def __init__(self, *paths: str, **kwargs):
        self.paths = paths
        super().__init__(paths[0], **kwargs)

    def condition(self, values):
        condition = Q()
        for place, path in enumerate(self.paths):
            earlier = Q(**dict.fromkeys(self.paths[:place]))
            for value in values:
                condition |= earlier & Q(**{f"{path}__startswith": value})
        return condition

    def years(self, rows):
        dates = [Cast(F(path), CharField()) for path in self.paths]
        date = Coalesce(*dates) if len(dates) > 1 else dates[0]
        return rows.order_by().annotate(counted_year=Left(date, 4)).exclude(counted_year=None)

    def options(self, language: str) -> list[tuple[str, str]]:
        years = self.years(self.model.objects.published()).values_list("counted_year", flat=True).distinct()
        return [(year, year) for year in sorted(years, reverse=True)]

    def counts(self, rows):
        return dict(self.years(rows).values_list("counted_year").annotate(Count("pk", distinct=True)))


class AgreementStatusFilter(ChoiceFilter):
    """By what follows from the dates, as `Agreement.status` says it of one."""

    def __init__(self, **kwargs):
        super().__init__("signed", choices=AgreementStatus, **kwargs)

    @property
    def conditions(self) -> dict[str, Q]:
        today = timezone.now().date().isoformat()
        ended, in_force, signed = (Q(**{f"{name}__lte": today}) for name in ("ended", "in_force", "signed"))
        not_ended = Q(ended=None) | ~ended
        return {
            AgreementStatus.SIGNED.value: signed & not_ended & (Q(in_force=None) | ~in_force),
            AgreementStatus.IN_FORCE.value: in_force & not_ended,
            AgreementStatus.ENDED.value: ended,
        }

    def condition(self, values):
        conditions = self.conditions
        return reduce(or_, (conditions[value] for value in values))

    def counts(self, rows):
        found = {value: Count("pk", filter=condition, distinct=True) for value, condition in self.conditions.items()}
        return rows.order_by().aggregate(**found)


class AgreementFilter(ListingFilterSet):
    facets = ("status", "kind", "region", "country", "year")

    q = SearchFilter(fields=("title", "summary"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=AgreementKind, label=gettext_lazy("Kind"))
    status = AgreementStatusFilter(label=gettext_lazy("Status"))
    country = country_filter("parties__country")
    organisation = organisation_filter("parties__organisation")
    region = region_filter("parties__country")
    group = group_filter("parties__country")
    year = CountedYear("signed", label=gettext_lazy("Year of signature"))
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Agreement
        fields = []


class FacilityFilter(ListingFilterSet):
    facets = ("strand", "kind", "field", "region", "country", "year")
    plurals = {"countries": "country", "partners": "partner"}

    q = SearchFilter(fields=("name", "summary"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=FacilityKind, label=gettext_lazy("Kind"))
    strand = strand_filter()
    host = organisation_filter("host", gettext_lazy("Host"))
    partner = organisation_filter("partners", gettext_lazy("Partner"))
    organisation = OfRoles("host", "partners", existing=published_organisations, label=gettext_lazy("Organisation"))
    country = country_filter("countries")
    field = ReferenceFilter("fields", existing=fields_in_use, label=gettext_lazy("Field"))
    region = region_filter()
    group = group_filter()
    year = CountedYear("founded", label=gettext_lazy("Year of foundation"))
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Facility
        fields = []


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
    facets = ("strand", "status", "region", "country", "year")
    plurals = {"countries": "country", "organisations": "organisation", "sectors": "sector"}

    q = SearchFilter(fields=("title", "description", "iati_identifier"), label=gettext_lazy("Search"))
    strand = strand_filter()
    status = ChoiceFilter("status", choices=ProjectStatus, label=gettext_lazy("Status"))
    country = country_filter("country_shares__country")
    region = region_filter("country_shares__country")
    group = group_filter("country_shares__country")
    organisation = organisation_filter("organisation_roles__organisation")
    sector = SectorFilter(label=gettext_lazy("Sector"))
    # As it began or, where that is not recorded, as it was planned.
    year = CountedYear("actual_start", "planned_start", label=gettext_lazy("Year of start"))
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Project
        fields = []


class ProgrammeFilter(ListingFilterSet):
    facets = ("strand", "kind", "region", "country")
    plurals = {"countries": "country"}

    q = SearchFilter(fields=("name", "summary"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=ProgrammeKind, label=gettext_lazy("Kind"))
    strand = strand_filter()
    country = country_filter("countries")
    region = region_filter()
    group = group_filter()
    organisation = organisation_filter("organisations")
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Programme
        fields = []
