"""What stands for a page where its address is shared: the tags of its head, and a picture with its words drawn."""

import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
import typst
from django.db import connection
from django.utils import timezone, translation
from PIL import Image, ImageChops

from brst_site.env import THREADS_PER_WORKER
from conference.models import Appearance, Country, Session, Slot
from content import cards, languages
from content.exports.cards import TEMPLATE, to_card
from content.exports.typeset import printable, unpack_fonts
from content.models import Article, Claim, Figure, Site
from content.presentation import Shown
from tests.world import World

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"
EDITION = "conference/row-001/"
# Pages with a picture of their own, and what that says of each beside its title.
PICTURED = {
    "": "",
    EDITION: "6–7 November 2023",
    f"{EDITION}sessions/row-001/": "Monday, 6 November 2023, 09:00–09:45",
    f"{EDITION}speakers/row-001/": "Speaker",
    "countries/qaaa/": "QAAA",
    "organisations/row-001/": "",
    "figures/row-001/": "nine",
    "sources/row-001/": "November 2011",
    "news/row-001/": "News",
    "documents/row-001/": "",
    "cooperation/row-001/": "Cooperation",
    "cooperation/projects/row-001/": "",
    "cooperation/facilities/row-001/": "",
    "cooperation/agreements/row-001/": "",
    "cooperation/programmes/row-001/": "",
}
# Of an edition the picture stands for its inner pages too, for all others that of the portal.
BORROWED = {
    f"{EDITION}programme/": EDITION,
    f"{EDITION}practical/": EDITION,
    f"{EDITION}speakers/": EDITION,
    f"{EDITION}rooms/": EDITION,
    f"{EDITION}now/": EDITION,
    "conference/": "",
    "countries/": "",
    "figures/": "",
    "news/": "",
    "cooperation/": "",
    "cooperation/projects/": "",
    "data/": "",
    "search/": "",
    "pages/row-001/": "",
}
TEXTS = {
    "en": "Science exchange, on the record",
    "zh-hans": "“一带一路”科技交流大会：张镕、李喆",
    "fr": "L’économie d’énergie : œuvre à 50 %",
    "es": "¿Cuántos científicos jóvenes? Año a año",
    "ru": "Йод, ёлка и объёмные исследования",
    "ar": "التبادل العلمي، كما قيل وكما سُجِّل",
}


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    return unpack_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def world(settings, tmp_path, fonts):
    settings.PRINT_ROOT = tmp_path
    (tmp_path / "fonts").symlink_to(fonts)
    Site.objects.create(name_en="Portal of tests", headline_en="Exchange of tests")
    return World(2)


def head_of(client, path: str) -> dict[str, list[str]]:
    html = client.get(path).content.decode()
    head = html[: html.index("</head>")]
    found: dict[str, list[str]] = {}
    for name, content in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', head):
        found.setdefault(name, []).append(unescape(content))
    return found


def described(png: bytes) -> str:
    """The description in the file."""
    return Image.open(io.BytesIO(png)).text["Description"]


@pytest.mark.parametrize("path", [*PICTURED, *BORROWED])
def test_every_page_says_what_stands_for_it(client, world, path):
    tags = head_of(client, f"/fr/{path}")
    assert tags["og:url"] == [f"{SITE}/fr/{path}"]
    assert tags["og:image"] == [f"{SITE}/fr/{BORROWED.get(path, path)}card.png"]
    assert (tags["og:image:width"], tags["og:image:height"]) == (["1200"], ["630"])
    assert tags["og:title"][0] and tags["og:image:alt"][0]
    assert tags["og:site_name"] == ["Portal of tests"]
    assert tags["og:type"][0] in ("website", "article", "profile")
    assert tags["og:locale"] == ["fr_FR"]
    assert tags["og:locale:alternate"] == ["en_GB", "zh_CN", "es_ES", "ru_RU", "ar_AR"]
    assert tags["twitter:card"] == ["summary_large_image"]
    assert "og:description" in tags


@pytest.mark.parametrize(("path", "said"), PICTURED.items())
def test_a_picture_has_the_size_that_is_promised_and_says_title_and_facts(client, world, path, said):
    response = client.get(f"/en/{path}card.png")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    picture = Image.open(io.BytesIO(response.content))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    text = described(response.content)
    title = "Exchange of tests" if not path else "row 001 en"
    assert "Portal of tests" in text and title in text and said in text
    alt = head_of(client, f"/en/{path}")["og:image:alt"][0]
    assert title in alt and said in alt


