"""The index in the database: what is searched of which model, and the triggers that write it with the record.

An entry is made of its record's own columns alone, so the row's own lock is all that two writers need, and nothing
else can make it stale. What is found by a related name, such as a session by its speakers, is looked up through the
entries of those, as far as they are public, when somebody asks.
"""

import hashlib
from typing import NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models, transaction
from django.utils import translation
from modeltranslation.translator import NotRegistered, translator

from content import languages
from content.models.searching import VECTORS
from content.searching.functions import FUNCTIONS

# The function whose comment says for which definition everything was made.
MARKED = "portal_search_clean(text)"
TRIGGERS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
    "truncate": "",
}


class Searched(NamedTuple):
    """What is searched of a model, by weight. `body` may have HTML. `codes` are found whole and by their parts.

    Of `choices` the words of the interface are searched, in six languages, with the weight of a summary. `through`
    leads to records by whose words this one is found as well, as far as they are public.
    """

    title: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    through: tuple[str, ...] = ()


# By the model's label; filled by whoever knows all models (brst_site/searched.py).
SEARCHED: dict[str, Searched] = {}


def kind_of(model: type[models.Model]) -> str:
    return model._meta.label_lower


def texts_of(model: type[models.Model], names: tuple[str, ...], language: str) -> list[str]:
    """The columns that hold these fields in a language; a text without languages counts as English."""
    try:
        translated = translator.get_options_for_model(model).all_fields
    except NotRegistered:
        translated = {}
    columns = []
    for name in names:
        if name in translated:
            columns.append(languages.column(name, language))
        elif language == "en":
            columns.append(model._meta.get_field(name).column)
    return columns


def label_of_choice(model: type[models.Model], name: str, value: str, language: str) -> str:
    """Empty for “other”, which nobody looks for."""
    if value == "other":
        return ""
    with translation.override(language):
        return str(dict(model._meta.get_field(name).flatchoices).get(value, ""))


