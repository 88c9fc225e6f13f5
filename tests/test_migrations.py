"""What a version of the portal changes in the database can be taken back and done again, with rows in every table."""

from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection

from conference.models import RORCandidate
from content.models import ArchivedCopy, Claim
from cooperation.models import Transaction
from tests.world import World

pytestmark = pytest.mark.django_db
CONFERENCE_ALONE = (("cooperation", "0002"), ("conference", "0005"), ("content", "0005"))
PAGES = ("/en/cooperation/projects/row-001/", "/en/sources/row-001/", "/api/v1/claims/", "/api/v1/search/?q=row")


def migrate(*target: str) -> None:
    with connection.cursor() as cursor:
        # A table is not altered while a check of its rows is put off; between two commits none is.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("migrate", *target, verbosity=0)


def rows(question: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def test_the_registry_is_taken_back_and_done_again_with_rows_that_only_it_allows(client, settings, tmp_path):
    settings.ARCHIVE_ROOT = tmp_path
    world = World(2)
    Claim.objects.filter(slug="row-001").update(preferred=True, preferred_reason_zh_hans="先说的。")
    project = world.projects[0]
    day = date(2021, 1, 1)
    what = {"project": project, "type": "3", "date": day, "amount": 1, "currency": "USD", "value_date": day}
    Transaction.objects.create(**what, description_en="Long. " * 200)
    Transaction.objects.create(**what, description_fr="Versement")
    RORCandidate.objects.create(organisation=world.organisations[0], ror="https://ror.org/034t30j35", name="One")
    ArchivedCopy.objects.create(source=world.sources[0], file=ContentFile(b"words", "words.txt"))
    before = [client.get(page).status_code for page in PAGES]
    try:
        for target in CONFERENCE_ALONE:
            migrate(*target)
        kept = rows("SELECT left(description, 11) FROM cooperation_transaction WHERE description <> '' ORDER BY id")
        assert kept == [("Long. Long.",), ("Versement",)]
        assert rows("SELECT count(*) FROM content_claim WHERE preferred") == [(1,)]
        rows("UPDATE content_source SET title_en = 'Written meanwhile' WHERE slug = 'row-001' RETURNING id")
        migrate()
    finally:
        ContentType.objects.clear_cache()
    assert before == [client.get(page).status_code for page in PAGES] == [200] * len(PAGES)
    assert client.get("/api/v1/search/", {"q": "meanwhile"}).json()["count"] == 1
    assert Claim.objects.get(preferred=True).preferred_reason_zh_hans == "先说的。"
    assert {len(one.description_en or "") for one in Transaction.objects.filter(date=day)} == {500, 9}
