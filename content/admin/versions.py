"""Which state of a record a form shows, so that a save does not silently wipe out one that came between."""

from collections.abc import Iterable
from hashlib import sha256

from django.db.models.expressions import RawSQL

# A model and the name of its field that leads to the record.
Part = tuple[type, str]


def links(model) -> list[Part]:
    """The tables that hold a record's links of many to many."""
    return [
        (field.remote_field.through, field.m2m_field_name())
        for field in model._meta.many_to_many
        if field.remote_field.through._meta.auto_created
    ]


def fingerprint(record, parts: Iterable[Part]) -> str:
    """Another one as soon as the row, one of its parts or one of its links was written.

    PostgreSQL keeps in `xmin` of each row the transaction that wrote it.
    """
    seen = [
        list(
            part._base_manager.filter(**{path: record.pk})
            .annotate(written=RawSQL(f'"{part._meta.db_table}".xmin::text', ()))
            .order_by("pk")
            .values_list("pk", "written")
        )
        for part, path in [(type(record), "pk"), *parts]
    ]
    return sha256(repr(seen).encode()).hexdigest()
