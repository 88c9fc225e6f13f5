from dataclasses import replace

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.listings import (
    DELEGATIONS,
    DOCUMENTS,
    EDITIONS,
    SECTIONS,
    SESSIONS,
    SPEAKERS,
    VERSIONS,
    seats_of_edition,
)
from conference.models import Track
from conference.presentation import cards, delegations, records, statistics
from conference.presentation.booklets import print_files
from conference.presentation.sessions import Programme, session_count
from conference.presentation.versions import version_count
from conference.serializers import affiliation_at
from conference.views import json_ld
from conference.views.base import OfEdition, RecordPage, WholeList, crumb, here, here_is, top
from conference.views.files import PROGRAMME_FORMATS, calendar_of, files_of
from conference.views.related import outcomes_of
from conference.views.zones import zone_asked, zone_words
from content import languages, world_map
from content.listing import counts
from content.presentation import with_query
from content.views.pages import WHOLE, DetailPage, ListPage, PublicPage


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

    def card(self):
        return cards.edition_card(self.record)

    def get_context_data(self, **kwargs):
        edition = self.record
        documents = DOCUMENTS.asked(edition=edition.slug)
        outcomes = DOCUMENTS.serializer.related(documents.queryset.filter(placement__outcome=True))
        return super().get_context_data(**kwargs) | {
            "dates": records.edition_dates(edition),
            "place": records.place_entries(edition),
            "facts": records.organiser_facts(edition),
            "sections": SECTIONS.serializer.related(SECTIONS.asked(edition=edition.slug).all()),
            "tracks": Track.objects.published().filter(edition=edition),
            "outcomes": outcomes.order_by("placement__position", "id"),
            "results": outcomes_of(edition=edition.slug),
            "ways": self.ways(),
            "json_ld": json_ld.of_edition(edition),
            "alternates": files_of(edition, [], PROGRAMME_FORMATS),
        }

    def ways(self) -> list[dict]:
        """The pages below the edition, with how much is on each."""
        slug = self.record.slug
        listings = (SESSIONS, VERSIONS, SPEAKERS, DELEGATIONS, DOCUMENTS)
        numbers = counts([listing.asked(edition=slug) for listing in listings])
        sessions, versions, speakers, sent, documents = numbers
        rows = [
            ("programme", _("Programme"), state(sessions, session_count)),
            ("versions", _("Changes of the programme"), state(versions, version_count)),
            ("now", _("On now and next"), ""),
            ("rooms", _("Rooms"), ""),
            ("speakers", _("Speakers"), state(speakers, records.speaker_count)),
            ("edition-countries", _("Participant countries"), state(sent, records.delegation_count)),
            ("statistics", _("Statistics of participation"), ""),
            ("edition-documents", _("Documents"), state(documents, records.document_count)),
            ("practical", _("Practical information"), ""),
            ("print", _("Print"), ""),
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
    list_page = ("speakers", gettext_lazy("Speakers"))
    parameters = ("tz",)
    template_name = "conference/speaker.html"

    def get_record(self):
        person = super().get_record()
        self.appearance = affiliation_at(person, self.edition.pk)
        if self.appearance is None:
            raise Http404
        return person

    def trail(self):
        return [self.listed_in(), here_is(self.record, "name")]

    def card(self):
        return cards.speaker_card(self.record, self.edition, self.appearance, _("Speaker"))

    def get_context_data(self, **kwargs):
        chosen = SESSIONS.asked(edition=self.edition.slug, speaker=self.record.slug)
        zone = zone_asked(self.request, self.edition)
        programme = Programme(chosen.all(), self.edition, zone, self.request.revision.now)
        days = programme.days()
        return super().get_context_data(**kwargs) | {
            "appearance": self.appearance,
            "spellings": records.other_spellings(self.record),
            "facts": records.speaker_facts(self.record, self.appearance),
            "days": days,
            "open_by_room": programme.open_all_along(),
            "without_time": programme.without_time(),
            "zone": zone_words(self.request, self.edition, programme),
            "json_ld": json_ld.of_speaker(self.record, self.edition, self.appearance, programme.sessions),
            "programme_url": with_query(
                reverse("programme", args=[self.edition.slug]), [("speaker", self.record.slug)]
            ),
            "calendar_url": calendar_of(self.edition, "speaker", [self.record.slug]) if days else "",
            "other_editions": [
                crumb(one.edition) | {"url": records.speaker_url(one.edition, self.record)}
                for one in self.record.appearances.all()
                if one.edition_id != self.edition.pk
            ],
        }


class EditionCountries(OfEdition, WholeList, ListPage):
    """The delegations, in protocol order unless the visitor asks for another."""

    listing = DELEGATIONS
    order = "protocol"
    template_name = "conference/edition_countries.html"

    def trail(self):
        return [here(_("Participant countries"))]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        seats = seats_of_edition(self.listing.asked(**self.fixed()))
        in_order = self.asked_order() == self.order
        return context | {
            "delegations": context["rows"],
            "blocks": delegations.blocks(context["rows"], seats, with_headings=in_order),
            "totals": delegations.totals(context["rows"]),
            "protocol": delegations.protocol_words(self.edition) if in_order else None,
            "order_label": "" if in_order else delegations.order_label(self.asked_order()),
            "actions": self.actions(),
            "map": world_map.dots(delegations.places(context["rows"])),
            "statistics_url": reverse("statistics", args=[self.edition.slug]),
            "print_files": print_files(self.edition, "delegations", self.pairs((WHOLE, "cursor", "page_size"))),
        }

    def asked_order(self) -> str:
        return self.request.GET.get("order") or self.order

    def actions(self) -> list[dict]:
        """The same list in other orders; the protocol's own is the page without a word about it."""
        pairs = self.pairs(("order", "cursor"))
        return [
            {
                "label": delegations.order_label(order),
                "url": with_query(self.request.path, pairs + ([] if order == self.order else [("order", order)])),
                "current": order == self.asked_order(),
            }
            for order in ("protocol", "name", "-size")
        ]


class StatisticsPage(OfEdition, PublicPage):
    """How many took part, from where and as what: counts of what the public sees, and of nothing else."""

    template_name = "conference/statistics.html"

    def trail(self):
        countries = {
            "label": _("Participant countries"),
            "url": reverse("edition-countries", args=[self.edition.slug]),
        }
        return [countries, here(_("Statistics of participation"))]

    def get_context_data(self, **kwargs):
        address = [("edition", self.edition.slug), ("facets", "category,level,region,country")]
        return (
            super().get_context_data(**kwargs)
            | statistics.of_edition(self.edition)
            | {
                "countries_url": reverse("edition-countries", args=[self.edition.slug]),
                "api_url": with_query("/api/v1/delegations/", [*address, ("lang", languages.current())]),
            }
        )


class EditionDocuments(OfEdition, WholeList, ListPage):
    """What the edition adopted, then the rest; all on one page, so that the first stay first."""

    listing = DOCUMENTS
    template_name = "conference/edition_documents.html"

    def page(self, selection):
        page = super().page(selection)
        return replace(page, rows=sorted(page.rows, key=lambda document: not records.is_outcome(document)))

    def trail(self):
        return [here(_("Documents"))]
