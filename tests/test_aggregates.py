"""Counts and sums by group: they add up to the list, to its facets and to its files, for whatever is asked."""

import csv
import io
import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from django.http import QueryDict

from content.aggregates import NOT_RECORDED
from content.listing import LISTINGS
from cooperation.models import (
    Agreement,
    AgreementParty,
    Budget,
    Facility,
    Programme,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    Transaction,
)
from tests.world import World, six

pytestmark = pytest.mark.django_db

COLLECTIONS = ("projects", "facilities", "agreements", "programmes", "organisations", "countries", "delegations")


class Mixture:
    """Records that have several of everything, one, none and nothing recorded, and some that nobody may see."""

    def __init__(self):
        self.random = Random("mixture")
        self.world = World(6)
        self.hidden = World(2, state="draft", mark="hidden")
        self.countries = [*self.world.countries, *self.hidden.countries]
        self.organisations = [*self.world.organisations, *self.hidden.organisations]
        for country in self.world.countries[:2]:
            country.groups.clear()
        for organisation in self.world.organisations[:2]:
            organisation.country = None
            organisation.save()
        for number in range(60):
            self.project(number)
            self.facility(number)
            self.agreement(number)
            self.programme(number)

    def common(self, number: int, lists: tuple[str, ...], **texts) -> dict:
        nones = [name for name in lists if self.random.random() < 0.2]
        return {"slug": f"mixed-{number}", "state": "published", "recorded_none": nones, **texts}

    def strand(self):
        return self.random.choice([*self.world.strands, *self.hidden.strands, None])

    def some(self, rows: list) -> list:
        return self.random.sample(rows, self.random.choice((0, 1, 1, 2, 3)))

    def day(self) -> date:
        return date(self.random.randint(2015, 2020), self.random.randint(1, 12), 5)

    def project(self, number: int) -> None:
        project = Project.objects.create(
            **self.common(number, ("countries", "organisations", "budgets"), **six(f"mixed {number}", "title")),
            status=self.random.choice(["1", "2", ""]),
            strand=self.strand(),
            actual_start=self.random.choice([None, "2017", "2018-03"]),
            planned_start=self.random.choice([None, "2016-02-01"]),
        )
        for country in self.some(self.countries):
            ProjectCountry.objects.create(project=project, country=country)
        for organisation in self.some(self.organisations):
            for role in self.random.sample("1234", 2):
                ProjectOrganisation.objects.create(project=project, organisation=organisation, role=role)
        for year in self.some([2016, 2017, 2018]):
            for kind in self.random.choice(("1", "2", "12")):
                Budget.objects.create(
                    project=project, type=kind, period_start=date(year, 1, 1), period_end=date(year, 12, 31),
                    **self.money(),
                )  # fmt: skip
        for _ in self.some([1, 2, 3]):
            Transaction.objects.create(project=project, type=self.random.choice("23"), date=self.day(), **self.money())

    def money(self) -> dict:
        amount = Decimal(self.random.randint(0, 10_000)) / 100
        return {"amount": amount, "currency": self.random.choice(["CNY", "USD", "EUR"]), "value_date": self.day()}

    def facility(self, number: int) -> None:
        facility = Facility.objects.create(
            **self.common(number, ("countries", "fields"), **six(f"mixed {number}", "name")),
            kind=self.random.choice(["platform", "science_park"]),
            strand=self.strand(),
            host=self.random.choice([None, *self.organisations]),
            founded=self.random.choice([None, "2001", "2011-05"]),
        )
        facility.countries.set(self.some(self.countries))
        facility.partners.set(self.some(self.organisations))

    def agreement(self, number: int) -> None:
        agreement = Agreement.objects.create(
            **self.common(number, ("parties",), **six(f"mixed {number}", "title")),
            kind=self.random.choice(["interagency", "memorandum"]),
            signed=self.random.choice([None, "2001", "2011-05"]),
        )
        for country in self.some(self.countries):
            AgreementParty.objects.create(agreement=agreement, country=country)
        for organisation in self.some(self.organisations):
            AgreementParty.objects.create(agreement=agreement, organisation=organisation)

    def programme(self, number: int) -> None:
        programme = Programme.objects.create(
            **self.common(number, ("countries", "organisations"), **six(f"mixed {number}", "name")),
            kind=self.random.choice(["network", "training"]),
            strand=self.strand(),
            # Without a draw of its own: the rest of the mixture stays as it was.
            start=(None, "2016", "2018-03")[number % 3],
        )
        programme.countries.set(self.some(self.countries))
        programme.organisations.set(self.some(self.organisations))


@pytest.fixture(scope="module")
def mixture(django_db_setup, django_db_blocker):
    """One mixture for all cases of this module: they only read."""
    with django_db_blocker.unblock():
        transaction.set_autocommit(False)
        yield Mixture()
        transaction.rollback()
        transaction.set_autocommit(True)


