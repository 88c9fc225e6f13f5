"""The planning board in a real browser: with a mouse, a finger and the keyboard, under the strict policy."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from conference.models import Edition, Room, Session, SessionType, Slot, Venue
from tests.browser.conftest import listen
from tests.browser.test_pages import too_wide
from tests.world import six

pytestmark = pytest.mark.django_db
DAY = "2031-05-06"
START = datetime(2031, 5, 6, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def session_key(portal, django_db_blocker):
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(User.objects.create_superuser("planner", password="long enough for a test"))
        yield client.cookies[settings.SESSION_COOKIE_NAME].value


def committed(change):
    """Done outside the transaction of the test, since the server has connections of its own."""

    def work():
        change()
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.fixture(scope="module")
def planned(portal, django_db_blocker):
    """Two rooms in Nairobi, and three sessions."""
    with django_db_blocker.unblock():
        edition = Edition.objects.create(
            slug="planned", time_zone="Africa/Nairobi", start_date=DAY, end_date="2031-05-07", **six("Planned", "name")
        )
        venue = Venue.objects.create(slug="planned", **six("Planned", "name"))
        kind = SessionType.objects.create(slug="planned", **six("Talk", "name"))
        for number in (1, 2):
            Room.objects.create(
                venue=venue, slug=f"hall-{number}", position=number, capacity=50, **six(f"Hall {number}", "name")
            )
        for slug in ("first", "second", "waiting"):
            Session.objects.create(edition=edition, slug=slug, type=kind, **six(slug.capitalize(), "title"))
        yield edition


@pytest.fixture
def edition(planned, db):
    """A session in each room at ten o'clock, and one that waits for its place."""

    def begin_again():
        planned.schedule_versions.all().delete()
        for slug, room in (("first", "hall-1"), ("second", "hall-2")):
            Slot.objects.create(
                version=planned.draft_schedule(),
                session=Session.objects.get(edition=planned, slug=slug),
                room=Room.objects.get(slug=room),
                start=START,
                end=START + timedelta(minutes=60),
                state="confirmed",
            )

    committed(begin_again)
    return planned


@pytest.fixture
def open_board(browser, portal, session_key, edition):
    contexts = []

    def opened(locale="en-GB", width=1440, theme="light", **options):
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": 900}, color_scheme=theme, base_url=portal, **options
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_key, "url": portal}])
        contexts.append(context)
        page = context.new_page()
        page.complaints = listen(page)
        assert page.goto(f"/admin/conference/edition/{edition.pk}/board/?day={DAY}").status == 200
        return page

    yield opened
    for context in contexts:
        context.close()


def card(page, slug: str):
    return page.locator(f"[data-card][data-title^='{slug.capitalize()} ']")


def grip(page, slug: str):
    return card(page, slug).locator("[data-grip]")


def message(page):
    return page.locator("[data-message]")


def place(edition, slug: str) -> tuple | None:
    """Room and clock of Nairobi."""
    slot = Slot.objects.filter(version__edition=edition, version__number=None, session__slug=slug).first()
    hours = timedelta(hours=3)
    return slot and (
        slot.room and slot.room.slug,
        *(f"{moment + hours:%d %H:%M}" for moment in (slot.start, slot.end)),
    )


def minute_height(page) -> float:
    return page.locator("[data-cards]").first.evaluate("list => list.getBoundingClientRect().height") / (15 * 60)


def drag(page, source, x: float, y: float):
    box = source.bounding_box()
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(middle + 10, box["y"] + 20)
    page.mouse.move(x, y, steps=8)
    page.mouse.up()


