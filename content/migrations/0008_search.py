"""The tables of the search index; their functions and triggers come after each migration (content/searching)."""

import django.contrib.postgres.search
from django.db import migrations, models

ENTRIES = """
CREATE TABLE content_searchentry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind varchar(60) NOT NULL,
    object_id bigint NOT NULL,
    vector tsvector NOT NULL,
    vector_en tsvector NOT NULL,
    vector_zh_hans tsvector NOT NULL,
    vector_fr tsvector NOT NULL,
    vector_es tsvector NOT NULL,
    vector_ru tsvector NOT NULL,
    vector_ar tsvector NOT NULL,
    CONSTRAINT searchentry_record UNIQUE (kind, object_id)
);
CREATE INDEX searchentry_vector ON content_searchentry USING gin (vector);
"""

# Not unique: a unique word would make one import wait for another that writes the same word.
WORDS = """
CREATE TABLE content_searchword (word text COLLATE "C" NOT NULL);
CREATE INDEX searchword_word ON content_searchword (word);
CREATE INDEX searchword_trigrams ON content_searchword USING gin (word gin_trgm_ops);
"""

NO_FUNCTIONS = """
DO $body$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname LIKE 'portal\\_search\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || found.name || ' CASCADE';
    END LOOP;
END $body$;
"""


def vectors():
    names = ("vector", "vector_en", "vector_zh_hans", "vector_fr", "vector_es", "vector_ru", "vector_ar")
    return [(name, django.contrib.postgres.search.SearchVectorField()) for name in names]


class Migration(migrations.Migration):
    dependencies = [("content", "0007_api")]
    operations = [
        migrations.RunSQL(ENTRIES, "DROP TABLE content_searchentry"),
        migrations.RunSQL(WORDS, "DROP TABLE content_searchword"),
        migrations.RunSQL(migrations.RunSQL.noop, NO_FUNCTIONS),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
                *vectors(),
            ],
            options={"db_table": "content_searchentry", "managed": False},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[("word", models.TextField(primary_key=True, serialize=False))],
            options={"db_table": "content_searchword", "managed": False},
        ),
    ]