def test_a_figure_is_shared_with_qualifier_value_unit_and_the_words_that_carry_it(client, world):
    Figure.objects.filter(slug="row-001").update(unit_en="centres")
    Claim.objects.filter(slug="row-001").update(value=50, qualifier="more_than", speaker_en="A speaker")
    Figure.objects.filter(slug="row-001").update(value=50, qualifier="more_than")
    tags = head_of(client, "/en/figures/row-001/")
    assert tags["og:title"] == ["more than 50 centres"]
    assert tags["og:description"] == ["“nine centres” A speaker, row 001 en, 30 October 2023"]
    text = described(client.get("/en/figures/row-001/card.png").content)
    for words in ("more than", "50", "centres", "nine", "A speaker", "30 October 2023"):
        assert words in text.split("\n") or words in text, words


def test_reported_words_are_shared_without_quotation_marks(client, world):
    Claim.objects.filter(slug="row-001").update(quote_kind="reported", offset=None)
    tags = head_of(client, "/en/figures/row-001/")
    assert "“" not in tags["og:description"][0] and "reported" in tags["og:description"][0].lower()


def test_where_sources_differ_the_picture_chooses_none(client, world):
    claim = Claim.objects.get(slug="row-001")
    Claim.objects.create(
        slug="other", state="published", figure=claim.figure, source=world.sources[1], value=70, relation="conflicts",
        qualifier="exact", quote="sixteen", quote_kind="reported", name_en="other",
    )  # fmt: skip
    text = described(client.get("/en/figures/row-001/card.png").content)
    assert "Sources differ" in text and "70" in text.split("\n") and "1" in text.split("\n")
    assert head_of(client, "/en/figures/row-001/")["og:title"] == ["row 001 en: Sources differ"]


def test_sample_data_is_marked_in_its_picture(client, world):
    assert "Sample data" not in described(client.get(f"/en/{EDITION}sessions/row-001/card.png").content)
    Session.objects.filter(slug="row-001").update(sample=True)
    assert "Sample data" in described(client.get(f"/en/{EDITION}sessions/row-001/card.png").content)


def test_a_cancelled_session_says_so_in_its_picture(client, world):
    Slot.objects.filter(session=world.sessions[0], version__number=None).update(state="cancelled")
    world.edition.publish_schedule()
    assert "Cancelled" in described(client.get(f"/en/{EDITION}sessions/row-001/card.png").content)


def test_the_same_data_make_the_same_picture_and_are_not_sent_twice(client, world):
    path = f"/ar/{EDITION}card.png"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    Article.objects.filter(slug="row-002").update(title_en="Something else changed")
    connection.check_constraints()
    other = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (other.status_code, other.content) == (200, first.content)
    assert other["ETag"] != first["ETag"]
    assert client.get(path + "?size=9000").status_code == 400


def test_a_picture_is_there_when_its_page_is_and_gone_with_it(client, world):
    path = "/en/news/row-001/"
    row = Article.objects.filter(slug="row-001")
    for change, status in (
        ({"state": "draft", "first_public_at": None}, 404),
        ({"state": "published", "publish_at": timezone.now() + timedelta(days=1)}, 404),
        ({"state": "archived", "publish_at": None, "first_public_at": timezone.now()}, 410),
    ):
        row.update(**change)
        assert client.get(path).status_code == status
        assert client.get(path + "card.png").status_code == status
    assert client.get(f"/en/{EDITION}speakers/nobody/card.png").status_code == 404
    Appearance.objects.filter(person=world.people[0]).delete()
    assert client.get(f"/en/{EDITION}speakers/row-001/card.png").status_code == 404


