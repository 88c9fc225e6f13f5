from decimal import Decimal

from django import forms
from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.urls import path
from django.utils.translation import gettext_lazy as _

from conference.admin.import_records import TableImports
from content.admin.base import Blocks, RecordAdmin, Rows
from cooperation.admin.import_iati import IatiImport
from cooperation.imports import parts
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


class Shares(forms.BaseInlineFormSet):
    """What adds up to a hundred, as in the import of tables.

    Shares that an import from IATI brought as they were stop nobody who changes something else. `siblings` are the
    formsets of shares on the same page, by their model.
    """

    def __init__(self, *args, siblings: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.siblings = siblings
        siblings[self.model] = self

    def rows(self, beside: str) -> list[tuple[str, Decimal | None]]:
        kept = [form for form in self.forms if form.cleaned_data and not self._should_delete_form(form)]
        return [(form.cleaned_data[beside], form.cleaned_data["percentage"]) for form in kept]

    def rows_of(self, model, beside: str) -> list[tuple[str, Decimal | None]]:
        return self.siblings[model].rows(beside) if model in self.siblings else []


class PlaceShares(Shares):
    def clean(self):
        super().clean()
        both = [self.siblings[model] for model in (ProjectCountry, ProjectRegion) if model in self.siblings]
        # The second, when the first is read already, tells for the two of them.
        if self is not both[-1] or any(any(one.errors) for one in both) or not any(one.has_changed() for one in both):
            return
        for shares in parts.places(
            self.rows_of(ProjectCountry, "derived_from"), self.rows_of(ProjectRegion, "vocabulary")
        ):
            refuse(
                shares,
                _("The shares of the countries and regions add up to %(sum)s per cent, not to 100."),
                _("Some of the countries and regions have a share and some have none."),
            )


class SectorShares(Shares):
    def clean(self):
        super().clean()
        if any(self.errors) or not self.has_changed():
            return
        for vocabulary, shares in parts.by_vocabulary(self.rows("vocabulary")).items():
            refuse(
                shares,
                _("The shares of the sectors of vocabulary %(vocabulary)s add up to %(sum)s per cent, not to 100."),
                _("Some of the sectors of vocabulary %(vocabulary)s have a share and some have none."),
                vocabulary=vocabulary,
            )


def refuse(shares: parts.Shares, wrong_sum: str, partial: str, **words) -> None:
    if parts.add_up(shares):
        return
    if None in shares:
        raise forms.ValidationError(partial, params=words)
    total = f"{sum(shares).normalize():f}"
    raise forms.ValidationError(wrong_sum, params=words | {"sum": total})


class CountryShares(Rows):
    model = ProjectCountry
    formset = PlaceShares
    autocomplete_fields = ["country"]
    fields = ["country", "percentage", "derived_from"]


class Regions(Rows):
    model = ProjectRegion
    formset = PlaceShares
    fields = ["vocabulary", "code", "percentage"]


class Sectors(Rows):
    model = ProjectSector
    formset = SectorShares
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

    def get_formset_kwargs(self, request, obj, inline, prefix):
        options = super().get_formset_kwargs(request, obj, inline, prefix)
        if issubclass(inline.formset, Shares):
            request.shares = getattr(request, "shares", {})
            options["siblings"] = request.shares
        return options

    def get_urls(self):
        view = self.admin_site.admin_view(IatiImport(self).view)
        return [path("import-iati/", view, name="cooperation_project_import_iati"), *super().get_urls()]
