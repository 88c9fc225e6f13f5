"""What other collections have on a country or an organisation, each asked as its own list asks.

Upper floors are asked by the name of their collection: this one must not import them.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from conference.listings import DELEGATIONS as DELEGATION_ROWS
from conference.models import public_appearances
from conference.presentation.records import delegation_words, related_row
from content.listing import LISTINGS, Selection, counts
from content.presentation import with_query
from content.serializers import public_prefetch

ROWS_SHOWN = 10


class Group(NamedTuple):
    """A collection, what its records are called here, and the name of its page, where it has one for all.

    `order` brings the newest first, where its list has another order and dates to tell.
    """

    collection: str
    label: Any
    page: str = ""
    order: str = ""


DELEGATIONS = Group("delegations", gettext_lazy("Delegations"))
AGREEMENTS = Group("agreements", gettext_lazy("Agreements"), "agreements", "-signed")
FACILITIES = Group("facilities", gettext_lazy("Laboratories and other facilities"), "facilities", "-founded")
PROJECTS = Group("projects", gettext_lazy("Projects"), "projects", "-actual_start")
PROGRAMMES = Group("programmes", gettext_lazy("Programmes and networks"), "cooperation-programmes", "-start")
ORGANISATIONS = Group("organisations", gettext_lazy("Organisations"), "organisations")
SPEAKERS = Group("speakers", gettext_lazy("Speakers"))

COUNTRY_GROUPS = (DELEGATIONS, AGREEMENTS, FACILITIES, PROJECTS, PROGRAMMES, ORGANISATIONS, SPEAKERS)
ORGANISATION_GROUPS = (DELEGATIONS, AGREEMENTS, FACILITIES, PROJECTS, PROGRAMMES, SPEAKERS)


# Those whose list has a map of its rows.
WITH_MAP = (AGREEMENTS, FACILITIES, PROJECTS, PROGRAMMES)

# What can be adopted or launched at a session.
OUTCOME_GROUPS = (AGREEMENTS, PROGRAMMES, FACILITIES, PROJECTS)


def related_groups(
    groups: Iterable[Group], shown: int = ROWS_SHOWN, kept: int = 0, **conditions: str
) -> list[dict[str, Any]]:
    """Of each collection the count, the newest or first rows, and the list that shows them all.

    Beside the rows that are shown, as words, `kept` records come as they are.
    """
    present = [group for group in groups if group.collection in LISTINGS]
    selections = [asked(group, conditions) for group in present]
    return [
        related_group(group, selection, count, shown, kept) | addresses(group, conditions)
        for group, selection, count in zip(present, selections, counts(selections), strict=True)
    ]


def asked(group: Group, conditions: dict[str, str]) -> Selection:
    order = {"order": group.order} if group.order else {}
    return LISTINGS[group.collection].asked(**conditions, **order)


def outcomes_of(**conditions: str) -> list[dict[str, Any]]:
    """What was adopted or launched there, by collections that have something."""
    return [group for group in related_groups(OUTCOME_GROUPS, **conditions) if group["count"]]


def related_group(group: Group, selection: Selection, count: int, shown: int, kept: int) -> dict[str, Any]:
    # Delegations have more to say than a row of that table.
    rows = list(named(selection)[: max(shown, kept)]) if count and group is not DELEGATIONS else []
    return {
        "name": group.collection,
        "label": group.label,
        "count": count,
        "rows": [related_row(row) for row in rows[:shown]],
        "records": rows[:kept],
        "more": max(count - shown, 0),
    }


def named(selection: Selection) -> QuerySet:
    """The rows with what a table of names shows of each, and no more."""
    listing = selection.listing
    if listing.name == SPEAKERS.collection:
        # A person's page is that at the latest public edition.
        appearances = public_appearances().select_related("edition")
        return selection.all().prefetch_related(Prefetch("appearances", queryset=appearances))
    has_strand = any(field.name == "strand" for field in listing.model._meta.fields)
    return selection.all().prefetch_related(*([public_prefetch(listing.model, "strand")] if has_strand else []))


def delegations_of(key: str, value: str | list[str]) -> list[dict[str, Any]]:
    """Its delegation at each edition, the latest first."""
    selection = DELEGATION_ROWS.asked(**{key: value}, order="-protocol")
    return [delegation_words(row) for row in selection.listing.serializer.related(selection.all())]


def tables(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those with rows to show in a table: delegations have more to say."""
    return [group for group in groups if group["count"] and group["name"] != DELEGATIONS.collection]


def addresses(group: Group, conditions: dict[str, str]) -> dict[str, str]:
    whole = reverse(group.page) if group.page else ""
    own = with_query(whole, list(conditions.items())) if whole else ""
    return {
        "url": own,
        "all_url": whole,
        "map_url": f"{own}#by-country" if group in WITH_MAP else "",
        "money_url": f"{own}#money" if own and LISTINGS[group.collection].sums else "",
    }
