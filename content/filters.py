"""Filters that refuse what does not exist. Repeated values of one key mean or, different keys mean and."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from content import aggregates, languages
from content.aggregates import NOT_RECORDED, RECORDED_NONE
from content.choices import ArticleKind, ClaimRelation, Qualifier, QuoteKind, SourceKind
from content.listing import FacetOption, ParameterError, unknown_value
from content.models import Article, Claim, Figure, Source, Strand
from content.searching.parsing import LONGEST
from content.searching.query import Search, condition

# The description of the API names no more of what can be asked for.
MOST_NAMED = 500


def one_of(values) -> dict[str, Any]:
    return {"type": "string", "enum": [*values, ""]}


class Refused(forms.ValidationError):
    def __init__(self, error: ParameterError):
        super().__init__(error.message)
        self.error = error


class ValuesField(forms.Field):
    """A list of texts, one for each time that the key stands in the address."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *args, check: Callable[[list[str]], Any], **kwargs):
        self.check = check
        super().__init__(*args, **kwargs)

    def clean(self, value):
        values = [text.strip() for text in value or [] if text.strip()]
        return self.check(values) if values else None


class ValuesFilter(django_filters.Filter):
    """The base of all: `condition(values)` is the part of the query that the values stand for."""

    field_class = ValuesField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, check=self.checked, **kwargs)

    @property
    def name(self) -> str:
        return self._name

    def checked(self, values: list[str]):
        return self.check(values)

    def check(self, values: list[str]) -> list[str]:
        return values

    def value_schema(self) -> dict[str, Any]:
        """What JSON Schema says of one value. An empty one asks for nothing, as a form sends it."""
        return {"type": "string"}

    def filter(self, rows, values):
        return rows.filter(self.condition(values)) if values else rows

    def condition(self, values) -> Q:
        raise NotImplementedError

    def normalise(self, value: str) -> str:
        """The value as it is kept: two that are written differently may ask the same."""
        return value

    def labels(self, values: Iterable[str], language: str) -> dict[str, str]:
        """What values are called, all asked at once; themselves where they have no other name."""
        return {value: value for value in values}

    def spoken(self, language: str) -> dict[str, str]:
        """For HTML, the language of each label that is in another than the one asked for."""
        return {}

    def refuse_unknown(self, values: list[str], existing: list[str]) -> list[str]:
        for value in values:
            if value not in existing:
                raise Refused(unknown_value(self.name, value, [*existing, *self.words()]))
        return values

    def words(self) -> list[str]:
        """Values that stand for the lack of one."""
        return []


