from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Session


class AtSession(models.Model):
    """What may have been adopted or launched at a session of the conference, which shows it as an outcome."""

    session = models.ForeignKey(
        Session,
        verbose_name=_("adopted or launched at"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="adopted_%(class)s_set",
        help_text=_("The session of the conference, whose page shows this as its outcome."),
    )

    class Meta:
        abstract = True
