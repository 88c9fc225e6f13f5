"""What pages of this floor share: breadcrumbs, pages of an edition, lists shown whole, and what a record rests on."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import EDITIONS
from conference.presentation import records
from content import languages
from content.listing import Listing, Page, Selection
from content.models import Claim, Figure
from content.presentation import reference_link, shown
from content.views.pages import DetailPage, find


def asked(listing: Listing, **conditions: str) -> Selection:
    """The rows of a collection as its list would show them with these filters."""
    parameters = QueryDict(mutable=True)
    parameters.update(conditions)
    return listing.select(parameters, languages.current())


def crumb(record) -> dict[str, Any]:
    link = reference_link(record)
    return {"label": link["text"], "url": link["url"], "lang": link["lang"], "dir": link["dir"]}


def here(label: str, lang: str = "", direction: str = "") -> dict[str, Any]:
    """The end of the breadcrumbs: the page itself."""
    return {"label": label, "lang": lang, "dir": direction}


def here_is(record, field: str) -> dict[str, Any]:
    text = shown(record, field)
    return here(text.text, text.lang, text.dir)


def top() -> dict[str, Any]:
    return {"label": _("Conference"), "url": reverse("editions")}


class WholeList:
    """A list whose rows all stand on one page, so that each can be pointed to there."""

    def page(self, selection: Selection) -> Page:
        return Page(list(self.listing.serializer.related(selection.all())), None, None)


class RecordPage(DetailPage):
    """A record with the statements that it rests on."""

    def find(self):
        return find(self.listing, self.kwargs["slug"])

    def get_record(self):
        record = self.find()
        statements = (
            Claim.objects.published()
            .select_related("source")
            .prefetch_related(Prefetch("figure", queryset=Figure.objects.published()))
        )
        prefetch_related_objects([record], Prefetch("statements", queryset=statements))
        return record

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"statements": records.statements(self.record)}


class OfEdition:
    """A page that belongs to an edition, which is looked up once and must be public."""

    def get(self, request, *args, **kwargs):
        self.edition = find(EDITIONS, self.kwargs["edition"])
        return super().get(request, *args, **kwargs)

    def fixed(self):
        return {"edition": self.edition.slug}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"edition": self.edition}

    def breadcrumbs(self):
        return [top(), crumb(self.edition), *self.trail()]

    def trail(self) -> list[dict[str, Any]]:
        """The breadcrumbs below the edition."""
        return []
