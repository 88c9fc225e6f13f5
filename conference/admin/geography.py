from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conference.models import Country, Region, RegionGroup
from content.admin.base import RecordAdmin, SlugAdmin
from content.admin.forms import RecordForm


class CountryForm(RecordForm):
    def clean_code(self):
        """The address of a country is its code in small letters, so the form refuses what would share one."""
        return self.cleaned_data["code"].upper()


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    form = CountryForm
    list_display = ["name", "code", "alpha3", "region", "subregion", "listed", "existed_until"]
    list_filter = ["listed", "region", "groups"]
    list_select_related = ["region", "subregion"]
    search_fields = ["name", "official_name", "=code", "=alpha3", "=m49"]
    autocomplete_fields = ["region", "subregion", "groups", "figures"]
    lists = {"figures": _("figures")}
    fieldsets = [
        (None, {"fields": ["name", "official_name", ("code", "alpha3", "m49"), "listed", "existed_until"]}),
        (_("Where it is"), {"fields": ["region", "subregion", "groups", "capital", ("latitude", "longitude")]}),
        (_("What is said of it"), {"fields": ["figures"]}),
        (_("For imports"), {"fields": ["other_names"], "classes": ["collapse"]}),
    ]


@admin.register(Region)
class RegionAdmin(SlugAdmin):
    list_display = ["name", "kind", "m49", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name", "=m49", "slug"]
    autocomplete_fields = ["parent"]
    fieldsets = [(None, {"fields": ["name", "slug", "kind", "m49", "parent"]})]


@admin.register(RegionGroup)
class RegionGroupAdmin(SlugAdmin):
    list_display = ["name", "basis"]
    search_fields = ["name", "slug"]
    fieldsets = [(None, {"fields": ["name", "slug", "basis"]})]
