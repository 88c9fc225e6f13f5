"""Every public page in six languages, from the same rows as its collection."""

from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property

from brst_site.datasets import DATASETS, with_owners
from content.listing import Listing
from content.models import Page

# Parts of a page, which has an address of its own.
WITHOUT_PAGES = ("sections", "delegations", "claims")


class PortalSitemap(Sitemap):
    i18n = True
    alternates = True
    limit = 6000
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        """The portal's own, whatever host name the request came by."""
        return urlsplit(settings.SITE_URL).netloc


class Entrances(PortalSitemap):
    """Pages without a record: the home page and the lists."""

    def items(self):
        pages = ["home", "search", "data", "cooperation"]
        return [*pages, *(listing.page for listing in DATASETS if listing.page)]

    def location(self, name):
        return reverse(name)


class Records(PortalSitemap):
    """The records of one collection, or the standing pages."""

    def __init__(self, rows):
        self.rows = rows

    @cached_property
    def records(self):
        return [record for record in self.rows() if record.get_absolute_url()]

    def items(self):
        return self.records

    def lastmod(self, record):
        return record.modified


def rows_of(listing: Listing):
    return with_owners(listing, listing.rows().order_by("id"))


def pages():
    return Page.objects.published().order_by("id")


# What makes each, anew for every answer.
SITEMAPS = {"entrances": Entrances, "pages": partial(Records, pages)} | {
    listing.name: partial(Records, partial(rows_of, listing))
    for listing in DATASETS
    if listing.name not in WITHOUT_PAGES
}


def index(request):
    """Django's own index takes the host name from the request; addresses that are kept elsewhere must not."""
    entries = [entry for section, make in SITEMAPS.items() for entry in entries_of(section, make())]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": entries}, content_type="application/xml")


def entries_of(section: str, sitemap: Sitemap) -> list[SitemapIndexItem]:
    if not sitemap.items():
        return []
    address = settings.SITE_URL + reverse("sitemap", args=[section])
    changed = sitemap.get_latest_lastmod()
    return [
        SitemapIndexItem(address if number == 1 else f"{address}?p={number}", changed)
        for number in sitemap.paginator.page_range
    ]
