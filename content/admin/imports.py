"""What was imported, by whom and when; each import can be undone as a whole."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content import journal
from content.admin.base import ReadOnlyAdmin
from content.admin.merging import number
from content.admin.refusals import refusal
from content.models import Import


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    change_form_template = "admin/content/import/change_form.html"
    list_display = [
        "file", "format", "by", "at", "created", "changed", "unchanged", "refused", "warnings", "undone_at",
    ]  # fmt: skip
    list_filter = ["format"]
    list_select_related = ["by", "undone_by"]
    search_fields = ["file"]
    fields = [
        "file",
        "format",
        ("by", "at"),
        ("created", "changed", "unchanged", "refused", "warnings"),
        ("undone_by", "undone_at"),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(self.undo)
        return [path("<path:object_id>/undo/", view, name="content_import_undo"), *super().get_urls()]

    def has_delete_permission(self, request, obj=None):
        """With it would go the way back."""
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        made = self.get_object(request, object_id)
        written = journal.models_of(made) if made else {}
        context = {
            "written": [
                (capfirst(str(model._meta.verbose_name_plural)), *counts) for model, counts in written.items()
            ],
            "may_undo": bool(made) and not made.undone_at and self.may(request, written),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def may(self, request, written) -> bool:
        """Who undoes an import deletes what it made, and changes back or makes again the rest."""
        needed = {
            f"{model._meta.app_label}.{right}_{model._meta.model_name}"
            for model, counts in written.items()
            if not model._meta.auto_created
            for right, count in zip(("delete", "change", "add"), counts, strict=True)
            if count
        }
        return self.has_view_permission(request) and request.user.has_perms(needed)

    def undo(self, request, object_id):
        made = get_object_or_404(Import, pk=number(object_id))
        back = HttpResponseRedirect(reverse("admin:content_import_change", args=[made.pk]))
        if not self.may(request, journal.models_of(made)):
            raise PermissionDenied
        if request.method != "POST":
            return back
        try:
            gone = journal.undo(made, request.user)
        except (journal.UndoError, IntegrityError) as error:
            messages.error(request, refusal(error) if isinstance(error, IntegrityError) else str(error))
            return back
        LogEntry.objects.log_actions(request.user.pk, [made], CHANGE, _("Undone."))
        messages.success(request, _("The import of “%s” is undone: all is as it was before.") % made.file)
        if gone:
            text = ngettext(
                "%(count)d row that it had made was deleted before that.",
                "%(count)d rows that it had made were deleted before that.",
                gone,
            )
            messages.warning(request, text % {"count": gone})
        return back
