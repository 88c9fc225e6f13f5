from cooperation.models.agreements import Agreement, AgreementParty
from cooperation.models.facilities import Facility, Field
from cooperation.models.programmes import Programme
from cooperation.models.projects import (
    Budget,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectRegion,
    ProjectSector,
    Transaction,
)

__all__ = [
    "Agreement",
    "AgreementParty",
    "Budget",
    "Facility",
    "Field",
    "Programme",
    "Project",
    "ProjectCountry",
    "ProjectOrganisation",
    "ProjectRegion",
    "ProjectSector",
    "Transaction",
]
