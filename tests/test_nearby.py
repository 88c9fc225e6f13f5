"""The page of a session says what its room has before and after it, and what else is on meanwhile."""

from datetime import timedelta

import pytest
from django.utils.html import escape

from conference.models import Appearance, Participation, Person, SessionType
from tests.test_rooms import START, a_room, a_slot
from tests.test_rooms import edition as edition

pytestmark = pytest.mark.django_db
AROUND = ("before", "after", "meanwhile")


def at(hours: float):
    return START + timedelta(hours=hours)


def around(client, slug: str) -> dict[str, list[str]]:
    """The addresses' last words, as the page lists them."""
    response = client.get(f"/en/conference/meeting/sessions/{slug}/")
    assert response.status_code == 200
    found = response.context["around"]
    named = {name: [session["slug"] for session in found.get(name, [])] for name in AROUND}
    html = response.content.decode()
    shown = html.partition('id="around"')[2].partition("</section>")[0]
    assert all(f"sessions/{slug}/" in shown for slugs in named.values() for slug in slugs)
    return named


def test_a_session_stands_between_its_neighbours_and_beside_what_is_on_elsewhere(client, edition):
    hall, other = a_room("centre"), a_room("centre", "hall-b")
    break_ = SessionType.objects.create(slug="pause", name_en="Pause", is_break=True, spans_rooms=True)
    a_slot(edition, "dawn", hall, at(0))
    a_slot(edition, "pause", None, at(1), type=break_)
    a_slot(edition, "talk", hall, at(2))
    a_slot(edition, "cancelled", hall, at(3), "cancelled")
    a_slot(edition, "later", hall, at(4))
    a_slot(edition, "beside", other, at(2.5))
    a_slot(edition, "beside-it-no-more", other, at(3.5))
    a_slot(edition, "tomorrow", hall, at(25))
    edition.publish_schedule()
    assert around(client, "talk") == {"before": ["pause"], "after": ["later"], "meanwhile": ["beside"]}
    assert around(client, "later") == {"before": ["talk"], "after": [], "meanwhile": ["beside-it-no-more"]}
    assert around(client, "dawn") == {"before": [], "after": ["pause"], "meanwhile": []}
    assert around(client, "tomorrow") == {"before": [], "after": [], "meanwhile": []}
    page = client.get("/en/conference/meeting/sessions/talk/").content.decode()
    assert "/en/conference/meeting/programme/?day=2023-11-06" in page


def test_a_part_stands_among_the_parts_of_its_session_and_a_session_among_sessions(client, edition):
    hall = a_room("centre")
    whole = a_slot(edition, "whole", None, at(0)).session
    a_slot(edition, "first", hall, at(0), parent=whole)
    a_slot(edition, "second", hall, at(1), parent=whole)
    a_slot(edition, "beside", a_room("centre", "hall-b"), at(0))
    edition.publish_schedule()
    assert around(client, "first") == {"before": [], "after": ["second"], "meanwhile": []}
    assert around(client, "whole")["meanwhile"] == ["beside"]


def test_nothing_that_the_public_may_not_see_stands_beside_a_session(client, edition):
    hall = a_room("centre")
    a_slot(edition, "talk", hall, at(1))
    hidden = a_slot(edition, "hidden", a_room("centre", "hall-b"), at(1)).session
    edition.publish_schedule()
    assert around(client, "talk")["meanwhile"] == ["hidden"]
    type(hidden).objects.filter(pk=hidden.pk).update(state="draft", first_public_at=None)
    a_slot(edition, "planned", a_room("centre", "hall-c"), at(1))
    assert around(client, "talk") == {"before": [], "after": [], "meanwhile": []}


def test_a_session_and_a_speaker_are_taken_away_as_a_calendar(client, edition):
    talk = a_slot(edition, "talk", a_room("centre"), at(1)).session
    a_slot(edition, "other", a_room("centre", "hall-b"), at(1))
    edition.publish_schedule()
    person = Person.objects.create(slug="speaker", name_en="Speaker", state="published")
    Appearance.objects.create(person=person, edition=edition)
    Participation.objects.create(person=person, session=talk)
    for path in ("sessions/talk", "speakers/speaker"):
        page = client.get(f"/en/conference/meeting/{path}/")
        url = page.context["calendar_url"]
        assert f'<a class="button" href="{escape(url)}" type="text/calendar"' in page.content.decode()
        calendar = b"".join(client.get(url).streaming_content).decode()
        assert "About talk" in calendar
        assert "About other" not in calendar


def test_a_session_across_all_rooms_is_in_all_of_them(client, edition):
    plenary = SessionType.objects.create(slug="plenary", name_en="Plenary", spans_rooms=True)
    a_slot(edition, "opening", None, at(0), type=plenary)
    a_slot(edition, "nowhere", None, at(0))
    edition.publish_schedule()
    where = [
        client.get(f"/en/conference/meeting/sessions/{slug}/").content.decode().partition('id="where"')[2][:400]
        for slug in ("opening", "nowhere")
    ]
    assert "All rooms" in where[0]
    assert "Room not recorded" in where[1]


def test_of_many_sessions_at_one_time_the_page_says_how_many_it_leaves_out(client, edition):
    a_slot(edition, "talk", a_room("centre"), at(0))
    for number in range(11):
        a_slot(edition, f"beside-{number:02}", a_room("centre", f"hall-{number}"), at(0))
    edition.publish_schedule()
    assert len(around(client, "talk")["meanwhile"]) == 9
    assert "and 2 more" in client.get("/en/conference/meeting/sessions/talk/").content.decode()
