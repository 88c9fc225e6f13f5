"""The digits of pages in Arabic, which has two sets of them."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from brst_site import env
from brst_site.digits import in_arabic_digits

pytestmark = pytest.mark.django_db
EDITION = "conference/sample-edition"
PAGES = [
    "",
    "conference/",
    f"{EDITION}/",
    f"{EDITION}/programme/",
    f"{EDITION}/programme/?view=grid",
    f"{EDITION}/sessions/sample-session-3/",
    f"{EDITION}/countries/",
    f"{EDITION}/statistics/",
    f"{EDITION}/rooms/",
    "countries/",
    "countries/ke/",
    "cooperation/",
    "cooperation/research-capacity/",
    "cooperation/projects/",
    "cooperation/facilities/",
    "cooperation/agreements/",
    "figures/",
    "figures/joint-laboratories/",
    "figures/attendance-countries/",
    "news/",
    "data/stale/",
    "search/?q=sample",
]
# What keeps its digits: quotes and names in another language, codes, addresses.
FOREIGN = re.compile(r'<(\w+)[^>]*\slang="(?!ar)[^"]*"[^>]*>.*?</\1>', re.DOTALL)
UNREAD = re.compile(r"<(script|style|code|title|head)\b.*?</\1>|<svg class=\"symbols\".*?</svg>", re.DOTALL)
ARABIC_INDIC_MIDDLEWARE = [*settings.MIDDLEWARE, "brst_site.digits.ArabicDigitsMiddleware"]
ARABIC_INDIC = set("٠١٢٣٤٥٦٧٨٩")


@pytest.fixture(scope="module")
def sampled(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        call_command("demo", sessions=20, projects=20, verbosity=0)
        yield
        transaction.set_rollback(True)


def texts(path: str) -> list[str]:
    """What a reader of Arabic reads, piece by piece."""
    page = Client().get(f"/ar/{path}").content.decode()
    page = FOREIGN.sub(" ", UNREAD.sub(" ", page.partition("<main")[2].partition("</main>")[0]))
    return [text.strip() for text in re.split(r"<[^>]+>", page) if text.strip()]


@pytest.mark.parametrize("path", PAGES)
def test_pages_in_arabic_have_the_digits_that_are_set(sampled, settings, path):
    settings.MIDDLEWARE = ARABIC_INDIC_MIDDLEWARE
    found = texts(path)
    # A code or an address has letters beside its digits.
    latin = [text for text in found if re.search(r"[0-9]", text) and not re.search(r"[A-Za-z]", text)]
    assert latin == []
    assert any(ARABIC_INDIC & set(text) for text in found)


@pytest.mark.parametrize("path", PAGES)
def test_pages_in_arabic_have_latin_digits_unless_others_are_set(sampled, path):
    assert [text for text in texts(path) if ARABIC_INDIC & set(text)] == []


def test_other_languages_and_the_api_keep_their_digits(sampled, settings, client):
    settings.MIDDLEWARE = ARABIC_INDIC_MIDDLEWARE
    for address in ("/fr/figures/", "/api/v1/figures/?lang=ar", "/api/v1/projects.csv?lang=ar"):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert not ARABIC_INDIC & set(body.decode())


def test_names_in_latin_letters_keep_theirs():
    given = '<p>4,055.5 <a href="/12/">IATI 2.03</a> 12–14 <q lang="en">80 <b>7</b></q> ISO 3166-1&#x27;'
    made = '<p>٤٬٠٥٥٫٥ <a href="/12/">IATI 2.03</a> ١٢–١٤ <q lang="en">80 <b>7</b></q> ISO 3166-1&#x27;'
    assert "".join(in_arabic_digits(given)) == made


def test_the_setting_brings_them(tmp_path):
    """In a process of its own: what stands around a request is decided at the start."""
    command = [sys.executable, "-c", "from django.conf import settings; print(*settings.MIDDLEWARE, sep='\\n')"]
    given = {"PORTAL_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "brst_site.settings"}
    for digits, count in (("", 0), ("latin", 0), ("arabic-indic", 1)):
        environment = os.environ | given | {"ARABIC_DIGITS": digits}
        printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        assert printed.count("ArabicDigits") == count


def test_unknown_digits_are_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as refusal:
        env.read({"PORTAL_DATA_DIR": str(tmp_path), "ARABIC_DIGITS": "roman"})
    assert refusal.value.code == 2
    assert capsys.readouterr().err == "ARABIC_DIGITS is 'roman', but it must be latin or arabic-indic.\n"
