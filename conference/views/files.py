"""Sessions as files and calendars, as the pages link to them."""

from urllib.parse import urlsplit

from django.conf import settings

from conference.listings import SESSIONS
from content import languages
from content.presentation import with_query

PROGRAMME_FORMATS = [(made.label, ending, made.media_type) for ending, made in SESSIONS.formats.items()]


def files_of(edition, slugs: list[str], formats: list[tuple[str, str, str]]) -> list[dict]:
    """These sessions of an edition as files, in the language of the page."""
    pairs = [("edition", edition.slug), *(("slug", slug) for slug in slugs), ("lang", languages.current())]
    return [
        {"label": label, "url": with_query(f"/api/v1/sessions.{ending}", pairs), "type": media_type}
        for label, ending, media_type in formats
    ]


def calendar_of(edition, key: str, values: list[str]) -> str:
    """The sessions of an edition that a filter leaves, as a calendar file in the language of the page."""
    pairs = [("edition", edition.slug), *((key, value) for value in values), ("lang", languages.current())]
    return with_query("/api/v1/sessions.ics", pairs)


def calendar_links(url: str) -> dict[str, str]:
    """A calendar as a file, and by the scheme that makes a program follow it."""
    return {"url": url, "subscribe_url": f"webcal://{urlsplit(settings.SITE_URL).netloc}{url}"}
