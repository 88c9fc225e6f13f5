"""JSON-LD: what a page is to schema.org, from what the public sees, and no way out of its block."""

import json
import re
from datetime import timedelta

import pytest

from brst_site.datasets import DATASETS
from conference.models import Appearance, Participation, Person, Session, Slot
from content.models import Claim, Site
from tests.world import World

pytestmark = pytest.mark.django_db
EDITION = "/en/conference/row-001/"
SITE = "http://localhost:8000"


@pytest.fixture
def world():
    return World(3)


def blocks_of(client, path: str) -> list[dict]:
    html = client.get(path).content.decode()
    return [
        json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    ]


def data_of(client, path: str) -> dict:
    """What the page is about; where it stands in the portal is a block of its own."""
    (data,) = (block for block in blocks_of(client, path) if block["@type"] != "BreadcrumbList")
    return data


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
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert len(blocks) == 2
    for block in blocks:
        assert not set("<>&\u2028\u2029") & set(block)
        assert trap in (json.loads(block).get("name"), json.loads(block).get("itemListElement", [{}])[-1].get("name"))


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


TYPES = {
    "": "WebSite",
    "data/": "DataCatalog",
    "figures/row-001/": "CreativeWork",
    "news/row-001/": "NewsArticle",
    "sources/row-001/": "CreativeWork",
    "documents/row-001/": "DigitalDocument",
    "countries/qaaa/": "Country",
    "organisations/row-001/": "Organization",
    "conference/row-001/": "Event",
    "conference/row-001/sessions/row-001/": "Event",
    "conference/row-001/speakers/row-001/": "Person",
    "cooperation/projects/row-001/": "ResearchProject",
    "cooperation/facilities/row-001/": "ResearchOrganization",
    "cooperation/agreements/row-001/": "CreativeWork",
    "cooperation/programmes/row-001/": "Project",
}


@pytest.mark.parametrize(("path", "kind"), TYPES.items())
def test_each_page_says_what_it_is_under_its_own_address_and_leaves_out_what_is_not_known(client, world, path, kind):
    data = data_of(client, f"/es/{path}")
    assert (data["@context"], data["@type"]) == ("https://schema.org", kind)
    assert data["url"] == data["@id"] == f"{SITE}/es/{path}"
    assert data["name"]
    assert not [value for value in everything_in(data) if value in (None, "", [], {})]


def everything_in(data):
    """Each value, however deep, that is not a list or an object of others."""
    yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from everything_in(value)


@pytest.mark.parametrize("path", [path for path in TYPES if path not in ("", "data/")])
def test_where_a_page_stands_is_said_from_the_top_down(client, world, path):
    (trail,) = (block for block in blocks_of(client, f"/en/{path}") if block["@type"] == "BreadcrumbList")
    steps = trail["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert all(step["item"].startswith(f"{SITE}/en/") for step in steps[:-1]) and "item" not in steps[-1]
    for step in steps[:-1]:
        assert client.get(step["item"].removeprefix(SITE)).status_code == 200


def test_the_portal_can_be_searched_from_outside(client, world):
    action = data_of(client, "/ar/")["potentialAction"]
    template = action["target"]["urlTemplate"]
    assert template == f"{SITE}/ar/search/?q={{search_term_string}}"
    assert client.get(template.removeprefix(SITE).format(search_term_string="row")).status_code == 200


def test_a_figure_is_what_its_sources_claim_and_only_public_ones(client, world):
    claims = data_of(client, "/en/figures/row-001/")["hasPart"]
    assert [(one["@type"], one["name"], one["text"]) for one in claims] == [("Claim", "1", "nine centres")]
    assert claims[0]["appearance"]["url"] == f"{SITE}/en/sources/row-001/"
    assert claims[0]["datePublished"] == "2023-10-30"
    Claim.objects.filter(slug="row-001").update(state="draft")
    assert "hasPart" not in data_of(client, "/en/figures/row-001/")


def test_each_file_of_the_data_is_named_and_answers(client, world):
    datasets = data_of(client, "/fr/data/")["dataset"]
    assert len(datasets) == len(DATASETS)
    for one in datasets:
        assert one["@type"] == "Dataset" and one["description"] and one["license"].startswith("https://")
        assert client.get(one["distribution"][0]["contentUrl"].removeprefix(SITE)).status_code == 200


def test_an_article_names_its_picture_its_day_and_who_publishes_it(client, world):
    Site.objects.create(name_en="Portal of tests")
    data = data_of(client, "/en/news/row-001/")
    assert data["headline"] == "row 001 en" and data["publisher"]["name"] == "Portal of tests"
    assert data["datePublished"] <= data["dateModified"]
    assert client.get(data["image"].removeprefix(SITE))["Content-Type"] == "image/png"
