"""Rooms of our own schedule.xml, which names the venue in parentheses where two rooms of an edition share a name."""

from __future__ import annotations

import re
from collections import defaultdict

from conference.imports.assembly import Draft
from conference.imports.parsed import folded

_IN_VENUE = re.compile(r"(.+?) \((.+)\)")


def tell_venues(drafts: list[Draft]) -> None:
    """Write a room's name and its venue apart, if the file has a room of that name in another venue too.

    A name that no other room shares may have parentheses of its own, and stays.
    """
    names = {draft.fields["room"] for draft in drafts}
    parts = {name: (match[1], match[2]) for name in names if (match := _IN_VENUE.fullmatch(name))}
    venues: defaultdict[str, set[str]] = defaultdict(set)
    for room, venue in parts.values():
        venues[folded(room)].add(folded(venue))
    for draft in drafts:
        room, venue = parts.get(draft.fields["room"], ("", ""))
        if len(venues[folded(room)]) > 1 and not draft.fields["venue"]:
            draft.fields |= {"room": room, "venue": venue}
