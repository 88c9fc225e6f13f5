"""Finds the records that a file names, such as rooms and tracks, and makes those that are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.utils.text import slugify

from conference.imports.matching import pair
from conference.imports.on_file import names_of
from conference.imports.parsed import Key, folded
from conference.imports.records import Slugs
from content import languages
from content.models.base import neutral_slug

_ROUNDS = ({"guid"}, {"slug+name"}, {"name"}, {"slug"})
_LARGEST_POSITION = 32_767


class Name(NamedTuple):
    """What the file calls something, with the slug and the UUID that it gives it, if any."""

    text: str
    slug: str = ""
    guid: str = ""

    @property
    def own_slug(self) -> str:
        """The file's slug, or the name's where nothing is lost: that of "Hall 1", not that of "会场 1"."""
        given, made = neutral_slug(self.slug, ""), neutral_slug(self.text, "")
        whole = made == slugify(self.text.replace("_", "-"), allow_unicode=True)
        return given or (made if whole else "")


class Named:
    """The records of one kind. New ones are made, unsaved, by `make` from a slug and a name.

    A slug finds them too, so that one that staff have renamed isn't made again. Names on file stay as they are.
    """

    def __init__(self, on_file: Iterable, make: Callable[..., Any], fallback: str):
        self._on_file = list(on_file)
        self._make = make
        self._fallback = fallback
        self._slugs = Slugs(record.slug for record in self._on_file)
        self._found: dict[tuple[str, str], Any] = {}
        self._slug_of_text: dict[str, str] = {}
        self.renamed: dict[tuple[str, str], str] = {}

    def find(self, names: Iterable[Name]) -> None:
        """All of the file at once, since each record is taken by one name."""
        names = list(names)
        for name in names:
            if name.slug:
                self._slug_of_text.setdefault(folded(name.text), name.slug)
        wanted: dict[tuple[str, str], Name] = {}
        for name in names:
            wanted.setdefault(self.identity(name), name)
        keys = [_keys(name) for name in wanted.values()]
        pairs = pair(keys, [_record_keys(record) for record in self._on_file], _ROUNDS)
        for index, (identity, name) in enumerate(wanted.items()):
            record = self._on_file[pairs[index]] if index in pairs else self._new(name)
            self._found[identity] = record
            if folded(name.text) not in names_of(record, "name") and name.text != name.slug:
                self.renamed[identity] = languages.localised(record, "name", "en").text

    def get(self, name: Name) -> Any:
        return self._found.get(self.identity(name))

    def identity(self, name: Name) -> tuple[str, str]:
        """Where the file gives the slug of a name once, that is its slug everywhere."""
        text = folded(name.text)
        return text, neutral_slug(name.slug or self._slug_of_text.get(text, ""), "")

    def _new(self, name: Name):
        slug = neutral_slug(name.slug, "") or neutral_slug(name.text, self._fallback)
        own = {"uuid": name.guid} if name.guid else {}
        return self._make(slug=self._slugs.take(slug), name_en=name.text, **own)


def numbered(make: Callable[..., Any], on_file: Iterable) -> Callable[..., Any]:
    """New ones stand in the order of the file, after those on file."""
    position = max((record.position for record in on_file), default=-1)

    def make_next(**values):
        nonlocal position
        position = min(position + 1, _LARGEST_POSITION)
        return make(position=position, **values)

    return make_next


def _keys(name: Name) -> list[Key]:
    text, slug = folded(name.text), name.own_slug
    keys = [Key("guid", name.guid), Key("slug+name", f"{slug} {text}"), Key("name", text), Key("slug", slug)]
    return [key for key in keys if key.value]


def _record_keys(record) -> list[Key]:
    names = names_of(record, "name")
    return [
        Key("guid", str(record.uuid)),
        *(Key("slug+name", f"{record.slug} {name}") for name in names),
        *(Key("name", name) for name in names),
        Key("slug", record.slug),
    ]
