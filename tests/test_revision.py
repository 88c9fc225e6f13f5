"""The site's revision: bumped once a transaction by whatever the public can see, and by nothing else."""

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from content.models import Article, Site, Source
from content.revision import current
from tests.world import World, six

pytestmark = pytest.mark.django_db(transaction=True)


def number() -> int:
    return current().number


def article(slug="one", **values) -> Article:
    return Article.objects.create(slug=slug, **{"state": "published", **six("One", "title"), **values})


@pytest.fixture(autouse=True)
def revision_row():
    """A flush between tests empties every table; the number begins again with the first change."""
    Site.objects.create(name_en="Portal")


def bumped(change) -> int:
    before = number()
    change()
    return number() - before


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_one_transaction_is_one_revision():
    def change():
        with transaction.atomic():
            for name in ("one", "two", "three"):
                article(name)

    assert bumped(change) == 1


def test_bulk_updates_raw_sql_and_truncation_count():
    one = article()
    assert bumped(lambda: Article.objects.update(title_en="Two")) == 1
    assert bumped(lambda: execute("UPDATE content_article SET title_en = 'Three'")) == 1
    source = Source.objects.create(slug="s", title_en="S", kind="website", state="published")
    assert bumped(lambda: one.sources.add(source)) == 1
    assert bumped(one.delete) == 1
    assert bumped(lambda: execute("TRUNCATE content_article CASCADE")) == 1


def test_drafts_and_embargoed_records_change_nothing():
    draft = article(state="draft")
    assert bumped(lambda: Article.objects.filter(pk=draft.pk).update(title_en="Two")) == 0
    assert bumped(lambda: article("later", publish_at=timezone.now() + timedelta(hours=1))) == 0


def test_the_draft_of_a_schedule_changes_nothing_and_its_publication_does():
    world = World(1)
    draft = world.edition.draft_schedule()
    assert bumped(lambda: draft.slots.update(state="tentative")) == 0
    assert bumped(world.edition.publish_schedule) == 1


def test_what_is_rolled_back_changes_nothing():
    def change():
        with transaction.atomic():
            article()
            transaction.set_rollback(True)

    assert bumped(change) == 0


def test_a_change_after_a_savepoint_that_failed_still_counts():
    def change():
        with transaction.atomic():
            try:
                with transaction.atomic():
                    article("one")
                    raise ValueError
            except ValueError:
                article("two")

    assert bumped(change) == 1


def test_a_long_import_does_not_hold_up_another_editor():
    """The row is locked at commit alone: a second writer finishes while the first is still open."""
    article("one")
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            Article.objects.update(title_en="In a long import")
            with other.cursor() as cursor:
                cursor.execute("SET statement_timeout = '2s'")
                cursor.execute("UPDATE content_site SET name_en = 'Another editor'")
    finally:
        other.close()


def test_the_boundary_is_the_last_window_that_opened_or_closed():
    opened = timezone.now() - timedelta(minutes=5)
    article("one", publish_at=opened)
    article("two", publish_at=timezone.now() + timedelta(minutes=5))
    article("three", state="draft", publish_at=timezone.now() - timedelta(minutes=1))
    assert current().boundary == opened


def test_answers_carry_the_revision_and_are_not_sent_twice(client):
    article()
    first = client.get("/api/v1/articles/")
    assert first["Site-Revision"] == str(number())
    again = client.get("/api/v1/articles/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    article("two")
    changed = client.get("/api/v1/articles/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_kept_answer_ends_with_an_embargo(client):
    """The revision does not move when a window opens, and the ETag must all the same."""
    embargoed = article(publish_at=timezone.now() + timedelta(seconds=1.5))
    first = client.get("/api/v1/articles/")
    assert first.json()["count"] == 0
    execute(f"SELECT pg_sleep_until('{embargoed.publish_at.isoformat()}'::timestamptz + interval '0.05 s')")
    after = client.get("/api/v1/articles/", headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    assert after.json()["count"] == 1
    assert after["Site-Revision"] == first["Site-Revision"]


def test_an_export_is_one_snapshot_from_its_first_row_to_its_last(client):
    """What is changed while a file is being sent is in the next one."""
    for index in range(3):
        article(f"a-{index}")
    response = client.get("/api/v1/articles.ndjson?fields=slug")
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE content_article SET state = 'draft'")
    finally:
        other.close()
    assert len(b"".join(response.streaming_content).splitlines()) == 3
    assert client.get("/api/v1/articles/").json()["count"] == 0
