"""Tables of records come in row by row or say why not; what is only much alike is named and never merged."""

import contextlib
import csv
import io
from random import Random

import lxml.html
import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import Organisation
from content.journal import undo
from content.models import Import
from cooperation.imports.tables import COLLECTIONS
from cooperation.models import Facility, Project
from tests.import_records import counts, importer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]


@pytest.fixture
def bring(tmp_path, capsys):
    return importer(tmp_path, capsys)


HEAD = "Name,Kind,Country,Host,Founded,Fields"


def facility(name: str) -> Facility:
    return Facility.objects.get(name_en=name)


def test_rows_become_records_that_the_public_sees(bring, client):
    account = bring(
        "facilities",
        "Name,Kind,Countries,Host institution,Founded,Latitude,Longitude,Description",
        'Solar Lab,Joint laboratory,"Kenya; CN",Example University of Nairobi,2019-05,-1.28333,36.81667,Sun',
        "Tea Park,Science park,斯里兰卡,,2021,,,",
    )
    assert (counts(account), account["format"], account["code"]) == ((2, 0, 0, 0), "csv", 0)
    assert [remark[2] for remark in account["remarks"]] == [
        "there is no organisation 'Example University of Nairobi' on file: it is created"
    ]
    lab = facility("Solar Lab")
    assert (lab.kind, lab.founded, str(lab.latitude), lab.host.name_en, lab.summary_en, lab.state) == (
        "joint_laboratory", "2019-05", "-1.28333", "Example University of Nairobi", "Sun", "published",
    )  # fmt: skip
    assert sorted(lab.countries.values_list("code", flat=True)) == ["CN", "KE"]
    assert facility("Tea Park").countries.get().code == "LK"
    assert client.get("/api/v1/facilities/?q=solar").json()["count"] == 1


