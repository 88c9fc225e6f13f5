from conference.listings import ORGANISATIONS
from content.views.pages import DetailPage, ListPage


class OrganisationList(ListPage):
    listing = ORGANISATIONS
    template_name = "conference/organisations.html"


class OrganisationPage(DetailPage):
    listing = ORGANISATIONS
    record_name = "organisation"
    template_name = "conference/organisation.html"
