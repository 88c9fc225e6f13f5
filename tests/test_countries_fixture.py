"""The committed countries, regions and groups."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content.languages import CODES

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
FIXTURE = json.loads((FIXTURES / "countries.json").read_text(encoding="utf-8"))
COUNTRIES = {country["code"]: country for country in FIXTURE["countries"]}
REGIONS = {region["slug"]: region for region in FIXTURE["regions"]}
GROUPS = {group["slug"]: group for group in FIXTURE["groups"]}
LISTED = [country for country in FIXTURE["countries"] if country["listed"]]


def test_the_fixture_is_what_its_sources_give(capsys):
    call_command("make_countries_fixture", check=True)
    assert capsys.readouterr().out == "255 countries, 22 regions, 3 groups\n"


def test_a_changed_fixture_is_noticed(tmp_path, settings):
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "sources").symlink_to(FIXTURES / "sources")
    (tmp_path / "fixtures" / "map-points.csv").symlink_to(FIXTURES / "map-points.csv")
    changed = (FIXTURES / "countries.json").read_text(encoding="utf-8").replace("Namibia", "Nowhere", 1)
    (tmp_path / "fixtures" / "countries.json").write_text(changed, encoding="utf-8")
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="not what its sources give"):
        call_command("make_countries_fixture", check=True)


def test_every_territory_of_iso_3166_is_there_once():
    assert len(LISTED) == 249
    assert len(COUNTRIES) == len(FIXTURE["countries"]) == 255
    assert len({country["alpha3"] for country in FIXTURE["countries"]}) == 255
    assert len({country["m49"] for country in LISTED}) == 249
    assert all(re.fullmatch("[A-Z]{2}", country["code"]) for country in LISTED)
    assert all(re.fullmatch("[0-9]{3}", country["m49"]) for country in FIXTURE["countries"])


def test_na_is_namibia():
    namibia = COUNTRIES["NA"]
    assert (namibia["alpha3"], namibia["m49"], namibia["name"]["en"]) == ("NAM", "516", "Namibia")
    assert (namibia["region"], namibia["subregion"]) == ("africa", "sub-saharan-africa")


def test_nothing_lacks_a_name_in_any_language():
    for record in (*FIXTURE["countries"], *FIXTURE["regions"], *FIXTURE["groups"]):
        assert tuple(record["name"]) == CODES
        assert all(name == name.strip() != "" for name in record["name"].values())


def test_names_are_those_whose_order_is_known():
    order = json.loads((FIXTURES / "sources" / "country-order.json").read_text(encoding="utf-8"))["languages"]
    for language in CODES:
        assert {country["code"]: country["name"][language] for country in LISTED} == dict(order[language])


def test_official_names_stand_without_article_or_asterisk():
    assert COUNTRIES["KE"]["official_name"] == {
        "en": "Republic of Kenya",
        "zh-hans": "肯尼亚共和国",
        "fr": "République du Kenya",
        "es": "República de Kenya",
        "ru": "Республика Кения",
        "ar": "جمهورية كينيا",
    }
    assert COUNTRIES["VA"]["official_name"]["en"] == "Holy See"
    assert COUNTRIES["ER"]["official_name"]["fr"] == "État d'Érythrée"
    assert COUNTRIES["AX"]["official_name"] is None
    assert sum(country["official_name"] is not None for country in LISTED) == 195


def test_every_region_that_is_named_exists():
    kinds = {"region": "region", "subregion": "subregion"}
    for country in FIXTURE["countries"]:
        if country["code"] == "AQ":
            assert (country["region"], country["subregion"]) == (None, None)
            continue
        for key, kind in kinds.items():
            assert REGIONS[country[key]]["kind"] == kind
        assert REGIONS[country["subregion"]]["parent"] == country["region"]


def test_groups_have_their_members():
    assert {slug: len(group["members"]) for slug, group in GROUPS.items()} == {
        "asean": 11,
        "arab-states": 22,
        "africa": 60,
    }
    for group in FIXTURE["groups"]:
        assert group["basis"]
        assert set(group["members"]) <= COUNTRIES.keys()
    assert set(GROUPS["africa"]["members"]) == {c["code"] for c in LISTED if c["region"] == "africa"}


def test_extinct_states_go_by_the_four_letters_of_iso_3166_3():
    former = {country["alpha3"]: country for country in FIXTURE["countries"] if not country["listed"]}
    assert {alpha3: (country["code"], country["existed_until"]) for alpha3, country in former.items()} == {
        "ANT": ("ANHH", 2010),
        "CSK": ("CSHH", 1992),
        "DDR": ("DDDE", 1990),
        "SCG": ("CSXX", 2006),
        "SUN": ("SUHH", 1991),
        "YUG": ("YUCS", 2003),
    }


def test_every_listed_country_has_a_place_on_the_map():
    for country in LISTED:
        assert -90 < country["latitude"] < 90
        assert -180 <= country["longitude"] < 180
    russia, fiji = COUNTRIES["RU"], COUNTRIES["FJ"]
    assert 80 < russia["longitude"] < 110
    assert 177 < fiji["longitude"] < 180
