"""Delegations: who is shown, in which order they sit, and what is counted of them."""

import csv
import io
import json
import random

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import (
    Appearance,
    CategoryRule,
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Organisation,
    Participation,
    Person,
    Region,
    RegionGroup,
    Session,
)
from content.languages import CODES

pytestmark = pytest.mark.django_db

PAGE = "/en/conference/summit/countries/"
STATISTICS = "/en/conference/summit/statistics/"
NAMES = {
    "DE": ("Germany", "德国", "Allemagne", "Alemania", "Германия", "ألمانيا"),
    "KE": ("Kenya", "肯尼亚", "Kenya", "Kenya", "Кения", "كينيا"),
    "CN": ("China", "中国", "Chine", "China", "Китай", "الصين"),
    "ES": ("Spain", "西班牙", "Espagne", "España", "Испания", "إسبانيا"),
    "ZA": ("South Africa", "南非", "Afrique du Sud", "Sudáfrica", "Южно-Африканская Республика", "جنوب أفريقيا"),
    "EG": ("Egypt", "埃及", "Égypte", "Egipto", "Египет", "مصر"),
}
ORDERS = {
    "en": ["cn", "eg", "de", "ke", "za", "es"],
    "zh-hans": ["eg", "de", "ke", "za", "es", "cn"],
    "fr": ["za", "de", "cn", "eg", "es", "ke"],
    "es": ["de", "cn", "eg", "es", "ke", "za"],
    "ru": ["de", "eg", "es", "ke", "cn", "za"],
    "ar": ["es", "cn", "de", "za", "ke", "eg"],
}


def in_six(field: str, texts) -> dict[str, str]:
    return {f"{field}_{code.replace('-', '_')}": text for code, text in zip(CODES, texts, strict=True)}


class Summit:
    """An edition with a delegation of each country of NAMES."""

    def __init__(self):
        self.edition = Edition.objects.create(slug="summit", state="published", name_en="Summit", start_date="2027-06")
        self.countries = {
            code: Country.objects.create(code=code, alpha3=f"{code}X", state="published", **in_six("name", names))
            for code, names in NAMES.items()
        }
        self.of = {country.slug: self.send(country=country) for country in self.countries.values()}

    def send(self, **values) -> Delegation:
        return Delegation.objects.create(**{"edition": self.edition, "state": "published", **values})

    def organisation(self, slug: str, category: str = "intergovernmental", **values) -> Delegation:
        name = slug.replace("-", " ").title()
        organisation = Organisation.objects.create(
            slug=slug, name_en=name, state="published", acronym=slug[:3].upper()
        )
        self.of[slug] = self.send(organisation=organisation, category=category, **values)
        return self.of[slug]

    def member(self, slug: str, name: str, **values) -> DelegationMember:
        person = Person.objects.create(
            slug=name.lower().replace(" ", "-"), name_en=name, state=values.pop("state", "published"),
            sex=values.pop("sex", ""),
        )  # fmt: skip
        return DelegationMember.objects.create(delegation=self.of[slug], person=person, **{"consent": True, **values})

    def decide(self, **values) -> None:
        for name, value in values.items():
            setattr(self.edition, name, value)
        self.edition.save()

    def rule(self, category: str, **values) -> None:
        CategoryRule.objects.create(edition=self.edition, category=category, **values)


@pytest.fixture
def summit():
    return Summit()


def rows(client, **query) -> list[dict]:
    return client.get("/api/v1/delegations/", {"edition": "summit", **query}).json()["results"]


def slugs(client, order: str = "protocol", **query) -> list[str]:
    return [row["slug"] for row in rows(client, order=order, **query)]


def slugs_of_page(client, **query) -> list[str]:
    return [row.slug for row in client.get(PAGE, query).context["rows"]]


def html(client, path: str = PAGE, **query) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return response.content.decode()


