"""Records as the API and every export give them: null is not recorded; 0 and [] are none."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch
from django.db.models.functions import Coalesce
from django.utils.translation import override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from content import languages, records_check
from content.choices import ClaimRelation, QuoteKind, RecordsCheckState
from content.languages import ALL, text_value
from content.listing import LISTINGS, listing_of
from content.models import Claim, Figure
from content.models.base import Record
from content.presentation import as_said, checked_sentence

TEXT_SCHEMA = {
    "description": "A text in the language asked for, or an object of all six with `lang=all`; null: not recorded.",
    "oneOf": [
        {"type": "string"},
        {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        {"type": "null"},
    ],
}
PARTIAL_DATE_SCHEMA = {"type": ["string", "null"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
MONEY_SCHEMA = {
    "type": "object",
    "properties": {
        "amount": {"type": "string"},
        "currency": {"type": "string"},
        "value_date": {"type": "string", "format": "date"},
    },
}
REFERENCE_SCHEMA = {
    "type": ["object", "null"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "slug": {"type": "string"},
        "name": TEXT_SCHEMA,
        "code": {"type": "string", "description": "Of countries alone."},
        "api_url": {"type": ["string", "null"], "format": "uri"},
    },
}


def absolute(path: str) -> str:
    """The address as the world knows it, whatever host name a request came by."""
    return settings.SITE_URL + path


def instant(value) -> str | None:
    """An aware datetime as `2023-11-06T01:00:00Z`."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def number(value: Decimal | None) -> int | float | None:
    """A decimal as the plainest JSON number that equals it."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def api_url(record) -> str | None:
    """Where the API has this record, None where it has no collection of its own."""
    listing = listing_of(type(record))
    return absolute(f"/api/v1/{listing.name}/{record.uuid}/") if listing else None


def reference(record, language: str) -> dict[str, Any] | None:
    """How one record names another."""
    if record is None:
        return None
    name = "title" if hasattr(record, "title") else "name"
    own_name = getattr(record, "reference_name", None)
    text = own_name(language) if own_name else text_value(record, name, language)
    described = {"id": str(record.uuid), "slug": record.slug, "name": text, "api_url": api_url(record)}
    if hasattr(record, "alpha3"):
        described["code"] = record.code
    return described


class Whole(serializers.Field):
    """A field that looks at the whole record and is never written."""

    def __init__(self, source_name: str | None = None):
        self.source_name = source_name
        super().__init__(source="*", read_only=True)

    @property
    def attribute(self) -> str:
        return self.source_name or self.field_name

    @property
    def language(self) -> str:
        return self.context["language"]


@extend_schema_field(TEXT_SCHEMA)
class TextField(Whole):
    """A text of six languages."""

    def owner(self, record):
        """The record that has the text."""
        return record

    def to_representation(self, record):
        return text_value(self.owner(record), self.attribute, self.language)


@extend_schema_field({"type": ["string", "null"]})
class PlainField(Whole):
    """A text or code without languages; empty is not recorded."""

    def to_representation(self, record):
        return getattr(record, self.attribute) or None


@extend_schema_field(PARTIAL_DATE_SCHEMA)
class PartialDateField(PlainField):
    pass


@extend_schema_field({"type": ["string", "null"], "format": "date-time"})
class InstantField(Whole):
    def to_representation(self, record):
        return instant(getattr(record, self.attribute))


@extend_schema_field({"type": ["number", "null"]})
class NumberField(Whole):
    def to_representation(self, record):
        value = getattr(record, self.attribute)
        return number(value) if isinstance(value, Decimal) else value


@extend_schema_field(REFERENCE_SCHEMA)
class ReferenceField(Whole):
    def to_representation(self, record):
        return reference(getattr(record, self.attribute), self.language)


@extend_schema_field({"type": ["array", "null"], "items": REFERENCE_SCHEMA})
class ReferencesField(Whole):
    """Several references. An empty list is null, not recorded, unless the record says that there is none.

    `known` lists (the sessions of a speaker) are complete by nature: empty is none.
    """

    def __init__(self, source_name: str | None = None, known: bool = False):
        self.known = known
        super().__init__(source_name)

    def to_representation(self, record):
        rows = [reference(row, self.language) for row in getattr(record, self.attribute).all()]
        return rows or none_or_not_recorded(record, self.field_name, self.known)


def none_or_not_recorded(record, name: str, known: bool = False) -> list | None:
    return [] if known or name in getattr(record, "recorded_none", ()) else None


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class FallbackField(Whole):
    """Which texts are in another language than the one asked for, and in which: `{"title": "en"}`."""

    def to_representation(self, record):
        if self.language == ALL:
            return {}
        found = {}
        for name, field in self.parent.fields.items():
            if isinstance(field, TextField):
                text, language = languages.localised(field.owner(record), field.attribute, self.language)
                if text and language != self.language:
                    found[name] = language
        return found


@extend_schema_field({"type": "string", "format": "date-time"})
class ModifiedField(Whole):
    """When the record was last written, or became public by itself if that was later."""

    def to_representation(self, record):
        opened = getattr(record, "publish_at", None)
        return instant(max(record.modified, opened) if opened else record.modified)


class RecordSerializer(serializers.Serializer):
    """The keys that every object has. Context: `language`, one of the six or `all`, and `fields`, those asked for."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    slug = serializers.CharField(read_only=True)
    url = serializers.SerializerMethodField()
    api_url = serializers.SerializerMethodField()
    modified = ModifiedField()
    lang = serializers.SerializerMethodField()
    fallback = FallbackField()
    unreviewed = serializers.SerializerMethodField()
    sample = serializers.BooleanField(read_only=True)
    verified_on = serializers.DateField(read_only=True, allow_null=True)
    sources = ReferencesField(known=True)

    # Relations whose records must be public to be named; see `related()`.
    public_relations: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        wanted = self.context.get("fields")
        if wanted:
            for name in set(self.fields) - set(wanted):
                self.fields.pop(name)

    @classmethod
    def related(cls, rows):
        """The rows with all that the serializer reads, in a number of queries that does not grow with them."""
        public = [public_prefetch(rows.model, path) for path in ("sources", *cls.public_relations)]
        return rows.prefetch_related(*public, *cls.relations)

    @property
    def page_language(self) -> str:
        return languages.single(self.context["language"])

    def get_url(self, record) -> str | None:
        with override(self.page_language):
            path = record.get_absolute_url()
        return absolute(path) if path else None

    def get_api_url(self, record) -> str:
        return api_url(record)

    def get_lang(self, record) -> str:
        return self.context["language"]

    def get_unreviewed(self, record) -> list[str]:
        return record.unreviewed_languages


