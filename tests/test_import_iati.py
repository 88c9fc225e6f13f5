"""IATI files come in whole or their faults are named by line; what went out comes back as it was."""

import io
import json
import os
import random
import re
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import Country, Organisation
from content import languages
from content.exports.plain_text import as_html, plain_text
from content.merging import merge
from content.models import Import, ImportedRow, Strand
from cooperation.imports import iati_import, iati_xml
from cooperation.imports.iati_apply import Applier
from cooperation.models import (
    Budget,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectRegion,
    ProjectSector,
    Transaction,
)
from tests.test_exports_iati import activities_of, full_project, text_of

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"
PARTS = (ProjectCountry, ProjectRegion, ProjectSector, ProjectOrganisation, Budget, Transaction)


@pytest.fixture(autouse=True)
def countries():
    for code, alpha3, name in (("CN", "CHN", "China"), ("KE", "KEN", "Kenya"), ("TD", "TCD", "Chad")):
        Country.objects.create(code=code, alpha3=alpha3, name_en=name, state="published")


def activity(identifier="XM-1", title="Dam", more="", head='xml:lang="en" default-currency="USD"') -> str:
    return (
        f"<iati-activity {head}>\n<iati-identifier>{identifier}</iati-identifier>\n"
        f"<title><narrative>{title}</narrative></title>\n{more}\n</iati-activity>\n"
    )


def document(*activities: str, version: str = "2.03") -> str:
    return f'<?xml version="1.0"?>\n<iati-activities version="{version}">\n{"".join(activities)}</iati-activities>\n'


class Run:
    """What the command said and how it ended."""

    def __init__(self, *files, **options):
        output, errors = io.StringIO(), io.StringIO()
        self.code = 0
        try:
            call_command("import_iati", *map(str, files), stdout=output, stderr=errors, **options)
        except SystemExit as end:
            self.code = end.code
        self.account = json.loads(output.getvalue().splitlines()[-1])
        self.errors = errors.getvalue().splitlines()
        counts = {name: self.account[name] for name in ("created", "changed", "unchanged", "refused")}
        assert self.account["read"] == sum(counts.values())
        assert self.account["warnings"] == sum(": warning: " in line for line in self.errors)
        assert all(re.match(r".+:\d+: (refused|warning): ", line) for line in self.errors), self.errors
        self.counts = {name: count for name, count in counts.items() if count}

    @property
    def remarks(self) -> list[str]:
        """Without the file's name."""
        return [line.partition(".xml:")[2] for line in self.errors]


@pytest.fixture
def read(tmp_path):
    def read(text, name="file.xml", **options) -> Run:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Run(path, **options)

    return read


def rows(model, **conditions) -> list[dict]:
    return list(model.objects.filter(**conditions).order_by("pk").values())


# ── the file as a whole ────────────────────────────────────────────────────────────────────────────────────────────


def test_what_comes_in_is_public_and_the_second_run_changes_nothing(read, client):
    first = read(document(activity(), activity("XM-2", "Dam")))
    assert (first.code, first.counts, first.errors) == (0, {"created": 2}, [])
    assert [row["title"] for row in client.get("/api/v1/projects/").json()["results"]] == ["Dam", "Dam"]
    again = read(document(activity(), activity("XM-2", "Dam")))
    assert (again.code, again.counts) == (0, {"unchanged": 2})
    assert Import.objects.count() == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(read):
    run = read(document(activity()), dry_run=True)
    assert (run.counts, run.account["dry_run"], run.code) == ({"created": 1}, True, 0)
    assert not Project.objects.exists()
    assert not Import.objects.exists()


def test_drafts_stay_hidden_until_they_are_imported_without_draft(read, client):
    with_party = activity(more='<participating-org role="1"><narrative>Bank</narrative></participating-org>')
    read(document(with_party), draft=True)
    assert client.get("/api/v1/projects/").json()["count"] == 0
    assert client.get("/api/v1/organisations/").json()["count"] == 0
    assert read(document(with_party)).counts == {"changed": 1}
    assert client.get("/api/v1/projects/").json()["results"][0]["organisations"][0]["organisation"]["name"] == "Bank"
    assert read(document(with_party)).counts == {"unchanged": 1}


def test_an_organisation_that_staff_keep_as_a_draft_stays_one(read):
    Organisation.objects.create(slug="bank", name_en="Bank")
    read(document(activity(more='<participating-org role="1"><narrative>Bank</narrative></participating-org>')))
    assert [(one.name_en, one.state) for one in Organisation.objects.all()] == [("Bank", "draft")]


def party_named(name: str, ref: str = "", more: str = "") -> str:
    return f'<participating-org role="1" ref="{ref}"><narrative>{name}</narrative>{more}</participating-org>'


def test_drafts_alone_do_not_change_what_is_public(read, client):
    read(document(activity(), activity("XM-2", "Well")))
    academy = Organisation.objects.create(slug="academy", name_en="Academy", state="published")
    again = activity("XM-2", "Well")
    for changed in (activity(title="Dam II"), activity(more=party_named("Academy", "XM-ACADEMY"))):
        run = read(
            document(changed, again, activity("XM-3", "Mill", party_named("Academy", "XM-ACADEMY"))), draft=True
        )
        assert run.counts["refused"] == 1
        (remark,) = run.remarks
        assert remark == (
            "3: refused: the project is public, and a change of it would be so at once: import without --draft"
        )
        assert [row["title"] for row in client.get("/api/v1/projects/").json()["results"]] == ["Dam", "Well"]
    academy.refresh_from_db()
    assert academy.iati_identifier == ""
    assert list(Project.objects.get(iati_identifier="XM-1").organisation_roles.all()) == []
    assert read(document(activity(title="Dam II"), again)).counts == {"changed": 1, "unchanged": 1}


