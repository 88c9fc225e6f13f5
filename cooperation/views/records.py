from dataclasses import replace

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Country
from content import figure_presentation, languages, world_map
from content.cards import facts, plain
from content.exports import schema_org
from content.filters import WORDS
from content.presentation import phrase, says_something, shown, with_query
from content.views.pages import DetailPage, ListPage
from cooperation import presentation, time_bar
from cooperation.filters import published_countries, published_strands
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS
from cooperation.money import sources
from cooperation.views import charts

# After every strand: what has none.
LAST = 1_000_000
# Of a description, what the preview of a shared address shows
LONGEST_DESCRIPTION = 300
# Lists that a record's page leads to: that of its strand or kind, and those of some countries.
NEIGHBOURS = 7
ROOT = {"label": gettext_lazy("Cooperation"), "name": "cooperation"}


def trail(*steps: dict) -> list[dict]:
    """Breadcrumbs from the cooperation down; a step with `name` leads to that address."""
    return [
        {"url": reverse(step["name"]), "label": step["label"]} if "name" in step else step for step in (ROOT, *steps)
    ]


def party_name(party) -> str:
    return shown(party.country or party.organisation, "name").text


class RecordList(ListPage):
    """A list of the cooperation: strands and countries carry their marks, rows come as words."""

    title = ""
    row = None
    search_label = gettext_lazy("Name or summary")
    # What the lanes of the chart are, and its years; and the quantities of money that are added up.
    lane, year, chart_title = "strand", "year", gettext_lazy("By strand and year")
    sums: tuple[str, ...] = ()

    def select(self):
        self.selection = super().select()
        return self.selection

    def breadcrumbs(self):
        return trail({"label": self.title})

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        countries = self.countries()
        return context | {
            "table_rows": self.table_rows(context["rows"]),
            "search_label": self.search_label,
            "countries": countries,
            "counted_by_country": sum(country["count"] for country in countries),
            "map": world_map.dots(countries),
            "chart": charts.chart(self.selection, self.lane, self.year, self.narrowed, self.positions),
            "chart_title": self.chart_title,
            "money": self.money(),
        }

    def table_rows(self, rows) -> list[dict]:
        return [self.row(record) for record in rows]

    @cached_property
    def positions(self) -> dict[str, int]:
        return dict(published_strands().values_list("slug", "position"))

    def narrowed(self, chosen: list[tuple[str, str]]) -> str:
        """The address of the list with these filters in place of those of the same keys."""
        keys = self.with_plurals({key for key, _value in chosen})
        return with_query(self.request.path, [*self.pairs(("cursor", *keys)), *chosen])

    def money(self) -> list[dict]:
        if not self.sums:
            return []
        found = self.selection.aggregate([], self.sums)
        if not found.count:
            return []
        known = self.rate_sources
        return [
            presentation.measured(self.listing.sums[name].label, measured, found.count, known)
            for name, measured in found.groups[0].sums.items()
        ]

    @cached_property
    def rate_sources(self) -> dict:
        return sources()

    def facets(self, selection):
        facets = [facet for facet in super().facets(selection) if facet["options"]]
        positions = self.positions
        for facet in facets:
            for option in facet["options"]:
                option["strand"] = positions.get(option["value"]) if facet["name"] == "strand" else None
                is_country = facet["name"] == "country" and option["value"] not in WORDS
                option["code"] = option["value"] if is_country else None
            if facet["name"] == "strand":
                facet["options"].sort(key=lambda option: option["strand"] or LAST)
        return facets

    def countries(self) -> list[dict]:
        """The countries of all rows of the answer, most rows first, each with the part of the list that is its own.

        Beside chosen countries the others have no such list.
        """
        counts = self.selection.counts_of("country")
        column = languages.column("sort", languages.current())
        countries = published_countries().filter(code__in=[code for code in counts if code]).order_by(column)
        return sorted((self.country(country, counts) for country in countries), key=lambda one: -one["count"])

    def country(self, country: Country, counts: dict[str, int]) -> dict:
        chosen = ("country", country.code)
        return presentation.country_link(country) | {
            "url": self.narrowed([chosen]) if self.selection.can_be_asked(dict([chosen])) else "",
            "count": counts[country.code],
        }


