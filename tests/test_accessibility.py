"""The page on accessibility says what the checks of pages did and found, as their account has it."""

import json

import pytest
from django.utils.html import escape
from django.utils.translation import override

from content import accessibility, languages
from content.presentation import number_text, partial_date_text
from tests.account import NOT_TESTED, account_of

pytestmark = pytest.mark.django_db
# As the walk of one language keeps it.
WALK = {
    "pages": 67,
    "themes": ["light", "dark"],
    "widths": [360, 768, 1440],
    "done": {name: 1000 + number for number, name in enumerate(accessibility.CHECKS) if name != "html"},
    "found": {},
    "rules": {"structural": ["image-alt", "label"], "looks": ["target-size"], "version": "4.12"},
    "browser": "140.0",
}
HTML = {"errors": {}, "pages": 402, "version": "10.0"}
VIOLATION = {"/en/": [("axe: looks", [["target-size", ["<a>"]]])]}


@pytest.fixture
def account(tmp_path, monkeypatch):
    """Puts an account where the portal reads it."""

    def write(found: dict) -> dict:
        made = account_of({code: WALK | {"found": found} for code in languages.CODES}, HTML)
        path = tmp_path / "account.json"
        path.write_text(json.dumps(made))
        monkeypatch.setattr(accessibility, "ACCOUNT", path)
        accessibility.account.cache_clear()
        return made

    yield write
    accessibility.account.cache_clear()


def statement(client, code: str) -> str:
    return client.get(f"/{code}/pages/accessibility/").content.decode()


@pytest.mark.parametrize("code", languages.CODES)
def test_the_statement_tells_the_account_in_every_language(client, founded, account, code):
    made = account({})
    page = statement(client, code)
    with override(code):
        assert partial_date_text(made["date"]) in page
        for name, label in accessibility.CHECKS.items():
            assert escape(str(label)) in page, name
            assert f"<bdi>{number_text(made['checks'][name])}</bdi>" in page, name
        for name in made["not_tested"]:
            assert escape(str(accessibility.NOT_TESTED[name])) in page, name
    assert "target-size" not in page


def test_what_failed_is_told(client, founded, account):
    account(VIOLATION)
    page = statement(client, "en")
    assert '<code dir="ltr">target-size</code>: <bdi>6</bdi>' in page
    assert "no other fault was found" not in page


def test_an_account_of_an_older_release_is_told_as_far_as_there_are_words(client, founded, account):
    made = account({})
    accessibility.ACCOUNT.write_text(json.dumps(made | {"not_tested": [*made["not_tested"], "something_else"]}))
    accessibility.account.cache_clear()
    assert 'id="tested"' in statement(client, "en")


def test_a_portal_without_an_account_claims_nothing(client, founded, account, tmp_path, monkeypatch):
    account({})
    monkeypatch.setattr(accessibility, "ACCOUNT", tmp_path / "nothing.json")
    accessibility.account.cache_clear()
    assert 'id="tested"' not in statement(client, "en")


def test_everything_that_is_not_tested_has_words():
    assert set(NOT_TESTED) == set(accessibility.NOT_TESTED)


def test_other_pages_tell_nothing_of_it(client, founded, account):
    account({})
    assert 'id="tested"' not in client.get("/en/pages/about/").content.decode()
