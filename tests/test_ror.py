"""Organisations found in the data dump of ROR: on the command line, and chosen by staff."""

import io
import json
import tracemalloc
import zipfile
from itertools import islice
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from conference.imports.ror_file import RORError, entries
from conference.models import Country, Organisation, RORCandidate
from conference.models.ror import DIGITS, is_ror

pytestmark = pytest.mark.django_db


def ror(number: int) -> str:
    """A valid identifier, one for each number."""
    number += 32**5
    signs = "".join(DIGITS[number // 32**place % 32] for place in reversed(range(6)))
    return f"https://ror.org/0{signs}{98 - number * 100 % 97:02}"


def item(number: int, name: str, country: str = "CN", status: str = "active", **more) -> dict:
    names = [{"value": name, "types": ["ror_display", "label"], "lang": "en"}]
    names += [{"value": text, "types": [kind], "lang": None} for kind, text in more.items()]
    details = {"country_code": country, "country_name": "x", "name": "Beijing"}
    return {
        "id": ror(number),
        "names": names,
        "locations": [{"geonames_id": 1, "geonames_details": details}],
        "status": status,
        "types": ["education"],
    }


@pytest.fixture
def countries():
    return {
        code: Country.objects.create(slug=code.lower(), code=code, alpha3=f"{code}X", name_en=code, state="published")
        for code in ("CN", "FR")
    }


def organisation(name: str, **values) -> Organisation:
    slug = f"org-{Organisation.objects.count()}"
    return Organisation.objects.create(slug=slug, name_en=name, state="published", **values)


def run(tmp_path: Path, capsys, content, *arguments, name: str = "ror.json") -> tuple[int, dict, list[str]]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=1).encode())
    code = 0
    try:
        call_command("import_ror", str(path), *arguments)
    except SystemExit as error:
        code = error.code
    told = capsys.readouterr()
    return code, json.loads(told.out.splitlines()[-1]), told.err.splitlines()


def zipped(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.json", content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("identifier", "valid"),
    [
        ("https://ror.org/05dxps055", True),
        ("https://ror.org/034t30j35", True),
        ("https://ror.org/05dxps054", False),
        ("https://ror.org/05dxpz055", False),
        ("https://ror.org/15dxps055", False),
        ("05dxps055", False),
    ],
)
def test_an_identifier_is_checked_by_its_last_two_digits(identifier, valid):
    assert is_ror(identifier) is valid


def test_the_only_entry_of_that_name_in_that_country_is_applied(tmp_path, capsys, countries):
    academy = organisation("Académie des Sciences", country=countries["FR"])
    institute = organisation("The institute", other_names=["Old Institute"])
    dump = [
        item(1, "Academie des sciences", "FR", acronym="ADS"),
        item(2, "Académie des sciences", "CN"),
        item(3, "New Institute", "CN", alias="Old Institute"),
        item(4, "Somebody else"),
    ]
    code, account, _lines = run(tmp_path, capsys, dump, "--dry-run")
    assert (code, account["changed"]) == (0, 2) and not Organisation.objects.exclude(ror="").exists()
    code, account, _lines = run(tmp_path, capsys, dump)
    assert account == {
        "format": "ror", "dry_run": False, "read": 2, "created": 0, "changed": 2, "unchanged": 0, "refused": 0,
        "warnings": 0,
    }  # fmt: skip
    academy.refresh_from_db()
    institute.refresh_from_db()
    assert (academy.ror, academy.acronym, academy.country) == (ror(1), "ADS", countries["FR"])
    assert (institute.ror, institute.country, institute.name_en) == (ror(3), countries["CN"], "The institute")
    assert run(tmp_path, capsys, dump)[1]["changed"] == 0


def test_what_is_less_sure_waits_for_a_person(tmp_path, capsys, countries):
    several = organisation("National Laboratory", country=countries["CN"])
    elsewhere = organisation("Marine Institute", country=countries["FR"])
    shortened = organisation("Ministry", acronym="MOST", country=countries["CN"])
    closed = organisation("Closed School", country=countries["CN"])
    dump = [
        item(1, "National Laboratory"),
        item(2, "National Laboratory"),
        item(3, "Marine Institute", "CN"),
        item(4, "Ministry of Science and Technology", acronym="MOST"),
        item(5, "Museum of Space", "FR", acronym="MOST"),
        item(6, "Closed School", status="inactive"),
    ]
    _code, account, lines = run(tmp_path, capsys, dump)
    assert (account["changed"], account["unchanged"], account["warnings"]) == (0, 4, 4)
    offered = {one.pk: [(c.ror, c.reason) for c in one.ror_candidates.all()] for one in Organisation.objects.all()}
    assert offered == {
        several.pk: [(ror(1), "the same name"), (ror(2), "the same name")],
        elsewhere.pk: [(ror(3), "the same name, in another country")],
        shortened.pk: [(ror(4), "the same acronym")],
        closed.pk: [(ror(6), "the same name, no longer active")],
    }
    assert all(line.startswith("ror.json:") and "Choose in the admin" in line for line in lines)


