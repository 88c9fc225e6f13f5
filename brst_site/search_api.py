"""The search over every collection, and what may be typed next, for programs and for the search field's script."""

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from brst_site import search
from content import languages
from content.listing import (
    LARGEST_PAGE,
    PAGE_SIZE,
    BadParameters,
    ParameterError,
    page_size_asked,
    unknown_keys,
    unknown_value,
)
from content.presentation import with_query
from content.searching.snippets import Piece
from content.serializers import absolute, api_url
from content.views.api import REFUSALS, PublicAPIView
from content.views.documented import query

SUGGESTIONS = 8
NULLABLE_TEXT = {"type": ["string", "null"]}
HIT_SCHEMA = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": list(search.NAMES)},
        "label": {"type": "string", "description": "What one record of this kind is called."},
        "id": {"type": "string", "format": "uuid"},
        "slug": {"type": "string"},
        "name": {"type": "string"},
        "lang": {"type": "string", "description": "The language of the name."},
        "url": {"type": ["string", "null"], "format": "uri"},
        "api_url": {"type": ["string", "null"], "format": "uri"},
        "sample": {"type": "boolean"},
        "snippet": {
            "type": ["object", "null"],
            "properties": {
                "field": {"type": "string", "description": "Where the words stand."},
                "lang": {"type": "string"},
                "html": {"type": "string", "description": "Escaped, but for <mark> around the words."},
            },
        },
    },
}
RESULTS_SCHEMA = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "description": "Of the kinds that were asked for."},
        "next": NULLABLE_TEXT | {"format": "uri"},
        "previous": NULLABLE_TEXT | {"format": "uri"},
        "corrected": NULLABLE_TEXT | {"description": "What was searched for, where nothing has the words as typed."},
        "kinds": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "value": {"type": "string"},
                    "label": {"type": "string"},
                    "count": {"type": "integer"},
                },
            },
        },
        "results": {"type": "array", "items": HIT_SCHEMA},
    },
}
SUGGESTIONS_SCHEMA = {
    "type": "object",
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "lang": {"type": "string"},
                    "dir": {"type": "string", "enum": ["ltr", "rtl"]},
                    "label": {"type": "string"},
                    "url": {"type": "string"},
                },
            },
        }
    },
}
Q = query("q", "Words, all of which a record must have; phrases in quotation marks; the last word may be unfinished.")
LANG = query(
    "lang", "The language of the visitor, whose texts count most. English unless given.", enum=list(languages.CODES)
)


class SearchLanguageView(PublicAPIView):
    throttle_scope = "list"

    def read(self, request, *also: str) -> search.Search:
        if errors := unknown_keys(request.GET, ["q", "lang", *also]):
            raise BadParameters(*errors)
        if self.language == languages.ALL:
            raise BadParameters(unknown_value("lang", languages.ALL, list(languages.CODES)))
        return search.read_search(once(request.GET, "q"), self.language)


class SearchView(SearchLanguageView):
    @extend_schema(
        operation_id="search",
        parameters=[
            Q,
            query("kind", "The collection. Repeated: or.", many=True, enum=list(search.NAMES)),
            LANG,
            query("cursor", "From `next` or `previous` of an answer."),
            query("page_size", f"{PAGE_SIZE} unless given, at most {LARGEST_PAGE}.", type=OpenApiTypes.INT),
        ],
        responses={200: RESULTS_SCHEMA, **REFUSALS},
    )
    def get(self, request):
        asked = self.read(request, "kind", "cursor", "page_size")
        kinds = search.read_kinds(request.GET.getlist("kind"))
        found = search.find(asked, kinds, page_size_asked(request.GET), once(request.GET, "cursor"))
        return Response(
            {
                "count": found.count,
                "next": address(request, found.next),
                "previous": address(request, found.previous),
                "corrected": found.corrected or None,
                "kinds": [kind._asdict() for kind in found.kinds],
                "results": [row(hit, self.language) for hit in found.hits],
            }
        )


class SuggestionsView(SearchLanguageView):
    @extend_schema(operation_id="suggestions", parameters=[Q, LANG], responses={200: SUGGESTIONS_SCHEMA, **REFUSALS})
    def get(self, request):
        asked = self.read(request)
        found = search.suggestions(asked, SUGGESTIONS)
        return Response({"results": [suggestion(hit, self.language) for hit in found if hit.url]})


def once(parameters: QueryDict, key: str) -> str:
    """Raises BadParameters."""
    values = parameters.getlist(key)
    if len(values) > 1:
        raise BadParameters(ParameterError(key, search.only_once(key), []))
    return values[0] if values else ""


def address(request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    pairs = [(key, value) for key, values in request.GET.lists() for value in values if value and key != "cursor"]
    return absolute(with_query(request.path, [*pairs, ("cursor", cursor)]))


def row(hit: search.Hit, language: str) -> dict:
    return {
        "kind": hit.kind,
        "label": hit.label,
        "id": str(hit.record.uuid),
        "slug": hit.record.slug,
        "name": str(hit.name),
        "lang": hit.name.lang or languages.html_code(language),
        "url": absolute(hit.url) if hit.url else None,
        "api_url": api_url(hit.record),
        "sample": hit.sample,
        "snippet": hit.snippet
        and {
            "field": hit.snippet.label,
            "lang": hit.snippet.lang or languages.html_code(language),
            "html": marked(hit.snippet.pieces),
        },
    }


def suggestion(hit: search.Hit, language: str) -> dict:
    return {
        "name": str(hit.name),
        "lang": hit.name.lang or languages.html_code(language),
        "dir": hit.name.dir or languages.direction(language),
        "label": hit.label,
        "url": hit.url,
    }


def marked(pieces: list[Piece]) -> SafeString:
    texts = (format_html("<mark>{}</mark>", piece.text) if piece.marked else piece.text for piece in pieces)
    return format_html_join("", "{}", ((text,) for text in texts))
