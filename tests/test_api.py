"""The API as the contract describes it."""

import csv
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from brst_site import api_guide
from brst_site.datasets import DATASETS
from conference.models import Country, Organisation
from content.models import Article, Source
from cooperation.models import Facility, Project
from tests.world import World, six

pytestmark = pytest.mark.django_db
EVERY_OBJECT = {"id", "slug", "url", "api_url", "modified", "lang", "fallback", "sample", "verified_on", "sources"}
KEYS = {
    "editions": "name theme start_date end_date time_zone city country organisers registration_url",
    "sections": "edition name",
    "sessions": "edition section parent title subtitle abstract type track state start end duration_minutes time_zone"
    " room venue languages interpretation participations previous_start recording_url documents",
    "speakers": "name honorific affiliation country editions sessions",
    "delegations": "edition country organisation category level size head members",
    "countries": "code alpha3 m49 name official_name region subregion groups",
    "organisations": "name acronym kind country ror",
    "agreements": "title kind parties signed in_force ended documents",
    "facilities": "name kind strand host partners countries fields latitude longitude",
    "projects": "iati_identifier title description status strand countries sectors organisations planned_start"
    " actual_start planned_end actual_end budgets transactions",
    "programmes": "name kind strand countries",
    "figures": "name strand value qualifier unit as_of scope preferred_claim claims records_check",
    "claims": "figure source value qualifier quote quote_kind offset speaker said_on relation preferred",
    "sources": "title kind publisher author speaker speaker_role said_on published_on address language"
    " machine_translated",
    "articles": "title kind summary body published_at",
    "documents": "title kind edition session files",
    "versions": "edition number published_at note changes",
}


def get(client, path: str, **query):
    return client.get(f"/api/v1/{path}", query)


def test_the_root_names_every_collection(client):
    assert set(get(client, "").json()) == {*KEYS, "search"} == {*(listing.name for listing in DATASETS), "search"}


@pytest.mark.parametrize("name", KEYS)
def test_each_object_has_the_keys_of_the_contract(client, name):
    World(1)
    row = get(client, f"{name}/").json()["results"][0]
    assert (EVERY_OBJECT | set(KEYS[name].split())) - set(row) == set()
    detail = client.get(row["api_url"].removeprefix("http://localhost:8000"))
    assert detail.json() == row
    page = client.get(row["url"].removeprefix("http://localhost:8000").partition("#")[0])
    assert page.status_code == 200


def test_values_are_written_as_the_contract_says(client):
    World(1)
    project = get(client, "projects/").json()["results"][0]
    assert project["budgets"][0]["value"] == {"amount": "1.50", "currency": "CNY", "value_date": "2020-01-01"}
    assert project["actual_start"] == "2020-01"
    assert project["planned_end"] is None
    session = get(client, "sessions/").json()["results"][0]
    assert (session["start"], session["duration_minutes"]) == ("2023-11-06T01:00:00Z", 45)
    assert session["interpretation"] == [
        {"language": "fr", "mode": "simultaneous", "channel": None, "stream": None, "recording_url": None}
    ]
    country = get(client, "facilities/").json()["results"][0]["countries"][0]
    assert set(country) == {"id", "slug", "name", "api_url", "code"}


def test_none_and_not_recorded_are_two_things(client):
    Facility.objects.create(slug="unknown", kind="platform", state="published", **six("A", "name"))
    Facility.objects.create(
        slug="none", kind="platform", state="published", recorded_none=["partners"], **six("B", "name")
    )
    rows = {row["slug"]: row["partners"] for row in get(client, "facilities/").json()["results"]}
    assert rows == {"unknown": None, "none": []}
    text = b"".join(get(client, "facilities.csv").streaming_content).decode("utf-8-sig")
    assert {row["slug"]: row["partners"] for row in csv.DictReader(io.StringIO(text))} == {"unknown": "", "none": "[]"}


def test_a_text_in_another_language_is_marked(client):
    Article.objects.create(slug="one", state="published", title_en="Only English")
    article = get(client, "articles/", lang="ar").json()["results"][0]
    assert (article["title"], article["lang"], article["fallback"]) == ("Only English", "ar", {"title": "en"})


def test_all_languages_at_once(client):
    Article.objects.create(slug="one", state="published", title_en="One", title_ru="Один")
    article = get(client, "articles/", lang="all").json()["results"][0]
    assert article["title"] == {"en": "One", "zh-hans": None, "fr": None, "es": None, "ru": "Один", "ar": None}


def test_only_the_fields_asked_for(client):
    World(1)
    assert list(get(client, "sessions/", fields="title,slug").json()["results"][0]) == ["slug", "title"]
    refused = get(client, "sessions/", fields="titel")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "fields"


