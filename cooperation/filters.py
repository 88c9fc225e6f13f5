from functools import reduce
from operator import or_

from django.db.models import Case, CharField, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from conference.choices import RegionKind
from conference.filters import country_filter, organisation_filter, published_countries, published_organisations
from conference.models import Edition, Region, RegionGroup, Session
from content import aggregates
from content.filters import (
    MOST_NAMED,
    ChoiceFilter,
    CountedFilter,
    CountryFilter,
    ListingFilterSet,
    ReferenceFilter,
    SearchFilter,
    YearFilter,
    leads_to_many,
    one_of,
    published_strands,
)
from content.presentation import Shown
from cooperation import sectors
from cooperation.choices import AgreementKind, AgreementStatus, FacilityKind, ProgrammeKind, ProjectStatus
from cooperation.models import Agreement, AgreementParty, Facility, Field, Programme, Project, ProjectSector


def fields_in_use():
    return Field.objects.filter(facilities__in=Facility.objects.published()).distinct()


def strand_filter():
    return ReferenceFilter("strand", existing=published_strands, label=gettext_lazy("Strand"))


class OfRoles(ReferenceFilter):
    """Organisations in any of several roles: a facility's host or one of its partners."""

    def __init__(self, *paths: str, **kwargs):
        self.paths = paths
        super().__init__(paths[0], **kwargs)

    has_many = True
    can_lack = True

    def leading_to(self, chosen):
        condition = Q()
        for path in self.paths:
            condition |= Q(pk__in=self.model._base_manager.filter(**{f"{path}__in": chosen.values("pk")}).values("pk"))
        return condition

    def links(self):
        public = self.existing().order_by().values("pk")
        return [
            aggregates.links(self.base().filter(**{f"{path}__in": public}), "pk", f"{path}__{self.key}")
            for path in self.paths
        ]


class AtPublicSession(ReferenceFilter):
    """By the session at which something was adopted or launched; one that is not public counts for nothing."""

    def leading_to(self, chosen):
        public = Session.objects.published().order_by()
        of_chosen = (
            {"pk__in": chosen.values("pk")} if chosen.model is Session else {"edition__in": chosen.values("pk")}
        )
        return Q(session__in=public.filter(**of_chosen).values("pk"))

    def linked(self):
        public = Session.objects.published().order_by().values("pk")
        return super().linked().filter(session__in=public)


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

    @property
    def has_many(self) -> bool:
        return leads_to_many(self.model, self.field_name)

    def linked(self):
        public = published_countries().order_by().values("pk")
        # One call of `filter`, so that what is counted hangs on the very countries that are public.
        return self.base().filter(**{f"{self.countries}__in": public, f"{self.field_name}__isnull": False})


def region_filter(countries="countries", kind=None):
    regions = Region.objects.filter(kind=RegionKind.REGION)
    label = gettext_lazy("Region (UN M49)")
    return (kind or OfCountries)(countries, "region", existing=regions.all, none_in="countries", label=label)


def group_filter(countries="countries", kind=None):
    label = gettext_lazy("Region group")
    return (kind or OfCountries)(
        countries, "groups", existing=RegionGroup.objects.all, none_in="countries", label=label
    )


class OfParties:
    """A mark of an agreement's parties. One that is recorded, but not of this kind, is known to have none."""

    none_in = "parties"

    def known_none(self):
        recorded = Q(country__in=published_countries().order_by().values("pk")) | Q(
            organisation__in=published_organisations().order_by().values("pk")
        )
        parties = AgreementParty.objects.filter(recorded).order_by().values("agreement")
        return super().known_none() | Q(pk__in=parties)


class CountryOfParties(OfParties, CountryFilter):
    pass


class RegionOfParties(OfParties, OfCountries):
    pass


class OrganisationOfParties(OfParties, ReferenceFilter):
    pass


class AgreementStatusFilter(ChoiceFilter):
    """By what follows from the dates, as `Agreement.status` says it of one."""

    value = "counted_status"

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

    def linked(self):
        whens = [When(condition, then=Value(status)) for status, condition in self.conditions.items()]
        status = Case(*whens, output_field=CharField())
        return self.base().annotate(counted_status=status).exclude(counted_status=None)


