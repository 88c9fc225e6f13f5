from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.listings import SESSIONS, SPEAKERS, VERSIONS
from conference.models import Country, broadcast, public_appearances
from conference.presentation import cards, records, sessions, versions
from conference.presentation.booklets import print_files
from conference.presentation.nearby import around, nearby
from conference.presentation.rooms import stays_open
from conference.presentation.sessions import Programme
from conference.serializers import floor_languages
from conference.views import json_ld
from conference.views.base import OfEdition, RecordPage, crumb, here, here_is
from conference.views.files import PROGRAMME_FORMATS, calendar_links, calendar_of, files_of
from conference.views.related import outcomes_of
from conference.views.zones import zone_asked, zone_words
from content.listing import KERNEL_KEYS, BadParameters, Page, unknown_value
from content.presentation import day_text, shown, with_query
from content.publication import window
from content.views.pages import WHOLE, ListPage, PublicPage, find

VIEWS = ("grid", "list")
REFRESH_SECONDS = 60
# More are not listed as a facet: a page of a thousand sessions has seven hundred.
MOST_SPEAKERS = 40


class ProgrammePage(OfEdition, ListPage):
    """All days on one page, as a grid of rooms and hours or as a list."""

    listing = SESSIONS
    also = ("view", "tz")
    fresh_minutes = 5
    template_name = "conference/programme.html"

    def trail(self):
        return [here(_("Programme"))]

    def page(self, selection) -> Page:
        self.zone = zone_asked(self.request, self.edition)
        self.programme = Programme(selection.all(), self.edition, self.zone, self.request.revision.now)
        return Page(self.programme.rows, None, None)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        days = self.programme.days() if context["chosen"] else self.programme.all_days()
        view = self.view()
        return context | {
            "days": [day | {"grid": self.grid(day, view)} for day in days],
            "tabs": [sessions.day_tab(day) for day in days],
            "open_by_room": self.programme.open_all_along(),
            "without_time": self.programme.without_time(),
            "actions": self.actions(view),
            "zone": zone_words(self.request, self.edition, self.programme),
            "calendar": self.calendar(),
            "print_files": print_files(self.edition, "programme", self.pairs(("view", WHOLE, *KERNEL_KEYS))),
            "version": self.version(),
        }

    def version(self) -> dict | None:
        """What the public follows now."""
        latest = VERSIONS.asked(edition=self.edition.slug, order="-number").all().first()
        return latest and versions.version_words(latest, self.edition)

    def grid(self, day: dict, view: str) -> dict | None:
        return self.programme.grid(day) if view == "grid" and day["sessions"] else None

    def calendar(self) -> dict:
        """What is shown as a calendar that follows: its program asks again by itself."""
        return calendar_links(next(export["url"] for export in self.exports() if ".ics?" in export["url"]))

    def view(self) -> str:
        """As a grid where there is more than one room to tell apart; what was asked for goes before."""
        view = self.request.GET.get("view")
        if view and view not in VIEWS:
            raise BadParameters(unknown_value("view", view, list(VIEWS)))
        return view or ("grid" if len(self.programme.rooms_used()) > 1 else "list")

    def actions(self, view: str) -> list[dict]:
        labels = {"grid": _("Grid"), "list": _("List")}
        pairs = self.pairs(("view",))
        return [
            {
                "label": labels[name],
                "url": with_query(self.request.path, [*pairs, ("view", name)]),
                "current": name == view,
            }
            for name in VIEWS
        ]

    def facet_names(self):
        """The venue too: where there is one alone, its facet has one option and is left out."""
        return [*super().facet_names(), "venue"]

    def facets(self, selection):
        """Those of the collection, and the filters whose values only an edition can list."""
        facets = [
            self.choices("day", self.day_options()),
            *super().facets(selection),
            self.choices("language", sessions.language_options(self.edition)),
            self.choices("country", self.country_options()),
            self.choices("speaker", self.speaker_options()),
        ]
        self.facets_shown = [facet for facet in facets if len(facet["options"]) > 1]
        return self.facets_shown

    def choices(self, name: str, options: list[tuple[str, str]]) -> dict:
        keys = self.with_plurals([name])
        chosen = {value.lower() for key in keys for value in self.request.GET.getlist(key)}
        return {
            "name": name,
            "label": self.listing.filterset.base_filters[name].label,
            "options": [
                {"value": value, "label": label, "selected": value.lower() in chosen} for value, label in options
            ],
        }

    def day_options(self) -> list[tuple[str, str]]:
        return [(day.isoformat(), day_text(day)) for day in sessions.days_at_venue(self.edition)]

    def country_options(self) -> list[tuple[str, str]]:
        known = public_appearances().filter(window("person__"), edition=self.edition)
        countries = Country.objects.published().filter(pk__in=known.values("country"))
        return records.country_options(countries)

    def speaker_options(self) -> list[tuple[str, str]]:
        """Of a few speakers each; of many those that were chosen: the words of the search find the others."""
        speakers = SPEAKERS.asked(edition=self.edition.slug).all()
        if speakers[MOST_SPEAKERS:].exists():
            speakers = speakers.filter(slug__in=self.request.GET.getlist("speaker"))
        return [(person.slug, shown(person, "name").text) for person in speakers]

    def keep(self):
        drawn = self.with_plurals(facet["name"] for facet in self.facets_shown)
        return [{"name": key, "value": value} for key, value in self.pairs(("q", "cursor", *drawn))]


