"""The roof's own pages: home, search, open data, the way to the visitor's language, and errors."""

import re
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import get_language_from_path, get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.generic import View

from brst_site import home, search, search_api
from brst_site.catalogue import NOTATIONS, catalogue, described, written
from brst_site.datasets import DATASETS, TITLES
from brst_site.logs import request_id
from brst_site.release_views import summary
from brst_site.stale import PARAMETERS, Stale
from content import context, languages, records_check
from content.exports import schema_org
from content.listing import BadParameters, Listing
from content.models import Release, Site
from content.presentation import with_query
from content.problems import problem
from content.serializers import absolute
from content.views.pages import EXPORTS, LICENCE, PublicPage

SECURITY_CONTACT_LASTS = timedelta(days=365)


class HomePage(PublicPage):
    # What is on now is told for so long.
    fresh_minutes = 5
    template_name = "home.html"

    @cached_property
    def edition(self):
        return home.edition_box(self.request.revision.now)

    @cached_property
    def woven(self):
        return home.strands_and_weave()

    def card(self):
        return home.card(self.edition, self.woven["weave"])

    def structured(self):
        code, site = languages.current(), context.site(languages.current()) or {}
        name, about = site.get("name") or _("Portal"), site.get("introduction") or site.get("tagline")
        address = absolute(self.request.path)
        publisher = schema_org.filled(
            at_type="Organization", name=name, url=address, logo=absolute(static("img/icon-512.png"))
        )
        search = absolute(reverse("search")) + "?q={search_term_string}"
        return [schema_org.website(name, address, about, languages.html_code(code), search, publisher)]

    def get_context_data(self, **kwargs):
        edition = self.edition
        return super().get_context_data(**kwargs) | {
            "edition": edition and home.at_its_time(edition, self.request.revision.now),
            "figures": home.headline_figures(),
            "articles": home.newest_articles(),
            "new": home.whats_new(),
            "ways": home.ways_in(edition and edition["record"]),
            **self.woven,
        }


class SearchPage(PublicPage):
    fresh_minutes = 0
    parameters = ("q", "kind", "cursor")
    template_name = "search.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        words = search.read_search(search_api.once(asked, "q"), languages.current())
        kinds = search.read_kinds(asked.getlist("kind"))
        found = search.find(words, kinds, search.RESULTS_ON_PAGE, search_api.once(asked, "cursor"))
        chosen = [listing.name for listing in kinds]
        return super().get_context_data(**kwargs) | {
            "q": words.text,
            "found": found,
            "seen": search.seen(found.hits),
            "examples": [] if found.everything else self.examples(),
            "tabs": self.tabs(found, chosen),
            "whole_list": self.whole_list(found, kinds),
            "pager": {"next_url": self.at(found, chosen, "next"), "previous_url": self.at(found, chosen, "previous")},
        }

    def examples(self) -> list[dict]:
        return [one | {"url": with_query(self.request.path, [("q", one["words"])])} for one in search.examples()]

    def tabs(self, found: search.Results, chosen: list[str]) -> list[dict]:
        """Every kind that has something, and those that are chosen."""
        every = {"label": _("All"), "count": found.everything, "url": self.address(found, []), "current": not chosen}
        kinds = [
            {
                "label": kind.label,
                "count": kind.count,
                "url": self.address(found, [kind.value]),
                "current": kind.value in chosen,
            }
            for kind in found.kinds
            if kind.count or kind.value in chosen
        ]
        return [every, *kinds]

    def address(self, found: search.Results, kinds: list[str], *more: tuple[str, str]) -> str:
        pairs = [("q", found.search.text), *(("kind", kind) for kind in kinds), *more]
        return with_query(self.request.path, pairs)

    def at(self, found: search.Results, kinds: list[str], direction: str) -> str | None:
        cursor = getattr(found, direction)
        return cursor and self.address(found, kinds, ("cursor", cursor))

    def whole_list(self, found: search.Results, kinds: list[Listing]) -> str:
        """The list page of the one kind that is chosen, which has more filters."""
        if len(kinds) != 1 or not kinds[0].page or not found.count:
            return ""
        return with_query(kinds[0].page_address(), [("q", found.search.text)])

    def breadcrumbs(self):
        return [{"label": _("Search")}]


