from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Country, Organisation
from content.fields import PartialDateField
from content.models import Strand
from content.models.base import Identified, LinksField, Record, Sorted, choice_check, sort_indexes
from cooperation.choices import FacilityKind
from cooperation.models.outcomes import AtSession


class Field(Sorted, Identified):
    """A field of research. `code` is that of OECD FORD where there is one, such as 4.1."""

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("FORD code"), max_length=5, blank=True)

    class Meta:
        verbose_name = _("field of research")
        verbose_name_plural = _("fields of research")
        ordering = ["slug"]
        constraints = [*Identified.Meta.constraints, models.UniqueConstraint(name="field_slug", fields=["slug"])]

    def __str__(self):
        return self.name


class Facility(AtSession, Sorted, Record):
    """A standing institution of the cooperation."""

    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=FacilityKind)
    strand = models.ForeignKey(
        Strand, verbose_name=_("strand"), null=True, blank=True, on_delete=models.PROTECT, related_name="facilities"
    )
    summary = models.TextField(_("summary"), blank=True)
    host = models.ForeignKey(
        Organisation,
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hosted_facilities",
    )
    partners = LinksField(Organisation, verbose_name=_("partners"), blank=True, related_name="partner_facilities")
    countries = LinksField(Country, verbose_name=_("countries"), blank=True, related_name="facilities")
    fields = LinksField(Field, verbose_name=_("fields of research"), blank=True, related_name="facilities")
    founded = PartialDateField(_("founded"), null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["slug"]
        indexes = sort_indexes("facility")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="facility_slug", fields=["slug"]),
            choice_check("kind", FacilityKind),
            models.CheckConstraint(
                name="facility_place",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("A place has a latitude of -90 to 90 and a longitude of -180 to 180."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("facility", args=[self.slug])
