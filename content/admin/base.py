"""What the pages of all records have in common. The admin of a model lists options, and no more."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.forms.models import _get_foreign_key
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content import languages
from content.admin.forms import (
    LanguageTagsField,
    LinesField,
    RecordForm,
    SlugForm,
    StaffForm,
    StoredListField,
    StoredTextField,
    TranslatedForm,
    language_choices,
)
from content.admin.languages import dress, in_every_language, search_paths
from content.admin.refusals import refusal
from content.admin.versions import links
from content.choices import PublicationState
from content.fields import HTMLField, LanguageTagField, OtherNamesField, PartialDateField
from content.models.base import Sorted
from content.publication import window

HELP = {
    PartialDateField: _("As precisely as it is known: 2023, 2023-11 or 2023-11-06."),
    LanguageTagField: _("A language tag: en, zh-Hans, fr, es, ru, ar, pt-BR…"),
    HTMLField: _("HTML: paragraphs, headings, lists, tables, links. Scripts and styles are taken out."),
}
ROWS = {HTMLField: 12, models.TextField: 4}


def of_class(mapping, db_field):
    return next((value for kind, value in mapping.items() if isinstance(db_field, kind)), None)


class Fields:
    """How the fields of records look in forms, whole pages and parts of them alike."""

    # The lists of a model that may be known to be empty, by their name in the API.
    lists: dict[str, str] = {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "recorded_none":
            return self.list_field(db_field, list(self.lists.items()))
        if db_field.name == "unreviewed_languages":
            return self.list_field(db_field, language_choices())
        kwargs |= self.field_options(db_field)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        dress(field, db_field)
        field.help_text = field.help_text or of_class(HELP, db_field) or ""
        if rows := of_class(ROWS, db_field):
            field.widget.attrs["rows"] = rows
        return field

    def field_options(self, db_field) -> dict:
        if isinstance(db_field, models.TextField):
            return {"form_class": StoredTextField}
        if isinstance(db_field, OtherNamesField):
            return {"form_class": LinesField}
        if isinstance(db_field, ArrayField):
            return {"form_class": LanguageTagsField}
        if isinstance(db_field, models.URLField):
            return {"assume_scheme": "https"}
        return {}

    def list_field(self, db_field, choices):
        return StoredListField(
            choices=choices, required=False, label=db_field.verbose_name.capitalize(), help_text=db_field.help_text
        )

    def get_field_queryset(self, db, db_field, request):
        """The rows to choose from, with all that their names are made of."""
        target = db_field.remote_field.model
        if self.admin_site.is_registered(target):
            related = self.admin_site.get_model_admin(target)
            return related.get_queryset(request).order_by(*related.get_ordering(request) or target._meta.ordering)
        return super().get_field_queryset(db, db_field, request)

    def plain_fieldsets(self, request, obj=None):
        """The fieldsets with a translated text as one field."""
        return super().get_fieldsets(request, obj)

    def get_fieldsets(self, request, obj=None):
        return [
            (heading, {**options, "fields": tuple(in_every_language(self.model, options["fields"]))})
            for heading, options in self.plain_fieldsets(request, obj)
        ]


class Part(Fields):
    """Rows that belong to the record of the page."""

    extra = 0
    view_on_site = False
    form = TranslatedForm

    def get_extra(self, request, obj=None, **kwargs):
        """One empty row where there is none yet, so that it can be filled in without a script."""
        return self.extra if obj else max(self.extra, 1)


class Rows(Part, admin.TabularInline):
    """A table, for parts without translated texts."""


class Blocks(Part, admin.StackedInline):
    """A block each, for parts with texts in six languages."""


class RecordBlocks(Blocks):
    """Parts that are published by themselves."""

    form = SlugForm
    show_change_link = True


class PortalChangeList(ChangeList):
    def get_queryset(self, request, *args, **kwargs):
        return super().get_queryset(request, *args, **kwargs).prefetch_related(*self.model_admin.list_prefetch)

    def get_ordering_field(self, field_name):
        """Names stand in the order of the reader's language."""
        if issubclass(self.model, Sorted) and field_name == self.model.sort_field:
            return languages.column("sort", languages.current())
        return super().get_ordering_field(field_name)


class PortalAdmin(Fields, admin.ModelAdmin):
    form = StaffForm
    list_per_page = 50
    list_prefetch: tuple = ()

    class Media:
        css = {"all": ["admin_portal/admin.css"]}
        js = ["admin_portal/language_tabs.js"]

    def get_changelist(self, request, **kwargs):
        return PortalChangeList

    def get_queryset(self, request):
        """Also where a name is looked up to be chosen, its parts are read at once."""
        rows = super().get_queryset(request)
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows

    def get_search_fields(self, request):
        return [path for name in self.search_fields for path in search_paths(self.model, name)]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            heading, options = fieldsets[0]
            fieldsets[0] = (heading, {**options, "fields": (*options["fields"], "loaded")})
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", "")
        form.parts = (*links(self.model), *self.part_tables(request, obj))
        return form

    def part_tables(self, request, obj):
        for inline in self.get_inline_instances(request, obj):
            yield inline.model, _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name).name

    def get_object(self, request, object_id, from_field=None):
        """Whoever saves holds the row, so that of two at once the second sees what the first has done.

        Pages that answer a POST outside a transaction, such as the upload of a file to import, only look at it.
        """
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and connection.in_atomic_block:
            self.model._base_manager.select_for_update().filter(pk=record.pk).values_list("pk").first()
        return record

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the database alone can find out is an error in the form, as any other."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            request.refused = refusal(error)
        for file in request.FILES.values():
            file.seek(0)
        return super().changeform_view(request, object_id, form_url, extra_context)


