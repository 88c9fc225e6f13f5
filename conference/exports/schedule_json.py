"""schedule.json as frab and pretalx write it, valid by the first of the two schemas of voc/schedule."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from conference.exports.timetable import (
    GENERATOR,
    TIME_SLOT,
    Day,
    Event,
    RoomHead,
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

SCHEMA = "https://c3voc.de/schedule/schema.json"
TEXTS = ("title", "subtitle", "abstract")


def to_schedule_json(head: ScheduleHead, rows: Iterable[Row]) -> Iterator[str]:
    timetable = Timetable(head, rows)
    schedule = {"version": str(head.version), "base_url": head.base_url, "conference": conference(timetable)}
    document = {"$schema": SCHEMA, "generator": {"name": GENERATOR, "url": head.base_url}, "schedule": schedule}
    yield json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def conference(timetable: Timetable) -> dict[str, Any]:
    head = timetable.head
    first, last = timetable.first_day, timetable.last_day
    return {
        "acronym": timetable.acronym,
        "title": head.title,
        "start": first.isoformat() if first else "",
        "end": last.isoformat() if last else "",
        "daysCount": len(timetable.days),
        "timeslot_duration": TIME_SLOT,
        "time_zone_name": head.time_zone,
        "url": head.url,
        "tracks": [{"name": name_of(track), "slug": slug(track["slug"])} for track in timetable.tracks],
        "rooms": [room_object(room, timetable) for room in head.rooms],
        "meta": {
            "language": head.language,
            "events": dict(more(event.row, head.language) for event in timetable.events),
        },
        "days": [day_object(day, timetable) for day in timetable.days],
    }


def room_object(room: RoomHead, timetable: Timetable) -> dict[str, Any]:
    """Under the name that no other room of the edition has; its own one, and where it is, are features."""
    features = {"name": " ".join(room.name.split()), "venue": " ".join(room.venue.split())}
    return {"name": timetable.room_names[room.id], "guid": room.id, "capacity": room.capacity, "features": features}


def more(row: Row, language: str) -> tuple[str, dict[str, Any]]:
    """What events of this format have no place for: their state, and texts that are in another language."""
    texts = {name: code for name, code in row["fallback"].items() if name in TEXTS and code != language}
    return row["id"], {"state": row["state"], **({"texts": texts} if texts else {})}


def day_object(day: Day, timetable: Timetable) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.start.isoformat(),
        "day_end": day.end.isoformat(),
        "rooms": {name: [event_object(event, name) for event in events] for name, events in day.rooms.items()},
    }


def event_object(event: Event, room: str) -> dict[str, Any]:
    row = event.row
    hours, minutes = divmod(event.minutes, 60)
    return {
        "guid": row["id"],
        "id": event.number,
        "date": event.start.isoformat(),
        "start": event.start.strftime("%H:%M"),
        **({"end": event.end.isoformat()} if event.end else {}),
        "duration": f"{hours:02}:{minutes:02}",
        "room": room,
        "slug": slug(row["slug"]),
        "url": address_of(row),
        "origin_url": row["url"],
        "title": row["title"] or "",
        "subtitle": row["subtitle"],
        "track": name_of(row["track"]) or None,
        "type": name_of(row["type"]),
        "language": ", ".join(row["languages"]) if row["languages"] else None,
        "abstract": row["abstract"],
        "description": None,
        "persons": [person_object(person, row) for person in persons_of(row)],
        "links": [*references(links_of(row)), *recording(row), *interpretation(row)],
        "attachments": references(attachments_of(row)),
    }


def person_object(person: Row, row: Row) -> dict[str, Any]:
    """The schema lets persons have more than it knows."""
    roles = [part["role"] for part in row["participations"] if part["speaker"]["id"] == person["id"]]
    return {"guid": person["id"], "name": person["name"] or "", "roles": roles}


def slug(text: str) -> str:
    """The schema takes no slug of one character."""
    return text if len(text) > 1 else f"{text}-{text}"


def references(links: list[Row]) -> list[dict[str, str]]:
    return [{"url": link["address"], "title": link["label"] or link["address"]} for link in links]


def recording(row: Row) -> list[dict[str, str]]:
    """The format has no other place for it."""
    return [{"url": row["recording_url"], "type": "media"}] if is_web_address(row["recording_url"]) else []


def interpretation(row: Row) -> list[dict[str, str]]:
    """The schema knows neither a type nor a key for it: the place on the session's page says what the link is."""
    return [
        {"url": f"{row['url']}#interpretation-{one['language']}", "title": one["label"], "type": "related"}
        for one in interpretation_of(row)
    ]
