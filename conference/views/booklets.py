from functools import partial

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.exports.booklets import BOOKLETS, PAPERS, to_booklet
from conference.listings import DELEGATIONS, EDITIONS, SECTIONS, SESSIONS
from conference.presentation import booklets, records, sessions
from conference.presentation.booklets import print_files
from conference.presentation.sessions import Programme
from conference.views.base import OfEdition, here
from conference.views.mine import sessions_chosen
from conference.views.zones import zone_asked
from content import languages
from content.aggregates import NOT_RECORDED
from content.exports.typeset import MEDIA_TYPE
from content.listing import BadParameters, Selection, counts, unknown_keys
from content.presentation import day_text, with_query
from content.views import printing
from content.views.pages import PublicPage, find

# The page that shows the same as a booklet.
PAGE_OF = {"programme": "programme", "sections": "edition", "delegations": "edition-countries", "my": "my"}
# Longer than this, an address on paper helps nobody.
LONGEST_ADDRESS = 300


class PrintPage(OfEdition, PublicPage):
    """The booklets of an edition, whole, by day and by room."""

    template_name = "conference/print.html"

    def trail(self):
        return [here(_("Print"))]

    def get_context_data(self, **kwargs):
        sessions_asked = SESSIONS.asked(edition=self.edition.slug)
        delegations_asked = DELEGATIONS.asked(edition=self.edition.slug)
        session_count, delegation_count = counts([sessions_asked, delegations_asked])
        return super().get_context_data(**kwargs) | {
            "booklets": [
                {
                    "title": _("Programme"),
                    "text": _("A table for each day with speakers, rooms and languages, and an index of speakers."),
                    "state": sessions.session_count(session_count),
                    "files": print_files(self.edition, "programme"),
                },
                {
                    "title": _("Section booklet"),
                    "text": _("Section by section, each session once, with its abstract and what came of it."),
                    "state": sessions.session_count(session_count),
                    "files": print_files(self.edition, "sections"),
                },
                {
                    "title": _("List of delegations"),
                    "text": _("In protocol order where the edition has one, with the members who agreed to be named."),
                    "state": records.delegation_count(delegation_count),
                    "files": print_files(self.edition, "delegations"),
                },
            ],
            "parts": [part for part in self.parts(sessions_asked) if len(part["rows"]) > 1],
        }

    def parts(self, selection: Selection) -> list[dict]:
        days = [(day.isoformat(), day_text(day)) for day in sessions.days_at_venue(self.edition)]
        options = [option for option in selection.facet("room", sparse=True) if option.value != NOT_RECORDED]
        rooms = [(option.value, option.label) for option in options if option.count]
        return [
            {"title": _("One day"), "id": "part_days", "rows": self.rows("day", days)},
            {"title": _("One room"), "id": "part_rooms", "rows": self.rows("room", rooms)},
        ]

    def rows(self, key: str, options: list[tuple[str, str]]) -> list[dict]:
        return [
            {"label": label, "files": print_files(self.edition, "programme", [(key, value)])}
            for value, label in options
        ]


class BookletView(OfEdition, PublicPage):
    """A booklet as PDF, by the filters of its Listing; `tz` and `session` are those of the programme and of one's own.

    Nothing here tells what is on now, so that the same data give the same file.
    """

    parameters = None
    fresh_minutes = 0

    def get(self, request, *args, **kwargs):
        self.edition = find(EDITIONS, self.kwargs["edition"])
        self.booklet, self.paper = self.kwargs["booklet"], self.kwargs["paper"]
        if self.booklet not in BOOKLETS or self.paper not in PAPERS:
            raise Http404
        self.listing = DELEGATIONS if self.booklet == "delegations" else SESSIONS
        self.selection = self.select()
        language = languages.current()
        name = f"{self.edition.slug}-{self.booklet}-{language}-{self.paper}.pdf"
        response = printing.typeset_response(printing.BOOKLETS, self.key(), MEDIA_TYPE, self.prepare)
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return response

    def also(self) -> tuple[str, ...]:
        return {"delegations": ("order",), "my": ("tz", "session")}.get(self.booklet, ("tz",))

    def select(self) -> Selection:
        filters = [key for key in self.listing.filter_keys() if key != "edition"]
        if errors := unknown_keys(self.request.GET, [*filters, *self.also()]):
            raise BadParameters(*errors)
        parameters = self.request.GET.copy()
        parameters["edition"] = self.edition.slug
        if self.booklet == "delegations":
            parameters["order"] = self.order()
        else:
            self.zone = zone_asked(self.request, self.edition)
        return self.listing.select(parameters, languages.current(), self.also())

    def order(self) -> str:
        usual = "protocol" if "protocol" in DELEGATIONS.orders else DELEGATIONS.order
        return self.request.GET.get("order") or usual

    def key(self) -> str:
        """Everything that the file depends on."""
        now = self.request.revision
        parts = (now.number, now.boundary, languages.current(), self.request.path, sorted(self.pairs()))
        return "\n".join(map(str, (*parts, settings.SITE_URL, settings.RELEASE)))

    def pairs(self) -> list[tuple[str, str]]:
        return [(key, value) for key, values in self.request.GET.lists() for value in values if value]

    def prepare(self):
        """Reads what the booklet says; what it gives sets it."""
        rows = self.selection.all()
        if self.booklet == "my":
            rows, _missing = sessions_chosen(rows, self.request.GET.getlist("session"))
        made_at = booklets.changed_at(self.edition, self.listing.model.objects.filter(pk__in=rows.values("pk")))
        data = getattr(self, f"{self.booklet}_data")(rows)
        return partial(to_booklet, self.booklet, data, made_at=made_at)

    def frame(self, kind: str) -> dict:
        page = reverse(PAGE_OF[self.booklet], args=[self.edition.slug])
        whole = with_query(page, self.pairs())
        fits = self.booklet != "sections" and len(whole) <= LONGEST_ADDRESS
        return booklets.frame(self.edition, kind, self.paper, whole if fits else page)

    def programme(self, rows) -> Programme:
        return Programme(rows, self.edition, self.zone, self.request.revision.now)

    def programme_data(self, rows):
        return booklets.programme_booklet(self.programme(rows), self.only(), **self.frame(_("Programme")))

    def my_data(self, rows):
        programme = self.programme(rows)
        programme.sessions = sessions.with_clashes(programme.sessions)
        return booklets.programme_booklet(programme, self.only(), **self.frame(_("My sessions")))

    def sections_data(self, rows):
        chapters = list(SECTIONS.asked(edition=self.edition.slug).all())
        frame = self.frame(_("Section booklet"))
        return booklets.sections_booklet(self.programme(rows), chapters, self.only(), **frame)

    def delegations_data(self, rows):
        delegations = list(DELEGATIONS.serializer.related(rows))
        frame = self.frame(_("List of delegations"))
        return booklets.delegations_booklet(delegations, self.selection.order.key, self.only(), **frame)

    def only(self) -> list[dict]:
        """What was asked for, in words: who holds a part must not take it for the whole."""
        chosen = self.selection.chosen()
        return [records.fact(str(one.facet), one.label) for one in chosen if one.name != "edition"]
