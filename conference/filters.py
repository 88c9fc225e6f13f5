import re
from datetime import date

from django.db.models import CharField, DateField, F, Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.choices import DelegationCategory, DelegationLevel, OrganisationKind, RegionKind, SlotState
from conference.models import (
    Country,
    Delegation,
    Edition,
    Organisation,
    Participation,
    Person,
    Region,
    RegionGroup,
    Room,
    RoomInterpretation,
    ScheduleVersion,
    Section,
    Session,
    SessionInterpretation,
    SessionType,
    Track,
    Venue,
    public_appearances,
)
from content import languages
from content.choices import DocumentKind
from content.filters import (
    ChoiceFilter,
    CountedFilter,
    CountryFilter,
    ListingFilterSet,
    ReferenceFilter,
    Refused,
    SearchFilter,
    ValuesFilter,
    YearFilter,
    one_of,
)
from content.listing import ParameterError
from content.models import Document, DocumentFile
from content.presentation import day_text, language_name
from content.publication import window


def published_countries():
    return Country.objects.published()


def published_editions():
    return Edition.objects.published()


def published_organisations():
    return Organisation.objects.published()


def main_regions():
    return Region.objects.filter(kind=RegionKind.REGION)


def subregions():
    return Region.objects.filter(kind=RegionKind.SUBREGION)


def rooms_in_use():
    """Rooms of what the public sees; where a draft would be held is nobody's business."""
    return Room.objects.filter(slots__current=True, slots__session__in=Session.objects.published()).distinct()


def venues_in_use():
    return Venue.objects.filter(rooms__in=rooms_in_use()).distinct()


def types_in_use():
    return SessionType.objects.filter(sessions__in=Session.objects.published()).distinct()


def edition_filter(path="edition"):
    return ReferenceFilter(path, existing=published_editions, label=gettext_lazy("Edition"))


def country_filter(path="country", **kwargs):
    return CountryFilter(path, existing=published_countries, label=gettext_lazy("Country"), **kwargs)


ORGANISATION = gettext_lazy("Organisation")


def organisation_filter(path="organisation", label=ORGANISATION, **kwargs):
    return ReferenceFilter(path, existing=published_organisations, label=label, **kwargs)


class EditionFilter(ListingFilterSet):
    facets = ("country",)
    plurals = {"organisers": "organisation"}

    q = SearchFilter(label=gettext_lazy("Search"))
    country = country_filter()
    organisation = organisation_filter("organisers", gettext_lazy("Organiser"))
    year = YearFilter("start_date", label=gettext_lazy("Year"))

    class Meta:
        model = Edition
        fields = []


class SectionFilter(ListingFilterSet):
    facets = ("edition",)

    q = SearchFilter(label=gettext_lazy("Search"))
    edition = edition_filter()

    class Meta:
        model = Section
        fields = []


class CurrentSlotFilter(ReferenceFilter):
    """What the slot of the latest published version says; see SessionQuerySet.with_slot."""

    can_lack = True
    has_many = False

    def base(self):
        return Session.objects.with_slot()

    def condition(self, values):
        return Q(**{f"{self.field_name}__{self.key}__in": values})


class StateFilter(ChoiceFilter):
    can_lack = True

    def base(self):
        return Session.objects.with_slot()


class DayFilter(ValuesFilter):
    """A day as the venue's calendar has it, whatever day it is elsewhere."""

    def value_schema(self):
        return {"anyOf": [{"type": "string", "format": "date"}, {"const": ""}]}

    def check(self, values):
        return [self.day(value) for value in values]

    def day(self, value: str) -> date:
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError(value)
            return date.fromisoformat(value)
        except ValueError:
            message = _("“%(value)s” is not a day such as 2023-11-06.") % {"value": value[:20]}
            raise Refused(ParameterError(self.name, message, ["2023-11-06"])) from None

    def labels(self, values, language):
        return {value: day_text(date.fromisoformat(value)) for value in values}

    def filter(self, rows, values):
        if not values:
            return rows
        at_venue = Func(F("edition__time_zone"), F("current__start"), function="timezone")
        return rows.alias(day=Cast(at_venue, DateField())).filter(day__in=values)


def tags_in_use() -> set[str]:
    """Every language that is spoken or offered at something public; what a draft is held in is nobody's business."""
    sessions, rooms = Session.objects.published().order_by(), rooms_in_use().order_by()
    spoken = Func(F("languages"), function="unnest", output_field=CharField())
    tags = sessions.values_list(spoken).union(
        rooms.values_list(spoken),
        SessionInterpretation.objects.filter(session__in=sessions).order_by().values_list("language"),
        RoomInterpretation.objects.filter(room__in=rooms).order_by().values_list("language"),
    )
    return {tag for (tag,) in tags}


