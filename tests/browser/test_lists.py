"""A list in a visitor's hand: filters answer in place, the address and the way back are right, no script is needed."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db
PROJECTS = "/en/cooperation/projects/"


def answer(page):
    return page.locator(".answer-line__answer")


def test_a_filter_answers_in_place_and_going_back_undoes_it(visitor):
    page = visitor(PROJECTS)
    page.evaluate("window.same = true")
    before = answer(page).inner_text()
    first = page.locator("input[name=strand]").first
    first.check()
    expect(answer(page)).not_to_have_text(before)
    assert "strand=" in page.url
    assert "strand=" in page.locator(".exports a").first.get_attribute("href")
    assert "strand=" in page.locator(".languages a").last.get_attribute("href")
    assert page.evaluate("document.activeElement.name") == "strand"
    page.go_back()
    expect(answer(page)).to_have_text(before)
    assert page.evaluate("window.same")
    assert page.complaints == []


@pytest.mark.parametrize("path", ["/en/figures/", "/en/news/", "/en/sources/", "/en/conference/brst-2023/documents/"])
def test_every_list_with_facets_answers_in_place_with_its_files(visitor, path):
    page = visitor(path)
    page.evaluate("window.same = true")
    option = page.locator(".facet input[type=checkbox]:visible").first
    name, value = option.get_attribute("name"), option.get_attribute("value")
    option.check()
    expect(page.locator(".chosen")).to_be_visible()
    assert page.evaluate("window.same")
    assert page.url.endswith(f"?{name}={value}")
    assert f"{name}={value}" in page.locator(".exports a").last.get_attribute("href")
    page.locator(".chosen__clear").click()
    expect(page.locator(".chosen")).to_have_count(0)
    assert page.evaluate("window.same")
    assert page.complaints == []


def test_a_jump_to_a_part_of_the_page_stays_one(visitor):
    page = visitor(PROJECTS)
    page.evaluate("document.querySelector('[data-list]').same = true")
    page.get_by_role("link", name="Chart", exact=True).click()
    page.wait_for_timeout(300)
    assert page.url.endswith("#chart")
    assert page.evaluate("document.querySelector('[data-list]').same")


def test_a_long_facet_opens_and_can_be_searched(visitor):
    page = visitor(PROJECTS)
    country = page.locator("[data-facet=country]")
    country.locator(".facet__more a").click()
    field = country.get_by_role("searchbox")
    expect(field).to_be_focused()
    options = country.locator(".facet__option")
    name = options.last.locator(".facet__label").inner_text()
    field.fill(name.upper())
    expect(options.filter(has_text=name)).to_be_visible()
    assert sum(option.is_visible() for option in options.all()) < 5
    assert page.complaints == []


def test_the_same_form_works_without_script(visitor):
    page = visitor(PROJECTS, java_script_enabled=False)
    before = answer(page).inner_text()
    page.locator("input[name=strand]").first.check()
    page.get_by_role("button", name="Show results").click()
    assert "strand=" in page.url
    assert answer(page).inner_text() != before
    page.locator("[data-facet=country] .facet__more a").click()
    assert page.locator("[data-facet=country] .facet__option").count() > 12


def test_a_name_in_the_other_direction_stays_on_the_side_of_its_box(visitor):
    page = visitor("/ar/cooperation/projects/?all=sector")
    apart = page.evaluate(
        "[...document.querySelectorAll('[data-facet=sector] .facet__label[dir=ltr]')].map(label => {"
        " const text = document.createRange(); text.selectNodeContents(label);"
        " return label.getBoundingClientRect().right - text.getBoundingClientRect().right; })"
    )
    assert len(apart) > 3
    assert max(apart) < 2
