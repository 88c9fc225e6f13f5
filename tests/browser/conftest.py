"""A browser, and a portal with the founding content and a few samples, for all tests of this folder."""

import os
import shutil

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import in_a_test_database

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
    """The address of a running portal. Emptied afterwards, since other tests share its database."""
    with django_db_blocker.unblock():
        in_a_test_database()
        call_command("seed", verbosity=0)
        call_command("demo", sessions=40, projects=60, verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        with connection.cursor() as cursor:
            # The server's threads are gone, but not yet the connections that they kept.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        call_command("flush", interactive=False, verbosity=0)
