"""The collections of the cooperation in a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from conference.imports.person_names import language_of
from conference.imports.tables.collection import Collection, Traits, keys_of
from conference.imports.tables.columns import (
    At,
    Choice,
    Degrees,
    Nothing,
    PartialDate,
    Place,
    Plain,
    Reference,
    References,
    Text,
    found_or_left_out,
)
from conference.imports.tables.draft import Draft
from conference.imports.tables.organisations import ORGANISATIONS, record_columns
from conference.imports.texts import cut
from conference.models import Country, Organisation, Session
from content import languages
from content.imports.cells import shown
from content.models import Document, Figure, Strand
from content.models.base import neutral_slug
from cooperation.choices import AgreementKind, FacilityKind, ProgrammeKind, ProjectStatus
from cooperation.imports import parts
from cooperation.models import Agreement, AgreementParty, Facility, Field, Programme, Project

_AGREEMENT_KINDS = """
    intergovernmental: government to government|intergovernmental|treaty|accord intergouvernemental|政府间|政府间协定
    intergovernmental: межправительственное|межправительственное соглашение|اتفاق حكومي دولي|intergubernamental
    interagency: agency|interagency|between agencies|межведомственное|部门间|部门协议|interinstitucional
    institutional: institution|between institutions|university agreement|institutionnel|机构间|院校协议
    memorandum: memorandum|mou|memorandum of understanding|memorandum of cooperation|moc|protocole d entente
    memorandum: memorando|меморандум|меморандум о взаимопонимании|谅解备忘录|备忘录|مذكرة تفاهم
"""
_FACILITY_KINDS = """
    joint_laboratory: joint laboratories|joint lab|joint research laboratory|joint research centre
    joint_laboratory: joint research center
    joint_laboratory: laboratory|lab|laboratoire|laboratorio|лаборатория|实验室|联合实验室|مختبر مشترك
    education_centre: education center|training centre|training center|institute|centre de formation
    education_centre: учебный центр|образовательный центр|教育中心|培训中心|مركز تعليمي|مركز تدريب
    transfer_centre: transfer centre|transfer center|technology transfer center|technology transfer office
    transfer_centre: centre de transfert|центр трансфера технологий|技术转移中心|مركز نقل التكنولوجيا
    platform: research infrastructure|infrastructure|facility|plateforme|plataforma|платформа|平台|منصة
    science_park: science parks|park|technology park|research park|science and technology park|tech park|technopark
    science_park: technopole|parc scientifique|parque cientifico|parque tecnologico|технопарк|科技园|科技园区
    science_park: حديقة علمية|مجمع علمي
"""
_PROGRAMME_KINDS = """
    programme: program|programa|программа|计划|方案|برنامج
    action_plan: plan|plan d action|plan de accion|план действий|行动计划|خطة عمل
    network: alliance|reseau|red|сеть|网络|联盟|شبكة
    training: course|formation|capacitacion|обучение|培训|تدريب
    exchange: mobility|fellowship|echange|intercambio|обмен|交流|تبادل
"""
_STATUSES = """
    1: planned|identification|prevu|планируется|计划中|قيد الإعداد
    2: active|ongoing|in progress|implementation|en cours|en curso|выполняется|进行中|在研|قيد التنفيذ
    3: completion|post completion
    4: completed|closed|finished|ended|termine|terminado|завершен|завершён|已完成|已结题|结题|مكتمل
    5: canceled|cancelled|annule|cancelado|отменен|已取消|ملغى
    6: suspended|paused|suspendu|suspendido|приостановлен|暂停|معلق
