"""A programme as calendars and conference apps read it: iCalendar, schedule.xml and schedule.json."""

import io
import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from lxml import etree

from conference.exports import ical
from conference.exports.timetable import RoomHead, numbered, unique_names
from conference.imports.schedule_xml import parse
from conference.models import (
    Edition,
    Participation,
    Person,
    Room,
    RoomInterpretation,
    Session,
    SessionInterpretation,
    SessionLink,
    SessionType,
    Slot,
    Track,
    Venue,
)
from content.exports.plain_text import plain_text
from tests.world import World

STANDARDS = Path(__file__).parent / "standards"
ENDINGS = ("ics", "schedule.xml", "schedule.json")
# 6 November 2023, 09:00 in Shanghai.
NINE = datetime(2023, 11, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Programme:
    """An edition with two rooms of one name in two venues, and the schedule that `publish` makes of its slots."""

    def __init__(self, **values):
        values = {"slug": "meeting", "name_en": "The Meeting", "time_zone": "Asia/Shanghai", **values}
        self.edition = Edition.objects.create(state="published", **values)
        venues = [Venue.objects.create(slug=name, name_en=f"{name.title()} House") for name in ("north", "south")]
        self.north, self.south = (
            Room.objects.create(venue=venue, slug=f"{venue.slug}-hall", name_en="Hall A", position=position)
            for position, venue in enumerate(venues)
        )

    def add(self, slug: str, start: datetime | None = NINE, room: Room | None = None, state="confirmed", **values):
        """A session of an hour."""
        length = values.pop("length", HOUR)
        values = {"title_en": slug.title(), "state": "published", **values}
        session = Session.objects.create(edition=self.edition, slug=slug, **values)
        draft = self.edition.draft_schedule()
        end = start + length if start else None
        Slot.objects.create(version=draft, session=session, room=room, start=start, end=end, state=state)
        return session

    def change(self, session: Session, **values) -> None:
        Slot.objects.filter(version=self.edition.draft_schedule(), session=session).update(**values)

    def publish(self) -> None:
        self.edition.publish_schedule()


@pytest.fixture
def programme(db) -> Programme:
    return Programme()


def full_programme() -> Programme:
    """Something of everything that the formats have a place for, and of what they have none for."""
    made = Programme(start_date="2023-11-06", end_date="2023-11")
    track = Track.objects.create(edition=made.edition, slug="water", name_en="Water", state="published")
    kind = SessionType.objects.create(slug="roundtable", name_en="Roundtable")
    person = Person.objects.create(slug="first", name_en="First Person", state="published")
    hidden = Person.objects.create(slug="hidden", name_en="Hidden Person")
    talk = made.add(
        "opening-address",
        room=made.north,
        track=track,
        type=kind,
        subtitle_en="And more",
        abstract_en="<p>One &amp; two,</p><p>three.</p>",
        languages=["en", "zh-Hans"],
        recording_url="https://example.org/recording",
    )
    for role in ("chair", "speaker"):
        Participation.objects.create(session=talk, person=person, role=role)
    Participation.objects.create(session=talk, person=hidden)
    links = {"website": "https://example.org/page", "attachment": "https://example.org/slides"}
    for kind_of_link, address in links.items():
        SessionLink.objects.create(session=talk, kind=kind_of_link, label_en=kind_of_link.title(), address=address)
    made.add("same-hour", room=made.south)
    made.add("plenary", NINE + 2 * HOUR)
    made.add("tentative", NINE + 3 * HOUR, made.north, "tentative")
    made.add("late", NINE + timedelta(hours=14, minutes=30), made.north)
    made.add("after-midnight", NINE + timedelta(hours=15, minutes=30), made.north)
    made.add("exhibition", NINE + timedelta(days=1), made.south, length=timedelta(days=6))
    made.add("called-off", NINE + 4 * HOUR, made.north, "cancelled")
    made.add("poster", None, made.south)
    made.add("control", NINE + 5 * HOUR, made.south, title_en="Tab\tand \x0b bell \x07", abstract_en="<b>“…”</b>")
    made.publish()
    return made


def file_of(client, ending: str, **query) -> str:
    response = client.get(f"/api/v1/sessions.{ending}", query)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


def xml_of(client, **query):
    text = file_of(client, "schedule.xml", **query)
    schema = etree.XMLSchema(etree.parse(STANDARDS / "schedule.xml.xsd"))
    tree = etree.fromstring(text.encode())
    schema.assertValid(tree)
    return tree


def json_of(client, **query) -> dict:
    document = json.loads(file_of(client, "schedule.json", **query))
    schema = json.loads((STANDARDS / "schedule.json-schema.json").read_text())
    jsonschema.validate(document, schema, format_checker=jsonschema.FormatChecker())
    return document["schedule"]["conference"]


def calendar_of(client, **query) -> dict:
    """The entries by the slugs at the end of their addresses."""
    calendar = Calendar.from_ical(file_of(client, "ics", **query))
    return {str(event["URL"]).rstrip("/").rpartition("/")[2]: event for event in calendar.walk("VEVENT")}


def slugs_in_xml(tree) -> list[str]:
    return [url.rstrip("/").rpartition("/")[2] for url in tree.xpath("day/room/event/origin_url/text()")]


def slugs_in_json(conference: dict) -> list[str]:
    return [event["slug"] for day in conference["days"] for events in day["rooms"].values() for event in events]


# schedule.xml


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_schedule_xml_is_valid_by_its_schema(client, db, language):
    World(3)
    assert len(slugs_in_xml(xml_of(client, edition="row-001", lang=language))) == 3


def test_schedule_xml_is_valid_with_something_of_everything(client, db):
    full_programme()
    assert len(slugs_in_xml(xml_of(client, edition="meeting"))) == 8


@pytest.mark.parametrize("slug", ["x", "a1", "brst-2023", "conference-of-many-2030"])
def test_an_acronym_is_as_the_schemas_want_it(client, db, slug):
    made = Programme(slug=slug)
    made.add("opening")
    made.publish()
    acronym = xml_of(client, edition=slug).findtext("conference/acronym")
    assert acronym == json_of(client, edition=slug)["acronym"]
    assert acronym.endswith(slug.replace("-", "_"))


def test_a_programme_without_sessions_has_its_first_day(client, db):
    Programme(start_date="2023-11-06")
    tree = xml_of(client, edition="meeting")
    assert [day.get("date") for day in tree.findall("day")] == ["2023-11-06"]
    assert tree.findtext("version") == "0"


def test_what_is_read_back_is_what_was_written(client, db):
    full_programme()
    parsed = parse(io.BytesIO(file_of(client, "schedule.xml", edition="meeting").encode()))
    assert [problem.reason for problem in parsed.problems] == []
    events = {event.slug: event for event in parsed.events}
    rows = client.get("/api/v1/sessions/", {"edition": "meeting"}).json()["results"]
    written = [row for row in rows if row["start"] and row["state"] != "cancelled"]
    assert {row["slug"] for row in written} == set(events)
    for row in written:
        event = events[row["slug"]]
        assert event.guid == row["id"]
        assert event.start == datetime.fromisoformat(row["start"])
        assert event.track == (row["track"]["name"] if row["track"] else "")
        assert event.type == (row["type"]["name"] if row["type"] else "")
        assert list(event.languages) == (row["languages"] or [])
        assert event.subtitle == (row["subtitle"] or "")
        assert event.abstract == (row["abstract"] or "")
        assert event.recording_url == (row["recording_url"] or "")
    opening = events["opening-address"]
    assert (opening.title, opening.room, opening.venue) == ("Opening-Address", "Hall A", "North House")
    assert opening.duration == HOUR
    assert [(person.name, bool(person.guid)) for person in opening.persons] == [("First Person", True)]
    assert [(link.url, link.title) for link in opening.links] == [("https://example.org/page", "Website")]
    assert [link.url for link in opening.attachments] == ["https://example.org/slides"]
    assert events["plenary"].room == ""
    assert events["control"].title == "Tab and bell"
    assert parsed.conference.time_zone == "Asia/Shanghai"
    assert (parsed.conference.title, parsed.conference.version) == ("The Meeting", "1")


def test_two_rooms_of_one_name_stay_two(client, db):
    full_programme()
    tree = xml_of(client, edition="meeting")
    rooms = {room.get("name"): room.get("guid") for room in tree.iterfind("day/room")}
    assert set(rooms) == {"", "Hall A (North House)", "Hall A (South House)"}
    assert len(set(rooms.values())) == 3
    # Whatever is asked for, a room has one name.
    assert [room.get("name") for room in xml_of(client, edition="meeting", slug="late").iterfind("day/room")] == [
        "Hall A (North House)"
    ]
    assert set(json_of(client, edition="meeting")["days"][0]["rooms"]) == set(rooms)


def test_a_name_that_two_rooms_of_one_venue_share_is_numbered():
    rooms = [RoomHead("1", "Hall A", "North"), RoomHead("2", "hall  a", "North"), RoomHead("3", "Hall B", "North")]
    assert unique_names(rooms) == {"1": "Hall A (North)", "2": "hall a (North) 2", "3": "Hall B"}


def test_days_are_those_of_the_venue(client, db):
    full_programme()
    tree = xml_of(client, edition="meeting")
    days = {
        day.get("date"): [url.rstrip("/").rpartition("/")[2] for url in day.xpath("room/event/url/text()")]
        for day in tree.findall("day")
    }
    assert list(days) == ["2023-11-06", "2023-11-07"]
    assert "late" in days["2023-11-06"]
    assert days["2023-11-07"] == ["after-midnight", "exhibition"]
    late = next(event for event in tree.iterfind("day/room/event") if event.findtext("title") == "Late")
    assert (late.findtext("date"), late.findtext("start")) == ("2023-11-06T23:30:00+08:00", "23:30")
    assert tree.find("day").get("end") == "2023-11-07T00:30:00+08:00"


def test_numbers_for_apps_are_positive_different_and_stay():
    ids = ["00000000-0000-4000-8000-000000000001", "ffffffff-ffff-4fff-bfff-ffffffffffff"]
    numbers = numbered(ids)
    assert numbers == numbered(reversed(ids))
    assert all(0 < number < 2**31 for number in numbers.values())
    # The remainders of these two are the same.
    twins = ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-00007fffffff"]
    assert numbered(twins) == dict(zip(twins, [1, 2], strict=True))


# schedule.json


def test_schedule_json_is_valid_and_says_what_schedule_xml_says(client, db):
    full_programme()
    conference = json_of(client, edition="meeting")
    tree = xml_of(client, edition="meeting")
    assert [day["date"] for day in conference["days"]] == [day.get("date") for day in tree.findall("day")]
    assert conference["daysCount"] == 2
    events = [event for day in conference["days"] for events in day["rooms"].values() for event in events]
    assert [(event["guid"], str(event["id"]), event["room"], event["date"], event["start"]) for event in events] == [
        (event.get("guid"), event.get("id"), *(event.findtext(name) for name in ("room", "date", "start")))
        for event in tree.iterfind("day/room/event")
    ]
    opening = next(event for event in events if event["slug"] == "opening-address")
    assert opening["persons"] == [
        {
            "guid": str(Person.objects.get(slug="first").uuid),
            "name": "First Person",
            "roles": ["chair", "speaker"],
        }
    ]
    assert {"url": "https://example.org/recording", "type": "media"} in opening["links"]
    exhibition = next(event for event in events if event["slug"] == "exhibition")
    assert exhibition["duration"] == "144:00"


# What is asked for


@pytest.mark.parametrize("ending", ["schedule.xml", "schedule.json"])
@pytest.mark.parametrize("query", ["", "?edition=", "?edition=row-001&edition=row-002", "?room=row-001"])
def test_a_schedule_is_of_one_edition(client, db, ending, query):
    World(2)
    refused = client.get(f"/api/v1/sessions.{ending}{query}")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    (error,) = refused.json()["errors"]
    assert (error["parameter"], error["accepted"]) == ("edition", ["row-001", "row-002"])


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("edition=nothing", "edition"),
        ("edition=row-001&lang=all", "lang"),
        ("edition=row-001&fields=title", "fields"),
        ("edition=row-001&contry=CN", "contry"),
        ("edition=row-001&day=monday", "day"),
    ],
)
def test_bad_values_and_unknown_keys_are_refused(client, db, ending, query, parameter):
    World(1)
    refused = client.get(f"/api/v1/sessions.{ending}?{query}")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"room": "south-hall"},
        {"day": "2023-11-07"},
        {"speaker": "first"},
        {"language": "zh-hans"},
        {"track": "water"},
        {"type": "roundtable"},
        {"slug": "plenary"},
        {"q": "open"},
        {"state": "tentative"},
    ],
)
def test_each_file_has_the_rows_of_the_api(client, db, query):
    """As far as the format has a place for them."""
    full_programme()
    query = {"edition": "meeting", **query}
    rows = client.get("/api/v1/sessions/", query).json()["results"]
    with_a_start = {row["slug"] for row in rows if row["start"]}
    taking_place = {row["slug"] for row in rows if row["start"] and row["state"] != "cancelled"}
    assert set(calendar_of(client, **query)) == with_a_start != set()
    assert set(slugs_in_json(json_of(client, **query))) == taking_place
    text = file_of(client, "schedule.xml", **query)
    assert set(slugs_in_xml(etree.fromstring(text.encode()))) == taking_place


