from django import forms
from django.contrib import admin, messages
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


class LanguageFileForm(forms.ModelForm):
    def _get_validation_exclusions(self):
        # Which file is the original is a matter of all rows together: one form would refuse what another gives up.
        return super()._get_validation_exclusions() | {"original"}


class LanguageFileRows(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms and hasattr(form, "cleaned_data")]
        originals = [form for form in kept if form.cleaned_data.get("original")]
        if len(originals) > 1:
            for form in originals:
                form.add_error("original", _("A document has one original: mark one of its files, no more."))


class LanguageFiles(Rows):
    model = DocumentFile
    form = LanguageFileForm
    formset = LanguageFileRows
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

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        files = form.instance.files
        if files.exists() and not files.filter(original=True).exists():
            text = _("None of the files is marked as the original; the page says that nobody has recorded it.")
            messages.warning(request, text)
