"""Pages on paper, as a browser prints them."""

from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader

from conference.models import Delegation
from cooperation.models import ProjectCountry, ProjectOrganisation

pytestmark = pytest.mark.django_db

PROGRAMME = "/en/conference/sample-edition/programme/"


def printed(browser, address: str) -> list[str]:
    """The text of each page of A4."""
    page = browser.new_page()
    page.goto(address)
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    return [" ".join(found.extract_text().split()) for found in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("view", ["grid", "list"])
def test_the_programme_is_printed_as_a_list_with_the_day_on_each_page(browser, portal, view):
    pages = printed(browser, f"{portal}{PROGRAMME}?view={view}")
    assert len(pages) > 1
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "No time recorded")
    for number, text in enumerate(pages, start=1):
        assert any(day in text for day in days)
        assert f"{number} / {len(pages)}" in text
    whole = " ".join(pages)
    assert all(word not in whole for word in ("Main menu", "Skip to the content", "Time zone", "iCalendar", "NDJSON"))
    titles = [f"Sample session {number} " for number in range(3, 20)]
    assert [title for title in titles if whole.count(title) > 1] == []


def test_each_delegation_is_printed_once_with_what_its_words_mean(browser, portal):
    address = f"{portal}/en/conference/sample-edition/countries/"
    count = Delegation.objects.published().filter(edition__slug="sample-edition").count()
    whole = " ".join(printed(browser, address))
    assert count > 50
    assert whole.count("Category:") == whole.count("Size:") == count
    assert all(word not in whole for word in ("Main menu", "Skip to the content", "Show results", "NDJSON"))


def test_a_strand_and_a_country_are_printed_with_their_tables_open_and_without_navigation(browser, portal):
    begun = ProjectCountry.objects.exclude(project__actual_start=None).first()
    strand = " ".join(printed(browser, f"{portal}/en/cooperation/livelihoods/"))
    country = " ".join(printed(browser, f"{portal}{begun.country.get_absolute_url()}"))
    for whole in (strand, country):
        assert all(word not in whole for word in ("Main menu", "Skip to the content", "Compare", "JSON"))
    assert f"{settings.SITE_URL}/en/cooperation/livelihoods/" in strand
    assert "Country Projects" in strand
    assert "Year Projects" in strand
    assert "Start End Record Kind Strand" in country


def test_links_are_spelled_out(browser, portal):
    """Whole where they lead away; below the address at the foot where they stay; none that asks a list again."""
    organisation = ProjectOrganisation.objects.filter(project__slug="sample-project-1").first().organisation
    project = " ".join(printed(browser, f"{portal}/en/cooperation/projects/sample-project-1/"))
    assert f"<{organisation.get_absolute_url()}>".replace("-", "") in project.replace(" ", "").replace("-", "")
    assert f"{settings.SITE_URL}/en/cooperation/projects/sample-project-1/" in project
    assert "/?" not in project
    data = " ".join(printed(browser, f"{portal}/en/data/"))
    assert "<https://creativecommons.org/licenses/by/4.0/>" in data


@pytest.mark.parametrize("path", ["en/cooperation/livelihoods/", "ar/countries/cn/"])
def test_no_picture_is_taller_than_a_sheet_or_wider_than_its_print_space(browser, portal, path):
    page = browser.new_page(viewport={"width": 688, "height": 1000})
    page.emulate_media(media="print")
    page.goto(f"{portal}/{path}")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.map__picture, .lanes, .timeline, .said__ruler')]"
        ".map(one => one.getBoundingClientRect()).map(box => [box.left, box.right, box.height])"
    )
    page.close()
    assert boxes
    assert [box for box in boxes if box[0] < -1 or box[1] > 689 or box[2] > 930] == []