class AgreementFilter(ListingFilterSet):
    facets = ("status", "kind", "year", "region", "group", "country", "organisation")

    q = SearchFilter(label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=AgreementKind, label=gettext_lazy("Kind"))
    status = AgreementStatusFilter(label=gettext_lazy("Status"))
    country = CountryOfParties("parties__country", existing=published_countries, label=gettext_lazy("Country"))
    organisation = OrganisationOfParties(
        "parties__organisation", existing=published_organisations, label=gettext_lazy("Organisation")
    )
    region = region_filter("parties__country", RegionOfParties)
    group = group_filter("parties__country", RegionOfParties)
    year = YearFilter("signed", label=gettext_lazy("Year of signature"))
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Agreement
        fields = []


class FacilityFilter(ListingFilterSet):
    facets = ("strand", "kind", "year", "field", "region", "group", "country", "organisation")
    plurals = {"countries": "country", "partners": "partner"}

    q = SearchFilter(label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=FacilityKind, label=gettext_lazy("Kind"))
    strand = strand_filter()
    host = organisation_filter("host", gettext_lazy("Host"))
    partner = organisation_filter("partners", gettext_lazy("Partner"), none_in="partners")
    organisation = OfRoles("host", "partners", existing=published_organisations, label=gettext_lazy("Organisation"))
    country = country_filter("countries", none_in="countries")
    field = ReferenceFilter("fields", existing=fields_in_use, none_in="fields", label=gettext_lazy("Field"))
    region = region_filter()
    group = group_filter()
    year = YearFilter("founded", label=gettext_lazy("Year of foundation"))
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Facility
        fields = []


class SectorFilter(CountedFilter):
    """A sector by its code, whatever its vocabulary."""

    row, value = "project", "code"
    has_many = True

    def value_schema(self):
        return one_of(self.in_use()[:MOST_NAMED])

    def linked(self):
        return ProjectSector.objects.all()

    @cached_property
    def filed(self) -> list[tuple[str, str]]:
        """Each code in use with each vocabulary that it is used of."""
        public = ProjectSector.objects.filter(project__in=Project.objects.published())
        return sorted(public.order_by().values_list("code", "vocabulary").distinct())

    def in_use(self) -> list[str]:
        return list(dict.fromkeys(code for code, _vocabulary in self.filed))

    def named(self, language: str) -> dict[str, Shown]:
        """What each code in use is called: of several vocabularies that have it, by the first that names it."""
        found: dict[str, Shown] = {}
        for code, vocabulary in self.filed:
            found[code] = found.get(code) or sectors.name(vocabulary, code, language)
        return found

    def check(self, values):
        return self.refuse_unknown(values, self.in_use())

    def condition(self, values):
        return Q(pk__in=ProjectSector.objects.filter(code__in=values).values("project"))

    def options(self, language, only=None):
        names = self.named(language).items()
        return [(code, f"{code} {name}".rstrip()) for code, name in names if only is None or code in only]

    def spoken(self, language):
        return {code: name.lang for code, name in self.named(language).items() if name.lang}


class ProjectFilter(ListingFilterSet):
    facets = ("strand", "status", "year", "region", "group", "country", "organisation", "sector")
    plurals = {"countries": "country", "organisations": "organisation", "sectors": "sector"}

    q = SearchFilter(label=gettext_lazy("Search"))
    strand = strand_filter()
    status = ChoiceFilter("status", choices=ProjectStatus, label=gettext_lazy("Status"))
    country = country_filter("country_shares__country", none_in="countries")
    region = region_filter("country_shares__country")
    group = group_filter("country_shares__country")
    organisation = organisation_filter("organisation_roles__organisation", none_in="organisations")
    sector = SectorFilter(none_in="sectors", label=gettext_lazy("Sector"))
    # As it began or, where that is not recorded, as it was planned.
    year = YearFilter("actual_start", "planned_start", label=gettext_lazy("Year of start"))
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Project
        fields = []


class ProgrammeFilter(ListingFilterSet):
    facets = ("strand", "kind", "year", "region", "group", "country", "organisation")
    plurals = {"countries": "country"}

    q = SearchFilter(label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=ProgrammeKind, label=gettext_lazy("Kind"))
    strand = strand_filter()
    country = country_filter("countries", none_in="countries")
    region = region_filter()
    group = group_filter()
    organisation = organisation_filter("organisations", none_in="organisations")
    year = YearFilter("start", label=gettext_lazy("Year of start"))
    session = session_filter()
    edition = edition_filter()

    class Meta:
        model = Programme
        fields = []
