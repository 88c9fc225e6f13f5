import html
from dataclasses import replace

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content import accessibility, figure_presentation, languages
from content.cards import facts, figure_card, plain
from content.choices import QuoteKind
from content.exports import schema_org
from content.listings import ARTICLES, CLAIMS, FIGURES, SOURCES
from content.models import Page, Site, Source
from content.presentation import language_name, number_text, partial_date_text, shown
from content.serializers import absolute, date_of, instant, public_prefetch
from content.views.pages import LICENCE, DetailPage, ListPage, PublicPage, the_one

EMBED_HEIGHT = 500


def crumb(label, url: str = "") -> dict:
    """The label is a text, or a `Shown` that names its language."""
    return {"label": str(label), "url": url, "lang": getattr(label, "lang", ""), "dir": getattr(label, "dir", "")}


def made(record) -> dict:
    """What schema.org says of something that the portal itself publishes."""
    code = languages.html_code(languages.current())
    return {"inLanguage": code, "dateModified": instant(record.modified), "license": LICENCE}


class FigureList(ListPage):
    listing = FIGURES
    template_name = "content/figures.html"

    def page(self, selection):
        page = super().page(selection)
        figure_presentation.load(page.rows)
        return page

    def breadcrumbs(self):
        return [crumb(_("Figures"))]


class FigurePage(DetailPage):
    listing = FIGURES
    template_name = "content/figure.html"
    schema_type = "CreativeWork"

    def card(self):
        return figure_card(self.record, shown(self.record, "name"))

    def schema_facts(self):
        """The statement of each source; the portal doesn't answer for what they say."""
        figure_presentation.load([self.record])
        claims = [
            schema_org.claim(
                figure_presentation.claim_shown(claim)
                | {"date": date_of(claim), "source": absolute(claim.source.get_absolute_url())},
                absolute(claim.get_absolute_url()),
            )
            for claim in self.record.public_claims
        ]
        return made(self.record) | {"temporalCoverage": self.record.as_of, "hasPart": claims}

    def get_context_data(self, **kwargs):
        figure = self.record
        return super().get_context_data(**kwargs) | {
            "figure": figure_presentation.evidence(figure),
            "embed": self.embed(),
        }

    def embed(self) -> dict:
        """The lines to copy. The height holds any figure on a narrow phone; what opens in it can be scrolled."""
        path = reverse("figure-embed", args=[self.record.slug])
        title = f"{self.card().headline}: {shown(Site.objects.first(), 'name').text}".removesuffix(": ")
        # A plain string: the page escapes it once more, so that what is copied is whole.
        code = (
            f'<iframe src="{absolute(path)}" title="{html.escape(title)}" width="100%" height="{EMBED_HEIGHT}"'
            ' loading="lazy"></iframe>'
        )
        return {"url": path, "code": code}

    def breadcrumbs(self):
        strand = self.record.strand
        middle = [crumb(shown(strand, "name"), strand.get_absolute_url())] if strand else []
        return [crumb(_("Figures"), reverse("figures")), *middle, crumb(shown(self.record, "name"))]


class FigureEmbed(FigurePage):
    """The figure alone, for a frame in somebody else's page: without script, with its source."""

    may_be_framed = True
    template_name = "content/embed.html"
    gone_template = "content/embed_gone.html"

    def structured(self):
        """Nothing: the figure's own page says it."""
        return []

    def get_context_data(self, **kwargs):
        return DetailPage.get_context_data(self, **kwargs) | {"canonical": absolute(self.record.get_absolute_url())}


class ArticleList(ListPage):
    listing = ARTICLES
    template_name = "content/articles.html"

    def breadcrumbs(self):
        return [crumb(_("News"))]


class ArticlePage(DetailPage):
    listing = ARTICLES
    template_name = "content/article.html"
    schema_type = "NewsArticle"

    def card(self):
        summary, day = plain(self.record, "summary"), self.record.published_at
        dated = facts(partial_date_text(day.date().isoformat()) if day else "")
        return replace(super().card(), sub=summary, facts=dated, description=summary.text, type="article")

    def schema_facts(self):
        return made(self.record) | {
            "headline": shown(self.record, "title").text,
            "datePublished": instant(self.record.published_at),
            "publisher": schema_org.named("Organization", shown(Site.objects.first(), "name").text),
            "image": absolute(f"{self.record.get_absolute_url()}card.png"),
        }

    def breadcrumbs(self):
        return [crumb(_("News"), reverse("articles")), crumb(shown(self.record, "title"))]


