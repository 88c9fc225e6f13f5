"""The views of one listing for the router, with what OpenAPI says of each."""

import re
from typing import Any

from django.urls import path
from django.utils.translation import gettext_noop as noop
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from content import languages
from content.listing import LARGEST_PAGE, LISTINGS, PAGE_SIZE, Listing, Standard
from content.views.api import (
    MISSING,
    PROBLEM_SCHEMA,
    REFUSALS,
    AggregateView,
    DetailView,
    ExportView,
    ListView,
    StandardView,
)

ENDINGS = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ANSWERS = {
    "200": noop("What was asked for."),
    "304": noop("Nothing has changed since the answer that the caller has."),
    "400": noop("A parameter does not exist or has a wrong value; “errors” names each, with what is accepted."),
    "404": noop("There is nothing public at this address."),
    "406": noop("It is not to be had in a form that the caller accepts."),
    "410": noop("It was public once and has been withdrawn; “detail” is the reason."),
    "429": noop("Too many questions in too short a time; “Retry-After” says when to ask again."),
}
PROBLEM = "application/problem+json"
PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
GONE_SCHEMA = {
    "description": "Of a change feed: a record that is no longer public, or no longer among the rows of this query.",
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "deleted": {"const": True, "description": "It is not public any more: a copy of it is to be deleted."},
        "left": {"const": True, "description": "It is public, but does not match the filters any more."},
        "modified": {"type": "string", "format": "date-time"},
    },
    "required": ["id", "modified"],
    "oneOf": [{"required": ["deleted"]}, {"required": ["left"]}],
    "additionalProperties": False,
}
ADDRESS = re.compile(r"/api/v1/(?P<name>[a-z]+)(?P<rest>[./].*)")


class FacetOptionSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


def query(name: str, description: str, many: bool = False, **kwargs) -> OpenApiParameter:
    return OpenApiParameter(
        name, kwargs.pop("type", OpenApiTypes.STR), "query", description=description, many=many, **kwargs
    )


def words_of(names: list[str], most: int | None = None) -> dict[str, Any]:
    """Words of a list with commas between them."""
    word = "|".join(map(re.escape, names))
    repeated = "*" if most is None else f"{{0,{most - 1}}}"
    return {"type": "string", "pattern": f"^,*(({word}),+){repeated}(({word}),*)?$"}


LANG = query(
    "lang",
    "The language of the texts; English stands in where one is missing. `all`: an object of six for each text.",
    type={"type": "string", "enum": [*languages.CODES, languages.ALL, ""], "default": "en"},
)
# Of a standard that has one language.
ONE_LANG = query(
    "lang",
    "The language of the texts; English stands in where one is missing.",
    type={"type": "string", "enum": [*languages.CODES, ""], "default": "en"},
)
MODIFIED_SINCE = query(
    "modified_since",
    "What has changed since an instant or a day, or since the `until` of an earlier answer; at the end what is gone.",
    type={
        "anyOf": [
            {"type": "string", "format": "date-time"},
            {"type": "string", "format": "date"},
            {"type": "string", "pattern": "^[0-9]{1,18}-[0-9a-f]{1,14}$"},
            {"const": ""},
        ]
    },
)


def fields_of(listing: Listing) -> OpenApiParameter:
    names = list(listing.serializer._declared_fields)
    return query("fields", "The keys of the answer, with commas between them.", type=words_of(names))


def filters_of(listing: Listing) -> list[OpenApiParameter]:
    filters = listing.filterset.base_filters
    described = [query(name, f"{item.label}. Repeated: or.", many=True) for name, item in filters.items()]
    plurals = listing.filterset.plurals.items()
    return described + [query(name, f"The same as `{same}`.", many=True) for name, same in plurals]


def order_of(listing: Listing) -> OpenApiParameter:
    keys = [direction + key for key in listing.orders for direction in ("", "-")]
    return query(
        "order",
        "The order; `-` for descending.",
        type={"type": "string", "enum": [*keys, ""], "default": listing.order},
    )


