"""The stored sort keys, against the order of ICU 72.1."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from content.sorting import LANGUAGES, sort_key

SOURCES = Path(__file__).resolve().parent.parent / "fixtures" / "sources"
ORDER = json.loads((SOURCES / "country-order.json").read_text(encoding="utf-8"))["languages"]


def in_order(texts, language):
    shuffled = list(texts)
    random.Random(7).shuffle(shuffled)
    return sorted(shuffled, key=lambda text: sort_key(text, language).encode("ascii"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_country_names_sort_as_the_language_does(language):
    names = [name for _, name in ORDER[language]]
    assert len(names) == 249
    assert in_order(names, language) == names


def test_chinese_countries_sort_by_pinyin():
    codes = ["AF", "EG", "ET", "AX", "KP", "DE", "RU", "FR", "CI", "US", "SA", "ES", "GB", "ZM", "CN"]
    codes_by_name = {name: code for code, name in ORDER["zh-hans"] if code in codes}
    assert [codes_by_name[name] for name in in_order(codes_by_name, "zh-hans")] == codes


# Each line was put into this order by ICU 72.1 (`numeric` on).
@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fr", ["Égypte", "Espagne", "États-Unis", "Éthiopie"]),
        ("fr", ["cote", "coté", "côte", "côté"]),
        ("en", ["co-op", "COOP", "coop2"]),
        ("en", ["resume", "Resume", "résumé", "Résumé", "resumes"]),
        ("en", ["Session 2", "Session 2b", "Session 007", "Session 10", "Session ten"]),
        ("en", ["Lodž", "Łódź", "Lomé", "Пекин", "بكين", "北京"]),
        ("es", ["Nu", "nz", "ñandú", "Ñu", "oa"]),
        ("en", ["ñandú", "Nu", "Ñu", "nz", "oa"]),
        ("ru", ["Ёж", "ежи", "ёжик", "ель", "ива", "йод", "Я", "Abel"]),
        # Runs of one script end before something less and before something greater.
        ("ru", ["да да", "дав", "дая", "даz"]),
        ("ar", ["آدم", "إبراهيم", "ابن", "أحمد", "باريس", "مكتبة", "مكتبت", "Zagreb"]),
        ("zh-hans", ["12 国", "阿富汗", "北京", "中国", "Beijing", "Пекин"]),
        ("zh-hans", ["王", "王芳", "王伟", "张"]),
        ("en", ["เกาะ", "ขอ", "แขก"]),
    ],
)
def test_samples(language, texts):
    assert in_order(texts, language) == texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_composed_and_decomposed_texts_have_the_same_key(language):
    assert sort_key("E\u0301gypte", language) == sort_key("\u00c9gypte", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_the_first_key(language):
    assert sort_key("", language) == ""
    assert sort_key(" ", language) > ""


@pytest.mark.parametrize(
    "text", ["Ab1 " * 2000, "Щё" * 4000, "中" * 4000, "9" * 9000, "\ud800\0\u200b𓀀", "한글" * 999]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_short_ascii_whatever_the_text(language, text):
    key = sort_key(text, language)
    assert key.isascii()
    assert 0 < len(key) <= 200


def test_a_cut_key_never_turns_an_order_round():
    start = "International workshop on the sustainable use of water in agriculture, "
    texts = [start * repeat + end for repeat in (1, 2, 3) for end in ("", "a", "B", "é")]
    for language in LANGUAGES:
        for text in texts:
            assert sort_key(text, language) <= sort_key(text + "z", language)
            assert sort_key("a" + text, language) < sort_key("b" + text, language)


def test_a_long_title_is_told_from_the_next_by_its_hundredth_letter():
    for language, letter in {"en": "t", "zh-hans": "t", "fr": "t", "es": "t", "ru": "ж", "ar": "ب"}.items():
        assert sort_key(letter * 99 + "a", language) != sort_key(letter * 99 + "b", language)


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'de'"):
        sort_key("Zoë", "de")


def test_importing_reads_no_table():
    code = "import content.sorting as s; print(s.load.cache_info().currsize, s.sections.cache_info().currsize)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "0 0\n"
