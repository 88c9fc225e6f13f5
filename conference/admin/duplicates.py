"""Which persons and organisations are offered for merging, and what tells them apart."""

from collections import defaultdict

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.imports.duplicates import organisation_pairs, person_pairs
from conference.models import Appearance, Delegation, DelegationMember, Edition, Organisation, Participation, Person
from content.admin.merging import DuplicatesPage
from content.presentation import phrase


class PersonDuplicates(DuplicatesPage):
    model = Person
    title = _("Likely duplicates")
    lede = _(
        "Persons of this edition whose names are the same in another order, without accents or with initials, or"
        " nearly the same inside one delegation. A merge can be undone."
    )

    def target(self, request, object_id):
        return get_object_or_404(Edition, pk=object_id)

    def pairs(self, target):
        return person_pairs(target)

    def describe(self, target, records):
        facts = defaultdict(list)
        members = DelegationMember.objects.filter(person__in=records, delegation__edition=target)
        for member in members.select_related("delegation__country", "delegation__organisation").order_by("pk"):
            texts = [member.honorific, member.title, member.affiliation, str(member.delegation.party)]
            facts[member.person_id].append(phrase(*texts))
        for one in Appearance.objects.filter(person__in=records, edition=target).order_by("pk"):
            facts[one.person_id].append(phrase(str(_("Speaker")), one.honorific, one.affiliation))
        sessions = Participation.objects.filter(person__in=records, session__edition=target).order_by()
        for person, count in sessions.values_list("person").annotate(Count("session", distinct=True)):
            facts[person].append(ngettext("%d session", "%d sessions", count) % count)
        return facts


class OrganisationDuplicates(DuplicatesPage):
    model = Organisation
    title = _("Likely duplicates")
    lede = _(
        "Organisations with nearly the same name, the same acronym or the same ROR identifier. A merge can be undone."
    )

    def pairs(self, target):
        return organisation_pairs()

    def describe(self, target, records):
        facts = defaultdict(list)
        for record in records:
            facts[record.pk] = [text for text in (record.acronym, record.get_kind_display()) if text]
        delegations = Delegation.objects.filter(organisation__in=records).order_by()
        for organisation, count in delegations.values_list("organisation").annotate(Count("pk")):
            facts[organisation].append(ngettext("%d delegation", "%d delegations", count) % count)
        return facts
