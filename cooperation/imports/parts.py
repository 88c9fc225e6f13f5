"""The parts of agreements and projects in a table: parties, shares, roles, money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

from conference.imports.tables.columns import (
    UNSTORABLE,
    At,
    Feeder,
    Nothing,
    PartsColumn,
    Rows,
    checked,
    country_codes,
    is_namibia,
    read_countries,
    read_country,
    read_organisations,
)
from conference.imports.tables.draft import Draft, Parts, identity
from conference.models import Country, Organisation
from content import languages
from content.imports import cells
from content.imports.cells import shown
from content.imports.spelling import clean, plain
from cooperation.choices import BudgetStatus, BudgetType, CountryOrigin, ProjectRole, TransactionType
from cooperation.models import (
    AgreementParty,
    Budget,
    ProjectCountry,
    ProjectOrganisation,
    ProjectRegion,
    ProjectSector,
    Transaction,
)

# What rounding to one decimal place may cost each share.
_ROUNDING = Decimal("0.05")
_MOST_SECTOR = ProjectSector._meta.get_field("code").max_length


def _once(rows: list[dict[str, Any]], *keys: str) -> Rows:
    """Each of them once; the same with other values is a contradiction."""
    found: dict[tuple, dict[str, Any]] = {}
    for row in rows:
        key = tuple(identity(row[name]) for name in keys)
        if found.setdefault(key, row) != row:
            raise ValueError(f"{row[keys[0]]} is named twice, with different values")
    return Rows(found.values())


# ── parties ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Parties(PartsColumn):
    """Countries by code or name, and organisations."""

    def survey(self, texts):
        return country_codes(texts)

    def is_null(self, text: str, hint: Any) -> bool:
        return not is_namibia(text, hint)

    def read(self, text: str, at: At) -> Rows:
        parties = [party for item in cells.items(text) for party in self._parties(item, at)]
        return _once(
            [
                {
                    "country": party if isinstance(party, Country) else None,
                    "organisation": party if isinstance(party, Organisation) else None,
                }
                for party in parties
            ],
            "country",
            "organisation",
        )

    def _parties(self, item: str, at: At) -> list[Country | Organisation]:
        if at.own and item != item.upper():
            return read_organisations(item, at)
        if at.known.names_organisation(item):
            return read_organisations(item, at)
        try:
            return read_countries(item, at)
        except ValueError:
            if item == "NA":
                raise
            return read_organisations(item, at)

    def plan(self, value: Any, draft: Draft, at: At) -> None:
        super().plan(value, draft, at)
        last = max((row.position for row in draft.stored.get(self.name, ())), default=0)
        draft.parts[self.model].add = [
            {**row, "position": last + place} for place, row in enumerate(draft.parts[self.model].add, 1)
        ]


PARTIES = {
    "model": AgreementParty,
    "owner": "agreement",
    "keys": ("country", "organisation"),
    "targets": ("country", "organisation"),
}

# ── shares ─────────────────────────────────────────────────────────────────────────────────────────────────────────


Shares = list[Decimal | None]


def add_up(shares: Shares) -> bool:
    """Shares of all or of none, and a hundred together, as far as they were not rounded."""
    given = [share for share in shares if share is not None]
    return not given or (len(given) == len(shares) and abs(sum(given) - 100) <= _ROUNDING * len(given))


def by_vocabulary(shares: Iterable[tuple[str, Decimal | None]]) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for vocabulary, share in shares:
        found.setdefault(vocabulary, []).append(share)
    return found


def places(countries: Iterable[tuple[str, Decimal | None]], regions: Iterable[tuple[str, Decimal | None]]):
    """Countries and the regions of each vocabulary are one whole, as IATI has them.

    Countries come with where they were derived from, since those have no share.
    """
    stated = [share for origin, share in countries if not origin]
    return [[*stated, *group] for group in by_vocabulary(regions).values()] or [stated]


def check_sum(shares: Shares, what: str, at: At) -> None:
    given = [share for share in shares if share is not None]
    if not given:
        return
    total = sum(given)
    if add_up(shares):
        if total != 100:
            at.say(f"rounded {what} {total}", f"the shares of the {what} add up to {total:f}, as they were rounded")
        return
    if at.own and total <= 100:
        # What is hidden there has a share too.
        at.say(f"part {what} {total}", f"the shares of the {what} add up to {total:f} per cent")
        return
    if len(given) < len(shares):
        raise ValueError(f"some of the {what} have a share and some have none")
    raise ValueError(f"the shares of the {what} add up to {total:f} per cent, not to 100")


def _share(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    return cells.read_share(str(value))


@dataclass(frozen=True)
class Countries(PartsColumn):
    """Recipient countries: "KE: 60; ET: 40", "Kenya; Ethiopia", or as our own tables have them."""

    def survey(self, texts):
        return country_codes(texts)

    def is_null(self, text: str, hint: Any) -> bool:
        return not is_namibia(text, hint)

    def read(self, text: str, at: At) -> Rows:
        if cells.is_json(text):
            rows = [
                {
                    "country": read_country(_text(item, "code"), at),
                    "percentage": _share(item.get("percentage")),
                    "derived_from": _origin(item),
                }
                for item in cells.read_json(text)
            ]
        else:
            rows = [row for item in cells.items(text) for row in self._rows(item, at)]
        return _once(rows, "country")

    def _rows(self, item: str, at: At) -> list[dict[str, Any]]:
        name, share = cells.with_share(item)
        if share is None:
            found = read_countries(name, at)
            return [{"country": country, "percentage": None, "derived_from": ""} for country in found]
        return [{"country": read_country(name, at), "percentage": share, "derived_from": ""}]


COUNTRIES = {
    "model": ProjectCountry,
    "owner": "project",
    "keys": ("country",),
    "others": ("percentage", "derived_from"),
    "targets": ("country",),
    "beside": ("regions",),
}


def _origin(item: dict[str, Any]) -> str:
    origin = item.get("derived_from") or ""
    if origin and origin not in CountryOrigin.values:
        raise ValueError(f"{shown(str(item))} is derived from what can't be read")
    return origin


@dataclass(frozen=True)
class Codes(PartsColumn):
    """Sectors or regions by their codes: "43082", "43082: 60; 11420: 40"; our own tables name the vocabulary, too."""

    # The vocabulary by the number of digits.
    vocabularies: Mapping[int, str] = field(default_factory=dict)

    def read(self, text: str, at: At) -> Rows:
        if cells.is_json(text):
            rows = [
                {
                    "vocabulary": _text(item, "vocabulary", 3),
                    "code": _text(item, "code", _MOST_SECTOR),
                    "percentage": _share(item.get("percentage")),
                }
                for item in cells.read_json(text)
            ]
        else:
            rows = [self._row(item) for item in cells.items(text)]
        return _once(rows, "vocabulary", "code")

    def _row(self, item: str) -> dict[str, Any]:
        said, share = cells.with_share(item)
        code = said.partition(" ")[0]
        if not code[:1].isdigit() or not code.isascii() or len(code) > _MOST_SECTOR:
            raise ValueError(f"{shown(item)} has no code in digits, such as 43082")
        return {"vocabulary": self.vocabularies.get(len(code), "99"), "code": code, "percentage": share}


SECTORS = {
    "model": ProjectSector,
    "owner": "project",
    "keys": ("vocabulary", "code"),
    "others": ("percentage",),
    "vocabularies": {5: "1", 3: "2"},
}
# Of OECD DAC, three digits or, where they are finer, five.
REGIONS = {
    "model": ProjectRegion,
    "owner": "project",
    "keys": ("vocabulary", "code"),
    "others": ("percentage",),
    "vocabularies": {3: "1", 5: "1"},
    "beside": ("countries",),
}


def check_shares(draft: Draft, at: At) -> None:
    """Countries and regions together, sectors of each vocabulary, as IATI has them."""
    if draft.parts.get(ProjectCountry) or draft.parts.get(ProjectRegion):
        countries = _shares(draft, "countries", ProjectCountry, "derived_from")
        for group in places(countries, _shares(draft, "regions", ProjectRegion, "vocabulary")):
            check_sum(group, "countries", at)
    if draft.parts.get(ProjectSector):
        for group in by_vocabulary(_shares(draft, "sectors", ProjectSector, "vocabulary")).values():
            check_sum(group, "sectors", at)


def _shares(draft: Draft, name: str, model: type[models.Model], beside: str) -> Iterator[tuple[str, Decimal | None]]:
    return zip(draft.rows_of(name, model, beside), draft.rows_of(name, model, "percentage"), strict=True)


def _text(item: dict[str, Any], key: str, most: int = 300) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value or len(value) > most:
        raise ValueError(f"{shown(str(item))} has no {key} that can be read")
    return clean(value)[0]


# ── roles ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_ROLES = {plain(role.name): role for role in ProjectRole} | {
    plain(word): ProjectRole(value)
    for value, words in {
        "1": "funder|donor|bailleur|financiador|финансирование|资助",
        "2": "responsible|responsable|ответственный|负责",
        "3": "extending",
        "4": "implementer|executing|执行|实施|исполнитель",
    }.items()
    for word in words.split("|")
}


@dataclass(frozen=True)
class Roles(PartsColumn):
    """Participating organisations: "Academy (funding); University", where who has no role implements."""

    def read(self, text: str, at: At) -> Rows:
        if cells.is_json(text):
            rows = [self._row_of(item, at) for item in cells.read_json(text)]
        else:
            rows = [self._row(item, at) for item in cells.items(text)]
        return _once(rows, "organisation", "role")

    def _row_of(self, item: dict[str, Any], at: At) -> dict[str, Any]:
        organisation = item.get("organisation")
        if not isinstance(organisation, dict) or item.get("role") not in ProjectRole.values:
            raise ValueError(f"{shown(str(item))} is no organisation with its role")
        return {"organisation": at.known.organisation_of(organisation, at.say), "role": item["role"]}

    def _row(self, item: str, at: At) -> dict[str, Any]:
        name, _, role = item.removesuffix(")").rpartition("(")
        known = _ROLES.get(plain(role)) if name and item.endswith(")") else None
        return {
            "organisation": at.known.organisation(name.strip() if known else item, at.say),
            "role": str(known or ProjectRole.IMPLEMENTING),
        }


ROLES = {
    "model": ProjectOrganisation,
    "owner": "project",
    "keys": ("organisation", "role"),
    "targets": ("organisation",),
}
ROLE_COLUMNS = {
    "funding": ProjectRole.FUNDING,
    "accountable": ProjectRole.ACCOUNTABLE,
    "extending": ProjectRole.EXTENDING,
    "implementing": ProjectRole.IMPLEMENTING,
}


def gather_roles(values: dict[str, Any]) -> None:
    """A column for each role tells of that role alone."""
    given = {name: values.pop(name) for name in ROLE_COLUMNS if name in values}
    if not given or "organisations" in values:
        return
    rows = [
        {"organisation": organisation, "role": str(ROLE_COLUMNS[name].value)}
        for name, organisations in given.items()
        for organisation in ([] if isinstance(organisations, Nothing) else organisations)
    ]
    roles = {str(ROLE_COLUMNS[name].value) for name in given}
    values["organisations"] = Rows(_once(rows, "organisation", "role"), lambda row: row.role in roles)


# ── money ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_amount(text: str, at: At) -> Decimal:
    amount = cells.read_number(text, at.hint or "")
    if abs(amount) >= 10**18:
        raise ValueError(f"{shown(text)} is too large for an amount of money")
    if amount != round(amount, 2):
        raise ValueError(f"{shown(text)} has more than two decimal places")
    return amount


def read_currency(text: str, at: At) -> str:
    return str(checked(Budget._meta.get_field("currency"), text.strip().upper()))


def read_day(text: str, at: At) -> date:
    return whole_day(cells.read_date(text, at.hint or "", any_year=at.own))


def whole_day(said: str, last: bool = False) -> date:
    """A month or a year begins with its first day, and ends with its last."""
    if len(said) == 10:
        return date.fromisoformat(said)
    year, _, month = said.partition("-")
    if not last:
        return date(int(year), int(month or 1), 1)
    following = date(int(year) + 1, 1, 1) if month in {"", "12"} else date(int(year), int(month) + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _day(item: dict[str, Any], key: str) -> date:
    text = _text(item, key)
    said = cells.read_date(text, any_year=True)
    if len(said) != 10:
        raise ValueError(f"{shown(text)} is no day")
    return date.fromisoformat(said)


def _money(item: dict[str, Any], at: At) -> dict[str, Any]:
    value = item.get("value")
    if not isinstance(value, dict):
        raise ValueError(f"{shown(str(item))} has no value")
    return {
        "amount": read_amount(_text(value, "amount"), at),
        "currency": read_currency(_text(value, "currency"), at),
        "value_date": _day(value, "value_date"),
    }


def _one_of(item: dict[str, Any], key: str, choices: Any) -> str:
    value = item.get(key)
    if value not in choices.values:
        raise ValueError(f"{shown(str(item))} has no {key} of the code list")
    return value


@dataclass(frozen=True)
class Budgets(PartsColumn):
    def read(self, text: str, at: At) -> Rows:
        rows = [
            {
                "type": _one_of(item, "type", BudgetType),
                "status": _one_of(item, "status", BudgetStatus),
                "period_start": _day(item, "period_start"),
                "period_end": _day(item, "period_end"),
                **_money(item, at),
            }
            for item in cells.read_json(text)
        ]
        for row in rows:
            if row["period_end"] < row["period_start"]:
                raise ValueError("the period of a budget ends before it starts")
        return Rows(rows)


BUDGETS = {
    "model": Budget,
    "owner": "project",
    "keys": ("type", "status", "period_start", "period_end", "amount", "currency", "value_date"),
}


def gather_budget(values: dict[str, Any], at: At) -> None:
    """One amount a row, over the time of the project: of the budgets on file, it replaces that of the same time."""
    amount, currency, value_date = (
        values.pop(name, None) for name in ("budget_amount", "budget_currency", "budget_value_date")
    )
    if not isinstance(amount, Decimal) or "budgets" in values:
        return
    if not isinstance(currency, str):
        raise ValueError(f"the budget of {amount:f} has no currency: map budget_currency, or give it for all rows")
    start, end = _period(values)
    if not isinstance(value_date, date):
        value_date = start
    if not start or not value_date:
        raise ValueError("the budget has no value date, and the project no start that could stand in for it")
    start, end = start or value_date, end or start or value_date
    row = {
        "type": BudgetType.ORIGINAL.value,
        "status": BudgetStatus.INDICATIVE.value,
        "period_start": start,
        "period_end": max(start, end),
        "amount": amount,
        "currency": currency,
        "value_date": value_date,
    }
    same = ("type", "status", "period_start", "period_end", "currency")
    values["budgets"] = Rows([row], lambda known: all(getattr(known, name) == row[name] for name in same))


def _period(values: dict[str, Any]) -> tuple[date | None, date | None]:
    def first(*names: str) -> str:
        return next((values[name] for name in names if isinstance(values.get(name), str)), "")

    start, end = first("actual_start", "planned_start"), first("actual_end", "planned_end")
    return (whole_day(start) if start else None), (whole_day(end, last=True) if end else None)


@dataclass(frozen=True)
class Transactions(PartsColumn):
    """Our own tables name provider and receiver where they are public.

    Where they name none, those on file stay with a movement of the same day and kind.
    """

    parties: tuple[str, ...] = ()

    def read(self, text: str, at: At) -> Rows:
        return Rows(
            {
                "type": _one_of(item, "type", TransactionType),
                "date": _day(item, "date"),
                "description": _words(item.get("description"), at),
                **{name: self._party(item.get(name), at) for name in self.parties},
                **_money(item, at),
            }
            for item in cells.read_json(text)
        )

    def compare(self, rows, stored, at: At) -> Parts:
        left: dict[tuple, list[Transaction]] = {}
        for row in stored:
            left.setdefault(self.stored_key(row), []).append(row)
        rows, found = list(rows), set()
        # Whoever names more of the parties chooses first, so that a hidden one is left to who names none.
        for place, row in sorted(enumerate(rows), key=lambda one: -len(self._named(one[1]))):
            same = left.get(self.row_key(row), [])
            if known := next((one for one in same if self._is_same(one, row)), None):
                same.remove(known)
                found.add(place)
        change = Parts(add=[row for place, row in enumerate(rows) if place not in found])
        gone = [row for group in left.values() for row in group]
        change.remove = [row.pk for row in gone]
        change.add = [self._made(row, gone) for row in change.add]
        return change

    def _party(self, reference: Any, at: At) -> Organisation | None:
        if reference is not None and not isinstance(reference, dict):
            raise ValueError(f"{shown(str(reference))} is no organisation between whom money moved")
        return at.known.organisation_of(reference, at.say) if reference else None

    def _is_same(self, stored: Transaction, row: dict[str, Any]) -> bool:
        same_parties = (self._stored(stored, name) == identity(party) for name, party in self._named(row).items())
        return _says(stored, row["description"]) and all(same_parties)

    def _named(self, row: dict[str, Any]) -> dict[str, Organisation]:
        return {name: row[name] for name in self.parties if row[name]}

    def _made(self, row: dict[str, Any], gone: list[Transaction]) -> dict[str, Any]:
        words = {languages.column("description", code): text for code, text in row["description"].texts.items()}
        values = {name: row[name] for name in self.keys} | words
        same = next((old for old in gone if (old.type, old.date) == (row["type"], row["date"])), None)
        if same:
            gone.remove(same)
            values |= {f"{name}_id": getattr(same, f"{name}_id") for name in self.parties if not row[name]}
        return values | self._named(row)


TRANSACTIONS = {
    "model": Transaction,
    "owner": "project",
    "keys": ("type", "date", "amount", "currency", "value_date"),
    "parties": ("provider", "receiver"),
}


class Words(NamedTuple):
    """A text by language; `whole`: in all languages that it has."""

    texts: dict[str, str]
    whole: bool


def _words(value: Any, at: At) -> Words:
    whole = isinstance(value, dict)
    said = value if whole else {at.language or "en": value}
    texts = {code: UNSTORABLE.sub("", text) for code, text in said.items() if isinstance(text, str) and text}
    return Words({code: text for code, text in texts.items() if code in languages.CODES}, whole)


def _says(row: Transaction, words: Words) -> bool:
    stored = {code: getattr(row, languages.column("description", code)) for code in languages.CODES}
    known = {code: " ".join(text.split()) for code, text in stored.items() if text and text.strip()}
    said = {code: " ".join(text.split()) for code, text in words.texts.items() if text.strip()}
    if words.whole or not said:
        return known == said
    return set(said.values()) <= set(known.values())


FEEDERS = (
    *((name, read_organisations, lambda texts: None) for name in ROLE_COLUMNS),
    ("budget_amount", read_amount, cells.decimal_sign_in),
    ("budget_currency", read_currency, lambda texts: None),
    ("budget_value_date", read_day, cells.order_in),
)


def feeders(labels: dict[str, Any]) -> tuple[Feeder, ...]:
    return tuple(Feeder(name, labels[name], reads=reads, surveys=surveys) for name, reads, surveys in FEEDERS)
