from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.urls import path
from django.utils.translation import gettext_lazy as _

from conference.admin.import_records import TableImports
from content.admin.base import Blocks, RecordAdmin, Rows
from cooperation.admin.import_iati import IatiImport
from cooperation.imports.tables import PROJECTS
from cooperation.models import (
    Budget,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectRegion,
    ProjectSector,
    Transaction,
)


class CountryShares(Rows):
    model = ProjectCountry
    autocomplete_fields = ["country"]
    fields = ["country", "percentage", "derived_from"]


class Regions(Rows):
    model = ProjectRegion
    fields = ["vocabulary", "code", "percentage"]


class Sectors(Rows):
    model = ProjectSector
    fields = ["vocabulary", "code", "percentage"]


class Organisations(Rows):
    model = ProjectOrganisation
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "role"]


class Budgets(Rows):
    model = Budget
    fields = ["amount", "currency", "value_date", "type", "status", "period_start", "period_end"]


class Transactions(Blocks):
    model = Transaction
    autocomplete_fields = ["provider", "receiver"]
    fields = [("type", "date"), ("amount", "currency", "value_date"), ("provider", "receiver"), "description"]


@admin.register(Project)
class ProjectAdmin(TableImports, RecordAdmin):
    collection = PROJECTS
    list_display = ["title", "iati_identifier", "status", "strand", "planned_start", "actual_start", "verified_on"]
    list_filter = ["status", "strand", ("country_shares__country", RelatedOnlyFieldListFilter)]
    list_select_related = ["strand"]
    search_fields = ["title", "description", "slug", "iati_identifier", "organisation_roles__organisation__name"]
    autocomplete_fields = ["strand", "session", "reporter"]
    inlines = [CountryShares, Regions, Sectors, Organisations, Budgets, Transactions]
    lists = {
        "countries": _("recipient countries"),
        "regions": _("recipient regions"),
        "sectors": _("sectors"),
        "organisations": _("participating organisations"),
        "budgets": _("budgets"),
        "transactions": _("transactions"),
    }
    fieldsets = [
        (None, {"fields": ["title", "slug", "iati_identifier", "status", "strand", "reporter", "description"]}),
        (
            _("Further descriptions"),
            {"fields": ["objectives", "target_groups", "further_description"], "classes": ["collapse"]},
        ),
        (_("Planned"), {"fields": [("planned_start", "planned_end")]}),
        (_("Actual"), {"fields": [("actual_start", "actual_end")]}),
        (_("At the conference"), {"fields": ["session"]}),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(IatiImport(self).view)
        return [path("import-iati/", view, name="cooperation_project_import_iati"), *super().get_urls()]