def walk(client, path: str, forwards: bool = True) -> list[str]:
    """Every slug, page by page, along `next` or `previous`."""
    slugs, key = [], "next" if forwards else "previous"
    while path:
        answer = client.get(path.removeprefix("http://localhost:8000")).json()
        found = [row["slug"] for row in answer["results"]]
        slugs = slugs + found if forwards else found + slugs
        path = answer[key]
    return slugs


def countries(*names: str) -> None:
    for index, name in enumerate(names):
        letters = f"{chr(65 + index // 26)}{chr(65 + index % 26)}"
        Country.objects.create(code=f"Q{letters}Z", alpha3=f"Q{letters}", state="published", name_en=name)


@pytest.mark.parametrize("order", ["title", "-title", "actual_start", "-actual_start", "planned_end", "-planned_end"])
def test_paging_shows_each_row_once_in_either_direction(client, order):
    """Also where many rows share a value, or have none."""
    for index in range(11):
        Project.objects.create(
            slug=f"p-{index}",
            state="published",
            title_en=f"Title {index // 3}",
            actual_start=f"202{index % 2}" if index % 3 else None,
        )
    everything = [row["slug"] for row in get(client, "projects/", order=order).json()["results"]]
    assert len(everything) == 11
    first = f"/api/v1/projects/?order={order}&page_size=2"
    assert walk(client, first) == everything
    address = first
    while following := client.get(address.removeprefix("http://localhost:8000")).json()["next"]:
        address = following
    assert walk(client, address, forwards=False) == everything


def test_what_is_not_recorded_comes_last_in_either_direction(client):
    Project.objects.create(slug="without", state="published", title_en="A")
    Project.objects.create(slug="with", state="published", title_en="B", actual_start="2020")
    for order in ("actual_start", "-actual_start"):
        assert [row["slug"] for row in get(client, "projects/", order=order).json()["results"]] == ["with", "without"]


def test_paging_is_stable_while_rows_are_added(client):
    countries("B", "D", "F", "H")
    first = get(client, "countries/", page_size=2).json()
    Country.objects.create(code="QZAA", alpha3="QZA", state="published", name_en="A")
    Country.objects.create(code="QZEE", alpha3="QZE", state="published", name_en="E")
    second = client.get(first["next"].removeprefix("http://localhost:8000")).json()
    assert [row["name"] for row in second["results"]] == ["E", "F"]
    assert second["count"] == 6


@pytest.mark.parametrize(
    "cursor", ["x", "null", "WzFd", "W10", "bnVsbA", "*" * 300, "WyJuZXh0Iiwib3JkZXIiLG51bGwsMV0"]
)
def test_a_cursor_that_is_not_ours_is_refused(client, cursor):
    refused = get(client, "countries/", cursor=cursor)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "cursor"


def test_a_cursor_belongs_to_its_order(client):
    countries("B", "D", "F")
    cursor = get(client, "countries/", page_size=1).json()["next"].rpartition("cursor=")[2].partition("&")[0]
    assert get(client, "countries/", order="code", cursor=cursor).status_code == 400


@pytest.mark.parametrize("size", ["0", "201", "-1", "1.5", "many", "99999999999999999999", "١"])
def test_a_page_has_1_to_200_rows(client, size):
    refused = get(client, "countries/", page_size=size)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "page_size"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing/", 404),
        ("articles/00000000-0000-4000-8000-000000000000/", 404),
        ("articles/not-a-uuid/", 404),
        ("articles/?lang=xx", 400),
        ("articles/?lang=all&kind=%00", 400),
        ("articles/?q=%00", 400),
        ("countries/?code=%00", 400),
        ("revision/?x=1", 400),
    ],
)
def test_errors_are_problem_details(client, path, status):
    response = get(client, path)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "errors"} == set(response.json())
    assert response.json()["status"] == status


def test_a_refusal_names_what_was_wrong_and_what_is_accepted(client):
    error = get(client, "facilities/", kind="labratory").json()["errors"][0]
    assert error["parameter"] == "kind"
    assert "labratory" in error["message"]
    assert "joint_laboratory" in error["accepted"]


def test_a_refusal_does_not_name_what_is_not_public(client):
    Source.objects.create(slug="secret", title_en="Secret", kind="website")
    refused = get(client, "claims/", source="secre")
    assert refused.status_code == 400
    assert "secret" not in refused.content.decode()


def test_writing_is_not_allowed(client):
    refused = client.post("/api/v1/articles/", {})
    assert refused.status_code == 405
    assert refused["Content-Type"] == "application/problem+json"


