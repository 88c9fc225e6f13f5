"""Projects from an IATI file: uploaded, shown activity by activity as what it would do, then imported."""

from contextlib import closing

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from content.admin.importing import ImportPage, UploadForm
from cooperation.imports.iati_import import import_files

NEEDED = ("conference.add_organisation", "conference.change_organisation", "cooperation.change_project")


class IatiForm(UploadForm):
    largest_file = 500 * 1024 * 1024

    draft = forms.BooleanField(
        label=_("Publish nothing yet"),
        required=False,
        help_text=_(
            "New projects and organisations come in as drafts, and projects that are public can't be changed."
        ),
    )


class IatiImport(ImportPage):
    title = _("Import projects from IATI")
    lede = _(
        "A file of activities of IATI 2.01, 2.02 or 2.03. First you see, activity by activity, what it would create,"
        " change and refuse. The whole import can be undone later."
    )
    form_class = IatiForm

    def target(self, request, object_id):
        return None

    def may(self, request, target) -> bool:
        return self.model_admin.has_add_permission(request) and request.user.has_perms(NEEDED)

    def run(self, target, upload, *, dry_run):
        file = (upload.name, closing(upload.path.open("rb")))
        return import_files([file], draft=upload.options["draft"], dry_run=dry_run, by=self.user)

    def after(self, target) -> str:
        return reverse("admin:content_import_changelist")
