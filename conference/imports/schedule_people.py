"""Finds the persons of a file among those on file, makes the missing ones, and says what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from conference.imports.matching import pair
from conference.imports.on_file import OnFile, names_of
from conference.imports.parsed import Event, Key, Report, folded
from conference.imports.parsed import Person as FilePerson
from conference.imports.planned import EventPlan, PersonPlan
from conference.imports.records import Slugs, assign, publish_if_new
from conference.imports.texts import as_html, same_line
from conference.imports.values import is_uuid, shown
from conference.models import Appearance, Person, Session
from content import languages
from content.choices import PublicationState
from content.models.base import neutral_slug

_ROUNDS = ({"guid"}, {"id+name"}, {"name"}, {"id+session"})


class People:
    def __init__(self, on_file: OnFile, persons: Iterable[FilePerson], *, draft: bool):
        self.on_file = on_file
        self.persons = list(persons)
        self.draft = draft
        self.with_biographies = any(person.biography for person in self.persons)
        self.plans: dict[str, PersonPlan] = {}
        self._slugs = Slugs(on_file.person_slugs)
        guids = [person.guid for person in self.persons if is_uuid(person.guid)]
        self._uuids = {str(uuid) for uuid in Person.objects.filter(uuid__in=guids).values_list("uuid", flat=True)}
        self._appearance_ids = {one.external_id for one in on_file.appearances.values()}

    def find(self, sessions: Iterable[tuple[Event, Session | None]]) -> None:
        """Sessions come first: a person whose name was mended is known by the id in the same session."""
        shared = defaultdict(list)
        for event, session in sessions:
            if session:
                for one in event.persons:
                    shared[one.person].append(session.pk)
        wanted = [_keys(person, shared[person.key]) for person in self.persons]
        pairs = pair(wanted, [self._person_keys(person) for person in self.on_file.persons], _ROUNDS)
        elsewhere = self._at_other_editions()
        for index, person in enumerate(self.persons):
            known = self.on_file.persons[pairs[index]] if index in pairs else elsewhere.get(person.guid)
            self.plans[person.key] = self._change(person, known) if known else self._create(person)

    def report(self, accepted: Iterable[EventPlan], warn: Report) -> None:
        coming = {id(plan) for event in accepted for plan in event.persons}
        idle = [person for person in self.persons if id(self.plans[person.key]) not in coming]
        new = [one for one in self.persons if id(plan := self.plans[one.key]) in coming and plan.person.pk is None]
        if idle:
            count = f"{len(idle)} persons are" if len(idle) > 1 else "one person is"
            warn(idle[0].line, f"{count} in no event that comes in and left out: {shown(idle[0].name)}")
        known = set(Person.objects.filter(name_en__in=[one.name for one in new]).values_list("name_en", flat=True))
        if namesakes := [person for person in new if person.name in known]:
            such = f"taken for others: {len(namesakes)}, such as {shown(namesakes[0].name)}"
            warn(namesakes[0].line, f"new persons with the name of somebody at another edition, {such}")

    def _person_keys(self, person: Person) -> list[Key]:
        appearance = self.on_file.appearances.get(person.pk)
        identity = appearance.external_id if appearance else ""
        names = names_of(person, "name")
        keys = [*(Key("name", name) for name in names), Key("guid", str(person.uuid))]
        if identity:
            keys += [Key("guid", identity), *(Key("id+name", f"{identity} {name}") for name in names)]
            keys += [Key("id+session", f"{identity} {session}") for session in self._sessions[person.pk]]
        return keys

    @cached_property
    def _sessions(self) -> defaultdict[int, list[int]]:
        sessions = defaultdict(list)
        for session, group in self.on_file.participations.items():
            for one in group:
                sessions[one.person_id].append(session)
        return sessions

    def _at_other_editions(self) -> dict[str, Person]:
        """Only a real UUID is trusted to mean the same person everywhere."""
        guids = [person.guid for person in self.persons if is_uuid(person.guid)]
        if not guids:
            return {}
        appearances = Appearance.objects.filter(external_id__in=guids).select_related("person")
        found = {one.external_id: one.person for one in appearances}
        found |= {str(person.uuid): person for person in Person.objects.filter(uuid__in=guids)}
        here = {person.pk for person in self.on_file.persons}
        return {guid: person for guid, person in found.items() if person.pk not in here}

    def _create(self, person: FilePerson) -> PersonPlan:
        fallback = f"person-{(person.guid or person.id)[:8]}"
        names = {languages.column("name", code): name for code, name in person.names.items()}
        record = Person(
            slug=self._slugs.take(neutral_slug(person.slug, "") or neutral_slug(person.name, fallback)),
            biography_en=as_html(person.biography),
            state=PublicationState.DRAFT if self.draft else PublicationState.PUBLISHED,
            **(names or {"name_en": person.name}),
            # Nobody else has it, or that person would have been found.
            **({"uuid": person.guid} if is_uuid(person.guid) and person.guid not in self._uuids else {}),
        )
        self._uuids.add(person.guid)
        return PersonPlan(record, self._appearance(person, record))

    def _change(self, person: FilePerson, known: Person) -> PersonPlan:
        values = {"biography_en": as_html(person.biography)} if self.with_biographies else {}
        # A name that is on file in another language stays the name in that language.
        if folded(person.name) not in names_of(known, "name") or folded(person.name) == folded(known.name_en or ""):
            values["name_en"] = person.name
        values |= {languages.column("name", code): name for code, name in person.names.items()}
        if same_line(person.name, known.name_en):
            values.pop("name_en", None)
        appearance = self.on_file.appearances.get(known.pk)
        # Our own identifier tells nothing that isn't known.
        foreign = person.guid and person.guid != str(known.uuid)
        learned = bool(appearance and foreign and person.id not in self._appearance_ids)
        if learned:
            appearance.external_id = self._free(person.id)
        return PersonPlan(
            known,
            appearance or self._appearance(person, known),
            assign(known, values) | publish_if_new(known, self.draft),
            # Who takes part already without an appearance is as the public knows them.
            learned or (not appearance and known.pk not in self._sessions),
        )

    def _appearance(self, person: FilePerson, record: Person) -> Appearance:
        return Appearance(person=record, edition=self.on_file.edition, external_id=self._free(person.id))

    def _free(self, identity: str) -> str:
        """An id that another person at this edition goes by is nobody else's."""
        if not identity or identity in self._appearance_ids:
            return ""
        self._appearance_ids.add(identity)
        return identity


def _keys(person: FilePerson, sessions: Iterable[int]) -> list[Key]:
    name = folded(person.name)
    keys = [Key("name", name)]
    if person.guid:
        keys.append(Key("guid", person.id))
    if person.id:
        keys.append(Key("id+name", f"{person.id} {name}"))
        keys += [Key("id+session", f"{person.id} {session}") for session in sessions]
    return keys
