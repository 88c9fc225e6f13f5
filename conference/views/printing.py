"""Booklets on their way out: set when the snapshot is closed, a few at a time, and kept for whoever asks next."""

import logging
import threading
from collections.abc import Callable
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from content.exports.shelf import Shelf
from content.exports.typeset import MEDIA_TYPE, Typeset, unpack_fonts

logger = logging.getLogger(__name__)

BYTES_KEPT = 100_000_000
# Setting a booklet holds a core, and whoever waits for it a thread: one at a time in each process, and one who waits.
MOST_AT_ONCE = 2
SECONDS_TO_WAIT = 20
SECONDS_TO_COME_BACK = 10

press = threading.Lock()
places = threading.BoundedSemaphore(MOST_AT_ONCE)


class TooBusy(Exception):
    """More booklets are asked for than can be set now."""


@contextmanager
def at_the_press():
    """Raises TooBusy."""
    if not places.acquire(blocking=False):
        raise TooBusy
    try:
        if not press.acquire(timeout=SECONDS_TO_WAIT):
            raise TooBusy
        try:
            yield
        finally:
            press.release()
    finally:
        places.release()


def shelf() -> Shelf:
    return Shelf(settings.PRINT_ROOT / "booklets", BYTES_KEPT)


class BookletResponse(HttpResponse):
    """A PDF. `key` names everything that it depends on; `typeset` makes it and reads no rows."""

    def __init__(self, key: str, file_name: str, typeset: Callable[..., Typeset] | None):
        super().__init__(content_type=MEDIA_TYPE)
        self.key = key
        self.typeset = typeset
        self["Content-Disposition"] = f'inline; filename="{file_name}"'

    def after_snapshot(self) -> HttpResponse:
        """The response with its content, or one that asks to come back later."""
        if self.typeset is None:
            return self
        try:
            with at_the_press():
                # Somebody before in the queue may have asked for the same.
                self.content = shelf().get(self.key) or self.made()
        except TooBusy:
            return come_back_later()
        return self

    def made(self) -> bytes:
        found = self.typeset(fonts=unpack_fonts(settings.PRINT_ROOT / "fonts"))
        if found.missing:
            # Numbers alone: a text that isn't public is nobody's business, and neither is it a log's.
            names = ", ".join(f"U+{ord(character):04X}" for character in sorted(found.missing))
            logger.warning("No font has these characters of a booklet: %s", names)
        if found.problem:
            logger.warning("A booklet is not as accessible as it should be: %s", found.problem)
        shelf().put(self.key, found.pdf)
        return found.pdf


def booklet_response(key: str, file_name: str, prepare: Callable[[], Callable[..., Typeset]]) -> BookletResponse:
    """From the shelf, or else with what `prepare` reads from the database now, to be set later."""
    kept = shelf().get(key)
    response = BookletResponse(key, file_name, None if kept else prepare())
    if kept:
        response.content = kept
    return response


def come_back_later() -> HttpResponse:
    words = _("Many booklets are being made at this moment. Please ask again in a few seconds.")
    response = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    # The first tells programs, the second lets a browser ask again by itself.
    response["Retry-After"] = response["Refresh"] = str(SECONDS_TO_COME_BACK)
    response["Cache-Control"] = "no-store"
    return response
