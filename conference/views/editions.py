from dataclasses import replace

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import DELEGATIONS, DOCUMENTS, EDITIONS, SECTIONS, SESSIONS, SPEAKERS
from conference.models import Track
from conference.presentation import records
from conference.presentation.sessions import Programme, session_count
from conference.serializers import affiliation_at
from conference.views.base import OfEdition, RecordPage, WholeList, crumb, here, here_is, top
from content.listing import counts
from content.views.pages import DetailPage, ListPage


class EditionList(ListPage):
    listing = EDITIONS
    template_name = "conference/editions.html"

    def breadcrumbs(self):
        return [here(_("Conference"))]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"editions": [records.edition_words(edition) for edition in context["rows"]]}


class EditionPage(RecordPage):
    listing = EDITIONS
    record_name = "edition"
    template_name = "conference/edition.html"

    def breadcrumbs(self):
        return [top(), here_is(self.record, "name")]

    def get_context_data(self, **kwargs):
        edition = self.record
        documents = DOCUMENTS.asked(edition=edition.slug)
        outcomes = DOCUMENTS.serializer.related(documents.queryset.filter(placement__outcome=True))
        return super().get_context_data(**kwargs) | {
            "facts": records.edition_facts(edition),
            "sections": SECTIONS.serializer.related(SECTIONS.asked(edition=edition.slug).all()),
            "tracks": Track.objects.published().filter(edition=edition),
            "outcomes": outcomes.order_by("placement__position", "id"),
            "ways": self.ways(),
        }

    def ways(self) -> list[dict]:
        """The pages below the edition, with how much is on each."""
        slug = self.record.slug
        listings = (SESSIONS, SPEAKERS, DELEGATIONS, DOCUMENTS)
        sessions, speakers, delegations, documents = counts([listing.asked(edition=slug) for listing in listings])
        rows = [
            ("programme", _("Programme"), state(sessions, session_count)),
            ("now", _("On now and next"), ""),
            ("speakers", _("Speakers"), state(speakers, records.speaker_count)),
            ("edition-countries", _("Participant countries"), state(delegations, records.delegation_count)),
            ("edition-documents", _("Documents"), state(documents, records.document_count)),
            ("practical", _("Practical information"), ""),
        ]
        return [{"url": reverse(name, args=[slug]), "label": label, "state": state} for name, label, state in rows]


def state(number: int, words) -> str:
    return words(number) if number else _("None on record")


class PracticalPage(OfEdition, DetailPage):
    listing = EDITIONS
    template_name = "conference/practical.html"

    def get_record(self):
        return self.edition

    def trail(self):
        return [here(_("Practical information"))]


class SpeakerList(OfEdition, ListPage):
    listing = SPEAKERS
    template_name = "conference/speakers.html"

    def trail(self):
        return [here(_("Speakers"))]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"speakers": [records.speaker_words(person, self.edition) for person in context["rows"]]}


class SpeakerPage(OfEdition, RecordPage):
    listing = SPEAKERS
    record_name = "person"
    template_name = "conference/speaker.html"

    def get_record(self):
        person = super().get_record()
        self.appearance = affiliation_at(person, self.edition.pk)
        if self.appearance is None:
            raise Http404
        return person

    def trail(self):
        speakers = {"label": _("Speakers"), "url": reverse("speakers", args=[self.edition.slug])}
        return [speakers, here_is(self.record, "name")]

    def get_context_data(self, **kwargs):
        chosen = SESSIONS.asked(edition=self.edition.slug, speaker=self.record.slug)
        programme = Programme.at_venue(chosen.all(), self.edition, self.request.revision.now)
        return super().get_context_data(**kwargs) | {
            "appearance": self.appearance,
            "facts": records.speaker_facts(self.record, self.appearance),
            "days": programme.days(),
            "without_time": programme.without_time(),
            "other_editions": [
                crumb(one.edition) | {"url": records.speaker_url(one.edition, self.record)}
                for one in self.record.appearances.all()
                if one.edition_id != self.edition.pk
            ],
        }


class EditionCountries(OfEdition, WholeList, ListPage):
    listing = DELEGATIONS
    template_name = "conference/edition_countries.html"

    def trail(self):
        return [here(_("Participant countries"))]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"delegations": [records.delegation_words(one) for one in context["rows"]]}


class EditionDocuments(OfEdition, WholeList, ListPage):
    """What the edition adopted, then the rest; all on one page, so that the first stay first."""

    listing = DOCUMENTS
    template_name = "conference/edition_documents.html"

    def page(self, selection):
        page = super().page(selection)
        return replace(page, rows=sorted(page.rows, key=lambda document: not records.is_outcome(document)))

    def trail(self):
        return [here(_("Documents"))]
