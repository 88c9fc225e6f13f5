"""The delegations of an edition as they are, in a few queries whose number doesn't depend on their size.

Members are read as plain values: an edition may have tens of thousands, and few of them change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conference.choices import MemberRole
from conference.imports.person_names import honorific_key, name_key
from conference.models import Delegation, DelegationMember, Edition, Person
from content import languages
from content.imports.spelling import spelling
from content.models import Merge

TEXTS = ("honorific", "title", "affiliation")
NAMES = tuple(languages.column("name", code) for code in languages.CODES)
COLUMNS = {name: tuple(languages.column(name, code) for code in languages.CODES) for name in TEXTS}
_MEMBER = ("pk", "delegation_id", "person_id", "role", "rank", "consent")
_PERSON = ("state", "first_public_at", "other_names", *NAMES)

# Honorific, title and affiliation as they are compared.
Details = tuple[str, str, str]


def details_of(honorific: str, title: str, affiliation: str) -> Details:
    return honorific_key(honorific), spelling(title), spelling(affiliation)


@dataclass(slots=True, eq=False)
class Member:
    """`texts`: honorific, title and affiliation by column, those that are filled."""

    pk: int
    delegation: int
    person: int
    role: str
    rank: int
    consent: bool
    state: str
    first_public_at: Any
    other_names: list[str]
    names: dict[str, str]
    texts: dict[str, str]
    absorbed: list[Details] = field(default_factory=list)

    def spellings(self) -> set[str]:
        return {spelling(name) for name in [*self.names.values(), *self.other_names]}

    def name_keys(self) -> set[str]:
        return {name_key(name) for name in [*self.names.values(), *self.other_names]}

    def stored(self, name: str) -> list[str]:
        return [self.texts[column] for column in COLUMNS[name] if column in self.texts]

    def has_details(self, details: Details) -> bool:
        honorific, title, affiliation = details
        return (
            _is_one_of(honorific, [honorific_key(text) for text in self.stored("honorific")])
            and _is_one_of(title, [spelling(text) for text in self.stored("title")])
            and _is_one_of(affiliation, [spelling(text) for text in self.stored("affiliation")])
        )


def _is_one_of(text: str, stored: list[str]) -> bool:
    return text in stored if stored else not text


class DelegationsOnFile:
    def __init__(self, edition: Edition):
        self.edition = edition
        self.delegations = list(Delegation.objects.filter(edition=edition).order_by("pk")) if edition.pk else []
        self.by_party = {(one.country_id, one.organisation_id): one for one in self.delegations}

    @cached_property
    def members(self) -> dict[int, list[Member]]:
        """By delegation, in order of rank."""
        found: defaultdict[int, list[Member]] = defaultdict(list)
        texts = [column for columns in COLUMNS.values() for column in columns]
        fields = (*_MEMBER, *(f"person__{name}" for name in _PERSON), *texts)
        rows = DelegationMember.objects.filter(delegation__edition=self.edition).order_by("rank", "pk")
        start, middle = len(_MEMBER), len(_MEMBER) + len(_PERSON)
        for row in rows.values_list(*fields).iterator(chunk_size=2000):
            state, first_public_at, other_names, *names = row[start:middle]
            member = Member(
                *row[:start],
                state,
                first_public_at,
                other_names,
                {column: name for column, name in zip(NAMES, names, strict=True) if name},
                {column: text for column, text in zip(texts, row[middle:], strict=True) if text},
            )
            found[member.delegation].append(member)
        for (delegation, person), details in self._absorbed():
            for member in found[delegation]:
                if member.person == person:
                    member.absorbed.append(details)
        return found

    def _absorbed(self) -> Iterator[tuple[tuple[int, int], Details]]:
        """What memberships said that a merge of persons has given up: the file goes on naming both."""
        persons = DelegationMember.objects.filter(delegation__edition=self.edition).values("person")
        merges = Merge.objects.filter(model=Person._meta.label_lower, kept__in=persons, undone_at=None)
        for merge in merges.iterator(chunk_size=200):
            for step in merge.journal:
                row = step["before"]
                if step["model"] == DelegationMember._meta.label_lower and step["after"] is None:
                    texts = (next((row[c] for c in COLUMNS[name] if row[c]), "") for name in TEXTS)
                    yield (row["delegation_id"], merge.kept), details_of(*texts)

    def head_of(self, delegation: int) -> Member | None:
        return next((one for one in self.members[delegation] if one.role == MemberRole.HEAD), None)
