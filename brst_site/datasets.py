"""The plain list of every listing, in the order in which the API names them."""

from django.utils.translation import gettext_lazy as _

from conference.listings import (
    COUNTRIES,
    DELEGATIONS,
    DOCUMENTS,
    EDITIONS,
    ORGANISATIONS,
    SECTIONS,
    SESSIONS,
    SPEAKERS,
)
from content.listings import ARTICLES, CLAIMS, FIGURES, SOURCES
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS

DATASETS = (
    EDITIONS,
    SECTIONS,
    SESSIONS,
    SPEAKERS,
    DELEGATIONS,
    COUNTRIES,
    ORGANISATIONS,
    AGREEMENTS,
    FACILITIES,
    PROJECTS,
    PROGRAMMES,
    FIGURES,
    CLAIMS,
    SOURCES,
    ARTICLES,
    DOCUMENTS,
)

TITLES = {
    "editions": _("Editions of the conference"),
    "sections": _("Sections of an edition"),
    "sessions": _("Sessions"),
    "speakers": _("Speakers"),
    "delegations": _("Delegations"),
    "countries": _("Countries and territories"),
    "organisations": _("Organisations"),
    "agreements": _("Agreements"),
    "facilities": _("Facilities"),
    "projects": _("Projects"),
    "programmes": _("Programmes and networks"),
    "figures": _("Figures"),
    "claims": _("Claims and statements"),
    "sources": _("Sources"),
    "articles": _("News and statements"),
    "documents": _("Documents"),
}
