"""A programme as apps for conferences read it: days, rooms and events. schedule.xml and schedule.json say the same."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

# A session as the API has it, with its own `address`.
Row = dict[str, Any]

GENERATOR = "brst-portal"
# The grid on which apps draw a day.
TIME_SLOT = "00:05"
LARGEST_NUMBER = 2**31 - 1
SHORTEST_ACRONYM = 4


@dataclass(frozen=True, slots=True)
class RoomHead:
    id: str
    name: str
    venue: str
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleHead:
    """What a schedule says of the whole. Addresses are absolute; `address` is that of the file itself.

    Dates are as precise as they are known. `version` is the number of the published schedule, 0 before the first;
    `rooms` are all of the edition in their order, whatever the rows are.
    """

    slug: str
    title: str
    start_date: str | None
    end_date: str | None
    time_zone: str
    version: int
    url: str
    address: str
    base_url: str
    rooms: tuple[RoomHead, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Event:
    """A session with a start. `number` is what apps that know no UUID tell it by."""

    row: Row
    number: int
    start: datetime
    end: datetime | None

    @property
    def minutes(self) -> int:
        # The difference of two wall times would be wrong by an hour when the clocks change between them.
        return int(self.end.timestamp() - self.start.timestamp()) // 60 if self.end else 0


@dataclass(slots=True)
class Day:
    """A day of the venue's calendar, with its events by the names of their rooms."""

    index: int
    date: date
    zone: ZoneInfo
    rooms: dict[str, list[Event]] = field(default_factory=dict)

    @property
    def start(self) -> datetime:
        starts = (event.start for event in self._events())
        return min(starts, key=datetime.timestamp, default=midnight(self.date, self.zone))

    @property
    def end(self) -> datetime:
        ends = (event.end or event.start for event in self._events())
        return max(ends, key=datetime.timestamp, default=midnight(self.date + timedelta(days=1), self.zone))

    def _events(self) -> Iterator[Event]:
        return (event for events in self.rooms.values() for event in events)


class Timetable:
    """The rows of one edition in the order of the formats: day, room, start.

    Sessions without a start, and those that were cancelled, have no place in these formats. Apps show as cancelled
    what a later file no longer has.
    """

    def __init__(self, head: ScheduleHead, rows: Iterable[Row]):
        self.head = head
        self.zone = ZoneInfo(head.time_zone)
        self.room_names = unique_names(head.rooms)
        self.room_ids = {name: id for id, name in self.room_names.items()}
        self.events = self._events([row for row in rows if row["start"] and row["state"] != "cancelled"])
        self.days = self._days()

    @property
    def acronym(self) -> str:
        """As both schemas take it: small letters, digits and underscores, four at least."""
        acronym = self.head.slug.replace("-", "_")
        return acronym if len(acronym) >= SHORTEST_ACRONYM else f"edition_{acronym}"

    @property
    def first_day(self) -> date | None:
        return full_date(self.head.start_date) or (self.days[0].date if self.days else None)

    @property
    def last_day(self) -> date | None:
        return full_date(self.head.end_date) or (self.days[-1].date if self.days else None)

    @property
    def tracks(self) -> list[dict[str, Any]]:
        """Each track once, in the order of its first event."""
        tracks = [event.row["track"] for event in self.events if event.row["track"]]
        return list({track["id"]: track for track in tracks}.values())

    def room_name(self, row: Row) -> str:
        """Empty for what is in no room, or in all."""
        return self.room_names[row["room"]["id"]] if row["room"] else ""

    def _events(self, rows: list[Row]) -> list[Event]:
        numbers = numbered(row["id"] for row in rows)
        events = [Event(row, numbers[row["id"]], self._moment(row["start"]), self._moment(row["end"])) for row in rows]
        return sorted(events, key=lambda event: event.start.timestamp())

    def _moment(self, text: str | None) -> datetime | None:
        return datetime.fromisoformat(text).astimezone(self.zone) if text else None

    def _days(self) -> list[Day]:
        dates = sorted({event.start.date() for event in self.events})
        # The schema asks for a day, also where nothing is planned yet.
        dates = dates or [earliest(self.head.start_date)]
        days = {day: Day(index, day, self.zone) for index, day in enumerate(dates, start=1)}
        names = ["", *self.room_names.values()]
        for event in sorted(self.events, key=lambda event: names.index(self.room_name(event.row))):
            days[event.start.date()].rooms.setdefault(self.room_name(event.row), []).append(event)
        return list(days.values())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def full_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and len(text) == len("2023-11-06") else None


def earliest(text: str | None) -> date:
    """The first day that a date may mean; where nothing is known, one that nobody takes for true."""
    return date.fromisoformat((text or "1970") + "-01-01"[len(text or "1970") - 4 :])


def unique_names(rooms: Iterable[RoomHead]) -> dict[str, str]:
    """Room id → its name; with the venue where two rooms share a name, and a number where that says too little."""
    rooms = list(rooms)
    named = {room.id: " ".join(room.name.split()) for room in rooms}
    shared = Counter(name.casefold() for name in named.values())
    seen: Counter[str] = Counter()
    for room in rooms:
        if shared[named[room.id].casefold()] > 1:
            named[room.id] = f"{named[room.id]} ({' '.join(room.venue.split())})"
        seen[named[room.id].casefold()] += 1
        if seen[named[room.id].casefold()] > 1:
            named[room.id] += f" {seen[named[room.id].casefold()]}"
    return named


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """A number of 31 bits for each UUID, the same in every file unless two happen to share one."""
    numbers: dict[str, int] = {}
    taken: set[int] = set()
    for id in sorted(ids):
        number = UUID(id).int % LARGEST_NUMBER + 1
        while number in taken:
            number = number % LARGEST_NUMBER + 1
        taken.add(number)
        numbers[id] = number
    return numbers


def persons_of(row: Row) -> list[dict[str, Any]]:
    """Everyone who takes part, once; the formats know no roles."""
    return list({part["speaker"]["id"]: part["speaker"] for part in row["participations"]}.values())


def links_of(row: Row) -> list[Row]:
    return [link for link in row["links"] if link["kind"] != "attachment"]


def attachments_of(row: Row) -> list[Row]:
    return [link for link in row["links"] if link["kind"] == "attachment"]


def interpretation_of(row: Row) -> list[dict[str, str]]:
    """In what can be followed beside the languages of the floor: `language`, `label`, and `address` where it is heard.

    Neither format has a place for it. Where there is no stream, the session's own page says how.
    """
    return [
        {
            "language": offered["language"],
            "label": ", ".join(filter(None, [offered["language"], offered["mode"], offered["channel"]])),
            "address": offered["stream"] if is_web_address(offered["stream"]) else row["url"],
        }
        for offered in row["interpretation"]
    ]


def address_of(row: Row) -> str:
    """The website of the session where it has one, else its page."""
    return row["address"] if is_web_address(row["address"]) else row["url"]


def is_web_address(text: str | None) -> bool:
    return bool(text) and text.startswith(("http://", "https://"))


def name_of(reference: dict[str, Any] | None) -> str:
    return (reference["name"] or "") if reference else ""