def test_the_second_time_changes_nothing_and_writes_nothing(bring):
    lines = [HEAD, "A,platform,Kenya,Example Academy,2001,", "B,platform,Chad,Another Academy,2002,"]
    bring("facilities", *lines)
    made = Import.objects.count()
    with CaptureQueriesContext(connection) as queries:
        assert counts(bring("facilities", *lines)) == (0, 0, 2, 0)
    tables = [query["sql"].split()[2].strip('"') for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    # The journal of an import that wrote nothing is gone again.
    assert {table for table in tables if not table.startswith("content_import")} == set()
    assert Import.objects.count() == made


def test_a_corrected_table_gives_exactly_the_difference(bring):
    lines = [HEAD, "A,platform,Kenya,Example Academy,2001,", "B,platform,Chad,,2002,"]
    bring("facilities", *lines)
    account = bring("facilities", HEAD, lines[1].replace("2001", "2001-03"), "C,platform,Chad,,,", lines[2])
    assert counts(account) == (1, 1, 1, 0)
    assert facility("A").founded == "2001-03"


@pytest.mark.parametrize(
    "head",
    [
        "Name,Kind,Country,Host,Founded,Summary",
        "名称,类型,国家,依托单位,成立时间,简介",
        "Nom,Type,Pays,Établissement hôte,Année de création,Résumé",
        "Nombre,Tipo,País,Institución anfitriona,Año de fundación,Resumen",
        "Название,Тип,Страна,Принимающая организация,Год основания,Описание",
        "الاسم,النوع,البلد,المؤسسة المضيفة,سنة التأسيس,الملخص",
    ],
)
def test_heads_are_known_in_six_languages(bring, head):
    account = bring("facilities", head, "Sample Lab,platform,KE,Example Academy,2003,Words")
    assert counts(account) == (1, 0, 0, 0), account["remarks"]
    lab = facility("Sample Lab")
    assert (lab.kind, lab.founded, lab.summary_en, lab.host.name_en) == (
        "platform",
        "2003",
        "Words",
        "Example Academy",
    )


@pytest.mark.parametrize(
    "kind", ["science_park", "Science park", "科技园区", "Parc scientifique", "technology park", "технопарк"]
)
def test_kinds_are_known_by_value_and_by_name_in_six_languages(bring, kind):
    assert counts(bring("facilities", "Name,Kind", f"A,{kind}")) == (1, 0, 0, 0)
    assert facility("A").kind == "science_park"


def test_columns_are_mapped_and_a_value_may_be_the_same_in_all_rows(bring):
    account = bring(
        "facilities",
        "a,b,c",
        "Old Park,KEN,skip",
        "New Park,KEN,take",
        options=["--map", "name=a", "--map", "countries=b", "--map", "kind==science_park", "--where", "c=take"],
    )
    assert (account["read"], account["created"]) == (1, 1)
    assert facility("New Park").countries.get().code == "KE"


@pytest.mark.parametrize(
    "options",
    [
        ["--map", "nothing=Name"],
        ["--map", "name=Nowhere"],
        ["--map", "name"],
        ["--map", "summary=Name"],
        ["--where", "Nowhere=x"],
    ],
)
def test_wrong_options_end_with_usage_and_say_what_there_is(bring, options):
    with pytest.raises(CommandError) as refused:
        bring("facilities", "Name,Kind", "A,platform", options=options)
    assert refused.value.returncode == 2
    assert "Name" in str(refused.value) or "name" in str(refused.value)


def test_an_unknown_collection_is_usage_too(bring):
    with pytest.raises(CommandError, match="agreements, facilities, organisations, programmes, projects") as refused:
        bring("sessions", "Name", "A")
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("head", "row", "reason"),
    [
        ("Name,Kind", ",platform", "the row has no name"),
        ("Name,Kind", "A,castle", "'castle' is no kind; there are joint_laboratory"),
        ("Name,Country", "A,Kenya", "nothing says of what kind the facility is"),
        ("Name,Kind,Country", "A,platform,Atlantis Minor", "no country on file has the code or the name"),
        ("Name,Kind,Founded", "A,platform,03/04/2020", "could be two dates"),
        ("Name,Kind,Founded", "A,platform,c. 1998", "is no date that can be read"),
        ("Name,Kind,Latitude,Longitude", "A,platform,91,0", "is not between -90 and 90"),
        ("Name,Kind,Latitude,Longitude", "A,platform,9,", "a latitude and a longitude, not one of them"),
        ("Name,Kind,slug", "A,platform,Not A Slug!", "is no slug"),
        ("Name,Kind,verified_on", "A,platform,2023", "is no day"),
    ],
)
def test_what_can_not_be_understood_is_refused_with_its_line(bring, head, row, reason):
    account = bring("facilities", head, row)
    assert (counts(account), account["code"]) == ((0, 0, 0, 1), 1)
    (line, severity, said) = next(remark for remark in account["remarks"] if remark[1] == "refused")
    assert (line, severity) == (2, "refused")
    assert reason in said
    assert not Facility.objects.filter(name_en="A").exists()


def test_other_dates_of_a_column_tell_which_comes_first(bring):
    account = bring("facilities", "Name,Kind,Founded", "A,platform,03/04/2020", "B,platform,28/04/2020")
    assert counts(account) == (2, 0, 0, 0)
    assert facility("A").founded == "2020-04-03"


# ── empty, nothing, none ───────────────────────────────────────────────────────────────────────────────────────────


def test_empty_leaves_alone_null_takes_away_and_none_is_known_to_be_empty(bring):
    head = "slug,name,kind,partners,founded,summary"
    bring("facilities", head, "a,A,platform,Example Academy,2001,Words", "b,B,platform,Example Academy,2001,Words")
    assert counts(bring("facilities", head, "a,A,platform,,,", "b,,,,,")) == (0, 0, 2, 0)
    account = bring("facilities", head, "a,A,platform,none,NULL,NULL", options=["--null", "null"])
    assert counts(account) == (0, 1, 0, 0)
    one = facility("A")
    assert (list(one.partners.all()), one.recorded_none, one.founded, one.summary_en or "") == (
        [],
        ["partners"],
        None,
        "",
    )
    bring("facilities", "Name,Kind,Partners", "A,platform,Example Academy")
    one.refresh_from_db()
    assert (one.partners.count(), one.recorded_none) == (1, [])
    bring("facilities", "Name,Kind,Partners", "A,platform,-", options=["--null=-"])
    one.refresh_from_db()
    assert (one.partners.count(), one.recorded_none) == (0, [])


