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


def name(vocabulary: str, code: str) -> Shown:
    """In the visitor's language or else in English, marked so; empty where no list names the code."""
    language = languages.current()
    spoken = language_of_names(language)
    found = _names().get((vocabulary, code), {}).get(spoken, "")
    return Shown(found, spoken, "ltr") if found and spoken != language else Shown(found)


def label(vocabulary: str, code: str, language: str) -> str:
    """Code and name, to choose from; the code alone where no list names it."""
    found = _names().get((vocabulary, code), {}).get(language_of_names(language), "")
    return f"{code} {found}".strip()


def language_of_names(language: str) -> str:
    """The language of the names where those of another are asked for."""
    return language if language in ("en", "fr") else "en"
