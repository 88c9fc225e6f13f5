"""What no visitor asks for and programs do: other methods, odd bytes, huge values. The answer is never a fault."""

import pytest

from tests.walk import Walk, known
from tests.world import World

pytestmark = pytest.mark.django_db

ODD = ("%00", "a%00b", "OPEN-Slug", "x" * 3000, "%F0%9F%92%A9", "..%2f..%2f", "-1")


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
    "query", ["cursor=" + "A" * 5000, "cursor=%00", "q=%00", "order=%00", "page_size=99999999999"]
)
def test_an_odd_query_is_no_fault(query):
    walk = Walk()
    for address in ("/api/v1/sessions/", "/api/v1/delegations/", "/en/countries/", "/en/search/"):
        assert walk.get(f"{address}?{query}").status in (200, 400), address
