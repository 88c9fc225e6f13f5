"""Single values as programme files write them: each function reads one, or raises ValueError."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import TypeVar
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from conference.imports.parsed import Report, folded
from content.imports.problems import quoted as shown

Value = TypeVar("Value")

LONGEST_DURATION = timedelta(days=31)
FIRST_YEAR, LAST_YEAR = 1900, 2200

# "1:30", "01:30", "01:30:00", and Python's own form of more than a day, "1 day, 2:00:00"
_DURATION = re.compile(r"(?:(\d{1,2}) days?, )?(\d{1,3}):(\d{2})(?::(\d{2}))?", re.ASCII)
_MINUTES = re.compile(r"\d{1,5}", re.ASCII)
_ISO_DURATION = re.compile(r"P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?", re.ASCII)
# The schema's own pattern lets hours go to 29: 25:30 is half past one of the next morning.
_CLOCK = re.compile(r"([0-2]?\d):?([0-5]\d)(?::([0-5]\d)(?:\.0+)?)?", re.ASCII)

_LANGUAGE_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?", re.ASCII)
_FORMALITY = re.compile(r"[-_](?:formal|informal)$", re.IGNORECASE)
_BETWEEN_LANGUAGES = re.compile(r"[,;/|+&]|\s(?:and|und|et|y|или|и|or|oder)\s", re.IGNORECASE)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "root"})
_LANGUAGE_NAMES_IN = ("en", "zh", "fr", "es", "ru", "ar", "de")

_ABSENT_GUID = frozenset({"", "none", "null", "nil", str(uuid.UUID(int=0))})


def read_guid(text: str) -> str:
    """A UUID in small letters with hyphens if the text is one in any spelling, or in base64; else the text itself."""
    text = text.strip()
    if folded(text) in _ABSENT_GUID:
        return ""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return _guid_in_base64(text) or text


def is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _guid_in_base64(text: str) -> str:
    """Early versions of frab wrote the 16 bytes in base64 without padding."""
    if not re.fullmatch(r"[A-Za-z0-9+/_-]{22}(==)?", text):
        return ""
    plain = text[:22].translate(str.maketrans("-_", "+/"))
    try:
        value = base64.b64decode(plain + "==", validate=True)
    except binascii.Error:
        return ""
    # The last letter has four unused bits. Only the spelling without them is taken, so that no two become one.
    return str(uuid.UUID(bytes=value)) if base64.b64encode(value).decode()[:22] == plain else ""


def read_duration(text: str) -> timedelta:
    """`H:MM`, `HH:MM`, `HH:MM:SS`, a number of minutes, or ISO 8601. More than nothing, at most a month."""
    text = text.strip()
    duration = _duration(text)
    if not timedelta(0) < duration <= LONGEST_DURATION:
        raise ValueError(f"duration {shown(text)} is not between a minute and a month")
    return duration


def _duration(text: str) -> timedelta:
    if _MINUTES.fullmatch(text):
        return timedelta(minutes=int(text))
    match = _DURATION.fullmatch(text) or (_ISO_DURATION.fullmatch(text) if text[-1:] not in {"P", "T"} else None)
    if not match:
        raise ValueError(f"duration {shown(text)} is not of the form HH:MM")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def read_clock(text: str) -> timedelta:
    """The time since midnight, up to 29:59."""
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(f"start {shown(text)} is not a time of the form HH:MM")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def read_moment(text: str) -> datetime | date:
    """A datetime, with an offset or without, or a mere date."""
    text = text.strip()
    try:
        moment: datetime | date = date.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{shown(text)} is not a date of the form 2026-01-31 or 2026-01-31T09:30+01:00") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"{shown(text)}: the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


@cache
def read_zone(name: str) -> ZoneInfo:
    """A zone of the IANA database, also by its city alone, as Ruby on Rails calls it ("Berlin")."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        city = name.strip().replace(" ", "_")
        zones = [zone for zone in available_timezones() if zone.endswith(f"/{city}") and zone.count("/") == 1]
    if len(zones) != 1:
        raise ValueError(f"time zone {shown(name)} is not known: a name such as Asia/Shanghai is expected")
    return ZoneInfo(zones[0])


def localise(moment: datetime, zone: tzinfo) -> tuple[datetime, str]:
    """The instant, in UTC, of a wall time in the zone, and what is wrong with that wall time, if anything.

    At a change of clocks a wall time can happen twice: the first is taken. Or never: it is taken as if the clocks
    had not changed yet, so that the order of the programme stays.
    """
    instant = moment.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.replace(tzinfo=zone, fold=1).astimezone(UTC) == instant:
        return instant, ""
    wall = instant.astimezone(zone).replace(tzinfo=None)
    if wall == moment:
        return instant, f"{moment:%Y-%m-%d %H:%M} happens twice in {zone}, the clocks go back: the first is taken"
    return instant, f"{moment:%Y-%m-%d %H:%M} does not exist in {zone}, the clocks go forward: {wall:%H:%M} is taken"


def read_languages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The BCP 47 tags that the text names, and those of its words that name no language.

    A sentence names none: half of it would say something else than the whole.
    """
    pieces = [piece.strip() for piece in _BETWEEN_LANGUAGES.split(text) if piece.strip()]
    tags = {piece: _language(piece) for piece in pieces}
    unknown = tuple(piece for piece, tag in tags.items() if not tag)
    if any(" " in piece for piece in unknown):
        return (), (" ".join(text.split()),)
    return tuple(dict.fromkeys(tag for tag in tags.values() if tag)), unknown


def _language(piece: str) -> str:
    match = _LANGUAGE_TAG.fullmatch(_FORMALITY.sub("", piece))
    if not match:
        return _language_names().get(folded(piece), "")
    language, script, region = (part or "" for part in match.groups())
    language = get_global("language_aliases").get(language.lower(), language.lower())
    known = _known_subtags()
    parts = [language, script.title(), region.upper()]
    if all(part in group for part, group in zip(parts, known, strict=True)):
        return "-".join(part for part in parts if part)
    return ""


@cache
def _known_subtags() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Languages, scripts and regions; the last two may be absent."""
    english = Locale("en")
    return (
        frozenset(english.languages) - _NO_LANGUAGE,
        frozenset(english.scripts) | {""},
        frozenset(english.territories) | {""},
    )


@cache
def _language_names() -> dict[str, str]:
    return {
        folded(name): code.replace("_", "-")
        for locale in _LANGUAGE_NAMES_IN
        for code, name in Locale(locale).languages.items()
        if code not in _NO_LANGUAGE
    }


def read_address(text: str, base: str) -> str:
    """An absolute http or https address; a relative one is completed from the base."""
    text = text.strip()
    if text.casefold().startswith("www."):
        text = f"https://{text}"
    address = urljoin(base, text)
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"address {shown(text)} is not http or https")
    return address


def slug_of_page(address: str) -> str:
    """The slug of the session whose page at a portal like this one the address is; else nothing."""
    before, _, slug = urlsplit(address).path.rstrip("/").rpartition("/sessions/")
    return slug if "/conference/" in before else ""


def read_flag(text: str) -> bool | None:
    """True, false, or None for what says neither."""
    word = folded(text)
    if word in {"true", "1", "yes"}:
        return True
    return False if word in {"false", "0", "no"} else None


def tried(
    read: Callable[..., Value], text: str, line: int, warn: Report, prefix: str = "", **more: str
) -> Value | None:
    """The value, or None and a warning; None alone for an empty text."""
    if not text.strip():
        return None
    try:
        return read(text, **more)
    except ValueError as error:
        warn(line, f"{prefix}{error}: it is left out")
        return None
