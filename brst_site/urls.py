from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from brst_site import release_views, sitemaps, stale, style, views
from content.views.cards import card

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", views.to_language, name="root"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("service-worker.js", views.service_worker, name="service-worker"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_contact, name="security-contact"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": sitemaps.SITEMAPS}, name="sitemap"),
    path("data/catalogue.<str:ending>", views.CatalogueView.as_view(), name="catalogue"),
    path("data/snapshots/", release_views.ReleaseList.as_view(), name="releases"),
    path("data/snapshots/<str:name>/", release_views.ReleaseFileView.as_view(), name="release"),
    path("data/snapshots/<str:name>/<str:path>", release_views.ReleaseFileView.as_view(), name="release-file"),
    path("api/v1/", include("brst_site.api")),
    path("admin/stale/", admin.site.admin_view(stale.staff_page), name="stale-staff"),
    path("admin/style/", admin.site.admin_view(style.page), name="style"),
    path("admin/style/parts.css", admin.site.admin_view(style.sheet), name="style-sheet"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", views.HomePage.as_view(has_card=True), name="home"),
        # What is on and what comes next stands in it.
        card("", views.HomePage, "home", fresh_minutes=views.HomePage.fresh_minutes),
        path("manifest.webmanifest", views.ManifestView.as_view(), name="manifest"),
        path("search/", views.SearchPage.as_view(), name="search"),
        path("data/", views.DataPage.as_view(), name="data"),
        path("data/stale/", views.StalePage.as_view(), name="stale"),
        path("data/snapshots/<str:name>/", release_views.ReleasePage.as_view(), name="release-page"),
        path("", include("content.urls")),
        path("", include("conference.urls")),
        path("", include("cooperation.urls")),
    ),
]
