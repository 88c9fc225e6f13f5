"""Records of the cooperation as words ready to show. A list without entries says what that means."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from content import languages, world_map
from content.aggregates import Measured
from content.cards import facts, names
from content.models import Source
from content.presentation import (
    Shown,
    day_range_text,
    locale,
    number_text,
    partial_date_text,
    phrase,
    reference_link,
    says_something,
    shown,
)
from content.serializers import none_or_not_recorded
from cooperation import money, sectors, time_bar

# The code list SectorVocabulary of IATI 2.03, as far as its entries are in common use.
SECTOR_VOCABULARIES = {
    "1": gettext_lazy("OECD DAC, five digits"),
    "2": gettext_lazy("OECD DAC, three digits"),
    "3": gettext_lazy("Functions of government (COFOG)"),
    "7": gettext_lazy("Sustainable Development Goal"),
    "8": gettext_lazy("Target of a Sustainable Development Goal"),
    "9": gettext_lazy("Indicator of a Sustainable Development Goal"),
    "98": gettext_lazy("Of the reporting organisation (2)"),
    "99": gettext_lazy("Of the reporting organisation"),
}
# The code list RegionVocabulary of IATI 2.03.
REGION_VOCABULARIES = {
    "1": gettext_lazy("OECD DAC"),
    "2": gettext_lazy("UN M49"),
    "99": gettext_lazy("Of the reporting organisation"),
}
COUNTRIES_IN_A_ROW = 3
# At the head of a record's page; more are told by their number, and listed below.
NAMED_AT_THE_HEAD = 3
RATES_ONE_BY_ONE = 3


def money_text(amount: Decimal, currency: str) -> str:
    """The currency's code and the amount, to the hundredth where it has hundredths."""
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    return f"{currency} {format_decimal(amount, pattern, locale=locale(languages.current()))}"


def percentage_text(share: Decimal | None) -> str:
    return "" if share is None else _("%(number)s %%") % {"number": number_text(share)}


def is_none(record, name: str) -> bool:
    """Whether an empty list of the record is known to be none; otherwise nobody has recorded it."""
    return none_or_not_recorded(record, name) is not None


def state_text(record, name: str) -> str:
    """What the absence of entries means, as a sentence."""
    return _("None.") if is_none(record, name) else _("Not recorded.")


def fact(term: str, text: str = "", **more) -> dict:
    """A row of a definition list; an empty text reads "Not recorded"."""
    return {"term": term, "text": text, **more}


def linked_fact(term: str, record) -> dict:
    """A fact that is another record."""
    return fact(term, **reference_link(record)) if record else fact(term)


def session_facts(record) -> list[dict]:
    """The session of the conference at which it was adopted or launched, where that is on record."""
    return [linked_fact(_("Adopted or launched at"), record.session)] if record.session else []


def list_fact(record, name: str, term: str, rows: Iterable) -> dict:
    """A fact that is several records: their names, "None" or "Not recorded"."""
    entries = [reference_link(row) if hasattr(row, "get_absolute_url") else named(row) for row in rows]
    return fact(term, _("None") if is_none(record, name) else "", entries=entries)


def named(record) -> dict:
    """The name of a record that has no page, as an entry of a list."""
    text = shown(record, "name")
    return {"text": text.text, "lang": text.lang, "dir": text.dir}


def date_fact(term: str, value: str | None) -> dict:
    return fact(term, partial_date_text(value))


def strand_mark(strand) -> dict | None:
    """A strand for its lane mark, with its name and its page."""
    return reference_link(strand) | {"position": strand.position} if strand else None


def country_link(country) -> dict:
    return reference_link(country) | {"code": country.code}


def project_row(project, known: dict[int, Source]) -> dict:
    """A project as a row of the list; `known` are the sources of rates."""
    countries = [country_link(share.country) for share in project.country_shares.all()]
    return {
        "record": project,
        "url": project.get_absolute_url(),
        "countries": countries[:COUNTRIES_IN_A_ROW],
        "more_countries": len(countries[COUNTRIES_IN_A_ROW:]),
        "no_countries": state_text(project, "countries"),
        "strand": strand_mark(project.strand),
        "status": project.get_status_display(),
        "start": moment(project.actual_start, project.planned_start),
        "end": moment(project.actual_end, project.planned_end),
        "budgets": budget_totals(project, known),
        "no_budgets": state_text(project, "budgets"),
    }


def moment(actual: str | None, planned: str | None) -> dict | None:
    """The year of a date for a narrow column, as it came or else as it was planned."""
    date = actual or planned
    return {"date": date, "year": date[:4], "planned": not actual} if date else None


