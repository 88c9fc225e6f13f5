"""What staff plan with: none of it is ever shown in public, and a change of it does not change the site's revision."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from conference.choices import ScheduleChangeKind
from conference.models.editions import Section
from conference.models.people import Appearance
from conference.models.programme import ScheduleVersion, Session
from content.models.base import choice_check


class StaffOnly(models.Model):
    revision_condition = "false"

    class Meta:
        abstract = True


class SessionPlan(StaffOnly):
    revision_parent = "session"

    session = models.OneToOneField(Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="plan")
    expected_attendance = models.PositiveIntegerField(
        _("expected attendance"),
        null=True,
        blank=True,
        help_text=_("Persons expected; the planning board compares it with the seats of the room."),
    )

    class Meta:
        verbose_name = _("plan of a session")
        verbose_name_plural = _("plans of sessions")
        ordering = ["session"]

    def __str__(self):
        return str(self.session)


class SectionPlan(StaffOnly):
    """Between which instants the sessions of a section are meant to be; either end may be open."""

    revision_parent = "section"

    section = models.OneToOneField(Section, verbose_name=_("section"), on_delete=models.CASCADE, related_name="plan")
    start = models.DateTimeField(_("planned start"), null=True, blank=True)
    end = models.DateTimeField(_("planned end"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan of a section")
        verbose_name_plural = _("plans of sections")
        ordering = ["section"]
        constraints = [
            models.CheckConstraint(
                name="sectionplan_end_after_start",
                condition=Q(start=None) | Q(end=None) | Q(end__gt=F("start")),
                violation_error_message=_("A section ends after it starts."),
            ),
        ]

    def __str__(self):
        return str(self.section)


class Availability(StaffOnly):
    """A window in which a person can be given something to do at an edition. Without any, nothing is known."""

    appearance = models.ForeignKey(
        Appearance, verbose_name=_("appearance"), on_delete=models.CASCADE, related_name="availability"
    )
    start = models.DateTimeField(_("available from"))
    end = models.DateTimeField(_("available until"))

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability")
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(
                name="availability_end_after_start",
                condition=Q(end__gt=F("start")),
                violation_error_message=_("A window ends after it starts."),
            ),
        ]

    def __str__(self):
        return str(self.appearance)


class ScheduleChange(StaffOnly):
    """One change of a draft: the places of its sessions before and after, so that it can be taken back.

    `before` and `after` have a session's id as key, and as value its place, or null where it had none.
    """

    version = models.ForeignKey(
        ScheduleVersion, verbose_name=_("schedule version"), on_delete=models.CASCADE, related_name="draft_changes"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ScheduleChangeKind)
    made_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_by_name = models.CharField(_("name of who made it"), max_length=300, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    minutes = models.IntegerField(_("minutes"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True, editable=False)
    undone_by_name = models.CharField(_("name of who undid it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of the draft")
        verbose_name_plural = _("changes of the draft")
        ordering = ["-id"]
        constraints = [choice_check("kind", ScheduleChangeKind)]
        indexes = [models.Index(name="schedulechange_latest", fields=["version", "-id"])]

    def __str__(self):
        return f"{self.version}: {self.get_kind_display()}"
