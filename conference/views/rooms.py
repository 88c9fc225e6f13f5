"""The rooms of an edition: what each has, what is on in it and what comes next."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import SESSIONS, rooms_of
from conference.presentation import rooms, sessions
from conference.presentation.sessions import Programme
from conference.views.base import OfEdition, here, here_is
from conference.views.files import PROGRAMME_FORMATS, calendar_links
from conference.views.zones import zone_asked, zone_words
from content import languages
from content.presentation import with_query
from content.views.pages import EXPORTS, PublicPage


class RoomsPage(OfEdition, PublicPage):
    parameters = ("tz",)
    fresh_minutes = 1
    template_name = "conference/rooms.html"

    def get_context_data(self, **kwargs):
        chosen = SESSIONS.asked(edition=self.edition.slug).all()
        zone = zone_asked(self.request, self.edition)
        self.programme = Programme(chosen, self.edition, zone, self.request.revision.now)
        return super().get_context_data(**kwargs) | {
            "zone": zone_words(self.request, self.edition, self.programme),
            "now": sessions.now_words(self.programme),
        }

    def found(self):
        return rooms.with_address(rooms_of(self.edition)).prefetch_related("interpretation")


class RoomList(RoomsPage):
    def trail(self):
        return [here(_("Rooms"))]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        entries = {entry["room"]["id"]: entry for entry in sessions.on_now_and_next(self.programme)}
        found = [room for room in self.found() if self.kwargs.get("slug") in (None, room.slug)]
        return context | {"venues": by_venue([self.words(room, entries.get(room.pk)) for room in found])}

    def words(self, room, entry) -> dict:
        return {
            "record": room,
            "url": rooms.room_url(self.edition, room),
            "seats": rooms.seats_text(room),
            "interpretation": [rooms.interpretation_text(offered) for offered in room.interpretation.all()],
            "entry": entry,
        }


def by_venue(entries: list[dict]) -> list[dict]:
    found = {}
    for entry in entries:
        venue = entry["record"].venue
        found.setdefault(venue.pk, {"venue": venue, "rooms": []})["rooms"].append(entry)
    return list(found.values())


class RoomPage(RoomsPage):
    """One room. Where two venues have one by the same slug, the address names the venue, or asks which is meant."""

    template_name = "conference/room.html"

    def prepared(self):
        venue = self.kwargs.get("venue")
        named = [room for room in self.found().filter(slug=self.kwargs["slug"]) if venue in (None, room.venue.slug)]
        if not named:
            raise Http404
        self.room = named[0]
        return RoomList.as_view()(self.request, **self.kwargs) if len(named) > 1 else None

    def trail(self):
        return [{"label": _("Rooms"), "url": reverse("rooms", args=[self.edition.slug])}, here_is(self.room, "name")]

    def exports(self) -> list[dict]:
        """Its own sessions; the venue is named too, since another may have a room by the same slug."""
        pairs = [("edition", self.edition.slug), ("room", self.room.slug), ("venue", self.room.venue.slug)]
        pairs.append(("lang", languages.current()))
        return [
            {"label": label, "url": with_query(f"/api/v1/sessions.{ending}", pairs), "type": media_type}
            for label, ending, media_type in (*PROGRAMME_FORMATS, *EXPORTS)
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        programme, room, exports = self.programme, self.room, self.exports()
        left = sessions.moved_away(programme, room.pk)
        programme.sessions = programme.in_room(room.pk)
        return context | {
            "room": room,
            "facts": rooms.room_facts(room),
            "entry": next((one for one in sessions.on_now_and_next(programme) if one["room"]["id"] == room.pk), None),
            "days": programme.days(),
            "without_time": programme.without_time(),
            "left": left,
            "exports": exports,
            "calendar": calendar_links(exports[0]["url"]),
        }
