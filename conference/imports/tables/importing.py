"""Reads a table into a collection in one transaction: all that is not refused, or nothing.

The number of queries depends on the size of the file only through the size of a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, models, transaction
from django.utils import translation

from conference.imports.records import Slugs
from conference.imports.tables.collection import OWN, Collection
from conference.imports.tables.draft import Draft, Parts
from conference.imports.tables.heads import resolve
from conference.imports.tables.matching import Matcher
from conference.imports.tables.reading import Reader, RowRead
from conference.imports.tables.references import Known
from conference.imports.writing import batches, create, take_lock, update
from content import languages
from content.choices import PublicationState
from content.imports.account import Account, Entry
from content.imports.columns import ColumnError, NothingMeant, where
from content.imports.table import Row, Table, TableError
from content.journal import Journal
from content.models import Import
from content.models.base import neutral_slug

_AT_ONCE = 500
_UNREAD_SHOWN = 20


@dataclass(frozen=True)
class Options:
    """As the command and the admin take them. `by` is who is to stand in the journal."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    conditions: Sequence[tuple[str, str]] = ()
    nulls: Sequence[str] = ()
    draft: bool = False
    by: Any = None


def import_records(
    table: Table, collection: Collection, account: Account, file: str, options: Options
) -> Import | None:
    """Fills in the account, and gives the journal of what was written.

    Raises ColumnError where the options don't fit the table, NothingMeant where no row is left to read.
    """
    chosen = resolve(collection, options.chosen, table)
    rows, reason = where(table, options.conditions)
    if not rows:
        raise NothingMeant(table.head, reason)
    # The columns without a language are written as English readers see them, whoever runs this.
    with translation.override("en"), transaction.atomic():
        take_lock()
        run = _Run(table, collection, account, file, options)
        run.read(rows, chosen)
        journal = Journal.begin(file, options.by)
        run.write(journal)
        made = journal.close(account)
        if account.dry_run:
            transaction.set_rollback(True)
    return None if account.dry_run else made


class _Run:
    def __init__(self, table: Table, collection: Collection, account: Account, file: str, options: Options):
        self.table = table
        self.collection = collection
        self.account = account
        self.file = file
        self.options = options
        self.own = collection.is_own(table.columns)
        self.known = Known(draft=options.draft, own=self.own)
        self.blank = collection.model()
        self.said: set[str] = set()
        self.rows: list[RowRead] = []
        self.verdicts: dict[int, Entry] = {}

    # ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, rows: Sequence[Row], chosen: Mapping[str, Any]) -> None:
        for line, reason in self.table.remarks:
            self.account.warn(self.file, line, reason)
        self._tell_unread(chosen)
        reader = Reader(self.collection, chosen, self.known, self.options.nulls, self.own, self.table.columns)
        self.rows = reader.read_all(rows)
        self.matcher = Matcher(self.collection)
        self.matcher.match(self.rows)
        self.slugs = Slugs(self.matcher.slugs)

    def _tell_unread(self, chosen: Mapping[str, Any]) -> None:
        read = {column for one in chosen.values() for column in one.columns}
        read |= {column for column, _ in self.options.conditions}
        own = OWN | self.collection.follows if self.own else frozenset()
        unread = [name for name in self.table.columns if name not in read and name not in own]
        if unread:
            names = ", ".join(unread[:_UNREAD_SHOWN]) + (" …" if len(unread) > _UNREAD_SHOWN else "")
            self.account.warn(self.file, self.table.head, f"these columns are not read: {names}")

    # ── writing ────────────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, journal: Journal) -> None:
        for batch in batches(self.rows, _AT_ONCE):
            drafts = self._drafts([row for row in batch if not row.refusal])
            _Writer(self, journal).write([(row, drafts[row.line]) for row in batch if row.line in drafts])
            for row in batch:
                self._conclude(row, drafts.get(row.line))

    def _drafts(self, rows: Sequence[RowRead]) -> dict[int, Draft]:
        """What each row makes of its record; a row that can't be is refused meanwhile."""
        keys = [self.matcher.found[row.line] for row in rows if row.line in self.matcher.found]
        records = self.collection.model._base_manager.in_bulk(keys)
        named = {name for row in rows for name in row.values}
        named |= {name for one in named for name in getattr(self.collection.by_name[one], "beside", ())}
        stored = {column.name: column.load(keys) for column in self.collection.columns if column.name in named}
        drafts = {}
        for row in rows:
            pk = self.matcher.found.get(row.line)
            its = {name: rows.get(pk) for name, rows in stored.items() if pk and pk in rows}
            draft = Draft(records[pk] if pk else self.blank, frozenset(row.values), its)
            try:
                self._plan(row, draft)
            except ValueError as error:
                row.refusal = str(error)
            if not row.refusal:
                drafts[row.line] = draft
        return drafts

    def _plan(self, row: RowRead, draft: Draft) -> None:
        for name, value in row.values.items():
            self.collection.by_name[name].plan(value, draft, row.at)
        if draft.is_new:
            self.collection.complete(draft, row.at)
        if draft.is_new or draft.differs:
            self.collection.check(draft, row.at)
            self._check_title(draft)
        if not draft.is_new:
            self._publish(draft)
            return
        self.matcher.admit(row)
        if not row.refusal:
            self._make(row, draft)

    def _check_title(self, draft: Draft) -> None:
        title = self.collection.title
        if not any(draft.get(languages.column(title, code)) for code in languages.CODES):
            raise ValueError(f"the row has no {title}")

    def _publish(self, draft: Draft) -> None:
        record = draft.record
        if not self.options.draft:
            if record.state == PublicationState.DRAFT and not record.first_public_at:
                draft.values["state"] = PublicationState.PUBLISHED
                draft.details.append("published")
        elif draft.differs and record.state == PublicationState.PUBLISHED:
            raise ValueError("the record is public, and a change of it would be so at once: import without --draft")

    def _make(self, row: RowRead, draft: Draft) -> None:
        """What a new record has beside its values."""
        names = [draft.get(languages.column(self.collection.title, code)) for code in languages.CODES]
        slug = row.slug or neutral_slug(names[0] or next(filter(None, names)), self.collection.model._meta.model_name)
        draft.values |= {
            "slug": self.slugs.take(slug),
            "state": PublicationState.DRAFT if self.options.draft else PublicationState.PUBLISHED,
            "sample": row.sample,
        }
        if row.uuid:
            draft.values["uuid"] = row.uuid

    def _conclude(self, row: RowRead, draft: Draft | None) -> None:
        if row.refusal:
            self.account.refuse(self.file, row.line, row.refusal)
            self.account.entries.append(Entry(row.line, "refused", row.label, (row.refusal,)))
            return
        for about, text in row.remarks:
            if about not in self.said:
                self.said.add(about)
                self.account.warn(self.file, row.line, text)
        verdict = "created" if draft.is_new else "changed" if draft.differs else "unchanged"
        setattr(self.account, verdict, getattr(self.account, verdict) + 1)
        self.account.entries.append(Entry(row.line, verdict, row.label, () if draft.is_new else tuple(draft.details)))
        row.values, row.at = {}, None


