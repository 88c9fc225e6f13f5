"""Records with all that spoils tables: formulas, quotes, lines, right-to-left marks, texts longer than a cell."""

from conference.models import Country, Organisation
from cooperation.models import (
    Agreement,
    AgreementParty,
    Budget,
    Facility,
    Programme,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectSector,
    Transaction,
)

TEXTS = (
    "=1+1", "+49 30", "-1", "@sum(A1)", "'quoted", "''twice", "\ttab first", "\rreturn first", '=HYPERLINK("http://x")',
    'a "quote", a comma; a semicolon', "two\nlines", "two\r\nlines", "N/A", "none", "NULL", "[]", "{}", "[{]", "–",
    "NA", "_x0041_ literally", "a\x01control", "  spaces  around ", "a  b", "<p>tag</p> & entity &amp;", "2023-11-06",
    "007", "1e5", "true", "0", "مختبر مشترك للطاقة", "\u202bمن اليمين\u202c", "联合实验室；能源、水",
    "Лаборатория «Восток»", "Ünïcödé Ærøskøbing", "e\u0301 decomposed", "👩‍🔬 emoji", "a" * 280, "ﷺ", "١٢٣",
    "\u00a0nbsp\u00a0", "sep=;", "a|b|c", "\\N", "%s %(x)d {0}",
)  # fmt: skip
CODES = ("en", "zh_hans", "fr", "es", "ru", "ar")
LONG = "<p>" + "long &amp; wide " * 4_000 + "</p>"


def ror_of(signs: str) -> str:
    """An identifier with the checksum that is right for its first seven digits."""
    number = 0
    for sign in signs:
        number = number * 32 + int(sign)
    return f"https://ror.org/{signs}{98 - number * 100 % 97:02}"


def texts(random, field: str, unique: str, most: int = 300) -> dict[str, str]:
    """In some of the languages, at least one."""
    chosen = random.sample(CODES, random.randint(1, 6))
    return {f"{field}_{code}": f"{random.choice(TEXTS)} {unique}"[:most] for code in chosen}


def day(random) -> str | None:
    return random.choice([None, "1987", "2003-02", "2019-12-31", "2024-02-29", "0987-01"])


def some(random, *names: str) -> list[str]:
    return [name for name in names if random.random() < 0.3]


def common(kind: str, number: int) -> dict:
    return {"slug": f"{kind}-{number}", "state": "published", "sample": number % 2 == 0}


def organisation(random, world, number: int):
    return Organisation.objects.create(
        **common("organisation", number),
        **texts(random, "name", str(number)),
        kind=random.choice(["academy", "company"]),
        acronym=random.choice(["", "=A", "ΑΒΓ"]),
        country=random.choice([None, *world.countries]),
        ror=random.choice(["", ror_of(f"0{number:06}")]),
        address=random.choice(["", "https://example.org/?a=1&b=2"]),
    )


def agreement(random, world, number: int):
    one = Agreement.objects.create(
        **common("agreement", number),
        **texts(random, "title", str(number)),
        **texts(random, "summary", "", 10_000),
        kind=random.choice(["memorandum", "institutional"]),
        signed=day(random),
        recorded_none=some(random, "documents"),
        verified_on=random.choice([None, "2023-01-31"]),
        unreviewed_languages=random.choice([[], ["fr", "zh-Hans"]]),
    )
    parties = random.sample([*world.countries, *world.organisations], 4)[: random.randint(0, 4)]
    for position, party in enumerate(parties):
        kind = "country" if isinstance(party, Country) else "organisation"
        AgreementParty.objects.create(agreement=one, position=position, **{kind: party})
    return one


def facility(random, world, number: int):
    places = [{}, {"latitude": 0, "longitude": 0}, {"latitude": "-33.86785", "longitude": "151.2"}]
    one = Facility.objects.create(
        **common("facility", number),
        **texts(random, "name", str(number)),
        **texts(random, "summary", "", 40_000),
        **random.choice(places),
        kind=random.choice(["platform", "science_park"]),
        founded=day(random),
        host=random.choice([None, *world.organisations]),
        strand=random.choice([None, *world.strands]),
        recorded_none=some(random, "partners", "fields"),
    )
    one.countries.set(random.sample(world.countries, random.randint(0, 2)))
    one.sources.set(random.sample(world.sources, random.randint(0, 2)))
    if not one.recorded_none:
        one.partners.set(random.sample(world.organisations, random.randint(0, 2)))
    return one


def programme(random, world, number: int):
    one = Programme.objects.create(
        **common("programme", number),
        **texts(random, "name", str(number)),
        kind=random.choice(["network", "programme"]),
        session=random.choice([None, *world.sessions]),
        recorded_none=some(random, "organisations"),
    )
    one.countries.set(random.sample(world.countries, random.randint(0, 2)))
    return one


def project(random, world, number: int):
    one = Project.objects.create(
        **common("project", number),
        **texts(random, "title", str(number)),
        status=random.choice(["", "2"]),
        iati_identifier=random.choice(["", f"=XM-{number}"]),
        strand=random.choice([None, *world.strands]),
        planned_start=random.choice([None, "2001"]),
        actual_end=random.choice([None, "2020-02-29"]),
        recorded_none=some(random, "transactions"),
        description_en=LONG if number % 5 == 0 else None,
        description_ar=random.choice(["", "<p>نص</p>"]),
    )
    shares = random.choice([(None, None), ("33.3333", "66.6667")])
    for country, percentage in zip(random.sample(world.countries, 2), shares, strict=True):
        ProjectCountry.objects.create(project=one, country=country, percentage=percentage)
    ProjectSector.objects.create(project=one, vocabulary=random.choice(["1", "99"]), code="=43082")
    party = random.choice(world.organisations)
    ProjectOrganisation.objects.create(project=one, organisation=party, role=random.choice("1234"))
    money(random, one, party, 400 if number == 3 else random.randint(0, 2))
    return one


def money(random, project, party, count: int) -> None:
    """Of many movements the cell of a spreadsheet holds a part."""
    amount = random.choice(["0", "-1.5", "123456789012345678.90"])
    value = {"project": project, "amount": amount, "currency": "CNY", "value_date": "2020-01-01"}
    Budget.objects.create(period_start="2020-01-01", period_end="2020-12-31", **value)
    if not project.recorded_none:
        for _ in range(count):
            text = random.choice(TEXTS)
            Transaction.objects.create(type="3", date="2020-06-01", description=text, provider=party, **value)


MAKE = {
    "agreements": agreement,
    "facilities": facility,
    "organisations": organisation,
    "programmes": programme,
    "projects": project,
}
