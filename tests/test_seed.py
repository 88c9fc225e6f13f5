"""The founding content: what the sources say, in six languages, and left alone once it is there."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from modeltranslation.translator import translator

from brst_site import founding
from conference.models import (
    Appearance,
    Country,
    Edition,
    EditionOrganiser,
    Organisation,
    Person,
    Placement,
    Region,
    Section,
    Track,
)
from content import languages
from content.choices import ClaimRelation, QuoteKind
from content.models import Article, Claim, Figure, MenuItem, Page, Site, Source, Strand
from content.models.base import Record
from content.revision import public_models
from cooperation.models import Facility, Programme

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TEXT = (FIXTURES / "press-conference-2023-10-30.txt").read_bytes().decode("utf-8")
ROWS = founding.read(FIXTURES)
# Each fact of the press conference by what it became.
FIGURES = {
    "attendance-countries": (80, "about", None),
    "agreement-countries": (80, "more_than", None),
    "young-scientists": (10_000, "more_than", "people-exchange"),
    "trained": (16_000, "exact", "people-exchange"),
    "joint-research-projects": (None, "several", "research-capacity"),
    "joint-laboratories": (50, "more_than", "research-capacity"),
    "education-centres": (10, "exact", "research-capacity"),
    "transfer-centres": (9, "exact", "industry"),
}
PLATFORMS = {
    "public-health-centre",
    "agricultural-technology-centre",
    "fungus-technology-centre",
    "aquaculture-centre",
    "mountain-disaster-centre",
}
PROGRAMMES = {
    "small-but-beautiful": ("programme", "livelihoods"),
    "science-parks": ("programme", "industry"),
    "transfer-network": ("network", "industry"),
    "joint-archaeology": ("programme", "civilisation"),
    "action-plan": ("action_plan", None),
}
STATEMENTS = {"conference", "host-city", "press-conference", "reporting-outlet", "cooperation-network", "speaker"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]


def slugs(rows) -> list[str]:
    return [row.slug for row in rows]


def everything() -> dict[str, list[dict]]:
    """All rows of all public tables, the instants of their last change included."""
    return {model._meta.db_table: list(model._base_manager.order_by("pk").values()) for model in public_models()}


def seed(capsys) -> dict[str, tuple[int, int]]:
    """Created and unchanged, by kind, as the command tells."""
    call_command("seed")
    lines = capsys.readouterr().out.splitlines()
    found = [re.fullmatch(r"(\w+): (\d+) created, (\d+) unchanged", line) for line in lines]
    return {match[1]: (int(match[2]), int(match[3])) for match in found}


def test_a_second_run_says_all_is_there_and_changes_no_row(capsys):
    before = everything()
    assert seed(capsys) == {kind: (0, len(rows)) for kind, rows in ROWS.items()}
    assert everything() == before


def test_a_second_run_only_reads_so_the_revision_stays(capsys):
    with CaptureQueriesContext(connection) as queries:
        seed(capsys)
    verbs = {query["sql"].split()[0] for query in queries}
    assert verbs == {"SELECT", "SAVEPOINT", "RELEASE"}


def test_what_an_editor_changed_stays(capsys):
    Figure.objects.filter(slug="trained").update(value=17_000, unit_fr="personnes")
    Article.objects.update(state="archived", withdrawal_reason_en="Replaced.")
    Country.objects.filter(code="FR").update(listed=False)
    Edition.objects.get(slug="brst-2023").statements.clear()
    Page.objects.filter(slug="about").update(slug="about-us")
    before = everything()
    seed(capsys)
    assert everything() == before


def test_parts_that_an_editor_removed_stay_away(capsys):
    EditionOrganiser.objects.filter(organisation__slug="cast").delete()
    MenuItem.objects.filter(place="follow").delete()
    counts = seed(capsys)
    assert [counts["menu"][0], counts["editions"][0]] == [0, 0]
    assert not EditionOrganiser.objects.filter(organisation__slug="cast").exists()
    assert not MenuItem.objects.filter(place="follow").exists()


def test_a_missing_record_is_made_again_with_its_links(capsys):
    Article.objects.all().delete()
    assert seed(capsys)["articles"] == (1, 0)
    assert slugs(Article.objects.get().sources.all()) == ["press-conference"]


def test_a_record_has_the_same_identity_on_every_portal(capsys):
    article = Article.objects.get()
    article.delete()
    seed(capsys)
    assert Article.objects.get().uuid == article.uuid


def test_every_verbatim_quote_stands_at_its_place_character_for_character():
    quotes = Claim.objects.filter(quote_kind=QuoteKind.VERBATIM)
    assert {claim.slug: claim.quote for claim in quotes} == {
        claim.slug: TEXT[claim.offset : claim.offset + len(claim.quote)] for claim in quotes
    }
    assert {*slugs(quotes)} == FIGURES.keys() | PLATFORMS | PROGRAMMES.keys() | STATEMENTS
    assert quotes.count() == 24


def test_the_stored_text_is_the_file_byte_for_byte():
    assert Source.objects.get(slug="press-conference").text == TEXT
    assert len(TEXT) == 4055


def test_figures_are_what_the_source_said():
    found = {
        figure.slug: (figure.value, figure.qualifier, figure.strand and figure.strand.slug)
        for figure in Figure.objects.filter(slug__in=FIGURES)
    }
    assert found == FIGURES
    for claim in Claim.objects.filter(slug__in=FIGURES):
        strand = claim.strand and claim.strand.slug
        assert (claim.slug, claim.figure.slug) == (claim.slug, claim.slug)
        assert (claim.value, claim.qualifier, strand) == FIGURES[claim.slug]


def test_the_words_that_carry_a_figure_are_part_of_its_quote():
    for claim in Claim.objects.exclude(figure=None):
        assert claim.quote_marked and claim.quote_marked in claim.quote, claim.slug


def test_other_figures_are_those_of_the_reports_alone():
    assert {*slugs(Figure.objects.all())} - FIGURES.keys() == {"participants", "foreign-participants"}


def test_platforms_are_facilities_each_once_with_its_statement():
    facilities = Facility.objects.all()
    assert {*slugs(facilities)} == PLATFORMS
    for facility in facilities:
        assert (facility.kind, facility.strand.slug) == ("platform", "livelihoods")
        assert slugs(facility.statements.all()) == [facility.slug]
        assert slugs(facility.sources.all()) == ["press-conference"]


def test_programmes_and_the_network_have_their_statements():
    programmes = Programme.objects.all()
    assert {row.slug: (row.kind, row.strand and row.strand.slug) for row in programmes} == PROGRAMMES
    assert all(slugs(row.statements.all()) == [row.slug] for row in programmes)


def test_the_network_statement_is_a_claim_without_a_figure():
    claim = Claim.objects.get(slug="cooperation-network")
    assert (claim.figure, claim.value, claim.qualifier) == (None, None, "")


def test_the_press_conference_is_an_event_of_its_source():
    source = Source.objects.get(slug="press-conference")
    assert (source.kind, source.said_on, source.machine_translated) == ("press_conference", "2023-10-30", True)
    assert source.publisher_en == "Science and Technology Daily"
    assert {*slugs(source.statements.all())} == {"press-conference", "reporting-outlet", "speaker"}


def test_the_speaker_is_the_only_person():
    person = Person.objects.get()
    assert (person.slug, person.name_en, person.name_zh_hans) == ("speaker", "Zhang Guangjun", "张广军")
    appearance = Appearance.objects.get()
    assert (appearance.person, appearance.edition.slug) == (person, "brst-2023")
    assert appearance.note


def test_the_edition_has_its_place_dates_and_reported_parts():
    edition = Edition.objects.get()
    assert (edition.slug, edition.start_date, edition.end_date) == ("brst-2023", "2023-11-06", "2023-11-07")
    assert (edition.city_en, edition.country.code, edition.time_zone) == ("Chongqing", "CN", "Asia/Shanghai")
    assert edition.theme_en == "Together for Innovation, Development for All"
    assert {"conference", "host-city"} <= {*slugs(edition.statements.all())}
    assert Section.objects.filter(edition=edition).count() == 5
    assert Track.objects.filter(edition=edition).count() == 7
    organisers = ["most", "cas", "cae", "cast", "chongqing-government", "sichuan-government"]
    assert slugs(edition.organisers.order_by("organiser_roles__position")) == organisers
    assert Placement.objects.filter(edition=edition, outcome=True).count() == 3


def test_every_part_of_the_edition_names_its_source():
    for model in (Edition, Section, Track, Organisation, Person):
        for record in model.objects.all():
            assert record.sources.exists() and record.statements.exists(), record


def test_sources_that_differ_on_the_countries_stand_side_by_side():
    claims = Claim.objects.filter(figure__slug="attendance-countries").order_by("said_on")
    assert [(claim.source.slug, claim.value, claim.qualifier, claim.relation) for claim in claims] == [
        ("press-conference", 80, "about", "first"),
        ("xinhua-2023-10-31", 70, "more_than", "conflicts"),
        ("science-and-technology-daily-2023-11", 80, "about", "conflicts"),
        ("ichongqing-2023-11-07", 80, "more_than", "agrees"),
    ]
    assert all(claim.scope_en for claim in claims)


def test_each_figure_has_one_first_claim_and_none_is_preferred():
    firsts = Claim.objects.exclude(figure=None).filter(relation=ClaimRelation.FIRST)
    assert sorted(claim.figure.slug for claim in firsts) == sorted(slugs(Figure.objects.all()))
    assert not Claim.objects.filter(preferred=True).exists()


def test_reported_claims_have_no_place_and_come_from_other_sources():
    reported = Claim.objects.filter(quote_kind=QuoteKind.REPORTED)
    assert reported.count() == 13
    assert not reported.exclude(offset=None).exists()
    assert not reported.filter(source__slug="press-conference").exists()


def translated_rows():
    """Every translated text of the founding content; countries have a fixture and tests of their own."""
    for model in public_models():
        if model in translator.get_registered_models() and model._meta.label not in (
            "conference.Country",
            "conference.Region",
            "conference.RegionGroup",
        ):
            for row in model._base_manager.all():
                for field in translator.get_options_for_model(model).all_fields:
                    yield row, field, {code: getattr(row, languages.column(field, code)) for code in languages.CODES}


def test_every_text_exists_in_six_languages():
    checked = 0
    for row, field, texts in translated_rows():
        # The words themselves are the English text beside their translations.
        if any(texts.values()):
            checked += 1
            if field == "quote_translation":
                texts["en"] = row.quote
            assert all(texts.values()), f"{row._meta.label} {row}: {field}"
    assert checked > 200


def test_texts_are_in_the_script_of_their_language():
    scripts = {"zh-hans": r"[一-鿿]", "ru": r"[а-яё]", "ar": r"[؀-ۿ]"}
    latin_names = {"short_name", "publisher"}
    for row, field, texts in translated_rows():
        for code, script in scripts.items():
            if texts[code] and field not in latin_names:
                assert re.search(script, texts[code], re.IGNORECASE), f"{row._meta.label} {row}: {field} {code}"


def test_quotation_marks_are_those_of_their_language():
    marks = {
        "en": r"['\"«»]",
        "zh-hans": r"['\"«»]",
        "fr": r"['\"“”]|« |[^\u202f]»|«[^\u202f]",
        "es": r"['\"“”]",
        "ru": r"['\"“”]",
        "ar": r"['\"“”]",
    }
    for row, field, texts in translated_rows():
        for code, wrong in marks.items():
            text = re.sub(r"<[^>]*>", "", texts[code] or "")
            assert not (text != getattr(row, "quote", None) and re.search(wrong, text)), f"{row}: {field} {code}"


def test_every_record_is_published_valid_and_says_what_no_person_has_read():
    for model in public_models():
        if issubclass(model, Record) and model is not Country:
            for record in model._base_manager.all():
                record.full_clean()
                assert record.state == "published", record
                assert record.unreviewed_languages == ["zh-hans", "fr", "es", "ru", "ar"], record


def test_countries_regions_and_groups_are_those_of_the_fixture():
    fixture = json.loads((FIXTURES / "countries.json").read_text(encoding="utf-8"))
    assert Country.objects.count() == len(fixture["countries"])
    assert Country.objects.listed().count() == 249
    assert Region.objects.count() == len(fixture["regions"])
    namibia = Country.objects.get(code="NA")
    assert (namibia.slug, namibia.name_ar, namibia.subregion.slug) == ("na", "ناميبيا", "sub-saharan-africa")
    for group in fixture["groups"]:
        members = Country.objects.filter(groups__slug=group["slug"]).values_list("code", flat=True)
        assert sorted(members) == sorted(group["members"])
    chinese = Country.objects.filter(code__in=["AF", "EG", "KP", "CN", "US"]).order_by("sort_zh_hans")
    assert [country.code for country in chinese] == ["AF", "EG", "KP", "US", "CN"]


def test_strands_stand_in_the_order_of_the_source():
    in_order = ["people-exchange", "research-capacity", "livelihoods", "industry", "civilisation"]
    assert slugs(Strand.objects.all()) == in_order


def test_every_records_check_asks_what_the_api_answers(client):
    checked = Figure.objects.exclude(checked_collection="")
    assert {*slugs(checked)} == {
        *("joint-laboratories", "education-centres", "transfer-centres", "joint-research-projects"),
        "attendance-countries",
    }
    for figure in checked:
        assert client.get(f"/api/v1/{figure.checked_collection}/?{figure.checked_query}").status_code == 200, figure


def test_headline_figures_are_in_order():
    in_order = ["agreement-countries", "trained", "joint-laboratories", "education-centres", "transfer-centres"]
    assert slugs(Figure.objects.filter(headline=True)) == in_order


def test_the_site_has_a_name_and_menus_that_lead_somewhere(client):
    assert Site.objects.get().name_zh_hans == "“一带一路”科技交流大会"
    for item in MenuItem.objects.all():
        address = item.path if item.path.startswith("/api/") else f"/en{item.path}"
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("slug", ["about", "how-figures-are-checked", "accessibility", "licence", "privacy"])
def test_links_of_standing_pages_lead_to_the_same_language(slug):
    page = Page.objects.get(slug=slug)
    for code in languages.CODES:
        links = re.findall(r'href="(/[^"]*)"', getattr(page, languages.column("body", code)))
        assert all(link.startswith(f"/{code}/") for link in links), links


def test_the_database_itself_refuses_a_quote_that_was_altered():
    with pytest.raises(IntegrityError, match="does not have these words"):
        Claim.objects.filter(slug="trained").update(quote="sixteen thousand")
