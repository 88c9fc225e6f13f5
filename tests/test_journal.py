"""An import as a whole is taken back, as the database held everything before, or is refused with the records named."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import Country, Organisation
from content.imports.account import Account
from content.journal import Journal
from content.models import Import, ImportedRow
from cooperation.models import Agreement, AgreementParty, Facility, Project, ProjectOrganisation, ProjectSector

pytestmark = pytest.mark.django_db
MODELS = (Project, ProjectSector, ProjectOrganisation, Organisation, Facility, Facility.partners.through)
WRITTEN_BY_THE_DATABASE = ("modified", "first_public_at")


def everything() -> dict:
    rows = {}
    for model in MODELS:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT id, to_jsonb(t) - %s::text[] FROM "{model._meta.db_table}" t', [[*WRITTEN_BY_THE_DATABASE]]
            )
            rows |= {(model._meta.label, key): json.loads(row) for key, row in cursor.fetchall()}
    return rows


def project(slug: str, **values) -> Project:
    return Project.objects.create(**{"slug": slug, "title_en": slug.title(), "state": "published", **values})


@transaction.atomic
def imported(count: int = 1, file: str = "file.csv") -> Import:
    """One project is renamed and loses its sector, `count` are made with an organisation each."""
    journal = Journal.begin(file)
    old = Project.objects.get(slug="old")
    journal.changing(Project, [old.pk])
    old.title_en, old.planned_start = f"Renamed by {file}", "2020-02"
    old.save()
    dropped = list(old.sectors.values_list("pk", flat=True))
    journal.changing(ProjectSector, dropped)
    ProjectSector.objects.filter(pk__in=dropped).delete()
    for number in range(count):
        slug = f"{file.partition('.')[0]}-{number}"
        made = project(slug)
        party = Organisation.objects.create(slug=slug, name_en=slug, state="published")
        role = ProjectOrganisation.objects.create(project=made, organisation=party)
        for record in (made, party, role):
            journal.created(type(record), [record.pk])
    account = Account("csv", created=count, changed=1, unchanged=2, refused=3)
    account.warn(file, 2, "doubtful")
    return journal.close(account)


@pytest.fixture
def old():
    old = project("old", description_en="<p>A &amp; б</p>", unreviewed_languages=["fr", "ru"])
    ProjectSector.objects.create(project=old, code="43082", percentage="33.3333")
    return old


def undo(admin_client, made: Import, **more) -> str:
    address = reverse("admin:content_import_undo", args=[made.pk])
    return " ".join(admin_client.post(address, follow=True, **more).content.decode().split()).casefold()


def differences(before: dict) -> dict:
    now = everything()
    return {
        key: {
            name: (row.get(name), now.get(key, {}).get(name))
            for name in row
            if row.get(name) != now.get(key, {}).get(name)
        }
        for key, row in before.items()
        if now.get(key) != row
    } | dict.fromkeys(now.keys() - before.keys(), "new")


def test_an_undone_import_leaves_everything_as_it_was(admin_client, old):
    before = everything()
    made = imported(3)
    assert everything() != before
    assert "all is as it was before" in undo(admin_client, made)
    assert differences(before) == {}
    made.refresh_from_db()
    assert (made.undone_at is not None, made.undone_by.username) == (True, "admin")
    assert "has been undone already" in undo(admin_client, made)


def test_staff_see_who_imported_what_and_when(admin_client, old):
    imported(4)
    page = admin_client.get(reverse("admin:content_import_changelist")).content.decode()
    assert "file.csv" in page
    made = Import.objects.get()
    figures = (made.created, made.changed, made.unchanged, made.refused, made.warnings)
    assert (made.format, figures) == ("csv", (4, 1, 2, 3, 1))
    page = " ".join(admin_client.get(reverse("admin:content_import_change", args=[made.pk])).content.decode().split())
    assert "<tr><td>Projects</td><td>4</td><td>1</td><td>0</td></tr>" in page
    assert "<tr><td>Sectors</td><td>0</td><td>0</td><td>1</td></tr>" in page
    assert "Undo this import" in page


def test_a_run_that_wrote_nothing_leaves_no_import(old):
    with transaction.atomic():
        journal = Journal.begin("same.csv")
        journal.changing(Project, [old.pk])
        assert journal.close(Account("csv", unchanged=1)) is None
    assert not Import.objects.exists()
    assert not ImportedRow.objects.exists()


def test_what_was_changed_since_is_named_and_nothing_is_taken_back(admin_client, old):
    made = imported()
    Project.objects.filter(slug="file-0").update(planned_start="2021")
    Organisation.objects.filter(slug="file-0").update(address="https://example.org/")
    before = everything()
    page = undo(admin_client, made)
    assert "project “file-0”: has been changed since." in page
    assert "organisation “file-0”: has been changed since." in page
    assert differences(before) == {}


def test_a_record_that_is_saved_without_a_change_stops_nothing(admin_client, old):
    before = everything()
    made = imported()
    Project.objects.get(slug="file-0").save()
    undo(admin_client, made)
    assert differences(before) == {}


def test_what_is_referred_to_since_is_named_with_what_refers_to_it(admin_client, old):
    made = imported()
    party = Organisation.objects.get(slug="file-0")
    agreement = Agreement.objects.create(slug="pact", title_en="Pact", state="published")
    AgreementParty.objects.create(agreement=agreement, organisation=party)
    ProjectSector.objects.create(project=Project.objects.get(slug="file-0"), code="11110")
    laboratory = Facility.objects.create(slug="lab", name_en="Laboratory", kind="platform")
    laboratory.partners.add(party)
    before = everything()
    page = undo(admin_client, made)
    for reason in (
        "organisation “file-0”: party “file-0” refers to it.",
        "organisation “file-0”: facility “laboratory” refers to it.",
        "project “file-0”: sector “1: 11110” refers to it.",
    ):
        assert reason in page
    assert differences(before) == {}


def test_a_later_import_of_the_same_record_is_undone_first(admin_client, old):
    before = everything()
    first, second = imported(1, "first.csv"), imported(1, "second.csv")
    assert "by the import of second.csv: undo that first" in undo(admin_client, first)
    undo(admin_client, second)
    undo(admin_client, first)
    assert differences(before) == {}


def test_what_was_deleted_since_is_gone_where_the_import_made_it_and_a_reason_where_not(admin_client, old):
    before = everything()
    made = imported()
    Project.objects.get(slug="file-0").delete()
    assert "2 rows that it had made were deleted before that" in undo(admin_client, made)
    assert differences(before) == {}
    made = imported(1, "other.csv")
    Project.objects.get(slug="old").delete()
    assert "is not on file any more" in undo(admin_client, made)
    made.refresh_from_db()
    assert made.undone_at is None


def test_many_reasons_are_counted(admin_client, old):
    made = imported(40)
    Project.objects.filter(slug__startswith="file-").update(planned_start="2021")
    page = undo(admin_client, made)
    assert page.count("has been changed since") == 10
    assert "there are more such records" in page


def test_the_undo_needs_a_post_and_the_rights_over_what_it_touches(client, admin_client, old, django_user_model):
    made = imported()
    address = reverse("admin:content_import_undo", args=[made.pk])
    admin_client.get(address)
    made.refresh_from_db()
    assert made.undone_at is None
    clerk = django_user_model.objects.create_user("clerk", password="x", is_staff=True)
    allowed = ["view_import", "change_project", "delete_project", "add_projectsector", "delete_organisation"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=allowed))
    client.force_login(clerk)
    assert client.post(address).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="delete_projectorganisation"))
    assert client.post(address).status_code == 302
    made.refresh_from_db()
    assert made.undone_at is not None


def test_the_queries_of_an_undo_do_not_grow_with_its_rows(admin_client, old):
    counts = []
    for count in (1, 30):
        made = imported(count, f"of{count}.csv")
        with CaptureQueriesContext(connection) as captured:
            undo(admin_client, made)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_import_can_neither_be_made_nor_changed_nor_deleted_by_hand(admin_client, old):
    made = imported()
    for name, arguments in (("add", []), ("delete", [made.pk])):
        assert admin_client.post(reverse(f"admin:content_import_{name}", args=arguments)).status_code == 403
    assert Country.objects.count() == 0


@transaction.atomic
def replaced(file: str, code: str) -> Import:
    """The sectors of the old project, all of them, by one."""
    journal = Journal.begin(file)
    old = Project.objects.get(slug="old")
    dropped = list(old.sectors.values_list("pk", flat=True))
    journal.changing(ProjectSector, dropped)
    ProjectSector.objects.filter(pk__in=dropped).delete()
    made = ProjectSector.objects.create(project=old, code=code, percentage=100)
    journal.created(ProjectSector, [made.pk])
    return journal.close(Account("csv", changed=1))


def test_parts_do_not_come_back_beside_what_a_later_import_put_in_their_place(admin_client, old):
    before = everything()
    first, second = replaced("first.csv", "11110"), replaced("second.csv", "11120")
    between = everything()
    reason = "project “old”: its sectors have been changed since, by the import of second.csv: undo that first."
    assert reason in undo(admin_client, first)
    assert everything() == between
    undo(admin_client, second)
    assert "all is as it was before" in undo(admin_client, first)
    assert differences(before) == {}


def test_a_later_import_that_keeps_what_this_one_kept_stands_in_the_way_too(admin_client, old):
    """What the first deleted would come back beside what the second made, though neither touched the other's rows."""
    with transaction.atomic():
        journal = Journal.begin("first.csv")
        journal.changing(ProjectSector, list(old.sectors.values_list("pk", flat=True)))
        old.sectors.all().delete()
        first = journal.close(Account("csv", changed=1))
    replaced("second.csv", "11120")
    assert "by the import of second.csv: undo that first" in undo(admin_client, first)


def test_parts_do_not_come_back_beside_what_staff_put_in_their_place(admin_client, old):
    made = replaced("first.csv", "11110")
    old.sectors.all().delete()
    ProjectSector.objects.create(project=old, code="11130", percentage=100)
    before = everything()
    reason = "project “old”: of its sectors, some that the import made have been deleted since"
    assert reason in undo(admin_client, made)
    assert everything() == before


def test_parts_of_a_record_that_is_gone_do_not_come_back(admin_client, old):
    made = replaced("first.csv", "11110")
    old.delete()
    assert f"project number {old.pk or ''}" in undo(admin_client, made)
    assert not ProjectSector.objects.exists()


def test_what_was_done_to_another_record_stops_nothing(admin_client, old):
    other = project("other")
    before = everything()
    first = replaced("first.csv", "11110")
    ProjectSector.objects.create(project=other, code="11130")
    ProjectSector.objects.all().filter(project=other).delete()
    with transaction.atomic():
        journal = Journal.begin("second.csv")
        journal.created(ProjectSector, [ProjectSector.objects.create(project=other, code="11130").pk])
        second = journal.close(Account("csv", changed=1))
    assert "all is as it was before" in undo(admin_client, first)
    undo(admin_client, second)
    assert differences(before) == {}
