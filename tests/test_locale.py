"""The interface in six languages: nothing is left out, and what is served is what is written."""

import re

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import ngettext, override

from content.languages import CODES

LOCALES = {code: "zh_Hans" if code == "zh-hans" else code for code in CODES if code != "en"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def folder(code: str):
    return settings.LOCALE_PATHS[0] / LOCALES[code] / "LC_MESSAGES"


def messages(code: str) -> list:
    with (folder(code) / "django.po").open("rb") as file:
        return [message for message in read_po(file, locale=LOCALES[code]) if message.id]


@pytest.mark.parametrize("code", LOCALES)
def test_every_message_is_translated(code):
    def is_whole(text) -> bool:
        return bool(text) if isinstance(text, str) else all(text)

    assert [message.id for message in messages(code) if message.fuzzy or not is_whole(message.string)] == []


@pytest.mark.parametrize("code", LOCALES)
def test_translations_keep_the_places_of_values(code):
    wrong = [
        message.id
        for message in messages(code)
        if isinstance(message.id, str)
        if set(PLACEHOLDER.findall(message.id)) != set(PLACEHOLDER.findall(message.string))
    ]
    assert wrong == []


@pytest.mark.parametrize("code", LOCALES)
def test_the_compiled_messages_are_those_that_are_written(code):
    def by_id(found) -> dict:
        """Babel reads ids of plurals as lists here and tuples there, contexts as bytes here and text there."""
        return {
            (
                message.context.decode() if isinstance(message.context, bytes) else message.context,
                message.id if isinstance(message.id, str) else message.id[0],
            ): list(message.string) if isinstance(message.string, tuple) else message.string
            for message in found
            if message.id
        }

    with (folder(code) / "django.mo").open("rb") as file:
        assert by_id(read_mo(file)) == by_id(messages(code))


def test_plural_forms_are_those_of_each_language():
    def forms(code: str, numbers: list[int]) -> int:
        with override(code):
            counted = {ngettext("%(number)s session", "%(number)s sessions", number) for number in numbers}
        return len(counted)

    numbers = [0, 1, 2, 3, 5, 11, 21, 100, 102]
    # Of the six forms of Arabic and the three of Russian some look alike for this noun.
    assert {code: forms(code, numbers) for code in LOCALES} == {"zh-hans": 1, "fr": 2, "es": 2, "ru": 3, "ar": 4}
