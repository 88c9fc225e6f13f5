"""The plain list of every listing, in the order in which the API names them, and what is said of each."""

from django.db.models import QuerySet
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
    VERSIONS,
)
from content.listing import Listing
from content.listings import ARTICLES, CLAIMS, FIGURES, SOURCES
from cooperation.listings import AGREEMENTS, FACILITIES, PROGRAMMES, PROJECTS

DATASETS = (
    EDITIONS,
    SECTIONS,
    SESSIONS,
    VERSIONS,
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
# Those whose addresses and names hang on other records, which must be public to be told.
THROUGH_OTHERS = (SPEAKERS, DELEGATIONS, CLAIMS)

TITLES = {
    "editions": _("Editions of the conference"),
    "sections": _("Sections of an edition"),
    "sessions": _("Sessions"),
    "versions": _("Versions of the programme"),
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


def with_owners(listing: Listing, rows: QuerySet) -> QuerySet:
    """The rows with what their names and addresses hang on."""
    if listing in THROUGH_OTHERS:
        return listing.serializer.related(rows)
    # A record is public only together with its owner, so the owner's slug is public too.
    return rows.select_related(*listing.model.public_with) if listing.model.public_with else rows
