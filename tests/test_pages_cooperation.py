"""The cooperation's pages as a visitor sees them: in six languages, empty and filled, and nothing unpublished."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from lxml import html

from conference.models import Country, Organisation
from content import languages
from content.models import Claim, Source, Strand
from cooperation.models import (
    Agreement,
    Budget,
    Facility,
    Programme,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectSector,
)
from cooperation.presentation import money_text
from tests.test_query_counts import MOST_FOR_ONE_ANSWER
from tests.world import World

pytestmark = pytest.mark.django_db

LISTS = ("", "projects/", "facilities/", "agreements/", "programmes/")
RECORDS = tuple(f"{name}row-001/" for name in ("", "projects/", "facilities/", "agreements/", "programmes/"))


def page(client, path: str, language: str = "en", **query):
    return client.get(f"/{language}/cooperation/{path}", query)


def words(response) -> str:
    """What a reader reads: the text of the main part without its marks."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


def queries_of(client, path: str, **query) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert page(client, path, **query).status_code == 200
    return len(captured)


@pytest.mark.parametrize("language", languages.CODES)
@pytest.mark.parametrize("path", LISTS)
def test_an_empty_portal_answers_and_says_how_to_begin(client, path, language):
    response = page(client, path, language)
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1
    if language == "en":
        assert "manage.py seed" in words(response)


@pytest.mark.parametrize("language", languages.CODES)
def test_every_address_answers_in_each_language(client, language):
    World(1)
    for path in (*LISTS, *RECORDS):
        response = page(client, path, language)
        assert response.status_code == 200, path
        assert response.content.decode().count("<h1") == 1, path
        assert f"row 001 {language.replace('-', '_')}" in words(response) or path == "", path


def test_nothing_unpublished_shows(client):
    World(1)
    hidden = World(1, "draft", "secret")
    project, facility, agreement, programme = (
        model.objects.get(slug="row-001") for model in (Project, Facility, Agreement, Programme)
    )
    ProjectCountry.objects.create(project=project, country=hidden.countries[0])
    ProjectOrganisation.objects.create(project=project, organisation=hidden.organisations[0])
    project.transactions.update(provider=hidden.organisations[0])
    Project.objects.filter(pk=project.pk).update(strand=hidden.strands[0])
    Facility.objects.filter(pk=facility.pk).update(host=hidden.organisations[0])
    facility.countries.add(hidden.countries[0])
    agreement.parties.create(country=hidden.countries[0])
    agreement.documents.add(hidden.documents[0])
    programme.countries.add(hidden.countries[0])
    Claim.objects.filter(slug="secret-001").update(figure=None, strand=Strand.objects.get(slug="row-001"))
    for record in (project, facility, agreement, programme, Strand.objects.get(slug="row-001")):
        record.sources.add(hidden.sources[0])
        record.statements.add(hidden.claims[0])
    for path in (*LISTS, *RECORDS):
        assert "secret" not in page(client, path).content.decode(), path
        assert page(client, path.replace("row-", "secret-")).status_code == (404 if "row-" in path else 200)
    assert page(client, "projects/").context["countries"][0]["count"] == 1
    assert "1 project in 1 country" in words(page(client, "projects/"))


def test_a_statement_about_a_figure_that_is_hidden_leads_to_its_source(client):
    world = World(1)
    hidden = World(1, "draft", "secret")
    Claim.objects.filter(slug="row-001").update(figure=hidden.figures[0])
    Project.objects.get(slug="row-001").statements.add(world.claims[0])
    content = page(client, "projects/row-001/").content.decode()
    assert "/en/sources/row-001/#row-001" in content
    assert "secret" not in content


def test_what_was_withdrawn_is_gone_with_its_reason(client):
    World(1)
    for model, path in zip((Strand, Project, Facility, Agreement, Programme), RECORDS, strict=True):
        model.objects.filter(slug="row-001").update(state="archived", withdrawal_reason_en="Entered by mistake.")
        response = page(client, path)
        assert response.status_code == 410, path
        assert "Entered by mistake." in words(response)
        assert "row 001" not in words(response)


def test_pages_cost_as_many_queries_for_three_rows_as_for_one(client):
    counts = []
    page(client, "")
    for size in (1, 3):
        with transaction.atomic():
            World(size)
            counts.append({path: queries_of(client, path) for path in (*LISTS, *RECORDS)})
            transaction.set_rollback(True)
    assert counts[0] == counts[1]
    assert {path: count for path, count in counts[0].items() if count > MOST_FOR_ONE_ANSWER} == {}