def public_prefetch(model, path: str) -> Prefetch:
    """A relation of which the public sees those records alone that are public themselves; others are absent."""
    related = model._meta.get_field(path).related_model
    rows = related.objects.published() if issubclass(related, Record) else related._default_manager.all()
    return Prefetch(path, queryset=rows)


class SourceSerializer(RecordSerializer):
    title = TextField()
    kind = PlainField()
    publisher = TextField()
    author = TextField()
    speaker = TextField()
    speaker_role = TextField()
    said_on = PartialDateField()
    published_on = PartialDateField()
    address = PlainField()
    language = PlainField()
    machine_translated = serializers.BooleanField(read_only=True, allow_null=True)


class ClaimSerializer(RecordSerializer):
    public_relations = ("figure", "source", "strand")

    figure = ReferenceField()
    source = ReferenceField()
    strand = ReferenceField()
    name = TextField()
    value = NumberField()
    qualifier = PlainField()
    quote = PlainField()
    quote_kind = PlainField()
    quote_translation = TextField()
    offset = serializers.IntegerField(read_only=True, allow_null=True)
    speaker = TextField()
    said_on = PartialDateField()
    scope = TextField()
    note = TextField()
    relation = PlainField()
    preferred = serializers.BooleanField(read_only=True)
    preferred_reason = TextField()