def test_what_is_refused_as_public_brings_no_organisations(read):
    read(document(activity()))
    run = read(document(activity(more=party_named("New bank"))), draft=True)
    assert run.counts == {"refused": 1}
    assert not Organisation.objects.exists()


def test_drafts_are_changed_by_drafts(read):
    read(document(activity()), draft=True)
    assert read(document(activity(title="Dam II")), draft=True).counts == {"changed": 1}
    assert [(one.title_en, one.state) for one in Project.objects.all()] == [("Dam II", "draft")]


@pytest.mark.parametrize("draft", [False, True])
def test_two_identifiers_are_two_organisations_though_one_on_file_has_both_names(read, draft):
    Organisation.objects.create(
        slug="academy", name_en="Academy of Sciences", other_names=["UNDP"], name_fr="Académie des sciences",
        state="published",
    )  # fmt: skip
    names = {"X": "Academy of Sciences", "Y": "Académie des sciences", "Z": "UNDP"}
    file = document(activity(more="".join(party_named(name, ref) for ref, name in names.items())))
    assert read(file, draft=draft).counts == {"created": 1}
    assert ProjectOrganisation.objects.values("organisation").distinct().count() == 3
    assert read(file, draft=draft).counts == {"unchanged": 1}


@pytest.mark.parametrize("parties", [["X", ""], ["", "X"]])
def test_a_name_without_an_identifier_means_the_public_organisation_from_the_first_run_on(read, parties):
    Organisation.objects.create(slug="a", name_en="A", iati_identifier="Z")
    file = document(*(activity(f"XM-{ref}-1", more=party_named("A", ref)) for ref in parties))
    assert read(file).counts == {"created": 2}
    assert set(ProjectOrganisation.objects.values_list("organisation__iati_identifier", flat=True)) == {"X"}
    assert read(file).counts == {"unchanged": 2}


@pytest.mark.parametrize("version", ["1.01", "1.05", "1.0"])
def test_version_1_is_refused_by_name_with_what_to_do(read, version):
    run = read(document(activity(), version=version))
    assert (run.code, run.account["read"]) == (1, 0)
    (remark,) = run.remarks
    assert remark.startswith(f"2: refused: IATI {version} is not read")
    assert "ask its publisher for version 2.03" in remark


def test_version_1_is_recognised_without_its_name(read):
    text = "<iati-activities>\n<iati-activity>\n<iati-identifier>A</iati-identifier>\n<title>Dam</title>"
    run = read(f"{text}</iati-activity></iati-activities>")
    assert run.remarks[0].startswith("4: refused: this looks like IATI 1")


@pytest.mark.parametrize("version", ["2.01", "2.02", "2.03"])
def test_each_version_2_is_read(read, version):
    assert read(document(activity(), version=version)).counts == {"created": 1}


def test_a_malformed_file_gives_its_line_and_nothing_comes_in(read):
    text = document(*(activity(f"XM-{number}") for number in range(600))).replace("</iati-activities>", "</wrong>")
    run = read(text)
    assert (run.code, run.account["read"], len(run.errors)) == (1, 0, 1)
    assert run.remarks[0].startswith(f"{text.count(chr(10))}: refused: not well-formed XML: mismatched tag")
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("", "1: refused: the file is empty"),
        ("<iati-organisations version='2.03'/>", "1: refused: this is an IATI file of organisations"),
        ("<html><body/></html>", "1: refused: this is an HTML page, not an IATI file"),
        ("\n<rss/>", "2: refused: this is not an IATI file: it begins with 'rss'"),
        ('{"a": 1}', "1: refused: this is JSON, not an IATI file"),
        ("<iati-activities version='2.03'/>", "1: refused: the file has no activity"),
        ("<iati-activities version='3.01'/>", "1: refused: IATI '3.01' is not known"),
        ("<iati-activities version='2.03'>\n<iati-activity>", "2: refused: the file ends in the middle"),
        (
            '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><iati-activities>&c;</iati-activities>',
            "1: refused: a document type declaration",
        ),
        (
            "<iati-activities version='2.03'>" + "<a>" * 40,
            "1: refused: elements are nested more than 30 deep",
        ),
    ],
)  # fmt: skip
def test_what_is_no_file_of_activities_is_told_by_its_line(read, text, remark):
    run = read(text)
    assert (run.code, len(run.errors)) == (1, 1)
    assert run.remarks[0].startswith(remark)


def test_a_file_that_is_not_there_and_no_file_at_all(tmp_path):
    run = Run(tmp_path / "nothing.xml")
    assert (run.code, run.remarks) == (1, ["1: refused: the file can't be read: No such file or directory"])
    with pytest.raises(CommandError) as misuse:
        call_command("import_iati")
    assert misuse.value.returncode == 2 or "required" in str(misuse.value)


