"""Exchange rates as a published source states them: the only thing by which amounts of two currencies may be added."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from content.models import Source
from content.publication import window
from cooperation.choices import BudgetType

# How long before its value date the rate of an amount may lie.
LONGEST = timedelta(days=365)
CURRENCY = r"^[A-Z]{3}$"


class ExchangeRateQuerySet(models.QuerySet):
    def published(self):
        """Those whose source the public can read."""
        return self.filter(window("source__"))

    def of_amount(self):
        """The rate of each base that applies to an amount: the last one up to its value date, at most a year old."""
        oldest = ExpressionWrapper(OuterRef("value_date") - LONGEST, output_field=DateField())
        applying = self.filter(currency=OuterRef("currency"), date__lte=OuterRef("value_date"), date__gte=oldest)
        return applying.order_by("base", "-date").distinct("base")


class ExchangeRate(models.Model):
    """What one unit of `base` was worth in `currency` on a day: base USD, currency CNY, value 7.18."""

    # It is public with its source, and not otherwise.
    revision_parent = "source"

    currency = models.CharField(_("currency (ISO 4217)"), max_length=3)
    base = models.CharField(
        _("base currency (ISO 4217)"), max_length=3, help_text=_("Amounts are converted into this currency.")
    )
    date = models.DateField(_("date"))
    value = models.DecimalField(
        _("value"),
        max_digits=20,
        decimal_places=10,
        help_text=_("What one unit of the base currency was worth in the other, such as 7.18 for USD and CNY."),
        validators=[MinValueValidator(0)],
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="exchange_rates",
        help_text=_("Where this rate is published. The rate is used as long as the source is public."),
    )

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-date", "base", "currency"]
        constraints = [
            models.UniqueConstraint(
                name="exchangerate_once",
                fields=["currency", "base", "date"],
                violation_error_message=_("There is a rate of these currencies for this day already."),
            ),
            models.CheckConstraint(
                name="exchangerate_currencies",
                condition=Q(currency__regex=CURRENCY, base__regex=CURRENCY),
                violation_error_message=_("A currency is three capital letters, such as CNY."),
            ),
            models.CheckConstraint(
                name="exchangerate_of_two",
                condition=~Q(currency=F("base")),
                violation_error_message=_("A rate is between two currencies."),
            ),
            models.CheckConstraint(
                name="exchangerate_value",
                condition=Q(value__gt=0),
                violation_error_message=_("A rate is more than zero."),
            ),
        ]

    def __str__(self):
        return f"{self.base} 1 = {self.currency} {self.value.normalize():f} ({self.date})"


class MoneyQuerySet(models.QuerySet):
    def with_rates(self):
        """Adds `rates`, the public rate of each base currency that applies; empty where there is none."""
        told = JSONObject(base="base", date="date", value=Cast("value", TextField()), source="source_id")
        return self.annotate(rates=ArraySubquery(ExchangeRate.objects.published().of_amount().values(told=told)))


class BudgetQuerySet(MoneyQuerySet):
    def in_effect(self):
        """Without the original budgets of a period, project and currency that have been revised."""
        revised = self.model.objects.filter(
            type=BudgetType.REVISED,
            **{name: OuterRef(name) for name in ("project", "currency", "period_start", "period_end")},
        )
        return self.exclude(Q(type=BudgetType.ORIGINAL) & Exists(revised))
