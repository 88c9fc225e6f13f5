"""Rooms as words ready to show: where they are, what they have, what is on in them and what comes next."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.choices import SlotState
from conference.models import Edition, Room
from content.presentation import language_name, number_text, phrase, shown

Words = dict[str, Any]


def with_address(rooms: QuerySet) -> QuerySet:
    """Whether another venue has a room by the same slug, so that the address has to name the venue."""
    others = Room.objects.filter(slug=OuterRef("slug")).exclude(venue=OuterRef("venue"))
    return rooms.annotate(shares_slug=Exists(others))


def room_url(edition: Edition, room: Room) -> str:
    """Of a room that was asked for `with_address()`."""
    if room.shares_slug:
        return reverse("venue-room", args=[edition.slug, room.venue.slug, room.slug])
    return reverse("room", args=[edition.slug, room.slug])


def seats_text(room: Room) -> str:
    if room.capacity is None:
        return ""
    return _("%(number)s seats") % {"number": number_text(room.capacity)}


def room_words(room: Room, edition: Edition, with_venue: bool) -> Words:
    """With the name of its venue where there is more than one to tell apart."""
    name = shown(room, "name")
    text = name.text
    if with_venue:
        text = _("%(room)s (%(venue)s)") % {"room": name.text, "venue": shown(room.venue, "name").text}
    return {
        "id": room.pk,
        "name": text,
        "lang": name.lang,
        "dir": name.dir,
        "url": room_url(edition, room),
        "capacity": seats_text(room),
        "languages": room.languages,
    }


def room_facts(room: Room) -> list[Words]:
    """The room is one whose interpretation was fetched with it."""
    return [
        venue_fact(room),
        {"term": _("Seats"), "text": number_text(room.capacity)},
        {"term": _("Equipment"), "text": room.equipment},
        {"term": _("Languages on the floor"), "entries": entries(language_name(tag) for tag in room.languages or ())},
        {
            "term": _("Interpretation"),
            "entries": entries(interpretation_text(one) for one in room.interpretation.all()),
        },
    ]


def text_of(record, field: str) -> Words:
    text = shown(record, field)
    return {"text": text.text, "lang": text.lang, "dir": text.dir}


def venue_fact(room: Room) -> Words:
    address = phrase(*(shown(room.venue, name).text for name in ("address", "city")))
    return {"term": _("Venue"), **text_of(room.venue, "name"), "note": address}


def entries(texts: Iterable[str]) -> list[Words]:
    return [{"text": text} for text in texts]


def interpretation_text(offered) -> str:
    parts = [language_name(offered.language), offered.get_mode_display()]
    if offered.channel:
        parts.append(_("channel %(channel)s") % {"channel": offered.channel})
    return phrase(*parts)


def stays_open(start, room, state: str) -> bool:
    """A poster or an exhibition: it has a place and no hour. What has neither is still to be planned."""
    return start is None and room is not None and state == SlotState.CONFIRMED


def is_open_all_along(session: Words) -> bool:
    return stays_open(session["start"], session["room_id"], session["state"])


def open_by_room(programme) -> list[Words]:
    """What is open during the whole event, under its room."""
    stays = [session for session in programme.sessions if is_open_all_along(session)]
    taken = {session["room_id"] for session in stays}
    return [
        {"room": room, "sessions": [session for session in stays if session["room_id"] == room["id"]]}
        for room in programme.rooms.values()
        if room["id"] in taken
    ]


def in_the_room(session: Words, room_id: int) -> bool:
    """There, or across all rooms without one of its own."""
    return session["room_id"] == room_id or (session["spans"] and session["room_id"] is None)
