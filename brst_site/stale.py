"""What nobody has compared with its sources for long, of every kind at once, the oldest first."""

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.db.models import CharField, F, Q, QuerySet, Value
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brst_site.datasets import DATASETS, TITLES, with_owners
from brst_site.search import name_of
from content.listing import LISTINGS, BadParameters, ParameterError, WholeCount, unknown_keys, words_asked
from content.models.base import Record
from content.presentation import partial_date_text, with_query

PAGE_SIZE = 50
PARAMETERS = ("kind", "page")


class Aged(NamedTuple):
    kind: str
    pk: int
    verified_on: date | None


class Stale:
    """The public records of the kinds that a query names, all unless it names some. Raises BadParameters."""

    def __init__(self, parameters: QueryDict, today: date):
        if errors := unknown_keys(parameters, list(PARAMETERS)):
            raise BadParameters(*errors)
        self.parameters = parameters
        self.limit = today - timedelta(days=settings.STALE_AFTER_DAYS)
        self.kinds = words_asked(parameters, "kind", kinds())
        self.number = page_number(parameters.get("page") or "1")
        self.counts = dict(self.union(self.counted(name) for name in kinds()))

    def rows(self, kind: str) -> QuerySet:
        return LISTINGS[kind].rows().filter(Q(verified_on=None) | Q(verified_on__lt=self.limit)).order_by()

    def counted(self, kind: str) -> QuerySet:
        counted = self.rows(kind).annotate(of_kind=Value(kind, CharField()), stale_rows=WholeCount("pk"))
        return counted.values_list("of_kind", "stale_rows")

    def aged(self, kind: str) -> QuerySet:
        return self.rows(kind).annotate(of_kind=Value(kind, CharField())).values_list("of_kind", "pk", "verified_on")

    def union(self, queries) -> QuerySet:
        first, *others = queries
        return first.union(*others, all=True) if others else first

    @property
    def chosen(self) -> list[str]:
        return self.kinds or kinds()

    @property
    def count(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in self.chosen)

    def page(self) -> list[tuple[Aged, Record]]:
        """The rows of the page that was asked for, with their records, in a query or two for each kind among them."""
        query = self.union(self.aged(kind) for kind in self.chosen)
        query = query.order_by(F("verified_on").asc(nulls_first=True), "of_kind", "pk")
        start = (self.number - 1) * PAGE_SIZE
        found = [Aged(*row) for row in query[start : start + PAGE_SIZE]]
        records = {}
        for kind in dict.fromkeys(row.kind for row in found):
            rows = LISTINGS[kind].rows().filter(pk__in=[row.pk for row in found if row.kind == kind])
            records |= {(kind, record.pk): record for record in with_owners(LISTINGS[kind], rows)}
        return [(row, records[row.kind, row.pk]) for row in found]

    def facets(self) -> list[dict]:
        options = [
            {"value": kind, "label": TITLES[kind], "count": self.counts.get(kind, 0), "selected": kind in self.kinds}
            for kind in kinds()
        ]
        return [{"name": "kind", "label": _("Kind"), "options": options}]

    def pager(self, path: str) -> dict:
        last = self.number * PAGE_SIZE >= self.count
        return {
            "previous_url": self.at(path, self.number - 1) if self.number > 1 else None,
            "next_url": None if last else self.at(path, self.number + 1),
        }

    def at(self, path: str, number: int) -> str:
        return with_query(path, [*(("kind", kind) for kind in self.kinds), ("page", str(number))])

    def context(self, path: str) -> dict:
        return {
            "rows": [described(row, record) for row, record in self.page()],
            "count": self.count,
            "days": settings.STALE_AFTER_DAYS,
            "facets": self.facets(),
            "pager": self.pager(path),
        }


def kinds() -> list[str]:
    return [listing.name for listing in DATASETS if issubclass(listing.model, Record)]


def page_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= 1_000_000 and len(text) <= 7):
        raise BadParameters(ParameterError("page", _("“%(value)s” is not a page.") % {"value": text[:20]}, ["1…"]))
    return int(text)


def described(row: Aged, record: Record) -> dict:
    options = type(record)._meta
    return {
        "name": name_of(record),
        "url": record.get_absolute_url(),
        "kind": TITLES[row.kind],
        "sample": record.sample,
        "verified_on": partial_date_text(row.verified_on.isoformat()) if row.verified_on else "",
        "date": row.verified_on,
        "edit": (f"admin:{options.app_label}_{options.model_name}_change", record.pk),
    }


def staff_page(request):
    """The same list in the admin, with the form of each record."""
    context = Stale(request.GET, timezone.now().date()).context(request.path)
    for row in context["rows"]:
        name, pk = row.pop("edit")
        try:
            row["edit_url"] = reverse(name, args=[pk])
        except NoReverseMatch:
            row["edit_url"] = ""  # A part of something else, which is edited there.
    return TemplateResponse(
        request, "admin/stale.html", {**admin.site.each_context(request), "title": _("What is stale"), **context}
    )
