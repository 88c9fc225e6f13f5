"""A few projects made into many: every row of a project and of its parts copied in the database itself."""

from contextlib import contextmanager

from django.db import connection

PROJECT = "cooperation_project"
# What no two projects share.
OWN = {
    "uuid": "gen_random_uuid()",
    "slug": "old.slug || '-' || copy",
    "iati_identifier": "CASE WHEN old.iati_identifier = '' THEN '' ELSE old.iati_identifier || '-' || copy END",
}


def projects_to(count: int) -> None:
    """Until there are as many, or a few more."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {PROJECT} WHERE slug !~ '-copy-'")
        copies = max(count // cursor.fetchone()[0], 1)
        with untriggered(cursor, [PROJECT, *parts_of(cursor)]):
            copy(cursor, copies)
        cursor.execute("ANALYZE")


@contextmanager
def untriggered(cursor, tables: list[str]):
    """Without what triggers write, such as the index of the search: files don't need it, and it takes far longer."""
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def copy(cursor, copies: int) -> None:
    columns = columns_of(cursor, PROJECT)
    values = [OWN.get(column, f'old."{column}"') for column in columns]
    cursor.execute(
        f"""INSERT INTO {PROJECT} ({quoted(columns)}) SELECT {", ".join(values)}
        FROM {PROJECT} AS old, (SELECT 'copy-' || n AS copy FROM generate_series(1, %s) AS n) AS copies""",
        [copies - 1],
    )
    for table in parts_of(cursor):
        columns = [column for column in columns_of(cursor, table) if column not in ("project_id", "uuid")]
        cursor.execute(
            f"""INSERT INTO {table} (project_id, {quoted(columns)})
            SELECT new.id, {", ".join(f'part."{column}"' for column in columns)}
            FROM {table} AS part JOIN {PROJECT} AS old ON old.id = part.project_id
            JOIN {PROJECT} AS new ON split_part(new.slug, '-copy-', 1) = old.slug AND new.id <> old.id"""
        )


def columns_of(cursor, table: str) -> list[str]:
    described = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in described if column.name != "id"]


def parts_of(cursor) -> list[str]:
    tables = connection.introspection.table_names(cursor)
    return [
        table
        for table in sorted(tables)
        if table.startswith("cooperation_project") and "project_id" in columns_of(cursor, table)
    ]


def quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brst_site.settings")
    django.setup()
    projects_to(int(sys.argv[1]))
