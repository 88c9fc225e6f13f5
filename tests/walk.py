"""Every address of the portal as the public asks for it: what the resolver knows, and what pages link to."""

import hashlib
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from PIL import Image
from pypdf import PdfReader

from content import languages

LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)|<loc>([^<]+)|"(?:url|api_url|next|previous)":\s?"([^"]+)\"""")
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
# Pages tell the hour where they say what is on now, and the offline page when it was made.
HOUR = re.compile(r"\d\d:\d\d(?::\d\d)?")
SKIPPED_HEADERS = {"request-id", "date"}
SAME_SHAPE = 2
# A booklet takes a process of its own: each is set in two languages, on one paper, whole.
BOOKLET = re.compile(r"/(\w\w)/.*/print/[\w-]+\.pdf")
BOOKLETS_READ = re.compile(r"/(en|ar)/.*/print/[\w-]+-a4\.pdf")
FOLLOWED = ("text/html", "xml", "json")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def said(self) -> str:
        """Everything that the public is told: status, headers and what stands in the body, unpacked."""
        lines = (f"{name}: {value}" for name, value in self.headers.items())
        return "\n".join([str(self.status), *lines, self.text])

    @property
    def digest(self) -> str:
        return hashlib.sha256(HOUR.sub("", self.text).encode()).hexdigest()


def unpacked(body: bytes) -> str:
    """The words of a body, also inside a spreadsheet, a PDF or a picture."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(f"{name}\n{archive.read(name).decode(errors='replace')}" for name in archive.namelist())
    if body.startswith(b"%PDF") and b"%%EOF" in body:
        reader = PdfReader(io.BytesIO(body))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    if body.startswith(b"\x89PNG"):
        # What is drawn can't be read, but the file tells it; the sum tells whether the drawing is the same.
        return "\n".join([*Image.open(io.BytesIO(body)).text.values(), hashlib.sha256(body).hexdigest()])
    return body.decode(errors="replace")


class Walk:
    """Answers by address. `asked` counts every request."""

    def __init__(self):
        self.client = Client(raise_request_exception=False)
        self.answers: dict[str, Answer] = {}
        self.asked = 0

    def get(self, address: str, method: str = "get", **headers) -> Answer:
        self.asked += 1
        if self.asked % 1000 == 0:
            cache.clear()  # A walker is faster than any visitor may be.
        response = getattr(self.client, method)(address, headers=headers or None)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        kept = {name.lower(): value for name, value in response.items() if name.lower() not in SKIPPED_HEADERS}
        return Answer(response.status_code, kept, unpacked(body))

    def visit(self, address: str) -> Answer:
        if address not in self.answers:
            self.answers[address] = self.get(address)
        return self.answers[address]

    def crawl(self, starts: Iterable[str], follow: bool = True) -> None:
        """The addresses and those that they link to.

        A query is asked for, but what it shows is not followed; of those that differ in a value alone, two are. What
        is hidden differs in no language, so a page is looked at in English and in one more, which its address chooses.
        """
        waiting, shapes = list(starts), Counter()
        while waiting:
            address = waiting.pop()
            if address in self.answers or self.is_more_of_the_same(address, shapes):
                continue
            answer = self.visit(address)
            if follow and ("?" not in address or address.startswith("/sitemap")):
                waiting += [link for link in links(address, answer) if link not in self.answers]

    def is_more_of_the_same(self, address: str, shapes: Counter) -> bool:
        if BOOKLET.match(address):
            return not BOOKLETS_READ.fullmatch(address)
        code = address.split("/")[1]
        other = languages.CODES[zlib.crc32(address.removeprefix(f"/{code}/").encode()) % len(languages.CODES)]
        if code in languages.CODES and code not in ("en", other):
            return True
        path, _mark, query = address.partition("?")
        shape = (path, *sorted(part.partition("=")[0] for part in query.split("&")))
        shapes[shape] += bool(query)
        return shapes[shape] > SAME_SHAPE


def links(address: str, answer: Answer) -> Iterator[str]:
    if not any(kind in answer.headers.get("content-type", "") for kind in FOLLOWED):
        return
    for found in LINK.findall(answer.text):
        link = urlsplit(urljoin(settings.SITE_URL + address, unescape("".join(found))))
        ours = link.netloc == urlsplit(settings.SITE_URL).netloc
        if ours and not link.path.startswith(("/static/", "/admin/")):
            yield link.path + (f"?{link.query}" if link.query else "")


@dataclass(frozen=True)
class Address:
    """What the resolver knows: a route with places for values, and the view behind it."""

    route: str
    view: object
    in_languages: bool

    @property
    def view_name(self) -> str:
        """Which view it is, whichever of its addresses was asked."""
        view = getattr(self.view, "view_class", self.view)
        return f"{view.__module__}.{view.__qualname__}"

    @property
    def places(self) -> list[tuple[str, str]]:
        """Converter and name of each place."""
        return [(converter or "str", name) for converter, name in PLACE.findall(self.route)]

    @property
    def model(self):
        """Whose records stand at this address, where its view asks one collection."""
        view = getattr(self.view, "view_class", None)
        listing = getattr(view, "listing", None)
        return listing.model if listing else None

    def names(self, model) -> bool:
        """Whether one of its places is called as the model."""
        return any(name == model._meta.model_name for _converter, name in self.places)

    def filled(self, values: Iterable[str], codes: Iterable[str] = languages.CODES) -> list[str]:
        route = self.route
        for value in values:
            route = PLACE.sub(str(value).replace("\\", ""), route, count=1)
        return [f"/{code}/{route}" for code in codes] if self.in_languages else [f"/{route}"]


def known(resolver: URLResolver | None = None, before: str = "", in_languages: bool = False) -> Iterator[Address]:
    """Every address of the portal but those of staff."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry.pattern, LocalePrefixPattern):
            yield from known(entry, before, True)
            continue
        route = before + str(entry.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(entry, URLPattern):
            yield Address(route, entry.callback, in_languages)
        else:
            yield from known(entry, route, in_languages)