def test_pages_link_to_what_can_be_made_of_their_rows(client, db):
    World(1)
    page = client.get("/en/conference/row-001/programme/?day=2023-11-06")
    links = {one["label"]: one["url"] for one in page.context["exports"]}
    assert {"iCalendar", "schedule.xml", "schedule.json"} <= set(links)
    assert len(slugs_in_xml(etree.fromstring(b"".join(client.get(links["schedule.xml"]).streaming_content)))) == 1


@pytest.mark.parametrize(
    ("path", "slugs"),
    [("sessions/row-002/", {"row-002"}), ("my/?session=row-001&session=row-003", {"row-001", "row-003"})],
)
def test_pages_of_single_sessions_link_to_their_calendar(client, db, path, slugs):
    World(3)
    links = {one["label"]: one["url"] for one in client.get(f"/ar/conference/row-001/{path}").context["exports"]}
    calendar = Calendar.from_ical(b"".join(client.get(links["iCalendar"]).streaming_content))
    assert {str(event["URL"]).rstrip("/").rpartition("/")[2] for event in calendar.walk("VEVENT")} == slugs


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_number_of_queries_does_not_grow(client, programme, ending):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            file_of(client, ending, edition="meeting")
        return len(captured)

    person = Person.objects.create(slug="person", name_en="Person", state="published")
    counts = []
    for number in range(12):
        talk = programme.add(f"talk-{number}", NINE + number * HOUR, programme.north)
        Participation.objects.create(session=talk, person=person)
        programme.publish()
        counts.append(queries())
    assert counts[1:] == [counts[0]] * 11
    assert counts[0] < 30


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_is_told_early(client, programme, ending):
    programme.add("public")
    programme.add("secret", title_en="Sentinel")
    programme.publish()
    assert "Sentinel" in file_of(client, ending, edition="meeting")
    Session.objects.filter(slug="secret").update(state="draft")
    later = programme.add("later", room=programme.south, title_en="Known")
    assert "secret" not in file_of(client, ending, edition="meeting").lower()
    assert "Sentinel" not in file_of(client, ending, edition="meeting")
    # Its texts are public, its place is not until the schedule is.
    assert str(later.uuid) not in file_of(client, ending, edition="meeting")
    assert "Hall A" not in file_of(client, ending, edition="meeting")


