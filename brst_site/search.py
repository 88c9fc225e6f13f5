"""One search over every collection, through the same filter `q` as each of their lists."""

from urllib.parse import urlencode

from brst_site.datasets import DATASETS, TITLES, with_owners
from content import languages
from content.listing import Listing
from content.presentation import Shown, shown

FIRST_HITS = 5


def search(words: str) -> list[dict]:
    """The collections in which something was found, each with its first hits."""
    groups = [search_in(listing, words) for listing in DATASETS if "q" in listing.filterset.base_filters]
    return [group for group in groups if group["count"]]


def search_in(listing: Listing, words: str) -> dict:
    """One query, and a second for the count where there are more than the first hits."""
    selection = listing.asked(q=words)
    rows = list(with_owners(listing, selection.all())[: FIRST_HITS + 1])
    more = len(rows) > FIRST_HITS
    return {
        "name": listing.name,
        "title": TITLES[listing.name],
        "count": selection.count() if more else len(rows),
        "hits": [hit(row) for row in rows[:FIRST_HITS]],
        "more_url": more_address(listing, words) if more else "",
        "is_page": bool(listing.page),
    }


def hit(record) -> dict:
    return {"name": name_of(record), "url": record.get_absolute_url(), "sample": record.sample}


def name_of(record) -> Shown:
    if hasattr(record, "reference_name"):
        return Shown(record.reference_name(languages.current()) or record.slug)
    return shown(record, "title" if hasattr(record, "title") else "name")


def more_address(listing: Listing, words: str) -> str:
    """The whole list; where a collection has no page of its own, its rows in the API."""
    if listing.page:
        return f"{listing.page_address()}?{urlencode({'q': words})}"
    return f"/api/v1/{listing.name}/?{urlencode({'q': words, 'lang': languages.current()})}"
