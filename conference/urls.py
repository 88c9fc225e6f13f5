from django.urls import path

from conference.views import (
    booklets,
    comparison,
    countries,
    documents,
    editions,
    mine,
    offline,
    organisations,
    programme,
    rooms,
    versions,
)
from content.views.cards import carded
from content.views.citations import cited

EDITION = "conference/<slug:edition>"

urlpatterns = [
    path("conference/", editions.EditionList.as_view(), name="editions"),
    *carded("conference/<slug:slug>/", editions.EditionPage, "edition"),
    path(f"{EDITION}/practical/", editions.PracticalPage.as_view(), name="practical"),
    path(f"{EDITION}/programme/", programme.ProgrammePage.as_view(), name="programme"),
    path(f"{EDITION}/now/", programme.NowPage.as_view(), name="now"),
    path(f"{EDITION}/print/", booklets.PrintPage.as_view(), name="print"),
    path(f"{EDITION}/print/<slug:booklet>-<slug:paper>.pdf", booklets.BookletView.as_view(), name="booklet"),
    path(f"{EDITION}/my/", mine.MyPage.as_view(), name="my"),
    path(f"{EDITION}/offline/", offline.OfflinePage.as_view(), name="offline"),
    path(f"{EDITION}/rooms/", rooms.RoomList.as_view(), name="rooms"),
    path(f"{EDITION}/rooms/<slug:slug>/", rooms.RoomPage.as_view(), name="room"),
    path(f"{EDITION}/rooms/<slug:venue>/<slug:slug>/", rooms.RoomPage.as_view(), name="venue-room"),
    *cited(f"{EDITION}/sessions/<slug:slug>/", programme.SessionPage, "session"),
    path(f"{EDITION}/versions/", versions.VersionList.as_view(), name="versions"),
    path(f"{EDITION}/versions/atom.xml", versions.VersionFeed.as_view(), name="versions-atom"),
    path(f"{EDITION}/versions/<int:number>/", versions.VersionPage.as_view(), name="version"),
    path(f"{EDITION}/speakers/", editions.SpeakerList.as_view(), name="speakers"),
    *carded(f"{EDITION}/speakers/<slug:slug>/", editions.SpeakerPage, "speaker"),
    path(f"{EDITION}/countries/", editions.EditionCountries.as_view(), name="edition-countries"),
    path(f"{EDITION}/statistics/", editions.StatisticsPage.as_view(), name="statistics"),
    path(f"{EDITION}/documents/", editions.EditionDocuments.as_view(), name="edition-documents"),
    path("countries/", countries.CountryList.as_view(), name="countries"),
    path("countries/compare/", comparison.CountryComparison.as_view(), name="compare-countries"),
    *carded("countries/<slug:slug>/", countries.CountryPage, "country"),
    path("organisations/", organisations.OrganisationList.as_view(), name="organisations"),
    *carded("organisations/<slug:slug>/", organisations.OrganisationPage, "organisation"),
    *cited("documents/<slug:slug>/", documents.DocumentPage, "document"),
    path("documents/<slug:slug>/<str:language>/", documents.DocumentFileView.as_view(), name="document-file"),
]