def test_several_files_come_in_together_or_not_at_all(tmp_path):
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(document(activity()))
    bad.write_text(document(activity("XM-2")) + "<")
    run = Run(good, bad)
    assert (run.code, run.account["read"]) == (1, 0)
    assert run.errors[0].startswith(f"{bad}:9: refused: ")
    assert not Project.objects.exists()
    bad.write_text(document(activity("XM-2"), activity("XM-1")))
    run = Run(good, bad)
    assert run.counts == {"created": 2, "refused": 1}
    assert run.errors == [
        f"{bad}:8: refused: the iati-identifier 'XM-1' is that of the activity in {good}, line 3"
    ]  # fmt: skip


def test_a_repeated_identifier_is_refused_with_the_line_of_the_first(read):
    many = [activity(f"XM-{number}") for number in range(300)]
    run = read(document(*many, activity("XM-0"), activity("XM-299", "Road")))
    assert run.counts == {"created": 300, "refused": 2}
    assert run.remarks == [
        "1503: refused: the iati-identifier 'XM-0' is that of the activity in line 3",
        "1508: refused: the iati-identifier 'XM-299' is that of the activity in line 1498",
    ]
    assert Project.objects.get(iati_identifier="XM-299").title_en == "Dam"


def test_an_activity_without_an_identifier_is_refused_and_the_others_come_in(read):
    run = read(document(activity(""), activity("X" * 301), activity()))
    assert run.counts == {"created": 1, "refused": 2}
    assert run.remarks == [
        "3: refused: the activity has no iati-identifier",
        "8: refused: the iati-identifier has more than 300 characters",
    ]


def test_one_activity_that_is_too_large_is_refused_alone(read, monkeypatch):
    monkeypatch.setattr(iati_xml, "LARGEST_TEXT", 200_000)
    monkeypatch.setattr(iati_xml, "MOST_ELEMENTS", 1000)
    long = f"<description><narrative>{'x' * 300_000}</narrative></description>"
    wide = "<sector code='11110'/>" * 1001
    run = read(document(activity("XM-1", more=long), activity("XM-2", more=wide), activity("XM-3")))
    assert run.counts == {"created": 1, "refused": 2}
    assert run.remarks == [
        "3: refused: the text of one element is larger than 0 MB",
        "8: refused: the activity has more than 1,000 elements",
    ]


# ── what is tolerated ──────────────────────────────────────────────────────────────────────────────────────────────


def one(read, more: str, **options) -> tuple[Project, list[str]]:
    run = read(document(activity(more=more, **options)))
    assert run.counts == {"created": 1}, run.errors
    assert read(document(activity(more=more, **options))).counts == {"unchanged": 1}
    return Project.objects.get(), run.remarks


def test_unknown_sector_codes_are_kept_and_told(read):
    project, remarks = one(read, '<sector code="11110" percentage="40"/>\n<sector code="99999" percentage="60"/>')
    assert [(one.code, one.percentage) for one in project.sectors.all()] == [("11110", 40), ("99999", 60)]
    assert remarks == ["7: warning: the sector code '99999' is not in the list of vocabulary 1; it is kept"]


def test_the_codes_of_other_vocabularies_are_not_doubted(read):
    more = '<sector vocabulary="99" code="dams"/><sector vocabulary="7" code="18"/><sector vocabulary="8" code="4.b"/>'
    project, remarks = one(read, more)
    assert [(one.vocabulary, one.code) for one in project.sectors.all()] == [("99", "dams"), ("7", "18"), ("8", "4.b")]
    assert remarks == ["6: warning: the sector code '18' is not in the list of vocabulary 7; it is kept"]


def paid(inside: str = "", money: str = '<value value-date="2020-01-02">1</value>') -> str:
    return (
        '<transaction><transaction-type code="3"/><transaction-date iso-date="2020-01-01"/>'
        f"{money}{inside}</transaction>"
    )


def test_missing_countries_are_taken_from_transactions_and_marked_everywhere(read, client):
    more = '<activity-status code="2"/><activity-date type="2" iso-date="2020-01-01"/>'
    more += paid('<recipient-country code="ke"/>') + paid('<recipient-country code="TD"/>')
    project, remarks = one(read, more)
    assert remarks == []
    found = client.get("/api/v1/projects/").json()["results"][0]["countries"]
    assert [(row["code"], row["derived_from"]) for row in found] == [
        ("KE", "transactions"), ("TD", "transactions"),
    ]  # fmt: skip
    page = client.get(project.get_absolute_url()).content.decode()
    assert page.count("Taken from its transactions") == 2
    (exported,) = activities_of(client)
    marks = [dict(one.attrib) for one in exported.findall("recipient-country")]
    assert marks == [
        {"code": "KE", "{urn:portal:iati}derived-from": "transactions"},
        {"code": "TD", "{urn:portal:iati}derived-from": "transactions"},
    ]


def test_missing_countries_are_taken_from_the_codes_of_locations(read):
    more = (
        '<location><administrative vocabulary="A4" level="1" code="KE-30"/></location>'
        '<location><location-id vocabulary="A3" code="TCD.1_1"/></location>'
        '<location><location-id vocabulary="G1" code="1453782"/></location>'
    )
    project, remarks = one(read, more)
    assert [(one.country.code, one.derived_from) for one in project.country_shares.all()] == [
        ("KE", "locations"), ("TD", "locations"),
    ]  # fmt: skip
    assert remarks == []


def test_countries_that_the_activity_names_itself_are_not_derived(read):
    project, _remarks = one(read, '<recipient-country code="CN"/>' + paid('<recipient-country code="KE"/>'))
    assert [(one.country.code, one.derived_from) for one in project.country_shares.all()] == [("CN", "")]
    # And what staff know stays above what a later file lets guess.
    assert read(document(activity(more=paid('<recipient-country code="KE"/>')))).counts == {"unchanged": 1}


