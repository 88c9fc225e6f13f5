"""What was adopted or launched at a session: records of the cooperation point to it, and it shows them."""

import pytest

from conference.models import Edition, Session
from cooperation.models import Agreement, Facility, Programme, Project
from tests.world import World

pytestmark = pytest.mark.django_db

MODELS = {"agreements": Agreement, "facilities": Facility, "programmes": Programme, "projects": Project}
EDITION = "/en/conference/row-001/"
SESSION = f"{EDITION}sessions/row-001/"


@pytest.fixture
def world():
    return World(2)


def collections(client, path: str) -> dict[str, int]:
    return {group["name"]: group["count"] for group in client.get(path).context["results"]}


def test_a_session_shows_what_came_of_it_and_its_edition_all_of_it(client, world):
    assert collections(client, SESSION) == dict.fromkeys(MODELS, 1)
    assert collections(client, EDITION) == dict.fromkeys(MODELS, 2)
    body = client.get(SESSION).content.decode()
    assert "/en/cooperation/agreements/row-001/" in body
    assert "/en/cooperation/agreements/row-002/" not in body


@pytest.mark.parametrize("collection", MODELS)
def test_the_record_names_its_session_and_can_be_asked_for_by_it(client, world, collection):
    rows = client.get(f"/api/v1/{collection}/?session=row-002").json()["results"]
    assert [(row["slug"], row["session"]["slug"]) for row in rows] == [("row-002", "row-002")]
    assert client.get(f"/api/v1/{collection}/?edition=row-001").json()["count"] == 2
    assert client.get(f"/api/v1/{collection}/?edition=row-002").json()["count"] == 0
    page = client.get(client.get(f"/api/v1/{collection}/?slug=row-002").json()["results"][0]["url"]).content.decode()
    assert "/en/conference/row-001/sessions/row-002/" in page


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_only_what_is_published_came_of_it(client, world, state):
    for model in MODELS.values():
        model.objects.filter(slug="row-001").update(state=state)
    assert collections(client, SESSION) == {}
    assert collections(client, EDITION) == dict.fromkeys(MODELS, 1)


@pytest.mark.parametrize("collection", MODELS)
def test_a_session_that_is_not_public_is_named_nowhere(client, world, collection):
    Session.objects.filter(slug="row-001").update(state="draft")
    row = client.get(f"/api/v1/{collection}/?slug=row-001").json()["results"][0]
    assert row["session"] is None
    assert "sessions/row-001/" not in client.get(row["url"]).content.decode()
    assert client.get(f"/api/v1/{collection}/?session=row-001").status_code == 400
    # That it was adopted there would tell that there is such a session.
    assert client.get(f"/api/v1/{collection}/?edition=row-001").json()["count"] == 1


def test_two_sessions_of_one_slug_in_two_editions_are_two(client, world):
    other = world.record(Session, 1, "title", edition=Edition.objects.get(slug="row-002"))
    Agreement.objects.filter(slug="row-002").update(session=other)
    assert collections(client, SESSION)["agreements"] == 1
    answer = client.get("/en/conference/row-002/sessions/row-001/").context["results"]
    assert [(group["name"], [row["text"] for row in group["rows"]]) for group in answer] == [
        ("agreements", ["row 002 en"])
    ]
