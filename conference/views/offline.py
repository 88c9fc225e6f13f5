"""The whole programme on one small page, for a device to keep where there is no network."""

from django.utils.translation import gettext as _

from conference.listings import SESSIONS
from conference.presentation import records, sessions
from conference.presentation.sessions import Programme
from conference.views.base import OfEdition, here
from content.presentation import day_text
from content.views.pages import PublicPage


class OfflinePage(OfEdition, PublicPage):
    """Without frame and filters; it says when it was made, since whoever reads it may be offline."""

    template_name = "conference/offline.html"

    def trail(self):
        return [here(_("Programme without a network"))]

    def get_context_data(self, **kwargs):
        now = self.request.revision.now
        chosen = SESSIONS.asked(edition=self.edition.slug).all()
        programme = Programme.at_venue(chosen, self.edition, now)
        # Whoever reads it reads it at another time.
        programme.sessions = [session | {"is_now": False} for session in programme.sessions]
        return super().get_context_data(**kwargs) | {
            "count": sessions.session_count(len(programme.sessions)),
            "dates": records.edition_dates(self.edition),
            "days": programme.days(),
            "open_by_room": programme.open_all_along(),
            "without_time": programme.without_time(),
            "zone": sessions.zone_text(programme.zone, programme.moment()),
            "made": {
                "day": day_text(now.astimezone(programme.zone).date()),
                "time": sessions.now_words(programme)["time"],
                "datetime": now.isoformat(timespec="seconds"),
            },
        }
