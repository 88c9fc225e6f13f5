"""What the sectors of a project are called: the code lists of IATI, in the two languages that it has them in.

`scripts/make_iati_codes.py` writes `sectors.csv`; the lists are IATI's, CC BY 4.0.
"""

import csv
from functools import cache
from pathlib import Path

from content import languages
from content.presentation import Shown


@cache
def _names() -> dict[tuple[str, str], dict[str, str]]:
    with Path(__file__).with_name("sectors.csv").open(encoding="utf-8", newline="") as file:
        return {(row["vocabulary"], row["code"]): {"en": row["en"], "fr": row["fr"]} for row in csv.DictReader(file)}


def name(vocabulary: str, code: str, language: str = "") -> Shown:
    """In the language asked for, which is the visitor's, or in English, marked so; empty where no list names it."""
    names = _names().get((vocabulary, code), {})
    if found := names.get(language or languages.current()):
        return Shown(found)
    return Shown(names["en"], "en", "ltr") if names else Shown("")
