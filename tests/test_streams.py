"""Streams and recordings are shown in their windows alone, by the clock of the database."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from conference.models import RoomInterpretation, Session, SessionInterpretation, SessionLink, Slot
from content.revision import current
from tests.world import World

pytestmark = pytest.mark.django_db

STREAMS = ("floor-live", "arabic-live", "link-live")
RECORDINGS = ("floor-film", "french-film", "link-film")
SESSION = "/en/conference/row-001/sessions/row-001/"
FACES = (
    "/api/v1/sessions/",
    "/api/v1/sessions.csv",
    "/api/v1/sessions.ndjson",
    "/api/v1/sessions.ics",
    "/api/v1/sessions.atom",
    "/api/v1/sessions.schedule.json?edition=row-001",
    "/api/v1/sessions.schedule.xml?edition=row-001",
    SESSION,
    "/en/conference/row-001/programme/",
)


def address(name: str) -> str:
    return f"https://media.example/{name}"


def build(start, end, state: str = "confirmed") -> World:
    """A session with a stream and a recording of each kind."""
    world = World(1)
    session = world.sessions[0]
    session.stream, session.recording_url = address("floor-live"), address("floor-film")
    session.save()
    SessionInterpretation.objects.filter(session=session).update(recording_url=address("french-film"))
    SessionInterpretation.objects.create(session=session, language="ar", stream=address("arabic-live"))
    session.links.create(kind="stream", label_en="Live", address=address("link-live"))
    session.links.create(kind="recording", label_en="Film", address=address("link-film"))
    session.links.create(kind="website", label_en="Site", address=address("site"))
    Slot.objects.filter(version__number=None).update(start=start, end=end, state=state)
    world.edition.publish_schedule()
    return world


def body(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    text = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
    return text.replace("\r\n ", "")


def shown(client, path: str) -> set[str]:
    text = body(client, path)
    return {name for name in (*STREAMS, *RECORDINGS) if address(name) in text}


def in_minutes(minutes: float):
    return timezone.now() + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (16, 60, set()),
        (14, 60, set(STREAMS)),
        (-30, 30, set(STREAMS)),
        (-60, -1, set(RECORDINGS)),
    ],
    ids=["before", "a little before", "during", "after"],
)
def test_what_is_shown_at_each_moment(client, start, end, expected):
    build(in_minutes(start), in_minutes(end))
    for path in ("/api/v1/sessions/", "/api/v1/sessions.csv", "/api/v1/sessions.ndjson", SESSION):
        assert shown(client, path) == expected, path
    everywhere = set().union(*(shown(client, path) for path in FACES))
    assert everywhere == expected
    assert address("site") in body(client, SESSION)
    assert shown(client, "/api/v1/sessions.ics") == expected


@pytest.mark.parametrize("start", [-30, -60])
@pytest.mark.parametrize("state", ["cancelled", "removed"])
def test_what_does_not_take_place_has_neither(client, start, state):
    world = build(in_minutes(start), in_minutes(start + 45))
    draft = Slot.objects.filter(version__number=None)
    draft.delete() if state == "removed" else draft.update(state=state)
    world.edition.publish_schedule()
    assert set().union(*(shown(client, path) for path in FACES)) == set()


def test_without_an_end_on_record_nothing_is_shown(client):
    build(in_minutes(-30), None)
    assert set().union(*(shown(client, path) for path in FACES)) == set()


def test_the_draft_opens_nothing(client):
    build(in_minutes(100), in_minutes(200))
    Slot.objects.filter(version__number=None).update(start=in_minutes(-5), end=in_minutes(5))
    assert shown(client, "/api/v1/sessions/") == set()


def test_the_stream_of_the_room_stands_in(client):
    world = build(in_minutes(-5), in_minutes(5))
    Session.objects.update(stream="")
    SessionInterpretation.objects.all().delete()
    RoomInterpretation.objects.update(stream=address("arabic-live"))
    room = world.rooms[0]
    room.stream = address("the-room")
    room.save()
    row = client.get("/api/v1/sessions/").json()["results"][0]
    assert row["stream"] == address("the-room")
    assert [(one["language"], one["stream"]) for one in row["interpretation"]] == [("ar", address("arabic-live"))]
    assert address("the-room") in body(client, SESSION)


def test_columns_hold_what_the_api_holds(client):
    build(in_minutes(-60), in_minutes(-5))
    (row,) = csv.DictReader(io.StringIO(body(client, "/api/v1/sessions.csv").removeprefix("\ufeff")))
    assert (row["stream"], row["recording_url"]) == ("", address("floor-film"))


def test_a_calendar_changes_its_stamp_when_an_address_comes_or_goes(client):
    build(in_minutes(-60), in_minutes(-5))
    first, second = (body(client, "/api/v1/sessions.ics") for _ in range(2))
    assert first == second
    Session.objects.update(stream="", recording_url="")
    SessionInterpretation.objects.all().delete()
    SessionLink.objects.all().delete()
    assert "https://media.example" not in body(client, "/api/v1/sessions.ics")


@pytest.mark.parametrize("minutes", [15, 0], ids=["the stream opens", "the session begins"])
def test_the_boundary_is_the_instant_at_which_it_opens(minutes):
    start = timezone.now() + timedelta(minutes=minutes) - timedelta(seconds=30)
    build(start, start + timedelta(hours=1))
    assert current().boundary == start - timedelta(minutes=minutes)


@pytest.mark.django_db(transaction=True)
def test_a_kept_answer_ends_when_the_stream_opens(client):
    """Nothing is written at that moment: the ETag ends by the clock alone."""
    opens = timezone.now() + timedelta(seconds=3)
    build(opens + timedelta(minutes=15), opens + timedelta(minutes=60))
    first = client.get("/api/v1/sessions/")
    assert address("floor-live") not in first.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep_until(%s::timestamptz + interval '0.05 s')", [opens])
    after = client.get("/api/v1/sessions/", headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    assert address("floor-live") in after.content.decode()
    assert after["Site-Revision"] == first["Site-Revision"]