class CountedFilter(ValuesFilter):
    """A filter whose values are counted. Every row stands under one of them at least: its lack is a value too.

    `linked()` has a row for each value that a record is filed under, `row` leads from there to the record and
    `value` to the value. `none_in` is the list of the record that may be known to be empty. `has_many`: whether a
    record may stand under several values at once, so that counts add up to more than there are records.
    """

    row = "pk"
    none_in = ""
    has_many = False
    # Whether a record can be without a value.
    can_lack = True

    def __init__(self, *args, none_in: str = "", **kwargs):
        self.none_in = none_in or self.none_in
        super().__init__(*args, **kwargs)

    @property
    def value(self):
        return self.field_name

    def base(self) -> QuerySet:
        return self.model._base_manager.all()

    def linked(self) -> QuerySet:
        raise NotImplementedError

    def links(self) -> list[QuerySet]:
        """Pairs of a row and a value."""
        pairs = aggregates.links(self.linked(), self.row, self.value)
        return [pairs.distinct() if self.has_many else pairs]

    def key_of_groups(self) -> aggregates.Key:
        nones = aggregates.rows_alone(self.base().filter(self.known_none())) if self.none_in else None
        return aggregates.Key(self.links(), nones)

    def has_value(self) -> Q:
        condition = Q()
        for pairs in self.links():
            # PostgreSQL makes a join of it, where "not in" would look through all pairs for each row.
            condition |= Q(Exists(pairs.filter(link_row=OuterRef("pk"))))
        return condition

    def known_none(self) -> Q:
        """Whether somebody has said that there is no value."""
        return Q(recorded_none__contains=[self.none_in])

    def is_none(self) -> Q:
        return self.known_none() & ~self.has_value()

    def is_not_recorded(self) -> Q:
        return ~self.has_value() & ~self.known_none() if self.none_in else ~self.has_value()

    def words(self) -> list[str]:
        return [*([NOT_RECORDED] if self.can_lack else []), *([RECORDED_NONE] if self.none_in else [])]

    def checked(self, values):
        words = [value for value in values if value in self.words()]
        others = [value for value in values if value not in words]
        return [*(self.check(others) if others else []), *words]

    def filter(self, rows, values):
        if not values:
            return rows
        condition, words = Q(), self.words()
        if named := [value for value in values if value not in words]:
            condition |= self.condition(named)
        if NOT_RECORDED in values:
            condition |= self.is_not_recorded()
        if RECORDED_NONE in values:
            condition |= self.is_none()
        return rows.filter(condition)

    def options(self, language: str, only: set[str] | None = None) -> list[tuple[str, str]]:
        """Every value that exists, or those of `only`, with what it is called, in order."""
        raise NotImplementedError

    def labels(self, values, language):
        return super().labels(values, language) | dict(self.all_options(language, set(values)))

    def all_options(self, language: str, only: set[str] | None = None) -> list[tuple[str, str]]:
        """The same with the words for the lack of a value. Where all have been asked for, they are not asked again."""
        known = self.__dict__.setdefault("_options", {})
        if only is None and language not in known:
            known[language] = [*self.options(language), *((word, str(WORDS[word])) for word in self.words())]
        if language in known:
            return [option for option in known[language] if only is None or option[0] in only]
        words = [(word, str(WORDS[word])) for word in self.words() if word in only]
        return [*self.options(language, only), *words]


WORDS = {
    NOT_RECORDED: gettext_lazy("Not recorded"),
    RECORDED_NONE: pgettext_lazy("known to be empty", "None"),
}


def steps(model, path: str) -> list:
    """The fields that a path leads over."""
    fields = []
    for name in path.split("__"):
        fields.append(model._meta.get_field(name))
        model = fields[-1].related_model
    return fields


def leads_to_many(model, path: str) -> bool:
    return any(field.one_to_many or field.many_to_many for field in steps(model, path))


class ChoiceFilter(CountedFilter):
    """One of the choices of a column."""

    def __init__(self, *args, choices, **kwargs):
        self.choices = choices
        super().__init__(*args, **kwargs)

    def check(self, values):
        return self.refuse_unknown(values, list(self.choices.values))

    def value_schema(self):
        return one_of(self.choices.values)

    def condition(self, values):
        return Q(**{f"{self.field_name}__in": values})

    @property
    def can_lack(self) -> bool:
        return steps(self.model, self.field_name)[-1].blank

    def linked(self):
        return self.base().filter(**{f"{self.field_name}__in": self.choices.values})

    def options(self, language, only=None):
        return [(value, str(label)) for value, label in self.choices.choices if only is None or value in only]


