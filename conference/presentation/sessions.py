"""A programme as words ready to show: flat dicts, so that a page of a thousand sessions is made at once."""

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_gmt, get_timezone_location, get_timezone_name
from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.choices import ParticipationRole, SlotState
from conference.grid import clock_text, day_grid, offset_text
from conference.models import (
    Edition,
    Participation,
    Room,
    RoomInterpretation,
    Session,
    SessionInterpretation,
    SessionType,
    Slot,
    Track,
)
from conference.presentation.rooms import in_the_room, is_open_all_along, open_by_room, room_words, with_address
from content import languages
from content.presentation import (
    day_text,
    day_without_year_text,
    language_name,
    listed,
    locale,
    number_text,
    phrase,
    short_day_text,
    shown,
)
from content.publication import window

TITLES = [languages.column("title", code) for code in languages.CODES]
PREVIOUS = ("previous_start", "previous_end", "previous_room_id")
NAMES = [languages.column("person__name", code) for code in languages.CODES]


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_text(zone: ZoneInfo, moment: datetime) -> str:
    """A time zone in words with its distance from UTC at that moment: China Standard Time, UTC+8."""
    local = moment.astimezone(zone)
    language = locale(languages.current())
    name = get_timezone_name(local, width="long", locale=language)
    if name == get_timezone_gmt(local, width="long", locale=language):
        # Some zones have no name of their own: the place's stands in, as in Nepal Time.
        name = get_timezone_location(zone, locale=language)
    return _("%(zone)s, %(offset)s") % {"zone": name, "offset": offset_text(local.utcoffset() or timedelta())}


def end_label(start: datetime, end: datetime | None, zone: ZoneInfo) -> str:
    if end is None:
        return ""
    local = end.astimezone(zone)
    text = clock_text(local)
    # What ends at midnight or in the night belongs to the evening before.
    if instant(end) - instant(start) < timedelta(hours=12) or local.date() == start.astimezone(zone).date():
        return text
    return f"{short_day_text(local.date())}, {text}"


def instant(moment: datetime) -> datetime:
    """In UTC, so that differences are hours that pass and not hours on a clock that changes."""
    return moment.astimezone(UTC)


CODE_LENGTH = 6
# Days beyond which an edition's empty days say nothing.
LONGEST_EDITION = 14


def code_of(uuid: UUID) -> str:
    """A session in six characters, for short links and for the device that remembers it: the same for ever.

    Made from the identifier, which stays when a slug changes, and evenly spread even where an import numbered its
    identifiers: that two of a thousand share one has a chance of one in a hundred thousand.
    """
    return urlsafe_b64encode(sha256(uuid.bytes).digest())[:CODE_LENGTH].decode()


