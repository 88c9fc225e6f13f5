"""Delegations as words ready to show: the list in its order, and the order explained."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conference.choices import DelegationCategory, HostPlace
from conference.listings import public_delegations
from conference.models import Delegation, Edition
from conference.presentation.records import delegation_words
from content import languages
from content.presentation import listed, reference_link, shown

Words = dict[str, Any]

CATEGORY_HEADINGS = {
    DelegationCategory.MEMBER: pgettext_lazy("delegations", "Members"),
    DelegationCategory.OBSERVER: pgettext_lazy("delegations", "Observers"),
    DelegationCategory.INTERGOVERNMENTAL: gettext_lazy("Intergovernmental organisations"),
    DelegationCategory.NON_GOVERNMENTAL: gettext_lazy("Non-governmental organisations"),
    DelegationCategory.HOST: pgettext_lazy("delegation", "Host"),
}


def blocks(rows: Iterable[Delegation], seats: dict[str, int], with_headings: bool) -> list[Words]:
    """The list as it is read: in protocol order under the names of the categories that stand together."""
    if not with_headings:
        return [{"heading": "", "delegations": [delegation_words(row, seats) for row in rows]}]
    found = []
    for _place, together in groupby(rows, key=lambda row: row.protocol_place):
        together = list(together)
        words = [delegation_words(row, seats) for row in together]
        found.append({"heading": block_heading({row.category for row in together}), "delegations": words})
    return found


def block_heading(categories: set[str]) -> str:
    """A host that sits among the members is one of them."""
    if len(categories) > 1:
        categories = categories - {DelegationCategory.HOST}
    return listed(str(CATEGORY_HEADINGS[one]) for one in DelegationCategory if one in categories)


def totals(rows: Iterable[Delegation]) -> Words:
    """Of which parties, and how many persons as far as anybody has said."""
    rows = list(rows)
    sizes = [row.size for row in rows if row.size is not None]
    return {
        "countries": sum(row.country_id is not None for row in rows),
        "organisations": sum(row.organisation_id is not None for row in rows),
        "delegations": len(rows),
        "with_size": len(sizes),
        "size": sum(sizes),
    }


def places(rows: Iterable[Delegation]) -> list[Words]:
    """The countries for a map, each leading to its delegation further down the page."""
    return [
        {"code": row.country.code, "count": 1, "text": shown(row.country, "name").text, "url": f"#{row.slug}"}
        for row in rows
        if row.country
    ]


# The order in words


def order_label(order: str) -> str:
    labels = {
        "protocol": _("Protocol order"),
        "name": _("By name (%(language)s)") % {"language": languages.NATIVE_NAMES[languages.current()]},
        "-name": _("By name, from the end of the alphabet"),
        "size": _("By size, the smallest first"),
        "-size": _("By size"),
        "-protocol": _("Protocol order, from its end"),
    }
    return labels[order]


def protocol_words(edition: Edition) -> Words:
    """What makes the order that the public sees. Nothing is said of a delegation that it doesn't see."""
    rows = list(
        public_delegations()
        .filter(edition=edition)
        .order_by("protocol", "id")
        .values_list("category", "protocol_place", "precedence", named=True)
    )
    categories = list(dict.fromkeys(row.category for row in rows))
    if edition.host_place == HostPlace.IN_PLACE and DelegationCategory.MEMBER in categories:
        categories = [category for category in categories if category != DelegationCategory.HOST]
    return {
        "order": edition.get_protocol_language_display(),
        "first": first_seated(edition),
        "host_is_first": host_stands(edition, categories, HostPlace.FIRST),
        "host_is_last": host_stands(edition, categories, HostPlace.LAST),
        "categories": [CATEGORY_HEADINGS[category] for category in categories] if len(categories) > 1 else [],
        "has_precedence": any(row.precedence is not None for row in rows),
    }


def host_stands(edition: Edition, categories: list[str], place: HostPlace) -> bool:
    return edition.host_place == place and DelegationCategory.HOST in categories


def first_seated(edition: Edition) -> Words | None:
    """With whom the order begins since a lot was drawn: the first in it whom the public sees.

    If the one drawn is not public, or no longer, this is the next one; so nobody can tell that there is another.
    """
    drawn = Delegation.objects.filter(pk=edition.first_seat_id, edition=edition).with_order().first()
    if drawn is None:
        return None
    alike = public_delegations().filter(edition=edition, protocol_place=drawn.protocol_place, precedence=None)
    first = alike.select_related("country", "organisation").order_by("protocol", "id").first()
    return {"name": shown(first.party, "name"), **reference_link(first.party)} if first else None
