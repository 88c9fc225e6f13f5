"""Statistics of participation at an edition, counted from what the public sees and from nothing else.

Delegations are those of their list, so that its facets give the same numbers. Sizes are added up as far as they are
recorded. Of sex there is one total of all persons who are named in public: two totals of overlapping groups could be
subtracted from each other until a single person is left.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from conference.choices import DelegationCategory, DelegationLevel, MemberRole, ParticipationRole, Sex
from conference.filters import main_regions
from conference.listings import DELEGATIONS
from conference.models import (
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Participation,
    Session,
    public_appearances,
)
from content import languages
from content.presentation import number_text, shown, with_query
from content.publication import window

FEWEST_OF_A_SEX_TABLE = 5

Words = dict[str, Any]


class Counted(NamedTuple):
    """What there is of one category, region, country or level."""

    delegations: list[Delegation]
    members: int
    speakers: int = 0


class Participants:
    """All that is counted, read once. Persons are told apart by their key."""

    def __init__(self, edition: Edition):
        self.edition = edition
        selection = DELEGATIONS.asked(edition=edition.slug)
        self.delegations = list(selection.all().select_related("country__region"))
        members = DelegationMember.objects.published().filter(delegation__in=selection.queryset.values("pk"))
        self.members = list(members.select_related("person"))
        parts = Participation.objects.filter(
            window("person__"), session__in=Session.objects.published().filter(edition=edition)
        )
        self.parts = list(parts.select_related("person").order_by("id"))
        self.speakers = {part.person_id: part.person for part in self.parts}
        appearances = public_appearances().filter(window("country__"), edition=edition, person__in=self.speakers)
        self.countries = {one.person_id: one.country for one in appearances.select_related("country__region")}
        self.members_of = Counter(member.delegation_id for member in self.members)

    def counted(self, chosen: Callable[[Delegation], bool], speakers: int = 0) -> Counted:
        rows = [row for row in self.delegations if chosen(row)]
        return Counted(rows, sum(self.members_of[row.pk] for row in rows), speakers)

    def persons(self) -> dict[int, str]:
        """The sex, blank where it is not recorded, of everybody who is named in public."""
        return {member.person_id: member.person.sex for member in self.members} | {
            key: person.sex for key, person in self.speakers.items()
        }


def of_edition(edition: Edition) -> Words:
    found = Participants(edition)
    return {
        "totals": totals(found),
        "tables": [by_category(found), by_region(found), by_level(found), by_country(found)],
        "member_roles": roles(MemberRole, found.members),
        "session_roles": roles(ParticipationRole, found.parts),
        "sex": sex_words(found.persons()),
        "is_empty": not (found.delegations or found.parts),
    }


def totals(found: Participants) -> list[Words]:
    rows = found.delegations
    sizes = [row.size for row in rows if row.size is not None]
    recorded = _("%(some)s of %(all)s delegations recorded a size") % {
        "some": number_text(len(sizes)),
        "all": number_text(len(rows)),
    }
    return [
        {"label": _("Delegations"), "number": number_text(len(rows))},
        {"label": _("Countries"), "number": number_text(sum(row.country_id is not None for row in rows))},
        {
            "label": _("International organisations"),
            "number": number_text(sum(row.organisation_id is not None for row in rows)),
        },
        {"label": _("Persons in delegations"), "number": number_text(sum(sizes)) if sizes else "", "note": recorded},
        {
            "label": _("Members of delegations named in public"),
            "number": number_text(len({member.person_id for member in found.members})),
        },
        {"label": _("Persons with a role in sessions"), "number": number_text(len(found.speakers))},
    ]


# Tables. Each row has its bar: the number of delegations, or of persons where a row is a country, which sends one.


def list_url(found: Participants, key: str, value: str) -> str:
    return with_query(reverse("edition-countries", args=[found.edition.slug]), [(key, value)])


def by_category(found: Participants) -> Words:
    rows = [
        row(
            category.label,
            found.counted(lambda one, c=category: one.category == c),
            list_url(found, "category", category),
        )
        for category in DelegationCategory
    ]
    return table("category", _("By category"), _("Category"), rows)


def by_level(found: Participants) -> Words:
    rows = [
        row(level.label, found.counted(lambda one, v=level: one.level == v), list_url(found, "level", level))
        for level in DelegationLevel
    ]
    rows.append(row(_("Not recorded"), found.counted(lambda one: not one.level)))
    return table("level", _("By level"), _("Level"), rows)


def by_region(found: Participants) -> Words:
    speakers = Counter(country.region_id for country in found.countries.values())
    order = languages.column("sort", languages.current())
    rows = [
        row(
            shown(region, "name"),
            found.counted(lambda one, pk=region.pk: region_of(one) == pk, speakers[region.pk]),
            list_url(found, "region", region.slug),
        )
        for region in main_regions().order_by(order)
    ]
    rows += [
        row(
            _("Region not recorded"),
            found.counted(lambda one: one.country_id and region_of(one) is None, speakers[None]),
        ),
        *rows_without_country(found),
    ]
    return table("region", _("By region"), _("Region"), rows, with_speakers=True)


def region_of(delegation: Delegation) -> int | None:
    return delegation.country.region_id if delegation.country else None


def by_country(found: Participants) -> Words:
    speakers = Counter(country.pk for country in found.countries.values())
    present = {one.country_id: one.country for one in found.delegations if one.country} | {
        country.pk: country for country in found.countries.values()
    }
    order = languages.column("sort", languages.current())
    rows = [
        row(
            shown(country, "name"),
            found.counted(lambda one, pk=country.pk: one.country_id == pk, speakers[country.pk]),
            list_url(found, "country", country.code) if has_delegation(found, country) else "",
            code=country.code,
        )
        for country in sorted(present.values(), key=lambda country: (getattr(country, order), country.pk))
    ]
    rows += rows_without_country(found)
    return table("country", _("By country"), _("Country"), rows, with_speakers=True, of_parties=True)


def has_delegation(found: Participants, country: Country) -> bool:
    return any(one.country_id == country.pk for one in found.delegations)


def rows_without_country(found: Participants) -> list[Words]:
    without = len(found.speakers) - len(found.countries)
    return [
        row(_("International organisations"), found.counted(lambda one: one.organisation_id is not None)),
        row(_("Country not recorded"), Counted([], 0, without)),
    ]


def row(label, counted: Counted, url: str = "", code: str = "") -> Words:
    """The label is a text, or a `Shown` that names its language."""
    sizes = [one.size for one in counted.delegations if one.size is not None]
    return {
        "label": str(label),
        "lang": getattr(label, "lang", ""),
        "dir": getattr(label, "dir", ""),
        "url": url if counted.delegations else "",
        "code": code,
        "delegations": len(counted.delegations),
        "size": sum(sizes) if sizes else None,
        "with_size": len(sizes),
        "members": counted.members,
        "speakers": counted.speakers,
    }


def table(
    name: str, title: str, label: str, rows: list[Words], with_speakers: bool = False, of_parties: bool = False
) -> Words:
    rows = [one for one in rows if one["delegations"] or one["speakers"]]
    return {
        "name": name,
        "title": title,
        "label": label,
        "of_parties": of_parties,
        "rows": with_bars(rows, "size" if of_parties else "delegations"),
        "with_speakers": with_speakers,
        "sum": {
            "delegations": sum(one["delegations"] for one in rows),
            "size": sum(one["size"] or 0 for one in rows),
            "with_size": sum(one["with_size"] for one in rows),
            "members": sum(one["members"] for one in rows),
            "speakers": sum(one["speakers"] for one in rows),
        },
    }


def with_bars(rows: Iterable[Words], key: str) -> list[Words]:
    """With the length of each bar in hundredths of the longest."""
    rows = list(rows)
    longest = max((one[key] or 0 for one in rows), default=0)
    return [one | {"bar": round((one[key] or 0) * 100 / longest, 1) if longest else 0} for one in rows]


# Persons


def roles(choices, parts: list) -> Words:
    """Persons by what they did. Whoever did several things counts for each, and once in the sum."""
    persons = defaultdict(set)
    for part in parts:
        persons[part.role].add(part.person_id)
    rows = [{"label": role.label, "persons": len(persons[role])} for role in choices if persons[role]]
    everybody = {part.person_id for part in parts}
    return {
        "rows": with_bars(rows, "persons"),
        "persons": len(everybody),
        "several": sum(one["persons"] for one in rows) > len(everybody),
    }


def sex_words(persons: dict[int, str]) -> Words:
    """One total, and none at all where it would tell the sex of somebody: of few, of a single one, or of everybody."""
    counted = Counter(sex for sex in persons.values() if sex)
    recorded = sum(counted.values())
    tells_of_one = 1 in counted.values() or (len(counted) == 1 and recorded == len(persons))
    shown_at_all = recorded >= FEWEST_OF_A_SEX_TABLE and not tells_of_one
    rows = [{"label": sex.label, "persons": counted[sex]} for sex in Sex if counted[sex]] if shown_at_all else []
    return {
        "rows": with_bars(rows, "persons"),
        "recorded": recorded if shown_at_all else None,
        "persons": len(persons),
        "is_recorded": bool(recorded),
    }