# iCalendar


def test_a_calendar_says_when_where_and_whether(client, db):
    made = full_programme()
    events = calendar_of(client, edition="meeting")
    assert "poster" not in events
    assert {slug: str(events[slug]["STATUS"]) for slug in ("late", "tentative", "called-off")} == {
        "late": "CONFIRMED",
        "tentative": "TENTATIVE",
        "called-off": "CANCELLED",
    }
    opening = events["opening-address"]
    assert str(opening["UID"]) == f"{Session.objects.get(slug='opening-address').uuid}@localhost"
    assert opening["DTSTART"].dt == datetime(2023, 11, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert opening["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert opening["DTEND"].dt - opening["DTSTART"].dt == HOUR
    assert str(opening["LOCATION"]) == "Hall A, North House"
    assert str(opening["URL"]) == "http://localhost:8000/en/conference/meeting/sessions/opening-address/"
    assert [str(name) for name in opening["CATEGORIES"].cats] == ["Roundtable", "Water"]
    assert str(opening["DESCRIPTION"]) == (
        "And more\n\nChair: First Person\nSpeaker: First Person\nOn the floor: English, Chinese (Simplified)\n"
        "Recording: https://example.org/recording\n\nOne & two,\n\nthree."
    )
    calendar = Calendar.from_ical(file_of(client, "ics", edition="meeting"))
    assert str(calendar["X-WR-CALNAME"]) == made.edition.name_en
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]


def test_what_a_calendar_server_may_check(client, db):
    full_programme()
    response = client.get("/api/v1/sessions.ics", {"edition": "meeting"})
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = b"".join(response.streaming_content).split(b"\r\n")
    assert (lines[0], lines[-2:]) == (b"BEGIN:VCALENDAR", [b"END:VCALENDAR", b""])
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_two_polls_are_the_same_to_the_byte(client, db):
    full_programme()
    assert len({file_of(client, "ics", edition="meeting") for _ in range(2)}) == 1
    assert len({file_of(client, "schedule.xml", edition="meeting") for _ in range(2)}) == 1


def test_the_sequence_rises_when_a_published_schedule_changes_the_place(client, programme):
    moved, other = programme.add("moved", room=programme.north), programme.add("other", room=programme.south)
    programme.publish()
    first = calendar_of(client, edition="meeting")
    assert [first[slug]["SEQUENCE"] for slug in ("moved", "other")] == [0, 0]
    programme.change(moved, start=NINE + HOUR, end=NINE + 2 * HOUR)
    assert calendar_of(client, edition="meeting")["moved"]["SEQUENCE"] == 0
    programme.publish()
    programme.publish()
    second = calendar_of(client, edition="meeting")
    assert [second[slug]["SEQUENCE"] for slug in ("moved", "other")] == [1, 0]
    programme.change(moved, state="cancelled")
    programme.publish()
    third = calendar_of(client, edition="meeting")
    assert [third[slug]["SEQUENCE"] for slug in ("moved", "other")] == [2, 0]
    assert third["moved"]["UID"] == first["moved"]["UID"]
    assert "It was announced for" in third["moved"]["DESCRIPTION"]
    assert other.slug in third


@pytest.mark.django_db(transaction=True)
def test_last_modified_is_that_of_the_words_and_of_the_place(client):
    """Each step is a transaction of its own: the clock of the database stands still inside of one."""
    made = Programme()
    session = made.add("talk", room=made.north)
    made.publish()

    def stamps():
        event = calendar_of(client, edition="meeting")["talk"]
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
        return event["DTSTAMP"].dt

    def passes_a_second():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1.01)")

    seen = [stamps()]
    for change in (
        lambda: Session.objects.filter(pk=session.pk).update(title_en="Another"),
        lambda: Room.objects.filter(pk=made.north.pk).update(name_en="Hall B"),
        lambda: (made.change(session, room=made.south), made.publish()),
    ):
        passes_a_second()
        change()
        seen.append(stamps())
    passes_a_second()
    made.publish()
    assert seen == sorted(set(seen))
    assert stamps() == seen[-1]