def budget_totals(project, known: dict[int, Source]) -> dict:
    """One sum a currency, and what they come to by the rates that are on file. None recorded: empty."""
    budgets = money.in_effect(project.budgets.all())
    return totals([money.amount_of(budget.currency, budget.rates, budget.amount) for budget in budgets], known)


def totals(amounts: list[money.Amount], known: dict[int, Source]) -> dict:
    return {
        "sums": sums_text(money.by_currency(amounts)),
        "converted": [
            {
                "text": money_text(one.amount, one.currency),
                "rates": rates_words(one.rates, known),
                "left_out": sums_text(one.left_out),
            }
            for one in money.converted(amounts)
        ],
    }


def sums_text(sums: dict[str, Decimal]) -> list[str]:
    return [money_text(amount, currency) for currency, amount in sums.items()]


def rates_words(rates: list[tuple[str, money.Rate]], known: dict[int, Source]) -> list[dict]:
    """Rates one by one; many of a currency and a source as one entry, from the first day to the last."""
    groups = defaultdict(list)
    for currency, rate in rates:
        groups[currency, rate.base, rate.source].append(rate)
    words = []
    for (currency, base, source), found in groups.items():
        common = {"base": f"{base} 1", "source": known.get(source) and reference_link(known[source])}
        if len(found) > RATES_ONE_BY_ONE:
            days = sorted(rate.date.isoformat() for rate in found)
            values = sorted(rate.value for rate in found)
            span = [rate_text(value, currency) for value in (values[0], values[-1])]
            words.append(common | {"number": len(found), "first": days[0], "last": days[-1], "values": span})
        else:
            words += [
                common | {"value": rate_text(rate.value, currency), "date": rate.date.isoformat()} for rate in found
            ]
    return words


def rate_text(value: Decimal, currency: str) -> str:
    return f"{currency} {format_decimal(value, '#,##0.##########', locale=locale(languages.current()))}"


def measured(label, found: Measured, count: int, known: dict[int, Source]) -> dict:
    """What of a quantity is on file for so many records, and for how many nothing is."""
    return totals(money.amounts_of(found), known) | {
        "label": label,
        "count": count,
        "recorded": found.recorded,
        "none": found.none,
        "not_recorded": count - found.recorded - found.none,
    }


def countries_of(record) -> list:
    """The countries of a record of any kind, in its order."""
    if hasattr(record, "country_shares"):
        return [share.country for share in record.country_shares.all()]
    if hasattr(record, "parties"):
        return [party.country for party in record.parties.all() if party.country]
    return list(record.countries.all())


def strand_cell(record) -> dict:
    return fact(_("Strand"), **strand_mark(record.strand)) if record.strand else fact(_("Strand"))


def countries_cell(record, term: str) -> dict:
    """The countries by name, or of many their number."""
    countries = countries_of(record)
    if len(countries) > NAMED_AT_THE_HEAD:
        text = ngettext("%(number)s country", "%(number)s countries", len(countries))
        return fact(term, text % {"number": number_text(len(countries))}, url="#countries")
    entries = [country_link(country) for country in countries]
    return fact(term, _("None") if is_none(record, "countries") else "", entries=entries)


def where(record) -> dict | None:
    """Its place on the map, and its countries where the head counts them only; None where there is neither.

    One country is named on the map, several by their codes.
    """
    countries = countries_of(record)
    point = None
    if getattr(record, "latitude", None) is not None:
        point = float(record.longitude), float(record.latitude)
    codes = [country.code for country in countries]
    name = shown(countries[0], "name").text if countries else ""
    single = world_map.locator(codes[0], name) if len(codes) == 1 and not point else None
    around = None if single else world_map.surroundings(codes, point)
    are_named = len(countries) <= NAMED_AT_THE_HEAD
    if not (single or around) and are_named:
        return None
    return {
        "locator": single,
        "name": name,
        "around": around,
        "countries": [country_link(country) for country in countries],
        "are_named": are_named,
    }


def filed_under(record, keys: Iterable[str]) -> list[tuple[str, str, dict]]:
    """Under which values of these filters a record stands: the filter, the value, and what the value is called."""
    found = []
    for key in keys:
        if key == "country":
            found += [(key, country.code, country_link(country)) for country in countries_of(record)]
        elif key == "kind":
            found.append((key, record.kind, {"text": record.get_kind_display()}))
        elif record.strand:
            found.append((key, record.strand.slug, strand_mark(record.strand)))
    return found


def missing(items: list[dict], parts: list[dict]) -> list[dict]:
    """What is not recorded of a record, and which of its parts are known to be none, gathered under these words."""
    not_recorded = [item["term"] for item in (*items, *parts) if not says_something(item)]
    none = [part["term"] for part in parts if says_something(part)]
    groups = [
        {"state": _("Not recorded"), "sentence": _("Not recorded."), "terms": not_recorded},
        {"state": _("None"), "sentence": _("None."), "terms": none},
    ]
    return [group for group in groups if group["terms"]]


