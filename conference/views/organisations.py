from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import ORGANISATIONS
from conference.presentation import records, timelines
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
        slug = self.record.slug
        groups = related_groups(ORGANISATION_GROUPS, kept=timelines.MOST_DRAWN, organisation=slug)
        delegations = delegations_of("organisation", slug)
        return super().get_context_data(**kwargs) | {
            "head": records.organisation_head(self.record),
            "facts": records.organisation_facts(self.record),
            "organised": records.organised_editions(self.record),
            "delegations": delegations,
            "cells": groups,
            "timeline": timelines.of_records(groups, delegations, self.request.revision.now),
            "groups": tables(groups),
        }
