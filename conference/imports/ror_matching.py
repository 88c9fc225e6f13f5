"""Finds the organisations on file in the Research Organization Registry.

An entry that has the very name of an organisation, or one of its other names, in the same country is applied where it
is the only one. What is less sure waits for a person: several entries, another country, only an acronym, an entry that
is no longer active.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction

from conference.imports.person_names import plain
from conference.imports.ror_file import Entry
from conference.models import Country, Organisation, RORCandidate
from conference.models.ror import is_ror
from content.imports.account import Account
from content.imports.account import Entry as Told
from content.merging import names

MOST_CANDIDATES = 10
NAME, ALIAS, ACRONYM = "the same name", "the same name among other names", "the same acronym"
ELSEWHERE, INACTIVE = "in another country", "no longer active"
_LONGEST = {name: RORCandidate._meta.get_field(name).max_length for name in ("name", "acronym", "place")}


class Match(NamedTuple):
    entry: Entry
    reasons: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        return self.reasons in ((NAME,), (ALIAS,))


@dataclass
class Found:
    organisation: Organisation
    matches: dict[str, Match] = field(default_factory=dict)
    own: Entry | None = None

    def add(self, match: Match) -> None:
        known = self.matches.get(match.entry.ror)
        if known is None or len(match.reasons) < len(known.reasons):
            self.matches[match.entry.ror] = match

    @property
    def sure(self) -> list[Match]:
        return [match for match in self.matches.values() if match.is_sure]


class Register:
    """The organisations on file by what they are called; entries pass by it one at a time."""

    def __init__(self, organisations: Iterable[Organisation]):
        self.found = {one.pk: Found(one) for one in organisations}
        self.by_name: dict[str, set[int]] = defaultdict(set)
        self.by_acronym: dict[str, set[int]] = defaultdict(set)
        self.by_ror: dict[str, set[int]] = defaultdict(set)
        for pk, found in self.found.items():
            one = found.organisation
            for text in names(one):
                self.by_name[plain(text)].add(pk)
            if one.acronym:
                self.by_acronym[plain(one.acronym)].add(pk)
            if one.ror:
                self.by_ror[one.ror].add(pk)
        self.by_name.pop("", None)
        self.by_acronym.pop("", None)

    def look_at(self, entry: Entry) -> None:
        for pk in self.by_ror.get(entry.ror, ()):
            self.found[pk].own = entry
        for name in entry.names:
            key = plain(name.text)
            if name.kinds == {"acronym"}:
                self.note(self.by_acronym.get(key, ()), entry, ACRONYM)
                continue
            self.note(self.by_name.get(key, ()), entry, NAME if name.kinds & {"ror_display", "label"} else ALIAS)

    def note(self, pks: Iterable[int], entry: Entry, reason: str) -> None:
        for pk in pks:
            found = self.found[pk]
            country = found.organisation.country
            elsewhere = country is not None and entry.country != country.code
            if found.organisation.ror or (reason == ACRONYM and (elsewhere or country is None)):
                continue
            more = [ELSEWHERE] * elsewhere + [INACTIVE] * (not entry.active)
            found.add(Match(entry, (reason, *more)))


class Importing:
    """One run over the organisations on file, from the matches to the account."""

    def __init__(self, account: Account, file: str):
        self.account = account
        self.file = file
        self.countries = {country.code: country for country in Country.objects.published()}
        self.candidates: list[RORCandidate] = []

    def run(self, entries: Iterable[Entry]) -> None:
        """Raises RORError; then nothing was written."""
        register = Register(Organisation.objects.select_related("country").order_by("pk"))
        for entry in entries:
            if is_ror(entry.ror):
                register.look_at(entry)
            else:
                self.account.warn(self.file, entry.line, f"{entry.ror[:60]!r} is no ROR identifier: left out")
        shared = self.shared(register)
        with transaction.atomic():
            for found in register.found.values():
                self.decide(found, shared)
            if not self.account.dry_run:
                RORCandidate.objects.all().delete()
                RORCandidate.objects.bulk_create(self.candidates)

    def shared(self, register: Register) -> set[str]:
        """Entries that are surely several organisations on file, which are likely duplicates."""
        owners = defaultdict(set)
        for pk, found in register.found.items():
            for match in found.sure:
                owners[match.entry.ror].add(pk)
            if found.organisation.ror:
                owners[found.organisation.ror].add(pk)
        return {ror for ror, pks in owners.items() if len(pks) > 1}

    def decide(self, found: Found, shared: set[str]) -> None:
        organisation = found.organisation
        if organisation.ror:
            self.known(found)
            return
        sure = found.sure
        if len(sure) == 1 and sure[0].entry.ror not in shared:
            self.apply(organisation, sure[0].entry, ror=sure[0].entry.ror)
            return
        self.account.unchanged += 1
        if found.matches:
            self.offer(found, shared)

    def known(self, found: Found) -> None:
        """One with an identifier gets what it lacks of its own entry."""
        if found.own is None:
            self.account.unchanged += 1
            reason = f"{found.organisation}: its identifier {found.organisation.ror} is not in this file"
            self.account.warn(self.file, 1, reason)
            return
        self.apply(found.organisation, found.own)

    def apply(self, organisation: Organisation, entry: Entry, **values) -> None:
        if organisation.country is None and entry.country in self.countries:
            values["country"] = self.countries[entry.country]
        longest = Organisation._meta.get_field("acronym").max_length
        if not organisation.acronym and 0 < len(entry.acronym) <= longest:
            values["acronym"] = entry.acronym
        if not values:
            self.account.unchanged += 1
            return
        for name, value in values.items():
            setattr(organisation, name, value)
        if not self.account.dry_run:
            organisation.save(update_fields=[*values])
        self.account.changed += 1
        told = tuple(f"{name}: {value}" for name, value in values.items())
        self.account.entries.append(Told(entry.line, "changed", str(organisation), told))

    def offer(self, found: Found, shared: set[str]) -> None:
        matches = sorted(found.matches.values(), key=lambda match: (len(match.reasons), match.entry.name))
        for match in matches[:MOST_CANDIDATES]:
            entry = match.entry
            self.candidates.append(
                RORCandidate(
                    organisation=found.organisation,
                    ror=entry.ror,
                    name=entry.name[: _LONGEST["name"]],
                    acronym=entry.acronym if len(entry.acronym) <= _LONGEST["acronym"] else "",
                    country_code=entry.country[:2],
                    place=entry.place[: _LONGEST["place"]],
                    reason=", ".join(match.reasons),
                )
            )
        several = len(found.sure) > 1
        if found.sure and not several and found.sure[0].entry.ror in shared:
            why = "another organisation on file is the same entry, so the two are likely duplicates"
        else:
            why = f"{len(matches)} entries may be it" if several or len(matches) > 1 else ", ".join(matches[0].reasons)
        listed = "; ".join(f"{match.entry.name} {match.entry.ror}" for match in matches[:3])
        told = f"{found.organisation}: {why}: {listed}. Choose in the admin"
        self.account.warn(self.file, matches[0].entry.line, told)
