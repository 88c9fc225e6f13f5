from django.contrib import admin
from django.contrib.admin import RelatedOnlyFieldListFilter
from django.urls import path
from django.utils.translation import gettext_lazy as _

from conference.admin.duplicates import OrganisationDuplicates
from conference.admin.import_records import TableImports
from conference.admin.schedule import InEdition, ZonedForm
from conference.imports.tables.organisations import ORGANISATIONS
from conference.models import Appearance, Availability, Organisation, Person
from content.admin.base import Blocks, PortalAdmin, RecordAdmin, Rows


@admin.register(Organisation)
class OrganisationAdmin(TableImports, RecordAdmin):
    collection = ORGANISATIONS
    list_display = ["name", "acronym", "kind", "country", "verified_on"]
    list_filter = ["kind", ("country", RelatedOnlyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "acronym", "slug", "ror", "iati_identifier"]
    autocomplete_fields = ["country"]
    fieldsets = [
        (None, {"fields": ["name", "acronym", "slug", "kind", "country", "ror", "iati_identifier", "address"]}),
        (_("For imports"), {"fields": ["other_names"], "classes": ["collapse"]}),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(OrganisationDuplicates(self).view)
        return [path("duplicates/", view, name="conference_organisation_duplicates"), *super().get_urls()]


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