class Programme:
    """The sessions of an edition that a query asks for, as flat dicts, in order of time.

    It takes seven queries however many sessions there are. Rooms, tracks and types are told by name alone; persons
    and tracks that are not public are left out.
    """

    def __init__(self, rows: QuerySet, edition: Edition, zone: ZoneInfo, now: datetime):
        self.edition = edition
        self.zone = zone
        self.now = now
        self.address = reverse("session", args=[edition.slug, "-"]).removesuffix("-/")
        self.rows = self.flat(rows)
        ids = [row.id for row in self.rows]
        self.rooms = self.rooms_of(self.rows)
        self.tracks = {
            track.pk: shown(track, "name").__html__()
            for track in Track.objects.published().filter(edition=edition).only("pk", *name_columns())
        }
        self.types = {one.pk: one for one in SessionType.objects.all()}
        self.speakers = self.speakers_of(ids)
        self.interpretation = grouped(SessionInterpretation.objects.filter(session__in=ids), "session_id", "language")
        self.room_interpretation = grouped(
            RoomInterpretation.objects.filter(room__in=[room for room in self.rooms if room]), "room_id", "language"
        )
        self.sessions = sorted((self.session(row) for row in self.rows), key=in_time)

    @classmethod
    def at_venue(cls, rows: QuerySet, edition: Edition, now: datetime):
        return cls(rows, edition, ZoneInfo(edition.time_zone), now)

    def moment(self) -> datetime:
        """The first start, for what a zone is called then; now where there is none."""
        return next((session["start"] for session in self.sessions if session["start"]), self.now)

    def flat(self, rows: QuerySet) -> list:
        slot = {name: F(f"current__{name}") for name in ("room_id", *PREVIOUS)}
        own = ("id", "uuid", "slug", "parent_id", "sample", "languages", "track_id", "type_id")
        placed = ("start", "end", "slot_state")
        return list(rows.annotate(**slot).values_list(*own, *placed, *slot, *TITLES, named=True))

    def rooms_of(self, rows: Iterable) -> dict[int | None, dict[str, Any]]:
        ids = {room for row in rows for room in (row.room_id, row.previous_room_id) if room}
        found = with_address(Room.objects.filter(pk__in=ids)).select_related("venue")
        found = found.order_by("venue__slug", "position", "id")
        several = len({room.venue_id for room in found}) > 1
        rooms = {room.pk: room_words(room, self.edition, several) for room in found}
        return rooms | {None: {"id": None, "name": _("Room not recorded"), "languages": None}}

    def speakers_of(self, ids: list[int]) -> dict[int, str]:
        """Names, as each session lists them, a person who has two roles once."""
        parts = (
            Participation.objects.filter(window("person__"), session__in=ids)
            .exclude(role=ParticipationRole.INTERPRETER)
            .order_by("session_id", "position", "id")
            .values_list("session_id", *NAMES, named=True)
        )
        names = defaultdict(dict)
        for part in parts:
            names[part.session_id][shown(part, "person__name").text] = True
        return {session: listed(found) for session, found in names.items()}

    def session(self, row) -> dict[str, Any]:
        kind = self.types.get(row.type_id)
        title = shown(row, "title")
        room = self.rooms[row.room_id]
        start = row.start and row.start.astimezone(self.zone)
        end = row.end and row.end.astimezone(self.zone)
        spans = bool(kind and kind.spans_rooms)
        return {
            "slug": row.slug,
            "parent_id": row.parent_id,
            "code": code_of(row.uuid),
            "url": f"{self.address}{row.slug}/",
            "title": title.text,
            "lang": title.lang,
            "dir": title.dir,
            "start": start,
            "end": end,
            "day": start and start.date(),
            "datetime_start": start.isoformat(timespec="minutes") if start else "",
            "start_label": clock_text(start) if start else "",
            "end_label": end_label(start, end, self.zone) if start else "",
            "when": minutes_text(start, end, row.slot_state),
            "room_id": row.room_id,
            "room": self.room_label(row, spans),
            "type": shown(kind, "name").__html__() if kind else "",
            "track": self.tracks.get(row.track_id, ""),
            "languages": self.languages_of(row, room),
            "state": row.slot_state or "",
            "is_removed": row.slot_state == "",
            "is_now": self.is_now(row),
            "is_plenary": spans and not kind.is_break,
            "is_break": bool(kind and kind.is_break),
            "is_gone": False,
            "spans": spans,
            "previous_start": row.previous_start,
            "previous_end": row.previous_end,
            "previous_room_id": row.previous_room_id,
            "moved_from": self.moved_from(row),
            "speakers": self.speakers.get(row.id, ""),
            # Of an edition that is invented as a whole, the page says so once.
            "sample": row.sample and not self.edition.sample,
        }

    def room_label(self, row, spans: bool) -> str:
        if row.room_id:
            return self.rooms[row.room_id]["name"]
        return _("All rooms") if spans else ""

    def is_now(self, row) -> bool:
        if row.slot_state == SlotState.CANCELLED or not row.start or not row.end:
            return False
        return row.start <= self.now < row.end

    def languages_of(self, row, room: dict[str, Any]) -> list[str]:
        """Codes of the floor first, then of the interpretation."""
        floor, offered = self.floor_and_offered(row, room)
        return list(dict.fromkeys(tag.partition("-")[0].upper() for tag in (*floor, *offered)))

    def floor_and_offered(self, row, room: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Tags of what is spoken, and of what is interpreted into; the room's where the session says nothing."""
        floor = row.languages if row.languages is not None else room["languages"]
        offered = self.interpretation.get(row.id) or self.room_interpretation.get(row.room_id, [])
        return list(floor or ()), offered

    def moved_from(self, row) -> str:
        """Where and when it was before, as far as that differs."""
        if not row.previous_start and row.slot_state == "" and row.previous_room_id:
            return self.rooms[row.previous_room_id]["name"]
        if not row.previous_start or (row.previous_start, row.previous_room_id) == (row.start, row.room_id):
            return ""
        words = []
        if row.previous_room_id != row.room_id and row.previous_room_id:
            words.append(self.rooms[row.previous_room_id]["name"])
        if row.previous_start != row.start:
            before = row.previous_start.astimezone(self.zone)
            if row.start is None or before.date() != row.start.astimezone(self.zone).date():
                words.append(short_day_text(before.date()))
            words.append(clock_text(before))
        return phrase(*words)

    def days(self) -> list[dict[str, Any]]:
        """The sessions by the day on which they start in the zone shown."""
        found = defaultdict(list)
        for session in self.sessions:
            if session["day"]:
                found[session["day"]].append(session)
        return [self.day(day, sessions) for day, sessions in sorted(found.items())]

    def all_days(self) -> list[dict[str, Any]]:
        """With the days of the edition on which nothing is on, as the venue's calendar has them."""
        days = {day["day"]: day for day in self.days()}
        if self.zone.key == self.edition.time_zone:
            for day in days_between(self.edition.start_date, self.edition.end_date):
                days.setdefault(day, self.day(day, []))
        return [day for _, day in sorted(days.items())] if self.sessions else []

    def day(self, day: date, sessions: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "day": day,
            "anchor": f"day-{day.isoformat()}",
            "label": day_text(day),
            "short_label": short_day_text(day),
            "count": len(sessions),
            "is_today": day == self.now.astimezone(self.zone).date(),
            "sessions": sessions,
            "times": by_time(sessions),
        }

    def without_time(self) -> list[dict[str, Any]]:
        """Of which nothing says when they are: neither an hour nor a room in which they stay."""
        return [session for session in self.sessions if not session["day"] and not is_open_all_along(session)]

    def open_all_along(self) -> list[dict[str, Any]]:
        """Posters and exhibitions, which have a room and no hour: `{room, sessions}` in the order of the rooms."""
        return open_by_room(self)

    def in_room(self, room_id: int) -> list[dict[str, Any]]:
        """What is in a room: its own sessions, and those across all rooms."""
        return [session for session in self.sessions if in_the_room(session, room_id)]

    def rooms_used(self) -> set[int]:
        return {session["room_id"] for session in self.sessions if session["room_id"] and session["day"]}

    def grid(self, day: dict[str, Any]) -> dict[str, Any]:
        left = [self.left_place(session) for session in self.sessions if self.left_on(session, day["day"])]
        grid = day_grid([*day["sessions"], *left], list(self.rooms.values()), self.now.astimezone(self.zone))
        return grid | {"caption": _("Programme of %(day)s") % {"day": day["label"]}}

    def left_on(self, session: dict[str, Any], day: date) -> bool:
        """Whether a session was on that day before it moved away."""
        if not session["moved_from"] or not session["previous_start"]:
            return False
        return session["previous_start"].astimezone(self.zone).date() == day

    def left_place(self, session: dict[str, Any]) -> dict[str, Any]:
        start = session["previous_start"].astimezone(self.zone)
        end = session["previous_end"] and session["previous_end"].astimezone(self.zone)
        return session | {
            "start": start,
            "end": end,
            "start_label": clock_text(start),
            "end_label": end_label(start, end, self.zone),
            "room_id": session["previous_room_id"],
            "is_gone": True,
            "is_now": False,
            "moved_to": self.moved_to(session, start.date()),
        }

    def moved_to(self, session: dict[str, Any], before: date) -> str:
        """Where and when it is now, told where it was; empty for what has no time any more."""
        if not session["day"]:
            return session["room"]
        place = [session["room"]] if session["room"] else []
        if session["day"] != before:
            place.append(short_day_text(session["day"]))
        return phrase(*place, session["start_label"])


def days_between(start: str | None, end: str | None) -> list[date]:
    """Each day of an edition whose dates are known to the day; none where it lasts longer than a programme would."""
    if not start or len(start) < 10 or len(end or start) < 10:
        return []
    first, last = date.fromisoformat(start), date.fromisoformat(end or start)
    days = (last - first).days + 1
    return [first + timedelta(days=number) for number in range(days)] if days <= LONGEST_EDITION else []


def name_columns() -> list[str]:
    return [languages.column("name", code) for code in languages.CODES]


def grouped(rows: QuerySet, key: str, value: str) -> dict[Any, list]:
    found = defaultdict(list)
    for one, other in rows.order_by("id").values_list(key, value):
        found[one].append(other)
    return found


def in_time(session: dict[str, Any]) -> tuple:
    """Those without a time last."""
    start = session["start"]
    return (start is None, start and start.timestamp(), session["title"])


def by_time(sessions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sessions of a day under the time at which they start."""
    found = defaultdict(list)
    for session in sessions:
        found[instant(session["start"])].append(session)
    return [
        {
            "label": together[0]["start_label"],
            "datetime": together[0]["datetime_start"],
            "sessions": together,
        }
        for together in found.values()
    ]


def minutes_text(start: datetime | None, end: datetime | None, state: str) -> str:
    """`28415520+90`: minutes since 1970 and how many it lasts, for the script that looks for clashes.

    Empty where there is nothing to clash with: a session without a time, or one that does not take place.
    """
    if start is None or state == SlotState.CANCELLED:
        return ""
    first = int(start.timestamp()) // 60
    return f"{first}+{int(end.timestamp()) // 60 - first if end else 0}"


def day_tab(day: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": day_without_year_text(day["day"]),
        "short_label": day["short_label"],
        "url": f"#{day['anchor']}",
        "current": day["is_today"],
        "count": session_count(day["count"]) if day["count"] else _("No session"),
    }


def session_count(number: int) -> str:
    return ngettext("%(number)s session", "%(number)s sessions", number) % {"number": number_text(number)}


def on_now_and_next(programme: Programme) -> list[dict[str, Any]]:
    """For each room what is on and what comes next; a session across all rooms stands in each."""
    kept = [session for session in programme.sessions if session["state"] != SlotState.CANCELLED]
    taken = {session["room_id"] for session in kept if session["room_id"] or (session["day"] and not session["spans"])}
    rooms = [room for room in programme.rooms.values() if room["id"] in taken]
    if any(session["day"] for session in kept) and not rooms:
        rooms = [{"id": None, "name": _("All rooms")}]
    return [in_room(room, kept, programme.now) for room in rooms]


def in_room(room: dict[str, Any], sessions: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    inside = [session for session in sessions if session["spans"] or session["room_id"] == room["id"]]
    following = next((session for session in inside if session["start"] and session["start"] > now), None)
    return {
        "room": room,
        "now": [session for session in inside if session["is_now"]],
        "next": following,
        "next_day": day_text(following["day"]) if following else "",
        "open": [session for session in inside if is_open_all_along(session)],
    }


def moved_away(programme: Programme, room_id: int) -> list[dict[str, Any]]:
    """What was announced for a room and is now elsewhere, as it stood there; in order of the old time."""
    left = [
        programme.left_place(session)
        for session in programme.sessions
        if session["moved_from"] and session["previous_room_id"] == room_id and session["room_id"] != room_id
        if session["start"] and session["end"]
    ]
    return sorted(left, key=lambda session: instant(session["start"]))


def now_words(programme: Programme) -> dict[str, str]:
    local = programme.now.astimezone(programme.zone)
    return {
        "day": day_text(local.date()),
        "time": clock_text(local),
        "datetime": local.isoformat(timespec="minutes"),
        "zone": zone_text(programme.zone, programme.now),
    }


def with_clashes(sessions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with the titles of the others in the list that are on at the same time."""
    return [
        session | {"clashes": [other["title"] for other in sessions if clash(session, other)]} for session in sessions
    ]


def clash(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one is other or not (one["end"] and other["end"]) or SlotState.CANCELLED in (one["state"], other["state"]):
        return False
    return instant(one["start"]) < instant(other["end"]) and instant(other["start"]) < instant(one["end"])


def clash_groups(sessions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sessions of a day, in order of time: those that clash, in a chain or all together, in one group."""
    groups: list[list[dict[str, Any]]] = []
    for session in sessions:
        if groups and any(clash(session, other) for other in groups[-1]):
            groups[-1].append(session)
        else:
            groups.append([session])
    return [{"is_clash": len(group) > 1, "times": by_time(group)} for group in groups]


def public_slots(edition: Edition) -> QuerySet:
    sessions = Session.objects.published().filter(edition=edition)
    return Slot.objects.filter(current=True, session__in=sessions)


def days_at_venue(edition: Edition) -> list[date]:
    """The days on which something of the edition is on, as the venue's calendar has them."""
    at_venue = TruncDate("start", tzinfo=ZoneInfo(edition.time_zone))
    slots = public_slots(edition).filter(start__isnull=False).annotate(day=at_venue)
    return list(slots.order_by("day").values_list("day", flat=True).distinct())


def language_options(edition: Edition) -> list[tuple[str, str]]:
    """What sessions of the edition can be followed in, by the first parts of the language tags."""
    sessions = Session.objects.published().filter(edition=edition)
    rooms = Room.objects.filter(slots__in=public_slots(edition))
    lists = [
        *sessions.filter(languages__isnull=False).order_by().values_list("languages", flat=True).distinct(),
        *rooms.filter(languages__isnull=False).order_by().values_list("languages", flat=True).distinct(),
        SessionInterpretation.objects.filter(session__in=sessions).values_list("language", flat=True),
        RoomInterpretation.objects.filter(room__in=rooms).values_list("language", flat=True),
    ]
    codes = {tag.partition("-")[0] for tags in lists for tag in tags}
    return sorted(((code, language_name(code)) for code in codes), key=lambda option: option[1])
