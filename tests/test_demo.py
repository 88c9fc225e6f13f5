"""Sample data: marked in every record, free of clashes, and removed to the last row without touching another."""

import re
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from conference.models import (
    Appearance,
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Organisation,
    Participation,
    Person,
    Placement,
    ScheduleVersion,
    Session,
    Slot,
)
from content import languages
from content.models import Document, Source
from content.models.base import Identified
from content.publication import Publication
from content.revision import public_models
from cooperation.models import Facility, Project, ProjectCountry, ProjectOrganisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]


def demo(sessions=150, projects=40) -> None:
    call_command("demo", sessions=sessions, projects=projects)


def everything() -> dict[str, list[dict]]:
    return {model._meta.db_table: list(model._base_manager.order_by("pk").values()) for model in public_models()}


def marked() -> dict[str, int]:
    models = [model for model in public_models() if issubclass(model, Identified)]
    return {model.__name__: count for model in models if (count := model._base_manager.filter(sample=True).count())}


def told(capsys, word: str) -> dict[str, int]:
    lines = re.findall(rf"^(.+): (\d+) {word}$", capsys.readouterr().out, re.MULTILINE)
    return {kind: int(count) for kind, count in lines}


def test_undemo_leaves_every_row_as_it_was_before():
    before = everything()
    demo()
    assert {table: len(rows) for table, rows in everything().items()} != {t: len(r) for t, r in before.items()}
    call_command("undemo")
    connection.check_constraints()
    assert everything() == before


def test_the_commands_tell_how_much_they_made_and_removed(capsys):
    call_command("demo", sessions=150, projects=40)
    made = told(capsys, "created")
    assert [made["sessions"], made["projects"], made["editions"]] == [150, 40, 1]
    assert sum(made.values()) == sum(marked().values())
    call_command("undemo")
    assert told(capsys, "removed") == made
    call_command("undemo")
    assert capsys.readouterr().out == "There is no sample data.\n"


def test_there_is_as_much_as_was_asked_for_last():
    demo(sessions=150, projects=40)
    demo(sessions=30, projects=50)
    assert Session.objects.filter(sample=True).count() == 30
    assert Project.objects.filter(sample=True).count() == 50
    assert Edition.objects.filter(sample=True).count() == 1


def test_the_same_numbers_give_the_same_data():
    def made():
        sessions = Session.objects.filter(sample=True).with_slot().order_by("slug")
        projects = Project.objects.filter(sample=True).order_by("slug")
        shares = ProjectCountry.objects.order_by("project__slug", "country__code")
        return (
            list(sessions.values_list("uuid", "title_ar", "track__slug", "start", "slot_state")),
            list(projects.values_list("uuid", "status", "actual_start")),
            list(shares.values_list("project__slug", "country__code", "percentage")),
        )

    demo()
    first = made()
    call_command("undemo")
    demo()
    assert made() == first


@pytest.mark.parametrize("sessions", [0, 1])
def test_next_to_nothing_may_be_asked_for(sessions):
    demo(sessions=sessions, projects=0)
    assert Session.objects.filter(sample=True).count() == sessions


def test_every_record_is_published_named_as_sample_and_in_six_languages():
    demo()
    for model in public_models():
        if not issubclass(model, Identified) or model is Delegation:
            continue
        field = getattr(model, "sort_field", "name")
        for record in model._base_manager.filter(sample=True):
            texts = [getattr(record, languages.column(field, code)) for code in languages.CODES]
            assert all(texts) and "sample" in texts[0].lower(), record
            assert record.sort_en and record.sort_ar, record
            assert getattr(record, "state", "published") == "published"
            assert "sample" in record.slug


def test_what_is_made_would_pass_the_forms():
    demo(sessions=60, projects=20)
    for model in public_models():
        if issubclass(model, Identified):
            for record in model._base_manager.filter(sample=True)[:20]:
                record.full_clean()


def test_the_programme_is_published_with_moved_and_cancelled_sessions():
    demo(sessions=600, projects=0)
    edition = Edition.objects.get(slug="sample-edition")
    assert sorted(edition.schedule_versions.exclude(number=None).values_list("number", flat=True)) == [1, 2]
    slots = Slot.objects.filter(session__edition=edition, current=True)
    assert slots.count() == 600
    assert slots.filter(state="cancelled").exists() and slots.filter(state="tentative").exists()
    assert slots.exclude(previous_start=None).exclude(previous_start=F("start")).exists()
    assert slots.filter(start=None).exists()
    assert slots.filter(session__type__spans_rooms=True, room=None).exists()
    assert slots.filter(session__type__is_break=True).exists()


