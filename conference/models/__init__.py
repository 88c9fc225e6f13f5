from conference.models.delegations import Delegation, DelegationMember
from conference.models.editions import Edition, EditionOrganiser, Placement, Section
from conference.models.geography import Country, Region, RegionGroup
from conference.models.people import Appearance, Organisation, Person
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

__all__ = [
    "Appearance",
    "Country",
    "Delegation",
    "DelegationMember",
    "Edition",
    "EditionOrganiser",
    "Organisation",
    "Participation",
    "Person",
    "Placement",
    "Region",
    "RegionGroup",
    "Room",
    "RoomInterpretation",
    "ScheduleVersion",
    "Section",
    "Session",
    "SessionInterpretation",
    "SessionLink",
    "SessionType",
    "Slot",
    "SlotParticipation",
    "Track",
    "Venue",
]
