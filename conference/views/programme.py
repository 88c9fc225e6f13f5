from conference.listings import SESSIONS
from conference.views.editions import OfEdition
from content.views.pages import DetailPage, ListPage, PublicPage, find


class ProgrammePage(OfEdition, ListPage):
    listing = SESSIONS
    also = ("view", "tz")
    template_name = "conference/programme.html"


class NowPage(OfEdition, PublicPage):
    template_name = "conference/now.html"


class MyPage(OfEdition, PublicPage):
    parameters = ("session",)
    template_name = "conference/my.html"


class SessionPage(OfEdition, DetailPage):
    listing = SESSIONS
    record_name = "session"
    template_name = "conference/session.html"

    def get_record(self):
        return find(SESSIONS, self.kwargs["slug"], edition=self.edition)
