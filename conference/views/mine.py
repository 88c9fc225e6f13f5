"""The sessions that a visitor has chosen. The list is in the address, so that it needs no account."""

import re

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.listings import SESSIONS
from conference.presentation import sessions
from conference.presentation.booklets import print_files
from conference.presentation.sessions import CODE_LENGTH, Programme
from conference.views.base import OfEdition, here
from conference.views.files import PROGRAMME_FORMATS, calendar_links, calendar_of, files_of
from conference.views.zones import zone_asked, zone_words
from content.presentation import number_text, with_query
from content.views.pages import PublicPage

# Sessions by their codes, one after the other; no slug begins with this sign.
CODES = "~"
LONGEST_LIST = 500


def words_chosen(values: list[str]) -> list[str]:
    """Slugs and codes in the order of the address, each once."""
    words = []
    for value in values:
        if value.startswith(CODES):
            words += [f"{CODES}{code}" for code in re.findall(f".{{1,{CODE_LENGTH}}}", value.removeprefix(CODES))]
        elif value:
            words.append(value)
    return list(dict.fromkeys(words))[:LONGEST_LIST]


def sessions_chosen(rows: QuerySet, values: list[str]) -> tuple[QuerySet, int]:
    """Those of the rows that the values name by slug or by code, and how many of the named are not among them."""
    wanted = words_chosen(values)
    if not wanted:
        return rows.none(), 0
    pairs = rows.values_list("slug", "uuid")
    known = dict(pairs) | {f"{CODES}{sessions.code_of(uuid)}": uuid for _slug, uuid in pairs}
    found = [known[word] for word in wanted if word in known]
    return rows.filter(uuid__in=found), len(wanted) - len(found)


class MyPage(OfEdition, PublicPage):
    """The sessions that the address names, one `session` each by its slug, or all in one by their short codes.

    One that was withdrawn since is left out and counted: a list must not be lost because one of it is gone.
    """

    parameters = ("session", "tz")
    template_name = "conference/my.html"

    def trail(self):
        return [here(_("My sessions"))]

    def get_context_data(self, **kwargs):
        rows = SESSIONS.asked(edition=self.edition.slug).all()
        chosen, missing = sessions_chosen(rows, self.request.GET.getlist("session"))
        zone = zone_asked(self.request, self.edition)
        programme = Programme(chosen, self.edition, zone, self.request.revision.now)
        programme.sessions = sessions.with_clashes(programme.sessions)
        slugs = [session["slug"] for session in programme.sessions]
        return super().get_context_data(**kwargs) | {
            "count": len(programme.sessions),
            "days": [day | {"groups": sessions.clash_groups(day["sessions"])} for day in programme.days()],
            "open_by_room": programme.open_all_along(),
            "without_time": programme.without_time(),
            "clashes": sum(bool(session["clashes"]) for session in programme.sessions),
            "missing": self.missing_text(missing),
            "zone": zone_words(self.request, self.edition, programme),
            "share_url": self.share_url(programme.sessions),
            "exports": self.exports(slugs),
            "calendar": calendar_links(calendar_of(self.edition, "slug", slugs)),
            "print_files": print_files(self.edition, "my", [("session", self.codes(programme.sessions))]),
        }

    def missing_text(self, number: int) -> str:
        """How many are gone, without naming them: why they are gone may be nobody's business."""
        if not number:
            return ""
        return ngettext(
            "%(number)s session of this list is no longer in the programme.",
            "%(number)s sessions of this list are no longer in the programme.",
            number,
        ) % {"number": number_text(number)}

    def share_url(self, chosen: list[dict]) -> str:
        return with_query(self.request.path, [("session", self.codes(chosen))])

    def codes(self, chosen: list[dict]) -> str:
        return CODES + "".join(one["code"] for one in chosen)

    def exports(self, slugs: list[str]) -> list[dict]:
        tables = [("CSV", "csv", "text/csv"), ("JSON", "json", "application/json")]
        return files_of(self.edition, slugs, [*PROGRAMME_FORMATS, *tables])
