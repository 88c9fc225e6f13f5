"""What a reader is told, and where one is led, where an address brings no page."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from lxml import html

from conference.models import Edition, Session
from content import languages
from cooperation.models import Project
from tests.world import World

pytestmark = pytest.mark.django_db


def main_of(response):
    return html.fromstring(response.content.decode()).get_element_by_id("page_main")


def links_of(response) -> list[str]:
    return [link.get("href") for link in main_of(response).iter("a")]


def asked_at(client, path: str):
    """The search field in the middle of the page for an address that leads nowhere."""
    response = client.get(path)
    assert response.status_code == 404
    (field,) = main_of(response).xpath(".//input[@name='q']")
    return field


# Nothing there


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/cooperation/facilities/fungus-technolgy-centre/", "fungus technolgy centre"),
        ("/en/news/press_conference-2023/", "press conference 2023"),
        ("/zh-hans/news/北京/", "北京"),
        ("/en/wp-login.php", ""),
        ("/en/0b9f2c3a-77e1-4f6e-9a7b-3f0f6f2d8a11/", ""),
        ("/en/2023/", ""),
        (f"/en/{'long-' * 40}word/", ""),
        ("/en/'><script>/", ""),
    ],
)
def test_a_page_that_is_not_there_offers_a_search_for_the_words_of_its_address(client, path, words):
    field = asked_at(client, path)
    assert field.get("value") == words
    assert field.xpath("ancestor::form/@action") == [f"/{path.split('/')[1]}/search/"]


@pytest.mark.parametrize("language", languages.CODES)
def test_a_page_that_is_not_there_leads_to_what_most_readers_look_for(client, language):
    World(1)
    places = ("conference/row-001/programme/", "countries/", "cooperation/", "figures/", "data/")
    links = links_of(client.get(f"/{language}/nothing/"))
    assert links == [f"/{language}/{place}" for place in places]
    assert all(client.get(link).status_code == 200 for link in links)


def test_a_page_that_is_not_there_names_no_edition_that_nobody_may_see(client):
    World(1, "draft")
    assert links_of(client.get("/en/nothing/"))[0] == "/en/conference/"


def test_a_page_that_is_not_there_asks_as_much_of_many_editions_as_of_one(client, django_assert_num_queries):
    World(1)
    client.get("/en/nothing/")
    # The revision, the editions, the site and its menus.
    with django_assert_num_queries(4):
        client.get("/en/nothing/")
    Edition.objects.bulk_create(
        Edition(slug=f"more-{number}", name_en="More", state="published", time_zone="UTC", start_date=f"20{number}-05")
        for number in range(30, 35)
    )
    with django_assert_num_queries(4):
        client.get("/en/nothing/")


# Not understood


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("colour=green&status=2&country=qaaa", "?status=2&country=qaaa"),
        ("status=x&q=row", "?q=row"),
        ("colour=green", ""),
        ("countries=nowhere", ""),
    ],
)
def test_a_list_that_was_not_understood_is_offered_without_the_wrong_part_alone(client, query, left):
    World(1)
    refused = client.get(f"/en/cooperation/projects/?{query}")
    assert refused.status_code == 400
    offered = links_of(refused)[0]
    assert offered == f"/en/cooperation/projects/{left}"
    assert client.get(offered).status_code == 200


# Taken back


def test_a_page_that_was_taken_back_leads_to_the_list_that_it_was_in(client):
    World(1)
    Project.objects.update(state="archived", withdrawal_reason_en="Recorded twice.")
    gone = client.get("/en/cooperation/projects/row-001/")
    assert gone.status_code == 410
    assert "Recorded twice." in main_of(gone).text_content()
    assert links_of(gone)[0] == "/en/cooperation/projects/"


def test_a_session_that_was_taken_back_leads_to_the_programme_while_its_edition_is_public(client):
    World(1)
    Session.objects.update(state="archived", withdrawal_reason_en="Held elsewhere.")
    gone = client.get("/en/conference/row-001/sessions/row-001/")
    assert (gone.status_code, links_of(gone)[0]) == (410, "/en/conference/row-001/programme/")
    Edition.objects.update(state="archived", withdrawal_reason_en="Not held.")
    gone = client.get("/en/conference/row-001/sessions/row-001/")
    assert gone.status_code == 410
    assert not [link for link in links_of(gone) if "row-001" in link]


# Not allowed


def test_staff_without_the_right_are_led_back_to_the_administration(client):
    client.force_login(User.objects.create_user("helper", is_staff=True))
    refused = client.get("/admin/content/figure/add/")
    assert refused.status_code == 403
    assert links_of(refused) == ["/admin/", "/en/", "/en/search/"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_form_of_the_administration_that_is_too_old_says_what_to_do(language):
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": language})
    refused = client.post("/admin/login/", {"username": "helper", "password": "x"})
    assert refused.status_code == 403
    assert refused.content.decode().count(f'<html lang="{language}" dir="{languages.direction(language)}"') == 1
    assert links_of(refused) == ["/admin/", f"/{language}/", f"/{language}/search/"]


def test_staff_who_meet_nothing_are_led_to_the_search_of_the_portal(client):
    client.force_login(User.objects.create_user("helper", is_staff=True))
    field = asked_at(client, "/admin/nothing/")
    assert field.getparent().get("action") == "/en/search/"
