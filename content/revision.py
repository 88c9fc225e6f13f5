"""One number for the state of everything public, bumped last in each transaction that changes something public.

Statement triggers on every public table note, once a transaction, that something public changed; a deferred trigger
bumps the number at commit. So bulk updates, imports and raw SQL count, drafts do not, and a long import holds up
nobody: the row is locked at commit alone. The number goes with the *boundary*: the last instant at which a
publication window opened or closed by itself, so that a kept page ends there too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.db import connection, connections, models, transaction

from content.publication import Boundary, Publication

# The window of a draft opens nothing.
BOUNDARY_CONDITION = "state = 'published'"
PUBLIC_APPS = ("content", "conference", "cooperation")


class Revision(NamedTuple):
    """`changed_at`, `boundary` and `now` are aware instants in UTC; `now` is the start of the transaction."""

    number: int
    changed_at: datetime | None
    boundary: datetime | None
    now: datetime | None


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside belongs to one state of the database, however long it takes, and nothing is written.

    Inside a transaction that is already open (a test's), that transaction's own rules stand.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def current() -> Revision:
    """The revision as this transaction sees it, in one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, changed_at, boundary, now() FROM portal_current_revision()")
        return Revision(*cursor.fetchone())


def public_models() -> list[type[models.Model]]:
    """Every table that a public page can show, many-to-many tables included."""
    return [
        model
        for label in PUBLIC_APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and model._meta.label != "content.SiteRevision"
    ]


def _last_passed(model, boundary: Boundary) -> str:
    """SQL for the last of these instants that lies behind us, of what could be seen.

    It is the first of an order, since PostgreSQL finds max() beside a condition on other tables in no index.
    """
    column, condition = boundary.column, getattr(model, "boundary_condition", BOUNDARY_CONDITION)
    offset = f"interval '{boundary.before.total_seconds():.0f} s'"
    return (
        f'(SELECT passed."{column}" - {offset} FROM "{model._meta.db_table}" AS passed'
        f' WHERE passed."{column}" <= now() + {offset} AND passed.{condition} AND {_is_public(model, "passed")}'
        f' ORDER BY passed."{column}" DESC LIMIT 1)'
    )


def _is_public(model, row: str) -> str:
    """SQL for "this row is, or could already have been, seen by the public"."""
    conditions = []
    if issubclass(model, Publication):
        conditions.append(f"{row}.state IN ('published', 'archived') AND {row}.first_public_at <= now()")
    if condition := getattr(model, "revision_condition", ""):
        conditions.append(condition.format(row=row))
    conditions += filter(None, (_is_public_through(field, row) for field in parent_fields(model)))
    return f"({' AND '.join(conditions)})" if conditions else "true"


def _is_public_through(field, row: str) -> str:
    """SQL for "what this relation leads to can be seen"; empty where everything that it leads to can."""
    parent = f"{row}_{field.name}"
    seen = _is_public(field.related_model, parent)
    if seen == "true":
        return ""
    table = field.related_model._meta.db_table
    found = f'EXISTS (SELECT 1 FROM "{table}" AS "{parent}" WHERE "{parent}".id = {row}."{field.column}" AND {seen})'
    return f'({row}."{field.column}" IS NULL OR {found})' if field.null else found


def parent_fields(model) -> list[models.ForeignKey]:
    """The relations that a row is public through: the public sees it together with what each leads to, or not at all.

    A link says in `revision_parent` between which records it is; links of many-to-many relations are between both.
    """
    if model._meta.auto_created:
        return [field for field in model._meta.fields if field.is_relation]
    names = model.public_with if issubclass(model, Publication) else getattr(model, "revision_parent", ())
    return [model._meta.get_field(name) for name in ([names] if isinstance(names, str) else names)]


