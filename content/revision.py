"""One number for the state of everything public, bumped last in each transaction that changes something public.

Statement triggers on every public table note, once a transaction, that something public changed, and log which
records (models/changes.py); a deferred trigger bumps the number at commit. So bulk updates, imports and raw SQL count,
drafts do not, and a long import holds up nobody: the row is locked at commit alone. The number goes with the
*boundary*: the last instant at which a publication window opened or closed by itself, so that a kept page ends there
too.
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
    now: datetime

    @property
    def turned(self) -> datetime:
        """The last instant at which what the public sees may have changed by itself.

        Beside the boundary that is midnight: what follows from days on file, such as whether an agreement is in force,
        changes there.
        """
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return max(self.boundary or midnight, midnight)


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
        if model._meta.managed and getattr(model, "watched", True)
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


def _may_be_told(model, row: str) -> str:
    """SQL for "a change of this row may be told by its identifier", for good: it is told once the row is gone, too."""
    told_condition = getattr(model, "told_condition", "true")
    return f"{_is_public(model, row)} AND ({told_condition.format(row=row)})"


def _is_public_through(field, row: str) -> str:
    """SQL for "what this relation leads to can be seen"; empty where everything that it leads to can."""
    parent = f"{row}_{field.name}"
    seen = _is_public(field.related_model, parent)
    if seen == "true":
        return ""
    table = field.related_model._meta.db_table
    found = f'EXISTS (SELECT 1 FROM "{table}" AS "{parent}" WHERE "{parent}".id = {row}."{field.column}" AND {seen})'
    return f'({row}."{field.column}" IS NULL OR {found})' if field.null else found


def owner_fields(model) -> list[models.ForeignKey]:
    """The relations to the records that a row is a part of, so that a change of it is a change of them."""
    if model._meta.auto_created:
        return [field for field in parent_fields(model) if field.related_model is model._meta.auto_created][:1]
    owners = [field for field in parent_fields(model) if field.remote_field.on_delete is models.CASCADE]
    part_of = [model._meta.get_field(name) for name in getattr(model, "part_of", ())]
    return [field for field in (*owners, *part_of) if is_followed(field.related_model)]


def is_followed(model) -> bool:
    """Whether changes of its records are told one by one: those that have a name for the outside."""
    return any(field.name == "uuid" for field in model._meta.fields)


def parent_fields(model) -> list[models.ForeignKey]:
    """The relations that a row is public through: the public sees it together with what each leads to, or not at all.

    A link says in `revision_parent` between which records it is; links of many-to-many relations are between both.
    """
    if model._meta.auto_created:
        return [field for field in model._meta.fields if field.is_relation]
    names = model.public_with if issubclass(model, Publication) else getattr(model, "revision_parent", ())
    return [model._meta.get_field(name) for name in ([names] if isinstance(names, str) else names)]


SHARED_FUNCTIONS = """
-- A transaction's changes are a set with a number of its own: the number of its revision is known at commit alone.
CREATE OR REPLACE FUNCTION portal_change_set() RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
    noted text[] := string_to_array(current_setting('portal.noted', true), ':');
    change_set bigint := noted[2];
BEGIN
    IF noted[1] IS DISTINCT FROM pg_current_xact_id()::text THEN
        change_set := nextval('portal_change_sets');
        PERFORM set_config('portal.noted', pg_current_xact_id()::text || ':' || change_set, true);
        INSERT INTO portal_pending_revision (change_set) VALUES (change_set);
    END IF;
    RETURN change_set;
END $body$;

CREATE OR REPLACE FUNCTION portal_bump_revision() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO content_siterevision (id, number, changed_at) VALUES (1, 1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET number = content_siterevision.number + 1, changed_at = clock_timestamp();
    -- The row of the number is locked until the commit, so that numbers and instants rise in the order of commits.
    INSERT INTO content_revisionentry (number, change_set, changed_at)
    SELECT number, NEW.change_set, changed_at FROM content_siterevision
    ON CONFLICT (number) DO UPDATE SET change_set = EXCLUDED.change_set, changed_at = EXCLUDED.changed_at;
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
    SELECT coalesce(max(held.number), 0), max(held.changed_at), greatest(
        (SELECT max(greatest(listed_at, withdrawn_at)) FROM content_release),
        {", ".join(instants)}
    )
    INTO number, changed_at, boundary FROM content_siterevision AS held;
END $body$;
"""


def _change_function(model) -> str:
    table = model._meta.db_table
    seen = _is_public(model, "changed")
    return f"""
CREATE OR REPLACE FUNCTION "public_change_{table}"() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    noted_set bigint;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        noted_set := portal_change_set();
        {_log_of(model, f'SELECT * FROM "{table}"', seen, "DELETE")}
        RETURN NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM new_rows AS changed WHERE {seen}) THEN
            noted_set := portal_change_set();
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' AND noted_set IS NULL THEN
        IF EXISTS (SELECT 1 FROM old_rows AS changed WHERE {seen}) THEN
            noted_set := portal_change_set();
        END IF;
    END IF;
    IF noted_set IS NULL THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        {_log_of(model, "SELECT * FROM new_rows", seen, "INSERT")}
    ELSIF TG_OP = 'DELETE' THEN
        {_log_of(model, "SELECT * FROM old_rows", seen, "DELETE")}
    ELSE
        {_log_of(model, _altered("old_rows", "new_rows"), seen, "UPDATE")}
        {_log_of(model, _altered("new_rows", "old_rows"), seen, "UPDATE")}
    END IF;
    RETURN NULL;
