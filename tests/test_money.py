"""Amounts of different currencies are added only at a dated rate of a source that the public can read."""

from datetime import date

import lxml.html
import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from content.models import Source
from cooperation.models import Budget, ExchangeRate, Project
from tests.world import six

pytestmark = pytest.mark.django_db


def rated(client, **rate) -> dict:
    """The totals of a project with 60 CNY of 1 June 2020, 10 USD and 5 EUR, with this rate on file."""
    source, _created = Source.objects.get_or_create(
        slug="rates", defaults={"state": "published", "kind": "news_report", **six("Rates", "title")}
    )
    project = Project.objects.create(slug="rated", state="published", **six("Rated", "title"))
    for currency, amount in (("CNY", 60), ("USD", 10), ("EUR", 5)):
        Budget.objects.create(
            project=project, amount=amount, currency=currency, value_date=date(2020, 6, 1),
            period_start=date(2020, 1, 1), period_end=date(2020, 12, 31),
        )  # fmt: skip
    ExchangeRate.objects.create(
        **{"currency": "CNY", "base": "USD", "date": date(2020, 5, 31), "value": 6, "source": source} | rate
    )
    return client.get("/api/v1/projects/", {"slug": "rated"}).json()["results"][0]["budget_totals"]


def test_a_total_names_its_rate_with_date_and_source_and_what_it_leaves_out(client):
    totals = rated(client)
    assert totals["by_currency"] == [
        {"amount": "60.00", "currency": "CNY"},
        {"amount": "5.00", "currency": "EUR"},
        {"amount": "10.00", "currency": "USD"},
    ]
    (total,) = totals["converted"]
    assert (total["amount"], total["currency"]) == ("20.00", "USD")
    assert total["not_converted"] == [{"amount": "5.00", "currency": "EUR"}]
    (rate,) = total["rates"]
    assert {key: rate[key] for key in ("base", "currency", "value", "date")} == {
        "base": "USD",
        "currency": "CNY",
        "value": "6",
        "date": "2020-05-31",
    }
    assert rate["source"]["slug"] == "rates"


@pytest.mark.parametrize(
    ("rate_date", "is_used"),
    [
        (date(2020, 6, 1), True),
        (date(2019, 6, 2), True),
        (date(2019, 6, 1), False),
        (date(2020, 6, 2), False),
    ],
)
def test_a_rate_holds_from_its_day_on_for_a_year(client, rate_date, is_used):
    totals = rated(client, date=rate_date)
    assert bool(totals["converted"]) == is_used


def test_the_nearest_earlier_rate_is_taken(client):
    source = Source.objects.create(slug="rates", state="published", kind="news_report", **six("Rates", "title"))
    ExchangeRate.objects.create(currency="CNY", base="USD", date=date(2020, 1, 1), value=5, source=source)
    ExchangeRate.objects.create(currency="CNY", base="USD", date=date(2020, 6, 2), value=7, source=source)
    assert rated(client)["converted"][0]["amount"] == "20.00"


def test_a_rate_whose_source_is_hidden_does_not_exist(client):
    source = Source.objects.create(slug="hidden-rates", kind="news_report", **six("Hidden", "title"))
    assert rated(client, source=source)["converted"] == []


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor", password="-"))
    return client


def entered(editor, source, **values) -> bool:
    """Whether the form of the admin takes a rate."""
    path = reverse("admin:cooperation_exchangerate_add")
    form = lxml.html.fromstring(editor.get(path).content).get_element_by_id("exchangerate_form")
    sent = {name: value for name, value in form.fields.items() if value is not None}
    sent |= {"base": "USD", "currency": "CNY", "value": "7.1", "date": "2020-05-31", "source": source and source.pk}
    response = editor.post(path, {name: value for name, value in (sent | values).items() if value is not None})
    return response.status_code == 302


def test_staff_enter_a_rate_with_its_source_and_no_other(editor):
    source = Source.objects.create(slug="rates", state="published", kind="news_report", **six("Rates", "title"))
    assert entered(editor, source)
    assert not entered(editor, source)
    assert not entered(editor, None, date="2020-06-01")
    assert not entered(editor, source, date="2020-06-02", value="0")
    assert not entered(editor, source, date="2020-06-03", value="-7")
    assert not entered(editor, source, date="2020-06-04", currency="USD")
    assert not entered(editor, source, date="2020-06-05", currency="yuan")
    assert not entered(editor, source, date="2020-06-06", currency="cny")
    assert [str(rate) for rate in ExchangeRate.objects.all()] == ["USD 1 = CNY 7.1 (2020-05-31)"]


def test_many_rates_are_told_as_one_with_their_first_and_last_day(client):
    source = Source.objects.create(slug="rates", state="published", kind="news_report", **six("Rates", "title"))
    project = Project.objects.create(slug="rated", state="published", **six("Rated", "title"))
    for year in range(2010, 2016):
        ExchangeRate.objects.create(
            currency="CNY", base="USD", date=date(year, 1, 1), value=year - 2005, source=source
        )
        Budget.objects.create(
            project=project, amount=10, currency="CNY", value_date=date(year, 2, 1),
            period_start=date(year, 1, 1), period_end=date(year, 12, 31),
        )  # fmt: skip
    text = client.get("/en/cooperation/projects/rated/").content.decode()
    assert "6 rates from 1 January 2010 to 1 January 2015" in text
    assert "<bdi>CNY 5</bdi> to <bdi>CNY 10</bdi>" in text