def test_a_session_is_dragged_to_another_room_and_time_and_back_out_again(open_board, edition):
    page = open_board()
    height = minute_height(page)
    second = card(page, "second").bounding_box()
    drag(page, card(page, "first"), second["x"] + 40, second["y"] + 90 * height + 8)
    expect(message(page)).to_contain_text("11:30 – 12:30")
    assert place(edition, "first") == ("hall-2", "06 11:30", "06 12:30")
    unscheduled = page.locator("[data-part=unscheduled]").bounding_box()
    drag(page, card(page, "first"), unscheduled["x"] + 50, unscheduled["y"] + 100)
    expect(message(page)).to_contain_text("is back among those not scheduled")
    assert place(edition, "first") is None
    page.get_by_role("button", name="Undo").first.click()
    expect(card(page, "first")).to_have_attribute("data-start", "690")
    assert place(edition, "first") == ("hall-2", "06 11:30", "06 12:30")
    assert page.complaints == []


def test_what_waits_is_dragged_to_its_place_its_edge_to_its_end_and_its_card_to_another_day(open_board, edition):
    page = open_board()
    height = minute_height(page)
    second = card(page, "second").bounding_box()
    drag(page, card(page, "waiting"), second["x"] + 40, second["y"] + 60 * height + 10)
    expect(message(page)).to_contain_text("11:00 – 11:45")
    assert place(edition, "waiting") == ("hall-2", "06 11:00", "06 11:45")
    box = card(page, "waiting").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] + 15 * height + 8, steps=5)
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] + 15 * height, steps=2)
    page.mouse.up()
    expect(message(page)).to_contain_text("11:00 – 12:00")
    tab = page.locator(".board-days__day", has_text="Wed 7").bounding_box()
    drag(page, card(page, "waiting"), tab["x"] + 10, tab["y"] + 10)
    expect(card(page, "waiting")).to_have_count(0)
    assert place(edition, "waiting") == ("hall-2", "07 11:00", "07 12:00")
    assert page.complaints == []


def test_a_clash_by_mouse_leaves_everything_and_names_the_other(open_board, edition):
    page = open_board()
    second = card(page, "second").bounding_box()
    drag(page, card(page, "first"), second["x"] + 40, second["y"] + 30)
    expect(message(page)).to_contain_text("“Second en” is confirmed in this room at that time")
    assert place(edition, "first") == ("hall-1", "06 10:00", "06 11:00")


