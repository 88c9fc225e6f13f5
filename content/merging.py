"""Two records that are one: everything that points to the one given up moves to the one kept, and can be moved back.

Generic over the models: whatever has a foreign key to the record moves, many-to-many links included, from whichever
floor. Where the record kept has the same part already (both take part in one session), the two parts are merged in
their turn; a model's `gives_way` names constraints of which the second part gives way instead. Empty texts of what is
kept are filled in from what is given up. Each row written goes into a journal, as the database holds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext as _

from content import languages
from content.choices import PublicationState
from content.models.base import SORT_COLUMNS, Sorted
from content.models.merging import Distinction, Merge
from content.publication import Publication

# What a record is by itself, whatever it has taken over.
_OWN = frozenset(
    {"uuid", "slug", "sample", "modified", "other_names", "unreviewed_languages", "recorded_none", *SORT_COLUMNS}
    | {field.name for field in Publication._meta.local_fields}
    | {languages.column("withdrawal_reason", code) for code in languages.CODES}
)

Row = dict[str, Any]
Step = dict[str, Any]


class MergeError(Exception):
    """This merge can't be made or undone; the message says to staff why."""


@transaction.atomic
def merge(kept: models.Model, removed: models.Model, by=None) -> Merge:
    """Give `removed` up for `kept`; the rows of both are locked."""
    model = type(kept)
    if type(removed) is not model or kept.pk == removed.pk:
        raise MergeError(_("Choose two different records of the same kind."))
    pks = sorted([kept.pk, removed.pk])
    found = model._base_manager.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk").in_bulk()
    if len(found) < 2:
        raise MergeError(_("One of the two is not on file any more."))
    kept, removed = found[kept.pk], found[removed.pk]
    journal = _Journal()
    _absorb(journal, model, kept.pk, removed.pk)
    return Merge.objects.create(
        model=model._meta.label_lower,
        kept=kept.pk,
        removed=removed.pk,
        kept_name=str(kept)[:400],
        removed_name=str(removed)[:400],
        removed_slug=getattr(removed, "slug", ""),
        journal=journal.steps,
        by=by,
    )


def preview(kept: models.Model, removed: models.Model) -> list[Step]:
    """The journal of a merge that isn't made."""
    with transaction.atomic():
        journal = merge(kept, removed).journal
        transaction.set_rollback(True)
    return journal


@transaction.atomic
def undo(made: Merge) -> int:
    """Put everything back as it was. How many moved rows were deleted since, and stay so.

    Raises MergeError with every reason if something has changed in the meantime that would be lost.
    """
    made = Merge.objects.select_for_update().get(pk=made.pk)
    if made.undone_at:
        raise MergeError(_("This merge has been undone already."))
    model = apps.get_model(made.model)
    if not model._base_manager.filter(pk=made.kept).exists():
        raise MergeError(_("“%(name)s” is not on file any more: undo its own merge first.") % {"name": made.kept_name})
    undoing = _Undoing()
    for step in reversed(made.journal):
        undoing.take_back(step)
    if undoing.reasons:
        raise MergeError(" ".join(undoing.reasons))
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    return undoing.gone


def tell_apart(one: models.Model, other: models.Model, by=None) -> None:
    """Remember that the two are not the same."""
    first, second = sorted([one.pk, other.pk])
    Distinction.objects.get_or_create(model=one._meta.label_lower, first=first, second=second, defaults={"by": by})


def told_apart(model: type[models.Model]) -> set[tuple[int, int]]:
    return set(Distinction.objects.filter(model=model._meta.label_lower).values_list("first", "second"))


