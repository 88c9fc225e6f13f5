import os
from contextlib import contextmanager

import pytest
from django.utils import translation

# Minutes each, in few tests: begun last, they would keep one process working after the others have ended.
LONGEST = (
    "tests/browser/test_walk.py",
    "tests/test_nothing_early.py",
    "tests/test_schemathesis.py",
    "tests/test_migrations.py",
    "tests/test_aggregates.py",
    "tests/test_run.py",
    "tests/test_query_counts.py",
    "tests/test_pages_content.py",
)


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONGEST)))


def pytest_configure():
    from django.conf import settings

    # Nobody has collected static files where tests run; their names go into pages as they are. Said once for all: were
    # it said for each test, a page that is still being made between two of them would bring the manifest back.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    # Each process has a database of its own: a release of another is none of it.
    settings.SNAPSHOTS_ROOT = settings.SNAPSHOTS_ROOT / os.environ.get("PYTEST_XDIST_WORKER", "alone")
    # Two browsers may hold the processors of a small machine for longer than a visitor would wait.
    settings.DATABASES["default"]["OPTIONS"]["connect_timeout"] = 60


def in_a_test_database() -> None:
    """pytest-django makes one only where a collected test is marked `django_db`; real rows are never touched."""
    from django.db import connection

    assert connection.settings_dict["NAME"].startswith("test_"), "Mark the tests of this module with django_db."


@pytest.fixture(autouse=True)
def english():
    """A request leaves its language behind in the thread; each test begins in that of commands."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def no_throttle():
    """Each test begins as a caller whom the API has not seen before."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker):
    """The founding content, laid down once for a module of tests; what a test changes is gone after it."""
    from django.conf import settings
    from django.db import transaction

    from brst_site import founding

    with django_db_blocker.unblock(), transaction.atomic():
        in_a_test_database()
        founding.lay(founding.read(settings.BASE_DIR / "fixtures"))
        yield
        transaction.set_rollback(True)


@contextmanager
def running_portal(django_db_blocker, **samples: int):
    """The address of a running portal with so much sample data. Emptied afterwards: other tests share its database."""
    from django.core.management import call_command
    from django.db import connection
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock():
        in_a_test_database()
        call_command("seed", verbosity=0)
        call_command("demo", **samples, verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        with connection.cursor() as cursor:
            # The server's threads are gone, but not yet the connections that they kept.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        call_command("flush", interactive=False, verbosity=0)
