"""A small world with something in each public collection, and the same unpublished, for tests to look at.

Rows are made through the models as an editor makes them. `thing(n)` numbers are part of slugs and titles.
"""

from datetime import UTC, date, datetime, timedelta

from django.core.files.base import ContentFile

from conference.models import (
    Appearance,
    Country,
    Delegation,
    DelegationMember,
    Edition,
    EditionOrganiser,
    Organisation,
    Participation,
    Person,
    Placement,
    Region,
    RegionGroup,
    Room,
    RoomInterpretation,
    ScheduleVersion,
    Section,
    Session,
    SessionInterpretation,
    SessionType,
    Slot,
    Track,
    Venue,
)
from content.models import Article, Claim, Document, Figure, Page, Source, Strand
from cooperation.models import (
    Agreement,
    AgreementParty,
    Budget,
    ExchangeRate,
    Facility,
    Field,
    Programme,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectSector,
    Transaction,
)

START = datetime(2023, 11, 6, 1, 0, tzinfo=UTC)
SOURCE_TEXT = "The speaker said: we have built nine centres and trained 16,000 people in all."


def six(text: str, *fields: str) -> dict[str, str]:
    """The same text in each language, told apart by its code."""
    codes = ("en", "zh_hans", "fr", "es", "ru", "ar")
    return {f"{field}_{code}": f"{text} {code}" for field in fields for code in codes}