def test_a_text_in_another_language_is_marked(client, programme):
    programme.add("talk", title_en="In English", abstract_ar="<p>نص</p>", abstract_en="")
    programme.publish()
    event = calendar_of(client, edition="meeting", lang="ar")["talk"]
    assert event["SUMMARY"].params["LANGUAGE"] == "en"
    assert event["DESCRIPTION"].params["LANGUAGE"] == "ar"
    title = Session.objects.filter(slug="talk")
    title.update(title_zh_hans="题目")
    assert calendar_of(client, edition="meeting", lang="zh-hans")["talk"]["SUMMARY"].params["LANGUAGE"] == "zh-Hans"


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_a_time_zone_is_written_as_it_is(zone):
    """Someone who knows only what the calendar says of the zone reads the same instants."""
    written = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{ical.time_zone(zone, 2023, 2024)}END:VCALENDAR\r\n"
    (component,) = Calendar.from_ical(written).walk("VTIMEZONE")
    changes = sorted(
        (part["DTSTART"].dt - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in component.walk()
        if part.name in ("STANDARD", "DAYLIGHT")
    )
    moment = datetime(2023, 1, 1, tzinfo=UTC)
    while moment < datetime(2025, 1, 1, tzinfo=UTC):
        offset = [after for instant, after in changes if instant <= moment.replace(tzinfo=None)][-1]
        assert offset == moment.astimezone(ZoneInfo(zone)).utcoffset(), moment
        moment += timedelta(minutes=30)


def test_a_session_over_a_change_of_clocks_has_its_true_length(client, db):
    made = Programme(time_zone="Europe/Paris")
    made.add("night", datetime(2026, 10, 24, 23, 30, tzinfo=UTC), length=3 * HOUR)
    made.publish()
    event = calendar_of(client, edition="meeting")["night"]
    assert [event[name].dt.strftime("%d %H:%M") for name in ("DTSTART", "DTEND")] == ["25 01:30", "25 03:30"]
    assert event["DTEND"].dt.astimezone(UTC) - event["DTSTART"].dt.astimezone(UTC) == 3 * HOUR
    assert xml_of(client, edition="meeting").findtext("day/room/event/duration") == "03:00"


def test_a_zone_of_utc_needs_no_definition(client, db):
    made = Programme(time_zone="UTC")
    made.add("talk")
    made.publish()
    text = file_of(client, "ics", edition="meeting")
    assert "DTSTART:20231106T010000Z" in text
    assert "VTIMEZONE" not in text


def test_an_empty_calendar_is_one(client, db):
    Programme()
    assert Calendar.from_ical(file_of(client, "ics", edition="meeting")).walk("VEVENT") == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain  text\nof two lines", "plain text of two lines"),
        ("<p>One<br>two</p><p>three &amp; &lt;four&gt;</p>", "One\ntwo\n\nthree & <four>"),
        ("<p>List</p><ul><li>a</li><li><b>b</b></li></ul><p>End</p>", "List\n\n- a\n- b\n\nEnd"),
        ('<a href="https://example.org/">here</a> now', "here (https://example.org/) now"),
        ('<a href="https://example.org/">https://example.org/</a>', "https://example.org/"),
        ("<a>nowhere</a></a>", "nowhere"),
    ],
)
def test_html_as_plain_text(html, text):
    assert plain_text(html) == text


