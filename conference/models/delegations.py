from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.choices import DelegationCategory, DelegationLevel, MemberRole
from conference.models.editions import Edition
from conference.models.geography import Country
from conference.models.people import Organisation, Person
from content import languages
from content.models.base import Record, Sorted, choice_check


class Delegation(Sorted, Record):
    """A country or an international organisation at an edition. `size` not recorded is null, none is 0."""

    sort_field = "name"
    public_with = ("edition", "country", "organisation")

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="delegations"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT, related_name="delegations"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegations",
    )
    category = models.CharField(
        _("category"), max_length=20, choices=DelegationCategory, default=DelegationCategory.MEMBER
    )
    level = models.CharField(_("level"), max_length=20, choices=DelegationLevel, blank=True)
    size = models.PositiveIntegerField(_("size"), null=True, blank=True, help_text=_("Empty: not recorded."))

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["edition", "slug"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                name="delegation_country_once",
                fields=["edition", "country"],
                violation_error_message=_("This country has a delegation at this edition already."),
            ),
            models.UniqueConstraint(
                name="delegation_organisation_once",
                fields=["edition", "organisation"],
                violation_error_message=_("This organisation has a delegation at this edition already."),
            ),
            models.UniqueConstraint(name="delegation_slug", fields=["edition", "slug"]),
            models.CheckConstraint(
                name="delegation_of_one",
                condition=Q(country__isnull=False, organisation=None) | Q(country=None, organisation__isnull=False),
                violation_error_message=_("A delegation is of a country or of an organisation, one of them."),
            ),
            choice_check("category", DelegationCategory),
            models.CheckConstraint(
                name="delegation_level", condition=Q(level="") | Q(level__in=DelegationLevel.values)
            ),
        ]

    def __str__(self):
        return f"{self.party}, {self.edition}"

    def get_absolute_url(self):
        return f"{reverse('edition-countries', args=[self.edition.slug])}#{self.slug}"

    def reference_name(self, language: str):
        return languages.text_value(self.party, "name", language)

    @property
    def party(self):
        return self.country or self.organisation

    def save(self, *args, **kwargs):
        if not self.slug and self.party:
            self.slug = self.party.slug
        super().save(*args, **kwargs)

    def fill_sort_keys(self):
        """A delegation is sorted as the country or organisation that sent it."""
        for column in ("sort_en", "sort_zh_hans", "sort_fr", "sort_es", "sort_ru", "sort_ar"):
            setattr(self, column, getattr(self.party, column))


class DelegationMember(models.Model):
    """A person in a delegation, in order of rank. Nobody is shown in public without consent on file."""

    revision_parent = ("delegation", "person")
    revision_condition = "{row}.consent"

    delegation = models.ForeignKey(
        Delegation, verbose_name=_("delegation"), on_delete=models.CASCADE, related_name="members"
    )
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    honorific = models.CharField(_("honorific"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    consent = models.BooleanField(_("consents to be shown"), default=False)

    class Meta:
        verbose_name = _("member of a delegation")
        verbose_name_plural = _("members of delegations")
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(name="delegationmember_once", fields=["delegation", "person"]),
            models.UniqueConstraint(
                name="delegationmember_one_head",
                fields=["delegation"],
                condition=Q(role="head"),
                violation_error_message=_("A delegation has one head."),
            ),
            choice_check("role", MemberRole),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_role_display()}"