def test_na_is_namibia_among_codes_and_nothing_among_names(bring):
    lines = ["Name,Kind,Country", "A,platform,NA", "B,platform,KE", "C,platform,CN"]
    bring("facilities", *lines, options=["--null", "NA"])
    assert facility("A").countries.get().code == "NA"
    names = ["Name,Kind,Country", "D,platform,NA", "E,platform,Kenya", "F,platform,China"]
    account = bring("facilities", *names)
    assert "may be Namibia, or nothing" in account["remarks"][0][2]
    bring("facilities", *names, options=["--null", "NA"])
    assert facility("D").countries.count() == 0


# ── which record is meant ──────────────────────────────────────────────────────────────────────────────────────────


def test_records_are_found_by_id_slug_identifier_and_exact_name(bring):
    bring("projects", "slug,title,iati_identifier", "one,One,XM-1", "two,Two,XM-2", "three,Three,", "four,Four,")
    uuid = Project.objects.get(slug="one").uuid
    account = bring(
        "projects",
        "id,slug,IATI identifier,title,status",
        f"{uuid},,,One renamed,2",
        ",,XM-2,Two renamed,2",
        ",three,,Three renamed,2",
        ",,,Four,2",
    )
    assert counts(account) == (0, 4, 0, 0)
    assert sorted(Project.objects.filter(status="2").values_list("title_en", flat=True)) == [
        "Four", "One renamed", "Three renamed", "Two renamed",
    ]  # fmt: skip


def test_ror_identifies_organisations_in_any_spelling(bring):
    bring("organisations", "Name,ROR,Country", "Example University,https://ror.org/012345654,Kenya")
    assert counts(bring("organisations", "Name,ROR", "Renamed University,012345654")) == (0, 1, 0, 0)
    assert counts(bring("organisations", "Name,ROR", "Other,ror.org/12")) == (0, 0, 0, 1)
    account = bring("organisations", "Name,Country", "Renamed University,Chad")
    assert counts(account) == (1, 0, 0, 0), "the same name in another country is another organisation"


@pytest.mark.parametrize(
    "name",
    [
        "EXAMPLE INSTITUTE OF OCEANOGRAPHY",
        "Institute of Oceanography, Example",
        "Example Institute of Océanography",
        "Example Institut of Oceanography",
        "Example  Institute for Oceanography",
    ],
)
def test_what_is_much_alike_is_named_and_never_merged(bring, name):
    bring("organisations", "Name", "Example Institute of Oceanography")
    on_file = Organisation.objects.get(name_en="Example Institute of Oceanography")
    account = bring("organisations", "Name", f'"{name}"')
    assert counts(account) == (1, 0, 0, 0)
    ((line, severity, reason),) = account["remarks"]
    assert (line, severity) == (2, "warning")
    assert f"is much like 'Example Institute of Oceanography' on file ({on_file.slug}): it is created" in reason


def test_alike_rows_of_one_table_are_named_with_their_line(bring):
    account = bring("organisations", "Name", "Example Academy of Sciences", "Academy of Sciences Example", "Unlike")
    assert counts(account) == (3, 0, 0, 0)
    ((line, severity, reason),) = account["remarks"]
    assert (line, severity) == (3, "warning")
    assert "is much like line 2, 'Example Academy of Sciences'" in reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Institute 5 of Examples", "Institute 6 of Examples"),
        ("Agreement on science with Kenya", "Agreement on science with Ghana"),
        ("中国肯尼亚联合实验室", "中国加纳联合实验室"),
    ],
)
def test_names_that_differ_by_a_word_or_a_number_are_not_alike(bring, one, other):
    account = bring("agreements", "Title,Kind", f"{one},memorandum", f"{other},memorandum")
    assert (counts(account), account["remarks"]) == ((2, 0, 0, 0), [])


def test_the_same_title_of_other_parties_is_another_agreement(bring):
    lines = [
        "Title,Kind,Parties,Signed",
        "Memorandum of Understanding,memorandum,China; Kenya,2001-02-03",
        "Memorandum of Understanding,memorandum,China; Chad,2001-02-03",
        "Memorandum of Understanding,memorandum,China; Kenya,2011",
    ]
    account = bring("agreements", *lines)
    assert (counts(account), account["remarks"]) == ((3, 0, 0, 0), [])
    assert counts(bring("agreements", *lines)) == (0, 0, 3, 0)
    assert counts(bring("agreements", lines[0], lines[3], lines[1], lines[2])) == (0, 0, 3, 0)


