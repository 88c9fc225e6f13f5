from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.admin.import_records import TableImports
from content.admin.base import RecordAdmin, Rows
from cooperation.imports.tables import AGREEMENTS
from cooperation.models import Agreement, AgreementParty


class Parties(Rows):
    model = AgreementParty
    autocomplete_fields = ["country", "organisation"]
    fields = ["country", "organisation", "position"]


@admin.register(Agreement)
class AgreementAdmin(TableImports, RecordAdmin):
    collection = AGREEMENTS
    list_display = ["title", "kind", "signed", "in_force", "ended", "verified_on"]
    list_filter = ["kind"]
    search_fields = ["title", "summary", "slug", "parties__country__name", "parties__organisation__name"]
    autocomplete_fields = ["documents", "outcome_of", "session"]
    inlines = [Parties]
    lists = {"parties": _("parties"), "documents": _("documents")}
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "summary"]}),
        (_("Dates"), {"fields": [("signed", "in_force", "ended")]}),
        (_("Its texts"), {"fields": ["documents", "outcome_of"]}),
        (_("At the conference"), {"fields": ["session"]}),
    ]
