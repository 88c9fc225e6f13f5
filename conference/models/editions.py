from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.db.models.functions import Left, Length, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.choices import HostPlace, OrganiserRole, ProtocolLanguage
from conference.models.geography import Country
from conference.models.people import Organisation
from content.fields import HTMLField, PartialDateField
from content.models import Document
from content.models.base import Record, Sorted, choice_check


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not an IANA time zone, such as Asia/Shanghai."), params={"name": name})


def in_order(start: str, end: str) -> Q:
    """End not before start, compared as far as both are known: 2023-11 to 2023 is in order."""
    return (
        Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True})
        | Q(**{f"{end}__gte": Left(start, Length(end))})
    )


class Edition(Sorted, Record):
    """One meeting of the conference. Times are stored as instants and shown in `time_zone`, an IANA name."""

    name = models.CharField(_("name"), max_length=300)
    theme = models.CharField(_("theme"), max_length=300, blank=True)
    introduction = HTMLField(_("introduction"), blank=True)
    start_date = PartialDateField(_("first day"), null=True, blank=True)
    end_date = PartialDateField(_("last day"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC", validators=[validate_time_zone])
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT, related_name="editions"
    )
    organisers = models.ManyToManyField(
        Organisation, verbose_name=_("organisers"), through="EditionOrganiser", related_name="editions", blank=True
    )
    registration_url = models.URLField(_("address for registration"), max_length=500, blank=True)
    practical = HTMLField(_("practical information"), blank=True, help_text=_("Venue, travel, visa, press contact."))
    protocol_language = models.CharField(
        _("order of delegations"),
        max_length=10,
        choices=ProtocolLanguage,
        default=ProtocolLanguage.ENGLISH,
        help_text=_(
            "The language whose names and alphabet set the protocol order, which lists, seats and prints follow."
        ),
    )
    first_seat = models.ForeignKey(
        "conference.Delegation",
        verbose_name=_("first seat, drawn by lot"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "The order begins with this delegation, goes on to the end of the alphabet and then from its beginning."
            " Empty: no lot was drawn."
        ),
    )
    host_place = models.CharField(_("place of the host"), max_length=10, choices=HostPlace, default=HostPlace.IN_PLACE)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-start_date", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="edition_slug", fields=["slug"]),
            models.CheckConstraint(
                name="edition_dates",
                condition=in_order("start_date", "end_date"),
                violation_error_message=_("The last day is not before the first."),
            ),
            choice_check("protocol_language", ProtocolLanguage),
            choice_check("host_place", HostPlace),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.first_seat and self.first_seat.edition_id != self.pk:
            raise ValidationError({"first_seat": _("This delegation is not one of this edition.")})

    def get_absolute_url(self):
        return reverse("edition", args=[self.slug])

    def draft_schedule(self):
        """The version that staff work on; made when first asked for. The public never sees it."""
        return self.schedule_versions.get_or_create(number=None)[0]

    @transaction.atomic
    def publish_schedule(self, note: str = ""):
        """Freeze the draft as the next numbered version, which the public follows from now on."""
        Edition.objects.select_for_update().get(pk=self.pk)
        draft = self.draft_schedule()
        last = self.schedule_versions.aggregate(last=Max("number"))["last"] or 0
        version = self.schedule_versions.create(number=last + 1, published_at=Now(), note=note)
        draft.copy_slots_to(version)
        return version


class EditionOrganiser(models.Model):
    revision_parent = ("edition", "organisation")

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="organiser_roles"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="organiser_roles"
    )
    role = models.CharField(_("role"), max_length=20, choices=OrganiserRole, default=OrganiserRole.ORGANISER)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(name="editionorganiser_once", fields=["edition", "organisation", "role"]),
            choice_check("role", OrganiserRole),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_role_display()}"


class Section(Sorted, Record):
    """A named part of an edition."""

    public_with = ("edition",)

    edition = models.ForeignKey(Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="sections")
    name = models.CharField(_("name"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["edition", "position", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="section_slug", fields=["edition", "slug"]),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{self.edition.get_absolute_url()}#{self.slug}"


class Placement(models.Model):
    """Where a document belongs: an edition and, where it was given or adopted at a session, that session."""

    revision_parent = ("document", "edition")

    document = models.OneToOneField(
        Document, verbose_name=_("document"), on_delete=models.CASCADE, related_name="placement"
    )
    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="placements"
    )
    session = models.ForeignKey(
        "conference.Session",
        verbose_name=_("session"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="placements",
    )
    outcome = models.BooleanField(_("outcome of the edition"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("place at a conference")
        verbose_name_plural = _("places at a conference")
        ordering = ["position", "id"]

    def __str__(self):
        return f"{self.document}, {self.edition}"
