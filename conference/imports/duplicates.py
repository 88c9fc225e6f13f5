"""Records that are probably the same, to be shown to staff; nothing is merged by itself.

Persons of an edition: the same name in another order, without accents or with initials; inside one delegation also
nearly the same name. Organisations: nearly the same name, or the same acronym.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.imports.parties import signature
from conference.imports.person_names import name_key
from conference.models import DelegationMember, Edition, Organisation, Person
from content import languages
from content.imports.spelling import plain, similarity, trigrams
from content.merging import told_apart

# So much alike are two names inside one delegation, and those of organisations.
NEAR_PERSON, NEAR_ORGANISATION = 0.6, 0.65
# A trigram that so many share tells nobody apart.
_COMMON = 60
# Of namesakes beyond this nobody would look at every pair.
_MOST_OF_A_NAME = 12

SAME = _("the same name")
INITIALS = _("the same name with initials")
NEAR = _("nearly the same name")
ACRONYM = _("the same acronym")
IDENTIFIER = _("the same ROR identifier")


class Pair(NamedTuple):
    """`first` has the lower key. `weight`: the surest are shown first."""

    first: int
    second: int
    reason: object
    weight: float


class _Pairs:
    def __init__(self, apart: set[tuple[int, int]]):
        self.apart = apart
        self.found: dict[tuple[int, int], Pair] = {}

    def add(self, one: int, other: int, reason, weight: float) -> None:
        first, second = sorted((one, other))
        known = self.found.get((first, second))
        if first != second and (first, second) not in self.apart and (known is None or known.weight < weight):
            self.found[first, second] = Pair(first, second, reason, weight)

    def add_all(self, group: Iterable[int], reason, weight: float) -> None:
        for one, other in combinations(sorted(set(group))[:_MOST_OF_A_NAME], 2):
            self.add(one, other, reason, weight)

    def ordered(self) -> list[Pair]:
        return sorted(self.found.values(), key=lambda pair: (-pair.weight, pair.first, pair.second))


def person_pairs(edition: Edition) -> list[Pair]:
    pairs = _Pairs(told_apart(Person))
    names = dict(_person_names(edition))
    delegations: defaultdict[int, list[int]] = defaultdict(list)
    members = DelegationMember.objects.filter(delegation__edition=edition).order_by("pk")
    for delegation, person in members.values_list("delegation", "person"):
        delegations[delegation].append(person)
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for person, texts in names.items():
        for text in texts:
            by_name[name_key(text)].append(person)
    for group in by_name.values():
        pairs.add_all(group, SAME, 2)
    for group in delegations.values():
        _near_pairs(pairs, {person: names.get(person, ()) for person in group})
    return pairs.ordered()


def _person_names(edition: Edition) -> Iterator[tuple[int, list[str]]]:
    columns = [languages.column("name", code) for code in languages.CODES]
    here = (
        Q(pk__in=DelegationMember.objects.filter(delegation__edition=edition).values("person"))
        | Q(pk__in=edition.appearances.values("person"))
        | Q(pk__in=edition.sessions.values("persons"))
    )
    for pk, *texts in Person.objects.filter(here).order_by("pk").values_list("pk", *columns).iterator(chunk_size=2000):
        yield pk, [text for text in dict.fromkeys(texts) if text]


def _near_pairs(pairs: _Pairs, names: dict[int, Iterable[str]]) -> None:
    """ "J. Smith" and "John Smith", the surname first or last; then what is spelled nearly the same."""
    by_initial: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for person, texts in names.items():
        for words in (plain(text).split() for text in texts):
            for surname, given in ((words[-1], words[0]), (words[0], words[-1])) if len(words) > 1 else ():
                by_initial[surname, given[0]].append((person, given))
    for group in by_initial.values():
        for (one, given), (other, other_given) in combinations(group[:_COMMON], 2):
            if 1 in (len(given), len(other_given)):
                pairs.add(one, other, INITIALS, 1.5)
    _by_trigrams(pairs, names, NEAR_PERSON)


def organisation_pairs() -> list[Pair]:
    pairs = _Pairs(told_apart(Organisation))
    columns = [languages.column("name", code) for code in languages.CODES]
    names: dict[int, list[str]] = {}
    by_name, by_acronym, by_ror = defaultdict(list), defaultdict(list), defaultdict(list)
    rows = Organisation.objects.order_by("pk").values_list("pk", "acronym", "ror", "other_names", *columns)
    for pk, acronym, ror, other_names, *texts in rows.iterator(chunk_size=2000):
        if ror:
            by_ror[ror].append(pk)
        names[pk] = [text for text in dict.fromkeys([*texts, *other_names]) if text]
        for text in names[pk]:
            by_name[signature(text)].append(pk)
        if len(acronym) > 2:
            by_acronym[plain(acronym)].append(pk)
    for group in by_ror.values():
        pairs.add_all(group, IDENTIFIER, 3)
    for group in by_name.values():
        pairs.add_all(group, SAME, 2)
    _by_trigrams(pairs, {pk: map(signature, texts) for pk, texts in names.items()}, NEAR_ORGANISATION)
    for group in by_acronym.values():
        pairs.add_all(group, ACRONYM, 0.6)
    return pairs.ordered()


def _by_trigrams(pairs: _Pairs, names: dict[int, Iterable[str]], least: float) -> None:
    """Only those are compared that share a rare trigram, so that thousands take seconds."""
    known = [(key, trigrams(text), numbers(text)) for key, texts in names.items() for text in texts]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, (_key, signs, _numbers) in enumerate(known):
        for sign in signs:
            holders[sign].append(index)
    compared: set[tuple[int, int]] = set()
    for indices in holders.values():
        if len(indices) > _COMMON:
            continue
        for one, other in combinations(indices, 2):
            if (one, other) not in compared and known[one][0] != known[other][0]:
                compared.add((one, other))
                alike = similarity(known[one][1], known[other][1])
                if alike >= least and not told_by_numbers(known[one][2], known[other][2]):
                    pairs.add(known[one][0], known[other][0], NEAR, alike)


def numbers(text: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", text)]


def told_by_numbers(one: list[int], other: list[int]) -> bool:
    """Institute 5 and Institute 6 are spelled nearly the same, and are two."""
    return bool(one and other and one != other)
