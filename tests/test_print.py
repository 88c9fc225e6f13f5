"""Booklets as PDF: what they hold, in which order, on which paper, and what they never hold."""

import os
import subprocess
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from conference.models import Participation, Session, SessionType, Slot
from content.exports.typeset import printable, unpack_fonts
from content.models import SiteRevision
from tests.world import World, six

EDITION = "row-001"
MILLIMETRE = 72 / 25.4
SIZES = {"a4": (210, 297), "a5": (148, 210)}
LANGUAGES = ("en", "zh-hans", "fr", "es", "ru", "ar")
# Titles that no other text of the small world resembles.
TITLES = {
    "en": ("Opening of laboratories", "Seeds and soil", "Closing words"),
    "zh_hans": ("联合实验室揭牌", "种子与土壤", "闭幕致辞"),
    "fr": ("Ouverture des laboratoires", "Semences et sols", "Mots de clôture"),
    "es": ("Apertura de los laboratorios", "Semillas y suelos", "Palabras de clausura"),
    "ru": ("Открытие лабораторий", "Семена и почвы", "Заключительное слово"),
    "ar": ("افتتاح", "بذور", "ختام"),
}


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    return unpack_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture(autouse=True)
def empty_shelf(settings, tmp_path, fonts):
    """Each test begins without kept booklets; the fonts are unpacked once."""
    (tmp_path / "fonts").symlink_to(fonts)
    settings.PRINT_ROOT = tmp_path


@pytest.fixture
def world(db):
    world = World(3)
    for number, session in enumerate(world.sessions):
        for code, titles in TITLES.items():
            setattr(session, f"title_{code}", titles[number])
        session.save()
    return world


def booklet(client, name: str, language: str = "en", paper: str = "a4", status: int = 200, **query):
    response = client.get(f"/{language}/conference/{EDITION}/print/{name}-{paper}.pdf", query)
    assert response.status_code == status, response.content[:500]
    return response


def reader(response) -> PdfReader:
    return PdfReader(BytesIO(response.content))


def text_of(response) -> str:
    """The text of all pages; a title that was broken over two lines is whole again."""
    return " ".join(" ".join(page.extract_text().split()) for page in reader(response).pages)


def fonts_of(response) -> set[str]:
    pages = reader(response).pages
    named = {font.get_object()["/BaseFont"] for page in pages for font in page["/Resources"]["/Font"].values()}
    return {name.partition("+")[2] for name in named}


# ── what they hold ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["programme", "sections"])
def test_each_published_session_stands_in_a_booklet_once_in_each_language(client, world, name, language):
    text = text_of(booklet(client, name, language))
    titles = TITLES[language.replace("-", "_")]
    # A space may stand between letters of two fonts, and none between words that run from the right.
    bare = text.replace(" ", "")
    assert {title: bare.count(title.replace(" ", "")) for title in titles} == dict.fromkeys(titles, 1)


@pytest.mark.parametrize("name", ["programme", "sections", "delegations"])
@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_what_is_not_published_is_in_no_booklet(client, world, name, state):
    hidden = World(1, state=state, mark="secret")
    for model in (Session, *{type(row) for row in (hidden.sections[0], hidden.people[0], hidden.delegations[0])}):
        model.objects.filter(slug__startswith="secret").exclude(slug="").update(state=state)
    Session.objects.filter(slug="secret-001").update(edition=world.edition)
    type(hidden.delegations[0]).objects.filter(slug="secret-001").update(edition=world.edition)
    Participation.objects.create(session=world.sessions[0], person=hidden.people[0])
    assert "secret" not in text_of(booklet(client, name))


def test_time_and_room_are_those_of_the_published_schedule_and_changes_are_said(client, world):
    first, second, third = (Slot.objects.get(session=one, version__number=None) for one in world.sessions)
    first.state = "cancelled"
    first.save()
    second.start, second.end = third.end, third.end + (second.end - second.start)
    second.save()
    before = text_of(booklet(client, "programme"))
    assert "Cancelled" not in before and "Moved" not in before
    world.edition.publish_schedule()
    connection.check_constraints()
    after = text_of(booklet(client, "programme"))
    assert "Cancelled" in after
    assert "Moved. Was: 10:00" in after
    assert "Version 2" in after