def install(using: str) -> None:
    """Make functions, triggers and entries where they are missing or were made for another definition."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
        if "content_searchentry" not in tables:
            return
        searched = [apps.get_model(label) for label in SEARCHED]
        searched = [model for model in searched if model._meta.db_table in tables]
        statements = [FUNCTIONS, *(_change_function(model) for model in searched)]
        mark = hashlib.sha256("".join(statements).encode()).hexdigest()
        if _mark(cursor) == mark:
            return
        for statement in statements:
            cursor.execute(statement)
        for model in searched:
            for statement in _triggers(model):
                cursor.execute(statement)
        _fill(cursor, searched)
        cursor.execute(f"COMMENT ON FUNCTION {MARKED} IS '{mark}'")


def remove_triggers(using: str) -> None:
    """Before tables change: the next `install` makes triggers and entries anew."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        if not _mark(cursor):
            return
        cursor.execute(
            "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            r" WHERE n.nspname = current_schema() AND t.tgname LIKE 'search\_%'"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
        cursor.execute(f"COMMENT ON FUNCTION {MARKED} IS NULL")


def rebuild(using: str) -> int:
    """Every entry anew, and only words that are still in use; how many entries there are."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        _fill(cursor, [apps.get_model(label) for label in SEARCHED])
        cursor.execute("SELECT count(*) FROM content_searchentry")
        return cursor.fetchone()[0]


def _mark(cursor) -> str | None:
    cursor.execute("SELECT obj_description(to_regprocedure(%s), 'pg_proc')", [MARKED])
    return cursor.fetchone()[0]


def _fill(cursor, searched: list[type[models.Model]]) -> None:
    cursor.execute("DELETE FROM content_searchentry")
    cursor.execute("DELETE FROM content_searchword")
    for model in searched:
        cursor.execute(_written(model, f'(SELECT * FROM "{model._meta.db_table}" ORDER BY id)'))


def _triggers(model: type[models.Model]) -> list[str]:
    table = model._meta.db_table
    return [
        f'CREATE OR REPLACE TRIGGER search_{event} AFTER {event} ON "{table}" {rows}'
        f' FOR EACH STATEMENT EXECUTE FUNCTION "portal_search_change_{table}"()'
        for event, rows in TRIGGERS.items()
    ]


def _change_function(model: type[models.Model]) -> str:
    kind = kind_of(model)
    compared = ", ".join(f'%s."{column}"' for column in sorted(_columns(model)))
    before, after = compared.replace("%s", "was"), compared.replace("%s", "changed")
    changed = (
        "(SELECT changed.* FROM new_rows AS changed JOIN old_rows AS was ON was.id = changed.id"
        f" WHERE ({before}) IS DISTINCT FROM ({after}))"
    )
    return f"""
CREATE OR REPLACE FUNCTION "portal_search_change_{model._meta.db_table}"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {_written(model, "new_rows")};
    ELSIF TG_OP = 'UPDATE' THEN
        IF EXISTS {changed} THEN
            {_written(model, changed)};
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM content_searchentry AS entry USING old_rows
        WHERE entry.kind = '{kind}' AND entry.object_id = old_rows.id;
    ELSE
        DELETE FROM content_searchentry WHERE kind = '{kind}';
    END IF;
    RETURN NULL;
END $body$;
"""


def _columns(model: type[models.Model]) -> set[str]:
    """All that an entry is made of."""
    searched = SEARCHED[model._meta.label]
    texts = {
        column
        for code in languages.CODES
        for names in (searched.title, searched.summary, searched.body)
        for column in texts_of(model, names, code)
    }
    return texts | {
        model._meta.get_field(name).column for name in (*_slugs(model), *searched.codes, *searched.choices)
    }


def _slugs(model: type[models.Model]) -> list[str]:
    try:
        return [model._meta.get_field("slug").column]
    except FieldDoesNotExist:
        return []


def _labelled(model: type[models.Model], name: str, language: str) -> str:
    field = model._meta.get_field(name)
    labels = {value: label_of_choice(model, name, value, language) for value, _label in field.flatchoices}
    cases = " ".join(f"WHEN '{value}' THEN '{label.replace(chr(39), chr(39) * 2)}'" for value, label in labels.items())
    return f'CASE row."{field.column}" {cases} END'


def _written(model: type[models.Model], rows: str) -> str:
    """The statement that writes the entries of some rows, and words that no record had before."""
    kind, searched = kind_of(model), SEARCHED[model._meta.label]

    def joined(names: tuple[str, ...], code: str, choices: tuple[str, ...] = ()) -> str:
        texts = [f'row."{column}"' for column in texts_of(model, names, code)]
        texts += [_labelled(model, name, code) for name in choices]
        return f"concat_ws(' ', {', '.join(texts)})" if texts else "''"

    def listed(names) -> str:
        columns = ", ".join(f'row."{name}"::text' for name in names)
        return f"ARRAY[{columns}]::text[]"

    texts = "".join(
        f" CROSS JOIN LATERAL portal_search_language('{code}', {joined(searched.title, code)},"
        f" {joined(searched.summary, code, searched.choices)}, {joined(searched.body, code)}) AS {vector}"
        for code, vector in zip(languages.CODES, VECTORS, strict=True)
    )
    codes = f"portal_search_codes({listed(_slugs(model))}, {listed(searched.codes)})"
    texts += f" CROSS JOIN LATERAL (SELECT {codes} AS vector OFFSET 0) AS codes"
    everything = " || ".join(
        [f"array_to_tsvector(ARRAY['#{kind}'])", *(f"{one}.vector" for one in ("codes", *VECTORS))]
    )
    own = ", ".join(f"codes.vector || {one}.vector AS {one}" for one in VECTORS)
    kept = ", ".join(f"{name} = EXCLUDED.{name}" for name in ("vector", *VECTORS))
    return f"""WITH made AS MATERIALIZED (
            SELECT row.id, {everything} AS vector, {own},
                {" || ".join(f"{one}.words" for one in VECTORS)} AS words
            FROM {rows} AS row{texts}
        ), entries AS (
            INSERT INTO content_searchentry (kind, object_id, vector, {", ".join(VECTORS)})
            SELECT '{kind}', id, vector, {", ".join(VECTORS)} FROM made
            ON CONFLICT (kind, object_id) DO UPDATE SET {kept}
        )
        INSERT INTO content_searchword (word)
        SELECT DISTINCT found.word FROM made, unnest(made.words) AS found (word)
        WHERE char_length(found.word) BETWEEN 4 AND 40 AND found.word !~ '[0-9]'
            AND (SELECT known.word FROM content_searchword AS known WHERE known.word = found.word LIMIT 1) IS NULL"""