def test_percentages_that_do_not_add_up_are_told(read):
    more = (
        '<recipient-country code="CN" percentage="50"/>\n<recipient-country code="KE" percentage="20"/>\n'
        '<recipient-region code="298" percentage="20"/>\n<sector code="11110" percentage="33.33"/>\n'
        '<sector code="11120" percentage="33.33"/>\n<sector code="11130" percentage="33.33"/>\n'
        '<sector vocabulary="2" code="111" percentage="101"/>'
    )
    project, remarks = one(read, more)
    assert remarks == [
        "6: warning: the percentages of the countries and regions add up to 90, not to 100",
        "12: warning: the percentage of the sector, '101', is not between 0 and 100: not kept",
    ]
    assert [(one.vocabulary, one.code, one.percentage) for one in project.regions.all()] == [("1", "298", 20)]


def test_a_code_that_stands_twice_is_there_once(read):
    more = '<sector code="11110" percentage="40"/>\n<sector code="11110" percentage="60"/>'
    project, remarks = one(read, more)
    assert [(one.code, one.percentage) for one in project.sectors.all()] == [("11110", 100)]
    assert remarks == ["7: warning: the sector '11110' is there twice: the percentages are added"]


@pytest.mark.parametrize("value", ["999999999999999999.999", "-999999999999999999.996", "1" + "0" * 30])
def test_an_amount_that_is_too_large_once_it_is_rounded_is_left_out(read, value):
    period = '<period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>'
    money = f"<budget>{period}<value>{value}</value></budget>"
    run = read(document(activity(), activity("XM-2", more=money)))
    assert run.counts == {"created": 2}
    assert run.remarks == [f"11: warning: the budget is not kept: '{value}' is too large"]


def test_a_country_derived_from_who_knows_where_is_one_of_the_project(read):
    head = 'xmlns:p="urn:portal:iati" xml:lang="en"'
    country = '<recipient-country code="KE" p:derived-from="somewhere else"/>'
    run = read(document(activity(more=country, head=head)))
    assert run.counts == {"created": 1}
    assert run.remarks == [
        "6: warning: the country 'KE' is derived from 'somewhere else', which is not known: not kept"
    ]
    assert [row["derived_from"] for row in rows(ProjectCountry)] == [""]


def test_shares_of_a_country_in_two_spellings_are_added(read):
    spelt = '<recipient-country code="ke" percentage="30"/>\n<recipient-country code="KE" percentage="30"/>\n'
    other = '<recipient-country code="KEN" percentage="40"/>'
    run = read(document(activity(more=spelt + other)))
    assert [(row["country_id"], row["percentage"]) for row in rows(ProjectCountry)] == [
        (Country.objects.get(code="KE").pk, Decimal(100))
    ]
    assert run.remarks == [
        "7: warning: the recipient-country 'KE' is there twice: the percentages are added",
        "8: warning: the recipient-country 'KEN' is there twice: the percentages are added",
    ]
    assert read(document(activity(more=spelt + other))).counts == {"unchanged": 1}


def test_activities_where_none_are_read_count_as_refused(read):
    nested = activity("XM-2", more=f"<transaction>{activity('XM-3')}</transaction>{activity('XM-4')}")
    run = read(document(activity(), f"<group>\n<deeper>{activity('XM-5')}</deeper></group>\n", nested))
    assert run.counts == {"created": 2, "refused": 3}
    reason = "the activity does not stand where activities are read, directly in 'iati-activities'"
    refused = [remark for remark in run.remarks if "refused" in remark]
    assert refused == [f"{line}: refused: {reason}" for line in (9, 18, 23)]
    assert "'group' is not kept" in " ".join(run.remarks)
    assert set(Project.objects.values_list("iati_identifier", flat=True)) == {"XM-1", "XM-2"}


def test_utf_7_is_no_encoding_of_xml(read):
    text = document(activity(title="+2AA-")).replace('"1.0"', '"1.0" encoding="utf-7"')
    run = read(text)
    assert (run.code, run.remarks) == (1, ["1: refused: the encoding 'utf-7' is not known: save the file as UTF-8"])


