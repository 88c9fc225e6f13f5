from django.http import Http404

from content.listings import ARTICLES, FIGURES, SOURCES
from content.models import Page
from content.views.pages import DetailPage, ListPage, PublicPage, Withdrawn


class FigureList(ListPage):
    listing = FIGURES
    template_name = "content/figures.html"


class FigurePage(DetailPage):
    listing = FIGURES
    template_name = "content/figure.html"


class ArticleList(ListPage):
    listing = ARTICLES
    template_name = "content/articles.html"


class ArticlePage(DetailPage):
    listing = ARTICLES
    template_name = "content/article.html"


class SourceList(ListPage):
    listing = SOURCES
    template_name = "content/sources.html"


class SourcePage(DetailPage):
    listing = SOURCES
    template_name = "content/source.html"


class StandingPage(PublicPage):
    """A page of the portal about itself."""

    template_name = "content/page.html"

    def get_context_data(self, **kwargs):
        slug = self.kwargs["slug"]
        page = Page.objects.published().filter(slug=slug).first()
        if page is None:
            withdrawn = Page.objects.withdrawn().filter(slug=slug).first()
            raise Withdrawn(withdrawn) if withdrawn else Http404
        return super().get_context_data(**kwargs) | {"record": page}