class ReferenceFilter(CountedFilter):
    """A record that this one points to, by its slug. `existing` gives those that the public knows.

    `path` leads from the row to the record; where conditions lie on the way, a subclass says in `leading_to` which
    rows the chosen records stand for.
    """

    def __init__(
        self, path: str, *args, existing: Callable[[], QuerySet], key: str = "slug", label_field="name", **kwargs
    ):
        self.existing = existing
        self.key = key
        self.label_field = label_field
        super().__init__(path, *args, **kwargs)

    def value_schema(self):
        return one_of(self.existing().order_by(self.key).values_list(self.key, flat=True).distinct()[:MOST_NAMED])

    def check(self, values):
        values = [self.normalise(value) for value in values]
        if any("\0" in value for value in values):
            raise Refused(unknown_value(self.name, "NUL", []))
        found = set(self.existing().filter(**{f"{self.key}__in": values}).values_list(self.key, flat=True))
        if not found.issuperset(values):
            self.refuse_unknown(
                values, [*self.existing().order_by(self.key).values_list(self.key, flat=True).distinct()]
            )
        return values

    def condition(self, values):
        chosen = self.existing().filter(**{f"{self.key}__in": values}).order_by()
        return self.leading_to(chosen)

    def leading_to(self, chosen: QuerySet) -> Q:
        model = self.model
        if "__" in self.field_name or model._meta.get_field(self.field_name).many_to_many:
            # A join to many would repeat the row.
            links = model._base_manager.filter(**{f"{self.field_name}__in": chosen.values("pk")})
            return Q(pk__in=links.order_by().values("pk"))
        return Q(**{f"{self.field_name}__in": chosen.values("pk")})

    @property
    def has_many(self) -> bool:
        return leads_to_many(self.model, self.field_name)

    @property
    def can_lack(self) -> bool:
        return any(
            field.null or field.one_to_many or field.many_to_many for field in steps(self.model, self.field_name)
        )

    @property
    def value(self):
        return f"{self.field_name}__{self.key}"

    def linked(self):
        # One call of `filter`, so that the value is that of the very record that is public.
        return self.base().filter(**{f"{self.field_name}__in": self.existing().order_by().values("pk")})

    def options(self, language, only=None):
        existing = self.existing() if only is None else self.existing().filter(**{f"{self.key}__in": only})
        return [
            (getattr(record, self.key), languages.localised(record, self.label_field, language).text)
            for record in existing.order_by(languages.column("sort", language))
        ]


