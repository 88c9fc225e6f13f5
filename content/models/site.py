from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.choices import MenuPlace


class Site(models.Model):
    """The one row that names this portal. Without it the portal works, empty, and says how to begin."""

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    headline = models.CharField(_("headline of the home page"), max_length=200, blank=True)
    tagline = models.CharField(_("tagline"), max_length=300, blank=True)
    introduction = models.TextField(_("introduction on the home page"), blank=True)
    notice = models.CharField(_("notice at the foot of each page"), max_length=500, blank=True)
    contact = models.CharField(_("contact"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")
        constraints = [models.CheckConstraint(name="site_only_one", condition=Q(id=1))]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.id = 1
        super().save(*args, **kwargs)


class MenuItem(models.Model):
    """An entry of a menu. Paths begin after the language: `/figures/`; whole addresses lead elsewhere."""

    place = models.CharField(_("place"), max_length=10, choices=MenuPlace)
    label = models.CharField(_("label"), max_length=80)
    path = models.CharField(
        _("path"), max_length=300, help_text=_("After the language, such as /figures/; or a whole address.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu entries")
        ordering = ["place", "position", "id"]
        constraints = [
            models.CheckConstraint(name="menuitem_place", condition=Q(place__in=MenuPlace.values)),
            models.CheckConstraint(
                name="menuitem_path",
                condition=Q(path__regex=r"^(/|https?://)"),
                violation_error_message=_("A path begins with / or is a whole address with https://."),
            ),
            models.UniqueConstraint(name="menuitem_once", fields=["place", "path"]),
        ]

    def __str__(self):
        return self.label


class SiteRevision(models.Model):
    """One row: the number that rises with each transaction that changes something public (see revision.py)."""

    watched = False

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("site revision")
        verbose_name_plural = _("site revision")

    def __str__(self):
        return str(self.number)