def test_a_row_that_says_again_what_another_says_is_refused(bring):
    lines = ["Name,Kind", "A,platform", "A,platform", "A,science_park"]
    account = bring("facilities", *lines)
    assert counts(account) == (2, 0, 0, 1)
    assert (3, "refused", "this is the record of line 2 again") in account["remarks"]
    assert counts(bring("facilities", *lines)) == (0, 0, 2, 1)


def test_references_are_found_by_slug_ror_name_and_acronym(bring):
    bring("organisations", "slug,Name,Acronym,ROR", "exa,Example Academy,EXAC,https://ror.org/012345654")
    made = Organisation.objects.get(slug="exa")
    for number, text in enumerate(["exa", "https://ror.org/012345654", "Example Academy", "EXAC", "Academy, Example"]):
        account = bring("facilities", "Name,Kind,Host", f'Lab {number},platform,"{text}"')
        assert facility(f"Lab {number}").host == made
    assert account["remarks"][0][2] == "'Academy, Example' is taken for the organisation 'Example Academy' (exa)"


def test_shares_add_up_to_a_hundred_or_the_row_is_refused(bring):
    head = "Title,Recipient countries,Sectors"
    account = bring(
        "projects",
        head,
        '"A","KE: 60; Ethiopia (40%)","43082: 50; 11420: 50"',
        '"B","KE: 60; ET: 30",',
        '"C","Kenya; Ethiopia",43082',
        '"D","KE: 60; ET",',
        '"E","KE: 33.33; ET: 33.33; TD: 33.33",',
    )
    assert counts(account) == (3, 0, 0, 2)
    reasons = {line: reason for line, severity, reason in account["remarks"] if severity == "refused"}
    assert reasons == {
        3: "the shares of the countries add up to 90 per cent, not to 100",
        5: "some of the countries have a share and some have none",
    }
    shares = Project.objects.get(title_en="A").country_shares.order_by("country__code")
    assert [(str(share.country.code), share.percentage) for share in shares] == [("ET", 40), ("KE", 60)]


def test_money_keeps_currency_and_value_date(bring):
    lines = [
        "Title,Start date,End date,Budget,Currency,Funder,Implementing agency",
        '"A",2020-02,2021,"1,250,000.50",cny,Example Foundation,Example University',
        '"B",2020,,"1,250",CNY,,',
        '"C",2020,,12,,,',
    ]
    account = bring("projects", *lines)
    assert counts(account) == (2, 0, 0, 1)
    one = Project.objects.get(title_en="A")
    budget = one.budgets.get()
    assert [str(value) for value in (budget.amount, budget.currency, budget.value_date, budget.period_end)] == [
        "1250000.50", "CNY", "2020-02-01", "2021-12-31",
    ]  # fmt: skip
    assert dict(one.organisation_roles.values_list("organisation__name_en", "role")) == {
        "Example Foundation": "1",
        "Example University": "4",
    }
    assert counts(bring("projects", *lines)) == (0, 0, 2, 1)


# ── the import as a whole ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(bring):
    lines = [HEAD, "A,platform,Kenya,Example Academy,2001,"]
    account = bring("facilities", *lines, options=["--dry-run"])
    assert (counts(account), account["dry_run"]) == ((1, 0, 0, 0), True)
    assert not Facility.objects.filter(name_en="A").exists()
    assert not Organisation.objects.filter(name_en="Example Academy").exists()
    assert not Import.objects.exists()


def test_drafts_stay_hidden_and_what_is_public_is_not_changed_with_them(bring):
    account = bring("facilities", HEAD, "A,platform,Kenya,Example Academy,2001,", options=["--draft"])
    assert (facility("A").state, Organisation.objects.get(name_en="Example Academy").state) == ("draft", "draft")
    account = bring("facilities", HEAD, "A,platform,Kenya,Example Academy,2001,")
    assert (counts(account), facility("A").state) == ((0, 1, 0, 0), "published")
    account = bring("facilities", HEAD, "A,platform,Chad,Example Academy,2001,", options=["--draft"])
    assert counts(account) == (0, 0, 0, 1)
    assert "import without --draft" in account["remarks"][0][2]


