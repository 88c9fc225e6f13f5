"""Lays down what a portal starts with: the rows of `fixtures/` become records.

A record that exists is left alone with everything that belongs to it, whatever has become of it; one that is missing
is made. So the way to take a founding record away for good is to archive it. Parts that cannot be archived, such as
the organisers of an edition or the entries of a menu, come with their owner alone and stay away once removed.
"""

import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.utils import translation

from conference.models import Country, Edition, Organisation, Person, Region, RegionGroup, Section, Track
from content import languages
from content.choices import PublicationState
from content.models import Article, Claim, Document, Figure, MenuItem, Page, Site, Source, Strand
from content.models.base import Identified, Record
from cooperation.models import Facility, Programme

# In an order in which whatever a row points to comes before it.
KINDS: dict[str, type[models.Model]] = {
    "regions": Region,
    "groups": RegionGroup,
    "countries": Country,
    "site": Site,
    "menu": MenuItem,
    "strands": Strand,
    "sources": Source,
    "figures": Figure,
    "claims": Claim,
    "organisations": Organisation,
    "editions": Edition,
    "sections": Section,
    "tracks": Track,
    "persons": Person,
    "documents": Document,
    "facilities": Facility,
    "programmes": Programme,
    "pages": Page,
    "articles": Article,
}
# What tells rows of a kind apart, and what rows of other kinds call them by; a slug unless said here.
NATURAL_KEYS = {Site: (), MenuItem: ("place", "path"), Country: ("code",)}
WITHIN_EDITION = (Section, Track)
COMES_WITH = {"menu": "site"}
IDENTITIES = uuid.UUID("6f1b6a0e-53f4-4b5e-9d0f-6d7b1a0c4c55")

Row = dict[str, Any]


class Count(NamedTuple):
    created: int
    unchanged: int


def read(folder: Path) -> dict[str, list[Row]]:
    """The rows of every file by kind, with each row's languages that no person has reviewed."""
    rows: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    rows |= read_countries(folder / "countries.json")
    for path in sorted((folder / "founding").glob("*.json")):
        content = parse(path)
        unreviewed = content.pop("unreviewed_languages", [])
        for kind, found in content.items():
            common = {"unreviewed_languages": unreviewed} if issubclass(KINDS[kind], Record) else {}
            rows[kind] += [common | with_files(row, folder) for row in found]
    return rows


def parse(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def with_files(value: Any, folder: Path) -> Any:
    """A stored text keeps its bytes, line ends included: quotes are checked against it, character by character."""
    if isinstance(value, list):
        return [with_files(one, folder) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"content"}:
        return (folder / value["content"]).read_bytes().decode("utf-8")
    if set(value) == {"copy"}:
        return ContentFile((folder / value["copy"]).read_bytes(), name=value["copy"])
    return {name: with_files(one, folder) for name, one in value.items()}


def read_countries(path: Path) -> dict[str, list[Row]]:
    fixture = parse(path)
    return {
        "regions": fixture["regions"],
        "groups": [
            {"slug": group["slug"], "name": group["name"], "basis": group["basis"], "countries": group["members"]}
            for group in fixture["groups"]
        ],
        "countries": [renamed(country, machine_translated="unreviewed_languages") for country in fixture["countries"]],
    }


def renamed(row: Row, **names: str) -> Row:
    return {names.get(name, name): value for name, value in row.items() if value is not None}


@transaction.atomic
@translation.override("en")
def lay(rows: dict[str, list[Row]]) -> dict[str, Count]:
    """How many rows of each kind were made, and how many were there and left as they are."""
    foundation = Foundation()
    counts = {kind: foundation.lay(kind, rows[kind]) for kind in KINDS}
    foundation.link()
    return counts


class Foundation:
    """One run: the records by what rows call them, and the links to make once all records exist."""

    def __init__(self):
        self.records: dict[tuple[type[models.Model], str], models.Model] = {}
        self.links: list[tuple[models.Model, models.Field, Any]] = []
        self.created: dict[str, int] = {}

    def lay(self, kind: str, rows: list[Row]) -> Count:
        owner = COMES_WITH.get(kind)
        made = 0
        if owner is None or self.created[owner]:
            made = sum(self.lay_row(kind, row) for row in rows)
        self.created[kind] = made
        return Count(made, len(rows) - made)

    def lay_row(self, kind: str, row: Row) -> bool:
        """Whether the record was made."""
        model = KINDS[kind]
        names = key_names(model)
        key = Q(**{name: self.value(model._meta.get_field(name), row[name]) for name in names})
        given = {}
        if issubclass(model, Identified):
            # The same on every portal, so it finds a record that an editor gave another slug.
            given["uuid"] = uuid.uuid5(IDENTITIES, "/".join([kind, *(row[name] for name in names)]))
            key |= Q(**given)
        found = model.objects.filter(key).first()
        record = found or self.make(model, row, **given)
        if names:
            self.records[model, row[names[-1]]] = record
        return found is None

    def make(self, model: type[models.Model], row: Row, **given) -> models.Model:
        if issubclass(model, Record):
            given["state"] = PublicationState.PUBLISHED
        links = [field for field in links_of(model) if field.name in row]
        values = self.values(model, {name: row[name] for name in row.keys() - {field.name for field in links}})
        record = model(**dict(values), **given)
        record.save()
        self.links += [(record, field, row[field.name]) for field in links]
        return record

    def values(self, model: type[models.Model], row: Row) -> Iterator[tuple[str, Any]]:
        for name, raw in row.items():
            if isinstance(raw, dict):
                yield from ((languages.column(name, code), text_of(text)) for code, text in raw.items())
            else:
                yield name, self.value(model._meta.get_field(name), raw)

    def value(self, field: models.Field, raw: Any) -> Any:
        return self.records[field.related_model, raw] if field.is_relation and raw is not None else raw

    def link(self) -> None:
        for record, field, raw in self.links:
            if field.many_to_many:
                accessor = field.get_accessor_name() if field.auto_created else field.name
                getattr(record, accessor).set([self.records[field.related_model, name] for name in raw])
            else:
                for part in raw if isinstance(raw, list) else [raw]:
                    self.make(field.related_model, part, **{field.field.name: record})


def key_names(model: type[models.Model]) -> tuple[str, ...]:
    return ("edition", "slug") if model in WITHIN_EDITION else NATURAL_KEYS.get(model, ("slug",))


def links_of(model: type[models.Model]) -> list[models.Field]:
    """Many-to-many fields from either side, and the parts that belong to a record."""
    fields = model._meta.get_fields()
    return [field for field in fields if field.many_to_many or (field.auto_created and field.is_relation)]


def text_of(text: str | list[str]) -> str:
    """Long texts stand in the files as a list of lines."""
    return text if isinstance(text, str) else "\n".join(text)