END $body$;
"""


def _altered(rows: str, others: str) -> str:
    """SQL for those of an update whose row is another than before."""
    same = f"SELECT 1 FROM {others} AS other WHERE other.id = altered.id AND other.* IS NOT DISTINCT FROM altered.*"
    return f"SELECT altered.* FROM {rows} AS altered WHERE NOT EXISTS ({same})"


GATE_COLUMNS = ("state", "publish_at", "expire_at")


def _log_of(model, rows: str, seen: str, event: str) -> str:
    """SQL that logs a change of each of these rows that could be seen, and of the records that it is a part of.

    A record is told for what has been public of it: a public claim does not give away a figure that is a draft.
    """
    statements, table = [], model._meta.db_table
    if is_followed(model):
        gate = _gate_moved(model) if event == "UPDATE" else "true"
        condition = _may_be_told(model, "changed")
        if event == "DELETE" and issubclass(model, Publication):
            # What came and went in one transaction was seen by nobody.
            condition = f"{condition} AND changed.first_public_at < now()"
            statements.append(_forget(table, f"({rows}) AS changed"))
        statements.append(_log(model, "changed.id, changed.uuid", gate, "", f"({rows}) AS changed", condition))
    for field in owner_fields(model):
        owner = field.related_model
        source = f'({rows}) AS changed JOIN "{owner._meta.db_table}" AS owner ON owner.id = changed."{field.column}"'
        gate = "true" if getattr(model, "is_gate", False) else "false"
        condition = f"{seen} AND {_may_be_told(owner, 'owner')}"
        statements.append(_log(owner, "owner.id, owner.uuid", gate, table, source, condition))
    return "\n".join(statements)


def _forget(table: str, rows: str) -> str:
    return f"""
        DELETE FROM content_change AS kept USING {rows}
        WHERE kept."table" = '{table}' AND kept.record = changed.id AND changed.first_public_at >= now();"""


def _gate_moved(model) -> str:
    """SQL for whether an update changed when a row is public."""
    columns = [field.column for field in model._meta.fields if field.name in (*GATE_COLUMNS, "number", "listed")]
    columns += [field.column for field in parent_fields(model)]
    if not columns:
        return "false"
    same = [f'other."{column}" IS NOT DISTINCT FROM changed."{column}"' for column in columns]
    both = ("old_rows", "new_rows")
    found = (
        f"EXISTS (SELECT 1 FROM {rows} AS other WHERE other.id = changed.id AND {' AND '.join(same)})" for rows in both
    )
    return f"NOT ({' AND '.join(found)})"


def _log(owner, columns: str, gate: str, via: str, rows: str, condition: str) -> str:
    return f"""
        INSERT INTO content_change AS kept (change_set, "table", record, uuid, gate, via)
        SELECT DISTINCT noted_set, '{owner._meta.db_table}', {columns}, {gate}, '{via}' FROM {rows} WHERE {condition}
        ON CONFLICT ("table", record, via, change_set) DO UPDATE SET gate = kept.gate OR EXCLUDED.gate;"""


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
        f'CREATE TRIGGER public_truncate BEFORE TRUNCATE ON "{table}"'
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
        if "content_change" not in tables:
            return  # Or to before its changes were kept; what stands in the database still works.
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'public_truncate' AND tgtype & 2 = 0"
        )
        # Since a trigger that runs afterwards finds no rows to log.
        truncated_late = {table.strip('"') for (table,) in cursor.fetchall()}
        cursor.execute(SHARED_FUNCTIONS)
        cursor.execute(_current_function())
        for model in public_models():
            table = model._meta.db_table
            if table not in tables:
                continue
            if table in truncated_late:
                cursor.execute(f'DROP TRIGGER public_truncate ON "{table}"')
                present.discard((table, "public_truncate"))
            cursor.execute(_change_function(model))
            for name, statement in _triggers(model).items():
                if (table, name) not in present:
                    cursor.execute(statement)
