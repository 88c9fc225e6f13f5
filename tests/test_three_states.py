"""None, not recorded and a value are told apart in page, API, CSV, XLSX and NDJSON, and set in the admin."""

import csv
import io
import json
import re

import pytest
from django.contrib.auth.models import User
from python_calamine import CalamineWorkbook

from conference.models import Delegation, Edition
from content.models import Claim, Figure
from cooperation.models import Agreement, Facility, Programme, Project
from tests.test_admin import address, fields_of, saved
from tests.world import World

pytestmark = pytest.mark.django_db

# Collection, key, where the rows are, model, and the heading under which its page shows them.
LISTS = [
    ("agreements", "parties", "parties", Agreement, "Parties"),
    ("agreements", "documents", "documents", Agreement, "Documents"),
    ("facilities", "partners", "partners", Facility, "Partners"),
    ("facilities", "countries", "countries", Facility, "Countries"),
    ("facilities", "fields", "fields", Facility, "Fields of research"),
    ("projects", "countries", "country_shares", Project, "Recipient countries"),
    ("projects", "sectors", "sectors", Project, "Sectors"),
    ("projects", "organisations", "organisation_roles", Project, "Organisations"),
    ("projects", "budgets", "budgets", Project, "Budgets"),
    ("projects", "transactions", "transactions", Project, "Transactions"),
    ("programmes", "countries", "countries", Programme, "Countries"),
    ("programmes", "organisations", "organisations", Programme, "Organisations"),
    ("programmes", "figures", "figures", Programme, "Figures"),
    ("editions", "organisers", "organiser_roles", Edition, ""),
    ("delegations", "members", "members", Delegation, ""),
]
NUMBERS = [("delegations", "size", Delegation), ("figures", "value", Figure)]


def name_of(case) -> str:
    return f"{case[0]} {case[1]}"


@pytest.fixture
def world():
    world = World(1)
    world.agreements[0].documents.add(world.documents[0])
    world.programmes[0].figures.add(world.figures[0])
    return world


def body(client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, path
    return b"".join(response.streaming_content) if response.streaming else response.content


def told(client, collection: str, key: str) -> dict:
    """The value of the only row in every export, as it stands there."""
    ask = f"/api/v1/{collection}"
    rows = list(csv.DictReader(io.StringIO(body(client, f"{ask}.csv").decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(client, f"{ask}.xlsx")))
    head, row = book.get_sheet_by_index(0).to_python()
    return {
        "api": client.get(f"{ask}/").json()["results"][0][key],
        "ndjson": json.loads(body(client, f"{ask}.ndjson"))[key],
        "json": json.loads(body(client, f"{ask}.json"))["results"][0][key],
        "csv": rows[0][key],
        "xlsx": row[head.index(key)],
    }


def clear(record, accessor: str) -> None:
    rows = getattr(record, accessor)
    rows.clear() if hasattr(rows, "through") else rows.all().delete()


def words_below(page: str, heading: str) -> str:
    """What stands directly below a heading or beside a term."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "|", page))
    found = re.search(rf"\|{re.escape(heading)}\|[| ]*([^|]+)\|", text)
    return found[1].strip() if found else ""


@pytest.mark.parametrize("case", LISTS, ids=name_of)
def test_a_list_is_recorded_none_or_not_recorded_wherever_it_stands(client, world, case):
    collection, key, accessor, model, heading = case
    record = model.objects.get()
    page = record.get_absolute_url().partition("#")[0]
    recorded = told(client, collection, key)
    assert all(recorded.values()) and "[]" not in recorded.values()
    assert not heading or words_below(body(client, page).decode(), heading).strip(".") not in ("None", "Not recorded")

    clear(record, accessor)
    assert told(client, collection, key) == {"api": None, "ndjson": None, "json": None, "csv": "", "xlsx": ""}
    assert not heading or words_below(body(client, page).decode(), heading).strip(".") == "Not recorded"

    model.objects.update(recorded_none=[key])
    assert told(client, collection, key) == {"api": [], "ndjson": [], "json": [], "csv": "[]", "xlsx": "[]"}
    assert not heading or words_below(body(client, page).decode(), heading).strip(".") == "None"


@pytest.mark.parametrize("case", NUMBERS, ids=name_of)
def test_a_number_is_a_number_zero_or_not_recorded(client, world, case):
    collection, key, model = case
    extra = {"qualifier": "exact"} if model is Figure else {}
    for value, cells in ((7, ("7", 7)), (0, ("0", 0)), (None, ("", ""))):
        if value is None and model is Figure:
            extra = {"qualifier": "several"}
        model.objects.update(**{key: value}, **extra)
        found = told(client, collection, key)
        assert (found["api"], found["ndjson"], found["json"]) == (value, value, value)
        assert (found["csv"], found["xlsx"]) == cells


def test_a_figure_of_zero_is_printed_as_zero(client, world):
    Claim.objects.update(value=0)
    Figure.objects.update(value=0)
    assert '<bdi class="figure-head__value">0</bdi>' in body(client, "/en/figures/row-001/").decode()
    assert '<bdi class="figure-card__value">0</bdi>' in body(client, "/en/figures/").decode()


@pytest.mark.parametrize("case", LISTS, ids=name_of)
def test_each_list_can_be_marked_as_none_in_the_admin(client, world, case):
    _collection, key, accessor, model, _heading = case
    record = model.objects.get()
    clear(record, accessor)
    client.force_login(User.objects.create_superuser("editor", password="-"))
    path = address(model, "change", record.pk)
    assert saved(client.post(path, fields_of(client.get(path)) | {"recorded_none": [key]}))
    record.refresh_from_db()
    assert record.recorded_none == [key]
