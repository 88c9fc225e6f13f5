from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.admin.import_records import TableImports
from content.admin.base import RecordAdmin
from cooperation.imports.tables import PROGRAMMES
from cooperation.models import Programme


@admin.register(Programme)
class ProgrammeAdmin(TableImports, RecordAdmin):
    collection = PROGRAMMES
    list_display = ["name", "kind", "strand", "verified_on"]
    list_filter = ["kind", "strand"]
    list_select_related = ["strand"]
    search_fields = ["name", "summary", "slug"]
    autocomplete_fields = ["strand", "countries", "organisations", "figures", "session"]
    lists = {"countries": _("countries"), "organisations": _("organisations"), "figures": _("figures")}
    fieldsets = [
        (
            None,
            {"fields": ["name", "slug", "kind", "strand", "summary", ("start", "end"), "countries", "organisations"]},
        ),
        (_("How many took part"), {"fields": ["figures"]}),
        (_("At the conference"), {"fields": ["session"]}),
    ]
