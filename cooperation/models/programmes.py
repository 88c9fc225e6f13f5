from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Country, Organisation
from conference.models.editions import in_order
from content.fields import PartialDateField
from content.models import Figure, Strand
from content.models.base import LinksField, Record, Sorted, choice_check
from cooperation.choices import ProgrammeKind
from cooperation.models.outcomes import AtSession


class Programme(AtSession, Sorted, Record):
    """An action plan, a training or exchange programme, or a standing network of organisations."""

    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=ProgrammeKind, default=ProgrammeKind.PROGRAMME)
    strand = models.ForeignKey(
        Strand, verbose_name=_("strand"), null=True, blank=True, on_delete=models.PROTECT, related_name="programmes"
    )
    summary = models.TextField(_("summary"), blank=True)
    start = PartialDateField(_("start"), null=True, blank=True)
    end = PartialDateField(_("end"), null=True, blank=True)
    figures = LinksField(
        Figure,
        verbose_name=_("figures"),
        blank=True,
        related_name="programmes",
        help_text=_(
            "Published figures of it, such as how many were trained. A number stands here only with its source."
        ),
    )
    countries = LinksField(Country, verbose_name=_("countries"), blank=True, related_name="programmes")
    organisations = LinksField(Organisation, verbose_name=_("organisations"), blank=True, related_name="programmes")

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["slug"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="programme_slug", fields=["slug"]),
            choice_check("kind", ProgrammeKind),
            models.CheckConstraint(
                name="programme_dates",
                condition=in_order("start", "end"),
                violation_error_message=_("A programme does not end before it starts."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cooperation-programme", args=[self.slug])
