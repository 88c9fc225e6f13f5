"""Says who is who among the persons of one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from conference.imports.parsed import Key, Participation, Person, Report, folded
from conference.imports.values import shown


class People:
    """Everyone in the file, once.

    A guid decides. After it an id of the list at the top, since that list names each person once. Ids elsewhere don't:
    one person has several, or several persons have the same, in files that are made of others; there the name decides.
    """

    def __init__(self, listed: Iterable[Person], warn: Report):
        self.warn = warn
        self.by_key: dict[str, Person] = {}
        self.by_id: dict[str, Person] = {}
        self.key_of_name: dict[str, str] = {}
        self.id_of_name: dict[str, str] = {}
        for person in listed:
            self._list(person)

    def all(self) -> tuple[Person, ...]:
        return tuple(replace(person, keys=tuple(_keys(person))) for person in self.by_key.values())

    def participations(self, persons: Iterable[tuple[Person, str]]) -> tuple[Participation, ...]:
        """The persons of one event with their roles, each person once in each role."""
        found: dict[tuple[str, str], Participation] = {}
        for person, role in persons:
            key = self._key(person)
            one = Participation(key, person.name, person.id, person.guid, role)
            found.setdefault((key, role), one)
        return tuple(found.values())

    def _list(self, person: Person) -> None:
        """Two entries with one id and different names are two persons: the second goes by its name."""
        namesake = self.by_id.get(person.id, person)
        if person.guid:
            key = f"guid:{person.guid}"
        elif person.id and folded(namesake.name) == folded(person.name):
            key = f"id:{person.id}"
        else:
            key = f"name:{folded(person.name)}"
        if key in self.by_key:
            self.warn(person.line, f"{shown(person.name)} stands twice in the list of persons: the first is taken")
            return
        self.by_key[key] = replace(person, key=key)
        if person.id:
            self.by_id.setdefault(person.id, self.by_key[key])
        self.key_of_name.setdefault(folded(person.name), key)

    def _key(self, person: Person) -> str:
        name = folded(person.name)
        listed = self.by_id.get(person.id)
        if person.guid:
            key = f"guid:{person.guid}"
        elif listed:
            key = listed.key
            self._compare(person, listed)
        else:
            key = self.key_of_name.get(name, f"name:{name}")
            self._note_several_ids(person)
        known = self.by_key.setdefault(key, replace(person, key=key))
        # Some files describe a person only in one of their events.
        if (person.biography and not known.biography) or (person.url and not known.url):
            biography, url = known.biography or person.biography, known.url or person.url
            self.by_key[key] = replace(known, biography=biography, url=url)
        return key

    def _compare(self, person: Person, listed: Person) -> None:
        if folded(person.name) != folded(listed.name):
            reason = f"is {shown(listed.name)} in the list of persons, by id {person.id}: that name is taken"
            self.warn(person.line, f"{shown(person.name)} {reason}")

    def _note_several_ids(self, person: Person) -> None:
        """Once for a name: an empty id says that it was told."""
        first = self.id_of_name.setdefault(folded(person.name), person.id)
        if first and person.id and first != person.id:
            self.id_of_name[folded(person.name)] = ""
            reason = f"has several ids, such as {first} and {person.id}: taken as one person"
            self.warn(person.line, f"{shown(person.name)} {reason}")


def _keys(person: Person) -> Iterator[Key]:
    """An id alone recognises nobody: it may be given afresh in each file."""
    name = folded(person.name)
    if person.guid:
        yield Key("guid", person.guid)
    if person.id:
        yield Key("id+name", f"{person.id} {name}")
    yield Key("name", name)
