from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import COUNTRIES
from conference.presentation import records
from conference.views.base import RecordPage, WholeList, here, here_is
from conference.views.related import COUNTRY_GROUPS, related_groups
from content import world_map
from content.presentation import reference_link, with_query
from content.views.pages import ListPage


class CountryList(WholeList, ListPage):
    listing = COUNTRIES
    template_name = "conference/countries.html"

    def breadcrumbs(self):
        return [here(_("Countries"))]


class CountryPage(RecordPage):
    """A country by its code in small letters; in capitals it leads there."""

    listing = COUNTRIES
    record_name = "country"
    template_name = "conference/country.html"

    def get(self, request, *args, **kwargs):
        slug = self.kwargs["slug"]
        if slug != slug.lower():
            return HttpResponsePermanentRedirect(reverse("country", args=[slug.lower()]))
        return super().get(request, *args, **kwargs)

    def breadcrumbs(self):
        country = self.record
        countries = {"label": _("Countries"), "url": reverse("countries")}
        return [countries, *(self.region(part) for part in records.regions(country)), here_is(country, "name")]

    def region(self, region) -> dict:
        return here_is(region, "name") | {"url": with_query(reverse("countries"), [(region.kind, region.slug)])}

    def get_context_data(self, **kwargs):
        groups = related_groups("country", self.record.code, COUNTRY_GROUPS)
        here = reference_link(self.record) | {"code": self.record.code, "count": 1, "url": "#page_main"}
        return super().get_context_data(**kwargs) | {
            "map": world_map.dots([here]),
            "here": here["text"],
            "names": records.names_in_all_languages(self.record),
            "facts": records.country_facts(self.record),
            "groups": groups,
            "groups_on_file": [group for group in groups if group["count"]],
            "groups_missing": [group for group in groups if not group["count"]],
        }