class DataPage(PublicPage):
    template_name = "data.html"

    def get_context_data(self, **kwargs):
        language = languages.current()
        counts = records_check.counts_on_file({(listing.name, "") for listing in DATASETS}, language)
        return super().get_context_data(**kwargs) | {
            "collections": [
                {
                    "name": listing.name,
                    "title": TITLES[listing.name],
                    "count": counts[listing.name, ""],
                    "page": listing.page_address(),
                    "files": files_of(listing, language),
                }
                for listing in DATASETS
            ],
            "releases": [summary(release) for release in Release.objects.all()],
            "catalogues": [
                {"label": form.label, "url": reverse("catalogue", args=[ending]), "type": form.media_type}
                for ending, form in NOTATIONS.items()
            ],
        }

    def breadcrumbs(self):
        return [{"label": _("Open data")}]

    def structured(self):
        """The catalogue that is also at `/data/catalogue.jsonld`, as search engines for data read it."""
        language = languages.current()
        datasets = [
            schema_org.filled(
                at_type="Dataset",
                name=str(TITLES[listing.name]),
                description=described(listing),
                url=absolute(f"/api/v1/{listing.name}/"),
                license=LICENCE,
                isAccessibleForFree=True,
                distribution=[
                    schema_org.filled(
                        at_type="DataDownload", encodingFormat=file["type"], contentUrl=absolute(file["url"])
                    )
                    for file in files_of(listing, language)
                ],
            )
            for listing in DATASETS
        ]
        catalogue = schema_org.thing(
            "DataCatalog", absolute(self.request.path), name=_("Open data"), license=LICENCE, dataset=datasets
        )
        return [*super().structured(), catalogue]


class StalePage(PublicPage):
    """What nobody has compared with its sources for long: the public may know how fresh each record is."""

    parameters = PARAMETERS
    template_name = "stale.html"

    def get_context_data(self, **kwargs):
        stale = Stale(self.request.GET, self.request.revision.now.date())
        return super().get_context_data(**kwargs) | stale.context(self.request.path)

    def breadcrumbs(self):
        return [{"label": _("Open data"), "url": reverse("data")}, {"label": _("What is stale")}]


def files_of(listing: Listing, language: str) -> list[dict]:
    """Every collection whole: the formats that all have, then those of its own that need no filter."""
    formats = listing.formats.items()
    own = [(own.label, ending, own.media_type) for ending, own in formats if own.can_be_made({})]
    return [
        {"label": label, "url": f"/api/v1/{listing.name}.{ending}?lang={language}", "type": media_type}
        for label, ending, media_type in [*EXPORTS, *own]
    ]


class CatalogueView(View):
    """What is published here, for machines that gather catalogues: Turtle, JSON-LD or RDF/XML."""

    http_method_names = ["get", "head", "options"]
    parameters = ()

    def get(self, request, ending):
        if ending not in NOTATIONS:
            raise Http404
        text = written(catalogue(request.revision.changed_at, Release.objects.filter(withdrawn_at=None)), ending)
        response = HttpResponse(text, content_type=NOTATIONS[ending].media_type)
        response["Access-Control-Allow-Origin"] = "*"
        return response


class ManifestView(View):
    """How the portal is installed as an app, in one language. What works without a network is the worker's affair."""

    http_method_names = ["get", "head", "options"]
    parameters = ()

    def get(self, request):
        code = languages.current()
        site = context.site(code) or {}
        name = site.get("name") or _("Portal")
        manifest = {
            "id": f"/{code}/",
            "name": name,
            "short_name": site.get("short_name") or name,
            "description": site.get("tagline") or name,
            "lang": languages.html_code(code),
            "dir": languages.direction(code),
            "start_url": f"/{code}/",
            "scope": f"/{code}/",
            "display": "standalone",
            "display_override": ["minimal-ui"],
            "theme_color": "#0d1626",
            "background_color": "#ffd62d",
            "icons": [
                icon("icon-192", 192, "any"),
                icon("icon-512", 512, "any"),
                icon("icon-maskable-512", 512, "maskable"),
            ],
            "shortcuts": home.shortcuts(request.revision.now),
        }
        return JsonResponse(
            manifest, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
        )


