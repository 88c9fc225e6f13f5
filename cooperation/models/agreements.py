from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import Country, Organisation, Placement
from conference.models.editions import in_order
from content.fields import PartialDateField
from content.models import Document
from content.models.base import LinksField, Record, Sorted, choice_check, sort_indexes
from cooperation.choices import AgreementKind
from cooperation.choices import AgreementStatus as S
from cooperation.models.outcomes import AtSession


class Agreement(AtSession, Sorted, Record):
    """An agreement between countries or organisations. Dates are as precise as they are known."""

    # Its status follows from them.
    days = ("signed", "in_force", "ended")
    sort_field = "title"
    citation_type = "treaty"

    title = models.CharField(_("title"), max_length=500)
    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind, default=AgreementKind.INTERGOVERNMENTAL)
    summary = models.TextField(_("summary"), blank=True)
    signed = PartialDateField(_("signed"), null=True, blank=True)
    in_force = PartialDateField(_("in force since"), null=True, blank=True)
    ended = PartialDateField(_("ended"), null=True, blank=True)
    documents = LinksField(Document, verbose_name=_("documents"), blank=True, related_name="agreements")
    outcome_of = models.ForeignKey(
        Placement,
        verbose_name=_("outcome of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreements",
        help_text=_("The document, adopted at a conference, by which it was agreed."),
    )

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed", "id"]
        indexes = sort_indexes("agreement")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="agreement_slug", fields=["slug"]),
            choice_check("kind", AgreementKind),
            models.CheckConstraint(
                name="agreement_ended_after_signed",
                condition=in_order("signed", "ended"),
                violation_error_message=_("An agreement does not end before it is signed."),
            ),
            models.CheckConstraint(
                name="agreement_ended_after_in_force",
                condition=in_order("in_force", "ended"),
                violation_error_message=_("An agreement does not end before it is in force."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def status(self) -> str:
        """Empty: no date says it. A date that is known by its year alone counts from the first of January."""
        today = timezone.now().date().isoformat()
        dates = [(S.ENDED, self.ended), (S.IN_FORCE, self.in_force), (S.SIGNED, self.signed)]
        return next((status for status, date in dates if date and date <= today), "")

    def get_status_display(self) -> str:
        return str(S(self.status).label) if self.status else ""

    def get_absolute_url(self):
        return reverse("agreement", args=[self.slug])


class AgreementParty(models.Model):
    revision_parent = ("agreement", "country", "organisation")

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.CASCADE, related_name="parties"
    )
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreement_roles",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreement_roles",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="agreementparty_of_one",
                condition=Q(country__isnull=False, organisation=None) | Q(country=None, organisation__isnull=False),
                violation_error_message=_("A party is a country or an organisation, one of them."),
            ),
            models.UniqueConstraint(name="agreementparty_country_once", fields=["agreement", "country"]),
            models.UniqueConstraint(name="agreementparty_organisation_once", fields=["agreement", "organisation"]),
        ]

    def __str__(self):
        return str(self.country or self.organisation)
