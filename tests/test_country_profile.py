"""The profile of a country, and two of them side by side: what the lists count, and what is not on record."""

import pytest
from django.urls import reverse
from lxml import html

from conference.models import Country
from content.models import Figure
from cooperation.models import AgreementParty
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
