"""The routes of the API: every dataset, the revision and the schema."""

from django.urls import path

from brst_site.api_guide import APIGuide, CollectionGuide, SchemaView
from brst_site.datasets import DATASETS
from brst_site.search_api import SearchView, SuggestionsView
from content.views.api import RevisionView, RootView
from content.views.documented import routes

urlpatterns = [
    path("", RootView.as_view(names=(*(listing.name for listing in DATASETS), "search")), name="api-root"),
    path("revision/", RevisionView.as_view(), name="api-revision"),
    path("search/", SearchView.as_view(), name="api-search"),
    path("suggestions/", SuggestionsView.as_view(), name="api-suggestions"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", APIGuide.as_view(), name="api-docs"),
    path("docs/<slug:name>/", CollectionGuide.as_view(), name="api-docs-collection"),
    *(route for listing in DATASETS for route in routes(listing)),
]