class World:
    """`size` rows of each collection. With `state` anything but published, nothing of it may ever be seen."""

    def __init__(self, size: int = 3, state: str = "published", mark: str = "row"):
        self.size, self.state, self.mark = size, state, mark
        self.build_ground()
        self.build_conference()
        self.build_programme()
        self.build_cooperation()

    def each(self, make) -> list:
        return [make(number) for number in range(1, self.size + 1)]

    def name(self, number: int) -> str:
        return f"{self.mark} {number:03}"

    def slug(self, number: int) -> str:
        return f"{self.mark}-{number:03}"

    def record(self, model, number: int, field: str = "name", **values):
        values = {"slug": self.slug(number), "state": self.state, **six(self.name(number), field), **values}
        return model.objects.create(**values)

    def build_ground(self) -> None:
        self.strands = self.each(lambda n: self.record(Strand, n, position=n))
        self.sources = self.each(
            lambda n: self.record(
                Source, n, "title", kind="news_report", said_on=f"20{10 + n % 80:02}-11", text=SOURCE_TEXT
            )
        )
        self.figures = self.each(
            lambda n: self.record(
                Figure, n, value=n, qualifier="exact", as_of="2023-10-30", strand=self.strands[n - 1],
                checked_collection="facilities", checked_query="kind=joint_laboratory",
            )
        )  # fmt: skip
        self.claims = self.each(
            lambda n: self.record(
                Claim, n, figure=self.figures[n - 1], source=self.sources[n - 1], value=n, qualifier="exact",
                quote="nine centres", quote_marked="nine", quote_kind="verbatim", offset=SOURCE_TEXT.index("nine"),
                said_on="2023-10-30",
            )
        )  # fmt: skip
        self.articles = self.each(lambda n: self.record(Article, n, "title", kind="news", **six(self.mark, "body")))
        self.pages = self.each(lambda n: self.record(Page, n, "title", **six(self.mark, "body")))

    def build_conference(self) -> None:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        first = "Q" if self.state == "published" else "X"
        self.subregion = Region.objects.get_or_create(
            slug="subregion", defaults={"name_en": "Subregion", "m49": "014", "kind": "subregion"}
        )[0]
        self.region = Region.objects.get_or_create(
            slug="region", defaults={"name_en": "Region", "m49": "002", "kind": "region"}
        )[0]
        self.group = RegionGroup.objects.get_or_create(slug="group", defaults={"name_en": "Group"})[0]
        self.countries = self.each(
            lambda n: self.record(
                Country,
                n,
                code=first + letters[(n - 1) // 26] + letters[(n - 1) % 26] + "A",
                alpha3=first + letters[(n - 1) // 26] + letters[(n - 1) % 26],
                region=self.region,
                subregion=self.subregion,
            )
        )
        for country, figure in zip(self.countries, self.figures, strict=True):
            country.groups.add(self.group)
            country.figures.add(figure)
        self.organisations = self.each(lambda n: self.record(Organisation, n, country=self.countries[n - 1]))
        self.editions = self.each(
            lambda n: self.record(
                Edition, n, start_date="2023-11-06", end_date="2023-11-07", time_zone="Asia/Shanghai",
                country=self.countries[n - 1],
            )
        )  # fmt: skip
        self.edition = self.editions[0]
        for edition, organisation in zip(self.editions, self.organisations, strict=True):
            EditionOrganiser.objects.create(edition=edition, organisation=organisation)
        self.sections = self.each(lambda n: self.record(Section, n, edition=self.edition, position=n))
        self.people = self.each(lambda n: self.record(Person, n))
        for person, country, organisation in zip(self.people, self.countries, self.organisations, strict=True):
            Appearance.objects.create(
                person=person,
                edition=self.edition,
                country=country,
                organisation=organisation,
                **six(self.mark, "affiliation"),
            )
        # The first of a country, the others of organisations.
        self.delegations = self.each(
            lambda n: self.record(
                Delegation,
                n,
                "withdrawal_reason",
                edition=self.edition,
                country=None if n > 1 else self.countries[0],
                organisation=self.organisations[n - 1] if n > 1 else None,
                level="minister",
                size=n,
            )
        )
        for delegation, person in zip(self.delegations, self.people, strict=True):
            DelegationMember.objects.create(delegation=delegation, person=person, role="head", consent=True)

    def build_programme(self) -> None:
        venue = Venue.objects.create(slug=self.slug(1), **six(self.mark, "name"))
        self.rooms = self.each(
            lambda n: Room.objects.create(
                venue=venue, slug=self.slug(n), languages=["en"], **six(self.name(n), "name")
            )
        )
        kind = SessionType.objects.create(slug=self.slug(1), **six(self.mark, "name"))
        track = self.record(Track, 1, edition=self.edition)
        self.sessions = self.each(
            lambda n: self.record(
                Session, n, "title", edition=self.edition, section=self.sections[n - 1], type=kind, track=track,
                languages=["zh-Hans"], **six(self.mark, "abstract"),
            )
        )  # fmt: skip
        for talk in self.sessions[1:]:
            talk.parent = self.sessions[0]
            talk.save()
        draft = self.edition.draft_schedule()
        for number, session in enumerate(self.sessions):
            Participation.objects.create(session=session, person=self.people[number])
            SessionInterpretation.objects.create(session=session, language="fr")
            RoomInterpretation.objects.create(room=self.rooms[number], language="ar")
            start = START + timedelta(hours=number)
            Slot.objects.create(
                version=draft,
                session=session,
                room=self.rooms[number],
                start=start,
                end=start + timedelta(minutes=45),
                state="confirmed",
            )
        # The programme last, so that its version is on the first page of a list of versions.
        for number, edition in reversed(list(enumerate(self.editions, start=1))):
            version = edition.publish_schedule()
            ScheduleVersion.objects.filter(pk=version.pk).update(**six(self.name(number), "note"))
        self.documents = self.each(lambda n: self.record(Document, n, "title", kind="report"))
        for document in self.documents:
            document.files.create(language="fr", original=True, file=ContentFile(b"%PDF", name=f"{self.mark}.pdf"))
        for document, session in zip(self.documents, self.sessions, strict=True):
            Placement.objects.create(document=document, edition=self.edition, session=session)

    def build_cooperation(self) -> None:
        field = Field.objects.create(slug=self.slug(1), **six(self.mark, "name"))
        self.facilities = self.each(
            lambda n: self.record(
                Facility,
                n,
                session=self.sessions[n - 1],
                kind="joint_laboratory",
                strand=self.strands[n - 1],
                host=self.organisations[n - 1],
                founded="2019-05",
            )
        )
        for facility, country, organisation in zip(self.facilities, self.countries, self.organisations, strict=True):
            facility.countries.add(country)
            facility.partners.add(organisation)
            facility.fields.add(field)
        self.agreements = self.each(
            lambda n: self.record(Agreement, n, "title", signed="2016", session=self.sessions[n - 1])
        )
        for agreement, country, organisation in zip(self.agreements, self.countries, self.organisations, strict=True):
            AgreementParty.objects.create(agreement=agreement, country=country)
            AgreementParty.objects.create(agreement=agreement, organisation=organisation)
        self.programmes = self.each(
            lambda n: self.record(
                Programme, n, strand=self.strands[n - 1], session=self.sessions[n - 1], start="2018-09"
            )
        )
        for programme, country, organisation in zip(self.programmes, self.countries, self.organisations, strict=True):
            programme.countries.add(country)
            programme.organisations.add(organisation)
        self.projects = self.each(
            lambda n: self.record(
                Project,
                n,
                "title",
                session=self.sessions[n - 1],
                status="2",
                strand=self.strands[n - 1],
                actual_start="2020-01",
                iati_identifier=self.slug(n),
            )
        )
        # A rate whose source is hidden leads to a currency that nothing public has.
        ExchangeRate.objects.create(
            currency="CNY",
            base="USD" if self.state == "published" else "XTS",
            date=date(2019, 12, 31),
            value=6,
            source=self.sources[0],
        )
        for project, country, organisation in zip(self.projects, self.countries, self.organisations, strict=True):
            ProjectCountry.objects.create(project=project, country=country, percentage=100)
            ProjectOrganisation.objects.create(project=project, organisation=organisation)
            ProjectSector.objects.create(project=project, code="43082", percentage=100)
            money = {"amount": "1.50", "currency": "CNY", "value_date": date(2020, 1, 1)}
            Budget.objects.create(
                project=project, period_start=date(2020, 1, 1), period_end=date(2020, 12, 31), **money
            )
            Transaction.objects.create(project=project, type="3", date=date(2020, 6, 1), **money)
