from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from content.admin.base import RecordAdmin, Rows
from content.models import DocumentFile, Picture


@admin.register(Picture)
class PictureAdmin(RecordAdmin):
    list_display = ["name", "credit", "licence"]
    search_fields = ["name", "alternative_text", "credit", "slug"]
    readonly_fields = ["preview"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "file", "preview", "alternative_text", "credit", "licence"]}),
        (_("What must stay in sight when it is cut"), {"fields": [("focal_x", "focal_y")]}),
    ]

    @admin.display(description=_("preview"))
    def preview(self, picture):
        if not picture.file:
            return None
        return format_html(
            '<img class="portal-preview" src="{}" alt="{}">', picture.file.url, picture.alternative_text
        )


class LanguageFiles(Rows):
    model = DocumentFile
    fields = ["language", "original", "file", "pages", "media_type", "size", "sha256"]
    readonly_fields = ["media_type", "size", "sha256"]


class DocumentAdmin(RecordAdmin):
    """Registered by the conference, which adds where a document belongs."""

    list_display = ["title", "kind", "first_public_at", "verified_on"]
    list_filter = ["kind"]
    date_hierarchy = "first_public_at"
    search_fields = ["title", "summary", "slug"]
    inlines = [LanguageFiles]
    fieldsets = [(None, {"fields": ["title", "slug", "kind", "summary"]})]
