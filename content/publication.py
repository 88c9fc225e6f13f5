"""What the public sees, decided once.

A record is public while its state is `published` and the clock stands inside its window. Nothing has to run when a
window opens or closes: `published()` compares with the clock of the database at the start of the transaction, so
that everything that one request asks belongs to one instant.
"""

from datetime import timedelta
from typing import NamedTuple

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.choices import PublicationState


def window(prefix: str = "") -> Q:
    """The condition under which a record, or the one that `prefix` leads to (`edition__`), is public by itself."""
    return (
        Q(**{f"{prefix}state": PublicationState.PUBLISHED})
        & (Q(**{f"{prefix}publish_at": None}) | Q(**{f"{prefix}publish_at__lte": TransactionNow()}))
        & (Q(**{f"{prefix}expire_at": None}) | Q(**{f"{prefix}expire_at__gt": TransactionNow()}))
    )


def ended(prefix: str = "") -> Q:
    """The condition under which a record that was public has been taken back."""
    return Q(**{f"{prefix}state": PublicationState.ARCHIVED}) | Q(
        **{f"{prefix}state": PublicationState.PUBLISHED, f"{prefix}expire_at__lte": TransactionNow()}
    )


class Boundary(NamedTuple):
    """An instant at which the public view changes by itself: that in a column, or so long before it."""

    column: str
    before: timedelta = timedelta()


class PublicationQuerySet(models.QuerySet):
    def published(self):
        """What the public sees now: inside its own window and inside that of everything it belongs to."""
        condition = window()
        for path in self.model.public_with:
            condition &= self._empty(path) | window(f"{path}__")
        return self.filter(condition)

    def once_public(self):
        """What anybody could ever have seen, whatever it is now."""
        was_public = Q(first_public_at__lte=TransactionNow())
        for path in self.model.public_with:
            was_public &= self._empty(path) | Q(**{f"{path}__first_public_at__lte": TransactionNow()})
        return self.filter(was_public)

    def withdrawn(self):
        """What was public once and is no longer: archived or past its end, itself or what it belongs to.

        Drafts and embargoed records that nobody has seen are not among them.
        """
        closed = ended()
        for path in self.model.public_with:
            closed |= ended(f"{path}__")
        return self.once_public().filter(closed)

    def _empty(self, path: str) -> Q:
        """Where a relation may lead nowhere, a record belongs to nothing by it."""
        return Q(**{f"{path}__isnull": True}) if self.model._meta.get_field(path).null else Q()


class Publication(models.Model):
    """Publication state and window. The database itself writes `first_public_at` (see revision.py)."""

    # Relations to the records without whose publication this one stays hidden: a session's edition.
    public_with: tuple[str, ...] = ()
    # Further relations to records whose end may hide this one, for the change feed.
    hidden_through: tuple[str, ...] = ()
    boundaries: tuple[Boundary, ...] = (Boundary("publish_at"), Boundary("expire_at"))

    state = models.CharField(
        _("publication state"), max_length=10, choices=PublicationState, default=PublicationState.DRAFT
    )
    publish_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, db_index=True, help_text=_("Empty: as soon as the state is Published.")
    )
    expire_at = models.DateTimeField(
        _("expire at"), null=True, blank=True, db_index=True, help_text=_("Empty: never.")
    )
    first_public_at = models.DateTimeField(_("first public at"), null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField(
        _("reason for the withdrawal"),
        max_length=300,
        blank=True,
        help_text=_("The public is told this, and nothing else, once the record is archived."),
    )
    verified_on = models.DateField(
        _("last verified on"), null=True, blank=True, help_text=_("When a person last compared this with its sources.")
    )

    objects = PublicationQuerySet.as_manager()

    def what_ended(self):
        """The record by whose end this one is hidden: itself or what it belongs to; None while it is public."""
        if type(self)._default_manager.filter(ended(), pk=self.pk).exists():
            return self
        owners = (getattr(self, path) for path in self.public_with)
        return next(filter(None, (owner.what_ended() for owner in owners if owner)), None)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_state",
                condition=Q(state__in=PublicationState.values),
                violation_error_message=_("This publication state does not exist."),
            ),
            models.CheckConstraint(
                name="%(class)s_window",
                condition=Q(publish_at=None) | Q(expire_at=None) | Q(expire_at__gt=F("publish_at")),
                violation_error_message=_("A publication ends after it begins."),
            ),
        ]