def test_a_session_without_a_time_comes_last_and_one_without_a_section_too(client, world):
    Slot.objects.filter(session=world.sessions[1]).update(start=None, end=None)
    Session.objects.filter(pk=world.sessions[1].pk).update(section=None)
    programme = text_of(booklet(client, "programme"))
    assert programme.index("Closing words") < programme.rindex("Open during the whole event")
    assert programme.rindex("Open during the whole event") < programme.index("Seeds and soil")
    Slot.objects.filter(session=world.sessions[1]).update(room=None)
    connection.check_constraints()
    programme = text_of(booklet(client, "programme"))
    assert programme.index("Closing words") < programme.rindex("No time recorded") < programme.index("Seeds and soil")
    sections = text_of(booklet(client, "sections"))
    assert sections.index("Closing words") < sections.rindex("without a section") < sections.index("Seeds and soil")


def test_the_section_booklet_has_abstracts_as_paragraphs_and_documents(client, world):
    html = '<p>First &lt;b&gt; thought.</p><ul><li><p>An item</p></li></ul><p><a href="https://example.org/x">More</a></p>'
    Session.objects.filter(pk=world.sessions[0].pk).update(abstract_en=html)
    text = text_of(booklet(client, "sections"))
    assert "First <b> thought." in text
    assert "– An item" in text
    assert "More (https://example.org/x)" in text
    assert "row 001 en" in text.partition("What came of it")[2]


def test_text_is_never_evaluated_by_the_typesetter(client, world):
    title = '#read("/etc/passwd") $x^2$ *bold* <label> @cite \\u{41} [#eval("1+1")]'
    Session.objects.filter(pk=world.sessions[0].pk).update(title_en=title)
    assert title.replace(" ", "") in text_of(booklet(client, "programme")).replace(" ", "")


def test_delegations_stand_in_order_with_members_who_consented(client, world):
    world.delegations[1].members.update(consent=False)
    text = text_of(booklet(client, "delegations"))
    assert text.count("Head of delegation") == 2
    assert "Not recorded" in text


def test_what_was_chosen_is_printed_alone_and_said_on_the_cover(client, world):
    text = text_of(booklet(client, "my", session=["row-001", "row-003"]))
    assert "Opening of laboratories" in text and "Closing words" in text
    assert "Seeds and soil" not in text
    room = text_of(booklet(client, "programme", room="row-002"))
    assert "Seeds and soil" in room and "Opening of laboratories" not in room
    assert "Room row 002 en" in room
    heard = text_of(booklet(client, "programme", languages=["fr", "fr"], day="2023-11-06"))
    assert heard.count("Language French") == 1 and "6 November 2023" in heard


def test_an_empty_booklet_says_so(client, db):
    World(1)
    Session.objects.update(state="draft")
    assert "No session is on record." in text_of(booklet(client, "programme"))
    assert "No session is on record." in text_of(booklet(client, "sections", q="nothing"))


def test_sample_data_is_marked(client, world):
    assert "Sample data" not in text_of(booklet(client, "programme"))
    Session.objects.filter(pk=world.sessions[0].pk).update(sample=True)
    assert text_of(booklet(client, "programme", paper="a5")).count("Sample data") == 1
    type(world.edition).objects.filter(pk=world.edition.pk).update(sample=True)
    made = booklet(client, "sections")
    assert all("Sample data" in page.extract_text() for page in reader(made).pages)


# ── paper and type ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["programme", "sections", "delegations", "my"])
@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_pages_have_the_size_of_the_paper_and_their_number(client, world, name, paper):
    made = reader(booklet(client, name, paper=paper, **({"session": "row-001"} if name == "my" else {})))
    for number, page in enumerate(made.pages, start=1):
        size = (round(page.mediabox.width / MILLIMETRE), round(page.mediabox.height / MILLIMETRE))
        assert size == SIZES[paper]
        assert number == 1 or f"{number} / {len(made.pages)}" in page.extract_text()


