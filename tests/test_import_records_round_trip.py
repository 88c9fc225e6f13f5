"""Our own tables of records come back unchanged, in every language and format, also into an empty portal."""

import csv
import io
import json
from datetime import date
from random import Random

import pytest
from python_calamine import CalamineWorkbook

from conference.models import Country, Organisation
from content.models import Import
from cooperation.imports.tables import COLLECTIONS
from cooperation.models import AgreementParty, ProjectCountry, ProjectOrganisation, ProjectRegion, Transaction
from tests.import_records import counts, exported, importer
from tests.nasty_records import MAKE
from tests.world import World

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans", "fr", "es", "ru", "ar", "all")


@pytest.fixture
def bring(tmp_path, capsys):
    return importer(tmp_path, capsys)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_our_own_tables_come_back_unchanged_in_every_language(bring, client, collection, ending):
    World(3)
    for language in LANGUAGES:
        table = exported(client, collection, ending, lang=language)
        account = bring(collection, table, name=f"list.{ending}")
        assert (counts(account), account["remarks"]) == ((0, 0, account["read"], 0), []), language
        assert account["read"] >= 3
    assert not Import.objects.exists()


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_nasty_records_come_back_unchanged_and_into_an_empty_portal(bring, client, collection):
    """What a table carries is there again: the second portal writes the same table, but for when it was changed."""
    random = Random(collection)
    world = World(3)
    for number in range(1, 41):
        MAKE[collection](random, world, number)
    first = {}
    for language in LANGUAGES:
        for ending in ("csv", "xlsx"):
            table = exported(client, collection, ending, lang=language)
            account = bring(collection, table, name=f"list.{ending}")
            assert counts(account) == (0, 0, account["read"], 0), (language, ending, account["remarks"][:3])
            first[language, ending] = table
    model = COLLECTIONS[collection].model
    if collection == "organisations":
        # What names them would go with them: these alone are missing.
        gone = model.objects.filter(slug__startswith="organisation-")
    else:
        gone = model.objects.all()
    amount = gone.count()
    delete(gone)
    account = bring(collection, first["all", "csv"])
    assert (account["created"], account["refused"]) == (amount, 0), account["remarks"][:3]
    assert same_table(exported(client, collection, "csv", lang="all"), first["all", "csv"])
    for language in LANGUAGES:
        account = bring(collection, first[language, "xlsx"], name="list.xlsx")
        assert counts(account) == (0, 0, account["read"], 0), (language, account["remarks"][:3])


def delete(rows) -> None:
    for through in (field.remote_field.through for field in rows.model._meta.many_to_many):
        through._base_manager.filter(**{f"{rows.model._meta.model_name}__in": rows}).delete()
    rows.delete()


def movements(table: bytes) -> list[dict]:
    (row,) = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    return json.loads(row["transactions"])


def same_table(one: bytes, other: bytes) -> bool:
    def rows(table: bytes) -> list[dict]:
        found = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
        return sorted(({**row, "modified": ""} for row in found), key=lambda row: row["slug"])

    for mine, theirs in zip(rows(one), rows(other), strict=True):
        squeezed = [{key: " ".join(text.split()) for key, text in row.items()} for row in (mine, theirs)]
        assert squeezed[0] == squeezed[1]
    return True


@pytest.mark.parametrize("language", ["en", "all"])
def test_a_list_that_no_cell_of_a_spreadsheet_can_hold_is_told_in_words_and_stays(bring, client, language):
    world = World(2)
    project = world.projects[0]
    day = date(2024, 5, 6)
    Transaction.objects.bulk_create(
        Transaction(project=project, type="3", date=day, amount=number, currency="USD", value_date=day)
        for number in range(1, 400)
    )
    count = project.transactions.count()
    for ending, parsed in (("csv", True), ("xlsx", False)):
        table = exported(client, "projects", ending, lang=language)
        head, *cells = rows_of(table, ending)
        rows = {row["slug"]: row for row in (dict(zip(head, values, strict=True)) for values in cells)}
        told = rows[project.slug]["transactions"]
        if parsed:
            assert len(json.loads(told)) == count
        else:
            reason = "too long for a cell of a spreadsheet, take the table as CSV or JSON"
            assert told == f"({count} items: {reason})"
        account = bring("projects", table, name=f"list.{ending}")
        assert counts(account) == (0, 0, 2, 0)
        remarks = [] if parsed else ["the list of transactions is longer than a spreadsheet's cell"]
        assert [reason.partition(",")[0] for _line, _severity, reason in account["remarks"]] == remarks
    assert project.transactions.count() == count