SHARED_FUNCTIONS = """
CREATE OR REPLACE FUNCTION portal_note_public_change() RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    IF current_setting('portal.noted', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM set_config('portal.noted', pg_current_xact_id()::text, true);
        INSERT INTO portal_pending_revision DEFAULT VALUES;
    END IF;
END $body$;

CREATE OR REPLACE FUNCTION portal_bump_revision() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO content_siterevision (id, number, changed_at) VALUES (1, 1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET number = content_siterevision.number + 1, changed_at = clock_timestamp();
    DELETE FROM portal_pending_revision WHERE id = NEW.id;
    RETURN NULL;
END $body$;

CREATE OR REPLACE FUNCTION portal_stamp_record() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    NEW.modified := clock_timestamp();
    RETURN NEW;
END $body$;

CREATE OR REPLACE FUNCTION portal_stamp_publication() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    -- Whoever saves a copy read earlier must not make the public's memory shorter.
    IF TG_OP = 'UPDATE' THEN
        NEW.first_public_at := OLD.first_public_at;
    END IF;
    -- Planned but never reached: it was not public yet, so it may be planned anew.
    IF NEW.first_public_at > now() THEN
        NEW.first_public_at := NULL;
    END IF;
    IF NEW.state = 'published' AND NEW.first_public_at IS NULL THEN
        NEW.first_public_at := greatest(now(), NEW.publish_at);
    END IF;
    RETURN NEW;
END $body$;
"""


def _current_function() -> str:
    """A function, since planning so many conditions anew takes longer than to answer: a connection keeps its plan."""
    instants = [
        _last_passed(model, boundary) for model in public_models() for boundary in getattr(model, "boundaries", ())
    ]
    # Aggregates, so that there is an answer before the first change too.
    return f"""
CREATE OR REPLACE FUNCTION portal_current_revision(
    OUT number bigint, OUT changed_at timestamptz, OUT boundary timestamptz
) LANGUAGE plpgsql STABLE AS $body$
BEGIN
    SELECT coalesce(max(held.number), 0), max(held.changed_at), greatest({", ".join(instants)})
    INTO number, changed_at, boundary FROM content_siterevision AS held;
END $body$;
"""


def _change_function(model) -> str:
    table = model._meta.db_table
    seen = _is_public(model, "changed")
    return f"""
CREATE OR REPLACE FUNCTION "public_change_{table}"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM portal_note_public_change();
        RETURN NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM new_rows AS changed WHERE {seen}) THEN
            PERFORM portal_note_public_change();
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM old_rows AS changed WHERE {seen}) THEN
            PERFORM portal_note_public_change();
        END IF;
    END IF;
    RETURN NULL;
END $body$;
"""


def _triggers(model) -> dict[str, str]:
    """Trigger name → the statement that makes it."""
    table = model._meta.db_table
    rows = {"insert": "NEW TABLE AS new_rows", "delete": "OLD TABLE AS old_rows"}
    rows["update"] = f"{rows['insert']} {rows['delete']}"
    statements = {
        f"public_{event}": f'CREATE TRIGGER public_{event} AFTER {event} ON "{table}" REFERENCING {tables}'
        f' FOR EACH STATEMENT EXECUTE FUNCTION "public_change_{table}"()'
        for event, tables in rows.items()
    }
    statements["public_truncate"] = (
        f'CREATE TRIGGER public_truncate AFTER TRUNCATE ON "{table}"'
        f' FOR EACH STATEMENT EXECUTE FUNCTION "public_change_{table}"()'
    )
    # PostgreSQL runs the triggers of a row in the order of their names.
    row_functions = {}
    if issubclass(model, Publication):
        row_functions["a_stamp_publication"] = "portal_stamp_publication"
    if any(field.name == "modified" for field in model._meta.fields):
        row_functions["b_stamp_record"] = "portal_stamp_record"
    for name, function in row_functions.items():
        statements[name] = (
            f'CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION {function}()'
        )
    return statements


def install_triggers(using: str) -> None:
    """Bring the functions and triggers of every public table up to date; repeating it locks and changes nothing."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal"
        )
        present = {(table.strip('"'), name) for table, name in cursor.fetchall()}
        tables = set(connections[using].introspection.table_names(cursor))
        if "portal_pending_revision" not in tables:
            return  # Migrated back to before the revision existed.
        cursor.execute(SHARED_FUNCTIONS)
        cursor.execute(_current_function())
        for model in public_models():
            table = model._meta.db_table
            if table not in tables:
                continue
            cursor.execute(_change_function(model))
            for name, statement in _triggers(model).items():
                if (table, name) not in present:
                    cursor.execute(statement)
