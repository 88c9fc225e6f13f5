from django.contrib import admin
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from conference.admin.board.draft import Draft
from conference.admin.schedule import DraftSlot, remind, span, zone_of
from conference.choices import ChangeKind
from conference.models import (
    Participation,
    Room,
    RoomInterpretation,
    Session,
    SessionInterpretation,
    SessionLink,
    SessionPlan,
    SessionType,
    Slot,
    Venue,
)
from content.admin.base import Blocks, RecordAdmin, Rows, SlugAdmin
from content.admin.forms import RecordForm
from content.presentation import phrase


class InterpretationInRoom(Rows):
    model = RoomInterpretation
    fields = ["language", "mode", "channel", "stream"]


class RoomsOfVenue(Blocks):
    model = Room
    show_change_link = True
    fieldsets = [(None, {"fields": ["name", ("slug", "capacity", "position"), "equipment", "languages"]})]


@admin.register(Venue)
class VenueAdmin(SlugAdmin):
    list_display = ["name", "city", "country"]
    list_select_related = ["country"]
    search_fields = ["name", "city", "slug"]
    autocomplete_fields = ["country"]
    inlines = [RoomsOfVenue]
    fieldsets = [(None, {"fields": ["name", "slug", "address", "city", "country", ("latitude", "longitude")]})]


@admin.register(Room)
class RoomAdmin(SlugAdmin):
    list_display = ["name", "venue", "capacity", "position"]
    list_filter = ["venue"]
    list_select_related = ["venue"]
    search_fields = ["name", "venue__name", "slug"]
    autocomplete_fields = ["venue"]
    inlines = [InterpretationInRoom]
    fieldsets = [
        (None, {"fields": ["venue", "name", "slug", "capacity", "equipment", "languages", "stream", "position"]})
    ]


@admin.register(SessionType)
class SessionTypeAdmin(SlugAdmin):
    list_display = ["name", "spans_rooms", "is_break"]
    search_fields = ["name", "slug"]
    fieldsets = [(None, {"fields": ["name", "slug", "spans_rooms", "is_break"]})]


class Participations(Rows):
    model = Participation
    autocomplete_fields = ["person"]
    fields = ["person", "role", "languages", "position"]


class PlanOfSession(Rows):
    model = SessionPlan
    extra = 1
    max_num = 1
    fields = ["expected_attendance"]


class InterpretationAtSession(Rows):
    model = SessionInterpretation
    fields = ["language", "mode", "channel", "stream", "recording_url"]


class Links(Blocks):
    model = SessionLink
    fieldsets = [(None, {"fields": [("kind", "address", "position"), "label"]})]


class SessionForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        edition = self.instance.edition_id or self.initial.get("edition")
        for name in {"section", "track"} & set(self.fields):
            field = self.fields[name]
            field.queryset = field.queryset.filter(edition=edition) if edition else field.queryset
            field.label_from_instance = str if edition else with_edition

    def clean(self):
        """Section, track and the session that this is a part of belong to the same edition."""
        cleaned = super().clean()
        edition = cleaned.get("edition") or (self.instance.edition if self.instance.edition_id else None)
        for name in ("section", "track", "parent"):
            other = cleaned.get(name)
            if edition and other and other.edition_id != edition.pk:
                self.add_error(name, _("This belongs to another edition: %(name)s.") % {"name": other.edition})
        return cleaned


class InChosenEdition(admin.RelatedFieldListFilter):
    """Offers the parts of the edition that the list is filtered by, rather than those of all editions."""

    def field_choices(self, field, request, model_admin):
        edition = request.GET.get("edition__id__exact", "")
        if not edition.isdecimal():
            return []
        return field.get_choices(include_blank=False, limit_choices_to={"edition": edition})


def with_edition(part) -> str:
    """Editions have sections and tracks of the same name."""
    return f"{part} ({part.edition})"


@admin.register(Session)
class SessionAdmin(RecordAdmin):
    form = SessionForm
    list_display = ["title", "edition", "type", "track", "section", "draft_place"]
    list_filter = ["edition", "type", ("section", InChosenEdition), ("track", InChosenEdition)]
    list_select_related = ["edition", "section", "track", "type"]
    search_fields = ["title", "subtitle", "slug", "persons__name", "external_id", "external_guid"]
    autocomplete_fields = ["edition", "parent"]
    inlines = [DraftSlot, PlanOfSession, Participations, InterpretationAtSession, Links]
    readonly_fields = ["public_place"]
    list_prefetch = (
        Prefetch(
            "slots",
            queryset=Slot.objects.filter(version__number=None).select_related("room__venue"),
            to_attr="draft_slots",
        ),
    )
    fieldsets = [
        (None, {"fields": ["edition", "title", "slug", "subtitle", "abstract"]}),
        (_("Its place in the programme"), {"fields": ["type", "section", "track", "parent", "public_place"]}),
        (_("To follow it"), {"fields": ["languages", "stream", "recording_url", "address"]}),
        (_("From an imported file"), {"fields": [("external_id", "external_guid")], "classes": ["collapse"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """A session does not move to another edition: its section, track and place would be left behind."""
        kept = ["edition"] if obj else []
        return [*super().get_readonly_fields(request, obj), *kept]

    @admin.display(description=_("in the draft of the schedule"))
    def draft_place(self, session):
        return "; ".join(place(slot, session.edition) for slot in session.draft_slots)

    @admin.display(description=_("in the published schedule"), empty_value=_("not in it yet"))
    def public_place(self, session):
        slot = session.slots.filter(current=True).select_related("room__venue").first() if session.pk else None
        return f"{place(slot, session.edition)} ({session.edition.time_zone})" if slot else None

    def save_related(self, request, form, formsets, change):
        if not any(formset.model is Slot and formset.has_changed() for formset in formsets):
            super().save_related(request, form, formsets, change)
            return
        edition = form.instance.edition
        with Draft(edition, request.user).recorded([form.instance.pk], log=False):
            super().save_related(request, form, formsets, change)
        remind(self, request, edition)


def place(slot, edition) -> str:
    if not slot.is_placed:
        return str(ChangeKind.REMOVED.label)
    return phrase(span(slot, zone_of(edition)), str(slot.room or ""), str(slot.get_state_display()))
