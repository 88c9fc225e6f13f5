"""The time zone that a page shows: the venue's, or the one that `tz` names."""

from zoneinfo import ZoneInfo

from conference.presentation import sessions
from content.listing import BadParameters, unknown_value
from content.presentation import with_query


def zone_asked(request, edition) -> ZoneInfo:
    name = request.GET.get("tz") or edition.time_zone
    if name not in sessions.zone_names():
        raise BadParameters(unknown_value("tz", name, sorted(sessions.zone_names())))
    return ZoneInfo(name)


def zone_words(request, edition, programme: sessions.Programme) -> dict:
    """What `conference/_zone.html` says, and what a script needs to offer the visitor's own zone beside it."""
    pairs = [(key, value) for key, values in request.GET.lists() for value in values if value and key != "tz"]
    venue = ZoneInfo(edition.time_zone)
    moment = programme.moment()
    instants = [session["start"] for session in programme.sessions if session["start"]]
    is_venue = programme.zone == venue
    return {
        "name": sessions.zone_text(programme.zone, moment),
        "venue_name": sessions.zone_text(venue, moment),
        "venue_key": venue.key,
        "is_venue": is_venue,
        "venue_url": with_query(request.path, pairs),
        "asked": "" if is_venue else programme.zone.key,
        "keep": [{"name": key, "value": value} for key, value in pairs],
        "instants": [sessions.instant(one).isoformat() for one in (instants[0], instants[-1])] if instants else [],
    }
