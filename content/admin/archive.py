"""Archived copies of sources: added on the page of the source, compared with their checksums, never altered."""

from collections import Counter

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from content.admin.base import ReadOnlyAdmin, Rows
from content.choices import CopyState
from content.models import ArchivedCopy


class KeptFile(forms.Widget):
    """A file that is on file already: a link for staff, and nothing to send."""

    def __init__(self, copy):
        super().__init__()
        self.copy = copy

    def render(self, name, value, attrs=None, renderer=None):
        return link_to(self.copy)

    def value_omitted_from_data(self, data, files, name):
        return True


def link_to(copy) -> str:
    address = reverse("admin:content_archivedcopy_file", args=[copy.pk])
    return format_html('<a href="{}">{}</a>', address, copy.name)


class CopyForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "file" in self.fields:
            self.fields["file"].widget = KeptFile(self.instance)
            for name in ("file", "archived_on"):
                self.fields[name].disabled = True


class CopiesOfSource(Rows):
    model = ArchivedCopy
    form = CopyForm
    fields = ["file", "address", "archived_on", "size_shown", "sha256", "by"]
    readonly_fields = ["download", "size_shown", "sha256", "by"]
    can_delete = False
    verbose_name_plural = _("archived copies, for staff alone")

    def get_fields(self, request, obj=None):
        """Who may only look gets the link alone."""
        fields = super().get_fields(request, obj)
        return fields if self.has_change_permission(request, obj) else ["download", *fields[1:]]

    @admin.display(description=_("file"))
    def download(self, copy):
        return link_to(copy) if copy.pk else None

    @admin.display(description=_("size"))
    def size_shown(self, copy):
        return filesizeformat(copy.size) if copy.pk else None


@admin.register(ArchivedCopy)
class ArchivedCopyAdmin(ReadOnlyAdmin):
    list_display = ["name", "source", "size_shown", "archived_on", "by"]
    list_select_related = ["source", "by"]
    list_filter = ["archived_on"]
    search_fields = ["name", "sha256", "source__title", "source__slug"]
    date_hierarchy = "archived_on"
    actions = ["compare"]
    fields = ["source", "download", "media_type", "size_shown", "sha256", "address", "archived_on", "by"]
    readonly_fields = fields

    def get_actions(self, request):
        # Of a page that is only looked at, Django takes away the deletion alone.
        actions = super(ReadOnlyAdmin, self).get_actions(request)
        return {name: action for name, action in actions.items() if name == "compare"}

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("size"), ordering="size")
    def size_shown(self, copy):
        return filesizeformat(copy.size)

    @admin.display(description=_("file"))
    def download(self, copy):
        return link_to(copy)

    @admin.action(description=_("Compare the chosen copies with their checksums"), permissions=["view"])
    def compare(self, request, queryset):
        """Reads every chosen file from its first byte to its last."""
        states = Counter()
        for copy in queryset.select_related("source"):
            state = copy.state_now()
            states[state] += 1
            if state != CopyState.INTACT:
                words = {"source": copy.source, "copy": copy, "state": CopyState(state).label}
                self.message_user(request, _g("%(source)s, %(copy)s: %(state)s") % words, messages.ERROR)
        if intact := states[CopyState.INTACT]:
            self.message_user(request, _g("Copies that match their checksum: %(count)d.") % {"count": intact})

    def get_urls(self):
        view = self.admin_site.admin_view(self.file)
        return [path("<int:pk>/file/", view, name="content_archivedcopy_file"), *super().get_urls()]

    def file(self, request, pk):
        """The copy as a download that runs nothing, whatever it is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        copy = get_object_or_404(ArchivedCopy, pk=pk)
        try:
            content = copy.file.storage.open(copy.file.name)
        except OSError:
            raise Http404 from None
        response = FileResponse(content, as_attachment=True, filename=copy.name, content_type=copy.media_type)
        response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