def aggregate(client, collection: str, **query) -> dict:
    response = client.get(f"/api/v1/{collection}/aggregate/", query)
    assert response.status_code == 200, response.content
    return response.json()


def keys_of(collection: str) -> list[str]:
    return LISTINGS[collection].filterset.facet_names()


def some_filters(client, collection: str, random: Random) -> dict[str, list[str]]:
    """One to three filters, each with one or two of the values that its facet has."""
    chosen = random.sample(keys_of(collection), random.randint(1, 3))
    answer = client.get(f"/api/v1/{collection}/", {"facets": ",".join(chosen), "page_size": 1}).json()["facets"]
    return {
        name: [option["value"] for option in random.sample(options, min(len(options), random.randint(1, 2)))]
        for name, options in answer.items()
        if options
    }


@pytest.mark.parametrize("number", range(50))
def test_groups_facets_list_page_and_files_say_the_same(client, mixture, number):
    random = Random(number)
    collection = COLLECTIONS[number % len(COLLECTIONS)]
    query = some_filters(client, collection, random)
    key = random.choice(keys_of(collection))
    count = client.get(f"/api/v1/{collection}/", query).json()["count"]

    found = aggregate(client, collection, **query, group_by=key)
    assert found["count"] == count
    assert found["counted"] == sum(group["count"] for group in found["groups"])
    if key not in found["several_values"]:
        assert found["counted"] == count
    else:
        assert found["counted"] >= count
    assert (found["note"] is None) == (found["counted"] == count)

    without = {name: values for name, values in query.items() if name != key}
    beside = aggregate(client, collection, **without, group_by=key)
    options = client.get(f"/api/v1/{collection}/", without | {"facets": key}).json()["facets"][key]
    groups = {group[key] or NOT_RECORDED: group["count"] for group in beside["groups"]}
    assert groups == {option["value"]: option["count"] for option in options if option["count"]}

    assert all(group["list_url"] for group in beside["groups"])
    lists = [group for group in [*beside["groups"], *found["groups"]] if group["list_url"]]
    for group in random.sample(lists, min(6, len(lists))):
        assert client.get(group["list_url"]).json()["count"] == group["count"], group

    file = b"".join(client.get(f"/api/v1/{collection}.csv", query).streaming_content).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(file)))) == count
    page = LISTINGS[collection].page_address()
    if page:
        assert client.get(page, query).context["count"] == count


def test_every_record_stands_in_a_group_of_every_key(client, mixture):
    for collection in COLLECTIONS:
        count = client.get(f"/api/v1/{collection}/").json()["count"]
        assert count > 2
        for key in keys_of(collection):
            found = aggregate(client, collection, group_by=key)
            slugs = {
                row["slug"]
                for group in found["groups"]
                for row in client.get(group["list_url"], {"page_size": 200}).json()["results"]
            }
            assert len(slugs) == count, (collection, key)


def test_two_keys_at_once_lead_to_their_lists(client, mixture):
    found = aggregate(client, "projects", group_by="strand,year", country=mixture.world.countries[0].code)
    assert found["group_by"] == ["strand", "year"]
    assert sum(group["count"] for group in found["groups"]) == found["count"] > 2
    for group in found["groups"]:
        rows = client.get(group["list_url"]).json()["results"]
        assert len(rows) == group["count"]
        for row in rows:
            assert (row["strand"] and row["strand"]["slug"]) == group["strand"]
            assert ((row["actual_start"] or row["planned_start"] or "")[:4] or None) == group["year"]


@pytest.mark.parametrize("key", ["country", "countries"])
def test_a_group_leads_only_to_a_list_of_as_many_rows(client, mixture, key):
    """Of projects of one country, those of another are a part of its list, for which there is no filter."""
    chosen = [country.code for country in mixture.world.countries[:2]]
    found = aggregate(client, "projects", **{key: chosen}, group_by="country,strand")
    others = [group for group in found["groups"] if group["country"] not in chosen]
    assert others
    assert {group["list_url"] for group in others} == {None}
    for group in found["groups"]:
        if group["country"] in chosen:
            assert client.get(group["list_url"]).json()["count"] == group["count"], group


def test_nothing_that_is_hidden_is_a_group(client, mixture):
    for collection in COLLECTIONS:
        for key in keys_of(collection):
            text = client.get(f"/api/v1/{collection}/aggregate/", {"group_by": key}).content.decode()
            assert "hidden" not in text
            assert mixture.hidden.countries[0].code not in text