def bar(share: Decimal | None) -> float | None:
    """The length of a share's bar, in hundredths."""
    return None if share is None else float(share)


def share_rows(project) -> list[dict]:
    return [
        {
            "country": country_link(share.country),
            "share": percentage_text(share.percentage),
            "bar": bar(share.percentage),
            "origin": share.get_derived_from_display(),
        }
        for share in project.country_shares.all()
    ]


def region_rows(project) -> list[dict]:
    return [
        {
            "vocabulary": REGION_VOCABULARIES.get(region.vocabulary, region.vocabulary),
            "code": region.code,
            "share": percentage_text(region.percentage),
            "bar": bar(region.percentage),
        }
        for region in project.regions.all()
    ]


def sector_rows(project) -> list[dict]:
    return [
        {
            "vocabulary": SECTOR_VOCABULARIES.get(sector.vocabulary, sector.vocabulary),
            "code": sector.code,
            "name": sectors.name(sector.vocabulary, sector.code),
            "share": percentage_text(sector.percentage),
            "bar": bar(sector.percentage),
        }
        for sector in project.sectors.all()
    ]


def role_facts(project) -> list[dict]:
    """The organisations that take part, under what each does."""
    by_role = defaultdict(list)
    for role in project.organisation_roles.all():
        by_role[role.get_role_display()].append(reference_link(role.organisation))
    if not by_role:
        return [list_fact(project, "organisations", _("Organisations"), [])]
    return [fact(role, entries=entries) for role, entries in by_role.items()]


def budget_rows(project) -> list[dict]:
    return [
        {
            "type": budget.get_type_display(),
            "status": budget.get_status_display(),
            "start": budget.period_start.isoformat(),
            "end": budget.period_end.isoformat(),
            "money": money_text(budget.amount, budget.currency),
            "value_date": budget.value_date.isoformat(),
        }
        for budget in project.budgets.all()
    ]


def transaction_rows(project) -> list[dict]:
    return [
        {
            "type": transaction.get_type_display(),
            "date": transaction.date.isoformat(),
            "record": transaction,
            "description": shown(transaction, "description").text,
            "provider": transaction.provider and reference_link(transaction.provider),
            "receiver": transaction.receiver and reference_link(transaction.receiver),
            "money": money_text(transaction.amount, transaction.currency),
            "value_date": transaction.value_date.isoformat(),
        }
        for transaction in project.transactions.all()
    ]


def transaction_totals(project) -> list[dict]:
    """What the transactions of each type come to, one sum a currency."""
    by_type = defaultdict(list)
    for transaction in project.transactions.all():
        amount = money.Amount(transaction.currency, (), transaction.amount)
        by_type[transaction.get_type_display()].append(amount)
    return [{"type": kind, "sums": sums_text(money.by_currency(amounts))} for kind, amounts in by_type.items()]


def project_head(project, budgets: dict) -> list[dict]:
    """What a project is in one look; `budgets` are its totals."""
    sums = [{"text": text, "url": "#budgets"} for text in budgets["sums"]]
    return [
        fact(_("Status"), project.get_status_display()),
        strand_cell(project),
        *years_cells(project),
        countries_cell(project, _("Recipient countries")),
        *([fact(_("Budget"), entries=sums)] if sums else []),
    ]


