"""Every kind of page that the public can open, for browsers, validators and Lighthouse alike.

The addresses hold on a portal with the founding content and samples (40 sessions, 60 projects or more). A kind stands
here once for each state in which it looks different: with rows and without, with filters, found and not found.
"""

from dataclasses import dataclass

from django.urls import resolve

from tests.walk import Address

EDITION = "conference/brst-2023"
SAMPLE = "conference/sample-edition"
GUIDE = "/api/v1/docs/"
RELEASE = "data/snapshots/<str:name>/"
# Taken back by `prepare`.
WITHDRAWN = "sample-project-2"


@dataclass(frozen=True)
class Page:
    """`path` is below the language; where it begins with a slash, the language is a parameter."""

    path: str
    status: int = 200

    def address(self, language: str) -> str:
        return f"{self.path}?lang={language}" if self.path.startswith("/") else f"/{language}/{self.path}"


FOUND = (
    "",
    "search/",
    "search/?q=water",
    "search/?q=qqqqzzzz",
    "data/",
    "data/stale/",
    "figures/",
    "figures/joint-laboratories/",
    "figures/joint-laboratories/embed/",
    "figures/attendance-countries/",
    "news/",
    "news/press-conference-2023-10-30/",
    "sources/",
    "sources/press-conference/",
    "pages/about/",
    "pages/how-figures-are-checked/",
    "pages/accessibility/",
    "pages/licence/",
    "pages/privacy/",
    "conference/",
    f"{EDITION}/",
    f"{SAMPLE}/",
    f"{EDITION}/practical/",
    f"{EDITION}/speakers/",
    f"{EDITION}/speakers/speaker/",
    f"{EDITION}/documents/",
    f"{EDITION}/programme/",
    f"{SAMPLE}/programme/",
    f"{SAMPLE}/programme/?view=grid",
    f"{SAMPLE}/programme/?view=list&state=confirmed&tz=Asia/Kathmandu",
    f"{SAMPLE}/now/",
    f"{SAMPLE}/my/",
    f"{SAMPLE}/my/?session=sample-session-1&session=sample-session-3&session=sample-session-4",
    f"{SAMPLE}/rooms/",
    f"{SAMPLE}/rooms/sample-room-1/",
    f"{SAMPLE}/sessions/sample-session-3/",
    f"{SAMPLE}/versions/",
    f"{SAMPLE}/versions/1/",
    f"{SAMPLE}/print/",
    f"{SAMPLE}/offline/",
    f"{SAMPLE}/countries/",
    f"{SAMPLE}/statistics/",
    "countries/",
    "countries/ke/",
    "countries/cf/",
    "countries/compare/",
    "countries/compare/?country=cn&country=ke",
    "organisations/",
    "organisations/most/",
    "documents/special-cooperation-plan/",
    "cooperation/",
    "cooperation/research-capacity/",
    "cooperation/projects/",
    "cooperation/projects/?status=2&strand=research-capacity&country=ke&country=et",
    "cooperation/projects/?q=qqqqzzzz",
    "cooperation/projects/sample-project-1/",
    "cooperation/projects/sample-project-8/",
    "cooperation/facilities/",
    "cooperation/facilities/fungus-technology-centre/",
    "cooperation/agreements/",
    "cooperation/agreements/sample-agreement-1/",
    "cooperation/programmes/",
    "cooperation/programmes/small-but-beautiful/",
    GUIDE,
    f"{GUIDE}facilities/",
)
# What no address of the public brings, 403 and 500, is looked at in browser/test_words.py.
REFUSED = (
    Page("nothing/", 404),
    Page("cooperation/projects/?colour=green&status=x", 400),
    Page(f"cooperation/projects/{WITHDRAWN}/", 410),
)
PAGES = (*map(Page, FOUND), *REFUSED)

# What the public can ask for and is no page, though its address does not end as a file's does.
NO_PAGES = {
    "": "leads to the visitor's language",
    "data/catalogue.<str:ending>": "RDF",
    "data/snapshots/": "JSON",
    RELEASE: "JSON; its page is below the language",
    "data/snapshots/<str:name>/<str:path>": "files of a release",
    "documents/<slug:slug>/<str:language>/": "the file of a document",
}
FILES = (".bib", ".json", ".xml", ".pdf", ".txt", ".ico", ".js", ".png", ".webmanifest")


def may_be_a_page(address: Address) -> bool:
    of_the_api = address.route.startswith("api/v1/") and not f"/{address.route}".startswith(GUIDE)
    is_named = address.route in NO_PAGES and not (address.in_languages and address.route in ("", RELEASE))
    return not (of_the_api or address.route.endswith(FILES) or is_named)


def view_at(page: Page) -> str:
    return Address("", resolve(page.address("en").partition("?")[0]).func, True).view_name


def prepare() -> tuple[Page, ...]:
    """Makes what the founding content and the samples have none of, and says which pages there are then."""
    from django.core.management import call_command

    from content.models import Release
    from cooperation.models import Project

    Project.objects.filter(slug=WITHDRAWN).update(
        state="archived", withdrawal_reason="Recorded twice: the other record has the documents."
    )
    call_command("snapshot", verbosity=0)
    return (*PAGES, Page(f"data/snapshots/{Release.objects.latest('listed_at').name}/"))