def test_a_file_whose_name_is_not_utf_8_comes_in(tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.xml")
    path.write_text(document(activity(), activity()))
    run = Run(path)
    assert run.counts == {"created": 1, "refused": 1}
    assert Import.objects.get().file == "caf\N{REPLACEMENT CHARACTER}.xml"


@pytest.mark.parametrize("where", ["sector", "head"])
def test_attributes_count_in_the_size_of_an_activity(read, monkeypatch, where):
    monkeypatch.setattr(iati_xml, "LARGEST_ACTIVITY", 1024**2)
    long = f'note="{"x" * 400_000}"'
    sectors = f'<sector code="{"1" * 400_000}"/>' * (3 if where == "sector" else 2)
    large = activity("XM-2", more=sectors, head=long if where == "head" else "")
    run = read(document(activity(), large, activity("XM-3")))
    assert run.counts == {"created": 2, "refused": 1}
    assert "8: refused: the activity is larger than 1 MB" in run.remarks


def test_long_activities_are_written_a_few_at_a_time(read, monkeypatch):
    taken = []
    apply = Applier.apply
    monkeypatch.setattr(Applier, "apply", lambda self, some: taken.append(len(some)) or apply(self, some))
    monkeypatch.setattr(iati_import, "_LARGEST_BATCH", 250_000)
    text = f"<description><narrative>{'word ' * 20_000}</narrative></description>"
    read(document(*(activity(f"XM-{number}", more=text) for number in range(10))))
    assert sum(taken) == 10
    assert max(taken) == 3


def test_a_text_in_many_pieces_is_read_in_reasonable_time(read):
    pieces = f"<description><narrative>{'a<b/>' * 150_000}</narrative></description>"
    started = time.monotonic()
    run = read(document(activity(more=pieces)))
    assert run.counts == {"created": 1}
    assert time.monotonic() - started < 30


def test_texts_come_in_their_languages(read):
    more = (
        '<description><narrative>All &lt;b> &amp;\n\n  so on</narrative><narrative xml:lang="zh-CN">水</narrative>'
        '</description>\n<description type="2"><narrative xml:lang="FR">But</narrative></description>'
        '<description type="3"><narrative>Farmers</narrative></description>'
        '<description type="4"><narrative>More</narrative></description>\n'
        '<description type="2"><narrative xml:lang="pt">Alvo</narrative></description>'
        '<activity-status code="2"/>'
    )
    project, remarks = one(read, more)
    assert project.description_en == "<p>All &lt;b&gt; &amp;</p><p>so on</p>"
    assert (project.description_zh_hans, project.objectives_fr) == ("<p>水</p>", "<p>But</p>")
    assert (project.target_groups_en, project.further_description_en) == ("<p>Farmers</p>", "<p>More</p>")
    assert (project.objectives_en, project.status) == ("<p>Alvo</p>", "2")
    (remark,) = remarks
    assert remark.endswith("the description is in 'pt', which the portal doesn't have: kept as English, since there is"
                           " no other")  # fmt: skip


def test_a_language_that_the_portal_has_not_gives_way_to_one_that_it_has(read):
    text = document(activity(title='A</narrative><narrative xml:lang="sw">B'))
    run = read(text)
    assert run.remarks == ["5: warning: the title is in 'sw', which the portal doesn't have: not kept"]
    assert Project.objects.get().title_en == "A"


def test_dates_are_as_precise_as_the_file_says(read):
    more = (
        '<activity-date type="1" iso-date="2019-01-01"><narrative>2019</narrative></activity-date>'
        '<activity-date type="2" iso-date="2019-02-01"/><activity-date type="3" iso-date="2024-02-29">'
        '<narrative>2024-02</narrative></activity-date>\n<activity-date type="4" iso-date="2018-01-01"/>\n'
        '<activity-date type="9" iso-date="2018-01-01"/>\n<activity-date type="4" iso-date="2018-02-30"/>'
    )
    project, remarks = one(read, more)
    assert (project.planned_start, project.actual_start, project.planned_end, project.actual_end) == (
        "2019", "2019-02-01", "2024-02", None,
    )  # fmt: skip
    assert remarks == [
        "7: warning: the activity ends on 2018-01-01, before it starts on 2019-02-01: the end is not kept",
        "8: warning: the date is of type '9', not 1 to 4: not kept",
        "9: warning: the date is not kept: '2018-02-30' is not a day of the calendar",
    ]


def test_money_has_a_currency_and_a_value_date_or_is_left_out(read):
    start = '<budget type="2" status="2"><period-start iso-date="2020-01-01"/>'
    budget = start + '<period-end iso-date="{end}"/>{value}</budget>'
    more = "\n".join(
        [
            budget.format(
                end="2020-12-31", value='<value currency="cny" value-date="2020-02-01">1,234,567.50</value>'
            ),
            budget.format(end="2019-12-31", value='<value value-date="2020-02-01">1</value>'),
            budget.format(end="2020-12-31", value="<value>2</value>"),
            budget.format(end="2020-12-31", value='<value value-date="2020-02-01">many</value>'),
            budget.format(end="2020-12-31", value='<value currency="dollar" value-date="2020-02-01">3</value>'),
            budget.format(end="2020-12-31", value='<value currency="QQQ" value-date="2020-02-01">4.005</value>'),
        ]
    )
    project, remarks = one(read, more)
    found = [(one.amount, one.currency, one.value_date, one.type) for one in project.budgets.order_by("pk")]
    assert found == [
        (Decimal("1234567.50"), "CNY", date(2020, 2, 1), "2"),
        (2, "USD", date(2020, 1, 1), "2"),
        (Decimal("4.00"), "QQQ", date(2020, 2, 1), "2"),
    ]
    assert remarks == [
        "6: warning: the value of the budget: '1,234,567.50' has commas; it is read as 1234567.50",
        "7: warning: the budget is not kept: it ends before it starts",
        "8: warning: the value date of the budget: it has none; it is taken to be 2020-01-01",
        "9: warning: the budget is not kept: 'many' is not a number",
        "10: warning: the budget is not kept: 'dollar' is no currency",
        "11: warning: the currency 'QQQ' of the budget is not in the list; it is kept",
        "11: warning: amounts with more than two decimals are rounded: 1 in the file, the first here",
    ]


def test_a_currency_is_nowhere(read):
    _project, remarks = one(read, paid(), head='xml:lang="en"')
    assert remarks == ["6: warning: the transaction is not kept: it has no currency, nor has the activity"]


def test_organisations_are_found_by_identifier_then_by_name(read):
    bank = Organisation.objects.create(slug="bank", name_en="Bank of Water", name_fr="Banque", state="published")
    more = (
        '<participating-org role="1" ref="XM-DAC-7" type="10"><narrative>BANK of water</narrative></participating-org>'
        '<participating-org role="4" ref="XM-DAC-7"/>'
        '<participating-org role="2" ref="XM-DAC-8" type="22"><narrative>Bank of Water</narrative></participating-org>'
        '<participating-org role="3"><narrative xml:lang="fr">Banque</narrative></participating-org>'
        + paid('<provider-org ref="xm-dac-7"/><receiver-org><narrative>New</narrative></receiver-org>')
    )
    project, remarks = one(read, more)
    bank.refresh_from_db()
    assert (bank.iati_identifier, bank.kind, remarks) == ("XM-DAC-7", "other", [])
    other = Organisation.objects.get(iati_identifier="XM-DAC-8")
    assert (other.name_en, other.kind, other.state) == ("Bank of Water", "non_governmental", "published")
    assert {(one.organisation_id, one.role) for one in project.organisation_roles.all()} == {
        (bank.pk, "1"), (bank.pk, "4"), (other.pk, "2"), (bank.pk, "3"),
    }  # fmt: skip
    transaction = project.transactions.get()
    assert (transaction.provider_id, transaction.receiver.name_en) == (bank.pk, "New")
    assert Organisation.objects.count() == 3


def test_an_organisation_that_was_merged_is_not_made_again(read):
    more = (
        '<participating-org role="1" ref="XM-1"><narrative>Ministry</narrative></participating-org>'
        '<participating-org role="4" ref="XM-2"><narrative>Ministry of Water</narrative></participating-org>'
    )
    one(read, more)
    kept, removed = Organisation.objects.order_by("iati_identifier")
    merge(kept, removed)
    assert read(document(activity(more=more))).counts == {"unchanged": 1}
    assert Organisation.objects.count() == 1


def test_who_reports_is_kept(read, client):
    project, _remarks = one(read, '<reporting-org ref="XM-9" type="40"><narrative>UN body</narrative></reporting-org>')
    assert (project.reporter.name_en, project.reporter.kind) == ("UN body", "intergovernmental")
    assert client.get("/api/v1/projects/").json()["results"][0]["reporter"]["name"] == "UN body"


def test_elements_that_are_not_kept_are_told_once_with_their_number(read):
    more = '<contact-info/>\n<policy-marker code="1"/><policy-marker code="2"/><x:y xmlns:x="urn:x"/>'
    _project, remarks = one(read, more)
    assert remarks == [
        "6: warning: 'contact-info' is not kept: 1 in the file, the first here",
        "7: warning: 'policy-marker' is not kept: 2 in the file, the first here",
    ]


def test_a_file_that_says_nothing_of_a_list_leaves_it(read):
    project, _remarks = one(read, '<sector code="11110"/>')
    Project.objects.filter(pk=project.pk).update(title_fr="Barrage", strand=None)
    run = read(document(activity()))
    assert (run.counts, run.remarks) == (
        {"unchanged": 1},
        ["3: warning: the activity says nothing of sectors: those on file stay"],
    )
    assert Project.objects.get().title_fr == "Barrage"


def test_what_differs_is_changed_and_nothing_else(read):
    read(document(activity(more='<sector code="11110"/><sector code="11120"/>'), activity("XM-2")))
    kept = ProjectSector.objects.get(code="11110").pk
    changed = document(activity(title="Dams", more='<sector code="11110"/><sector code="11130"/>'), activity("XM-2"))
    assert read(changed).counts == {"changed": 1, "unchanged": 1}
    assert [(one.pk == kept, one.code) for one in ProjectSector.objects.order_by("pk")] == [
        (True, "11110"), (False, "11130"),
    ]  # fmt: skip
    assert [one.title for one in Project.objects.order_by("pk")] == ["Dams", "Dam"]


def test_what_was_withdrawn_stays_so(read):
    project, _remarks = one(read, "")
    Project.objects.filter(pk=project.pk).update(state="archived")
    assert read(document(activity(title="New"))).counts == {"changed": 1}
    assert Project.objects.get().state == "archived"


# ── there and back ─────────────────────────────────────────────────────────────────────────────────────────────────


def image() -> dict:
    """Every project with all that IATI has a place for, by what it is called and not by keys."""
    texts = ("title", "description", "objectives", "target_groups", "further_description")
    columns = [languages.column(name, code) for name in texts for code in languages.CODES]
    plain = ["iati_identifier", "status", "planned_start", "actual_start", "planned_end", "actual_end"]
    found = {}
    for project in Project.objects.select_related("strand", "reporter"):
        values = {name: getattr(project, name) or None for name in (*columns, *plain)}
        values |= {"strand": project.strand and project.strand.slug, "reporter": named(project.reporter)}
        for model in PARTS:
            values[model.__name__] = sorted(
                (part_values(part) for part in model.objects.filter(project=project)), key=repr
            )
        found[str(project.uuid) if not project.iati_identifier else project.iati_identifier] = values
    return found


def named(organisation) -> tuple | None:
    return organisation and (
        organisation.iati_identifier,
        organisation.kind,
        *(getattr(organisation, languages.column("name", code)) or None for code in languages.CODES),
    )


def part_values(part) -> dict:
    values = {}
    for field in part._meta.concrete_fields:
        if field.name in ("id", "project", "description"):
            continue
        value = getattr(part, field.name)
        if field.related_model is Organisation:
            value = named(value)
        values[field.name] = str(value.pk) if field.related_model is Country else value or None
    return values


NASTY = [
    "Plain", "A & B < C > D", "]]> <![CDATA[x]]>", "“Quotes” 'and' \"more\"", "水利 工程", "سد كبير", "Плотина № 5",
    "=SUM(A1)", "a  b", "𝔘nicode 😀", "&amp; twice", "Ünïcödé—dash", "<p>not html</p>", "%(name)s {0} \\n", "null",
]  # fmt: skip
HTML = [
    "<p>One.</p>", "<p>One.</p><p>Two <strong>bold</strong></p>", "<ul><li>a</li><li>b &amp; c</li></ul>",
    '<p>See <a href="https://example.org/?a=1&amp;b=2" rel="noopener nofollow">this</a></p>',
    "<h2>Head</h2><p>x<br>y</p>",
    "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>", "<p>水</p><p></p><p>a   b</p>",
    "text without a tag",
]  # fmt: skip


def nasty_projects(count: int, seed: int) -> None:
    rng = random.Random(seed)

    def texts(field, choices, chance=0.4) -> dict:
        return {
            languages.column(field, code): rng.choice(choices) for code in languages.CODES if rng.random() < chance
        }

    Strand.objects.create(slug="water", name_en="Water", state="published")
    kinds = ["government", "academy", "university", "institute", "non_governmental", "company", "other"]
    parties = [
        Organisation.objects.create(
            slug=f"org-{number}",
            kind=rng.choice(kinds),
            state="published",
            iati_identifier=f"XM-{number}" if number % 3 else "",
            **{"name_en": f"{rng.choice(NASTY)} {number}"} if number % 2 else {"name_ar": f"جهة {number}"},
        )
        for number in range(12)
    ]
    day = date(2020, 2, 29)
    for number in range(count):
        start = rng.choice(["2019", "2019-11", "2019-11-06", None])
        project = Project.objects.create(
            slug=f"p-{number}",
            state="published",
            iati_identifier=rng.choice(["", f"XM-{seed}-{number}", f"ид/{number} x"]),
            status=rng.choice("123456"),
            strand=Strand.objects.get() if rng.random() < 0.5 else None,
            reporter=rng.choice([None, *parties]),
            planned_start=start,
            actual_start=rng.choice(["2019-12-01", "2020"]),
            planned_end=rng.choice(["2021", "2024-02", None]),
            actual_end=rng.choice(["2022-12-31", None]),
            **({"title_en": rng.choice(NASTY)} | texts("title", NASTY)),
            **texts("description", HTML),
            **texts("objectives", HTML, 0.2),
            **texts("target_groups", HTML, 0.1),
            **texts("further_description", HTML, 0.1),
        )
        for country in rng.sample(list(Country.objects.all()), rng.randint(0, 3)):
            origin = rng.choice(["", "transactions", "locations"])
            share = rng.choice([None, "33.3333", "0", "100"])
            ProjectCountry.objects.create(project=project, country=country, percentage=share, derived_from=origin)
        for model, codes in ((ProjectSector, ["11110", "x & y", "99999"]), (ProjectRegion, ["298", "289"])):
            for code in rng.sample(codes, rng.randint(0, 2)):
                model.objects.create(
                    project=project, code=code, vocabulary=rng.choice(["1", "2", "99"]), percentage="50"
                )
        for party in rng.sample(parties, rng.randint(0, 4)):
            ProjectOrganisation.objects.create(project=project, organisation=party, role=rng.choice("1234"))
        for _ in range(rng.randint(0, 3)):
            money = {"amount": rng.choice(["0.01", "-5", "12345678901234567.89", "0"]), "value_date": day}
            money["currency"] = rng.choice(["CNY", "XAF", "EUR"])
            period = {"period_start": day, "period_end": day + timedelta(days=rng.randint(0, 900))}
            Budget.objects.create(project=project, type=rng.choice("12"), status=rng.choice("12"), **period, **money)
            Transaction.objects.create(
                project=project,
                type=str(rng.randint(1, 13)),
                date=day,
                provider=rng.choice([None, *parties]),
                receiver=rng.choice([None, *parties]),
                **texts("description", NASTY, 0.3),
                **money,
            )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_goes_out_comes_back_as_it_was_also_into_an_empty_portal(read, client, seed):
    nasty_projects(40, seed)
    before = image()
    activities_of(client)
    exported = text_of(client)
    run = read(exported)
    assert (run.counts, image()) == ({"unchanged": 40}, before)
    Project.objects.all().delete()
    Organisation.objects.all().delete()
    run = read(exported)
    assert run.counts == {"created": 40}
    assert image() == before
    assert read(text_of(client)).counts == {"unchanged": 40}


def test_what_an_export_may_not_name_is_not_lost_by_importing_it_again(read, client):
    Country.objects.all().delete()
    full_project()
    Country.objects.filter(code="KE").update(state="draft")
    Organisation.objects.filter(slug="university").update(state="draft")
    before = image()
    run = read(text_of(client))
    assert (run.counts, image()) == ({"unchanged": 1}, before)


def test_formatting_that_another_has_changed_gives_way_to_the_words(read, client):
    Project.objects.create(
        slug="one", title_en="One", description_en="<p>Some <b>bold</b></p>", status="2", actual_start="2020",
        state="published",
    )  # fmt: skip
    exported = text_of(client)
    assert read(exported.replace(">Some bold<", ">Some italics<")).counts == {"changed": 1}
    assert Project.objects.get().description_en == "<p>Some italics</p>"


def test_a_file_cannot_bring_scripts_in(read):
    text = document(activity(more='<description portal:html-en="&lt;p onclick=&quot;x()&quot;>a&lt;/p>&lt;script>'
                                  'b()&lt;/script>"><narrative>a</narrative></description>'))  # fmt: skip
    text = text.replace("<iati-activities ", '<iati-activities xmlns:portal="urn:portal:iati" ')
    assert read(text).counts == {"created": 1}
    assert Project.objects.get().description_en == "<p>a</p>"


def test_plain_text_as_html_says_the_same():
    for text in ("a\n\nb\nc", "  a  b ", "<br> & &lt;br&gt;", "a\r\n\r\nb", "- x\n- y", ""):
        once = plain_text(as_html(text))
        assert plain_text(as_html(once)) == once
    assert plain_text(as_html("a\n\nb\nc <br>")) == "a\n\nb\nc <br>"


# ── undo ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_import_is_undone_as_a_whole(read, admin_client):
    read(document(activity(more='<sector code="11110"/>')))
    before, parties = image(), Organisation.objects.count()
    more = '<sector code="11120"/><reporting-org ref="XM-1"><narrative>R</narrative></reporting-org>' + paid()
    read(document(activity(title="Other", more=more), activity("XM-2", more=more)), name="second.xml")
    assert image() != before
    made = Import.objects.first()
    assert (made.file, made.format, made.created, made.changed) == ("second.xml", "iati", 1, 1)
    page = admin_client.post(reverse("admin:content_import_undo", args=[made.pk]), follow=True).content.decode()
    assert "all is as it was before" in page
    assert (image(), Organisation.objects.count()) == (before, parties)


def test_an_import_whose_project_was_edited_is_not_undone(read, admin_client):
    read(document(activity()))
    Project.objects.update(status="3")
    made = Import.objects.get()
    page = admin_client.post(reverse("admin:content_import_undo", args=[made.pk]), follow=True).content.decode()
    assert "roject “Dam”: has been changed since." in page
    assert Project.objects.count() == 1


# ── in the admin ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_staff_upload_look_and_import(admin_client, settings, tmp_path):
    settings.IMPORTS_ROOT = tmp_path / "imports"
    address = reverse("admin:cooperation_project_import_iati")
    assert address in admin_client.get(reverse("admin:cooperation_project_changelist")).content.decode()
    text = document(activity(more='<sector code="99999"/>'), activity("", "Nameless"))
    file = SimpleUploadedFile("un.xml", text.encode(), "text/xml")
    looked = admin_client.post(address, {"step": "upload", "file": file}, follow=True)
    page = looked.content.decode()
    assert "What it would do" in page
    assert "99999" in page
    assert "the activity has no iati-identifier" in page
    assert not Project.objects.exists()
    token = looked.context["upload"].token
    done = admin_client.post(address, {"step": "apply", "import": token}).content.decode()
    assert "What was done" in done
    assert reverse("admin:content_import_changelist") in done
    made = Import.objects.get()
    assert (made.by.username, made.file, made.created, made.refused, made.warnings) == ("admin", "un.xml", 1, 1, 1)
    assert Project.objects.get().state == "published"


def test_whoever_may_not_add_projects_may_not_import_them(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("clerk", password="x", is_staff=True))
    address = reverse("admin:cooperation_project_import_iati")
    assert (client.get(address).status_code, client.post(address, {"step": "upload"}).status_code) == (403, 403)


# ── many, and damaged ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_number_of_queries_grows_with_batches_alone(read):
    counts = []
    for size in (5, 200):
        more = paid() + '<sector code="11110"/>' + paid("<provider-org><narrative>P</narrative></provider-org>")
        text = document(*(activity(f"XM-{size}-{number}", more=more) for number in range(size)))
        with CaptureQueriesContext(connection) as captured:
            read(text)
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 5


def test_the_journal_has_each_row_that_was_written(read):
    read(document(activity(more=paid() + '<sector code="11110"/>')))
    written = set(ImportedRow.objects.values_list("model", flat=True))
    assert written == {"cooperation.project", "cooperation.projectsector", "cooperation.transaction"}


def damaged(rng: random.Random, text: bytes) -> bytes:
    data = bytearray(text)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[place] = rng.randrange(256)
        elif kind == 1:
            del data[place : place + rng.randint(1, 60)]
        elif kind == 2:
            piece = data[place : place + rng.randint(1, 200)]
            data[place:place] = piece
        else:
            data[place:place] = rng.choice([b"<x>", b"</title>", b"&bad;", b"\x00", b"-1e999", b"\xff", b"'", b'""'])
    return bytes(data)


def test_a_damaged_file_comes_in_or_is_refused_by_line_and_never_breaks(read, client):
    nasty_projects(3, 9)
    sample = (SAMPLES / "iati-nasty.xml").read_bytes()
    sources = [text_of(client).encode(), sample]
    rng = random.Random(7)
    for number in range(120):
        run = read(damaged(rng, rng.choice(sources)))
        assert run.code == 0 or len(run.errors) >= 1, number
        assert not any("the database refused" in line for line in run.errors), run.errors


def test_the_sample_of_everything_odd(read):
    run = Run(SAMPLES / "iati-nasty.xml")
    assert run.counts == {"created": 3, "refused": 2}
    assert Run(SAMPLES / "iati-nasty.xml").counts == {"unchanged": 3, "refused": 2}