"""


def in_order(draft: Draft, start: str, end: str, what: str) -> None:
    """Compared as far as both are known, as the database does it."""
    first, last = draft.get(start), draft.get(end)
    if first and last and last < first[: len(last)]:
        raise ValueError(f"the {what} ends {last}, before it begins {first} ({start}, {end})")


# ── agreements ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _parties_of(values: Mapping[str, Any]) -> frozenset:
    rows = values.get("parties")
    if not rows or isinstance(rows, Nothing):
        return frozenset()
    return keys_of(row["country"] or row["organisation"] for row in rows)


def _date(values: Mapping[str, Any], *names: str) -> str:
    return next((values[name] for name in names if isinstance(values.get(name), str)), "")


def _agreement_traits(values: Mapping[str, Any]) -> Traits:
    return {"parties": _parties_of(values), "signed": _date(values, "signed")}


def _stored_agreement_traits() -> dict[int, Traits]:
    parties: defaultdict[int, set] = defaultdict(set)
    for agreement, country, organisation in AgreementParty.objects.values_list("agreement", "country", "organisation"):
        parties[agreement].add((Country, country) if country else (Organisation, organisation))
    rows = Agreement.objects.values_list("pk", "signed")
    return {pk: {"parties": frozenset(parties.get(pk, ())), "signed": signed or ""} for pk, signed in rows}


def _complete_agreement(draft: Draft, at: At) -> None:
    """What kind it is, from who its parties are, where nobody says."""
    if "kind" in draft.named:
        return
    rows = [row for change in draft.parts.values() for row in change.add]
    of_institutions = bool(rows) and all(row["country"] is None for row in rows)
    kind = AgreementKind.INSTITUTIONAL if of_institutions else AgreementKind.INTERGOVERNMENTAL
    draft.values["kind"] = kind.value
    at.say(
        "kind", f"nothing says of what kind the agreement is: taken as {kind.value}; --map kind==VALUE says it for all"
    )


def _check_agreement(draft: Draft, at: At) -> None:
    in_order(draft, "signed", "ended", "agreement")
    in_order(draft, "in_force", "ended", "agreement")


AGREEMENTS = Collection(
    name="agreements",
    model=Agreement,
    columns=(
        Text("title", _("Title"), model=Agreement),
        Choice("kind", _("Kind"), choices=AgreementKind, synonyms=_AGREEMENT_KINDS),
        parts.Parties("parties", _("Parties"), **parts.PARTIES),
        PartialDate("signed", _("Signed")),
        PartialDate("in_force", _("In force since")),
        PartialDate("ended", _("Ended")),
        Text("summary", _("Summary"), model=Agreement),
        References("documents", _("Documents"), to=Document, relation=Agreement._meta.get_field("documents")),
        Reference("session", _("Adopted or launched at"), to=Session),
        *record_columns(Agreement),
    ),
    traits=_agreement_traits,
    stored_traits=_stored_agreement_traits,
    strict=True,
    follows=frozenset(["status"]),
    complete=_complete_agreement,
    check=_check_agreement,
)

# ── facilities ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Fields(References):
    """Fields of research by slug, code of FORD, or name. Our own tables bring those that are missing."""

    def find(self, item: str, at: At) -> Field | None:
        known = at.known.of(Field, "code")
        if not at.own or known.get(item) or neutral_slug(item, "") != item:
            return found_or_left_out(self.name, known, item, at)
        made = Field(slug=item, **{languages.column("name", language_of(item)): cut(item, 200)})
        known.add(made)
        at.say(f"field {item}", f"there is no field of research {shown(item)} on file: it is created")
        return made


def _facility_traits(values: Mapping[str, Any]) -> Traits:
    host, countries = values.get("host"), values.get("countries")
    return {
        "host": keys_of([host]) if isinstance(host, Organisation) else frozenset(),
        "countries": keys_of(countries) if countries and not isinstance(countries, Nothing) else frozenset(),
    }


def _stored_facility_traits() -> dict[int, Traits]:
    found: defaultdict[int, Traits] = defaultdict(dict)
    for pk, host in Facility.objects.exclude(host=None).values_list("pk", "host"):
        found[pk]["host"] = frozenset({(Organisation, host)})
    countries: defaultdict[int, set] = defaultdict(set)
    for pk, country in Facility.countries.through.objects.values_list("facility", "country"):
        countries[pk].add((Country, country))
    for pk, group in countries.items():
        found[pk]["countries"] = frozenset(group)
    return found


def _complete_facility(draft: Draft, at: At) -> None:
    if not draft.get("kind"):
        kinds = ", ".join(FacilityKind.values)
        raise ValueError(
            f"nothing says of what kind the facility is: map a column, or --map kind==VALUE, one of {kinds}"
        )


def _check_facility(draft: Draft, at: At) -> None:
    if (draft.get("latitude") is None) != (draft.get("longitude") is None):
        raise ValueError("a place has a latitude and a longitude, not one of them")


FACILITIES = Collection(
    name="facilities",
    model=Facility,
    columns=(
        Text("name", _("Name"), model=Facility),
        Choice("kind", _("Kind"), choices=FacilityKind, synonyms=_FACILITY_KINDS),
        Reference("strand", _("Strand"), to=Strand),
        Reference("host", _("Host"), to=Organisation),
        References("partners", _("Partners"), to=Organisation, relation=Facility._meta.get_field("partners")),
        References("countries", _("Countries"), to=Country, relation=Facility._meta.get_field("countries")),
        Fields("fields", _("Fields of research"), to=Field, relation=Facility._meta.get_field("fields")),
        PartialDate("founded", _("Founded")),
        Degrees("latitude", _("Latitude"), limit=90),
        Degrees("longitude", _("Longitude"), limit=180),
        Place("coordinates", _("Latitude and longitude")),
        Text("summary", _("Summary"), model=Facility),
        Reference("session", _("Adopted or launched at"), to=Session),
        *record_columns(Facility),
    ),
    traits=_facility_traits,
    stored_traits=_stored_facility_traits,
    complete=_complete_facility,
    check=_check_facility,
)

# ── programmes ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _complete_programme(draft: Draft, at: At) -> None:
    if "kind" not in draft.named:
        at.say(
            "kind", f"nothing says of what kind it is: taken as {draft.get('kind')}; --map kind==VALUE says it for all"
        )


PROGRAMMES = Collection(
    name="programmes",
    model=Programme,
    columns=(
        Text("name", _("Name"), model=Programme),
        Choice("kind", _("Kind"), choices=ProgrammeKind, synonyms=_PROGRAMME_KINDS),
        Reference("strand", _("Strand"), to=Strand),
        References("countries", _("Countries"), to=Country, relation=Programme._meta.get_field("countries")),
        References(
            "organisations", _("Organisations"), to=Organisation, relation=Programme._meta.get_field("organisations")
        ),
        Text("summary", _("Summary"), model=Programme),
        PartialDate("start", _("Start")),
        PartialDate("end", _("End")),
        References("figures", _("Figures"), to=Figure, relation=Programme._meta.get_field("figures")),
        Reference("session", _("Adopted or launched at"), to=Session),
        *record_columns(Programme),
    ),
    complete=_complete_programme,
)

# ── projects ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _project_traits(values: Mapping[str, Any]) -> Traits:
    return {"start": _date(values, "actual_start", "planned_start")[:4]}


def _stored_project_traits() -> dict[int, Traits]:
    rows = Project.objects.values_list("pk", "actual_start", "planned_start")
    return {pk: {"start": (actual or planned or "")[:4]} for pk, actual, planned in rows}


def _gather_project(values: dict[str, Any], at: At) -> None:
    parts.gather_roles(values)
    parts.gather_budget(values, at)


def _check_project(draft: Draft, at: At) -> None:
    in_order(draft, "planned_start", "planned_end", "project")
    in_order(draft, "actual_start", "actual_end", "project")
    parts.check_shares(draft, at)


_FEEDERS = {
    "funding": _("Funding organisation"),
    "accountable": _("Accountable organisation"),
    "extending": _("Extending organisation"),
    "implementing": _("Implementing organisation"),
    "budget_amount": _("Budget: amount"),
    "budget_currency": _("Budget: currency (ISO 4217)"),
    "budget_value_date": _("Budget: value date"),
}

PROJECTS = Collection(
    name="projects",
    model=Project,
    columns=(
        Plain("iati_identifier", _("IATI identifier"), model=Project),
        Text("title", _("Title"), model=Project),
        Choice("status", _("Status"), choices=ProjectStatus, synonyms=_STATUSES),
        Reference("strand", _("Strand"), to=Strand),
        parts.Countries("countries", _("Recipient countries"), **parts.COUNTRIES),
        parts.Codes("regions", _("Recipient regions"), **parts.REGIONS),
        parts.Codes("sectors", _("Sectors"), **parts.SECTORS),
        parts.Roles("organisations", _("Participating organisations"), **parts.ROLES),
        PartialDate("planned_start", _("Planned start")),
        PartialDate("actual_start", _("Actual start")),
        PartialDate("planned_end", _("Planned end")),
        PartialDate("actual_end", _("Actual end")),
        parts.Budgets("budgets", _("Budgets"), **parts.BUDGETS),
        parts.Transactions("transactions", _("Transactions"), **parts.TRANSACTIONS),
        *parts.feeders(_FEEDERS),
        Text("description", _("Description"), model=Project),
        Text("objectives", _("Objectives"), model=Project),
        Text("target_groups", _("Target groups"), model=Project),
        Text("further_description", _("Further description"), model=Project),
        Reference("reporter", _("Reported by"), to=Organisation),
        Reference("session", _("Adopted or launched at"), to=Session),
        *record_columns(Project),
    ),
    identifiers=("iati_identifier",),
    follows=frozenset(["budget_totals"]),
    traits=_project_traits,
    stored_traits=_stored_project_traits,
    gather=_gather_project,
    check=_check_project,
)

COLLECTIONS = {one.name: one for one in (AGREEMENTS, FACILITIES, ORGANISATIONS, PROGRAMMES, PROJECTS)}
