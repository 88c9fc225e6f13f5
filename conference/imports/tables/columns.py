"""What a column of a table may hold: how its cells are read, and when they differ from what is on file.

An empty cell leaves alone what is on file; a text that means null takes it away; none says of a list that it is empty.
What else a cell says is understood, or the row is refused: ValueError tells why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from conference.imports.person_names import language_of
from conference.imports.tables.draft import Draft, Parts, identity
from conference.imports.tables.references import Known, Say, ror_of
from conference.imports.texts import as_html, cut
from conference.models import Country, Organisation
from content import languages
from content.fields import HTMLField, LanguageTagField, clean_html
from content.imports import cells
from content.imports.cells import shown
from content.imports.spelling import clean, plain, spelling

# Cells of a spreadsheet hold no more; our own tables cut there.
LONGEST_CELL = 32_767
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What may mean nothing: worth a hint where nobody has said so.
_PERHAPS_NULL = frozenset({"na", "null", "none", "nan", "nil", "n.a.", "unknown", "(null)", "<na>"})
_AND = re.compile(r"\s+(?:and|et|y|и|و)\s+|\s*&\s*|\s*[和与]\s*", re.IGNORECASE)


class Nothing(NamedTuple):
    none: bool


NULL, NONE = Nothing(False), Nothing(True)


@dataclass
class At:
    """Where a cell stands, and what its table tells of it.

    `language`: that of the row's texts; `fallback`: which of them are in another one, None where the table says
    nothing of that. `hint`: what the other cells of the column say, from `survey`.
    """

    known: Known
    own: bool
    say: Say
    language: str = ""
    fallback: Mapping[str, str] | None = None
    hint: Any = None


@dataclass(frozen=True)
class Column:
    """`name` is the key of the API. `words`: the column of a table that is called so, in any language, holds it."""

    name: str
    label: Any
    words: str = ""

    is_list = False
    # A text in six languages, which may have a column for each.
    is_text = False

    def survey(self, texts: Iterable[str]) -> Any:
        """What the cells of the column say of each other."""
        return None

    def is_null(self, text: str, hint: Any) -> bool:
        """Whether a text that means null elsewhere means it here."""
        return True

    def read(self, text: str, at: At) -> Any:
        """None leaves alone what is on file."""
        raise NotImplementedError

    def load(self, owners: list[int]) -> dict[int, Any]:
        """The links or parts of these records as they are on file."""
        return {}

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        raise NotImplementedError


def checked(column: models.Field, value: Any) -> Any:
    try:
        column.run_validators(value)
    except ValidationError as error:
        with translation.override("en"):
            raise ValueError(f"{shown(str(value))}: {' '.join(error.messages)}") from None
    return value


# ── texts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Said(NamedTuple):
    """A text with the language that its column names, if any."""

    language: str
    text: str | Nothing


@dataclass(frozen=True)
class Text(Column):
    model: type[models.Model] = None

    is_text = True

    @property
    def field(self) -> models.Field:
        return self.model._meta.get_field(self.name)

    def read(self, text: str, at: At) -> str:
        if not at.own and spelling(text) in _PERHAPS_NULL:
            at.say(
                f"null {self.name} {text}", f"{text!r} stands as {self.name}: if it means nothing, give it as --null"
            )
        most = self.field.max_length
        if most and not at.own:
            text = clean(text)[0]
        text = UNSTORABLE.sub("", text) if at.own else _CONTROLS.sub("", text)
        if most and len(text) > most:
            at.say(f"long {text}", f"the {self.name} has {len(text)} characters, {most} fit: the rest is cut off")
            return cut(text, most)
        return as_html(text) if isinstance(self.field, HTMLField) and not at.own else text

    def plan(self, value: list[Said], draft: Draft, at: At) -> None:
        texts: dict[str, str] = {}
        for said in value:
            if said.text is NULL:
                self._take_away(said.language, draft)
                continue
            language = said.language or self._language(said.text, draft, at, len(value) > 1)
            if language and not self._same(texts.setdefault(language, said.text), said.text):
                raise ValueError(f"two columns hold the {self.name} in {language}, and differ")
        for language, text in texts.items():
            name = languages.column(self.name, language)
            if not self._same(getattr(draft.record, name), text):
                draft.set(name, text, f"{self.name}.{language}")
                if fills_cell(text):
                    at.say(f"cut {text[:200]}", f"the {self.name} fills its cell, and may be cut off there")

    def _language(self, text: str, draft: Draft, at: At, has_others: bool) -> str:
        """Of a text whose column names none; empty where the text is on file already. `has_others`: other columns hold
        it in languages that they name.
        """
        if at.fallback is None and not draft.is_new:
            seen = (
                [languages.localised(draft.record, self.name, at.language).text]
                if at.language
                else [getattr(draft.record, languages.column(self.name, code)) for code in languages.CODES]
            )
            if not has_others and any(self._same(one, text) for one in seen):
                return ""
        return (at.fallback or {}).get(self.name) or at.language or language_of(text)

    def _take_away(self, language: str, draft: Draft) -> None:
        for code in [language] if language else languages.CODES:
            draft.set(languages.column(self.name, code), "" if not self.field.null else None, f"{self.name}.{code}")

    def _same(self, stored: str | None, text: str) -> bool:
        """Spaces and control characters, which tables can't keep, make no difference; nor does the end of what a cell
        could not hold.
        """
        if fills_cell(text) and (stored or "").startswith(text):
            return True
        if isinstance(self.field, HTMLField):
            text = clean_html(text)
        return _squeezed(stored or "") == _squeezed(text)


def fills_cell(text: str) -> bool:
    """Nearly so: spaces at its end are gone, and signs that were escaped are one again."""
    return len(text) >= LONGEST_CELL - 1000


def _squeezed(text: str) -> str:
    return " ".join(_CONTROLS.sub("", text).split())


@dataclass(frozen=True)
class Plain(Column):
    """A text without languages, such as an identifier."""

    model: type[models.Model] = None

    def read(self, text: str, at: At) -> str:
        text = _CONTROLS.sub("", clean(text)[0])
        field = self.model._meta.get_field(self.name)
        if len(text) > field.max_length:
            raise ValueError(f"the {self.name} has {len(text)} characters, {field.max_length} fit")
        return text if at.own else checked(field, self.normal(text))

    def normal(self, text: str) -> str:
        return text

    def plan(self, value: str | Nothing, draft: Draft, at: At) -> None:
        draft.set(self.name, "" if value is NULL else value)


@dataclass(frozen=True)
class Ror(Plain):
    def normal(self, text: str) -> str:
        if not (found := ror_of(text)):
            raise ValueError(f"{shown(text)} is no ROR identifier such as https://ror.org/034t30j35")
        return found


@dataclass(frozen=True)
class Address(Plain):
    def normal(self, text: str) -> str:
        return text if "://" in text else f"https://{text}"


@dataclass(frozen=True)
class OtherNames(Column):
    """Names by which imports recognise a record; those on file stay."""

    is_list = False

    def read(self, text: str, at: At) -> list[str]:
        return [cut(clean(item)[0], 300) for item in cells.items(text)]

    def plan(self, value: list[str] | Nothing, draft: Draft, at: At) -> None:
        known = draft.get(self.name)
        more = [] if value is NULL else [name for name in dict.fromkeys(value) if name not in known]
        draft.set(self.name, [] if value is NULL else [*known, *more])


@dataclass(frozen=True)
class Choice(Column):
    """By its value, or its name in the six languages; `synonyms` are further ones, a line each: value: word|word."""

    choices: type[models.TextChoices] = None
    synonyms: str = ""

    def read(self, text: str, at: At) -> str:
        found = _choices(self.choices, self.synonyms).get(plain(text))
        if found is None:
            raise ValueError(f"{shown(text)} is no {self.name}; there are {', '.join(self.choices.values)}")
        return found

    def plan(self, value: str | Nothing, draft: Draft, at: At) -> None:
        if value is NULL and not draft.record._meta.get_field(self.name).blank:
            raise ValueError(f"the {self.name} can't be nothing")
        draft.set(self.name, "" if value is NULL else value)


@cache
def _choices(choices: type[models.TextChoices], synonyms: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, synonyms.splitlines())):
        value, _, words = line.partition(":")
        found |= {plain(word): value for word in words.split("|")}
    for code in languages.CODES:
        with translation.override(code):
            found |= {plain(str(choice.label)): choice.value for choice in choices}
    return (
        found | {plain(choice.name): choice.value for choice in choices} | {plain(one): one for one in choices.values}
    )


# ── dates and numbers ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class PartialDate(Column):
    def survey(self, texts: Iterable[str]) -> cells.Order:
        return cells.order_in(texts)

    def read(self, text: str, at: At) -> str:
        return cells.read_date(text, at.hint or "", any_year=at.own)

    def plan(self, value: str | Nothing, draft: Draft, at: At) -> None:
        draft.set(self.name, None if value is NULL else value)


@dataclass(frozen=True)
class Day(PartialDate):
    def read(self, text: str, at: At) -> date:
        said = super().read(text, at)
        if len(said) != 10:
            raise ValueError(f"{shown(text)} is no day: write it as 2023-11-06")
        return date.fromisoformat(said)


@dataclass(frozen=True)
class Degrees(Column):
    limit: int = 90

    def read(self, text: str, at: At) -> Any:
        return cells.read_degrees(text, self.limit)

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        draft.set(self.name, None if value is NULL else value)


@dataclass(frozen=True)
class Place(Column):
    """Latitude and longitude in one cell."""

    def read(self, text: str, at: At) -> Any:
        return cells.read_place(text)

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        for name, degrees in zip(("latitude", "longitude"), (None, None) if value is NULL else value, strict=True):
            draft.set(name, degrees)


@dataclass(frozen=True)
class LanguageTags(Column):
    """Languages whose texts no person has read yet."""

    is_list = True

    def read(self, text: str, at: At) -> list[str]:
        return [checked(LanguageTagField(), tag) for tag in dict.fromkeys(cells.items(text))]

    def plan(self, value: list[str] | Nothing, draft: Draft, at: At) -> None:
        value = [] if isinstance(value, Nothing) else value
        if set(value) != set(draft.get("unreviewed_languages")):
            draft.set("unreviewed_languages", value, self.name)


# ── what is named ──────────────────────────────────────────────────────────────────────────────────────────────────


def country_codes(texts: Iterable[str]) -> bool:
    """Whether a column names countries by two letters, as most of its cells then do: there NA is Namibia."""
    said = [item for text in texts for item in cells.items(text) if item.upper() != "NA"]
    codes = sum(bool(re.fullmatch(r"[A-Z]{2}(?:\W.*)?", item)) for item in said)
    return not said or codes * 2 > len(said)


def is_namibia(text: str, by_codes: bool | None) -> bool:
    return text.strip() == "NA" and by_codes is not False


def read_country(text: str, at: At) -> Country:
    if text == "NA" and at.hint is False:
        raise ValueError("'NA' may be Namibia, or nothing: write Namibia, or give it as --null")
    return at.known.country(text, at.say)


def read_countries(text: str, at: At) -> list[Country]:
    found: list[Country] = []
    for item in cells.items(text):
        one = at.known.country_or_none(item)
        several = [] if one else _several_countries(item, at)
        found += several or [read_country(item, at)]
    return list(dict.fromkeys(found))


def _several_countries(item: str, at: At) -> list[Country]:
    """ "CN, KE" and "China and Kenya": only if each of them is one."""
    for pieces in (re.split(r"[,/+]", item), _AND.split(item), re.split(r"[,/+]|" + _AND.pattern, item)):
        countries = [at.known.country_or_none(piece.strip()) for piece in pieces if piece and piece.strip()]
        if len(countries) > 1 and all(countries):
            return countries
    return []


def read_organisations(text: str, at: At) -> list[Organisation]:
    return once(at.known.organisation(item, at.say) for item in cells.items(text))


def once(records: Iterable[Any]) -> list[Any]:
    """Each of them once, those that aren't stored yet too."""
    return list({identity(one): one for one in records}.values())


