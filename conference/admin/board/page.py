"""What the board shows of one day."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from conference.admin.board.draft import Place, from_stored, stamp, stamp_of_all
from conference.admin.board.facts import Entry, Facts, facts, name_of
from conference.admin.board.forms import DEFAULT_MINUTES, ShiftForm
from conference.admin.board.layout import MINUTE, Day, axis_of, placed
from conference.admin.board.warnings import Kind, warnings
from conference.admin.board.words import change_texts, clock, clocks, day_words, sessions_text
from conference.admin.schedule import YEARS, zone_of
from conference.choices import ScheduleChangeKind, SlotState
from conference.models import Participation, Room, ScheduleVersion, Session, Slot
from content import languages
from content.admin.languages import search_paths
from content.choices import PublicationState
from content.presentation import day_text, short_day_text, shown, with_query

# More are found by searching.
UNSCHEDULED_SHOWN = 200
CHANGES_SHOWN = 10
# Of each kind: whoever has hundreds of untranslated titles needs their number, not all their names.
WARNINGS_SHOWN = 60
# A longer group opens when it is asked for.
OPEN_UP_TO = 8
# They say that something is unfinished, not that it is wrong.
QUIET = {Kind.TENTATIVE, Kind.UNTRANSLATED}


def day_of(text: str) -> date | None:
    """None where nothing is asked for; ValueError for what is no day, or none that anybody plans."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


