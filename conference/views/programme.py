from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import SESSIONS, VERSIONS
from conference.models import Country, broadcast, public_appearances
from conference.presentation import records, sessions, versions
from conference.presentation.booklets import print_files
from conference.presentation.sessions import Programme
from conference.serializers import floor_languages, interpretation_of
from conference.views.base import OfEdition, RecordPage, crumb, here, here_is
from conference.views.related import outcomes_of
from content import languages
from content.listing import KERNEL_KEYS, BadParameters, Page, unknown_value
from content.presentation import day_text, with_query
from content.publication import window
from content.views.pages import ListPage, PublicPage, find

VIEWS = ("grid", "list")
PROGRAMME_FORMATS = [(made.label, ending, made.media_type) for ending, made in SESSIONS.formats.items()]


def zone_asked(request, edition) -> ZoneInfo:
    """The zone that `tz` names, or the venue's."""
    name = request.GET.get("tz") or edition.time_zone
    if name not in sessions.zone_names():
        raise BadParameters(unknown_value("tz", name, sorted(sessions.zone_names())))
    return ZoneInfo(name)


def chosen_sessions(request, selection) -> list[str]:
    """The sessions that `session` names, each once. Raises BadParameters where one isn't among the public ones."""
    wanted = [slug for slug in dict.fromkeys(request.GET.getlist("session")) if slug]
    known = set(selection.queryset.filter(slug__in=wanted).values_list("slug", flat=True))
    unknown = [slug for slug in wanted if slug not in known]
    if unknown:
        existing = list(selection.queryset.order_by("slug").values_list("slug", flat=True))
        raise BadParameters(*(unknown_value("session", slug, existing) for slug in unknown))
    return wanted


def files_of(edition, slugs: list[str], formats: list[tuple[str, str, str]]) -> list[dict]:
    """These sessions of an edition as files, in the language of the page."""
    pairs = [("edition", edition.slug), *(("slug", slug) for slug in slugs), ("lang", languages.current())]
    return [
        {"label": label, "url": with_query(f"/api/v1/sessions.{ending}", pairs), "type": media_type}
        for label, ending, media_type in formats
    ]


class ProgrammePage(OfEdition, ListPage):
    """All days on one page, as a grid of rooms and hours or as a list."""

    listing = SESSIONS
    also = ("view", "tz")
    template_name = "conference/programme.html"

    def trail(self):
        return [here(_("Programme"))]

    def page(self, selection) -> Page:
        self.zone = zone_asked(self.request, self.edition)
        self.programme = Programme(selection.all(), self.edition, self.zone, self.request.revision.now)
        return Page(self.programme.rows, None, None)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        days = self.programme.days()
        view = self.view()
        return context | {
            "days": [day | {"grid": self.programme.grid(day) if view == "grid" else None} for day in days],
            "tabs": [sessions.day_tab(day) for day in days] if len(days) > 1 else [],
            "without_time": self.programme.without_time(),
            "actions": self.actions(view),
            "zone": self.zone_words(),
            "print_files": print_files(self.edition, "programme", self.pairs(("view", *KERNEL_KEYS))),
            "version": self.version(),
        }

    def version(self) -> dict | None:
        """What the public follows now."""
        latest = VERSIONS.asked(edition=self.edition.slug, order="-number").all().first()
        return latest and versions.version_words(latest, self.edition)

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

    def zone_words(self) -> dict:
        pairs = self.pairs(("tz",))
        venue = ZoneInfo(self.edition.time_zone)
        moment = self.programme.moment()
        return {
            "name": sessions.zone_text(self.zone, moment),
            "venue_name": sessions.zone_text(venue, moment),
            "is_venue": self.zone == venue,
            "venue_url": with_query(self.request.path, pairs),
            "asked": "" if self.zone == venue else self.zone.key,
            "keep": [{"name": key, "value": value} for key, value in pairs],
        }

    def facets(self, selection):
        """Those of the collection, and the filters whose values only an edition can list."""
        facets = [self.choices("day", self.day_options()), *super().facets(selection)]
        facets += [
            self.choices("language", sessions.language_options(self.edition)),
            self.choices("country", self.country_options()),
        ]
        return [facet for facet in facets if len(facet["options"]) > 1]

    def choices(self, name: str, options: list[tuple[str, str]]) -> dict:
        chosen = {value.lower() for value in self.request.GET.getlist(name)}
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

    def keep(self):
        return [field for field in super().keep() if field["name"] not in ("day", "language", "country")]

    def chosen(self):
        """The day and the language by their names, as their facets have them."""
        names = dict(self.day_options()) if "day" in self.request.GET else {}
        names |= dict(sessions.language_options(self.edition)) if "language" in self.request.GET else {}
        return [one | {"label": names.get(one["label"], one["label"])} for one in super().chosen()]


