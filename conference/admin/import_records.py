"""Tables of records, uploaded at their list: columns with samples, a preview line by line, then the import."""

from django import forms
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.imports.tables.collection import Collection
from conference.imports.tables.columns import Choice, Text
from conference.imports.tables.heads import FIXED, guess, is_head
from conference.imports.tables.importing import Options, give_account, import_records
from content import languages
from content.admin.importing import ImportPage, Upload, UploadForm
from content.imports.account import Account
from content.imports.columns import ColumnError
from content.imports.table import Table, TableError, read_table

CONDITION = ("where_column", "where_value")
# A dot can't stand in the name of a field of a form that templates read.
DOT = "__"


class RecordsForm(UploadForm):
    null = forms.CharField(
        label=gettext_lazy("Texts that mean “not recorded”"),
        required=False,
        help_text=gettext_lazy(
            "Separated by commas: NULL, N/A. They take away what is on file; an empty cell leaves it as it is. Among"
            " the codes of countries, NA stays Namibia."
        ),
    )
    draft = forms.BooleanField(
        label=gettext_lazy("Publish nothing"),
        required=False,
        help_text=gettext_lazy("New records come in as drafts, and records that are public can't be changed."),
    )


class ColumnsForm(forms.Form):
    """One choice a field, with samples of each column in it; a field that is a choice may be the same in all rows."""

    where_column = forms.ChoiceField(label=gettext_lazy("Only rows with, in the column"), required=False)
    where_value = forms.CharField(
        label=gettext_lazy("this value"),
        required=False,
        help_text=gettext_lazy("Several values are separated by semicolons."),
    )

    def __init__(self, collection: Collection, table: Table, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.collection = collection
        found = guess(collection, table)
        columns = [(name, described(table, name)) for name in table.columns]
        shown = fields_shown(collection, found)
        for name in shown:
            key = name.replace(".", DOT)
            self.fields[key] = forms.ChoiceField(
                label=self.label_of(name), required=False, choices=self.choices_of(name, columns)
            )
            self.initial.setdefault(key, found.get(name, ""))
        self.fields["where_column"].choices = [("", _("– all rows –")), *columns]
        self.order_fields([*(name.replace(".", DOT) for name in shown), *CONDITION])

    def label_of(self, name: str) -> str:
        own = {"id": _("Identifier (id)"), "slug": _("Slug"), "lang": _("Language of the texts")}
        base, _dot, language = name.partition(".")
        label = own.get(base) or str(self.collection.by_name[base].label)
        return f"{label} ({languages.NATIVE_NAMES[language]})" if language else label

    def choices_of(self, name: str, columns: list[tuple[str, str]]) -> list:
        choices = [("", _("– not in this table –")), *columns]
        column = self.collection.by_name.get(name)
        if isinstance(column, Choice):
            same = [(f"{FIXED}{value}", str(label)) for value, label in column.choices.choices]
            choices.append((_("The same in all rows"), same))
        return choices

    def clean(self):
        cleaned = super().clean()
        known = (self.collection.title, "id", "slug", *self.collection.identifiers)
        if not any(value for name, value in cleaned.items() if name.partition(DOT)[0] in known):
            self.add_error(None, _("Say which column holds the names, or the identifiers, of the records."))
        if cleaned.get("where_value") and not cleaned.get("where_column"):
            self.add_error("where_column", _("Say in which column this value stands."))
        return cleaned


def fields_shown(collection: Collection, found) -> list[str]:
    """Those in one language stand where the table has such a column, behind the text that they are of."""
    names = ["id", "slug", *collection.by_name, "lang"]
    for name, column in collection.by_name.items():
        if isinstance(column, Text):
            place = names.index(name) + 1
            names[place:place] = [f"{name}.{code}" for code in languages.CODES if f"{name}.{code}" in found]
    return names


def described(table: Table, column: str) -> str:
    samples = " · ".join(table.samples(column))
    return f"{column}: {samples}"[:120] if samples else column


class RecordsImport(ImportPage):
    form_class = RecordsForm
    title = gettext_lazy("Import a table")
    lede = gettext_lazy(
        "CSV, XLSX, XLS or ODS, one record a row: a table that this portal wrote, or any other one. Every row comes in"
        " or is listed with its line and reason, the same file a second time changes nothing, and the whole import can"
        " be undone."
    )

    def __init__(self, model_admin, collection: Collection):
        super().__init__(model_admin)
        self.collection = collection

    def target(self, request, object_id):
        return None

    def may(self, request, target) -> bool:
        """Whoever imports makes records and changes them, and may make the organisations that they name."""
        own = self.model_admin
        new = request.user.has_perm("conference.add_organisation")
        return new and own.has_add_permission(request) and own.has_change_permission(request)

    def after(self, target) -> str:
        return self.model_admin_url("changelist")

    def mapping_form(self, target, upload, data):
        chosen = {name: value for name, value in upload.options.items() if name not in RecordsForm.base_fields}
        try:
            return ColumnsForm(self.collection, self.table(upload), data, initial=chosen)
        except TableError:
            # The account says so.
            return None

    def table(self, upload: Upload) -> Table:
        return read_table(upload.path.read_bytes(), is_head(self.collection))

    def run(self, target, upload, *, dry_run):
        account = Account("csv", dry_run=dry_run)
        try:
            give_account(account, upload.name, lambda account: self.read(upload, account))
        except ColumnError as error:
            account.give_up(upload.name, 1, str(error))
        return account

    def read(self, upload: Upload, account: Account) -> None:
        table = self.table(upload)
        account.format = table.format
        given = {name.replace(DOT, "."): value for name, value in upload.options.items() if value}
        options = Options(
            chosen={name: value for name, value in given.items() if name in self.collection.fields},
            conditions=conditions(upload.options),
            nulls=[text.strip() for text in upload.options.get("null", "").split(",") if text.strip()],
            draft=bool(upload.options.get("draft")),
            by=self.user,
        )
        import_records(table, self.collection, account, upload.name, options)


def conditions(options) -> list[tuple[str, str]]:
    column, values = options.get("where_column"), options.get("where_value", "")
    return [(column, value.strip()) for value in values.split(";")] if column else []


class TableImports:
    """For the list of a collection: a page that imports tables into it, and the button that leads there."""

    collection: Collection = None

    def get_urls(self):
        meta = self.model._meta
        view = self.admin_site.admin_view(self.import_table)
        return [
            path("import-table/", view, name=f"{meta.app_label}_{meta.model_name}_import_table"),
            *super().get_urls(),
        ]

    def import_table(self, request):
        return RecordsImport(self, self.collection).view(request)

    def changelist_view(self, request, extra_context=None):
        meta = self.model._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_import_table")
        may = RecordsImport(self, self.collection).may(request, None)
        return super().changelist_view(request, {**(extra_context or {}), "import_table": address if may else ""})
