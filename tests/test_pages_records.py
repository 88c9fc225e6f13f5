"""The pages of single projects, facilities, agreements, programmes and organisations: what each reader came for."""

import re
from datetime import date

import pytest
from lxml import html

from conference.models import Country, Organisation
from content.models import Strand
from cooperation.models import (
    Agreement,
    AgreementParty,
    Budget,
    Facility,
    Programme,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectSector,
    Transaction,
)
from tests.world import World

pytestmark = pytest.mark.django_db

PICTURE = "//*[contains(@class, 'map--locator')]//*[@class='map__picture']"


def main_of(client, path: str, language: str = "en"):
    response = client.get(f"/{language}/{path}")
    assert response.status_code == 200, path
    return html.fromstring(response.content).get_element_by_id("page_main")


def text_of(element) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def a_country(code: str, **values) -> Country:
    values = {"slug": code.lower(), "alpha3": f"{code}X", "name_en": f"Country {code}", "state": "published"} | values
    return Country.objects.create(code=code, **values)


def a_project(**values) -> Project:
    return Project.objects.create(**{"slug": "one", "title_en": "One", "state": "published"} | values)


def a_strand(**values) -> Strand:
    return Strand.objects.create(
        **{"slug": "strand", "name_en": "Strand one", "position": 2, "state": "published"} | values
    )


def glance(main) -> dict[str, str]:
    """What stands at the head of a record's page."""
    cells = main.xpath("//dl[@class='glance']/div")
    return {text_of(cell.find("dt")): " + ".join(map(text_of, cell.findall("dd"))) for cell in cells}


def dates(main) -> list[list[str]]:
    """The words of the table of dates, row by row."""
    rows = main.xpath("//table[starts-with(@class, 'time-bar')]/tbody/tr")
    return [[text_of(cell) for cell in row.xpath("th | td[not(@aria-hidden)]")] for row in rows]


def bars(main) -> list[tuple[str, float, float]]:
    """How each row of the table of dates is drawn: its shape, and in hundredths where it begins and how long it is."""
    found = main.xpath("//table[starts-with(@class, 'time-bar')]/tbody//*[contains(@class, 'time-bar__bar')]")
    return [
        (
            one.tag,
            *(
                float((one.get(name) or "0").rstrip("%"))
                for name in (("x", "width") if one.tag == "rect" else ("cx", "r"))
            ),
        )
        for one in found
    ]


def test_a_project_says_in_one_look_what_it_is(client):
    project = a_project(status="2", strand=a_strand(), actual_start="2019-03")
    ProjectCountry.objects.create(project=project, country=a_country("KE"))
    Budget.objects.create(
        project=project, amount="1500", currency="CNY", value_date=date(2020, 1, 1),
        period_start=date(2020, 1, 1), period_end=date(2020, 12, 31),
    )  # fmt: skip
    assert glance(main_of(client, "cooperation/projects/one/")) == {
        "Status": "Implementation",
        "Strand": "Strand one",
        "Years": "since 2019",
        "Recipient countries": "KE Country KE",
        "Budget": "CNY 1,500",
    }


def test_a_project_without_a_beginning_shows_the_years_that_were_planned_and_says_so(client):
    a_project(planned_start="2026-01", planned_end="2028")
    assert glance(main_of(client, "cooperation/projects/one/"))["Years"] == "2026–2028 planned"


def test_a_closed_project_whose_end_nobody_recorded_is_not_said_to_go_on(client):
    a_project(status="4", actual_start="2014")
    main = main_of(client, "cooperation/projects/one/")
    assert glance(main)["Years"] == "2014 end not recorded"
    assert dates(main) == [["Actual", "2014", "Not recorded"]]
    assert [shape for shape, *_place in bars(main)] == ["circle"]
    assert not main.xpath("//*[@class='time-bar__today']")


def test_planned_and_actual_dates_are_drawn_on_one_scale_and_told_beside_it(client):
    a_project(status="4", planned_start="2010", planned_end="2012", actual_start="2011-07", actual_end="2015-06-30")
    main = main_of(client, "cooperation/projects/one/")
    assert dates(main) == [["Planned", "2010", "2012"], ["Actual", "July 2011", "30 June 2015"]]
    (first, began, planned), (second, came, lasted) = bars(main)
    assert (first, second) == ("rect", "rect")
    # Three years from the first of January 2010, and four from July 2011.
    assert came - began == pytest.approx(planned / 2, rel=0.05)
    assert lasted == pytest.approx(planned * 4 / 3, rel=0.05)
    assert not main.xpath("//*[@class='time-bar__today']")


def test_a_project_that_is_under_way_reaches_today(client):
    a_project(status="2", actual_start="2019")
    main = main_of(client, "cooperation/projects/one/")
    assert dates(main) == [["Actual", "2019", "Under way"]]
    ((_shape, x, width),) = bars(main)
    (today,) = main.xpath("//*[@class='time-bar__today']/@x1")
    assert x + width == pytest.approx(float(today.rstrip("%")), abs=0.02)


