"""What the board says of changes and times."""

from datetime import datetime

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.choices import ScheduleChangeKind, SlotState
from conference.models import Room, Session
from content import languages
from content.presentation import locale, phrase


def isolated(value) -> str:
    """A name that keeps its own direction inside a sentence of another."""
    return f"\N{FIRST STRONG ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}" if str(value) else ""


def day_words(moment: datetime, zone) -> str:
    """A day without its year: 6 Nov."""
    return format_skeleton("MMMd", moment.astimezone(zone).date(), locale=locale(languages.current()))


def clock(moment: datetime, zone) -> str:
    return moment.astimezone(zone).strftime("%H:%M")


def clocks(start: datetime, end: datetime | None, zone) -> str:
    """From and until on the clocks of the place; the day of the end where it is another."""
    if end is None:
        return clock(start, zone)
    first, last = start.astimezone(zone), end.astimezone(zone)
    other_day = "" if first.date() == last.date() else f"{day_words(end, zone)} "
    return f"{first:%H:%M} – {other_day}{last:%H:%M}"


def change_text(change, zone) -> str:
    return next(iter(change_texts([change], zone)))


def change_texts(changes, zone) -> list[str]:
    """One line each, in the reader's language, whoever made the change. Two queries, however many there are."""
    sessions = Session.objects.in_bulk({int(key) for change in changes for key in change.before})
    places = [place for change in changes for place in (*change.before.values(), *change.after.values()) if place]
    rooms = Room.objects.select_related("venue").in_bulk({place["room"] for place in places if place["room"]})
    return [_change_text(change, sessions, rooms, zone) for change in changes]


def _change_text(change, sessions, rooms, zone) -> str:
    if change.kind == ScheduleChangeKind.SHIFT:
        return shift_text(len(change.before), change.minutes)
    key = next(iter(change.before))
    session = sessions.get(int(key)) or _("a session that is no longer on file")
    values = {
        "session": isolated(session),
        "before": _stored_text(change.before[key], rooms, zone),
        "after": _stored_text(change.after[key], rooms, zone),
    }
    texts = {
        ScheduleChangeKind.PLACE: _("“%(session)s” placed: %(after)s"),
        ScheduleChangeKind.MOVE: _("“%(session)s” changed: %(before)s → %(after)s"),
        ScheduleChangeKind.UNSCHEDULE: _("“%(session)s” taken back: %(before)s"),
    }
    return texts[change.kind] % values


def shift_text(count: int, minutes: int) -> str:
    """Two counted things: each has its own plural, so each is a text of its own."""
    if minutes < 0:
        shift = ngettext("%(count)d minute earlier", "%(count)d minutes earlier", -minutes)
    else:
        shift = ngettext("%(count)d minute later", "%(count)d minutes later", minutes)
    values = {"sessions": sessions_text(count), "shift": shift % {"count": abs(minutes)}}
    return _("Shifted: %(sessions)s, %(shift)s") % values


def sessions_text(count: int) -> str:
    return ngettext("%(count)d session", "%(count)d sessions", count) % {"count": count}


def _stored_text(place: dict | None, rooms, zone) -> str:
    if not place:
        return ""
    time = _("without a time")
    if place["start"]:
        start = datetime.fromisoformat(place["start"])
        end = place["end"] and datetime.fromisoformat(place["end"])
        time = f"{day_words(start, zone)} {clocks(start, end, zone)}"
    state = dict(SlotState.choices)[place["state"]]
    return phrase(*(isolated(part) for part in (time, rooms.get(place["room"]), state) if part))
