from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.admin.import_records import TableImports
from content.admin.base import RecordAdmin, SlugAdmin
from cooperation.imports.tables import FACILITIES
from cooperation.models import Facility, Field


@admin.register(Field)
class FieldAdmin(SlugAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "=code", "slug"]
    fieldsets = [(None, {"fields": ["name", "slug", "code"]})]


@admin.register(Facility)
class FacilityAdmin(TableImports, RecordAdmin):
    collection = FACILITIES
    list_display = ["name", "kind", "strand", "host", "founded", "verified_on"]
    list_filter = ["kind", "strand"]
    list_select_related = ["strand", "host"]
    search_fields = ["name", "summary", "slug", "host__name"]
    autocomplete_fields = ["strand", "host", "partners", "countries", "fields", "session"]
    lists = {"partners": _("partners"), "countries": _("countries"), "fields": _("fields of research")}
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "strand", "summary", "founded"]}),
        (_("Who runs it, and in what"), {"fields": ["host", "partners", "fields"]}),
        (_("Where it is"), {"fields": ["countries", ("latitude", "longitude")]}),
        (_("At the conference"), {"fields": ["session"]}),
    ]
