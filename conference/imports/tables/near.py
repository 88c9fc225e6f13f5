"""Names that are much alike: the same words in another order, without accents, or spelled a little otherwise.

Names that differ by a number, or by a word that is another word, are not alike: institute 5 is not institute 6, and an
agreement with Kenya is none with Ghana.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from conference.imports.parties import signature
from content.imports.spelling import similarity, trigrams

# A trigram that so many share tells nothing; of the others so many are asked, the rarest first.
_COMMON, _ASKED = 60, 8
_ALIKE, _WORD_ALIKE = 0.5, 0.74
_MOST_SPELLED_OTHERWISE = 4
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Words that say nothing of their own in a Chinese name: of, and, with.
_CHINESE_JOINTS = frozenset("的与和及之")


class Name(NamedTuple):
    words: tuple[str, ...]
    signs: frozenset[str]


def _name(text: str) -> Name:
    spaced = _IDEOGRAPH.sub(lambda match: f" {match[0]} ", text)
    words = tuple(word for word in signature(spaced).split() if word not in _CHINESE_JOINTS)
    return Name(words, trigrams(spaced))


def alike(one: str, other: str) -> bool:
    return _alike(_name(one), _name(other))


def _alike(one: Name, other: Name) -> bool:
    if one.words == other.words:
        return bool(one.words)
    mine, theirs = set(one.words) - set(other.words), set(other.words) - set(one.words)
    # Cheap questions first: of thousands that are compared, nearly all are plainly others.
    if len(mine) != len(theirs) or len(mine) > _MOST_SPELLED_OTHERWISE:
        return False
    for word in sorted(mine):
        partner = next((candidate for candidate in sorted(theirs) if _same_word(word, candidate)), None)
        if partner is None:
            return False
        theirs.discard(partner)
    return similarity(one.signs, other.signs) >= _ALIKE


@lru_cache(maxsize=100_000)
def _same_word(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 3 or any(map(str.isdigit, one + other)):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _WORD_ALIKE


class NearNames:
    """What is known by which names; asked for each new name, then told it."""

    def __init__(self):
        self._names: list[tuple[object, Name]] = []
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        self._signatures: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)

    def add(self, key: object, texts: Iterable[str]) -> None:
        for text in dict.fromkeys(texts):
            name = _name(text)
            place = len(self._names)
            self._names.append((key, name))
            self._signatures[name.words].append(place)
            for sign in name.signs:
                holders = self._holders[sign]
                if len(holders) <= _COMMON:
                    holders.append(place)

    def find(self, texts: Iterable[str], accept: Callable[[object], bool] = lambda key: True) -> object | None:
        """The first that is alike and accepted, the same words before what is spelled nearly so."""
        names = [_name(text) for text in dict.fromkeys(texts)]
        for name in names:
            for place in self._signatures.get(name.words, ()) if name.words else ():
                if accept(self._names[place][0]):
                    return self._names[place][0]
        for name in names:
            for place in self._candidates(name):
                key, known = self._names[place]
                if _alike(name, known) and accept(key):
                    return key
        return None

    def _candidates(self, name: Name) -> list[int]:
        groups = sorted((self._holders.get(sign, ()) for sign in name.signs), key=len)
        asked = [group for group in groups if 0 < len(group) <= _COMMON][:_ASKED]
        return sorted({place for group in asked for place in group})
