"""Schedule versions as words: what each changed, and the programme as it was. Pages, feed and admin use the same."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.choices import ChangeKind, ParticipationRole, SlotState
from conference.models import Edition, ScheduleVersion, Slot
from conference.models.versions import kinds_of, participations_of, title_of
from conference.presentation.sessions import end_label, zone_text
from content.presentation import Shown, day_text, listed, number_text, partial_date_text, shown, time_text

Words = dict[str, Any]


def version_count(number: int) -> str:
    return ngettext("%(number)s version", "%(number)s versions", number) % {"number": number_text(number)}


def version_words(version: ScheduleVersion, edition: Edition) -> Words:
    """A version by its number and the day and time, at the venue, of its publication."""
    local = version.published_at.astimezone(ZoneInfo(edition.time_zone))
    return {
        "record": version,
        "number": version.number,
        "url": reverse("version", args=[edition.slug, version.number]),
        "date": partial_date_text(local.date().isoformat()),
        "time": local.strftime("%H:%M"),
        "datetime": local.isoformat(timespec="seconds"),
        "note": shown(version, "note").__html__(),
    }


def with_changes(version: ScheduleVersion, edition: Edition) -> Words:
    """Asked of versions with their `changed_slots`, as their serializer relates them."""
    groups = ChangeList(version.changed_slots, edition).groups()
    return version_words(version, edition) | {"groups": groups, "is_first": version.number == 1}


def title_shown(slot: Slot) -> Shown:
    """As it was frozen; as the session is called now where nothing was, since it was not public then."""
    return shown(slot if any(title_of(slot)) else slot.session, "title")


class Places:
    """Where and when slots are, in words: by the clocks of the edition, rooms with the venue if it has several."""

    def __init__(self, slots: Iterable[Slot], edition: Edition):
        self.zone = ZoneInfo(edition.time_zone)
        rooms = [slot.room for slot in slots if slot.room]
        self.several_venues = len({room.venue_id for room in rooms}) > 1

    def room(self, slot: Slot) -> str:
        name = shown(slot.room, "name").text
        if not name or not self.several_venues:
            return name
        return _("%(room)s (%(venue)s)") % {"room": name, "venue": shown(slot.room.venue, "name").text}

    def time(self, slot: Slot) -> str:
        if not slot.start:
            return ""
        end = end_label(slot.start, slot.end, self.zone)
        return f"{time_text(slot.start, self.zone)}–{end}" if end else time_text(slot.start, self.zone)

    def place(self, slot: Slot) -> str:
        """Day, time and room as HTML, each in an element of its own: their scripts may run in two directions."""
        day = day_text(slot.start.astimezone(self.zone).date()) if slot.start else _("without a time")
        parts = filter(None, [day, self.time(slot), self.room(slot)])
        return format_html_join(", ", "<bdi>{}</bdi>", ((part,) for part in parts))


class ChangeList:
    """What a version changed, by the kind of the change. `slots` are the changed ones, each with the one before."""

    def __init__(self, slots: list[Slot], edition: Edition):
        self.slots = slots
        self.edition = edition
        before = [slot.before for slot in slots if slot.before]
        self.places = Places([*slots, *before], edition)

    def groups(self) -> list[Words]:
        found = defaultdict(list)
        for slot in self.slots:
            for kind in kinds_of(slot):
                found[kind].append(self.entry(kind, slot))
        return [
            {
                "kind": kind.value,
                "label": kind.label,
                "count": number_text(len(found[kind])),
                "entries": sorted(found[kind], key=lambda entry: entry["order"]),
            }
            for kind in ChangeKind
            if found[kind]
        ]

    def entry(self, kind: ChangeKind, slot: Slot) -> Words:
        """`after` and `before` are what the change leads to and from, as far as it is about that."""
        title = title_shown(slot)
        return {
            "order": (slot.start is None, slot.start, title.text),
            "title": title.__html__(),
            "session": slot.session,
            "url": reverse("session", args=[self.edition.slug, slot.session.slug]),
            "is_public": any(title_of(slot)),
            "is_tentative": slot.state == SlotState.TENTATIVE,
            "before": self.before(kind, slot),
            "after": self.after(kind, slot),
            "persons": [
                {"name": shown(one.person, "name").__html__(), "role": one.get_role_display()}
                for one in participations_of(kind, slot)
            ],
        }

    def before(self, kind: ChangeKind, slot: Slot) -> str:
        if kind == ChangeKind.RETITLED:
            return title_shown(slot.before).__html__()
        if kind in (ChangeKind.MOVED, ChangeKind.REMOVED):
            return self.places.place(slot.before)
        return ""

    def after(self, kind: ChangeKind, slot: Slot) -> str:
        about_words = (ChangeKind.RETITLED, ChangeKind.JOINED, ChangeKind.LEFT, ChangeKind.REMOVED)
        return "" if kind in about_words else self.places.place(slot)


class ProgrammeThen:
    """The programme as a version had it, as dicts for session cards, with the words of then."""

    def __init__(self, slots: Iterable[Slot], edition: Edition):
        slots = [slot for slot in slots if slot.is_placed]
        self.edition = edition
        self.places = Places(slots, edition)
        self.sessions = [self.session(slot) for slot in slots]

    def session(self, slot: Slot) -> Words:
        title = title_shown(slot)
        start = slot.start and slot.start.astimezone(self.places.zone)
        return {
            "url": reverse("session", args=[self.edition.slug, slot.session.slug]),
            "title": title.text,
            "lang": title.lang,
            "dir": title.dir,
            "start": start,
            "datetime_start": start.isoformat(timespec="minutes") if start else "",
            "start_label": start.strftime("%H:%M") if start else "",
            "end_label": end_label(slot.start, slot.end, self.places.zone) if start else "",
            "room": self.places.room(slot),
            "state": slot.state,
            "speakers": self.speakers(slot),
            "sample": slot.session.sample,
        }

    def speakers(self, slot: Slot) -> str:
        """As lists of sessions have them: without interpreters, each person once."""
        names = {
            shown(one.person, "name").text: True
            for one in slot.participations.all()
            if one.role != ParticipationRole.INTERPRETER
        }
        return listed(names)

    def days(self) -> list[Words]:
        found = defaultdict(list)
        for session in self.sessions:
            if session["start"]:
                found[session["start"].date()].append(session)
        return [
            {"anchor": f"day-{day.isoformat()}", "label": day_text(day), "sessions": sessions}
            for day, sessions in sorted(found.items())
        ]

    def without_time(self) -> list[Words]:
        return [session for session in self.sessions if not session["start"]]


def zone_words(version: ScheduleVersion, edition: Edition, slots: Iterable[Slot] = ()) -> str:
    """The zone of the edition in words, as it is called at the first of these slots."""
    starts = [slot.start for slot in slots if slot.start]
    return zone_text(ZoneInfo(edition.time_zone), min(starts, default=version.published_at))