def test_anyone_may_read_from_any_origin(client):
    response = client.get("/api/v1/countries/", headers={"Origin": "https://example.org"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response


def test_every_answer_names_the_licence(client):
    assert "creativecommons.org/licenses/by/4.0" in get(client, "countries/")["Link"]


def test_who_asks_too_often_is_told_when_to_come_back(client, monkeypatch):
    from rest_framework.throttling import ScopedRateThrottle

    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"list": "2/min", "detail": "2/min", "export": "2/min"})
    assert [get(client, "countries/").status_code for _ in range(3)] == [200, 200, 429]
    refused = get(client, "countries/")
    assert refused["Content-Type"] == "application/problem+json"
    assert 0 < int(refused["Retry-After"]) <= 61
    assert get(client, "countries.csv").status_code == 200


def test_spreadsheets_do_not_run_what_people_wrote(client):
    Article.objects.create(slug="one", state="published", title_en='=HYPERLINK("http://x")')
    text = b"".join(get(client, "articles.csv").streaming_content).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["title"] == """'=HYPERLINK("http://x")"""
    book = zipfile.ZipFile(io.BytesIO(b"".join(get(client, "articles.xlsx").streaming_content)))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_an_xlsx_has_a_head_and_a_row_for_each_record(client):
    World(3)
    book = zipfile.ZipFile(io.BytesIO(b"".join(get(client, "projects.xlsx").streaming_content)))
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 4


def test_one_column_a_language_in_a_table_of_all(client):
    Article.objects.create(slug="one", state="published", title_en="One", title_ar="واحد")
    text = b"".join(get(client, "articles.csv", lang="all").streaming_content).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["title.en"], row["title.ar"], row["title.fr"]) == ("One", "واحد", "")


def test_a_transaction_names_those_of_its_parties_that_are_public(client):
    world = World(1)
    hidden = Organisation.objects.create(slug="hidden", name_en="Hidden", state="draft")
    world.projects[0].transactions.update(provider=world.organisations[0], receiver=hidden)
    organisation = world.organisations[0]
    (transaction,) = get(client, "projects/").json()["results"][0]["transactions"]
    assert transaction["provider"] == {
        "id": str(organisation.uuid),
        "slug": "row-001",
        "name": "row 001 en",
        "api_url": f"http://localhost:8000/api/v1/organisations/{organisation.uuid}/",
    }
    assert transaction["receiver"] is None
    for ending in ("json", "ndjson", "csv"):
        body = b"".join(client.get(f"/api/v1/projects.{ending}").streaming_content).decode()
        assert f"organisations/{organisation.uuid}/" in body, ending
        assert "Hidden" not in body, ending


def test_a_records_check_counts_what_is_on_file_now(client):
    World(3)
    figure = get(client, "figures/", slug="row-002").json()["results"][0]
    assert figure["records_check"] == {
        "state": "more_on_file",
        "count": 3,
        "url": "http://localhost:8000/api/v1/facilities/?kind=joint_laboratory",
        "page_url": "http://localhost:8000/en/cooperation/facilities/?kind=joint_laboratory",
        "statement": "2 claimed on 30 October 2023; 3 on file",
    }
    Facility.objects.filter(slug="row-001").update(state="draft")
    assert get(client, "figures/", slug="row-002").json()["results"][0]["records_check"]["state"] == "agrees"


@pytest.mark.parametrize(
    ("value", "qualifier", "count", "state"),
    [
        (9, "exact", 9, "agrees"),
        (9, "exact", 8, "fewer_on_file"),
        (9, "exact", 10, "more_on_file"),
        (50, "more_than", 51, "agrees"),
        (50, "more_than", 50, "fewer_on_file"),
        (80, "about", 72, "agrees"),
        (80, "about", 71, "fewer_on_file"),
        (80, "about", 89, "more_on_file"),
        (10, "up_to", 3, "agrees"),
        (10, "up_to", 11, "more_on_file"),
        (None, "several", 2, "agrees"),
        (None, "several", 1, "fewer_on_file"),
        (9, "exact", 0, "not_recorded"),
        (None, "several", 0, "not_recorded"),
    ],
)
def test_the_rule_of_the_records_check(value, qualifier, count, state):
    from content.records_check import check

    assert check(value, qualifier, count).state == state


def test_the_schema_describes_every_address(client):
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert schema["openapi"].startswith("3.1")
    for name in KEYS:
        assert {f"/api/v1/{name}/", f"/api/v1/{name}/{{uuid}}/", f"/api/v1/{name}.csv"} <= set(schema["paths"])
    assert get_resolver()


def test_the_values_of_a_filter_are_asked_for_once_however_many_addresses_have_it(client):
    api_guide._description.cache_clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/api/v1/docs/projects/?lang=en").status_code == 200
    assert len(captured) < len(client.get("/api/v1/schema/").json()["paths"])
