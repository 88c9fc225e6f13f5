"""What a row makes of a record: the values, links and parts that differ from what is on file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from content.imports.cells import shown
from content.models.base import Record

_EMPTY = (None, "", [])


@dataclass
class Parts:
    """Rows of one model that belong to the record."""

    add: list[dict[str, Any]] = field(default_factory=list)
    change: list[tuple[models.Model, dict[str, Any]]] = field(default_factory=list)
    remove: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.add or self.change or self.remove)


@dataclass
class Draft:
    """`record` is the one on file, or a blank one that many new drafts share: nothing is written to it before the end.

    `stored` are its links and parts as they are on file, by the name of the field; `named` the fields that the row
    says something of.
    """

    record: Record
    named: frozenset[str] = frozenset()
    stored: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Parts] = field(default_factory=dict)
    parts: dict[type[models.Model], Parts] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.record.pk is None

    @property
    def differs(self) -> bool:
        return bool(self.values or any(self.links.values()) or any(self.parts.values()))

    def rows_of(self, name: str, model: type[models.Model], value: str) -> list[Any]:
        """That value of all rows of a part, as they will be."""
        change = self.parts.get(model) or Parts()
        changed = {row.pk: values for row, values in change.change}
        kept = [row for row in self.stored.get(name, ()) if row.pk not in change.remove]
        values = [changed.get(row.pk, {}).get(value, getattr(row, value)) for row in kept]
        return [*values, *(row.get(value) for row in change.add)]

    def get(self, name: str) -> Any:
        """The value as it will be."""
        return self.values[name] if name in self.values else getattr(self.record, name)

    def set(self, name: str, value: Any, label: str = "") -> None:
        if _same(self.record, name, value):
            self.values.pop(name, None)
            return
        self.values[name] = value
        if not self.is_new:
            # Another record's old name would be a query a row.
            is_relation = self.record._meta.get_field(name).is_relation
            old = "" if is_relation else f"{_said(getattr(self.record, name))} "
            self.details.append(f"{label or name}: {old}→ {_said(value)}")

    def say_none(self, name: str, none: bool) -> None:
        """Whether the list of that name is known to be empty."""
        known = self.get("recorded_none")
        if none != (name in known):
            self.values["recorded_none"] = [*known, name] if none else [one for one in known if one != name]
            self.details.append(f"{name}: {'none' if none else 'not known to be none any more'}")

    def changed_list(self, name: str, parts: Parts) -> None:
        if parts:
            signs = (("+", parts.add), ("−", parts.remove), ("≠", parts.change))
            self.details.append(f"{name}: {' '.join(f'{sign}{len(rows)}' for sign, rows in signs if rows)}")


def _same(record: Record, name: str, value: Any) -> bool:
    """Nothing and an empty text are the same; nought is neither."""
    stored = record._meta.get_field(name)
    if isinstance(value, models.Model):
        return value.pk is not None and getattr(record, stored.attname) == value.pk
    # HTML is compared as it is stored: cleaned.
    old, new = getattr(record, stored.attname), stored.get_prep_value(value)
    return old == new or (old in _EMPTY and new in _EMPTY)


def _said(value: Any) -> str:
    if value in (None, "", []):
        return "–"
    return shown(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def identity(value: Any) -> Any:
    """What tells one value of a part from another; records that aren't stored yet are told by themselves."""
    if isinstance(value, models.Model):
        return (type(value), value.pk) if value.pk else id(value)
    return value


def row_key(values: dict[str, Any], names: Iterable[str]) -> tuple:
    return tuple(identity(values[name]) for name in names)
