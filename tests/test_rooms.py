"""A room has a page: what it has, what is on in it, what comes next and what was moved away."""

from datetime import UTC, datetime, timedelta

import pytest

from conference.models import Edition, Room, RoomInterpretation, Session, SessionType, Slot, Venue

pytestmark = pytest.mark.django_db
ROOMS = "/en/conference/meeting/rooms/"
START = datetime(2023, 11, 6, 1, tzinfo=UTC)


@pytest.fixture
def edition():
    return Edition.objects.create(
        slug="meeting", state="published", name_en="Meeting", time_zone="UTC", start_date="2023-11-06"
    )


def a_room(venue: str, slug: str = "hall-a", **values) -> Room:
    found, _ = Venue.objects.get_or_create(slug=venue, defaults={"name_en": venue.title(), "city_en": "City"})
    return Room.objects.create(venue=found, slug=slug, name_en=slug.replace("-", " ").title(), **values)


def a_slot(edition, slug: str, room, start=START, state="confirmed", **values) -> Slot:
    session = Session.objects.create(edition=edition, slug=slug, title_en=f"About {slug}", state="published", **values)
    end = start and start + timedelta(hours=1)
    return Slot.objects.create(
        version=edition.draft_schedule(), session=session, room=room, start=start, end=end, state=state
    )


def page(client, path: str = "", **query) -> str:
    response = client.get(ROOMS + path, query)
    assert response.status_code == 200
    return response.content.decode()


def test_two_rooms_of_one_name_in_two_venues_have_two_addresses(client, edition):
    a_slot(edition, "east", a_room("east-wing"))
    a_slot(edition, "west", a_room("west-wing"))
    edition.publish_schedule()
    listed = page(client)
    assert f"{ROOMS}east-wing/hall-a/" in listed
    assert f"{ROOMS}west-wing/hall-a/" in listed
    east = page(client, "east-wing/hall-a/")
    assert "About east" in east
    assert "About west" not in east
    assert "room=hall-a&amp;venue=east-wing" in east
    # The short address asks which of the two is meant.
    assert f"{ROOMS}west-wing/hall-a/" in page(client, "hall-a/")


def test_a_room_tells_its_venue_seats_equipment_languages_and_interpretation(client, edition):
    room = a_room("centre", capacity=1200, equipment="Two screens", languages=["zh"])
    RoomInterpretation.objects.create(room=room, language="ar", channel="7")
    a_slot(edition, "talk", room)
    edition.publish_schedule()
    html = page(client, "hall-a/")
    for words in ("Centre", "City", "1,200", "Two screens", "Chinese", "Arabic, Simultaneous, channel 7"):
        assert words in html
    assert "1,200 seats" in page(client)
    assert f'href="{ROOMS}hall-a/"' in client.get("/en/conference/meeting/sessions/talk/").content.decode()


def test_a_room_where_only_a_draft_is_held_is_nobodys_business(client, edition):
    a_slot(edition, "seen", a_room("centre", "open"))
    hidden = a_slot(edition, "hidden", a_room("centre", "secret"))
    Session.objects.filter(pk=hidden.session_id).update(state="draft", first_public_at=None)
    edition.publish_schedule()
    a_slot(edition, "planned", a_room("centre", "planned"))
    assert "Open" in page(client)
    for slug in ("secret", "planned"):
        assert slug.title() not in page(client)
        assert client.get(f"{ROOMS}{slug}/").status_code == 404
    assert client.get(f"{ROOMS}nowhere/hall-a/").status_code == 404


def test_now_and_next_stand_on_the_page_of_the_room_with_the_plenary_of_all_rooms(client, edition):
    now = datetime.now(UTC)
    everywhere = SessionType.objects.create(slug="plenary", name_en="Plenary", spans_rooms=True)
    room = a_room("centre")
    a_slot(edition, "opening", None, now - timedelta(minutes=30), type=everywhere)
    a_slot(edition, "talk", room, now + timedelta(minutes=40))
    a_slot(edition, "elsewhere", a_room("centre", "other"), now + timedelta(minutes=35))
    edition.publish_schedule()
    html = page(client, "hall-a/")
    section = html[html.index('id="now"') : html.index('id="facts"')]
    assert section.index("About opening") < section.index("Next,") < section.index("About talk")
    assert "About elsewhere" not in html


