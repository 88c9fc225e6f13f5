"""Activities of IATI 2.01 to 2.03 as plain values, with what is doubtful about each by its line.

`read_activities` needs no database: what an activity means for the portal is the planner's. `docs/formats.md` says
what is tolerated, and what is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from content.exports.plain_text import as_html, plain_text
from content.imports.problems import FileError, Problem, quoted
from cooperation.choices import CountryOrigin
from cooperation.exports.iati import DATES
from cooperation.imports import iati_codes
from cooperation.imports.iati_parsed import (
    LOCATIONS,
    TRANSACTIONS,
    Activity,
    Budget,
    Money,
    Party,
    Share,
    Texts,
    Transaction,
)
from cooperation.imports.iati_values import language_of, partial_date, read_date, read_number, rounded
from cooperation.imports.iati_xml import CONVERT, IatiFile, Node

FORMAT = "iati"
LONGEST_IDENTIFIER = 300
LONGEST_REFERENCE = 200
LONGEST_TITLE = 500
LONGEST_NAME = 300
OWN_VOCABULARY = "99"
# Code of DescriptionType → the field of the project.
DESCRIPTIONS = {"1": "description", "2": "objectives", "3": "target_groups", "4": "further_description"}
STATUSES = frozenset("123456")
ROLES = frozenset("1234")
TRANSACTION_TYPES = frozenset(map(str, range(1, 14)))
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LAYOUT = re.compile(r"[\n\r\t]")
_CURRENCY = re.compile(r"[A-Z]{3}")
# Shares of a third each are written as 33.33.
_TOLERANCE = Decimal("0.02")

# What a whole file is told once, with a count.
ROUNDED_SHARES = "percentages with more than four decimals are rounded"
ROUNDED_AMOUNTS = "amounts with more than two decimals are rounded"
NO_LANGUAGE = "activities that name no language are read as English"
OTHER_TAGS = "'tag' is not kept"


class IatiReader:
    """`activities()` gives them while the file is read. `warnings` of the whole file are complete after that.

    `host` is the portal's own: what it exported without an identifier is recognised by the UUID.
    """

    def __init__(self, stream: BinaryIO, host: str = ""):
        self.file = IatiFile(stream)
        self.host = host
        self.counts: Counter[str] = Counter()
        self.first_lines: dict[str, int] = {}

    def activities(self) -> Iterator[Activity]:
        for found in self.file.activities():
            if isinstance(found, Problem):
                yield Activity(found.line, refused=found.reason)
            else:
                self._refuse_version_1(found)
                yield _ActivityReader(self, found).read()
        if not self.file.has_root:
            raise FileError(1, "the file has no element")

    @property
    def warnings(self) -> list[Problem]:
        counted = [
            Problem(self.first_lines[what], "warning", f"{what}: {count} in the file, the first here")
            for what, count in self.counts.items()
        ]
        left = [
            Problem(left.line, "warning", f"{quoted(name)} is not kept: {left.count} in the file, the first here")
            for name, left in self.file.left.items()
        ]
        return [*self.file.warnings, *counted, *left]

    def count(self, what: str, line: int) -> None:
        self.counts[what] += 1
        self.first_lines.setdefault(what, line)

    def _refuse_version_1(self, node: Node) -> None:
        """Where the file names no version, texts without narratives tell it."""
        title = node.first("title")
        if not self.file.names_version and title and title.text.strip() and not title.first("narrative"):
            raise FileError(title.line, f"this looks like IATI 1 (a title without narrative), which {CONVERT}")


def one_line(text: str) -> str:
    """The lines of a file's layout are none of the text's."""
    return " ".join(text.split()) if _LAYOUT.search(text) else text.strip()


def formatted(node: Node, text: str, language: str) -> str:
    """As HTML; with the formatting of an export, as long as that still says what the narrative says."""
    made = as_html(text)
    given = node.attributes.get(f"portal:html-{language}", "")
    return given if given and plain_text(given) == plain_text(made) else made


def added(known: Decimal | None, share: Share, name: str) -> tuple[Decimal | None, str]:
    """The percentage of what has a share already, with a second one of the same; and what to say of it."""
    twice = f"the {name} {quoted(share.code)} is there twice"
    if share.percentage is None:
        return known, twice
    total = (known or Decimal(0)) + share.percentage
    if total > 100:
        return known, f"{twice}: the second is not kept"
    return total, f"{twice}: the percentages are added"


class _ActivityReader:
    def __init__(self, reader: IatiReader, node: Node):
        self.reader = reader
        self.node = node
        self.activity = Activity(node.line, size=node.size)
        self.language = node.attribute("lang")
        self.currency = node.attribute("default-currency")

    def read(self) -> Activity:
        activity = self.activity
        self.read_identifier()
        if activity.refused:
            return activity
        self.read_title()
        self.read_descriptions()
        self.read_status()
        self.read_dates()
        self.read_reporter()
        self.read_organisations()
        self.read_transactions()
        self.read_places()
        activity.sectors = self.shares("sector", iati_codes.SECTOR_VOCABULARIES)
        self.check_sectors()
        self.read_strand()
        self.read_budgets()
        if not self.language and not activity.refused:
            self.reader.count(NO_LANGUAGE, self.node.line)
        activity.parts = sum(
            map(len, (activity.organisations, activity.sectors, activity.budgets, activity.transactions))
        )
        return activity

    def warn(self, line: int, reason: str) -> None:
        problem = Problem(line, "warning", reason)
        if problem not in self.activity.problems[-3:]:
            self.activity.problems.append(problem)

    def attempt(self, line: int, what: str, read: Callable, *arguments):
        """The value, or None with a warning that names the element."""
        try:
            return read(*arguments)
        except ValueError as error:
            self.warn(line, f"{what}: {error}")
            return None

    # ── what it is called ──────────────────────────────────────────────────────────────────────────────────────────

    def read_identifier(self) -> None:
        node = self.node.first("iati-identifier")
        identifier = " ".join(node.text.split()) if node else ""
        if not identifier:
            self.activity.refused = "the activity has no iati-identifier"
        elif len(identifier) > LONGEST_IDENTIFIER:
            self.activity.refused = f"the iati-identifier has more than {LONGEST_IDENTIFIER} characters"
        self.activity.identifier = identifier
        beginning = f"{self.reader.host}-"
        if self.is_own() and identifier.startswith(beginning):
            uuid = identifier.removeprefix(beginning)
            self.activity.own = uuid if _UUID.fullmatch(uuid) else ""

    def is_own(self) -> bool:
        """Whether the portal itself has written the activity."""
        reporter = self.node.first("reporting-org")
        return bool(self.reader.host and reporter and reporter.attribute("ref") == self.reader.host)

    def read_title(self) -> None:
        texts = self.texts(self.node.all("title"), "title")
        for language, text in texts.items():
            if len(text) > LONGEST_TITLE:
                self.warn(self.line_of("title"), f"the title has more than {LONGEST_TITLE} characters, and is cut")
                texts[language] = text[: LONGEST_TITLE - 1] + "…"
        if not texts:
            self.warn(self.line_of("title"), "the activity has no title; its identifier stands in for it")
            texts = {"en": self.activity.identifier}
        self.activity.texts["title"] = texts

    def read_descriptions(self) -> None:
        """Several of one type are put together."""
        for node in self.node.all("description"):
            code = node.attribute("type") or "1"
            if code not in DESCRIPTIONS:
                self.warn(node.line, f"the description is of type {quoted(code)}, which is not known; it is kept as 1")
            field = DESCRIPTIONS.get(code, "description")
            known = self.activity.texts.setdefault(field, {})
            for language, markup in self.texts([node], "description", markup=True).items():
                known[language] = known.get(language, "") + markup

    def line_of(self, name: str) -> int:
        node = self.node.first(name)
        return node.line if node else self.node.line

    def texts(self, nodes: list[Node], what: str, *, markup: bool = False) -> Texts:
        """The narratives by language. What is in none of the portal's languages is kept only if it is all there is."""
        texts: Texts = {}
        others: list[tuple[str, str, int]] = []
        for node, narrative in [(owner, one) for owner in nodes for one in owner.all("narrative")]:
            tag = narrative.attribute("lang") or self.language or "en"
            language = language_of(tag)
            text = formatted(node, narrative.text, language) if markup else one_line(narrative.text)
            if not text:
                continue
            if not language:
                others.append((tag, text, narrative.line))
            elif texts.setdefault(language, text) != text:
                self.warn(narrative.line, f"the {what} has a second narrative in {tag}, which is not kept")
        for tag, text, line in others:
            kept = not texts
            if kept:
                texts["en"] = text
            end = "kept as English, since there is no other" if kept else "not kept"
            self.warn(line, f"the {what} is in {quoted(tag)}, which the portal doesn't have: {end}")
        if not texts:
            self.look_for_bare_text(nodes, what)
        return texts

    def look_for_bare_text(self, nodes: list[Node], what: str) -> None:
        for node in nodes:
            if node.text.strip():
                self.warn(node.line, f"the {what} has text outside of a narrative, which is not kept")

    # ── what it is ─────────────────────────────────────────────────────────────────────────────────────────────────

    def read_status(self) -> None:
        node = self.node.first("activity-status")
        if not node:
            return
        code = node.attribute("code")
        if code in STATUSES:
            self.activity.status = code
        else:
            self.warn(node.line, f"the status {quoted(code)} is not one of 1 to 6; it is not kept")

    def read_dates(self) -> None:
        lines = {}
        for node in self.node.all("activity-date"):
            key, end = DATES.get(node.attribute("type"), ("", ""))
            if not key:
                self.warn(node.line, f"the date is of type {quoted(node.attribute('type'))}, not 1 to 4: not kept")
                continue
            whole = self.attempt(node.line, "the date is not kept", read_date, node.attribute("iso-date"))
            if whole is None:
                continue
            said = next((text for text in (one.text for one in node.all("narrative")) if text.strip()), "")
            value = partial_date(whole, end, said)
            if self.activity.dates.setdefault(key, value) != value:
                self.warn(node.line, f"a second date of type {node.attribute('type')} is not kept")
            lines[key] = node.line
        for kind in ("planned", "actual"):
            self.check_order(f"{kind}_start", f"{kind}_end", lines)

    def check_order(self, start: str, end: str, lines: dict[str, int]) -> None:
        dates = self.activity.dates
        if start in dates and end in dates and dates[end] < dates[start][: len(dates[end])]:
            words = f"the activity ends on {dates[end]}, before it starts on {dates[start]}: the end is not kept"
            self.warn(lines[end], words)
            del dates[end]

    def read_strand(self) -> None:
        """The portal's own tag; those of others are counted as not kept."""
        for node in self.node.all("tag"):
            if node.attribute("vocabulary") == OWN_VOCABULARY and self.is_own():
                self.activity.strand = node.attribute("code")
            else:
                self.reader.count(OTHER_TAGS, node.line)

    # ── who ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def party(self, node: Node | None, what: str) -> Party | None:
        if node is None:
            return None
        names = self.texts([node], what)
        for language, name in names.items():
            if len(name) > LONGEST_NAME:
                self.warn(node.line, f"the name of the {what} has more than {LONGEST_NAME} characters, and is cut")
                names[language] = name[: LONGEST_NAME - 1] + "…"
        ref = " ".join(node.attribute("ref").split())
        if len(ref) > LONGEST_REFERENCE:
            self.warn(
                node.line, f"the identifier of the {what} has more than {LONGEST_REFERENCE} characters: not kept"
            )
            ref = ""
        kind = node.attribute("portal:kind") or iati_codes.KINDS.get(node.attribute("type"), "")
        return Party(ref, names, kind)

    def read_reporter(self) -> None:
        """The portal passes on what others report; whom, stands in its files beside the identifier."""
        activity = self.activity
        if not self.is_own():
            activity.reporter = self.party(self.node.first("reporting-org"), "reporting organisation")
            return
        for node in self.node.all("other-identifier"):
            owner = node.first("owner-org")
            if owner and node.attribute("portal:reporter"):
                activity.reporter = self.party(owner, "reporting organisation")

    def read_organisations(self) -> None:
        for node in self.node.all("participating-org"):
            party = self.party(node, "participating organisation")
            role = node.attribute("role")
            if not party:
                # What an export has to write where none is recorded.
                if not node.attributes.keys() - {"role"}:
                    continue
                self.warn(node.line, "a participating organisation has neither name nor identifier: not kept")
            elif role not in ROLES:
                self.warn(node.line, f"the role {quoted(role)} is not one of 1 to 4: the organisation is not kept")
            else:
                self.activity.organisations.append((party, role))

    # ── where, and for what ────────────────────────────────────────────────────────────────────────────────────────

    def shares(self, name: str, vocabularies: frozenset[str] = frozenset()) -> list[Share]:
        """Each code once: a second share of the same is added to the first. Those of countries have no vocabulary."""
        found: dict[tuple[str, str], Share] = {}
        for node in self.node.all(name):
            code = node.attribute("code") if vocabularies else node.attribute("code").upper()
            vocabulary = (node.attribute("vocabulary") or "1") if vocabularies else ""
            share = Share(code, self.percentage(node, name), vocabulary, self.origin(node), node.line)
            if not code or len(code) > 50:
                self.warn(node.line, f"the {name} has {'too long a' if code else 'no'} code: not kept")
            elif vocabularies and vocabulary not in vocabularies:
                self.warn(node.line, f"the {name} is of the vocabulary {quoted(vocabulary)}, not known: not kept")
            elif (vocabulary, code) in found:
                known = found[vocabulary, code]
                total, words = added(known.percentage, share, name)
                self.warn(node.line, words)
                found[vocabulary, code] = known._replace(percentage=total)
            else:
                found[vocabulary, code] = share
        return list(found.values())

    def origin(self, node: Node) -> str:
        origin = node.attribute("portal:derived-from")
        if not origin or origin in CountryOrigin.values:
            return origin
        code = quoted(node.attribute("code"))
        self.warn(node.line, f"the country {code} is derived from {quoted(origin)}, which is not known: not kept")
        return ""

    def percentage(self, node: Node, name: str) -> Decimal | None:
        text = node.attribute("percentage").removesuffix("%")
        if not text:
            return None
        read = self.attempt(node.line, f"the percentage of the {name} is not kept", read_number, text)
        if read is None:
            return None
        number, doubt = read
        if doubt:
            self.warn(node.line, f"the percentage of the {name}: {doubt}")
        if not 0 <= number <= 100:
            self.warn(node.line, f"the percentage of the {name}, {quoted(text)}, is not between 0 and 100: not kept")
            return None
        number, lost = rounded(number, 4)
        if lost:
            self.reader.count(ROUNDED_SHARES, node.line)
        return number

    def read_places(self) -> None:
        activity = self.activity
        activity.countries = self.shares("recipient-country")
        activity.regions = self.shares("recipient-region", iati_codes.REGION_VOCABULARIES)
        for region in activity.regions:
            if not iati_codes.is_known_region(region.vocabulary, region.code):
                words = f"the region {quoted(region.code)} is not in the list of vocabulary {region.vocabulary}; kept"
                self.warn(region.line, words)
        stated = [share for share in activity.countries if not share.origin]
        self.check_places(stated)
        if not activity.countries:
            self.derive_countries()

    def check_places(self, countries: list[Share]) -> None:
        """Countries and the regions of each vocabulary are one whole."""
        by_vocabulary: dict[str, list[Share]] = {}
        for region in self.activity.regions:
            by_vocabulary.setdefault(region.vocabulary, []).append(region)
        for regions in by_vocabulary.values() or [[]]:
            self.check_sum([*countries, *regions], "countries and regions" if regions else "countries")

    def check_sectors(self) -> None:
        by_vocabulary: dict[str, list[Share]] = {}
        for sector in self.activity.sectors:
            by_vocabulary.setdefault(sector.vocabulary, []).append(sector)
            if not iati_codes.is_known_sector(sector.vocabulary, sector.code):
                words = f"the sector code {quoted(sector.code)} is not in the list of vocabulary {sector.vocabulary}"
                self.warn(sector.line, f"{words}; it is kept")
        for vocabulary, sectors in by_vocabulary.items():
            self.check_sum(sectors, f"sectors of vocabulary {vocabulary}")

    def check_sum(self, shares: list[Share], what: str) -> None:
        known = [share.percentage for share in shares if share.percentage is not None]
        if not known:
            if len(shares) > 1:
                self.warn(shares[0].line, f"the {len(shares)} {what} have no percentages")
            return
        if len(known) < len(shares):
            missing = next(share.line for share in shares if share.percentage is None)
            self.warn(missing, f"{len(shares) - len(known)} of the {len(shares)} {what} have no percentage")
        total = sum(known)
        if abs(total - 100) > _TOLERANCE and (len(known) == len(shares) or total > 100):
            self.warn(shares[0].line, f"the percentages of the {what} add up to {total.normalize():f}, not to 100")

    def derive_countries(self) -> None:
        """From transactions or, where those name none, from the codes of locations that begin with a country's."""
        for origin, codes in (
            (TRANSACTIONS, self.countries_of_transactions()),
            (LOCATIONS, self.countries_of_locations()),
        ):
            if codes:
                self.activity.countries = [Share(code, None, origin=origin, line=line) for code, line in codes.items()]
                return

    def countries_of_transactions(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for transaction in self.node.all("transaction"):
            for country in transaction.all("recipient-country"):
                if code := country.attribute("code").upper():
                    found.setdefault(code, country.line)
        return found

    def countries_of_locations(self) -> dict[str, int]:
        """Vocabulary A4 has codes of ISO 3166-1 and -2: `KE`, `KE-30`; A3 begins with three letters: `KEN.1_1`."""
        found: dict[str, int] = {}
        for location in self.node.all("location"):
            for place in (*location.all("administrative"), *location.all("location-id")):
                code = place.attribute("code").upper()
                pattern = {"A4": r"([A-Z]{2})(-.*)?", "A3": r"([A-Z]{3})(\..*)?"}.get(place.attribute("vocabulary"))
                match = re.fullmatch(pattern, code) if pattern else None
                country = match[1] if match else place.attribute("country").upper()
                if country:
                    found.setdefault(country, place.line)
        return found

    # ── money ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def money(self, node: Node, what: str, default_day: date | None) -> Money | None:
        value = node.first("value")
        if value is None:
            self.warn(node.line, f"the {what} has no value: not kept")
            return None
        read = self.attempt(value.line, f"the {what} is not kept", read_number, value.text)
        currency = self.currency_of(value, what)
        if read is None or not currency:
            return None
        amount, doubt = read
        if doubt:
            self.warn(value.line, f"the value of the {what}: {doubt}")
        amount, lost = rounded(amount, 2)
        if lost:
            self.reader.count(ROUNDED_AMOUNTS, value.line)
        day = self.value_date(value, what, default_day)
        return Money(amount, currency, day) if day else None

    def currency_of(self, value: Node, what: str) -> str:
        given = value.attribute("currency") or self.currency
        currency = given.upper()
        if not _CURRENCY.fullmatch(currency):
            reason = f"{quoted(given)} is no currency" if given else "it has no currency, nor has the activity"
            self.warn(value.line, f"the {what} is not kept: {reason}")
            return ""
        if currency not in iati_codes.codes("Currency"):
            self.warn(value.line, f"the currency {quoted(currency)} of the {what} is not in the list; it is kept")
        return currency

    def value_date(self, value: Node, what: str, default: date | None) -> date | None:
        text = value.attribute("value-date")
        reason = "it has none"
        if text:
            try:
                return read_date(text)
            except ValueError as error:
                reason = str(error)
        if default is None:
            self.warn(value.line, f"the {what} is not kept: its value date: {reason}")
        else:
            self.warn(value.line, f"the value date of the {what}: {reason}; it is taken to be {default.isoformat()}")
        return default

    def day(self, node: Node, name: str) -> date | None:
        """None where there is none; raises ValueError where there is and it isn't a date."""
        child = node.first(name)
        return read_date(child.attribute("iso-date")) if child and child.attribute("iso-date") else None

    def read_budgets(self) -> None:
        for node in self.node.all("budget"):
            if budget := self.budget(node):
                self.activity.budgets.append(budget)

    def budget(self, node: Node) -> Budget | None:
        try:
            start, end = self.day(node, "period-start"), self.day(node, "period-end")
        except ValueError as error:
            self.warn(node.line, f"the budget is not kept: {error}")
            return None
        if start is None or end is None or end < start:
            reason = (
                "its period has no start or no end" if start is None or end is None else "it ends before it starts"
            )
            self.warn(node.line, f"the budget is not kept: {reason}")
            return None
        money = self.money(node, "budget", start)
        return money and Budget(money, self.one_of(node, "type"), self.one_of(node, "status"), start, end)

    def one_of(self, node: Node, name: str) -> str:
        code = node.attribute(name) or "1"
        if code in {"1", "2"}:
            return code
        self.warn(node.line, f"the {name} {quoted(code)} of the budget is neither 1 nor 2; it is taken to be 1")
        return "1"

    def read_transactions(self) -> None:
        for node in self.node.all("transaction"):
            if transaction := self.transaction(node):
                self.activity.transactions.append(transaction)

    def transaction(self, node: Node) -> Transaction | None:
        kind = node.first("transaction-type")
        code = kind.attribute("code") if kind else ""
        if code not in TRANSACTION_TYPES:
            reason = f"its type {quoted(code)} is not one of 1 to 13" if code else "it has no type"
            self.warn((kind or node).line, f"the transaction is not kept: {reason}")
            return None
        try:
            day = self.day(node, "transaction-date")
        except ValueError as error:
            self.warn(node.line, f"the date of the transaction: {error}")
            day = None
        money = self.money(node, "transaction", day)
        if money is None:
            return None
        if day is None:
            self.warn(node.line, "the transaction has no date; its value date stands in for it")
            day = money.value_date
        description = node.first("description")
        return Transaction(
            money=money,
            type=code,
            date=day,
            description=self.texts([description], "description of a transaction") if description else {},
            provider=self.party(node.first("provider-org"), "provider"),
            receiver=self.party(node.first("receiver-org"), "receiver"),
        )
