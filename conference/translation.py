from conference.models import (
    Appearance,
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Organisation,
    Person,
    Region,
    RegionGroup,
    Room,
    ScheduleVersion,
    Section,
    Session,
    SessionLink,
    SessionType,
    Slot,
    Track,
    Venue,
)
from content.translation import translate

translate(Region, "name")
translate(RegionGroup, "name", "basis")
translate(Country, "name", "official_name", "capital", "withdrawal_reason")
translate(Organisation, "name", "withdrawal_reason")
translate(Person, "name", "biography", "withdrawal_reason")
translate(Appearance, "honorific", "affiliation", "note")
translate(Edition, "name", "theme", "introduction", "city", "practical", "withdrawal_reason")
translate(Section, "name", "summary", "withdrawal_reason")
translate(Venue, "name", "address", "city")
translate(Room, "name")
translate(Track, "name", "withdrawal_reason")
translate(SessionType, "name")
translate(ScheduleVersion, "note")
translate(Slot, "title")
translate(Session, "title", "subtitle", "abstract", "withdrawal_reason")
translate(SessionLink, "label")
translate(Delegation, "withdrawal_reason")
translate(DelegationMember, "honorific", "title", "affiliation")
