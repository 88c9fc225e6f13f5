"""The words of a search within a text: which of them match, and the part of the text where they stand."""

import re
import unicodedata
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple

from django.db import connection

from content.searching.functions import IDEOGRAPHS, LONGEST_TEXT
from content.searching.parsing import Term
from content.searching.query import Search

SNIPPET_LENGTH = 220
BEFORE_FIRST = 60
# Vowel signs, tatweel and joiners stand inside words, though they are no letters.
WORD = re.compile("[\\w\u0300-\u036f\u0640\u064b-\u065f\u0670\u200c\u200d]+")
HAN = re.compile(f"[{IDEOGRAPHS}]+")
ARTICLE = re.compile("^(وال|فال|بال|كال|لل|ال|و)(?=..)")
SAME_LETTERS = str.maketrans("أإآٱىئیؤةکё", "اااايييوهكе")
BLOCKS = frozenset("blockquote br dd div dt h2 h3 h4 h5 h6 hr li ol p table td th tr ul".split())


class Piece(NamedTuple):
    text: str
    marked: bool = False


class Passage(NamedTuple):
    """A text of a record in one language, without markup."""

    language: str
    text: str


class Plain(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data):
        self.parts.append(data)

    def handle_starttag(self, tag, attrs):
        self.parts.append(" " if tag in BLOCKS else "")

    def handle_endtag(self, tag):
        self.parts.append(" " if tag in BLOCKS else "")


def plain(text: str) -> str:
    """A text, or HTML, as one line without markup."""
    if "<" in text or "&" in text:
        parser = Plain()
        parser.feed(text[: 2 * LONGEST_TEXT])
        parser.close()
        text = "".join(parser.parts)
    return " ".join(text[:LONGEST_TEXT].split())


def fold(word: str) -> str:
    """Nearly as the database folds words: without accents and case. What it misses is not marked, though found."""
    decomposed = unicodedata.normalize("NFKD", word.replace("\u0640", "").translate(SAME_LETTERS))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare).casefold()


class Highlighter:
    """Marks of one search in many passages, for one question to the database."""

    def __init__(self, search: Search, passages: Iterable[Passage]):
        self.terms = [word for asked in search.asked for word in single_words(asked.term)]
        self.runs = [run for term in self.terms for run in HAN.findall(fold(term.text))]
        self.beginnings = {beginning(term.text) for term in self.terms}
        self.matching = self._ask({(one.language, word) for one in passages for word in self._candidates(one.text)})

    def _candidates(self, text: str) -> Iterable[str]:
        """Words that begin as one of the search does; stems of one word begin alike."""
        lengths = {len(text) for text in self.beginnings}
        for word in set(WORD.findall(text)):
            folded = fold(word)
            for form in (folded, ARTICLE.sub("", folded)):
                if any(form[:length] in self.beginnings for length in lengths):
                    yield word

    def _ask(self, words: set[tuple[str, str]]) -> set[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH terms AS MATERIALIZED (SELECT portal_search_term(term, is_phrase, is_prefix) AS wanted"
                " FROM unnest(%s::text[], %s::boolean[], %s::boolean[]) AS given (term, is_phrase, is_prefix))"
                " SELECT language, word FROM unnest(%s::text[], %s::text[]) AS words (language, word),"
                " LATERAL (SELECT vector FROM portal_search_text(language, word, 'A')) AS of_word"
                " WHERE EXISTS (SELECT 1 FROM terms WHERE of_word.vector @@ wanted)",
                [
                    [term.text for term in self.terms],
                    [term.phrase for term in self.terms],
                    [term.prefix for term in self.terms],
                    [language for language, _word in words],
                    [word for _language, word in words],
                ],
            )
            return set(cursor.fetchall())

    def spans(self, passage: Passage) -> list[tuple[int, int]]:
        """Where the marks begin and end, in order and apart."""
        found = [
            match.span()
            for match in WORD.finditer(passage.text)
            if (passage.language, match.group()) in self.matching and not HAN.search(match.group())
        ]
        for run in self.runs:
            found += [match.span() for match in re.finditer(re.escape(run), passage.text)]
        return apart(sorted(found))

    def pieces(self, passage: Passage) -> list[Piece]:
        return cut(passage.text, self.spans(passage))

    def snippet(self, passage: Passage) -> list[Piece]:
        """The part of the text with the most marks; its beginning where it has none."""
        spans = self.spans(passage)
        start, end = window(passage.text, spans)
        inside = [(left - start, right - start) for left, right in spans if left >= start and right <= end]
        pieces = cut(passage.text[start:end], inside)
        before, after = [Piece("… ")] * (start > 0), [Piece(" …")] * (end < len(passage.text))
        return [*before, *pieces, *after]


def single_words(term: Term) -> list[Term]:
    """A phrase, or a word with a hyphen, stands in a text as several."""
    parts = WORD.findall(term.text)
    exact = term.phrase or len(parts) > 1
    return [Term(part, exact, term.prefix and place == len(parts)) for place, part in enumerate(parts, 1)]


def beginning(word: str) -> str:
    return ARTICLE.sub("", fold(word))[:3]


def apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    if len(text) <= SNIPPET_LENGTH:
        return 0, len(text)
    starts = [max(0, start - BEFORE_FIRST) for start, _end in spans] or [0]
    best = max(starts, key=lambda at: (sum(at <= start and end <= at + SNIPPET_LENGTH for start, end in spans), -at))
    best = min(best, len(text) - SNIPPET_LENGTH)
    return at_word(text, best, 1), at_word(text, best + SNIPPET_LENGTH, -1)


def at_word(text: str, place: int, step: int) -> int:
    """The nearest place between two words; of Chinese, which has no spaces, the place itself."""
    for distance in range(20):
        near = place + step * distance
        if near <= 0 or near >= len(text):
            return min(max(near, 0), len(text))
        if text[near].isspace():
            return near + (step > 0)
    return place


def cut(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [Piece(text[at:start]), Piece(text[start:end], True)]
        at = end
    return [piece for piece in (*pieces, Piece(text[at:])) if piece.text]
