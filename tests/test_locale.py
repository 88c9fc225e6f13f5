"""The interface in six languages: nothing is left out, and what is served is what is written."""

import re

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import ngettext, override

from conference.models import Edition
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


@pytest.mark.parametrize(
    ("language", "within_a_month", "over_new_year"),
    [
        ("en", "6–7 November 2023", "30 December 2023 – 2 January 2024"),
        ("zh-hans", "2023年11月6日至7日", "2023年12月30日至2024年1月2日"),
        ("fr", "6–7 novembre 2023", "30 décembre 2023 – 2 janvier 2024"),
        ("es", "6–7 de noviembre de 2023", "30 de diciembre de 2023 – 2 de enero de 2024"),
        ("ru", "6–7 ноября 2023 г.", "30 декабря 2023 г. – 2 января 2024 г."),
        ("ar", "6–7 نوفمبر 2023", "30 ديسمبر 2023 – 2 يناير 2024"),
    ],
)
@pytest.mark.django_db
def test_the_days_of_an_edition_say_once_what_they_share(client, language, within_a_month, over_new_year):
    for slug, start, end in (("short", "2023-11-06", "2023-11-07"), ("long", "2023-12-30", "2024-01-02")):
        Edition.objects.create(slug=slug, state="published", name_en=slug, start_date=start, end_date=end)
    page = " ".join(client.get(f"/{language}/conference/").content.decode().split())
    assert within_a_month in page
    assert over_new_year in page
