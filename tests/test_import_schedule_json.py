"""Programmes in JSON: both schemas of voc/schedule and their relatives, each event of which comes in or is refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from conference.imports.parsed import ScheduleError
from conference.imports.schedule_json import parse

GUIDS = [f"00000000-0000-4000-8000-{number:012}" for number in range(20)]


def talk(number=1, **more):
    return {
        "guid": GUIDS[number],
        "id": number,
        "title": f"Talk {number}",
        "date": f"2026-03-28T1{number}:00:00+08:00",
        "start": f"1{number}:00",
        "duration": "01:00",
        "persons": [{"guid": GUIDS[10], "name": "Ana Sample"}],
        **more,
    }


def first_schema(*talks, rooms=None, **conference):
    rooms = {"Hall A": list(talks)} if rooms is None else rooms
    day = {"index": 1, "date": "2026-03-28", "rooms": rooms}
    named = {"acronym": "sample", "title": "Sample", "time_zone_name": "Asia/Shanghai", "days": [day], **conference}
    return {"schedule": {"version": "3", "conference": named}}


def read(tree, **options):
    return parse((tree if isinstance(tree, str) else json.dumps(tree, indent=1)).encode(), **options)


def test_the_first_schema_is_read():
    event, other = read(first_schema(talk(1, language="de", track="Water"), talk(2))).events
    assert (event.title, event.guid, event.room, event.track) == ("Talk 1", GUIDS[1], "Hall A", "Water")
    assert event.start == datetime(2026, 3, 28, 3, tzinfo=UTC)
    assert event.duration == timedelta(hours=1)
    assert event.languages == ("de",)
    assert [(one.name, one.guid) for one in event.persons] == [("Ana Sample", GUIDS[10])]
    assert other.line > event.line > 1


def test_rooms_may_be_a_list_of_frab_or_hold_the_same_name_twice():
    (event,) = read(first_schema(rooms={"Room": [talk(1, room="Hall B")]})).events
    assert event.title == "Talk 1"
    text = json.dumps(first_schema(rooms={"Hall A": [talk(1)], "TWICE": [talk(2)]})).replace("TWICE", "Hall A")
    assert [event.title for event in read(text).events] == ["Talk 1", "Talk 2"]


def test_the_second_schema_is_read():
    tree = {
        "schedule": {
            "version": "1",
            "conference": {
                "acronym": "sample",
                "title": "Sample",
                "time_zone_name": "Europe/Berlin",
                "tracks": [{"name": "Art & Beauty", "slug": "art"}],
                "rooms": [{"name": "Hall 1", "slug": "hall-1", "guid": GUIDS[5]}],
                "days": [{"index": 1, "date": "2026-03-28", "start": "2026-03-28T09:00:00+01:00"}],
            },
            "events": [
                {
                    "guid": GUIDS[1],
                    "title": "Opening",
                    "start": "2026-03-28T10:30:00+01:00",
                    "end": "2026-03-28T11:00:00+01:00",
                    "room": {"guid": GUIDS[5]},
                    "track": {"slug": "art"},
                    "abstract": {"en": "Welcome", "fr": "Bienvenue"},
                    "participants": [{"guid": GUIDS[6], "name": "Ana Sample", "role": "moderator"}],
                }
            ],
            "persons": [{"guid": GUIDS[6], "name": "Ana Sample", "biography": "Invented."}],
        }
    }
    parsed = read(tree)
    (event,) = parsed.events
    assert (event.room, event.room_guid, event.track, event.track_slug) == ("Hall 1", GUIDS[5], "Art & Beauty", "art")
    assert (event.start, event.duration) == (datetime(2026, 3, 28, 9, 30, tzinfo=UTC), timedelta(minutes=30))
    assert event.texts == {"abstract": {"en": "Welcome", "fr": "Bienvenue"}}
    assert [(one.name, one.role) for one in event.persons] == [("Ana Sample", "moderator")]
    assert parsed.persons[0].biography == "Invented."
    assert parsed.warnings == []


def test_talks_that_refer_to_lists_are_resolved():
    tree = {
        "timezone": "Asia/Shanghai",
        "talks": [
            {"code": "ABC", "title": {"en": "Water", "fr": "Eau"}, "speakers": ["X1"], "track": 7, "room": 3,
             "start": "2026-03-28T09:00:00+08:00", "end": "2026-03-28T09:45:00+08:00"}
        ],
        "rooms": [{"id": 3, "name": {"en": "Hall"}}],
        "tracks": [{"id": 7, "name": "Rivers"}],
        "speakers": [{"code": "X1", "name": "Ana Sample"}],
    }  # fmt: skip
    (event,) = read(tree).events
    assert (event.code, event.title, event.room, event.track) == ("ABC", "Water", "Hall", "Rivers")
    assert event.texts["title"] == {"en": "Water", "fr": "Eau"}
    assert [one.name for one in event.persons] == ["Ana Sample"]
    assert event.duration == timedelta(minutes=45)


def test_each_event_comes_in_or_is_refused_with_its_line():
    parsed = read(first_schema(talk(1), talk(2, title=""), talk(3, date="soon"), "no event"))
    assert ([event.title for event in parsed.events], parsed.read) == (["Talk 1"], 4)
    assert [problem.reason for problem in parsed.refused][-2:] == [
        "the event has no title",
        "'soon' is not a date of the form 2026-01-31 or 2026-01-31T09:30+01:00",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"schedule": {\n"conference": ', 2, "cut off"),
        ('{"schedule": {}}\n{', 2, "more after the end"),
        ('{"schedule":\n nothing}', 2, "no JSON: expecting value"),
        ('{"name": "package", "version": "1"}', 1, "no list of events"),
        ("[" * 5000 + "]" * 5000, 1, "nested"),
        ('"text"', 1, "a single value"),
    ],
)
def test_bad_json_is_refused_whole_with_its_line(text, line, words):
    with pytest.raises(ScheduleError) as error:
        read(text)
    assert (error.value.line, words in error.value.reason) == (line, True), error.value


def test_a_file_cut_off_anywhere_is_refused_whole():
    text = json.dumps(first_schema(talk(1), talk(2)), indent=1)
    for length in range(1, len(text) - 1, 7):
        with pytest.raises(ScheduleError):
            read(text[:length])


def test_states_and_unknown_fields_are_read_or_reported():
    parsed = read(first_schema(talk(1, state="canceled"), talk(2, mood="sunny"), talk(3, cancelled=True)))
    assert [event.state for event in parsed.events] == ["cancelled", "", "cancelled"]
    assert [problem.reason for problem in parsed.warnings] == ["field 'mood' is not known and left out"]
