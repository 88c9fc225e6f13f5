"""Copies of sources as they were found, so that a quote can be checked when its address no longer answers.

For staff alone: they lie outside the media folder, no address of the portal leads to them but one in the admin.
"""

import hashlib
import mimetypes

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.validators import RegexValidator
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from content.choices import CopyState
from content.models.evidence import Source
from content.models.media import unguessable


@deconstructible
class ArchiveStorage(FileSystemStorage):
    """Files that nobody may write to again, and that have no address."""

    def __init__(self):
        super().__init__(file_permissions_mode=0o440)

    @property
    def base_location(self):
        return settings.ARCHIVE_ROOT

    @property
    def location(self):
        return str(settings.ARCHIVE_ROOT)

    def url(self, name):
        raise ValueError("An archived copy has no public address.")


def archive_place(copy, filename: str) -> str:
    return unguessable(f"sources/{copy.source_id}", filename)


def today():
    return timezone.now().date()


class ArchivedCopy(models.Model):
    """One file as it was taken from its address. `size` in bytes; `sha256` of the file as it was stored.

    The database refuses to alter file, name, size, checksum and day (content/migrations/0009_evidence.py).
    """

    # Nothing of it is ever public, so it bumps no revision.
    revision_condition = "false"

    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="copies")
    file = models.FileField(_("file"), upload_to=archive_place, storage=ArchiveStorage(), max_length=200)
    name = models.CharField(_("name of the file"), max_length=300, blank=True)
    media_type = models.CharField(_("media type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    sha256 = models.CharField(
        _("checksum (SHA-256)"), max_length=64, editable=False, validators=[RegexValidator(r"^[0-9a-f]{64}$")]
    )
    address = models.URLField(
        _("taken from"),
        max_length=500,
        blank=True,
        help_text=_("Where the copy was found, if not at the source's address."),
    )
    archived_on = models.DateField(_("archived on"), default=today, help_text=_("The day on which it was taken."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("archived by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("archived copy")
        verbose_name_plural = _("archived copies")
        ordering = ["-archived_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="archivedcopy_once",
                fields=["source", "sha256"],
                violation_error_message=_("This very file is on file for this source already."),
            ),
        ]

    def __str__(self):
        return self.name or self.file.name

    def clean(self):
        super().clean()
        if self.pk is None and self.file and self.file.size > settings.ARCHIVE_LARGEST:
            message = _("A copy has at most %(most)s; this file has %(size)s.")
            sizes = {"most": filesizeformat(settings.ARCHIVE_LARGEST), "size": filesizeformat(self.file.size)}
            raise ValidationError({"file": message % sizes})
        if self.pk is None and self.file and self.source_id:
            self.describe_file()
            if type(self).objects.filter(source=self.source_id, sha256=self.sha256).exists():
                raise ValidationError({"file": _("This very file is on file for this source already.")})

    def save(self, *args, **kwargs):
        if self.pk is None and self.file:
            self.describe_file()
        super().save(*args, **kwargs)

    def describe_file(self) -> None:
        self.name = (self.name or self.file.name)[-300:]
        self.file.seek(0)
        self.sha256 = checksum_of(self.file)
        self.file.seek(0)
        self.size = self.file.size
        self.media_type = mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def state_now(self) -> str:
        """What has become of the file, by reading all of it."""
        try:
            with self.file.storage.open(self.file.name) as file:
                same = file.size == self.size and checksum_of(file) == self.sha256
        except OSError:
            return CopyState.MISSING
        return CopyState.INTACT if same else CopyState.ALTERED


def checksum_of(file) -> str:
    checksum = hashlib.sha256()
    for chunk in file.chunks():
        checksum.update(chunk)
    return checksum.hexdigest()