def test_the_years_of_a_project_run_from_left_to_right_in_arabic_too(client):
    a_project(status="4", planned_start="2010", planned_end="2012", actual_start="2011", actual_end="2013")
    arabic, english = (main_of(client, "cooperation/projects/one/", language) for language in ("ar", "en"))
    assert bars(arabic) == bars(english) != []


def test_a_project_without_any_date_has_no_table_of_dates_but_says_what_is_missing(client):
    a_project()
    main = main_of(client, "cooperation/projects/one/")
    assert dates(main) == []
    terms = main.xpath("//section[@aria-labelledby='missing']//dt/text()")
    assert {"Planned start", "Planned end", "Actual start", "Actual end"} <= set(terms)


def test_each_recipient_country_has_a_dot_on_the_map_and_a_row_in_the_table(client):
    project = a_project()
    for code, share in (("KE", 60), ("PE", 30), ("MT", None)):
        ProjectCountry.objects.create(project=project, country=a_country(code), percentage=share)
    hidden = a_country("FJ", state="draft")
    ProjectCountry.objects.create(project=project, country=hidden, percentage=10)
    main = main_of(client, "cooperation/projects/one/")
    (picture,) = main.xpath(PICTURE)
    left, top, width, height = map(float, picture.get("viewbox", picture.get("viewBox")).split())
    dots = picture.xpath(".//*[@class='map__dot']")
    for dot in dots:
        assert left < float(dot.get("cx")) < left + width
        assert top < float(dot.get("cy")) < top + height
    assert picture.xpath(".//*[@class='map__code']/text()") == ["KE", "PE", "MT"]
    rows = main.xpath("//table[@id='countries']/tbody/tr")
    assert len(dots) == len(rows) == 3
    assert [text_of(row.find("td")) for row in rows] == ["60 %", "30 %", "Not recorded."]
    assert rows[0].xpath(".//*[@class='bar__length']/@width") == ["60.0"]
    assert rows[2].xpath(".//*[@class='bar__length']") == []
    assert "Country FJ" not in main.text_content()


def test_countries_that_touch_on_the_map_have_dots_without_letters(client):
    project = a_project()
    for code in ("RW", "BI", "PE"):
        ProjectCountry.objects.create(project=project, country=a_country(code))
    (picture,) = main_of(client, "cooperation/projects/one/").xpath(PICTURE)
    assert len(picture.xpath(".//*[@class='map__dot']")) == 3
    assert picture.xpath(".//*[@class='map__code']/text()") == ["PE"]


def test_a_facility_of_known_place_is_marked_there_beside_its_countries(client):
    facility = Facility.objects.create(
        slug="one", name_en="One", kind="platform", state="published", latitude="-1.29", longitude="36.82"
    )
    facility.countries.add(a_country("KE"))
    (picture,) = main_of(client, "cooperation/facilities/one/").xpath(PICTURE)
    (point,) = picture.xpath(".//*[@class='map__point']")
    (dot,) = picture.xpath(".//*[@class='map__dot']")
    # Nairobi is in Kenya.
    assert abs(float(point.get("x")) - float(dot.get("cx"))) < 20
    assert abs(float(point.get("y")) - float(dot.get("cy"))) < 20


def test_many_countries_are_counted_at_the_head_and_all_named_beside_the_map(client):
    programme = Programme.objects.create(slug="one", name_en="One", state="published")
    programme.countries.set([a_country(code) for code in ("KE", "PE", "MT", "FJ")])
    main = main_of(client, "cooperation/programmes/one/")
    assert glance(main)["Countries"] == "4 countries"
    assert len(main.xpath("//ul[@id='countries']/li")) == len(main.xpath(f"{PICTURE}//*[@class='map__dot']")) == 4


def test_a_record_without_countries_has_no_map(client):
    Agreement.objects.create(slug="one", title_en="One", state="published")
    assert main_of(client, "cooperation/agreements/one/").xpath("//*[contains(@class, 'map')]") == []


@pytest.mark.parametrize(
    ("language", "name", "lang"),
    [
        ("en", "Fishery research", None),
        ("fr", "Recherche dans le domaine de la pêche", None),
        ("ar", "Fishery research", "en"),
    ],
)
def test_a_sector_is_named_and_an_english_name_is_marked_in_other_languages(client, language, name, lang):
    ProjectSector.objects.create(project=a_project(), code="31382", percentage=25)
    main = main_of(client, "cooperation/projects/one/", language)
    (row,) = main.xpath("//table[@class='shares']/tbody/tr")
    assert name in text_of(row.find("th"))
    assert "31382" in text_of(row.find("th"))
    assert row.xpath("string(th/span/@lang)") == (lang or "")
    assert row.xpath(".//*[@class='bar__length']/@width") == ["25.0"]


