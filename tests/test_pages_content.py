"""Home, search, data, figures, sources, news and errors, as visitors and machines see them."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unittest import mock
from xml.etree import ElementTree

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from lxml import html

from brst_site import home, views
from brst_site.datasets import DATASETS
from conference.models import Edition, Organisation, Placement
from content import languages, revision
from content.figure_presentation import scale_marks
from content.models import Article, Claim, Figure, Page, Site, Source
from content.weave import LANE, NEAREST_DROPS, WIDTH, Statement, weave
from cooperation.models import Agreement, Facility, Project
from tests.world import SOURCE_TEXT, World

pytestmark = pytest.mark.django_db

LISTS = ("", "search/", "search/?q=row", "data/", "figures/", "sources/", "news/")
RECORDS = ("figures/row-001/", "sources/row-001/", "news/row-001/", "pages/row-001/")
MACHINES = ("/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/en/news/atom.xml", "/en/news/rss.xml")
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def text_of(response) -> str:
    return response.content.decode()


def words(response) -> str:
    """What a reader reads in the main part."""
    main = text_of(response).partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


def queries_of(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.fixture
def figure():
    """A figure of 50 with a verbatim claim that says so."""
    World(1)
    Claim.objects.update(value=50, qualifier="more_than")
    Figure.objects.update(value=50, qualifier="more_than", headline=True)
    return Figure.objects.get()


def another_claim(figure, **values) -> Claim:
    source = Source.objects.create(slug="other", title_en="Other source", kind="news_report", state="published")
    given = {"slug": "other", "value": 70, "qualifier": "more_than", "quote": "over 70 were built"}
    given |= {"quote_kind": "reported", "state": "published", "said_on": "2023-11"}
    return Claim.objects.create(figure=figure, source=source, **given | values)


@pytest.mark.parametrize("language", languages.CODES)
def test_an_empty_portal_answers_every_address_of_a_list(client, language):
    for path in LISTS:
        response = client.get(f"/{language}/{path}")
        assert response.status_code == 200, path
        assert text_of(response).count("<h1") == 1, path


def test_an_empty_portal_says_how_to_begin(client):
    page = words(client.get("/en/"))
    assert "This portal is still empty." in page
    assert "manage.py seed" in page
    assert all(client.get(path).status_code == 200 for path in MACHINES)


@pytest.mark.parametrize("language", languages.CODES)
def test_every_address_answers_in_each_language(client, language):
    World(1)
    for path in (*LISTS, *RECORDS):
        response = client.get(f"/{language}/{path}")
        assert response.status_code == 200, path
        assert text_of(response).count("<h1") == 1, path
        assert f'<html lang="{languages.html_code(language)}"' in text_of(response), path
    for path in RECORDS:
        assert f"row 001 {language.replace('-', '_')}" in words(client.get(f"/{language}/{path}")), path


def test_nothing_unpublished_shows(client):
    World(1)
    hidden = World(1, "draft", "secret")
    figure, source, article = (model.objects.get(slug="row-001") for model in (Figure, Source, Article))
    page = Page.objects.get(slug="row-001")
    figure.strand = hidden.strands[0]
    figure.headline = True
    figure.save()
    for record in (figure, source, article, page):
        record.sources.add(hidden.sources[0])
    Figure.objects.filter(slug="secret-001").update(headline=True)
    # Of a public source with a public claim, but of a figure and a strand that nobody may know.
    public = Claim.objects.get(slug="row-001")
    Claim.objects.create(
        slug="public", source=source, figure=hidden.figures[0], strand=hidden.strands[0], state="published",
        quote="nine centres", quote_kind="verbatim", offset=SOURCE_TEXT.index("nine"), name_en="A statement",
    )  # fmt: skip
    Claim.objects.filter(slug="secret-001").update(figure=figure, source=source)
    for path in (*LISTS, *RECORDS, "search/?q=secret"):
        seen = text_of(client.get(f"/en/{path}")).replace("?q=secret", "").replace('value="secret"', "")
        assert "secret" not in seen.replace("Search: secret", ""), path
    for path in (*MACHINES, "/sitemap-figures.xml", "/sitemap-articles.xml", "/sitemap-pages.xml"):
        assert "secret" not in text_of(client.get(path)), path
    assert public.slug in text_of(client.get("/en/sources/row-001/"))


@pytest.mark.parametrize(
    ("model", "path"), [(Figure, "figures"), (Source, "sources"), (Article, "news"), (Page, "pages")]
)
def test_a_withdrawn_record_is_gone_with_its_reason_alone(client, model, path):
    World(1)
    model.objects.update(state="archived", withdrawal_reason_en="Counted twice.")
    response = client.get(f"/en/{path}/row-001/")
    assert response.status_code == 410
    assert "Counted twice." in words(response)
    assert "row 001" not in text_of(response)
    assert client.get(f"/en/{path}/never/").status_code == 404


def counts_with(client, size: int, paths: list[str]) -> dict[str, int]:
    """The queries of each address in a world of that size, which is gone afterwards."""
    with transaction.atomic():
        World(size)
        Figure.objects.update(headline=True)
        counts = {path: queries_of(client, path) for path in paths}
        transaction.set_rollback(True)
    return counts


def test_the_number_of_queries_does_not_grow_with_rows(client):
    paths = [f"/en/{path}" for path in (*LISTS, *RECORDS) if path != "search/?q=row"]
    paths += ["/en/news/atom.xml", "/sitemap.xml", "/sitemap-sessions.xml", "/sitemap-speakers.xml"]
    queries_of(client, "/en/")
    one, three = counts_with(client, 1, paths), counts_with(client, 3, paths)
    assert {path: (one[path], three[path]) for path in paths if one[path] != three[path]} == {}


def test_the_number_of_queries_of_a_search_does_not_grow_with_hits(client):
    # Each kind on a page asks for its records: of one kind, the number is the same however many there are.
    # A world of one has no delegation of an organisation, so fewer kinds of row to ask for.
    paths = [
        f"/en/search/?q=row&kind={kind}" for kind in ("sessions", "speakers", "delegations", "claims", "projects")
    ]
    few, many = (counts_with(client, size, paths) for size in (3, 5))
    assert few == many


# Figures


def test_a_figure_stands_with_the_words_that_carry_it(client, figure):
    for path in ("", "figures/", "figures/row-001/"):
        page = text_of(client.get(f"/en/{path}"))
        assert "<mark>nine</mark> centres" in page, path
        assert re.search(r"<bdi class=\"figure-\w+__value\s?\">50</bdi>", page), path
        assert "more than" in page, path


def test_a_figure_without_a_public_claim_does_not_show_its_value(client, figure):
    Claim.objects.update(state="draft")
    for path in ("", "figures/", "figures/row-001/"):
        page = words(client.get(f"/en/{path}"))
        assert "no source of this figure is public" in page, path
        # Not the minute at which the record last changed, which a citation tells.
        assert not re.search(r"(?<![:\d])50(?![:\d])", page), path


def test_where_sources_differ_all_of_them_show_and_none_stands_for_the_rest(client, figure):
    another_claim(figure, relation="conflicts")
    for path in ("", "figures/", "figures/row-001/"):
        page = text_of(client.get(f"/en/{path}"))
        assert "Sources differ" in page, path
        assert "more than 50" in page and "more than 70" in page, path
        assert not re.search(r"<bdi class=\"figure-\w+__value[^>]*>50<", page), path


def test_a_preferred_claim_gives_the_value_stands_first_and_says_why(client, figure):
    another_claim(figure, relation="conflicts", value=70, preferred=True, preferred_reason="It counted them.")
    for path in ("", "figures/", "figures/row-001/"):
        assert re.search(r"<bdi class=\"figure-\w+__value\s?\">70</bdi>", text_of(client.get(f"/en/{path}"))), path
    page = text_of(client.get("/en/figures/row-001/"))
    assert "It counted them." in page
    assert "The portal does not choose" not in page
    assert page.index("Who reports it") < page.index("Where sources differ")


def test_reported_words_never_stand_in_quotation_marks_or_under_the_highlighter(client, figure):
    Claim.objects.update(quote_kind="reported")
    for path in ("", "figures/", "figures/row-001/", "sources/row-001/"):
        page = text_of(client.get(f"/en/{path}"))
        assert "nine centres" in page, path
        assert "Reported, not quoted word for word" in page, path
        assert not re.search("<q>|<mark>|<blockquote", page), path


def test_a_figure_without_a_number_shows_the_word(client, figure):
    Figure.objects.update(value=None, qualifier="several")
    Claim.objects.update(value=None, qualifier="several")
    page = text_of(client.get("/en/figures/row-001/"))
    assert '<bdi class="figure-head__value figure-head__value--word">several</bdi>' in page


def test_a_claim_and_a_statement_are_found_at_their_anchor(client, figure):
    statement = another_claim(None, slug="statement")
    assert figure.claims.get().get_absolute_url() == "/en/figures/row-001/#row-001"
    assert text_of(client.get("/en/figures/row-001/")).count('id="row-001"') == 1
    assert text_of(client.get("/en/sources/row-001/")).count('id="row-001"') == 1
    path, _hash, anchor = statement.get_absolute_url().partition("#")
    assert text_of(client.get(path)).count(f'id="{anchor}"') == 1
    another = {"slug": "second", "source": Source.objects.get(slug="other"), "figure": figure, "state": "published"}
    Claim.objects.create(quote="50 of them", quote_kind="reported", value=50, qualifier="exact", **another)
    page = text_of(client.get("/en/figures/row-001/"))
    assert (page.count('id="row-001"'), page.count('id="second"')) == (1, 1)


def test_the_records_check_counts_the_rows_of_the_list_that_it_links_to(client, figure):
    page = client.get("/en/figures/row-001/")
    on_file = Facility.objects.published().filter(kind="joint_laboratory").count()
    address = "/en/cooperation/facilities/?kind=joint_laboratory"
    assert address in text_of(page)
    assert len(client.get(address).context["rows"]) == on_file
    assert text_of(page).count("records-check__unit--filled") == on_file
    assert "Fewer records are on file than claimed." in words(page)


def test_the_stored_text_of_a_source_is_for_staff(client):
    World(1)
    for path in (*LISTS, *RECORDS):
        assert "trained 16,000 people" not in text_of(client.get(f"/en/{path}")), path


def test_a_verbatim_quote_keeps_its_language_and_has_its_translation_below(client, figure):
    Source.objects.update(language="en")
    Claim.objects.update(quote_translation_ar="تسعة مراكز")
    page = text_of(client.get("/ar/figures/row-001/"))
    assert '<blockquote class="quote-block__words" lang="en" dir="ltr"' in page
    assert "تسعة مراكز" in page


@pytest.mark.parametrize(("low", "high"), [(70, 80), (300, 300), (1, 2), (0.5, 0.5), (10, 10_000), (0, 3)])
def test_a_scale_reaches_beyond_its_values_in_few_round_steps(low, high):
    marks = scale_marks(low, high)
    assert marks[0] <= low and marks[-1] > high
    assert 3 <= len(marks) <= 8
    assert marks == sorted(set(marks))


# The weave


def test_each_statement_is_a_thread_from_its_place_to_its_lane():
    statements = [Statement(0, 10, "1"), Statement(1, 15), Statement(0, 500, "2"), Statement(2, 990)]
    drawn = weave(statements, [2, 1, 1], 1000)
    assert [thread.strand for thread in drawn.threads] == [0, 1, 0, 2]
    drops = [float(re.match(r"M([\d.]+) 0", thread.path)[1]) for thread in drawn.threads]
    assert drops == sorted(drops)
    assert all(later - earlier >= NEAREST_DROPS - 0.2 for earlier, later in pairwise(drops))
    lanes = [float(re.search(r" ([\d.]+)H", thread.path)[1]) for thread in drawn.threads]
    assert len(set(lanes)) == 4
    assert lanes[0] - lanes[2] == pytest.approx(LANE)
    assert all(0 < lane < drawn.height for lane in lanes)
    assert [label.text for label in drawn.labels] == ["1", "2"]


def test_crossing_threads_take_turns():
    lower = [Statement(1, 500 + 100 * number) for number in range(4)]
    drawn = weave([Statement(0, 0), Statement(0, 50), *lower], [2, 4], 1000)
    pieces = ["".join(re.findall("[VH]", thread.over)) for thread in drawn.threads]
    assert sum(piece.count("V") for piece in pieces) == sum(piece.count("H") for piece in pieces) == 4


def test_a_mirrored_weave_moves_its_labels_to_the_other_side():
    statements = [Statement(0, 100, "80")]
    plain, mirrored = weave(statements, [1], 1000), weave(statements, [1], 1000, mirrored=True)
    assert float(plain.labels[0].x) + float(mirrored.labels[0].x) == pytest.approx(WIDTH)


def test_hundreds_of_statements_still_fit():
    drawn = weave([Statement(0, number) for number in range(300)], [300], 300)
    drops = [float(re.match(r"M([\d.]+) 0", thread.path)[1]) for thread in drawn.threads]
    assert 0 < drops[0] < drops[-1] < WIDTH


# Home


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T23:00:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "now", "face"),
    [
        ("2023-11-06", "2023-11-07", "2023-11-04", home.NEXT),
        # An hour before midnight in London it is the next day in Shanghai.
        ("2023-11-06", "2023-11-07", "2023-11-05", home.NOW),
        ("2023-11-06", "2023-11-07", "2023-11-06", home.NOW),
        ("2023-11-06", "2023-11-07", "2023-11-07", home.LAST),
        ("2023-11-06", None, "2023-11-06", home.LAST),
        ("2023-11", None, "2023-11-06", home.NEXT),
        ("2023-11", None, "2023-12-06", home.LAST),
        ("2023", "2023-11-07", "2023-11-06", home.NEXT),
        (None, None, "2023-11-06", home.UNDATED),
    ],
)
def test_an_edition_has_a_face_for_each_time(start, end, now, face):
    edition = Edition(start_date=start, end_date=end, time_zone="Asia/Shanghai")
    assert home.face(edition, at(now)) == face


def test_the_home_page_shows_the_edition_that_is_on_then_the_next_then_the_latest():
    for slug, start in (("old", "2019-05-01"), ("last", "2023-11-06"), ("next", "2030-01-01"), ("far", "2031-01-01")):
        Edition.objects.create(slug=slug, name_en=slug, start_date=start, state="published")
    Edition.objects.create(slug="undated", name_en="undated", state="published")
    shown = [home.edition_box(at(day))["record"].slug for day in ("2030-01-01", "2029-12-01", "2032-01-01")]
    assert shown == ["next", "next", "far"]
    Edition.objects.exclude(slug="undated").update(state="draft")
    assert home.edition_box(at("2030-01-01"))["record"].slug == "undated"


def home_page(client, now: datetime):
    """The page as it stands at that moment of the clock by which pages go."""
    at_that_moment = revision.current()._replace(now=now)
    with mock.patch("content.revision.current", return_value=at_that_moment):
        response = client.get("/en/")
    return response, html.fromstring(response.content).get_element_by_id("page_main")


def links(main, words: str) -> list[str]:
    return [link.get("href") for link in main.xpath(".//a") if " ".join(link.text_content().split()) == words]


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ("2023-10-30T12:00:00+00:00", "It begins in 7 days."),
        ("2023-11-04T23:00:00+00:00", "It begins tomorrow."),
        ("2023-11-04T15:00:00+00:00", "It begins in 2 days."),
    ],
)
def test_before_an_edition_the_home_page_counts_the_days_and_says_how_to_attend(client, now, sentence):
    World(1)
    Edition.objects.update(start_date="2023-11-06", end_date="2023-11-07", time_zone="Asia/Shanghai")
    response, main = home_page(client, datetime.fromisoformat(now))
    assert response.context["edition"]["face"] == home.NEXT
    assert sentence in words(response)
    assert links(main, "How to attend") == ["/en/conference/row-001/practical/"]
    assert links(main, "What is on now") == []


@pytest.mark.parametrize(
    ("start", "end", "today"),
    [("2023-11", None, (10, 30)), ("2023-11-06", "2023-11", (11, 6)), ("2023-11-06", "2023-11", (11, 9))],
)
def test_an_edition_of_which_a_day_is_not_known_counts_no_days(client, start, end, today):
    World(1)
    Edition.objects.update(start_date=start, end_date=end)
    response, _main = home_page(client, datetime(2023, *today, 12, tzinfo=UTC))
    assert (response.context["edition"]["face"], response.context["edition"]["countdown"]) == (home.NEXT, "")


def test_during_an_edition_the_home_page_says_what_is_on_where_and_what_comes_next(client):
    World(3)
    Edition.objects.exclude(slug="row-001").update(state="draft")
    sessions = client.get("/api/v1/sessions/", {"edition": "row-001", "order": "start"}).json()["results"]
    start = datetime.fromisoformat(sessions[0]["start"])
    response, main = home_page(client, start + timedelta(minutes=1))
    assert response.context["edition"]["face"] == home.NOW
    assert links(main, "What is on now") == ["/en/conference/row-001/now/"]
    (today,) = links(main, "Programme of today")
    assert client.get(today).status_code == 200
    now = main.xpath(".//section[@aria-labelledby='now']")[0]
    assert sessions[0]["url"].removeprefix("http://localhost:8000") in now.xpath(".//h4/a/@href")
    assert now.xpath(".//h3")


def test_after_an_edition_the_home_page_shows_what_it_left(client):
    world = World(2)
    Edition.objects.exclude(slug="row-001").update(state="draft")
    Placement.objects.filter(document=world.documents[0]).update(outcome=True)
    Placement.objects.filter(document=world.documents[1]).update(outcome=False)
    response, main = home_page(client, datetime(2033, 1, 1, tzinfo=UTC))
    assert response.context["edition"]["face"] == home.LAST
    left = main.xpath(".//section[@aria-labelledby='results']")[0]
    assert left.xpath(".//h3/a/@href") == [world.documents[0].get_absolute_url()]
    for cell in left.xpath(".//*[@class='counts__number']"):
        assert client.get(cell.get("href")).context["count"] == int(cell.xpath("string(bdi)"))
    Placement.objects.update(outcome=False)
    assert "No outcome document is on record." in words(home_page(client, datetime(2033, 1, 1, tzinfo=UTC))[0])


def test_the_home_page_names_its_readers_and_every_way_in_answers(client):
    World(1)
    main = html.fromstring(client.get("/en/").content).get_element_by_id("page_main")
    ways = main.xpath(".//section[@aria-labelledby='ways']")[0]
    assert ways.xpath(".//h3/text()") == ["For delegates", "For journalists", "For researchers", "For machines"]
    for address in ways.xpath(".//a/@href"):
        assert client.get(address).status_code == 200, address


def test_what_is_new_is_public_and_the_latest_comes_first(client):
    world = World(2)
    Agreement.objects.all().delete()
    Project.objects.filter(pk=world.projects[0].pk).update(state="draft")
    main = html.fromstring(client.get("/en/").content).get_element_by_id("page_main")
    new = main.xpath(".//section[@aria-labelledby='new']")[0]
    addresses, times = new.xpath(".//h3/a/@href"), new.xpath(".//time/@datetime")
    assert world.projects[1].get_absolute_url() in addresses
    assert world.projects[0].get_absolute_url() not in addresses
    assert times == sorted(times, reverse=True)


def test_the_strands_of_the_home_page_count_the_statements_of_the_picture(client):
    world = World(2)
    extra = {"source": world.sources[0], "quote": "nine", "quote_kind": "verbatim", "state": "published"}
    extra |= {"strand": world.strands[0], "offset": SOURCE_TEXT.index("nine")}
    Claim.objects.create(slug="more", **extra)
    Claim.objects.create(slug="draft", **extra | {"state": "draft"})
    page = text_of(client.get("/en/"))
    drawn = page.partition('class="weave__picture"')[2].partition("</svg>")[0]
    assert len(re.findall(r'class="weave__thread strand--\d" d="M[\d.]+ 0V', drawn)) == 2
    assert words(client.get("/en/")).count("1 statement on file") == 2


# Search and data


def test_search_finds_words_of_any_language_and_links_to_the_whole_list(client):
    World(7)
    response = client.get("/en/search/", {"q": "row ru"})
    counts = {tab["url"].rpartition("=")[2]: tab["count"] for tab in response.context["tabs"][1:]}
    assert {"editions", "sessions", "countries", "figures", "articles", "projects"} <= set(counts)
    assert counts["figures"] == 7
    assert len(response.context["found"].hits) == 20
    for hit in response.context["found"].hits:
        assert client.get(hit.url.partition("#")[0]).status_code == 200, hit.url
    figures = client.get("/en/search/", {"q": "row ru", "kind": "figures"})
    assert figures.context["whole_list"] == "/en/figures/?q=row+ru"
    assert client.get(figures.context["whole_list"]).context["count"] == 7


def test_search_refuses_what_it_does_not_know(client):
    assert client.get("/en/search/", {"p": "x"}).status_code == 400
    assert client.get("/en/search/", {"q": "x" * 201}).status_code == 400
    assert "Nothing on file" in words(client.get("/en/search/", {"q": "<nothing>&"}))


def test_the_data_page_links_each_collection_to_its_files_and_counts_it(client):
    World(2)
    response = client.get("/fr/data/")
    counts = {row["name"]: row["count"] for row in response.context["collections"]}
    assert set(counts) == {listing.name for listing in DATASETS}
    for name, count in counts.items():
        assert client.get(f"/api/v1/{name}/").json()["count"] == count, name
        for ending in ("csv", "ndjson", "json", "xlsx"):
            assert f'href="/api/v1/{name}.{ending}?lang=fr"' in text_of(response)
    assert "/api/v1/schema/" in text_of(response) and "/api/v1/docs/?lang=fr" in text_of(response)


@pytest.mark.parametrize("language", languages.CODES)
def test_the_api_guide_names_every_collection_and_filter(client, language):
    response = client.get("/api/v1/docs/", {"lang": language})
    assert response.status_code == 200
    assert f'<html lang="{languages.html_code(language)}"' in text_of(response)
    for listing in DATASETS:
        assert f"/api/v1/docs/{listing.name}/" in text_of(response)
    for listing in DATASETS if language == "en" else DATASETS[:2]:
        guide = text_of(client.get(f"/api/v1/docs/{listing.name}/", {"lang": language}))
        assert [name for name in listing.filterset.base_filters if f'name="{name}"' not in guide] == []
    assert client.get("/api/v1/docs/", {"lang": "xx"}).status_code == 400


# News and machines


def test_the_home_page_has_the_news_in_the_order_of_its_list(client):
    World(3)
    # Meant for an earlier day than those that were entered before it.
    Article.objects.filter(slug="row-003").update(publish_at=datetime(2023, 11, 6, tzinfo=UTC))
    listed = [row["slug"] for row in client.get("/api/v1/articles/").json()["results"]]
    assert listed == ["row-002", "row-001", "row-003"]
    assert [article.slug for article in client.get("/en/").context["articles"]] == listed


def test_the_feeds_have_the_newest_articles_with_whole_addresses(client):
    World(3)
    rows = client.get("/api/v1/articles/", {"lang": "ar"}).json()["results"]
    atom = ElementTree.fromstring(client.get("/ar/news/atom.xml", HTTP_HOST="127.0.0.1").content)
    entries = atom.findall(f"{ATOM}entry")
    titles = [row["title"] for row in rows]
    assert titles == [f"row {number:03} ar" for number in (3, 2, 1)]
    assert [entry.find(f"{ATOM}title").text for entry in entries] == titles
    assert entries[0].find(f"{ATOM}link").get("href") == rows[0]["url"] == "http://localhost:8000/ar/news/row-003/"
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    rss = ElementTree.fromstring(client.get("/ar/news/rss.xml").content)
    assert [item.find("title").text for item in rss.iter("item")] == titles
    assert 'href="/ar/news/atom.xml"' in text_of(client.get("/ar/news/"))
    assert client.get("/ar/news/atom.xml", {"x": "1"}).status_code == 400


def test_the_sitemap_leads_to_every_public_page_in_six_languages(client):
    World(1)
    index = ElementTree.fromstring(client.get("/sitemap.xml", HTTP_HOST="127.0.0.1").content)
    parts = [place.text.removeprefix("http://localhost:8000") for place in index.iter(f"{SITEMAP}loc")]
    urls = [url for part in parts for url in ElementTree.fromstring(client.get(part).content).iter(f"{SITEMAP}url")]
    places = {url.find(f"{SITEMAP}loc").text for url in urls}
    assert len(places) == len(urls)
    for path in (*RECORDS, "", "cooperation/facilities/row-001/", "conference/row-001/"):
        assert {f"http://localhost:8000/{code}/{path}" for code in languages.CODES} <= places, path
    for place in places:
        assert client.get(place.removeprefix("http://localhost:8000")).status_code == 200, place
    alternates = {link.get("hreflang") for link in urls[0].iter(f"{XHTML}link")}
    assert alternates == set(languages.CODES)


def test_small_files_for_machines(client):
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text_of(client.get("/robots.txt"))
    assert client.get("/favicon.ico")["Location"].endswith("img/favicon.ico")
    assert "Contact: http://localhost:8000/en/pages/about/" in text_of(client.get("/.well-known/security.txt"))
    Site.objects.create(name_en="Portal", contact="office@example.org")
    contact = text_of(client.get("/.well-known/security.txt"))
    assert "Contact: mailto:office@example.org" in contact
    expires = datetime.fromisoformat(re.search("Expires: (.*)", contact)[1])
    assert timedelta(days=300) < expires - timezone.now() < timedelta(days=366)


# What a page of words shows at a glance


def part(response, path: str):
    """The one element of the main part at an XPath."""
    (found,) = html.fromstring(text_of(response)).get_element_by_id("page_main").xpath(path)
    return found


def read(element) -> str:
    return " ".join(element.text_content().split())


def test_a_source_says_who_when_where_what_is_stored_and_how_much_rests_on_it(client):
    World(1)
    source = Source.objects.get()
    source.speaker_en, source.publisher_en, source.text = "A speaker", "A paper", SOURCE_TEXT
    source.save()
    page = client.get("/en/sources/row-001/")
    terms = [read(term) for term in part(page, ".//div[@class='definitions']").xpath(".//dt")]
    assert terms[:3] == ["Speaker", "Said on", "Published by"]
    assert f"Stored text {len(SOURCE_TEXT)} characters" in words(page)
    assert "1 claim or statement rests on this source. Quoted word for word: 1 ." in words(page)
    Claim.objects.update(quote_kind="reported")
    Source.objects.update(text="")
    page = words(client.get("/en/sources/row-001/"))
    assert "Stored text None on file" in page
    assert "Quoted word for word: 0 ." in page


def test_each_quote_of_a_source_has_its_place_among_the_others_on_a_ruler(client, figure):
    source = Source.objects.get()
    said = {"source": source, "state": "published", "quote_kind": "verbatim"}
    later = "16,000 people"
    Claim.objects.create(slug="later", quote=later, offset=SOURCE_TEXT.index(later), **said)
    Claim.objects.create(slug="told", quote="It was told.", quote_kind="reported", source=source, state="published")
    Claim.objects.create(slug="hidden", quote="we", offset=SOURCE_TEXT.index("we"), **said | {"state": "draft"})
    page = client.get("/en/sources/row-001/")
    order = [item.get("id") for item in part(page, ".//ol[contains(@class, 'records')]")]
    assert order == ["row-001", "later", "told"]
    first, second, third = (part(page, f".//li[@id='{slug}']") for slug in order)
    # The ticks of all are drawn once, however many there are.
    places = [round(SOURCE_TEXT.index(word) * 1000 / len(SOURCE_TEXT), 1) for word in ("nine", later)]
    ticks = part(page, ".//path[@id='symbol_quotes']")
    assert ticks.get("d") == "M0 12H1000" + "".join(f"M{place} 7v10" for place in places)
    for item, place in zip((first, second), places, strict=True):
        (ruler,) = item.xpath(".//svg[@class='quote-block__ruler']")
        assert [one.get("href") for one in ruler.iter("use")] == ["#symbol_quotes"]
        assert [one.get("x") for one in ruler.iter("rect")] == [str(place)]
    start = SOURCE_TEXT.index(later)
    assert f"Characters {start} to {start + len(later)}" in read(second)
    assert not third.xpath(".//svg[@class='quote-block__ruler']")


def test_an_article_is_read_before_the_figures_and_sources_beside_it(client, figure):
    article = Article.objects.get()
    article.statements.add(Claim.objects.get())
    article.sources.add(Source.objects.get())
    page = part(client.get("/en/news/row-001/"), ".//article")
    heads = [read(head) for head in page.iter("h1", "h2")]
    assert heads == ["row 001 en", "Figures", "Sources"]
    (beside,) = page.xpath(".//div[@class='beside']")
    assert [child.get("class") for child in beside] == ["prose", "beside__column"]


def hits_of(client, query: str) -> dict[str, str]:
    """What stands beside each result of a search, by the kind that it begins with."""
    page = client.get(f"/en/search/?q={query}")
    marks = part(page, ".//ol[contains(@class, 'search-hits')]").xpath("./li/p[1]")
    return {read(mark.xpath("b")[0]): read(mark) for mark in marks}


def test_a_result_of_a_search_says_its_kind_and_day_and_shows_its_strand_and_country(client):
    World(1)
    page = part(client.get("/en/search/?q=row&kind=projects&kind=figures"), ".//ol[contains(@class, 'search-hits')]")
    assert len(page.xpath("./li")) == len(page.xpath(".//svg[contains(@class, 'strand--1')]")) == 2
    found = hits_of(client, "row")
    assert found["Figure"] == "Figure row 001 en 30 October 2023"
    assert found["Claim"] == "Claim 30 October 2023"
    assert found["Source"] == "Source November 2011"
    assert found["Country"] == "Country QAAA"
    assert found["Organisation"] == "Organisation QAAA row 001 en"


def test_a_result_of_a_search_shows_no_strand_or_country_that_nobody_may_know(client):
    World(1)
    hidden = World(1, "draft", "secret")
    Figure.objects.filter(slug="row-001").update(strand=hidden.strands[0])
    Organisation.objects.filter(slug="row-001").update(country=hidden.countries[0])
    assert hits_of(client, "row&kind=organisations") == {"Organisation": "Organisation"}
    page = part(client.get("/en/search/?q=row&kind=figures"), ".//ol[contains(@class, 'search-hits')]")
    assert not page.xpath(".//svg[contains(@class, 'lane-mark')]")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_search_without_words_gives_examples_that_find_something(client, language):
    World(2)
    World(1, "draft", "secret")
    page = client.get(f"/{language}/search/")
    links = part(page, ".//section[@aria-labelledby='examples']/ul").xpath(".//a")
    assert len(links) == 5
    assert all(read(link).startswith(f"row 001 {language}") for link in links)
    for link in links:
        assert client.get(link.get("href")).context["found"].count, link.get("href")


# Errors


@pytest.mark.parametrize("language", languages.CODES)
def test_errors_are_in_the_language_of_the_address(client, language):
    tag = f'<html lang="{languages.html_code(language)}" dir="{languages.direction(language)}"'
    missing = client.get(f"/{language}/nothing/")
    assert missing.status_code == 404 and tag in text_of(missing)
    refused = client.get(f"/{language}/", {"nothing": "1"})
    assert refused.status_code == 400 and tag in text_of(refused)
    assert "nothing" in words(refused)


def test_an_unknown_parameter_is_named_with_those_that_exist(client):
    page = words(client.get("/en/search/", {"qq": "1"}))
    assert "There is no parameter “qq”. Did you mean “q”?" in page


@pytest.mark.parametrize("language", languages.CODES)
def test_a_server_error_is_in_the_language_of_the_address_and_asks_no_database(language, django_assert_num_queries):
    request = RequestFactory().get(f"/{language}/figures/")
    with django_assert_num_queries(0), translation.override("es" if language != "es" else "en"):
        response = views.server_error(request)
    assert response.status_code == 500
    assert f'<html lang="{languages.html_code(language)}" dir="{languages.direction(language)}"' in text_of(response)


def test_a_server_error_of_the_api_is_a_problem_in_json():
    response = views.server_error(RequestFactory().get("/api/v1/figures/"))
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
