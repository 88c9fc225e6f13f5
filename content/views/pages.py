"""What every public page is made of: a list asks its Listing, a single record answers 200, 404 or 410."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import TemplateView

from content import languages
from content.aggregates import NOT_RECORDED, RECORDED_NONE
from content.cards import OPEN_GRAPH_LOCALES, Card, crumb_shown, kind_of
from content.citations import State, in_words
from content.exports import cards as pictures
from content.exports import schema_org
from content.exports.citation import BIBTEX, CSL_JSON
from content.listing import (
    KERNEL_KEYS,
    BadParameters,
    Listing,
    Page,
    ParameterError,
    Selection,
    unknown_value,
    words_asked,
)
from content.models import Merge
from content.presentation import shown, with_query
from content.serializers import absolute

EXPORTS = (
    ("CSV", "csv", "text/csv"),
    ("XLSX", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("JSON", "json", "application/json"),
    ("NDJSON", "ndjson", "application/x-ndjson"),
)


CITATIONS = (("BibTeX", "bib", BIBTEX), ("CSL-JSON", "json", CSL_JSON))
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class Withdrawn(Exception):
    """Something that was public once: the visitor is told the reason and nothing else."""

    def __init__(self, record):
        self.record = record


class Successor(Http404):
    """A record that was found to be another one: its pages lead to those of the other. Elsewhere it is not there."""

    def __init__(self, slug: str, record):
        super().__init__()
        self.slug, self.record = slug, record


def gone(request, withdrawn: Withdrawn, template: str, listed_in: dict | None):
    reason = shown(withdrawn.record.what_ended(), "withdrawal_reason")
    context = {"reason": reason.text, "reason_lang": reason.lang, "reason_dir": reason.dir, "list": listed_in}
    return render(request, template, context, status=410)


def moved(request, successor: Successor):
    """The same page of the successor: only its slug is another one."""
    match = request.resolver_match
    old = [name for name, value in match.kwargs.items() if value == successor.slug]
    name = "slug" if "slug" in old else old[0]
    path = reverse(match.view_name, kwargs={**match.kwargs, name: successor.record.slug})
    return HttpResponsePermanentRedirect(with_query(path, list(request.GET.items())))


def state_of(request) -> State:
    return State(request.revision.number, request.revision.now)


def find(listing: Listing, slug: str, **conditions):
    """The public record at an address, with what its serializer relates. Raises Http404 or Withdrawn."""
    return the_one(listing.serializer.related(listing.one()), slug=slug, **conditions)


def the_one(public: QuerySet, **conditions):
    """The record among the public ones that the conditions name. Raises Http404 or Withdrawn."""
    record = public.filter(**conditions).first()
    if record is None:
        withdrawn = public.model.objects.withdrawn().filter(**conditions).first()
        if withdrawn:
            raise Withdrawn(withdrawn)
        check_merged(public, **conditions)
        raise Http404
    return record


def check_merged(public: QuerySet, slug: str = "", **conditions) -> None:
    """Raises Successor where a record of that slug was merged, over however many steps, with one that is public."""
    merges = Merge.objects.filter(model=public.model._meta.label_lower, undone_at=None)
    merge = merges.filter(removed_slug=slug).first() if slug else None
    seen = set()
    while merge and merge.pk not in seen:
        seen.add(merge.pk)
        if kept := public.filter(pk=merge.kept, **conditions).first():
            raise Successor(slug, kept)
        merge = merges.filter(removed=merge.kept).first()


class PublicPage(TemplateView):
    """A page for everyone, made of public rows alone and the same for each visitor.

    `parameters`: the keys that it knows in the query; None where its Listing knows them.
    """

    http_method_names = ["get", "head", "options"]
    # How long what it says of today and now may be kept: a divisor of sixty (brst_site/middleware.py).
    fresh_minutes = 15
    parameters: tuple[str, ...] | None = ()
    # Whether there is a picture of it at `card.png` below its address (content/views/cards.py).
    has_card = False
    # Whether pages of others may show it in a frame (brst_site/middleware.py).
    may_be_framed = False
    gone_template = "410.html"

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Withdrawn as withdrawn:
            return gone(request, withdrawn, self.gone_template, self.listed_in())
        except Successor as successor:
            return moved(request, successor)

    def listed_in(self) -> dict | None:
        """The list of its kind, `{label, url}`, as far as its address alone tells of it: the record may be gone."""
        return None

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"breadcrumbs": self.breadcrumbs(), "sharing": self.sharing()}

    def structured(self) -> list[dict]:
        """The page in the terms of schema.org."""
        steps = [(str(step["label"]), absolute(step["url"]) if step.get("url") else "") for step in self.breadcrumbs()]
        return [schema_org.breadcrumbs(steps)] if len(steps) > 1 else []

    def breadcrumbs(self) -> list[dict]:
        """From the top down: `{label, url}`; the page itself has no url."""
        return []

    def card(self) -> Card:
        """What is said of the page where its address is shared."""
        own = self.breadcrumbs()[-1:] or [{}]
        return Card(crumb_shown(own[0]))

    @cached_property
    def said(self) -> Card:
        """The card, made once for all that the page says of itself."""
        return self.card()

    def sharing(self) -> dict:
        card = self.said
        address, alt = self.picture(card)
        return {
            "title": card.headline,
            "description": card.description,
            "type": card.type,
            "picture": absolute(address),
            "alt": alt,
            "width": pictures.WIDTH,
            "height": pictures.HEIGHT,
            "structured": self.structured(),
            "locales": [(code == languages.current(), locale) for code, locale in OPEN_GRAPH_LOCALES.items()],
        }

    def picture(self, card: Card) -> tuple[str, str]:
        """The address of a picture and what it says; where it has none, that of the portal, which says its name."""
        if self.has_card:
            return f"{self.request.path}card.png", card.alt
        return f"/{languages.current()}/card.png", ""


# A facet with more options than this shows the most frequent ones, and leads to the rest.
LONG_FACET, SHORT_FACET = 12, 8
# The key that names the facets which are shown whole.
WHOLE = "all"


def marked(language: str | None) -> dict[str, str]:
    """What a label needs that is in another language than the page."""
    return {"lang": languages.html_code(language), "dir": languages.direction(language)} if language else {}


class ListPage(PublicPage):
    """The page of a Listing: the rows that the query asks for, their count, facets and exports.

    `fixed()` gives filters that the address itself holds: the edition whose programme it is. `also` names keys that
    change how the rows are shown, not which. `order` is the page's own order, where it is not that of the listing.
    """

    parameters = None
    listing: Listing
    also: tuple[str, ...] = ()
    order: str = ""

    def fixed(self) -> dict[str, str]:
        return {}

    def select(self) -> Selection:
        parameters = self.request.GET.copy()
        if errors := self.contradictions():
            raise BadParameters(*errors)
        for key, value in self.fixed().items():
            parameters[key] = value
        if self.order and not parameters.get("order"):
            parameters["order"] = self.order
        words_asked(parameters, WHOLE, self.facet_names())
        return self.listing.select(parameters, languages.current(), (*self.also, WHOLE))

    def contradictions(self) -> list[ParameterError]:
        """Values that ask for something else than the address does."""
        return [
            unknown_value(key, value, [fixed])
            for name, fixed in self.fixed().items()
            for key in self.with_plurals([name])
            for value in self.request.GET.getlist(key)
            if value.strip() not in ("", fixed)
        ]

    def get_context_data(self, **kwargs):
        selection = self.select()
        page = self.page(selection)
        return super().get_context_data(**kwargs) | {
            "rows": page.rows,
            "count": selection.count(),
            "facets": self.facets(selection),
            "chosen": self.chosen(selection),
            "clear_url": self.request.path,
            "q": self.request.GET.get("q", ""),
            "keep": self.keep(),
            "exports": self.exports(),
            "pager": {"next_url": self.at(page.next), "previous_url": self.at(page.previous)},
        }

    def page(self, selection: Selection) -> Page:
        return selection.page(self.listing.serializer.related)

    def facets(self, selection: Selection) -> list[dict]:
        return [self.facet(name, selection) for name in self.facet_names()]

    def facet(self, name: str, selection: Selection) -> dict:
        """The options that have rows or are chosen; of a facet with few, the others too."""
        chosen = selection.filterset.filters[name]
        asked = selection.filterset.form.cleaned_data[name] or ()
        sparse = name in self.listing.filterset.sparse_facets
        spoken = chosen.spoken(languages.current())
        options = [
            option._asdict() | {"selected": option.value in asked} | marked(spoken.get(option.value))
            for option in selection.facet(name, sparse)
            if option.count or option.value in asked or not (sparse or option.value in chosen.words())
        ]
        whole = name in self.request.GET.getlist(WHOLE)
        shown = options if whole or len(options) <= LONG_FACET else self.most_frequent(name, options)
        return {
            "name": name,
            "label": chosen.label,
            "options": shown,
            "several": chosen.has_many and len(options) > 1,
            "whole": whole,
            "more": len(options) if len(shown) < len(options) else 0,
            "more_url": with_query(self.request.path, [*self.pairs(("cursor",)), (WHOLE, name)]),
        }

    def most_frequent(self, name: str, options: list[dict]) -> list[dict]:
        """Of years the latest. What is chosen, and the lack of a value, stay."""
        first = options if name == "year" else sorted(options, key=lambda option: -option["count"])
        kept = {option["value"] for option in first[:SHORT_FACET]}
        kept |= {NOT_RECORDED, RECORDED_NONE}
        return [option for option in options if option["selected"] or option["value"] in kept]

    def facet_names(self) -> list[str]:
        return [name for name in self.listing.filterset.facets if name not in self.fixed()]

    def with_plurals(self, names: Iterable[str]) -> list[str]:
        """The keys with those of lists that ask the same."""
        names = list(names)
        return [*names, *(plural for plural, name in self.listing.filterset.plurals.items() if name in names)]

    def pairs(self, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """The query as it came, as pairs, without some keys, what the address holds and what is empty."""
        without = {*without, *self.with_plurals(self.fixed())}
        return [
            (key, value)
            for key, values in self.request.GET.lists()
            for value in values
            if value and key not in without
        ]

    def keep(self) -> list[dict]:
        """What the form of the facets carries along unseen."""
        seen = ("q", "cursor", *self.with_plurals(self.facet_names()))
        return [{"name": key, "value": value} for key, value in self.pairs(seen)]

    def chosen(self, selection: Selection) -> list[dict]:
        """Each filter in force, with the address of the list without it."""
        pairs = self.pairs(("cursor",))
        return [
            {
                "facet": one.facet,
                "label": one.label,
                **marked(selection.filterset.filters[one.name].spoken(languages.current()).get(one.pairs[0][1])),
                "remove_url": with_query(self.request.path, [pair for pair in pairs if pair not in one.pairs]),
            }
            for one in selection.chosen()
            if one.name not in self.fixed()
        ]

    def exports(self) -> list[dict]:
        """The same rows as files: the same query, with the language of the page."""
        pairs = self.pairs((*self.also, WHOLE, *(key for key in KERNEL_KEYS if key != "order")))
        if self.order and not self.request.GET.get("order"):
            pairs.append(("order", self.order))
        pairs += [*self.fixed().items(), ("lang", languages.current())]
        return [
            {"label": label, "url": with_query(f"/api/v1/{self.listing.name}.{ending}", pairs), "type": media_type}
            for label, ending, media_type in self.export_formats()
        ]

    def export_formats(self):
        """Those of every collection, then its own as far as the query asks for enough."""
        asked = dict(self.request.GET.lists()) | {key: [value] for key, value in self.fixed().items()}
        own = ((ending, made) for ending, made in self.listing.formats.items() if made.can_be_made(asked))
        return (*EXPORTS, *((made.label, ending, made.media_type) for ending, made in own))

    def at(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        return with_query(self.request.path, [*self.pairs(("cursor",)), ("cursor", cursor)])


class DetailPage(PublicPage):
    """One record of a Listing, by its slug."""

    listing: Listing
    record_name = "record"
    # The name of its address, where its record can be cited (content/views/citations.py).
    citation_name = ""
    # What its record is to schema.org, where that has a word for it.
    schema_type = ""

    def get_record(self):
        return find(self.listing, self.kwargs["slug"])

    def listed_in(self):
        if not self.listing.page:
            return None
        return {"label": capfirst(self.listing.model._meta.verbose_name_plural), "url": self.listing.page_address()}

    def get(self, request, *args, **kwargs):
        self.record = self.get_record()
        response = super().get(request, *args, **kwargs)
        response["Link"] = self.link_header()
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            self.record_name: self.record,
            "record": self.record,
            "exports": self.exports(),
            "citation": self.citation(),
        }

    def card(self):
        record = self.record
        strand = getattr(record, "strand", None)
        return replace(
            super().card(), kind=kind_of(record), sample=record.sample, lane=strand.position if strand else None
        )

    def structured(self):
        return [*super().structured(), *([self.thing()] if self.schema_type else [])]

    def thing(self) -> dict:
        return schema_org.thing(
            self.schema_type,
            absolute(self.record.get_absolute_url()),
            name=str(self.said.title),
            description=self.said.description,
            **self.schema_facts(),
        )

    def schema_facts(self) -> dict:
        """What schema.org has words for, beside name and description."""
        return {}

    def citation(self) -> dict | None:
        if not self.citation_name:
            return None
        return in_words(self.record, state_of(self.request)) | {"files": self.citation_files()}

    def citation_files(self) -> list[dict]:
        if not self.citation_name:
            return []
        return [
            {"label": label, "url": reverse(f"{self.citation_name}-{ending}", kwargs=self.kwargs), "type": media_type}
            for label, ending, media_type in CITATIONS
        ]

    def link_header(self) -> str:
        """For machines that gather: the address to cite, and who describes the record in their terms (RFC 8288)."""
        described = [*self.citation_files(), *self.exports()]
        links = [
            f'<{absolute(self.record.get_absolute_url())}>; rel="cite-as"' if self.citation_name else "",
            *(f'<{absolute(file["url"])}>; rel="describedby"; type="{file["type"]}"' for file in described),
            f'<{LICENCE}>; rel="license"',
        ]
        return ", ".join(filter(None, links))

    def exports(self) -> list[dict]:
        url = with_query(f"/api/v1/{self.listing.name}/{self.record.uuid}/", [("lang", languages.current())])
        return [{"label": "JSON", "url": url, "type": "application/json"}]
