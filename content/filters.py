"""Filters that refuse what does not exist. Repeated values of one key mean or, different keys mean and."""

import re
from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.translator import translator

from content import languages
from content.choices import ArticleKind, ClaimRelation, Qualifier, QuoteKind, SourceKind
from content.listing import FacetOption, ParameterError, unknown_value
from content.models import Article, Claim, Figure, Source, Strand

LONGEST_SEARCH = 200
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
    # Which of a facet's options exist: None where a filter has no countable options.
    facet_path: str | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, check=self.check, **kwargs)

    @property
    def name(self) -> str:
        return self._name

    def check(self, values: list[str]) -> list[str]:
        return values

    def value_schema(self) -> dict[str, Any]:
        """What JSON Schema says of one value. An empty one asks for nothing, as a form sends it."""
        return {"type": "string"}

    def filter(self, rows, values):
        return rows.filter(self.condition(values)) if values else rows

    def condition(self, values) -> Q:
        raise NotImplementedError

    def label_of(self, value: str, language: str) -> str:
        """What a value is called; itself where it has no other name."""
        return value

    def refuse_unknown(self, values: list[str], existing: list[str]) -> list[str]:
        for value in values:
            if value not in existing:
                raise Refused(unknown_value(self.name, value, existing))
        return values


class ChoiceFilter(ValuesFilter):
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

    def label_of(self, value, language):
        return str(dict(self.choices.choices).get(value, value))

    def options(self, language: str) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in self.choices.choices]

    def counts(self, rows: QuerySet) -> dict[str, int]:
        return dict(rows.order_by().values_list(self.field_name).annotate(Count("pk", distinct=True)))


class ReferenceFilter(ValuesFilter):
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

    def normalise(self, value: str) -> str:
        return value

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

    def label_of(self, value, language):
        record = self.existing().filter(**{self.key: self.normalise(value)}).first()
        return languages.localised(record, self.label_field, language).text if record else value

    def options(self, language: str) -> list[tuple[str, str]]:
        column = languages.column("sort", language)
        return [
            (getattr(record, self.key), languages.localised(record, self.label_field, language).text)
            for record in self.existing().order_by(column)
        ]

    def counts(self, rows: QuerySet) -> dict[str, int]:
        path = f"{self.field_name}__{self.key}"
        counted = rows.order_by().filter(**{f"{self.field_name}__isnull": False})
        return dict(counted.values_list(path).annotate(Count("pk", distinct=True)))


class CountryFilter(ReferenceFilter):
    """A country by its ISO 3166 code, in small or capital letters."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, key="code", **kwargs)

    def normalise(self, value):
        return value.upper()


class YearFilter(ValuesFilter):
    """The year of a date of any precision, or of a column of dates."""

    def value_schema(self):
        return {"type": "string", "pattern": "^([0-9]{4})?$"}

    def check(self, values):
        for value in values:
            if not re.fullmatch("[0-9]{4}", value):
                raise Refused(
                    ParameterError(
                        self.name, _("“%(value)s” is not a year of four digits.") % {"value": value[:20]}, ["2023"]
                    )
                )
        return values

    def condition(self, values):
        condition = Q()
        for value in values:
            condition |= Q(**{f"{self.field_name}__startswith": value})
        return condition


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
    """Words that a record has, all of them, in any of the six languages."""

    def __init__(self, *args, fields: tuple[str, ...], **kwargs):
        self.fields = fields
        super().__init__(*args, **kwargs)

    def value_schema(self):
        return {"type": "string", "maxLength": LONGEST_SEARCH, "pattern": "^[^\\x00]*$"}

    def check(self, values):
        words = " ".join(values).split()
        if len(" ".join(words)) > LONGEST_SEARCH or any("\0" in word for word in words):
            raise Refused(ParameterError(self.name, _("Search for at most 200 characters."), []))
        return words

    def condition(self, words):
        condition = Q()
        for word in words:
            condition &= self.anywhere(word)
        return condition

    def anywhere(self, word: str) -> Q:
        """The condition that a word stands somewhere in a row."""
        found = Q()
        for column in self.columns():
            found |= Q(**{f"{column}__unaccent__icontains": word})
        return found

    def columns(self) -> list[str]:
        return [column for path in self.fields for column in columns_of(self.model, path)]


def columns_of(model, path: str) -> list[str]:
    """The columns behind a field, or a field of a related record: six of a translated text."""
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    options = translator.get_options_for_model(model)
    return [languages.column(path, code) for code in languages.CODES] if name in options.all_fields else [path]


class ListingFilterSet(django_filters.FilterSet):
    """The filters of a collection. `plurals` names the keys of lists that ask the same as a filter.

    `facets` are the filters whose options are counted beside a list, in the order in which they stand there.
    """

    plurals: dict[str, str] = {}
    facets: tuple[str, ...] = ()
    # Facets with too many options to show those that have no rows.
    sparse_facets: tuple[str, ...] = ("country", "organisation", "room", "track", "section", "session", "source")

    slug = SlugFilter(label=gettext_lazy("Slug"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, item in self.filters.items():
            item._name = name
            item.extra["check"] = item.check

    @classmethod
    def facet_names(cls) -> list[str]:
        """The filters whose values can be counted."""
        return [name for name, item in cls.base_filters.items() if hasattr(item, "options")]

    def errors_found(self) -> list[ParameterError]:
        if self.is_valid():
            return []
        return [
            getattr(error, "error", ParameterError(key, str(error.message), []))
            for key, errors in self.form.errors.as_data().items()
            for error in errors
        ]

    def facet(self, name: str, language: str) -> list[FacetOption]:
        chosen = self.filters[name]
        rows = self.queryset
        for key, values in self.form.cleaned_data.items():
            if key != name:
                rows = self.filters[key].filter(rows, values)
        counts = chosen.counts(rows)
        return [FacetOption(value, label, counts.get(value, 0)) for value, label in chosen.options(language)]


def published_strands():
    return Strand.objects.published()


class FigureFilter(ListingFilterSet):
    facets = ("strand", "qualifier")

    q = SearchFilter(fields=("name", "unit", "scope"), label=gettext_lazy("Search"))
    strand = ReferenceFilter("strand", existing=published_strands, label=gettext_lazy("Strand"))
    qualifier = ChoiceFilter("qualifier", choices=Qualifier, label=gettext_lazy("Qualifier"))
    year = YearFilter("as_of", label=gettext_lazy("Year"))

    class Meta:
        model = Figure
        fields = []


class ClaimFilter(ListingFilterSet):
    facets = ("source", "quote_kind", "relation")
    plurals = {"sources": "source"}

    q = SearchFilter(fields=("name", "quote", "quote_translation", "speaker"), label=gettext_lazy("Search"))
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

    q = SearchFilter(fields=("title", "publisher", "author", "speaker"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=SourceKind, label=gettext_lazy("Kind"))
    year = YearFilter("said_on", label=gettext_lazy("Year"))

    class Meta:
        model = Source
        fields = []


class ArticleFilter(ListingFilterSet):
    facets = ("kind",)

    q = SearchFilter(fields=("title", "summary", "body"), label=gettext_lazy("Search"))
    kind = ChoiceFilter("kind", choices=ArticleKind, label=gettext_lazy("Kind"))

    class Meta:
        model = Article
        fields = []
