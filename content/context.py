"""What the frame of every page needs; the same for all visitors of an address."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from content import languages
from content.choices import MenuPlace
from content.models import MenuItem, Site
from content.presentation import shown


def portal(request):
    """Nothing of this conference is in code: names and menus are rows, absent while the portal is empty."""
    if request.path_info.startswith("/admin/"):
        return {}
    code = languages.current()
    menus = Menus(request, code)
    return {
        "site": SimpleLazyObject(lambda: site(code)),
        "language": language(request, code),
        "menu": SimpleLazyObject(menus.header),
        "footer_menu": SimpleLazyObject(menus.footer),
        "revision": getattr(getattr(request, "revision", None), "number", None),
        "search_url": f"/{code}/search/",
    }


def site(code: str) -> dict | None:
    row = Site.objects.first()
    if row is None:
        return None
    names = ("name", "short_name", "headline", "tagline", "introduction", "notice")
    return {name: shown(row, name, code).text for name in names} | {"contact": row.contact}


def language(request, code: str) -> dict:
    return {
        "code": code,
        "html": languages.html_code(code),
        "dir": languages.direction(code),
        "languages": siblings(request, code),
        "canonical": settings.SITE_URL + request.path,
    }


def siblings(request, code: str) -> list[dict]:
    """The same page, with the same filters, in each language."""
    prefix = f"/{code}/"
    rest = request.path.removeprefix(prefix) if request.path.startswith(prefix) else ""
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") and rest else ""
    return [
        {
            "code": other,
            "html": languages.html_code(other),
            "dir": languages.direction(other),
            "native_name": languages.NATIVE_NAMES[other],
            "url": f"/{other}/{rest}{query}",
            "absolute_url": f"{settings.SITE_URL}/{other}/{rest}",
            "current": other == code,
        }
        for other in languages.CODES
    ]


class Menus:
    """All menus from one query, asked when the first of them is shown."""

    def __init__(self, request, code: str):
        self.path = request.path
        self.code = code
        self._items = None

    def of(self, place: str) -> list[dict]:
        if self._items is None:
            self._items = list(MenuItem.objects.all())
        return [self.entry(item) for item in self._items if item.place == place]

    def entry(self, item: MenuItem) -> dict:
        url = item.path if item.path.startswith(("http", "/api/")) else f"/{self.code}{item.path}"
        return {"label": shown(item, "label", self.code).text, "url": url, "current": self.path.startswith(url)}

    def header(self) -> list[dict]:
        entries = self.of(MenuPlace.HEADER)
        # Of two that lead here, the nearer one is meant: the programme, not the conference above it.
        nearest = max((len(entry["url"]) for entry in entries if entry["current"]), default=0)
        return [entry | {"current": entry["current"] and len(entry["url"]) == nearest} for entry in entries]

    def footer(self) -> list[dict]:
        titles = {
            MenuPlace.PORTAL: _("The portal"),
            MenuPlace.RECORD: _("The record"),
            MenuPlace.FOLLOW: _("Follow"),
        }
        columns = [{"title": title, "items": self.of(place)} for place, title in titles.items()]
        return [column for column in columns if column["items"]]
