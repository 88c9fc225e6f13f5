"""What is typeset on its way out: set when the snapshot is closed, a few at a time, and kept for whoever asks next."""

import logging
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from content.exports.shelf import Shelf
from content.exports.typeset import Typeset, unpack_fonts

logger = logging.getLogger(__name__)

SECONDS_TO_WAIT = 20
SECONDS_TO_COME_BACK = 10


class TooBusy(Exception):
    """More is asked for than can be set now."""


@dataclass
class Press:
    """Setting something holds a core, and whoever waits for it a thread: one at a time in each process, and few wait.

    What was made is kept, `bytes_kept` of it at the most.
    """

    name: str
    bytes_kept: int
    most_at_once: int
    places: threading.BoundedSemaphore = field(init=False)
    lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self):
        self.places = threading.BoundedSemaphore(self.most_at_once)

    def shelf(self) -> Shelf:
        return Shelf(settings.PRINT_ROOT / self.name, self.bytes_kept)

    @contextmanager
    def at_work(self):
        """Raises TooBusy."""
        if not self.places.acquire(blocking=False):
            raise TooBusy
        try:
            if not self.lock.acquire(timeout=SECONDS_TO_WAIT):
                raise TooBusy
            try:
                yield
            finally:
                self.lock.release()
        finally:
            self.places.release()


BOOKLETS = Press("booklets", bytes_kept=100_000_000, most_at_once=2)
# A process has four threads (env.THREADS_PER_WORKER): no press may hold them all, or no page would come meanwhile.
CARDS = Press("cards", bytes_kept=100_000_000, most_at_once=2)


class TypesetResponse(HttpResponse):
    """`key` names everything that the file depends on; `typeset` makes it and reads no rows."""

    def __init__(self, press: Press, key: str, media_type: str, typeset: Callable[..., Typeset] | None):
        super().__init__(content_type=media_type)
        self.press = press
        self.key = key
        self.typeset = typeset

    def after_snapshot(self) -> HttpResponse:
        """The response with its content, or one that asks to come back later."""
        if self.typeset is None:
            return self
        try:
            with self.press.at_work():
                # Somebody before in the queue may have asked for the same.
                self.content = self.press.shelf().get(self.key) or self.made()
        except TooBusy:
            return come_back_later()
        return self

    def made(self) -> bytes:
        found = self.typeset(fonts=unpack_fonts(settings.PRINT_ROOT / "fonts"))
        if found.missing:
            # Numbers alone: a text that isn't public is nobody's business, and neither is it a log's.
            names = ", ".join(f"U+{ord(character):04X}" for character in sorted(found.missing))
            logger.warning("No font has these characters of what was set for print: %s", names)
        if found.problem:
            logger.warning("What was set for print is not as accessible as it should be: %s", found.problem)
        self.press.shelf().put(self.key, found.content)
        return found.content


def typeset_response(
    press: Press, key: str, media_type: str, prepare: Callable[[], Callable[..., Typeset]]
) -> TypesetResponse:
    """From the shelf, or else with what `prepare` reads from the database now, to be set later."""
    kept = press.shelf().get(key)
    response = TypesetResponse(press, key, media_type, None if kept else prepare())
    if kept:
        response.content = kept
    return response


def come_back_later() -> HttpResponse:
    words = _("Much is being printed at this moment. Please ask again in a few seconds.")
    response = HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    # The first tells programs, the second lets a browser ask again by itself.
    response["Retry-After"] = response["Refresh"] = str(SECONDS_TO_COME_BACK)
    response["Cache-Control"] = "no-store"
    return response
