"""The rows of the API as JSON-LD, for the pages that a record has."""

from typing import Any

from django.urls import reverse

from conference.exports import schema_org
from conference.listings import EDITIONS, SESSIONS, SPEAKERS
from conference.presentation.records import speaker_url, venue_text
from content import languages
from content.presentation import shown
from content.serializers import absolute

Row = dict[str, Any]


def row_of(listing, record) -> Row:
    return dict(listing.serializer(record, context={"language": languages.current()}).data)


def edition_row(edition) -> Row:
    row = row_of(EDITIONS, edition)
    for one in row["organisers"] or ():
        one["url"] = absolute(reverse("organisation", args=[one["slug"]]))
    return row


def named(sessions: list[Row]) -> list[Row]:
    """Sessions of a programme by name and address."""
    return [
        {
            "name": session["title"],
            "url": absolute(session["url"]),
            "start": session["start"] and session["start"].isoformat(timespec="seconds"),
        }
        for session in sessions
    ]


def of_edition(edition) -> Row:
    return schema_org.edition_event(edition_row(edition))


def of_session(session, edition, talks: list[Row]) -> Row:
    row = row_of(SESSIONS, session)
    if session.room:
        row["seats"] = session.room.capacity
    address = venue_text(session.room.venue) if session.room else ""
    return schema_org.session_event(row, edition_row(edition), named(talks), address)


def of_speaker(person, edition, appearance, sessions: list[Row]) -> Row:
    """As what the person appeared at this edition, not at the latest."""
    row = row_of(SPEAKERS, person) | {
        "honorific": shown(appearance, "honorific").text,
        "affiliation": shown(appearance, "affiliation").text or shown(appearance.organisation, "name").text,
    }
    return schema_org.speaker_person(row, absolute(speaker_url(edition, person)), named(sessions))
