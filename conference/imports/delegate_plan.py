"""What a list of participants would do to an edition: every row is created, changed, unchanged or refused.

Nothing is written here. `docs/formats.md` says how persons are recognised and what wins.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from conference.choices import DelegationCategory, MemberRole, OrganisationKind
from conference.imports.categories import Group, read_category
from conference.imports.delegate_roles import role_of
from conference.imports.delegate_rows import Delegate
from conference.imports.delegations_on_file import (
    COLUMNS,
    TEXTS,
    DelegationsOnFile,
    Details,
    Member,
    details_of,
)
from conference.imports.parties import Called, Parties, Party
from conference.imports.person_names import honorific_key, language_of, name_key
from conference.imports.records import publish_if_new
from conference.imports.values import shown
from conference.models import Country, Delegation, Edition
from content import languages
from content.choices import PublicationState
from content.imports.spelling import spelling

Verdict = Literal["created", "changed", "unchanged", "refused"]
# Roomier ranks have no place in their column; such members stand in the order of the file still.
LAST_RANK = 32_767
_NAMIBIA = "NA"


@dataclass(slots=True, eq=False)
class RowPlan:
    """`member` is who on file is meant; `columns` are those of the membership that change, `names` of the person."""

    row: Delegate
    verdict: Verdict = "unchanged"
    details: list[str] = field(default_factory=list)
    member: Member | None = None
    role: str = MemberRole.MEMBER
    rank: int = 0
    columns: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)
    # On file already under another row of this file, since two persons were merged.
    stands_for: bool = False

    @property
    def is_new(self) -> bool:
        return self.member is None and self.verdict == "created" and not self.row.heading

    def change(self, what: str) -> None:
        self.verdict = "changed" if self.verdict == "unchanged" else self.verdict
        if what not in self.details:
            self.details.append(what)

    def refuse(self, reason: str) -> None:
        self.verdict, self.details = "refused", [reason]


@dataclass(slots=True, eq=False)
class DelegationPlan:
    """`columns` of the delegation change; `ranks` are those of members on file that only move along."""

    delegation: Delegation
    rows: list[RowPlan] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    ranks: dict[int, int] = field(default_factory=dict)


@dataclass
class Plan:
    """`warnings` are lines with what is worth knowing of them."""

    edition: Edition
    draft: bool
    rows: list[RowPlan]
    delegations: list[DelegationPlan]
    parties: Parties
    warnings: list[tuple[int, str]]

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict == verdict for row in self.rows)


def make_plan(
    delegates: Sequence[Delegate],
    edition: Edition,
    warnings: list[tuple[int, str]],
    *,
    nulls: Iterable[str] = (),
    has_names: bool = True,
    draft: bool = False,
) -> Plan:
    """To be called in the transaction in which it is applied. `has_names`: the list has a column of delegations."""
    return _Planner(delegates, edition, warnings, nulls, has_names, draft).plan()


class _Planner:
    def __init__(self, delegates, edition, warnings, nulls, has_names, draft):
        self.rows = [RowPlan(one) for one in delegates]
        self.edition = edition
        self.warnings: list[tuple[int, str]] = warnings
        self.draft = draft
        self.parties = Parties(draft=draft)
        self.on_file = DelegationsOnFile(edition)
        self.codes = _Codes(delegates, nulls, has_names, self.parties)
        self.groups: dict[str, Group | None] = {}

    def warn(self, line: int, reason: str) -> None:
        self.warnings.append((line, reason))

    def plan(self) -> Plan:
        for row in self.rows:
            if row.row.refusal:
                row.refuse(row.row.refusal)
        meant = [(row, self._called(row.row)) for row in self.rows if row.verdict != "refused"]
        self.parties.find(dict.fromkeys(called for _, called in meant))
        if self.codes.remark:
            self.warn(*self.codes.remark)
        plans = self._by_delegation(meant)
        for plan in plans:
            _Members(plan, self.on_file, draft=self.draft, warn=self.warn).plan()
        self._report(plans)
        return Plan(self.edition, self.draft, self.rows, plans, self.parties, self.warnings)

    def _called(self, row: Delegate) -> Called:
        group = self._group(row.category)
        return Called(row.delegation, self.codes.read(row), group.sender if group else "")

    def _group(self, category: str) -> Group | None:
        if category not in self.groups:
            self.groups[category] = read_category(category) if category else None
        return self.groups[category]

    def _by_delegation(self, meant: Iterable[tuple[RowPlan, Called]]) -> list[DelegationPlan]:
        plans: dict[int, DelegationPlan] = {}
        said: set[Called] = set()
        for row, called in meant:
            found = self.parties[called]
            if called not in said:
                said.add(called)
                for remark in found.remarks:
                    self.warn(row.row.line, remark)
            if found.party is None:
                row.refuse(found.refusal)
                continue
            if id(found.party) not in plans:
                plans[id(found.party)] = DelegationPlan(self._delegation(found.party))
            plans[id(found.party)].rows.append(row)
        for plan in plans.values():
            self._categorise(plan)
        return list(plans.values())

    def _delegation(self, party: Party) -> Delegation:
        is_country = isinstance(party, Country)
        key = (party.pk, None) if is_country else (None, party.pk)
        known = self.on_file.by_party.get(key) if party.pk else None
        return known or Delegation(
            edition=self.edition,
            country=party if is_country else None,
            organisation=None if is_country else party,
            state=PublicationState.DRAFT if self.draft else PublicationState.PUBLISHED,
        )

    def _categorise(self, plan: DelegationPlan) -> None:
        """The category that most rows give. A host by hand stays host: it is one of the parties too."""
        delegation, first = plan.delegation, plan.rows[0]
        given = [(row, group) for row in plan.rows if (group := self._group(row.row.category))]
        counts = Counter(group.category for row, group in given)
        wanted = max(counts, key=lambda category: counts[category]) if counts else None
        for row, group in given:
            if group.category != wanted:
                self.warn(row.row.line, f"{shown(row.row.category)}: the other rows of this delegation say {wanted}")
                break
        if delegation.pk is None:
            delegation.category = wanted or _usual_category(delegation)
            first.change("new delegation")
            return
        is_host = delegation.category == DelegationCategory.HOST and wanted == DelegationCategory.MEMBER
        if wanted and not is_host and delegation.category != wanted:
            if self.draft and delegation.first_public_at:
                self.warn(
                    first.row.line, "the delegation is public: its category is left as it is, because of --draft"
                )
            else:
                delegation.category = wanted
                plan.columns.add("category")
                first.change("category")
        if published := publish_if_new(delegation, self.draft):
            plan.columns |= published
            first.change("publication state")

    def _report(self, plans: Sequence[DelegationPlan]) -> None:
        self._report_categories()
        present = {plan.delegation.pk for plan in plans}
        met = {row.member.pk for plan in plans for row in plan.rows if row.member}
        absent = [one for pk in present if pk for one in self.on_file.members[pk] if one.pk not in met]
        if absent:
            count = f"{len(absent)} members" if len(absent) > 1 else "one member"
            self.warn(1, f"{count} of these delegations on file, but not in this file: they stay as they are")
        if not self.draft and self.edition.state != PublicationState.PUBLISHED:
            self.warn(1, "the edition is not published: nobody sees what comes in before it is")

    def _report_categories(self) -> None:
        """Once for each word that isn't one of ours."""
        counts = Counter(row.row.category for row in self.rows if row.row.category)
        first = {row.row.category: row.row.line for row in reversed(self.rows) if row.row.category}
        for text, count in counts.items():
            group = self.groups.get(text)
            if group is None and text in self.groups:
                self.warn(
                    first[text], f"{shown(text)} ({rows_text(count)}) is no category that the portal knows: left out"
                )
            elif group and not group.exact:
                self.warn(
                    first[text],
                    f"{shown(text)} ({rows_text(count)}) is taken as the category {group.category}",
                )


