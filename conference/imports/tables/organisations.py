"""Organisations in a table, and the columns that all collections have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from conference.choices import OrganisationKind
from conference.imports.tables.collection import Collection, Traits, keys_of
from conference.imports.tables.columns import (
    Address,
    Choice,
    Column,
    Day,
    LanguageTags,
    OtherNames,
    Plain,
    Reference,
    References,
    Ror,
    Text,
)
from conference.models import Country, Organisation
from content.models import Source
from content.models.base import Record

_KINDS = """
    government: ministry|agency|public body|ministere|ministerio|министерство|правительственная организация
    government: 部委|政府机构|وزارة
    academy: academy of sciences|academie|academie des sciences|academia|академия|академия наук|科学院|أكاديمية
    university: universities|higher education|education|universite|universidad|университет|вуз|高校|大学|جامعة
    institute: institute|research institute|facility|research centre|research center|laboratory|institut|instituto
    institute: институт|研究所|معهد
    intergovernmental: igo|international organisation|international organization|国际组织|منظمة دولية
    non_governmental: ngo|nonprofit|non profit|association|ong|нпо|非政府组织|منظمة غير حكومية
    company: business|enterprise|firm|private sector|entreprise|empresa|предприятие|企业|公司|شركة
    other: archive|funder|healthcare|其他|autre|otro|другое|أخرى
"""


def record_columns(model: type[Record]) -> tuple[Column, ...]:
    """What every record has."""
    return (
        References("sources", _("Sources"), to=Source, relation=model._meta.get_field("sources"), complete=True),
        Day("verified_on", _("Last verified on")),
        LanguageTags("unreviewed", _("Languages not yet reviewed")),
    )


def _traits(values: Mapping[str, Any]) -> Traits:
    country = values.get("country")
    return {"country": keys_of([country])} if isinstance(country, Country) else {}


def _stored_traits() -> dict[int, Traits]:
    rows = Organisation.objects.exclude(country=None).values_list("pk", "country")
    return {pk: {"country": frozenset({(Country, country)})} for pk, country in rows}


ORGANISATIONS = Collection(
    name="organisations",
    model=Organisation,
    columns=(
        Text("name", _("Name"), model=Organisation),
        Plain("acronym", _("Acronym"), model=Organisation),
        Choice("kind", _("Kind"), choices=OrganisationKind, synonyms=_KINDS),
        Reference("country", _("Country"), to=Country),
        Ror("ror", _("ROR identifier"), model=Organisation),
        Plain("iati_identifier", _("IATI identifier"), model=Organisation),
        Address("address", _("Website"), model=Organisation),
        OtherNames("other_names", _("Other names")),
        *record_columns(Organisation),
    ),
    identifiers=("ror", "iati_identifier"),
    traits=_traits,
    stored_traits=_stored_traits,
    strict=True,
)
