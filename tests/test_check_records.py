"""Which figures the records bear out: on the command line, and for staff."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from content.models import Figure
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