def references(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Every foreign key that points to the model, those of link tables included."""
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.local_concrete_fields:
            if field.is_relation and field.related_model is model and other._meta.managed:
                yield field


def names(record) -> list[str]:
    """What a record is called in each language, and its other names, each once."""
    field = getattr(record, "sort_field", "name")
    texts = [getattr(record, languages.column(field, code), "") for code in languages.CODES]
    return list(dict.fromkeys(text for text in [*texts, *getattr(record, "other_names", ())] if text))


# ── one record into another ────────────────────────────────────────────────────────────────────────────────────────


class _Journal:
    """The rows written, each as {model, pk, before, after}: an update has the columns that changed, a deletion all."""

    def __init__(self):
        self.steps: list[Step] = []

    def update(self, model: type[models.Model], pk: int, values: Row) -> None:
        stored = read_row(model, pk)
        changed = {column: value for column, value in values.items() if stored[column] != value}
        if changed:
            _update(model, pk, changed)
            before = {column: stored[column] for column in changed}
            self._note(model, pk, before, changed)

    def delete(self, model: type[models.Model], pk: int) -> None:
        self._note(model, pk, read_row(model, pk), None)
        _execute(f'DELETE FROM {_table(model)} WHERE "{model._meta.pk.column}" = %s', [pk])

    def _note(self, model, pk: int, before: Row, after: Row | None) -> None:
        self.steps.append({"model": model._meta.label_lower, "pk": pk, "before": before, "after": after})


def _absorb(journal: _Journal, model: type[models.Model], kept: int, removed: int) -> None:
    for field in references(model):
        rows = field.model._base_manager.filter(**{field.attname: removed}).order_by("pk")
        for pk in list(rows.values_list("pk", flat=True)):
            _move(journal, field, pk, kept)
    filled = _filled(model, kept, removed)
    journal.delete(model, removed)
    journal.update(model, kept, filled)
    _resort(journal, model, kept)


def _move(journal: _Journal, field: models.ForeignKey, pk: int, kept: int) -> None:
    model = field.model
    for rule, rival in _rivals(field, pk, kept):
        way = getattr(model, "gives_way", {}).get(rule)
        if way is None:
            _absorb(journal, model, rival, pk)
            return
        journal.update(model, pk, way)
    journal.update(model, pk, {field.column: kept})
    _resort(journal, model, pk)


def _rivals(field: models.ForeignKey, pk: int, kept: int) -> Iterator[tuple[str, int]]:
    """What the unique rules of the table have against the move: the rule's name and the row that is there already."""
    model = field.model
    row = model._base_manager.filter(pk=pk)
    for name, columns, condition in _unique_rules(model):
        if field.name not in columns:
            continue
        values = row.values(*columns).get() | {field.name: kept}
        if None in values.values():
            continue
        there = model._base_manager.filter(**values).exclude(pk=pk)
        if condition is not None:
            there = there.filter(condition) if row.filter(condition).exists() else there.none()
        if rival := there.values_list("pk", flat=True).first():
            yield name, rival


def _unique_rules(model: type[models.Model]) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    for rule in model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and rule.fields:
            yield rule.name, tuple(rule.fields), rule.condition
    for columns in model._meta.unique_together:
        yield "", tuple(columns), None
    for field in model._meta.local_concrete_fields:
        if field.unique and not field.primary_key:
            yield "", (field.name,), None


def _filled(model: type[models.Model], kept: int, removed: int) -> Row:
    """The columns of the kept row that take something over: empty ones, and its other names."""
    mine, theirs = read_row(model, kept), read_row(model, removed)
    values: Row = {}
    if not _would_tell_early(model, mine, theirs):
        for field in model._meta.local_concrete_fields:
            column = field.column
            empty = mine[column] in (None, "", []) and theirs[column] not in (None, "", [])
            if empty and not field.primary_key and field.name not in _OWN:
                values[column] = theirs[column]
    if "other_names" in mine:
        rows = model._base_manager.in_bulk([kept, removed])
        known = {*(text.casefold() for text in names(rows[kept]))}
        # Imports know it by its identifiers too, and would make it again.
        theirs_by = [*names(rows[removed]), *getattr(rows[removed], "identifiers", list)()]
        new = [text for text in theirs_by if text.casefold() not in known]
        values["other_names"] = [*mine["other_names"], *new]
    return values


def _would_tell_early(model: type[models.Model], mine: Row, theirs: Row) -> bool:
    """What nobody was to see yet doesn't become public by filling in the gaps of what is."""
    if not issubclass(model, Publication):
        return False
    return mine["state"] == PublicationState.PUBLISHED and theirs["state"] != PublicationState.PUBLISHED


def _resort(journal: _Journal, model: type[models.Model], pk: int) -> None:
    if issubclass(model, Sorted):
        journal.update(model, pk, _sort_keys(model, pk))


def _sort_keys(model: type[models.Model], pk: int) -> Row:
    record = model._base_manager.get(pk=pk)
    record.fill_sort_keys()
    return {column: getattr(record, column) for column in SORT_COLUMNS}


# ── and back ───────────────────────────────────────────────────────────────────────────────────────────────────────


class _Undoing:
    def __init__(self):
        self.reasons: list[str] = []
        self.gone = 0

    def take_back(self, step: Step) -> None:
        model = apps.get_model(step["model"])
        if step["after"] is None:
            self._restore(model, step["pk"], step["before"])
        else:
            self._revert(model, step)

    def _restore(self, model: type[models.Model], pk: int, row: Row) -> None:
        if read_row(model, pk):
            self._refuse(model, _("a row has taken its place"), pk)
            return
        for field in model._meta.local_concrete_fields:
            target = field.related_model
            if target and row[field.column] is not None:
                there = target._base_manager.filter(pk=row[field.column]).exists()
                if not there:
                    self._refuse(model, _("%(field)s is not on file any more") % {"field": field.verbose_name})
                    return
        slug_is_taken = isinstance(row.get("slug"), str) and any(
            set(columns) == {"slug"} and model._base_manager.filter(slug=row["slug"]).exists()
            for _name, columns, _condition in _unique_rules(model)
        )
        if slug_is_taken:
            self._refuse(model, _("the slug “%(slug)s” belongs to another record now") % {"slug": row["slug"]})
            return
        _insert(model, row)

    def _revert(self, model: type[models.Model], step: Step) -> None:
        stored = read_row(model, step["pk"])
        if not stored:
            self.gone += 1
            return
        values: Row = {}
        for column, before in step["before"].items():
            after = step["after"][column]
            if isinstance(after, list):
                values[column] = [one for one in stored[column] if one in before or one not in after]
            elif stored[column] in (before, after) or column in SORT_COLUMNS:
                values[column] = before
            else:
                record = model._base_manager.get(pk=step["pk"])
                self._refuse(model, _("“%(field)s” has changed since") % {"field": _label(model, column)}, record)
        _update(model, step["pk"], values)
        if issubclass(model, Sorted):
            _update(model, step["pk"], _sort_keys(model, step["pk"]))

    def _refuse(self, model: type[models.Model], reason: str, record: Any = "") -> None:
        words = {"kind": model._meta.verbose_name, "record": record, "reason": reason}
        self.reasons.append(_("%(kind)s %(record)s: %(reason)s.") % words)


def _label(model: type[models.Model], column: str) -> str:
    return str(next(field.verbose_name for field in model._meta.local_concrete_fields if field.column == column))


# ── rows as the database holds them ────────────────────────────────────────────────────────────────────────────────


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _execute(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def read_row(model: type[models.Model], pk: int) -> Row:
    """Decimals stay texts, so that nothing is rounded on the way; empty if there is no such row."""
    rows = _execute(f'SELECT to_jsonb(t)::text FROM {_table(model)} t WHERE "{model._meta.pk.column}" = %s', [pk])
    return json.loads(rows[0][0], parse_float=str) if rows else {}


def _update(model: type[models.Model], pk: int, values: Row) -> None:
    if not values:
        return
    columns = ", ".join(f'"{column}"' for column in values)
    table = _table(model)
    _execute(
        f"UPDATE {table} SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb))"
        f' WHERE "{model._meta.pk.column}" = %s',
        [json.dumps(values), pk],
    )


def _insert(model: type[models.Model], row: Row) -> None:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
    table = _table(model)
    _execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)",
        [json.dumps(row)],
    )
