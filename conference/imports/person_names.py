"""Names of persons as lists of participants write them: with honorifics, in capitals, the surname first or last."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from content.imports.spelling import plain

# Folded, without dots. Those of one letter and those that are names too count only where more speaks for them.
_HONORIFICS = frozenset(
    "mr mrs ms miss mx mister madam madame mme mlle monsieur mademoiselle sr sra srta señor señora senor senora snr"
    " sig herr frau fru dr dra drs doctor prof profa pr professor professeur eng ing ir arq lic licda mtro"
    " h.e s.e s.em s.exc h.r.h h.s.h h.h h.m s.a.r s.m s.a exc excmo excma exmo exma hon honorable honourable rt"
    " rev revd fr mgr msgr monsignor archbishop bishop cardinal imam sir dame lord lady baroness baron prince princess"
    " sheikh shaikh sheikha shaikha cheikh sayyid amb ambassador ambassadeur embajador gen col lt cdr capt maj adm"
    " brig sgt mag dipl-ing dr-ing dr.-ing dato dato' dato’ datuk pehin alhaji engr arch atty"
    " г-н г-жа господин госпожа д-р проф профессор"
    " السيد السيدة الآنسة الدكتور الدكتورة سعادة معالي الشيخ الأستاذ".split()
)
_PHRASES = (
    "his excellency", "her excellency", "his royal highness", "her royal highness", "his highness", "her highness",
    "his eminence", "son excellence", "su excelencia", "son altesse", "the honourable", "the honorable", "rt hon",
    "right honourable", "его превосходительство", "ее превосходительство", "صاحب السمو", "صاحبة السمو",
    "صاحب السعادة", "صاحب المعالي",
)  # fmt: skip
_AMBIGUOUS = frozenset("m d he se hm hh fr col gen".split())
_DOTTED = re.compile(r"^(?:[HS]\s?\.\s?E\s?\.?|H\s?\.\s?R\s?\.\s?H\s?\.?|S\s?\.\s?A\s?\.\s?R\s?\.?)(?=\s|[A-ZÀ-Ý]|$)")
_AFTER_THE_NAME = frozenset("jr sr ii iii iv phd ph.d md m.d mp m.p esq mba msc kc qc obe cbe".split())
_HAN_TITLES = ("先生", "女士", "小姐", "博士", "教授", "阁下", "夫人")

_FRENCH = frozenset("m mme mlle monsieur madame sem semme sexcm".split())
_SPANISH = frozenset("sr sra srta sesr sesra excmo excma excmosr excmasra lic licda".split())


class PersonName(NamedTuple):
    """The given name first; the honorific as it was written."""

    name: str
    honorific: str


def name_key(name: str) -> str:
    """The same for every order of surname and given name."""
    return " ".join(sorted(plain(name).split())) or name.casefold()


def honorific_key(honorific: str) -> str:
    """ "H.E. Mr." and "HE Mr" are one."""
    return plain(honorific).replace(" ", "")


def read_name(text: str, honorific: str = "") -> PersonName:
    """What stands in the column of names, honorifics in it told apart where no other column gave one."""
    text = text.strip(" ,;")
    if text.startswith(_HAN_TITLES) or text.endswith(_HAN_TITLES):
        return _han_name(text, honorific)
    before, comma, behind = (part.strip() for part in text.partition(","))
    if comma and behind and "," not in behind and plain(behind).replace(" ", "") not in _AFTER_THE_NAME:
        given_honorific, given = _split(behind)
        surname_honorific, surname = _split(before)
        found = given_honorific or surname_honorific
        if given and surname:
            return PersonName(f"{given} {surname}", _joined(honorific, found))
    found, name = _split(text, sure=bool(honorific))
    return PersonName(name, _joined(honorific, found))


def _joined(given: str, found: str) -> str:
    """That of its own column, and what the name has beyond it; "H.E." stands first."""
    if not given or not found or honorific_key(found) in honorific_key(given):
        return given or found
    if honorific_key(given) in honorific_key(found):
        return found
    return f"{found} {given}" if honorific_key(found).startswith(("he", "se")) else f"{given} {found}"


def is_only_honorific(text: str) -> bool:
    return all(word.strip(".,") in _HONORIFICS | _AMBIGUOUS for word in text.casefold().split())


def _han_name(text: str, honorific: str) -> PersonName:
    for title in _HAN_TITLES:
        name = text.removesuffix(title).removeprefix(title).strip()
        if name and name != text:
            return PersonName(name, honorific or title)
    return PersonName(text, honorific)


def _split(text: str, sure: bool = False) -> tuple[str, str]:
    """Honorifics at the beginning, and the name behind them. `sure`: another column has the honorific, so that a
    letter which might be one is an initial.
    """
    taken, rest = [], text
    while rest:
        piece, behind = _next_honorific(rest, bool(taken), sure)
        if not piece or not plain(behind):
            break
        taken.append(piece)
        rest = behind
    return " ".join(taken), rest


def _next_honorific(text: str, follows: bool, sure: bool) -> tuple[str, str]:
    if dotted := _DOTTED.match(text):
        return dotted.group().strip(), text[dotted.end() :].lstrip(" .")
    small = text.casefold()
    for phrase in _PHRASES:
        if small.startswith(phrase) and not text[len(phrase) : len(phrase) + 1].isalnum():
            return text[: len(phrase)], text[len(phrase) :].lstrip(" .,")
    word, _space, behind = text.partition(" ")
    # "Mr.John" without a space
    first, dot, rest = word.partition(".")
    if dot and first.casefold() in _HONORIFICS and re.match(r"\w{3}", rest):
        word, behind = f"{first}.", f"{rest} {behind}".strip()
    bare = word.casefold().strip(".,")
    if bare in _AMBIGUOUS:
        return (word, behind) if _is_honorific_here(bare, word, behind, follows, sure) else ("", text)
    return (word, behind) if bare in _HONORIFICS else ("", text)


def _is_honorific_here(bare: str, word: str, behind: str, follows: bool, sure: bool) -> bool:
    """ "M. Jean DUPONT" has one; "M. K. Gandhi", "M. Silva" and "HE Jiankui" have not."""
    following = behind.split()
    if not following:
        return False
    if bare in {"he", "se", "hm", "hh"}:
        return following[0].casefold().strip(".,") in _HONORIFICS | {"m"}
    if follows:
        return bare != "d" and len(following) > 1
    is_initial = len(following[0].strip(".")) == 1
    return not sure and not is_initial and len(following) > 1 and (bare != "d" or word.endswith("."))


def language_of(text: str, honorific: str = "") -> str:
    """The one of the six languages: by its script, and for Latin letters by the honorific of the person."""
    for letter in "" if text.isascii() else text:
        if ord(letter) > 0x24F and letter.isalpha():
            name = unicodedata.name(letter, "")
            for script, language in (("CJK", "zh-hans"), ("CYRILLIC", "ru"), ("ARABIC", "ar")):
                if name.startswith(script):
                    return language
    key = honorific_key(honorific)
    if key in _FRENCH:
        return "fr"
    return "es" if key in _SPANISH else "en"
