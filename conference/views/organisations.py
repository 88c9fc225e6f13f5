from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import ORGANISATIONS
from conference.presentation import records
from conference.views.base import RecordPage, here, here_is
from conference.views.related import ORGANISATION_GROUPS, delegations_of, related_groups, tables
from content.exports import schema_org
from content.presentation import shown
from content.views.pages import ListPage


class OrganisationList(ListPage):
    listing = ORGANISATIONS
    template_name = "conference/organisations.html"

    def breadcrumbs(self):
        return [here(_("Organisations"))]


class OrganisationPage(RecordPage):
    listing = ORGANISATIONS
    record_name = "organisation"
    template_name = "conference/organisation.html"
    schema_type = "Organization"

    def schema_facts(self):
        return {
            "alternateName": self.record.acronym,
            "sameAs": list(filter(None, [self.record.address, self.record.ror])),
            "location": schema_org.named("Country", shown(self.record.country, "name").text),
        }

    def breadcrumbs(self):
        return [{"label": _("Organisations"), "url": reverse("organisations")}, here_is(self.record, "name")]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "facts": records.organisation_facts(self.record),
            "organised": records.organised_editions(self.record),
            "delegations": delegations_of("organisation", self.record.slug),
            "groups": tables(related_groups(ORGANISATION_GROUPS, organisation=self.record.slug)),
        }
