"""Activities of IATI 2.03. `docs/formats.md` says what is written for what IATI asks and nobody has recorded."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from content.exports.markup import DECLARATION, XML_LANG, comment, element, written
from content.exports.plain_text import plain_text

Row = dict[str, Any]
Texts = dict[str, str | None]

VERSION = "2.03"
# Of what has no language of its own on file: the words of transactions.
DEFAULT_LANGUAGE = "en"
# The code lists of IATI have two letters for each language.
LANGUAGE_CODES = {"zh-hans": "zh"}
OTHER_ORGANISATION = "90"
SECONDARY_REPORTER = "1"
OWN_VOCABULARY = "99"
IMPLEMENTING = "4"
# Code of ActivityDateType → the key of the row, and whether a year or month is told by its first or its last day.
DATES = {
    "1": ("planned_start", "first"),
    "2": ("actual_start", "first"),
    "3": ("planned_end", "last"),
    "4": ("actual_end", "last"),
}
# Kinds of organisation that say which of OrganisationType they are. Others may be one or another.
ORGANISATION_TYPES = {
    "government": "10",
    "academy": "80",
    "university": "80",
    "institute": "80",
    "intergovernmental": "40",
    "company": "70",
}


@dataclass(frozen=True, slots=True)
class ActivitiesHead:
    """Who reports: the portal, by its host and by its name in each language that it has one in.

    `strands_address` is a page of what `tag` means; `language` stands first among the languages of each text.
    """

    host: str
    names: Texts
    strands_address: str
    language: str


def to_iati(head: ActivitiesHead, rows: Iterable[Row]) -> Iterator[str]:
    """One activity a row, its texts in all languages; where a row can't be one, a comment says why.

    A row is that of the API in all languages at once, with the `kind` of its organisations and the `provider` and
    `receiver` of its transactions.
    """
    yield f'{DECLARATION}<iati-activities version="{VERSION}">\n'
    for row in rows:
        if missing := missing_from(row):
            yield "  " + comment(f"{row['slug']} is no activity: {missing} is not recorded") + "\n"
        else:
            yield written(activity(head, row), 1)
    yield "</iati-activities>\n"


def missing_from(row: Row) -> str:
    """What IATI asks for and nothing but a record can say."""
    if not row["status"]:
        return "its status"
    return "" if any(row[key] for key, _end in DATES.values()) else "a date"


def activity(head: ActivitiesHead, row: Row):
    made = element(
        "iati-activity",
        None,
        element("iati-identifier", row["iati_identifier"] or f"{head.host}-{row['id']}"),
        reporting_organisation(head),
        element("title", None, *narratives(row["title"], head.language)),
        element("description", None, *descriptions(row["description"], head.language)),
        *organisations(row["organisations"], head.language),
        element("activity-status", code=row["status"]),
        *dates(row),
        *countries(row["countries"], head.language),
        *(element("sector", **share(sector), vocabulary=sector["vocabulary"]) for sector in row["sectors"] or ()),
        strand(row["strand"], head),
        *(budget(one) for one in row["budgets"] or ()),
        *(transaction(one, head.language) for one in row["transactions"] or ()),
        last_updated_datetime=row["modified"],
    )
    made.set(XML_LANG, DEFAULT_LANGUAGE)
    return made


def narratives(texts: Texts, first: str) -> list:
    languages = sorted((code for code, text in texts.items() if text), key=lambda code: code != first)
    return [narrative(texts[code], LANGUAGE_CODES.get(code, code)) for code in languages]


def narrative(text: str | None, language: str | None = None):
    made = element("narrative", text)
    if language:
        made.set(XML_LANG, language)
    return made


def descriptions(texts: Texts, first: str) -> list:
    """A description is required; an empty one says that none is recorded."""
    plain = {code: plain_text(text) for code, text in texts.items() if text}
    return narratives(plain, first) or [narrative(None)]


def reporting_organisation(head: ActivitiesHead):
    """The portal passes on what others did. It has no identifier of a registration agency: its host stands there."""
    names = narratives(head.names, head.language) or [narrative(head.host)]
    about = {"ref": head.host, "type": OTHER_ORGANISATION, "secondary-reporter": SECONDARY_REPORTER}
    return element("reporting-org", None, *names, **about)


def organisations(rows: list[Row] | None, first: str) -> list:
    """One is required; one without a name says that none is recorded."""
    return [
        element(
            "participating-org",
            None,
            *narratives(row["organisation"]["name"], first),
            role=row["role"],
            type=ORGANISATION_TYPES.get(row["kind"]),
        )
        for row in rows or ()
    ] or [element("participating-org", role=IMPLEMENTING)]


def dates(row: Row) -> list:
    """A month or a year becomes its first day, at the end of a project its last; the narrative says what is known."""
    return [
        element(
            "activity-date",
            None,
            narrative(row[key]) if len(row[key]) < len("2023-11-06") else None,
            type=code,
            iso_date=whole_date(row[key], end),
        )
        for code, (key, end) in DATES.items()
        if row[key]
    ]


def whole_date(text: str, end: str) -> str:
    year, month, day = [*text.split("-"), "", ""][:3]
    month = month or ("01" if end == "first" else "12")
    day = day or ("01" if end == "first" else str(monthrange(int(year), int(month))[1]))
    return f"{year}-{month}-{day}"


def countries(rows: list[Row] | None, first: str) -> list:
    """Extinct states have no code in IATI."""
    return [
        element("recipient-country", None, *narratives(row["name"], first), **share(row))
        for row in rows or ()
        if len(row["code"]) == 2
    ]


def share(row: Row) -> dict[str, str | None]:
    percentage = row["percentage"]
    return {"code": row["code"], "percentage": None if percentage is None else str(percentage)}


def strand(reference: Row | None, head: ActivitiesHead):
    if not reference:
        return None
    named = narratives(reference["name"], head.language)
    uri = {"vocabulary-uri": head.strands_address}
    return element("tag", None, *named, vocabulary=OWN_VOCABULARY, code=reference["slug"], **uri)


def value(money: Row):
    return element("value", money["amount"], currency=money["currency"], value_date=money["value_date"])


def budget(row: Row):
    return element(
        "budget",
        None,
        element("period-start", iso_date=row["period_start"]),
        element("period-end", iso_date=row["period_end"]),
        value(row["value"]),
        type=row["type"],
        status=row["status"],
    )


def transaction(row: Row, first: str):
    return element(
        "transaction",
        None,
        element("transaction-type", code=row["type"]),
        element("transaction-date", iso_date=row["date"]),
        value(row["value"]),
        element("description", None, narrative(row["description"])) if row["description"] else None,
        party("provider-org", row["provider"], first),
        party("receiver-org", row["receiver"], first),
    )


def party(tag: str, reference: Row | None, first: str):
    return element(tag, None, *narratives(reference["name"], first)) if reference else None
