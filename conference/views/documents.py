from django.http import FileResponse, Http404

from conference.listings import DOCUMENTS
from content.views.pages import DetailPage, find


class DocumentPage(DetailPage):
    listing = DOCUMENTS
    record_name = "document"
    template_name = "conference/document.html"


class DocumentFileView(DetailPage):
    """The file itself, as a download: it never runs in the portal's origin, and before its time it is not there."""

    listing = DOCUMENTS

    def get(self, request, *args, **kwargs):
        document = find(DOCUMENTS, self.kwargs["slug"])
        file = next((one for one in document.files.all() if one.language == self.kwargs["language"]), None)
        if file is None:
            raise Http404
        return FileResponse(file.file.open(), as_attachment=True, content_type=file.media_type)