def test_a_website_is_written_and_its_own_page_is_not_taken_for_one(client, db, tmp_path):
    made = Programme()
    made.add("with", address="https://example.org/with")
    made.add("without", NINE + HOUR)
    made.publish()
    text = file_of(client, "schedule.xml", edition="meeting")
    urls = [event.findtext("url") for event in etree.fromstring(text.encode()).iterfind("day/room/event")]
    assert urls == [
        "https://example.org/with",
        "http://localhost:8000/en/conference/meeting/sessions/without/",
    ]
    file = tmp_path / "own.xml"
    file.write_text(text)
    call_command("import_schedule", str(file), edition="meeting")
    assert dict(Session.objects.values_list("slug", "address")) == {"with": "https://example.org/with", "without": ""}


def test_a_feed_of_any_filter_tells_the_last_change_first_and_stays_the_same_to_the_byte(client, programme):
    opening = programme.add("opening", room=programme.north)
    closing = programme.add("closing", start=NINE + HOUR, state="cancelled")
    programme.publish()
    # Instants of the feed are to the second.
    time.sleep(1.1)
    Session.objects.filter(pk=opening.pk).update(subtitle_en="Welcome")
    address = "/api/v1/sessions.atom"
    first, second = (client.get(address, {"edition": "meeting", "lang": "fr"}) for _ in range(2))
    content = b"".join(first.streaming_content)
    assert content == b"".join(second.streaming_content)
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.xpath("a:entry/a:id/text()", namespaces=atom) == [
        f"urn:uuid:{opening.uuid}",
        f"urn:uuid:{closing.uuid}",
    ]
    summaries = feed.xpath("a:entry/a:summary/text()", namespaces=atom)
    assert summaries == [
        "2023-11-06 09:00–10:00 (Asia/Shanghai)\nHall A, North House",
        "2023-11-06 10:00–11:00 (Asia/Shanghai)\nAnnulée",
    ]
    assert feed.xpath("a:updated/text() = a:entry[1]/a:updated/text()", namespaces=atom)
    one = b"".join(client.get(address, {"slug": "closing"}).streaming_content)
    assert etree.fromstring(one).xpath("count(a:entry)", namespaces=atom) == 1


