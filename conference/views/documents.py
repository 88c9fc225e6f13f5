from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.listings import DOCUMENTS
from conference.presentation import cards, records
from conference.views.base import RecordPage, crumb, here_is, top
from content.views.files import StoredFile, download
from content.views.pages import PublicPage, find


class DocumentPage(RecordPage):
    listing = DOCUMENTS
    record_name = "document"
    template_name = "conference/document.html"
    schema_type = "DigitalDocument"

    def breadcrumbs(self):
        edition = records.edition_of(self.record)
        above = [crumb(edition), documents_of(edition)] if edition else []
        return [top(), *above, here_is(self.record, "title")]

    def card(self):
        return cards.document_card(self.record)

    def schema_facts(self):
        files = self.record.files.all()
        return {
            "inLanguage": [file.language for file in files],
            "encodingFormat": list(dict.fromkeys(file.media_type for file in files)),
        }

    def get_context_data(self, **kwargs):
        by_language = records.files_by_language(self.record)
        files = [file for language in by_language for file in language["files"]]
        return super().get_context_data(**kwargs) | {
            "facts": records.document_facts(self.record),
            "by_language": by_language,
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
        stored = StoredFile(file.download_name, file.media_type, file.file.size, file.sha256, file.file.open)
        return download(request, stored)