def list_schema(listing: Listing):
    return extend_schema(
        operation_id=f"list_{listing.name}",
        summary=f"List {listing.name}",
        description=f"The public {listing.name} that the filters leave, a page at a time.",
        parameters=[
            *filters_of(listing),
            order_of(listing),
            LANG,
            fields_of(listing),
            query(
                "facets",
                "Counts for each value of these filters, with commas between them.",
                type=words_of(listing.filterset.facet_names()),
            ),
            MODIFIED_SINCE,
            query(
                "cursor",
                "The place of a page, as `next` and `previous` of an answer have it. It is opaque and belongs to its"
                " query: only an empty one, which is the first page, can be written by hand.",
                type={"const": ""},
            ),
            query(
                "page_size",
                f"Rows a page; {PAGE_SIZE} unless given.",
                type={
                    "anyOf": [{"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE}, {"const": ""}],
                    "default": PAGE_SIZE,
                },
            ),
        ],
        responses={200: page_schema(listing), **REFUSALS},
    )


def page_schema(listing: Listing):
    return inline_serializer(
        f"{listing.name.title()}Page",
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": listing.serializer(many=True),
            "facets": serializers.DictField(
                child=serializers.ListField(child=FacetOptionSerializer()), required=False
            ),
            "until": serializers.CharField(
                required=False, help_text="Of a change feed: what to give as modified_since next time."
            ),
        },
    )


def aggregate_schema(listing: Listing):
    keys, sums = listing.filterset.facet_names(), list(listing.sums)
    own = [
        query(
            "group_by",
            f"Up to three of these, with commas between them: {', '.join(keys)}.",
            type=words_of(keys, AggregateView.most_keys),
        )
    ]
    if sums:
        own.append(
            query(
                "sum",
                f"What to add up in each group, with commas between them: {', '.join(sums)}.",
                type=words_of(sums),
            )
        )
    return extend_schema(
        operation_id=f"aggregate_{listing.name}",
        description=(
            "The records of a filter, counted by what they are filed under. A key of a group is null where it is not"
            " recorded, and `recorded_none` where it is known that there is none. Amounts of different currencies are"
            " never added without a dated rate of a published source, which is named."
        ),
        parameters=[*filters_of(listing), *own, LANG],
        responses={200: aggregate_answer(listing), **REFUSALS},
    )


def aggregate_answer(listing: Listing) -> dict:
    keys = {
        name: {"type": ["string", "null"], "description": "Where it is grouped by; null: not recorded."}
        for name in listing.filterset.facet_names()
    }
    sums = {name: one.schema for name, one in listing.sums.items()}
    return {
        "type": "object",
        "properties": {
            "count": {"type": "integer", "description": "Every record once."},
            "group_by": {"type": "array", "items": {"type": "string"}},
            "groups": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        **keys,
                        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                        "count": {"type": "integer"},
                        "sums": {"type": "object", "properties": sums},
                        "list_url": {
                            "type": ["string", "null"],
                            "format": "uri",
                            "description": "The list of just these rows; null where no query asks for them.",
                        },
                    },
                    "required": ["labels", "count", "sums", "list_url"],
                },
            },
            "counted": {"type": "integer", "description": "What the counts of the groups add up to."},
            "several_values": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Keys of which a record may have several values and then counts for each.",
            },
            "note": {"type": ["string", "null"], "description": "Said where `counted` is not `count`."},
        },
        "required": ["count", "group_by", "groups", "counted", "several_values", "note"],
    }


def routes(listing: Listing) -> list:
    """The addresses of a listing below `/api/v1/`."""
    name = listing.name
    list_view = extend_schema_view(get=list_schema(listing))(
        type("List", (ListView,), {"listing": listing, "__doc__": None})
    )
    detail = extend_schema(
        operation_id=f"get_{name}",
        summary=f"One of {name}",
        description="A single record by its identifier.",
        parameters=[LANG, fields_of(listing)],
        responses={200: listing.serializer, **REFUSALS, **MISSING},
    )
    detail_view = extend_schema_view(get=detail)(type("Detail", (DetailView,), {"listing": listing, "__doc__": None}))
    aggregate_view = extend_schema_view(get=aggregate_schema(listing))(
        type("Aggregate", (AggregateView,), {"listing": listing, "__doc__": None})
    )
    return [
        path(f"{name}/", list_view.as_view(), name=f"api-{name}"),
        path(f"{name}/aggregate/", aggregate_view.as_view(), name=f"api-{name}-aggregate"),
        path(f"{name}/<uuid:uuid>/", detail_view.as_view(), name=f"api-{name}-detail"),
        *(path(f"{name}.{ending}", export_view(listing, ending).as_view()) for ending in (*ENDINGS, *listing.formats)),
    ]


def export_view(listing: Listing, ending: str):
    own = listing.formats.get(ending)
    standard = isinstance(own, Standard)
    filters = (
        with_needed(filters_of(listing), own.one_value) if standard else [*filters_of(listing), fields_of(listing)]
    )
    media_type = own.media_type.partition(";")[0] if own else ENDINGS[ending]
    document = extend_schema(
        operation_id=f"export_{listing.name}_{ending.replace('.', '_')}",
        summary=f"All {listing.name} as .{ending}",
        description="Every row that the filters leave as one file, in the same order as the list.",
        parameters=[
            *filters,
            order_of(listing),
            ONE_LANG if standard and not own.all_languages else LANG,
            MODIFIED_SINCE,
        ],
        responses={(200, media_type): OpenApiTypes.BINARY, **REFUSALS},
    )
    view = StandardView if standard else ExportView
    return extend_schema_view(get=document)(
        type("Export", (view,), {"listing": listing, "ending": ending, "__doc__": None})
    )


