"""schedule.xml, valid by the schema of voc/schedule, which `docs/formats.md` compares with what the portal knows."""

import re
from collections.abc import Iterable, Iterator

from conference.exports.timetable import (
    GENERATOR,
    TIME_SLOT,
    Day,
    Event,
    Row,
    ScheduleHead,
    Timetable,
    address_of,
    attachments_of,
    interpretation_of,
    is_web_address,
    links_of,
    name_of,
    persons_of,
)
from content.exports.markup import DECLARATION, element, written

# A slug that apps may put before those of other conferences; one of another form is left out.
SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9_-]{4,}")
TRACK_SLUG = re.compile(r"[a-z][a-z0-9-]+")
INTERPRETATION = "interpretation"
LONGEST = 99 * 60 + 59


def to_schedule_xml(head: ScheduleHead, rows: Iterable[Row]) -> Iterator[str]:
    timetable = Timetable(head, rows)
    yield f"{DECLARATION}<schedule>\n"
    yield written(element("generator", name=GENERATOR, system=head.base_url), 1)
    yield written(element("url", head.address), 1)
    yield written(element("version", str(head.version)), 1)
    yield written(conference(timetable), 1)
    for day in timetable.days:
        yield written(day_element(day, timetable), 1)
    yield "</schedule>\n"


def conference(timetable: Timetable):
    head = timetable.head
    first, last = timetable.first_day, timetable.last_day
    return element(
        "conference",
        None,
        element("acronym", timetable.acronym),
        element("title", head.title),
        element("start", first.isoformat()) if first else None,
        element("end", last.isoformat()) if last else None,
        element("days", str(len(timetable.days))),
        element("timeslot_duration", TIME_SLOT),
        element("base_url", head.base_url),
        element("url", head.url),
        element("time_zone_name", head.time_zone),
        *(track_element(track) for track in timetable.tracks),
    )


def track_element(track: Row):
    slug = track["slug"] if TRACK_SLUG.fullmatch(track["slug"]) else None
    return element("track", name_of(track), name=name_of(track), slug=slug)


def day_element(day: Day, timetable: Timetable):
    rooms = [
        element(
            "room",
            None,
            *(event_element(event, name) for event in events),
            name=name,
            guid=timetable.room_ids.get(name),
        )
        for name, events in day.rooms.items()
    ]
    span = {"start": day.start.isoformat(), "end": day.end.isoformat()}
    return element("day", None, *rooms, index=str(day.index), date=day.date.isoformat(), **span)


def event_element(event: Event, room: str):
    row = event.row
    return element(
        "event",
        None,
        element("room", room),
        element("title", row["title"]),
        element("subtitle", row["subtitle"]) if row["subtitle"] else None,
        element("type", name_of(row["type"])),
        element("date", event.start.isoformat()),
        element("start", event.start.strftime("%H:%M")),
        element("duration", duration_text(event.minutes)),
        element("abstract", row["abstract"]),
        element("slug", row["slug"]) if SLUG.fullmatch(row["slug"]) else None,
        element("track", name_of(row["track"])),
        persons(row),
        element("language", ", ".join(row["languages"])) if row["languages"] else None,
        recording(row),
        element("links", None, *(link_element("link", link) for link in links_of(row)), *interpretation(row)),
        element("attachments", None, *(link_element("attachment", link) for link in attachments_of(row))),
        element("url", address_of(row)),
        element("origin_url", row["url"]),
        guid=row["id"],
        id=str(event.number),
    )


def duration_text(minutes: int) -> str:
    """`HH:MM`, which ends at 99:59."""
    hours, minutes = divmod(min(minutes, LONGEST), 60)
    return f"{hours:02}:{minutes:02}"


def persons(row: Row):
    return element(
        "persons", None, *(element("person", person["name"], guid=person["id"]) for person in persons_of(row))
    )


def recording(row: Row):
    """Whether and under what licence sessions are recorded is not on file; where the recording is may be."""
    if not is_web_address(row["recording_url"]):
        return None
    return element(
        "recording", None, element("license"), element("optout", "false"), element("url", row["recording_url"])
    )


def interpretation(row: Row):
    """Links of a type of their own, with the language as their service, since an event has no other element for it."""
    return [
        element("link", one["label"], href=one["address"], type=INTERPRETATION, service=one["language"])
        for one in interpretation_of(row)
    ]


def link_element(tag: str, link: Row):
    return element(tag, link["label"] or link["address"], href=link["address"], type=link["kind"])
