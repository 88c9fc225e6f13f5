"""Which organisation on file an IATI file means: by its identifier first, then by its name in any language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from django.db import models
from django.db.models import Exists, OuterRef

from conference.choices import OrganisationKind
from conference.imports.records import publish_if_new
from conference.models import Organisation
from content import languages
from content.choices import PublicationState
from content.journal import Journal
from content.models import ImportedRow
from content.models.base import neutral_slug
from cooperation.imports.iati_parsed import Party

_NAMES = [languages.column("name", code) for code in languages.CODES]


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


class Organisations:
    """Those on file, and those that the file adds. Each is made once, whatever it is called elsewhere in the file.

    It keeps names and keys alone, so its memory grows with the organisations, not with the activities.
    """

    def __init__(self, journal: Journal, *, draft: bool):
        self.journal = journal
        self.draft = draft
        self._by_ref: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = {}
        self._refs: dict[int, str] = {}
        self._hidden: set[int] = set()
        self._load()

    def _load(self) -> None:
        public = set(Organisation.objects.published().values_list("pk", flat=True))
        rows = Organisation.objects.order_by("pk").values_list("pk", "iati_identifier", "other_names", *_NAMES)
        # Of two with the same identifier the public one is meant.
        found = sorted(rows.iterator(), key=lambda row: row[0] not in public)
        self._hidden = {row[0] for row in found} - public
        for pk, ref, others, *names in found:
            self._know(pk, ref, [*names, *others])
        # Those that were merged into another, by the identifier that they had.
        for pk, _ref, others, *_names in found:
            for other in others:
                self._by_ref.setdefault(other.casefold(), pk)

    def _know(self, pk: int, ref: str, names: Iterable[str | None]) -> None:
        if ref:
            self._by_ref.setdefault(ref.casefold(), pk)
            self._refs[pk] = ref.casefold()
        for name in names:
            if name:
                self._by_name.setdefault(folded(name), set()).add(pk)

    def is_hidden(self, pk: int | None) -> bool:
        """The public doesn't see it, so an export doesn't name it."""
        return pk in self._hidden

    def key(self, party: Party | None) -> int | None:
        """Of one that has been settled."""
        return self._find(party) if party else None

    def settle(self, parties: Iterable[Party]) -> None:
        """Make those that are not on file, and publish those that an import made as drafts."""
        # Those with an identifier first: whoever is called the same, without one, is the same.
        parties = list(parties)
        missing, found = self._sought(party for party in parties if party.ref)
        self._create(missing)
        missing, others = self._sought(party for party in parties if not party.ref)
        self._create(_told_apart(missing))
        self._publish((found | others) & self._hidden)

    def _sought(self, parties: Iterable[Party]) -> tuple[list[Party], set[int]]:
        missing: dict[tuple[str, str], Party] = {}
        found: set[int] = set()
        for party in parties:
            pk = self._find(party)
            if pk is None:
                self._remember_missing(missing, party)
            else:
                found.add(pk)
                self._add_reference(pk, party)
        return list(missing.values()), found

    def _find(self, party: Party) -> int | None:
        ref = party.ref.casefold()
        if ref and (pk := self._by_ref.get(ref)):
            return pk
        for name in party.names.values():
            called = self._by_name.get(folded(name), set())
            if fitting := [pk for pk in called if not ref or self._refs.get(pk, ref) == ref]:
                # The public one before one that is hidden, the older before the newer: so in every run.
                return min(fitting, key=lambda pk: (pk in self._hidden, pk))
        return None

    def _remember_missing(self, missing: dict, party: Party) -> None:
        name = next((folded(name) for name in party.names.values()), "")
        key = (party.ref.casefold(), "" if party.ref else name)
        known = missing.setdefault(key, party)
        if known is not party and not known.names:
            missing[key] = party
        elif known is not party:
            # The names in further languages.
            missing[key] = Party(known.ref, party.names | known.names, known.kind or party.kind)

    def _new(self, party: Party) -> Organisation:
        kind = party.kind if party.kind in OrganisationKind.values else OrganisationKind.OTHER
        names = party.names or {"en": party.ref}
        texts = {languages.column("name", code): name for code, name in names.items()}
        state = PublicationState.DRAFT if self.draft else PublicationState.PUBLISHED
        return Organisation(iati_identifier=party.ref, kind=kind, state=state, **texts)

    def _create(self, parties: Iterable[Party]) -> None:
        records = [self._new(party) for party in parties]
        if not records:
            return
        give_slugs(records, lambda record: (languages.localised(record, "name", "en").text, record.iati_identifier))
        for record in records:
            record.fill_sort_keys()
        models.QuerySet(Organisation).bulk_create(records, batch_size=500)
        self.journal.created(Organisation, [record.pk for record in records])
        for record in records:
            self._know(record.pk, record.iati_identifier, [getattr(record, name) for name in _NAMES])
            if self.draft:
                self._hidden.add(record.pk)

    def _add_reference(self, pk: int, party: Party) -> None:
        """One that was known by name alone is known by its identifier from now on.

        A public one is told apart by it all the same where drafts alone are written.
        """
        ref = party.ref.casefold()
        if not ref or ref in self._by_ref:
            return
        if not self.draft or pk in self._hidden:
            self.journal.changing(Organisation, [pk])
            if not Organisation.objects.filter(pk=pk, iati_identifier="").update(iati_identifier=party.ref):
                return
        self._by_ref[ref] = pk
        self._refs[pk] = ref

    def _publish(self, hidden: set[int]) -> None:
        if self.draft or not hidden:
            return
        made = ImportedRow.objects.filter(
            model=Organisation._meta.label_lower, row=OuterRef("pk"), before__isnull=True, imported__undone_at=None
        )
        drafts = [
            one for one in Organisation.objects.filter(Exists(made), pk__in=hidden) if publish_if_new(one, False)
        ]
        keys = [one.pk for one in drafts]
        self.journal.changing(Organisation, keys)
        Organisation.objects.filter(pk__in=keys).update(state=PublicationState.PUBLISHED)
        self._hidden -= set(keys)


def _told_apart(parties: Iterable[Party]) -> Iterator[Party]:
    """Without those that share a name with one before them."""
    known: set[str] = set()
    for party in parties:
        names = {folded(name) for name in party.names.values()}
        if not names & known:
            yield party
        known |= names


def give_slugs(records: list, words) -> None:
    """A slug for each, of its words or else of what they hash to, that no record of the model has yet."""
    model = type(records[0])
    wanted = []
    for record in records:
        text, other = words(record)
        digest = hashlib.sha256(f"{text}\n{other}".encode()).hexdigest()
        wanted.append((record, neutral_slug(text, other) or f"{model._meta.model_name}-{digest[:8]}", digest))
    taken = _taken(model, [slug for _record, slug, _digest in wanted])
    again = []
    for record, slug, digest in wanted:
        if slug in taken:
            again.append((record, f"{slug}-{digest[:8]}", digest))
        else:
            record.slug = slug
            taken.add(slug)
    taken |= _taken(model, [slug for _record, slug, _digest in again])
    for record, slug, _digest in again:
        record.slug = slug if slug not in taken else f"{slug}-{record.uuid.hex[:8]}"
        taken.add(record.slug)


def _taken(model: type[models.Model], slugs: list[str]) -> set[str]:
    return set(model._base_manager.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