def icon(name: str, size: int, purpose: str) -> dict:
    return {"src": static(f"img/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def to_language(request):
    """`/` leads to the visitor's best language: cookie, then Accept-Language, then English."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def favicon(request):
    return HttpResponseRedirect(static("img/favicon.ico"))


def service_worker(request):
    """From the root, since a script may look after the addresses below its own alone. Asked for anew each time."""
    script = (settings.BASE_DIR / "static" / "js" / "service-worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def robots(request):
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}{reverse('sitemaps')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def security_contact(request):
    """RFC 9116. Without a contact on file, the page that says who runs the portal is the way in."""
    site = Site.objects.first()
    expires = (timezone.now() + SECURITY_CONTACT_LASTS).date()
    lines = [
        f"Contact: {contact_address(site.contact if site else '')}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        f"Preferred-Languages: {', '.join(languages.html_code(code) for code in languages.CODES)}",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def contact_address(contact: str) -> str:
    words = contact.split()
    if len(words) == 1 and "@" in contact:
        return f"mailto:{words[0].removeprefix('mailto:')}"
    if len(words) == 1 and contact.strip().startswith("https://"):
        return words[0]
    return f"{settings.SITE_URL}/en/pages/about/"


# The end of an address that is words: of letters, or numbers such as a year.
WORD = re.compile(r"[^\W\d_]+|\d{1,4}")
LONGEST_ADDRESS = 80


def words_of(path: str) -> str:
    """What to search for in place of an address that leads nowhere; empty where its end is a code or a file's name."""
    end = path.rstrip("/").rpartition("/")[2]
    words = re.split(r"[-_+ ]+", end)
    are_words = len(end) <= LONGEST_ADDRESS and all(map(WORD.fullmatch, words))
    return " ".join(words) if are_words and any(len(word) > 1 and word.isalpha() for word in words) else ""


def understood(request, errors) -> str:
    """The address without what was not understood in it."""
    wrong = {error.parameter for error in errors}
    pairs = [(key, value) for key, values in request.GET.lists() for value in values]
    kept = [(key, value) for key, value in pairs if key not in wrong]
    # A key of another name than the one that is told of: all of them go, so that the address leads somewhere.
    return with_query(request.path, kept if len(kept) < len(pairs) else [])


def bad_request(request, exception=None):
    errors = exception.errors if isinstance(exception, BadParameters) else ()
    if request.path.startswith("/api/"):
        return problem(400, _("Bad request"), str(exception or ""), errors)
    found = {"errors": errors, "understood": understood(request, errors) if errors else ""}
    return render(request, "400.html", found, status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    if request.path.startswith("/api/"):
        return problem(404, _("Not found"), _("There is nothing public at this address."))
    # The administration, which lends its 404 to staff, knows no search.
    found = {
        "words": words_of(request.path),
        "ways": home.ways_back(timezone.now()),
        "search_url": f"/{languages.current()}/search/",
    }
    return render(request, "404.html", found, status=404)


def server_error(request):
    """Asks the database nothing, since that may be what failed, nor what came before the failure for a language."""
    language = get_language_from_path(request.path_info) or get_language_from_request(request)
    with override(language):
        if request.path.startswith("/api/"):
            return problem(500, _("Server error"), _("The fault is ours. It has been logged."))
        frame = {
            "language": context.language(request, languages.current()),
            "request_id": request_id.get(),
            # What was sent in a form is not sent again by a link.
            "again": request.get_full_path() if request.method in ("GET", "HEAD") else "",
        }
        return HttpResponse(loader.get_template("500.html").render(frame), status=500)
