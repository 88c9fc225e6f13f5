"""schema.org as JSON-LD: editions and sessions as Event, speakers as Person. Pure functions on rows of the API.

A key without a value is left out: nothing is not recorded here in words.
"""

from content.exports.schema_org import CONTEXT, Row, description, filled

SCHEDULED = "https://schema.org/EventScheduled"
RESCHEDULED = "https://schema.org/EventRescheduled"
CANCELLED = "https://schema.org/EventCancelled"


def edition_event(row: Row, sections: list[Row] = ()) -> Row:
    """`organisers` of the row are references; `sections` are `{name, url}`."""
    return filled(
        at_context=CONTEXT,
        at_type="Event",
        at_id=row["url"],
        url=row["url"],
        name=row["name"],
        alternateName=row["theme"],
        description=description(row["introduction"]),
        startDate=row["start_date"],
        endDate=row["end_date"],
        eventStatus=SCHEDULED if row["start_date"] else None,
        location=city(row),
        organizer=[organisation(one) for one in row["organisers"] or ()],
        subEvent=[filled(at_type="Event", at_id=one["url"], name=one["name"], url=one["url"]) for one in sections],
    )


def city(row: Row) -> Row | None:
    country = row["country"] and row["country"]["name"]
    name = ", ".join(filter(None, [row["city"], country]))
    if not name:
        return None
    address = filled(
        at_type="PostalAddress",
        addressLocality=row["city"],
        addressCountry=row["country"] and row["country"]["code"],
    )
    return filled(at_type="Place", name=name, address=address)


def organisation(one: Row) -> Row:
    return filled(at_type="Organization", name=one["name"], url=one.get("url"))


def session_event(row: Row, edition: Row, talks: list[Row] = (), address: str = "") -> Row:
    """`edition` is the row of its edition; `talks` are `{name, url}`; `address` that of the venue, as one text.

    Persons are those in the row's `participations`; each `speaker` may have a `url`.
    """
    moved = row["previous_start"] and row["previous_start"] != row["start"]
    return filled(
        at_context=CONTEXT,
        at_type="Event",
        at_id=row["url"],
        url=row["url"],
        identifier=row["id"],
        name=row["title"],
        alternateName=row["subtitle"],
        description=description(row["abstract"]),
        startDate=row["start"],
        endDate=row["end"],
        duration=duration(row["duration_minutes"]),
        previousStartDate=row["previous_start"] if moved else None,
        eventStatus=status(row, bool(moved)),
        inLanguage=languages_of(row),
        location=place(row, address),
        performer=persons(row, edition),
        organizer=[organisation(one) for one in edition["organisers"] or ()],
        superEvent=filled(
            at_type="Event",
            at_id=edition["url"],
            name=edition["name"],
            url=edition["url"],
            startDate=edition["start_date"],
            endDate=edition["end_date"],
        ),
        subEvent=[filled(at_type="Event", at_id=one["url"], name=one["name"], url=one["url"]) for one in talks],
        about=[one["name"] for one in (row["track"], row["section"]) if one],
        maximumAttendeeCapacity=row.get("seats"),
    )


def status(row: Row, moved: bool) -> str | None:
    """None where no published schedule says anything of it."""
    if not row["state"]:
        return None
    if row["state"] == "cancelled":
        return CANCELLED
    return RESCHEDULED if moved else SCHEDULED


def languages_of(row: Row) -> list[str]:
    """Those of the floor, then those of the interpretation."""
    return list(dict.fromkeys([*(row["languages"] or ()), *(one["language"] for one in row["interpretation"])]))


def place(row: Row, address: str) -> Row | None:
    if not row["room"]:
        return None
    venue = filled(at_type="Place", name=row["venue"]["name"], address=address)
    return filled(at_type="Place", name=row["room"]["name"], containedInPlace=venue, address=address)


def persons(row: Row, edition: Row) -> list[Row]:
    """Each once, whatever roles it has; interpreters work at a session, they don't perform."""
    found = {}
    for part in row["participations"]:
        speaker = part["speaker"]
        if speaker and part["role"] != "interpreter":
            work = filled(at_type="Organization", name=part["affiliation"])
            found[speaker["id"]] = filled(
                at_type="Person",
                name=speaker["name"],
                url=f"{edition['url']}speakers/{speaker['slug']}/",
                affiliation=work if len(work) > 1 else None,
            )
    return list(found.values())


def duration(minutes: int | None) -> str | None:
    """ISO 8601: `PT1H30M`."""
    if not minutes:
        return None
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")


def speaker_person(row: Row, url: str, sessions: list[Row] = ()) -> Row:
    """`url` is the page at this edition; `sessions` are `{name, url, start}`."""
    return filled(
        at_context=CONTEXT,
        at_type="Person",
        at_id=url,
        url=url,
        name=row["name"],
        honorificPrefix=row["honorific"],
        description=description(row["biography"]),
        affiliation=filled(at_type="Organization", name=row["affiliation"]) if row["affiliation"] else None,
        sameAs=f"https://orcid.org/{row['orcid']}" if row["orcid"] else None,
        performerIn=[
            filled(at_type="Event", at_id=one["url"], name=one["name"], url=one["url"], startDate=one["start"])
            for one in sessions
        ],
    )