class RecordPage(DetailPage):
    """One record of the cooperation: what it is in one look, its facts, what it rests on and what stands beside it.

    `first_facts` give the first look, `facts` the rest. `beside` are the filters of its list under which others stand
    with it, and `beside_title` says so.
    """

    above: dict = {}
    title_field = "name"
    summary_field = "summary"
    first_facts = facts = None
    beside: tuple[str, ...] = ("strand", "country")
    beside_title = ""

    def breadcrumbs(self):
        title = shown(self.record, self.title_field)
        return trail(self.above, {"label": title.text, "lang": title.lang, "dir": title.dir})

    def card(self):
        said = presentation.card_facts(self.record)
        summary = plain(self.record, self.summary_field).text
        strand = shown(getattr(self.record, "strand", None), "name")
        return replace(
            super().card(),
            facts=facts(*said, strand),
            description=Truncator(summary).chars(LONGEST_DESCRIPTION) or phrase(*map(str, said)),
        )

    def get_context_data(self, **kwargs):
        record = self.record
        summary = shown(record, self.summary_field)
        statements = figure_presentation.statements(record)
        head, facts = self.first_facts(record), self.facts(record)
        unsaid = [] if summary or statements else [presentation.fact(_("Description"))]
        return super().get_context_data(**kwargs) | {
            "title": shown(record, self.title_field),
            "summary": summary,
            "title_field": self.title_field,
            "summary_field": self.summary_field,
            "head": head,
            "facts": [item for item in facts if says_something(item)],
            "statements": statements,
            "where": presentation.where(record),
            "neighbours": self.neighbours(),
            "beside_title": self.beside_title,
            "missing": presentation.missing([*unsaid, *head, *facts], self.further()),
        }

    def further(self) -> list[dict]:
        """Parts of the page of which it says nothing, as items of a definition list."""
        return []

    def neighbours(self) -> list[dict]:
        """Of each value under which others stand, too, how many do, with the list of them all."""
        everything, address = self.listing.asked(), self.listing.page_address()
        counted = {key: everything.counts_of(key) for key in self.beside}
        found = [
            link | {"key": key, "count": counted[key][value], "url": with_query(address, [(key, value)])}
            for key, value, link in presentation.filed_under(self.record, self.beside)
            if counted[key].get(value, 0) > 1
        ]
        # Those of a country come last, so that the most of them can be taken.
        found.sort(key=lambda one: -one["count"] if one["key"] == "country" else -LAST)
        return found[:NEIGHBOURS]


class ProjectList(RecordList):
    listing = PROJECTS
    template_name = "cooperation/projects.html"
    title = gettext_lazy("Projects")
    search_label = gettext_lazy("Title or identifier")
    sums = ("budgets", "commitments", "disbursements", "expenditures")

    def table_rows(self, rows):
        return [presentation.project_row(project, self.rate_sources) for project in rows]


class ProjectPage(RecordPage):
    listing = PROJECTS
    template_name = "cooperation/project.html"
    above = {"label": gettext_lazy("Projects"), "name": "projects"}
    title_field = "title"
    summary_field = "description"
    facts = staticmethod(presentation.project_facts)
    beside_title = gettext_lazy("Projects of the same strand and countries")
    schema_type = "ResearchProject"

    def exports(self):
        """With the project as IATI has it, in all languages."""
        iati = self.listing.formats["iati.xml"]
        url = with_query("/api/v1/projects.iati.xml", [("slug", self.record.slug)])
        return [*super().exports(), {"label": iati.label, "url": url, "type": iati.media_type}]

    def schema_facts(self):
        project = self.record
        return {
            "identifier": project.iati_identifier,
            "foundingDate": project.actual_start,
            "dissolutionDate": project.actual_end,
            "areaServed": [
                schema_org.named("Country", shown(country, "name").text)
                for country in presentation.countries_of(project)
            ],
        }

    def get_context_data(self, **kwargs):
        project = self.record
        return super().get_context_data(**kwargs) | {
            "budget_totals": self.budget_totals,
            "transaction_totals": presentation.transaction_totals(project),
            "further": presentation.further_texts(project),
            "time_bar": time_bar.time_bar(project, self.request.revision.now.date().isoformat()),
            "shares": presentation.share_rows(project),
            "tables": self.tables,
        }

    @cached_property
    def budget_totals(self) -> dict:
        return presentation.budget_totals(self.record, sources())

    @cached_property
    def tables(self) -> dict[str, dict]:
        project = self.record
        return {
            "regions": {"title": _("Recipient regions"), "rows": presentation.region_rows(project)},
            "sectors": {"title": _("Sectors"), "rows": presentation.sector_rows(project)},
            "budgets": {"title": _("Budgets"), "rows": presentation.budget_rows(project)},
            "transactions": {"title": _("Transactions"), "rows": presentation.transaction_rows(project)},
        }

    def first_facts(self, project) -> list[dict]:
        return presentation.project_head(project, self.budget_totals)

    def further(self) -> list[dict]:
        """A table without rows is told with all else that is missing; regions are few projects' way to say where."""
        return [
            *presentation.undated(self.record),
            *(
                presentation.fact(table["title"], _("None") if presentation.is_none(self.record, name) else "")
                for name, table in self.tables.items()
                if not table["rows"] and name != "regions"
            ),
        ]


