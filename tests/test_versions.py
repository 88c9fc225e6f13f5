"""Published versions of a programme: what they freeze, what they changed, and who may be named."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from conference.models import Participation, Session, Slot, Venue
from tests.world import World, six

pytestmark = pytest.mark.django_db
PAGES = "/en/conference/row-001/versions/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world():
    return World(3)


def slot_of(session: Session) -> Slot:
    return Slot.objects.get(session=session, version__number=None)


def move(session: Session, **changes) -> None:
    slot = slot_of(session)
    for name, value in changes.items():
        setattr(slot, name, value)
    slot.save()


def later(session: Session, minutes: int) -> None:
    slot = slot_of(session)
    offset = timedelta(minutes=minutes)
    move(session, start=slot.start + offset, end=slot.end + offset)


def versions(client) -> dict[int, dict]:
    rows = client.get("/api/v1/versions/?edition=row-001").json()["results"]
    return {row["number"]: row for row in rows}


def changes(client, number: int) -> list[tuple[str, str]]:
    return [(change["kind"], change["session"]["slug"]) for change in versions(client)[number]["changes"]]


def page(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def publish_everything(world: World) -> None:
    """Version 2, which does something of each kind."""
    first, second, third = world.sessions
    later(first, 30)
    move(second, state="cancelled")
    Slot.objects.filter(pk=slot_of(third).pk).delete()
    first.title_en = "Another title"
    first.save()
    Participation.objects.filter(session=first).update(person=world.people[1])
    world.edition.publish_schedule()


def test_a_version_says_what_it_changed(client, world):
    publish_everything(world)
    assert sorted(changes(client, 2)) == [
        ("cancelled", "row-002"),
        ("joined", "row-001"),
        ("left", "row-001"),
        ("moved", "row-001"),
        ("removed", "row-003"),
        ("retitled", "row-001"),
    ]
    told = {change["kind"]: change for change in versions(client)[2]["changes"]}
    assert (told["moved"]["before"]["start"], told["moved"]["after"]["start"]) == (
        "2023-11-06T01:00:00Z",
        "2023-11-06T01:30:00Z",
    )
    assert (told["retitled"]["before"]["title"], told["retitled"]["after"]["title"]) == ("row 001 en", "Another title")
    assert [one["speaker"]["slug"] for one in told["joined"]["participations"]] == ["row-002"]
    assert [one["speaker"]["slug"] for one in told["left"]["participations"]] == ["row-001"]
    assert (told["removed"]["after"]["state"], told["removed"]["before"]["room"]["slug"]) == (None, "row-003")


def test_what_came_back_or_was_confirmed_is_told(client, world):
    first, second, third = world.sessions
    move(first, state="tentative")
    move(second, state="cancelled")
    place = {name: getattr(slot_of(third), name) for name in ("version", "room", "start", "end", "state")}
    slot_of(third).delete()
    world.edition.publish_schedule()
    move(first, state="confirmed")
    move(second, state="confirmed")
    Slot.objects.create(session=third, **place)
    world.edition.publish_schedule()
    assert sorted(changes(client, 2)) == [("cancelled", "row-002"), ("removed", "row-003"), ("tentative", "row-001")]
    assert sorted(changes(client, 3)) == [
        ("confirmed", "row-001"),
        ("reinstated", "row-002"),
        ("reinstated", "row-003"),
    ]


def test_another_length_or_another_room_is_a_move(client, world):
    first, second, _third = world.sessions
    move(first, end=slot_of(first).end + timedelta(minutes=5))
    move(second, room=world.rooms[2])
    world.edition.publish_schedule()
    assert changes(client, 2) == [("moved", "row-001"), ("moved", "row-002")]
    body = page(client, f"{PAGES}2/")
    assert "09:00–09:45" in body
    assert "09:00–09:50" in body


def test_a_version_that_changed_nothing_says_so(client, world):
    world.edition.publish_schedule()
    assert changes(client, 2) == []
    assert "Nothing that is public was changed." in page(client, f"{PAGES}2/")


def test_the_page_of_an_old_version_keeps_its_titles_rooms_and_people(client, world):
    publish_everything(world)
    old = page(client, f"{PAGES}1/")
    assert "row 001 en" in old
    assert "Another title" not in old
    assert "row 003 en" in old
    new = client.get(f"{PAGES}2/")
    assert [session["title"] for day in new.context["days"] for session in day["sessions"]] == [
        "Another title",
        "row 002 en",
    ]
    assert [
        session["speakers"] for day in client.get(f"{PAGES}1/").context["days"] for session in day["sessions"]
    ] == [
        "row 001 en",
        "row 002 en",
        "row 003 en",
    ]
    # The session's own page tells the words of now.
    assert "Another title" in page(client, "/en/conference/row-001/sessions/row-001/")


def test_the_list_of_versions_counts_and_links(client, world):
    publish_everything(world)
    response = client.get(PAGES)
    assert [version["number"] for version in response.context["versions"]] == [2, 1]
    counts = {group["kind"]: group["count"] for group in response.context["versions"][0]["groups"]}
    assert counts == {"cancelled": "1", "moved": "1", "removed": "1", "retitled": "1", "joined": "1", "left": "1"}
    assert f'href="{PAGES}2/"' in page(client, "/en/conference/row-001/programme/")
    assert "China Standard Time" in page(client, f"{PAGES}2/")


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_a_session_that_is_not_public_is_in_no_change_list(client, world, state):
    publish_everything(world)
    before = json.dumps(versions(client))
    assert "row-001" in before
    Session.objects.filter(slug="row-001").update(state=state)
    for path in (PAGES, f"{PAGES}1/", f"{PAGES}2/", f"{PAGES}atom.xml"):
        body = page(client, path)
        assert "Another title" not in body
        assert "sessions/row-001/" not in body
    assert {slug for _kind, slug in changes(client, 2)} == {"row-002", "row-003"}
    assert {slug for _kind, slug in changes(client, 1)} == {"row-002", "row-003"}


def test_a_session_under_embargo_appears_once_it_is_public_with_no_word_of_before(client, world):
    hidden = world.sessions[0]
    hidden.publish_at = timezone.now() + timedelta(hours=1)
    hidden.title_en = "A working title"
    hidden.save()
    world.edition.publish_schedule()
    hidden.title_en = "The title"
    hidden.save()
    later(hidden, 30)
    world.edition.publish_schedule()
    assert changes(client, 3) == []
    Session.objects.filter(pk=hidden.pk).update(publish_at=timezone.now() - timedelta(hours=1))
    assert changes(client, 3) == [("moved", "row-001")]
    assert "A working title" not in "".join(page(client, f"{PAGES}{number}/") for number in (2, 3))


def test_a_person_who_is_no_longer_public_is_named_nowhere(client, world):
    publish_everything(world)
    name = "Somebody withdrawn"
    world.people[0].name_en = name
    world.people[0].save()
    assert name in page(client, f"{PAGES}2/")
    world.people[0].state = "archived"
    world.people[0].save()
    for path in (PAGES, f"{PAGES}1/", f"{PAGES}2/", f"{PAGES}atom.xml", "/api/v1/versions/"):
        assert name not in page(client, path)
    assert ("left", "row-001") not in changes(client, 2)


def test_drafts_and_versions_of_hidden_editions_are_not_found(client, world):
    version = world.edition.schedule_versions.get(number=1)
    assert client.get(f"{PAGES}2/").status_code == 404
    world.edition.state = "draft"
    world.edition.save()
    for path in (PAGES, f"{PAGES}1/", f"{PAGES}atom.xml", f"/api/v1/versions/{version.uuid}/"):
        assert client.get(path).status_code == 404
    world.edition.state = "archived"
    world.edition.withdrawal_reason_en = "It was called off."
    world.edition.save()
    for path in (PAGES, f"{PAGES}1/", f"{PAGES}atom.xml", f"/api/v1/versions/{version.uuid}/"):
        gone = client.get(path)
        assert (gone.status_code, "It was called off." in gone.content.decode()) == (410, True), path


def test_two_polls_of_the_feed_are_the_same_and_an_entry_is_a_version(client, world):
    publish_everything(world)
    one, two = (client.get(f"{PAGES}atom.xml").content for _ in range(2))
    assert one == two
    entries = etree.fromstring(one).findall(f"{ATOM}entry")
    uuids = world.edition.schedule_versions.filter(number__isnull=False).order_by("-number").values_list("uuid")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [f"urn:uuid:{uuid}" for (uuid,) in uuids]
    assert "Another title" in entries[0].findtext(f"{ATOM}content")
    assert client.get(f"{PAGES}atom.xml?x=1").status_code == 400


def test_what_was_taken_out_stays_visible_with_its_old_time_and_room(client, world):
    third = world.sessions[2]
    slot_of(third).delete()
    for _ in range(2):
        world.edition.publish_schedule()
    row = client.get("/api/v1/sessions/?slug=row-003").json()["results"][0]
    kept = {key: row[key] for key in ("state", "start", "previous_start", "previous_end")}
    assert kept == {
        "state": None,
        "start": None,
        "previous_start": "2023-11-06T03:00:00Z",
        "previous_end": "2023-11-06T03:45:00Z",
    }
    assert row["previous_room"]["slug"] == "row-003"
    body = page(client, "/en/conference/row-001/sessions/row-003/")
    assert "No longer in the programme." in body
    assert "Monday, 6 November 2023, 11:00" in body
    grid = client.get("/en/conference/row-001/programme/?view=grid")
    assert "No longer in the programme" in grid.content.decode()
    listed = page(client, "/en/conference/row-001/programme/?view=list")
    assert "No longer in the programme. Was: row 003 en, Mon 6, 11:00" in " ".join(listed.split())
    calendar = b"".join(client.get("/api/v1/sessions.ics?edition=row-001").streaming_content).decode()
    event = next(part for part in calendar.split("BEGIN:VEVENT") if str(third.uuid) in part)
    assert "STATUS:CANCELLED" in event
    assert "DTSTART;TZID=Asia/Shanghai:20231106T110000" in event
    assert "SEQUENCE:1" in event


def test_the_public_follows_the_latest_version_alone(client, world):
    """Time, room and state of a draft are in no answer, no filter and no order."""
    first, second, _third = world.sessions
    paths = (
        "/api/v1/sessions/?order=start",
        "/api/v1/sessions/?day=2023-11-06&facets=state,room",
        "/api/v1/sessions/?state=cancelled",
        "/api/v1/sessions/?room=row-001",
        "/api/v1/sessions.csv",
        "/api/v1/sessions.ics",
        "/api/v1/sessions.schedule.xml?edition=row-001",
        "/api/v1/versions/",
        "/en/search/?q=row",
        "/en/conference/row-001/programme/",
        "/en/conference/row-001/speakers/row-001/",
        "/en/conference/row-001/sessions/row-001/",
        f"{PAGES}1/",
    )

    def answers() -> list[bytes]:
        responses = [client.get(path) for path in paths]
        return [b"".join(one.streaming_content) if one.streaming else one.content for one in responses]

    before = answers()
    later(first, 600)
    other = Venue.objects.create(slug="elsewhere", **six("Elsewhere", "name"))
    move(first, room=other.rooms.create(slug="attic", **six("Attic", "name")))
    move(second, state="cancelled")
    assert answers() == before
    world.edition.publish_schedule()
    changed = [path for path, one, two in zip(paths, before, answers(), strict=True) if one != two]
    # A search tells no time, and version 1 is what it was but for the link to the one after it.
    assert set(paths) - set(changed) <= {"/en/search/?q=row"}
    order = [row["slug"] for row in client.get("/api/v1/sessions/?order=start").json()["results"]]
    assert order == ["row-002", "row-003", "row-001"]


def queries(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return len(captured)


def test_queries_grow_neither_with_sessions_nor_with_versions(client):
    world = World(3)
    publish_everything(world)
    paths = (PAGES, f"{PAGES}2/", f"{PAGES}atom.xml", "/api/v1/versions/?edition=row-001")
    few = [queries(client, path) for path in paths]
    for number in range(1, 5):
        later(world.sessions[0], number)
        world.edition.publish_schedule()
    for number in range(20):
        session = world.record(Session, number, "title", slug=f"more-{number}", edition=world.edition)
        Participation.objects.create(session=session, person=world.people[number % 3])
        Slot.objects.create(version=world.edition.draft_schedule(), session=session, state="tentative")
    world.edition.publish_schedule()
    paths = (PAGES, f"{PAGES}7/", f"{PAGES}atom.xml", "/api/v1/versions/?edition=row-001")
    many = [queries(client, path) for path in paths]
    assert [most for most, least in zip(many, few, strict=True) if most > least] == []


def test_staff_see_the_same_list_before_they_publish(client, admin_client, world):
    first, second, _third = world.sessions
    later(first, 30)
    second.state = "draft"
    second.save()
    move(second, state="cancelled")
    address = reverse("admin:conference_edition_publish_schedule", args=[world.edition.pk])
    seen = admin_client.get(address)
    assert [group["kind"] for group in seen.context["changes"]["groups"]] == ["cancelled", "moved"]
    assert "not public: only staff see this line" in seen.content.decode()
    assert admin_client.post(address, {"note_en": "Later"}).status_code == 302
    told = client.get(f"{PAGES}2/").context["version"]["groups"]
    assert [group["kind"] for group in told] == ["moved"]
    assert told[0]["entries"][0]["after"] == seen.context["changes"]["groups"][1]["entries"][0]["after"]
