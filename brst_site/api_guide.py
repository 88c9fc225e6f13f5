"""The documentation of the API for people: made of its OpenAPI description, so that it says what is answered.

A page for all, and one for each collection with a form that asks it. Without a script the form leads to the answer;
with one the answer stands below it, with status and headers.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.response import Response

from brst_site.datasets import DATASETS, TITLES
from content import context, languages
from content.listing import LARGEST_PAGE, PAGE_SIZE, BadParameters, Listing, unknown_value
from content.presentation import with_query
from content.views.documented import ANSWERS, complete
from content.views.pages import EXPORTS, PublicPage

MOST_OPTIONS = 40
LANGUAGE_KEY = "lang"


def description(request) -> dict[str, Any]:
    """The OpenAPI description, made anew when anything public has changed: it names the values of filters."""
    return _description(request.revision.number, request.revision.boundary)


@lru_cache(maxsize=2)
def _description(number: int, boundary) -> dict[str, Any]:
    with override("en"):
        return complete(SchemaGenerator().get_schema(request=None, public=True))


class SchemaView(SpectacularJSONAPIView):
    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        response = Response(description(request._request))
        response["Content-Disposition"] = 'inline; filename="openapi.json"'
        response["Access-Control-Allow-Origin"] = "*"
        return response


class GuidePage(PublicPage):
    """Without a language in its address, as the API: the query has it."""

    parameters = (LANGUAGE_KEY,)

    def get(self, request, *args, **kwargs):
        language = request.GET.get(LANGUAGE_KEY) or "en"
        if language not in languages.CODES:
            raise BadParameters(unknown_value(LANGUAGE_KEY, language, list(languages.CODES)))
        with override(language):
            return super().get(request, *args, **kwargs).render()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "language": self.frame_language(),
            "site_url": settings.SITE_URL,
            "code": languages.current(),
        }

    def frame_language(self) -> dict:
        """As for any page, but with the language in the query."""
        frame = context.language(self.request, languages.current())
        for sibling in frame["languages"]:
            sibling["url"] = f"{self.request.path}?lang={sibling['code']}"
            sibling["absolute_url"] = settings.SITE_URL + sibling["url"]
        return frame | {"canonical": f"{frame['canonical']}?lang={frame['code']}"}

    def guide_url(self) -> str:
        return with_query(reverse("api-docs"), [(LANGUAGE_KEY, languages.current())])


class APIGuide(GuidePage):
    template_name = "api_guide.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "rates": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"],
            "collections": [
                {
                    "name": listing.name,
                    "title": TITLES[listing.name],
                    "url": with_query(
                        reverse("api-docs-collection", args=[listing.name]), [(LANGUAGE_KEY, languages.current())]
                    ),
                    "endings": endings_of(listing),
                }
                for listing in DATASETS
            ],
        }

    def breadcrumbs(self):
        return [{"label": _("Open data"), "url": reverse("data")}, {"label": _("API guide")}]


def endings_of(listing: Listing) -> list[str]:
    return [ending for _label, ending, _type in EXPORTS] + list(listing.formats)


class CollectionGuide(GuidePage):
    """One collection: what it can be asked, a form that asks it, and what it answers."""

    template_name = "api_collection.html"

    def get_context_data(self, **kwargs):
        self.listing = next((one for one in DATASETS if one.name == self.kwargs["name"]), None)
        if self.listing is None:
            raise Http404
        name = self.listing.name
        schema = description(self.request)
        operation = schema["paths"][f"/api/v1/{name}/"]["get"]
        example = self.listing.rows().order_by("pk")[:1]
        return super().get_context_data(**kwargs) | {
            "name": name,
            "title": TITLES[name],
            "parameters": [self.parameter(schema, one) for one in operation["parameters"] if is_offered(one, self)],
            "endings": [
                {"ending": ending, "needs": needs_of(self.listing, ending)} for ending in endings_of(self.listing)
            ],
            "example": f"/api/v1/{name}/{example[0].uuid}/" if example else "",
            "answers": [
                {"status": status, "meaning": _(ANSWERS[status])}
                for status in sorted({*operation["responses"], "304", "404", "410"})
            ],
            "keys": keys_of(schema, self.listing),
            "terms": terms(),
        }

    def parameter(self, schema: dict, parameter: dict) -> dict[str, Any]:
        """As the form and the table show it: a choice, words to choose from, or a field of its own."""
        name, accepted = parameter["name"], resolved(schema, parameter["schema"])
        many = accepted.get("type") == "array"
        one = resolved(schema, accepted["items"]) if many else accepted
        values = [value for value in one.get("enum", ()) if value]
        return {
            "name": name,
            "label": self.label_of(name),
            "many": many,
            "options": values if len(values) <= MOST_OPTIONS else [],
            "words": values if len(values) > MOST_OPTIONS else [],
            "kind": "number" if name == "page_size" else "text",
            "largest": LARGEST_PAGE if name == "page_size" else None,
            "default": one.get("default", ""),
            "accepted": accepted_words(name, one, values),
            "example": self.example_of(name),
        }

    def label_of(self, name: str) -> str:
        filters = self.listing.filterset.base_filters
        return str(filters[name].label) if name in filters else kernel_words()[name]

    def example_of(self, name: str) -> str:
        facets = ",".join(self.listing.filterset.facet_names()[:2])
        keys = [key for key in ("slug", "name", "title", "value") if key in self.listing.serializer._declared_fields]
        return {"facets": facets, "fields": ",".join(keys), "modified_since": "2023-11-06T00:00:00Z"}.get(name, "")

    def breadcrumbs(self):
        return [
            {"label": _("Open data"), "url": reverse("data")},
            {"label": _("API guide"), "url": self.guide_url()},
            {"label": self.kwargs["name"]},
        ]


def is_offered(parameter: dict, page: CollectionGuide) -> bool:
    """The form has no second name of a filter, and no cursor, which only an answer gives."""
    return parameter["name"] != "cursor" and parameter["name"] not in page.listing.filterset.plurals


def resolved(schema: dict, part: dict) -> dict:
    reference = part.get("$ref")
    return schema["components"]["schemas"][reference.rpartition("/")[2]] if reference else part


def needs_of(listing: Listing, ending: str) -> str:
    return " ".join(getattr(listing.formats.get(ending), "one_value", ()))


def kernel_words() -> dict[str, str]:
    return {
        "order": _("The order; a hyphen before the key turns it round."),
        "lang": _("The language of the texts, or all six of them."),
        "fields": _("Only these keys, with commas between them."),
        "facets": _("How many records each value of these filters has."),
        "modified_since": _("What has changed since an instant, with what is gone."),
        "page_size": _("Records a page."),
    }


def accepted_words(name: str, schema: dict, values: list[str]) -> str:
    """What is accepted where the values are not listed."""
    words = {
        "page_size": _("From 1 to %(largest)d; %(usual)d unless given.")
        % {"largest": LARGEST_PAGE, "usual": PAGE_SIZE},
        "modified_since": _("An instant, a day, or the key “until” of an earlier answer."),
        "year": _("A year of four digits."),
        "day": _("A day, such as 2023-11-06."),
        "slug": _("The last part of the address of a page."),
        "q": _("Words, at most 200 characters."),
    }
    if name in words:
        return words[name]
    if len(values) > MOST_OPTIONS:
        return _("One of %(count)d values; the field suggests them.") % {"count": len(values)}
    return ""


def keys_of(schema: dict, listing: Listing) -> list[dict[str, str]]:
    """The keys of an object, and what kind of value each has."""
    page = schema["components"]["schemas"][f"{listing.name.title()}Page"]
    row = resolved(schema, page["properties"]["results"]["items"]["anyOf"][0])
    return [{"name": name, "kind": kind_of(schema, part)} for name, part in row["properties"].items()]


def kind_of(schema: dict, part: dict) -> str:
    part = resolved(schema, part)
    kinds = part.get("type") or [one.get("type") for one in part.get("oneOf", part.get("anyOf", ()))]
    kinds = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind]
    return " · ".join(dict.fromkeys(kinds))


def terms() -> dict[str, str]:
    """Words for the script."""
    return {
        "asking": _("Asking…"),
        "failed": _("The request did not get through."),
        "cut": _("Only the beginning is shown; the address has all of it."),
        "size": _("Size"),
        "time": _("Time"),
    }
