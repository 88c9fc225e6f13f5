"""Charts over the years: the rows of a list by strand, or several collections beside each other.

Each part has the address of the list that it stands for, where there is one.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from content import lanes
from content.aggregates import NOT_RECORDED
from content.listing import Group, Selection

# The address of the list with these filters in place of its own.
Address = Callable[[list[tuple[str, str]]], str]
Words = dict[str, Any]


class Collection(NamedTuple):
    """A lane that is a collection: its rows, what it is called, and its list."""

    selection: Selection
    label: str
    at: Address


def chart(selection: Selection, lane_key: str, year_key: str, at: Address, positions: dict[str, int]) -> Words | None:
    """All rows, counted in one query. `positions` are those of strands, for their marks."""
    groups = selection.aggregate([lane_key, year_key]).groups
    if not groups:
        return None
    columns = lanes.columns([group.values[year_key] for group in groups if group.values[year_key]])
    found = [lane(lane_key, year_key, own, at, columns, positions) for own in by_lane(groups, lane_key)]
    found.sort(key=lambda one: one["order"])
    whole = sum_of(found, columns, at, year_key)
    return drawn(found, whole, columns, selection.listing.filterset.base_filters[lane_key].label)


def chart_of_collections(collections: list[Collection], year_key: str = "year") -> Words | None:
    """A lane for each collection that has rows. No list shows them all, so their sum leads nowhere."""
    counted = [(one, one.selection.counts_of(year_key)) for one in collections]
    counted = [(one, by_year) for one, by_year in counted if by_year]
    if not counted:
        return None
    columns = lanes.columns([year for _one, by_year in counted for year in by_year if year])
    found = [
        lane_words(None, by_year, one.at, columns, year_key) | {"label": one.label, "position": None}
        for one, by_year in counted
    ]
    return drawn(found, sum_of(found, columns, nowhere, year_key), columns, _("Collection"))


def nowhere(chosen: list[tuple[str, str]]) -> str:
    return ""


def drawn(found: list[Words], whole: Words, columns, lane_label: str) -> Words:
    longest = max(one["total"] for one in found)
    for one in found:
        one["share"] = round(one["total"] * 100 / longest, 1)
    shown = [whole, *found] if len(found) > 1 else found
    most = max((max(one["counts"], default=0) for one in found), default=0)
    for one in shown:
        # All together would press the lanes flat, so they have a scale of their own.
        one["bars"] = with_addresses(one, columns, max(one["counts"], default=0) if one is whole else most)
    return {
        "lanes": shown,
        "whole": whole,
        "columns": columns,
        "width": len(columns) * lanes.STEP,
        "height": lanes.HEIGHT,
        "axis": axis(columns),
        "most": most,
        "most_of_all": max(whole["counts"], default=0) if len(found) > 1 else 0,
        "rows": rows(found, whole, columns),
        "lane_label": lane_label,
        "without_year": whole["without_year"],
        "spans": any(len(column.label) > 4 for column in columns),
    }


def by_lane(groups: list[Group], key: str) -> list[list[Group]]:
    found = defaultdict(list)
    for group in groups:
        found[group.values[key]].append(group)
    return list(found.values())


def lane(lane_key: str, year_key: str, groups: list[Group], at: Address, columns, positions: dict[str, int]) -> Words:
    value = groups[0].values[lane_key]
    own = (lane_key, NOT_RECORDED if value is None else value)
    by_year = {group.values[year_key]: group.count for group in groups}
    position = positions.get(value) if lane_key == "strand" else None
    return lane_words(own, by_year, at, columns, year_key) | {
        "label": groups[0].labels[lane_key],
        "position": position,
        "order": (value is None, position or 0),
    }


def lane_words(own: tuple[str, str] | None, by_year: dict, at: Address, columns, year_key: str) -> Words:
    pairs = [own] if own else []
    without = by_year.get(None, 0)
    return {
        "url": at(pairs),
        "total": sum(by_year.values()),
        "counts": lanes.counts(columns, by_year),
        "by_year": by_year,
        "without_year": without,
        "without_year_url": at([*pairs, (year_key, NOT_RECORDED)]) if without else "",
        "column_urls": [at([*pairs, *((year_key, year) for year in column.years)]) for column in columns],
    }


def sum_of(found: list[Words], columns, at: Address, year_key: str) -> Words:
    by_year = defaultdict(int)
    for one in found:
        for year, count in one["by_year"].items():
            by_year[year] += count
    return lane_words(None, by_year, at, columns, year_key) | {"label": _("All"), "position": 0, "is_whole": True}


def with_addresses(lane: Words, columns, most: int) -> list[Words]:
    addresses = dict(zip(columns, lane["column_urls"], strict=True))
    return [one._asdict() | {"url": addresses[one.column]} for one in lanes.bars(columns, lane["by_year"], most)]


def axis(columns) -> list[str]:
    """The first, the middle and the last year: as many as fit on a phone."""
    labels = [column.label for column in columns]
    return labels if len(labels) < 3 else [labels[0], labels[len(labels) // 2], labels[-1]]


def rows(found: list[Words], whole: Words, columns) -> list[Words]:
    """The same numbers as a table: a row a span of years that has something, the latest first."""
    table = [
        {
            "label": column.label,
            "url": whole["column_urls"][place],
            "total": whole["counts"][place],
            "cells": [{"count": one["counts"][place], "url": one["column_urls"][place]} for one in found],
        }
        for place, column in enumerate(columns)
        if whole["counts"][place]
    ]
    table.reverse()
    if whole["without_year"]:
        cells = [{"count": one["without_year"], "url": one["without_year_url"]} for one in found]
        total, url = whole["without_year"], whole["without_year_url"]
        table.append({"label": _("Not recorded"), "url": url, "total": total, "cells": cells, "is_word": True})
    return table
