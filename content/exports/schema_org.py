"""schema.org as JSON-LD: what pages of every floor are made of. Pure functions.

A key without a value is left out: nothing is not recorded here in words.
"""

from collections.abc import Iterable
from typing import Any

from content.exports.plain_text import plain_text

Row = dict[str, Any]

CONTEXT = "https://schema.org"
LONGEST_DESCRIPTION = 5000


def filled(**values) -> Row:
    """The keys that have a value; `at_id` and `at_type` are JSON-LD's own."""
    named = {f"@{key.removeprefix('at_')}" if key.startswith("at_") else key: value for key, value in values.items()}
    return {key: value for key, value in named.items() if value not in (None, "", [], {})}


def description(*texts: str | None) -> str:
    return "\n\n".join(text for text in (plain_text(text or "") for text in texts) if text)[:LONGEST_DESCRIPTION]


def thing(kind: str, url: str, **values) -> Row:
    return filled(at_context=CONTEXT, at_type=kind, at_id=url, url=url, **values)


def named(kind: str, name: str, url: str = "") -> Row | None:
    """A thing that is no more than mentioned."""
    return filled(at_type=kind, name=name, url=url) if name else None


def place(name: str, latitude=None, longitude=None) -> Row | None:
    if latitude is None:
        return named("Place", name)
    geo = filled(at_type="GeoCoordinates", latitude=float(latitude), longitude=float(longitude))
    return filled(at_type="Place", name=name, geo=geo)


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> Row:
    """Name and address of each step; the last, which is the page itself, needs no address."""
    items = [
        filled(at_type="ListItem", position=position, name=name, item=url)
        for position, (name, url) in enumerate(steps, start=1)
    ]
    return filled(at_context=CONTEXT, at_type="BreadcrumbList", itemListElement=items)


def website(name: str, url: str, about: str, language: str, search: str, publisher: Row) -> Row:
    """`search` is an address with a place for the words."""
    action = filled(at_type="SearchAction", target=filled(at_type="EntryPoint", urlTemplate=search))
    return thing(
        "WebSite",
        url,
        name=name,
        description=about,
        inLanguage=language,
        publisher=publisher,
        potentialAction=action | {"query-input": "required name=search_term_string"},
    )


def claim(words: Row, url: str) -> Row:
    """What one source says of a figure. `words` are those that its page shows."""
    return filled(
        at_type="Claim",
        at_id=url,
        name=words["value"],
        text="".join(words[part] for part in ("quote_before", "quote_marked", "quote_after")),
        inLanguage=words["lang"],
        author=named("Person", words["speaker"]) or named("Organization", words["outlet"]),
        datePublished=words["date"],
        appearance=filled(at_type="CreativeWork", name=words["source_title"], url=words["source"]),
    )
