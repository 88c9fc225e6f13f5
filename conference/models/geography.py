from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.choices import RegionKind
from content.fields import OtherNamesField
from content.models import Figure
from content.models.base import Identified, LinksField, Record, Sorted, choice_check
from content.publication import PublicationQuerySet


class Region(Sorted, Identified):
    """A region or subregion of UN M49. `m49` has three digits."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=RegionKind)
    m49 = models.CharField(_("M49 code"), max_length=3, unique=True)
    parent = models.ForeignKey("self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["m49"]
        constraints = [
            *Identified.Meta.constraints,
            models.UniqueConstraint(name="region_slug", fields=["slug"]),
            choice_check("kind", RegionKind),
        ]

    def __str__(self):
        return self.name


class RegionGroup(Sorted, Identified):
    """A named set of countries that is not a region of M49: ASEAN, the Arab States, Africa."""

    name = models.CharField(_("name"), max_length=100)
    basis = models.CharField(_("basis of its membership"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("region group")
        verbose_name_plural = _("region groups")
        ordering = ["slug"]
        constraints = [*Identified.Meta.constraints, models.UniqueConstraint(name="regiongroup_slug", fields=["slug"])]

    def __str__(self):
        return self.name


class CountryQuerySet(PublicationQuerySet):
    def listed(self):
        """Those that stand in lists of countries; others, such as extinct states, keep their page."""
        return self.published().filter(listed=True)


class Country(Sorted, Record):
    """A country or territory of ISO 3166-1, or an extinct state by the four letters of ISO 3166-3."""

    name = models.CharField(_("name"), max_length=150)
    official_name = models.CharField(_("official name"), max_length=200, blank=True)
    code = models.CharField(_("ISO 3166 code"), max_length=4, unique=True)
    alpha3 = models.CharField(_("ISO 3166 alpha-3 code"), max_length=3, db_index=True)
    m49 = models.CharField(_("M49 code"), max_length=3, blank=True)
    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, blank=True, on_delete=models.PROTECT, related_name="countries"
    )
    subregion = models.ForeignKey(
        Region,
        verbose_name=_("subregion"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subregion_countries",
    )
    groups = LinksField(RegionGroup, verbose_name=_("region groups"), blank=True, related_name="countries")
    figures = LinksField(
        Figure,
        verbose_name=_("figures"),
        blank=True,
        related_name="countries",
        help_text=_("Figures that are about this country: its page and comparisons show them with their sources."),
    )
    capital = models.CharField(_("capital"), max_length=100, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    listed = models.BooleanField(_("listed"), default=True, help_text=_("Whether it stands in lists of countries."))
    existed_until = models.PositiveSmallIntegerField(_("existed until"), null=True, blank=True)
    other_names = OtherNamesField()

    objects = CountryQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="country_slug", fields=["slug"]),
            models.CheckConstraint(
                name="country_code",
                condition=Q(code__regex=r"^[A-Z]{2}([A-Z]{2})?$"),
                violation_error_message=_("Two capital letters, or the four of ISO 3166-3 for an extinct state."),
            ),
            models.CheckConstraint(name="country_alpha3", condition=Q(alpha3__regex=r"^[A-Z]{3}$")),
        ]

    def __str__(self):
        return f"{self.name} ({self.code})"

    def get_absolute_url(self):
        return reverse("country", args=[self.slug])

    def save(self, *args, **kwargs):
        self.slug = self.code.lower()
        super().save(*args, **kwargs)
