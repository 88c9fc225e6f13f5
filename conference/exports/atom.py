"""Sessions as an Atom feed (RFC 4287), for readers that follow a programme: the last changed come first.

An entry's id is the UUID of the session, and its instants are those of the data, so that two polls are the same to the
byte while nothing changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from content.exports.markup import DECLARATION, XML_LANG, element, written

Row = dict[str, Any]

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NAMESPACE = "http://www.w3.org/2005/Atom"
NEVER = "1970-01-01T00:00:00Z"
RIGHTS = "CC BY 4.0"


@dataclass(frozen=True, slots=True)
class FeedHead:
    """`address` is that of the feed itself, `url` that of the page about the same; `language` is a language tag."""

    title: str
    language: str
    address: str
    url: str


def to_atom(head: FeedHead, rows: Iterable[Row]) -> Iterator[str]:
    """A row is that of a calendar: as the API has it, with `changed_at` (an instant) and `remarks` (lines)."""
    ordered = sorted(rows, key=lambda row: (row["changed_at"], row["id"]), reverse=True)
    return feed(head, ordered[0]["changed_at"] if ordered else NEVER, [entry(row, head) for row in ordered])


def to_versions_feed(head: FeedHead, rows: Iterable[Row]) -> Iterator[str]:
    """Of the versions of a programme, the newest first. `content` of a row is HTML; instants are as in the API."""
    rows = list(rows)
    return feed(head, max((row["updated"] for row in rows), default=NEVER), [version_entry(row) for row in rows])


def version_entry(row: Row):
    return element(
        "entry",
        None,
        element("title", row["title"]),
        element("id", f"urn:uuid:{row['id']}"),
        element("link", None, rel="alternate", href=row["url"], type="text/html"),
        element("published", row["published"]),
        element("updated", row["updated"]),
        element("content", row["content"], type="html"),
    )


def feed(head: FeedHead, updated: str, entries: list) -> Iterator[str]:
    made = element(
        "feed",
        None,
        element("title", head.title),
        element("id", head.address),
        element("link", None, rel="self", href=head.address, type="application/atom+xml"),
        element("link", None, rel="alternate", href=head.url, type="text/html"),
        element("updated", updated),
        element("rights", RIGHTS),
        element("author", None, element("name", head.title)),
        *entries,
        xmlns=NAMESPACE,
    )
    made.set(XML_LANG, head.language)
    yield DECLARATION
    yield written(made)


def entry(row: Row, head: FeedHead):
    title = element("title", row["title"])
    title.set(XML_LANG, row["fallback"].get("title", head.language))
    return element(
        "entry",
        None,
        title,
        element("id", f"urn:uuid:{row['id']}"),
        element("link", None, rel="alternate", href=row["url"], type="text/html"),
        element("updated", row["changed_at"]),
        *(element("category", None, term=named["slug"], label=named["name"]) for named in categories(row)),
        element("summary", "\n".join([*place(row), *row["remarks"]])),
    )


def categories(row: Row) -> list[Row]:
    return [named for named in (row["type"], row["track"], row["section"]) if named]


def place(row: Row) -> Iterator[str]:
    """When and where in the venue's time, and the state where it is not simply confirmed."""
    if row["start"]:
        zone = ZoneInfo(row["time_zone"])
        start = datetime.fromisoformat(row["start"]).astimezone(zone)
        end = datetime.fromisoformat(row["end"]).astimezone(zone) if row["end"] else None
        yield f"{start:%Y-%m-%d %H:%M}{f'–{end:%H:%M}' if end else ''} ({row['time_zone']})"
    if where := ", ".join(named["name"] for named in (row["room"], row["venue"]) if named and named["name"]):
        yield where
    if row["state_name"]:
        yield row["state_name"]