def test_a_project_with_many_parts_costs_no_more_queries(client):
    world = World(3)
    before = queries_of(client, "projects/row-001/")
    for country, organisation in zip(world.countries[1:], world.organisations[1:], strict=True):
        ProjectCountry.objects.create(project=world.projects[0], country=country)
        ProjectOrganisation.objects.create(project=world.projects[0], organisation=organisation)
    world.projects[0].statements.set(world.claims)
    world.projects[0].sources.set(world.sources)
    first = queries_of(client, "projects/row-001/")
    # The sources and figures of its statements, and the claims, strands and counts of those figures: once for all.
    assert first <= before + 5
    assert "row 003 en" in words(page(client, "projects/row-001/"))


def test_the_answer_counts_projects_and_distinct_countries(client):
    world = World(3)
    ProjectCountry.objects.create(project=world.projects[0], country=world.countries[1])
    response = page(client, "projects/")
    assert "3 projects in 3 countries" in words(response)
    assert [(one["code"], one["count"]) for one in response.context["countries"]] == [
        ("QABA", 2),
        ("QAAA", 1),
        ("QACA", 1),
    ]
    some = page(client, "projects/", country="QAAA")
    assert "1 project in 2 countries" in words(some)


@pytest.mark.parametrize(
    ("language", "code", "label", "lang"),
    [
        ("en", "43082", "43082 Research/scientific institutions", None),
        ("fr", "43082", "43082 Institutions scientifiques et de recherche", None),
        ("ar", "43082", "43082 Research/scientific institutions", "en"),
        # The list has it in English alone.
        ("fr", "23067", "23067 Solar energy", "en"),
        ("en", "777", "777", None),
    ],
)
def test_a_sector_is_chosen_by_code_and_name(client, language, code, label, lang):
    """Of a code that two vocabularies have, by the first that names it."""
    project, without = World(2).projects
    without.sectors.all().delete()
    for vocabulary in ("1", "99"):
        ProjectSector.objects.update_or_create(project=project, vocabulary=vocabulary, code=code)
    response = page(client, "projects/", language, sector=code)
    facet = html.fromstring(response.content).xpath("//fieldset[@data-facet='sector']")[0]
    options = {
        option.xpath("./input/@value")[0]: option.xpath("./span[@class='facet__label']")[0]
        for option in facet.xpath(".//label")
    }
    assert (options[code].text, options[code].get("lang")) == (label, lang)
    assert options["not_recorded"].get("lang") is None
    (chip,) = response.context["chosen"]
    assert (chip["label"], chip.get("lang")) == (label, lang)


def test_facets_count_and_chosen_filters_are_named(client):
    world = World(3)
    Project.objects.filter(slug="row-003").update(actual_start=None, planned_start="2019")
    response = page(client, "projects/", strand="row-001")
    facets = {facet["name"]: facet["options"] for facet in response.context["facets"]}
    assert list(facets) == ["strand", "status", "year", "region", "group", "country", "organisation", "sector"]
    assert [(one["count"], one["selected"], one["strand"]) for one in facets["strand"]] == [
        (1, True, 1),
        (1, False, 2),
        (1, False, 3),
    ]
    assert [(one["value"], one["count"]) for one in facets["year"]] == [("2020", 1), ("2019", 0)]
    assert [(one["value"], one["count"]) for one in facets["region"]] == [("region", 1)]
    assert [one["label"] for one in response.context["chosen"]] == ["row 001 en"]
    assert page(client, "projects/", year="2019").context["count"] == 1
    assert page(client, "projects/", group="group").context["count"] == 3
    assert page(client, "projects/", region="region", status="2").context["count"] == len(world.projects)
    status = page(client, "projects/", status="2")
    assert [one["label"] for one in status.context["chosen"]] == ["Implementation"]


def test_no_match_is_told_from_nothing_on_record(client):
    World(1)
    assert "No record on file matches these filters." in words(page(client, "projects/", q="nowhere"))


def test_none_and_not_recorded_are_told_apart(client):
    Project.objects.create(slug="one", title_en="One", state="published", recorded_none=["budgets", "countries"])
    text = words(page(client, "projects/one/"))
    assert re.search(r"Recipient countries None\b", text)
    assert re.search(r"Budgets None\.", text)
    assert re.search(r"Transactions Not recorded\.", text)
    assert re.search(r"Status Not recorded", text)
    Facility.objects.create(slug="two", name_en="Two", kind="platform", state="published", recorded_none=["partners"])
    text = words(page(client, "facilities/two/"))
    assert re.search(r"Partners None\b", text)
    assert re.search(r"Countries Not recorded", text)
    assert re.search(r"Host Not recorded", text)


