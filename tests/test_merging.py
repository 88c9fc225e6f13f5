"""Two records that are one become one, with all that points to them, and two again when it is undone."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from conference.models import (
    Appearance,
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Organisation,
    Participation,
    Person,
    Session,
)
from content import merging
from content.models import Distinction, Merge, Source
from cooperation.models import Agreement, AgreementParty, Facility
from tests.world import World

pytestmark = pytest.mark.django_db
MODELS = (
    Person, Organisation, Appearance, Delegation, DelegationMember, Participation, AgreementParty, Facility, Edition,
    Facility.partners.through, Person.sources.through,
)  # fmt: skip


def everything() -> dict:
    """All rows as the database holds them, but for when they were written."""
    rows = {}
    for model in MODELS:
        for pk in model._base_manager.values_list("pk", flat=True):
            row = merging.read_row(model, pk)
            row.pop("modified", None)
            rows[model._meta.label, pk] = row
    return rows


@pytest.fixture
def edition():
    country = Country.objects.create(code="TD", alpha3="TCD", name_en="Chad", state="published")
    edition = Edition.objects.create(
        slug="sample", name_en="Sample", start_date="2024", end_date="2024", time_zone="UTC", state="published"
    )
    Delegation.objects.create(edition=edition, country=country, state="published")
    return edition


def person(name: str, **values) -> Person:
    slug = name.lower().replace(" ", "-").replace(".", "")
    return Person.objects.create(**{"slug": slug, "name_en": name, "state": "published", **values})


def member(edition, one: Person, **values) -> DelegationMember:
    return DelegationMember.objects.create(delegation=edition.delegations.first(), person=one, **values)


def staff(admin_client, edition) -> str:
    return reverse("admin:conference_edition_duplicates", args=[edition.pk])


def test_all_that_points_to_a_person_moves_and_comes_back(edition):
    kept, removed = person("Olu Bakarin"), person("Olu T. Bakarin", orcid="0000-0002-1825-0097", biography_en="Wrote.")
    other = Edition.objects.create(
        slug="other", name_en="Other", start_date="2025", end_date="2025", time_zone="UTC", state="published"
    )
    shared = Session.objects.create(edition=edition, slug="shared", title_en="Shared", state="published")
    own = Session.objects.create(edition=edition, slug="own", title_en="Own", state="published")
    for session, one in ((shared, kept), (shared, removed), (own, removed)):
        Participation.objects.create(session=session, person=one, role="speaker")
    Appearance.objects.create(person=kept, edition=edition, external_id="1")
    Appearance.objects.create(person=removed, edition=edition, affiliation_en="Weather", external_id="2")
    Appearance.objects.create(person=removed, edition=other, external_id="2")
    member(edition, kept, rank=1, title_en="Adviser")
    member(edition, removed, rank=2, title_en="Minister", consent=True)
    removed.sources.add(Source.objects.create(slug="source", title_en="Source", kind="website", said_on="2024"))
    before = everything()

    merge = merging.merge(kept, removed)
    kept.refresh_from_db()
    assert not Person.objects.filter(pk=removed.pk).exists()
    assert (kept.orcid, kept.biography_en, kept.other_names) == ("0000-0002-1825-0097", "Wrote.", ["Olu T. Bakarin"])
    assert {(one.session, one.person) for one in Participation.objects.all()} == {(shared, kept), (own, kept)}
    assert {(one.edition, one.affiliation_en) for one in kept.appearances.all()} == {
        (edition, "Weather"),
        (other, None),
    }
    assert [(one.title_en, one.consent) for one in kept.memberships.all()] == [("Adviser", False)]
    assert kept.sources.count() == 1

    assert merging.undo(merge) == 0
    assert everything() == before


def test_organisations_take_their_delegations_and_what_other_floors_know_of_them():
    world = World(3)
    kept, removed = world.organisations[1], world.organisations[2]
    partner = world.facilities[2]
    before = everything()
    merge = merging.merge(kept, removed)
    (delegation,) = kept.delegations.all()
    assert [one.role for one in delegation.members.order_by("pk")] == ["head", "member"]
    assert partner.partners.get() == kept
    assert AgreementParty.objects.filter(organisation=kept).values("agreement").distinct().count() == 2
    assert Agreement.objects.count() == 3
    kept.refresh_from_db()
    assert kept.other_names == [f"row 003 {code}" for code in ("en", "zh_hans", "fr", "es", "ru", "ar")]
    assert merging.undo(merge) == 0
    assert everything() == before


def test_what_was_not_to_be_seen_yet_is_not_filled_in(edition):
    kept, removed = person("Olu Bakarin"), person("O. Bakarin", state="draft", biography_en="Secret")
    merging.merge(kept, removed)
    kept.refresh_from_db()
    assert (kept.biography_en, kept.other_names) == (None, ["O. Bakarin"])


def test_a_merge_is_not_undone_over_what_has_changed_since(edition):
    kept, removed = person("Olu Bakarin"), person("O. Bakarin", biography_en="Wrote.")
    merge = merging.merge(kept, removed)
    Person.objects.filter(pk=kept.pk).update(biography_en="Wrote more.")
    with pytest.raises(merging.MergeError, match=r"person Olu Bakarin: “biography \[en\]” has changed since\."):
        merging.undo(merge)
    Person.objects.filter(pk=kept.pk).update(biography_en="Wrote.")
    person("Another", slug="o-bakarin")
    with pytest.raises(merging.MergeError, match="the slug “o-bakarin” belongs to another record now"):
        merging.undo(merge)
    Person.objects.filter(slug="o-bakarin").delete()
    merging.undo(merge)
    with pytest.raises(merging.MergeError, match="has been undone already"):
        merging.undo(merge)


def test_merges_upon_merges_are_undone_from_the_last(edition):
    first, second, third = person("Olu Bakarin"), person("O. Bakarin"), person("Olu Bakarín", slug="third")
    member(edition, third)
    before = everything()
    inner = merging.merge(second, third)
    outer = merging.merge(first, second)
    first.refresh_from_db()
    assert first.other_names == ["O. Bakarin", "Olu Bakarín"]
    with pytest.raises(merging.MergeError, match="Bakarin” is not on file any more: undo its own merge first"):
        merging.undo(inner)
    merging.undo(outer)
    merging.undo(inner)
    assert everything() == before


def test_a_part_that_was_deleted_since_stays_so(edition):
    kept, removed = person("Olu Bakarin"), person("O. Bakarin")
    member(edition, removed)
    merge = merging.merge(kept, removed)
    kept.memberships.all().delete()
    assert merging.undo(merge) == 1
    assert Person.objects.filter(pk=removed.pk).exists()


def test_the_next_import_finds_whoever_was_kept(edition, tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(
        "Delegation,Name,Job title\nChad,Olu Bakarin,Minister\nChad,Olu Bakarine,Adviser\nChad,Dita Vekmir,\n"
        "Chad,Dita Vekmir,Driver\n"
    )

    def bring():
        call_command("import_delegates", str(path), "--edition", edition.slug)
        return capsys.readouterr().out.splitlines()[-1]

    assert '"created": 4' in bring()
    for text in ("Olu Bakarine", "Dita Vekmir"):
        removed = Person.objects.filter(name_en=text).last()
        kept = (
            Person.objects.filter(name_en__in=[text, "Olu Bakarin"])
            .exclude(pk=removed.pk)
            .get(name_en=text if text == "Dita Vekmir" else "Olu Bakarin")
        )
        merging.merge(kept, removed)
    assert '"created": 0, "changed": 0, "unchanged": 4, "refused": 0' in bring()
    for merge in Merge.objects.all():
        merging.undo(merge)
    assert '"created": 0, "changed": 0, "unchanged": 4, "refused": 0' in bring()


# ── the admin ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_likely_duplicates_are_offered_with_what_tells_them_apart(admin_client, edition):
    kept, removed, other = person("Olu Bakarin"), person("BAKARIN Olu"), person("Dita Vekmir")
    member(edition, kept, title_en="Adviser")
    member(edition, removed, title_en="Minister")
    member(edition, other)
    page = admin_client.get(staff(admin_client, edition)).content.decode()
    assert "the same name" in page and "Adviser, Chad (TD)" in page and "Minister, Chad (TD)" in page
    assert "Vekmir" not in page


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Olu Bakarin", "Olú BAKARÍN", "the same name"),
        ("Olu Bakarin", "O. Bakarin", "the same name with initials"),
        ("Olumide Bakarin", "Olumide Bakarinn", "nearly the same name"),
    ],
)
def test_why_two_persons_are_offered(admin_client, edition, one, other, reason):
    member(edition, person(one))
    member(edition, person(other, slug="other"))
    (row,) = admin_client.get(staff(admin_client, edition)).context["rows"]
    assert row["reason"] == reason


def test_two_are_compared_merged_and_two_again_in_the_admin(admin_client, edition):
    kept, removed = person("Olu Bakarin"), person("O. Bakarin", orcid="0000-0002-1825-0097")
    member(edition, kept, title_en="Adviser")
    member(edition, removed, title_en="Minister")
    address = f"{staff(admin_client, edition)}?keep={kept.pk}&remove={removed.pk}"
    page = admin_client.get(address)
    assert "0000-0002-1825-0097" in page.content.decode()
    assert [tuple(row) for row in page.context["moved"]] == [("Members of delegations", 0, 1), ("Persons", 1, 1)]
    assert Person.objects.count() == 2
    admin_client.post(address, {"step": "merge"})
    merge = Merge.objects.get()
    assert (merge.kept, merge.removed, merge.removed_slug, merge.by.username) == (
        kept.pk,
        removed.pk,
        "o-bakarin",
        "admin",
    )
    page = admin_client.get(reverse("admin:content_merge_change", args=[merge.pk])).content.decode()
    assert "Undo this merge" in page
    admin_client.post(reverse("admin:content_merge_undo", args=[merge.pk]))
    assert Person.objects.count() == 2
    assert (
        "Undo this merge"
        not in admin_client.get(reverse("admin:content_merge_change", args=[merge.pk])).content.decode()
    )
    refused = admin_client.post(reverse("admin:content_merge_undo", args=[merge.pk]), follow=True).content.decode()
    assert "has been undone already" in refused


def test_not_the_same_is_remembered(admin_client, edition):
    one, other = person("Olu Bakarin"), person("O. Bakarin")
    member(edition, one)
    member(edition, other)
    address = staff(admin_client, edition)
    admin_client.post(f"{address}?keep={other.pk}&remove={one.pk}", {"step": "apart"})
    assert list(Distinction.objects.values_list("model", "first", "second")) == [
        ("conference.person", one.pk, other.pk)
    ]
    assert admin_client.get(address).context["rows"] == []


def test_organisations_have_a_page_of_their_own(admin_client):
    for slug, name, acronym in (
        ("a", "Society of Clouds", "SOC"),
        ("b", "The Society of Cloud", ""),
        ("c", "Winds", ""),
    ):
        Organisation.objects.create(slug=slug, name_en=name, acronym=acronym, state="published")
    (row,) = admin_client.get(reverse("admin:conference_organisation_duplicates")).context["rows"]
    assert (row["first"].slug, row["second"].slug, row["reason"]) == ("a", "b", "nearly the same name")


def test_who_may_not_change_persons_may_not_merge_them(client, django_user_model, edition):
    client.force_login(django_user_model.objects.create_user("viewer", is_staff=True))
    assert client.get(reverse("admin:conference_edition_duplicates", args=[edition.pk])).status_code == 403
    one, other = person("Olu Bakarin"), person("O. Bakarin")
    address = reverse("admin:conference_organisation_duplicates")
    assert client.post(f"{address}?keep={one.pk}&remove={other.pk}", {"step": "merge"}).status_code == 403
    merge = merging.merge(one, other)
    assert client.post(reverse("admin:content_merge_undo", args=[merge.pk])).status_code == 403
    assert Person.objects.count() == 1


def test_pages_do_not_ask_more_for_more_pairs(admin_client, edition, django_assert_max_num_queries):
    for number in range(8):
        member(edition, person(f"Olu Bakarin {number}", slug=f"one-{number}"), rank=number)
        member(edition, person(f"Olu Bakarin {number}", slug=f"two-{number}"), rank=number)
    with django_assert_max_num_queries(20):
        admin_client.get(staff(admin_client, edition))


def test_other_names_are_edited_one_a_line(admin_client):
    organisation = Organisation.objects.create(slug="a", name_en="Clouds", other_names=["Wolken"], state="published")
    address = reverse("admin:conference_organisation_change", args=[organisation.pk])
    context = admin_client.get(address).context
    form = context["adminform"].form
    assert form["other_names"].value() == "Wolken"
    data = {name: form[name].value() or "" for name in form.fields} | {"other_names": "Wolken\r\n Nuages \r\n\r\n"}
    data = {name: value for name, value in data.items() if value}
    for inline in context["inline_admin_formsets"]:
        management = inline.formset.management_form
        data |= {management.add_prefix(name): management[name].value() for name in management.fields}
    response = admin_client.post(address, data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    organisation.refresh_from_db()
    assert organisation.other_names == ["Wolken", "Nuages"]


def organisation(slug: str) -> Organisation:
    return Organisation.objects.create(slug=slug, name_en=slug.title(), state="published")


def test_the_address_of_a_record_given_up_leads_to_the_one_kept(client):
    kept, removed, last = organisation("clouds"), organisation("the-clouds"), organisation("skies")
    merging.merge(kept, removed)
    answer = client.get(reverse("organisation", args=["the-clouds"]))
    assert (answer.status_code, answer["Location"]) == (301, reverse("organisation", args=["clouds"]))
    merging.merge(last, kept)
    for slug in ("clouds", "the-clouds"):
        answer = client.get(reverse("organisation", args=[slug]))
        assert (answer.status_code, answer["Location"]) == (301, reverse("organisation", args=["skies"]))
    assert client.get(f"/api/v1/organisations/{removed.uuid}/").status_code in {404, 410}
    Organisation.objects.filter(pk=last.pk).update(state="draft")
    assert client.get(reverse("organisation", args=["the-clouds"])).status_code == 404


def test_an_address_is_that_of_its_own_record_again_after_the_merge_is_undone(client):
    kept, removed = organisation("clouds"), organisation("the-clouds")
    merging.undo(merging.merge(kept, removed))
    assert client.get(reverse("organisation", args=["the-clouds"])).status_code == 200
    Organisation.objects.get(slug="the-clouds").delete()
    assert client.get(reverse("organisation", args=["the-clouds"])).status_code == 404


def test_distinctions_are_listed_by_the_names_of_both(admin_client, edition):
    one, other, third = person("Olu Bakarin"), person("O. Bakarin"), person("Olumide Bakarin")
    merging.tell_apart(one, other)
    merging.tell_apart(one, third)
    other.delete()
    page = admin_client.get(reverse("admin:content_distinction_changelist")).content.decode()
    assert {"Olu Bakarin", "Olumide Bakarin"} <= set(re.findall(r">([^<>]+)</", page))
    assert "no longer on file" in page
    first = Distinction.objects.get(second=third.pk)
    form = admin_client.get(reverse("admin:content_distinction_change", args=[first.pk])).content.decode()
    assert "Olumide Bakarin" in form


def test_names_that_differ_by_a_number_are_not_offered(admin_client):
    for number in (5, 6):
        Organisation.objects.create(slug=f"n{number}", name_en=f"Institute of Physics No. {number}", state="published")
    assert admin_client.get(reverse("admin:conference_organisation_duplicates")).context["rows"] == []
