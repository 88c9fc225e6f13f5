"""schedule.xml is read whole or its faults are named, each with its line."""

import io
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conference.imports import schedule_xml
from conference.imports.parsed import Key, Link, ScheduleError, Track
from conference.imports.schedule_xml import parse
from content.imports.xml_stream import CHUNK

SAMPLES = Path(__file__).parent / "samples"


def parsed(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return parse(io.BytesIO(data), **options)


def schedule(*events, conference="<title>Sample</title>", day='date="2026-03-28"', top=""):
    """A schedule whose first event begins in line 4, each further one in the line after the one before."""
    body = "\n".join(events)
    return (
        f"<schedule>{top}\n<conference>{conference}</conference>\n<day {day}><room name='Hall A'>\n{body}\n"
        "</room></day></schedule>"
    )


def event(title="Talk", start="10:00", duration="1:00", more="", attributes='id="1"'):
    times = f"<start>{start}</start><duration>{duration}</duration>"
    return f"<event {attributes}><title>{title}</title>{times}{more}</event>"


def only(result):
    assert len(result.events) == 1
    return result.events[0]


def reasons(problems):
    return [(problem.line, problem.reason) for problem in problems]


def the_error(text):
    with pytest.raises(ScheduleError) as caught:
        parsed(text)
    return caught.value.line, caught.value.reason


# ── dialects ───────────────────────────────────────────────────────────────────────────────────────────────────────


class TestFrab:
    @pytest.fixture
    def sample(self):
        return parse(SAMPLES / "schedule-frab.xml", name="sample")

    def test_the_conference_is_read(self, sample):
        conference = sample.conference
        assert (conference.acronym, conference.title, conference.version) == (
            "sample2026",
            "Sample Conference",
            "0.7 Sample",
        )
        assert (conference.start, conference.end) == (date(2026, 12, 27), date(2026, 12, 28))
        assert (conference.time_zone, conference.base_url) == ("Europe/Berlin", "https://example.org/2026/")
        assert sample.tracks == (Track("Physics", "physics", "#ff0000"),)
        assert sample.name == "sample"

    def test_every_field_of_an_event_is_read(self, sample):
        opening = sample.events[0]
        assert (opening.line, opening.id, opening.code) == (19, "11", "ABC123")
        assert opening.guid == "29aecfd7-2e44-4f49-ab86-29b5e0877325"
        assert opening.start == datetime(2026, 12, 27, 10, 0, tzinfo=UTC)
        assert opening.start.utcoffset() == timedelta(0)
        assert not opening.start_is_local
        assert opening.duration == timedelta(minutes=30)
        assert (opening.room, opening.slug) == ("Hall 1", "sample2026-11-opening")
        assert opening.url == "https://example.org/2026/talk/ABC123/"
        assert (opening.title, opening.subtitle) == ("Opening of the Sample", "An hour early")
        assert (opening.track, opening.track_slug, opening.type) == ("Physics", "physics", "lecture")
        assert opening.languages == ("de", "en")
        assert (opening.abstract, opening.description) == ("<p>Welcome &amp; begin.</p>", "")
        assert opening.recording_url == "https://example.org/recordings/11"
        assert (opening.recording_optout, opening.recording_licence) == (False, "CC BY 4.0")
        assert opening.attachments == (Link("https://example.org/11.pdf", "Slides", "slides"),)

    def test_only_web_addresses_are_links(self, sample):
        assert sample.events[0].links == (
            Link("https://example.org/paper", "A paper", "related"),
            Link("https://example.org/bare"),
            Link("https://example.org/2026/slides/11", "From the base address"),
        )
        assert reasons(sample.problems) == [(48, "address 'javascript:alert(1)' is not http or https: it is left out")]

    def test_persons_keep_id_guid_and_role(self, sample):
        one, two = sample.events[0].persons
        assert (one.name, one.id, one.guid, one.role) == (
            "Speaker One",
            "1",
            "0d6f4a7b-1c01-4c3e-9d5e-7a1f0b6e4a1c",
            "moderator",
        )
        assert (two.name, two.id, two.guid, two.role) == ("Speaker Two", "2", "", "")
        assert [person.key for person in sample.persons] == [one.person, two.person]

    def test_a_guid_in_base64_is_the_uuid_of_its_bytes(self, sample):
        assert sample.events[1].guid == "436f6e66-6572-656e-6365-323032362121"

    def test_an_event_after_midnight_keeps_its_date(self, sample):
        assert sample.events[1].start == datetime(2026, 12, 28, 0, 15, tzinfo=UTC)
        assert sample.events[1].recording_optout is True


class TestPentabarf:
    @pytest.fixture
    def sample(self):
        return parse(SAMPLES / "schedule-pentabarf.xml")

    def test_times_are_local_where_the_file_names_no_zone(self, sample):
        assert [event.start_is_local for event in sample.events] == [True, True, True]
        assert sample.events[0].start == datetime(2026, 2, 7, 9, 30)  # noqa: DTZ001
        assert reasons(sample.problems) == [
            (13, "the file names no time zone: 3 times without an offset are taken in the zone of the edition"),
            (34, "'Speaker One' has several ids, such as 6 and 7: taken as one person"),
        ]

    def test_the_zone_of_the_caller_is_taken(self):
        events = parse(SAMPLES / "schedule-pentabarf.xml", default_zone=ZoneInfo("Asia/Kathmandu")).events
        assert events[0].start == datetime(2026, 2, 7, 3, 45, tzinfo=UTC)
        assert not events[0].start_is_local

    def test_a_time_before_the_change_of_day_is_of_the_next_morning(self, sample):
        assert sample.events[1].start == datetime(2026, 2, 8, 0, 15)  # noqa: DTZ001
        assert sample.events[2].start == datetime(2026, 2, 8, 1, 30)  # noqa: DTZ001

    def test_an_id_with_two_names_is_two_persons_and_a_name_with_two_ids_is_one(self, sample):
        assert [person.name for person in sample.persons] == ["Speaker One", "Speaker Two"]
        assert sample.events[0].persons[0].person == sample.events[1].persons[0].person

    def test_what_is_absent_is_empty(self, sample):
        opening = sample.events[0]
        assert (opening.guid, opening.languages, sample.conference.version) == ("", (), "")
        assert (sample.conference.venue, sample.conference.city) == ("Sample House", "Sampleton")


class TestEntries:
    @pytest.fixture
    def sample(self):
        return parse(SAMPLES / "schedule-entries.xml")

    def test_events_may_stand_straight_under_the_day(self, sample):
        assert [(event.line, event.title, event.room) for event in sample.events] == [
            (4, "Straight under the day", "C01"),
            (20, "Without any room", ""),
        ]

    def test_times_and_durations_may_be_bare_numbers_or_iso(self, sample):
        assert [event.duration for event in sample.events] == [timedelta(minutes=45), timedelta(minutes=90)]
        assert sample.events[0].start == datetime(2026, 7, 21, 9, 30)  # noqa: DTZ001

    def test_the_days_give_the_dates_of_a_file_without_conference(self, sample):
        assert (sample.conference.start, sample.conference.end) == (date(2026, 7, 21), date(2026, 7, 21))
        assert (1, "the file has no <conference>: its dates are those of its days") in reasons(sample.warnings)

    def test_an_unknown_element_is_reported_once(self, sample):
        assert (6, "element '<audience>' is not known and left out, 2 times in all") in reasons(sample.warnings)

    def test_speakers_are_persons(self, sample):
        assert sample.events[0].persons[0].name == "Speaker One"
        assert sample.events[0].type == "Keynote"


class TestListedPersons:
    @pytest.fixture
    def sample(self):
        return parse(SAMPLES / "schedule-listed-persons.xml")

    def test_the_list_tells_namesakes_apart(self, sample):
        assert [(person.id, person.name, person.biography) for person in sample.persons] == [
            ("1", "Speaker One", "<p>Longer.</p>"),
            ("2", "Speaker Two", "<p>Two.</p>"),
            ("3", "Speaker Two", ""),
            ("9", "Speaker Three", ""),
        ]
        assert [one.person for one in only(sample).persons] == ["id:1", "id:3", "name:speaker three"]
        assert reasons(sample.problems) == [(43, "'Speaker Two' stands twice among the persons of the event")]

    def test_html_may_stand_there_as_elements(self, sample):
        assert only(sample).abstract == "<p>HTML as elements, <em>a &lt; b</em><br>next</p>"

    def test_tracks_and_room_have_their_slugs(self, sample):
        assert sample.tracks == (Track("Main Track", "main"), Track("Water & Ice", "aqua"))
        assert (only(sample).room, only(sample).room_slug) == ("Hall A", "hall-a")


def test_persons_described_within_an_event_keep_their_biography():
    person = '<person id="5"><public_name>Speaker One</public_name><biography>About</biography></person>'
    result = parsed(schedule(event(more=f"<persons>{person}</persons>")))
    assert [(one.name, one.biography) for one in result.persons] == [("Speaker One", "About")]


def test_namespaces_and_prefixes_make_no_difference():
    text = schedule(event()).replace("<schedule>", '<schedule xmlns="https://example.org/schedule">')
    assert only(parsed(text)).title == "Talk"
    assert only(parsed(schedule(event()).replace("room", "x:room"))).room == "Hall A"


def test_days_may_stand_within_the_conference():
    text = f"<schedule><conference><days><day date='2026-03-28'>{event()}</day></days></conference></schedule>"
    assert only(parsed(text)).start == datetime(2026, 3, 28, 10)  # noqa: DTZ001


def test_day_and_room_end_where_they_end():
    text = f"<schedule><day date='2026-03-28'><room name='A'>{event()}</room>{event()}</day>"
    text += f"<day date='2026-03-30'/>{event()}</schedule>"
    result = parsed(text)
    assert [(one.room, one.start and one.start.day) for one in result.events] == [("A", 28), ("", 28), ("", None)]
    assert (result.conference.start, result.conference.end) == (date(2026, 3, 28), date(2026, 3, 30))


def test_the_conference_may_follow_its_events():
    text = f"<schedule><day date='2026-07-01'>{event()}</day>"
    text += "<conference><time_zone_name>Asia/Shanghai</time_zone_name></conference></schedule>"
    assert only(parsed(text)).start == datetime(2026, 7, 1, 2, tzinfo=UTC)


# ── nothing is lost in silence ─────────────────────────────────────────────────────────────────────────────────────


def test_each_event_comes_in_or_is_refused_with_its_line():
    result = parsed(
        schedule(
            event(title="Fine"),
            event(title=" "),
            event(start="sunset"),
            event(more="<date>tomorrow</date>"),
            event(more=event(title="Inner")),
            event(title="Fine, too"),
        )
    )
    assert [(one.line, one.title) for one in result.events] == [(4, "Fine"), (8, "Talk"), (9, "Fine, too")]
    assert reasons(result.refused) == [
        (5, "the event has no title"),
        (6, "start 'sunset' is not a time of the form HH:MM"),
        (7, "'tomorrow' is not a date of the form 2026-01-31 or 2026-01-31T09:30+01:00"),
        (8, "the event stands inside of <event>: which is meant can't be told"),
    ]
    assert result.read == 7


def test_an_event_anywhere_is_counted():
    result = parsed(
        f"<schedule>{event()}<other>{event()}</other><persons><person>{event()}</person></persons></schedule>"
    )
    assert (result.read, len(result.events), len(result.refused)) == (3, 2, 1)


def test_an_event_without_a_time_comes_in_without_a_place():
    result = parsed(schedule("<event><title>Poster</title></event>"))
    assert (only(result).start, only(result).duration) == (None, None)
    assert (4, "the event has no start time: it comes in without a place in the programme") in reasons(result.warnings)


def test_a_repeated_field_is_reported():
    result = parsed(schedule(event(more="<title>Second</title>")))
    assert only(result).title == "Talk"
    assert (4, "<title> stands more than once in the event: the first is taken") in reasons(result.warnings)


def test_the_room_around_the_event_wins():
    result = parsed(schedule(event(more="<room>Hall B</room>")))
    assert only(result).room == "Hall A"
    assert (4, "the event stands in room 'Hall A' but says 'Hall B': the first is taken") in reasons(result.warnings)


@pytest.mark.parametrize(
    ("attributes", "more", "state"),
    [
        ('state="cancelled"', "", "cancelled"),
        ("", "<status>Canceled</status>", "cancelled"),
        ("", "<cancelled>true</cancelled>", "cancelled"),
        ("", "<state>tentative</state>", "tentative"),
        ("", "<state>confirmed</state>", "confirmed"),
        ("", "", ""),
    ],
)
def test_a_state_is_read_where_the_dialect_has_one(attributes, more, state):
    assert only(parsed(schedule(event(attributes=attributes, more=more)))).state == state


def test_a_title_cancels_nothing_but_is_pointed_out():
    result = parsed(schedule(event(title="CANCELLED: Talk"), conference=BERLIN))
    assert only(result).state == ""
    assert reasons(result.problems) == [
        (4, "the title says cancelled, which alone changes no state: cancel the session if it is so")
    ]


# ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────

BERLIN = "<time_zone_name>Europe/Berlin</time_zone_name>"


@pytest.mark.parametrize(
    ("more", "start"),
    [
        ("<date>2026-03-28T10:00:00+01:00</date>", datetime(2026, 3, 28, 9, tzinfo=UTC)),
        ("<date>2026-03-28T09:00:00Z</date>", datetime(2026, 3, 28, 9, tzinfo=UTC)),
        ("<date>2026-03-28T10:00:00</date>", datetime(2026, 3, 28, 9, tzinfo=UTC)),
        ("<date>2026-03-28 10:00</date>", datetime(2026, 3, 28, 9, tzinfo=UTC)),
        ("<date>2026-03-30</date>", datetime(2026, 3, 30, 8, tzinfo=UTC)),
        ("", datetime(2026, 3, 28, 9, tzinfo=UTC)),
    ],
)
def test_dates_with_and_without_an_offset(more, start):
    result = parsed(schedule(event(more=more), conference=BERLIN))
    assert only(result).start == start
    assert result.problems == ()


@pytest.mark.parametrize(
    ("day", "clock", "start"),
    [
        ('date="2026-06-01" start="2026-06-01T10:00" end="2026-06-02T03:00"', "00:30", "2026-06-01T22:30"),
        ('date="2026-06-01" start="2026-06-01T10:00" end="2026-06-02T03:00"', "10:00", "2026-06-01T08:00"),
        ('date="2026-06-01" start="2026-06-01T10:00" end="2026-06-02T03:00"', "09:00", "2026-06-01T07:00"),
        ('start="2026-06-01T08:00:00Z" end="2026-06-02T01:00:00Z"', "02:30", "2026-06-02T00:30"),
        ('date="2026-06-01"', "00:30", "2026-05-31T22:30"),
        ('date="2026-06-01"', "24:00", "2026-06-01T22:00"),
    ],
)
def test_a_time_without_a_date_lies_within_the_day(day, clock, start):
    result = parsed(schedule(event(start=clock), conference=BERLIN, day=day))
    assert only(result).start == datetime.fromisoformat(start).replace(tzinfo=UTC)


def test_a_wall_time_that_never_is_moves_forward_and_is_reported():
    result = parsed(schedule(event(start="02:30"), conference=BERLIN, day='date="2026-03-29"'))
    assert only(result).start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    reason = "2026-03-29 02:30 does not exist in Europe/Berlin, the clocks go forward: 03:30 is taken"
    assert reasons(result.problems) == [(4, reason)]


def test_a_wall_time_that_is_twice_is_the_first_and_is_reported():
    result = parsed(schedule(event(start="02:30"), conference=BERLIN, day='date="2026-10-25"'))
    assert only(result).start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert reasons(result.problems) == [
        (4, "2026-10-25 02:30 happens twice in Europe/Berlin, the clocks go back: the first is taken")
    ]


def test_an_offset_tells_the_two_apart():
    second = event(start="02:30", more="<date>2026-10-25T02:30:00+01:00</date>")
    result = parsed(schedule(second, conference=BERLIN))
    assert only(result).start == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert result.problems == ()


def test_contradictions_of_time_are_reported():
    result = parsed(
        schedule(
            event(more="<date>2026-03-28T11:00:00+01:00</date>"),
            event(more="<date>2026-03-28T10:00:00+02:00</date>"),
            conference=BERLIN,
        )
    )
    assert [one.start.hour for one in result.events] == [10, 8]
    assert reasons(result.problems) == [
        (4, "start '10:00' is not the time of '2026-03-28T11:00:00+01:00': the second is taken"),
        (5, "the offset of 2026-03-28T10:00:00+02:00 is not that of Europe/Berlin: the offset is taken"),
    ]


def test_the_offset_of_the_day_stands_in_for_a_zone():
    text = schedule(event(), day='start="2026-06-01T09:00:00+05:45"')
    assert only(parsed(text)).start == datetime(2026, 6, 1, 4, 15, tzinfo=UTC)
    assert only(parsed(text, default_zone=ZoneInfo("Europe/Berlin"))).start == datetime(2026, 6, 1, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(("name", "zone"), [("Berlin", "Europe/Berlin"), ("Asia/Kathmandu", "Asia/Kathmandu")])
def test_a_zone_may_be_called_by_its_city(name, zone):
    assert parsed(schedule(conference=f"<time_zone_name>{name}</time_zone_name>")).conference.time_zone == zone


@pytest.mark.parametrize("name", ["Nowhere/City", "../../etc/passwd", "/etc/localtime", "Europe"])
def test_an_unknown_zone_is_reported(name):
    result = parsed(schedule(event(), conference=f"<time_zone_name>{name}</time_zone_name>"))
    assert result.conference.time_zone == ""
    assert result.problems[0].line == 2
    assert "is not known: a name such as Asia/Shanghai is expected" in result.problems[0].reason


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1:30", 90),
        ("01:30", 90),
        ("01:30:00", 90),
        ("90", 90),
        ("PT90M", 90),
        ("1 day, 0:30:00", 1470),
        ("00:90", 90),
    ],
)
def test_durations_of_every_dialect(text, minutes):
    assert only(parsed(schedule(event(duration=text)))).duration == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["00:00", "-1:00", "135.0:00", "soon", "999:00", "P", "PT", "\u0661:\u0660\u0660"])