def test_no_two_sessions_share_a_room_and_a_plenary_is_alone():
    demo(sessions=600, projects=0)
    slots = Slot.objects.filter(current=True).exclude(start=None).exclude(state="cancelled")
    by_room = {}
    for slot in slots.order_by("start").select_related("session__type"):
        by_room.setdefault(slot.room_id, []).append(slot)
    for room, taken in by_room.items():
        others = sorted([*taken, *(by_room[None] if room else [])], key=lambda slot: slot.start)
        assert all(one.end <= other.start for one, other in pairwise(others))


def test_delegations_are_of_eighty_countries_and_some_organisations():
    demo()
    delegations = Delegation.objects.filter(sample=True)
    assert delegations.exclude(country=None).count() == 80
    assert delegations.exclude(organisation=None).count() == 5
    assert delegations.filter(size=None).exists() and delegations.exclude(size=None).exists()
    assert DelegationMember.objects.filter(role="head").count() == 85


def test_the_sample_edition_has_a_protocol_order_of_its_own():
    demo()
    edition = Edition.objects.get(slug="sample-edition")
    assert (edition.protocol_language, edition.host_place) == ("fr", "last")
    seats = list(Delegation.objects.published().with_order().order_by("protocol", "id"))
    assert (seats[0].precedence, seats[1]) == (1, edition.first_seat)
    assert (seats[-1].category, seats[-1].slug) == ("host", "ke")
    assert {one.category for one in seats} >= {"member", "observer", "intergovernmental", "non_governmental"}


def test_shares_of_a_project_add_up():
    demo(projects=200)
    for project in Project.objects.filter(sample=True).prefetch_related("country_shares", "sectors"):
        for shares in (project.country_shares.all(), project.sectors.all()):
            percentages = [share.percentage for share in shares]
            assert percentages and (None in percentages or sum(percentages) == 100)


def attach_project(edition):
    project = Project.objects.create(slug="real", title="Real")
    organisation = Organisation.objects.filter(sample=True).first()
    return ProjectOrganisation.objects.create(project=project, organisation=organisation)


def attach_session(edition):
    return Session.objects.create(slug="real", title="Real", edition=edition)


def attach_facility(edition):
    facility = Facility.objects.create(slug="real", name="Real", kind="platform")
    facility.partners.add(Organisation.objects.filter(sample=True).first())
    return facility


def attach_appearance(edition):
    return Appearance.objects.create(person=Person.objects.get(slug="speaker"), edition=edition)


def attach_document(edition):
    return Placement.objects.create(document=Document.objects.create(slug="real", title="Real"), edition=edition)


@pytest.mark.parametrize(
    "attached", [attach_project, attach_session, attach_facility, attach_appearance, attach_document]
)
def test_nothing_is_removed_while_something_real_rests_on_it(attached):
    demo()
    attached(Edition.objects.get(slug="sample-edition"))
    before = everything()
    for command in ("undemo", "demo"):
        with pytest.raises(CommandError, match=r"^Nothing was removed: real records rest on sample data: .*\.$"):
            call_command(command)
    assert everything() == before


def test_the_refusal_names_what_is_real_in_one_line():
    demo()
    edition = Edition.objects.get(slug="sample-edition")
    for number in range(8):
        Session.objects.create(slug=f"real-{number}", title=f"Real {number}", edition=edition)
    with pytest.raises(CommandError) as refusal:
        call_command("undemo")
    assert "session “Real 0”" in str(refusal.value)
    assert str(refusal.value).endswith("and 3 more.")
    assert "\n" not in str(refusal.value)


def test_parts_go_with_what_they_belong_to():
    demo()
    speaker = Person.objects.get(slug="speaker")
    session = Session.objects.filter(sample=True).first()
    Participation.objects.create(session=session, person=speaker, role="host")
    call_command("undemo")
    assert not Participation.objects.exists()
    assert not ScheduleVersion.objects.exists()
    assert Person.objects.get() == speaker


def test_what_staff_mark_as_sample_goes_too():
    Source.objects.create(slug="staff", title="Staff", kind="website", sample=True)
    call_command("undemo")
    assert marked() == {}
    assert Source.objects.count() == 4


def test_without_countries_it_says_what_to_do():
    Edition.objects.update(country=None)
    Country.objects.update(listed=False)
    with pytest.raises(CommandError, match=r"run manage\.py seed first"):
        demo()


@pytest.mark.parametrize("number", ["-1", "ten", "1.5", ""])
def test_a_number_that_is_none_is_refused(number):
    with pytest.raises(CommandError, match="is not a whole number, 0 or more"):
        call_command("demo", f"--sessions={number}")


def test_the_public_sees_it_marked(client):
    demo()
    answer = client.get("/api/v1/projects/?page_size=1").json()
    assert (answer["count"], answer["results"][0]["sample"]) == (40, True)


def test_publication_is_what_all_samples_with_a_state_have():
    demo()
    for model in public_models():
        if issubclass(model, Publication) and model._base_manager.filter(sample=True).exists():
            assert model.objects.filter(sample=True).published().count() == marked()[model.__name__]