def rows_of(table: bytes, ending: str) -> list[list]:
    if ending == "csv":
        return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    return CalamineWorkbook.from_filelike(io.BytesIO(table)).get_sheet_by_index(0).to_python()


def test_the_regions_of_each_vocabulary_are_a_whole(bring, client):
    world = World(1)
    ProjectRegion.objects.all().delete()
    ProjectCountry.objects.all().delete()
    for vocabulary, code in (("1", "298"), ("2", "017")):
        ProjectRegion.objects.create(project=world.projects[0], vocabulary=vocabulary, code=code, percentage=100)
    table = exported(client, "projects", "csv", lang="all")
    ProjectRegion.objects.all().delete()
    assert counts(bring("projects", table)) == (0, 1, 0, 0)
    assert ProjectRegion.objects.count() == 2


def test_what_the_public_does_not_see_stays(bring, client):
    """Our tables leave out a hidden partner; bringing them back takes nobody away."""
    world = World(2)
    hidden = Organisation.objects.create(slug="hidden", name_en="Hidden", state="draft")
    country = Country.objects.create(code="ZQXA", alpha3="ZQX", name_en="Hidden country", state="draft")
    facility, agreement, project = world.facilities[0], world.agreements[0], world.projects[0]
    facility.partners.add(hidden)
    type(facility).objects.filter(pk=world.facilities[1].pk).update(host=hidden)
    AgreementParty.objects.create(agreement=agreement, organisation=hidden)
    ProjectOrganisation.objects.create(project=project, organisation=hidden)
    ProjectCountry.objects.filter(project=project).update(percentage=60)
    ProjectCountry.objects.create(project=project, country=country, percentage=40)
    for collection in ("facilities", "agreements", "projects"):
        for language in ("fr", "all"):
            account = bring(collection, exported(client, collection, "csv", lang=language))
            assert counts(account) == (0, 0, 2, 0), account["remarks"]
    table = exported(client, "facilities", "csv").decode("utf-8-sig")
    other = world.organisations[1].slug
    changed = table.replace(",row-001,[],", f",{other},[],")
    account = bring("facilities", changed.encode())
    assert hidden in facility.partners.all()


def test_our_own_tables_carry_between_whom_money_moved(bring, client):
    """A hidden party, told as none, keeps its place beside a movement that is the same but for its parties."""
    world = World(2)
    hidden = Organisation.objects.create(slug="hidden", name_en="Hidden", state="draft")
    payer, paid = world.organisations
    project = world.projects[0]
    project.transactions.update(provider=hidden)
    same = {"type": "3", "date": "2020-06-01", "amount": "1.50", "currency": "CNY", "value_date": "2020-01-01"}
    project.transactions.create(provider=payer, receiver=paid, **same)
    table = exported(client, "projects", "csv", lang="all", slug=project.slug)
    between = [(one["provider"] and one["provider"]["slug"], one["receiver"]) for one in movements(table)]
    assert between[0] == (None, None)
    assert between[1][0] == payer.slug
    assert counts(bring("projects", table)) == (0, 0, 1, 0)
    project.transactions.filter(provider=payer).update(provider=paid)
    account = bring("projects", table)
    assert counts(account) == (0, 1, 0, 0), account["remarks"]
    assert set(project.transactions.values_list("provider__slug", "receiver__slug")) == {
        ("hidden", None),
        (payer.slug, paid.slug),
    }
    delete(type(project).objects.filter(pk=project.pk))
    Organisation.objects.filter(pk=hidden.pk).delete()
    assert bring("projects", table)["created"] == 1
    assert movements(exported(client, "projects", "csv", lang="all", slug=project.slug)) == movements(table)


def test_a_movement_whose_party_can_not_be_read_is_refused(bring, client):
    World(1)
    table = exported(client, "projects", "csv", fields="slug,transactions").decode("utf-8-sig")
    assert '""provider"":null' in table
    account = bring("projects", table.replace('""provider"":null', '""provider"":""Bank""').encode())
    assert counts(account) == (0, 0, 0, 1)


@pytest.mark.parametrize("fields", ["slug,title", "slug,title,lang", "id,title,parties", "title,slug,signed,kind"])
def test_a_table_of_some_fields_is_ours_too(bring, client, fields):
    World(3)
    for language in ("en", "ar", "all"):
        account = bring("agreements", exported(client, "agreements", "csv", fields=fields, lang=language))
        assert (counts(account), account["remarks"]) == ((0, 0, 3, 0), [])
