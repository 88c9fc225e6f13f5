"""A list of participants comes in row by row or says why not, a second time changes nothing, and shows nobody."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.imports.categories import read_category
from conference.imports.person_names import read_name
from conference.models import Country, Delegation, DelegationMember, Edition, Organisation, Person
from tests import participants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]
HEAD = "Group,Delegation,ISO,Honorific,Name,Job title,Affiliation"
ROWS = [
    "Parties,Namibia,NA,Mr.,Olu Bakarin,Minister,Ministry of Weather",
    "Parties,Namibia,NA,Ms,Dita VEKMIR,Adviser,",
    "NGO,Society of Clouds (SOC),,Dr.,Foro Lanquedos,,",
]


@pytest.fixture
def edition(founded):
    return Edition.objects.create(
        slug="sample-2024", name_en="Sample", start_date="2024", end_date="2024", time_zone="UTC", state="published"
    )


@pytest.fixture
def bring(edition, tmp_path, capsys):
    """Import lines, and give the account, with `remarks` as (line, severity, reason)."""

    def run(*lines, head=HEAD, options=(), name="list.csv", content: bytes | None = None):
        path = tmp_path / name
        path.write_bytes("\n".join([head, *lines]).encode() if content is None else content)
        code = 0
        try:
            call_command("import_delegates", str(path), "--edition", edition.slug, *options)
        except SystemExit as stop:
            code = stop.code
        output, errors = capsys.readouterr()
        account = json.loads(output.splitlines()[-1])
        assert account["read"] == sum(account[key] for key in ("created", "changed", "unchanged", "refused"))
        prefix = f"{path}:"
        remarks = [line.removeprefix(prefix).split(": ", 2) for line in errors.splitlines()]
        assert account["warnings"] == sum(severity == "warning" for _, severity, _ in remarks)
        assert account["refused"] == sum(severity == "refused" for _, severity, _ in remarks) or code
        return account | {"remarks": [(int(line), *rest) for line, *rest in remarks], "code": code}

    return run


def counts(account) -> tuple[int, ...]:
    return tuple(account[key] for key in ("created", "changed", "unchanged", "refused"))


def parties(edition) -> list[str]:
    return sorted(
        one.country.code if one.country else one.organisation.name_en or str(one.organisation)
        for one in edition.delegations.select_related("country", "organisation")
    )


def members(edition) -> list[tuple[str, str, int]]:
    rows = DelegationMember.objects.filter(delegation__edition=edition).order_by("delegation", "rank")
    return [(one.honorific, str(one.person), one.rank) for one in rows.select_related("person")]


def test_rows_become_delegations_and_members_in_the_order_of_the_file(bring, edition):
    account = bring(*ROWS)
    assert (counts(account), account["code"], account["format"]) == ((3, 0, 0, 0), 0, "csv")
    assert parties(edition) == ["NA", "Society of Clouds"]
    assert members(edition) == [("Mr.", "Olu Bakarin", 1), ("Ms", "Dita VEKMIR", 2), ("Dr.", "Foro Lanquedos", 1)]
    society = Organisation.objects.get(acronym="SOC")
    assert (society.kind, society.state) == ("non_governmental", "published")
    assert set(edition.delegations.values_list("category", "state")) == {
        ("member", "published"),
        ("non_governmental", "published"),
    }
    first = DelegationMember.objects.get(person__name_en="Olu Bakarin")
    assert (first.title_en, first.affiliation_en, first.consent) == ("Minister", "Ministry of Weather", False)


def test_the_second_time_changes_nothing(bring):
    bring(*ROWS)
    with CaptureQueriesContext(connection) as queries:
        assert counts(bring(*ROWS)) == (0, 0, 3, 0)
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE", "COPY"))]
    assert written == []


def test_honorifics_and_consent_that_staff_have_edited_stay(bring):
    bring(*ROWS)
    member = DelegationMember.objects.get(person__name_en="Olu Bakarin")
    member.honorific_en, member.consent = "MR", True
    member.save()
    Person.objects.filter(name_en="Dita VEKMIR").update(name_en="Dita Vekmir", name="Dita Vekmir")
    assert counts(bring(*ROWS)) == (0, 0, 3, 0)
    member.refresh_from_db()
    assert (member.honorific_en, member.consent) == ("MR", True)


def test_a_corrected_file_gives_exactly_the_difference(bring, edition):
    bring(*ROWS)
    mended = [
        ROWS[0].replace("Minister", "Prime Minister", 1),
        "Parties,Namibia,NA,Mr.,Sarin Tavek,Adviser,",
        *ROWS[1:],
    ]
    account = bring(*mended)
    assert counts(account) == (1, 1, 2, 0)
    assert members(edition)[:3] == [("Mr.", "Olu Bakarin", 1), ("Mr.", "Sarin Tavek", 2), ("Ms", "Dita VEKMIR", 3)]
    assert counts(bring(*mended)) == (0, 0, 4, 0)
    assert counts(bring(mended[0], mended[2], mended[1], mended[3])) == (0, 1, 3, 0)


def test_a_name_that_gets_its_accents_changes_and_is_known_by_both(bring):
    bring("Parties,Chad,TD,Mr,Elo Terek,,")
    assert counts(bring("Parties,Chad,TD,Mr,Élo Térek,,")) == (0, 1, 0, 0)
    person = Person.objects.get(name_en="Élo Térek")
    assert person.other_names == ["Elo Terek"]
    assert counts(bring("Parties,Chad,TD,Mr,Elo Terek,,")) == (0, 0, 1, 0)


def test_nobody_is_shown_before_consent(bring, edition, client):
    bring(*ROWS)
    person = Person.objects.get(name_en="Olu Bakarin")
    addresses = [
        "/api/v1/speakers/",
        "/api/v1/speakers.csv",
        f"/api/v1/delegations/?edition={edition.slug}&lang=all",
        f"/api/v1/delegations.json?edition={edition.slug}",
        f"/en/conference/{edition.slug}/",
        f"/en/conference/{edition.slug}/countries/",
        f"/en/conference/{edition.slug}/speakers/",
        "/en/countries/na/",
        "/en/search/?q=Olu",
        "/sitemap.xml",
        "/api/v1/sessions/?speaker=nobody",
        f"/en/conference/{edition.slug}/programme/?speaker=nobody",
    ]
    for address in addresses:
        assert "akarin" not in client.get(address).getvalue().decode(), address
    assert client.get(f"/api/v1/speakers/{person.uuid}/").status_code == 404
    assert client.get(f"/en/conference/{edition.slug}/speakers/{person.slug}/").status_code == 404
    assert client.get(f"/api/v1/sessions/?speaker={person.slug}").status_code == 400
    Person.objects.filter(pk=person.pk).update(state="archived")
    assert client.get(f"/api/v1/speakers/{person.uuid}/").status_code == 404
    assert client.get(f"/en/conference/{edition.slug}/speakers/{person.slug}/").status_code == 404


def test_whoever_consents_is_shown_with_their_affiliation(bring, edition, client):
    bring(*ROWS)
    DelegationMember.objects.filter(person__name_en="Olu Bakarin").update(consent=True)
    (delegation,) = client.get(f"/api/v1/delegations/?edition={edition.slug}&country=NA").json()["results"]
    assert delegation["members"] == [
        {
            "name": "Olu Bakarin",
            "honorific": "Mr.",
            "title": "Minister",
            "affiliation": "Ministry of Weather",
            "role": "member",
        }
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Côte d’Ivoire", "CI"), ("Ivory Coast", "CI"), ("COTE D'IVOIRE", "CI"), ("Viet Nam", "VN"), ("Vietnam", "VN"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("Republic of Korea", "KR"), ("Korea, Republic of", "KR"),
        ("DPRK", "KP"), ("Korea, Democratic People's Republic of", "KP"), ("Lao PDR", "LA"), ("Holy See", "VA"),
        ("State of Palestine", "PS"), ("Bolivia (Plurinational State of)", "BO"), ("Iran (Islamic Republic of)", "IR"),
        ("Islamic Republic of Iran", "IR"), ("Micronesia (Federated States of)", "FM"), ("Zaire", "CD"),
        ("United Republic of Tanzania", "TZ"), ("The former Yugoslav Republic of Macedonia", "MK"),
        ("Yugoslavia", "YUCS"), ("Serbia and Montenegro", "CSXX"), ("Czechoslovakia", "CSHH"), ("USSR", "SUHH"),
        ("Российская Федерация", "RU"), ("中国", "CN"), ("الجزائر", "DZ"), ("États-Unis d'Amérique", "US"),
        ("Estados Unidos de América", "US"), ("République démocratique du Congo", "CD"), ("Congo", "CG"),
        ("St. Lucia", "LC"), ("Swaziland", "SZ"), ("Cabo Verde", "CV"), ("Gambia (The)", "GM"), ("Phillippines", "PH"),
    ],
)  # fmt: skip
def test_countries_are_known_by_many_names(bring, edition, name, code):
    quoted = f'"{name}"'
    assert counts(bring(f"Parties,{quoted},,Mr,Olu Bakarin,,")) == (1, 0, 0, 0)
    assert parties(edition) == [code]


@pytest.mark.parametrize(
    ("code", "country"),
    [("SCG", "CSXX"), ("YUG", "YUCS"), ("SUN", "SUHH"), ("ZAR", "CD"), ("fra", "FR"), ("NAM", "NA"), ("NA", "NA")],
)
def test_codes_alone_name_a_delegation(bring, edition, code, country):
    assert counts(bring(f"{code},Olu Bakarin", head="ISO3,Name")) == (1, 0, 0, 0)
    assert parties(edition) == [country]


def test_a_code_that_disagrees_with_the_name_is_reported_and_the_name_taken(bring, edition):
    account = bring("Parties,Yugoslavia,SRB,Mr,Olu Bakarin,,", "Parties,Chad,QQQ,Mr,Dita Vekmir,,")
    assert parties(edition) == ["TD", "YUCS"]
    assert account["remarks"] == [
        (2, "warning", "'Yugoslavia' has the code SRB, which is Serbia's: the name is taken"),
        (3, "warning", "'QQQ' is no code of ISO 3166: it is left out"),
    ]


def test_null_and_namibia_are_told_apart(bring, edition):
    account = bring(
        "Parties,Namibia,NA,NA,Olu Bakarin,NA,NA",
        "Parties,Republik Namibia,NA,NA,Dita Vekmir,NA,NA",
        "NGO,Society of Clouds,NA,Mr,Foro Lanquedos,NA,NA",
        "NGO,NA,NA,Mr,Nobody Known,NA,NA",
        options=["--null", "NA"],
    )
    assert counts(account) == (3, 0, 0, 1)
    assert parties(edition) == ["NA", "Society of Clouds"]
    assert (5, "refused", "the delegation has no name and no code") in account["remarks"]
    assert set(DelegationMember.objects.filter(delegation__edition=edition).values_list("title_en", flat=True)) == {
        None
    }
    assert Organisation.objects.get(name_en="Society of Clouds").country is None


def test_without_null_the_text_stays_with_a_hint(bring):
    account = bring("Parties,Chad,TD,Mr,Olu Bakarin,NA,")
    assert DelegationMember.objects.get(person__name_en="Olu Bakarin").title_en == "NA"
    assert account["remarks"] == [
        (2, "warning", "'NA' stands once as title: if it means nothing, import with --null NA")
    ]


def test_one_body_in_several_spellings_and_languages_is_one_delegation(bring, edition):
    spellings = [
        "World Health Organization (WHO)", "OMS", "Organisation mondiale de la Santé", "WORLD HEALTH ORGANISATION",
        "Organización Mundial de la Salud (OMS)", "世界卫生组织",
    ]  # fmt: skip
    account = bring(*(f"Specialized agencies,{text},,Mr,Person {text[:3]}{at},," for at, text in enumerate(spellings)))
    assert counts(account) == (6, 0, 0, 0)
    (delegation,) = edition.delegations.all()
    body = delegation.organisation
    assert (delegation.category, body.acronym, body.kind) == ("intergovernmental", "WHO", "intergovernmental")
    assert (body.name_en, body.name_fr) == ("World Health Organization", "Organisation mondiale de la Santé")


def test_an_organisation_on_file_is_found_by_its_other_names(bring, edition):
    on_file = Organisation.objects.create(
        slug="cloud", name_en="Cloud Society", other_names=["Gesellschaft der Wolken"], state="published"
    )
    bring("NGO,Gesellschaft der Wolken,,Mr,Olu Bakarin,,", "NGO,The Cloud Society (CS),,Mr,Dita Vekmir,,")
    assert [one.organisation for one in edition.delegations.all()] == [on_file]


def test_the_european_union_is_an_organisation_among_the_parties(bring, edition):
    bring("Parties,European Union,EU,Mr,Olu Bakarin,,", "Parties,Union européenne,EUE,Mme,Dita Vekmir,,")
    (delegation,) = edition.delegations.all()
    assert (delegation.organisation.name_en, delegation.category) == ("European Union", "member")


def test_an_unknown_party_is_refused_with_what_to_do(bring, edition):
    account = bring("Parties,Atlantis,,Mr,Olu Bakarin,,")
    assert (counts(account), account["code"]) == ((0, 0, 0, 1), 1)
    assert account["remarks"][0][2].startswith(
        "no country or organisation on file is called 'Atlantis': give its code"
    )
    assert not edition.delegations.exists() and not Person.objects.filter(name_en="Olu Bakarin").exists()


def test_categories_in_other_words_are_mapped_or_reported(bring, edition):
    account = bring(
        "Party overflow,Chad,,Mr,Olu Bakarin,,",
        "Observer States,Holy See,,Mr,Dita Vekmir,,",
        "Media,Cloud Gazette,,Ms,Foro Lanquedos,,",
        "Stagehands,Mali,,Ms,Sarin Tavek,,",
    )
    assert counts(account) == (4, 0, 0, 0)
    found = {(one.country.code if one.country else "media"): one.category for one in edition.delegations.all()}
    assert found == {"TD": "member", "VA": "observer", "media": "observer", "ML": "member"}
    assert [(line, reason) for line, _, reason in account["remarks"]] == [
        (4, "'Media' (1 row) is taken as the category observer"),
        (5, "'Stagehands' (1 row) is no category that the portal knows: left out"),
    ]
    assert read_category("Организации-наблюдатели").category == "observer"
    assert read_category("المنظمات غير الحكومية").category == "non_governmental"


@pytest.mark.parametrize(
    ("text", "name", "honorific"),
    [
        ("H.E. Mr. Olu BAKARIN", "Olu BAKARIN", "H.E. Mr."), ("S.E. M. Jean TAVEK", "Jean TAVEK", "S.E. M."),
        ("BAKARIN, Olu", "Olu BAKARIN", ""), ("BAKARIN, Dr. Olu", "Olu BAKARIN", "Dr."),
        ("Excmo. Sr. Olu Bakarín", "Olu Bakarín", "Excmo. Sr."),
        ("Dr.-Ing. Olu Bakarin", "Olu Bakarin", "Dr.-Ing."),
        ("M. K. Bakarin", "M. K. Bakarin", ""), ("HE Jiabor", "HE Jiabor", ""),
        ("Sheikh Olu Al-Bakar", "Olu Al-Bakar", "Sheikh"),
        ("г-н Олу Бакарин", "Олу Бакарин", "г-н"),
        ("王博林先生", "王博林", "先生"), ("Olu Bakarin, Jr.", "Olu Bakarin, Jr.", ""),
    ],
)  # fmt: skip
def test_honorifics_are_told_from_names(text, name, honorific):
    assert read_name(text) == (name, honorific)


def test_the_same_person_with_another_form_of_honorific_or_order_is_one(bring):
    bring("Parties,Chad,TD,,Mr. Olu Bakarin,,")
    assert counts(bring('Parties,Chad,TD,mr,"BAKARIN, Olu",,')) == (0, 0, 1, 0)
    assert counts(bring("Parties,Chad,TD,,Mr Olu BAKARIN,,")) == (0, 0, 1, 0)


def test_a_row_again_is_refused_and_a_namesake_comes_in_with_a_warning(bring, edition):
    rows = [
        "Parties,Chad,TD,Mr,Olu Bakarin,Adviser,",
        "Parties,Chad,TD,Mr.,OLU BAKARIN,adviser,",
        "Parties,Chad,TD,Mr,Olu Bakarin,Driver,",
        "Parties,Mali,ML,Mr,Olu Bakarin,Adviser,",
    ]
    account = bring(*rows)
    assert counts(account) == (3, 0, 0, 1)
    assert account["remarks"] == [
        (3, "refused", "'OLU BAKARIN' is in this delegation in line 2 already, word for word"),
        (
            4,
            "warning",
            "'Olu Bakarin' has the name of somebody in line 2, but another title, affiliation or honorific: taken for"
            " another person",
        ),
    ]
    assert Person.objects.filter(name_en="Olu Bakarin").count() == 3
    assert counts(bring(*rows)) == (0, 0, 3, 1)


def test_the_head_of_a_delegation_is_who_the_title_says(bring, edition):
    account = bring(
        "Parties,Chad,TD,Mr,Olu Bakarin,Adviser,",
        'Parties,Chad,TD,Mr,Dita Vekmir,"Minister, Head of Delegation",',
        "Parties,Chad,TD,M.,Foro Lanquedos,Chef adjoint de la délégation,",
        "Parties,Chad,TD,Sra,Sarin Tavek,Jefa de la delegación,",
    )
    roles = dict(DelegationMember.objects.filter(delegation__edition=edition).values_list("person__name_en", "role"))
    assert roles == {
        "Olu Bakarin": "member",
        "Dita Vekmir": "head",
        "Foro Lanquedos": "deputy",
        "Sarin Tavek": "member",
    }
    assert account["remarks"] == [
        (5, "warning", "this delegation has a head in line 3 already: 'Sarin Tavek' is a member")
    ]
    french = DelegationMember.objects.get(person__name_en="Foro Lanquedos")
    assert (french.title_fr, french.title_en) == ("Chef adjoint de la délégation", None)


def test_columns_are_known_by_their_heads_in_other_languages_and_orders(bring, edition):
    account = bring(
        "Élo;Térek;Tchad;Mme;Conseillère;Ministère du temps;État partie",
        head="Prénom;Nom;Pays;Civilité;Fonction;Organisme;Catégorie",
    )
    assert counts(account) == (1, 0, 0, 0)
    member = DelegationMember.objects.get(delegation__edition=edition)
    assert (str(member.person), member.honorific_fr, member.title_fr) == ("Élo Térek", "Mme", "Conseillère")
    assert (member.affiliation_fr, member.delegation.country.code) == ("Ministère du temps", "TD")


def test_title_holds_honorifics_or_functions_as_its_cells_say(bring, edition):
    bring("Chad,Mr,Olu Bakarin", "Chad,Ms,Dita Vekmir", head="Party,Title,Name")
    bring("Mali,Minister,Foro Lanquedos", head="Party,Title,Name")
    values = DelegationMember.objects.filter(delegation__edition=edition).values_list("honorific_en", "title_en")
    assert set(values) == {("Mr", None), ("Ms", None), (None, "Minister")}


def test_only_rows_with_what_is_asked_for_are_read(bring, edition):
    head = "Meeting,Delegation,Name"
    rows = ["COP 15,Chad,Olu Bakarin", "COP 16,Chad,Dita Vekmir", "COP 15,,Foro Lanquedos"]
    account = bring(*rows, head=head, options=["--where", "Meeting=COP 15"])
    assert (account["read"], counts(account)) == (2, (1, 0, 0, 1))
    account = bring(*rows, head=head, options=["--where", "Meeting=COP 99"])
    assert (account["read"], account["code"]) == (0, 1)
    assert account["remarks"] == [(1, "refused", "no row has this in Meeting; it has COP 15, COP 16")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--map", "nation=Delegation"], "there is no field 'nation'; the fields are delegation, code, category"),
        (["--map", "name=Nom"], "there is no column 'Nom'; the columns are Group, Delegation, ISO"),
        (["--where", "Meeting=COP 15"], "there is no column 'Meeting'; the columns are Group, Delegation, ISO"),
        (["--map", "name"], "write it with an equals sign"),
        (["--map", "title=Job title"], "no column is known to hold the name"),
        (["--edition", "none-such"], "There is no edition 'none-such'"),
    ],
)
def test_what_does_not_exist_is_told_by_what_does(edition, tmp_path, options, words):
    path = tmp_path / "list.csv"
    path.write_text("\n".join([HEAD, *ROWS]))
    with pytest.raises(CommandError, match=words) as error:
        call_command("import_delegates", str(path), "--edition", edition.slug, *options)
    assert error.value.returncode == 2
    assert not edition.delegations.exists()


def test_files_as_people_send_them(bring, edition):
    table = (
        "List of participants;;\n;;\nDelegation;Name;Job title\n"
        'Chad;Élo Térek;"Third\nSecretary"\n;;\nMali;=1+1;Ad\x07viser\n'
    )
    account = bring(content=table.encode("cp1252"))
    assert counts(account) == (2, 0, 0, 0)
    assert [line for line, _, _ in account["remarks"]] == [1, 4, 7]
    values = DelegationMember.objects.filter(delegation__edition=edition).values_list("person__name_en", "title_en")
    assert set(values) == {("Élo Térek", "Third Secretary"), ("=1+1", "Adviser")}


def test_long_texts_are_cut_between_words_with_a_warning(bring):
    account = bring(f"Parties,Chad,TD,Mr,Olu Bakarin,{'Adviser for weather ' * 40},")
    title = DelegationMember.objects.get(person__name_en="Olu Bakarin").title_en
    assert (len(title) <= 300, title[-12:]) == (True, "Adviser for…")
    assert account["remarks"][0][2].startswith("the title has 799 characters, 300 fit")
    assert counts(bring(f"Parties,Chad,TD,Mr,Olu Bakarin,{'Adviser for weather ' * 40},")) == (0, 0, 1, 0)


def test_an_empty_delegation_is_the_one_above_only_where_the_list_is_so_made(bring, edition):
    account = bring("Chad,Olu Bakarin", ",Dita Vekmir", ",Foro Lanquedos", "Mali,Sarin Tavek", head="Delegation,Name")
    assert counts(account) == (4, 0, 0, 0)
    assert parties(edition) == ["ML", "TD"]
    assert account["remarks"][0][:2] == (3, "warning")
    account = bring("Chad,Olu Bakarin", "Chad,Dita Vekmir", ",Wo Qui", ",Ya Zo", head="Delegation,Name")
    assert counts(account) == (0, 0, 2, 2)


def test_drafts_stay_drafts_until_the_same_file_comes_without_draft(bring, edition):
    assert counts(bring(*ROWS, options=["--draft"])) == (3, 0, 0, 0)
    assert set(edition.delegations.values_list("state", flat=True)) == {"draft"}
    assert Person.objects.get(name_en="Olu Bakarin").state == "draft"
    assert counts(bring(*ROWS, options=["--draft"])) == (0, 0, 3, 0)
    assert counts(bring(*ROWS)) == (0, 3, 0, 0)
    assert set(edition.delegations.values_list("state", flat=True)) == {"published"}
    assert counts(bring(*ROWS)) == (0, 0, 3, 0)


def test_a_dry_run_writes_nothing(bring, edition):
    account = bring(*ROWS, options=["--dry-run"])
    assert (counts(account), account["dry_run"], account["code"]) == ((3, 0, 0, 0), True, 0)
    assert not edition.delegations.exists()


def test_members_that_staff_have_made_stay(bring, edition):
    delegation = Delegation.objects.create(edition=edition, country=Country.objects.get(code="TD"), state="published")
    person = Person.objects.create(slug="by-hand", name_en="By Hand", state="published")
    DelegationMember.objects.create(delegation=delegation, person=person, role="head", consent=True)
    account = bring("Parties,Chad,TD,Mr,Olu Bakarin,Head of Delegation,")
    assert counts(account) == (1, 0, 0, 0)
    assert delegation.members.get(role="head").person == person
    assert [reason for *_, reason in account["remarks"]] == [
        "one member of these delegations on file, but not in this file: they stay as they are",
        "this delegation has a head on file already: 'Olu Bakarin' is a member",
    ]


def test_queries_do_not_grow_with_rows(bring, tmp_path):
    def queries(count):
        table = [f"Parties,Chad,TD,Mr,Person {'abcdefghij'[at % 10]}{at},Adviser {at}," for at in range(count)]
        with CaptureQueriesContext(connection) as captured:
            bring(*table)
        return len(captured)

    queries(3)
    assert queries(30) == queries(300)


def test_a_nasty_list_comes_in_whole_and_a_second_time_not_at_all(bring, tmp_path):
    path = tmp_path / "nasty.csv"
    participants.write(path, 1500)
    options = ["--null", "NA", "--where", "Meeting=COP 15"]
    account = bring(content=path.read_bytes(), options=options)
    assert (account["read"], account["changed"], account["unchanged"]) == (500, 0, 0)
    again = bring(content=path.read_bytes(), options=options)
    assert counts(again) == (0, 0, account["created"], account["refused"])


def test_a_spreadsheet_is_read_as_well(bring, edition, tmp_path):
    import xlsxwriter

    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for at, row in enumerate([HEAD, *ROWS]):
        sheet.write_row(at, 0, row.split(","))
    book.close()
    account = bring(content=path.read_bytes(), name="copy.xlsx")
    assert (account["format"], counts(account)) == ("xlsx", (3, 0, 0, 0))
    assert parties(edition) == ["NA", "Society of Clouds"]


# ── the admin ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def upload(admin_client, edition, settings, tmp_path):
    settings.IMPORTS_ROOT = tmp_path / "imports"
    address = reverse("admin:conference_edition_import_delegates", args=[edition.pk])

    def send(*lines, head=HEAD, **options):
        file = SimpleUploadedFile("list.csv", "\n".join([head, *lines]).encode())
        response = admin_client.post(address, {"step": "upload", "file": file, **options}, follow=True)
        return address, response

    return send


def test_the_admin_shows_what_would_be_done_and_does_it_once_confirmed(upload, admin_client, edition):
    address, preview = upload(*ROWS, ROWS[0], null="NA")
    account = preview.context["account"]
    assert (account.created, account.refused, account.dry_run) == (3, 1, True)
    assert [(one.line, one.verdict, one.label) for one in account.entries] == [
        (2, "created", "Olu Bakarin, Namibia"),
        (3, "created", "Dita VEKMIR, Namibia"),
        (4, "created", "Foro Lanquedos, Society of Clouds (SOC)"),
        (5, "refused", "Olu Bakarin, Namibia"),
    ]
    page = preview.content.decode()
    assert "Job title: Minister · Adviser" in page and "is in this delegation in line 2 already" in page
    assert not edition.delegations.exists()
    token = preview.context["upload"].token
    done = admin_client.post(address, {"step": "apply", "import": token})
    assert (done.context["account"].created, done.context["done"]) == (3, True)
    assert parties(edition) == ["NA", "Society of Clouds"]


def test_columns_and_rows_are_chosen_in_the_admin(upload, admin_client, edition):
    rows = ["COP 15,Chad,Olu Bakarin,Dita", "COP 16,Mali,Foro Lanquedos,Sarin"]
    address, preview = upload(*rows, head="Meeting,Where from,Person,Aide")
    mapping = preview.context["mapping"]
    assert (mapping.errors["name"], preview.context.get("account")) == (
        ["Say which column holds the names of the persons."],
        None,
    )
    chosen = {"delegation": "Where from", "name": "Person", "where_column": "Meeting", "where_value": "COP 15"}
    token = preview.context["upload"].token
    preview = admin_client.post(address, {"step": "preview", "import": token, **chosen})
    assert preview.context["account"].created == 1
    admin_client.post(address, {"step": "apply", "import": token})
    assert (parties(edition), members(edition)) == (["TD"], [("", "Olu Bakarin", 1)])