# Odd programmes


def interpreted() -> Programme:
    made = Programme()
    talk = made.add("talk", room=made.north, languages=["ru"])
    SessionInterpretation.objects.create(session=talk, language="ar", channel="3")
    SessionInterpretation.objects.create(session=talk, language="zh-Hans", mode="consecutive")
    made.add("room-has-it", NINE + HOUR, made.north)
    RoomInterpretation.objects.create(room=made.north, language="fr")
    made.publish()
    return made


def test_each_file_says_in_what_a_session_can_be_followed(client, db):
    interpreted()
    tree = xml_of(client, edition="meeting")
    links = {
        event.findtext("title"): [
            (link.get("service"), link.text) for link in event.iterfind("links/link[@type='interpretation']")
        ]
        for event in tree.iterfind("day/room/event")
    }
    assert links == {
        "Talk": [("ar", "ar, simultaneous, 3"), ("zh-Hans", "zh-Hans, consecutive")],
        "Room-Has-It": [("fr", "fr, simultaneous")],
    }
    (events,) = json_of(client, edition="meeting")["days"][0]["rooms"].values()
    addresses = [link["url"].partition("/sessions/")[2] for event in events for link in event["links"]]
    assert addresses == ["talk/#interpretation-ar", "talk/#interpretation-zh-Hans", "room-has-it/#interpretation-fr"]
    told = calendar_of(client, edition="meeting")
    assert "Interpretation: Arabic, Chinese (Simplified)" in told["talk"]["DESCRIPTION"]
    assert "Interpretation: French" in told["room-has-it"]["DESCRIPTION"]


def test_the_page_of_a_session_has_the_anchors_that_the_files_link_to(client, db):
    interpreted()
    SessionInterpretation.objects.create(session=Session.objects.get(slug="talk"), language="ar", mode="consecutive")
    page = client.get("/en/conference/meeting/sessions/talk/").text
    assert [page.count(f'id="interpretation-{tag}"') for tag in ("ar", "zh-Hans", "fr")] == [1, 1, 0]
    assert 'id="interpretation-fr"' in client.get("/en/conference/meeting/sessions/room-has-it/").text


@pytest.mark.parametrize("ending", ENDINGS)
def test_interpretation_is_no_link_of_the_session_when_it_is_read_back(client, db, tmp_path, ending):
    interpreted()
    file = tmp_path / "own"
    file.write_text(file_of(client, ending, edition="meeting"))
    call_command("import_schedule", str(file), edition="meeting")
    assert not SessionLink.objects.exists()


