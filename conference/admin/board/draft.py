"""Changes of a draft: one transaction each, kept so that they can be taken back."""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.admin.board.words import change_text, isolated
from conference.admin.schedule import span, zone_of
from conference.choices import ScheduleChangeKind, SlotState
from conference.models import Room, ScheduleChange, ScheduleVersion, Session, Slot
from content.admin.refusals import refusal
from content.presentation import phrase

ROOM_FREE = "slot_room_free"


class Refused(Exception):
    """The reason, in words for whoever asked for the change."""


class Stale(Refused):
    """What the asker saw is no longer so."""


class Place(NamedTuple):
    """Where and when a session is, as a value that can be kept and compared."""

    room: int | None
    start: datetime | None
    end: datetime | None
    state: str

    @classmethod
    def of(cls, slot) -> "Place":
        return cls(slot.room_id, slot.start, slot.end, slot.state)

    def stored(self) -> dict:
        start, end = (moment and moment.isoformat() for moment in (self.start, self.end))
        return {"room": self.room, "start": start, "end": end, "state": self.state}

    @classmethod
    def from_stored(cls, stored: dict | None) -> "Place | None":
        if stored is None:
            return None
        start, end = (stored[name] and datetime.fromisoformat(stored[name]) for name in ("start", "end"))
        return cls(stored["room"], start, end, stored["state"])


Places = dict[int, Place | None]


def stamp(place: Place | None) -> str:
    """Another one as soon as the session is somewhere else; empty while it is nowhere."""
    return sha256(repr(place.stored()).encode()).hexdigest()[:16] if place else ""


def stamp_of_all(places: Places) -> str:
    seen = sorted((session, stamp(place)) for session, place in places.items())
    return sha256(repr(seen).encode()).hexdigest()[:16]


def stored(places: Places) -> dict:
    return {str(session): place and place.stored() for session, place in places.items()}


def from_stored(kept: dict) -> Places:
    return {int(session): Place.from_stored(place) for session, place in kept.items()}