class Board:
    """One day of an edition's draft. `asked` is what the address of the page carries."""

    def __init__(self, edition, asked, may_change: bool = True):
        self.edition, self.asked, self.may_change = edition, asked, may_change
        self.zone = zone_of(edition)
        version = edition.schedule_versions.filter(number=None).first()
        self.version = version or ScheduleVersion(edition=edition)
        self.day = Day(day_of(asked.get("day", "")) or self.days[0], self.zone)

    @cached_property
    def facts(self) -> Facts:
        return facts(self.version) if self.version.pk else Facts({}, {room.pk: room for room in all_rooms()}, {})

    @cached_property
    def warnings(self):
        return warnings(self.facts, self.zone)

    # Days

    @cached_property
    def days(self) -> list[date]:
        days = {self.date_of(entry) for entry in self.facts.entries.values() if entry.start}
        days |= set(days_of_edition(self.edition))
        return sorted(days) or [timezone.now().astimezone(self.zone).date()]

    def date_of(self, entry: Entry) -> date:
        return entry.start.astimezone(self.zone).date()

    def day_tabs(self) -> list[dict]:
        sessions, marks = Counter(), Counter()
        by_session = self.marks
        for entry in self.facts.entries.values():
            if entry.start:
                sessions[self.date_of(entry)] += 1
                marks[self.date_of(entry)] += by_session[entry.session]
        return [
            {
                "label": short_day_text(day),
                "title": day_text(day),
                "url": self.address(day=day.isoformat()),
                "first": Day(day, self.zone).first.isoformat(),
                "sessions": sessions_text(sessions[day]),
                "marks": marks[day],
                "marks_text": marks_text(marks[day]),
                "current": day == self.day.date,
            }
            for day in sorted({*self.days, self.day.date})
        ]

    def address(self, **changed) -> str:
        kept = {name: self.asked[name] for name in ("day", "hours", "rooms") if self.asked.get(name)}
        return with_query(self.path, [(name, value) for name, value in {**kept, **changed}.items() if value])

    @cached_property
    def path(self) -> str:
        return reverse("admin:conference_edition_board", args=[self.edition.pk])

    @property
    def here(self) -> str:
        return self.address(day=self.day.date.isoformat())

    @property
    def hours_url(self) -> str:
        return self.address(day=self.day.date.isoformat(), hours="" if self.asked.get("hours") == "all" else "all")

    @property
    def rooms_url(self) -> str:
        return self.address(day=self.day.date.isoformat(), rooms="" if self.asked.get("rooms") == "all" else "all")

    def hours(self) -> list[dict]:
        return self.axis.hours(self.day)

    # Rooms and cards

    @cached_property
    def on_day(self) -> list[Entry]:
        return [entry for entry in self.facts.entries.values() if self.day.holds(entry.start)]

    @cached_property
    def axis(self):
        return axis_of(self.on_day, self.day, self.asked.get("hours") == "all")

    @cached_property
    def rooms(self) -> list[Room]:
        """Those of the venues that the edition uses; all where it uses none yet, or where they are asked for."""
        rooms = sorted(self.facts.rooms.values(), key=lambda room: (room.venue_id, room.position, room.pk))
        used = {entry.room for entry in self.facts.entries.values()}
        venues = {room.venue_id for room in rooms if room.pk in used}
        if not venues or self.asked.get("rooms") == "all":
            return rooms
        return [room for room in rooms if room.venue_id in venues]

    @property
    def has_more_rooms(self) -> bool:
        return len(self.rooms) < len(self.facts.rooms)

    def columns(self, wanted=None) -> list[dict]:
        """The column without a room first; `wanted` names rooms by id, None and '' for that one."""
        by_room = defaultdict(list)
        for entry in self.on_day:
            by_room[entry.room].append(entry)
        many_venues = len({room.venue_id for room in self.rooms}) > 1
        columns = [{"id": "", "cards": by_room[None]}]
        for room in self.rooms:
            venue = name_of(room.venue) if many_venues else ""
            columns.append(
                {
                    "id": room.pk,
                    "name": shown(room, "name"),
                    "venue": venue,
                    "capacity": room.capacity,
                    "cards": by_room[room.pk],
                }
            )
        chosen = [column for column in columns if wanted is None or (column["id"] or None) in wanted]
        for column in chosen:
            column["cards"] = [
                self.card(entry) | place
                for entry, place in zip(in_time(column["cards"]), self.positions(column["cards"]), strict=True)
            ]
        return chosen

    def positions(self, entries) -> list[dict]:
        by_session = {place["session"]: place for place in placed(entries, self.day, self.axis)}
        return [by_session[entry.session] for entry in in_time(entries)]

    def card(self, entry: Entry) -> dict:
        marks = self.marks[entry.session]
        return {
            "session": entry.session,
            "title": entry.shown_title,
            "plain_title": entry.title,
            "type": entry.type,
            "track": entry.track,
            "state": entry.state,
            "state_text": SlotState(entry.state).label,
            "room": entry.room or "",
            "band": entry.room is None and (entry.spans or entry.is_break),
            "is_break": entry.is_break,
            "stamp": stamp(place_of(entry)),
            "url": self.session_address(entry.session),
            "marks": marks,
            "marks_text": marks_text(marks),
        }

    def session_address(self, session: int) -> str:
        return f"{self.path}sessions/{session}/?day={self.day.date.isoformat()}"

    @cached_property
    def marks(self) -> Counter:
        """How many warnings each session has, apart from those that say only that it is unfinished."""
        return Counter(
            session for warning in self.warnings if warning.kind not in QUIET for session in warning.sessions
        )

    def from_day_before(self) -> list[dict]:
        """What began earlier and goes on into this day."""
        return [
            self.card(entry)
            | {"time": clocks(entry.start, entry.end, self.zone), "day": self.date_of(entry)}
            | {"day_url": self.address(day=self.date_of(entry).isoformat())}
            for entry in self.facts.entries.values()
            if entry.start and entry.start < self.day.first < entry.until
        ]

    # Beside the board

    def without_time(self) -> list[dict]:
        rooms = self.facts.rooms
        return [
            self.card(entry) | {"room_name": rooms[entry.room].name if entry.room else "", "minutes": DEFAULT_MINUTES}
            for entry in self.facts.entries.values()
            if entry.start is None
        ]

    def unscheduled(self) -> dict:
        placed = Slot.objects.filter(version=self.version) if self.version.pk else Slot.objects.none()
        rows = Session.objects.filter(edition=self.edition).exclude(state=PublicationState.ARCHIVED)
        rows = rows.exclude(Exists(placed.filter(session=OuterRef("pk"))))
        total = rows.count()
        asked = self.asked.get("q", "").strip()
        for word in asked.split():
            rows = rows.filter(matches(word))
        found = rows.count() if asked else total
        order = languages.column("sort", languages.current())
        sessions = list(rows.select_related("type", "track").order_by(order, "pk")[:UNSCHEDULED_SHOWN])
        minutes = usual_minutes(self.version, [session.pk for session in sessions])
        return {
            "q": asked,
            "total": total,
            "found": found,
            "more": found - len(sessions),
            "cards": [
                {
                    "session": session.pk,
                    "title": shown(session, "title"),
                    "plain_title": str(shown(session, "title")),
                    "type": name_of(session.type),
                    "track": name_of(session.track),
                    "band": bool(session.type and session.type.spans_rooms),
                    "minutes": minutes.get(session.pk, DEFAULT_MINUTES),
                    "stamp": "",
                    "url": self.session_address(session.pk),
                }
                for session in sessions
            ],
        }

    def warning_groups(self) -> list[dict]:
        """Those of the sessions of this day, and of those without a time."""
        elsewhere = {
            entry.session for entry in self.facts.entries.values() if entry.start and not self.day.holds(entry.start)
        }
        by_kind = defaultdict(list)
        for warning in self.warnings:
            if set(warning.sessions) - elsewhere:
                by_kind[warning.kind].append(warning)
        return [
            {
                "kind": kind.value,
                "label": kind.label,
                "count": len(by_kind[kind]),
                "open": kind not in QUIET and len(by_kind[kind]) <= OPEN_UP_TO,
                "warnings": [
                    {"text": warning.text, "session": warning.sessions[0]}
                    for warning in by_kind[kind][:WARNINGS_SHOWN]
                ],
                "more": max(len(by_kind[kind]) - WARNINGS_SHOWN, 0),
            }
            for kind in Kind
            if by_kind[kind]
        ]

    @property
    def latest(self) -> dict | None:
        return next((change for change in self.history if change["is_latest"]), None)

    @cached_property
    def history(self) -> list[dict]:
        if not self.version.pk:
            return []
        changes = list(self.version.draft_changes.all()[:CHANGES_SHOWN])
        texts = change_texts(changes, self.zone)
        latest = next((change.pk for change in changes if change.undone_at is None), None)
        return [
            {
                "id": change.pk,
                "text": text,
                "by": change.made_by_name,
                "day": day_words(change.made_at, self.zone),
                "at": clock(change.made_at, self.zone),
                "undone_by": change.undone_by_name if change.undone_at else "",
                "is_latest": change.pk == latest,
            }
            for change, text in zip(changes, texts, strict=True)
        ]

    def unpublished(self) -> int:
        """How many sessions have another place in the draft than in public."""
        values = ("session", "room", "start", "end", "state")
        slots = Slot.objects.filter(version__edition=self.edition).order_by()
        draft = set(slots.filter(version__number=None).values_list(*values))
        public = set(slots.filter(current=True).values_list(*values))
        return len({session for session, *_place in draft ^ public})

    def shift_form(self, data=None) -> ShiftForm:
        initial = {"since": self.asked.get("since") or self.default_since(), "room": self.asked.get("room", "")}
        form = ShiftForm(
            data,
            initial={**initial, "minutes": 10} | ({} if data else {"seen": self.stamp}),
            day=self.day,
            rooms=self.rooms,
            edition=self.edition,
        )
        return form

    def default_since(self):
        return min((entry.start for entry in self.on_day), default=self.day.first + timedelta(hours=9))

    @cached_property
    def stamp(self) -> str:
        """Another one as soon as something on this day is somewhere else."""
        return stamp_of_all({entry.session: place_of(entry) for entry in self.on_day})

    def context(self) -> dict:
        return {
            "board": self,
            "first": self.day.first.isoformat(),
            "whole_day": self.asked.get("hours") == "all",
            "edition": self.edition,
            "may_change": self.may_change,
            "day": self.day.date,
            "day_text": day_text(self.day.date),
        }


