"""What plans do to records: give them values, a slug, a state; and know which columns that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from content.choices import PublicationState
from content.models.base import SORT_COLUMNS, Sorted


def assign(record: models.Model, values: Mapping[str, Any]) -> set[str]:
    """Set the values and say which of them differ from what is stored; nothing and empty are the same."""
    differing = {name for name, value in values.items() if differs(record, name, value)}
    for name in differing:
        setattr(record, name, values[name])
    return differing


def differs(record: models.Model, name: str, value: Any) -> bool:
    field = record._meta.get_field(name)
    if isinstance(value, models.Model):
        return value.pk is None or getattr(record, field.attname) != value.pk
    # HTML is compared as it is stored: cleaned.
    return (getattr(record, field.attname) or None) != (field.get_prep_value(value) or None)


def publish_if_new(record, draft: bool) -> set[str]:
    """A draft that was never public becomes so, unless drafts are wanted; one that was taken back stays so."""
    if draft or record.state != PublicationState.DRAFT or record.first_public_at:
        return set()
    record.state = PublicationState.PUBLISHED
    return {"state"}


def columns(model: type[models.Model], changed: Iterable[str]) -> list[str]:
    """The changed columns and those that follow from them: the one without a language, and the sort keys."""
    names = set(changed)
    for name in changed:
        field = model._meta.get_field(name)
        names.add(getattr(field, "translated_field", field).name)
    if issubclass(model, Sorted):
        names.update(SORT_COLUMNS)
    return sorted(names)


class Slugs:
    """Hands out slugs that nobody has: a second "hall" is "hall-2"."""

    def __init__(self, taken: Iterable[str]):
        self.taken = set(taken)
        self._last: dict[str, int] = {}

    def take(self, slug: str) -> str:
        given, number = slug, self._last.get(slug, 1)
        while given in self.taken:
            number += 1
            given = f"{slug}-{number}"
        self._last[slug] = number
        self.taken.add(given)
        return given