class CountryFilter(ReferenceFilter):
    """A country by its ISO 3166 code, in small or capital letters."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, key="code", **kwargs)

    def normalise(self, value):
        return value.upper()


class YearFilter(CountedFilter):
    """The year of the first of these dates, of any precision, that is recorded."""

    value = "counted_year"

    def __init__(self, *paths: str, **kwargs):
        self.paths = paths
        super().__init__(paths[0], **kwargs)

    def value_schema(self):
        return {"type": "string", "pattern": f"^({'|'.join(['[0-9]{4}', *self.words()])})?$"}

    def check(self, values):
        for value in values:
            if not re.fullmatch("[0-9]{4}", value):
                message = _("“%(value)s” is not a year of four digits.") % {"value": value[:20]}
                raise Refused(ParameterError(self.name, message, ["2023", *self.words()]))
        return values

    def condition(self, values):
        condition = Q()
        for place, path in enumerate(self.paths):
            earlier = Q(**dict.fromkeys(self.paths[:place]))
            for value in values:
                condition |= earlier & Q(**{f"{path}__startswith": value})
        return condition

    def linked(self):
        dates = [Cast(F(path), CharField()) for path in self.paths]
        date = Coalesce(*dates) if len(dates) > 1 else dates[0]
        return self.base().annotate(counted_year=Left(date, 4)).exclude(counted_year=None)

    def options(self, language, only=None):
        public = Q(pk__in=self.model.objects.published().order_by().values("pk"))
        years = only
        if years is None:
            years = set(self.linked().filter(public).order_by().values_list("counted_year", flat=True).distinct())
        return [(year, year) for year in sorted(set(years) - {*self.words(), None}, reverse=True)]


class SlugFilter(ValuesFilter):
    """The slug itself. One that does not exist gives no rows: an address, not a word, was wrong."""

    def value_schema(self):
        return {"type": "string", "pattern": "^[A-Za-z0-9-]{0,100}$"}

    def check(self, values):
        for value in values:
            if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", value):
                raise Refused(ParameterError(self.name, _("“%(value)s” is not a slug.") % {"value": value[:100]}, []))
        return values

    def condition(self, values):
        return Q(slug__in=[value.lower() for value in values])


class SearchFilter(ValuesFilter):
    """Words that a record has, all of them, in any of the six languages. Which of its texts: brst_site/searched.py."""

    def value_schema(self):
        return {"type": "string", "maxLength": LONGEST, "pattern": "^[^\\x00]*$"}

    def check(self, values):
        text = " ".join(" ".join(values).split())
        if len(text) > LONGEST or "\0" in text:
            raise Refused(
                ParameterError(self.name, _("Search for at most %(most)d characters.") % {"most": LONGEST}, [])
            )
        return Search(text, languages.current())

    def condition(self, search: Search) -> Q:
        return condition(self.model, search)


class ListingFilterSet(django_filters.FilterSet):
    """The filters of a collection. `plurals` names the keys of lists that ask the same as a filter.

    `facets` are the filters whose options are counted beside a list, in the order in which they stand there.
    """

    plurals: dict[str, str] = {}
    facets: tuple[str, ...] = ()
    # Facets with too many options to show those that have no rows.
    sparse_facets: tuple[str, ...] = (
        "country",
        "organisation",
        "room",
        "track",
        "section",
        "session",
        "source",
        "sector",
    )

    slug = SlugFilter(label=gettext_lazy("Slug"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, item in self.filters.items():
            item._name = name
            item.extra["check"] = item.checked

    @classmethod
    def facet_names(cls) -> list[str]:
        """The filters whose values can be counted."""
        return [name for name, item in cls.base_filters.items() if isinstance(item, CountedFilter)]

    def errors_found(self) -> list[ParameterError]:
        if self.is_valid():
            return []
        return [
            getattr(error, "error", ParameterError(key, str(error.message), []))
            for key, errors in self.form.errors.as_data().items()
            for error in errors
        ]

    def rows_beside(self, name: str) -> QuerySet:
        """The rows that all filters but one ask for."""
        rows = self.queryset
        for key, values in self.form.cleaned_data.items():
            if key != name:
                rows = self.filters[key].filter(rows, values)
        return rows

    def facet(self, name: str, language: str, sparse: bool = False) -> list[FacetOption]:
        chosen = self.filters[name]
        counts = {
            NOT_RECORDED if value is None else value: count
            for (value,), count in aggregates.counted(self.rows_beside(name), [chosen.key_of_groups()]).items()
        }
        wanted = {*counts, *(self.form.cleaned_data[name] or ())} if sparse else None
        return [
            FacetOption(value, label, counts.get(value, 0)) for value, label in chosen.all_options(language, wanted)
        ]


def published_strands():
    return Strand.objects.published()


class FigureFilter(ListingFilterSet):
    facets = ("strand", "qualifier")

    q = SearchFilter(label=gettext_lazy("Search"))
    strand = ReferenceFilter("strand", existing=published_strands, label=gettext_lazy("Strand"))
    qualifier = ChoiceFilter("qualifier", choices=Qualifier, label=gettext_lazy("Qualifier"))
    year = YearFilter("as_of", label=gettext_lazy("Year"))

    class Meta:
        model = Figure
        fields = []


class ClaimFilter(ListingFilterSet):
    facets = ("source", "quote_kind", "relation")
    plurals = {"sources": "source"}

    q = SearchFilter(label=gettext_lazy("Search"))
    figure = ReferenceFilter("figure", existing=lambda: Figure.objects.published(), label=gettext_lazy("Figure"))
    source = ReferenceFilter(
        "source", existing=lambda: Source.objects.published(), label_field="title", label=gettext_lazy("Source")
    )
    qualifier = ChoiceFilter("qualifier", choices=Qualifier, label=gettext_lazy("Qualifier"))
    quote_kind = ChoiceFilter("quote_kind", choices=QuoteKind, label=gettext_lazy("Kind of quote"))
    relation = ChoiceFilter("relation", choices=ClaimRelation, label=gettext_lazy("Relation"))
    year = YearFilter("said_on", label=gettext_lazy("Year"))

    class Meta:
        model = Claim
        fields = []


class SourceFilter(ListingFilterSet):
    facets = ("kind",)

    q = SearchFilter(label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=SourceKind, label=gettext_lazy("Kind"))
    year = YearFilter("said_on", label=gettext_lazy("Year"))

    class Meta:
        model = Source
        fields = []


class ArticleFilter(ListingFilterSet):
    facets = ("kind",)

    q = SearchFilter(label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=ArticleKind, label=gettext_lazy("Kind"))

    class Meta:
        model = Article
        fields = []
