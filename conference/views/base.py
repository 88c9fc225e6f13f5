"""What pages of this floor share: breadcrumbs, pages of an edition, lists shown whole, and what a record rests on."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import EDITIONS
from conference.presentation.cards import edition_card
from content import figure_presentation
from content.listing import Page, Selection
from content.presentation import reference_link, shown
from content.views.pages import DetailPage, find


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

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"statements": figure_presentation.statements(self.record)}


class OfEdition:
    """A page that belongs to an edition, which is looked up once and must be public.

    `list_page`: name and title of the page of the edition that lists what this one shows one of.
    """

    list_page: tuple[str, Any] | None = None

    def get(self, request, *args, **kwargs):
        self.edition = find(EDITIONS, self.kwargs["edition"])
        return self.prepared() or super().get(request, *args, **kwargs)

    def prepared(self):
        """What else has to be found before the page is made; another answer where it is not this page."""

    def listed_in(self):
        """Nothing where the edition itself is gone."""
        if self.list_page is None or not hasattr(self, "edition"):
            return super().listed_in()
        name, title = self.list_page
        return {"label": str(title), "url": reverse(name, args=[self.edition.slug])}

    def fixed(self):
        return {"edition": self.edition.slug}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"edition": self.edition}

    def picture(self, card):
        """Without one of its own, that of the edition."""
        if self.has_card:
            return super().picture(card)
        return f"{self.edition.get_absolute_url()}card.png", edition_card(self.edition).alt

    def breadcrumbs(self):
        return [top(), crumb(self.edition), *self.trail()]

    def trail(self) -> list[dict[str, Any]]:
        """The breadcrumbs below the edition."""
        return []
