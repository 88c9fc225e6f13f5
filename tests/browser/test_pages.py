"""What a visitor does on pages of any kind."""

import pytest

from tests.browser.conftest import EXAMINE

pytestmark = pytest.mark.django_db


def too_wide(page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_figure_opens_its_source_by_keyboard_and_without_script(browser, portal):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/en/")
    mark = page.locator(".figure-card", has_text="scientists and managers").locator("details")
    assert not mark.locator("mark").is_visible()
    mark.locator("summary").focus()
    page.keyboard.press("Enter")
    assert mark.locator("mark").is_visible()
    assert "Zhang Guangjun" in mark.inner_text()
    context.close()


def test_the_language_switch_keeps_the_page_and_its_filters(browser, portal):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{portal}/en/cooperation/facilities/?kind=platform")
    page.get_by_role("link", name="العربية").first.click()
    assert page.url == f"{portal}/ar/cooperation/facilities/?kind=platform"
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.close()


def test_filters_work_without_script(browser, portal):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{portal}/en/cooperation/facilities/")
    page.get_by_label("Platform").check()
    page.get_by_role("button", name="Show results").click()
    assert "kind=platform" in page.url
    context.close()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_page_holds_in_the_fonts_of_the_visitors_system_too(browser, portal, language):
    """Where the portal's own come too late, which `font-display: optional` allows."""
    page = browser.new_page(viewport={"width": 360, "height": 900})
    page.route("**/*.woff2", lambda route: route.abort())
    page.goto(f"{portal}/{language}/")
    layout = page.evaluate(f"{EXAMINE}.layout()")
    page.close()
    assert [layout[name] for name in ("wide", "cut", "overlapping")] == [0, [], []]
