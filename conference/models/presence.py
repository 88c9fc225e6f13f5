"""Who may be named as having been at an edition."""

from django.db.models import Exists, OuterRef

from conference.models.delegations import DelegationMember
from conference.models.people import Appearance
from conference.models.programme import Participation, Session
from content.publication import window


def public_appearances():
    """Persons at public editions. A delegate without consent is not told, but for who speaks in a public session."""
    here = {"person": OuterRef("person")}
    withheld = DelegationMember.objects.filter(**here, consent=False, delegation__edition=OuterRef("edition"))
    speaks = Participation.objects.filter(
        **here, session__edition=OuterRef("edition"), session__in=Session.objects.published()
    )
    return Appearance.objects.filter(window("edition__")).filter(~Exists(withheld) | Exists(speaks))
