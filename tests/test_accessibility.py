"""The page on accessibility says what the checks of pages did and found, as their account has it."""

import json

import pytest
from django.utils.html import escape
from django.utils.translation import override

from content import accessibility, languages
from content.presentation import number_text, partial_date_text
from tests.account import NOT_TESTED

pytestmark = pytest.mark.django_db


def statement(client, code: str) -> str:
    return client.get(f"/{code}/pages/accessibility/").content.decode()


@pytest.mark.parametrize("code", languages.CODES)
def test_the_statement_tells_the_account_in_every_language(client, founded, code):
    account = json.loads(accessibility.ACCOUNT.read_text())
    page = statement(client, code)
    with override(code):
        assert partial_date_text(account["date"]) in page
        for name, label in accessibility.CHECKS.items():
            assert escape(label) in page, name
            assert f"<bdi>{number_text(account['checks'][name])}</bdi>" in page, name
        for name in account["not_tested"]:
            assert escape(accessibility.NOT_TESTED[name]) in page, name
    for rule in account["violations"]:
        assert rule in page


def test_what_failed_is_told(client, founded, monkeypatch):
    account = json.loads(accessibility.ACCOUNT.read_text()) | {"violations": {"target-size": 12}}
    monkeypatch.setattr(accessibility, "account", lambda: account)
    page = statement(client, "en")
    assert '<code dir="ltr">target-size</code>: <bdi>12</bdi>' in page
    assert "no other fault was found" not in page


def test_a_portal_without_an_account_claims_nothing(client, founded, monkeypatch):
    monkeypatch.setattr(accessibility, "account", lambda: None)
    assert 'id="tested"' not in statement(client, "en")


def test_everything_that_is_not_tested_has_words():
    assert set(NOT_TESTED) == set(accessibility.NOT_TESTED)


def test_other_pages_tell_nothing_of_it(client, founded):
    assert 'id="tested"' not in client.get("/en/pages/about/").content.decode()
