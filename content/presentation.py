"""Values as words ready to show, in the visitor's language, so that templates are outlines.

`Shown` carries `lang` and `dir` only where a text stands in for one that is missing in the visitor's language.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content import languages
from content.choices import Qualifier

LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans"}
# Between names that are listed, and between the parts of one phrase: Chinese tells the two apart.
LIST_SEPARATORS = {"zh-hans": "、", "ar": "، "}
PHRASE_SEPARATORS = {"zh-hans": "，", "ar": "، "}
# Between claims of one sentence, and between sentences that say no full stop of their own.
CLAIM_SEPARATORS = {"zh-hans": "；", "ar": "؛ "}
SENTENCE_ENDS = {"zh-hans": "。"}


def locale(language: str) -> str:
    """The name that Babel has for a language of the portal."""
    return LOCALES.get(language, language)


def listed(names: Iterable[str]) -> str:
    """Names beside each other, with the comma of the visitor's language between."""
    return LIST_SEPARATORS.get(languages.current(), ", ").join(filter(None, names))


def phrase(*parts: str) -> str:
    """The parts of one phrase, such as day and room, with the comma of the visitor's language between."""
    return PHRASE_SEPARATORS.get(languages.current(), ", ").join(filter(None, parts))


def claims_in_a_row(*claims: str) -> str:
    return CLAIM_SEPARATORS.get(languages.current(), "; ").join(filter(None, claims))


def sentences(*parts: str) -> str:
    """Each part as a sentence of the visitor's language, the last one without its stop."""
    end = SENTENCE_ENDS.get(languages.current(), ". ")
    return end.join(part.rstrip("。. ") for part in parts if part)


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    lang: str = ""
    dir: str = ""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def __html__(self) -> SafeString:
        if not self.lang:
            return format_html("{}", self.text)
        return format_html('<span lang="{}" dir="{}">{}</span>', self.lang, self.dir, self.text)


def shown(record, field: str, language: str = "") -> Shown:
    """A text of a record in the visitor's language, or marked as being in another."""
    language = language or languages.current()
    if record is None:
        return Shown("")
    text, found = languages.localised(record, field, language)
    if found == language:
        return Shown(text)
    return Shown(text, languages.html_code(found), languages.direction(found))


def spoken(words: Shown) -> str | dict:
    """A text for a typesetter: a string, or with its language where that isn't the visitor's."""
    return {"text": words.text, "lang": words.lang, "dir": words.dir} if words.lang else words.text


def shown_html(record, field: str, language: str = "") -> SafeString:
    """HTML of a record, in an element that names its language where it is another one."""
    text = shown(record, field, language)
    # HTMLField cleaned it on its way into the database.
    html = mark_safe(text.text)
    return format_html('<div lang="{}" dir="{}">{}</div>', text.lang, text.dir, html) if text.lang else html


# What would end a data block, begin a comment in it, or end a line for a script that reads it
NOT_IN_A_DATA_BLOCK = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def json_ld_block(data) -> SafeString:
    """A data block, which is not run: no text in it can end it."""
    # format_html would escape the quotation marks that JSON needs.
    text = json.dumps(data, ensure_ascii=False).translate(NOT_IN_A_DATA_BLOCK)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def partial_date_text(value: str | None) -> str:
    """`2023-11` as November 2023, no more precise than it is known."""
    if not value:
        return ""
    parts = [int(part) for part in value.split("-")]
    day = date(*parts, *[1] * (3 - len(parts)))
    name = locale(languages.current())
    if len(parts) == 3:
        return format_date(day, "long", locale=name)
    return format_date(day, {1: "y", 2: MONTH_PATTERNS.get(name, "LLLL y")}[len(parts)], locale=name)


MONTH_PATTERNS = {"zh_Hans": "y年M月", "es": "LLLL 'de' y", "ru": "LLLL y"}


