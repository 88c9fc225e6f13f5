"""Sample agreements, facilities and projects of the sample organisations."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from django.db import models

from brst_site.sample.texts import BATCH, Texts, create, sample
from conference.models import Country, Organisation
from content.models import Strand
from cooperation.choices import (
    AgreementKind,
    BudgetStatus,
    BudgetType,
    FacilityKind,
    ProjectRole,
    ProjectStatus,
    TransactionType,
)
from cooperation.models import (
    Agreement,
    AgreementParty,
    Budget,
    Facility,
    Field,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectSector,
    Transaction,
)

MOST_ORGANISATIONS, MOST_AGREEMENTS, MOST_FACILITIES = 300, 120, 150
FIELDS = 12
FIRST_YEAR, LAST_YEAR = 2008, 2027
MONEY_MOVES = (
    TransactionType.INCOMING_FUNDS,
    TransactionType.OUTGOING_COMMITMENT,
    TransactionType.DISBURSEMENT,
    TransactionType.EXPENDITURE,
)

Counts = dict[type[models.Model], int]


class Known(NamedTuple):
    """What sample records choose from."""

    texts: Texts
    countries: list[Country]
    organisations: list[Organisation]
    strands: list[Strand | None]


def in_proportion(projects: int, most: int) -> int:
    """As many of something else as fits so many projects: all from ten thousand on, a few in any case."""
    return max(20, most * min(projects, 10_000) // 10_000)


def organisations_for(projects: int) -> int:
    return in_proportion(projects, MOST_ORGANISATIONS)


def make(texts: Texts, projects: int) -> Counts:
    known = Known(
        texts,
        list(Country.objects.listed().order_by("code")),
        list(Organisation.objects.filter(sample=True).order_by("pk")),
        [*Strand.objects.published(), None],
    )
    return {
        Agreement: make_agreements(known, in_proportion(projects, MOST_AGREEMENTS), Random("agreements")),
        **make_facilities(known, in_proportion(projects, MOST_FACILITIES), Random("facilities")),
        Project: make_projects(known, projects, Random("projects")),
    }


def make_agreements(known: Known, count: int, random: Random) -> int:
    agreements = [agreement(known, number, random) for number in range(1, count + 1)]
    create(Agreement, agreements)
    parties = [
        AgreementParty(agreement=agreement, position=position, **party)
        for agreement in agreements
        for position, party in enumerate(parties_of(agreement, known, random), 1)
    ]
    create(AgreementParty, parties)
    return count


def agreement(known: Known, number: int, random: Random) -> Agreement:
    year = random.randint(FIRST_YEAR, LAST_YEAR - 2)
    return sample(
        Agreement,
        f"sample-agreement-{number}",
        **known.texts.columns("agreement", number),
        kind=random.choice(AgreementKind.values),
        signed=partial_date(year, random),
        in_force=random.choice([None, str(year + 1)]),
        ended=str(LAST_YEAR) if random.random() < 0.1 else None,
    )


def parties_of(agreement: Agreement, known: Known, random: Random) -> list[dict]:
    if agreement.kind == AgreementKind.INTERGOVERNMENTAL:
        return [{"country": country} for country in random.sample(known.countries, 2)]
    return [{"organisation": organisation} for organisation in random.sample(known.organisations, 2)]


def make_facilities(known: Known, count: int, random: Random) -> Counts:
    fields = create(
        Field,
        [
            sample(Field, f"sample-field-{number}", **known.texts.columns("field", number))
            for number in range(1, FIELDS + 1)
        ],
    )
    facilities = create(Facility, [facility(known, number, random) for number in range(1, count + 1)])
    link(Facility.fields, facilities, fields, 2, random)
    link(Facility.partners, facilities, known.organisations, 2, random)
    link(Facility.countries, facilities, known.countries, 2, random)
    return {Field: len(fields), Facility: len(facilities)}


def facility(known: Known, number: int, random: Random) -> Facility:
    host = random.choice(known.organisations)
    place = {}
    if host.country.latitude is not None and random.random() < 0.8:
        place = {"latitude": host.country.latitude, "longitude": host.country.longitude}
    return sample(
        Facility,
        f"sample-facility-{number}",
        **known.texts.columns("facility", number),
        kind=random.choice(FacilityKind.values),
        strand=random.choice(known.strands),
        host=host,
        founded=random.choice([None, partial_date(random.randint(FIRST_YEAR, LAST_YEAR - 2), random)]),
        **place,
    )


def link(relation, owners: list[models.Model], targets: list[models.Model], most: int, random: Random) -> None:
    """Up to so many links of a many-to-many relation for each owner, without asking for each what it has already."""
    through = relation.through
    owner, target = relation.field.m2m_field_name(), relation.field.m2m_reverse_field_name()
    links = [
        through(**{f"{owner}_id": one.pk, f"{target}_id": other.pk})
        for one in owners
        for other in random.sample(targets, random.randint(0, most))
    ]
    create(through, links)


def make_projects(known: Known, count: int, random: Random) -> int:
    for first in range(1, count + 1, BATCH):
        numbers = range(first, min(first + BATCH, count + 1))
        projects = create(Project, [project(known, number, random) for number in numbers])
        for model, part in PARTS.items():
            create(model, [row for project in projects for row in part(project, known, random)])
    return count


def project(known: Known, number: int, random: Random) -> Project:
    status = random.choice(ProjectStatus.values)
    start = random.randint(FIRST_YEAR, LAST_YEAR - 4)
    end = start + random.randint(1, 4)
    begun = status != ProjectStatus.PIPELINE
    ended = status in (ProjectStatus.CLOSED, ProjectStatus.CANCELLED)
    return sample(
        Project,
        f"sample-project-{number}",
        **known.texts.columns("project", number),
        iati_identifier=f"XX-SAMPLE-{number}",
        status=status,
        strand=random.choice(known.strands),
        planned_start=partial_date(start, random),
        actual_start=partial_date(start, random) if begun else None,
        planned_end=partial_date(end, random),
        actual_end=partial_date(end, random) if ended else None,
    )


def partial_date(year: int, random: Random) -> str:
    """A year, a month or a day."""
    return f"{year}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"[: random.choice((4, 7, 10))]


def countries_of(project: Project, known: Known, random: Random) -> list[ProjectCountry]:
    chosen = random.sample(known.countries, random.choice((1, 1, 2, 3)))
    shares = shares_of(len(chosen), random)
    return [
        ProjectCountry(project=project, country=country, percentage=share)
        for country, share in zip(chosen, shares, strict=True)
    ]


def sectors_of(project: Project, known: Known, random: Random) -> list[ProjectSector]:
    chosen = random.sample(known.texts["sectors"], random.choice((1, 1, 2)))
    shares = shares_of(len(chosen), random)
    return [
        ProjectSector(project=project, code=code, percentage=share) for code, share in zip(chosen, shares, strict=True)
    ]


def shares_of(parts: int, random: Random) -> list[Decimal | None]:
    """Shares that add up to 100 per cent, or that nobody has said."""
    if random.random() < 0.1:
        return [None] * parts
    cuts = sorted(random.sample(range(10, 100, 10), parts - 1))
    return [Decimal(end - start) for start, end in zip([0, *cuts], [*cuts, 100], strict=True)]


def organisations_of(project: Project, known: Known, random: Random) -> list[ProjectOrganisation]:
    roles = random.sample(ProjectRole.values, random.choice((1, 2, 3)))
    return [
        ProjectOrganisation(project=project, organisation=random.choice(known.organisations), role=role)
        for role in roles
    ]


def budgets_of(project: Project, known: Known, random: Random) -> list[Budget]:
    first = int(project.planned_start[:4])
    return [
        Budget(
            project=project,
            type=BudgetType.ORIGINAL,
            status=random.choice(BudgetStatus.values),
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            value_date=date(year, 1, 1),
            **money(known, random),
        )
        for year in range(first, first + random.choice((0, 1, 2)))
    ]


def transactions_of(project: Project, known: Known, random: Random) -> list[Transaction]:
    days = [
        date(int(project.planned_start[:4]), 1, 1) + timedelta(days=random.randrange(700))
        for _ in range(random.choice((0, 1, 2, 4)))
    ]
    return [
        Transaction(
            project=project,
            type=random.choice(MONEY_MOVES),
            date=day,
            value_date=day,
            description=known.texts["transaction"],
            provider=random.choice(known.organisations),
            receiver=random.choice(known.organisations),
            **money(known, random),
        )
        for day in days
    ]


def money(known: Known, random: Random) -> dict:
    return {
        "amount": Decimal(random.randint(1_000, 50_000_000)) / 10,
        "currency": random.choice(known.texts["currencies"]),
    }


PARTS = {
    ProjectCountry: countries_of,
    ProjectSector: sectors_of,
    ProjectOrganisation: organisations_of,
    Budget: budgets_of,
    Transaction: transactions_of,
}