def test_dates_are_as_precise_as_they_are_known(client):
    Agreement.objects.create(
        slug="one", title_en="One", state="published", signed="2016", in_force="2017-03", ended="2018-04-05"
    )
    content = page(client, "agreements/one/").content.decode()
    assert "2016" in content
    assert "March 2017" in content
    listed = page(client, "agreements/").content.decode()
    assert [f'datetime="{value}"' in listed for value in ("2016", "2017-03", "2018-04-05")] == [True] * 3


def a_budget(project, amount: str, currency: str, year: int = 2020, kind: str = "1") -> None:
    Budget.objects.create(
        project=project, amount=amount, currency=currency, type=kind, value_date=date(year, 1, 1),
        period_start=date(year, 1, 1), period_end=date(year, 12, 31),
    )  # fmt: skip


def test_budgets_are_never_added_across_currencies_and_a_revision_stands_for_its_original(client):
    project = Project.objects.create(slug="one", title_en="One", state="published")
    a_budget(project, "1000.00", "CNY", 2020)
    a_budget(project, "1500.00", "CNY", 2020, kind="2")
    a_budget(project, "2.25", "CNY", 2021)
    a_budget(project, "7.00", "EUR", 2020)
    (row,) = page(client, "projects/").context["table_rows"]
    assert row["budgets"] == {"sums": ["CNY 1,502.25", "EUR 7"], "converted": []}
    assert "CNY 1,502.25 EUR 7" in words(page(client, "projects/"))
    assert money_text(Decimal("10000000.5"), "KES") == "KES 10,000,000.50"


def test_a_facility_shows_the_words_it_rests_on(client):
    world = World(1)
    claim = world.claims[0]
    Claim.objects.filter(pk=claim.pk).update(figure=None)
    world.facilities[0].statements.add(claim)
    content = page(client, "facilities/row-001/").content.decode()
    assert "<mark>nine</mark> centres" in content
    assert 'class="source-mark"' in content


def test_a_strand_without_a_figure_says_named_not_counted(client):
    strand = Strand.objects.create(slug="named", name_en="Named strand", position=1, state="published")
    Facility.objects.create(slug="one", name_en="One centre", kind="platform", strand=strand, state="published")
    source = Source.objects.create(slug="source", title_en="Source", kind="news_report", state="published")
    Claim.objects.create(
        slug="words", source=source, strand=strand, quote="a centre", quote_kind="reported", state="published"
    )
    overview, own = words(page(client, "")), words(page(client, "named/"))
    assert "Named, not counted." in overview
    assert "One centre" in overview
    assert "Named, not counted." in own
    assert "One centre Platform" in own
    assert "a centre" in own


def main_of(response):
    return html.fromstring(response.content).get_element_by_id("page_main")


def test_a_strand_shows_where_its_records_are_as_a_map_and_the_same_as_a_table(client):
    world = World(3)
    for country, code in zip(world.countries, ("KE", "MT", "PE"), strict=True):
        Country.objects.filter(pk=country.pk).update(code=code)
    Facility.objects.filter(slug="row-001").update(strand=world.strands[1])
    response = page(client, "row-002/")
    main = main_of(response)
    dots = main.xpath("//*[@class='map__picture']/a/@aria-label")
    table = main.xpath("//section[@aria-labelledby='by-country']//tbody/tr")
    told = {row.xpath("string(th/a)"): row.xpath("string(td[last()])").strip() for row in table}
    assert {dot.rpartition(": ")[0]: dot.rpartition(": ")[2] for dot in dots} == told
    assert sum(int(number) for number in told.values()) == response.context["counted_by_country"]
    cells = main.xpath("//section[@aria-labelledby='by-country']//tbody//td/a")
    assert cells
    for cell in cells:
        address = cell.get("href")
        assert "strand=row-002" in address
        assert client.get(address).context["count"] == int(cell.text_content()), address


def test_a_chart_of_a_strand_says_what_the_lists_say_of_each_year(client):
    World(3)
    main = main_of(page(client, "row-002/"))
    cells = main.xpath("//section[@aria-labelledby='chart']//tbody//td/a")
    assert len(cells) == 3
    for cell in cells:
        assert client.get(cell.get("href")).context["count"] == int(cell.text_content())
    bars = main.xpath("//*[@class='lanes__bars']/*[self::a or self::g]/*[local-name()='title']")
    assert sorted(bar.text.rpartition(": ")[2] for bar in bars) == ["1"] * 6


