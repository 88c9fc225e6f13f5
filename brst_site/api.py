"""The routes of the API: every dataset, the revision and the schema."""

from django.urls import path

from brst_site.api_guide import APIGuide, CollectionGuide, SchemaView
from brst_site.datasets import DATASETS
from content.views.api import RevisionView, RootView
from content.views.documented import routes

urlpatterns = [
    path("", RootView.as_view(names=tuple(listing.name for listing in DATASETS)), name="api-root"),
    path("revision/", RevisionView.as_view(), name="api-revision"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", APIGuide.as_view(), name="api-docs"),
    path("docs/<slug:name>/", CollectionGuide.as_view(), name="api-docs-collection"),
    *(route for listing in DATASETS for route in routes(listing)),
]
