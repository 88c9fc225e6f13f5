"""The citation of a record as a file, at an address below that of its page and by the same rules."""

from django.http import HttpResponse
from django.urls import path

from content.citations import citation_of
from content.exports.citation import BIBTEX, CSL_JSON, to_bibtex, to_csl
from content.listings import CLAIMS
from content.views.cards import carded
from content.views.pages import DetailPage, state_of

WRITERS = {"bib": (BIBTEX, to_bibtex), "json": (CSL_JSON, to_csl)}


class Cited:
    """Before the class of a page: the same record, or the same refusal, but its citation instead of the page."""

    parameters = ()
    ending = ""

    def get_context_data(self, **kwargs):
        return {}

    def render_to_response(self, context, **kwargs):
        media_type, write = WRITERS[self.ending]
        text = write(citation_of(self.record, state_of(self.request)))
        response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{self.record.slug}.{self.ending}"'
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def link_header(self) -> str:
        page = self.request.build_absolute_uri(self.request.path)
        return f'<{page.rpartition("citation.")[0]}>; rel="describes"'


def cited(route: str, page: type[DetailPage], name: str) -> list:
    """The addresses of a page, of its picture and of its citations: `figures/<slug:slug>/citation.bib`."""
    return [*carded(route, page, name, citation_name=name), *citations(route, page, name)]


def citations(route: str, page: type[DetailPage], name: str) -> list:
    return [
        path(
            f"{route}citation.{ending}",
            type(f"{page.__name__}Citation", (Cited, page), {"ending": ending}).as_view(),
            name=f"{name}-{ending}",
        )
        for ending in WRITERS
    ]


class ClaimCitation(DetailPage):
    """A claim has its place on the page of its figure or source; only its citation has an address of its own."""

    listing = CLAIMS