def test_a_sector_that_no_list_names_keeps_its_code(client):
    ProjectSector.objects.create(project=a_project(), vocabulary="99", code="OWN-7")
    (row,) = main_of(client, "cooperation/projects/one/").xpath("//table[@class='shares']/tbody/tr")
    assert text_of(row.find("th")) == "OWN-7Of the reporting organisation"


def test_organisations_stand_under_what_they_do_in_a_project(client):
    project = a_project()
    for number, role in enumerate(("4", "1", "4")):
        organisation = Organisation.objects.create(slug=f"o{number}", name_en=f"Institute {number}", state="published")
        ProjectOrganisation.objects.create(project=project, organisation=organisation, role=role)
    hidden = Organisation.objects.create(slug="hidden", name_en="Hidden institute")
    ProjectOrganisation.objects.create(project=project, organisation=hidden, role="2")
    main = main_of(client, "cooperation/projects/one/")
    rows = main.xpath("//dl[@class='definition-list']/div")
    told = {text_of(row.find("dt")): [text_of(entry) for entry in row.findall("dd")] for row in rows}
    assert told == {"Funding": ["Institute 1"], "Implementing": ["Institute 0", "Institute 2"]}


def test_transactions_come_with_a_total_of_each_type_and_currency(client):
    project = a_project()
    for kind, amount, currency in (("3", "10.50", "CNY"), ("3", "1", "CNY"), ("3", "7", "EUR"), ("4", "2", "CNY")):
        Transaction.objects.create(
            project=project, type=kind, amount=amount, currency=currency, date=date(2020, 1, 1),
            value_date=date(2020, 1, 1),
        )  # fmt: skip
    main = main_of(client, "cooperation/projects/one/")
    totals = main.xpath("//section[@aria-labelledby='transactions']//tfoot/tr")
    assert [[text_of(cell) for cell in row] for row in totals] == [
        ["Together, Disbursement", "CNY 11.50EUR 7"],
        ["Together, Expenditure", "CNY 2"],
    ]


def test_what_a_project_lacks_is_told_in_one_line_and_takes_no_heading(client):
    a_project(recorded_none=["budgets"])
    main = main_of(client, "cooperation/projects/one/")
    headings = [text_of(one) for one in main.iter("h2")]
    assert not {"Budgets", "Transactions", "Sectors", "Recipient countries", "Organisations"} & set(headings)
    groups = main.xpath("//section[@aria-labelledby='missing']//*[@class='absent']")
    told = {text_of(one.find("p")): one.xpath(".//dt/text()") for one in groups}
    assert told["None"] == ["Budgets"]
    assert {"Sectors", "Transactions", "Recipient countries", "Organisations", "Description"} <= set(
        told["Not recorded"]
    )


@pytest.mark.parametrize("path", ["projects", "facilities", "programmes", "agreements"])
def test_a_record_leads_to_the_lists_in_which_others_stand_with_it(client, path):
    world = World(3)
    World(2, state="draft", mark="hidden")
    first, second = world.countries[:2]
    Project.objects.update(strand=world.strands[0])
    Facility.objects.update(strand=world.strands[0])
    Programme.objects.update(strand=world.strands[0])
    ProjectCountry.objects.create(project=world.projects[1], country=first)
    world.facilities[1].countries.add(first)
    world.programmes[1].countries.add(first)
    AgreementParty.objects.create(agreement=world.agreements[1], country=first)
    main = main_of(client, f"cooperation/{path}/row-001/")
    rows = main.xpath("//section[@aria-labelledby='beside']//li")
    assert [int(row.xpath("string(bdi[@class='counted__number'])")) for row in rows] == [3, 2]
    for row in rows:
        (address,) = row.xpath("a/@href")
        assert client.get(address).context["count"] == int(row.xpath("string(bdi[@class='counted__number'])"))
    # Alone in its country, it leads to no list of that.
    other = main_of(client, f"cooperation/{path}/row-002/")
    assert second.code not in "".join(other.xpath("//section[@aria-labelledby='beside']//a/@href"))


def test_an_organisation_counts_what_it_takes_part_in_by_kind_and_draws_it_by_year(client):
    world = World(2)
    World(2, state="draft", mark="hidden")
    path = f"organisations/{world.organisations[0].slug}/"
    main = main_of(client, path)
    assert glance(main) == {"Kind": "Other organisation", "Country": "QAAA row 001 en"}
    cells = main.xpath("//dl[@class='counts']/div")
    told = {text_of(cell.find("dt")): text_of(cell.find("dd")) for cell in cells}
    assert told["Agreements"].startswith("1 ")
    assert told["Delegations"] == "None on record"
    drawn = main.xpath("//*[@class='timeline']//a/*[local-name()='title']/text()")
    rows = main.xpath("//section[@aria-labelledby='years']//tbody/tr")
    assert len(drawn) == len(rows) == 4
    assert "hidden" not in main.text_content()