@dataclass(frozen=True)
class Reference(Column):
    """One other record. What is never made by a table, and isn't on file, is left out with a warning."""

    to: type[models.Model] = None

    def survey(self, texts: Iterable[str]) -> Any:
        return country_codes(texts) if self.to is Country else None

    def is_null(self, text: str, hint: Any) -> bool:
        return self.to is not Country or not is_namibia(text, hint)

    def read(self, text: str, at: At) -> Any:
        if self.to is Country:
            return read_country(text, at)
        if self.to is Organisation:
            return at.known.organisation(text, at.say)
        return found_or_left_out(self.name, at.known.of(self.to), text, at)

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        draft.set(self.name, None if value is NULL else value)


def found_or_left_out(name: str, among: Any, text: str, at: At) -> Any:
    if found := among.get(text):
        return found
    at.say(f"{name} {text}", f"{shown(text)} is not on file, or not once: it is left out of {name}")
    return None


@dataclass(frozen=True)
class References(Column):
    """Several other records, linked to the record by `relation`, a many-to-many field."""

    to: type[models.Model] = None
    relation: models.ManyToManyField = None
    # An empty list of these is always known to be empty.
    complete: bool = False

    is_list = True

    def survey(self, texts: Iterable[str]) -> Any:
        return country_codes(texts) if self.to is Country else None

    def is_null(self, text: str, hint: Any) -> bool:
        return self.to is not Country or not is_namibia(text, hint)

    def read(self, text: str, at: At) -> list[Any] | None:
        if self.to is Country:
            return read_countries(text, at)
        if self.to is Organisation:
            return read_organisations(text, at)
        found = [self.find(item, at) for item in cells.items(text)]
        return once(one for one in found if one) or None

    def find(self, item: str, at: At) -> Any:
        return found_or_left_out(self.name, at.known.of(self.to), item, at)

    @property
    def through(self) -> type[models.Model]:
        return self.relation.remote_field.through

    def load(self, owners: list[int]) -> dict[int, list[tuple[int, int]]]:
        owner, target = self.relation.m2m_column_name(), self.relation.m2m_reverse_name()
        found: dict[int, list[tuple[int, int]]] = {}
        rows = self.through._base_manager.filter(**{f"{owner}__in": owners}).values_list("pk", owner, target)
        for pk, one, other in rows:
            found.setdefault(one, []).append((pk, other))
        return found

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        wanted = [] if isinstance(value, Nothing) else value
        stored = draft.stored.get(self.name, ())
        on_file, named = {target for _, target in stored}, {one.pk for one in wanted if one.pk}
        change = Parts(
            add=[{"to": one} for one in wanted if one.pk is None or one.pk not in on_file],
            remove=[pk for pk, target in stored if target not in named and at.known.is_public(self.to, target)],
        )
        draft.links[self.name] = change
        draft.changed_list(self.name, change)
        if not self.complete:
            draft.say_none(self.name, value is NONE)