def test_what_was_announced_here_and_is_elsewhere_now_is_said_at_the_door(client, edition):
    room, other = a_room("centre"), a_room("centre", "other")
    a_slot(edition, "stays", room)
    slot = a_slot(edition, "moves", room, START + timedelta(hours=2))
    edition.publish_schedule()
    slot.room = other
    slot.save()
    edition.publish_schedule()
    html = page(client, "hall-a/")
    left = html[html.index('id="left"') :]
    assert "About moves" in left
    assert "Moved to: Other, 03:00" in left


@pytest.mark.parametrize("view", ["list", "grid"])
def test_posters_stand_under_their_room_as_open_all_along(client, edition, view):
    room = a_room("centre", "gallery")
    a_slot(edition, "talk", a_room("centre"))
    a_slot(edition, "poster", room, start=None)
    a_slot(edition, "planned", None, start=None)
    a_slot(edition, "unsure", room, start=None, state="tentative")
    edition.publish_schedule()
    html = client.get("/en/conference/meeting/programme/", {"view": view}).content.decode()
    stays = html[html.index('id="open-all-along"') : html.index('id="without-time"')]
    assert "Open during the whole event" in stays
    assert stays.index("Gallery") < stays.index("About poster")
    for title in ("About planned", "About unsure"):
        assert title not in stays
        assert title in html[html.index('id="without-time"') :]
    assert "About poster" in page(client, "gallery/")
    session = client.get("/en/conference/meeting/sessions/poster/").content.decode()
    assert "Open during the whole event." in session
    assert "No time recorded." not in session


def test_now_loads_itself_again_unless_it_is_told_not_to(client, edition):
    address = "/en/conference/meeting/now/"
    assert client.get(address)["Refresh"] == "60"
    assert "Refresh" not in client.get(address, {"refresh": "off"})
    assert client.get(address, {"refresh": "never"}).status_code == 400


def test_days_of_the_edition_on_which_nothing_is_on_are_said_to_be_empty(client, edition):
    Edition.objects.filter(pk=edition.pk).update(end_date="2023-11-08")
    a_slot(edition, "first", a_room("centre"))
    a_slot(edition, "last", a_room("centre", "other"), START + timedelta(days=2))
    edition.publish_schedule()
    html = client.get("/en/conference/meeting/programme/").content.decode()
    middle = html[html.index('id="day-2023-11-07"') : html.index('id="day-2023-11-08"')]
    assert "Nothing is on this day." in middle
    assert "No session" in html[: html.index('id="day-2023-11-06"')]
    assert "day-2023-11-07" not in client.get("/en/conference/meeting/programme/", {"room": "hall-a"}).content.decode()


def test_every_filter_is_reachable_on_the_page_of_the_programme(client, edition):
    for number in (1, 2):
        room = a_room(f"venue-{number}", f"room-{number}", languages=["en" if number == 1 else "fr"])
        a_slot(edition, f"talk-{number}", room, START + timedelta(days=number))
    edition.publish_schedule()
    html = client.get("/en/conference/meeting/programme/").content.decode()
    for name in ("day", "room", "venue", "language", "state"):
        assert f'type="checkbox" name="{name}"' in html, name
    assert 'type="search" name="q"' in html
    assert 'action="#programme"' in html


@pytest.mark.parametrize(("code", "separator"), [("en", ", "), ("zh-hans", "，"), ("ar", "، ")])
def test_day_and_time_are_parted_as_the_language_parts_them(client, edition, code, separator):
    a_slot(edition, "talk", a_room("palace"), datetime.now(UTC) + timedelta(hours=2))
    edition.publish_schedule()
    shown = client.get(f"/{code}/conference/meeting/rooms/").content.decode()
    assert f"{separator}<bdi>" in shown