class LanguageFilter(ValuesFilter):
    """What can be followed in a language: from the floor or by interpretation, the room's where nothing else is said.

    `zh-hans` and `zh` ask the same: languages are compared by their first part.
    """

    def value_schema(self):
        return one_of(sorted({tag.partition("-")[0] for tag in (*tags_in_use(), *languages.CODES)}))

    def check(self, values):
        tags = tags_in_use()
        first_parts = {tag.partition("-")[0] for tag in (*tags, *languages.CODES)}
        wanted = {value.partition("-")[0].lower() for value in values}
        self.refuse_unknown(
            [value for value in values if value.partition("-")[0].lower() not in first_parts],
            sorted({*first_parts, *languages.CODES}),
        )
        return sorted(tag for tag in {*tags, *languages.CODES} if tag.partition("-")[0] in wanted)

    def labels(self, values, language):
        return {value: language_name(value) for value in values}

    def condition(self, tags):
        floor = Q(languages__overlap=tags) | Q(languages=None, current__room__languages__overlap=tags)
        own = Session.objects.filter(interpretation__language__in=tags)
        any_own = Session.objects.filter(interpretation__isnull=False)
        by_room = Q(current__room__interpretation__language__in=tags) & ~Q(pk__in=any_own.values("pk"))
        at_room = Session.objects.with_slot().filter(by_room).values("pk")
        return floor | Q(pk__in=own.values("pk")) | Q(pk__in=at_room)


def public_parts():
    """Who takes part in what, as far as the public knows them."""
    return Participation.objects.filter(window("person__")).order_by()


def known_speakers():
    """Whoever may be named as having been at an edition, or is named at something public."""
    parts = public_parts().filter(session__in=Session.objects.published())
    appeared = public_appearances().order_by()
    return Person.objects.published().filter(Q(pk__in=parts.values("person")) | Q(pk__in=appeared.values("person")))


class ParticipantFilter(ReferenceFilter):
    """Sessions by those who take part."""

    parts = staticmethod(public_parts)
    part_path = "person"

    def leading_to(self, chosen):
        return Q(pk__in=self.parts().filter(**{f"{self.part_path}__in": chosen}).values("session"))

    row = "session"
    has_many = True
    can_lack = True

    @property
    def value(self):
        return f"{self.part_path}__{self.key}"

    def linked(self):
        return self.parts().filter(**{f"{self.part_path}__in": self.existing().order_by().values("pk")})


class ParticipantCountryFilter(ParticipantFilter, CountryFilter):
    """The countries that participants came for at the session's own edition."""

    part_path = "person__appearances__country"

    def leading_to(self, chosen):
        # In one filter, so that the country is that of the same appearance.
        return Q(pk__in=self.of(chosen).values("session"))

    def of(self, countries):
        own = {"person__appearances__edition": F("session__edition"), "person__appearances__country__in": countries}
        return public_parts().filter(**own)

    def linked(self):
        return self.of(self.existing().order_by().values("pk"))


class SessionFilter(ListingFilterSet):
    facets = ("edition", "section", "track", "type", "room", "state")
    plurals = {"languages": "language"}

    q = SearchFilter(label=gettext_lazy("Search"))
    edition = edition_filter()
    section = ReferenceFilter("section", existing=lambda: Section.objects.published(), label=gettext_lazy("Section"))
    parent = ReferenceFilter(
        "parent", existing=lambda: Session.objects.published(), label_field="title", label=gettext_lazy("Part of")
    )
    track = ReferenceFilter("track", existing=lambda: Track.objects.published(), label=gettext_lazy("Track"))
    type = ReferenceFilter("type", existing=types_in_use, label=gettext_lazy("Type"))
    state = StateFilter("current__state", choices=SlotState, label=gettext_lazy("State"))
    room = CurrentSlotFilter("current__room", existing=rooms_in_use, label=gettext_lazy("Room"))
    venue = CurrentSlotFilter("current__room__venue", existing=venues_in_use, label=gettext_lazy("Venue"))
    day = DayFilter(label=gettext_lazy("Day"))
    language = LanguageFilter(label=gettext_lazy("Language"))
    speaker = ParticipantFilter("persons", existing=known_speakers, label=gettext_lazy("Speaker"))
    country = ParticipantCountryFilter("persons", existing=published_countries, label=gettext_lazy("Country"))

    class Meta:
        model = Session
        fields = []


class AppearanceFilter(ReferenceFilter):
    """Persons by what they were at an edition, as far as the public knows them."""

    def leading_to(self, chosen):
        return Q(pk__in=public_appearances().filter(**{f"{self.field_name}__in": chosen}).values("person"))

    row = "person"
    has_many = True
    can_lack = True

    def linked(self):
        return public_appearances().filter(**{f"{self.field_name}__in": self.existing().order_by().values("pk")})


class AppearanceCountryFilter(AppearanceFilter, CountryFilter):
    pass


class VersionFilter(ListingFilterSet):
    """The slug of a version is its number."""

    facets = ("edition",)

    q = SearchFilter(label=gettext_lazy("Search"))
    edition = edition_filter()

    class Meta:
        model = ScheduleVersion
        fields = []


