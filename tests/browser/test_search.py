"""The names that appear under a search field while words are typed."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(browser, portal):
    page = browser.new_page()
    yield page
    page.close()


def open_search(page, address: str, language: str = "en"):
    page.goto(f"{address}/{language}/search/")
    return page.locator(".search--page input"), page.locator(".search--page .suggestions")


@pytest.mark.parametrize(("language", "typed"), [("en", "joint lab"), ("zh-hans", "实验"), ("ar", "مختبر")])
def test_names_appear_and_are_chosen_with_the_keyboard(page, portal, language, typed):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    field, names = open_search(page, portal, language)
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially(typed)
    expect(names.locator("[role=option]").first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search--page [role=status]")).to_contain_text(str(names.locator("a").count()))
    field.press("ArrowDown")
    first = names.locator("a").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    field.press("ArrowUp")
    expect(names.locator("a").last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    target = first.get_attribute("href")
    assert complaints == []
    assert Axe().run(page).response["violations"] == []
    field.press("Enter")
    page.wait_for_url(f"**{target}")


def test_escape_and_leaving_put_the_names_away_and_enter_alone_searches(page, portal):
    field, names = open_search(page, portal)
    field.press_sequentially("laborat")
    expect(names).to_be_visible()
    field.press("Escape")
    expect(names).to_be_hidden()
    expect(field).to_have_value("laborat")
    field.press_sequentially("o")
    expect(names).to_be_visible()
    page.locator("h1").click()
    expect(names).to_be_hidden()
    field.focus()
    field.press("Enter")
    page.wait_for_url("**/en/search/?q=laborato")
    expect(page.locator(".search-hit mark").first).to_be_visible()


def test_a_name_is_chosen_with_the_mouse(page, portal):
    field, names = open_search(page, portal)
    field.press_sequentially("Kenya")
    names.locator("a", has_text="Country").first.click()
    page.wait_for_url("**/en/countries/ke/")


def test_without_a_script_the_field_searches(browser, portal):
    page = browser.new_context(java_script_enabled=False).new_page()
    field, names = open_search(page, portal)
    expect(names).to_be_hidden()
    field.fill("laboratories")
    field.press("Enter")
    page.wait_for_url("**/en/search/?q=laboratories")
    expect(page.locator(".search-hit mark").first).to_be_visible()
