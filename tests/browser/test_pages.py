"""Every kind of page in a real browser: nothing cut off, nothing refused by the policy, nothing out of reach."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import listen

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "zh-hans", "fr", "es", "ru", "ar"]
EDITION = "conference/brst-2023"
SAMPLE = "conference/sample-edition"
PAGES = [
    "",
    "conference/",
    f"{EDITION}/",
    f"{EDITION}/practical/",
    f"{EDITION}/speakers/",
    f"{EDITION}/speakers/speaker/",
    f"{EDITION}/documents/",
    f"{SAMPLE}/programme/",
    f"{SAMPLE}/programme/?view=grid",
    f"{SAMPLE}/now/",
    f"{SAMPLE}/my/",
    f"{SAMPLE}/my/?session=sample-session-1&session=sample-session-3&session=sample-session-4",
    f"{SAMPLE}/rooms/",
    f"{SAMPLE}/rooms/sample-room-1/",
    f"{SAMPLE}/sessions/sample-session-3/",
    f"{SAMPLE}/offline/",
    f"{SAMPLE}/countries/",
    f"{SAMPLE}/statistics/",
    "countries/",
    "countries/ke/",
    "countries/compare/?country=cn&country=ke",
    "cooperation/",
    "cooperation/research-capacity/",
    "cooperation/projects/",
    "cooperation/facilities/",
    "cooperation/facilities/fungus-technology-centre/",
    "cooperation/agreements/",
    "cooperation/programmes/",
    "organisations/",
    "figures/",
    "figures/joint-laboratories/",
    "figures/attendance-countries/",
    "sources/press-conference/",
    "news/",
    "pages/about/",
    "search/?q=water",
    "data/",
    "nothing/",
]
# Colours of both themes and the order of things are the same in every language; scripts of letters are not.
WIDTHS = [360, 768, 1440]


def open_page(browser, address: str, width: int = 1440, theme: str = "light"):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    response = page.goto(address)
    assert response.status == (404 if address.endswith("/nothing/") else 200), address
    return page


def too_wide(page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_its_window_or_complains(browser, portal, language):
    found = {}
    page = browser.new_page()
    complaints = listen(page)
    for path in PAGES:
        page.goto(f"{portal}/{language}/{path}")
        wide = {width: extra for width in WIDTHS if (extra := too_wide(page, width)) > 0}
        said = [text for text in complaints if "404 (Not Found)" not in text]
        if wide or said:
            found[path] = (wide, said)
        complaints.clear()
    page.close()
    assert found == {}


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 1440, "light"), ("ar", 360, "dark")])
def test_nothing_keeps_anyone_out(browser, portal, language, width, theme):
    """axe, with the rules of WCAG 2.2 AA."""
    found = {}
    for path in PAGES:
        page = open_page(browser, f"{portal}/{language}/{path}", width, theme)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[path] = [(one["id"], [node["html"][:150] for node in one["nodes"][:3]]) for one in violations]
        page.context.close()
    assert found == {}


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
    page = open_page(browser, f"{portal}/en/cooperation/facilities/?kind=platform")
    page.get_by_role("link", name="العربية").first.click()
    assert page.url == f"{portal}/ar/cooperation/facilities/?kind=platform"
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.context.close()


def test_filters_work_without_script(browser, portal):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{portal}/en/cooperation/facilities/")
    page.get_by_label("Platform").check()
    page.get_by_role("button", name="Show results").click()
    assert "kind=platform" in page.url
    context.close()
