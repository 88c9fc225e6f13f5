"""Releases as the public has them: their list, a page for each, and their files at addresses that stay."""

from typing import Any

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import View

from brst_site import releases
from brst_site.datasets import DATASETS, TITLES
from content.models import Release
from content.presentation import partial_date_text
from content.problems import problem
from content.serializers import absolute, instant
from content.views.files import StoredFile, download
from content.views.pages import PublicPage

KINDS = ("added", "changed", "removed")


def address_of(release: Release, path: str = "") -> str:
    return reverse("release-file", args=[release.name, path]) if path else reverse("release", args=[release.name])


def summary(release: Release) -> dict[str, Any]:
    """What a list says of a release."""
    changes = (release.changes or {}).values()
    return {
        "release": release,
        "listed_on": partial_date_text(release.listed_at.date().isoformat()),
        "records": sum(release.manifest["counts"].values()),
        "files": len(release.manifest["resources"]) + 2,
        "size": sum(resource["bytes"] for resource in release.manifest["resources"]),
        "is_first": release.changes is None,
        "changes": {kind: sum(change[kind] for change in changes) for kind in KINDS},
    }


class ReleasePage(PublicPage):
    """What is in a release, what has changed since the one before, and each file with its checksum."""

    template_name = "release.html"

    def get(self, request, *args, **kwargs):
        self.release = found(self.kwargs["name"])
        if self.release.withdrawn_at:
            return render(request, "410.html", {"reason": self.release.withdrawal_reason}, status=410)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        changes = self.release.changes or {}
        files = [
            {"path": name, "url": address_of(self.release, name)} for name in (releases.MANIFEST, releases.CHECKSUMS)
        ]
        return super().get_context_data(**kwargs) | {
            "summary": summary(self.release),
            "collections": [
                {
                    "title": TITLES[listing.name],
                    "count": self.release.manifest["counts"].get(listing.name),
                    "change": changes.get(listing.name),
                    "files": [
                        file | {"url": address_of(self.release, file["path"]), "checksum": checksum_of(file)}
                        for file in self.release.manifest["resources"]
                        if file.get("collection") == listing.name
                    ],
                }
                for listing in DATASETS
            ],
            "manifests": files,
            "catalogues": [
                file | {"url": address_of(self.release, file["path"]), "checksum": checksum_of(file)}
                for file in self.release.manifest["resources"]
                if not file.get("collection")
            ],
        }

    def breadcrumbs(self):
        return [{"label": _("Open data"), "url": reverse("data")}, {"label": self.release.name}]


def checksum_of(file: dict) -> str:
    return file["hash"].partition(":")[2]


def found(name: str) -> Release:
    # PostgreSQL takes no NUL.
    release = None if "\0" in name else Release.objects.filter(name=name).first()
    if release is None:
        raise Http404
    return release


class ReleaseList(View):
    """Every release for machines, the newest first; of one that was withdrawn, when and why."""

    http_method_names = ["get", "head", "options"]
    parameters = ()

    def get(self, request):
        listed = [self.told(release) for release in Release.objects.all()]
        response = JsonResponse({"count": len(listed), "results": listed}, json_dumps_params={"ensure_ascii": False})
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def told(self, release: Release) -> dict[str, Any]:
        if release.withdrawn_at:
            return {
                "name": release.name,
                "listed_at": instant(release.listed_at),
                "withdrawn_at": instant(release.withdrawn_at),
                "reason": release.withdrawal_reason,
            }
        with override("en"):
            page = reverse("release-page", args=[release.name])
        return {
            "name": release.name,
            "listed_at": instant(release.listed_at),
            "revision": release.revision,
            "url": absolute(page),
            "manifest": absolute(address_of(release, releases.MANIFEST)),
            "counts": release.manifest["counts"],
            "changes": release.changes,
        }


class ReleaseFileView(View):
    """A file of a release; without a path, its manifest. It never changes, but may be taken back."""

    http_method_names = ["get", "head", "options"]
    parameters = ()

    def get(self, request, name, path=releases.MANIFEST):
        release = found(name)
        if release.withdrawn_at:
            return problem(410, _("Gone"), release.withdrawal_reason)
        stored = stored_file(release, path)
        unchanged = get_conditional_response(
            request, etag=f'"{stored.checksum}"', last_modified=int(release.listed_at.timestamp())
        )
        response = unchanged if unchanged is not None and unchanged.status_code == 304 else download(request, stored)
        response["Last-Modified"] = http_date(release.listed_at.timestamp())
        response["Access-Control-Allow-Origin"] = "*"
        response["Link"] = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
        patch_cache_control(response, public=True, no_cache=True)
        response.is_stored = True
        return response


def stored_file(release: Release, path: str) -> StoredFile:
    """Only what the manifest names has an address. Raises Http404."""
    file = releases.folder_of(release.name) / path
    for resource in release.manifest["resources"]:
        if resource["path"] == path:
            return opened(file, resource["mediatype"], checksum_of(resource))
    if path in (releases.MANIFEST, releases.CHECKSUMS):
        text_type = "application/json" if path == releases.MANIFEST else "text/plain; charset=utf-8"
        return opened(file, text_type, release.checksums[path])
    raise Http404


def opened(file, media_type: str, checksum: str) -> StoredFile:
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        raise Http404 from None
    return StoredFile(file.name, media_type, size, checksum, lambda: file.open("rb"))
