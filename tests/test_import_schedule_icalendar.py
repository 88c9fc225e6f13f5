"""Calendars with the defects of real ones: each event comes in or is refused, and none is lost."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conference.imports.ical_zones import known_zone
from conference.imports.parsed import ScheduleError
from conference.imports.schedule_ical import parse

BERLIN = ZoneInfo("Europe/Berlin")


def event(*lines, summary="Talk", start="DTSTART:20260328T100000Z", end="DTEND:20260328T110000Z"):
    return ["BEGIN:VEVENT", f"SUMMARY:{summary}", *filter(None, (start, end)), *lines, "END:VEVENT"]


def calendar(*events, top=()):
    return ["BEGIN:VCALENDAR", "VERSION:2.0", *top, *(line for one in events for line in one), "END:VCALENDAR"]


def read(lines, ending="\r\n", **options):
    return parse(ending.join([*lines, ""]).encode(), **options)


def test_events_that_share_one_uid_all_come_in():
    same = [
        event("UID:same@example.org", summary=f"Talk {n}", start=f"DTSTART:20260328T{n:02}0000Z", end="")
        for n in range(20)
    ]
    parsed = read(calendar(*same, event("UID:other")))
    assert len(parsed.events) == 21
    assert len({parsed_event.keys[0] for parsed_event in parsed.events}) == 21
    assert sum("told apart by their start" in problem.reason for problem in parsed.warnings) == 19


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_every_line_ending_is_read_and_lines_are_counted(ending):
    parsed = read(calendar(event(), event(summary="Second")), ending)
    assert [(one.title, one.line) for one in parsed.events] == [("Talk", 3), ("Second", 8)]


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("China Standard Time", "Asia/Shanghai"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_known_by_whatever_programs_call_it(name, zone):
    assert known_zone(name) == ZoneInfo(zone)


def test_a_malformed_definition_of_a_zone_does_no_harm():
    broken = ["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "END:VTIMEZONE"]
    (one,) = read(calendar(event(start="DTSTART;TZID=Europe/Berlin:20260328T100000"), top=broken)).events
    assert one.start == datetime(2026, 3, 28, 9, tzinfo=UTC)


def test_an_unknown_zone_is_the_editions_with_a_warning():
    parsed = read(calendar(event(start="DTSTART;TZID=Nowhere:20260328T100000", end="")), default_zone=BERLIN)
    assert parsed.events[0].start == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert any("the time zone 'Nowhere' is not known" in problem.reason for problem in parsed.warnings)


def test_floating_times_are_in_the_zone_of_the_calendar_or_of_the_edition():
    floating = event(start="DTSTART:20260328T100000", end="DURATION:PT1H30M")
    named = read(calendar(floating, top=["X-WR-TIMEZONE:Asia/Shanghai"]))
    assert named.events[0].start == datetime(2026, 3, 28, 2, tzinfo=UTC)
    taken = read(calendar(floating), default_zone=BERLIN)
    assert (taken.events[0].start, taken.events[0].duration) == (
        datetime(2026, 3, 28, 9, tzinfo=UTC),
        timedelta(minutes=90),
    )
    assert "1 times without an offset are taken in Europe/Berlin" in taken.warnings[0].reason


def test_days_without_hours_last_from_midnight_to_midnight():
    (one,) = read(
        calendar(event(start="DTSTART;VALUE=DATE:20260328", end="DTEND;VALUE=DATE:20260330")), default_zone=BERLIN
    ).events
    assert (one.start, one.duration, one.all_day) == (datetime(2026, 3, 27, 23, tzinfo=UTC), timedelta(days=2), True)


def test_texts_are_unfolded_however_they_were_folded():
    long = "Words and 汉字 " * 250
    raw = f"DESCRIPTION:{long.strip()}".encode()
    folded = b"\r\n ".join(raw[place : place + 60] for place in range(0, len(raw), 60))
    text = b"\r\n".join(
        [b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"SUMMARY:Talk", folded, b"END:VEVENT", b"END:VCALENDAR"]
    )
    assert parse(text).events[0].abstract == long.strip()
    (whole,) = read(calendar(event(f"DESCRIPTION:{long}"))).events
    assert whole.abstract == long.strip()


def test_a_line_that_lost_its_space_continues_the_text_before_it():
    parsed = read(calendar(event("DESCRIPTION:First", "no property at all", "Note: neither is this")))
    assert parsed.events[0].abstract == "First\nno property at all\nNote: neither is this"
    assert "taken as the continuation" in parsed.warnings[0].reason


def test_commas_need_no_escape_and_may_have_one():
    places = [event(f"LOCATION:Hall {name}\\, North House, Street 5", summary=name) for name in "AB"]
    parsed = read(calendar(*places, event("DESCRIPTION:One; two, three\\; four\\, five\\nsix", summary="C")))
    assert [(one.room, one.venue) for one in parsed.events[:2]] == [
        ("Hall A", "North House, Street 5"),
        ("Hall B", "North House, Street 5"),
    ]
    assert parsed.events[2].abstract == "One; two, three; four, five\nsix"


def test_a_missing_end_and_a_second_calendar_lose_nothing():
    lines = calendar(event()[:-1], event(summary="Second"))
    parsed = read([*lines, *calendar(event(summary="Third"))])
    assert [one.title for one in parsed.events] == ["Talk", "Second", "Third"]
    assert "VEVENT has no END" in parsed.warnings[0].reason


def test_a_file_that_ends_within_an_event_is_cut_off():
    with pytest.raises(ScheduleError, match="cut off"):
        read(calendar(event(), event())[:-3])


def test_what_repeats_comes_in_as_often_as_it_happens_within_the_edition():
    days = {"days": (date(2026, 3, 28), date(2026, 3, 30)), "default_zone": BERLIN}
    daily = event("UID:daily", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20260329T100000Z")
    parsed = read(calendar(daily), **days)
    assert [one.start.day for one in parsed.events] == [28, 30, 31]
    assert len({one.guid for one in parsed.events}) == 3
    endless = read(calendar(event("UID:endless", "RRULE:FREQ=WEEKLY")))
    assert (endless.events, endless.read) == ((), 1)
    assert "repeats without an end" in endless.refused[0].reason


def test_an_event_of_its_own_replaces_one_of_a_series():
    series = event("UID:a", "RRULE:FREQ=DAILY;COUNT=3")
    moved = event("UID:a", "RECURRENCE-ID:20260329T100000Z", summary="Moved", start="DTSTART:20260329T150000Z", end="")
    assert sorted((one.start.day, one.start.hour) for one in read(calendar(series, moved)).events) == [
        (28, 10),
        (29, 15),
        (30, 10),
    ]


def test_states_persons_categories_and_links():
    parsed = read(
        calendar(
            event(
                "STATUS:CANCELLED",
                'ATTENDEE;CN="Ana Sample";ROLE=CHAIR:mailto:ana@example.org',
                "ATTENDEE:mailto:nameless@example.org",
                "CATEGORIES:Workshop,Water",
                "URL:https://example.org/talk",
                "ATTACH:https://example.org/slides.pdf",
                "X-ALT-DESC;FMTTYPE=text/html:<html><body><p>Rich</p></body></html>",
                "DESCRIPTION:Plain",
            )
        )
    )
    (one,) = parsed.events
    assert (one.state, one.type, one.track, one.url) == ("cancelled", "Workshop", "Water", "https://example.org/talk")
    assert [(person.name, person.role) for person in one.persons] == [("Ana Sample", "chair")]
    assert [link.url for link in one.attachments] == ["https://example.org/slides.pdf"]
    assert one.abstract == "<p>Rich</p>"


def test_what_cannot_be_read_is_refused_with_its_line():
    parsed = read(calendar(event(start="DTSTART:soon"), ["BEGIN:VEVENT", "UID:untitled", "END:VEVENT"], event()))
    assert [(one.line, one.reason) for one in parsed.refused] == [
        (3, "DTSTART 'soon' is not a date or time"),
        (8, "the event has no title (SUMMARY)"),
    ]
    assert parsed.read == 3


def test_old_encodings_and_byte_order_marks_are_read():
    text = "\r\n".join(calendar(event(summary="Café")))
    assert parse(text.encode("utf-8-sig")).events[0].title == "Café"
    latin = parse(text.encode("cp1252"))
    assert (latin.events[0].title, len(latin.warnings)) == ("Café", 1)
