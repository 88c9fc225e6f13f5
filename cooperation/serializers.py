from django.db.models import Prefetch, Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conference.models import Organisation
from content.publication import window
from content.serializers import (
    MONEY_SCHEMA,
    REFERENCE_SCHEMA,
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
from cooperation.models import AgreementParty, ProjectCountry, ProjectOrganisation

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


class ProjectSerializer(RecordSerializer):
    public_relations = ("strand", "session")

    iati_identifier = PlainField()
    title = TextField()
    description = TextField()
    status = PlainField()
    strand = ReferenceField()
    countries = serializers.SerializerMethodField()
    sectors = serializers.SerializerMethodField()
    organisations = serializers.SerializerMethodField()
    planned_start = PartialDateField()
    actual_start = PartialDateField()
    planned_end = PartialDateField()
    actual_end = PartialDateField()
    budgets = serializers.SerializerMethodField()
    transactions = serializers.SerializerMethodField()
    session = ReferenceField()

    @classmethod
    def related(cls, rows):
        shares = ProjectCountry.objects.filter(window("country__")).select_related("country")
        roles = ProjectOrganisation.objects.filter(window("organisation__")).select_related("organisation")
        return (
            super()
            .related(rows)
            .prefetch_related(
                Prefetch("country_shares", queryset=shares),
                Prefetch("organisation_roles", queryset=roles),
                "sectors",
                "budgets",
                "transactions",
            )
        )

    def rows(self, project, name, rows):
        return list(rows) or none_or_not_recorded(project, name)

    @extend_schema_field(
        rows_or_nothing({"type": "object", "properties": {**REFERENCE_SCHEMA["properties"], "percentage": SHARE}})
    )
    def get_countries(self, project):
        return self.rows(
            project,
            "countries",
            (
                {**reference(share.country, self.context["language"]), "percentage": number(share.percentage)}
                for share in project.country_shares.all()
            ),
        )

    @extend_schema_field(
        rows_or_nothing(
            {
                "type": "object",
                "properties": {"vocabulary": {"type": "string"}, "code": {"type": "string"}, "percentage": SHARE},
            }
        )
    )
    def get_sectors(self, project):
        return self.rows(
            project,
            "sectors",
            (
                {"vocabulary": sector.vocabulary, "code": sector.code, "percentage": number(sector.percentage)}
                for sector in project.sectors.all()
            ),
        )

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
                {"organisation": reference(role.organisation, self.context["language"]), "role": role.role}
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
                    "description": {"type": ["string", "null"]},
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
                    "description": transaction.description or None,
                    "value": money(transaction),
                }
                for transaction in project.transactions.all()
            ),
        )


class ActivitySerializer(ProjectSerializer):
    """A project as IATI tells it, with what kind its organisations are and between whom money moved."""

    @classmethod
    def related(cls, rows):
        public = Organisation.objects.published()
        parties = [Prefetch(f"transactions__{name}", queryset=public) for name in ("provider", "receiver")]
        return super().related(rows).prefetch_related(*parties)

    def get_organisations(self, project):
        return [
            {
                "organisation": reference(role.organisation, self.context["language"]),
                "role": role.role,
                "kind": role.organisation.kind,
            }
            for role in project.organisation_roles.all()
        ]

    def get_transactions(self, project):
        rows = zip(project.transactions.all(), super().get_transactions(project) or (), strict=True)
        return [row | self.parties(transaction) for transaction, row in rows]

    def parties(self, transaction):
        language = self.context["language"]
        return {name: reference(getattr(transaction, name), language) for name in ("provider", "receiver")}
