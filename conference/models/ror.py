"""Identifiers of the Research Organization Registry, and which of its entries may be an organisation on file."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models.geography import Country

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
PATTERN = re.compile(r"https://ror\.org/(0[0-9a-hj-km-np-tv-z]{6})([0-9]{2})")


def is_ror(text: str) -> bool:
    """Whether it has the form and the checksum (ISO 7064, MOD 97-10) of a ROR identifier."""
    match = PATTERN.fullmatch(text)
    if not match:
        return False
    number = 0
    for sign in match[1]:
        number = number * 32 + DIGITS.index(sign)
    return int(match[2]) == 98 - number * 100 % 97


def validate_ror(text: str) -> None:
    if not PATTERN.fullmatch(text):
        raise ValidationError(_("Write it as https://ror.org/ and nine signs, such as https://ror.org/05dxps055."))
    if not is_ror(text):
        raise ValidationError(_("The last two digits do not fit the others: a sign is wrong in this identifier."))


class RORCandidate(models.Model):
    """An entry of the registry that may be an organisation on file: a person chooses. Staff alone see it."""

    # Nothing of it is ever public, so it bumps no revision.
    revision_condition = "false"

    organisation = models.ForeignKey(
        "conference.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="ror_candidates",
    )
    ror = models.URLField(_("ROR identifier"), validators=[validate_ror])
    name = models.CharField(_("name in the registry"), max_length=300)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    country_code = models.CharField(_("code of the country"), max_length=2, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    reason = models.CharField(_("why it is offered"), max_length=200)

    class Meta:
        verbose_name = _("candidate of ROR")
        verbose_name_plural = _("candidates of ROR")
        ordering = ["organisation", "name", "ror"]
        constraints = [
            models.UniqueConstraint(name="rorcandidate_once", fields=["organisation", "ror"]),
        ]

    def __str__(self):
        return f"{self.name} ({self.ror})"

    def apply(self) -> None:
        """The organisation becomes this entry, and takes over what it lacks. Raises ValidationError."""
        organisation = self.organisation
        same = type(organisation).objects.filter(ror=self.ror).exclude(pk=organisation.pk).first()
        if same:
            message = _("“%(name)s” has this identifier already: look at the likely duplicates, and merge the two.")
            raise ValidationError(message % {"name": same})
        organisation.ror = self.ror
        organisation.acronym = organisation.acronym or self.acronym
        if organisation.country is None:
            organisation.country = Country.objects.filter(code=self.country_code).first()
        organisation.save(update_fields=["ror", "acronym", "country"])
        organisation.ror_candidates.all().delete()