def test_the_whole_import_is_undone(bring):
    lines = [HEAD, "A,platform,Kenya,Example Academy,2001,"]
    bring("facilities", *lines)
    bring("facilities", HEAD, "A,platform,Chad,Other Academy,2002,", "B,platform,Kenya,Third Academy,,")
    last = Import.objects.order_by("pk").last()
    assert (last.created, last.changed) == (1, 1)
    undo(last)
    assert counts(bring("facilities", *lines)) == (0, 0, 1, 0)
    assert not Facility.objects.filter(name_en="B").exists()
    assert not Organisation.objects.filter(name_en__in=["Other Academy", "Third Academy"]).exists()
    undo(Import.objects.get(undone_at=None))
    assert not Facility.objects.filter(name_en="A").exists()


def test_queries_do_not_grow_with_rows(bring):
    def queries(count: int, name: str) -> int:
        lines = [
            HEAD,
            *(f"{name} {number},platform,Kenya; Chad,Academy {name} {number},2001," for number in range(count)),
        ]
        with CaptureQueriesContext(connection) as captured:
            assert counts(bring("facilities", *lines)) == (count, 0, 0, 0)
        return len(captured)

    assert queries(60, "x") == queries(3, "y")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"Name,Kind\n", "the table has no rows"),
        (b"PK\x03\x04 nonsense", "the file is cut off or damaged"),
        (b"\x00\x01", "NUL characters"),
    ],
)
def test_a_file_that_is_no_table_is_given_up_with_the_reason(bring, content, reason):
    account = bring("facilities", content)
    assert (account["code"], account["read"]) == (1, 0)
    assert reason in account["remarks"][0][2]


# ── any table ──────────────────────────────────────────────────────────────────────────────────────────────────────

MONEY = '"value":{"amount":"1.5","currency":"cny","value_date":"2020-01-01"}'
ODD = (
    "", " ", "=1+1", "'", '"', "[]", "[{}]", '[{"code":"KE"}]', '[{"code":"KE","percentage":NaN}]', "[" * 5000, "{",
    '[{"organisation":{"slug":"x"},"role":"1"}]', '[{"organisation":{"slug":1},"role":"9"}]', "none", "NA", "KE;KE",
    "KE: 60; CN: 40", "KE:60;KE:40", "\x01\x02", "a" * 2000, "9" * 60, "1e99", "-1", "2023-02-30", "2023-11", "0000",
    "31/12/2023", "١٢٣", "43082", "43082: 101", "https://ror.org/x", "fr", '{"title":"fr"}', "all", "zh-hans", "1",
    "Kenya and Chad", ";;;", "；、", "\u202eabc", "(funding)", "A (funding)", "90.0001", "39°N", "1,234", "platform",
    '[{"type":"1","status":"1","period_start":"2020-01-01","period_end":"2019-01-01",' + MONEY + "}]",
    '[{"type":"3","date":"2020-06-01","description":{"en":"a\\u0000b\\ud800","xx":1},' + MONEY + "}]",
    "Intergovernmental agreement", "https://a b", "x" * 600 + "@",
)  # fmt: skip


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("seed", range(4))
def test_whatever_stands_in_a_table_comes_in_or_is_refused(bring, collection, seed):
    """Cells at random: no fault, nothing that the database refuses, and the sums are right (`bring` checks them)."""
    random = Random(f"{collection} {seed}")
    fields = [*COLLECTIONS[collection].fields, "fallback", "sample", "nobody knows"]
    for own in (False, True):
        names = [*(["id", "slug"] if own else []), *random.sample(fields, min(len(fields), 14))]
        names = list(dict.fromkeys([COLLECTIONS[collection].title, *names]))
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(names)
        for number in range(60):
            odd = [random.choice(ODD) if random.random() < 0.4 else "" for _ in names]
            # What two rows are called in one of the languages would make them one.
            titles = [name.partition(".")[0] == names[0] for name in names]
            odd = [f"{text} {number}" if title else text for text, title in zip(odd, titles, strict=True)]
            rows.writerow([f"{random.choice(ODD)} {number}", *odd[1:]])
        content = table.getvalue().encode()
        first = bring(collection, content, options=random.choice([[], ["--null", "NA"], ["--draft"]]))
        assert first["read"] in {0, 60}
        assert not [remark for remark in first["remarks"] if "database" in remark[2]]
        dry = bring(collection, content, options=["--dry-run"])
        second = bring(collection, content)
        assert counts(dry) == counts(second)
        assert counts(bring(collection, content))[:2] == (0, 0)
    for start in (b"\xff\xfe", b"PK\x03\x04", b"\x00", b'"'):
        with contextlib.suppress(CommandError):
            bring(collection, start + content[:: random.choice([1, -1])])


