from django.urls import path

from content.views import public

urlpatterns = [
    path("figures/", public.FigureList.as_view(), name="figures"),
    path("figures/<slug:slug>/", public.FigurePage.as_view(), name="figure"),
    path("news/", public.ArticleList.as_view(), name="articles"),
    path("news/<slug:slug>/", public.ArticlePage.as_view(), name="article"),
    path("sources/", public.SourceList.as_view(), name="sources"),
    path("sources/<slug:slug>/", public.SourcePage.as_view(), name="source"),
    path("pages/<slug:slug>/", public.StandingPage.as_view(), name="page"),
]
