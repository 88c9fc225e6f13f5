"""The picture of a page at `card.png` below its address, by the same rules as the page."""

import hashlib
import json
from functools import partial

from django.conf import settings
from django.urls import path

from content.exports.cards import MEDIA_TYPE, to_card
from content.views.pages import PublicPage
from content.views.printing import CARDS, typeset_response


class Pictured:
    """Before the class of a page: the same record, or the same refusal, but its picture instead of the page."""

    parameters = ()
    # Of a page that tells what is on now, the picture does not.
    fresh_minutes = 0

    def get_context_data(self, **kwargs):
        return {}

    def render_to_response(self, context, **kwargs):
        words = self.card().words()
        # The same words make the same picture, however often the portal changes elsewhere.
        key = hashlib.sha256(json.dumps([words, settings.RELEASE], sort_keys=True).encode()).hexdigest()
        return typeset_response(CARDS, key, MEDIA_TYPE, lambda: partial(to_card, words))

    def link_header(self) -> str:
        page = self.request.build_absolute_uri(self.request.path)
        return f'<{page.removesuffix("card.png")}>; rel="describes"'


def card(route: str, page: type[PublicPage], name: str, **more):
    """The address of the picture alone; `more` are attributes of its view."""
    view = type(f"{page.__name__}Card", (Pictured, page), more)
    return path(f"{route}card.png", view.as_view(), name=f"{name}-card")


def carded(route: str, page: type[PublicPage], name: str, **initial) -> list:
    """The addresses of a page and of its picture."""
    return [path(route, page.as_view(has_card=True, **initial), name=name), card(route, page, name)]
