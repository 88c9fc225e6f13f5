"""News as Atom and RSS, from the same rows as its page, in the language of the address."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.generic import View

from content.listings import ARTICLES
from content.models import Site
from content.presentation import shown
from content.serializers import absolute


class News(Feed):
    address_name: str

    def get_object(self, request):
        return Site.objects.first()

    def title(self, site):
        name = shown(site, "name").text or _("Portal")
        return _("%(site)s: news") % {"site": name}

    def description(self, site):
        return shown(site, "tagline").text

    subtitle = description

    def link(self):
        return absolute(reverse("articles"))

    def feed_url(self):
        return absolute(reverse(self.address_name))

    def items(self):
        return ARTICLES.asked().page().rows

    def item_title(self, article):
        return shown(article, "title").text

    def item_description(self, article):
        return shown(article, "summary").text

    def item_link(self, article):
        return absolute(article.get_absolute_url())

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.modified


class AtomNews(News):
    feed_type = Atom1Feed
    address_name = "news-atom"


class RSSNews(News):
    feed_type = Rss201rev2Feed
    address_name = "news-rss"


class FeedView(View):
    """Gives a feed what a page has: it refuses parameters that it does not know."""

    http_method_names = ["get", "head", "options"]
    parameters = ()
    feed = News

    def get(self, request):
        return self.feed()(request)
