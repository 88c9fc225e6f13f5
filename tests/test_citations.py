"""How records are cited: in words, as BibTeX and as CSL-JSON, in all six languages."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from content import languages
from content.exports.citation import Citation, escaped, to_bibtex, to_csl
from content.models import Article, Claim, Figure, Site, Source
from tests.world import World

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((Path(__file__).parent / "standards" / "csl-data.json").read_text())
PAGES = {
    "figures/row-001/": "dataset",
    "sources/row-001/": "article-newspaper",
    "news/row-001/": "post",
    "documents/row-001/": "report",
    "conference/row-001/sessions/row-001/": "event",
    "cooperation/agreements/row-001/": "treaty",
    "cooperation/facilities/row-001/": "webpage",
    "cooperation/projects/row-001/": "webpage",
    "cooperation/programmes/row-001/": "webpage",
}
CLAIM = "claims/row-001/"
TEXTS = [
    "L’économie d’énergie : 50 % & plus — « œuvre »",
    "¿Cuántos años? Más de 10 000 científicos_jóvenes",
    "Совместные лаборатории: йод, ёлка",
    "أكثر من 50 مختبرًا مشتركًا",
    "超过50家联合实验室",
    "Braces { } and \\ slash, $5 #1 ~ ^ çñüßøłŽő",
]
COMMANDS = {"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308"}
LETTERS = {"c": "\u0327", "v": "\u030c", "H": "\u030b", "r": "\u030a", "u": "\u0306", "k": "\u0328"}
WORDS = {"ss": "ß", "ae": "æ", "oe": "œ", "o": "ø", "l": "ł", "OE": "Œ", "i": "ı"}
SIGNS = {r"\textbackslash{}": "\\", r"\textasciicircum{}": "^", r"\textasciitilde{}": "~", "!`": "¡", "?`": "¿"}


def read(text: str) -> str:
    """What TeX would print of a value."""
    import unicodedata

    text = re.sub(r"{\\([`'^~\"]){(\\?\w)}}", lambda found: found[2].lstrip("\\") + COMMANDS[found[1]], text)
    text = re.sub(r"{\\([cvHruk]){(\\?\w)}}", lambda found: found[2].lstrip("\\") + LETTERS[found[1]], text)
    text = re.sub(r"{\\(\w+)}", lambda found: WORDS[found[1]], text)
    for command, sign in SIGNS.items():
        text = text.replace(command, "\0" + f"{ord(sign):04x}")
    text = re.sub(r"(?<!\\)~", "\u00a0", text)
    text = re.sub(r"\\([{}$&#%_])", r"\1", text)
    text = re.sub(r"\0([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return unicodedata.normalize("NFC", text)


def entry(text: str) -> dict[str, str]:
    """The fields of one BibTeX entry, read by its rules: a value ends where its braces balance."""
    head = re.match(r"@(\w+){([^\s,{}]+),\n", text)
    assert head and text.endswith("}\n")
    fields, place = {"kind": head[1], "key": head[2]}, head.end()
    while name := re.compile(r"  (\w+) = ").match(text, place):
        place = name.end()
        if text[place] != "{":
            fields[name[1]], place = text[place : text.index(",\n", place)], text.index(",\n", place) + 2
            continue
        start, depth = place, 0
        while True:
            escaped_sign = text[place] == "\\" and text[place + 1] in "{}"
            depth += 0 if escaped_sign else {"{": 1, "}": -1}.get(text[place], 0)
            place += 2 if escaped_sign else 1
            if depth == 0:
                break
        fields[name[1]] = text[start + 1 : place - 1]
        assert text[place : place + 2] == ",\n"
        place += 2
    assert text[place:] == "}\n"
    return fields


def links(response) -> list[tuple[str, str]]:
    return re.findall(r'<([^>]+)>; rel="([\w-]+)"', response["Link"])


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_from_bibtex_as_it_was(text):
    assert read(escaped(text)) == text.replace("\u202f", "\u00a0")
    assert not re.search(r"(?<!\\)[&%$#]", escaped(text))


def test_an_entry_is_closed_whatever_is_in_it():
    given = dict.fromkeys(("title", "container", "genre", "note", "version", "publisher"), "a}{b \\ % \n@misc{x,")
    citation = Citation(
        key="figure-one", type="dataset", url="https://example.org/{x}?a=1&b=2_3", language="fr",
        accessed="2026-11-26",
        authors=("O’Brien, Éloïse", "Łukasz"), issued="2023-10", **given,
    )  # fmt: skip
    fields = entry(to_bibtex(citation))
    assert read(fields["note"]) == "a}{b \\ % @misc{x,"
    assert (fields["year"], fields["month"], fields["urldate"]) == ("2023", "oct", "2026-11-26")
    assert fields["url"] == "https://example.org/%7Bx%7D?a=1&b=2_3"
    jsonschema.validate(json.loads(to_csl(citation)), SCHEMA)


@pytest.mark.parametrize("language", languages.CODES)
def test_every_record_that_can_be_cited_has_both_files_in_each_language(client, language):
    World(1)
    Site.objects.create(name_en="Portal", name_zh_hans="门户")
    for path, kind in {**PAGES, CLAIM: "article-newspaper"}.items():
        csl = client.get(f"/{language}/{path}citation.json")
        assert csl["Content-Type"].startswith("application/vnd.citationstyles.csl+json")
        jsonschema.validate(csl.json(), SCHEMA)
        (item,) = csl.json()
        assert item["type"] == kind
        fields = entry(client.get(f"/{language}/{path}citation.bib").content.decode())
        assert read(fields["title"]).strip("{}") == item["title"]
        assert fields["url"] == item["URL"]
        assert item["language"] == languages.html_code(language)
        assert csl["Site-Revision"] in item["version"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_how_it_is_cited_and_machines_find_the_files(client, path):
    World(1)
    response = client.get(f"/en/{path}")
    page = response.content.decode()
    assert f"state of the record {response['Site-Revision']}, last changed 20" in page
    assert f'href="/en/{path}citation.bib"' in page and f'href="/en/{path}citation.json"' in page
    found = links(response)
    assert (f"http://localhost:8000/en/{path}", "cite-as") in found
    described = [address for address, rel in found if rel == "describedby"]
    assert f"http://localhost:8000/en/{path}citation.bib" in described
    assert all(client.get(address).status_code == 200 for address in described)
    assert 'rel="describes"' in client.get(f"/en/{path}citation.bib")["Link"]


def test_a_figure_is_cited_with_what_carries_it(client):
    World(1)
    Figure.objects.update(value=50, qualifier="more_than", unit_en="joint laboratories")
    Claim.objects.update(value=50, qualifier="more_than")
    Source.objects.update(publisher_en="The Daily")
    (item,) = client.get("/en/figures/row-001/citation.json").json()
    assert item["title"] == "more than 50 joint laboratories"
    assert item["note"] == "more than 50 joint laboratories, according to The Daily (30 October 2023)"
    today = datetime.now(UTC)
    assert item["accessed"] == {"date-parts": [[today.year, today.month, today.day]]}
    Claim.objects.update(state="draft")
    (item,) = client.get("/en/figures/row-001/citation.json").json()
    assert "50" not in json.dumps(item["title"]) and "note" not in item


def test_where_sources_differ_the_citation_names_them_all(client):
    world = World(1)
    Claim.objects.create(
        slug="other", figure=world.figures[0], source=world.sources[0], value=70, qualifier="about", state="published",
        quote="about 70", quote_kind="reported", said_on="2023-11", relation="conflicts",
    )  # fmt: skip
    (item,) = client.get("/en/figures/row-001/citation.json").json()
    assert item["note"] == (
        "1, according to row 001 en (30 October 2023); about 70, according to row 001 en (November 2023)"
    )


def test_no_citation_puts_reported_words_in_quotation_marks(client):
    World(1)
    Claim.objects.update(quote_kind="reported")
    for path in ("figures/row-001/", "sources/row-001/", CLAIM):
        for ending in ("bib", "json"):
            text = client.get(f"/en/{path}citation.{ending}").content.decode()
            assert not re.search(r"[“”«»„「」]|``|''", text), path
    assert "nine centres" not in client.get(f"/en/{CLAIM}citation.json").content.decode()


def test_the_citation_of_what_is_hidden_or_withdrawn_is_refused_as_its_page(client):
    World(1)
    assert client.get("/en/news/never/citation.bib").status_code == 404
    assert client.get("/en/news/row-001/citation.bib?style=apa").status_code == 400
    Article.objects.update(state="archived", withdrawal_reason_en="Counted twice.")
    gone = client.get("/en/news/row-001/citation.json")
    assert gone.status_code == 410 and "row 001" not in gone.content.decode()
    Source.objects.update(state="draft")
    assert client.get(f"/en/{CLAIM}citation.bib").status_code == 404