def test_heads_in_two_languages_are_texts_in_two_languages(bring):
    bring("facilities", "Name,名称,Name (fr),类型", "Sample Lab,示例实验室,Laboratoire d’exemple,platform")
    lab = facility("Sample Lab")
    assert (lab.name_zh_hans, lab.name_fr, lab.kind) == ("示例实验室", "Laboratoire d’exemple", "platform")


# ── in the admin ───────────────────────────────────────────────────────────────────────────────────────────────────

ADDRESS = "/admin/cooperation/facility/import-table/"
TABLE = "Label,Art,Land,Since\nSolar Lab,platform,Kenya,2001\nTea Lab,castle,Kenya,\n"


def uploaded(client, content: str):
    file = SimpleUploadedFile("list.csv", content.encode())
    response = client.post(ADDRESS, {"step": "upload", "file": file, "null": "", "draft": ""})
    assert response.status_code == 302
    return response["Location"]


def test_a_table_is_mapped_looked_at_and_applied_in_the_admin(admin_client):
    assert ADDRESS in admin_client.get("/admin/cooperation/facility/").content.decode()
    address = uploaded(admin_client, TABLE)
    asked = admin_client.get(address)
    assert "Say which column holds the names" in asked.content.decode()
    upload = {"import": address.partition("import=")[2]}
    columns = {"name": "Label", "kind": "Art", "countries": "Land", "founded": "Since"}
    looked = admin_client.post(ADDRESS, {**upload, **columns, "step": "preview"}).content.decode()
    assert "Solar Lab" in looked
    assert "&#x27;castle&#x27; is no kind" in looked
    assert not Facility.objects.filter(name_en="Solar Lab").exists()
    done = admin_client.post(ADDRESS, {**upload, "step": "apply"}).content.decode()
    assert "What was done" in done
    assert facility("Solar Lab").founded == "2001"
    made = Import.objects.get()
    assert (made.file, made.by.username, made.created, made.refused) == ("list.csv", "admin", 1, 1)


def test_the_columns_of_our_own_table_are_chosen_already(admin_client):
    address = uploaded(admin_client, "id,slug,name,name.fr,kind,countries\n,a,A,Un,platform,KE;CN\n")
    page = lxml.html.fromstring(admin_client.get(address).content)
    chosen = {one.name: one.value for one in page.xpath("//select") if one.value}
    assert chosen == {name: name.replace("__", ".") for name in ("slug", "name", "name__fr", "kind", "countries")} | {
        "id": "id"
    }
    assert "What it would do" in page.text_content()


def test_a_kind_may_be_chosen_for_all_rows(admin_client):
    address = uploaded(admin_client, "Name,Country\nA,Kenya\n")
    upload = {"import": address.partition("import=")[2]}
    looked = admin_client.post(
        ADDRESS, {**upload, "step": "preview", "name": "Name", "countries": "Country", "kind": "=science_park"}
    )
    assert "Nothing of this file can come in" not in looked.content.decode()
    admin_client.post(ADDRESS, {**upload, "step": "apply"})
    assert (facility("A").kind, facility("A").countries.get().code) == ("science_park", "KE")


@pytest.mark.parametrize("collection", COLLECTIONS.values())
def test_only_who_may_make_and_change_records_imports_them(client, collection):
    meta = collection.model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_import_table")
    assert client.get(address).status_code == 302
    editor = User.objects.create_user("editor", password="x", is_staff=True)
    rights = Permission.objects.filter(content_type__model=meta.model_name)
    editor.user_permissions.set(rights.filter(codename__startswith="view"))
    client.force_login(editor)
    assert client.get(address).status_code == 403
    assert address not in client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")).content.decode()
    editor.user_permissions.set([*rights, *Permission.objects.filter(codename="add_organisation")])
    assert client.get(address).status_code == 200
