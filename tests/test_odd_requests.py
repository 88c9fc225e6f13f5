"""What no visitor asks for and programs do: other methods, odd bytes, huge values. The answer is never a fault."""

import base64
import json

import pytest

from brst_site.datasets import DATASETS
from tests.walk import Walk, known
from tests.world import World

pytestmark = pytest.mark.django_db

ODD = ("%00", "a%00b", "OPEN-Slug", "x" * 3000, "%F0%9F%92%A9", "..%2f..%2f", "-1", "%ED%A0%80")


@pytest.mark.parametrize("value", ODD)
def test_an_odd_value_in_any_address_is_refused(value):
    walk = Walk()
    for address in known():
        if address.places:
            filled = address.filled([value] * len(address.places), codes=("en",))[0]
            assert walk.get(filled).status in (301, 302, 400, 404), filled


def test_other_methods_are_refused_and_say_nothing():
    World()
    walk = Walk()
    for address in known():
        if not address.places:
            [*_others, last] = address.filled([], codes=("en",))
            for method in ("post", "put", "delete", "patch"):
                answer = walk.get(last, method)
                assert answer.status < 500, (method, last)
            assert walk.get(last, "options").status < 500, last


@pytest.mark.parametrize(
    "query",
    [
        "cursor=" + "A" * 5000,
        "cursor=%00",
        "q=%00",
        "q=%ED%A0%80",
        "slug=%ED%A0%80",
        "order=%00",
        "page_size=99999999999",
    ],
)
def test_an_odd_query_is_no_fault(query):
    walk = Walk()
    for address in ("/api/v1/sessions/", "/api/v1/delegations/", "/en/countries/", "/en/search/"):
        assert walk.get(f"{address}?{query}").status in (200, 400), address


def cursor(*parts) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


# The first is half of a pair of surrogates, which JSON can say and no database keeps.
@pytest.mark.parametrize(
    ("text", "pk"), [("a\ud800", 1), ("a\0", 1), ("NaN", 10**30), ("9" * 400, 1), ("0000-99-99", 10**30)], ids=ascii
)
def test_a_cursor_that_somebody_made_up_is_no_fault(text, pk):
    World(1)
    walk = Walk()
    for listing in DATASETS:
        for order in listing.orders:
            made_up = cursor("next", order, text, pk)
            queries = [f"cursor={made_up}", f"modified_since=2020-01-01&cursor={cursor('1-1', None, made_up)}"]
            addresses = [f"/api/v1/{listing.name}/?order={order}&{query}" for query in queries]
            if listing.page and order == listing.order:
                addresses.append(f"{listing.page_address()}?cursor={made_up}")
            for address in addresses:
                assert walk.get(address).status in (200, 400), address
    for made_up in (cursor(text, 1.0, 0, pk), cursor("next", text, 0, pk), cursor("next", 1.0, text, pk)):
        for address in ("/api/v1/search/", "/en/search/"):
            assert walk.get(f"{address}?q=row&cursor={made_up}").status == 400, made_up
