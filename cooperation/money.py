"""Amounts added up: one sum a currency and, where dated and sourced rates exist, what they come to in another.

Amounts of different currencies are never added without a rate, and what has none is told beside the total.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from content.aggregates import Measured
from content.models import Source
from content.serializers import reference
from cooperation.choices import BudgetType

HUNDREDTH = Decimal("0.01")


class Rate(NamedTuple):
    """One unit of `base` was worth `value` of another currency on that day, says the source with this id."""

    base: str
    date: date
    value: Decimal
    source: int


class Amount(NamedTuple):
    """`rates` has one for each base currency that it may be converted into."""

    currency: str
    rates: tuple[Rate, ...]
    amount: Decimal


class Converted(NamedTuple):
    """A total in one currency: the rates that made it, and the sums that no rate could bring in."""

    currency: str
    amount: Decimal
    rates: list[tuple[str, Rate]]
    left_out: dict[str, Decimal]


def amount_of(currency: str, rates: Iterable, amount: Decimal) -> Amount:
    """From what the database gives; see MoneyQuerySet.with_rates."""
    return Amount(currency, tuple(_rate(one) for one in rates), amount)


def _rate(told: dict | str) -> Rate:
    told = json.loads(told) if isinstance(told, str) else told
    return Rate(told["base"], date.fromisoformat(told["date"]), Decimal(told["value"]), told["source"])


def in_effect(budgets: Iterable) -> list:
    """A revised budget stands in for the original ones of its period and currency, as in BudgetQuerySet."""
    budgets = list(budgets)
    revised = {_period(budget) for budget in budgets if budget.type == BudgetType.REVISED}
    return [budget for budget in budgets if budget.type == BudgetType.REVISED or _period(budget) not in revised]


def _period(budget) -> tuple:
    return budget.currency, budget.period_start, budget.period_end


def by_currency(amounts: Iterable[Amount]) -> dict[str, Decimal]:
    sums = defaultdict(Decimal)
    for one in amounts:
        sums[one.currency] += one.amount
    return dict(sorted(sums.items()))


def converted(amounts: Iterable[Amount]) -> list[Converted]:
    """The total in each currency that at least one rate leads to."""
    amounts = list(amounts)
    bases = sorted({rate.base for one in amounts for rate in one.rates})
    return [_converted(amounts, base) for base in bases]


def _converted(amounts: list[Amount], base: str) -> Converted:
    total, used, left_out = Decimal(), set(), []
    for one in amounts:
        rate = next((rate for rate in one.rates if rate.base == base), None)
        if one.currency == base:
            total += one.amount
        elif rate:
            total += one.amount / rate.value
            used.add((one.currency, rate))
        else:
            left_out.append(one)
    return Converted(base, total.quantize(HUNDREDTH), sorted(used), by_currency(left_out))


def sources() -> dict[int, Source]:
    """The public sources of rates by their id: few, so that an answer asks for them once."""
    return Source.objects.published().defer("text").filter(exchange_rates__isnull=False).distinct().in_bulk()


# As the API tells it


def plain(sums: dict[str, Decimal]) -> list[dict[str, str]]:
    return [{"amount": str(amount), "currency": currency} for currency, amount in sums.items()]


def totals(amounts: list[Amount], known: dict[int, Source], language: str) -> dict[str, Any]:
    return {
        "by_currency": plain(by_currency(amounts)),
        "converted": [
            {
                "amount": str(one.amount),
                "currency": one.currency,
                "rates": [rate_told(currency, rate, known, language) for currency, rate in one.rates],
                "not_converted": plain(one.left_out),
            }
            for one in converted(amounts)
        ],
    }


def rate_told(currency: str, rate: Rate, known: dict[int, Source], language: str) -> dict[str, Any]:
    return {
        "base": rate.base,
        "currency": currency,
        "value": f"{rate.value.normalize():f}",
        "date": rate.date.isoformat(),
        "source": reference(known.get(rate.source), language),
    }


def amounts_of(measured: Measured) -> list[Amount]:
    return [amount_of(*one) for one in measured.totals]


def measured_told(measured: Measured, count: int, language: str, known: dict[int, Source]) -> dict[str, Any]:
    """Null where nobody has recorded an amount, an empty list where all rows are known to have none."""
    told = {
        "recorded": measured.recorded,
        "recorded_none": measured.none,
        "not_recorded": count - measured.recorded - measured.none,
    }
    if measured.recorded:
        return totals(amounts_of(measured), known, language) | told
    nothing = [] if measured.none and measured.none == count else None
    return {"by_currency": nothing, "converted": nothing} | told


AMOUNT_SCHEMA = {
    "type": "object",
    "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
}
RATE_SCHEMA = {
    "type": "object",
    "description": "One unit of `base` was worth `value` of `currency` on that day.",
    "properties": {
        "base": {"type": "string"},
        "currency": {"type": "string"},
        "value": {"type": "string"},
        "date": {"type": "string", "format": "date"},
        "source": {"type": ["object", "null"]},
    },
}
TOTALS_SCHEMA = {
    "type": ["object", "null"],
    "description": "One sum a currency; and where a published source has rates, what these sums come to in another.",
    "properties": {
        "by_currency": {"type": ["array", "null"], "items": AMOUNT_SCHEMA},
        "converted": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {
                    **AMOUNT_SCHEMA["properties"],
                    "rates": {"type": "array", "items": RATE_SCHEMA},
                    "not_converted": {"type": "array", "items": AMOUNT_SCHEMA},
                },
            },
        },
    },
}
