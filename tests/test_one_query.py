"""Page, API and every export of a collection show the same rows, whatever is asked of it."""

import csv
import io
import json

import pytest
from django.db import transaction

from brst_site.datasets import DATASETS
from tests.world import World

pytestmark = pytest.mark.django_db

# The page of each collection, with what its address already holds. Sections and claims stand on others' pages.
EDITION = "/en/conference/row-001"
PAGES = {
    "editions": ("/en/conference/", {}),
    "sessions": (f"{EDITION}/programme/", {"edition": "row-001"}),
    "versions": (f"{EDITION}/versions/", {"edition": "row-001"}),
    "speakers": (f"{EDITION}/speakers/", {"edition": "row-001"}),
    "delegations": (f"{EDITION}/countries/", {"edition": "row-001"}),
    "countries": ("/en/countries/", {}),
    "organisations": ("/en/organisations/", {}),
    "agreements": ("/en/cooperation/agreements/", {}),
    "facilities": ("/en/cooperation/facilities/", {}),
    "projects": ("/en/cooperation/projects/", {}),
    "programmes": ("/en/cooperation/programmes/", {}),
    "figures": ("/en/figures/", {}),
    "sources": ("/en/sources/", {}),
    "articles": ("/en/news/", {}),
    "documents": (f"{EDITION}/documents/", {"edition": "row-001"}),
}
# A value that some rows have, for filters whose values are not counted as a facet.
VALUES = {"q": "002", "slug": "row-001", "day": "2023-11-06", "language": "fr", "sector": "43082"}
# Where a slug is something of its own: a country's code, a version's number.
SLUGS = {"countries": "qaaa", "versions": "1"}
YEARS = {
    "agreements": "2016",
    "claims": "2023",
    "editions": "2023",
    "facilities": "2019",
    "figures": "2023",
    "programmes": "2018",
    "projects": "2020",
    "sources": "2011",
}


def cases() -> list:
    return [(listing, name) for listing in DATASETS for name in (None, *listing.filterset.base_filters)]


def case_name(part) -> str:
    return getattr(part, "name", part) or "everything"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all cases of this module: they only read."""
    with django_db_blocker.unblock():
        transaction.set_autocommit(False)
        yield World(3)
        transaction.rollback()
        transaction.set_autocommit(True)


def a_value(client, listing, name: str) -> str:
    if name == "year":
        return YEARS[listing.name]
    if name == "slug" and listing.name in SLUGS:
        return SLUGS[listing.name]
    if name in VALUES:
        return VALUES[name]
    facets = client.get(f"/api/v1/{listing.name}/", {"facets": name}).json()["facets"][name]
    return next(option["value"] for option in facets if option["count"])


def slugs_of_csv(response) -> list[str]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [row["slug"] for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize(("listing", "name"), cases(), ids=case_name)
def test_page_api_and_exports_have_the_same_rows(client, world, listing, name):
    query = {name: a_value(client, listing, name)} if name else {}
    answer = client.get(f"/api/v1/{listing.name}/", query).json()
    slugs = [row["slug"] for row in answer["results"]]
    assert answer["count"] == len(slugs) > 0
    assert slugs_of_csv(client.get(f"/api/v1/{listing.name}.csv", query)) == slugs
    lines = b"".join(client.get(f"/api/v1/{listing.name}.ndjson", query).streaming_content).decode().splitlines()
    assert [json.loads(line) for line in lines] == answer["results"]
    whole = json.loads(b"".join(client.get(f"/api/v1/{listing.name}.json", query).streaming_content))
    assert whole == {"count": answer["count"], "results": answer["results"]}
    if listing.name in PAGES:
        path, fixed = PAGES[listing.name]
        if name not in fixed:
            same = client.get(f"/api/v1/{listing.name}/", query | fixed).json()
            page = client.get(path, query)
            assert page.status_code == 200
            assert page.context["count"] == same["count"]
            assert sorted(row.slug for row in page.context["rows"]) == sorted(row["slug"] for row in same["results"])


@pytest.mark.parametrize("listing", DATASETS, ids=lambda listing: listing.name)
def test_an_unknown_key_is_refused_on_every_face(client, world, listing):
    for ending in ("/", ".csv", ".ndjson", ".json", ".xlsx"):
        response = client.get(f"/api/v1/{listing.name}{ending}", {"contry": "CN"})
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert [error["parameter"] for error in response.json()["errors"]] == ["contry"]
    if listing.name in PAGES:
        page = client.get(PAGES[listing.name][0], {"contry": "CN"})
        assert page.status_code == 400
        assert "contry" in page.content.decode()


@pytest.mark.parametrize(("listing", "name"), [case for case in cases() if case[1] not in (None, "q")], ids=case_name)
def test_a_bad_value_is_refused_on_every_face(client, world, listing, name):
    for ending in ("/", ".csv"):
        response = client.get(f"/api/v1/{listing.name}{ending}", {name: "no such thing!"})
        assert response.status_code == 400, (ending, response)
        assert response.json()["errors"][0]["parameter"] == name
    if listing.name in PAGES and name not in PAGES[listing.name][1]:
        assert client.get(PAGES[listing.name][0], {name: "no such thing!"}).status_code == 400


@pytest.mark.parametrize("listing", DATASETS, ids=lambda listing: listing.name)
def test_an_empty_value_asks_for_nothing(client, world, listing):
    everything = client.get(f"/api/v1/{listing.name}/").json()["count"]
    assert client.get(f"/api/v1/{listing.name}/", {"q": ""}).json()["count"] == everything


@pytest.mark.parametrize("listing", DATASETS, ids=lambda listing: listing.name)
def test_facets_add_up_to_what_their_filter_shows(client, world, listing):
    names = ",".join(listing.filterset.facet_names())
    facets = client.get(f"/api/v1/{listing.name}/", {"facets": names}).json().get("facets", {})
    for name, options in facets.items():
        for option in options[:5]:
            shown = client.get(f"/api/v1/{listing.name}/", {name: option["value"]}).json()
            assert (name, option["value"], shown["count"]) == (name, option["value"], option["count"])
