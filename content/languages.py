"""The six languages of the portal, as equals, and which of them a text is really in."""

from typing import NamedTuple

from django.utils.translation import get_language

CODES = ("en", "zh-hans", "fr", "es", "ru", "ar")
NATIVE_NAMES = {
    "en": "English",
    "zh-hans": "中文",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
    "ar": "العربية",
}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class Text(NamedTuple):
    """A text with the language it is in, which differs from the one asked for where it was a fallback."""

    text: str
    language: str


def column(field: str, language: str) -> str:
    """The attribute, and database column, that holds a translated field in one language."""
    return f"{field}_{language.replace('-', '_')}"


def html_code(language: str) -> str:
    """The BCP 47 tag as HTML, calendars and other programs expect it: zh-Hans, not zh-hans."""
    return "zh-Hans" if language == "zh-hans" else language


def direction(language: str) -> str:
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def current() -> str:
    """The language of this request; English where Django names one that the portal has not."""
    language = get_language() or "en"
    return language if language in CODES else "en"


def preference(language: str) -> tuple[str, ...]:
    """The order in which languages stand in for one another: the one asked for, English, then the rest as listed."""
    return tuple(dict.fromkeys((language, "en", *CODES)))


def localised(record, field: str, language: str) -> Text:
    """The text in the language asked for, or the first that exists in the order of preference; empty if none does."""
    for code in preference(language):
        if text := getattr(record, column(field, code)):
            return Text(text, code)
    return Text("", language)


ALL = "all"


def single(language: str) -> str:
    """For what can be in one language alone: English where all six are asked for."""
    return "en" if language == ALL else language


def text_value(record, field: str, language: str):
    """A text as the API gives it: in one language, or with `all` an object of six; None where nothing is on file."""
    if language == ALL:
        return all_languages(record, field)
    return localised(record, field, language).text or None


def all_languages(record, field: str) -> dict[str, str | None]:
    """Every language as stored, None where nothing is on file in it."""
    return {code: getattr(record, column(field, code)) or None for code in CODES}
