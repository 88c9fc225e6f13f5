"""What a collection is for a table: its columns, what tells its records apart, and which rules hold between values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conference.imports.tables.columns import At, Column, Text
from conference.imports.tables.draft import Draft, identity
from conference.imports.tables.words import BY_FIELD
from content import languages
from content.models.base import Record

# What our own tables have beside, and an import has nothing to learn from.
OWN = frozenset("url api_url modified lang fallback sample id slug".split())

Traits = dict[str, Any]
"""What, where it is known of two records and differs, makes them two: by name, a text or a set."""


def no_traits(values: Mapping[str, Any]) -> Traits:
    return {}


def no_stored_traits() -> dict[int, Traits]:
    return {}


@dataclass(frozen=True)
class Collection:
    """`identifiers` are columns of the model by which a record is known the world over.

    `traits` gives those of a row by its values, `stored_traits` those of all records on file in a fixed number of
    queries. `gather` puts together what stands in several columns. `complete` fills in what a new record needs,
    `check` refuses what can't be true; all three raise ValueError.

    `strict`: one of the same name, of which a trait differs, is another record; else it is so only where a table or
    the file holds several of the name.

    `follows` are keys of our own tables that the other columns already say.
    """

    name: str
    model: type[Record]
    columns: tuple[Column, ...]
    identifiers: tuple[str, ...] = ()
    traits: Callable[[Mapping[str, Any]], Traits] = no_traits
    stored_traits: Callable[[], dict[int, Traits]] = no_stored_traits
    gather: Callable[[dict[str, Any], At], None] = lambda values, at: None
    complete: Callable[[Draft, At], None] = lambda draft, at: None
    check: Callable[[Draft, At], None] = lambda draft, at: None
    strict: bool = False
    follows: frozenset[str] = frozenset()
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def title(self) -> str:
        """The column with what a record is called."""
        return self.model.sort_field if hasattr(self.model, "sort_field") else "name"

    @property
    def has_kind(self) -> bool:
        return "kind" in self.by_name

    @property
    def fields(self) -> list[str]:
        """All that a column can be mapped to."""
        texts = [
            f"{column.name}.{code}" for column in self.columns if isinstance(column, Text) for code in languages.CODES
        ]
        return ["id", "slug", *self.by_name, "lang", *texts]

    def words(self, column: str) -> str:
        """What the head of a table calls the column."""
        alias = {"title": "name", "name": "title"} if column == self.title else {}
        known = [
            BY_FIELD.get(f"{self.name}.{column}", ""),
            BY_FIELD.get(column, ""),
            BY_FIELD.get(alias.get(column), ""),
        ]
        return "|".join(filter(None, [column, *known]))

    def is_own(self, names: list[str]) -> bool:
        """Whether the head is that of a table that this portal wrote, of whichever fields."""
        keys = OWN | set(self.by_name) | set(self.fields) | {"session", "verified_on", "unreviewed"}
        mine = [name for name in names if name in keys]
        return bool({"slug", "id"} & set(names)) and len(mine) >= len(names) - 3 and len(mine) * 2 > len(names)


def contradict(one: Traits, other: Traits) -> bool:
    for name in one.keys() & other.keys():
        mine, theirs = one[name], other[name]
        if not mine or not theirs:
            continue
        if isinstance(mine, frozenset):
            if not (mine <= theirs or theirs <= mine):
                return True
        elif not (str(mine).startswith(str(theirs)) or str(theirs).startswith(str(mine))):
            return True
    return False


def agree(one: Traits, other: Traits) -> int:
    """How much of what is known of both is the same."""
    return sum(bool(one[name]) and one[name] == other[name] for name in one.keys() & other.keys())


def keys_of(records: Any) -> frozenset:
    """Records as a trait."""
    return frozenset(identity(one) for one in records or ())
