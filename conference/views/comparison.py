"""Two countries side by side: what is on record of each, asked as the lists ask."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import COUNTRIES
from conference.models import Country
from conference.presentation import records
from conference.views.base import here
from conference.views.countries import all_countries, figures_of
from conference.views.related import COUNTRY_GROUPS, addresses, delegations_of
from content import figure_presentation
from content.listing import LISTINGS, BadParameters, ParameterError, counts, unknown_value
from content.presentation import reference_link
from content.views.pages import PublicPage

Words = dict[str, Any]


def countries_asked(parameters: QueryDict, existing: list[str]) -> list[str]:
    """Up to two slugs. Raises BadParameters."""
    slugs = [value.lower() for value in parameters.getlist("country") if value]
    errors = [unknown_value("country", slug, existing) for slug in slugs if slug not in existing]
    if not errors and (len(slugs) > 2 or len(set(slugs)) < len(slugs)):
        message = _("Name two different countries, each once.")
        errors = [ParameterError("country", message, ["country=gh&country=rs"])]
    if errors:
        raise BadParameters(*errors)
    return slugs


class CountryComparison(PublicPage):
    template_name = "conference/compare.html"
    parameters = ("country",)

    def breadcrumbs(self):
        return [{"label": _("Countries"), "url": reverse("countries")}, here(_("Two countries side by side"))]

    def get_context_data(self, **kwargs):
        choices = all_countries()
        slugs = countries_asked(self.request.GET, [choice["value"] for choice in choices])
        context = super().get_context_data(**kwargs) | {
            "choices": [self.choice(choices, slugs, place) for place in (0, 1)],
        }
        if len(slugs) < 2:
            return context
        found = {
            country.slug: country for country in COUNTRIES.serializer.related(COUNTRIES.one().filter(slug__in=slugs))
        }
        pair = [found[slug] for slug in slugs]
        return context | {
            "countries": [reference_link(country) | {"code": country.code} for country in pair],
            "facts": facts(pair),
            "delegations": delegations(pair),
            "groups": groups(pair),
            "figures": [
                {"country": reference_link(country), "figures": figure_presentation.loaded(figures_of(country))}
                for country in pair
            ],
        }

    def choice(self, choices: list[Words], slugs: list[str], place: int) -> Words:
        chosen = slugs[place] if place < len(slugs) else ""
        label = (_("First country"), _("Second country"))[place]
        return {"label": label, "options": [one | {"selected": one["value"] == chosen} for one in choices]}


def row(term: str, cells: list[Words], said: list, **more) -> Words:
    """Two cells and what each of them says. What is on record of neither does not differ, but is not the same."""
    first, second = said
    differs = first != second
    return {"term": term, "cells": cells, "differs": differs, "same": bool(first) and not differs, **more}


def facts(pair: list[Country]) -> list[Words]:
    """The facts of both pages, row by row; what only one of them has stands there too."""
    by_term: dict[str, list[Words | None]] = {}
    for place, country in enumerate(pair):
        for fact in records.country_facts(country):
            by_term.setdefault(fact["term"], [None, None])[place] = fact
    rows = {term: [cell(fact) for fact in found] for term, found in by_term.items()}
    return [row(term, cells, [one["entries"] or one["text"] for one in cells]) for term, cells in rows.items()]


def cell(fact: Words | None) -> Words:
    fact = fact or {}
    entries = fact.get("entries") or []
    return {"text": "" if entries else fact.get("text", ""), "entries": entries}


def delegations(pair: list[Country]) -> list[Words]:
    """A row an edition at which one of them had a delegation, the latest first."""
    rows: dict[int, Words] = {}
    places = {country.pk: place for place, country in enumerate(pair)}
    for words in delegations_of("country", [country.code for country in pair]):
        edition = words["edition"]
        cells = rows.setdefault(edition.pk, {"edition": reference_link(edition), "cells": [None, None]})["cells"]
        cells[places[words["record"].country_id]] = words
    return list(rows.values())


def groups(pair: list[Country]) -> list[Words]:
    """How many records of each collection name each country, and how many name one or both."""
    codes = [country.code for country in pair]
    present = [group for group in COUNTRY_GROUPS if group.collection in LISTINGS]
    selections = [LISTINGS[group.collection].asked(country=codes) for group in present]
    rows = []
    for group, selection, either in zip(present, selections, counts(selections), strict=True):
        by_country = selection.counts_of("country")
        rows.append(group_row(group, pair, *(by_country.get(code, 0) for code in codes), either))
    return rows


def group_row(group, pair: list[Country], first: int, second: int, either: int) -> Words:
    most = max(first, second)
    cells = [
        {
            "count": count,
            "bar": round(count * 100 / most, 1) if most else 0,
            "url": addresses(group, {"country": country.code})["url"]
            or f"{country.get_absolute_url()}#{group.collection}",
        }
        for country, count in zip(pair, (first, second), strict=True)
    ]
    return row(group.label, cells, [first, second], both=first + second - either)
