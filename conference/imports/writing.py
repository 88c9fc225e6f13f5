"""Writes many records at once. The number of queries depends on their number only through the size of a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models

from conference.imports.records import columns
from content.models.base import Sorted

BATCH = 1000
# That of all imports: two at once would hand out the same slugs.
IMPORT_LOCK = 7_042_601


def take_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def create(records: Iterable[models.Model]) -> None:
    new = _filled(records)
    if new:
        models.QuerySet(type(new[0])).bulk_create(new, batch_size=BATCH)


def update(changes: Iterable[tuple[models.Model, dict[str, Any]]]) -> None:
    """Records with the same changing columns together; their other columns aren't touched, and needn't be known."""
    groups: defaultdict[tuple[type[models.Model], tuple[str, ...]], list[models.Model]] = defaultdict(list)
    for record, values in changes:
        for name, value in values.items():
            setattr(record, name, value)
        if values:
            groups[type(record), tuple(sorted(values))].append(record)
    for (model, names), records in groups.items():
        written = _columns(model, names)
        rows = _filled(records) if set(written) - set(names) else records
        for batch in batches(rows):
            models.QuerySet(model).bulk_update(batch, written)


def _columns(model: type[models.Model], names: Sequence[str]) -> list[str]:
    """Sort keys follow from names alone."""
    with_texts = [name for name in names if hasattr(model._meta.get_field(name), "translated_field")]
    return sorted({*names, *(columns(model, with_texts) if with_texts else ())})


def _filled(records: Iterable[models.Model]) -> list[models.Model]:
    found = list(records)
    for record in found:
        if isinstance(record, Sorted):
            record.fill_sort_keys()
    return found


def batches(rows: Sequence, size: int = BATCH) -> Iterator[Sequence]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
