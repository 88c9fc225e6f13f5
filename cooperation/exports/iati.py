"""Activities of IATI 2.03. `docs/formats.md` says what is written for what IATI asks and nobody has recorded."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from content.exports.markup import DECLARATION, XML_LANG, comment, element, written
from content.exports.plain_text import as_html, plain_text, readable

Row = dict[str, Any]
Texts = dict[str, str | None]

VERSION = "2.03"
# What IATI has no place for stands in attributes of the portal's own, which its schema allows and others ignore.
NAMESPACE = "urn:portal:iati"
etree.register_namespace("portal", NAMESPACE)
# Of what has no language of its own on file: the words of transactions.
DEFAULT_LANGUAGE = "en"
# The code lists of IATI have two letters for each language.
LANGUAGE_CODES = {"zh-hans": "zh"}
OTHER_ORGANISATION = "90"
SECONDARY_REPORTER = "1"
INTERNAL_IDENTIFIER = "A1"
# Field of the project → code of DescriptionType.
DESCRIPTIONS = {"description": "1", "objectives": "2", "target_groups": "3", "further_description": "4"}
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
# Kinds that the type alone brings back.
TOLD_BY_TYPE = frozenset({"government", "university", "intergovernmental", "company", "other"})


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

    A row is that of the API in all languages at once, with the `kind` and `iati_identifier` of its organisations.
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
        element("iati-identifier", identified(head, row)),
        reporting_organisation(head),
        element("title", None, *narratives(row["title"], head.language)),
        *descriptions(row, head.language),
        *organisations(row["organisations"], head.language),
        reporter(row, head),
        element("activity-status", code=row["status"]),
        *dates(row),
        *countries(row["countries"], head.language),
        *(coded("recipient-region", region) for region in row["regions"] or ()),
        *(coded("sector", sector) for sector in row["sectors"] or ()),
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


def own(made, name: str, value: str | None):
    """An attribute of the portal's own."""
    if value:
        made.set(f"{{{NAMESPACE}}}{name}", readable(value))
    return made


def descriptions(row: Row, first: str) -> list:
    """As plain text, with the HTML beside it where it says more.

    A description is required; an empty one says that none is recorded.
    """
    made = []
    for field, code in DESCRIPTIONS.items():
        texts = {language: html for language, html in row[field].items() if html and plain_text(html)}
        if texts:
            plain = {language: plain_text(html) for language, html in texts.items()}
            said = element("description", None, *narratives(plain, first), type=code)
            for language, html in texts.items():
                own(said, f"html-{language}", html if as_html(plain[language]) != html else None)
            made.append(said)
    return made or [element("description", None, narrative(None))]


def reporting_organisation(head: ActivitiesHead):
    """The portal passes on what others did. It has no identifier of a registration agency: its host stands there."""
    names = narratives(head.names, head.language) or [narrative(head.host)]
    about = {"ref": head.host, "type": OTHER_ORGANISATION, "secondary-reporter": SECONDARY_REPORTER}
    return element("reporting-org", None, *names, **about)


def reporter(row: Row, head: ActivitiesHead):
    """Whose data these are, where that is recorded: the owner of the identifier."""
    if not row["reporter"]:
        return None
    owner = element("owner-org", None, *narratives(row["reporter"]["name"], head.language))
    if identifier := row["reporter"]["iati_identifier"]:
        owner.set("ref", readable(identifier))
    own(owner, "kind", row["reporter"]["kind"])
    made = element("other-identifier", None, owner, ref=identified(head, row), type=INTERNAL_IDENTIFIER)
    return own(made, "reporter", "1")


def identified(head: ActivitiesHead, row: Row) -> str:
    return row["iati_identifier"] or f"{head.host}-{row['id']}"


def named(tag: str, organisation: Row, first: str, **attributes: str | None):
    """An organisation by its identifier, its names, and what it is."""
    kind = organisation["kind"]
    made = element(
        tag,
        None,
        *narratives(organisation["name"], first),
        **attributes,
        ref=organisation["iati_identifier"] or None,
        type=ORGANISATION_TYPES.get(kind),
    )
    return made if kind in TOLD_BY_TYPE else own(made, "kind", kind)


def organisations(rows: list[Row] | None, first: str) -> list:
    """One is required; one without a name says that none is recorded."""
    return [named("participating-org", row["organisation"], first, role=row["role"]) for row in rows or ()] or [
        element("participating-org", role=IMPLEMENTING)
    ]


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
        own(
            element("recipient-country", None, *narratives(row["name"], first), **share(row)),
            "derived-from",
            row["derived_from"],
        )
        for row in rows or ()
        if len(row["code"]) == 2
    ]


def coded(tag: str, row: Row):
    return element(tag, **share(row), vocabulary=row["vocabulary"])


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
        element("description", None, *told) if (told := narratives(row["description"], first)) else None,
        *(named(f"{name}-org", row[name], first) for name in ("provider", "receiver") if row[name]),
    )