class ReadOnlyAdmin(PortalAdmin):
    """What the portal keeps itself. It is looked at, and goes only with the record that it belongs to."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        return {}

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "show_delete": False})

    def delete_view(self, request, object_id, extra_context=None):
        raise PermissionDenied


class SlugAdmin(PortalAdmin):
    """A page of something with a slug, which a script makes from the English name while it is typed."""

    def get_prepopulated_fields(self, request, obj=None):
        if obj or "slug" not in flatten_fieldsets(self.get_fieldsets(request, obj)):
            return {}
        return {"slug": [languages.column(getattr(self.model, "sort_field", "name"), "en")]}


@admin.display(description=_("state"), ordering="state")
def state_mark(record):
    return format_html(
        '<span class="portal-state portal-state-{}">{}</span>', record.state, record.get_state_display()
    )


@admin.display(description=_("sample"), ordering="sample", empty_value="")
def sample_mark(record):
    return format_html('<span class="portal-sample">{}</span>', _g("sample")) if record.sample else ""


class RecordAdmin(SlugAdmin):
    """The page of something that is published."""

    form = RecordForm
    actions = ["publish", "archive"]
    # What a record rests on; a claim has its source instead.
    provenance: tuple[str, ...] = ("sources", "statements")

    def get_list_display(self, request):
        return [*self.list_display, state_mark, sample_mark]

    def get_list_filter(self, request):
        return ["state", *self.list_filter, "sample"]

    def get_autocomplete_fields(self, request):
        return [*self.autocomplete_fields, *self.provenance]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "first_public_at", "modified", "uuid"]

    def plain_fieldsets(self, request, obj=None):
        lists = ["recorded_none"] if self.lists else []
        rests_on = [*self.provenance, "verified_on", "unreviewed_languages", *lists]
        fieldsets = [
            *super().plain_fieldsets(request, obj),
            (_("Publication"), {"fields": ["state", ("publish_at", "expire_at"), "withdrawal_reason", "sample"]}),
            (_("What this rests on"), {"fields": rests_on}),
        ]
        if obj:
            kept = {"fields": ["first_public_at", "modified", "uuid"], "classes": ["collapse"]}
            fieldsets.append((_("Kept by the portal"), kept))
        return fieldsets

    def view_on_site(self, record):
        """Nothing is promised of a page that the public does not have."""
        address = getattr(record, "get_absolute_url", None)
        return address() if address and is_public(record) else None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record = form.instance
        if record.state == PublicationState.PUBLISHED and not is_public(record):
            self.message_user(request, why_hidden(record), messages.WARNING)

    @admin.action(description=_("Publish the chosen records"), permissions=["change"])
    def publish(self, request, queryset):
        count = self.move(request, queryset, PublicationState.PUBLISHED)
        text = ngettext("%(count)d record is published.", "%(count)d records are published.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
        if waiting := count - self.model._default_manager.published().filter(pk__in=queryset.values("pk")).count():
            text = ngettext(
                "%(count)d of them is not public yet: its time has not come or is over, or what it belongs to is not"
                " public.",
                "%(count)d of them are not public yet: their time has not come or is over, or what they belong to is"
                " not public.",
                waiting,
            )
            self.message_user(request, text % {"count": waiting}, messages.WARNING)

    @admin.action(description=_("Archive the chosen records"), permissions=["change"])
    def archive(self, request, queryset):
        count = self.move(request, queryset, PublicationState.ARCHIVED)
        text = ngettext("%(count)d record is archived.", "%(count)d records are archived.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    @transaction.atomic
    def move(self, request, queryset, state) -> int:
        """All or none: one record that this person may not change stops the action."""
        records = list(queryset.select_related(None).select_for_update().order_by("pk"))
        if not all(self.has_change_permission(request, record) for record in records):
            raise PermissionDenied
        self.model._default_manager.filter(pk__in=[record.pk for record in records]).update(state=state)
        LogEntry.objects.log_actions(
            request.user.pk, records, CHANGE, [{"changed": {"fields": [str(_("publication state"))]}}]
        )
        return len(records)


def is_public(record) -> bool:
    return type(record)._default_manager.published().filter(pk=record.pk).exists()


def why_hidden(record) -> str:
    rows = type(record)._default_manager
    for path in record.public_with:
        if not rows.filter(window(f"{path}__"), pk=record.pk).exists():
            owner = getattr(record, path)
            return _g("Published, but hidden as long as this is not public: %(kind)s “%(name)s”.") % {
                "kind": owner._meta.verbose_name,
                "name": owner,
            }
    own_reason = getattr(record, "why_hidden", None)
    if own_reason and (reason := own_reason()):
        return _g("Published, but hidden: %(reason)s") % {"reason": reason}
    return _g("Published, but the public does not see it now: look at “publish at” and “expire at”.")