def test_a_session_is_moved_by_keyboard_and_each_step_is_announced(open_board, edition):
    page = open_board()
    grip(page, "first").focus()
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text("Picked up: ")
    for key in ("ArrowRight", "PageDown", "ArrowDown", "ArrowDown", "Shift+ArrowUp"):
        page.keyboard.press(key)
    expect(message(page)).to_contain_text("11:10 – 12:05")
    expect(message(page)).to_contain_text("Hall 2")
    page.keyboard.press("Escape")
    expect(message(page)).to_contain_text("Cancelled.")
    assert place(edition, "first") == ("hall-1", "06 10:00", "06 11:00")
    page.keyboard.press("Space")
    for key in ("ArrowRight", "PageDown", "ArrowDown", "ArrowDown", "Shift+ArrowUp", "Space"):
        page.keyboard.press(key)
    expect(card(page, "first")).to_have_attribute("data-start", "670")
    expect(grip(page, "first")).to_be_focused()
    assert place(edition, "first") == ("hall-2", "06 11:10", "06 12:05")
    page.keyboard.press("ArrowUp")
    expect(grip(page, "second")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(card(page, "first")).to_have_attribute("data-start", "600")
    assert page.complaints == []


def test_by_keyboard_a_session_is_placed_taken_back_and_brought_to_another_day(open_board, edition):
    page = open_board()
    grip(page, "waiting").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("PageUp")
    page.keyboard.press("Enter")
    expect(card(page, "waiting")).to_have_attribute("data-start", "480")
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(page.locator("[data-unscheduled] [data-card]")).to_have_count(1)
    assert place(edition, "waiting") is None
    grip(page, "first").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    expect(message(page)).to_contain_text("Wednesday, 7 May 2031")
    page.keyboard.press("Enter")
    expect(card(page, "first")).to_have_count(0)
    assert place(edition, "first") == ("hall-1", "07 10:00", "07 11:00")


def test_a_board_that_is_no_longer_true_says_who_changed_it_and_shows_what_is(open_board, edition):
    page = open_board()
    later = {"start": START + timedelta(hours=4), "end": START + timedelta(hours=5)}
    committed(lambda: Slot.objects.filter(session__slug="first").update(**later))
    grip(page, "first").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text("was changed meanwhile. It is now here: \u2068May 6, 2031 14:00 – 15:00")
    expect(card(page, "first")).to_have_attribute("data-start", "840")


def test_in_arabic_the_rooms_run_from_right_to_left_and_arrows_follow(open_board, edition):
    page = open_board(locale="ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert card(page, "first").bounding_box()["x"] > card(page, "second").bounding_box()["x"]
    grip(page, "first").focus()
    for key in ("Enter", "ArrowLeft", "PageDown", "Enter"):
        page.keyboard.press(key)
    expect(card(page, "first")).to_have_attribute("data-start", "660")
    assert place(edition, "first") == ("hall-2", "06 11:00", "06 12:00")
    first = card(page, "first").bounding_box()
    drag(page, card(page, "waiting"), first["x"] + 40, first["y"] + 60 * minute_height(page) + 12)
    expect(card(page, "waiting")).to_have_attribute("data-start", "720")
    assert page.complaints == []


def test_a_finger_that_rests_on_a_session_moves_it_and_one_that_wipes_scrolls(open_board, edition):
    page = open_board(has_touch=True, width=768)
    devtools = page.context.new_cdp_session(page)
    card(page, "first").scroll_into_view_if_needed()

    def touch(kind, x=0.0, y=0.0):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def wipe(hold: int):
        box = card(page, "first").bounding_box()
        x, y = box["x"] + 30, box["y"] + 20
        touch("touchStart", x, y)
        page.wait_for_timeout(hold)
        for step in range(1, 7):
            touch("touchMove", x, y + step * 10 * minute_height(page))
        touch("touchEnd")

    wipe(0)
    assert place(edition, "first") == ("hall-1", "06 10:00", "06 11:00")
    page.wait_for_timeout(500)
    card(page, "first").scroll_into_view_if_needed()
    wipe(600)
    expect(card(page, "first")).to_have_attribute("data-start", "660")
    assert place(edition, "first") == ("hall-1", "06 11:00", "06 12:00")
    assert page.complaints == []


def test_searching_and_shifting_need_no_new_page(open_board, edition):
    page = open_board()
    page.locator("#board-search").press_sequentially("nothing like it")
    expect(page.locator("[data-unscheduled]")).to_contain_text("Nothing fits the search.")
    page.locator("#board-search").fill("waiting ru")
    expect(page.locator("[data-unscheduled] [data-card]")).to_have_count(1)
    grip(page, "second").focus()
    page.keyboard.press("s")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(card(page, "second")).to_have_attribute("data-start", "625")
    assert [place(edition, slug)[1] for slug in ("first", "second")] == ["06 10:00", "06 10:25"]
    assert page.complaints == []


@pytest.mark.parametrize(("locale", "theme"), [("en-GB", "light"), ("ar", "dark")])
def test_the_board_keeps_nobody_out_and_is_no_wider_than_its_window(open_board, edition, locale, theme):
    page = open_board(locale=locale, theme=theme)
    grip(page, "first").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert {width: too_wide(page, width) for width in (360, 768, 1440)} == {360: 0, 768: 0, 1440: 0}
    assert page.complaints == []
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations] == []
    page.goto(card(page, "first").get_attribute("data-url"))
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations] == []


def test_without_a_script_a_session_leads_to_its_form_and_stands_where_it_is(open_board, edition):
    page = open_board(java_script_enabled=False)
    first, second = card(page, "first").bounding_box(), card(page, "second").bounding_box()
    assert (first["y"], first["height"] > 60) == (second["y"], True)
    grip(page, "first").click()
    page.get_by_label("End").fill("2031-05-06T11:30")
    page.get_by_role("button", name="Save").click()
    assert place(edition, "first") == ("hall-1", "06 10:00", "06 11:30")
    assert page.url.endswith(f"board/?day={DAY}#session-{Session.objects.get(slug='first').pk}")
