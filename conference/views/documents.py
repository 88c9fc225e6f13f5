import re

from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from conference.listings import DOCUMENTS
from conference.presentation import records
from conference.views.base import RecordPage, crumb, here_is, top
from content.models import DocumentFile
from content.views.pages import PublicPage, find

# What is held in memory for one answer; who wants more asks again.
LARGEST_PART = 8 * 1024 * 1024


class DocumentPage(RecordPage):
    listing = DOCUMENTS
    record_name = "document"
    template_name = "conference/document.html"

    def breadcrumbs(self):
        edition = records.edition_of(self.record)
        above = [crumb(edition), documents_of(edition)] if edition else []
        return [top(), *above, here_is(self.record, "title")]

    def get_context_data(self, **kwargs):
        files = [records.file_words(file) for file in self.record.files.all()]
        return super().get_context_data(**kwargs) | {
            "facts": records.document_facts(self.record),
            "files": files,
            "original_is_unknown": bool(files) and not any(file["original"] for file in files),
        }


def documents_of(edition) -> dict:
    return {"label": _("Documents"), "url": reverse("edition-documents", args=[edition.slug])}


class DocumentFileView(PublicPage):
    """The file itself, as a download: it never runs in the portal's origin, and before its time it is not there.

    Its ETag is its checksum. Nobody may keep it without asking again, since it may be taken back.
    """

    def get(self, request, *args, **kwargs):
        document = find(DOCUMENTS, self.kwargs["slug"])
        file = next((one for one in document.files.all() if one.language == self.kwargs["language"]), None)
        if file is None or not file.file.storage.exists(file.file.name):
            raise Http404
        response = download(request, file)
        # Whatever was uploaded, a browser that opens it all the same runs none of it.
        response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
        response["X-Content-Type-Options"] = "nosniff"
        response["Accept-Ranges"] = "bytes"
        response["ETag"] = f'"{file.sha256}"'
        return response


def download(request, file: DocumentFile) -> HttpResponseBase:
    """The whole file, or the part of it that was asked for, or nothing where the caller has it already."""
    if file.sha256 in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified()
    content, size = file.file.open(), file.file.size
    wanted = part_asked(request, file, size)
    if wanted is None:
        return FileResponse(content, as_attachment=True, filename=file.download_name, content_type=file.media_type)
    if wanted.start >= size:
        content.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    content.seek(wanted.start)
    response = HttpResponse(content.read(len(wanted)), status=206, content_type=file.media_type)
    content.close()
    response["Content-Disposition"] = content_disposition_header(True, file.download_name)
    response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    return response


def part_asked(request, file: DocumentFile, size: int) -> range | None:
    """The bytes that are missing where a download broke off; None for the whole file.

    A list of several parts, or a part of what the file was before, is answered with all of it, as RFC 9110 allows.
    """
    asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""))
    if request.method != "GET" or not asked or not any(asked.groups()):
        return None
    if file.sha256 not in request.headers.get("If-Range", file.sha256):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(size - int(last), 0), size) if int(last) else range(size, size)
    stop = min(int(last) + 1, size) if last else size
    return None if last and int(last) < int(first) else range(int(first), min(stop, int(first) + LARGEST_PART))
