"""JSON-LD on the pages of editions, sessions and speakers: from the rows of the API, and no way out of its block."""

import json
import re
from datetime import timedelta

import pytest

from conference.models import Appearance, Participation, Person, Session, Slot
from tests.world import World

pytestmark = pytest.mark.django_db
EDITION = "/en/conference/row-001/"
SITE = "http://localhost:8000"


@pytest.fixture
def world():
    return World(3)


def data_of(client, path: str) -> dict:
    html = client.get(path).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return json.loads(block)


def test_a_session_is_an_event_with_place_languages_and_performers(client, world):
    data = data_of(client, f"{EDITION}sessions/row-001/")
    assert data["@context"] == "https://schema.org"
    assert (data["@type"], data["name"], data["url"]) == ("Event", "row 001 en", f"{SITE}{EDITION}sessions/row-001/")
    assert (data["startDate"], data["endDate"]) == ("2023-11-06T01:00:00Z", "2023-11-06T01:45:00Z")
    assert data["duration"] == "PT45M"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["inLanguage"] == ["zh-Hans", "fr"]
    assert (data["location"]["@type"], data["location"]["name"]) == ("Place", "row 001 en")
    assert data["location"]["containedInPlace"]["name"] == "row en"
    assert [person["name"] for person in data["performer"]] == ["row 001 en"]
    assert data["performer"][0]["url"] == f"{SITE}{EDITION}speakers/row-001/"
    assert data["performer"][0]["affiliation"]["name"] == "row en"
    assert data["superEvent"]["url"] == SITE + EDITION
    assert [part["name"] for part in data["subEvent"]] == ["row 002 en", "row 003 en"]
    assert data["organizer"][0]["url"] == f"{SITE}/en/organisations/row-001/"
    assert "previousStartDate" not in data


def test_a_session_that_moved_says_when_it_was_and_a_cancelled_one_that_it_is_off(client, world):
    slot = Slot.objects.get(session=world.sessions[0], version__number=None)
    before = slot.start
    slot.start, slot.end = slot.start + timedelta(hours=5), slot.end + timedelta(hours=5)
    slot.save()
    world.edition.publish_schedule()
    data = data_of(client, f"{EDITION}sessions/row-001/")
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == f"{before:%Y-%m-%dT%H:%M:%SZ}"
    slot.state = "cancelled"
    slot.save()
    world.edition.publish_schedule()
    assert data_of(client, f"{EDITION}sessions/row-001/")["eventStatus"] == "https://schema.org/EventCancelled"


def test_an_edition_is_an_event_and_a_speaker_a_person_at_this_edition(client, world):
    data = data_of(client, EDITION)
    assert (data["@type"], data["startDate"], data["endDate"]) == ("Event", "2023-11-06", "2023-11-07")
    assert data["location"]["address"]["addressCountry"] == "QAAA"
    assert data["organizer"][0]["name"] == "row 001 en"
    Appearance.objects.filter(person=world.people[0]).update(honorific_en="Professor")
    person = data_of(client, f"{EDITION}speakers/row-001/")
    assert (person["@type"], person["name"], person["honorificPrefix"]) == ("Person", "row 001 en", "Professor")
    assert [event["url"] for event in person["performerIn"]] == [f"{SITE}{EDITION}sessions/row-001/"]
    assert data_of(client, "/ar/conference/row-001/")["url"] == f"{SITE}/ar/conference/row-001/"
    assert data_of(client, "/ar/conference/row-001/")["name"] == "row 001 ar"


def test_no_text_can_end_the_block(client, world):
    trap = "</script><script>alert(1)</script> <!-- \u2028 & \u2029"
    Session.objects.filter(slug="row-001").update(title_en=trap)
    html = client.get(f"{EDITION}sessions/row-001/").content.decode()
    assert "<script>alert" not in html
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1]
    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block)["name"] == trap


def test_who_is_not_public_is_not_named(client, world):
    hidden = Person.objects.create(slug="hidden", name_en="HIDDEN person", state="draft")
    Appearance.objects.create(person=hidden, edition=world.edition)
    Participation.objects.create(session=world.sessions[0], person=hidden)
    Session.objects.filter(pk=world.sessions[1].pk).update(state="draft", title_en="HIDDEN talk")
    assert "HIDDEN" not in json.dumps(data_of(client, f"{EDITION}sessions/row-001/"))
    Person.objects.filter(pk=hidden.pk).update(state="published")
    assert "HIDDEN person" in json.dumps(data_of(client, f"{EDITION}sessions/row-001/"))


@pytest.mark.parametrize("path", ["", "programme/", "sessions/row-001/"])
def test_the_head_of_a_page_leads_to_its_calendar_and_its_rows(client, world, path):
    html = client.get(EDITION + path).content.decode()
    head = html[: html.index("</head>")]
    for media_type in ("text/calendar", "application/json", "application/atom+xml"):
        assert re.search(rf'<link rel="alternate" type="{re.escape(media_type)}[^"]*" href="/api/v1/', head), (
            media_type
        )
