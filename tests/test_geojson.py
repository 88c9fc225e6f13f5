"""Countries, facilities and projects on a map: the same rows as their lists, with the places that they have."""

import json

import pytest

from conference.models import Country
from content.exports import geojson
from cooperation.models import Facility, Project, ProjectCountry


def written(rows, keys, **more) -> dict:
    return json.loads("".join(geojson.write(iter(rows), keys, **more)))


def test_no_rows_are_an_empty_collection():
    assert written([], ["id"]) == {"type": "FeatureCollection", "features": []}


def test_longitude_comes_first_and_a_place_that_nobody_recorded_is_null():
    rows = [
        {"id": "1", "name": "Ici", "latitude": 48.85, "longitude": 2.35},
        {"id": "2", "name": "哪里", "latitude": None, "longitude": None},
        {"id": "3", "name": "Null Island", "latitude": 0, "longitude": 0},
    ]
    features = written(rows, ["name"])["features"]
    assert features == [
        {
            "type": "Feature",
            "id": "1",
            "geometry": {"type": "Point", "coordinates": [2.35, 48.85]},
            "properties": {"name": "Ici"},
        },
        {"type": "Feature", "id": "2", "geometry": None, "properties": {"name": "哪里"}},
        {
            "type": "Feature",
            "id": "3",
            "geometry": {"type": "Point", "coordinates": [0, 0]},
            "properties": {"name": "Null Island"},
        },
    ]


def test_several_places_are_one_geometry():
    (feature,) = written([{"id": "1"}], [], places=lambda row: [(1.0, 2.0), (3.0, 4.0)])["features"]
    assert feature["geometry"] == {"type": "MultiPoint", "coordinates": [[1.0, 2.0], [3.0, 4.0]]}


def served(client, collection: str, **query) -> list[dict]:
    response = client.get(f"/api/v1/{collection}.geojson", query)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    return json.loads(b"".join(response.streaming_content))["features"]


def country(code: str, latitude=None, longitude=None, state="published") -> Country:
    return Country.objects.create(
        code=code, alpha3=code[:3], name_en=code, latitude=latitude, longitude=longitude, state=state
    )


@pytest.mark.django_db
def test_projects_stand_at_their_public_countries(client):
    one, two, unlocated = country("QAAA", 1, 10), country("QBBB", 2, 20), country("QCCC")
    draft = country("XAAA", 3, 30, "draft")
    for slug, countries in {"both": [one, two, draft], "nowhere": [unlocated], "none": []}.items():
        project = Project.objects.create(slug=slug, title_en=slug, state="published")
        for recipient in countries:
            ProjectCountry.objects.create(project=project, country=recipient)
    Project.objects.create(slug="hidden", title_en="hidden", state="draft")
    found = {one["properties"]["slug"]: one["geometry"] for one in served(client, "projects")}
    assert found == {
        "both": {"type": "MultiPoint", "coordinates": [[10.0, 1.0], [20.0, 2.0]]},
        "none": None,
        "nowhere": None,
    }
    (feature,) = served(client, "projects", country="QAAA", fields="title")
    assert feature["properties"] == {"title": "both"}
    assert feature["geometry"]["type"] == "MultiPoint"


@pytest.mark.django_db
def test_countries_and_facilities_have_places_of_their_own(client):
    country("QAAA", "1.5", 10)
    Facility.objects.create(
        slug="here", name_en="Here", kind="platform", latitude=-5, longitude="170.25", state="published"
    )
    Facility.objects.create(slug="where", name_en="Where", kind="platform", state="published")
    assert [one["geometry"]["coordinates"] for one in served(client, "countries", fields="code")] == [[10, 1.5]]
    facilities = served(client, "facilities", lang="all", fields="name")
    assert [one["geometry"] and one["geometry"]["coordinates"] for one in facilities] == [[170.25, -5], None]
    assert facilities[0]["properties"]["name"]["en"] == "Here"


@pytest.mark.django_db
def test_what_json_refuses_geojson_refuses_and_other_collections_have_none(client):
    assert client.get("/api/v1/projects.geojson", {"contry": "CN"}).status_code == 400
    assert client.get("/api/v1/projects.geojson", {"fields": "nothing"}).status_code == 400
    assert client.get("/api/v1/articles.geojson").status_code == 404


@pytest.mark.django_db
def test_pages_link_to_it_and_the_schema_describes_it(client):
    page = client.get("/en/cooperation/projects/", {"q": "x"})
    assert {"label": "GeoJSON", "url": "/api/v1/projects.geojson?q=x&lang=en", "type": "application/geo+json"} in (
        page.context["exports"]
    )
    schema = client.get("/api/v1/schema/", headers={"accept": "application/json"}).content.decode()
    assert "/api/v1/projects.geojson" in schema
    assert "application/geo+json" in schema
