"""The strands of the cooperation: what is claimed of each, and what is on file."""

from dataclasses import replace

from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from conference.views.related import FACILITIES as FACILITY_GROUP
from conference.views.related import PROGRAMMES as PROGRAMME_GROUP
from conference.views.related import PROJECTS as PROJECT_GROUP
from conference.views.related import related_groups
from content import figure_presentation, languages, world_map
from content.cards import plain
from content.listing import LISTINGS, Listing, Selection, counts
from content.listings import FIGURES
from content.models import Claim, Figure, Strand
from content.presentation import reference_link, shown, with_query
from content.serializers import public_prefetch
from content.views.pages import PublicPage, the_one
from cooperation import presentation
from cooperation.filters import published_countries
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS
from cooperation.views import charts
from cooperation.views.records import trail

NAMED_AT_MOST = 6
STRAND_GROUPS = (PROJECT_GROUP, FACILITY_GROUP, PROGRAMME_GROUP)


def select(listing: Listing, *strands: Strand) -> Selection:
    """The rows of a collection that belong to any of the strands; without strands, all rows."""
    return listing.asked(strand=[strand.slug for strand in strands]) if strands else listing.asked()


def collections() -> list[tuple[Listing, str]]:
    """Each collection with the name of its page."""
    return [
        (PROJECTS, _("Projects")),
        (FACILITIES, _("Facilities")),
        (AGREEMENTS, _("Agreements")),
        (PROGRAMMES, _("Programmes and networks")),
    ]


def collections_of_strands() -> list[tuple[Listing, str]]:
    return [(listing, label) for listing, label in collections() if "strand" in listing.filterset.base_filters]


def named_link(record) -> dict:
    """A record that is named rather than counted."""
    return reference_link(record) | {"kind": record.get_kind_display(), "sample": record.sample}


class CooperationPage(PublicPage):
    template_name = "cooperation/cooperation.html"

    def breadcrumbs(self):
        return [{"label": _("Cooperation")}]

    def get_context_data(self, **kwargs):
        strands = list(Strand.objects.published())
        return super().get_context_data(**kwargs) | {
            "strands": self.strands(strands),
            "collections": self.collections(),
        }

    def collections(self) -> list[dict]:
        found = counts([select(listing) for listing, _label in collections()])
        return [
            {"label": label, "url": listing.page_address(), "count": count}
            for (listing, label), count in zip(collections(), found, strict=True)
        ]

    def strands(self, strands: list[Strand]) -> list[dict]:
        figures = figure_presentation.loaded(select(FIGURES, *strands).all()) if strands else []
        on_file = self.on_file()
        named = self.named(strands)
        return [
            {
                "record": strand,
                "position": strand.position,
                "figures": [figure for figure in figures if figure.strand_id == strand.pk],
                "named": [named_link(record) for record in named if record.strand_id == strand.pk],
                "counts": on_file.get(strand.slug, []),
            }
            for strand in strands
        ]

    def on_file(self) -> dict[str, list[dict]]:
        """What is on file for each strand, by the strand's slug, with the list that shows it."""
        found: dict[str, list[dict]] = {}
        for listing, label in collections_of_strands():
            for option in select(listing).facet("strand"):
                address = with_query(listing.page_address(), [("strand", option.value)])
                entry = {"label": label, "count": option.count, "url": address}
                found.setdefault(option.value, []).append(entry)
        return found

    def named(self, strands: list[Strand]) -> list:
        """The first facilities and programmes of each strand, in their own order."""
        first = []
        if not strands:
            return first
        for listing in (FACILITIES, PROGRAMMES):
            selection = select(listing, *strands)
            place = Window(RowNumber(), partition_by=F("strand"), order_by=selection.order.by())
            first += selection.all().annotate(place=place).filter(place__lte=NAMED_AT_MOST)
        return first


