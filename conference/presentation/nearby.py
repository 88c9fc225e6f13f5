"""What stands beside a session in the programme, for its page."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from conference.choices import SlotState
from conference.models import Session
from conference.presentation.rooms import in_the_room
from conference.presentation.sessions import Programme

# The programme has the rest.
MOST_MEANWHILE = 9


def nearby(session: Session) -> Q:
    """Its parts, what its room has on that day at the venue, and what is on elsewhere meanwhile."""
    if not session.start:
        return Q(parent=session)
    zone = ZoneInfo(session.edition.time_zone)
    today = session.start.astimezone(zone).date()
    midnights = [datetime.combine(day, time(), zone) for day in (today, today + timedelta(days=1))]
    found = Q(parent=session) | Q(start=session.start)
    if session.end:
        found |= Q(start__lt=session.end, end__gt=session.start)
    if session.room:
        in_room = Q(current__room=session.room) | Q(current__room=None, type__spans_rooms=True)
        found |= in_room & Q(start__gte=midnights[0], start__lt=midnights[1])
    return found


def around(session: Session, programme: Programme) -> dict[str, Any]:
    """Of a programme of what is nearby: what its room has just before and after it, and what is on at its time.

    Of what is on at its time, the first `MOST_MEANWHILE`. Parts of other sessions and what is cancelled are left out,
    and a session without a room has nothing before or after it.
    """
    if not session.start:
        return {}
    others = [one for one in programme.sessions if is_beside(one, session)]
    here = [one for one in others if session.room and in_the_room(one, session.room.pk)]
    earlier = [one for one in here if one["start"] < session.start and not is_meanwhile(one, session)]
    later = [one for one in here if one["start"] > session.start and not is_meanwhile(one, session)]
    meanwhile = [one for one in others if not one["is_break"] and is_meanwhile(one, session)]
    return {
        "before": earlier[-1:],
        "after": later[:1],
        "meanwhile": meanwhile[:MOST_MEANWHILE],
        "more": len(meanwhile[MOST_MEANWHILE:]),
    }


def is_beside(one: dict[str, Any], session: Session) -> bool:
    """Another of the same rank: a session beside a session, a part beside a part of the same."""
    if one["slug"] == session.slug or not one["start"] or one["state"] == SlotState.CANCELLED:
        return False
    return one["parent_id"] == session.parent_id


def is_meanwhile(one: dict[str, Any], session: Session) -> bool:
    if not (session.end and one["end"]):
        return one["start"] == session.start
    return one["start"] < session.end and one["end"] > session.start
