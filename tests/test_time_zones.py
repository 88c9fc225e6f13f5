"""Times in any zone: days, ends and lengths stay right past midnight and over a change of clocks, on every face."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from conference.models import Edition, Room, Session, Slot, Venue

pytestmark = pytest.mark.django_db
SHANGHAI, SYDNEY, BERLIN = (ZoneInfo(name) for name in ("Asia/Shanghai", "Australia/Sydney", "Europe/Berlin"))


def an_edition(zone: ZoneInfo, *sessions: tuple[str, datetime, datetime], start_date: str = "") -> Edition:
    """Each session in a room of its own."""
    edition = Edition.objects.create(
        slug="meeting", state="published", name_en="Meeting", time_zone=zone.key, start_date=start_date or None
    )
    venue = Venue.objects.create(slug="venue", name_en="Centre")
    draft = edition.draft_schedule()
    for number, (slug, start, end) in enumerate(sessions):
        room = Room.objects.create(venue=venue, slug=f"room-{number}", name_en=f"Room {number}", position=number)
        session = Session.objects.create(edition=edition, slug=slug, title_en=slug.title(), state="published")
        Slot.objects.create(version=draft, session=session, room=room, start=start, end=end, state="confirmed")
    edition.publish_schedule()
    return edition


def page(client, path: str = "programme/", **query) -> str:
    response = client.get(f"/en/conference/meeting/{path}", query)
    assert response.status_code == 200, response.content.decode()[:1000]
    return response.content.decode()


def days(html: str) -> list[str]:
    return re.findall(r'<h2 class="day__title" id="day-[^"]+">([^<]+)</h2>', html)


def times(html: str) -> list[str]:
    """What stands as the time of each session, in reading order."""
    return re.findall(r'session__time">(?:<time[^>]*>)?<bdi>([^<]+)</bdi>', html)


def rows_spanned(html: str, title: str) -> int:
    """The minutes that a cell of the grid is drawn over."""
    rows = re.findall(r'<tr class="span-(\d+)[^"]*">(.*?)</tr>', html, re.S)
    for number, (_, cells) in enumerate(rows):
        for cell in re.findall(r"<td(.*?)</td>", cells, re.S):
            if f">{title}</a>" in cell:
                height = re.search(r'rowspan="(\d+)"', cell)
                return sum(int(span) * 5 for span, _ in rows[number : number + int(height[1] if height else 1)])
    raise AssertionError(title)


def calendar(client) -> dict[str, tuple[datetime, datetime]]:
    response = client.get("/api/v1/sessions.ics", {"edition": "meeting"})
    events = Calendar.from_ical(b"".join(response.streaming_content)).walk("VEVENT")
    return {str(event["summary"]): (event["dtstart"].dt, event["dtend"].dt) for event in events}


@pytest.mark.parametrize("view", ["list", "grid"])
def test_an_afternoon_in_shanghai_is_a_midnight_in_los_angeles_and_forty_minutes_long(client, view):
    """pretalx#2585: sessions that begin at midnight by the visitor's clock were drawn from the morning on."""
    an_edition(
        SHANGHAI,
        ("morning", datetime(2026, 8, 8, 8, 30, tzinfo=SHANGHAI), datetime(2026, 8, 8, 9, 0, tzinfo=SHANGHAI)),
        ("afternoon", datetime(2026, 8, 8, 15, 0, tzinfo=SHANGHAI), datetime(2026, 8, 8, 15, 40, tzinfo=SHANGHAI)),
    )
    here = page(client, view=view)
    assert days(here) == ["Saturday, 8 August 2026"]
    assert sorted(times(here)) == ["08:30–09:00", "15:00–15:40"]
    there = page(client, view=view, tz="America/Los_Angeles")
    assert days(there) == ["Friday, 7 August 2026", "Saturday, 8 August 2026"]
    assert times(there) == ["17:30–18:00", "00:00–00:40"]
    if view == "grid":
        assert rows_spanned(here, "Afternoon") == rows_spanned(there, "Afternoon") == 40


@pytest.mark.parametrize("view", ["list", "grid"])
def test_a_block_over_midnight_stands_on_the_day_on_which_it_begins(client, view):
    """indico#3073: 23:30 to 01:00 stood at the end of the next day, after what begins later."""
    an_edition(
        SYDNEY,
        ("block", datetime(2017, 9, 21, 16, 30, tzinfo=SYDNEY), datetime(2017, 9, 21, 18, 0, tzinfo=SYDNEY)),
        ("later", datetime(2017, 9, 22, 15, 0, tzinfo=SYDNEY), datetime(2017, 9, 22, 16, 0, tzinfo=SYDNEY)),
    )
    html = page(client, view=view, tz="America/Los_Angeles")
    assert days(html) == ["Wednesday, 20 September 2017", "Thursday, 21 September 2017"]
    assert times(html) == ["23:30–01:00", "22:00–23:00"]
    assert (
        html.index("Wednesday, 20") < html.index(">Block<") < html.index('id="day-2017-09-21"') < html.index(">Later<")
    )
    assert html.count(">Block<") == 1
    if view == "grid":
        assert rows_spanned(html, "Block") == 90


