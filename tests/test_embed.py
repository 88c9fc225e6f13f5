"""A figure in a page of somebody else: with its source, without script, in a frame that all other pages refuse."""

import re
from html import unescape

import pytest
from django.utils import timezone

from content import languages
from content.models import Claim, Figure, Merge, Site
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/en/figures/row-001/"
EMBED = f"{PAGE}embed/"


@pytest.fixture
def world():
    Site.objects.create(name_en="Portal of tests")
    return World(2)


def test_it_shows_the_value_with_qualifier_unit_day_source_and_records_check(client, world):
    Claim.objects.filter(slug="row-001").update(value=50, qualifier="more_than", speaker_en="A speaker")
    Figure.objects.filter(slug="row-001").update(value=50, qualifier="more_than", unit_en="centres", sample=True)
    html = client.get(EMBED).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    for words in ("more than 50 centres", "A speaker", "30 October 2023", "As of 30 October 2023.", "Sample data"):
        assert words in text, words
    assert "<mark>nine</mark> centres" in html
    assert re.search(r"<details[^>]*>\s*<summary", html)
    assert "on file" in text and "records are on file" in text.lower()


def test_it_runs_nothing_is_not_indexed_and_names_the_page_that_stands_for_it(client, world):
    html = client.get(EMBED).content.decode()
    assert "<script" not in html and "<form" not in html
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="http://localhost:8000{PAGE}">' in html
    assert f'href="http://localhost:8000{PAGE}"' in html
    # Links leave the frame.
    assert '<base target="_blank">' in html


@pytest.mark.parametrize("code", languages.CODES)
def test_it_speaks_each_language_in_its_direction(client, world, code):
    html = client.get(f"/{code}/figures/row-001/embed/").content.decode()
    assert f'<html lang="{languages.html_code(code)}" dir="{languages.direction(code)}">' in html
    assert f"row 001 {code.replace('-', '_')}" in html


def test_it_alone_may_be_framed_also_by_an_answer_without_content(client, world):
    response = client.get(EMBED)
    again = client.get(EMBED, headers={"If-None-Match": response["ETag"]})
    assert [one.status_code for one in (response, again)] == [200, 304]
    for answer in (response, again, client.head(EMBED)):
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors *" in policy and "script-src 'none'" in policy and "form-action 'none'" in policy
        assert "X-Frame-Options" not in answer
    for path in (PAGE, "/en/", "/en/figures/nothing/embed/", "/en/embed/", "/en/figures/row-001/card.png"):
        answer = client.get(path)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], path
        assert answer.get("X-Frame-Options", "DENY") == "DENY"


def test_it_is_there_when_the_page_is_and_says_in_the_frame_when_it_was_withdrawn(client, world):
    row = Figure.objects.filter(slug="row-001")
    row.update(state="draft", first_public_at=None)
    assert client.get(EMBED).status_code == 404
    row.update(state="archived", first_public_at=timezone.now(), withdrawal_reason_en="Counted twice")
    gone = client.get(EMBED)
    assert gone.status_code == 410
    html = gone.content.decode()
    assert "Counted twice" in html and "row 001" not in html and "<nav" not in html
    assert "frame-ancestors *" in gone["Content-Security-Policy"]


def test_a_figure_that_was_merged_is_embedded_from_its_new_place(client, world):
    kept, removed = (Figure.objects.get(slug=f"row-00{n}") for n in (1, 2))
    Merge.objects.create(model="content.figure", removed=removed.pk, removed_slug="row-002", kept=kept.pk, journal=[])
    # As merging leaves it: nothing is at the old address.
    Figure.objects.filter(pk=removed.pk).update(slug="elsewhere", state="draft", first_public_at=None)
    response = client.get("/en/figures/row-002/embed/")
    assert (response.status_code, response["Location"]) == (301, EMBED)


def test_where_sources_differ_each_is_shown_with_its_mark_and_none_is_chosen(client, world):
    claim = Claim.objects.get(slug="row-001")
    Claim.objects.create(
        slug="other", state="published", figure=claim.figure, source=world.sources[1], value=70, relation="conflicts",
        qualifier="exact", quote="sixteen", quote_kind="reported", name_en="other",
    )  # fmt: skip
    html = client.get(EMBED).content.decode()
    assert html.count("<details") == 2 and "Sources differ" in html


def test_the_figures_page_offers_the_lines_to_copy(client, world):
    Figure.objects.filter(slug="row-001").update(unit_en='of "quoted" <b>')
    html = client.get(PAGE).content.decode()
    code = unescape(re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", html, re.S)[1])
    found = re.fullmatch(
        r'<iframe src="(\S+)" title="([^"]+)" width="100%" height="(\d+)" loading="lazy"></iframe>', code
    )
    assert found[1] == f"http://localhost:8000{EMBED}"
    assert unescape(found[2]) == 'a total of 1 of "quoted" <b>: Portal of tests'
    assert "<b>" not in code
