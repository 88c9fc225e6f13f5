from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.models import Delegation, DelegationMember
from content.admin.base import Blocks, PortalAdmin, RecordAdmin
from content.admin.forms import RecordForm

MEMBER = [("role", "rank", "consent"), "honorific", "title", "affiliation"]


class Members(Blocks):
    model = DelegationMember
    autocomplete_fields = ["person"]
    fieldsets = [(None, {"fields": ["person", *MEMBER]})]


class DelegationForm(RecordForm):
    def wanted_slug(self) -> str:
        party = self.cleaned_data.get("country") or self.cleaned_data.get("organisation")
        return party.slug if party else ""

    def free_slug(self, wanted: str) -> str:
        """A second delegation of the same party is refused, not numbered."""
        return wanted


@admin.register(Delegation)
class DelegationAdmin(RecordAdmin):
    form = DelegationForm
    list_display = ["party", "edition", "category", "precedence", "level", "size"]
    list_editable = ["precedence"]
    list_filter = ["edition", "category", "level"]
    list_select_related = ["edition", "country", "organisation"]
    search_fields = ["country__name", "=country__code", "organisation__name", "slug"]
    autocomplete_fields = ["edition", "country", "organisation"]
    inlines = [Members]
    lists = {"members": _("members")}
    fieldsets = [
        (
            None,
            {"fields": ["edition", ("country", "organisation"), "slug", ("category", "level"), "size", "precedence"]},
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_order()

    @admin.display(description=_("country or organisation"), ordering="protocol")
    def party(self, delegation):
        return delegation.party

    def get_prepopulated_fields(self, request, obj=None):
        return {}


@admin.register(DelegationMember)
class DelegationMemberAdmin(PortalAdmin):
    list_display = ["person", "delegation", "role", "rank", "consent"]
    list_filter = ["delegation__edition", "role", "consent"]
    list_select_related = ["person", "delegation__edition", "delegation__country", "delegation__organisation"]
    search_fields = ["person__name", "delegation__country__name", "delegation__organisation__name"]
    autocomplete_fields = ["person", "delegation"]
    fieldsets = [(None, {"fields": [("delegation", "person"), *MEMBER]})]