def test_an_impossible_duration_is_reported_not_stored(text):
    result = parsed(schedule(event(duration=text), conference=BERLIN))
    assert only(result).duration is None
    (warning,) = result.problems
    assert warning.line == 4
    assert warning.reason.startswith(f"duration '{text}' is not ")


def test_an_end_stands_in_for_a_duration():
    text = schedule(event(start="23:30", duration="", more="<end>00:15</end>"))
    assert only(parsed(text)).duration == timedelta(minutes=45)


# ── languages ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("en", ("en",)),
        ("En", ("en",)),
        ("de, en", ("de", "en")),
        ("de/en/de", ("de", "en")),
        ("pt_BR", ("pt-BR",)),
        ("zh-hans", ("zh-Hans",)),
        ("de-formal", ("de",)),
        ("eng", ("en",)),
        ("iw", ("he",)),
        ("English", ("en",)),
        ("English and Français", ("en", "fr")),
        ("русский", ("ru",)),
        ("العربية", ("ar",)),
        ("中文", ("zh",)),
        ("", ()),
    ],
)
def test_languages_are_read(text, languages):
    result = parsed(schedule(event(more=f"<language>{text}</language>"), conference=BERLIN))
    assert only(result).languages == languages
    assert result.problems == ()


@pytest.mark.parametrize(
    ("text", "languages", "reported"),
    [
        ("xx", (), "xx"),
        ("jp", (), "jp"),
        ("en, gb", ("en",), "gb"),
        ("en-XX", (), "en-XX"),
        ("mul", (), "mul"),
        ("Mostly English, questions in any language", (), "Mostly English, questions in any language"),
        ("We decide\n on the spot, en", (), "We decide on the spot, en"),
    ],
)
def test_what_is_no_language_is_reported_not_stored(text, languages, reported):
    result = parsed(schedule(event(more=f"<language>{text}</language>"), conference=BERLIN))
    assert only(result).languages == languages
    assert reasons(result.problems) == [(4, f"language '{reported}' is not a language's code or name: it is left out")]


