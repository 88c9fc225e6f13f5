"""The map: land without borders, a dot for each country, and the same numbers beside it."""

import math
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from lxml import html

from conference.models import Country
from content import world_map
from cooperation.models import Facility

SMALL = ("SG", "BH", "MV", "MT", "NR", "TV", "KI", "BB", "VC", "TK", "GI")


@pytest.mark.django_db
def test_every_listed_country_has_a_place_except_antarctica():
    call_command("seed", verbosity=0)
    listed = set(Country.objects.listed().values_list("code", flat=True))
    assert listed - set(world_map.places()) == {"AQ"}
    assert set(SMALL) <= set(world_map.places())


def test_no_two_dots_hide_each_other():
    found = list(world_map.places().values())
    nearest = min(
        ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5
        for number, (x1, y1) in enumerate(found)
        for x2, y2 in found[number + 1 :]
    )
    assert nearest >= 2 * world_map.SMALLEST_DOT


@pytest.mark.parametrize(("longitude", "latitude"), [(11, 0), (60, 30), (-100, 62), (150, -40), (-60, 80)])
def test_a_square_degree_takes_the_same_area_wherever_it_is(longitude, latitude):
    """What Equal Earth promises. Degrees of longitude grow shorter with the cosine of the latitude."""
    step = 1e-4
    x1, y1 = world_map.project(longitude, latitude)
    x2, _ = world_map.project(longitude + step, latitude)
    _, y2 = world_map.project(longitude, latitude + step)
    scale = world_map.WIDTH / (2 * world_map.HALF_WIDTH)
    area = (x2 - x1) * (y1 - y2) / (scale * math.radians(step)) ** 2
    assert area == pytest.approx(math.cos(math.radians(latitude)), abs=1e-4)


def test_the_land_is_small_enough_and_has_no_borders():
    land = Path("static/img/land.svg").read_text(encoding="utf-8")
    assert len(land) < 60_000
    assert re.findall(r"<(\w+)", land) == ["svg", "path"]


@pytest.mark.django_db
def test_the_map_of_a_list_says_what_its_table_says(client):
    call_command("seed", verbosity=0)
    kenya, malta = Country.objects.get(code="KE"), Country.objects.get(code="MT")
    for number in range(3):
        facility = Facility.objects.create(slug=f"lab-{number}", name_en="Lab", kind="platform", state="published")
        facility.countries.add(kenya, *([malta] if not number else []))
    page = html.fromstring(client.get("/en/cooperation/facilities/?country=KE&country=MT").content)
    dots = page.xpath("//*[@class='map__picture']//a/@aria-label")
    rows = page.xpath("//ul[@class='counted']/li")
    table = {row.xpath("string(a)"): int(row.xpath("string(*[@class='counted__number'])")) for row in rows}
    assert {label.rpartition(": ")[0]: int(label.rpartition(": ")[2]) for label in dots} == table
    assert (table["Kenya"], table["Malta"]) == (3, 1)
    assert "no position on borders" in page.xpath("string(//figcaption)")