class NowPage(OfEdition, PublicPage):
    """What is on, and what comes next, in each room. It asks for itself again every minute, unless told not to."""

    parameters = ("tz", "refresh")
    fresh_minutes = 1
    template_name = "conference/now.html"

    def trail(self):
        return [here(_("On now and next"))]

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if self.refreshes():
            response["Refresh"] = str(REFRESH_SECONDS)
        return response

    def refreshes(self) -> bool:
        refresh = self.request.GET.get("refresh") or "on"
        if refresh not in ("on", "off"):
            raise BadParameters(unknown_value("refresh", refresh, ["on", "off"]))
        return refresh == "on"

    def get_context_data(self, **kwargs):
        now = self.request.revision.now
        zone = zone_asked(self.request, self.edition)
        rows = SESSIONS.asked(edition=self.edition.slug).all()
        programme = Programme(rows.filter(Q(end__gt=now) | Q(start=None)), self.edition, zone, now)
        when = records.edition_phase(self.edition, now)
        return super().get_context_data(**kwargs) | {
            "rooms": sessions.on_now_and_next(programme),
            "now": sessions.now_words(programme),
            "dates": records.edition_dates(self.edition),
            "when": when,
            "zone": zone_words(self.request, self.edition, programme),
            "refreshes": self.refreshes(),
            "refresh_url": self.switched(),
        }

    def switched(self) -> str:
        """This page with the other answer to whether it asks again."""
        pairs = [(key, value) for key, value in self.request.GET.items() if value and key != "refresh"]
        return with_query(self.request.path, [*pairs, *([("refresh", "off")] if self.refreshes() else [])])


class SessionPage(OfEdition, RecordPage):
    """One session. `tz` adds its times in another zone to those of the venue."""

    listing = SESSIONS
    record_name = "session"
    list_page = ("programme", gettext_lazy("Programme"))
    parameters = ("tz",)
    fresh_minutes = 5
    template_name = "conference/session.html"

    def get_record(self):
        return find(SESSIONS, self.kwargs["slug"], edition=self.edition)

    def exports(self):
        return [*files_of(self.edition, [self.record.slug], PROGRAMME_FORMATS), *super().exports()]

    def trail(self):
        above = [crumb(self.record.parent)] if self.record.parent else []
        return [self.listed_in(), *above, here_is(self.record, "title")]

    def card(self):
        return cards.session_card(self.record, self.edition)

    def day_url(self) -> str:
        """The day in the programme, as the venue's calendar has it."""
        if not self.record.start:
            return ""
        day = self.record.start.astimezone(ZoneInfo(self.edition.time_zone)).date()
        return with_query(reverse("programme", args=[self.edition.slug]), [("day", day.isoformat())])

    def get_context_data(self, **kwargs):
        session = self.record
        zone = zone_asked(self.request, self.edition)
        rows = SESSIONS.asked(edition=self.edition.slug).all().filter(nearby(session))
        programme = Programme.at_venue(rows, self.edition, self.request.revision.now)
        talks = [one for one in programme.sessions if one["parent_id"] == session.pk]
        return super().get_context_data(**kwargs) | {
            "when": records.session_times(session, zone),
            "room": records.room_fact(session) if session.slot_state != "" else None,
            "facts": records.session_facts(session),
            "around": around(session, programme),
            "day_url": self.day_url(),
            "calendar_url": calendar_of(self.edition, "slug", [session.slug]) if session.start else "",
            "participations": records.participations(session),
            "floor": floor_languages(session),
            "interpretation": records.interpretation_list(session),
            "links": [records.link_words(link) for link in broadcast.links_of(session)],
            "stream": records.web_address(broadcast.floor_stream(session)),
            "recording_url": records.web_address(broadcast.floor_recording(session)),
            "taken_out": records.taken_out(session),
            "results": outcomes_of(edition=self.edition.slug, session=session.slug),
            "code": sessions.code_of(session.uuid),
            "minutes": sessions.minutes_text(session.start, session.end, session.slot_state),
            "instants": [one.isoformat() for one in (session.start, session.end) if one],
            "is_open_all_along": stays_open(session.start, session.room, session.slot_state),
            "talks": talks,
            "json_ld": json_ld.of_session(session, self.edition, talks),
            "placements": session.placements.all(),
            "is_now": records.is_on(session, self.request.revision.now),
        }