def years_cells(project) -> list[dict]:
    """From year to year as it came, or else as it was planned; nothing without a start."""
    start, end, note = project.actual_start, project.actual_end, ""
    if not start:
        start, end, note = project.planned_start, project.planned_end, pgettext("date", "planned")
    if not start:
        return []
    if time_bar.is_under_way(project):
        return [fact(_("Years"), _("since %(year)s") % {"year": start[:4]})]
    if not end:
        return [fact(_("Years"), start[:4], note=phrase(note, _("end not recorded")))]
    return [fact(_("Years"), start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}", note=note)]


def project_facts(project) -> list[dict]:
    return [
        *role_facts(project),
        *([linked_fact(_("Reported by"), project.reporter)] if project.reporter else []),
        fact(_("IATI identifier"), project.iati_identifier),
        *session_facts(project),
    ]


def undated(project) -> list[dict]:
    """The pairs of dates of which neither is recorded: the others stand in the table of dates."""
    pairs = [
        ((_("Planned start"), _("Planned end")), (project.planned_start, project.planned_end)),
        ((_("Actual start"), _("Actual end")), (project.actual_start, project.actual_end)),
    ]
    return [fact(term) for terms, dates in pairs if not any(dates) for term in terms]


def further_texts(project) -> list[tuple[str, str]]:
    """Which of its texts there are beside the description, with what each is called."""
    headings = {
        "objectives": _("Objectives"),
        "target_groups": _("Target groups"),
        "further_description": _("Further description"),
    }
    return [(name, heading) for name, heading in headings.items() if shown(project, name).text]


def facility_row(facility) -> dict:
    """A facility as a row of the list."""
    return {
        "record": facility,
        "url": facility.get_absolute_url(),
        "kind": facility.get_kind_display(),
        "strand": strand_mark(facility.strand),
        "host": facility.host and reference_link(facility.host),
        "countries": [country_link(country) for country in facility.countries.all()],
        "no_countries": state_text(facility, "countries"),
        "founded": moment(facility.founded, None),
    }


def facility_head(facility) -> list[dict]:
    return [
        fact(_("Kind"), facility.get_kind_display()),
        strand_cell(facility),
        date_fact(_("Founded"), facility.founded),
        countries_cell(facility, _("Countries")),
        linked_fact(_("Host"), facility.host),
    ]


def facility_facts(facility) -> list[dict]:
    place = ""
    if facility.latitude is not None:
        place = _("latitude %(latitude)s, longitude %(longitude)s") % {
            "latitude": number_text(facility.latitude),
            "longitude": number_text(facility.longitude),
        }
    return [
        list_fact(facility, "partners", _("Partners"), facility.partners.all()),
        list_fact(facility, "fields", _("Fields of research"), facility.fields.all()),
        fact(_("Place"), place),
        *session_facts(facility),
    ]


def parties_of(agreement) -> list[dict]:
    return [
        country_link(party.country) if party.country else reference_link(party.organisation)
        for party in agreement.parties.all()
    ]


def agreement_row(agreement) -> dict:
    """An agreement as a row of the list."""
    return {
        "record": agreement,
        "url": agreement.get_absolute_url(),
        "kind": agreement.get_kind_display(),
        "status": agreement.get_status_display(),
        "parties": parties_of(agreement),
        "no_parties": state_text(agreement, "parties"),
        "dates": [
            {"label": label, "date": value, "text": partial_date_text(value)}
            for label, value in (
                (_("Signed"), agreement.signed),
                (_("In force since"), agreement.in_force),
                (_("Ended"), agreement.ended),
            )
        ],
    }


def agreement_head(agreement) -> list[dict]:
    return [
        fact(_("Kind"), agreement.get_kind_display()),
        fact(_("Status"), agreement.get_status_display()),
        date_fact(_("Signed"), agreement.signed),
        date_fact(_("In force since"), agreement.in_force),
        *([date_fact(_("Ended"), agreement.ended)] if agreement.ended else []),
    ]


def agreement_facts(agreement) -> list[dict]:
    none = _("None") if is_none(agreement, "parties") else ""
    return [
        fact(_("Parties"), none, entries=parties_of(agreement)),
        list_fact(agreement, "documents", _("Documents"), agreement.documents.all()),
        *session_facts(agreement),
    ]


def programme_row(programme) -> dict:
    """A programme as a row of the list."""
    return {
        "record": programme,
        "url": programme.get_absolute_url(),
        "kind": programme.get_kind_display(),
        "strand": strand_mark(programme.strand),
        "countries": [country_link(country) for country in programme.countries.all()],
        "no_countries": state_text(programme, "countries"),
    }


def programme_head(programme) -> list[dict]:
    return [
        fact(_("Kind"), programme.get_kind_display()),
        strand_cell(programme),
        date_fact(_("Start"), programme.start),
        date_fact(_("End"), programme.end),
        countries_cell(programme, _("Countries")),
    ]


def programme_facts(programme) -> list[dict]:
    return [
        list_fact(programme, "organisations", _("Organisations"), programme.organisations.all()),
        list_fact(programme, "figures", _("Figures"), programme.figures.all()),
        *session_facts(programme),
    ]


def card_facts(record) -> tuple[Shown | str, ...]:
    """What the picture of a record says beside its title: its span of time, then who has a part in it."""
    if hasattr(record, "country_shares"):
        start, end = record.actual_start or record.planned_start, record.actual_end or record.planned_end
        return facts(day_range_text(start, end), names(countries_of(record)))
    if hasattr(record, "parties"):
        parties = (party.country or party.organisation for party in record.parties.all())
        return facts(partial_date_text(record.signed or record.in_force), names(parties))
    since = record.founded if hasattr(record, "founded") else record.start
    until = getattr(record, "end", None)
    return facts(day_range_text(since, until), names(record.countries.all()))
