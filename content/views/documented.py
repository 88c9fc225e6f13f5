"""The views of one listing for the router, with what OpenAPI says of each."""

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from content import languages
from content.listing import LARGEST_PAGE, PAGE_SIZE, Listing, Standard
from content.views.api import MISSING, REFUSALS, DetailView, ExportView, ListView, StandardView

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
    return [
        path(f"{name}/", list_view.as_view(), name=f"api-{name}"),
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
