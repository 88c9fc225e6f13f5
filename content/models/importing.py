from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """A file that was read into the portal, with its account; what it wrote stands in its `rows`. Staff alone see it.

    A run that wrote nothing leaves none behind.
    """

    # Nothing of it is ever public, so it bumps no revision.
    revision_condition = "false"

    file = models.CharField(_("file"), max_length=300, editable=False)
    format = models.CharField(_("format"), max_length=30, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    created = models.PositiveIntegerField(_("created"), default=0, editable=False)
    changed = models.PositiveIntegerField(_("changed"), default=0, editable=False)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0, editable=False)
    refused = models.PositiveIntegerField(_("refused"), default=0, editable=False)
    warnings = models.PositiveIntegerField(_("warnings"), default=0, editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.file


class ImportedRow(models.Model):
    """A row that an import wrote, before and after, as the database holds it (content/journal.py).

    One that it made has no `before`, one that it deleted no `after`.
    """

    revision_condition = "false"

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", editable=False)
    model = models.CharField(_("kind of record"), max_length=100, editable=False)
    row = models.BigIntegerField(_("row"), editable=False)
    before = models.JSONField(_("before"), null=True, editable=False)
    after = models.JSONField(_("after"), null=True, editable=False)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(name="importedrow_once", fields=["imported", "model", "row"])]
        indexes = [models.Index(name="importedrow_row", fields=["model", "row"])]

    def __str__(self):
        return f"{self.model} {self.row}"
