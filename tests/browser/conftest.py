"""A browser, and a portal with the founding content and a few samples, for all tests of this folder."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import running_portal

# What a page is asked in the browser.
EXAMINE = (Path(__file__).parent / "examine.js").read_text()
# Chromium as it runs without a screen, without a sandbox of its own and without calling home.
SWITCHES = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    # Playwright's loop makes Django believe that queries of this thread would block an asynchronous server.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    with running_portal(django_db_blocker, sessions=40, projects=60) as address:
        yield address


def listen(page) -> list[str]:
    """What the page complains of from now on: the policy's refusals are among it."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def visitor(browser, portal):
    """Opens a page as a new visitor; further keys are those of a browser's context."""
    contexts = []

    def open_page(path: str, **options):
        options = {"viewport": {"width": 1440, "height": 900}, "timezone_id": "Africa/Nairobi"} | options
        context = browser.new_context(base_url=portal, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = listen(page)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