class _Writer:
    """Writes a batch of drafts, and notes in the journal what it writes."""

    def __init__(self, run: _Run, journal: Journal):
        self.run = run
        self.journal = journal
        self.model = run.collection.model

    def write(self, drafts: Sequence[tuple[RowRead, Draft]]) -> None:
        self._make_named(draft for _, draft in drafts)
        owners = self._write_records([draft for _, draft in drafts])
        for column in self.run.collection.columns:
            relation = getattr(column, "relation", None)
            changes = [
                (owner, draft.links[column.name])
                for draft, owner in owners
                if relation is not None and draft.links.get(column.name)
            ]
            if changes:
                self._write_links(relation, changes)
        self._write_parts(owners)

    def _make_named(self, drafts: Iterable[Draft]) -> None:
        """The organisations, and what else rows name, that are not on file yet."""
        new: dict[type[models.Model], dict[int, models.Model]] = {}
        for draft in drafts:
            for value in _values(draft):
                if isinstance(value, models.Model) and value.pk is None:
                    new.setdefault(type(value), {})[id(value)] = value
        for model, records in new.items():
            self._create(model, list(records.values()))

    def _write_records(self, drafts: Sequence[Draft]) -> list[tuple[Draft, int]]:
        made = [(draft, self.model(**draft.values)) for draft in drafts if draft.is_new]
        self._create(self.model, [record for _, record in made])
        changed = [draft for draft in drafts if not draft.is_new and draft.values]
        self._update((draft.record, draft.values) for draft in changed)
        owners = {id(draft): record.pk for draft, record in made}
        return [(draft, owners.get(id(draft)) or draft.record.pk) for draft in drafts]

    def _write_links(self, relation: models.ManyToManyField, changes: list[tuple[int, Parts]]) -> None:
        through = relation.remote_field.through
        owner, target = relation.m2m_column_name(), relation.m2m_reverse_name()
        self._delete(through, [pk for _, change in changes for pk in change.remove])
        self._create(
            through,
            [through(**{owner: pk, target: row["to"].pk}) for pk, change in changes for row in change.add],
        )

    def _write_parts(self, owners: Sequence[tuple[Draft, int]]) -> None:
        columns = {column.model: column for column in self.run.collection.columns if getattr(column, "owner", "")}
        for model, column in columns.items():
            changes = [(pk, draft.parts[model]) for draft, pk in owners if draft.parts.get(model)]
            self._delete(model, [pk for _, change in changes for pk in change.remove])
            self._update(changed for _, change in changes for changed in change.change)
            self._create(
                model,
                [model(**{f"{column.owner}_id": pk}, **row) for pk, change in changes for row in change.add],
            )

    def _create(self, model: type[models.Model], records: list[models.Model]) -> None:
        create(records)
        self.journal.created(model, [record.pk for record in records])

    def _update(self, changes: Iterable[tuple[models.Model, dict[str, Any]]]) -> None:
        changes = list(changes)
        if changes:
            self.journal.changing(type(changes[0][0]), [record.pk for record, _ in changes])
            update(changes)

    def _delete(self, model: type[models.Model], keys: list[int]) -> None:
        if keys:
            self.journal.changing(model, keys)
            model._base_manager.filter(pk__in=keys).delete()


def _values(draft: Draft) -> Iterable[Any]:
    yield from draft.values.values()
    for change in (*draft.links.values(), *draft.parts.values()):
        for row in change.add:
            yield from row.values()


Run = Callable[[Account], Any]


def give_account(account: Account, file: str, run: Run) -> None:
    """What goes wrong with the file as a whole stands in the account too. Raises ColumnError."""
    try:
        run(account)
    except (TableError, NothingMeant) as error:
        account.give_up(file, error.line, error.reason)
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        account.give_up(file, 1, f"the database refused it, and nothing came in; try again: {reason}")


__all__ = ["ColumnError", "Options", "give_account", "import_records"]
