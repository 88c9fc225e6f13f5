"""The chart, the map, the facets and the money beside a list: all of exactly its rows, each part with its own list."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from conference.models import Country, Organisation
from content.lanes import bars, columns
from cooperation.models import Agreement, Facility, Programme, Project, ProjectCountry
from tests.world import World, six

pytestmark = pytest.mark.django_db

LISTS = ("projects", "facilities", "agreements", "cooperation-programmes")
NUMBER = re.compile(r"[^0-9]")


@pytest.fixture
def world():
    """Two strands, several years, and records without either."""
    world = World(3)
    for number, (strand, start) in enumerate([(0, "2021"), (0, "2021-04"), (1, None), (None, "2019"), (None, None)]):
        Project.objects.create(
            slug=f"more-{number}",
            state="published",
            **six(f"more {number}", "title"),
            strand=None if strand is None else world.strands[strand],
            planned_start=start,
        )
    return world


def page(client, name: str, **query):
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response


def tree(response):
    return html.fromstring(response.content.decode())


def count_of(client, address: str) -> int:
    return client.get(address).context["count"]


@pytest.mark.parametrize("name", LISTS)
def test_the_chart_counts_every_row_of_the_answer_once(client, world, name):
    context = page(client, name).context
    chart = context["chart"]
    assert chart["whole"]["total"] == context["count"] > 0
    assert sum(lane["total"] for lane in chart["lanes"] if not lane.get("is_whole")) == context["count"]
    if chart["columns"]:
        assert sum(row["total"] for row in chart["rows"]) == context["count"]


def test_every_number_of_the_chart_leads_to_as_many_rows(client, world):
    for query in ({}, {"status": "2"}, {"year": ["2020", "not_recorded"]}):
        document = tree(page(client, "projects", **query))
        links = document.xpath("//*[@class='twin']//a[contains(@href, 'strand') or contains(@href, 'year')]")
        assert links
        for link in links:
            if link.getparent().tag == "td":
                assert count_of(client, link.get("href")) == int(NUMBER.sub("", link.text_content())), link.get("href")


def test_every_bar_of_the_picture_leads_to_the_rows_that_it_stands_for(client, world):
    drawn = tree(page(client, "projects")).xpath("//*[contains(@class, 'lanes__bars')]/a")
    assert len(drawn) > 3
    for bar in drawn:
        stands_for = int(bar.xpath("title")[0].text.rpartition(":")[2])
        assert count_of(client, bar.get("href")) == stands_for


def test_programmes_are_counted_by_strand_and_year(client, world):
    for number, start in enumerate(["2016", "2018-03-01", None]):
        values = six(f"more {number}", "name")
        Programme.objects.create(slug=f"more-{number}", state="published", start=start, **values)
    response = page(client, "cooperation-programmes")
    rows = {row["label"]: (row["total"], count_of(client, row["url"])) for row in response.context["chart"]["rows"]}
    assert rows == {"2018": (4, 4), "2016": (1, 1), "Not recorded": (1, 1)}
    options = {option["value"]: option["count"] for option in facet(response, "year")["options"]}
    assert options == {"2018": 4, "2016": 1, "not_recorded": 1}
    assert facet(response, "year")["label"] == "Year of start"


def test_a_chart_of_records_without_a_year_promises_no_years(client, world):
    for start, heading in (("2018", "By strand and year"), (None, "Strand")):
        Programme.objects.update(start=start)
        assert f'<h2 id="chart">{heading}</h2>' in page(client, "cooperation-programmes").content.decode()


def test_programmes_stand_in_the_order_of_their_start(client, world):
    for slug, start in (("last", "2020"), ("first", "2001"), ("unknown", None)):
        Programme.objects.create(slug=slug, state="published", start=start, **six(slug, "name"))
    rows = {order: client.get(f"/api/v1/programmes/?order={order}").json()["results"] for order in ("start", "-start")}
    assert [row["slug"] for row in rows["start"]][:1] == ["first"]
    assert [row["slug"] for row in rows["-start"]][:1] == ["last"]
    assert {found[-1]["slug"] for found in rows.values()} == {"unknown"}
    assert client.get("/api/v1/programmes/?order=-end").status_code == 200


def test_a_chart_has_no_style_of_its_own_and_is_said_by_its_table(client, world):
    text = page(client, "projects").content.decode()
    assert " style=" not in text
    assert 'class="lanes" aria-hidden="true"' in text
    assert "The same numbers as a table" in text


def test_an_answer_without_rows_has_no_chart_map_or_money(client, world):
    context = page(client, "projects", year="1901").context
    assert (context["count"], context["chart"], context["countries"], context["money"]) == (0, None, [], [])


def test_one_record_makes_a_chart_of_one_lane(client):
    Facility.objects.create(slug="one", state="published", kind="platform", founded="2012", **six("One", "name"))
    context = page(client, "facilities").context
    assert [lane["label"] for lane in context["chart"]["lanes"]] == ["Not recorded"]
    assert context["chart"]["rows"][0]["label"] == "2012"


def test_many_years_are_drawn_in_spans_that_lead_to_all_of_their_years(client):
    for year in range(1950, 2020):
        Agreement.objects.create(slug=f"of-{year}", state="published", signed=str(year), **six(str(year), "title"))
    response = page(client, "agreements")
    rows = response.context["chart"]["rows"]
    assert [row["label"] for row in rows][:2] == ["2015–2019", "2010–2014"]
    assert {count_of(client, row["url"]) for row in rows} == {5}
    assert len(response.context["facets"][1]["options"]) < 12


def test_lanes_have_a_column_for_years_without_anything():
    assert [column.label for column in columns(["2001", "2010"])] == [str(year) for year in range(2001, 2011)]
    assert columns([]) == []
    (bar,) = bars(columns(["2010"]), {"2010": 3}, most=6)
    assert (bar.height, bar.y, bar.column.label) == ("20.0", "20.0", "2010")


def test_the_map_says_where_numbers_add_up_to_more_than_the_rows(client, world):
    ProjectCountry.objects.create(project=world.projects[0], country=world.countries[1])
    response = page(client, "projects")
    assert sum(country["count"] for country in response.context["countries"]) == 4
    assert "These numbers add up to 4; there are 8 records" in response.content.decode()
    for country in response.context["countries"]:
        assert count_of(client, country["url"]) == country["count"]


def test_a_number_beside_a_chosen_country_leads_nowhere_where_no_list_has_as_many_rows(client, world):
    chosen, other = world.countries[:2]
    ProjectCountry.objects.create(project=world.projects[0], country=other)
    response = page(client, "projects", country=chosen.code)
    found = {country["code"]: country for country in response.context["countries"]}
    assert {code: country["count"] for code, country in found.items()} == {chosen.code: 1, other.code: 1}
    assert count_of(client, found[chosen.code]["url"]) == 1
    by_country = tree(response).xpath("//*[@aria-labelledby='by-country']")[0]
    assert {link.get("href") for link in by_country.xpath(".//a")} == {found[chosen.code]["url"]}
    assert other.name_en in by_country.text_content()


def facet(response, name: str) -> dict:
    return next(facet for facet in response.context["facets"] if facet["name"] == name)


def many_countries() -> list[Country]:
    letters = "ABCDEFGHIJKLMNOPQRST"
    countries = [
        Country(slug=f"z{a.lower()}", code=f"Z{a}", alpha3=f"ZZ{a}", state="published", **six(f"Land {a}", "name"))
        for a in letters
    ]
    for country in countries:
        country.save()
        Organisation.objects.create(
            slug=f"of-{country.slug}", state="published", country=country, **six(f"Of {country.code}", "name")
        )
    return countries


def test_a_long_facet_shows_the_most_frequent_and_leads_to_the_rest(client):
    countries = many_countries()
    for number in range(3):
        Organisation.objects.create(
            slug=f"again-{number}", state="published", country=countries[-1], **six(f"Again {number}", "name")
        )
    short = facet(page(client, "organisations"), "country")
    assert short["more"] == 20
    assert len(short["options"]) == 8
    assert "ZT" in [option["value"] for option in short["options"]]
    whole = client.get(short["more_url"])
    assert [option["value"] for option in facet(whole, "country")["options"]] == [one.code for one in countries]
    assert facet(whole, "country")["more"] == 0


def test_what_is_chosen_stays_in_a_short_facet(client):
    many_countries()
    chosen = facet(page(client, "organisations", country="ZS"), "country")
    assert [option["value"] for option in chosen["options"] if option["selected"]] == ["ZS"]


def test_the_files_beside_a_list_do_not_know_how_it_is_shown(client, world):
    context = page(client, "projects", all="country", strand="row-001").context
    assert all("all=" not in export["url"] and "strand=row-001" in export["url"] for export in context["exports"])


def test_a_facet_that_does_not_exist_cannot_be_shown_whole(client, world):
    assert client.get(reverse("projects"), {"all": "colour"}).status_code == 400


def test_a_form_carries_the_whole_facets_along(client, world):
    document = tree(page(client, "projects", all="country"))
    assert document.xpath("//form[@class='facets__form']/input[@name='all']/@value") == ["country"]


def test_money_of_the_answer_is_one_sum_a_currency(client, world):
    world.projects[1].budgets.update(currency="EUR")
    response = page(client, "projects")
    budgets = response.context["money"][0]
    assert budgets["sums"] == ["CNY 3", "EUR 1.50"]
    # At six to one, the rate of the last day before.
    assert [total["text"] for total in budgets["converted"]] == ["USD 0.50"]
    assert budgets["converted"][0]["left_out"] == ["EUR 1.50"]
    assert (budgets["recorded"], budgets["none"], budgets["not_recorded"]) == (3, 0, 5)
    text = response.content.decode()
    assert "31 December 2019" in text
    assert world.sources[0].get_absolute_url() in text


def test_none_zero_and_not_recorded_are_three_things(client, world):
    first, second, third = world.projects
    first.budgets.all().delete()
    second.budgets.all().delete()
    Project.objects.filter(pk=second.pk).update(recorded_none=["budgets"])
    third.budgets.update(amount=0)
    rows = {row["slug"]: row for row in client.get("/api/v1/projects/").json()["results"]}
    assert rows[first.slug]["budget_totals"] is None
    assert rows[second.slug]["budget_totals"] == {"by_currency": [], "converted": []}
    assert rows[third.slug]["budget_totals"]["by_currency"] == [{"amount": "0.00", "currency": "CNY"}]
    shown = {row["record"].slug: row for row in page(client, "projects").context["table_rows"]}
    assert (shown[first.slug]["budgets"]["sums"], shown[first.slug]["no_budgets"]) == ([], "Not recorded.")
    assert (shown[second.slug]["budgets"]["sums"], shown[second.slug]["no_budgets"]) == ([], "None.")
    assert shown[third.slug]["budgets"]["sums"] == ["CNY 0"]


def test_a_projects_page_tells_its_total_with_the_rate(client, world):
    text = client.get(world.projects[0].get_absolute_url(), follow=True).content.decode()
    assert "together about" in text
    assert "USD 0.25" in text
    assert str(date(2019, 12, 31).year) in text


def test_a_lists_own_key_asks_the_same_and_gives_way_to_a_choice(client, world):
    response = page(client, "projects", countries=world.countries[0].code)
    assert response.context["count"] == 1
    assert [option["value"] for option in facet(response, "country")["options"] if option["selected"]] == [
        world.countries[0].code
    ]
    assert "countries=" not in response.context["countries"][0]["url"]
    assert [field["name"] for field in response.context["keep"]] == []


@pytest.mark.parametrize(
    ("name", "plural", "single"),
    [
        ("projects", "countries", "country"),
        ("projects", "organisations", "organisation"),
        ("projects", "sectors", "sector"),
        ("facilities", "partners", "partner"),
    ],
)
def test_a_filter_under_a_lists_own_key_is_shown_as_chosen(client, world, name, plural, single):
    value = {"country": world.countries[0].code, "sector": "43082"}.get(single, world.organisations[0].slug)
    response = page(client, name, **{plural: value, "q": "row"})
    same = page(client, name, **{single: value, "q": "row"})
    chips = [(chip["facet"], chip["label"]) for chip in response.context["chosen"]]
    assert chips == [(chip["facet"], chip["label"]) for chip in same.context["chosen"]]
    assert len(chips) == 2
    removed = {chip["label"]: chip["remove_url"] for chip in response.context["chosen"]}
    assert removed[chips[0][1]] == f"{reverse(name)}?q=row"


def test_an_answer_that_a_lists_own_key_left_empty_is_not_called_an_empty_record(client, world):
    Project.objects.all().delete()
    Project.objects.create(slug="one", state="published", **six("one", "title"))
    text = page(client, "projects", countries=world.countries[0].code).content.decode()
    assert "No record on file matches these filters." in text
    assert "None on record yet." not in text
    assert "Remove all filters" in text


def test_a_value_that_is_asked_for_twice_is_chosen_once(client, world):
    code = world.countries[0].code
    response = page(client, "projects", country=[code, code, code.lower(), " "], countries=code)
    (chip,) = response.context["chosen"]
    assert (chip["label"], count_of(client, chip["remove_url"])) == (world.countries[0].name_en, 8)


@pytest.mark.parametrize("name", ["projects", "facilities", "organisations"])
def test_many_chosen_values_cost_as_many_queries_as_one(client, world, name):
    codes = [country.code for country in [*world.countries, *many_countries()]]
    page(client, name, country=codes[0])
    counts = []
    for chosen in (codes[:1], codes):
        with CaptureQueriesContext(connection) as captured:
            response = page(client, name, country=chosen)
        assert len(response.context["chosen"]) == len(chosen)
        counts.append(len(captured))
    assert counts[1] <= counts[0]
