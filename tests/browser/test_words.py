"""Pages of words in a reader's hand: article, open data, and the errors that no address of the public brings."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from brst_site import views
from content import languages
from tests.browser.conftest import listen
from tests.browser.test_walk import THEMES, WIDTHS, Account, Visit
from tests.pages import Page

pytestmark = pytest.mark.django_db


def box(page, selector: str) -> dict:
    return page.locator(selector).first.bounding_box()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_figures_of_an_article_stand_beside_its_text_where_there_is_room(visitor, language):
    page = visitor(f"/{language}/news/press-conference-2023-10-30/")
    text, figures = box(page, ".beside > .prose"), box(page, ".beside__column")
    assert abs(text["y"] - figures["y"]) < 2
    starts = (text["x"], figures["x"]) if language == "en" else (figures["x"], text["x"])
    assert starts[0] + (text if language == "en" else figures)["width"] < starts[1]
    page.set_viewport_size({"width": 360, "height": 900})
    text, figures = box(page, ".beside > .prose"), box(page, ".beside__column")
    assert text["y"] + text["height"] < figures["y"]


OUT_OF_SIGHT = """[...document.querySelectorAll("main table a, main table td")].filter(one => {
  const {left, right, width} = one.getBoundingClientRect();
  return width && (left < 0 || right > innerWidth);
}).map(one => one.textContent.trim())"""


@pytest.mark.parametrize("language", languages.CODES)
def test_open_data_has_every_file_in_sight_on_a_phone(visitor, language):
    page = visitor(f"/{language}/data/", viewport={"width": 360, "height": 900})
    assert page.locator("main table a").count() > 80
    assert page.evaluate(OUT_OF_SIGHT) == []


def no_right() -> str:
    client = Client()
    client.force_login(User.objects.get_or_create(username="helper", is_staff=True)[0])
    return client.get("/admin/content/figure/add/").content.decode()


def old_form() -> str:
    return Client(enforce_csrf_checks=True).post("/admin/login/").content.decode()


def failure() -> str:
    return views.server_error(RequestFactory().get("/en/figures/?q=row")).content.decode()


@pytest.mark.parametrize(("status", "made"), [(403, no_right), (403, old_form), (500, failure)])
def test_a_page_of_an_error_that_no_address_brings_holds_at_every_width(browser, portal, status, made):
    account = Account()
    context = browser.new_context()
    tab = context.new_page()
    visit = Visit(tab, listen(tab), Page("error/", status), "en", account)
    body = made()
    tab.route("**/en/error/", lambda route: route.fulfill(status=status, body=body, content_type="text/html"))
    for width in WIDTHS:
        visit.open(portal, width)
        visit.lay_out(width)
    tab.evaluate(AXE_SCRIPT)
    visit.look([(width, theme) for width in WIDTHS for theme in THEMES])
    visit.note("axe: structure", visit.examine("structure()"))
    context.close()
    assert account.found == {}, json.dumps(account.found, ensure_ascii=False, indent=1)
