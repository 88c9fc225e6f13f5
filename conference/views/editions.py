from django.http import Http404

from conference.listings import DELEGATIONS, DOCUMENTS, EDITIONS, SPEAKERS
from content.views.pages import DetailPage, ListPage, find


class EditionList(ListPage):
    listing = EDITIONS
    template_name = "conference/editions.html"


class EditionPage(DetailPage):
    listing = EDITIONS
    record_name = "edition"
    template_name = "conference/edition.html"


class OfEdition:
    """A page that belongs to an edition, which is looked up once and must be public."""

    def get(self, request, *args, **kwargs):
        self.edition = find(EDITIONS, self.kwargs["edition"])
        return super().get(request, *args, **kwargs)

    def fixed(self):
        return {"edition": self.edition.slug}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"edition": self.edition}


class PracticalPage(OfEdition, DetailPage):
    listing = EDITIONS
    template_name = "conference/practical.html"

    def get_record(self):
        return self.edition


class SpeakerList(OfEdition, ListPage):
    listing = SPEAKERS
    template_name = "conference/speakers.html"


class SpeakerPage(OfEdition, DetailPage):
    listing = SPEAKERS
    record_name = "person"
    template_name = "conference/speaker.html"

    def get_record(self):
        person = super().get_record()
        if self.edition.pk not in {one.edition_id for one in person.appearances.all()}:
            raise Http404
        return person


class EditionCountries(OfEdition, ListPage):
    listing = DELEGATIONS
    template_name = "conference/edition_countries.html"


class EditionDocuments(OfEdition, ListPage):
    listing = DOCUMENTS
    template_name = "conference/edition_documents.html"