def test_a_strand_quotes_what_each_source_says_of_it_and_numbers_the_places_on_a_ruler(client):
    strand = Strand.objects.create(slug="said", name_en="Said strand", position=1, state="published")
    text = "First come laboratories, and then there are parks. Nobody counts."
    source = Source.objects.create(
        slug="source", title_en="Source", kind="news_report", state="published", text=text, language="en"
    )
    for slug, quote, own in (("one", "parks", strand), ("two", "laboratories", strand), ("three", "Nobody", None)):
        Claim.objects.create(
            slug=slug, source=source, strand=own, quote=quote, quote_marked=quote, offset=text.index(quote),
            quote_kind="verbatim", state="published",
        )  # fmt: skip
    Claim.objects.create(slug="draft", source=source, strand=strand, quote="secret", quote_kind="reported")
    main = main_of(page(client, "said/"))
    assert main.xpath("//ol[@class='said__list']/li/@id") == ["statement-two", "statement-one"]
    assert main.xpath("//ol[@class='said__list']//mark/text()") == ["laboratories", "parks"]
    places = [float(mark.rstrip("%")) for mark in main.xpath("//*[@class='said__mark']/@x1")]
    assert places == [
        pytest.approx(text.index(word) * 100 / len(text), abs=0.01) for word in ("laboratories", "parks")
    ]
    assert main.xpath("//*[@class='said__number']/text()") == ["1", "2"]
    assert len(main.xpath("//*[@class='said__tick']")) == 1
    assert "secret" not in main.text_content()


def test_a_strand_with_nothing_says_so_in_words(client):
    Strand.objects.create(slug="bare", name_en="Bare strand", position=1, state="published")
    text = words(page(client, "bare/"))
    assert "The sources give no number for this strand." in text
    assert "No statement on file." in text
    assert "No project, facility or programme on file is of this strand." in text
    assert "Agreements" not in text


def test_the_newest_of_a_strand_come_first(client):
    strand = Strand.objects.create(slug="new", name_en="New strand", position=1, state="published")
    for slug, founded in (("old", "1999"), ("unknown", None), ("new", "2021-05")):
        Facility.objects.create(
            slug=slug, name_en=slug.title(), kind="platform", founded=founded, strand=strand, state="published"
        )
    main = main_of(page(client, "new/"))
    assert main.xpath("//tbody[@id='facilities']//th[@scope='row']/a/text()") == ["New", "Old", "Unknown"]


def test_the_overview_counts_each_strand_and_links_to_its_lists(client):
    World(3)
    response = page(client, "")
    content = response.content.decode()
    assert [one["count"] for one in response.context["collections"]] == [3, 3, 3, 3]
    assert [[one["count"] for one in strand["counts"]] for strand in response.context["strands"]] == [[1, 1, 1]] * 3
    assert "/en/cooperation/projects/?strand=row-002" in content
    assert [len(strand["figures"]) for strand in response.context["strands"]] == [1, 1, 1]


def test_sample_records_carry_their_mark(client):
    Project.objects.create(slug="one", title_en="One", state="published", sample=True)
    assert "Sample data" in words(page(client, "projects/"))
    assert "Sample data" in words(page(client, "projects/one/"))


def test_a_fallback_and_a_text_that_nobody_has_reviewed_are_marked(client):
    Project.objects.create(slug="one", title_en="One", state="published", unreviewed_languages=["en"])
    arabic = page(client, "projects/one/", "ar").content.decode()
    assert 'lang="en" dir="ltr">One<' in re.sub(r"\s*(<[^>]*>)\s*", r"\1", arabic)
    english = words(page(client, "projects/one/"))
    assert "has not yet been reviewed by a person" in english


def test_names_of_others_are_escaped(client):
    name = "<script>alert(1)</script>"
    organisation = Organisation.objects.create(slug="one", name_en=name, state="published")
    country = Country.objects.create(code="QAAA", alpha3="QAA", name_en=name, state="published")
    project = Project.objects.create(slug="one", title_en=name, state="published")
    ProjectOrganisation.objects.create(project=project, organisation=organisation)
    ProjectCountry.objects.create(project=project, country=country)
    for path in ("projects/", "projects/one/"):
        assert "<script>alert" not in page(client, path).content.decode()