@pytest.mark.parametrize("view", ["list", "grid"])
def test_all_times_of_a_page_are_in_the_one_zone_that_it_names(client, view):
    """pretalx#2103: times of the browser's zone and of the event's stood side by side."""
    an_edition(
        BERLIN, ("evening", datetime(2025, 8, 16, 18, 0, tzinfo=BERLIN), datetime(2025, 8, 16, 19, 0, tzinfo=BERLIN))
    )
    for query, shown, offset in (({}, "18:00", "+02:00"), ({"tz": "UTC"}, "16:00", "+00:00")):
        html = page(client, view=view, **query)
        main = html[html.index("<main") : html.index("</main>")]
        assert shown in main
        assert {"16:00", "18:00"} & set(re.findall(r"\b\d\d:\d\d\b", main.replace(f"{offset}", ""))) == {shown}
        assert set(re.findall(r'datetime="[^"]+([+-]\d\d:\d\d)"', main)) == {offset}


def test_full_hours_of_kathmandu_are_quarters_elsewhere(client):
    an_edition(
        SHANGHAI, ("talk", datetime(2023, 11, 6, 9, 0, tzinfo=SHANGHAI), datetime(2023, 11, 6, 11, 0, tzinfo=SHANGHAI))
    )
    html = page(client, view="grid", tz="Asia/Kathmandu")
    assert "Nepal Time, UTC+5:45" in html
    assert times(html) == ["06:45–08:45"]
    heads = re.findall(r"<time datetime=\"[^\"]+\"><bdi>([^<]+)</bdi></time></th>", html)
    assert heads == ["06:45", "07:00", "08:00"]
    assert rows_spanned(html, "Talk") == 120


def test_a_session_past_midnight_is_said_to_end_by_its_hour_and_one_of_days_by_its_day(client):
    an_edition(
        SHANGHAI,
        ("night", datetime(2023, 11, 6, 23, 0, tzinfo=SHANGHAI), datetime(2023, 11, 7, 0, 30, tzinfo=SHANGHAI)),
        ("show", datetime(2023, 11, 6, 9, 0, tzinfo=SHANGHAI), datetime(2023, 11, 8, 17, 0, tzinfo=SHANGHAI)),
    )
    html = page(client, view="list")
    assert days(html) == ["Monday, 6 November 2023"]
    assert times(html) == ["09:00–Wed 8, 17:00", "23:00–00:30"]


# Berlin's clocks: forward at 02:00 on 31 March 2024, back at 03:00 on 27 October 2024.
SPRING = (datetime(2024, 3, 31, 0, 30, tzinfo=UTC), datetime(2024, 3, 31, 2, 0, tzinfo=UTC))
AUTUMN = (datetime(2024, 10, 26, 23, 30, tzinfo=UTC), datetime(2024, 10, 27, 2, 0, tzinfo=UTC))


@pytest.mark.parametrize(("instants", "shown", "minutes"), [(SPRING, "01:30–04:00", 90), (AUTUMN, "01:30–03:00", 150)])
def test_a_session_over_a_change_of_clocks_has_its_real_length_on_every_face(client, instants, shown, minutes):
    an_edition(BERLIN, ("watch", *instants))
    assert times(page(client, view="list")) == [shown]
    assert times(page(client, view="grid")) == [shown]
    assert rows_spanned(page(client, view="grid"), "Watch") == minutes
    row = client.get("/api/v1/sessions/", {"edition": "meeting"}).json()["results"][0]
    assert (row["start"], row["end"]) == tuple(f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in instants)
    assert row["duration_minutes"] == minutes
    start, end = calendar(client)["Watch"]
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=minutes)


def test_the_hour_that_comes_twice_is_told_apart(client):
    first, second = datetime(2024, 10, 27, 0, 30, tzinfo=UTC), datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    an_edition(
        BERLIN,
        ("second", second, second + timedelta(minutes=45)),
        ("first", first, first + timedelta(minutes=20)),
    )
    html = page(client, view="list")
    heads = re.findall(r'<p class="time-head"><time[^>]*><bdi>([^<]+)</bdi>', html)
    assert heads == ["02:30 (UTC+2)", "02:30 (UTC+1)"]
    assert html.index(">First<") < html.index(">Second<")
    assert rows_spanned(page(client, view="grid"), "Second") == 45
    assert 'class="clash-group"' not in page(client, "my/", session=["first", "second"])


def test_sessions_that_only_the_clock_on_the_wall_has_at_once_do_not_clash(client):
    start = datetime(2024, 10, 27, 0, 0, tzinfo=UTC)
    an_edition(
        BERLIN,
        ("one", start, start + timedelta(minutes=60)),
        ("two", start + timedelta(minutes=60), start + timedelta(minutes=120)),
    )
    assert "At the same time:" not in page(client, "my/", session=["one", "two"])


def test_now_my_rooms_speakers_and_sessions_answer_in_another_zone_too(client):
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    an_edition(SHANGHAI, ("talk", now - timedelta(minutes=30), now + timedelta(minutes=30)))
    there = (now - timedelta(minutes=30)).astimezone(ZoneInfo("Asia/Kathmandu")).strftime("%H:%M–")
    for path, query in (("now/", {}), ("my/", {"session": "talk"}), ("rooms/", {}), ("rooms/room-0/", {})):
        html = page(client, path, tz="Asia/Kathmandu", **query)
        assert "Nepal Time, UTC+5:45" in html, path
        assert path == "rooms/" or times(html)[0].startswith(there), path
        assert client.get(f"/en/conference/meeting/{path}", {"tz": "Mars/Olympus"}).status_code == 400
    assert "China Standard Time" in page(client, "now/")


def test_a_link_to_another_zone_keeps_the_filters(client):
    start = datetime(2023, 11, 6, 9, 0, tzinfo=SHANGHAI)
    an_edition(SHANGHAI, ("talk", start, start + timedelta(hours=1)))
    html = page(client, tz="UTC", state="confirmed", view="list")
    assert 'href="/en/conference/meeting/programme/?state=confirmed&amp;view=list"' in html