def test_two_records_that_are_one_entry_are_named_as_likely_duplicates(tmp_path, capsys, countries):
    organisation("The Academy", country=countries["CN"])
    organisation("The Academy", country=countries["CN"])
    _code, account, lines = run(tmp_path, capsys, [item(1, "The Academy")])
    assert account["changed"] == 0 and all("likely duplicates" in line for line in lines) and len(lines) == 2


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b'{"id": 1}', 1, "not a list"),
        (b'[\n{"id": "https://ror.org/05dxps055", "names": []},\n{"id": ', 3, "not JSON"),
        (b'[\n{"id": "x", "names": []}\n{"id": 1}]', 3, "comma"),
        (b'[\n\n{"id": "x", "name": "Old"}]', 3, "schema 1"),
        (b'[{"id": "x", "names": [{}]}]', 1, "no entry of ROR"),
        (b"[\xff\xfe]", 1, "UTF-8"),
        (b'[{"id": "x", "names": []}', 1, "breaks off"),
        (b"PK\x03\x04 and no more", 1, "damaged"),
    ],
)
def test_a_file_that_is_no_dump_is_refused_with_its_line_and_changes_nothing(tmp_path, capsys, content, line, reason):
    organisation("Somebody")
    code, account, lines = run(tmp_path, capsys, content)
    assert code == 1 and account["read"] == 0
    assert lines[0].startswith(f"ror.json:{line}: refused: ") and reason in lines[0]


def test_of_a_zip_the_dump_in_schema_2_is_read(tmp_path, capsys, countries):
    one = organisation("The Academy", country=countries["CN"])
    content = zipped(
        **{"v1.50-ror-data": b'[{"id": "x", "name": "Old"}]'},
        **{"v1.50-ror-data_schema_v2": json.dumps([item(1, "The Academy")]).encode()},
    )
    assert run(tmp_path, capsys, content, name="ror.zip")[1]["changed"] == 1
    one.refresh_from_db()
    assert one.ror == ror(1)


def test_a_dump_of_any_length_passes_through_a_small_memory():
    class Long(io.RawIOBase):
        """Sixty megabytes that nobody holds."""

        def __init__(self):
            piece = json.dumps(item(1, "Somebody" * 100))
            self.pieces = iter([b"[", *[f"{piece},".encode()] * 60_000, f"{piece}]".encode()])

        def read(self, size=-1):
            return b"".join(islice(self.pieces, 200))

    tracemalloc.start()
    count = sum(1 for _ in entries(Long()))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 60_001
    assert most < 12 * 1024 * 1024


def test_an_entry_without_end_is_refused():
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return b'[{"id": "' if not hasattr(self, "begun") and not setattr(self, "begun", 1) else b"x" * 4_000_000

    with pytest.raises(RORError):
        list(entries(Endless()))


def test_staff_choose_among_the_entries(client, tmp_path, capsys, countries):
    one = organisation("National Laboratory")
    run(tmp_path, capsys, [item(1, "National Laboratory"), item(2, "National Laboratory", acronym="NL")])
    client.force_login(User.objects.create_superuser("editor"))
    path = f"/admin/conference/organisation/{one.pk}/ror/"
    assert path in client.get(f"/admin/conference/organisation/{one.pk}/change/").content.decode()
    page = client.get(path).content.decode()
    assert ror(1) in page and ror(2) in page
    assert "Choose one of the entries" in client.post(path, {}, follow=True).content.decode()
    second = RORCandidate.objects.get(ror=ror(2))
    client.post(path, {"choice": second.pk})
    one.refresh_from_db()
    assert (one.ror, one.acronym, one.country) == (ror(2), "NL", countries["CN"])
    assert not RORCandidate.objects.exists()
    public = client.get(f"/en/organisations/{one.slug}/").content.decode()
    assert f'<a href="{ror(2)}">' in public


def test_candidates_are_for_staff_alone_and_a_wrong_identifier_is_refused(client, countries):
    one = organisation("Somebody", ror=ror(1))
    other = organisation("Somebody else")
    RORCandidate.objects.create(organisation=other, ror=ror(9), name="zqcandidate")
    for path in (f"/en/organisations/{other.slug}/", "/api/v1/organisations/", "/en/organisations/"):
        assert "zqcandidate" not in client.get(path).content.decode()
    with pytest.raises(Exception, match="last two digits"):
        Organisation(slug="x", name="x", ror="https://ror.org/05dxps054").full_clean()
    assert one.ror == ror(1)
