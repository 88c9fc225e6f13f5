from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Pair(models.Model):
    """Two records of one model, which a label such as `conference.person` names. Staff alone see it."""

    # Nothing of it is ever public, so it bumps no revision.
    revision_condition = "false"

    model = models.CharField(_("kind of record"), max_length=100, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Merge(Pair):
    """One record that was found to be another one: what was moved and given up, so that it can be undone.

    `journal` lists each row that was written, in the order of writing (content/merging.py).
    """

    kept = models.BigIntegerField(_("record kept"), editable=False)
    removed = models.BigIntegerField(_("record given up"), editable=False)
    kept_name = models.CharField(_("kept"), max_length=400, editable=False)
    removed_name = models.CharField(_("given up"), max_length=400, editable=False)
    # The last part of the address that the record given up had, which leads to the one kept from now on.
    removed_slug = models.CharField(_("slug given up"), max_length=100, blank=True, editable=False)
    journal = models.JSONField(editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at", "-id"]
        indexes = [models.Index(name="merge_kept", fields=["model", "kept"])]

    def __str__(self):
        return f"{self.removed_name} → {self.kept_name}"


class Distinction(Pair):
    """Two records that look alike and are not the same: they are not offered for merging again."""

    first = models.BigIntegerField(editable=False)
    second = models.BigIntegerField(editable=False)

    class Meta:
        verbose_name = _("distinction")
        verbose_name_plural = _("distinctions")
        constraints = [
            models.UniqueConstraint(name="distinction_once", fields=["model", "first", "second"]),
            models.CheckConstraint(name="distinction_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self):
        return f"{self.model}: {self.first} ≠ {self.second}"
