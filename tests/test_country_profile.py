"""The profile of a country, and two of them side by side: what the lists count, and what is not on record."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from lxml import html

from conference.models import Country
from content.models import Figure, Strand
from cooperation.models import AgreementParty, Facility, Programme, Project, ProjectCountry
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(3)


def profile(client, country):
    response = client.get(reverse("country", args=[country.slug]))
    assert response.status_code == 200
    return response


def compare(client, *countries, **query):
    return client.get(reverse("compare-countries"), {"country": [country.slug for country in countries]} | query)


def test_its_counts_are_those_of_the_lists_and_of_the_api(client, world):
    country = world.countries[0]
    AgreementParty.objects.create(agreement=world.agreements[1], country=country)
    for group in profile(client, country).context["groups"]:
        answer = client.get(f"/api/v1/{group['name']}/", {"country": country.code}).json()
        assert group["count"] == answer["count"], group["name"]
        if group["url"]:
            assert client.get(group["url"]).context["count"] == group["count"]
        if group["map_url"]:
            assert group["map_url"] == group["url"] + "#by-country"
        # Of these collections, projects alone have amounts that are added up.
        assert group["money_url"] == (group["url"] + "#money" if group["name"] == "projects" else "")


def test_it_shows_its_public_figures_with_their_sources(client, world):
    country = world.countries[0]
    hidden = Figure.objects.create(slug="unseen", name_en="Unseen figure", value=77, qualifier="exact")
    country.figures.add(hidden)
    response = profile(client, country)
    assert response.context["figures"] == [world.figures[0]]
    assert "Unseen figure" not in response.content.decode()
    answer = client.get(f"/api/v1/countries/{country.uuid}/").json()
    assert [figure["slug"] for figure in answer["figures"]] == [world.figures[0].slug]


def test_it_says_what_is_not_on_record(client, world):
    country = world.countries[1]
    country.figures.clear()
    text = profile(client, country).content.decode()
    assert "Delegations: none on record" in text
    assert "Capital: not recorded" in text
    assert "Figures: not recorded" in text
    country.recorded_none = ["figures"]
    country.save()
    assert "Figures: none" in profile(client, country).content.decode()


def years(response):
    return html.fromstring(response.content).xpath("//section[@aria-labelledby='years']")


def test_its_records_stand_over_the_years_in_a_picture_and_the_same_in_a_table(client, world):
    country = world.countries[0]
    agreement = world.agreements[1]
    AgreementParty.objects.create(agreement=agreement, country=country)
    (section,) = years(profile(client, country))
    drawn = section.xpath(".//*[@class='timeline__picture']/a")
    rows = section.xpath(".//tbody/tr")
    assert sorted(mark.get("href") for mark in drawn) == sorted(row.xpath("string(th/a/@href)") for row in rows)
    kinds = {row.xpath("string(td[3])") for row in rows}
    assert {"Agreement", "Facility", "Project", "Programme"} <= kinds
    titles = section.xpath(".//*[local-name()='title']/text()")
    assert all(title.partition(":")[0] in kinds for title in titles)


def test_a_project_without_an_end_is_drawn_open_and_the_table_says_that_none_is_recorded(client, world):
    country = world.countries[0]
    Programme.objects.all().delete()
    Project.objects.update(actual_start="2020", planned_start=None, actual_end=None, planned_end=None)
    (section,) = years(profile(client, country))
    assert len(section.xpath(".//*[@class='timeline__picture']//*[@class='timeline__ring']")) == 1
    (row,) = [row for row in section.xpath(".//tbody/tr") if row.xpath("string(td[3])") == "Project"]
    assert row.xpath("string(td[2])").strip() == "End Not recorded"
    Project.objects.update(actual_end="2021-06")
    (section,) = years(profile(client, country))
    assert section.xpath(".//*[@class='timeline__picture']//*[@class='timeline__ring']") == []


@pytest.mark.parametrize(("start", "end"), [("2020", "9999-12-31"), ("0001", "9999")])
def test_years_that_are_far_apart_are_drawn(client, world, start, end):
    Project.objects.update(actual_start=start, actual_end=None, planned_end=end)
    (section,) = years(profile(client, world.countries[0]))
    assert 1 < len(section.xpath(".//*[@class='timeline__year']")) < 12


def test_two_strands_in_one_place_keep_lanes_of_their_own(client, world):
    Strand.objects.update(position=0)
    Programme.objects.all().delete()
    projects = list(Project.objects.filter(country_shares__country=world.countries[0]))
    project = Project.objects.exclude(pk__in=[one.pk for one in projects]).first()
    ProjectCountry.objects.create(project=project, country=world.countries[0])
    first, second = Strand.objects.all()[:2]
    Project.objects.update(actual_start="2020", strand=first)
    Project.objects.filter(pk=project.pk).update(strand=second)
    (section,) = years(profile(client, world.countries[0]))
    names = [" ".join(lane.itertext()).split() for lane in section.xpath(".//*[@class='timeline__name']")]
    assert [" ".join(name) for name in names if "row" in name][:2] == ["row 001 en", "row 002 en"]


def test_what_has_no_date_is_counted_and_not_drawn(client, world):
    country = world.countries[0]
    assert profile(client, country).context["timeline"]["undated"] == 0
    Facility.objects.update(founded=None)
    response = profile(client, country)
    assert response.context["timeline"]["undated"] == 1
    assert "1 record without a date is not drawn." in response.content.decode()


def test_a_strand_that_nobody_has_recorded_is_told_from_what_belongs_to_none(client, world):
    Project.objects.update(strand=None)
    (section,) = years(profile(client, world.countries[0]))
    strands = {row.xpath("string(td[3])"): row.xpath("string(td[4])").strip() for row in section.xpath(".//tbody/tr")}
    assert (strands["Project"], strands["Agreement"]) == ("Strand Not recorded", "Across the strands")


def test_a_country_without_dated_records_has_no_time_line(client):
    Country.objects.create(code="QX", slug="qx", alpha3="QXX", name_en="Nowhere", state="published")
    assert years(client.get("/en/countries/qx/")) == []


def test_a_small_country_is_found_on_its_map_and_named(client):
    call_command("seed", verbosity=0)
    main = html.fromstring(client.get("/en/countries/mv/").content)
    (picture,) = main.xpath("//*[contains(@class, 'map--locator')]//*[@class='map__picture']")
    left, top, width, height = map(float, picture.get("viewbox", picture.get("viewBox")).split())
    (dot,) = picture.xpath(".//*[@class='map__dot']")
    assert left < float(dot.get("cx")) < left + width
    assert top < float(dot.get("cy")) < top + height
    assert (picture.xpath("string(.//*[@class='map__here'])"), width < 400) == ("Maldives", True)


@pytest.mark.parametrize("code", ["cf", "nz", "fj", "us", "ar"])
def test_a_long_name_has_room_on_its_map(client, code):
    call_command("seed", verbosity=0)
    main = html.fromstring(client.get(f"/ru/countries/{code}/").content)
    (picture,) = main.xpath("//*[contains(@class, 'map--locator')]//*[@class='map__picture']")
    left, top, width, height = map(float, picture.get("viewbox", picture.get("viewBox")).split())
    lines = picture.xpath(".//*[@class='map__here']/*")
    assert len(lines) == (2 if code == "cf" else 1)
    for line in lines:
        # Letters may be set wider by a reader.
        half = len(line.text.strip()) * 13 * (0.65 + 0.12) / 2
        assert left <= float(line.get("x")) - half and float(line.get("x")) + half <= left + width
        assert top + 10 <= float(line.get("y")) <= top + height - 10


def test_a_profile_leads_to_a_comparison_without_script(client, world):
    text = profile(client, world.countries[0]).content.decode()
    assert f'<input type="hidden" name="country" value="{world.countries[0].slug}">' in text
    assert f'<option value="{world.countries[1].slug}">' in text


def test_two_countries_stand_side_by_side_with_the_counts_of_the_lists(client, world):
    first, second = world.countries[:2]
    AgreementParty.objects.create(agreement=world.agreements[0], country=second)
    response = compare(client, first, second)
    assert response.status_code == 200
    rows = {str(row["term"]): row for row in response.context["groups"]}
    for name in ("Agreements", "Projects", "Organisations"):
        for country, cell in zip((first, second), rows[name]["cells"], strict=True):
            answer = client.get(f"/api/v1/{name.lower()}/", {"country": country.code}).json()
            assert cell["count"] == answer["count"]
            assert client.get(cell["url"]).context["count"] == cell["count"]
    assert [cell["count"] for cell in rows["Agreements"]["cells"]] == [1, 2]
    assert (rows["Agreements"]["both"], rows["Agreements"]["same"]) == (1, False)
    assert (rows["Projects"]["both"], rows["Projects"]["same"]) == (0, True)
    assert [cell["count"] for cell in rows["Delegations"]["cells"]] == [1, 0]


def test_what_is_on_record_of_neither_country_is_not_called_the_same(client, world):
    pair = world.countries[1:]
    Country.objects.filter(pk__in=[country.pk for country in pair]).update(
        capital_en="Port", region=None, subregion=None
    )
    response = compare(client, *pair)
    same = {str(row["term"]): row["same"] for row in [*response.context["facts"], *response.context["groups"]]}
    assert (same["Capital"], same["Region"], same["Projects"], same["Delegations"]) == (True, False, True, False)
    rows = html.fromstring(response.content.decode()).xpath("//table[@class='compare']//tr")
    for term, is_same in (("Region", False), ("Capital", True)):
        (row,) = [row for row in rows if row.xpath("string(th/text())").strip() == term]
        assert ("the same" in row.text_content(), row.get("class")) == (is_same, None)


def test_a_comparison_is_a_table_with_row_headers(client, world):
    text = compare(client, *world.countries[:2]).content.decode()
    assert text.count('<th scope="col">') == 2
    assert text.count('<th scope="row">') > 10
    assert "<caption" in text


@pytest.mark.parametrize("chosen", [0, 1])
def test_without_two_countries_there_is_a_form(client, world, chosen):
    response = compare(client, *world.countries[:chosen])
    assert response.status_code == 200
    assert "No two countries are chosen." in response.content.decode()


def test_codes_may_be_in_capitals(client, world):
    response = client.get(reverse("compare-countries"), {"country": [one.code for one in world.countries[:2]]})
    assert response.status_code == 200


def test_what_is_no_pair_of_countries_is_refused(client, world):
    first, second, third = world.countries
    assert compare(client, first, first).status_code == 400
    assert compare(client, first, second, third).status_code == 400
    assert client.get(reverse("compare-countries"), {"country": ["zz", "\0"]}).status_code == 400
    assert compare(client, first, second, contry="x").status_code == 400


def test_a_hidden_country_is_refused_as_one_that_does_not_exist(client, world):
    hidden = World(1, state="draft", mark="unseen").countries[0]
    response = compare(client, world.countries[0], hidden)
    assert response.status_code == 400
    assert "unseen" not in response.content.decode()
