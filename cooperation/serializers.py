from django.db.models import Prefetch, Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conference.models import Organisation
from content.languages import text_value
from content.publication import window
from content.serializers import (
    MONEY_SCHEMA,
    REFERENCE_SCHEMA,
    TEXT_SCHEMA,
    NumberField,
    PartialDateField,
    PlainField,
    RecordSerializer,
    ReferenceField,
    ReferencesField,
    TextField,
    none_or_not_recorded,
    number,
    reference,
)
from cooperation.choices import CountryOrigin
from cooperation.models import AgreementParty, Budget, ProjectCountry, ProjectOrganisation
from cooperation.money import TOTALS_SCHEMA, amount_of, in_effect, sources, totals

# Between whom money moved, as a transaction names them.
PARTIES = ("provider", "receiver")
SHARE = {"type": ["number", "null"], "description": "In per cent; null: not recorded."}


def rows_or_nothing(schema: dict) -> dict:
    return {"type": ["array", "null"], "items": schema}


class AgreementSerializer(RecordSerializer):
    title = TextField()
    kind = PlainField()
    summary = TextField()
    parties = serializers.SerializerMethodField()
    signed = PartialDateField()
    in_force = PartialDateField()
    ended = PartialDateField()
    status = PlainField()
    documents = ReferencesField()
    session = ReferenceField()

    public_relations = ("documents", "session")

    @classmethod
    def related(cls, rows):
        parties = AgreementParty.objects.filter(
            Q(country__isnull=False) & window("country__") | Q(organisation__isnull=False) & window("organisation__")
        ).select_related("country", "organisation")
        return super().related(rows).prefetch_related(Prefetch("parties", queryset=parties))

    @extend_schema_field(rows_or_nothing(REFERENCE_SCHEMA))
    def get_parties(self, agreement):
        language = self.context["language"]
        parties = [reference(party.country or party.organisation, language) for party in agreement.parties.all()]
        return parties or none_or_not_recorded(agreement, "parties")


class FacilitySerializer(RecordSerializer):
    public_relations = ("strand", "host", "partners", "countries", "session")
    relations = ("fields",)

    name = TextField()
    kind = PlainField()
    strand = ReferenceField()
    summary = TextField()
    host = ReferenceField()
    partners = ReferencesField()
    countries = ReferencesField()
    fields = ReferencesField()
    founded = PartialDateField()
    latitude = NumberField()
    longitude = NumberField()
    session = ReferenceField()


class ProgrammeSerializer(RecordSerializer):
    public_relations = ("strand", "countries", "organisations", "figures", "session")

    name = TextField()
    kind = PlainField()
    strand = ReferenceField()
    summary = TextField()
    start = PartialDateField()
    end = PartialDateField()
    countries = ReferencesField()
    organisations = ReferencesField()
    figures = ReferencesField()
    session = ReferenceField()


def money(row) -> dict[str, str]:
    return {"amount": str(row.amount), "currency": row.currency, "value_date": row.value_date.isoformat()}


CODED_SHARE = {
    "type": "object",
    "properties": {"vocabulary": {"type": "string"}, "code": {"type": "string"}, "percentage": SHARE},
}


def coded_share(row) -> dict[str, str]:
    return {"vocabulary": row.vocabulary, "code": row.code, "percentage": number(row.percentage)}


