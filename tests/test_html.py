"""The HTML of every kind of page in six languages, as a validator reads it, and where its links lead.

Of the rules of html-validate (`node/htmlvalidate.json`), these are off, or let something pass:

- `doctype-style`: how the doctype is written is no error in HTML, and small letters are the house's style.
- `no-trailing-whitespace`: lines that templates leave empty reach no reader and weigh nothing once compressed.
- `long-title`: what a search engine shows of a title; names of sessions and conferences are as long as they are.
- `require-sri` asks what comes from elsewhere alone, which the content policy forbids altogether.
- `form-dup-name` lets boxes of one filter have one name, as lists of filters do.
- `prefer-native-element` lets the names below a search field be a list box, which a `select` can't be.
"""

import json
import re
import subprocess
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from content import languages
from tests.account import keep
from tests.conftest import in_a_test_database
from tests.pages import prepare
from tests.walk import BOOKLET

pytestmark = pytest.mark.django_db
NODE = settings.BASE_DIR / ".venv" / "node"
HERE = Path(__file__).parent / "node"
LINK = re.compile(r'<(?:a|area|form|iframe|img|script|link|source|use)\b[^>]*?\s(?:href|src|action)="([^"]*)"')
ID = re.compile(r'<[^>]+\sid="([^"]+)"')


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    """Every page in every language."""
    with django_db_blocker.unblock():
        in_a_test_database()
        call_command("seed", verbosity=0)
        call_command("demo", sessions=40, projects=60, verbosity=0)
        client = Client()
        found = {}
        for page in prepare():
            for code in languages.CODES:
                address = page.address(code)
                response = client.get(address)
                assert (address, response.status_code) == (address, page.status)
                found[address] = response.content.decode()
        yield found
        call_command("flush", interactive=False, verbosity=0)


def validator(pattern: str) -> subprocess.CompletedProcess:
    command = [str(NODE.parent / "bin" / "node"), str(NODE / "node_modules/html-validate/bin/html-validate.mjs")]
    command += ["--config", str(HERE / "htmlvalidate.json"), "--formatter", "json", pattern]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_page_is_valid_html(answers, tmp_path):
    names = {}
    for number, (address, text) in enumerate(answers.items()):
        names[f"{number}.html"] = address
        (tmp_path / f"{number}.html").write_text(text)
    said = validator(f"{tmp_path}/*.html")
    assert said.stdout, said.stderr
    found = {}
    for file in json.loads(said.stdout):
        for message in file["messages"]:
            words = (message["ruleId"], message["message"], message.get("selector"))
            found.setdefault(words, names[Path(file["filePath"]).name])
    package = json.loads((NODE / "node_modules/html-validate/package.json").read_text())
    errors = Counter(rule for rule, _message, _selector in found)
    keep("html", pages=len(names), errors=errors, version=package["version"])
    assert found == {}
    assert said.returncode == 0


def test_the_validator_would_tell_an_error(tmp_path):
    (tmp_path / "wrong.html").write_text("<!doctype html><html><p id=a><p id=a><b></p>")
    said = validator(f"{tmp_path}/*.html")
    assert said.returncode == 1
    assert "no-dup-id" in said.stdout


def ours(address: str, text: str):
    """The links of a page to the portal itself."""
    for found in LINK.findall(text):
        link = urlsplit(urljoin(settings.SITE_URL + address, unescape(found)))
        if link.netloc == urlsplit(settings.SITE_URL).netloc and not link.path.startswith(("/static/", "/admin/")):
            yield link


def shape(link) -> tuple:
    """Which view a link asks, with which keys: what is wrong with one of a shape is wrong with all."""
    return (resolve(link.path).func, *sorted(parse_qs(link.query, keep_blank_values=True)))


def test_every_link_leads_somewhere(answers, client):
    """To an address that exists, in every language; of each shape that a page has, two are followed in English.

    `test_nothing_early` follows all links of a small world; this one has the founding texts and many records.
    """
    nowhere, waiting = set(), {}
    for address, text in answers.items():
        for link in ours(address, text):
            try:
                of_shape = waiting.setdefault((shape(link), address if "?" not in address else ""), set())
            except Resolver404:
                nowhere.add((address, link.path))
                continue
            if len(of_shape) < 2 and address.startswith("/en/") and not BOOKLET.match(link.path):
                of_shape.add(link.path + (f"?{link.query}" if link.query else ""))
    asked = set().union(*waiting.values()) - answers.keys()
    found = {link: client.get(link).status_code for link in sorted(asked)}
    assert nowhere == set()
    assert {link: status for link, status in found.items() if status >= 400} == {}
    assert len(found) > 100


def test_every_jump_inside_a_page_has_its_place(answers, client):
    jumps = {
        (address, link.path + (f"?{link.query}" if link.query else ""), unquote(link.fragment))
        for address, text in answers.items()
        for link in ours(address, text)
        if link.fragment
    }
    texts = dict(answers)
    missing = []
    for address, target, fragment in sorted(jumps):
        if target not in texts:
            if not target.startswith("/en/"):
                continue
            texts[target] = client.get(target).content.decode()
        if fragment not in ID.findall(texts[target]):
            missing.append((address, target, fragment))
    assert missing == []
    assert len(jumps) > 500
