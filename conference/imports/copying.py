"""Many new rows at once, by COPY: no record is made in memory for them, and the triggers of the tables run as ever."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models

from content import languages
from content.sorting import sort_key

Values = Mapping[str, Any]


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for so many rows."""
    with connection.cursor() as cursor:
        table, column = connection.ops.quote_name(model._meta.db_table), model._meta.pk.column
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
        )
        return [key for (key,) in cursor.fetchall()]


def copy_rows(model: type[models.Model], rows: Iterable[Values]) -> None:
    """Write rows, each by its columns; what a row doesn't say has the default of its field."""
    fields = [field for field in model._meta.local_concrete_fields if field.db_default is models.NOT_PROVIDED]
    defaults = {field.column: _default(field) for field in fields if not field.primary_key and field.name != "uuid"}
    columns = [field.column for field in fields]
    has_uuid = "uuid" in columns
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                values = {**defaults, **row}
                if has_uuid:
                    values.setdefault("uuid", uuid.uuid4())
                copy.write_row([values[column] for column in columns])


def with_text(name: str, language: str, text: str) -> dict[str, str]:
    """A translated text in its own column, and in the one without a language."""
    return {languages.column(name, language): text, name: text}


def sort_keys(text: str) -> dict[str, str]:
    """Those of a record whose name is on file in one language alone."""
    return {languages.column("sort", code): sort_key(text, code) for code in languages.CODES}


def _default(field: models.Field) -> Any:
    return field.get_db_prep_save(field.get_default(), connection)