class ArticleSerializer(RecordSerializer):
    title = TextField()
    kind = PlainField()
    summary = TextField()
    body = TextField()
    published_at = serializers.SerializerMethodField()

    def get_published_at(self, article) -> str | None:
        return instant(article.published_at)


VALUE_SCHEMA = {
    "type": ["number", "null"],
    "description": "What the claim in `carried_by` says; null: not recorded. See `conflicting` before you print it.",
}
CONFLICTING_SCHEMA = {
    "type": "boolean",
    "description": "Sources differ. Where `preferred_claim` is null as well, the portal has not chosen: its pages give"
    " no number, and `value` is that of the claim in `carried_by`, the first.",
}
RECORDS_CHECK_REFUSED_SCHEMA = {
    "type": "boolean",
    "description": "The figure names records to be counted, but their filter is refused now: something in it was taken"
    " back or renamed. Otherwise a `records_check` of null means that nothing counts what the figure claims.",
}
RECORDS_CHECK_SCHEMA = {
    "type": ["object", "null"],
    "description": "`value`, the claim in `carried_by`, beside the records on file. Null where no collection counts"
    " what the figure claims, or where `records_check_refused`.",
    "properties": {
        "state": {"enum": RecordsCheckState.values},
        "count": {"type": "integer"},
        "url": {"type": "string", "format": "uri"},
        "page_url": {"type": ["string", "null"], "format": "uri"},
        "statement": {"type": "string", "description": "In the language asked for; in English with `lang=all`."},
    },
}
CARRIED_BY_SCHEMA = {
    "type": ["object", "null"],
    "description": "The words that carry the value, never to be printed without them. Null: no claim is public.",
    "properties": {
        "claim": REFERENCE_SCHEMA,
        "quote": {"type": "string"},
        "quote_marked": {"type": ["string", "null"]},
        "quote_kind": {"enum": QuoteKind.values},
        "speaker": TEXT_SCHEMA,
        "said_on": PARTIAL_DATE_SCHEMA,
        "source": REFERENCE_SCHEMA,
        "publisher": TEXT_SCHEMA,
        "machine_translated": {"type": ["boolean", "null"]},
    },
}


def date_of(claim: Claim) -> str | None:
    """When it was said, or else when its source was published."""
    return claim.said_on or claim.source.said_on or claim.source.published_on


def in_time_order(claims):
    return claims.order_by(Coalesce("said_on", "source__said_on", "source__published_on"), "id")


def preferred_of(claims: Iterable[Claim]) -> Claim | None:
    return next((claim for claim in claims if claim.preferred), None)


class Told(NamedTuple):
    """What the portal says of a figure, and the claim that it stands beside. Not to be shown where there is none."""

    claim: Claim | None
    value: Decimal | None
    qualifier: str


def differ(claims: Iterable[Claim]) -> bool:
    return any(claim.relation == ClaimRelation.CONFLICTS for claim in claims)


def undecided(claims: Iterable[Claim]) -> bool:
    """Whether sources differ and no person has said which of them is preferred."""
    return differ(claims) and not preferred_of(claims)


def told(figure: Figure, claims: list[Claim]) -> Told:
    """What the preferred claim says; else the figure's own, beside the first claim that says just this."""
    own = figure.value, figure.qualifier
    if preferred := preferred_of(claims):
        given = (preferred.value, preferred.qualifier) if preferred.qualifier else own
        return Told(preferred, *given)
    same = (claim for claim in claims if (claim.value, claim.qualifier) == own)
    return Told(next(same, claims[0] if claims else None), *own)


def beside_records(figure: Figure, claims: list[Claim], count: int) -> str:
    """The figure beside what is on file, in the language that is active."""
    said = told(figure, claims)
    source = text_value(said.claim.source, "title", languages.current()) if undecided(claims) else ""
    return checked_sentence(as_said(said.value, said.qualifier), date_of(said.claim), count, source or "")


