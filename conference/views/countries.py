from django.db.models import Q
from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import COUNTRIES
from conference.models import Country
from conference.presentation import cards, records, timelines
from conference.views.base import RecordPage, WholeList, here, here_is
from conference.views.related import COUNTRY_GROUPS, delegations_of, related_groups, tables
from content import figure_presentation, languages, world_map
from content.listings import FIGURES
from content.presentation import shown, with_query
from content.views.pages import ListPage


class CountryList(WholeList, ListPage):
    listing = COUNTRIES
    template_name = "conference/countries.html"

    def breadcrumbs(self):
        return [here(_("Countries"))]


class CountryPage(RecordPage):
    """A country by its code in small letters; in capitals it leads there."""

    listing = COUNTRIES
    record_name = "country"
    template_name = "conference/country.html"
    schema_type = "Country"

    def get(self, request, *args, **kwargs):
        slug = self.kwargs["slug"]
        if slug != slug.lower():
            return HttpResponsePermanentRedirect(reverse("country", args=[slug.lower()]))
        return super().get(request, *args, **kwargs)

    def breadcrumbs(self):
        country = self.record
        countries = {"label": _("Countries"), "url": reverse("countries")}
        return [countries, *(self.region(part) for part in records.regions(country)), here_is(country, "name")]

    def card(self):
        return cards.country_card(self.record)

    def schema_facts(self):
        names = [words["text"] for words in records.names_in_all_languages(self.record)]
        return {"identifier": self.record.code, "alternateName": list(dict.fromkeys(filter(None, names)))}

    def region(self, region) -> dict:
        return here_is(region, "name") | {"url": with_query(reverse("countries"), [(region.kind, region.slug)])}

    def get_context_data(self, **kwargs):
        country, name = self.record, shown(self.record, "name").text
        groups = related_groups(COUNTRY_GROUPS, kept=timelines.MOST_DRAWN, country=country.code)
        delegations = delegations_of("country", country.code)
        figures = figure_presentation.loaded(figures_of(country))
        return super().get_context_data(**kwargs) | {
            "locator": world_map.locator(country.code, name),
            "name": name,
            "names": records.names_in_all_languages(country),
            "facts": records.country_facts(country),
            "groups": groups,
            "cells": [*groups, {"label": _("Figures"), "count": len(figures), "url": "#figures"}],
            "timeline": timelines.of_records(groups, delegations, self.request.revision.now),
            "delegations": delegations,
            "groups_on_file": tables(groups),
            "figures": figures,
            "missing": self.missing(groups),
            "others": [other for other in all_countries() if other["value"] != country.slug],
        }

    def missing(self, groups: list[dict]) -> list[dict]:
        """What nobody has said of this country, and the collections in which nothing names it."""
        facts = (
            (_("Official name"), self.record.official_name),
            (_("Region"), self.record.region),
            (_("Capital"), self.record.capital),
        )
        absent = [{"term": term, "is_fact": True} for term, value in facts if not value]
        return absent + [
            {"term": group["label"], "all_url": group["all_url"]} for group in groups if not group["count"]
        ]


def figures_of(country: Country):
    """The public figures that are about a country, and those whose claims its record rests on."""
    claims = country.statements.published().exclude(figure=None).values("figure")
    about = Q(pk__in=country.figures.order_by().values("pk")) | Q(pk__in=claims)
    return FIGURES.rows().filter(about).order_by("position", "id")


def all_countries() -> list[dict]:
    """Every country that has a page, to choose from, in the order of the language."""
    rows = Country.objects.published().order_by(languages.column("sort", languages.current()))
    names = [languages.column("name", code) for code in languages.CODES]
    return [
        {"value": row.slug, "code": row.code, "label": shown(row, "name")} for row in rows.only("slug", "code", *names)
    ]