def _usual_category(delegation: Delegation) -> DelegationCategory:
    if delegation.country:
        return DelegationCategory.MEMBER
    kind = delegation.organisation.kind
    return {
        OrganisationKind.INTERGOVERNMENTAL: DelegationCategory.INTERGOVERNMENTAL,
        OrganisationKind.NON_GOVERNMENTAL: DelegationCategory.NON_GOVERNMENTAL,
    }.get(kind, DelegationCategory.OBSERVER)


class _Codes:
    """Tells the code of Namibia, or of any country, from the same letters for "nothing"."""

    def __init__(self, delegates: Sequence[Delegate], nulls: Iterable[str], has_names: bool, parties: Parties):
        self.parties = parties
        self.has_names = has_names
        self.nulls = {text.strip().upper() for text in nulls}
        lengths = Counter(len(one.code) for one in delegates if one.code and one.code.upper() not in self.nulls)
        self.two_letters = lengths[2] > lengths[3]
        self.remark: tuple[int, str] | None = None

    def read(self, row: Delegate) -> str:
        code = row.code.upper()
        if code not in self.nulls and code != _NAMIBIA:
            return row.code if code not in self.nulls else ""
        if not self.has_names:
            return code if self.two_letters or code not in self.nulls else ""
        country = self.parties.country_of_code(code)
        if country and row.delegation and self.parties.agree(row.delegation, country):
            return code
        if code not in self.nulls and not row.delegation:
            return code
        if code not in self.nulls and not self.remark:
            reason = f"{code} is the code of Namibia, which {shown(row.delegation)} is not"
            self.remark = (row.line, f"{reason}: taken as no code, here and below")
        return ""