class StrandPage(PublicPage):
    """A strand as a whole: what is said of it, what is counted, where, when, and the newest on file."""

    template_name = "cooperation/strand.html"

    def get(self, request, *args, **kwargs):
        public = Strand.objects.published().prefetch_related(public_prefetch(Strand, "sources"))
        self.strand = the_one(public, slug=self.kwargs["slug"])
        return super().get(request, *args, **kwargs)

    def breadcrumbs(self):
        name = shown(self.strand, "name")
        return trail({"label": name.text, "lang": name.lang, "dir": name.dir})

    def card(self):
        summary = plain(self.strand, "summary")
        return replace(
            super().card(),
            kind=_("Cooperation"),
            sub=summary,
            description=summary.text,
            lane=self.strand.position,
            sample=self.strand.sample,
        )

    def get_context_data(self, **kwargs):
        slug = self.strand.slug
        figures = figure_presentation.loaded(select(FIGURES, self.strand).all())
        statements = self.statements()
        groups = related_groups(STRAND_GROUPS, NAMED_AT_MOST, strand=slug)
        where = self.where(groups)
        return super().get_context_data(**kwargs) | {
            "record": self.strand,
            "title": shown(self.strand, "name"),
            "summary": shown(self.strand, "summary"),
            "figures": figures,
            "named": [] if figures else self.named(),
            "said": figure_presentation.by_source(statements),
            "cells": self.cells(statements, figures, groups),
            "groups": [group for group in groups if group["count"]],
            "absent": [group["label"] for group in groups if not group["count"]],
            "count": sum(group["count"] for group in groups),
            "countries": where,
            "collections": [group for group in groups if group["count"]],
            "counted_by_country": sum(country["count"] for country in where),
            "map": world_map.dots(where),
            "chart": charts.chart_of_collections([self.lane(group) for group in groups]),
            "chart_title": _("By year"),
            "agreements": {"count": AGREEMENTS.asked().count(), "url": AGREEMENTS.page_address()},
        }

    def cells(self, statements, figures, groups: list[dict]) -> list[dict]:
        own = [
            {"label": _("Statements"), "count": len(statements), "url": "#statements"},
            {"label": _("Figures"), "count": len(figures), "url": "#figures"},
        ]
        return own + groups

    def lane(self, group: dict) -> charts.Collection:
        listing, strand = LISTINGS[group["name"]], ("strand", self.strand.slug)
        return charts.Collection(
            select(listing, self.strand),
            group["label"],
            lambda chosen: with_query(listing.page_address(), [strand, *chosen]),
        )

    def where(self, groups: list[dict]) -> list[dict]:
        """Each country with records of the strand, most first, with how many of each collection and their lists."""
        counts = [select(LISTINGS[group["name"]], self.strand).counts_of("country") for group in groups]
        codes = {code for found in counts for code in found if code}
        column = languages.column("sort", languages.current())
        countries = [
            presentation.country_link(country)
            | {
                "count": sum(found.get(country.code, 0) for found in counts),
                "cells": [
                    self.cell(group, country.code, found.get(country.code, 0))
                    for group, found in zip(groups, counts, strict=True)
                    if group["count"]
                ],
            }
            for country in published_countries().filter(code__in=codes).order_by(column)
        ]
        return sorted(countries, key=lambda one: -one["count"])

    def cell(self, group: dict, code: str, count: int) -> dict:
        pairs = [("strand", self.strand.slug), ("country", code)]
        return {"count": count, "url": with_query(group["all_url"], pairs)}

    def named(self) -> list[dict]:
        """Where the sources give no number: the records that they name, which are those that rest on statements."""
        named = []
        for listing in (FACILITIES, PROGRAMMES):
            resting = select(listing, self.strand).all().filter(statements__in=Claim.objects.published()).distinct()
            named += [named_link(record) for record in resting[:NAMED_AT_MOST]]
        return named

    def statements(self) -> list[Claim]:
        """What sources say of the strand, with a number or without, in the order in which they say it."""
        claims = Claim.objects.published().filter(strand=self.strand)
        public_figures = Prefetch("figure", queryset=Figure.objects.published())
        claims = claims.select_related("source").defer("source__text").prefetch_related(public_figures)
        return list(claims.order_by("source", "offset", "id"))
