from conference.listings import COUNTRIES
from content.views.pages import DetailPage, ListPage


class CountryList(ListPage):
    listing = COUNTRIES
    template_name = "conference/countries.html"


class CountryPage(DetailPage):
    listing = COUNTRIES
    record_name = "country"
    template_name = "conference/country.html"
