"""ETag and Last-Modified of everything public: what has not changed is not sent twice, and what has always is."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from django.db import connection
from django.utils import timezone

from content.models import Article
from tests.world import World, six

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESSES = (
    "/en/",
    "/ar/cooperation/projects/?q=row",
    "/en/cooperation/projects/row-001/",
    "/en/data/",
    "/api/v1/",
    "/api/v1/docs/",
    "/api/v1/schema/",
    "/api/v1/revision/",
    "/api/v1/projects/?facets=strand",
    "/api/v1/projects.csv",
    "/api/v1/projects.xlsx",
    "/api/v1/projects.ndjson",
    "/api/v1/projects.json",
    "/api/v1/projects.geojson",
    "/api/v1/projects.iati.xml",
    "/api/v1/sessions.ics",
    "/en/news/atom.xml",
    "/en/news/rss.xml",
    "/data/catalogue.ttl",
    "/sitemap.xml",
    "/robots.txt",
)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def http_date(instant) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


@pytest.fixture
def world(settings):
    settings.RELEASED_AT = datetime(2024, 1, 1, tzinfo=UTC)
    world = World(1)
    time.sleep(1.1)  # HTTP counts in seconds.
    return world


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_unchanged_is_not_sent_twice(client, world, address):
    first = client.get(address)
    assert first.status_code == 200, address
    body(first)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": f'"other", W/{first["ETag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        again = client.get(address, headers=headers)
        assert (again.status_code, body(again)) == (304, b""), headers
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == first["Cache-Control"]
        assert set(again["Vary"].split(", ")) >= {"Accept-Encoding"}
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": first["Last-Modified"]},
        {"If-Modified-Since": http_date(parsedate_to_datetime(first["Last-Modified"]) - timedelta(seconds=1))},
        {"If-Modified-Since": "yesterday"},
    ):
        sent = client.get(address, headers=headers)
        assert sent.status_code == 200, headers
        body(sent)


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_says_what_get_says(client, world, address):
    get, head = client.get(address), client.head(address)
    body(get)
    assert (head.status_code, body(head)) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Cache-Control"):
        assert head[name] == get[name]
    assert client.head(address, headers={"If-None-Match": get["ETag"]}).status_code == 304


def test_an_etag_belongs_to_its_address(client, world):
    """What was answered at one address is nothing that another has sent before, least of all one that is not there."""
    etag = client.get("/api/v1/projects/")["ETag"]
    for address, status in (
        ("/api/v1/projects/?lang=fr", 200),
        ("/api/v1/projects/?contry=CN", 400),
        ("/api/v1/projects/00000000-0000-4000-8000-000000000000/", 404),
        ("/en/nothing/", 404),
    ):
        assert client.get(address, headers={"If-None-Match": etag}).status_code == status
        now = http_date(timezone.now())
        assert client.get(address, headers={"If-Modified-Since": now}).status_code == (
            304 if status == 200 else status
        )


def test_what_failed_has_no_validators(client, world):
    for address in ("/en/nothing/", "/api/v1/projects/?contry=CN"):
        response = client.get(address)
        assert not response.has_header("ETag")
        assert not response.has_header("Last-Modified")


def test_two_changes_within_a_second_are_told_apart(client, world):
    Article.objects.create(slug="one", state="published", **six("One", "title"))
    first = client.get("/api/v1/articles/")
    Article.objects.create(slug="two", state="published", **six("Two", "title"))
    again = client.get("/api/v1/articles/", headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 200


def test_a_window_that_opens_is_never_later_than_last_modified(client, world):
    opens = timezone.now().replace(microsecond=0) + timedelta(seconds=3)
    Article.objects.create(slug="one", state="published", publish_at=opens, **six("One", "title"))
    before = client.get("/api/v1/articles/")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_sleep_until('{opens.isoformat()}'::timestamptz + interval '0.05 s')")
    after = client.get("/api/v1/articles/", headers={"If-Modified-Since": before["Last-Modified"]})
    assert after.status_code == 200
    assert after.json()["count"] == before.json()["count"] + 1
    assert parsedate_to_datetime(after["Last-Modified"]) >= opens


def test_what_is_hidden_moves_no_validator(client, world):
    before = client.get("/api/v1/articles/")
    draft = Article.objects.create(slug="draft", **six("Draft", "title"))
    Article.objects.create(slug="later", state="published", publish_at=timezone.now() + timedelta(days=1))
    Article.objects.filter(pk=draft.pk).update(title_en="Changed")
    after = client.get("/api/v1/articles/")
    assert (after["ETag"], after["Last-Modified"]) == (before["ETag"], before["Last-Modified"])


def test_a_new_release_of_the_code_is_a_change(client, world, settings):
    before = client.get("/en/")
    settings.RELEASED_AT = timezone.now()
    time.sleep(1.1)
    assert client.get("/en/", headers={"If-Modified-Since": before["Last-Modified"]}).status_code == 200