@pytest.mark.parametrize(
    ("language", "font", "tag"),
    [
        ("ar", "NotoSansArabic-Regular", "ar"),
        ("zh-hans", "NotoSansSC-Regular", "zh-CN"),
        ("ru", "NotoSans-Regular", "ru"),
    ],
)
def test_fonts_are_embedded_and_the_language_is_named(client, world, language, font, tag):
    made = booklet(client, "programme", language)
    assert font in fonts_of(made)
    root = reader(made).trailer["/Root"]
    assert root["/Lang"] == tag
    assert root["/MarkInfo"]["/Marked"]
    for page in reader(made).pages:
        for entry in page["/Resources"]["/Font"].values():
            descriptor = entry.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_the_head_of_a_table_is_repeated_on_each_page_with_the_day_above(client, world):
    kind = SessionType.objects.first()
    rows = [
        Session(slug=f"more-{n}", edition=world.edition, state="published", type=kind, **six(f"Talk {n}", "title"))
        for n in range(60)
    ]
    for row in rows:
        row.fill_sort_keys()
    version = world.edition.schedule_versions.get(number=1)
    slot = Slot.objects.get(session=world.sessions[2], current=True)
    made = Session.objects.bulk_create(rows)
    Slot.objects.bulk_create(
        Slot(version=version, session=one, start=slot.start, end=slot.end, state="tentative", current=True)
        for one in made
    )
    texts = [page.extract_text() for page in reader(booklet(client, "programme", paper="a5")).pages]
    tables = [text for text in texts if "Talk" in text]
    assert len(tables) > 4
    for text in tables:
        assert "Monday, 6 November 2023" in text
        assert "Time Session Room" in " ".join(text.split())


def test_names_with_rare_characters_are_printed_and_others_leave_a_box(client, world, caplog):
    rare = "朱镕基 陶喆 昇 堃 玥 赟 龍馬"
    Session.objects.filter(pk=world.sessions[0].pk).update(title_zh_hans=rare)
    Session.objects.filter(pk=world.sessions[1].pk).update(title_zh_hans="สวัสดี 🎉️ \ud7ff ह \x0b")
    response = booklet(client, "programme", "zh-hans")
    text = text_of(response)
    assert rare.replace(" ", "") in text.replace(" ", "")
    assert "□" in text
    assert "U+1F389" in caplog.text
    assert "NotoSansSC-Regular" in fonts_of(response)


def test_what_cannot_be_printed_is_taken_out_before_typesetting():
    missing = set()
    assert printable({"a": ["x\x00y\ud800z", 1, None], "b": "e\u0301"}, missing) == {"a": ["xyz", 1, None], "b": "é"}
    assert missing == set()
    assert printable("ক\ufe0f", missing) == "□"
    assert missing == {"ক"}


# ── addresses ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_booklet_is_a_pdf_with_a_good_name(client, world):
    response = booklet(client, "programme", "fr", "a5")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="row-001-programme-fr-a5.pdf"'
    assert response["Site-Revision"].isdigit()
    assert response.content.startswith(b"%PDF-")
    assert not response.cookies


def test_the_same_data_give_the_same_bytes_also_without_what_was_kept(client, world, settings):
    first = booklet(client, "sections", "ar").content
    kept = list((settings.PRINT_ROOT / "booklets").iterdir())
    assert [path.read_bytes() for path in kept] == [first]
    os.unlink(kept[0])
    assert booklet(client, "sections", "ar").content == first


def test_a_second_request_is_answered_from_what_was_kept(client, world, settings, monkeypatch):
    first = booklet(client, "programme").content

    def never(*_, **__):
        raise AssertionError("The typesetter was asked again.")

    monkeypatch.setattr(subprocess, "run", never)
    assert booklet(client, "programme").content == first


def test_who_has_a_booklet_is_told_that_it_has_not_changed(client, world):
    etag = booklet(client, "programme")["ETag"]
    path = f"/en/conference/{EDITION}/print/programme-a4.pdf"
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    Session.objects.filter(pk=world.sessions[0].pk).update(title_en="Another title")
    connection.check_constraints()
    assert SiteRevision.objects.get().number > 0
    changed = client.get(path, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Another title" in text_of(changed)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("programme", {"contry": "CN"}),
        ("programme", {"edition": "row-002"}),
        ("programme", {"room": "no such room"}),
        ("programme", {"tz": "Nowhere"}),
        ("programme", {"session": "row-001"}),
        ("programme", {"cursor": "x"}),
        ("sections", {"page_size": "10"}),
        ("my", {"sesion": "row-001"}),
        ("delegations", {"room": "row-001"}),
        ("delegations", {"order": "sideways"}),
    ],
)
def test_what_a_booklet_does_not_know_is_refused(client, world, name, query):
    booklet(client, name, status=400, **query)


