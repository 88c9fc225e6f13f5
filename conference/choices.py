from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegionKind(models.TextChoices):
    REGION = "region", _("Region")
    SUBREGION = "subregion", _("Subregion")


class OrganisationKind(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    ACADEMY = "academy", _("Academy")
    UNIVERSITY = "university", _("University")
    INSTITUTE = "institute", _("Research institute")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organisation")
    NON_GOVERNMENTAL = "non_governmental", _("Non-governmental organisation")
    COMPANY = "company", _("Company")
    OTHER = "other", _("Other organisation")


class OrganiserRole(models.TextChoices):
    ORGANISER = "organiser", _("Organiser")
    CO_SPONSOR = "co_sponsor", _("Co-sponsor")
    HOST = "host", pgettext_lazy("organiser", "Host")


class SlotState(models.TextChoices):
    TENTATIVE = "tentative", _("Tentative")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class ScheduleChangeKind(models.TextChoices):
    PLACE = "place", _("Placed")
    MOVE = "move", _("Moved")
    UNSCHEDULE = "unschedule", _("Taken back")
    SHIFT = "shift", _("Shifted")


class ParticipationRole(models.TextChoices):
    CHAIR = "chair", _("Chair")
    MODERATOR = "moderator", _("Moderator")
    KEYNOTE = "keynote", _("Keynote speaker")
    SPEAKER = "speaker", _("Speaker")
    PANELLIST = "panellist", _("Panellist")
    RAPPORTEUR = "rapporteur", _("Rapporteur")
    INTERPRETER = "interpreter", _("Interpreter")
    HOST = "host", pgettext_lazy("person at a session", "Host")


class InterpretationMode(models.TextChoices):
    SIMULTANEOUS = "simultaneous", _("Simultaneous")
    CONSECUTIVE = "consecutive", _("Consecutive")
    WHISPERED = "whispered", _("Whispered")
    SIGN = "sign", _("Sign language")
    CAPTIONS = "captions", _("Captions")


class DelegationCategory(models.TextChoices):
    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organisation")
    NON_GOVERNMENTAL = "non_governmental", _("Non-governmental organisation")
    HOST = "host", pgettext_lazy("delegation", "Host")


class DelegationLevel(models.TextChoices):
    HEAD_OF_STATE = "head_of_state", _("Head of state or government")
    MINISTER = "minister", _("Minister")
    VICE_MINISTER = "vice_minister", _("Vice minister")
    SENIOR_OFFICIAL = "senior_official", _("Senior official")
    EXPERT = "expert", _("Expert")


class DelegationVisibility(models.TextChoices):
    HIDDEN = "hidden", _("Hidden")
    PARTY = "party", _("Without persons: the country or organisation alone")
    MEMBERS = "members", _("With the members who consent")


class ProtocolLanguage(models.TextChoices):
    """The language whose alphabet, and whose names, set the order of the seats."""

    ENGLISH = "en", _("English alphabetical order")
    CHINESE = "zh-hans", _("Chinese order by pronunciation")
    FRENCH = "fr", _("French alphabetical order")
    SPANISH = "es", _("Spanish alphabetical order")
    RUSSIAN = "ru", _("Russian alphabetical order")
    ARABIC = "ar", _("Arabic alphabetical order")


class HostPlace(models.TextChoices):
    FIRST = "first", _("First of all")
    LAST = "last", _("Last of all")
    IN_PLACE = "in_place", _("In its place among the members")


class Sex(models.TextChoices):
    """As passports have it; blank is not recorded."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNSPECIFIED = "unspecified", _("Unspecified (X in the passport)")


class MemberRole(models.TextChoices):
    HEAD = "head", _("Head of delegation")
    DEPUTY = "deputy", _("Deputy head of delegation")
    MEMBER = "member", _("Member of the delegation")


class LinkKind(models.TextChoices):
    WEBSITE = "website", _("Website")
    STREAM = "stream", _("Stream")
    RECORDING = "recording", _("Recording")
    ATTACHMENT = "attachment", _("Attachment")


class ChangeKind(models.TextChoices):
    """What a schedule version did to a session, in the order in which a change list tells it."""

    CANCELLED = "cancelled", _("Cancelled")
    MOVED = "moved", _("Moved")
    ADDED = "added", _("Added")
    REINSTATED = "reinstated", _("Takes place after all")
    REMOVED = "removed", _("Taken out of the programme")
    CONFIRMED = "confirmed", _("Confirmed")
    TENTATIVE = "tentative", _("No longer confirmed")
    RETITLED = "retitled", _("New title")
    JOINED = "joined", _("Joined")
    LEFT = "left", _("No longer taking part")
