import pytest


@pytest.fixture(autouse=True)
def static_files_without_a_manifest(settings):
    """Nobody has collected static files where tests run; their names go into pages as they are."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(autouse=True)
def no_throttle():
    """Each test begins as a caller whom the API has not seen before."""
    from django.core.cache import cache

    cache.clear()