# ── recognising events again ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("guid", "read"),
    [
        ("{29AECFD7-2E44-4F49-AB86-29B5E0877325}", "29aecfd7-2e44-4f49-ab86-29b5e0877325"),
        ("29aecfd72e444f49ab8629b5e0877325", "29aecfd7-2e44-4f49-ab86-29b5e0877325"),
        ("-nkQSxyDLXMEwkqrCHASYw", "fa79104b-1c83-2d73-04c2-4aab08701263"),
        ("+nkQSxyDLXMEwkqrCHASYw==", "fa79104b-1c83-2d73-04c2-4aab08701263"),
        ("-nkQSxyDLXMEwkqrCHASYx", "-nkQSxyDLXMEwkqrCHASYx"),
        ("own-scheme-7", "own-scheme-7"),
        ("None", ""),
        ("00000000-0000-0000-0000-000000000000", ""),
    ],
)
def test_a_guid_is_the_same_in_every_spelling(guid, read):
    assert only(parsed(schedule(event(attributes=f'guid="{guid}"')))).guid == read


def test_the_keys_go_from_sure_to_weak():
    persons = "<persons><person>Speaker Two</person><person>Speaker  One</person></persons>"
    text = event(title="A  Talk", attributes='guid="g" id="7" code="C"', more=f"<slug>a-talk</slug>{persons}")
    assert only(parsed(schedule(text))).keys == (
        Key("guid", "g"),
        Key("code", "C"),
        Key("id+title", "7 a talk"),
        Key("slug", "a-talk"),
        Key("title+persons", "a talk | speaker one, speaker two"),
        Key("id", "7"),
    )


