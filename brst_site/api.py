"""The routes of the API: every dataset, the revision and the schema."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from brst_site import views
from brst_site.datasets import DATASETS
from brst_site.search_api import SearchView, SuggestionsView
from content.views.api import RevisionView, RootView
from content.views.documented import routes

urlpatterns = [
    path("", RootView.as_view(names=(*(listing.name for listing in DATASETS), "search")), name="api-root"),
    path("revision/", RevisionView.as_view(), name="api-revision"),
    path("search/", SearchView.as_view(), name="api-search"),
    path("suggestions/", SuggestionsView.as_view(), name="api-suggestions"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", views.APIGuide.as_view(), name="api-docs"),
    *(route for listing in DATASETS for route in routes(listing)),
]
