"""Says which record on file each row means, and which new ones look much like one on file or in an earlier row.

Sure signs first: id, slug, identifier. Then exactly the same name, of the same kind, where nothing that is known of
both differs. All rows go through a round before any goes through the next, so that nobody takes by its name what
another row has by its id. What is only much alike is never taken for the same.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from conference.imports.person_names import language_of
from conference.imports.tables.collection import Collection, Traits, agree, contradict
from conference.imports.tables.near import NearNames
from conference.imports.tables.reading import RowRead
from content import languages
from content.imports.cells import shown
from content.imports.spelling import similarity, trigrams


def exact(text: str) -> str:
    """Spaces make no difference, all else does."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass
class OnFile:
    """What is known of a record without reading all of it; or of a new one, with the line that makes it."""

    pk: int
    uuid: UUID | None
    slug: str
    kind: str
    names: list[str]
    identifiers: tuple[str, ...]
    traits: Traits
    line: int = 0

    @property
    def called(self) -> str:
        name = next(iter(self.names), self.slug)
        return f"line {self.line}, {shown(name)}" if self.line else f"{shown(name)} on file ({self.slug})"


class Matcher:
    def __init__(self, collection: Collection):
        self.collection = collection
        self.on_file = {one.pk: one for one in _stored(collection)}
        self._by_uuid = {one.uuid: one for one in self.on_file.values()}
        self._by_slug = {one.slug: one for one in self.on_file.values()}
        self._by_identifier: dict[tuple[int, str], OnFile] = {}
        self._by_name: defaultdict[str, list[OnFile]] = defaultdict(list)
        self._by_parties: defaultdict[tuple, list[OnFile]] = defaultdict(list)
        self._rows_called: Counter[str] = Counter()
        self.near = NearNames()
        for one in self.on_file.values():
            self._learn(one)
        self.taken: dict[int, int] = {}
        """Record → the line of the row that it is taken by."""
        self.found: dict[int, int] = {}
        """Line → record."""

    @property
    def slugs(self) -> Iterable[str]:
        return self._by_slug

    def _learn(self, one: OnFile) -> None:
        for place, identifier in enumerate(one.identifiers):
            if identifier:
                self._by_identifier.setdefault((place, identifier), one)
        for name in {exact(name) for name in one.names}:
            self._by_name[name].append(one)
        self.near.add(one, one.names)
        if key := _parties_and_year(one.traits):
            self._by_parties[key].append(one)

    # ── which record ───────────────────────────────────────────────────────────────────────────────────────────────

    def match(self, rows: list[RowRead]) -> None:
        """Fills in `found`, and refuses rows that mean the record of another one."""
        self._rows_called.update(
            exact(name) for row in rows for name in set(row.names(self.collection.title)) if not row.refusal
        )
        for sign in (self._by_id_of, self._by_slug_of, self._by_identifier_of, self._by_name_of):
            for row in rows:
                if not row.refusal and row.line not in self.found and (one := sign(row)):
                    self._take(row, one)

    def _take(self, row: RowRead, one: OnFile) -> None:
        if one.pk in self.taken:
            row.refusal = f"this is the record of line {self.taken[one.pk]} again"
            return
        self.taken[one.pk] = row.line
        self.found[row.line] = one.pk

    def _by_id_of(self, row: RowRead) -> OnFile | None:
        return self._by_uuid.get(row.uuid) if row.uuid else None

    def _by_slug_of(self, row: RowRead) -> OnFile | None:
        return self._by_slug.get(row.slug) if row.slug else None

    def _by_identifier_of(self, row: RowRead) -> OnFile | None:
        for place, identifier in enumerate(self._identifiers(row)):
            if identifier and (one := self._by_identifier.get((place, identifier))):
                return one
        return None

    def _by_name_of(self, row: RowRead) -> OnFile | None:
        namesakes = [one for one in self._namesakes(row) if not one.line]
        traits = self.collection.traits(row.values)
        candidates = [one for one in namesakes if not contradict(traits, one.traits)]
        if not candidates and not self.collection.strict and len(namesakes) == 1 and self._is_only_row(row):
            candidates = namesakes
        free = [one for one in candidates if one.pk not in self.taken]
        if not free:
            if candidates and not self._sure_signs(row):
                row.refusal = f"this is the record of line {self.taken[candidates[0].pk]} again"
            return None
        best = max(agree(traits, one.traits) for one in free)
        nearest = [one for one in free if agree(traits, one.traits) == best]
        if len(nearest) > 1:
            slugs = ", ".join(sorted(one.slug for one in nearest)[:5])
            row.refusal = f"several records on file are called so: give the slug of the one that is meant, {slugs}"
            return None
        return nearest[0]

    def _is_only_row(self, row: RowRead) -> bool:
        return all(self._rows_called[exact(name)] == 1 for name in row.names(self.collection.title))

    def _namesakes(self, row: RowRead) -> list[OnFile]:
        """Those of exactly the same name and kind."""
        kind = row.values.get("kind") or ""
        identifiers = self._identifiers(row)
        found = {}
        for name in row.names(self.collection.title):
            for one in self._by_name.get(exact(name), ()):
                if not _differ(identifiers, one.identifiers) and (not kind or kind == one.kind):
                    found[id(one)] = one
        return list(found.values())

    def _identifiers(self, row: RowRead) -> tuple[str, ...]:
        values = (row.values.get(name) for name in self.collection.identifiers)
        return tuple(value if isinstance(value, str) else "" for value in values)

    def _sure_signs(self, row: RowRead) -> bool:
        return bool(row.uuid or row.slug or any(self._identifiers(row)))

    # ── new ones ───────────────────────────────────────────────────────────────────────────────────────────────────

    def admit(self, row: RowRead) -> None:
        """A row that makes a new record: refused where an earlier one makes the same, else told what it is like."""
        for one in (
            self._by_uuid.get(row.uuid) if row.uuid else None,
            self._by_slug.get(row.slug) if row.slug else None,
        ):
            if one and one.line:
                row.refusal = f"this is the record of line {one.line} again"
                return
        traits = self.collection.traits(row.values)
        same = next((one for one in self._namesakes(row) if one.line and not contradict(traits, one.traits)), None)
        if same and not (self._sure_signs(row) and self._is_sure(same)):
            row.refusal = f"this is the record of line {same.line} again"
            return
        mine = self._of_row(row)
        if near := self.near.find(mine.names, lambda one: self._may_be(mine, one)):
            self._tell(row, f"is much like {near.called}")
        elif near := self._of_same_parties(mine):
            self._tell(row, f"is of the same parties and year as {near.called}")
        self._by_uuid.setdefault(mine.uuid, mine)
        if mine.slug:
            self._by_slug.setdefault(mine.slug, mine)
        self._learn(mine)

    def _tell(self, row: RowRead, what: str) -> None:
        row.remarks.append((f"near {row.line}", f"{shown(row.label)} {what}: it is created beside it"))

    def _of_same_parties(self, mine: OnFile) -> OnFile | None:
        """Titles that have nothing in common, in one script, are of two agreements of one visit."""
        for one in self._by_parties.get(_parties_and_year(mine.traits), ()):
            pairs = [(a, b) for a in mine.names for b in one.names]
            if any(language_of(a) != language_of(b) or similarity(trigrams(a), trigrams(b)) >= 0.2 for a, b in pairs):
                return one
        return None

    def _is_sure(self, one: OnFile) -> bool:
        return bool(one.uuid or one.slug or any(one.identifiers))

    def _may_be(self, mine: OnFile, one: OnFile) -> bool:
        """Two that differ by an identifier are plainly two; in a strict collection also by a trait."""
        if _differ(mine.identifiers, one.identifiers):
            return False
        return not (self.collection.strict and contradict(mine.traits, one.traits))

    def _of_row(self, row: RowRead) -> OnFile:
        kind = row.values.get("kind") or ""
        names = row.names(self.collection.title)
        traits = self.collection.traits(row.values)
        return OnFile(0, row.uuid, row.slug, kind, names, self._identifiers(row), traits, row.line)


def _differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(mine and theirs and mine != theirs for mine, theirs in zip(one, other, strict=True))


def _parties_and_year(traits: Traits) -> tuple | None:
    parties, signed = traits.get("parties"), traits.get("signed")
    return (parties, signed[:4]) if parties and len(parties) > 1 and signed else None


def _stored(collection: Collection) -> Iterator[OnFile]:
    model = collection.model
    names = [languages.column(collection.title, code) for code in languages.CODES]
    more = ["other_names"] if "other_names" in collection.by_name else []
    kind = ["kind"] if collection.has_kind else []
    traits: Mapping[int, Any] = collection.stored_traits()
    rows = model._base_manager.order_by("pk").values_list(
        "pk", "uuid", "slug", *kind, *collection.identifiers, *names, *more
    )
    for pk, uuid, slug, *rest in rows.iterator(chunk_size=2000):
        its_kind = rest.pop(0) if kind else ""
        identifiers = tuple(rest.pop(0) for _ in collection.identifiers)
        others = rest.pop() if more else []
        texts = list(dict.fromkeys(text for text in [*rest, *others] if text))
        yield OnFile(pk, uuid, slug, its_kind, texts, identifiers, traits.get(pk, {}))