class FacilityList(RecordList):
    listing = FACILITIES
    template_name = "cooperation/facilities.html"
    title = gettext_lazy("Facilities")
    row = staticmethod(presentation.facility_row)


class FacilityPage(RecordPage):
    listing = FACILITIES
    template_name = "cooperation/record.html"
    above = {"label": gettext_lazy("Facilities"), "name": "facilities"}
    first_facts = staticmethod(presentation.facility_head)
    facts = staticmethod(presentation.facility_facts)
    beside_title = gettext_lazy("Facilities of the same strand and countries")
    schema_type = "ResearchOrganization"

    def schema_facts(self):
        facility = self.record
        host = shown(facility.host, "name").text
        return {
            "foundingDate": facility.founded,
            "parentOrganization": schema_org.named("Organization", host),
            "location": schema_org.place("", facility.latitude, facility.longitude),
        }


class AgreementList(RecordList):
    listing = AGREEMENTS
    template_name = "cooperation/agreements.html"
    title = gettext_lazy("Agreements")
    search_label = gettext_lazy("Title or summary")
    row = staticmethod(presentation.agreement_row)
    lane, chart_title = "kind", gettext_lazy("By kind and year of signature")


class AgreementPage(RecordPage):
    listing = AGREEMENTS
    template_name = "cooperation/record.html"
    above = {"label": gettext_lazy("Agreements"), "name": "agreements"}
    title_field = "title"
    first_facts = staticmethod(presentation.agreement_head)
    facts = staticmethod(presentation.agreement_facts)
    beside_title = gettext_lazy("Agreements of the same kind and countries")
    beside = ("kind", "country")
    schema_type = "CreativeWork"

    def schema_facts(self):
        parties = self.record.parties.all()
        return {
            "genre": str(self.record.get_kind_display()),
            "dateCreated": self.record.signed,
            "contributor": [
                schema_org.named("Country" if party.country else "Organization", party_name(party))
                for party in parties
            ],
        }


class ProgrammeList(RecordList):
    listing = PROGRAMMES
    template_name = "cooperation/programmes.html"
    title = gettext_lazy("Programmes and networks")
    row = staticmethod(presentation.programme_row)


class ProgrammePage(RecordPage):
    """Numbers of a programme are figures, with their sources."""

    listing = PROGRAMMES
    template_name = "cooperation/programme.html"
    above = {"label": gettext_lazy("Programmes and networks"), "name": "cooperation-programmes"}
    first_facts = staticmethod(presentation.programme_head)
    facts = staticmethod(presentation.programme_facts)
    beside_title = gettext_lazy("Programmes and networks of the same strand and countries")
    schema_type = "Project"

    def schema_facts(self):
        return {"foundingDate": self.record.start, "dissolutionDate": self.record.end}

    def get_context_data(self, **kwargs):
        own = figure_presentation.loaded(self.record.figures.all())
        return super().get_context_data(**kwargs) | {"own_figures": own}