# ── parts with values of their own ─────────────────────────────────────────────────────────────────────────────────


class Rows(list):
    """Rows of parts. `covers`: of which of those on file the table tells; the others stay."""

    def __init__(self, rows: Iterable[dict[str, Any]], covers: Callable[[models.Model], bool] = lambda row: True):
        super().__init__(rows)
        self.covers = covers


@dataclass(frozen=True)
class Feeder(Column):
    """A column that is a part of another field, which `gather` of the collection puts together."""

    reads: Callable[[str, At], Any] = None
    surveys: Callable[[Iterable[str]], Any] = lambda texts: None

    def survey(self, texts: Iterable[str]) -> Any:
        return self.surveys(texts)

    def read(self, text: str, at: At) -> Any:
        return self.reads(text, at)

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        """Nothing of its own."""


@dataclass(frozen=True)
class PartsColumn(Column):
    """Rows of a model of their own, such as the shares of countries.

    `keys` tell one row of the record from another, `others` are its further values. `targets` are the relations to
    records without whose publication a row stays hidden: hidden rows stay as they are. `beside` are columns whose rows
    are looked at together with these.
    """

    model: type[models.Model] = None
    owner: str = ""
    keys: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    is_list = True

    def load(self, owners: list[int]) -> dict[int, list[models.Model]]:
        found: dict[int, list[models.Model]] = {}
        for row in self.model._base_manager.filter(**{f"{self.owner}__in": owners}).order_by("pk"):
            found.setdefault(getattr(row, f"{self.owner}_id"), []).append(row)
        return found

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        rows = Rows([] if isinstance(value, Nothing) else value, getattr(value, "covers", lambda row: True))
        stored = draft.stored.get(self.name, [])
        change = self.compare(rows, stored, at)
        draft.parts[self.model] = change
        draft.changed_list(self.name, change)
        draft.say_none(self.name, value is NONE)

    def compare(self, rows: Rows, stored: list[models.Model], at: At) -> Parts:
        left: dict[tuple, list[models.Model]] = {}
        for row in stored:
            left.setdefault(self.stored_key(row), []).append(row)
        change = Parts()
        for row in rows:
            same = left.get(self.row_key(row))
            if not same:
                change.add.append(row)
                continue
            known = same.pop(0)
            differing = {name: row[name] for name in self.others if getattr(known, name) != row[name]}
            if differing:
                change.change.append((known, differing))
        gone = [row for group in left.values() for row in group if self.is_visible(row, at) and rows.covers(row)]
        change.remove = [row.pk for row in gone]
        return change

    def row_key(self, row: dict[str, Any]) -> tuple:
        return tuple(identity(row[name]) for name in self.keys)

    def stored_key(self, row: models.Model) -> tuple:
        return tuple(self._stored(row, name) for name in self.keys)

    def _stored(self, row: models.Model, name: str) -> Any:
        column = self.model._meta.get_field(name)
        if not column.is_relation:
            return getattr(row, name)
        pk = getattr(row, column.attname)
        return None if pk is None else (column.related_model, pk)

    def is_visible(self, row: models.Model, at: At) -> bool:
        """Whether our own tables tell of the row."""
        for name in self.targets:
            column = self.model._meta.get_field(name)
            pk = getattr(row, column.attname)
            if pk is not None and not at.known.is_public(column.related_model, pk):
                return False
        return True
