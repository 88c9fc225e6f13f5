from functools import partial

from django.contrib import admin
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from conference.admin.board import views as board
from conference.admin.duplicates import PersonDuplicates
from conference.admin.import_delegates import DelegatesImport
from conference.admin.programme_import import NewEditionImport, ProgrammeImport
from conference.admin.protocol import CategoryRules, draw_first_seat
from conference.admin.schedule import InEdition, ZonedForm, publish_schedule, span, zone_of
from conference.models import (
    Edition,
    EditionOrganiser,
    ScheduleChange,
    ScheduleVersion,
    Section,
    SectionPlan,
    Slot,
    SlotParticipation,
    Track,
)
from content.admin.base import ReadOnlyAdmin, RecordAdmin, RecordBlocks, Rows

LOOK, CHANGE = ["GET", "HEAD"], ["POST"]
LOOK_AND_CHANGE = [*LOOK, *CHANGE]


def opened(page):
    """A page that is an object, for the table of pages: made anew for each visit."""
    return lambda model_admin, request, object_id: page(model_admin).view(request, object_id)


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
    list_display = ["name", "start_date", "end_date", "city", "country", "time_zone", "verified_on", "board_link"]
    list_select_related = ["country"]
    search_fields = ["name", "theme", "city", "slug"]
    autocomplete_fields = ["country", "first_seat"]
    inlines = [Organisers, CategoryRules, Sections, Tracks]
    lists = {"organisers": _("organisers")}
    fieldsets = [
        (None, {"fields": ["name", "slug", "theme", "introduction"]}),
        (_("When and where"), {"fields": [("start_date", "end_date"), "time_zone", "city", "country"]}),
        (_("Protocol order of delegations"), {"fields": ["protocol_language", "first_seat", "host_place"]}),
        (_("For participants"), {"fields": ["registration_url", "practical"]}),
    ]

    def get_urls(self):
        pages = [
            ("publish-schedule/", publish_schedule, "publish_schedule", LOOK_AND_CHANGE),
            ("import/", opened(ProgrammeImport), "import_into", LOOK_AND_CHANGE),
            ("import-delegates/", opened(DelegatesImport), "import_delegates", LOOK_AND_CHANGE),
            ("duplicates/", opened(PersonDuplicates), "duplicates", LOOK_AND_CHANGE),
            ("draw-first-seat/", draw_first_seat, "draw_first_seat", LOOK_AND_CHANGE),
            ("board/", board.board, "board", LOOK),
            ("board/sessions/<int:session_id>/", board.place, "board_session", LOOK_AND_CHANGE),
            ("board/sessions/<int:session_id>/take-back/", board.take_back, "board_take_back", CHANGE),
            ("board/shift/", board.shift, "board_shift", CHANGE),
            ("board/undo/", board.undo, "board_undo", CHANGE),
        ]
        new = require_http_methods(LOOK_AND_CHANGE)(NewEditionImport(self).view)
        return [
            path("import/", self.admin_site.admin_view(new), name="conference_edition_import"),
            *(
                path(f"<int:object_id>/{address}", self.page(view, methods), name=f"conference_edition_{name}")
                for address, view, name, methods in pages
            ),
            *super().get_urls(),
        ]

    def page(self, view, methods):
        """A page of an edition beside its form: the view asks for this admin first."""
        return self.admin_site.admin_view(require_http_methods(methods)(partial(view, self)))

    @admin.display(description=_("planning"))
    def board_link(self, edition):
        address = reverse("admin:conference_edition_board", args=[edition.pk])
        return format_html('<a href="{}">{}</a>', address, _g("Planning board"))


class OfEdition(RecordAdmin):
    """Parts of an edition's programme."""

    list_display = ["name", "edition", "position"]
    list_filter = ["edition"]
    list_select_related = ["edition"]
    search_fields = ["name", "slug", "edition__name"]
    autocomplete_fields = ["edition"]


class PlanOfSection(Rows):
    """Between which instants its sessions are meant to be; the planning board warns of those outside."""

    model = SectionPlan
    form = ZonedForm
    formset = InEdition
    extra = 1
    max_num = 1
    fields = ["start", "end"]


@admin.register(Section)
class SectionAdmin(OfEdition):
    inlines = [PlanOfSection]
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


class Participants(Rows):
    """Who took part when the version was published: read, never written."""

    model = SlotParticipation
    fields = readonly_fields = ["person", "role"]
    can_delete = False
    extra = max_num = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    inlines = [Participants]
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


@admin.register(ScheduleChange)
class ScheduleChangeAdmin(ReadOnlyAdmin):
    """What was done to the drafts, and by whom; the planning board takes it back."""

    list_display = ["made_at", "kind", "version", "made_by_name", "undone_at", "undone_by_name"]
    list_filter = ["kind", "version__edition"]
    list_select_related = ["version__edition"]
    search_fields = ["made_by_name", "version__edition__name"]
    fields = [
        "version", "kind", "minutes", ("made_at", "made_by_name"), ("undone_at", "undone_by_name"), "before", "after",
    ]  # fmt: skip
