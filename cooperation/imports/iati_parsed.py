"""What an IATI file says, as plain values without a database behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from content.imports.problems import Problem

# Language code of the portal → text.
Texts = dict[str, str]

TRANSACTIONS, LOCATIONS = "transactions", "locations"


@dataclass(slots=True)
class Party:
    """An organisation as an element names it: by its identifier, its name, or both. `kind` is as its type tells."""

    ref: str
    names: Texts
    kind: str = ""

    def __bool__(self) -> bool:
        return bool(self.ref or self.names)


class Share(NamedTuple):
    """`origin` says where the country of a project was found, if the project itself has none."""

    code: str
    percentage: Decimal | None
    vocabulary: str = ""
    origin: str = ""
    line: int = 0


class Money(NamedTuple):
    amount: Decimal
    currency: str
    value_date: date


class Budget(NamedTuple):
    money: Money
    type: str
    status: str
    period_start: date
    period_end: date


@dataclass(slots=True)
class Transaction:
    money: Money
    type: str
    date: date
    description: Texts
    provider: Party | None
    receiver: Party | None


@dataclass(slots=True)
class Activity:
    """`texts` are by the name of the project's field; those of HTML come as HTML.

    A list that is empty, and a text that isn't there, say nothing. With `refused` the activity doesn't come in.
    `own` is the UUID of a project that the portal itself has written, which has no identifier of its own.
    """

    line: int
    identifier: str = ""
    own: str = ""
    refused: str = ""
    texts: dict[str, Texts] = field(default_factory=dict)
    status: str = ""
    dates: dict[str, str] = field(default_factory=dict)
    reporter: Party | None = None
    organisations: list[tuple[Party, str]] = field(default_factory=list)
    countries: list[Share] = field(default_factory=list)
    regions: list[Share] = field(default_factory=list)
    sectors: list[Share] = field(default_factory=list)
    strand: str = ""
    budgets: list[Budget] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parts: int = 0
    # In characters of the file.
    size: int = 0

    @property
    def title(self) -> str:
        texts = self.texts.get("title", {})
        return texts.get("en") or next(iter(texts.values()), "")

    def parties(self) -> list[Party]:
        found = [self.reporter, *(party for party, _role in self.organisations)]
        for transaction in self.transactions:
            found += [transaction.provider, transaction.receiver]
        return [party for party in found if party]
