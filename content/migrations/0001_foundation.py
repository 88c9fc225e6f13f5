"""What the tables stand on: extensions, the type of dates as precise as known, and the note of a pending revision."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

PARTIAL_DATE = r"""
CREATE DOMAIN partial_date AS varchar(10) COLLATE "C" CHECK (
    VALUE ~ '^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$'
    AND (length(VALUE) < 10 OR to_char(to_date(VALUE, 'YYYY-MM-DD'), 'YYYY-MM-DD') = VALUE)
);
"""

# Rows live from the first change of a transaction to its commit, so nothing is lost with the table after a crash.
PENDING_REVISION = """
CREATE UNLOGGED TABLE portal_pending_revision (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(PARTIAL_DATE, "DROP DOMAIN partial_date"),
        migrations.RunSQL(PENDING_REVISION, "DROP TABLE portal_pending_revision"),
    ]
