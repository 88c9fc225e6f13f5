"""A list of sessions lives in an address: short, shareable, and not lost when one of it is withdrawn."""

import re
from datetime import timedelta

import pytest

from conference.models import Person, Session, Slot
from conference.presentation.sessions import code_of
from tests.world import START, World

pytestmark = pytest.mark.django_db
MY = "/en/conference/row-001/my/"


@pytest.fixture
def world():
    return World(3)


def page(client, **query) -> str:
    response = client.get(MY, query)
    assert response.status_code == 200
    return response.content.decode()


def short(*sessions: Session) -> str:
    return "~" + "".join(code_of(session.uuid) for session in sessions)


def test_a_list_by_slugs_and_one_by_codes_are_the_same(client, world):
    for query in (["row-001", "row-003"], short(world.sessions[0], world.sessions[2])):
        html = page(client, session=query)
        assert "row 001 en" in html
        assert "row 003 en" in html
        assert "row 002 en" not in html
        assert short(world.sessions[0], world.sessions[2]) in html


def test_a_list_of_sixty_fits_in_a_short_address(client, world):
    sessions = Session.objects.bulk_create(
        Session(
            edition=world.edition, slug=f"a-very-long-slug-of-a-session-{n}", title_en=f"Many {n}", state="published"
        )
        for n in range(60)
    )
    address = f"{MY}?session={short(*sessions)}"
    assert len(address) < 420
    assert client.get(address).context["count"] == 60


def test_a_code_stays_when_the_slug_changes(client, world):
    session = world.sessions[1]
    Session.objects.filter(pk=session.pk).update(slug="renamed")
    assert "row 002 en" in page(client, session=short(session))


def test_what_was_withdrawn_is_counted_and_not_named_and_the_rest_is_shown(client, world):
    chosen = short(*world.sessions)
    Session.objects.filter(pk=world.sessions[1].pk).update(state="archived", withdrawal_reason_en="REASON")
    Session.objects.filter(pk=world.sessions[2].pk).update(state="draft", first_public_at=None)
    for query in (chosen, [session.slug for session in world.sessions]):
        html = page(client, session=query)
        assert "2 sessions of this list are no longer in the programme." in html
        assert "row 001 en" in html
        for hidden in ("row 002", "row 003", "REASON"):
            assert hidden not in html
    assert "1 session of this list is no longer" in page(client, session=[world.sessions[0].slug, "never-was"])


@pytest.mark.parametrize("value", ["\0", "~", "~abc", "~" + "x" * 5000, "%", "../", "~\0\0\0\0\0\0", "ا" * 50])
def test_whatever_the_address_holds_the_page_answers(client, world, value):
    assert client.get(MY, {"session": ["row-001", value]}).status_code == 200


def test_the_list_is_a_calendar_that_can_be_followed(client, world):
    html = page(client, session="row-002")
    address = re.search(r'href="webcal://[^/]+(/api/v1/sessions\.ics\?[^"]+)"', html)[1].replace("&amp;", "&")
    calendar = b"".join(client.get(address).streaming_content).decode()
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "row 002 en" in calendar


def test_clashes_are_joined_and_named_and_a_cancelled_session_clashes_with_nothing(client, world):
    slot = Slot.objects.get(session=world.sessions[1], version__number=None)
    slot.start, slot.end = START + timedelta(minutes=15), START + timedelta(minutes=75)
    slot.save()
    world.edition.publish_schedule()
    both = ["row-001", "row-002"]
    html = page(client, session=both)
    assert html.count('class="clash-group"') == 1
    assert html.count("At the same time:") == 2
    slot.state = "cancelled"
    slot.save()
    world.edition.publish_schedule()
    assert "At the same time:" not in page(client, session=both)


def test_every_session_can_be_starred_by_its_code(client, world):
    code = code_of(world.sessions[0].uuid)
    for path in ("programme/?view=list", "programme/?view=grid", "sessions/row-001/", "rooms/row-001/", "offline/"):
        html = client.get(f"/en/conference/row-001/{path}").content.decode()
        assert f'data-star="{code}"' in html, path
        assert "<button" not in html[html.index("<main") :].replace(
            '<button class="button button--main" type="submit"', ""
        ).replace('<button type="button" hidden', "").replace('<button class="search', "").replace(
            '<button type="submit"', ""
        )


def test_a_search_finds_a_public_speaker_and_no_other(client, world):
    Person.objects.filter(pk=world.people[0].pk).update(name_en="Findable Name")
    Person.objects.filter(pk=world.people[1].pk).update(name_en="Findable Secret", state="draft")
    answer = client.get("/api/v1/sessions/", {"q": "findable"}).json()
    assert [row["slug"] for row in answer["results"]] == ["row-001"]
    assert client.get("/en/conference/row-001/programme/", {"q": "findable"}).context["count"] == 1


# The page that a device keeps


def test_the_offline_page_holds_the_whole_programme_and_no_frame(client, world):
    response = client.get("/en/conference/row-001/offline/")
    html = response.content.decode()
    for number in (1, 2, 3):
        assert f"row {number:03} en" in html
    assert "09:00–09:45" in html
    assert "China Standard Time, UTC+8" in html
    assert "The programme as of" in html
    assert "On now" not in html
    assert "menu__panel" not in html
    assert response["Site-Revision"]
    assert client.get("/ar/conference/row-001/offline/").content.decode().count('dir="rtl"') >= 1


def test_the_offline_page_of_a_thousand_sessions_is_small(client, world):
    room = world.rooms[0]
    sessions = Session.objects.bulk_create(
        Session(
            edition=world.edition,
            slug=f"session-about-{n}",
            title_en=f"A title as long as titles are, number {n} of {n * 7919 % 1000}",
            state="published",
        )
        for n in range(1000)
    )
    version = world.edition.draft_schedule()
    Slot.objects.bulk_create(
        Slot(
            version=version,
            session=session,
            room=room,
            start=START + timedelta(days=1, minutes=15 * n),
            end=START + timedelta(days=1, minutes=15 * n + 15),
            state="confirmed",
        )
        for n, session in enumerate(sessions)
    )
    world.edition.publish_schedule()
    response = client.get("/en/conference/row-001/offline/", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 80_000


def test_the_service_worker_stands_at_the_root_and_is_asked_for_anew(client):
    response = client.get("/service-worker.js")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in response["Content-Security-Policy"]
