"""The plain list of every listing, in the order in which the API names them."""

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