def in_effect(project: dict) -> list[dict]:
    """What IATI says: a revised budget stands in for the original one of its period."""
    revised = {
        (one["period_start"], one["value"]["currency"]) for one in project["budgets"] or [] if one["type"] == "2"
    }
    return [
        one
        for one in project["budgets"] or []
        if one["type"] == "2" or (one["period_start"], one["value"]["currency"]) not in revised
    ]


def test_sums_are_those_of_the_projects_of_each_group(client, mixture):
    projects = client.get("/api/v1/projects/", {"page_size": 200}).json()["results"]
    expected = defaultdict(Counter)
    for project in projects:
        for budget in in_effect(project):
            strand = project["strand"] and project["strand"]["slug"]
            expected[strand][budget["value"]["currency"]] += Decimal(budget["value"]["amount"])
    found = aggregate(client, "projects", group_by="strand", sum="budgets")
    for group in found["groups"]:
        sums = group["sums"]["budgets"]
        told = {one["currency"]: Decimal(one["amount"]) for one in sums["by_currency"] or []}
        assert told == expected[group["strand"]]
        assert sums["recorded"] + sums["recorded_none"] + sums["not_recorded"] == group["count"]
        for total in sums["converted"] or []:
            left_out = {one["currency"]: Decimal(one["amount"]) for one in total["not_converted"]}
            assert total["currency"] == "USD"
            # The world has a rate of CNY from the end of 2019 and none of EUR.
            assert left_out["EUR"] == told["EUR"]
            rest = told["CNY"] - left_out.get("CNY", 0)
            assert abs(Decimal(total["amount"]) - told["USD"] - rest / 6) < Decimal("0.01")
    assert any(group["sums"]["budgets"]["converted"] for group in found["groups"])


def test_the_sums_of_each_project_are_those_of_its_budgets(client, mixture):
    for project in client.get("/api/v1/projects/", {"page_size": 200}).json()["results"]:
        expected = Counter()
        for budget in in_effect(project):
            expected[budget["value"]["currency"]] += Decimal(budget["value"]["amount"])
        if project["budgets"]:
            told = project["budget_totals"]["by_currency"]
            assert {one["currency"]: Decimal(one["amount"]) for one in told} == expected
        else:
            assert project["budget_totals"] == (project["budgets"] and None) or {"by_currency": [], "converted": []}


def test_without_keys_all_records_are_one_group(client, mixture):
    found = aggregate(client, "projects", sum="disbursements,budgets")
    assert len(found["groups"]) == 1
    assert found["groups"][0]["count"] == found["count"] == client.get("/api/v1/projects/").json()["count"]
    assert set(found["groups"][0]["sums"]) == {"disbursements", "budgets"}


def test_no_rows_have_no_groups_and_no_sums(client, mixture):
    found = aggregate(client, "projects", group_by="strand", sum="budgets", year="1901")
    assert (found["count"], found["groups"], found["note"]) == (0, [], None)
    whole = aggregate(client, "projects", sum="budgets", year="1901")["groups"]
    assert [group["sums"]["budgets"]["by_currency"] for group in whole] == [None]


def test_sizes_of_delegations_are_added_up(client, mixture):
    group = aggregate(client, "delegations", sum="size")["groups"][0]
    assert group["sums"]["size"] == {"total": 1 + 2 + 3 + 4 + 5 + 6, "recorded": 6, "not_recorded": 0}


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"group_by": "colour"}, "group_by"),
        ({"group_by": "strand,status,year,country"}, "group_by"),
        ({"sum": "money"}, "sum"),
        ({"order": "title"}, "order"),
        ({"cursor": "x"}, "cursor"),
        ({"fields": "title"}, "fields"),
        ({"strand": "no-such"}, "strand"),
        ({"contry": "CN"}, "contry"),
    ],
)
def test_a_wrong_word_is_refused_by_name(client, mixture, query, word):
    response = client.get("/api/v1/projects/aggregate/", query)
    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == [word]


def test_openapi_describes_groups_and_sums(client):
    schema = json.loads(client.get("/api/v1/schema/", {"format": "json"}).content)
    operation = schema["paths"]["/api/v1/projects/aggregate/"]["get"]
    assert {"group_by", "sum", "strand", "year"} <= {parameter["name"] for parameter in operation["parameters"]}
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    group = answer["properties"]["groups"]["items"]["properties"]
    assert "budgets" in group["sums"]["properties"]
    assert group["list_url"]["type"] == ["string", "null"]


def test_the_page_chooses_by_the_lack_of_a_value(client, mixture):
    page = client.get("/en/cooperation/projects/", QueryDict("strand=not_recorded&country=recorded_none"))
    answer = client.get("/api/v1/projects/", {"strand": NOT_RECORDED, "country": "recorded_none"}).json()
    assert page.context["count"] == answer["count"] > 0
    assert all(row["strand"] is None and row["countries"] == [] for row in answer["results"])