class FigureSerializer(RecordSerializer):
    """A figure whose claims are all hidden has no value to tell: it would stand without its source."""

    public_relations = ("strand",)

    name = TextField()
    strand = ReferenceField()
    value = serializers.SerializerMethodField()
    conflicting = serializers.SerializerMethodField()
    qualifier = serializers.SerializerMethodField()
    unit = TextField()
    as_of = PartialDateField()
    scope = TextField()
    preferred_claim = serializers.SerializerMethodField()
    carried_by = serializers.SerializerMethodField()
    claims = ReferencesField(known=True)
    records_check = serializers.SerializerMethodField()
    records_check_refused = serializers.SerializerMethodField()

    @classmethod
    def related(cls, rows):
        # A claim names its figure and its source, which are public since it is.
        claims = Claim.objects.published().select_related("figure", "source").defer("source__text")
        return super().related(rows).prefetch_related(Prefetch("claims", queryset=in_time_order(claims)))

    @extend_schema_field(VALUE_SCHEMA)
    def get_value(self, figure):
        said = told(figure, list(figure.claims.all()))
        return number(said.value) if said.claim else None

    def get_qualifier(self, figure) -> str | None:
        said = told(figure, list(figure.claims.all()))
        return said.qualifier if said.claim else None

    @extend_schema_field(CARRIED_BY_SCHEMA)
    def get_carried_by(self, figure):
        """The words beside the value."""
        claim, language = told(figure, list(figure.claims.all())).claim, self.context["language"]
        if claim is None:
            return None
        return {
            "claim": reference(claim, language),
            "quote": claim.quote,
            "quote_marked": claim.quote_marked or None,
            "quote_kind": claim.quote_kind,
            "speaker": text_value(claim, "speaker", language),
            "said_on": date_of(claim),
            "source": reference(claim.source, language),
            "publisher": text_value(claim.source, "publisher", language),
            "machine_translated": claim.source.machine_translated,
        }

    @extend_schema_field(CONFLICTING_SCHEMA)
    def get_conflicting(self, figure):
        return differ(figure.claims.all())

    @extend_schema_field(REFERENCE_SCHEMA)
    def get_preferred_claim(self, figure):
        return reference(preferred_of(figure.claims.all()), self.context["language"])

    @extend_schema_field(RECORDS_CHECK_SCHEMA)
    def get_records_check(self, figure):
        count, claims = self.count_of(figure), list(figure.claims.all())
        said = told(figure, claims)
        if count is None or said.claim is None:
            return None
        state = records_check.check(said.value, said.qualifier, count).state
        path = f"/api/v1/{figure.checked_collection}/"
        query = f"?{figure.checked_query}" if figure.checked_query else ""
        return {
            "state": state,
            "count": count,
            "url": absolute(path + query),
            "page_url": self.page_of(figure.checked_collection, query),
            "statement": self.statement(figure, claims, count),
        }

    @extend_schema_field(RECORDS_CHECK_REFUSED_SCHEMA)
    def get_records_check_refused(self, figure):
        return bool(figure.checked_collection and figure.claims.all() and self.count_of(figure) is None)

    def page_of(self, collection: str, query: str) -> str | None:
        """Where a person sees the records that were counted."""
        with override(self.page_language):
            address = LISTINGS[collection].page_address()
        return absolute(address + query) if address else None

    def statement(self, figure, claims: list[Claim], count: int) -> str:
        with override(self.page_language):
            return beside_records(figure, claims, count)

    def count_of(self, figure) -> int | None:
        return self.counts_on_file().get((figure.checked_collection, figure.checked_query))

    def counts_on_file(self) -> dict[tuple[str, str], int]:
        """Those of every public figure, asked once an answer, however many figures are in it."""
        if "counts_on_file" not in self.context:
            checked = Figure.objects.published().exclude(checked_collection="")
            pairs = set(checked.values_list("checked_collection", "checked_query"))
            self.context["counts_on_file"] = records_check.counts_on_file(pairs, self.page_language)
        return self.context["counts_on_file"]
