from django.urls import path

from content.feeds import AtomNews, FeedView, RSSNews
from content.views import public

urlpatterns = [
    path("figures/", public.FigureList.as_view(), name="figures"),
    path("figures/<slug:slug>/", public.FigurePage.as_view(), name="figure"),
    path("news/", public.ArticleList.as_view(), name="articles"),
    path("news/atom.xml", FeedView.as_view(feed=AtomNews), name="news-atom"),
    path("news/rss.xml", FeedView.as_view(feed=RSSNews), name="news-rss"),
    path("news/<slug:slug>/", public.ArticlePage.as_view(), name="article"),
    path("sources/", public.SourceList.as_view(), name="sources"),
    path("sources/<slug:slug>/", public.SourcePage.as_view(), name="source"),
    path("pages/<slug:slug>/", public.StandingPage.as_view(), name="page"),
]