def nasty(number: int) -> None:
    """An edition of what a form lets in, as odd as it goes; another one for each number."""
    chance = Random(number)
    words = [
        "",
        " ",
        "한국어",
        "会议 &amp; 日程",
        "<b>bold</b>",
        "“quotes” & 'more'",
        "\u202ertl\u202c",
        "a\tb\nc",
        "\ufdd0 \x0b",
        "😀" * 80,
        "x" * 100,
    ]
    slugs = ["a", "a1", "2030", "very-long" + "-x" * 40]
    zones = ["Asia/Kathmandu", "America/Los_Angeles", "Pacific/Kiritimati", "UTC", "Australia/Lord_Howe"]
    dates = [(None, None), ("2023", "2023"), ("2023-11-06", None), ("2023-11", "2023-11-07")]
    start_date, end_date = chance.choice(dates)
    made = Programme(
        slug=chance.choice(slugs),
        name_en=chance.choice(words),
        time_zone=chance.choice(zones),
        start_date=start_date,
        end_date=end_date,
    )
    rooms = [
        None,
        made.north,
        made.south,
        Room.objects.create(venue=made.north.venue, slug="other", name_en=chance.choice(words)),
    ]
    track = Track.objects.create(edition=made.edition, slug="9", name_en=chance.choice(words), state="published")
    kind = SessionType.objects.create(slug="kind", name_en=chance.choice(words))
    person = Person.objects.create(slug="p", name_en=chance.choice(words), state="published")
    lengths = [timedelta(minutes=1), HOUR, timedelta(seconds=30), timedelta(days=5), timedelta(days=40)]
    for index in range(chance.choice([0, 1, 12])):
        talk = made.add(
            f"{index}" if chance.random() < 0.3 else f"{chance.choice(slugs)}-{index}",
            chance.choice([None, NINE + index * HOUR, NINE + timedelta(days=index * 200)]),
            chance.choice(rooms),
            chance.choice(["tentative", "cancelled"]),
            title_en=chance.choice(words),
            subtitle_ar=chance.choice(words),
            abstract_en=chance.choice(words),
            track=chance.choice([None, track]),
            type=chance.choice([None, kind]),
            languages=chance.choice([None, [], ["en"], ["zh-Hans", "pt-BR"]]),
            recording_url=chance.choice(["", "https://example.org/a b?c=<d>&e", "javascript:x", "ftp://example.org"]),
            address=chance.choice(["", "https://example.org/é", "mailto:a@example.org"]),
            length=chance.choice(lengths),
        )
        Participation.objects.create(session=talk, person=person)
        SessionInterpretation.objects.create(
            session=talk,
            language="ar",
            channel=chance.choice(["", "3"]),
            stream=chance.choice(["", "https://example.org/live?a=1&b", "rtmp://example.org"]),
        )
        SessionLink.objects.create(
            session=talk,
            kind=chance.choice(["website", "attachment"]),
            label_en=chance.choice(words),
            address="https://example.org/?<x>",
        )
    made.publish()


@pytest.mark.parametrize("number", range(24))
def test_whatever_is_on_file_each_file_is_valid(client, db, number):
    nasty(number)
    slug = Edition.objects.get().slug
    for language in ("en", "ar"):
        tree = xml_of(client, edition=slug, lang=language)
        json_of(client, edition=slug, lang=language)
        rows = client.get("/api/v1/sessions/", {"edition": slug, "page_size": 200}).json()["results"]
        taking_place = [row["id"] for row in rows if row["start"] and row["state"] != "cancelled"]
        assert sorted(event.get("guid") for event in tree.iterfind("day/room/event")) == sorted(taking_place)
        calendar = file_of(client, "ics", edition=slug, lang=language)
        uids = [str(event["UID"]) for event in Calendar.from_ical(calendar).walk("VEVENT")]
        assert sorted(uids) == sorted(f"{row['id']}@localhost" for row in rows if row["start"])
        for line in calendar.encode().split(b"\r\n"):
            assert len(line) <= 75
            line.decode()


def test_every_session_has_one_identifier_in_every_file(client, db):
    """pretalx#925: entries of one talk that shared an identifier swallowed each other."""
    full_programme()
    entries = Calendar.from_ical(file_of(client, "ics", edition="meeting")).walk("VEVENT")
    identifiers = [str(entry["UID"]) for entry in entries]
    assert len(set(identifiers)) == len(identifiers) > 5
    parts = [
        str(entry["UID"])
        for query in ({"room": "north-hall"}, {"slug": "late"}, {"speaker": "first"}, {"day": "2023-11-07"})
        for entry in Calendar.from_ical(file_of(client, "ics", edition="meeting", **query)).walk("VEVENT")
    ]
    assert set(parts) < set(identifiers)


def test_a_session_without_an_end_is_in_the_calendar(client, programme):
    """pretalx#1247: the calendar of a talk without an end was empty."""
    session = programme.add("open-end")
    programme.change(session, end=None)
    programme.publish()
    event = calendar_of(client, edition="meeting")["open-end"]
    assert event["DTSTART"].dt.hour == 9
    assert "DTEND" not in event


