"""The admin in a real browser: its scripts and styles under the strict policy, and texts in six languages."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import expect

from tests.browser.conftest import listen
from tests.browser.test_pages import too_wide

pytestmark = pytest.mark.django_db
NAME, PASSWORD = "editor", "long enough for a test"
LISTS = [
    "conference/session",
    "conference/edition",
    "conference/delegation",
    "content/figure",
    "content/source",
    "cooperation/project",
]


@pytest.fixture(scope="module")
def session_key(portal, django_db_blocker):
    """The session of somebody who has signed in. Committed, since the server has connections of its own."""
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(User.objects.create_superuser(NAME, password=PASSWORD))
        yield client.cookies[settings.SESSION_COOKIE_NAME].value
        User.objects.filter(username=NAME).delete()


@pytest.fixture
def staff(browser, portal, session_key):
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900}, base_url=portal)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_key, "url": portal}])
    yield context
    context.close()


def first_of(page, model: str) -> str:
    """The address of the form of the first record in a list."""
    assert page.goto(f"/admin/{model}/").status == 200, model
    return page.locator("#result_list tbody th a").first.get_attribute("href").partition("?")[0]


def test_signing_in_leads_to_the_index(browser, portal, session_key):
    page = browser.new_page(base_url=portal, locale="en-GB")
    complaints = listen(page)
    page.goto("/admin/login/")
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")
    assert page.locator("#site-name").inner_text() == "Portal administration"
    assert complaints == []


def test_no_page_of_the_admin_complains_or_is_wider_than_a_phone(staff):
    page = staff.new_page()
    complaints = listen(page)
    for model in LISTS:
        form = first_of(page, model)
        others = [form.replace("/change/", "/delete/"), form.replace("/change/", "/history/"), f"/admin/{model}/add/"]
        if model == "conference/edition":
            others.append(form.replace("/change/", "/publish-schedule/"))
        for address in (f"/admin/{model}/", form, *others):
            assert page.goto(address).status == 200, address
            assert (too_wide(page, 360), address) == (0, address)
            page.set_viewport_size({"width": 1440, "height": 900})
    assert complaints == []


def test_a_tab_chooses_the_language_of_all_texts(staff):
    page = staff.new_page()
    page.goto("/admin/content/article/add/")
    arabic = page.get_by_role("tablist", name="Title").get_by_role("tab", name="العربية")
    assert page.locator("#id_title_en").is_visible()
    expect(arabic).to_have_text("العربية (empty)")
    arabic.click()
    assert [page.locator(f"#id_{name}").is_visible() for name in ("title_ar", "summary_ar", "title_en")] == [
        True,
        True,
        False,
    ]
    assert page.locator("#id_title_ar").evaluate("input => getComputedStyle(input).direction") == "rtl"
    page.fill("#id_title_ar", "خبر")
    expect(arabic).to_have_text("العربية")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Home")
    assert page.locator("#id_title_en").is_visible()


def test_the_slug_follows_the_english_title(staff):
    page = staff.new_page()
    page.goto("/admin/content/article/add/")
    page.get_by_role("tab", name="English").first.click()
    page.locator("#id_title_en").press_sequentially("A new laboratory")
    assert page.input_value("#id_slug") == "a-new-laboratory"


def test_a_part_that_is_added_has_tabs_too(staff):
    page = staff.new_page()
    page.goto("/admin/content/figure/add/")
    page.locator("#claims-group .add-row a").click()
    expect(page.locator("#claims-1 [role=tablist]")).to_have_count(page.locator("#claims-0 [role=tablist]").count())
    assert page.locator("#claims-1 [role=tab]:visible").count() > 0


def test_an_error_is_in_sight_whatever_language_was_chosen(staff):
    page = staff.new_page()
    page.goto("/admin/content/article/add/")
    page.get_by_role("tab", name="Русский").first.click()
    page.click("[name=_save]")
    expect(page.locator(".errorlist", has_text="Write this in one language at least.")).to_be_visible()


def test_without_a_script_all_six_languages_are_in_sight(browser, staff, portal):
    context = browser.new_context(
        java_script_enabled=False, storage_state=staff.storage_state(), base_url=portal, locale="en-GB"
    )
    page = context.new_page()
    assert page.goto("/admin/content/article/add/").status == 200
    inputs = page.locator("[name^=title_]")
    assert [inputs.nth(number).is_visible() for number in range(inputs.count())] == [True] * 6
    context.close()