def in_time(entries) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.start, entry.session))


def place_of(entry: Entry) -> Place:
    return Place(entry.room, entry.start, entry.end, entry.state)


def all_rooms():
    return Room.objects.select_related("venue")


def days_of_edition(edition) -> list[date]:
    """Of its dates as far as they are known to the day; a long stay has its ends only."""
    try:
        first = date.fromisoformat(edition.start_date or "")
        last = date.fromisoformat(edition.end_date or edition.start_date or "")
    except ValueError:
        return []
    count = (last - first).days + 1
    return [first + timedelta(days=number) for number in range(count)] if count <= 31 else [first, last]


def matches(word: str) -> Q:
    """Title in any language, type, track, section, identifier, or a person's name."""
    paths = [
        path
        for name in ("title", "type__name", "track__name", "section__name", "external_id", "slug")
        for path in search_paths(Session, name)
    ]
    condition = Q(Exists(Participation.objects.filter(session=OuterRef("pk")).filter(any_of(Participation, word))))
    for path in paths:
        condition |= Q(**{f"{path}__icontains": word})
    return condition


def any_of(model, word: str) -> Q:
    condition = Q()
    for path in search_paths(model, "person__name"):
        condition |= Q(**{f"{path}__icontains": word})
    return condition


def usual_minutes(version, sessions: list[int]) -> dict[int, int]:
    """As long as each was before it was taken back, or as it is in public."""
    found = {}
    for session, start, end in Slot.objects.filter(current=True, session__in=sessions).values_list(
        "session", "start", "end"
    ):
        if start and end:
            found[session] = round((end - start) / MINUTE)
    if version.pk:
        taken_back = version.draft_changes.filter(
            kind=ScheduleChangeKind.UNSCHEDULE, before__has_any_keys=[str(session) for session in sessions]
        )
        for before in taken_back.order_by("id").values_list("before", flat=True):
            for session, place in from_stored(before).items():
                if place and place.start and place.end:
                    found[session] = round((place.end - place.start) / MINUTE)
    return found


def marks_text(count: int) -> str:
    return ngettext("%(count)d warning", "%(count)d warnings", count) % {"count": count}