def test_events_that_share_a_guid_all_come_in_and_differ_by_start():
    same = 'guid="29aecfd7-2e44-4f49-ab86-29b5e0877325"'
    result = parsed(schedule(event(attributes=same), event(attributes=same, start="12:00"), conference=BERLIN))
    first, second = (one.keys for one in result.events)
    guid = "29aecfd7-2e44-4f49-ab86-29b5e0877325"
    assert first[0] == Key("guid+start", f"{guid} @ 2026-03-28T09:00:00+00:00")
    assert second[0] == Key("guid+start", f"{guid} @ 2026-03-28T11:00:00+00:00")
    assert first[-2:] == second[-2:] == (Key("guid", guid), Key("title+persons", "talk | "))
    assert reasons(result.problems) == [
        (5, "the guid is that of the event in line 4 too: they are told apart by their start")
    ]


def test_the_first_keys_are_unique_however_alike_the_events_are():
    alike = event(attributes='guid="g"')
    text = schedule(alike, alike, alike, event(attributes='guid="g"', more="<venue>x</venue>"))
    firsts = [one.keys[0] for one in parsed(text).events]
    assert len(set(firsts)) == 4
    assert firsts == [one.keys[0] for one in parsed(text).events]


def test_events_alike_in_guid_and_start_differ_by_room():
    one = event(attributes='guid="g"')
    text = f"<schedule><day date='2026-03-28'><room name='A'>{one}</room><room name='B'>{one}</room></day></schedule>"
    assert [one.keys[0] for one in parsed(text, default_zone=UTC).events] == [
        Key("guid+start+room", "g @ 2026-03-28T10:00:00+00:00 @ a"),
        Key("guid+start+room", "g @ 2026-03-28T10:00:00+00:00 @ b"),
    ]


