"""What changed with which revision, as triggers note it (see revision.py): the memory of the change feed."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class RevisionEntry(models.Model):
    """A revision and when it was committed. Numbers and instants rise in the order of commits."""

    watched = False

    number = models.PositiveBigIntegerField(primary_key=True)
    change_set = models.BigIntegerField(db_index=True)
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("revision of the site")
        verbose_name_plural = _("revisions of the site")

    def __str__(self):
        return str(self.number)


class Change(models.Model):
    """A record that the public could see was changed, or a part of it, by the transaction of a change set.

    `gate`: it was added or deleted, or when it is public was changed. `via`: the table of the part or link that was
    changed; empty where it is the record itself.
    Of a record that is gone, `uuid` is all that is left.
    """

    watched = False

    change_set = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=63)
    record = models.BigIntegerField()
    uuid = models.UUIDField()
    gate = models.BooleanField()
    via = models.CharField(max_length=63)

    class Meta:
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")
        constraints = [models.UniqueConstraint(name="change_once", fields=["table", "record", "via", "change_set"])]

    def __str__(self):
        return f"{self.table} {self.record}"


class Release(models.Model):
    """A dated copy of everything public, whose files are in the folder of the same name and never change.

    It is no part of the record: listing one moves no revision, but ends whatever is kept of the pages that list it.
    """

    watched = False

    name = models.CharField(_("name"), max_length=20, unique=True)
    listed_at = models.DateTimeField(_("listed at"))
    revision = models.PositiveBigIntegerField(_("revision"))
    manifest = models.JSONField(_("manifest"))
    checksums = models.JSONField(_("checksums of the manifest and of the list of checksums"))
    changes = models.JSONField(_("changes since the release before"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawal_reason = models.CharField(_("reason for the withdrawal"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("release of the data")
        verbose_name_plural = _("releases of the data")
        ordering = [F("listed_at").desc(), "-id"]
        constraints = [
            models.CheckConstraint(
                name="release_withdrawn_with_a_reason",
                condition=models.Q(withdrawn_at=None, withdrawal_reason="")
                | models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawal_reason=""),
            )
        ]

    def __str__(self):
        return self.name
