"""Which figures the records bear out: on the command line, and for staff."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from content.models import Claim, Figure, Strand
from tests.world import World

pytestmark = pytest.mark.django_db


def listed(capsys, *arguments: str) -> list[str]:
    call_command("check_records", *arguments)
    return capsys.readouterr().out.splitlines()


def test_figures_that_no_longer_agree_are_listed(capsys):
    World(3)
    Figure.objects.filter(slug="row-002").update(checked_collection="")
    assert listed(capsys) == [
        "row-001: exact 1 claimed, 3 on file: more_on_file",
        "1 of 2 figures with a check agree.",
    ]
    assert listed(capsys, "--all")[1] == "row-003: exact 3 claimed, 3 on file: agrees"


REFUSED = [
    ("strand=row-001", "“row-001” is not a value of “strand”."),
    ("organisation=row-002&colour=red", "There is no parameter “colour”."),
]


@pytest.mark.parametrize(("query", "reason"), REFUSED)
def test_a_figure_whose_filter_is_refused_is_listed_with_the_reason(capsys, query, reason):
    World(3)
    Figure.objects.filter(slug="row-001").update(checked_query=query)
    Strand.objects.filter(slug="row-001").update(state="archived")
    assert "row-001: exact 1 claimed, cannot be counted: " in listed(capsys)[0]
    assert reason in listed(capsys)[0]
    assert listed(capsys)[-1] == "1 of 3 figures with a check agree."


def test_a_collection_that_does_not_exist_is_refused_too(capsys, client):
    World(1)
    Figure.objects.update(checked_collection="institutes")
    assert listed(capsys)[0] == ("row-001: exact 1 claimed, cannot be counted: There is no collection “institutes”.")
    client.force_login(User.objects.create_superuser("editor"))
    assert (
        "There is no collection “institutes”." in client.get("/admin/content/figure/records-check/").content.decode()
    )


def test_staff_see_which_figures_cannot_be_counted_and_why(client):
    World(3)
    Figure.objects.filter(slug="row-003").update(checked_query="strand=row-001")
    Strand.objects.filter(slug="row-001").update(state="archived")
    client.force_login(User.objects.create_superuser("editor"))
    page = client.get("/admin/content/figure/records-check/").content.decode()
    assert "<strong>Cannot be counted</strong>" in page
    assert "“row-001” is not a value of “strand”." in page


def test_page_card_and_api_tell_a_refused_filter_from_none(client):
    World(2)
    figures = Figure.objects.all()
    figures.update(checked_query="strand=row-002", headline=True)
    Strand.objects.filter(slug="row-002").update(state="archived")
    figures.filter(slug="row-002").update(checked_collection="", checked_query="")
    refused, unchecked = (client.get(f"/en/figures/row-00{number}/").content.decode() for number in (1, 2))
    assert "Cannot be counted." in refused and "No collection on file counts" not in refused
    assert "row-002" not in refused.partition('id="check"')[2].partition("</section>")[0]
    assert "Cannot be counted." not in unchecked and "No collection on file counts" in unchecked
    assert "Records check: cannot be counted." in client.get("/en/figures/").content.decode()
    rows = client.get("/api/v1/figures/").json()["results"]
    told = {row["slug"]: (row["records_check"], row["records_check_refused"]) for row in rows}
    assert told == {"row-001": (None, True), "row-002": (None, False)}
    Claim.objects.update(state="draft")
    assert not any(row["records_check_refused"] for row in client.get("/api/v1/figures/").json()["results"])


def test_what_is_not_public_is_not_checked(capsys):
    World(1, state="draft")
    assert listed(capsys) == ["0 of 0 figures with a check agree."]


def test_staff_see_the_same_and_others_do_not(client):
    World(3)
    address = "/admin/content/figure/records-check/"
    assert client.get(address).status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(address).status_code == 403
    client.force_login(User.objects.create_superuser("editor"))
    page = client.get(address).content.decode()
    assert page.count("<strong>More on file than claimed</strong>") == 2
    assert page.count("Agrees with the records on file") == 1
