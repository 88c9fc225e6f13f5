"""One search over every collection, through the same filter `q` as each of their lists."""

from urllib.parse import urlencode

from django.http import QueryDict

from brst_site.datasets import DATASETS, TITLES
from content import languages
from content.listing import Listing
from content.presentation import Shown, shown

FIRST_HITS = 5
# Those whose addresses and names hang on other records, which must be public to be told.
THROUGH_OTHERS = ("speakers", "delegations", "claims")


def search(words: str) -> list[dict]:
    """The collections in which something was found, each with its first hits."""
    query = QueryDict(mutable=True)
    query["q"] = words
    groups = [search_in(listing, query) for listing in DATASETS if "q" in listing.filterset.base_filters]
    return [group for group in groups if group["count"]]


def search_in(listing: Listing, query: QueryDict) -> dict:
    """One query, and a second for the count where there are more than the first hits."""
    selection = listing.select(query, languages.current(), ())
    rows = list(with_owners(listing, selection.all())[: FIRST_HITS + 1])
    more = len(rows) > FIRST_HITS
    return {
        "name": listing.name,
        "title": TITLES[listing.name],
        "count": selection.count() if more else len(rows),
        "hits": [hit(row) for row in rows[:FIRST_HITS]],
        "more_url": more_address(listing, query["q"]) if more else "",
        "is_page": bool(listing.page),
    }


def with_owners(listing: Listing, rows):
    if listing.name in THROUGH_OTHERS:
        return listing.serializer.related(rows)
    # A record is public only together with its owner, so the owner's slug is public too.
    return rows.select_related(*listing.model.public_with) if listing.model.public_with else rows


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