class Draft:
    """The draft of an edition in the hands of one person.

    To be used inside a transaction: it holds the draft to its end, so that of two changes at once the second sees
    what the first has done.
    """

    def __init__(self, edition, user):
        self.edition, self.user = edition, user
        version = edition.draft_schedule()
        self.version = ScheduleVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        self.version.edition = edition
        self.zone = zone_of(edition)

    def places(self, sessions: Iterable[int]) -> Places:
        slots = Slot.objects.filter(version=self.version, session__in=sessions).select_for_update()
        return dict.fromkeys(sessions) | {slot.session_id: Place.of(slot) for slot in slots}

    def slot_of(self, session) -> Slot:
        """A new one, not yet saved, where the session has no place."""
        slot = Slot.objects.select_for_update().filter(version=self.version, session=session).first()
        return slot or Slot(version=self.version, session=session)

    @contextmanager
    def recorded(self, sessions: list[int], kind: str = "", minutes: int | None = None, log: bool = True):
        """Keeps what happens to these sessions inside; nothing where nothing does."""
        before = self.places(sessions)
        with transaction.atomic():
            yield
        after = self.places(sessions)
        moved = [session for session in sessions if before[session] != after[session]]
        if not moved:
            return
        change = ScheduleChange.objects.create(
            version=self.version,
            kind=kind or kind_of(before[moved[0]], after[moved[0]]),
            made_by=self.user,
            made_by_name=name_of(self.user),
            before=stored({session: before[session] for session in moved}),
            after=stored({session: after[session] for session in moved}),
            minutes=minutes,
        )
        if log:
            self.log(moved, change_text(change, self.zone))

    def log(self, sessions: Iterable[int], text: str) -> None:
        rows = Session.objects.filter(pk__in=sessions)
        LogEntry.objects.log_actions(self.user.pk, rows, CHANGE, text)

    def check_stamp(self, session, seen: str) -> None:
        now = self.places([session.pk])[session.pk]
        if stamp(now) == seen:
            return
        last = self.last_change_of(session.pk)
        values = {"session": isolated(session), "place": place_text(now, self.zone)}
        if last:
            values["name"] = isolated(last.undone_by_name or last.made_by_name)
            text = _(
                "%(name)s has changed “%(session)s” meanwhile. It is now here: %(place)s. Nothing was overwritten."
            )
        else:
            text = _("“%(session)s” was changed meanwhile. It is now here: %(place)s. Nothing was overwritten.")
        raise Stale(text % values)

    def last_change_of(self, session: int) -> ScheduleChange | None:
        return self.version.draft_changes.filter(after__has_key=str(session)).first()

    def take_back(self, session, seen: str) -> None:
        self.check_stamp(session, seen)
        if not self.places([session.pk])[session.pk]:
            raise Refused(_("“%(session)s” has no place yet.") % {"session": isolated(session)})
        with self.recorded([session.pk]):
            Slot.objects.filter(version=self.version, session=session).delete()

    def places_between(self, first: datetime, end: datetime) -> Places:
        return {slot.session_id: Place.of(slot) for slot in self.on_day(first, end)}

    def on_day(self, first: datetime, end: datetime):
        """A session belongs to the day on which it starts."""
        return Slot.objects.filter(version=self.version, start__gte=first, start__lt=end)

    def shift(self, slots, minutes: int) -> int:
        """Moves all of them in one statement, so that they may pass over one another; all or none."""
        sessions = list(slots.order_by("start").values_list("session_id", flat=True))
        if not sessions:
            raise Refused(_("There is nothing to shift from that time on."))
        by = timedelta(minutes=minutes)
        with self.naming_clashes(), self.recorded(sessions, ScheduleChangeKind.SHIFT, minutes):
            moving = Slot.objects.filter(version=self.version, session__in=sessions)
            planned = {
                slot.session_id: Place.of(slot)._replace(start=slot.start + by, end=slot.end and slot.end + by)
                for slot in moving
            }
            self.planned = planned
            moving.update(start=F("start") + by, end=F("end") + by)
        return len(sessions)

    def undo(self, change) -> None:
        """Puts back what was before, if everything is still as the change left it."""
        after, before = from_stored(change.after), from_stored(change.before)
        self.check_unchanged(change, after)
        self.check_on_file(before)
        self.planned = {session: place for session, place in before.items() if place}
        with self.naming_clashes(), transaction.atomic():
            self.put(before)
        change.undone_at, change.undone_by_name = timezone.now(), name_of(self.user)
        change.save(update_fields=["undone_at", "undone_by_name"])
        self.log(before, _("Undone: %(change)s") % {"change": change_text(change, self.zone)})

    def check_unchanged(self, change, after: Places) -> None:
        now = self.places(after)
        session = next((session for session in after if now[session] != after[session]), None)
        if session is None:
            return
        later = self.version.draft_changes.filter(
            pk__gt=change.pk, undone_at=None, after__has_key=str(session)
        ).first()
        values = {"session": isolated(name_of_session(session))}
        if later:
            values |= {"name": isolated(later.made_by_name)}
            raise Refused(_("%(name)s has changed “%(session)s” after that. Undo the later change first.") % values)
        raise Refused(_("“%(session)s” is no longer as that change left it, so it cannot be undone.") % values)

    def check_on_file(self, places: Places) -> None:
        rooms = {place.room for place in places.values() if place and place.room}
        sessions = [session for session, place in places.items() if place]
        if Room.objects.filter(pk__in=rooms).count() < len(rooms):
            raise Refused(_("The room of that time is no longer on file, so this cannot be undone."))
        if Session.objects.filter(pk__in=sessions).count() < len(sessions):
            raise Refused(_("A session of that change is no longer on file, so it cannot be undone."))

    def put(self, places: Places) -> None:
        """Gives each session its place, or none. Rooms have to be free at the end only."""
        slots = {slot.session_id: slot for slot in Slot.objects.filter(version=self.version, session__in=places)}
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {ROOM_FREE} DEFERRED")
            gone = [slots[session].pk for session, place in places.items() if place is None and session in slots]
            Slot.objects.filter(pk__in=gone).delete()
            kept, new = [], []
            for session, place in places.items():
                if place is None:
                    continue
                slot = slots.get(session) or Slot(version=self.version, session_id=session)
                slot.room_id, slot.start, slot.end, slot.state = place
                (kept if slot.pk else new).append(slot)
            Slot.objects.bulk_update(kept, ["room", "start", "end", "state"])
            Slot.objects.bulk_create(new)
            cursor.execute(f"SET CONSTRAINTS {ROOM_FREE} IMMEDIATE")

    @contextmanager
    def naming_clashes(self):
        """What the database refuses, with the names of both sessions; `planned` says where they were to go."""
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            raise Refused(self.clash() or refusal(error)) from error

    def clash(self) -> str:
        """The first pair of confirmed sessions that would be in one room at one time."""
        confirmed = Slot.objects.filter(version=self.version, state=SlotState.CONFIRMED)
        others = [
            slot
            for slot in confirmed.exclude(start=None).exclude(end=None).select_related("session", "room__venue")
            if slot.session_id not in self.planned
        ]
        for session, place in self.planned.items():
            if place.state != SlotState.CONFIRMED or not (place.start and place.end):
                continue
            for other in others:
                if other.room_id == place.room and other.start < place.end and other.end > place.start:
                    return _(
                        "“%(session)s” would be in %(room)s at the same time as “%(other)s”, which is confirmed there:"
                        " %(time)s. Nothing was changed."
                    ) % {
                        "session": isolated(name_of_session(session)),
                        "room": isolated(other.room),
                        "other": isolated(other.session),
                        "time": isolated(span(other, self.zone)),
                    }
        return ""


def kind_of(before: Place | None, after: Place | None) -> str:
    if after is None:
        return ScheduleChangeKind.UNSCHEDULE
    return ScheduleChangeKind.MOVE if before else ScheduleChangeKind.PLACE


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()


def name_of_session(pk: int) -> str:
    return str(Session.objects.filter(pk=pk).first() or _("a session that is no longer on file"))


def place_text(place: Place | None, zone) -> str:
    if place is None:
        return _("not scheduled")
    room = Room.objects.select_related("venue").filter(pk=place.room).first()
    return phrase(isolated(span(place, zone)), isolated(room or ""))
