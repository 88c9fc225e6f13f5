"""iCalendar (RFC 5545, with the name of RFC 7986). What two polls give differs only where the data do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vText

from content.exports.plain_text import plain_text, readable

Row = dict[str, Any]

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//brst-portal//Calendar//EN"
# How often a calendar that follows should ask again.
REFRESH = timedelta(hours=1)
END = "END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class ZoneHead:
    """A time zone of the calendar, with the days between which it is used."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CalendarHead:
    """`host` makes the identifiers of events the portal's own; `language` is a code of the portal."""

    name: str
    language: str
    host: str
    zones: tuple[ZoneHead, ...]


def to_calendar(head: CalendarHead, rows: Iterable[Row]) -> Iterator[str]:
    """The calendar of the sessions that have a start, or had one before the latest schedule took them out.

    A row is that of the API, with `sequence` (how often its place was changed by a published schedule), `changed_at`
    (an instant), `coordinates` of the venue, and `remarks` (lines for its reader).
    """
    yield calendar(head).to_ical().decode().removesuffix(END)
    for zone in head.zones:
        if zone.name != "UTC":
            yield time_zone(zone.name, zone.first.year, zone.last.year)
    for row in rows:
        if row["start"] or row["previous_start"]:
            yield event(row, head).to_ical().decode()
    yield END


def calendar(head: CalendarHead) -> Calendar:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    # The library knows neither of the two, and would write commas and line ends as they are.
    name = vText(" ".join(readable(head.name).split()))
    made.add("name", name, parameters={"LANGUAGE": language_tag(head.language)})
    made.add("x-wr-calname", vText(name))
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    return made


def event(row: Row, head: CalendarHead) -> Event:
    zone = UTC if row["time_zone"] == "UTC" else ZoneInfo(row["time_zone"])
    changed_at = datetime.fromisoformat(row["changed_at"])
    made = Event()
    made.add("uid", f"{row['id']}@{head.host}")
    made.add("dtstamp", changed_at)
    made.add("last-modified", changed_at)
    made.add("sequence", row["sequence"])
    # Whoever follows the calendar must hear of what was taken out: it is cancelled where it was last.
    taken_out = not row["start"]
    made.add("status", "CANCELLED" if taken_out else row["state"].upper())
    start, end = (row[f"previous_{name}" if taken_out else name] for name in ("start", "end"))
    made.add("dtstart", datetime.fromisoformat(start).astimezone(zone))
    if end:
        made.add("dtend", datetime.fromisoformat(end).astimezone(zone))
    made.add("url", row["url"])
    if row["coordinates"]:
        made.add("geo", tuple(row["coordinates"]))
    for name, text, parameters in own_properties(row, head.language):
        made.add(f"x-portal-{name}", vText(readable(text)), parameters=parameters)
    for name, text, language in texts(row, head.language):
        if text:
            made.add(name, readable(text), parameters={"LANGUAGE": language_tag(language)})
    if categories := [named["name"] for named in (row["type"], row["track"], row["section"]) if named]:
        made.add("categories", [" ".join(readable(name).split()) for name in categories if name])
    return made


def texts(row: Row, language: str) -> Iterator[tuple[str, str, str]]:
    """Property, text, and the language that the text is really in."""
    yield "summary", row["title"], row["fallback"].get("title", language)
    abstract = plain_text(row["abstract"] or "")
    paragraphs = [row["subtitle"], "\n".join(row["remarks"]), abstract]
    yield "description", "\n\n".join(filter(None, paragraphs)), row["fallback"].get("abstract", language)
    places = [named["name"] for named in (row["room"] or row["previous_room"], row["venue"]) if named]
    yield "location", ", ".join(filter(None, places)), language


Own = tuple[str, str | None, dict[str, str]]


def own_properties(row: Row, language: str) -> Iterator[Own]:
    """What the standard has no property for, so that an import of the calendar gives back what is on file."""
    own = [*own_texts(row, language), *own_places(row), *own_persons(row), *own_addresses(row)]
    return ((name, text, parameters) for name, text, parameters in own if text)


def own_texts(row: Row, language: str) -> Iterator[Own]:
    for name in ("subtitle", "abstract"):
        yield name, row[name], {"LANGUAGE": language_tag(row["fallback"].get(name, language))}
    yield "languages", ", ".join(row["languages"] or ()), {}


def own_places(row: Row) -> Iterator[Own]:
    for name in ("type", "track"):
        if row[name]:
            yield name, row[name]["name"], {"X-SLUG": row[name]["slug"]}
    if row["room"]:
        yield "room", row["room"]["name"], {"X-GUID": row["room"]["id"]}
        yield "venue", row["venue"]["name"], {}


def own_persons(row: Row) -> Iterator[Own]:
    for part in row["participations"]:
        yield "person", part["speaker"]["name"], {"X-GUID": part["speaker"]["id"], "ROLE": part["role"].upper()}


def own_addresses(row: Row) -> Iterator[Own]:
    for link in row["links"]:
        yield "link", f"{link['address']} {link['label'] or ''}".strip(), {"X-KIND": link["kind"]}
    yield "recording", row["recording_url"], {}
    yield "website", row["address"], {}


def language_tag(code: str) -> str:
    """With the script as RFC 5646 writes it: zh-Hans."""
    return "-".join(part.title() if len(part) == 4 else part for part in code.split("-"))


# ── time zones ─────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=200)
def time_zone(name: str, first_year: int, last_year: int) -> str:
    """VTIMEZONE with each change of clocks in these years."""
    zone = ZoneInfo(name)
    # A day more on either side: years begin and end at another instant there.
    begin, end = datetime(first_year - 1, 12, 31, tzinfo=UTC), datetime(last_year + 1, 1, 2, tzinfo=UTC)
    made = Timezone()
    made.add("tzid", name)
    made.add_component(observance(begin, zone, begin.astimezone(zone).utcoffset()))
    for moment in changes(zone, begin, end):
        before = (moment - timedelta(seconds=1)).astimezone(zone).utcoffset()
        made.add_component(observance(moment, zone, before))
    return made.to_ical().decode()


def changes(zone: tzinfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the clocks or their name change, to the second."""
    day = begin
    while day < end:
        following = day + timedelta(days=1)
        if clock(day, zone) != clock(following, zone):
            yield first_with(clock(following, zone), day, following, zone)
        day = following


def first_with(wanted: tuple, before: datetime, after: datetime, zone: tzinfo) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if clock(middle, zone) == wanted:
            after = middle
        else:
            before = middle
    return after


def clock(moment: datetime, zone: tzinfo) -> tuple:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def observance(moment: datetime, zone: tzinfo, before: timedelta):
    """Its start is told by the clocks as they were before it."""
    local = moment.astimezone(zone)
    made = TimezoneDaylight() if local.dst() else TimezoneStandard()
    made.add("dtstart", (moment + before).replace(tzinfo=None))
    made.add("tzoffsetfrom", before)
    made.add("tzoffsetto", local.utcoffset())
    made.add("tzname", local.tzname())
    return made
