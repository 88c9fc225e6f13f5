"""What an import writes, row by row and as the database holds it, so that the whole of it can be undone.

    with transaction.atomic():
        journal = Journal.begin(file, user)
        journal.changing(Project, keys)   # before these rows are updated or deleted
        journal.created(Project, keys)    # after these rows have been made
        journal.close(account)

Nothing here goes row by row: a step is one statement for all its rows, which stay in the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.imports.account import Account
from content.imports.problems import printable
from content.merging import references
from content.models.base import SORT_COLUMNS
from content.models.importing import Import, ImportedRow

# The database writes these itself, or they follow from other columns.
_FOLLOWING = ["modified", "first_public_at", *SORT_COLUMNS]
_MOST_REASONS = 10
_ROWS = ImportedRow._meta.db_table


class UndoError(Exception):
    """This import can't be undone; the message says to staff why, and names the records."""


class Journal:
    """Belongs to one transaction, that of the import."""

    def __init__(self, record: Import):
        self.record = record
        self._models: dict[str, type[models.Model]] = {}

    @classmethod
    def begin(cls, file: str, by=None) -> Journal:
        file = printable(file)
        return cls(Import.objects.create(file=file if len(file) <= 300 else f"{file[:299]}…", by=by))

    def created(self, model: type[models.Model], keys: Collection[int]) -> None:
        """These rows are new."""
        if keys:
            self._note(model)
            _execute(
                f"INSERT INTO {_ROWS} (imported_id, model, row) SELECT %s, %s, unnest(%s::bigint[])",
                [self.record.pk, model._meta.label_lower, list(keys)],
            )

    def changing(self, model: type[models.Model], keys: Collection[int]) -> None:
        """These rows are about to be updated or deleted. Saying so again changes nothing."""
        if keys:
            self._note(model)
            _execute(
                f"INSERT INTO {_ROWS} (imported_id, model, row, before)"
                f' SELECT %s, %s, t."{_key(model)}", to_jsonb(t) FROM {_table(model)} t'
                f' WHERE t."{_key(model)}" = ANY(%s) ON CONFLICT DO NOTHING',
                [self.record.pk, model._meta.label_lower, list(keys)],
            )

    def close(self, account: Account) -> Import | None:
        """Note the rows as they are now, and the figures of the account; None where nothing has been written."""
        for label, model in self._models.items():
            _execute(
                f"UPDATE {_ROWS} r SET after = to_jsonb(t) FROM {_table(model)} t"
                f' WHERE r.imported_id = %s AND r.model = %s AND t."{_key(model)}" = r.row',
                [self.record.pk, label],
            )
        _execute(f"DELETE FROM {_ROWS} WHERE imported_id = %s AND NOT before IS DISTINCT FROM after", [self.record.pk])
        if not self.record.rows.exists():
            self.record.delete()
            return None
        self.record.format = account.format
        for name in ("created", "changed", "unchanged", "refused", "warnings"):
            setattr(self.record, name, getattr(account, name))
        self.record.save()
        return self.record

    def _note(self, model: type[models.Model]) -> None:
        self._models[model._meta.label_lower] = model


def models_of(made: Import) -> dict[type[models.Model], tuple[int, int, int]]:
    """How many rows the import made, changed and deleted, by their model."""
    counts = _execute(
        "SELECT model, count(*) FILTER (WHERE before IS NULL),"
        " count(*) FILTER (WHERE before IS NOT NULL AND after IS NOT NULL),"
        f" count(*) FILTER (WHERE after IS NULL) FROM {_ROWS} WHERE imported_id = %s GROUP BY model ORDER BY model",
        [made.pk],
    )
    return {apps.get_model(label): tuple(found) for label, *found in counts}


@transaction.atomic
def undo(made: Import, by=None) -> int:
    """Put every row back as it was before the import. How many that it had made were deleted since by others.

    Raises UndoError if a row has been changed since, or something else refers to one that would go.
    """
    made = Import.objects.select_for_update(of=["self"]).get(pk=made.pk)
    if made.undone_at:
        raise UndoError(_("This import has been undone already."))
    tables = [_Written(made, model) for model in models_of(made)]
    for written in tables:
        written.lock()
    reasons = [
        reason
        for written in tables
        for reason in (*written.changed_since(), *written.replaced_since(), *written.referred_to())
    ]
    if reasons:
        raise UndoError(_joined(reasons))
    gone = sum(written.gone() for written in tables)
    for step in ("delete", "insert", "update"):
        for written in tables:
            getattr(written, step)()
    made.undone_at, made.undone_by = timezone.now(), by
    made.save(update_fields=["undone_at", "undone_by"])
    return gone