class NowPage(OfEdition, PublicPage):
    """What is on, and what comes next, in each room."""

    template_name = "conference/now.html"

    def trail(self):
        return [here(_("On now and next"))]

    def get_context_data(self, **kwargs):
        now = self.request.revision.now
        rows = SESSIONS.asked(edition=self.edition.slug).all()
        programme = Programme.at_venue(rows.filter(end__gt=now), self.edition, now)
        return super().get_context_data(**kwargs) | {
            "rooms": sessions.on_now_and_next(programme),
            "now": sessions.now_words(programme),
            "dates": records.edition_dates(self.edition),
            "when": records.edition_phase(self.edition, now),
        }


class MyPage(OfEdition, PublicPage):
    """The sessions that the address names, one `session` each: a list to keep, share and print, without an account."""

    parameters = ("session",)
    template_name = "conference/my.html"

    def trail(self):
        return [here(_("My sessions"))]

    def get_context_data(self, **kwargs):
        selection = SESSIONS.asked(edition=self.edition.slug)
        wanted = chosen_sessions(self.request, selection)
        rows = selection.all().filter(slug__in=wanted)
        programme = Programme.at_venue(rows, self.edition, self.request.revision.now)
        programme.sessions = sessions.with_clashes(programme.sessions)
        return super().get_context_data(**kwargs) | {
            "count": len(programme.sessions),
            "days": programme.days(),
            "without_time": programme.without_time(),
            "zone": sessions.zone_text(programme.zone, programme.moment()),
            "exports": self.exports(wanted),
            "print_files": print_files(self.edition, "my", [("session", slug) for slug in wanted]),
        }

    def exports(self, wanted: list[str]) -> list[dict]:
        tables = [("CSV", "csv", "text/csv"), ("JSON", "json", "application/json")]
        return files_of(self.edition, wanted, [*PROGRAMME_FORMATS, *tables])


class SessionPage(OfEdition, RecordPage):
    """One session. `tz` adds its times in another zone to those of the venue."""

    listing = SESSIONS
    record_name = "session"
    parameters = ("tz",)
    template_name = "conference/session.html"

    def get_record(self):
        return find(SESSIONS, self.kwargs["slug"], edition=self.edition)

    def exports(self):
        return [*files_of(self.edition, [self.record.slug], PROGRAMME_FORMATS), *super().exports()]

    def trail(self):
        programme = {"label": _("Programme"), "url": reverse("programme", args=[self.edition.slug])}
        above = [crumb(self.record.parent)] if self.record.parent else []
        return [programme, *above, here_is(self.record, "title")]

    def get_context_data(self, **kwargs):
        session = self.record
        zone = zone_asked(self.request, self.edition)
        talks = SESSIONS.asked(edition=self.edition.slug, parent=session.slug).all()
        return super().get_context_data(**kwargs) | {
            "when": records.session_times(session, zone),
            "facts": records.session_facts(session),
            "participations": records.participations(session),
            "floor": floor_languages(session),
            "interpretation": [
                records.interpretation_words(session, offered) for offered in interpretation_of(session)
            ],
            "links": [records.link_words(link) for link in broadcast.links_of(session)],
            "stream": records.web_address(broadcast.floor_stream(session)),
            "recording_url": records.web_address(broadcast.floor_recording(session)),
            "taken_out": records.taken_out(session),
            "results": outcomes_of(edition=self.edition.slug, session=session.slug),
            "talks": Programme.at_venue(talks, self.edition, self.request.revision.now).sessions,
            "placements": session.placements.all(),
            "is_now": records.is_on(session, self.request.revision.now),
        }
