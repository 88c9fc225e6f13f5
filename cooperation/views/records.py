from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import Country, Organisation
from content import figure_presentation, languages, world_map
from content.presentation import shown, with_query
from content.views.pages import DetailPage, ListPage
from cooperation import presentation
from cooperation.filters import published_strands
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS

ROOT = {"label": gettext_lazy("Cooperation"), "name": "cooperation"}


def trail(*steps: dict) -> list[dict]:
    """Breadcrumbs from the cooperation down; a step with `name` leads to that address."""
    return [
        {"url": reverse(step["name"]), "label": step["label"]} if "name" in step else step for step in (ROOT, *steps)
    ]


class RecordList(ListPage):
    """A list of the cooperation: strands and countries carry their marks, rows come as words."""

    title = ""
    row = None
    search_label = gettext_lazy("Name or summary")

    def select(self):
        self.selection = super().select()
        return self.selection

    def breadcrumbs(self):
        return trail({"label": self.title})

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        countries = self.countries()
        return context | {
            "table_rows": [self.row(record) for record in context["rows"]],
            "search_label": self.search_label,
            "countries": countries,
            "map": world_map.dots(countries),
        }

    def facets(self, selection):
        facets = [facet for facet in super().facets(selection) if facet["options"]]
        positions = dict(published_strands().values_list("slug", "position"))
        for facet in facets:
            for option in facet["options"]:
                option["strand"] = positions.get(option["value"]) if facet["name"] == "strand" else None
                option["code"] = option["value"] if facet["name"] == "country" else None
            if facet["name"] == "strand":
                facet["options"].sort(key=lambda option: option["strand"])
        return facets

    def countries(self) -> list[dict]:
        """The countries of all rows of the answer, most rows first, each with the part of the list that is its own."""
        chosen = self.selection.filterset.filters["country"]
        counts = chosen.counts(self.selection.queryset)
        column = languages.column("sort", languages.current())
        countries = chosen.existing().filter(code__in=counts).order_by(column)
        return sorted((self.country(country, counts) for country in countries), key=lambda one: -one["count"])

    def country(self, country: Country, counts: dict[str, int]) -> dict:
        pairs = [*self.pairs(("cursor", "country")), ("country", country.code)]
        return presentation.country_link(country) | {
            "url": with_query(self.request.path, pairs),
            "count": counts[country.code],
        }


class RecordPage(DetailPage):
    """One record of the cooperation: its facts, what it rests on and where it stands in the portal."""

    above: dict = {}
    title_field = "name"
    summary_field = "summary"
    facts = None

    def breadcrumbs(self):
        title = shown(self.record, self.title_field)
        return trail(self.above, {"label": title.text, "lang": title.lang, "dir": title.dir})

    def get_context_data(self, **kwargs):
        record = self.record
        strand = getattr(record, "strand", None)
        return super().get_context_data(**kwargs) | {
            "title": shown(record, self.title_field),
            "summary": shown(record, self.summary_field),
            "strand": presentation.strand_mark(strand),
            "has_strand": hasattr(record, "strand"),
            "title_field": self.title_field,
            "summary_field": self.summary_field,
            "facts": self.facts(record),
            "statements": figure_presentation.statements(record),
        }


class ProjectList(RecordList):
    listing = PROJECTS
    template_name = "cooperation/projects.html"
    title = gettext_lazy("Projects")
    search_label = gettext_lazy("Title or identifier")
    row = staticmethod(presentation.project_row)


class ProjectPage(RecordPage):
    listing = PROJECTS
    template_name = "cooperation/project.html"
    above = {"label": gettext_lazy("Projects"), "name": "projects"}
    title_field = "title"
    summary_field = "description"
    facts = staticmethod(presentation.project_facts)

    def get_record(self):
        project = super().get_record()
        public = Organisation.objects.published()
        parties = [Prefetch(f"transactions__{name}", queryset=public) for name in ("provider", "receiver")]
        prefetch_related_objects([project], *parties)
        return project

    def get_context_data(self, **kwargs):
        project = self.record
        return super().get_context_data(**kwargs) | {
            "tables": {
                "countries": self.table(_("Recipient countries"), "countries", presentation.share_rows(project)),
                "organisations": self.table(
                    _("Organisations"), "organisations", presentation.organisation_rows(project)
                ),
                "sectors": self.table(_("Sectors"), "sectors", presentation.sector_rows(project)),
                "budgets": self.table(_("Budgets"), "budgets", presentation.budget_rows(project)),
                "transactions": self.table(_("Transactions"), "transactions", presentation.transaction_rows(project)),
            }
        }

    def table(self, title: str, name: str, rows: list[dict]) -> dict:
        return {"title": title, "rows": rows, "state": presentation.state_text(self.record, name)}


class FacilityList(RecordList):
    listing = FACILITIES
    template_name = "cooperation/facilities.html"
    title = gettext_lazy("Facilities")
    row = staticmethod(presentation.facility_row)


class FacilityPage(RecordPage):
    listing = FACILITIES
    template_name = "cooperation/record.html"
    above = {"label": gettext_lazy("Facilities"), "name": "facilities"}
    facts = staticmethod(presentation.facility_facts)


class AgreementList(RecordList):
    listing = AGREEMENTS
    template_name = "cooperation/agreements.html"
    title = gettext_lazy("Agreements")
    search_label = gettext_lazy("Title or summary")
    row = staticmethod(presentation.agreement_row)


class AgreementPage(RecordPage):
    listing = AGREEMENTS
    template_name = "cooperation/record.html"
    above = {"label": gettext_lazy("Agreements"), "name": "agreements"}
    title_field = "title"
    facts = staticmethod(presentation.agreement_facts)


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
    facts = staticmethod(presentation.programme_facts)

    def get_context_data(self, **kwargs):
        own = figure_presentation.loaded(self.record.figures.all())
        return super().get_context_data(**kwargs) | {"own_figures": own}
