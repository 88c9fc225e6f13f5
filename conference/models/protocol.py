"""The protocol order of delegations, as one text that PostgreSQL makes anew in each query, so that it is never stale.

From left to right it holds the edition, the place of the category (the host's may be before or behind all), the
number of precedence, whether the alphabet comes round again since the lot was drawn, and the key of the name in the
language of the order. A rotation counts within the categories that stand at the place of the delegation drawn.
"""

from django.db.models import Case, F, IntegerField, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Collate, Concat, LPad, RPad

from conference.choices import DelegationCategory, HostPlace, ProtocolLanguage
from content import languages

# Where categories stand unless an edition says otherwise: the United Nations' own order.
CATEGORY_PLACES = {
    DelegationCategory.MEMBER: 1,
    DelegationCategory.OBSERVER: 2,
    DelegationCategory.INTERGOVERNMENTAL: 3,
    DelegationCategory.NON_GOVERNMENTAL: 4,
}
FIRST_OF_ALL, LAST_OF_ALL = 0, 99_999
# Behind every number of precedence.
NO_PRECEDENCE = Value("9" * 10)
FIRST_SEAT = "edition__first_seat__"


def digits(number, length: int) -> LPad:
    return LPad(Cast(number, TextField()), length, Value("0"))


def party_sort_key(language: str, prefix: str = "") -> Coalesce:
    """A delegation is sorted as the country or organisation that sent it."""
    column = languages.column("sort", language)
    return Coalesce(f"{prefix}country__{column}", f"{prefix}organisation__{column}")


def sort_key_of_order(prefix: str = "") -> Case:
    """The key of the name in the language of the edition's order."""
    keys = [When(edition__protocol_language=code, then=party_sort_key(code, prefix)) for code in languages.CODES]
    return Case(*keys, default=party_sort_key(ProtocolLanguage.ENGLISH, prefix), output_field=TextField())


def category_place(rules, prefix: str = "") -> Case:
    """`rules` gives the edition's own rule for a category, which is named by a path from the row."""

    def place(category: DelegationCategory) -> Coalesce:
        return Coalesce(
            Subquery(rules(category).values("place")[:1]), CATEGORY_PLACES[category], output_field=IntegerField()
        )

    is_host = {f"{prefix}category": DelegationCategory.HOST}
    return Case(
        When(**is_host, edition__host_place=HostPlace.FIRST, then=Value(FIRST_OF_ALL)),
        When(**is_host, edition__host_place=HostPlace.LAST, then=Value(LAST_OF_ALL)),
        When(**is_host, then=place(DelegationCategory.MEMBER)),
        *(When(**{f"{prefix}category": category}, then=place(category)) for category in CATEGORY_PLACES),
        output_field=IntegerField(),
    )


def comes_round_again() -> Case:
    """`1` for those that stand before the delegation drawn and so come after the end of the alphabet."""
    drawn_here = Q(**{f"{FIRST_SEAT}edition": F("edition")}, protocol_place=F("first_place"))
    before = Q(protocol_sort__lt=F("first_sort")) | Q(protocol_sort=F("first_sort"), id__lt=F("edition__first_seat"))
    return Case(When(drawn_here & before, then=Value("1")), default=Value("0"))


def in_protocol_order(rows, rules):
    """Delegations with `protocol`, which no sort but this one understands, and `protocol_place`, a number."""
    start = RPad(Coalesce(Cast("edition__start_date", TextField()), Value("", TextField())), 10, Value(" "))
    return (
        rows.annotate(protocol_place=category_place(rules))
        .alias(
            first_place=category_place(rules, FIRST_SEAT),
            protocol_sort=sort_key_of_order(),
            first_sort=sort_key_of_order(FIRST_SEAT),
        )
        .annotate(
            protocol=Collate(
                Concat(
                    start,
                    digits("edition_id", 10),
                    digits("protocol_place", 5),
                    Coalesce(digits("precedence", 10), NO_PRECEDENCE),
                    comes_round_again(),
                    "protocol_sort",
                    output_field=TextField(),
                ),
                "C",
            )
        )
    )
