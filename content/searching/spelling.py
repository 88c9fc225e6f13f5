"""What a slip of the pen may have meant, of all words that the index knows: the public knows only some of them."""

import json
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from content.searching.snippets import fold

SHORTEST, MOST = 4, 6


def alike(words: Iterable[str]) -> dict[str, list[str]]:
    """For each word those that differ from it by a slip or two, the likeliest first. Hidden records' words too."""
    asked = {word: fold(word) for word in words if len(word) >= SHORTEST and not any(map(str.isdigit, word))}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT words.asked, found.alike, found.asked_forms, found.forms"
            " FROM jsonb_to_recordset(%s) AS words (asked text, swapped text[]),"
            " portal_search_similar(words.asked, words.swapped) AS found",
            [json.dumps([{"asked": word, "swapped": swapped(word)} for word in set(asked.values())])],
        )
        found = defaultdict(list)
        for of, near, of_forms, forms in cursor.fetchall():
            found[of].append((near, list(zip(of_forms, forms, strict=True))))
    return {word: nearest(folded, found[folded]) for word, folded in asked.items()}


def swapped(word: str) -> list[str]:
    """With two neighbours exchanged, a short word has hardly a group of three letters left that is its own."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def nearest(word: str, others: list[tuple[str, list[tuple[str, str]]]]) -> list[str]:
    """In the order of distance, with or without endings; among equals the database's order of likeness stays."""
    most = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
    distances = [
        (min(distance(one, other) for one, other in forms), place, near)
        for place, (near, forms) in enumerate(others)
        if near != word
    ]
    return [near for far, _place, near in sorted(distances) if far <= most][:MOST]


def distance(one: str, other: str) -> int:
    """Letters left out, added, exchanged or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        next_row = [i]
        for j, same in enumerate(other, 1):
            best = min(row[j] + 1, next_row[-1] + 1, row[j - 1] + (sign != same))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == same:
                best = min(best, before[j - 2] + 1)
            next_row.append(best)
        before, row = row, next_row
    return row[-1]
