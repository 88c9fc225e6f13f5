"""The search over everything: what is found, in which language, in which order, and what never is."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brst_site.datasets import DATASETS
from brst_site.search import KINDS
from conference.models import Country, Delegation, Organisation, Participation, Person, Session
from content.merging import merge, undo
from content.models import Article, Source
from content.models.searching import SearchEntry, SearchWord
from cooperation.models import Facility, Field, Project
from tests.world import World, six

pytestmark = pytest.mark.django_db


def search(client, q: str, lang: str = "en", **query) -> dict:
    response = client.get("/api/v1/search/", {"q": q, "lang": lang, **query})
    assert response.status_code == 200, response.content
    return response.json()


def found(client, q: str, lang: str = "en", **query) -> list[str]:
    return [row["slug"] for row in search(client, q, lang, **query)["results"]]


def article(slug: str = "one", **values) -> Article:
    return Article.objects.create(slug=slug, **{"state": "published", "title_en": "Untitled", **values})


def in_language(code: str, title: str, body: str = "") -> dict:
    column = code.replace("-", "_")
    return {f"title_{column}": title, f"body_{column}": body}


def execute(sql: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


# ── in six languages ──────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CASES = [
    # language of the text, title, body, what is typed
    ("en", "Joint laboratories for clean water", "", "laboratory"),
    ("en", "Joint laboratory", "", "LABORATORIES"),
    ("en", "A workshop", "<p>They <b>discussed</b> fertilisers.</p>", "discussing fertiliser"),
    ("en", "State-of-the-art optics", "", "state-of-the-art"),
    ("en", "Naïve Bayes", "", "naive"),
    ("en", "Room 4.1 in 2023", "", "２０２３"),
    ("en", "Water & soil", "<p>Research&nbsp;centre</p>", "soil research"),
    ("fr", "Les laboratoires de l’université", "", "laboratoire universite"),
    ("fr", "Coopération scientifique", "", "cooperations scientifiques"),
    ("fr", "Énergie solaire à l'étude", "", "energie etude"),
    ("es", "Cooperación científica con José", "", "cooperaciones jose"),
    ("es", "La educación de los niños", "", "educacion ninos"),
    ("es", "Años de investigación", "", "investigaciones"),
    ("ru", "Совместные лаборатории", "", "лаборатория"),
    ("ru", "Научно-технологическое сотрудничество", "", "сотрудничества научно"),
    ("ru", "Полёт спутника", "", "полет"),
    ("ru", "Подготовка учёных", "", "ученых подготовки"),
    ("ar", "المختبرات المشتركة والتكنولوجيا", "", "مختبر"),
    ("ar", "المختبرات المشتركة والتكنولوجيا", "", "تكنولوجيا"),
    ("ar", "المختبرات المشتركة والتكنولوجيا", "", "والمختبرات"),
    ("ar", "أكاديمية إفريقيا للعلوم", "", "اكاديمية افريقيا"),
    ("ar", "اكاديميه افريقيا", "", "أكاديمية إفريقيا"),
    ("ar", "مُخْتَبَر مشـــترك", "", "مختبر مشترك"),
    ("ar", "تعاون علمي في ٢٠٢٣", "", "2023"),
    ("zh-hans", "中国科学技术大学联合实验室", "", "实验室"),
    ("zh-hans", "中国科学技术大学联合实验室", "", "科技 大学"[3:]),
    ("zh-hans", "中国科学技术大学联合实验室", "", "室"),
    ("zh-hans", "中国科学技术大学联合实验室", "", "学"),
    ("zh-hans", "面向未来的AI技术合作", "", "AI技术"),
    ("zh-hans", "面向未来的AI技术合作", "", "ai"),
    ("zh-hans", "面向未来的ＡＩ技术合作", "", "技术AI"[:2]),
    ("zh-hans", "二〇二三年,16,000人接受培训", "", "16,000"),
    ("zh-hans", "会议", "<p>水资源管理与<b>土壤</b>修复</p>", "水资源管理 土壤"),
]


@pytest.mark.parametrize(("language", "title", "body", "typed"), LANGUAGE_CASES)
def test_a_record_is_found_as_its_language_is_written(client, language, title, body, typed):
    article(**in_language(language, title, body))
    article("other", title_en="Nothing alike", title_zh_hans="别的")
    assert found(client, typed, language) == ["one"]
    # A visitor of another language finds it as well.
    assert found(client, typed, "fr" if language != "fr" else "en") == ["one"]
    assert client.get("/api/v1/articles/", {"q": typed, "lang": language}).json()["count"] == 1


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("中国科学技术大学", "学科"),
        ("中国科学技术大学", "国学"),
        ("Joint laboratory", "joint hospital"),
        ("Совместные лаборатории", "библиотека"),
        ("المختبرات المشتركة", "الجامعات"),
        ("laboratory joint", '"joint laboratory"'),
    ],
)
def test_what_does_not_stand_there_is_not_found(client, title, typed):
    article(title_en=title)
    assert search(client, typed)["count"] == 0


@pytest.mark.parametrize(
    "phrase",
    ['"belt and road"', "“belt and road”", "«belt and road»", "「belt and road」", '"the belt and road" news'],
)
def test_a_phrase_stands_in_this_order(client, phrase):
    article(title_en="News of the Belt and Road")
    article("two", title_en="A road and the belt of news")
    assert found(client, phrase) == ["one"]


def test_the_last_word_may_be_unfinished_and_no_other(client):
    article(title_en="Joint laboratories")
    assert found(client, "joint labo") == ["one"]
    assert found(client, "joi laboratories") == []
    assert found(client, '"joi"') == []


def test_words_that_say_nothing_are_not_asked_for(client):
    article(title_en="Water for all")
    assert found(client, "the water") == ["one"]
    assert found(client, "the water", "fr") == []
    # Alone, they are words as all others.
    article("two", title_en="The And")
    assert found(client, "the and") == ["two"]


def test_the_terms_of_one_search_may_stand_in_different_languages(client):
    article(title_en="Laboratory", title_ru="Лаборатория", title_zh_hans="实验室")
    assert found(client, "laboratory 实验室 лаборатории") == ["one"]


def test_the_language_of_the_page_comes_first(client):
    article("french", title_en="Anything", title_fr="Table")
    article("english", title_en="Table", title_fr="Quelque chose")
    assert found(client, "table", "en") == ["english", "french"]
    assert found(client, "table", "fr") == ["french", "english"]


def test_a_title_comes_before_a_text_and_a_whole_title_first(client):
    article("body", title_en="Another", body_en="<p>ocean</p>")
    article("within", title_en="The ocean and all its many kinds of fish")
    article("whole", title_en="Ocean")
    assert found(client, "ocean") == ["whole", "within", "body"]


def test_an_unfinished_word_is_ranked_as_a_whole_one(client):
    article("body", title_en="Another", body_en="<p>ocean</p>")
    article("within", title_en="The ocean and all its many kinds of fish")
    Facility.objects.create(slug="kind", kind="joint_laboratory", state="published", name_en="Plants")
    article("laboratory", title_en="A laboratory of the ocean")
    assert found(client, "oce") == ["within", "laboratory", "body"]
    assert found(client, "labo") == ["laboratory", "kind"]


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_codes_and_identifiers_are_found_as_they_are(client):
    ghana = Country.objects.create(code="GH", alpha3="GHA", m49="288", state="published", name_en="Ghana")
    Country.objects.create(code="AF", alpha3="AFG", state="published", name_en="Ghazni")
    university = Organisation.objects.create(
        slug="ug", state="published", name_en="University", acronym="UG-4", ror="https://ror.org/01r22mr83"
    )
    Person.objects.create(slug="somebody", state="published", name_en="Somebody", orcid="0000-0002-1825-0097")
    Project.objects.create(slug="water", state="published", title_en="Water", iati_identifier="XM-DAC-41304-77.3_A")
    lab = Facility.objects.create(slug="lab", kind="platform", state="published", name_en="Plants")
    lab.fields.add(Field.objects.create(slug="crops", name_en="Crops", code="4.1"))
    assert found(client, "GH")[0] == ghana.slug
    assert found(client, "gha")[0] == ghana.slug
    assert found(client, "288") == [ghana.slug]
    assert found(client, "ug-4") == found(client, university.ror) == ["ug"]
    assert found(client, "XM-DAC-41304-77.3_A") == found(client, "41304") == ["water"]
    assert found(client, "4.1") == found(client, "crops") == ["lab"]
    assert found(client, "4.2") == []


@pytest.mark.parametrize(
    ("typed", "language"),
    [("joint laboratories", "en"), ("联合实验室", "zh-hans"), ("laboratoires conjoints", "fr"), ("laboratorio", "es"),
     ("совместные лаборатории", "ru"), ("مختبر", "ar")],
)  # fmt: skip
def test_a_record_is_found_by_its_kind_in_each_language(client, typed, language):
    Facility.objects.create(slug="lab", kind="joint_laboratory", state="published", name_en="Plants")
    Facility.objects.create(slug="park", kind="science_park", state="published", name_en="Joint park")
    assert found(client, typed, language) == ["lab"]
    assert "<mark>" in search(client, typed, language)["results"][0]["snippet"]["html"]


# ── slips of the pen ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "typed", "meant"),
    [
        ("Joint laboratory", "labratory", "laboratory"),
        ("Joint laboratories", "joint labratory", "joint laboratories"),
        ("Meeting in Chongqing", "Chongqin meeting", "chongqing meeting"),
        ("Republic of Ghana", "Gahna", "ghana"),
        ("Совместная лаборатория", "лаборотория", "лаборатория"),
        ("Recherche océanographique", "oceanographiqe", "oceanographique"),
        ("التكنولوجيا الحيوية", "التكنلوجيا", "التكنولوجيا"),
    ],
)
def test_a_slip_of_the_pen_finds_what_was_meant_and_says_so(client, title, typed, meant):
    # Words outlive the rows that tests with commits of their own have emptied away.
    SearchWord.objects.all().delete()
    article(title_en=title)
    # "Chongqin" is also a beginning; a misspelt end is not.
    typed = typed.replace("Chongqin ", "Chonqing ") if title.startswith("Meeting") else typed
    answer = search(client, typed)
    assert [row["slug"] for row in answer["results"]] == ["one"]
    assert answer["corrected"] == meant
    page = client.get("/en/search/", {"q": typed}).content.decode()
    assert f"Showing results for <b><bdi>{meant}</bdi></b>" in page


def test_an_unfinished_word_is_no_slip(client):
    article(title_en="Meeting in Chongqing")
    assert search(client, "Chongqin")["corrected"] is None
    assert found(client, "Chongqin") == ["one"]


def test_no_slip_leads_to_a_hidden_word(client):
    article(title_en="Hippopotamus", state="draft")
    article("later", title_en="Rhinoceros", publish_at=timezone.now() + timedelta(days=1))
    for typed in ("hipopotamus", "hippopotamos", "rinoceros"):
        answer = search(client, typed)
        assert (answer["count"], answer["corrected"]) == (0, None)
        assert "hippo" not in client.get("/en/search/", {"q": typed}).content.decode().replace(typed, "")


# ── what is never found ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_hidden_is_found_by_nothing_and_counted_nowhere(client):
    World(2)
    hidden = World(2, state="draft", mark="secret")
    Participation.objects.create(session=Session.objects.get(slug="row-001"), person=hidden.people[0])
    Facility.objects.filter(slug="row-001").update(host=hidden.organisations[0])
    for typed in ("secret", "secret 001", "secret-001", "sec", "secert"):
        answer = search(client, typed)
        assert answer["results"] == [] and not any(kind["count"] for kind in answer["kinds"])
        assert answer["corrected"] is None
        assert client.get("/api/v1/suggestions/", {"q": typed}).json() == {"results": []}
    assert "secret" not in json.dumps(search(client, "row", page_size=200))


def test_the_clock_alone_opens_and_closes(client):
    now = timezone.now()
    article("open", title_en="Ocean", publish_at=now - timedelta(days=2), expire_at=now + timedelta(days=1))
    article("early", title_en="Ocean", publish_at=now + timedelta(days=1))
    article("late", title_en="Ocean", publish_at=now - timedelta(days=2), expire_at=now - timedelta(days=1))
    assert found(client, "ocean") == ["open"]
    execute("UPDATE content_article SET publish_at = now() - interval '1 s' WHERE slug = 'early'")
    assert sorted(found(client, "ocean")) == ["early", "open"]


def test_staff_texts_are_not_searched(client):
    source = Source.objects.create(slug="s", kind="website", state="published", title_en="Open", text="clandestine")
    Person.objects.create(slug="p", state="published", name_en="Open", other_names=["clandestine"])
    Organisation.objects.create(slug="o", state="published", name_en="Open", other_names=["clandestine"])
    article(title_en="Open", withdrawal_reason_en="clandestine")
    assert search(client, "clandestine")["count"] == 0
    assert found(client, "open", kind="sources") == [source.slug]


def test_records_are_found_by_the_names_of_what_they_belong_to(client):
    """None of them has the identifier of another, so that no two can be mistaken."""
    for n in range(7):
        Organisation.objects.create(slug=f"none-{n}", name_en="None", state="published")
    world = World(2)
    edition = world.edition
    zambia = Country.objects.create(code="ZM", alpha3="ZMB", state="published", name_en="Zambia")
    lusaka = Organisation.objects.create(slug="unza", name_en="Lusaka University", state="published")
    for extra in range(3):
        Person.objects.create(slug=f"nobody-{extra}", name_en="Nobody", state="published")
    ada = Person.objects.create(slug="ada", name_en="Ada Lovelace", state="published")
    Participation.objects.create(session=world.sessions[1], person=ada)
    Delegation.objects.create(edition=edition, country=zambia, state="published")
    Delegation.objects.create(edition=edition, organisation=lusaka, state="published")
    world.facilities[1].countries.add(zambia)
    world.facilities[0].partners.add(lusaka)
    world.projects[1].country_shares.create(country=zambia)
    world.projects[0].organisation_roles.create(organisation=lusaka)
    world.agreements[1].parties.create(country=zambia)
    world.programmes[1].countries.add(zambia)

    def by(q: str) -> set[tuple[str, str]]:
        return {(row["kind"], row["slug"]) for row in search(client, q)["results"]}

    assert by("zambia") == {
        ("countries", "zm"), ("delegations", "zm"), ("facilities", "row-002"), ("projects", "row-002"),
        ("agreements", "row-002"), ("programmes", "row-002"),
    }  # fmt: skip
    assert by("lusaka") == {
        ("organisations", "unza"), ("delegations", "unza"), ("facilities", "row-001"), ("projects", "row-001"),
    }  # fmt: skip
    assert by("lovelace") == {("sessions", "row-002")}
    assert by("lovelace row 002") == {("sessions", "row-002")}
    assert by("lovelace row 001") == set()


def test_a_session_is_not_found_by_who_is_hidden(client):
    world = World(1)
    person = Person.objects.create(slug="ada", name_en="Ada Lovelace", state="published")
    Participation.objects.create(session=world.sessions[0], person=person)
    assert found(client, "lovelace", kind="sessions") == ["row-001"]
    assert search(client, "lovelace row", kind="sessions")["count"] == 1
    person.state = "draft"
    person.save()
    assert search(client, "lovelace", kind="sessions")["count"] == 0
    assert client.get("/api/v1/sessions/", {"q": "lovelace"}).json()["count"] == 0


# ── kept with the record ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_index_follows_every_way_of_writing(client):
    one = article(title_en="Alpha")
    assert found(client, "alpha") == ["one"]
    Article.objects.update(title_en="Bravo")
    assert (found(client, "alpha"), found(client, "bravo")) == ([], ["one"])
    execute("UPDATE content_article SET title_en = 'Charlie' WHERE id = %s", one.pk)
    assert (found(client, "bravo"), found(client, "charlie")) == ([], ["one"])
    Article.objects.bulk_create(Article(slug=f"b-{n}", title_en="Delta", state="published") for n in range(3))
    assert sorted(found(client, "delta")) == ["b-0", "b-1", "b-2"]
    Article.objects.filter(slug="b-1").delete()
    execute("DELETE FROM content_article WHERE slug = 'b-2'")
    assert found(client, "delta") == ["b-0"]
    with transaction.atomic():
        Article.objects.update(title_en="Echo")
        assert sorted(found(client, "echo")) == ["b-0", "one"]
        transaction.set_rollback(True)


def test_what_is_rolled_back_was_never_in_the_index(client):
    article(title_en="Alpha")
    try:
        with transaction.atomic():
            Article.objects.update(title_en="Bravo")
            raise ValueError
    except ValueError:
        pass
    assert (found(client, "alpha"), found(client, "bravo")) == (["one"], [])


def test_who_is_renamed_is_found_by_the_new_name_where_they_are_named(client):
    world = World(1)
    person = Person.objects.create(slug="ada", name_en="Ada Byron", state="published")
    Participation.objects.create(session=world.sessions[0], person=person)
    execute("UPDATE conference_person SET name_en = 'Ada Lovelace' WHERE slug = 'ada'")
    assert found(client, "byron", kind="sessions") == []
    row = search(client, "lovelace", kind="sessions")["results"][0]
    assert row["snippet"] == {"field": "Person", "lang": "en", "html": "Ada <mark>Lovelace</mark>"}


def test_a_merge_and_its_undoing_are_searched(client):
    kept = Organisation.objects.create(slug="kept", name_en="Institute of Water", state="published")
    removed = Organisation.objects.create(slug="removed", name_en="Hydrology Institute", state="published")
    lab = Facility.objects.create(slug="lab", name_en="Pump", kind="platform", state="published", host=removed)
    assert sorted(found(client, "hydrology")) == ["lab", "removed"]
    made = merge(kept, removed)
    assert found(client, "hydrology") == []
    assert sorted(found(client, "water")) == ["kept", lab.slug]
    undo(made)
    assert sorted(found(client, "hydrology")) == ["lab", "removed"]


def test_an_entry_is_made_for_each_record_and_nothing_else():
    World(2)
    for listing in DATASETS:
        kind = listing.model._meta.label_lower
        entries = SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True)
        assert sorted(entries) == sorted(listing.model._base_manager.values_list("pk", flat=True)), kind


def test_a_rebuilt_index_is_the_one_that_was_there():
    World(2)
    before = list(SearchEntry.objects.order_by("kind", "object_id").values_list("kind", "object_id", "vector"))
    call_command("rebuild_search", verbosity=0)
    assert list(SearchEntry.objects.order_by("kind", "object_id").values_list("kind", "object_id", "vector")) == before


@pytest.mark.django_db(transaction=True)
def test_the_index_changes_in_the_transaction_of_the_record(client):
    """Another connection sees both or neither."""
    article(title_en="Alpha")
    with transaction.atomic():
        execute("UPDATE content_article SET title_en = 'Bravo'")
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT title_en, vector @@ 'bravo' FROM content_article AS one JOIN content_searchentry AS entry"
                    " ON entry.kind = 'content.article' AND entry.object_id = one.id"
                )
                assert cursor.fetchall() == [("Alpha", False)]
        finally:
            other.close()
    assert found(client, "bravo") == ["one"]


@pytest.mark.django_db(transaction=True)
def test_an_emptied_table_leaves_nothing_behind():
    article()
    execute("TRUNCATE content_article CASCADE")
    assert not SearchEntry.objects.filter(kind="content.article").exists()


# ── one query on every face ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["row", "row 002", "row ru", '"row 001 en"', "zzz", "ro", "row-001"])
def test_search_list_export_and_page_count_the_same(client, typed):
    World(3)
    kinds = {kind["value"]: kind["count"] for kind in search(client, typed)["kinds"]}
    for listing in KINDS:
        api = client.get(f"/api/v1/{listing.name}/", {"q": typed}).json()["count"]
        rows = b"".join(client.get(f"/api/v1/{listing.name}.ndjson", {"q": typed}).streaming_content)
        assert kinds[listing.name] == api == len(rows.splitlines()), listing.name
        if typed in ("row", "row 002"):
            assert api > 0
        if listing.page:
            assert client.get(f"/en{listing.page_address()[3:]}", {"q": typed}).context["count"] == api
        assert search(client, typed, kind=listing.name)["count"] == api
    assert search(client, typed)["count"] == sum(kinds.values())


@pytest.mark.parametrize("size", [1, 7])
def test_every_result_comes_once_forwards_and_backwards(client, size):
    World(3)
    everything = search(client, "row", page_size=200)["results"]

    def walk(path: str, key: str) -> list[str]:
        ids = []
        while path:
            answer = client.get(path.removeprefix("http://localhost:8000")).json()
            page = [row["id"] for row in answer["results"]]
            ids = ids + page if key == "next" else page + ids
            last, path = path, answer[key]
        walk.last = last
        return ids

    ids = [row["id"] for row in everything]
    assert walk(f"/api/v1/search/?q=row&page_size={size}", "next") == ids
    assert walk(walk.last, "previous") == ids


def test_the_number_of_queries_does_not_grow_with_hits(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            search(client, "row", page_size=200)
        return len(captured)

    World(3)
    few = queries()
    Article.objects.bulk_create(Article(slug=f"many-{n}", state="published", title_en=f"Row {n}") for n in range(60))
    assert queries() == few


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_marked_and_everything_else_is_escaped(client):
    article(
        title_en="<script>alert(1)</script> ocean",
        body_en="<p>Deep &lt;img src=x&gt; oceans &amp; seas</p>",
    )
    page = client.get("/en/search/", {"q": "ocean"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>ocean</mark>" in page
    assert "Deep &lt;img src=x&gt; <mark>oceans</mark> &amp; seas" in page
    html = search(client, "ocean")["results"][0]["snippet"]["html"]
    assert html == "Deep &lt;img src=x&gt; <mark>oceans</mark> &amp; seas"


def test_a_snippet_is_the_part_with_the_words(client):
    article(title_en="Long", body_en=f"<p>{'before ' * 200}the deep ocean floor {'after ' * 200}</p>")
    html = search(client, "ocean floor")["results"][0]["snippet"]["html"]
    assert "<mark>ocean</mark> <mark>floor</mark>" in html
    assert html.startswith("… ") and html.endswith(" …")
    assert len(re.sub("<[^>]*>", "", html)) < 260


def test_a_match_in_another_language_is_shown_in_it(client):
    article(title_en="Laboratory", title_ar="مختبر", body_ar="<p>المختبرات المشتركة</p>")
    row = search(client, "مشتركة", "en")["results"][0]
    assert row["snippet"] == {"field": "Text", "lang": "ar", "html": "المختبرات <mark>المشتركة</mark>"}
    page = client.get("/en/search/", {"q": "مشتركة"}).content.decode()
    assert '<span lang="ar" dir="rtl">المختبرات <mark>المشتركة</mark>' in page


def test_the_page_has_tabs_with_counts_that_lead_to_what_they_say(client):
    World(3)
    response = client.get("/en/search/", {"q": "row"})
    tabs = response.context["tabs"]
    assert tabs[0]["count"] == sum(tab["count"] for tab in tabs[1:]) == response.context["found"].count
    for tab in tabs:
        page = client.get(tab["url"])
        assert page.context["found"].count == tab["count"]
        assert len(page.context["found"].hits) == min(tab["count"], 20)


def test_pages_of_results_go_on_and_come_back(client):
    for n in range(45):
        article(f"a-{n}", title_en=f"Ocean {n}")
    first = client.get("/en/search/", {"q": "ocean"})
    second = client.get(first.context["pager"]["next_url"])
    third = client.get(second.context["pager"]["next_url"])
    assert [len(page.context["found"].hits) for page in (first, second, third)] == [20, 20, 5]
    assert third.context["pager"]["next_url"] is None
    back = client.get(third.context["pager"]["previous_url"])
    assert [hit.record.slug for hit in back.context["found"].hits] == [
        hit.record.slug for hit in second.context["found"].hits
    ]


def test_nothing_found_says_what_to_do(client):
    World(1)
    answer = client.get("/en/search/", {"q": "zzzzzz"})
    for example in answer.context["examples"]:
        assert client.get(example["url"]).context["found"].everything
    assert len(answer.context["examples"]) > 1
    page = answer.content.decode()
    assert "Nothing on file has all of these words." in page
    assert "How to search" in page
    assert "One search over everything" in client.get("/en/search/").content.decode()


# ── the interfaces for programs ───────────────────────────────────────────────────────────────────────────────────


def test_suggestions_are_names_that_fit_what_is_typed(client):
    article(title_en="Ocean floor", title_ar="قاع المحيط")
    article("two", title_en="Something", body_en="<p>ocean</p>")
    answer = client.get("/api/v1/suggestions/", {"q": "oce", "lang": "ar"})
    assert answer.json()["results"][0] == {
        "name": "قاع المحيط",
        "lang": "ar",
        "dir": "rtl",
        "label": "مقال",
        "url": "/ar/news/one/",
    } | {"label": answer.json()["results"][0]["label"]}
    assert answer["ETag"] and "public" in answer["Cache-Control"] and "Set-Cookie" not in answer
    again = client.get("/api/v1/suggestions/", {"q": "oce", "lang": "ar"}, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "query",
    ["kind=nothing", "lang=all", "lang=xx", "qq=1", "page_size=0", "page_size=999", "cursor=zzz", "q=a&q=b",
     "q=%00", "cursor=WyJuZXh0IiwgMSwgMSwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "cursor=WyJuZXh0IixOYU4sMSwxXQ"],
)  # fmt: skip
def test_what_it_does_not_know_is_refused(client, query):
    refused = client.get(f"/api/v1/search/?{query}")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["errors"][0]["parameter"] == query.partition("=")[0]


HOSTILE = [
    "'|&!:*", "a & | b", ":*", "'", "''", "\\", "\\'", "=", "#content.article", "%", "%s", "()", "<->", "\u200f\u202e",
    "\u200f", "a" * 200, "的" * 200, "the " * 50, "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    '"', '""', '"\'"', "“", "𠀀𠀁", "😀", "ﷺ", "\ufdfa" * 20, "i̇", "İ" * 60, "1e400", "-1", "http://x.y/z?a=b",
    "a@b.c", "\u0640", "\x01\x02", "{{ 1 }}", "<b>", "ß", "ﬃ", "½", "١٢٣", "\U0001f1e8\U0001f1f3",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_can_be_typed_breaks_it(client, typed):
    article(title_en="Ocean", body_en="<p>a b c</p>")
    for address in ("/api/v1/search/", "/api/v1/suggestions/", "/en/search/", "/ar/search/", "/api/v1/sessions/"):
        assert client.get(address, {"q": typed}).status_code == 200, address


@pytest.mark.parametrize("typed", ["x" * 10_000, "word " * 500, "\0", "a\0b"])
def test_too_much_is_refused_at_once(client, typed):
    for address in ("/api/v1/search/", "/api/v1/suggestions/", "/en/search/", "/api/v1/sessions/", "/en/news/"):
        assert client.get(address, {"q": typed}).status_code == 400, address


@pytest.mark.parametrize("title", ["'", "\\", "=", "a" * 300, "的" * 300, "ﷺ" * 100, "\u200f", "😀" * 50, "' | 'x"])
def test_any_title_can_be_stored_and_found_by_itself(client, title):
    article(title_en=title)
    assert SearchEntry.objects.filter(kind="content.article").count() == 1
    if any(sign.isalnum() for sign in title) and len(title) <= 200:
        assert found(client, title) == ["one"]


def test_a_very_long_text_can_be_stored(client):
    words = " ".join(f"w{n}x" for n in range(200_000))
    Article.objects.create(slug="long", state="published", **six(words, "body"), title_en="Long")
    assert found(client, "long") == ["long"]


def test_a_search_is_described_and_named(client):
    schema = client.get("/api/v1/schema/?format=json").json()
    assert {"/api/v1/search/", "/api/v1/suggestions/"} <= set(schema["paths"])
    assert client.get("/api/v1/").json()["search"] == "http://localhost:8000/api/v1/search/"