class SourceList(ListPage):
    listing = SOURCES
    template_name = "content/sources.html"

    def breadcrumbs(self):
        return [crumb(_("Sources"))]


class SourcePage(DetailPage):
    """What the source is, and every public claim and statement from it; its stored text is for staff."""

    listing = SOURCES
    template_name = "content/source.html"
    schema_type = "CreativeWork"

    def get_context_data(self, **kwargs):
        claims = list(CLAIMS.serializer.related(CLAIMS.asked(source=self.record.slug, order="offset").all()))
        verbatim = [claim for claim in claims if claim.quote_kind == QuoteKind.VERBATIM]
        length = len(self.record.text)
        ticks = [figure_presentation.tick(claim.offset, length) for claim in verbatim] if length else []
        return super().get_context_data(**kwargs) | {
            "facts": self.facts(),
            "claims": [self.claim(claim, length) for claim in claims],
            "verbatim": len(verbatim),
            "length": number_text(length) if ticks else "",
            "ticks": ticks,
        }

    def card(self):
        source = self.record
        said = facts(shown(source, "publisher"), partial_date_text(source.said_on or source.published_on))
        return replace(super().card(), facts=said)

    def schema_facts(self):
        source = self.record
        return {
            "publisher": schema_org.named("Organization", shown(source, "publisher").text),
            "author": schema_org.named("Person", (shown(source, "author") or shown(source, "speaker")).text),
            "datePublished": source.published_on or source.said_on,
            "inLanguage": source.language,
            "sameAs": source.address,
        }

    def facts(self) -> list[dict]:
        """Who said it, when, where it was published, and what of it is on file."""
        source = self.record
        speaker = [(_("Speaker"), "speaker"), (_("Role"), "speaker_role")] if source.speaker else []
        return [
            *(self.text_fact(term, name) for term, name in speaker),
            {"term": _("Said on"), "text": partial_date_text(source.said_on)},
            self.text_fact(_("Published by"), "publisher"),
            self.text_fact(_("Author"), "author"),
            {"term": _("Published on"), "text": partial_date_text(source.published_on)},
            {"term": _("Address"), "text": source.address, "url": source.address},
            {"term": _("Kind"), "text": source.get_kind_display()},
            {"term": _("Language"), "text": language_name(source.language) if source.language else ""},
            {"term": capfirst(Source._meta.get_field("text").verbose_name), "text": self.stored_text()},
            {"term": _("Last compared with its original"), "text": self.verified_on()},
        ]

    def stored_text(self) -> str:
        """What quotes can be checked against."""
        length = len(self.record.text)
        if not length:
            return _("None on file")
        return ngettext("%(number)s character", "%(number)s characters", length) % {"number": number_text(length)}

    def text_fact(self, term: str, name: str) -> dict:
        text = shown(self.record, name)
        return {"term": term, "text": text.text, "lang": text.lang, "dir": text.dir}

    def verified_on(self) -> str:
        return partial_date_text(self.record.verified_on.isoformat()) if self.record.verified_on else ""

    def claim(self, claim, length: int) -> dict:
        """A claim with the heading under which it stands: its figure, or its own name where it is a statement."""
        name = shown(claim, "name") or shown(claim.figure, "name")
        return figure_presentation.claim_shown(claim) | {
            "name": name,
            "figure_url": claim.figure.get_absolute_url() if claim.figure else "",
            "strand": claim.strand,
            "is_verbatim": claim.quote_kind == QuoteKind.VERBATIM,
            "place": figure_presentation.place_in(claim, length),
        }

    def breadcrumbs(self):
        return [crumb(_("Sources"), reverse("sources")), crumb(shown(self.record, "title"))]


class StandingPage(PublicPage):
    """A page of the portal about itself."""

    template_name = "content/page.html"

    def get(self, request, *args, **kwargs):
        public = Page.objects.published().prefetch_related(public_prefetch(Page, "sources"))
        self.record = the_one(public, slug=self.kwargs["slug"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        found = accessibility.account() if self.record.slug == accessibility.SLUG else None
        tested = accessibility.told(found) if found else None
        return super().get_context_data(**kwargs) | {"record": self.record, "tested": tested}

    def breadcrumbs(self):
        return [crumb(shown(self.record, "title"))]
