"""The texts of sample records, and what all sample records have in common."""

import json
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import models

from content import languages
from content.choices import PublicationState
from content.models.base import Record, Sorted

IDENTITIES = uuid.UUID("0d0a52a4-2f0b-4b8e-8a0e-9d9a4b6f2f31")
BATCH = 1000


class Texts(dict[str, Any]):
    """Templates by kind and field, in six languages; `{number}` stands for the number of the record."""

    @classmethod
    def read(cls, path: Path) -> "Texts":
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def columns(self, kind: str, number: int = 0) -> dict[str, str]:
        return columns(self[kind], number)


def columns(templates: dict[str, dict[str, str]], number: int = 0) -> dict[str, str]:
    return {
        languages.column(field, code): template.replace("{number}", str(number))
        for field, in_languages in templates.items()
        for code, template in in_languages.items()
    }


def sample(model: type[models.Model], slug: str, **values) -> models.Model:
    """A sample record, not saved. Slugs of a kind must differ."""
    values |= {"slug": slug, "sample": True, "uuid": uuid.uuid5(IDENTITIES, f"{model._meta.label_lower}/{slug}")}
    if issubclass(model, Record):
        values["state"] = PublicationState.PUBLISHED
        values["unreviewed_languages"] = [code for code in languages.CODES if code != "en"]
    record = model(**values)
    if isinstance(record, Sorted):
        record.fill_sort_keys()
    return record


def create(model: type[models.Model], records: Iterable[models.Model]) -> list[models.Model]:
    return model._base_manager.bulk_create(records, batch_size=BATCH)