class _Written:
    """The rows of one model in one import, and how they are put back."""

    def __init__(self, made: Import, model: type[models.Model]):
        self.made = made
        self.model = model
        self.table = _table(model)
        self.rows = f'{_ROWS} r {{join}} {self.table} t ON t."{_key(model)}" = r.row'
        self.mine = "r.imported_id = %s AND r.model = %s"
        self.parameters: list[Any] = [made.pk, model._meta.label_lower]
        # Columns may have come and gone since the import.
        stored = _execute(
            f"SELECT DISTINCT jsonb_object_keys(coalesce(after, before)) FROM (SELECT after, before FROM {_ROWS} r"
            f" WHERE {self.mine} LIMIT 1) one",
            self.parameters,
        )
        known = {name for (name,) in stored}
        fields = [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]
        self.columns = [field.column for field in fields if field.column in known]
        empty = f"to_jsonb(jsonb_populate_record(NULL::{self.table}, '{{}}'))"
        now = {name for (name,) in _execute(f"SELECT jsonb_object_keys({empty})", [])}
        self.incomparable = [*_FOLLOWING, *(now ^ known)]

    def _select(self, what: str, join: str, condition: str, *parameters, end: str = "") -> list[tuple]:
        rows = self.rows.format(join=join)
        return _execute(
            f"SELECT {what} FROM {rows} WHERE {self.mine} AND {condition} {end}", [*self.parameters, *parameters]
        )

    def lock(self) -> None:
        rows = self.rows.format(join="JOIN")
        _execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {rows} WHERE {self.mine} ORDER BY r.row FOR UPDATE OF t) locked",
            self.parameters,
        )

    def changed_since(self) -> Iterator[str]:
        """What differs from what the import left, but for rows that it made and that are gone."""
        key = _key(self.model)
        differs = (
            f'CASE WHEN t."{key}" IS NULL THEN r.before IS NOT NULL AND r.after IS NOT NULL'
            " WHEN r.after IS NULL THEN true"
            " ELSE to_jsonb(t) - %s::text[] <> r.after - %s::text[] END"
        )
        found = self._select(
            f'r.row, t."{key}" IS NULL',
            "LEFT JOIN",
            differs,
            self.incomparable,
            self.incomparable,
            end=f"ORDER BY r.row LIMIT {_MOST_REASONS + 1}",
        )
        records = self.model._base_manager.in_bulk([row for row, _gone in found])
        for row, gone in found:
            name = _("number %(number)d") % {"number": row} if gone else _named(records[row])
            yield self._reason(name, _("is not on file any more") if gone else self._change(row))

    def _change(self, row: int) -> str:
        later = (
            Import.objects.filter(
                rows__model=self.model._meta.label_lower, rows__row=row, pk__gt=self.made.pk, undone_at=None
            )
            .order_by("-pk")
            .first()
        )
        if later:
            return _("has been changed since, by the import of %(file)s: undo that first") % {"file": later.file}
        return _("has been changed since")

    def replaced_since(self) -> Iterator[str]:
        """Records whose deleted parts would come back beside those that have taken their place since.

        That is so where a later import has written such parts of the same record, and where one of those that this
        import made is gone: neither shows in the rows that this import left.
        """
        owner = _owner(self.model)
        if owner is None:
            return
        told = connection.ops.quote_name(Import._meta.db_table)
        found = _execute(
            "WITH back AS (SELECT DISTINCT r.before->>%s AS owner"
            f" FROM {_ROWS} r WHERE {self.mine} AND r.before IS NOT NULL AND r.after IS NULL),"
            " since AS (SELECT coalesce(l.after, l.before)->>%s AS owner, l.imported_id AS later"
            f" FROM {_ROWS} l JOIN {told} i ON i.id = l.imported_id AND i.undone_at IS NULL"
            " WHERE l.imported_id > %s AND l.model = %s UNION ALL SELECT r.after->>%s, NULL"
            f' FROM {_ROWS} r LEFT JOIN {self.table} t ON t."{_key(self.model)}" = r.row'
            f' WHERE {self.mine} AND r.before IS NULL AND t."{_key(self.model)}" IS NULL)'
            " SELECT owner, max(later) FROM back JOIN since USING (owner)"
            f" GROUP BY owner ORDER BY owner LIMIT {_MOST_REASONS + 1}",
            [owner.column, *self.parameters, owner.column, *self.parameters, owner.column, *self.parameters],
        )
        records = owner.related_model._base_manager.in_bulk([key for key, _later in found])
        files = Import.objects.in_bulk([later for _key, later in found if later])
        named = {str(pk): _named(record) for pk, record in records.items()}
        for key, later in found:
            name = named.get(key) or _("number %(number)s") % {"number": key}
            yield self._reason(name, self._replacement(files.get(later)), owner.related_model)

    def _replacement(self, later: Import | None) -> str:
        words = {"parts": self.model._meta.verbose_name_plural}
        if later:
            words["file"] = later.file
            return _("its %(parts)s have been changed since, by the import of %(file)s: undo that first") % words
        return (
            _(
                "of its %(parts)s, some that the import made have been deleted since, and those that it deleted would"
                " come back beside what has taken their place"
            )
            % words
        )

    def referred_to(self) -> Iterator[str]:
        """Rows that would go, and that something refers to which the import has not written."""
        for field in references(self.model):
            other = field.model
            found = _execute(
                f'SELECT o."{_key(other)}" FROM {_table(other)} o JOIN {_ROWS} r ON r.row = o."{field.column}"'
                f" WHERE {self.mine} AND r.before IS NULL AND NOT EXISTS (SELECT 1 FROM {_ROWS} own"
                f' WHERE own.imported_id = %s AND own.model = %s AND own.row = o."{_key(other)}")'
                f" ORDER BY 1 LIMIT {_MOST_REASONS + 1}",
                [*self.parameters, self.made.pk, other._meta.label_lower],
            )
            # Its name may be made of what it refers to.
            for record in other._base_manager.filter(pk__in=[row for (row,) in found]).order_by("pk"):
                name = _named(getattr(record, field.name))
                words = {"kind": other._meta.verbose_name, "record": record}
                yield self._reason(name, _("%(kind)s “%(record)s” refers to it") % words)

    def _reason(self, name: str, reason: str, model: type[models.Model] | None = None) -> str:
        words = {"kind": (model or self.model)._meta.verbose_name, "record": name, "reason": reason}
        return _("%(kind)s %(record)s: %(reason)s.") % words

    def gone(self) -> int:
        condition = f't."{_key(self.model)}" IS NULL AND r.before IS NULL'
        return self._select("count(*)", "LEFT JOIN", condition)[0][0]

    def delete(self) -> None:
        _execute(
            f"DELETE FROM {self.table} t USING {_ROWS} r"
            f' WHERE {self.mine} AND r.before IS NULL AND t."{_key(self.model)}" = r.row',
            self.parameters,
        )

    def insert(self) -> None:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        taken = ", ".join(f'p."{column}"' for column in self.columns)
        _execute(
            f"INSERT INTO {self.table} ({columns}) SELECT {taken} FROM {_ROWS} r,"
            f" jsonb_populate_record(NULL::{self.table}, r.before) p"
            f" WHERE {self.mine} AND r.before IS NOT NULL AND r.after IS NULL",
            self.parameters,
        )

    def update(self) -> None:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        taken = ", ".join(f'p."{column}"' for column in self.columns)
        _execute(
            f"UPDATE {self.table} t SET ({columns}) = (SELECT {taken} FROM jsonb_populate_record(t, r.before) p)"
            f" FROM {_ROWS} r WHERE {self.mine} AND r.before IS NOT NULL AND r.after IS NOT NULL"
            f' AND t."{_key(self.model)}" = r.row',
            self.parameters,
        )


def _named(record: models.Model) -> str:
    """A part, such as a sector, by the record that it belongs to as well."""
    field = _owner(type(record))
    owner = getattr(record, field.name) if field else None
    words = {"part": record, "owner": owner}
    return _("“%(part)s” of “%(owner)s”") % words if owner else f"“{record}”"


def _owner(model: type[models.Model]) -> models.ForeignKey | None:
    """What tells the record that a part goes with."""
    return next(
        (
            field
            for field in model._meta.local_concrete_fields
            if field.is_relation and field.remote_field.on_delete is models.CASCADE
        ),
        None,
    )


def _joined(reasons: Iterable[str]) -> str:
    reasons = list(dict.fromkeys(reasons))
    if len(reasons) > _MOST_REASONS:
        reasons = [*reasons[:_MOST_REASONS], _("There are more such records.")]
    return " ".join(reasons)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _key(model: type[models.Model]) -> str:
    return model._meta.pk.column


def _execute(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