def with_needed(filters: list[OpenApiParameter], needed: tuple[str, ...]) -> list[OpenApiParameter]:
    once = [query(name, "Exactly one value.", required=True) for name in needed]
    return [*once, *(item for item in filters if item.name not in needed)]


# ── what is known when the description is asked for ───────────────────────────────────────────────────────────────


def complete(result: dict) -> dict:
    """The description with the values that the filters accept now, and with what each answer is."""
    schemas = result["components"]["schemas"]
    schemas["Problem"], schemas["Gone"] = PROBLEM_SCHEMA, GONE_SCHEMA
    values = Values(schemas)
    for address, operations in result["paths"].items():
        operation = operations["get"]
        found = ADDRESS.fullmatch(address)
        listing = LISTINGS.get(found["name"]) if found else None
        for parameter in operation.get("parameters", ()):
            if listing and parameter["in"] == "query":
                values.describe(listing, parameter, alone=is_standard(listing, found["rest"]))
            if listing and parameter["in"] == "path":
                give_example(listing, parameter)
        describe_answers(operation)
        if listing:
            describe_json(listing, found["rest"], operation["responses"]["200"])
    for name, schema in schemas.items():
        if name.endswith("Page"):
            results = schema["properties"]["results"]
            results["items"] = {"anyOf": [results["items"], {"$ref": "#/components/schemas/Gone"}]}
            schema["required"] = ["count", "next", "previous", "results"]
    return result


def is_standard(listing: Listing, rest: str) -> tuple[str, ...]:
    """The filters that must have exactly one value at this address."""
    own = listing.formats.get(rest.removeprefix("."))
    return own.one_value if isinstance(own, Standard) else ()


def describe_answers(operation: dict) -> None:
    for status, answer in operation["responses"].items():
        answer["description"] = ANSWERS.get(status, answer["description"])
        if PROBLEM in answer.get("content", ()):
            answer["content"][PROBLEM]["schema"] = PROBLEM_REFERENCE


def describe_json(listing: Listing, rest: str, answer: dict) -> None:
    """A file that is JSON is an object, and the plain one has the rows of the list."""
    for media_type, described in answer["content"].items():
        if not rest.startswith(".") or "json" not in media_type or media_type == ENDINGS["ndjson"]:
            continue
        described["schema"] = {"type": "object"}
        if rest == ".json":
            name = listing.serializer.__name__.removesuffix("Serializer")
            references = [{"$ref": f"#/components/schemas/{one}"} for one in (name, "Gone")]
            rows = {"type": "array", "items": {"anyOf": references}}
            described["schema"] |= {
                "properties": {"count": {"type": "integer"}, "results": rows, "until": {"type": "string"}},
                "required": ["count", "results"],
            }


def give_example(listing: Listing, parameter: dict) -> None:
    """The identifier of a record that there is."""
    record = listing.rows().order_by("pk").values_list("uuid", flat=True).first()
    if record:
        parameter["example"] = str(record)


class Values:
    """What each filter accepts, described once however many addresses have it."""

    def __init__(self, schemas: dict):
        self.schemas = schemas
        self.names: dict[str, str] = {}
        self.references: dict[tuple[str, str], dict] = {}

    def describe(self, listing: Listing, parameter: dict, alone: tuple[str, ...]) -> None:
        filters, plurals = listing.filterset.base_filters, listing.filterset.plurals
        name = plurals.get(parameter["name"], parameter["name"])
        if name not in filters:
            return
        key = listing.name, name
        if key not in self.references:
            self.references[key] = self.reference(listing, name)
        schema = self.references[key]
        if name in alone:
            one = self.schemas[schema["$ref"].rpartition("/")[2]]
            parameter["schema"] = {"type": "string", "enum": [value for value in one["enum"] if value]}
        elif name == "q":
            parameter["schema"] = schema
        else:
            parameter["schema"] = {"type": "array", "items": schema}

    def reference(self, listing: Listing, name: str) -> dict:
        chosen = listing.filterset(queryset=listing.model._default_manager.none()).filters[name]
        schema = chosen.value_schema()
        if "enum" not in schema:
            return schema
        schema = schema | {"enum": [*chosen.words(), *schema["enum"]]}
        said = repr(schema)
        if said not in self.names:
            self.names[said] = f"{listing.name.title()}{name.title()}Value"
            self.schemas[self.names[said]] = schema
        return {"$ref": f"#/components/schemas/{self.names[said]}"}