def test_times_are_those_of_the_zone_that_was_asked_for(client, world):
    text = text_of(booklet(client, "programme", tz="Asia/Kathmandu"))
    assert "06:45" in text
    assert "Nepal Time, UTC+5:45" in text


def test_an_edition_that_is_not_public_has_no_booklets(client, world):
    for name in ("programme", "sections", "delegations", "my"):
        address = f"/en/conference/{{}}/print/{name}-a4.pdf"
        assert client.get(address.format("no-such-edition")).status_code == 404
    type(world.edition).objects.filter(pk=world.edition.pk).update(state="archived", withdrawal_reason_en="Withdrawn.")
    for path in ("", "programme-a4.pdf", "sections-a5.pdf", "delegations-a4.pdf", "my-a4.pdf"):
        gone = client.get(f"/en/conference/{EDITION}/print/{path}")
        assert gone.status_code == 410
        assert "Withdrawn." in gone.content.decode()


def test_a_booklet_costs_as_many_queries_for_many_sessions_as_for_few(client, db, settings):
    def queries(size: int) -> list[int]:
        with transaction.atomic():
            World(size)
            counts = []
            for name in ("programme", "sections", "delegations"):
                with CaptureQueriesContext(connection) as captured:
                    booklet(client, name, paper="a5" if size > 3 else "a4")
                counts.append(len(captured))
            transaction.set_rollback(True)
        return counts

    few = queries(3)
    assert queries(12) == few
    assert max(few) < 50


@pytest.mark.parametrize("path", ["programme-a3.pdf", "menu-a4.pdf", "programme.pdf", "a4.pdf"])
def test_there_are_no_other_booklets(client, world, path):
    assert client.get(f"/en/conference/{EDITION}/print/{path}").status_code == 404


def test_the_page_for_printing_leads_to_each_booklet_and_each_link_answers(client, world):
    page = client.get(f"/en/conference/{EDITION}/print/")
    links = [
        file["url"]
        for group in (page.context["booklets"], *(part["rows"] for part in page.context["parts"]))
        for row in group
        for file in row["files"]
    ]
    assert len(links) == 2 * (3 + 3)
    for link in links[::5]:
        assert client.get(link)["Content-Type"] == "application/pdf"
    html = page.content.decode()
    assert all(link.replace("&", "&amp;") in html for link in links)


@pytest.mark.parametrize("page", ["", "programme/", "countries/", "my/?session=row-001"])
def test_pages_of_the_edition_lead_to_what_is_printed(client, world, page):
    assert f"/conference/{EDITION}/print/" in client.get(f"/en/conference/{EDITION}/{page}").content.decode()


def test_who_comes_while_the_press_is_taken_is_asked_to_come_back(client, world):
    from content.views.printing import BOOKLETS

    taken = [BOOKLETS.places.acquire(blocking=False) for _ in range(BOOKLETS.most_at_once)]
    try:
        response = booklet(client, "programme", status=503)
        assert response["Retry-After"] == "10"
        assert "ETag" not in response
    finally:
        for _ in filter(None, taken):
            BOOKLETS.places.release()
    assert booklet(client, "programme").status_code == 200


def test_old_booklets_make_room_for_new_ones(tmp_path):
    from content.exports.shelf import Shelf

    shelf = Shelf(tmp_path / "shelf", bound=250)
    for number, key in enumerate("abc"):
        shelf.put(key, b"x" * 100)
        if path := shelf.path(key):
            os.utime(path, ns=(number, number)) if path.exists() else None
    assert [shelf.get(key) is not None for key in "abc"] == [False, True, True]
    shelf.put("large", b"x" * 251)
    assert shelf.get("large") is None