class _Members:
    """The rows of one delegation, and its members on file."""

    def __init__(self, plan: DelegationPlan, on_file: DelegationsOnFile, *, draft: bool, warn):
        self.plan_ = plan
        self.draft = draft
        self.warn: Callable[[int, str], None] = warn
        self.members = on_file.members[plan.delegation.pk] if plan.delegation.pk else []
        self.taken: set[int] = set()

    def plan(self) -> None:
        rows = [row for row in self.plan_.rows if not row.row.heading]
        for row in self.plan_.rows:
            if row.row.heading and row.verdict == "changed" and self.plan_.delegation.pk is None:
                row.verdict = "created"
        rows = self._without_repeated(rows)
        self._recognise(rows)
        self._report_namesakes(rows)
        for row in rows:
            if row.member is None and not row.stands_for:
                row.verdict = "created"
        present = [row for row in rows if not row.stands_for]
        self._roles(present)
        for row in present:
            if row.member:
                self._compare(row)
        self._rank([row for row in present if row.verdict != "refused"])

    # ── who is who ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _without_repeated(self, rows: list[RowPlan]) -> list[RowPlan]:
        first: dict[tuple[str, Details], RowPlan] = {}
        different = []
        for row in rows:
            key = (name_key(row.row.name), _details(row.row))
            if key in first:
                was = row.details
                row.refuse(
                    f"{shown(row.row.name)} is in this delegation in line {first[key].row.line} already, word for word"
                )
                if was:
                    first[key].change(was[0])
            else:
                first[key] = row
                different.append(row)
        return different

    def _recognise(self, rows: list[RowPlan]) -> None:
        """The surest sign first, all rows through each round before the next."""
        by_spelling, by_key = self._index()
        spellings = [spelling(row.row.name) for row in rows]
        keys = [name_key(row.row.name) for row in rows]
        details = [_details(row.row) for row in rows]
        for row, text, detail in zip(rows, spellings, details, strict=True):
            self._take(row, (one for one in by_spelling[text] if one.has_details(detail)))
        for row, key, detail in zip(rows, keys, details, strict=True):
            self._take(row, (one for one in by_key[key] if one.has_details(detail)))
        for row, key, detail in zip(rows, keys, details, strict=True):
            if row.member is None:
                row.stands_for = any(detail in one.absorbed for one in by_key[key])
        for row, text in zip(rows, spellings, strict=True):
            self._take(row, by_spelling[text])
        for row, key in zip(rows, keys, strict=True):
            self._take(row, by_key[key])
        for row, text, key in zip(rows, spellings, keys, strict=True):
            self._settle_merged(row, text, by_key[key])

    def _index(self):
        by_spelling, by_key = defaultdict(list), defaultdict(list)
        for member in self.members:
            for text in member.spellings():
                by_spelling[text].append(member)
            for key in member.name_keys():
                by_key[key].append(member)
        return by_spelling, by_key

    def _take(self, row: RowPlan, candidates: Iterable[Member]) -> None:
        if row.member is None and not row.stands_for:
            row.member = next((one for one in candidates if one.pk not in self.taken), None)
            if row.member:
                self.taken.add(row.member.pk)

    def _settle_merged(self, row: RowPlan, text: str, candidates: Iterable[Member]) -> None:
        """One who was merged with another, and whose row has changed since: the row of the other decides."""
        if row.member or row.stands_for:
            return
        for one in candidates:
            if one.absorbed or text in {spelling(name) for name in one.other_names}:
                row.stands_for = True
                reason = "is merged with somebody of this delegation whose row is in this file too: that row is taken"
                self.warn(row.row.line, f"{shown(row.row.name)} {reason}")
                return

    def _report_namesakes(self, rows: list[RowPlan]) -> None:
        by_name: dict[str, RowPlan] = {}
        for row in rows:
            first = by_name.setdefault(name_key(row.row.name), row)
            if first is not row and row.member is None and not row.stands_for:
                reason = (
                    f"has the name of somebody in line {first.row.line}, but another title, affiliation or honorific"
                )
                self.warn(row.row.line, f"{shown(row.row.name)} {reason}: taken for another person")

    # ── what differs ───────────────────────────────────────────────────────────────────────────────────────────────

    def _compare(self, row: RowPlan) -> None:
        member = row.member
        self._compare_name(row, member)
        for name in TEXTS:
            self._compare_text(row, member, name, getattr(row.row, name))
        if not self.draft and member.state == PublicationState.DRAFT and not member.first_public_at:
            row.names["state"] = PublicationState.PUBLISHED
            row.change("publication state")
        shown_now = member.consent and self.plan_.delegation.first_public_at
        if self.draft and shown_now and (row.columns or row.names):
            row.columns, row.names = {}, {}
            row.refuse("this person is public, so that the change would be so at once: import it without --draft")

    def _compare_name(self, row: RowPlan, member: Member) -> None:
        """Capitals make no difference, accents do: "Perez" is mended to "Pérez"."""
        if spelling(row.row.name) in member.spellings():
            return
        column = languages.column("name", language_of(row.row.name))
        row.names[column] = row.row.name
        if old := member.names.get(column):
            row.names["other_names"] = [*member.other_names, old]
        row.change("name")

    def _compare_text(self, row: RowPlan, member: Member, name: str, text: str) -> None:
        stored = member.stored(name)
        if name == "honorific":
            same = _same(honorific_key(text), [honorific_key(one) for one in stored])
        else:
            same = _same(text, [" ".join(one.split()) for one in stored])
        if same:
            return
        column = languages.column(name, language_of(text, row.row.honorific))
        if len(stored) == 1 or not text:
            # A text in one language gives way to the new one, whichever language that is in.
            row.columns |= dict.fromkeys((one for one in COLUMNS[name] if one in member.texts), None)
        if text:
            row.columns[column] = text
        row.change(name)

    def _roles(self, rows: list[RowPlan]) -> None:
        """One head: who is it on file stays, then the first whose title says so. Nobody loses a role by a title."""
        head = next((one.pk for one in self.members if one.role == MemberRole.HEAD), None)
        named = None
        for row in rows:
            wanted = role_of(row.row.title)
            row.role = row.member.role if row.member else wanted
            if wanted == MemberRole.HEAD and (row.member is None or row.member.pk != head):
                if head is None and named is None:
                    row.role = MemberRole.HEAD
                else:
                    row.role = row.member.role if row.member else MemberRole.MEMBER
                    where = f"in line {named.row.line}" if named else "on file"
                    self.warn(
                        row.row.line, f"this delegation has a head {where} already: {shown(row.row.name)} is a member"
                    )
            elif wanted == MemberRole.DEPUTY and row.member and row.member.role == MemberRole.MEMBER:
                row.role = wanted
            if row.role == MemberRole.HEAD:
                named = named or row
            if row.member and row.role != row.member.role:
                row.columns["role"] = row.role
                row.change("role")

    def _rank(self, rows: list[RowPlan]) -> None:
        """The order of the file. Members that the file doesn't have stay behind the one they stood behind."""
        place = {member.pk: at for at, member in enumerate(self.members)}
        known = [row for row in rows if row.member]
        steady = {known[at].member.pk for at in _longest_rise([place[row.member.pk] for row in known])}
        moved = [row for row in known if row.member.pk not in steady]
        if not moved and len(known) == len(rows):
            return
        moving = {row.member.pk for row in moved}
        order: list = [member.pk for member in self.members if member.pk not in moving]
        order = _merged(order, [row.member.pk if row.member else row for row in rows])
        ranks = {one: min(rank, LAST_RANK) for rank, one in enumerate(order, start=1)}
        for row in rows:
            if not row.member:
                row.rank = ranks[row]
        for row in moved:
            row.change("rank")
        self.plan_.ranks = {member.pk: ranks[member.pk] for member in self.members if ranks[member.pk] != member.rank}


def _merged(steady: list, wanted: list) -> list:
    """Those that stay in their order, each of the others behind the one that precedes it in the file."""
    staying = set(steady)
    behind: dict[object, list] = defaultdict(list)
    last: object = None
    for one in wanted:
        if one in staying:
            last = one
        else:
            behind[last].append(one)
    order = list(behind[None])
    for one in steady:
        order += [one, *behind[one]]
    return order


def _longest_rise(places: list[int]) -> list[int]:
    """The indices of the longest run that rises: as many as possible stay where they are."""
    ends: list[int] = []
    index_of_end: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        index_of_end[at : at + 1] = [index]
        before.append(index_of_end[at - 1] if at else -1)
    rise, index = [], index_of_end[-1] if index_of_end else -1
    while index >= 0:
        rise.append(index)
        index = before[index]
    return rise[::-1]


def _same(text: str, stored: list[str]) -> bool:
    return text in stored if stored else not text


def _details(row: Delegate) -> Details:
    return details_of(row.honorific, row.title, row.affiliation)


def rows_text(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
