from django.urls import path

from content.feeds import AtomNews, FeedView, RSSNews
from content.views import public
from content.views.citations import ClaimCitation, citations, cited

urlpatterns = [
    path("figures/", public.FigureList.as_view(), name="figures"),
    *cited("figures/<slug:slug>/", public.FigurePage, "figure"),
    path("figures/<slug:slug>/embed/", public.FigureEmbed.as_view(), name="figure-embed"),
    *citations("claims/<slug:slug>/", ClaimCitation, "claim"),
    path("news/", public.ArticleList.as_view(), name="articles"),
    path("news/atom.xml", FeedView.as_view(feed=AtomNews), name="news-atom"),
    path("news/rss.xml", FeedView.as_view(feed=RSSNews), name="news-rss"),
    *cited("news/<slug:slug>/", public.ArticlePage, "article"),
    path("sources/", public.SourceList.as_view(), name="sources"),
    *cited("sources/<slug:slug>/", public.SourcePage, "source"),
    path("pages/<slug:slug>/", public.StandingPage.as_view(), name="page"),
]
