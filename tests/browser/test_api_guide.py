"""The guide to the API in a browser: it sends requests under the strict policy, and works without script."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(browser, portal):
    context = browser.new_context()
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


def test_the_answer_stands_below_the_form_with_status_and_headers(page, portal):
    page.goto(f"{portal}/api/v1/docs/facilities/?lang=en")
    page.select_option("#field-kind", ["joint_laboratory"])
    page.fill("#field-page_size", "3")
    page.click("text=Send the request")
    page.wait_for_selector("[data-headers] tr")
    assert page.inner_text("[data-status]").startswith("200")
    assert page.inner_text("[data-address]").endswith("/api/v1/facilities/?kind=joint_laboratory&page_size=3")
    assert "etag" in page.inner_text("[data-headers]")
    assert '"count"' in page.inner_text("[data-body]")
    assert page.get_attribute("a[data-file]", "href") == "/api/v1/facilities.csv?kind=joint_laboratory"
    assert page.complaints == []


def test_a_refusal_is_shown_too(page, portal):
    page.goto(f"{portal}/api/v1/docs/facilities/?lang=fr")
    page.fill("#field-year", "soon")
    page.click("form[data-api-form] button[type=submit]")
    page.wait_for_selector("[data-headers] tr")
    assert page.inner_text("[data-status]").startswith("400")
    assert '"parameter": "year"' in page.inner_text("[data-body]")


def test_without_script_the_form_leads_to_the_answer(browser, portal):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/api/v1/docs/facilities/?lang=ar")
    page.select_option("#field-kind", ["joint_laboratory"])
    page.click("form[data-api-form] button[type=submit]")
    page.wait_for_url("**/api/v1/facilities/?**")
    assert '"count"' in page.content()
    context.close()
