from functools import partial

from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from conference.admin.programme_import import NewEditionImport, ProgrammeImport
from conference.admin.schedule import publish_schedule, span, zone_of
from conference.models import Edition, EditionOrganiser, ScheduleVersion, Section, Slot, Track
from content.admin.base import ReadOnlyAdmin, RecordAdmin, RecordBlocks, Rows


class Organisers(Rows):
    model = EditionOrganiser
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "role", "position"]


class Sections(RecordBlocks):
    model = Section
    classes = ["collapse"]
    fieldsets = [(None, {"fields": ["name", "summary", ("slug", "position", "state")]})]


class Tracks(RecordBlocks):
    model = Track
    classes = ["collapse"]
    fieldsets = [(None, {"fields": ["name", ("slug", "position", "state")]})]


@admin.register(Edition)
class EditionAdmin(RecordAdmin):
    list_display = ["name", "start_date", "end_date", "city", "country", "time_zone", "verified_on"]
    list_select_related = ["country"]
    search_fields = ["name", "theme", "city", "slug"]
    autocomplete_fields = ["country"]
    inlines = [Organisers, Sections, Tracks]
    lists = {"organisers": _("organisers")}
    fieldsets = [
        (None, {"fields": ["name", "slug", "theme", "introduction"]}),
        (_("When and where"), {"fields": [("start_date", "end_date"), "time_zone", "city", "country"]}),
        (_("For participants"), {"fields": ["registration_url", "practical"]}),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(partial(publish_schedule, self))
        name = "conference_edition_publish_schedule"
        wrap = self.admin_site.admin_view
        imports = [
            path("import/", wrap(NewEditionImport(self).view), name="conference_edition_import"),
            path("<path:object_id>/import/", wrap(ProgrammeImport(self).view), name="conference_edition_import_into"),
        ]
        return [path("<path:object_id>/publish-schedule/", view, name=name), *imports, *super().get_urls()]


class OfEdition(RecordAdmin):
    """Parts of an edition's programme."""

    list_display = ["name", "edition", "position"]
    list_filter = ["edition"]
    list_select_related = ["edition"]
    search_fields = ["name", "slug", "edition__name"]
    autocomplete_fields = ["edition"]


@admin.register(Section)
class SectionAdmin(OfEdition):
    fieldsets = [(None, {"fields": ["edition", "name", "slug", "summary", "position"]})]


@admin.register(Track)
class TrackAdmin(OfEdition):
    fieldsets = [(None, {"fields": ["edition", "name", "slug", "position"]})]


@admin.register(ScheduleVersion)
class ScheduleVersionAdmin(ReadOnlyAdmin):
    """Numbered versions are never changed, and the draft is edited in its sessions."""

    list_display = ["__str__", "edition", "number", "published_at", "note"]
    list_filter = ["edition"]
    list_select_related = ["edition"]
    search_fields = ["edition__name", "note"]
    fields = ["edition", "number", "published_at", "note"]


class ScheduleFilter(admin.SimpleListFilter):
    title = _("schedule")
    parameter_name = "schedule"

    def lookups(self, request, model_admin):
        return [("draft", _("Draft")), ("public", _("In public now")), ("earlier", _("Earlier versions"))]

    def queryset(self, request, queryset):
        conditions = {
            "draft": {"version__number": None},
            "public": {"current": True},
            "earlier": {"version__number__isnull": False, "current": False},
        }
        return queryset.filter(**conditions.get(self.value(), {}))


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    list_display = ["session", "version", "time", "room", "state", "current"]
    list_filter = [ScheduleFilter, "state", "version__edition"]
    list_select_related = ["session", "version__edition", "room__venue"]
    date_hierarchy = "start"
    search_fields = ["session__title", "room__name"]
    fields = ["session", "version", "room", "time", "state", "current", ("previous_start", "previous_room")]
    readonly_fields = ["time"]

    @admin.display(description=_("time at the place"), ordering="start")
    def time(self, slot):
        return span(slot, zone_of(slot.version.edition))