def body(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode("utf-8-sig")


def seating(client, **query) -> list[dict]:
    text = body(client.get("/api/v1/delegations.seating.csv", {"edition": "summit", **query}))
    return list(csv.DictReader(io.StringIO(text)))


# Order


@pytest.mark.parametrize("language", CODES)
def test_the_order_follows_the_alphabet_of_its_language_whatever_the_reader_speaks(client, summit, language):
    summit.decide(protocol_language=language)
    assert slugs(client) == ORDERS[language]
    assert slugs(client, lang="ar") == ORDERS[language]
    assert slugs(client, "-protocol") == ORDERS[language][::-1]
    assert [row["code"].lower() for row in seating(client, lang="ru")] == ORDERS[language]
    for reader in (language, "ar"):
        page = client.get(f"/{reader}/conference/summit/countries/")
        assert [row.slug for row in page.context["rows"]] == ORDERS[language]
        resorted = client.get(f"/{reader}/conference/summit/countries/", {"order": "name"})
        assert [row.slug for row in resorted.context["rows"]] == ORDERS[reader]


def test_from_the_seat_drawn_by_lot_to_the_end_of_the_alphabet_and_then_from_its_beginning(client, summit):
    summit.decide(protocol_language="fr", first_seat=summit.of["cn"])
    assert slugs(client) == slugs_of_page(client) == ["cn", "eg", "es", "ke", "za", "de"]
    assert "French alphabetical order, beginning with <bdi>China</bdi>, drawn by lot." in html(client)
    assert [row["seat"] for row in seating(client)] == ["1", "2", "3", "4", "5", "6"]


def test_without_a_lot_the_order_begins_with_the_alphabet_and_says_nothing_of_a_lot(client, summit):
    assert slugs_of_page(client) == ORDERS["en"]
    assert "English alphabetical order." in html(client)
    assert "by lot" not in html(client)


@pytest.mark.parametrize(
    ("place", "expected", "words"),
    [
        ("first", ["ke", "de", "za", "es", "cn", "eg"], "The host stands first."),
        ("last", ["de", "za", "es", "cn", "eg", "ke"], "The host stands last."),
        ("in_place", ["de", "ke", "za", "es", "cn", "eg"], ""),
    ],
)
def test_the_host_stands_first_last_or_in_its_place(client, summit, place, expected, words):
    summit.organisation("union")
    Delegation.objects.filter(pk=summit.of["ke"].pk).update(category="host")
    summit.decide(host_place=place, first_seat=summit.of["de"])
    found = slugs(client)
    assert [slug for slug in found if slug != "union"] == expected
    assert found[-1] == ("ke" if place == "last" else "union")
    text = html(client)
    assert words in text
    assert ("The host stands" in text) == bool(words)


def test_categories_stand_in_the_order_of_the_united_nations_or_of_the_edition(client, summit):
    summit.organisation("aid-workers", "non_governmental")
    summit.organisation("bank")
    summit.organisation("city", "observer")
    members = ORDERS["en"]
    assert slugs(client) == [*members, "city", "bank", "aid-workers"]
    for category, place in (("intergovernmental", 1), ("non_governmental", 2), ("observer", 3), ("member", 4)):
        summit.rule(category, place=place)
    assert slugs(client) == slugs_of_page(client) == ["bank", "aid-workers", "city", *members]
    CategoryRule.objects.update(place=1)
    assert slugs(client) == ["aid-workers", "bank", "cn", "city", "eg", "de", "ke", "za", "es"]


def test_the_rotation_turns_only_those_who_stand_with_the_delegation_drawn(client, summit):
    summit.organisation("aid")
    summit.organisation("bank")
    summit.decide(first_seat=summit.of["ke"])
    assert slugs(client) == ["ke", "za", "es", "cn", "eg", "de", "aid", "bank"]
    summit.decide(first_seat=summit.of["bank"])
    assert slugs(client) == [*ORDERS["en"], "bank", "aid"]


def test_a_number_of_precedence_wins_over_alphabet_and_lot_within_the_category(client, summit):
    summit.organisation("aid", precedence=1)
    Delegation.objects.filter(slug="es").update(precedence=1)
    Delegation.objects.filter(slug="ke").update(precedence=2)
    summit.decide(first_seat=summit.of["za"])
    assert slugs(client) == ["es", "ke", "za", "cn", "eg", "de", "aid"]
    assert "gave a number of precedence" in html(client)


def test_delegations_of_one_name_keep_an_order_also_when_the_lot_falls_on_one_of_them(client, summit):
    for number in range(3):
        twin = summit.organisation(f"twin-{number}", "member")
        Organisation.objects.filter(pk=twin.organisation_id).update(sort_en=summit.countries["KE"].sort_en)
    tied = ["ke", "twin-0", "twin-1", "twin-2"]
    assert slugs(client) == ["cn", "eg", "de", *tied, "za", "es"]
    summit.decide(first_seat=summit.of["twin-1"])
    assert slugs(client) == ["twin-1", "twin-2", "za", "es", "cn", "eg", "de", "ke", "twin-0"]


def test_a_renamed_country_moves_at_once(client, summit):
    assert slugs(client)[0] == "cn"
    germany = summit.countries["DE"]
    germany.name_en = "Alemannia"
    germany.save()
    assert slugs(client)[0] == slugs(client, "name")[0] == "de"
    Country.objects.filter(code="KE").update(sort_en="")
    assert slugs(client)[0] == slugs(client, "name")[0] == "ke"


@pytest.mark.parametrize("order", ["protocol", "-protocol", "name", "-name"])
def test_pages_of_the_protocol_order_show_each_delegation_once_in_either_direction(client, summit, order):
    for number in range(7):
        summit.organisation(f"body-{number}", ("observer", "member", "intergovernmental")[number % 3])
        summit.organisation(f"Body-{number} ".strip().lower() + "-b", "member", precedence=number % 2 or None)
    summit.decide(protocol_language="ru", first_seat=summit.of["es"], host_place="last")
    Delegation.objects.filter(slug="cn").update(category="host")
    whole = slugs(client, order)
    assert len(whole) == 20
    address, found, last = f"/api/v1/delegations/?edition=summit&order={order}&page_size=3", [], ""
    while address:
        answer = client.get(address.removeprefix("http://localhost:8000")).json()
        found += [row["slug"] for row in answer["results"]]
        last, address = address, answer["next"]
    assert found == whole
    back = []
    while last:
        answer = client.get(last.removeprefix("http://localhost:8000")).json()
        back = [row["slug"] for row in answer["results"]] + back
        last = answer["previous"]
    assert back == whole


def test_the_order_of_another_edition_has_no_say(client, summit):
    other = Edition.objects.create(slug="other", state="published", name_en="Other", start_date="2029")
    for country in summit.countries.values():
        Delegation.objects.create(edition=other, country=country, state="published")
    summit.decide(protocol_language="fr", first_seat=summit.of["cn"])
    Edition.objects.filter(pk=other.pk).update(protocol_language="es", first_seat=summit.of["cn"])
    assert slugs(client, edition="other") == ORDERS["es"]
    both = [row["slug"] for row in client.get("/api/v1/delegations/?order=protocol").json()["results"]]
    assert both == ["cn", "eg", "es", "ke", "za", "de", *ORDERS["es"]]


@pytest.mark.parametrize("change", [{"state": "draft"}, {"publish_at": "2999-01-01T00:00:00Z"}, {"state": "archived"}])
def test_a_hidden_delegation_that_was_drawn_can_not_be_told_from_the_next_one(client, summit, change):
    """The seats stay where the lot put them, and the page is the one that names the next in the order."""
    summit.decide(first_seat=summit.of["za"])
    Delegation.objects.filter(slug="ke").update(state="draft", first_public_at=None)
    expected = html(client)
    assert "beginning with <bdi>South Africa</bdi>" in expected
    Delegation.objects.filter(slug="ke").update(**change)
    summit.decide(first_seat=summit.of["ke"])
    assert html(client) == expected
    assert "Kenya" not in expected


def test_the_first_seat_is_one_of_the_edition(summit):
    other = Edition.objects.create(slug="other", state="published", name_en="Other", first_seat=summit.of["ke"])
    with pytest.raises(Exception, match="not one of this edition"):
        other.full_clean()


def test_the_tables_of_delegations_follow_the_order_too(client, summit):
    summit.decide(protocol_language="fr", first_seat=summit.of["cn"])
    text = body(client.get("/api/v1/delegations.csv", {"edition": "summit", "order": "protocol"}))
    assert [row["slug"] for row in csv.DictReader(io.StringIO(text))] == slugs(client)
    links = {one["label"]: one["url"] for one in client.get(PAGE).context["exports"]}
    assert [row["slug"] for row in csv.DictReader(io.StringIO(body(client.get(links["CSV"]))))] == slugs(client)
    links = {one["label"]: one["url"] for one in client.get(PAGE, {"order": "name"}).context["exports"]}
    assert "order=name" in links["CSV"]
    assert "order=protocol" not in links["CSV"]


# Seats


def test_a_seating_plan_has_the_nameplate_in_the_language_of_the_order_and_the_head(client, summit):
    summit.decide(protocol_language="fr", first_seat=summit.of["cn"])
    summit.member("cn", "Li Hua", role="head", honorific_en="H.E.", title_en="Minister")
    summit.member("eg", "Secret Head", role="head", consent=False)
    summit.organisation("bank")
    plan = seating(client, lang="es")
    assert [(row["seat"], row["nameplate"], row["name"], row["code"]) for row in plan] == [
        ("1", "Chine", "China", "CN"),
        ("2", "Égypte", "Egipto", "EG"),
        ("3", "Espagne", "España", "ES"),
        ("4", "Kenya", "Kenya", "KE"),
        ("5", "Afrique du Sud", "Sudáfrica", "ZA"),
        ("6", "Allemagne", "Alemania", "DE"),
        ("7", "Bank", "Bank", ""),
    ]
    assert (plan[0]["head_honorific"], plan[0]["head_name"], plan[0]["head_title"]) == ("H.E.", "Li Hua", "Minister")
    assert (plan[1]["head_honorific"], plan[1]["head_name"], plan[1]["head_title"]) == ("", "", "")


def test_a_seat_keeps_its_number_under_filters_and_other_orders(client, summit):
    summit.decide(first_seat=summit.of["za"])
    everything = {row["code"]: row["seat"] for row in seating(client)}
    assert {row["code"]: row["seat"] for row in seating(client, country=["CN", "KE"])} == {
        code: everything[code] for code in ("CN", "KE")
    }
    by_name = seating(client, order="name")
    assert [row["code"].lower() for row in by_name] == ORDERS["en"]
    assert {row["code"]: row["seat"] for row in by_name} == everything


@pytest.mark.parametrize("query", [{}, {"edition": ["summit", "other"]}, {"edition": "summit", "lang": "all"}])
def test_a_seating_plan_is_of_one_edition_in_one_language(client, summit, query):
    Edition.objects.create(slug="other", state="published", name_en="Other")
    assert client.get("/api/v1/delegations.seating.csv", query).status_code == 400


def test_the_page_offers_the_seating_plan(client, summit):
    links = {one["label"]: one["url"] for one in client.get(PAGE).context["exports"]}
    assert len(body(client.get(links["Seating plan"])).splitlines()) == 7


# Who is shown


def faces(client) -> dict[str, str]:
    """Everything that the public can ask about the delegations of the summit."""
    facets = "category,level,region,group,country,edition"
    paths = [
        f"/api/v1/delegations/?lang=all&facets={facets}",
        "/api/v1/delegations/?order=protocol&page_size=1",
        "/api/v1/delegations.csv?lang=all",
        "/api/v1/delegations.seating.csv?edition=summit",
        "/api/v1/speakers/?facets=edition,country",
        "/api/v1/speakers.csv",
        "/en/conference/summit/",
        PAGE,
        f"{PAGE}?order=name",
        STATISTICS,
        "/en/conference/summit/speakers/",
        "/en/search/?q=Zanzi",
        "/en/countries/cn/",
    ]
    return {path: body(client.get(path)) for path in paths}


def detail(client, delegation: Delegation) -> int:
    return client.get(f"/api/v1/delegations/{delegation.uuid}/").status_code


def test_a_category_is_hidden_shown_without_persons_or_with_those_who_consent(client, summit):
    zanzi = summit.organisation("zanzi-institute", "non_governmental", size=77, level="expert")
    summit.member("zanzi-institute", "Quixana Member", role="head", title_en="Quixana title")
    Organisation.objects.filter(slug="zanzi-institute").update(kind="non_governmental")
    shown = faces(client)
    assert "Quixana" in shown[PAGE]
    assert "Zanzi" in shown[PAGE]
    summit.rule("non_governmental", visibility="party", place=4)
    shown = faces(client)
    assert {path for path, text in shown.items() if "Quixana" in text} == set()
    assert "Zanzi" in shown[PAGE]
    assert [row["members"] for row in rows(client, category="non_governmental")] == [None]
    CategoryRule.objects.update(visibility="hidden")
    shown = faces(client)
    assert {path for path, text in shown.items() if "Quixana" in text} == set()
    # The organisation itself has a page; that it had a delegation is not told.
    shown.pop("/en/search/?q=Zanzi")
    assert {path for path, text in shown.items() if "zanzi" in text.lower()} == set()
    assert detail(client, zanzi) == 404
    assert "Summit" not in html(client, "/en/organisations/zanzi-institute/")
    assert rows(client, category="non_governmental") == []
    options = client.get("/api/v1/delegations/?facets=category,level,organisation").json()["facets"]
    assert {one["value"]: one["count"] for one in options["category"]}["non_governmental"] == 0
    assert {one["value"]: one["count"] for one in options["level"]}["expert"] == 0
    assert len(seating(client)) == 6
    Delegation.objects.filter(pk=zanzi.pk).update(state="archived", withdrawal_reason_en="Because")
    assert detail(client, zanzi) == 404


def test_a_hidden_category_leaves_every_face_as_if_it_had_nobody(client, summit):
    summit.member("cn", "Li Hua")
    summit.rule("observer", visibility="hidden", place=2)
    before = faces(client)
    summit.organisation("watchers", "observer", size=5, level="minister")
    Organisation.objects.filter(slug="watchers").update(state="draft", first_public_at=None)
    summit.member("watchers", "Quixana Watcher", role="head")
    assert faces(client) == before


@pytest.mark.parametrize("change", [{"consent": False}, {"state": "draft"}, {"state": "archived"}])
def test_a_member_without_consent_or_not_public_is_nowhere(client, summit, change):
    summit.member("cn", "Li Hua", role="deputy")
    before = faces(client)
    member = summit.member("cn", "Quixana Member", role="head", title_en="Quixana title", sex="female", **change)
    # An import notes where a delegate works; that alone makes nobody a speaker.
    Appearance.objects.create(
        person=member.person, edition=summit.edition, country=summit.countries["CN"], affiliation_en="Quixana works"
    )
    after = faces(client)
    assert {path for path, text in after.items() if "Quixana" in text} == set()
    cleared = {path: text for path, text in after.items() if "modified" not in text}
    assert cleared == {path: before[path] for path in cleared}
    assert client.get("/en/conference/summit/speakers/quixana-member/").status_code in (404, 410)
    assert rows(client, country="CN")[0]["head"] is None
    assert "not shown" not in after[PAGE]


def test_a_delegate_without_consent_who_speaks_in_a_public_session_is_a_speaker_and_no_delegate(client, summit):
    member = summit.member("cn", "Quixana Member", consent=False)
    Appearance.objects.create(person=member.person, edition=summit.edition, country=summit.countries["CN"])
    session = Session.objects.create(edition=summit.edition, slug="one", title_en="One", state="published")
    Participation.objects.create(session=session, person=member.person)
    assert "Quixana" not in html(client)
    assert client.get("/en/conference/summit/speakers/quixana-member/").status_code == 200
    assert client.get("/api/v1/speakers/?country=CN").json()["count"] == 1
    session.state = "draft"
    session.save()
    assert client.get("/api/v1/speakers/").json()["count"] == 0
    assert client.get("/api/v1/speakers/?country=CN").json()["count"] == 0


def test_a_delegation_of_an_unpublished_country_is_not_public(client, summit):
    Country.objects.filter(code="EG").update(state="draft")
    assert "eg" not in slugs(client)
    assert detail(client, summit.of["eg"]) == 404


def test_members_stand_by_rank_with_head_and_deputies_first_among_equals(client, summit):
    for number, (name, role, rank) in enumerate(
        [("Ann", "member", 3), ("Ben", "head", 1), ("Cy", "deputy", 2), ("Di", "member", 2), ("Ed", "deputy", 2)]
    ):
        summit.member("ke", name, role=role, rank=rank, honorific_en="Dr" if number % 2 else "", title_en=f"T{number}")
    row = rows(client, country="KE")[0]
    assert [member["name"] for member in row["members"]] == ["Ben", "Cy", "Ed", "Di", "Ann"]
    assert (row["head"]["name"], row["head"]["honorific"], row["head"]["title"]) == ("Ben", "Dr", "T1")
    assert [member["name"] for member in row["deputies"]] == ["Cy", "Ed"]
    text = html(client)
    places = [text.index(f">{name}</bdi>") for name in ("Ben", "Cy", "Ed", "Di", "Ann")]
    assert places == sorted(places)


def test_a_delegation_has_one_head_and_several_deputies(summit):
    summit.member("ke", "One", role="head")
    summit.member("ke", "Two", role="deputy")
    summit.member("ke", "Three", role="deputy")
    with pytest.raises(IntegrityError), transaction.atomic():
        summit.member("ke", "Four", role="head")


def test_delegations_are_filtered_by_region_group_and_country(client, summit):
    africa = Region.objects.create(slug="africa", name_en="Africa", kind="region", m49="002")
    group = RegionGroup.objects.create(slug="arab-states", name_en="Arab States")
    Country.objects.filter(code__in=["KE", "EG", "ZA"]).update(region=africa)
    summit.countries["EG"].groups.add(group)
    assert slugs(client, region="africa") == slugs_of_page(client, region="africa") == ["eg", "ke", "za"]
    assert slugs(client, group="arab-states") == slugs_of_page(client, group="arab-states") == ["eg"]
    assert slugs_of_page(client, country="ke") == ["ke"]
    facets = {facet["name"]: facet["options"] for facet in client.get(PAGE).context["facets"]}
    assert [(one["label"], one["count"]) for one in facets["region"]] == [("Africa", 3), ("Not recorded", 3)]
    assert rows(client, country="EG")[0]["region"]["slug"] == "africa"
    assert client.get(PAGE, {"region": "mars"}).status_code == 400


def test_the_page_adds_up_what_it_shows(client, summit):
    summit.organisation("bank", size=5)
    Delegation.objects.filter(slug="ke").update(size=12)
    Delegation.objects.filter(slug="eg").update(size=0)
    text = " ".join(html(client).split())
    assert "6 countries" in text
    assert "1 international organisation<" in text
    assert "17 persons in the 3 of 7 delegations that recorded a size" in text
    assert "no persons" in text


def test_a_country_has_its_delegation_at_each_edition_on_its_page(client, summit):
    later = Edition.objects.create(slug="later", state="published", name_en="Later summit", start_date="2029")
    Delegation.objects.create(edition=later, country=summit.countries["KE"], state="published", level="minister")
    summit.member("ke", "Amina Odhiambo", role="head")
    summit.member("ke", "Quixana Member", consent=False)
    text = html(client, "/en/countries/ke/")
    assert 0 < text.index(">Later summit</a>") < text.index(">Summit</a>") < text.index("Amina Odhiambo")
    assert "Minister" in text
    assert "Quixana" not in text


def test_the_page_costs_as_many_queries_for_many_delegations_as_for_few(client, summit):
    summit.member("ke", "First", role="head")
    summit.organisation("bank")

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as of_list:
            client.get(PAGE)
        with CaptureQueriesContext(connection) as of_statistics:
            client.get(STATISTICS)
        return len(of_list), len(of_statistics)

    queries()
    before = queries()
    for number in range(30):
        summit.organisation(f"body-{number}", size=number)
        summit.member(f"body-{number}", f"Person {number}", role="head")
    assert queries() == before


# Statistics


def test_statistics_count_what_the_facets_count(client, summit):
    chance = random.Random(1)
    regions = [
        Region.objects.create(slug=f"region-{n}", name_en=f"R{n}", kind="region", m49=f"00{n}") for n in range(3)
    ]
    for country in summit.countries.values():
        country.region = chance.choice(regions)
        country.save()
    for number in range(8):
        summit.organisation(f"body-{number}", chance.choice(["observer", "intergovernmental", "non_governmental"]))
    for delegation in summit.of.values():
        delegation.level = chance.choice(["", "minister", "expert"])
        delegation.size = chance.choice([None, 3, 8])
        delegation.save()
    Delegation.objects.filter(slug="de").update(state="draft")
    summit.rule("non_governmental", visibility="hidden", place=4)
    facets = client.get("/api/v1/delegations/?edition=summit&facets=category,level,region,country").json()["facets"]
    context = client.get(STATISTICS).context
    for table in context["tables"]:
        counted = {option["label"]: option["count"] for option in facets[table["name"]] if option["count"]}
        own = {row["label"]: row["delegations"] for row in table["rows"]}
        # Organisations have no country and no region: the table says what they are instead.
        if "Not recorded" not in own:
            counted.pop("Not recorded", None)
        rest = set(own) - set(counted)
        assert {label: own[label] for label in counted} == counted
        assert rest <= {"Not recorded", "International organisations"}
        assert sum(own.values()) == table["sum"]["delegations"] == len(rows(client))
        assert table["sum"]["size"] == sum(row["size"] or 0 for row in rows(client))


def test_statistics_count_persons_by_role_and_say_when_one_counts_twice(client, summit):
    head = summit.member("ke", "Head", role="head")
    summit.member("ke", "Member")
    summit.member("ke", "Hidden", consent=False)
    session = Session.objects.create(edition=summit.edition, slug="one", title_en="One", state="published")
    draft = Session.objects.create(edition=summit.edition, slug="two", title_en="Two", state="draft")
    for role in ("chair", "speaker"):
        Participation.objects.create(session=session, person=head.person, role=role)
    Participation.objects.create(session=draft, person=head.person, role="rapporteur")
    Appearance.objects.create(person=head.person, edition=summit.edition, country=summit.countries["KE"])
    context = client.get(STATISTICS).context
    assert {row["label"]: row["persons"] for row in context["member_roles"]["rows"]} == {
        "Head of delegation": 1,
        "Member of the delegation": 1,
    }
    assert {row["label"]: row["persons"] for row in context["session_roles"]["rows"]} == {"Chair": 1, "Speaker": 1}
    assert context["session_roles"]["persons"] == 1
    kenya = next(row for row in context["tables"][3]["rows"] if row["code"] == "KE")
    assert (kenya["delegations"], kenya["members"], kenya["speakers"]) == (1, 2, 1)
    assert "A person with several roles counts for each of them." in html(client, STATISTICS)


def sex_rows(client) -> dict[str, int]:
    return {row["label"]: row["persons"] for row in client.get(STATISTICS).context["sex"]["rows"]}


@pytest.mark.parametrize(
    ("female", "male", "blank", "expected"),
    [
        (0, 0, 6, {}),
        (2, 2, 9, {}),
        (3, 2, 0, {"Female": 3, "Male": 2}),
        (1, 9, 3, {}),
        (0, 6, 0, {}),
        (0, 6, 2, {"Male": 6}),
        (7, 5, 2, {"Female": 7, "Male": 5}),
    ],
)
def test_sex_is_one_total_and_none_where_it_would_tell_of_a_single_person(
    client, summit, female, male, blank, expected
):
    for number, sex in enumerate(["female"] * female + ["male"] * male + [""] * blank):
        summit.member("ke", f"Person {number}", sex=sex)
    for number in range(9):
        summit.member("cn", f"Hidden {number}", sex="female", consent=False)
    assert sex_rows(client) == expected
    text = html(client, STATISTICS)
    assert ("Not shown: it is recorded for too few persons" in text) == (bool(female or male) and not expected)


def test_the_sex_of_a_person_is_in_no_answer_and_no_filter(client, summit):
    member = summit.member("ke", "Amina", sex="female", role="head")
    Appearance.objects.create(person=member.person, edition=summit.edition)
    for path, text in faces(client).items():
        assert "female" not in text.lower(), path
    for collection in ("speakers", "delegations"):
        assert client.get(f"/api/v1/{collection}/?sex=female").status_code == 400
        assert "sex" not in json.dumps(client.get(f"/api/v1/{collection}/").json()["results"])
        assert client.get(f"/api/v1/{collection}/?fields=sex").status_code == 400


@pytest.mark.parametrize("language", CODES)
def test_the_statistics_answer_in_each_language_also_when_there_is_nothing(client, summit, language):
    assert client.get(f"/{language}/conference/summit/statistics/").status_code == 200
    Delegation.objects.all().delete()
    assert client.get(f"/{language}/conference/summit/statistics/").context["is_empty"]
    assert STATISTICS in html(client, "/en/conference/summit/")
    assert client.get(STATISTICS, {"region": "x"}).status_code == 400


# Administration


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor", password="-"))
    return client


def draw_address(summit) -> str:
    return reverse("admin:conference_edition_draw_first_seat", args=[summit.edition.pk])


def test_the_first_seat_is_drawn_by_a_post_and_the_history_says_who_did_it(editor, summit):
    Delegation.objects.filter(slug__in=["cn", "de", "eg", "es"]).update(precedence=1)
    summit.organisation("bank")
    page = editor.get(draw_address(summit))
    assert [one.slug for one in page.context["candidates"]] == ["ke", "za"]
    assert Edition.objects.get().first_seat is None
    response = editor.post(draw_address(summit))
    assert response.status_code == 302
    drawn = Edition.objects.get().first_seat
    assert drawn.slug in ("ke", "za")
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.object_id) == ("editor", str(summit.edition.pk))
    assert entry.change_message == f"First seat drawn by lot from 2 delegations: {drawn.party}."


