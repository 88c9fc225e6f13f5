from django.contrib.postgres.functions import TransactionNow
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.choices import OrganisationKind, Sex
from conference.models.geography import Country
from conference.models.ror import validate_ror
from content.fields import HTMLField, OtherNamesField
from content.models import Change
from content.models.base import Record, Sorted, choice_check, sort_indexes
from content.publication import PublicationQuerySet


class Organisation(Sorted, Record):
    name = models.CharField(_("name"), max_length=300)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind, default=OrganisationKind.OTHER)
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
    )
    ror = models.URLField(
        _("ROR identifier"),
        blank=True,
        validators=[validate_ror],
    )
    iati_identifier = models.CharField(
        _("IATI identifier"),
        max_length=200,
        blank=True,
        db_index=True,
        help_text=_("As org-id.guide makes it: the code of a register, and the number there."),
    )
    address = models.URLField(_("website"), max_length=500, blank=True)
    other_names = OtherNamesField()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        indexes = sort_indexes("organisation")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="organisation_slug", fields=["slug"]),
            choice_check("kind", OrganisationKind),
        ]

    def __str__(self):
        return self.name

    def identifiers(self) -> list[str]:
        """By which imports recognise it, as by its names."""
        return [self.iati_identifier] if self.iati_identifier else []

    def get_absolute_url(self):
        return reverse("organisation", args=[self.slug])


class PersonQuerySet(PublicationQuerySet):
    def once_public(self):
        """Whoever was only a member of delegations never had a page that could be gone.

        Nor had a delegate without consent, but for who spoke, or had consented before.
        """
        appeared = Appearance.objects.filter(person=OuterRef("pk"), edition__first_public_at__lte=TransactionNow())
        withheld = Q(person__memberships__consent=False, person__memberships__delegation__edition=F("edition"))
        named = appeared.exclude(pk__in=Appearance.objects.filter(withheld).values("pk"))
        told = Change.objects.filter(
            table=self.model._meta.db_table, record=OuterRef("pk"), via__in=self.model.named_by
        )
        return super().once_public().filter(Exists(appeared) & (Exists(named) | Exists(told)))


class Person(Sorted, Record):
    """A person who is named in public. What a person was at one conference is an Appearance."""

    name = models.CharField(_("name"), max_length=200)
    biography = HTMLField(_("biography"), blank=True)
    orcid = models.CharField(
        _("ORCID identifier"),
        max_length=19,
        blank=True,
        validators=[RegexValidator(r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$", _("Write it as 0000-0000-0000-0000."))],
    )
    sex = models.CharField(
        _("sex"),
        max_length=15,
        choices=Sex,
        blank=True,
        help_text=_(
            "Never shown, and no part of the open data: only totals of many persons are published."
            " Empty: not recorded."
        ),
    )

    other_names = OtherNamesField()

    hidden_through = ("appearances__edition",)
    # What shows that a person who is gone was named: links that are public with consent alone.
    named_by = ("conference_delegationmember", "conference_participation")
    # And a member of a delegation is a speaker, with a page, only by an appearance.
    told_by = (named_by, ("conference_appearance",))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["slug"]
        indexes = sort_indexes("person")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="person_slug", fields=["slug"]),
            models.CheckConstraint(name="person_sex", condition=Q(sex="") | Q(sex__in=Sex.values)),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The page at the latest public edition; None for a person who was at none."""
        appearances = [appearance for appearance in self.appearances.all() if appearance.edition]
        if not appearances:
            return None
        latest = max(appearances, key=lambda appearance: (appearance.edition.start_date or "", appearance.edition_id))
        return reverse("speaker", args=[latest.edition.slug, self.slug])


class Appearance(models.Model):
    """A person at one edition: how they were addressed and whom they belonged to then."""

    revision_parent = ("person", "edition")

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="appearances")
    edition = models.ForeignKey(
        "conference.Edition", verbose_name=_("edition"), on_delete=models.CASCADE, related_name="appearances"
    )
    honorific = models.CharField(_("honorific"), max_length=60, blank=True)
    affiliation = models.CharField(_("affiliation"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appearances",
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT, related_name="appearances"
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Shown where no session is on file."))
    external_id = models.CharField(_("identifier in the imported file"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["edition", "person"]
        constraints = [
            models.UniqueConstraint(name="appearance_once", fields=["person", "edition"]),
            models.UniqueConstraint(
                name="appearance_external_id", fields=["edition", "external_id"], condition=~Q(external_id="")
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.edition}"
