"""The programme in a visitor's hand: stars, shared lists, clashes, the visitor's clock, no network, no script."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import too_wide

pytestmark = pytest.mark.django_db
EDITION = "conference/sample-edition"
PROGRAMME = f"/en/{EDITION}/programme/"


def star(page, title: str):
    return page.get_by_role("button", name=f"Keep in my sessions: {title}", exact=True)


def two_at_once(page) -> tuple[str, str]:
    """The titles of two sessions of the grid that are on at the same time."""
    found = {}
    for cell in page.locator("td[data-when]").all():
        when = cell.get_attribute("data-when")
        title = cell.locator("a").first.inner_text()
        if when in found:
            return found[when], title
        found[when] = title
    raise AssertionError("Nothing is on at the same time.")


def test_a_star_is_kept_on_the_device_and_leads_to_ones_own_list(visitor):
    page = visitor(PROGRAMME)
    title = page.locator("[data-star] a").nth(2).inner_text()
    expect(star(page, title)).to_have_attribute("aria-pressed", "false")
    star(page, title).click()
    expect(star(page, title)).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(star(page, title)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="My sessions Starred: 1").click()
    assert re.search(r"/my/\?session=~[\w-]{6}$", page.url)
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
    # Without a list in the address, the page goes to that of this device.
    page.goto(f"/en/{EDITION}/my/")
    page.wait_for_url("**/my/?session=~*")
    star(page, title).click()
    page.wait_for_url(f"**/{EDITION}/my/")
    page.goto(PROGRAMME)
    expect(star(page, title)).to_have_attribute("aria-pressed", "false")
    assert page.complaints == []


def test_a_list_that_somebody_shared_can_be_kept_beside_ones_own(visitor):
    first = visitor(PROGRAMME)
    for number in (1, 2):
        first.locator(".star").nth(number).click()
    first.locator(".my-link").click()
    shared = first.url
    second = visitor(PROGRAMME)
    second.locator(".star").nth(4).click()
    second.goto(shared)
    second.get_by_role("button", name="Keep these on this device").click()
    expect(second.get_by_text("They are kept on this device.")).to_be_visible()
    expect(second.locator(".my-link__count")).to_contain_text("Starred: 3")
    second.goto(PROGRAMME)
    expect(second.locator(".star[aria-pressed=true]")).to_have_count(3)


def test_sharing_copies_the_address_where_the_browser_has_no_way_of_its_own(visitor):
    page = visitor(PROGRAMME, permissions=["clipboard-read", "clipboard-write"])
    page.locator(".star").nth(1).click()
    page.locator(".my-link").click()
    page.evaluate("delete Navigator.prototype.share")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("The address is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_two_starred_sessions_that_clash_are_told_and_joined_by_a_line(visitor):
    page = visitor(f"{PROGRAMME}?view=grid")
    one, other = two_at_once(page)
    star(page, one).click()
    assert page.locator(".clash-lines").count() == 0
    star(page, other).click()
    expect(page.locator(".my-link")).to_contain_text("Clashes: 2")
    expect(page.locator(".clash-chip").first).to_contain_text("Clashes with:")
    assert page.locator(".clash-lines polyline").count() >= 1
    page.locator(".my-link").click()
    expect(page.locator(".clash-group")).to_have_count(1)
    expect(page.get_by_text(f"At the same time: {other}")).to_be_visible()
    assert page.complaints == []


def test_stars_are_reached_and_pressed_by_keyboard(visitor):
    page = visitor(f"{PROGRAMME}?view=list")
    button = page.locator(".star").nth(1)
    page.locator("[data-star] a").nth(1).focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")


def test_blocked_storage_is_no_obstacle(visitor):
    page = visitor("/en/data/")
    page.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page.goto(PROGRAMME)
    page.locator(".star").nth(1).click()
    page.locator(".my-link").click()
    assert "?session=~" in page.url
    expect(page.locator("[data-star]")).to_have_count(1)
    assert page.complaints == []


def test_what_was_withdrawn_leaves_the_device_once_the_page_has_said_so(visitor):
    page = visitor(PROGRAMME)
    page.locator(".star").nth(1).click()
    key = "stars:sample-edition"
    page.evaluate(
        "key => localStorage[key] = JSON.stringify({...JSON.parse(localStorage[key]), 'gone-1': '1+1'})", key
    )
    page.reload()
    page.locator(".my-link").click()
    expect(page.get_by_text("1 session of this list is no longer in the programme.")).to_be_visible()
    # The script forgets it once its list has been painted.
    page.wait_for_function("key => !localStorage[key].includes('gone-1')", arg=key)


def test_the_visitors_clock_is_offered_where_it_differs_and_nowhere_else(visitor):
    path = f"{PROGRAMME}?view=list&state=confirmed"
    page = visitor(path, timezone_id="America/Los_Angeles")
    link = page.get_by_role("link", name=re.compile("Show your time: Pacific"))
    before = page.locator(".session__time").first.inner_text()
    link.click()
    assert "tz=America%2FLos_Angeles" in page.url
    assert "state=confirmed" in page.url
    assert page.locator(".session__time").first.inner_text() != before
    expect(page.get_by_role("link", name="Show the times of the venue")).to_be_visible()
    assert page.get_by_text("Show your time").count() == 0
    assert visitor(path, timezone_id="Africa/Nairobi").get_by_text("Show your time").count() == 0
    # Another name, the same clock.
    assert visitor(path, timezone_id="Africa/Addis_Ababa").get_by_text("Show your time").count() == 0


def test_a_session_says_the_visitors_own_time(visitor):
    page = visitor(PROGRAMME, timezone_id="Asia/Kathmandu")
    page.locator("[data-star] a").nth(2).click()
    expect(page.get_by_text(re.compile(r"Your time: .*Nepal"))).to_be_visible()
    assert page.complaints == []


def test_nothing_moves_when_stars_and_the_visitors_time_come(visitor):
    page = visitor("/en/data/", timezone_id="America/Los_Angeles", viewport={"width": 360, "height": 740})
    page.context.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())"
        " if (!one.hadRecentInput) window.shift += one.value; }).observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(PROGRAMME)
    page.wait_for_timeout(400)
    assert page.evaluate("window.shift") < 0.01


@pytest.mark.parametrize("path", ["programme/", "now/", "my/", "rooms/"])
def test_without_script_there_is_everything_but_stars_and_no_dead_button(visitor, path):
    page = visitor(f"/en/{EDITION}/{path}", java_script_enabled=False)
    assert page.locator(".star").count() == 0
    assert [text for text in page.locator("main button:visible").all_inner_texts() if text] == []
    expect(page.locator("h1")).to_be_visible()


def test_filters_and_another_zone_work_without_script_and_keep_the_place(visitor):
    page = visitor(PROGRAMME, java_script_enabled=False)
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Confirmed").check()
    page.get_by_role("button", name="Show results").click()
    assert "state=confirmed" in page.url
    assert page.url.endswith("#programme")
    expect(page.locator(".chosen__filter", has_text="Confirmed")).to_be_in_viewport()


def test_a_phone_shows_sessions_on_its_first_screen_and_targets_are_large(visitor):
    page = visitor(PROGRAMME, viewport={"width": 360, "height": 740}, has_touch=True)
    assert page.locator(".session").first.bounding_box()["y"] < 640
    small = page.evaluate(
        "[...document.querySelectorAll('.programme .star, .programme-bar :is(a, summary)')]"
        ".map(e => e.getBoundingClientRect())"
        ".filter(box => box.width && (box.height < 43.5 || box.width < 43.5)).length"
    )
    assert small == 0
    page.evaluate("window.scrollTo(0, 3000)")
    box = page.locator(".programme-bar").bounding_box()
    assert box["y"] == 0
    page.locator(".facets summary").click()
    expect(page.get_by_role("button", name="Show results")).to_be_in_viewport()
    before = page.evaluate("window.scrollY")
    page.locator(".facets summary").click()
    assert page.evaluate("window.scrollY") == before


def test_a_grid_of_many_rooms_scrolls_in_its_own_box_by_keyboard(visitor):
    page = visitor(f"{PROGRAMME}?view=grid", viewport={"width": 1200, "height": 900})
    assert too_wide(page, 1200) == 0
    for box in page.locator(".programme-box").all():
        if box.evaluate("e => e.scrollWidth > e.clientWidth"):
            assert box.get_attribute("tabindex") == "0"
    expect(page.locator(".programme-grid thead th[scope]").first).to_be_attached()


# Without a network


def kept_page_holds(page, text: str) -> None:
    """Waits until the page that the device keeps has `text`. (`wait_for_function` takes any promise for a yes.)"""
    page.evaluate(
        """async (text) => {
          const address = new URL("../offline/", location).href;
          for (let tries = 0; tries < 300; tries++) {
            const kept = await caches.match(address);
            if (navigator.serviceWorker.controller && (await kept?.text())?.includes(text)) return;
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          throw new Error(`The kept page does not have "${text}" after half a minute.`);
        }""",
        text,
    )


def ready(page) -> None:
    """The device keeps the programme now, and the worker answers for this page."""
    kept_page_holds(page, "<main")


def test_the_programme_is_readable_without_a_network_with_its_age_and_the_stars(visitor):
    page = visitor(PROGRAMME)
    title = page.locator("[data-star] a").nth(2).inner_text()
    star(page, title).click()
    ready(page)
    page.reload()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("There is no network: this is the copy that your device keeps.")).to_be_visible()
    expect(page.get_by_text("The programme as of")).to_be_visible()
    expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
    expect(star(page, title)).to_have_attribute("aria-pressed", "true")
    # One's own list works there too.
    page.goto(f"/en/{EDITION}/my/")
    expect(page.locator("main li:visible")).to_have_count(1)
    page.context.set_offline(False)
    page.goto(PROGRAMME)
    assert page.get_by_text("There is no network: this").count() == 0


def test_only_the_pages_of_the_edition_are_kept_and_nothing_of_staff_or_the_api(visitor):
    page = visitor(PROGRAMME)
    ready(page)
    page.goto("/api/v1/sessions/")
    page.goto("/admin/login/")
    page.goto(PROGRAMME)
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async name =>"
        " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
    )
    assert {path.split("/")[1] for path in kept} == {"static", "en"}
    assert [path for path in kept if path.startswith("/en/")] == [f"/en/{EDITION}/offline/"]


def rename(name: str) -> str:
    """The name before. To be called in a thread: the transaction of a test hides from the portal what it writes."""
    from django.db import connection

    from conference.models import Edition

    edition = Edition.objects.get(slug="sample-edition")
    edition.name_en, before = name, edition.name_en
    edition.save()
    connection.close()
    return before


def test_the_kept_page_is_renewed_when_the_portal_has_another_revision(visitor):
    page = visitor(PROGRAMME)
    ready(page)
    with ThreadPoolExecutor(1) as staff:
        before = staff.submit(rename, "A name of today").result()
        try:
            page.reload()
            kept_page_holds(page, "A name of today")
        finally:
            staff.submit(rename, before).result()


def test_the_arabic_programme_has_its_stars_and_lines_on_the_other_side(visitor):
    page = visitor(f"/ar/{EDITION}/programme/?view=grid")
    cell = page.locator("td[data-star]").nth(3)
    box, button = cell.bounding_box(), cell.locator(".star").bounding_box()
    assert button["x"] - box["x"] < box["width"] / 2
    assert page.complaints == []
