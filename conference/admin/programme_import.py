"""The programme of an edition from a file, as the command `import_schedule` reads it."""

import re
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from conference.imports.file_import import import_file
from conference.models import Edition
from content.admin.importing import ImportPage, Upload, UploadForm
from content.fields import SLUG_PATTERN
from content.imports.account import Account

NEEDED = ("conference.add_session", "conference.change_session", "conference.add_person", "conference.change_person")


class ProgrammeForm(UploadForm):
    draft = forms.BooleanField(
        label=_("Publish nothing yet"),
        required=False,
        help_text=_("New sessions are drafts, and times and rooms wait in the draft of the schedule."),
    )


class NewEditionForm(ProgrammeForm):
    slug = forms.CharField(
        label=_("Slug of the new edition"),
        max_length=100,
        help_text=_("The last part of the address, the same in all languages: small letters, digits and hyphens."),
    )
    field_order = ["file", "slug", "draft"]

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if not re.fullmatch(SLUG_PATTERN, slug):
            raise forms.ValidationError(_("A slug has small letters, digits and single hyphens only."))
        if Edition.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("There is an edition of this slug: import the file on its page."))
        return slug


class ProgrammeImport(ImportPage):
    """Into the edition of the page."""

    title = _("Import a programme")
    lede = _(
        "A file in the format schedule.xml, schedule.json, iCalendar, CSV or XLSX. First you see, line by line, what"
        " it would create, change and refuse."
    )
    form_class: type[UploadForm] = ProgrammeForm

    def target(self, request, object_id):
        edition = self.model_admin.get_object(request, object_id)
        if edition is None:
            raise Http404
        return edition

    def may(self, request, target) -> bool:
        return super().may(request, target) and request.user.has_perms(NEEDED)

    def run(self, target, upload: Upload, *, dry_run: bool) -> Account:
        with upload.path.open("rb") as stream:
            return import_file(stream, upload.name, target.slug, draft=upload.options["draft"], dry_run=dry_run)


class NewEditionImport(ProgrammeImport):
    """Into an edition that the file makes."""

    title = _("Import a programme as a new edition")
    form_class = NewEditionForm

    def target(self, request, object_id) -> Any:
        return None

    def may(self, request, target) -> bool:
        return self.model_admin.has_add_permission(request) and request.user.has_perms(NEEDED)

    def run(self, target, upload: Upload, *, dry_run: bool) -> Account:
        draft, slug = upload.options["draft"], upload.options["slug"]
        with upload.path.open("rb") as stream:
            return import_file(stream, upload.name, slug, draft=draft, dry_run=dry_run)

    def after(self, target) -> str:
        return self.model_admin_url("changelist")
