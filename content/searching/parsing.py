"""What a visitor typed, as terms: words, each of which a record must have, and phrases in quotation marks."""

import re
from typing import NamedTuple

LONGEST = 200
PHRASE = re.compile(r'"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』')
SHORTEST_PREFIX = 2


class Term(NamedTuple):
    """`prefix`: the last word of a query may be the beginning of a longer one."""

    text: str
    phrase: bool = False
    prefix: bool = False


def terms_of(text: str) -> list[Term]:
    """Each term once, in the order of typing; what has neither letter nor digit is none."""
    found: list[Term] = []
    end = 0
    for match in PHRASE.finditer(text):
        found += words_of(text[end : match.start()])
        found.append(Term(" ".join(next(filter(None, match.groups()), "").split()), phrase=True))
        end = match.end()
    tail = words_of(text[end:])
    if tail and is_beginning(tail[-1].text):
        tail[-1] = tail[-1]._replace(prefix=True)
    return list(dict.fromkeys(term for term in [*found, *tail] if any(sign.isalnum() for sign in term.text)))


def words_of(text: str) -> list[Term]:
    return [Term(word) for word in text.split()]


def is_beginning(word: str) -> bool:
    """Whether a word may stand for longer ones: a code may not, nor a letter, which would stand for too many."""
    return len(word) >= SHORTEST_PREFIX and not any(sign.isdigit() for sign in word)
