"""What the pictures of the conference's pages say."""

from zoneinfo import ZoneInfo

from conference.choices import ParticipationRole, SlotState
from conference.models import Country, Edition, Person, Session
from conference.presentation import records
from content.cards import Card, facts, kind_of, names
from content.models import Document
from content.presentation import Shown, phrase, shown


def where_and_when(edition: Edition) -> tuple[Shown | str, ...]:
    return facts(records.edition_dates(edition), place(edition))


def place(edition: Edition) -> str:
    return phrase(*(entry["text"] for entry in records.place_entries(edition)))


def edition_card(edition: Edition) -> Card:
    said = where_and_when(edition)
    theme = shown(edition, "theme")
    description = phrase(*map(str, said))
    return Card(
        shown(edition, "name"),
        kind=kind_of(edition),
        sub=theme,
        facts=said,
        description=f"{theme.text}. {description}" if theme else description,
        sample=edition.sample,
    )


def session_card(session: Session, edition: Edition) -> Card:
    """When and where by the latest published schedule, who speaks, and whether it is off.

    The edition is the public one, whose country is named only where that is public, too.
    """
    said = facts(when(session), shown(session.room, "name"), place(edition), speakers(session))
    calm = session.slot_state in (SlotState.CONFIRMED, None)
    return Card(
        shown(session, "title"),
        kind=shown(session.type, "name").text or kind_of(session),
        facts=said or facts(shown(edition, "name")),
        description=phrase(*map(str, said)),
        chip="" if calm else records.state_text(session),
        sample=session.sample,
    )


def when(session: Session) -> str:
    times = records.session_times(session, ZoneInfo(session.edition.time_zone))
    if times is None:
        return ""
    venue = times["venue"]
    hours = f"{venue['start']}–{venue['end']}" if venue["end"] else venue["start"]
    return phrase(venue["day"], hours)


def speakers(session: Session) -> str:
    parts = session.participations.all()
    return names({part.person: None for part in parts if part.role != ParticipationRole.INTERPRETER})


def speaker_card(person: Person, edition: Edition, appearance, kind: str) -> Card:
    work = shown(appearance, "affiliation") or shown(appearance.organisation, "name")
    country = shown(appearance.country, "name")
    sub = Shown(phrase(work.text, country.text), work.lang, work.dir) if work else country
    return Card(
        shown(person, "name"),
        kind=kind,
        sub=sub,
        facts=facts(shown(edition, "name"), *where_and_when(edition)),
        description=phrase(sub.text, shown(edition, "name").text),
        sample=person.sample,
        type="profile",
    )


def country_card(country: Country) -> Card:
    """With its names in the other languages, as an atlas has them."""
    own = shown(country, "name")
    others = [words["text"] for words in records.names_in_all_languages(country) if words["text"] != own.text]
    regions = [shown(region, "name").text for region in records.regions(country)]
    return Card(
        own,
        kind=kind_of(country),
        sub=Shown(" · ".join(dict.fromkeys(filter(None, others)))),
        facts=facts(phrase(*dict.fromkeys(regions))),
        description=phrase(*dict.fromkeys(regions)),
        chip=country.code,
        sample=country.sample,
    )


def document_card(document: Document) -> Card:
    edition = records.edition_of(document)
    # Not where it was: the country of a document's edition may be hidden.
    said = facts(shown(edition, "name"), records.edition_dates(edition)) if edition else ()
    return Card(
        shown(document, "title"),
        kind=kind_of(document),
        facts=said,
        description=phrase(kind_of(document), *map(str, said)),
        sample=document.sample,
    )
