"""The strands of the cooperation: what is claimed of each, and what is on file."""

from dataclasses import replace

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from content import figure_presentation
from content.cards import plain
from content.listing import Listing, Selection, counts
from content.listings import FIGURES
from content.models import Claim, Strand
from content.presentation import reference_link, shown, with_query
from content.serializers import public_prefetch
from content.views.pages import PublicPage, the_one
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS
from cooperation.views.records import trail

NAMED_AT_MOST = 6


def select(listing: Listing, *strands: Strand) -> Selection:
    """The rows of a collection that belong to any of the strands; without strands, all rows."""
    return listing.asked(strand=[strand.slug for strand in strands]) if strands else listing.asked()


def collections() -> list[tuple[Listing, str]]:
    """Each collection with the name of its page."""
    return [
        (PROJECTS, _("Projects")),
        (FACILITIES, _("Facilities")),
        (AGREEMENTS, _("Agreements")),
        (PROGRAMMES, _("Programmes and networks")),
    ]


def collections_of_strands() -> list[tuple[Listing, str]]:
    return [(listing, label) for listing, label in collections() if "strand" in listing.filterset.base_filters]


def named_link(record) -> dict:
    """A record that is named rather than counted."""
    return reference_link(record) | {"kind": record.get_kind_display(), "sample": record.sample}


class CooperationPage(PublicPage):
    template_name = "cooperation/cooperation.html"

    def breadcrumbs(self):
        return [{"label": _("Cooperation")}]

    def get_context_data(self, **kwargs):
        strands = list(Strand.objects.published())
        return super().get_context_data(**kwargs) | {
            "strands": self.strands(strands),
            "collections": self.collections(),
        }

    def collections(self) -> list[dict]:
        found = counts([select(listing) for listing, _label in collections()])
        return [
            {"label": label, "url": listing.page_address(), "count": count}
            for (listing, label), count in zip(collections(), found, strict=True)
        ]

    def strands(self, strands: list[Strand]) -> list[dict]:
        figures = figure_presentation.loaded(select(FIGURES, *strands).all()) if strands else []
        on_file = self.on_file()
        named = self.named(strands)
        return [
            {
                "record": strand,
                "position": strand.position,
                "figures": [figure for figure in figures if figure.strand_id == strand.pk],
                "named": [named_link(record) for record in named if record.strand_id == strand.pk],
                "counts": on_file.get(strand.slug, []),
            }
            for strand in strands
        ]

    def on_file(self) -> dict[str, list[dict]]:
        """What is on file for each strand, by the strand's slug, with the list that shows it."""
        found: dict[str, list[dict]] = {}
        for listing, label in collections_of_strands():
            for option in select(listing).facet("strand"):
                address = with_query(listing.page_address(), [("strand", option.value)])
                entry = {"label": label, "count": option.count, "url": address}
                found.setdefault(option.value, []).append(entry)
        return found

    def named(self, strands: list[Strand]) -> list:
        """The first facilities and programmes of each strand, in their own order."""
        first = []
        if not strands:
            return first
        for listing in (FACILITIES, PROGRAMMES):
            selection = select(listing, *strands)
            place = Window(RowNumber(), partition_by=F("strand"), order_by=selection.order.by())
            first += selection.all().annotate(place=place).filter(place__lte=NAMED_AT_MOST)
        return first


class StrandPage(PublicPage):
    template_name = "cooperation/strand.html"

    def get(self, request, *args, **kwargs):
        public = Strand.objects.published().prefetch_related(public_prefetch(Strand, "sources"))
        self.strand = the_one(public, slug=self.kwargs["slug"])
        return super().get(request, *args, **kwargs)

    def breadcrumbs(self):
        name = shown(self.strand, "name")
        return trail({"label": name.text, "lang": name.lang, "dir": name.dir})

    def card(self):
        summary = plain(self.strand, "summary")
        return replace(
            super().card(),
            kind=_("Cooperation"),
            sub=summary,
            description=summary.text,
            lane=self.strand.position,
            sample=self.strand.sample,
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "record": self.strand,
            "title": shown(self.strand, "name"),
            "summary": shown(self.strand, "summary"),
            "figures": figure_presentation.loaded(select(FIGURES, self.strand).all()),
            "collections": [self.collection(listing, label) for listing, label in collections_of_strands()],
            "statements": self.statements(),
        }

    def collection(self, listing: Listing, label: str) -> dict:
        """How many records the strand has, and the first of those that are named rather than listed."""
        selection = select(listing, self.strand)
        named = selection.page().rows if listing in (FACILITIES, PROGRAMMES) else []
        return {
            "name": listing.name,
            "label": label,
            "url": with_query(listing.page_address(), [("strand", self.strand.slug)]),
            "count": selection.count(),
            "rows": [named_link(record) for record in named],
        }

    def statements(self) -> list[dict]:
        """What sources say of the strand without a figure, in the order in which they say it."""
        claims = Claim.objects.published().filter(strand=self.strand, figure=None)
        claims = claims.select_related("source").defer("source__text").order_by("source", "offset", "id")
        return [figure_presentation.claim_shown(claim) for claim in claims]