class SpeakerFilter(ListingFilterSet):
    facets = ("edition",)
    plurals = {"editions": "edition", "sessions": "session"}

    q = SearchFilter(label=gettext_lazy("Search"))
    edition = AppearanceFilter("edition", existing=published_editions, label=gettext_lazy("Edition"))
    session = ReferenceFilter(
        "sessions", existing=lambda: Session.objects.published(), label_field="title", label=gettext_lazy("Session")
    )
    country = AppearanceCountryFilter("country", existing=published_countries, label=gettext_lazy("Country"))
    organisation = AppearanceFilter("organisation", existing=published_organisations, label=ORGANISATION)

    class Meta:
        model = Person
        fields = []


class DelegationFilter(ListingFilterSet):
    facets = ("edition", "category", "region", "group", "level", "country")

    edition = edition_filter()
    country = country_filter()
    region = ReferenceFilter("country__region", existing=main_regions, label=gettext_lazy("Region"))
    subregion = ReferenceFilter("country__subregion", existing=subregions, label=gettext_lazy("Subregion"))
    group = ReferenceFilter("country__groups", existing=RegionGroup.objects.all, label=gettext_lazy("Region group"))
    organisation = organisation_filter()
    category = ChoiceFilter("category", choices=DelegationCategory, label=gettext_lazy("Category"))
    level = ChoiceFilter("level", choices=DelegationLevel, label=gettext_lazy("Level"))
    q = SearchFilter(label=gettext_lazy("Search"))

    class Meta:
        model = Delegation
        fields = []


class OwnCodeFilter(CountryFilter):
    def condition(self, values):
        return Q(code__in=values)

    value = "code"
    can_lack = False
    has_many = False

    def linked(self):
        return self.base()


class CountryListFilter(ListingFilterSet):
    facets = ("region", "group")
    plurals = {"groups": "group"}

    q = SearchFilter(label=gettext_lazy("Search"))
    code = OwnCodeFilter("code", existing=lambda: Country.objects.listed(), label=gettext_lazy("Code"))
    region = ReferenceFilter("region", existing=main_regions, label=gettext_lazy("Region"))
    subregion = ReferenceFilter("subregion", existing=subregions, label=gettext_lazy("Subregion"))
    group = ReferenceFilter("groups", existing=RegionGroup.objects.all, label=gettext_lazy("Region group"))

    class Meta:
        model = Country
        fields = []


class MarkOfCountryFilter(ReferenceFilter):
    """What the country of an organisation belongs to, as far as that country is public."""

    def leading_to(self, chosen):
        return super().leading_to(chosen) & Q(country__in=published_countries().order_by().values("pk"))

    def linked(self):
        public = {"country__in": published_countries().order_by().values("pk"), f"{self.field_name}__isnull": False}
        return self.base().filter(**public)


class OrganisationFilter(ListingFilterSet):
    facets = ("kind", "region", "group", "country")

    q = SearchFilter(label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=OrganisationKind, label=gettext_lazy("Kind"))
    country = country_filter()
    region = MarkOfCountryFilter("country__region", existing=main_regions, label=gettext_lazy("Region"))
    group = MarkOfCountryFilter(
        "country__groups", existing=RegionGroup.objects.all, label=gettext_lazy("Region group")
    )

    class Meta:
        model = Organisation
        fields = []


class FileLanguageFilter(CountedFilter):
    """A language that the document has a file in."""

    row, value = "document", "language"
    has_many = True

    def linked(self):
        return DocumentFile.objects.all()

    def files(self, documents):
        return DocumentFile.objects.filter(document__in=documents.order_by().values("pk")).order_by()

    def check(self, values):
        existing = {*self.in_use(), *languages.CODES}
        return self.refuse_unknown(values, sorted(existing))

    def condition(self, values):
        return Q(pk__in=Document.objects.filter(files__language__in=values).values("pk"))

    def in_use(self) -> list[str]:
        files = self.files(Document.objects.published())
        return sorted(files.values_list("language", flat=True).distinct())

    def options(self, language, only=None):
        tags = self.in_use() if only is None else sorted(only - {*self.words()})
        return [(tag, language_name(tag)) for tag in tags]


class PlacedAtSessionFilter(ReferenceFilter):
    """Documents by the session of their place, which is told together with its edition or not at all."""

    placed = window("placement__edition__")

    def leading_to(self, chosen):
        return super().leading_to(chosen) & Q(pk__in=Document.objects.filter(self.placed).values("pk"))

    def linked(self):
        return super().linked().filter(self.placed)


class DocumentFilter(ListingFilterSet):
    facets = ("kind", "language", "edition")
    sparse_facets = (*ListingFilterSet.sparse_facets, "kind", "language")

    q = SearchFilter(label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=DocumentKind, label=gettext_lazy("Kind"))
    edition = edition_filter("placement__edition")
    session = PlacedAtSessionFilter(
        "placement__session",
        existing=lambda: Session.objects.published(),
        label_field="title",
        label=gettext_lazy("Session"),
    )
    language = FileLanguageFilter(label=gettext_lazy("Language"))

    class Meta:
        model = Document
        fields = []