class ProjectSerializer(RecordSerializer):
    public_relations = ("strand", "session", "reporter")

    iati_identifier = PlainField()
    title = TextField()
    description = TextField()
    objectives = TextField()
    target_groups = TextField()
    further_description = TextField()
    reporter = ReferenceField()
    status = PlainField()
    strand = ReferenceField()
    countries = serializers.SerializerMethodField()
    regions = serializers.SerializerMethodField()
    sectors = serializers.SerializerMethodField()
    organisations = serializers.SerializerMethodField()
    planned_start = PartialDateField()
    actual_start = PartialDateField()
    planned_end = PartialDateField()
    actual_end = PartialDateField()
    budgets = serializers.SerializerMethodField()
    budget_totals = serializers.SerializerMethodField()
    transactions = serializers.SerializerMethodField()
    session = ReferenceField()

    @classmethod
    def related(cls, rows):
        shares = ProjectCountry.objects.filter(window("country__")).select_related("country")
        roles = ProjectOrganisation.objects.filter(window("organisation__")).select_related("organisation")
        organisations = Organisation.objects.published()
        return (
            super()
            .related(rows)
            .prefetch_related(
                Prefetch("country_shares", queryset=shares),
                Prefetch("organisation_roles", queryset=roles),
                "regions",
                "sectors",
                Prefetch("budgets", queryset=Budget.objects.with_rates()),
                "transactions",
                *(Prefetch(f"transactions__{name}", queryset=organisations) for name in PARTIES),
            )
        )

    def organisation(self, record):
        """None where there is none that the public may see."""
        return reference(record, self.context["language"])

    def rows(self, project, name, rows):
        return list(rows) or none_or_not_recorded(project, name)

    @extend_schema_field(
        rows_or_nothing(
            {
                "type": "object",
                "properties": {
                    **REFERENCE_SCHEMA["properties"],
                    "percentage": SHARE,
                    "derived_from": {
                        "type": ["string", "null"],
                        "enum": [*CountryOrigin.values, None],
                        "description": "What says so, where the project as a whole doesn't.",
                    },
                },
            }
        )
    )
    def get_countries(self, project):
        return self.rows(
            project,
            "countries",
            (
                {
                    **reference(share.country, self.context["language"]),
                    "percentage": number(share.percentage),
                    "derived_from": share.derived_from or None,
                }
                for share in project.country_shares.all()
            ),
        )

    @extend_schema_field(rows_or_nothing(CODED_SHARE))
    def get_regions(self, project):
        return self.rows(project, "regions", map(coded_share, project.regions.all()))

    @extend_schema_field(rows_or_nothing(CODED_SHARE))
    def get_sectors(self, project):
        return self.rows(project, "sectors", map(coded_share, project.sectors.all()))

    @extend_schema_field(
        rows_or_nothing(
            {"type": "object", "properties": {"organisation": REFERENCE_SCHEMA, "role": {"type": "string"}}}
        )
    )
    def get_organisations(self, project):
        return self.rows(
            project,
            "organisations",
            (
                {"organisation": self.organisation(role.organisation), "role": role.role}
                for role in project.organisation_roles.all()
            ),
        )

    @extend_schema_field(
        rows_or_nothing(
            {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "status": {"type": "string"},
                    "period_start": {"type": "string", "format": "date"},
                    "period_end": {"type": "string", "format": "date"},
                    "value": MONEY_SCHEMA,
                },
            }
        )
    )
    def get_budgets(self, project):
        return self.rows(
            project,
            "budgets",
            (
                {
                    "type": budget.type,
                    "status": budget.status,
                    "period_start": budget.period_start.isoformat(),
                    "period_end": budget.period_end.isoformat(),
                    "value": money(budget),
                }
                for budget in project.budgets.all()
            ),
        )

    @extend_schema_field(
        rows_or_nothing(
            {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "date": {"type": "string", "format": "date"},
                    "description": TEXT_SCHEMA,
                    **dict.fromkeys(PARTIES, REFERENCE_SCHEMA),
                    "value": MONEY_SCHEMA,
                },
            }
        )
    )
    def get_transactions(self, project):
        return self.rows(
            project,
            "transactions",
            (
                {
                    "type": transaction.type,
                    "date": transaction.date.isoformat(),
                    "description": text_value(transaction, "description", self.context["language"]),
                    **{name: self.organisation(getattr(transaction, name)) for name in PARTIES},
                    "value": money(transaction),
                }
                for transaction in project.transactions.all()
            ),
        )

    @extend_schema_field(TOTALS_SCHEMA)
    def get_budget_totals(self, project):
        budgets = in_effect(project.budgets.all())
        if not budgets:
            nothing = none_or_not_recorded(project, "budgets")
            return None if nothing is None else {"by_currency": nothing, "converted": nothing}
        amounts = [amount_of(budget.currency, budget.rates, budget.amount) for budget in budgets]
        return totals(amounts, self.rate_sources(), self.context["language"])

    def rate_sources(self):
        """Asked once an answer, however many projects are in it."""
        if "rate_sources" not in self.context:
            self.context["rate_sources"] = sources()
        return self.context["rate_sources"]


class ActivitySerializer(ProjectSerializer):
    """A project as IATI tells it, with what its organisations are."""

    reporter = serializers.SerializerMethodField()

    def organisation(self, record):
        about = record and {"kind": record.kind, "iati_identifier": record.iati_identifier}
        return record and super().organisation(record) | about

    def get_reporter(self, project):
        return self.organisation(project.reporter)

    def get_organisations(self, project):
        return super().get_organisations(project) or []

    def get_transactions(self, project):
        return super().get_transactions(project) or []