def test_a_person_is_not_recognised_by_an_id_alone():
    person = '<person id="4">Speaker  ONE</person>'
    (one,) = parsed(schedule(event(more=f"<persons>{person}</persons>"))).persons
    assert one.keys == (Key("id+name", "4 speaker one"), Key("name", "speaker one"))


# ── bad and hostile files ──────────────────────────────────────────────────────────────────────────────────────────

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE schedule [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<schedule>&b;</schedule>"""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "the file is empty"),
        (" \n ", 1, "the file is empty"),
        (LAUGHS, 2, "document type declaration (DTD, with it entities) is refused"),
        ("<!DOCTYPE schedule SYSTEM 'file:///etc/passwd'><schedule/>", 1, "document type declaration"),
        ("<!DOCTYPE html>\n<html></html>", 1, "this is an HTML page"),
        ("\n<html><p></html>", 2, "this is an HTML page"),
        ("<schedules/>", 1, "the outermost element is '<schedules>', expected is <schedule>"),
        ("hello", 1, "not well-formed XML: syntax error"),
        ("<schedule>\n<day>\n</schedule>", 3, "not well-formed XML: mismatched tag"),
        ("\n\n<schedule>\n</day>", 4, "not well-formed XML: mismatched tag"),
        ("<schedule>\n<day>\n", 3, "cut off"),
        ("<schedule>\n<da", 2, "cut off"),
        ("<schedule>\n&nbsp;</schedule>", 2, "an entity that XML doesn't have"),
        ("<schedule>\n&#8;</schedule>", 2, "a reference to a character that XML doesn't allow"),
        ("<schedule>\n\x00</schedule>", 2, "NUL"),
        ('{"schedule": {}}', 1, "this is JSON"),
        ("BEGIN:VCALENDAR\n", 1, "this is an iCalendar file"),
        (b"\x1f\x8b\x08\x00", 1, "this is a gzip file: unpack it first"),
        (b"PK\x03\x04", 1, "this is a zip file"),
        (b"<schedule>\n\xe9</schedule>", 2, "byte 0xE9 is not utf-8"),
        ('<?xml version="1.0" encoding="klingon"?><schedule/>', 1, "the encoding 'klingon' is not known"),
        ('<?xml version="1.0" encoding="zip"?><schedule/>', 1, "the encoding 'zip' is not known"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><schedule>Café</schedule>', 1, "its bytes are UTF-8"),
        ("<schedule>" + "<x>" * 60, 1, "nested more than 50 deep"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(text, line, words):
    found_line, reason = the_error(text)
    assert words in reason
    assert found_line == line


def test_a_file_cut_off_anywhere_is_refused_whole():
    whole = (SAMPLES / "schedule-frab.xml").read_bytes().rstrip()
    for length in range(0, len(whole), 97):
        with pytest.raises(ScheduleError):
            parsed(whole[:length])


def test_a_missing_file_is_an_error_of_the_file(tmp_path):
    with pytest.raises(ScheduleError, match="the file can't be read: No such file or directory"):
        parse(tmp_path / "missing.xml")


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "utf-8-sig", "utf-16-le"])
def test_other_encodings_are_read(encoding):
    declared = encoding.removesuffix("-sig").removesuffix("-le")
    text = f'<?xml version="1.0" encoding="{declared}"?>' + schedule(event(title="Café"))
    assert only(parsed(text.encode(encoding))).title == "Café"


@pytest.mark.parametrize("encoding", ["gb18030", "koi8-r", "shift_jis", "cp1256"])
def test_encodings_that_expat_lacks_are_read(encoding):
    title = {"gb18030": "科学大会", "koi8-r": "Наука", "shift_jis": "科学", "cp1256": "العلوم"}[encoding]
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + schedule(event(title=title))
    assert only(parsed(text.encode(encoding))).title == title


def test_a_file_that_wrongly_calls_itself_utf_16_is_read_with_a_warning():
    result = parsed('<?xml version="1.0" encoding="utf-16"?>' + schedule(event(title="Café")))
    assert only(result).title == "Café"
    assert (1, "the file declares utf-16 but isn't; it is read as UTF-8") in reasons(result.warnings)


def test_control_characters_are_left_out_with_a_warning():
    result = parsed(schedule(event(), event(title="Ta\x0blk\x08")))
    assert [one.title for one in result.events] == ["Talk", "Talk"]
    reason = "2 control characters that XML doesn't allow are left out, the first is U+000B"
    assert (5, reason) in reasons(result.warnings)


def test_blank_lines_before_the_declaration_are_counted():
    result = parsed('\n\n<?xml version="1.0"?>\n' + schedule(event()))
    assert only(result).line == 7


def test_lines_are_right_far_into_a_file():
    filler = event(more="<abstract>" + "x\n" * 9 + "</abstract>").replace("</event>", "</event>\n")
    result = parsed(f"<schedule><day date='2026-03-28'>\n{filler * 10_000}{event(title='')}</day></schedule>")
    assert [problem.line for problem in result.refused] == [100_002]


def test_a_field_that_is_too_long_refuses_its_event_alone(monkeypatch):
    monkeypatch.setattr(schedule_xml, "LONGEST_FIELD", 1_000)
    long = event(more=f"<abstract>{'x' * 1_001}</abstract>")
    result = parsed(schedule(event(), long, event(more=f"<abstract>{'x' * 1_000}</abstract>")))
    assert [one.line for one in result.events] == [4, 6]
    assert reasons(result.refused) == [(5, "<abstract> is longer than 1,000 characters")]


def test_an_event_with_too_many_parts_is_refused_alone():
    links = "<links>" + "<link/>" * schedule_xml.MOST_ELEMENTS_OF_ONE + "</links>"
    result = parsed(schedule(event(more=links), event()))
    assert [one.line for one in result.events] == [5]
    assert reasons(result.refused) == [(4, "<event> has more than 5,000 elements")]


def test_too_many_events_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(schedule_xml, "MOST_EVENTS", 2)
    assert the_error(schedule(event(), event(), event())) == (6, "the file has more than 2 events: import it in parts")


def test_too_many_elements_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(schedule_xml, "KIND", replace(schedule_xml.KIND, most_elements=100))
    assert the_error("<schedule>" + "<day/>" * 100 + "</schedule>") == (1, "the file has more than 100 elements")


def test_one_endless_tag_is_refused_soon():
    text = "<schedule>\n<!-- " + "x" * 20_000_000
    begun = time.perf_counter()
    assert the_error(text) == (2, "one tag or comment is larger than 2 MB")
    assert time.perf_counter() - begun < 5


TOO_LARGE = "the file is larger than 100 MB: import it in parts, for instance day by day"


def test_a_file_of_500_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(500 * 1024**2)
    begun = time.perf_counter()
    with pytest.raises(ScheduleError) as caught:
        parse(path)
    assert (caught.value.line, caught.value.reason) == (1, TOO_LARGE)
    assert time.perf_counter() - begun < 0.1


class Endless(io.RawIOBase):
    """A stream that doesn't know its size: a beginning, then the same again and again."""

    def __init__(self, beginning, again):
        self.beginning = beginning
        self.again = again

    def read(self, size=-1):
        beginning, self.beginning = self.beginning, b""
        return beginning or self.again * (size // len(self.again))


@pytest.mark.parametrize(
    ("beginning", "again"),
    [
        (b"<schedule>", b"<day/>\n"),
        (b"<schedule>", b"text between\n"),
        (b"<schedule><event><abstract>", b"text within\n"),
        (b"<schedule><event><links>", b"<link/>\n"),
    ],
)
def test_an_endless_stream_ends_in_bounded_memory(monkeypatch, beginning, again):
    limited = replace(schedule_xml.KIND, largest_file=8 * 1024**2, most_elements=50_000)
    monkeypatch.setattr(schedule_xml, "KIND", limited)
    tracemalloc.start()
    try:
        with pytest.raises(ScheduleError):
            parse(Endless(beginning, again))
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024**2
    finally:
        tracemalloc.stop()


def test_a_name_that_lies_across_two_reads_of_the_file_stays_whole():
    persons = [f"Somebody called {number:05}" for number in range(4000)]
    more = "".join(f"<person>{name}</person>" for name in persons)
    text = schedule(event(more=f"<persons>{more}</persons>"))
    assert len(text) > 2 * CHUNK
    assert [part.name for part in only(parsed(text)).persons] == persons
