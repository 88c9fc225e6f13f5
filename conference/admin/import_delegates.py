"""A list of participants, uploaded at its edition: columns with samples, a preview line by line, then the import."""

from django import forms
from django.db import DatabaseError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.imports.delegate_account import fill
from conference.imports.delegate_apply import import_delegates
from conference.imports.delegate_columns import FIELDS, guess, is_head
from conference.models import Edition
from content.admin.importing import ImportPage, UploadForm
from content.imports.account import Account
from content.imports.columns import TOGETHER, ColumnError, NothingMeant
from content.imports.table import Table, TableError, read_table

LABELS = {
    "delegation": gettext_lazy("Delegation"),
    "code": gettext_lazy("Country code"),
    "category": gettext_lazy("Category"),
    "honorific": gettext_lazy("Honorific"),
    "name": gettext_lazy("Name"),
    "title": gettext_lazy("Title or function"),
    "affiliation": gettext_lazy("Affiliation"),
}


class DelegatesForm(UploadForm):
    null = forms.CharField(
        label=gettext_lazy("Texts that mean nothing"),
        required=False,
        help_text=gettext_lazy(
            "Separated by commas: NA, NULL. Where “NA” is the code of Namibia beside its name, it stays so."
        ),
    )
    draft = forms.BooleanField(
        label=gettext_lazy("Publish nothing"),
        required=False,
        help_text=gettext_lazy(
            "Delegations come in as drafts. Persons are in any case not shown before consent is recorded."
        ),
    )


class ColumnsForm(forms.Form):
    """One choice a field, and a condition on the rows; the samples of each column stand in its choice."""

    where_column = forms.ChoiceField(label=gettext_lazy("Only rows with, in the column"), required=False)
    where_value = forms.CharField(
        label=gettext_lazy("this value"),
        required=False,
        help_text=gettext_lazy("For lists of several meetings: COP 15. Several values are separated by semicolons."),
    )

    def __init__(self, table: Table, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.table = table
        found = guess(table)
        choices = [("", _("– not in this list –")), *((name, self.described(name)) for name in table.columns)]
        for field in reversed(FIELDS):
            options = list(choices)
            chosen = TOGETHER.join(found.get(field, ()))
            if len(found.get(field, ())) > 1:
                options.insert(1, (chosen, chosen.replace(TOGETHER, f" {TOGETHER} ")))
            self.fields[field] = forms.ChoiceField(
                label=LABELS[field], required=False, choices=options, initial=chosen
            )
            self.initial.setdefault(field, chosen)
        self.fields["where_column"].choices = [("", _("– all rows –")), *choices[1:]]
        self.order_fields([*FIELDS, "where_column", "where_value"])

    def described(self, column: str) -> str:
        samples = " · ".join(self.table.samples(column))
        return f"{column}: {samples}"[:120] if samples else column

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("name"):
            self.add_error("name", _("Say which column holds the names of the persons."))
        if not cleaned.get("delegation") and not cleaned.get("code"):
            self.add_error("delegation", _("Say which column holds the delegations, or their codes."))
        if cleaned.get("where_value") and not cleaned.get("where_column"):
            self.add_error("where_column", _("Say in which column this value stands."))
        return cleaned


class DelegatesImport(ImportPage):
    title = gettext_lazy("Import delegates")
    lede = gettext_lazy(
        "A list of participants as CSV, XLSX, XLS or ODS, one person a row. Every row comes in or is listed with its"
        " line and reason, and the same file a second time changes nothing."
    )
    form_class = DelegatesForm

    def target(self, request, object_id):
        return get_object_or_404(Edition, pk=object_id)

    def after(self, target) -> str:
        return reverse("admin:conference_edition_duplicates", args=[target.pk])

    def mapping_form(self, target, upload, data):
        try:
            return ColumnsForm(self.table(upload), data, initial=chosen_before(upload))
        except TableError:
            # The account says so.
            return None

    def table(self, upload) -> Table:
        return read_table(upload.path.read_bytes(), is_head())

    def run(self, target, upload, *, dry_run):
        account = Account("csv", dry_run=dry_run)
        options = upload.options
        try:
            table = self.table(upload)
            account.format = table.format
            plan = import_delegates(
                table,
                target,
                chosen={field: options[field] for field in FIELDS if options.get(field)},
                conditions=conditions(options),
                nulls=[text.strip() for text in options.get("null", "").split(",") if text.strip()],
                draft=options.get("draft", False),
                dry_run=dry_run,
            )
            fill(account, plan, upload.name, entries=True)
        except (TableError, NothingMeant) as error:
            account.give_up(upload.name, error.line, error.reason)
        except ColumnError as error:
            account.give_up(upload.name, 1, str(error))
        except DatabaseError as error:
            account.give_up(upload.name, 1, str(error).strip().partition("\n")[0])
        return account


def conditions(options) -> list[tuple[str, str]]:
    column, values = options.get("where_column"), options.get("where_value", "")
    return [(column, value.strip()) for value in values.split(";")] if column else []


def chosen_before(upload) -> dict:
    return {name: value for name, value in upload.options.items() if name in (*FIELDS, "where_column", "where_value")}