def day_range_text(start: str | None, end: str | None) -> str:
    """Two dates as one phrase; the same day once."""
    if not start or not end or start == end:
        return partial_date_text(start or end)
    if len(start) == len(end) == len("2023-11-06"):
        return days_together_text(date.fromisoformat(start), date.fromisoformat(end))
    return _("%(start)s to %(end)s") % {"start": partial_date_text(start), "end": partial_date_text(end)}


def days_together_text(start: date, end: date) -> str:
    """6–7 November 2023: what both have in common once, as the language writes intervals, with months in full."""
    name = locale(languages.current())
    differs = "y" if start.year != end.year else "M" if start.month != end.month else "d"
    known = Locale.parse(name).interval_formats
    # Most languages keep a pattern for short months alone.
    parts = [part.replace("MMM", "MMMM") for part in known["yMMMd"][differs]]
    parts = known.get("yMMMMd", {}).get(differs, parts)
    return "".join(format_date(day, part, locale=name) for day, part in zip((start, end), parts, strict=True))


def day_text(day: date) -> str:
    """With the day of the week: Monday, 6 November 2023."""
    return format_date(day, "full", locale=locale(languages.current()))


def day_without_year_text(day: date) -> str:
    """Monday 6 November, in the order that the language has."""
    return format_skeleton("MMMMEEEEd", day, locale=locale(languages.current()))


def short_day_text(day: date) -> str:
    return format_date(day, "E d", locale=locale(languages.current()))


def time_text(moment: datetime, zone: tzinfo) -> str:
    """Hours and minutes of 24 hours, as programmes have them in all six languages."""
    return moment.astimezone(zone).strftime("%H:%M")


def number_text(value: Decimal | int | None) -> str:
    """With the separators of the language and no needless decimals."""
    if value is None:
        return ""
    return format_decimal(value, locale=locale(languages.current()))


PHRASES = {
    Qualifier.MORE_THAN: gettext_lazy("more than %(number)s"),
    Qualifier.ABOUT: gettext_lazy("about %(number)s"),
    Qualifier.UP_TO: gettext_lazy("up to %(number)s"),
}


def as_said(value: Decimal | None, qualifier: str) -> str:
    """A claimed value in words, as it stands in running text: more than 70."""
    if value is None:
        return str(Qualifier.SEVERAL.label) if qualifier == Qualifier.SEVERAL else ""
    number = number_text(value)
    return str(PHRASES[qualifier]) % {"number": number} if qualifier in PHRASES else number


def checked_sentence(claimed: str, claimed_on: str | None, count: int, whose: str = "") -> str:
    """What was claimed beside what is on file: more than 50 claimed on 30 October 2023; 12 on file.

    `whose` is the source of the claim that was compared, where others say otherwise and nobody has chosen.
    """
    words = {"claimed": claimed, "date": partial_date_text(claimed_on), "count": number_text(count)}
    if claimed_on:
        known, unknown = (
            _("%(claimed)s claimed on %(date)s; %(count)s on file"),
            _("%(claimed)s claimed on %(date)s; on file: not recorded"),
        )
    else:
        known, unknown = _("%(claimed)s claimed; %(count)s on file"), _("%(claimed)s claimed; on file: not recorded")
    sentence = (known if count else unknown) % words
    if not whose:
        return sentence
    differ = _("%(check)s. Sources differ, and the portal has not chosen: this is the claim of %(source)s.")
    return differ % {"check": sentence, "source": whose}


def language_name(code: str) -> str:
    """The name of a language, in the visitor's: what "ar" is called in French."""
    try:
        return Locale.parse(code, sep="-").get_display_name(locale(languages.current())) or code
    except (UnknownLocaleError, ValueError):
        return code


def reference_link(record, field: str = "") -> dict:
    """A record as `{text, url, lang, dir}` for lists and definition lists."""
    text = shown(record, field or ("title" if hasattr(record, "title") else "name"))
    return {"text": text.text, "lang": text.lang, "dir": text.dir, "url": record.get_absolute_url()}


def says_something(item: dict) -> bool:
    """Whether anything is recorded of an item of a definition list."""
    return bool(item.get("text") or item.get("entries") or item.get("note"))


def with_query(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
