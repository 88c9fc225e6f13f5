"""The views of one listing for the router, with what OpenAPI says of each."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from content import languages
from content.listing import LARGEST_PAGE, PAGE_SIZE, Listing, Standard
from content.views.api import MISSING, REFUSALS, AggregateView, DetailView, ExportView, ListView, StandardView

ENDINGS = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FacetOptionSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


def query(name: str, description: str, many: bool = False, **kwargs) -> OpenApiParameter:
    return OpenApiParameter(
        name, kwargs.pop("type", OpenApiTypes.STR), "query", description=description, many=many, **kwargs
    )


LANG = query(
    "lang",
    "The language of the texts; English stands in where one is missing. `all`: an object of six for each text.",
    enum=[*languages.CODES, languages.ALL],
)
FIELDS = query("fields", "The keys of the answer, with commas between them.")


def filters_of(listing: Listing) -> list[OpenApiParameter]:
    filters = listing.filterset.base_filters
    described = [query(name, f"{item.label}. Repeated: or.", many=True) for name, item in filters.items()]
    plurals = listing.filterset.plurals.items()
    return described + [query(name, f"The same as `{same}`.", many=True) for name, same in plurals]


def order_of(listing: Listing) -> OpenApiParameter:
    keys = [direction + key for key in listing.orders for direction in ("", "-")]
    return query("order", f"The order; `-` for descending. `{listing.order}` unless given.", enum=keys)


def list_schema(listing: Listing):
    facets = ", ".join(listing.filterset.facet_names()) or "none"
    return extend_schema(
        operation_id=f"list_{listing.name}",
        parameters=[
            *filters_of(listing),
            order_of(listing),
            LANG,
            FIELDS,
            query("facets", f"Counts for each value of these filters, with commas between them: {facets}."),
            query("cursor", "From `next` or `previous` of an answer."),
            query("page_size", f"{PAGE_SIZE} unless given, at most {LARGEST_PAGE}.", type=OpenApiTypes.INT),
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
        },
    )


def aggregate_schema(listing: Listing):
    keys = ", ".join(listing.filterset.facet_names())
    sums = ", ".join(listing.sums)
    own = [query("group_by", f"Up to three of these, with commas between them: {keys}.")]
    if sums:
        own.append(query("sum", f"What to add up in each group, with commas between them: {sums}."))
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
                        "list_url": {"type": "string", "format": "uri"},
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
        parameters=[LANG, FIELDS],
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
    filters = with_needed(filters_of(listing), own.one_value) if standard else [*filters_of(listing), FIELDS]
    media_type = own.media_type.partition(";")[0] if own else ENDINGS[ending]
    document = extend_schema(
        operation_id=f"export_{listing.name}_{ending.replace('.', '_')}",
        parameters=[*filters, order_of(listing), LANG],
        responses={(200, media_type): OpenApiTypes.BINARY, **REFUSALS},
    )
    view = StandardView if standard else ExportView
    return extend_schema_view(get=document)(
        type("Export", (view,), {"listing": listing, "ending": ending, "__doc__": None})
    )


def with_needed(filters: list[OpenApiParameter], needed: tuple[str, ...]) -> list[OpenApiParameter]:
    once = [query(name, "Exactly one value.", required=True) for name in needed]
    return [*once, *(item for item in filters if item.name not in needed)]
