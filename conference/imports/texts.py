"""Texts of a file as the portal keeps them: as HTML, short enough, in one of the six languages."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable

from content.languages import CODES

_TAGS = (
    "a abbr b blockquote br center cite code dd del dfn div dl dt em figure font h1 h2 h3 h4 h5 h6 hr i iframe img ins"
    " kbd li mark ol p pre q s samp script section small span strike strong style sub sup table tbody td tfoot th"
    " thead tr tt u ul var"
)
# A tag that HTML knows; "a < b", "<T>" and "<me@example.org>" are plain text.
_TAG = re.compile(rf"</?(?:{_TAGS.replace(' ', '|')})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TRADITIONAL_CHINESE = re.compile(r"zh-(?:Hant\b|.*\b(?:TW|HK|MO)$)", re.IGNORECASE)


def as_html(text: str) -> str:
    """HTML as it is; plain text with its paragraphs and lines kept. Cleaning is the field's."""
    if not text.strip() or _TAG.search(text):
        return text.strip()
    plain = html.unescape(text.replace("\r\n", "\n")).strip()
    paragraphs = (html.escape(paragraph, quote=False) for paragraph in _PARAGRAPH_END.split(plain))
    return "\n".join(f"<p>{'<br>'.join(line.strip() for line in one.splitlines())}</p>" for one in paragraphs)


def same_line(one: str | None, other: str | None) -> bool:
    """Whether two texts say the same; spacing and control characters, which formats can't keep, make no difference."""
    return _plain(one or "") == _plain(other or "")


def _plain(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())


def cut(text: str, length: int) -> str:
    """The text, if too long up to its last whole word that fits, with an ellipsis."""
    if len(text) <= length:
        return text
    start = text[: length - 1]
    whole, _, rest = start.rpartition(" ")
    return f"{(whole if whole and len(rest) < 40 else start).rstrip()}…"


def identifier(text: str, length: int) -> str:
    """What a guid or an id is recognised by; one that is too long for its column ends in a digest of all of it."""
    if len(text) <= length:
        return text
    return f"{text[: length - 65]}~{hashlib.sha256(text.encode()).hexdigest()}"


def text_language(tags: Iterable[str]) -> str:
    """The one of the six languages that an event is held in, or English where it is none of them, or several."""
    found = {_portal_language(tag) for tag in tags}
    return found.pop() or "en" if len(found) == 1 else "en"


def _portal_language(tag: str) -> str:
    language = tag.lower().partition("-")[0]
    if language == "zh":
        return "" if _TRADITIONAL_CHINESE.match(tag) else "zh-hans"
    return language if language in CODES else ""
