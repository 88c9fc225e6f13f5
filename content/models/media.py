import hashlib
import logging
import mimetypes
import uuid
from pathlib import PurePath

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader

from content.choices import DocumentKind
from content.fields import LanguageTagField
from content.models.base import Record, Sorted, choice_check

logger = logging.getLogger(__name__)


def unguessable(folder: str, filename: str) -> str:
    """A place in the media store that tells nothing of the record, and that nobody finds by its title."""
    return f"{folder}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:20]}"


def picture_place(picture, filename: str) -> str:
    return unguessable("pictures", filename)


def document_place(file, filename: str) -> str:
    return unguessable("documents", filename)


class Picture(Sorted, Record):
    """A picture with what a reader who can't see it needs, and what its author is owed."""

    name = models.CharField(_("name"), max_length=200)
    file = models.ImageField(_("file"), upload_to=picture_place)
    alternative_text = models.CharField(
        _("alternative text"), max_length=300, blank=True, help_text=_("Empty: the picture only decorates.")
    )
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, per cent from the left"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point, per cent from the top"), default=50, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["name"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="picture_slug", fields=["slug"]),
            models.CheckConstraint(name="picture_focal_point", condition=Q(focal_x__lte=100, focal_y__lte=100)),
        ]

    def __str__(self):
        return self.name


class Document(Sorted, Record):
    """One document as a set of language files, of which one is the original."""

    citation_type = "report"

    sort_field = "title"

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind, default=DocumentKind.OTHER)
    summary = models.TextField(_("summary"), blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-first_public_at", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="document_slug", fields=["slug"]),
            choice_check("kind", DocumentKind),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("document", args=[self.slug])


class DocumentFile(models.Model):
    """A document in one language. `size` in bytes; `sha256` in hexadecimal, of the file as stored.

    `pages` are counted where the file is a PDF that can be read, each time that another file is stored.
    """

    revision_parent = "document"

    document = models.ForeignKey(Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="files")
    language = LanguageTagField(_("language"))
    original = models.BooleanField(_("original"), default=False)
    file = models.FileField(_("file"), upload_to=document_place)
    media_type = models.CharField(_("media type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    pages = models.PositiveIntegerField(
        _("pages"), null=True, blank=True, help_text=_("Counted when a PDF is stored; of other files as you write it.")
    )
    sha256 = models.CharField(
        _("checksum (SHA-256)"), max_length=64, editable=False, validators=[RegexValidator(r"^[0-9a-f]{64}$")]
    )

    class Meta:
        verbose_name = _("language file")
        verbose_name_plural = _("language files")
        ordering = ["-original", "language"]
        constraints = [
            models.UniqueConstraint(name="documentfile_language", fields=["document", "language"]),
            models.UniqueConstraint(
                name="documentfile_one_original",
                fields=["document"],
                condition=Q(original=True),
                violation_error_message=_("A document has one original: mark one of its files, no more."),
            ),
        ]

    def __str__(self):
        return f"{self.document} ({self.language})"

    def get_absolute_url(self):
        return reverse("document-file", args=[self.document.slug, self.language])

    @property
    def download_name(self) -> str:
        """What the file is called where it arrives: after the document and the language, whatever it was sent as."""
        return f"{self.document.slug}-{self.language}{PurePath(self.file.name).suffix}"

    def save(self, *args, **kwargs):
        if self.file and not (self.file._committed and self.sha256):
            self.describe_file()
        super().save(*args, **kwargs)

    def describe_file(self) -> None:
        """Size, checksum, type and pages come from the file itself, never from what its sender says."""
        checksum = hashlib.sha256()
        for chunk in self.file.chunks():
            checksum.update(chunk)
        self.file.seek(0)
        self.sha256 = checksum.hexdigest()
        self.size = self.file.size
        self.media_type = mimetypes.guess_type(self.file.name)[0] or "application/octet-stream"
        if self.media_type == "application/pdf":
            self.pages = pages_of(self.file)
            self.file.seek(0)


def pages_of(file) -> int | None:
    """The pages of a PDF; None where it is broken or locked: the file is stored all the same."""
    try:
        return len(PdfReader(file).pages)
    except Exception:  # A reader of broken files fails in more ways than it names.
        logger.warning("The pages of a PDF could not be counted", exc_info=True)
        return None