def test_the_lot_falls_on_each_sooner_or_later_and_never_on_a_host_that_stands_last(editor, summit):
    Delegation.objects.filter(slug="ke").update(category="host")
    summit.decide(host_place="last")
    Delegation.objects.filter(slug="de").update(state="archived")
    drawn = set()
    for _ in range(80):
        editor.post(draw_address(summit))
        drawn.add(Edition.objects.get().first_seat.slug)
    assert drawn == {"cn", "eg", "es", "za"}


def test_who_may_not_change_editions_draws_no_lot(client, summit):
    client.force_login(User.objects.create_user("reader", is_staff=True))
    assert client.get(draw_address(summit)).status_code == 403
    assert client.post(draw_address(summit)).status_code == 403
    client.logout()
    assert client.post(draw_address(summit)).status_code == 302
    assert Edition.objects.get().first_seat is None


def test_precedence_is_edited_in_the_list(editor, summit):
    address = reverse("admin:conference_delegation_changelist")
    forms = {
        f"form-{number}-{name}": value
        for number, one in enumerate(editor.get(address).context["cl"].result_list)
        for name, value in (("id", one.pk), ("precedence", "7" if one.slug == "es" else ""))
    }
    count = {"form-TOTAL_FORMS": 6, "form-INITIAL_FORMS": 6}
    assert editor.post(address, {**forms, **count, "_save": "Save"}).status_code == 302
    assert dict(Delegation.objects.exclude(precedence=None).values_list("slug", "precedence")) == {"es": 7}


def test_rules_for_categories_are_kept_only_where_something_was_decided(editor, summit):
    from tests.test_admin import address, saved, send

    path = address(Edition, "change", summit.edition.pk)
    page = editor.get(path)
    formset = next(one for one in page.context["inline_admin_formsets"] if one.opts.model is CategoryRule).formset
    assert [form.initial["category"] for form in formset.forms] == [
        "member", "observer", "intergovernmental", "non_governmental", "host",
    ]  # fmt: skip
    assert saved(send(editor, path))
    assert CategoryRule.objects.count() == 0
    assert saved(send(editor, path, **{"category_rules-3-visibility": "hidden"}))
    rule = CategoryRule.objects.get()
    assert (rule.category, rule.visibility, rule.place) == ("non_governmental", "hidden", 4)


def test_whoever_publishes_into_a_hidden_category_is_told(editor, summit):
    from tests.test_admin import address, send

    summit.rule("member", visibility="hidden")
    response = send(editor, address(Delegation, "change", summit.of["ke"].pk), size="3")
    text = editor.get(response["Location"]).content.decode()
    assert "The edition hides the delegations of this category." in text
