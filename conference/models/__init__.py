from conference.models.delegations import CategoryRule, Delegation, DelegationMember
from conference.models.editions import Edition, EditionOrganiser, Placement, Section
from conference.models.geography import Country, Region, RegionGroup
from conference.models.people import Appearance, Organisation, Person
from conference.models.planning import Availability, ScheduleChange, SectionPlan, SessionPlan
from conference.models.presence import public_appearances
from conference.models.programme import (
    Participation,
    Room,
    RoomInterpretation,
    ScheduleVersion,
    Session,
    SessionInterpretation,
    SessionLink,
    SessionType,
    Slot,
    SlotParticipation,
    Track,
    Venue,
)
from conference.models.ror import RORCandidate

__all__ = [
    "Appearance",
    "Availability",
    "CategoryRule",
    "Country",
    "Delegation",
    "DelegationMember",
    "Edition",
    "EditionOrganiser",
    "Organisation",
    "Participation",
    "Person",
    "Placement",
    "RORCandidate",
    "Region",
    "RegionGroup",
    "Room",
    "RoomInterpretation",
    "ScheduleChange",
    "ScheduleVersion",
    "Section",
    "SectionPlan",
    "Session",
    "SessionInterpretation",
    "SessionLink",
    "SessionPlan",
    "SessionType",
    "Slot",
    "SlotParticipation",
    "Track",
    "Venue",
    "public_appearances",
]