@pytest.mark.parametrize("code", languages.CODES)
def test_each_script_is_drawn_and_no_character_is_a_box(world, fonts, code):
    with translation.override(code):
        words = cards.Card(Shown(TEXTS[code]), kind=TEXTS[code], sub=Shown(TEXTS[code]), facts=(TEXTS[code],)).words()
    missing = set()
    text = json.dumps(printable(words, missing))
    assert missing == set()
    # The typesetter refuses this kind of PDF where a font lacks a character, which in a picture it would not tell.
    try:
        typst.compile(
            TEMPLATE, root=TEMPLATE.parent, format="pdf", pdf_standards=["a-2b"], sys_inputs={"data": text},
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]),
        )  # fmt: skip
    except typst.TypstError as error:
        pytest.fail(str(error))
    with translation.override(code):
        blank = cards.Card(Shown(""), kind="", sub=Shown(""), facts=("·",)).words()
    drawn, empty = (Image.open(io.BytesIO(to_card(one, fonts).content)).convert("RGB") for one in (words, blank))
    left, top, right, bottom = ImageChops.difference(drawn, empty).getbbox()
    # Inside of the margins, whatever the words.
    assert left >= 52 and right <= 1148 and top >= 40 and bottom <= 620


@pytest.mark.parametrize("code", languages.CODES)
@pytest.mark.parametrize("length", [1, 60, 300])
def test_no_title_leaves_the_picture(world, fonts, code, length):
    long = (TEXTS[code] + " ") * 20
    with translation.override(code):
        words = cards.Card(Shown(long[:length]), kind=TEXTS[code], facts=("2023",), sample=True).words()
        plain = cards.Card(Shown(""), kind=TEXTS[code], facts=("2023",), sample=True).words()
    drawn, without = (Image.open(io.BytesIO(to_card(one, fonts).content)).convert("RGB") for one in (words, plain))
    left, top, right, bottom = ImageChops.difference(drawn, without).getbbox()
    # Between the head of the picture and the band of facts.
    assert left >= 52 and right <= 1148 and top >= 110 and bottom <= 530


def test_a_hidden_country_of_an_edition_is_named_in_no_picture(client, world):
    Country.objects.filter(pk=world.edition.country_id).update(name_en="Secretland", state="draft")
    for path in (EDITION, f"{EDITION}sessions/row-001/", f"{EDITION}speakers/row-001/", "documents/row-001/", ""):
        for address in (f"/en/{path}", f"/en/{path}card.png"):
            response = client.get(address)
            assert response.status_code == 200, address
            assert b"Secretland" not in response.content, address


def test_words_of_a_quote_in_which_nothing_is_marked_are_cut_at_their_end():
    long = " ".join(f"word{number}" for number in range(100))
    before, marked, after = cards.around(long, "", "")
    assert before.startswith("word0 word1") and before.endswith("…")
    assert (marked, after) == ("", "")
    before, marked, after = cards.around("They said", long, "yesterday.")
    assert marked.startswith("word0") and len(marked) <= 250


def test_no_press_can_hold_every_thread_of_a_process():
    from content.views.printing import BOOKLETS, CARDS

    assert BOOKLETS.most_at_once + CARDS.most_at_once <= THREADS_PER_WORKER
    assert max(BOOKLETS.most_at_once, CARDS.most_at_once) < THREADS_PER_WORKER


def test_who_comes_while_many_pictures_are_made_is_asked_to_come_back(client, world):
    from content.views.printing import CARDS

    taken = [CARDS.places.acquire(blocking=False) for _ in range(CARDS.most_at_once)]
    try:
        response = client.get("/en/countries/qaaa/card.png")
        assert (response.status_code, response["Retry-After"]) == (503, "10")
        assert "ETag" not in response
    finally:
        for _ in filter(None, taken):
            CARDS.places.release()
    assert client.get("/en/countries/qaaa/card.png").status_code == 200


@pytest.mark.parametrize("path", ["", "programme/", "sessions/row-001/"])
def test_pages_of_an_edition_lead_to_the_feed_of_its_changes(client, world, path):
    html = client.get(f"/fr/{EDITION}{path}").content.decode()
    assert f'type="application/atom+xml" href="/fr/{EDITION}versions/atom.xml"' in html[: html.index("</head>")]
    assert client.get(f"/fr/{EDITION}versions/atom.xml").status_code == 200


@pytest.mark.parametrize("path", ["", "news/", "news/row-001/"])
def test_pages_with_news_lead_to_their_feeds_in_the_same_language(client, world, path):
    html = client.get(f"/ru/{path}").content.decode()
    head = html[: html.index("</head>")]
    for kind, address in (("atom", "/ru/news/atom.xml"), ("rss", "/ru/news/rss.xml")):
        assert f'type="application/{kind}+xml" href="{address}"' in head