def test_breaks_and_plenaries_of_all_rooms_are_in_the_calendar(client, programme):
    """pretalx#961: a break in the programme made the whole calendar fail."""
    programme.add("coffee", type=SessionType.objects.create(slug="break", name_en="Break"))
    programme.add("talk", NINE + HOUR, programme.north)
    programme.publish()
    events = calendar_of(client, edition="meeting")
    assert set(events) == {"coffee", "talk"}
    assert "LOCATION" not in events["coffee"]


def test_the_calendar_that_a_page_offers_holds_what_the_page_shows(client, programme):
    """pretalx#1794: whoever had filtered the programme got all of it."""
    programme.add("here", room=programme.north)
    programme.add("there", room=programme.south)
    programme.publish()
    page = client.get("/en/conference/meeting/programme/?room=north-hall")
    (address,) = {one["url"] for one in page.context["exports"] if one["label"] == "iCalendar"}
    calendar = Calendar.from_ical(b"".join(client.get(address).streaming_content))
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == ["Here"]


def test_what_was_moved_or_taken_out_is_never_told_as_it_was(client, programme):
    """ietf-tools/datatracker#9628: a session that had moved still stood, uncancelled, at its old time."""
    moved, dropped = programme.add("moved", room=programme.north), programme.add("dropped", room=programme.south)
    programme.publish()

    def told():
        events = Calendar.from_ical(file_of(client, "ics", edition="meeting")).walk("VEVENT")
        assert len({str(event["UID"]) for event in events}) == len(events) == 2
        return {
            str(event["SUMMARY"]): (str(event["STATUS"]), event["DTSTART"].dt.hour, event["SEQUENCE"])
            for event in events
        }

    programme.change(moved, start=NINE + 2 * HOUR, end=NINE + 3 * HOUR)
    slot = Slot.objects.get(version=programme.edition.draft_schedule(), session=dropped)
    slot.delete()
    programme.publish()
    assert told() == {"Moved": ("CONFIRMED", 11, 1), "Dropped": ("CANCELLED", 9, 1)}
    programme.publish()
    assert told() == {"Moved": ("CONFIRMED", 11, 1), "Dropped": ("CANCELLED", 9, 1)}
    # Back where it was: a calendar that heard of the end has to hear of this too.
    slot.pk = None
    slot.save()
    programme.publish()
    assert told() == {"Moved": ("CONFIRMED", 11, 1), "Dropped": ("CONFIRMED", 9, 2)}


def test_a_calendar_has_each_zone_that_it_uses_and_where_the_venue_is(client, programme):
    Venue.objects.filter(slug="north").update(latitude="29.56301", longitude="106.55156")
    programme.add("here", room=programme.north)
    programme.add("nowhere", room=programme.south)
    programme.publish()
    other = Edition.objects.create(slug="other", name_en="Other", time_zone="Asia/Kathmandu", state="published")
    talk = Session.objects.create(edition=other, slug="far", title_en="Far", state="published")
    Slot.objects.create(version=other.draft_schedule(), session=talk, start=NINE, end=NINE + HOUR, state="confirmed")
    other.publish_schedule()
    text = file_of(client, "ics")
    calendar = Calendar.from_ical(text)
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    assert zones == {event["DTSTART"].params["TZID"] for event in calendar.walk("VEVENT")}
    assert zones == {"Asia/Shanghai", "Asia/Kathmandu"}
    assert "GEO:29.56301;106.55156\r\n" in text
    assert text.count("GEO:") == 1


LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):([^\x00-\x08\x0a-\x1f]*)')
TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME"}


def test_a_calendar_is_what_the_standard_says_line_by_line(client, db):
    made = full_programme()
    Edition.objects.update(name_en="Rules, terms; and \\ more\nin two lines")
    made.add("long", NINE + 6 * HOUR, title_en="会议" * 120, abstract_en="<p>😀, ; \\ " + "ü" * 400 + "</p>")
    made.publish()
    content = file_of(client, "ics", edition="meeting").encode()
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    physical = content.split(b"\r\n")[:-1]
    assert all(0 < len(line) <= 75 for line in physical)
    assert all(line.decode() for line in physical)
    opened: list[str] = []
    for line in content.decode().replace("\r\n ", "").split("\r\n")[:-1]:
        name, _, value = LINE.fullmatch(line).groups()
        if name == "BEGIN":
            opened.append(value)
        elif name == "END":
            assert opened.pop() == value
        elif name in TEXTS:
            # A comma, a semicolon or a backslash alone would end the text.
            assert re.fullmatch(r"(?:[^\\,;]|\\[\\,;nN])*", value), line
    assert opened == []
    required = {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "LAST-MODIFIED", "STATUS", "SUMMARY", "URL"}
    events = Calendar.from_ical(content).walk("VEVENT")
    assert all(required <= set(event) for event in events)
    assert len(events) == 10
