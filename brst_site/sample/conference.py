"""A sample edition with its programme, persons and delegations."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import models

from brst_site.sample.texts import Texts, columns, create, sample
from brst_site.sample.timetable import Place, rooms_for, timetable
from conference.choices import (
    DelegationCategory,
    DelegationLevel,
    DelegationVisibility,
    HostPlace,
    MemberRole,
    OrganisationKind,
    ParticipationRole,
    ProtocolLanguage,
    Sex,
    SlotState,
)
from conference.models import (
    Appearance,
    CategoryRule,
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Organisation,
    Participation,
    Person,
    Room,
    RoomInterpretation,
    Section,
    Session,
    SessionInterpretation,
    SessionType,
    Slot,
    Track,
    Venue,
)

FIRST_DAY = date(2027, 6, 7)
TIME_ZONE = "Africa/Nairobi"
DELEGATIONS_OF_COUNTRIES = 80
DELEGATIONS_OF_ORGANISATIONS = 5
HOST = "KE"
# One delegation of a country in so many
OBSERVERS = 12
ORGANISATIONS_AS = (DelegationCategory.INTERGOVERNMENTAL, DelegationCategory.NON_GOVERNMENTAL)
MEMBERS = (MemberRole.HEAD, MemberRole.DEPUTY, MemberRole.MEMBER)
FLOOR_LANGUAGES = (["en"], ["zh"], ["en", "zh"], ["fr"], ["es"], ["ru"], ["ar"])
UN_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
SESSION_TYPES = ("roundtable", "panel", "workshop", "signing")
# One session in so many
CANCELLED, TENTATIVE, WITHOUT_TIME, OWN_LANGUAGES, MOVED = 40, 50, 80, 3, 50

Counts = dict[type[models.Model], int]


def make(texts: Texts, sessions: int, organisations: int) -> Counts:
    """The organisations are those of the sample projects too."""
    programme = Programme(texts, sessions)
    programme.make_frame()
    programme.make_people(organisations)
    programme.make_sessions()
    programme.make_participations()
    programme.publish()
    programme.make_delegations()
    return programme.counts


class Programme:
    """One sample edition in the making. Chance begins anew with each step, so that one does not disturb another."""

    def __init__(self, texts: Texts, sessions: int):
        self.texts = texts
        self.counts: Counts = {}
        self.places = timetable(sessions, rooms_for(sessions), Random("timetable"))
        self.countries = list(Country.objects.listed().order_by("code"))

    def create(self, model: type[models.Model], records: list[models.Model]) -> list[models.Model]:
        self.counts[model] = len(records)
        return create(model, records)

    def numbered(self, model: type[models.Model], count: int, **values) -> list[models.Model]:
        """`values` may be functions of the number."""
        kind = model._meta.model_name
        return self.create(
            model,
            [
                sample(
                    model,
                    f"sample-{kind}-{number}",
                    **self.texts.columns(kind, number),
                    **{name: value(number) if callable(value) else value for name, value in values.items()},
                )
                for number in range(1, count + 1)
            ],
        )

    def make_frame(self) -> None:
        last_day = FIRST_DAY + timedelta(days=self.places[-1].day if self.places else 0)
        edition = sample(
            Edition,
            "sample-edition",
            **self.texts.columns("edition"),
            start_date=FIRST_DAY.isoformat(),
            end_date=last_day.isoformat(),
            time_zone=TIME_ZONE,
            protocol_language=ProtocolLanguage.FRENCH,
            host_place=HostPlace.LAST,
        )
        (self.edition,) = self.create(Edition, [edition])
        (venue,) = self.create(Venue, [sample(Venue, "sample-venue", **self.texts.columns("venue"))])
        in_order = {"edition": self.edition, "position": int}
        self.sections = self.numbered(Section, 5, **in_order)
        self.tracks = self.numbered(Track, 8, **in_order)
        self.make_rooms(venue)
        self.make_types()

    def make_rooms(self, venue: Venue) -> None:
        random = Random("rooms")
        self.rooms = self.numbered(
            Room,
            rooms_for(len(self.places)),
            venue=venue,
            position=int,
            capacity=lambda number: 1200 if number == 1 else random.choice([None, 60, 120, 240, 300]),
            languages=lambda number: FLOOR_LANGUAGES[number % len(FLOOR_LANGUAGES)],
        )
        create(
            RoomInterpretation,
            [
                RoomInterpretation(room=room, language=language, channel=str(channel))
                for room in self.rooms
                for channel, language in enumerate(sorted(random.sample(UN_LANGUAGES, 2)), 1)
                if language not in room.languages
            ],
        )

    def make_types(self) -> None:
        types = [
            sample(
                SessionType,
                f"sample-{name}",
                **columns(templates),
                spans_rooms=name in ("plenary", "break"),
                is_break=name == "break",
            )
            for name, templates in self.texts["types"].items()
        ]
        self.types = dict(zip(self.texts["types"], self.create(SessionType, types), strict=True))

    def make_people(self, organisations: int) -> None:
        random = Random("people")
        kinds = [OrganisationKind.INTERGOVERNMENTAL] * DELEGATIONS_OF_ORGANISATIONS + [
            OrganisationKind.UNIVERSITY,
            OrganisationKind.INSTITUTE,
            OrganisationKind.ACADEMY,
            OrganisationKind.COMPANY,
        ]
        self.organisations = self.numbered(
            Organisation,
            organisations,
            kind=lambda number: kinds[(number - 1) % len(kinds)],
            country=lambda number: random.choice(self.countries),
        )
        members = len(MEMBERS) * (DELEGATIONS_OF_COUNTRIES + DELEGATIONS_OF_ORGANISATIONS)
        self.persons = self.numbered(
            Person,
            max(members, len(self.places) * 3 // 4),
            sex=lambda number: ("", Sex.FEMALE, Sex.MALE, Sex.FEMALE, Sex.MALE, Sex.MALE)[number % 6],
        )
        create(Appearance, [self.appearance(person, random.choice(self.organisations)) for person in self.persons])

    def appearance(self, person: Person, organisation: Organisation) -> Appearance:
        affiliation = {
            name.replace("name", "affiliation"): getattr(organisation, name)
            for name in self.texts.columns("organisation")
        }
        return Appearance(
            person=person,
            edition=self.edition,
            organisation=organisation,
            country=organisation.country,
            **affiliation,
        )

    def make_sessions(self) -> None:
        random = Random("sessions")
        self.places = [
            place._replace(kind="exhibition")
            if place.kind == "session" and random.randrange(WITHOUT_TIME) == 0
            else place
            for place in self.places
        ]
        sessions = [self.session(number, place, random) for number, place in enumerate(self.places, 1)]
        self.sessions = self.create(Session, sessions)

    def session(self, number: int, place: Place, random: Random) -> Session:
        values = self.texts.columns(place.kind, number)
        if place.kind != "break":
            values |= repeated(self.texts.columns("session", number), "abstract", random.randint(1, 3))
            values |= {"section": random.choice(self.sections), "track": random.choice(self.tracks)}
        if place.kind == "session":
            values["languages"] = random.choice(FLOOR_LANGUAGES) if random.randrange(OWN_LANGUAGES) == 0 else None
        kind = random.choice(SESSION_TYPES) if place.kind == "session" else place.kind
        return sample(Session, f"sample-session-{number}", edition=self.edition, type=self.types[kind], **values)

    def make_participations(self) -> None:
        random = Random("participations")
        roles = (
            ParticipationRole.CHAIR,
            ParticipationRole.SPEAKER,
            ParticipationRole.SPEAKER,
            ParticipationRole.PANELLIST,
        )
        create(
            Participation,
            [
                Participation(session=session, person=person, role=role, position=position)
                for session, place in zip(self.sessions, self.places, strict=True)
                if place.kind in ("plenary", "session")
                for position, (person, role) in enumerate(
                    zip(random.sample(self.persons, random.randint(1, len(roles))), roles, strict=False)
                )
            ],
        )
        create(
            SessionInterpretation,
            [
                SessionInterpretation(session=session, language=language, channel=str(channel))
                for session, place in zip(self.sessions, self.places, strict=True)
                if place.kind == "plenary"
                for channel, language in enumerate(UN_LANGUAGES, 1)
            ],
        )

    def publish(self) -> None:
        """Twice, so that some sessions are seen to have moved or to be cancelled since they were announced."""
        random = Random("slots")
        draft = self.edition.draft_schedule()
        slots = create(
            Slot,
            [
                self.slot(draft, session, place, random)
                for session, place in zip(self.sessions, self.places, strict=True)
            ],
        )
        self.edition.publish_schedule()
        changed = changes(slots, random)
        Slot.objects.bulk_update(changed, ["room", "start", "end", "state"])
        self.edition.publish_schedule()

    def slot(self, draft, session: Session, place: Place, random: Random) -> Slot:
        slot = Slot(version=draft, session=session, state=SlotState.CONFIRMED)
        if place.kind == "exhibition":
            return slot
        midnight = datetime.combine(FIRST_DAY + timedelta(days=place.day), time(), ZoneInfo(TIME_ZONE))
        slot.start = midnight + timedelta(minutes=place.start)
        slot.end = midnight + timedelta(minutes=place.end)
        slot.room = None if place.room is None else self.rooms[place.room]
        if place.kind == "session" and random.randrange(TENTATIVE) == 0:
            slot.state = SlotState.TENTATIVE
        return slot

    def make_delegations(self) -> None:
        random = Random("delegations")
        guests = [country for country in self.countries if country.code != HOST]
        senders = [country for country in self.countries if country.code == HOST]
        senders += random.sample(guests, min(DELEGATIONS_OF_COUNTRIES - len(senders), len(guests)))
        delegations = [self.delegation(random, country=country, category=category_of(country)) for country in senders]
        for number, delegation in enumerate(delegations):
            if number % OBSERVERS == OBSERVERS - 1:
                delegation.category = DelegationCategory.OBSERVER
        delegations += [
            self.delegation(
                random, organisation=organisation, category=ORGANISATIONS_AS[number % len(ORGANISATIONS_AS)]
            )
            for number, organisation in enumerate(self.organisations[:DELEGATIONS_OF_ORGANISATIONS])
        ]
        self.create(Delegation, delegations)
        self.set_order(random, delegations)
        persons = iter(self.persons)
        create(
            DelegationMember,
            [
                DelegationMember(
                    delegation=delegation,
                    person=next(persons),
                    role=role,
                    rank=rank,
                    consent=random.random() < 0.7,
                    **self.texts.columns("member"),
                )
                for delegation in delegations
                for rank, role in enumerate(MEMBERS, 1)
            ],
        )

    def set_order(self, random: Random, delegations: list[Delegation]) -> None:
        """A lot is drawn, one delegation is put first by number, and one category is shown without persons."""
        members = [one for one in delegations if one.category == DelegationCategory.MEMBER]
        honoured, drawn = random.sample(members, 2)
        Delegation.objects.filter(pk=honoured.pk).update(precedence=1)
        Edition.objects.filter(pk=self.edition.pk).update(first_seat=drawn)
        create(
            CategoryRule,
            [
                CategoryRule(
                    edition=self.edition,
                    category=DelegationCategory.NON_GOVERNMENTAL,
                    visibility=DelegationVisibility.PARTY,
                    place=4,
                )
            ],
        )

    def delegation(self, random: Random, **values) -> Delegation:
        party = values.get("country") or values["organisation"]
        return sample(
            Delegation,
            party.slug,
            edition=self.edition,
            level=random.choice(["", *DelegationLevel.values]),
            size=random.choice([None, random.randint(3, 40)]),
            **values,
        )


def category_of(country: Country) -> DelegationCategory:
    return DelegationCategory.HOST if country.code == HOST else DelegationCategory.MEMBER


def repeated(values: dict[str, str], field: str, times: int) -> dict[str, str]:
    return {name: text * times for name, text in values.items() if name.startswith(field)}


def changes(slots: list[Slot], random: Random) -> list[Slot]:
    """Some sessions change places with another of the same length, and some are cancelled."""
    confirmed = [slot for slot in slots if slot.room_id and slot.state == SlotState.CONFIRMED]
    random.shuffle(confirmed)
    cancelled = confirmed[: len(confirmed) // CANCELLED]
    for slot in cancelled:
        slot.state = SlotState.CANCELLED
    moving = sorted(confirmed[len(cancelled) :][: len(confirmed) // MOVED * 2], key=lambda slot: slot.end - slot.start)
    moved = []
    for one, other in zip(moving[::2], moving[1::2], strict=False):
        if one.end - one.start == other.end - other.start:
            exchange(one, other)
            moved += [one, other]
    return cancelled + moved


def exchange(one: Slot, other: Slot) -> None:
    for name in ("room", "start", "end"):
        value = getattr(one, name)
        setattr(one, name, getattr(other, name))
        setattr(other, name, value)
