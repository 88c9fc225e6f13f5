"""Which column of a table holds which field of a collection: as somebody says, else as the words of its head say."""

from __future__ import annotations

import re
from collections.abc import Collection as Several
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from conference.imports.person_names import language_of
from conference.imports.tables.collection import Collection
from content import languages
from content.imports import columns as table_columns
from content.imports.columns import ColumnError, columns_of
from content.imports.spelling import plain
from content.imports.table import Table

_CODES = "|".join(sorted(languages.CODES, key=len, reverse=True))
_IN_LANGUAGE = re.compile(rf"(.*?)[ ._\-]*[(\[（]?\b({_CODES}|zh|cn)[)\]）]?", re.IGNORECASE)
_NAMES_OF_LANGUAGES = {
    plain(name): code
    for code, names in {
        "en": "english|anglais|ingles|английский|英文|英语|الإنجليزية",
        "zh-hans": "chinese|chinois|chino|китайский|中文|汉语|الصينية",
        "fr": "french|francais|frances|французский|法文|法语|الفرنسية",
        "es": "spanish|espagnol|espanol|испанский|西班牙文|الإسبانية",
        "ru": "russian|russe|ruso|русский|俄文|俄语|الروسية",
        "ar": "arabic|arabe|арабский|阿拉伯文|العربية",
    }.items()
    for name in names.split("|")
}
# A value for every row stands behind a second equals sign.
FIXED = "="


class Chosen(NamedTuple):
    """The columns of the table that a field is put together from, or the text that it is in every row."""

    columns: tuple[str, ...]
    fixed: str = ""


def is_head(collection: Collection, needed: Several[str] = ()):
    """For `read_table`."""
    wanted = [column for column in needed if not column.startswith(FIXED)]

    def known(names: Several[str]) -> int:
        return sum(bool(_fields_of(collection, name)) for name in names)

    return table_columns.is_head(wanted, known)


def resolve(collection: Collection, chosen: Mapping[str, str], table: Table) -> dict[str, Chosen]:
    """Field → columns: those that were chosen, and for a table without any choice but fixed values those that their
    heads name.

    Raises ColumnError where no column is left to tell one record from another.
    """
    found = {field: _chosen(column, table) for field, column in chosen.items()}
    if all(one.fixed for one in found.values()):
        found = {**{field: Chosen((column,)) for field, column in guess(collection, table).items()}, **found}
    if not any(
        field.partition(".")[0] in {collection.title, "id", "slug", *collection.identifiers} for field in found
    ):
        raise ColumnError(
            f"no column is known to hold the {collection.title}: say which with {collection.title}=COLUMN;"
            f" the columns are {names_of(table.columns)}"
        )
    return found


def names_of(columns: Several[str]) -> str:
    """As a message names them, which a file that is no table would fill."""
    names = [name if len(name) <= 60 else f"{name[:59]}…" for name in list(columns)[:40]]
    return ", ".join(names) + (" …" if len(columns) > len(names) else "")


def _chosen(column: str, table: Table) -> Chosen:
    if column.startswith(FIXED):
        return Chosen((), column[len(FIXED) :].strip())
    return Chosen(columns_of(column, table.columns))


def guess(collection: Collection, table: Table) -> dict[str, str]:
    """Field → column. A column is taken once, by the field whose words for it are the surest."""
    found: dict[str, str] = {}
    claims = [
        (sureness, place, field, column)
        for place, column in enumerate(table.columns)
        for field, sureness in _fields_of(collection, column).items()
        if field != "id" or _are_uuids(table, column)
    ]
    taken: set[str] = set()
    for _sureness, _place, field, column in sorted(claims, key=lambda claim: claim[:2]):
        if field not in found and column not in taken:
            found[field] = column
            taken.add(column)
    for field, column in _in_languages_of_heads(collection, table, taken):
        found.setdefault(field, column)
    return {field: found[field] for field in collection.fields if field in found}


def _in_languages_of_heads(collection: Collection, table: Table, taken: set[str]) -> Iterator[tuple[str, str]]:
    """Beside "Name", "名称" holds the name in Chinese."""
    for column in table.columns:
        language = language_of(column)
        if column not in taken and language != "en":
            fields = _by_words(collection, column)
            yield from ((f"{field}.{language}", column) for field in fields if _is_text(collection, field))


def _fields_of(collection: Collection, head: str) -> dict[str, int]:
    """The fields that may be meant, the surest with the lowest number."""
    if head in collection.fields:
        return {head: -1}
    found = _by_words(collection, head)
    text, language = _language_of_head(head)
    if language:
        texts = {
            field: sureness for field, sureness in _by_words(collection, text).items() if _is_text(collection, field)
        }
        found = {f"{field}.{language}": sureness for field, sureness in texts.items()} | found
    return found


def _is_text(collection: Collection, field: str) -> bool:
    return field in collection.by_name and collection.by_name[field].is_text


def _by_words(collection: Collection, head: str) -> dict[str, int]:
    wanted = {plain(head), plain(re.sub(r"\(.*?\)|\[.*?\]|（.*?）", "", head))} - {""}
    found = {}
    for field in ("id", "slug", "lang", *collection.by_name):
        words = [plain(word) for word in re.split(r"[|\n]", collection.words(field)) if word.strip()]
        place = next((place for place, word in enumerate(words) if word in wanted), None)
        if place is not None:
            found[field] = place
    return found


def _language_of_head(head: str) -> tuple[str, str]:
    """ "Title (fr)", "name.zh-hans", "中文名称", "Nom (français)" """
    if (match := _IN_LANGUAGE.fullmatch(head.strip())) and match[1].strip():
        code = match[2].lower()
        return match[1], "zh-hans" if code in {"zh", "cn"} else code
    words = plain(head).split()
    for name, code in _NAMES_OF_LANGUAGES.items():
        if name in words:
            return " ".join(word for word in words if word != name), code
        if not name.isascii() and plain(head).startswith(name) and plain(head) != name:
            return plain(head).removeprefix(name), code
    return "", ""


def _are_uuids(table: Table, column: str) -> bool:
    samples = table.samples(column, 5)
    return all(is_uuid(text) for text in samples)


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
