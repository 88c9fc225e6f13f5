"""Projects as activities of IATI 2.03: valid by its schema, with the codes of its lists, and nothing made up."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from conference.models import Country, Organisation
from content.models import Site, Strand
from cooperation.exports.iati import ActivitiesHead, to_iati
from cooperation.models import (
    Budget,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectSector,
    Transaction,
)
from tests.world import World

pytestmark = pytest.mark.django_db

STANDARDS = Path(__file__).parent / "standards"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Each code of an activity with the list that it is of.
CODES = {
    "activity-status/@code": "ActivityStatus",
    "activity-date/@type": "ActivityDateType",
    "participating-org/@role": "OrganisationRole",
    "participating-org/@type": "OrganisationType",
    "reporting-org/@type": "OrganisationType",
    "recipient-country/@code": "Country",
    "sector/@vocabulary": "SectorVocabulary",
    "recipient-region/@vocabulary": "RegionVocabulary",
    "recipient-region[@vocabulary='1']/@code": "Region",
    "description/@type": "DescriptionType",
    ".//*[self::provider-org or self::receiver-org]/@type": "OrganisationType",
    "tag/@vocabulary": "TagVocabulary",
    "budget/@type": "BudgetType",
    "budget/@status": "BudgetStatus",
    "transaction/transaction-type/@code": "TransactionType",
    ".//value/@currency": "Currency",
    ".//narrative/@*": "Language",
    "@xml:lang": "Language",
}


def project(slug: str, **values) -> Project:
    values = {"title_en": slug.title(), "state": "published", "status": "2", "actual_start": "2020-01-15", **values}
    return Project.objects.create(slug=slug, **values)


def full_project() -> Project:
    """One with something of everything that IATI has a place for."""
    strand = Strand.objects.create(slug="industry", name_en="Industry", name_fr="Industrie", state="published")
    made = project(
        "dam",
        iati_identifier="XM-DAC-1-2",
        title_zh_hans="水坝",
        title_fr="Barrage",
        description_en="<p>Builds a dam &amp; a road.</p><ul><li>dam</li><li>road</li></ul>",
        strand=strand,
        planned_start="2019",
        planned_end="2024-02",
        actual_end="2024-02-01",
    )
    for code, name, percentage in (("CN", "China", "33.3333"), ("KE", "Kenya", None), ("SUHH", "Soviet Union", "1")):
        country = Country.objects.create(code=code, alpha3=f"{code}X"[:3], name_en=name, state="published")
        ProjectCountry.objects.create(project=made, country=country, percentage=percentage)
    for role, kind in (("1", "government"), ("4", "university"), ("2", "non_governmental")):
        organisation = Organisation.objects.create(
            slug=kind.replace("_", "-"), name_en=kind.title(), kind=kind, state="published"
        )
        ProjectOrganisation.objects.create(project=made, organisation=organisation, role=role)
    ProjectSector.objects.create(project=made, code="43082", percentage="60")
    ProjectSector.objects.create(project=made, vocabulary="99", code="dams", percentage="40")
    money = {"amount": "12345678901.50", "currency": "CNY", "value_date": date(2020, 2, 1)}
    period = {"period_start": date(2020, 1, 1), "period_end": date(2020, 12, 31)}
    Budget.objects.create(project=made, type="2", status="2", **period, **money)
    government, hidden = (
        Organisation.objects.get(slug="government"),
        Organisation.objects.create(slug="h", name_en="H"),
    )
    paid = {"type": "3", "date": date(2020, 3, 1), "description": "First payment"}
    Transaction.objects.create(project=made, provider=government, receiver=hidden, **paid, **money)
    return made


def text_of(client, **query) -> str:
    response = client.get("/api/v1/projects.iati.xml", query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/xml"
    return b"".join(response.streaming_content).decode()


def activities_of(client, **query) -> list:
    """The activities of a file, after it has been held against the schema and the code lists."""
    tree = etree.fromstring(text_of(client, **query).encode())
    schema = etree.XMLSchema(etree.parse(STANDARDS / "iati-activities-schema.xsd"))
    schema.assertValid(tree)
    for path, name in CODES.items():
        listed = set(etree.parse(STANDARDS / "codelists" / f"{name}.xml").xpath("//codelist-item/code/text()"))
        used = {code for activity in tree for code in activity.xpath(path)}
        assert used <= listed, (path, used - listed)
    return tree.findall("iati-activity")


def texts(element) -> dict:
    return {narrative.get(XML_LANG): narrative.text for narrative in element.findall("narrative")}


def test_each_project_that_the_api_counts_is_an_activity(client):
    World(3)
    # The countries of that world are made up, and none of a list.
    ProjectCountry.objects.all().delete()
    for query in ({}, {"strand": "row-002"}, {"organisation": "row-001"}, {"q": "row 003"}, {"slug": "row-001"}):
        rows = client.get("/api/v1/projects/", query).json()["results"]
        identifiers = [activity.findtext("iati-identifier") for activity in activities_of(client, **query)]
        assert identifiers == [row["iati_identifier"] for row in rows] != []


def test_everything_that_iati_has_a_place_for_is_there(client):
    made = full_project()
    (activity,) = activities_of(client)
    assert activity.findtext("iati-identifier") == "XM-DAC-1-2"
    assert texts(activity.find("title")) == {"en": "Dam", "zh": "水坝", "fr": "Barrage"}
    assert texts(activity.find("description")) == {"en": "Builds a dam & a road.\n\n- dam\n- road"}
    assert [(one.get("role"), one.get("type")) for one in activity.findall("participating-org")] == [
        ("1", "10"),
        ("2", None),
        ("4", "80"),
    ]
    assert activity.find("activity-status").get("code") == made.status
    # Extinct states have no code in IATI.
    assert [(one.get("code"), one.get("percentage")) for one in activity.findall("recipient-country")] == [
        ("CN", "33.3333"),
        ("KE", None),
    ]
    sectors = [(one.get("vocabulary"), one.get("code"), one.get("percentage")) for one in activity.findall("sector")]
    assert sectors == [("1", "43082", "60"), ("99", "dams", "40")]
    tag = activity.find("tag")
    assert (tag.get("vocabulary"), tag.get("code"), texts(tag)["fr"]) == ("99", "industry", "Industrie")
    budget = activity.find("budget")
    assert (budget.get("type"), budget.get("status")) == ("2", "2")
    assert (budget.find("period-start").get("iso-date"), budget.find("period-end").get("iso-date")) == (
        "2020-01-01",
        "2020-12-31",
    )
    transaction = activity.find("transaction")
    for value in (budget.find("value"), transaction.find("value")):
        assert (value.text, value.get("currency"), value.get("value-date")) == ("12345678901.50", "CNY", "2020-02-01")
    assert transaction.find("transaction-type").get("code") == "3"
    assert transaction.find("transaction-date").get("iso-date") == "2020-03-01"
    assert transaction.findtext("description/narrative") == "First payment"
    assert texts(transaction.find("provider-org")) == {"en": "Government"}


def test_what_is_not_public_is_not_named(client):
    full_project()
    (activity,) = activities_of(client)
    assert activity.find("transaction/receiver-org") is None
    Organisation.objects.filter(slug="university").update(state="draft")
    Project.objects.create(slug="secret", title_en="Sentinel", status="2", actual_start="2020")
    assert "University" not in text_of(client)
    assert "Sentinel" not in text_of(client)


def test_a_date_is_whole_and_says_how_much_of_it_is_known(client):
    project("leap", planned_start="2023", actual_start="2023-11", planned_end="2024-02", actual_end="2024-02-10")
    (activity,) = activities_of(client)
    dates = [
        (one.get("type"), one.get("iso-date"), one.findtext("narrative")) for one in activity.findall("activity-date")
    ]
    assert dates == [
        ("1", "2023-01-01", "2023"),
        ("2", "2023-11-01", "2023-11"),
        ("3", "2024-02-29", "2024-02"),
        ("4", "2024-02-10", None),
    ]
    Project.objects.update(planned_start=None, planned_end="2025", actual_start=None)
    (activity,) = activities_of(client)
    assert activity.find("activity-date").get("iso-date") == "2025-12-31"


def test_what_nobody_recorded_is_empty_not_made_up(client):
    made = project("bare")
    (activity,) = activities_of(client)
    assert activity.findtext("iati-identifier") == f"localhost-{made.uuid}"
    assert texts(activity.find("description")) == {None: None}
    (organisation,) = activity.findall("participating-org")
    assert (organisation.get("role"), len(organisation)) == ("4", 0)
    for name in ("recipient-country", "sector", "tag", "budget", "transaction"):
        assert activity.find(name) is None


def test_a_project_that_cannot_be_an_activity_is_named_in_a_comment(client):
    project("whole")
    project("without-status", status="")
    project("without-date", actual_start=None)
    assert [activity.findtext("title/narrative") for activity in activities_of(client)] == ["Whole"]
    comments = etree.fromstring(text_of(client).encode()).xpath("comment()")
    assert sorted(comment.text.strip() for comment in comments) == [
        "without-date is no activity: a date is not recorded",
        "without-status is no activity: its status is not recorded",
    ]


def test_the_portal_says_that_it_passes_on_what_others_did(client):
    project("one")
    Site.objects.create(name_en="Portal", name_ar="البوابة")
    (activity,) = activities_of(client, lang="ar")
    reporter = activity.find("reporting-org")
    assert (reporter.get("ref"), reporter.get("secondary-reporter")) == ("localhost", "1")
    assert list(texts(reporter).items()) == [("ar", "البوابة"), ("en", "Portal")]


def test_the_language_asked_for_comes_first_and_the_others_too(client):
    full_project()
    for query, first in (({}, "en"), ({"lang": "zh-hans"}, "zh"), ({"lang": "all"}, "en"), ({"lang": "ru"}, "en")):
        (activity,) = activities_of(client, **query)
        languages = list(texts(activity.find("title")))
        assert (languages[0], set(languages)) == (first, {"en", "zh", "fr"})


@pytest.mark.parametrize("query", ["contry=CN", "fields=title", "status=9", "lang=xx", "cursor=x"])
def test_bad_values_and_unknown_keys_are_refused(client, query):
    refused = client.get(f"/api/v1/projects.iati.xml?{query}")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_signs_that_xml_cannot_hold_are_left_out(client):
    project("signs", title_en="a \x0b<b> & \x1f--> c", description_en="x \x08 y")
    (activity,) = activities_of(client)
    assert activity.findtext("title/narrative") == "a <b> & --> c"


def test_the_number_of_queries_does_not_grow(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(client)
        return len(captured)

    full_project()
    one = queries()
    for number in range(10):
        ProjectSector.objects.create(project=project(f"more-{number}"), code="43082")
    assert queries() == one < 30


def test_activities_are_written_while_rows_are_read():
    """A file of any length passes through a small memory."""
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield {"slug": f"row-{number}", "status": ""}

    parts = to_iati(ActivitiesHead(host="localhost", names={}, strands_address="", language="en"), rows())
    assert next(parts).endswith('<iati-activities version="2.03">\n')
    assert read == []
    assert "row-0" in next(parts)
    assert read == [0]


def test_the_page_links_to_the_file_of_its_rows(client):
    full_project()
    project("other", status="5")
    page = client.get("/en/cooperation/projects/?status=5")
    (link,) = [one for one in page.context["exports"] if one["label"] == "IATI 2.03"]
    tree = etree.fromstring(b"".join(client.get(link["url"]).streaming_content))
    assert [title.text for title in tree.iterfind("iati-activity/title/narrative")] == ["Other"]
