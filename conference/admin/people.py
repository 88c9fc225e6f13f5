from django.contrib import admin, messages
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from conference.admin.duplicates import OrganisationDuplicates
from conference.admin.import_records import TableImports
from conference.admin.schedule import InEdition, ZonedForm
from conference.imports.tables.organisations import ORGANISATIONS
from conference.models import Appearance, Availability, Organisation, Person, RORCandidate
from content.admin.base import Blocks, PortalAdmin, RecordAdmin, Rows
from content.admin.forms import RecordForm
from content.admin.merging import number


class OrganisationForm(RecordForm):
    def clean_ror(self):
        """One identifier is one organisation: a second record with it is a duplicate, to be merged."""
        ror = self.cleaned_data["ror"]
        same = Organisation.objects.filter(ror=ror).exclude(pk=self.instance.pk).first() if ror else None
        if same:
            message = _("“%(name)s” has this identifier already: look at the likely duplicates, and merge the two.")
            raise ValidationError(message % {"name": same})
        return ror


class Candidates(Rows):
    """What the import of ROR offers; the page that chooses is linked above the form."""

    model = RORCandidate
    fields = readonly_fields = ["name", "ror", "acronym", "country_code", "place", "reason"]
    can_delete = False
    max_num = 0

    def has_add_permission(self, request, obj=None):
        return False


class HasCandidates(admin.SimpleListFilter):
    title = _("candidates of ROR")
    parameter_name = "candidates"

    def lookups(self, request, model_admin):
        return [("1", _("To be chosen"))]

    def queryset(self, request, queryset):
        waiting = RORCandidate.objects.values("organisation")
        return queryset.filter(pk__in=waiting) if self.value() == "1" else queryset


@admin.register(Organisation)
class OrganisationAdmin(TableImports, RecordAdmin):
    collection = ORGANISATIONS
    form = OrganisationForm
    inlines = [Candidates]
    list_display = ["name", "acronym", "kind", "country", "verified_on"]
    list_filter = ["kind", HasCandidates, ("country", RelatedOnlyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "acronym", "slug", "ror", "iati_identifier"]
    autocomplete_fields = ["country"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "slug", "kind", "country", "ror", "iati_identifier", "address"]}),
        (_("For imports"), {"fields": ["other_names"], "classes": ["collapse"]}),
    ]

    def get_urls(self):
        duplicates = self.admin_site.admin_view(OrganisationDuplicates(self).view)
        choose = self.admin_site.admin_view(self.choose_ror)
        return [
            path("duplicates/", duplicates, name="conference_organisation_duplicates"),
            path("<int:pk>/ror/", choose, name="conference_organisation_ror"),
            *super().get_urls(),
        ]

    def choose_ror(self, request, pk):
        """Which of the entries that the import offers it is, or none of them."""
        organisation = get_object_or_404(Organisation, pk=pk)
        if not self.has_change_permission(request, organisation):
            raise PermissionDenied
        candidates = organisation.ror_candidates.all()
        if request.method == "POST":
            self.take(request, organisation, candidates)
            return HttpResponseRedirect(reverse("admin:conference_organisation_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Entries of ROR that it may be"),
            "opts": self.opts,
            "target": organisation,
            "candidates": candidates,
        }
        return TemplateResponse(request, "admin/conference/organisation/ror.html", context)

    @transaction.atomic
    def take(self, request, organisation, candidates):
        if request.POST.get("choice") == "none":
            candidates.delete()
            self.message_user(request, _("The offered entries were set aside until the next import."))
            return
        chosen = candidates.filter(pk=number(request.POST.get("choice"))).first()
        if chosen is None:
            self.message_user(request, _("Choose one of the entries, or none of them."), messages.ERROR)
            return
        try:
            chosen.apply()
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return
        changed = [{"changed": {"fields": [str(_("ROR identifier"))]}}]
        LogEntry.objects.log_actions(request.user.pk, [organisation], CHANGE, changed, single_object=True)
        self.message_user(request, _("The identifier is on file, with what was missing of the entry."))


APPEARANCE = ["honorific", "affiliation", ("organisation", "country"), "note", "external_id"]


class Appearances(Blocks):
    model = Appearance
    show_change_link = True
    autocomplete_fields = ["edition", "organisation", "country"]
    fieldsets = [(None, {"fields": ["edition", *APPEARANCE]})]


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    list_display = ["name", "orcid", "verified_on"]
    list_filter = ["appearances__edition"]
    search_fields = ["name", "slug", "orcid"]
    inlines = [Appearances]
    fieldsets = [
        (None, {"fields": ["name", "slug", "orcid", "sex", "biography"]}),
        (_("For imports"), {"fields": ["other_names"], "classes": ["collapse"]}),
    ]


class Windows(Rows):
    """When this person is there; the planning board warns of sessions outside."""

    model = Availability
    form = ZonedForm
    formset = InEdition
    fields = ["start", "end"]


@admin.register(Appearance)
class AppearanceAdmin(PortalAdmin):
    inlines = [Windows]
    list_display = ["person", "edition", "affiliation", "organisation", "country"]
    list_filter = ["edition", ("country", RelatedOnlyFieldListFilter)]
    list_select_related = ["person", "edition", "organisation", "country"]
    search_fields = ["person__name", "affiliation", "organisation__name", "external_id"]
    autocomplete_fields = ["person", "edition", "organisation", "country"]
    fieldsets = [(_("Who and where"), {"fields": [("person", "edition")]}), (None, {"fields": APPEARANCE})]
