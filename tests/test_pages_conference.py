"""Pages of the conference: editions, programme, speakers, delegations, documents, countries, organisations."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.models import (
    Appearance,
    Country,
    Delegation,
    DelegationMember,
    Edition,
    Participation,
    Person,
    Placement,
    Room,
    Session,
    SessionType,
    Slot,
    Track,
    Venue,
)
from content.languages import CODES
from content.models import Claim, Document, DocumentFile, Source
from tests.world import World, six

pytestmark = pytest.mark.django_db

EDITION = "conference/row-001"
OF_EDITION = [
    f"{EDITION}/{part}"
    for part in (
        "",
        "practical/",
        "programme/",
        "now/",
        "my/",
        "rooms/",
        "offline/",
        "speakers/",
        "countries/",
        "statistics/",
        "documents/",
    )
]
RECORDS = [
    f"{EDITION}/sessions/row-001/",
    f"{EDITION}/speakers/row-001/",
    "countries/qaaa/",
    "organisations/row-001/",
    "documents/row-001/",
]
LISTS = ["conference/", "countries/", "organisations/"]
START = datetime(2023, 11, 6, 1, tzinfo=UTC)


@pytest.fixture
def world():
    return World(3)


def page(client, path: str, **query) -> str:
    response = client.get(f"/en/{path}", query)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def publish(edition, *slots: Slot) -> None:
    for slot in slots:
        slot.version = edition.draft_schedule()
        slot.save()
    edition.publish_schedule()


def a_session(edition, slug: str, **values) -> Session:
    values = {"state": "published", **six(slug, "title"), **values}
    return Session.objects.create(edition=edition, slug=slug, **values)


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("path", LISTS)
def test_lists_of_an_empty_portal_say_what_is_missing(client, language, path):
    response = client.get(f"/{language}/{path}")
    assert response.status_code == 200
    assert 'class="empty__state"' in response.content.decode()


@pytest.mark.parametrize("language", CODES)
def test_every_page_answers_in_each_language(client, world, language):
    for path in (*LISTS, *OF_EDITION, *RECORDS):
        response = client.get(f"/{language}/{path}")
        assert (path, response.status_code) == (path, 200)
        html = response.content.decode()
        assert html.count("<h1") == 1
        assert "<title>" in html


def test_an_edition_about_which_nothing_is_known_says_so_on_each_page(client):
    Edition.objects.create(slug="row-001", state="published", name_en="Bare")
    for path in OF_EDITION:
        assert client.get(f"/en/{path}").status_code == 200
    html = page(client, f"{EDITION}/")
    assert "There is no registration system here." in html
    assert html.count("None on record") >= 4


@pytest.mark.parametrize("path", [*OF_EDITION, *RECORDS])
def test_what_is_a_draft_is_not_found(client, world, path):
    assert client.get(f"/en/{path}").status_code == 200
    for rows in (world.editions, world.sessions, world.people, world.countries, world.organisations, world.documents):
        for row in rows:
            row.state = "draft"
            row.first_public_at = None
            row.save()
    type(world.edition).objects.update(first_public_at=None)
    connection.check_constraints()
    assert client.get(f"/en/{path}").status_code in (404, 410)


def test_an_archived_edition_gives_its_reason_and_nothing_else(client, world):
    Edition.objects.filter(pk=world.edition.pk).update(
        state="archived", first_public_at=START, withdrawal_reason_en="Held under another name."
    )
    for path in OF_EDITION:
        response = client.get(f"/en/{path}")
        assert response.status_code == 410
        assert "Held under another name." in response.content.decode()
        assert "row 001" not in response.content.decode()


def test_nothing_unpublished_shows_through_a_published_record(client, world):
    session, edition = world.sessions[0], world.edition
    hidden = Person.objects.create(slug="hidden", name_en="HIDDEN person", state="draft")
    Appearance.objects.create(person=hidden, edition=edition, affiliation_en="HIDDEN affiliation")
    Participation.objects.create(session=session, person=hidden)
    shy = Person.objects.create(slug="shy", name_en="HIDDEN delegate", state="published")
    DelegationMember.objects.create(delegation=world.delegations[0], person=shy, consent=False)
    document = Document.objects.create(slug="hidden", title_en="HIDDEN document", state="draft")
    Placement.objects.create(document=document, edition=edition, session=session, outcome=True)
    Track.objects.create(slug="hidden", edition=edition, name_en="HIDDEN track", state="draft")
    a_session(edition, "hidden-talk", title_en="HIDDEN talk", parent=session, state="draft")
    source = Source.objects.create(slug="hidden", title_en="HIDDEN source", state="draft", kind="website")
    claim = Claim.objects.create(slug="hidden", source=source, quote="HIDDEN words", quote_kind="reported")
    for record in (session, edition, world.countries[0], world.organisations[0], world.people[0]):
        record.sources.add(source)
        record.statements.add(claim)
    for path in (*OF_EDITION, *RECORDS):
        assert "HIDDEN" not in page(client, path), path
    assert "HIDDEN" not in page(client, f"{EDITION}/programme/", view="list")
    for kind in (Person, Document, Track, Session, Source, Claim):
        kind.objects.filter(slug__startswith="hidden").update(state="published")
    assert "HIDDEN person" in page(client, f"{EDITION}/sessions/row-001/")
    assert "HIDDEN person" in page(client, f"{EDITION}/programme/", view="list")
    assert "HIDDEN document" in page(client, f"{EDITION}/")
    assert "HIDDEN words" in page(client, "countries/qaaa/")


def test_a_draft_schedule_is_nobodys_business(client, world):
    session = a_session(world.edition, "moving")
    hall = world.rooms[0]
    slot = Slot(session=session, room=hall, start=START + timedelta(days=1), end=START + timedelta(days=1, hours=1))
    publish(world.edition, slot)
    slot.start, slot.end = slot.start + timedelta(hours=5), slot.end + timedelta(hours=5)
    slot.save()
    html = page(client, f"{EDITION}/programme/", slug="moving", view="list")
    assert "09:00–10:00" in html
    assert "14:00" not in html


def queries(client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(f"/en/{path}").status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", [*LISTS, *OF_EDITION, *RECORDS])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, path):
    one = World(1)
    more_of_everything(one, 2)
    before = queries(client, path)
    more_of_everything(one, 3, 4)
    assert queries(client, path) == before


def more_of_everything(world: World, *numbers: int) -> None:
    """Further rows of whatever hangs on the first record of each kind."""
    edition, session = world.edition, world.sessions[0]
    for number in numbers:
        slug = f"row-{number:03}"
        country = Country.objects.create(
            code=f"Q{'ABCD'[number - 1]}ZA", alpha3=f"Q{'ABCD'[number - 1]}Z", state="published", name_en=slug,
            region=world.region,
        )  # fmt: skip
        person = Person.objects.create(slug=slug, state="published", **six(slug, "name"))
        Appearance.objects.create(
            person=person, edition=edition, country=world.countries[0], organisation=world.organisations[0]
        )
        Participation.objects.create(session=session, person=person)
        talk = a_session(edition, slug, parent=session)
        Participation.objects.create(session=talk, person=world.people[0])
        Slot.objects.create(version=edition.draft_schedule(), session=talk)
        delegation = Delegation.objects.create(slug=slug, edition=edition, country=country, state="published")
        DelegationMember.objects.create(delegation=delegation, person=person, consent=True)
        document = Document.objects.create(slug=slug, state="published", **six(slug, "title"))
        Placement.objects.create(document=document, edition=edition, session=session, outcome=True)
        for record in (edition, session, world.people[0], world.countries[0], world.organisations[0]):
            source = Source.objects.create(
                slug=f"{slug}-{record._meta.model_name}", kind="website", state="published", **six(slug, "title")
            )
            record.sources.add(source)
            claim = Claim.objects.create(
                slug=source.slug, source=source, quote=slug, quote_kind="reported", state="published"
            )
            record.statements.add(claim)
    edition.publish_schedule()


# The programme


@pytest.fixture
def programme():
    """A day with a plenary, two rooms, a cancelled session, a moved one and one without a time."""
    edition = Edition.objects.create(
        slug="row-001", state="published", name_en="Edition", time_zone="Asia/Shanghai", start_date="2023-11-06"
    )
    venue = Venue.objects.create(slug="venue", name_en="Centre")
    halls = [Room.objects.create(venue=venue, slug=f"room-{n}", name_en=f"Room {n}", position=n) for n in (1, 2)]
    plenary = SessionType.objects.create(slug="plenary", name_en="Plenary", spans_rooms=True)
    slots = {}
    for slug, room, hour, state, kind in (
        ("opening", None, 0, "confirmed", plenary),
        ("talk", halls[0], 2, "confirmed", None),
        ("off", halls[1], 2, "cancelled", None),
        ("maybe", halls[1], 4, "tentative", None),
        ("poster", None, None, "confirmed", None),
    ):
        start = None if hour is None else START + timedelta(hours=hour)
        end = start and start + timedelta(hours=1)
        session = a_session(edition, slug, type=kind, abstract_en=f"<p>abstract of {slug}</p>")
        slots[slug] = Slot(session=session, room=room, start=start, end=end, state=state)
    publish(edition, *slots.values())
    slots["talk"].room, slots["talk"].start = halls[1], START + timedelta(hours=6)
    slots["talk"].end = START + timedelta(hours=7)
    publish(edition, slots["talk"])
    return edition


def test_the_grid_is_chosen_where_there_is_more_than_one_room(client, programme):
    assert 'class="programme-grid"' not in page(client, f"{EDITION}/programme/", view="list")
    assert 'class="programme-grid"' in page(client, f"{EDITION}/programme/", view="grid")
    # Since the talk moved, everything with a room is in Room 2.
    assert 'class="programme-grid"' not in page(client, f"{EDITION}/programme/")
    session = a_session(programme, "second")
    room = Room.objects.get(slug="room-1")
    publish(programme, Slot(session=session, room=room, start=START, end=START + timedelta(hours=1)))
    assert 'class="programme-grid"' in page(client, f"{EDITION}/programme/")


@pytest.mark.parametrize("view", ["grid", "list"])
def test_the_programme_says_what_was_cancelled_moved_or_is_tentative(client, programme, view):
    html = page(client, f"{EDITION}/programme/", view=view)
    for words in ("Cancelled", "Tentative", "Moved. Was: Room 1, 11:00", "No time recorded", "15:00–16:00"):
        assert words in html
    assert ("Moved to: Room 2, 15:00" in html) == (view == "grid")
    assert html.count("poster en") == 1
    assert "abstract of" not in html


def test_a_plenary_without_a_room_lies_across_them(client, programme):
    session = a_session(programme, "second")
    room = Room.objects.get(slug="room-1")
    start = START + timedelta(hours=2)
    publish(programme, Slot(session=session, room=room, start=start, end=start + timedelta(hours=1)))
    html = page(client, f"{EDITION}/programme/")
    assert re.search('colspan="2"[^>]* class="session strand--0 session--plenary"', html)


def test_days_follow_the_zone_that_is_shown(client, programme):
    at_venue = page(client, f"{EDITION}/programme/", view="list")
    assert "China Standard Time, UTC+8" in at_venue
    assert "Monday, 6 November 2023" in at_venue
    assert "09:00–10:00" in at_venue
    away = page(client, f"{EDITION}/programme/", view="list", tz="America/Los_Angeles")
    assert "Sunday, 5 November 2023" in away
    assert "17:00–18:00" in away
    assert "Pacific Standard Time, UTC−8" in away
    assert "China Standard Time" in away


@pytest.mark.parametrize(("key", "value"), [("tz", "Mars/Olympus"), ("tz", "../etc"), ("view", "wall"), ("dya", "1")])
def test_the_programme_refuses_what_it_does_not_know(client, programme, key, value):
    response = client.get(f"/en/{EDITION}/programme/", {key: value})
    assert response.status_code == 400
    assert "These are accepted:" in response.content.decode()


def test_filters_are_kept_while_view_and_zone_change(client, programme):
    response = client.get(f"/en/{EDITION}/programme/", {"state": "cancelled", "tz": "UTC", "view": "list"})
    assert response.context["count"] == 1
    assert {action["label"]: action["url"] for action in response.context["actions"]}["Grid"].endswith(
        "?state=cancelled&tz=UTC&view=grid"
    )
    assert "off en" in response.content.decode()
    assert "opening en" not in response.content.decode()


def test_a_thousand_sessions_take_as_many_queries_as_five(client, programme):
    path = f"{EDITION}/programme/?view=grid"
    before = queries(client, path)
    rooms = list(Room.objects.all())
    sessions = Session.objects.bulk_create(
        Session(edition=programme, slug=f"many-{n}", title_en=f"Many {n}", state="published") for n in range(200)
    )
    version = programme.draft_schedule()
    Slot.objects.bulk_create(
        Slot(
            version=version,
            session=session,
            room=rooms[n % 2],
            start=START + timedelta(days=1, minutes=15 * (n // 2)),
            end=START + timedelta(days=1, minutes=15 * (n // 2) + 15),
            state="confirmed",
        )
        for n, session in enumerate(sessions)
    )
    programme.publish_schedule()
    assert queries(client, path) == before
    assert client.get(f"/en/{path}").content.decode().count("Many 1") == 111


def test_what_is_on_now_is_marked_and_what_comes_next_is_named(client):
    edition = Edition.objects.create(slug="row-001", state="published", name_en="Edition", time_zone="UTC")
    venue = Venue.objects.create(slug="venue", name_en="Centre")
    room = Room.objects.create(venue=venue, slug="room", name_en="Hall")
    now = datetime.now(UTC)
    slots = []
    for slug, hours, state in (
        ("current", -1, "confirmed"),
        ("dropped", -1, "cancelled"),
        ("later", 2, "confirmed"),
        ("past", -4, "confirmed"),
    ):
        start = now + timedelta(hours=hours)
        end = start + timedelta(hours=1.5)
        slots.append(Slot(session=a_session(edition, slug), room=room, start=start, end=end, state=state))
    publish(edition, *slots)
    html = page(client, f"{EDITION}/now/")
    assert html.index("session--now") < html.index("Next,") < html.index("later en")
    assert "current en" in html
    assert "dropped" not in html
    assert "past" not in html
    assert page(client, f"{EDITION}/programme/", view="list").count("session--now") == 1
    assert "On now" in page(client, f"{EDITION}/sessions/current/")


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (("2023-11-06", "2023-11-07"), "This edition is over."),
        (("2999-11", None), "This edition has not begun."),
        ((None, None), "The dates of this edition are not recorded."),
    ],
)
def test_now_says_when_the_edition_is_or_was(client, dates, words):
    start, end = dates
    Edition.objects.create(slug="row-001", state="published", name_en="Edition", start_date=start, end_date=end)
    assert words in page(client, f"{EDITION}/now/")


# My sessions


def test_my_sessions_are_those_in_the_address(client, programme):
    path = f"{EDITION}/my/"
    assert "No session is chosen." in page(client, path)
    html = page(client, path, session=["opening", "poster"])
    assert "opening en" in html
    assert "poster en" in html
    assert "maybe en" not in html
    assert "/api/v1/sessions.csv?edition=row-001&amp;slug=opening&amp;slug=poster" in html


def test_my_sessions_that_clash_are_named(client, programme):
    other = a_session(programme, "beside")
    publish(programme, Slot(session=other, start=START, end=START + timedelta(hours=1)))
    assert page(client, f"{EDITION}/my/", session=["opening", "beside"]).count("At the same time:") == 2
    assert "At the same time:" not in page(client, f"{EDITION}/my/", session=["opening", "maybe"])


# A session


def test_a_session_says_when_by_the_venue_and_in_another_zone(client, programme):
    html = page(client, f"{EDITION}/sessions/talk/", tz="Asia/Kathmandu")
    assert "Monday, 6 November 2023" in html
    assert ">15:00</time>" in html
    assert "China Standard Time, UTC+8" in html
    assert "<bdi>12:45</bdi>" in html
    assert "Nepal Time, UTC+5:45" in html
    assert "It was announced for Monday, 6 November 2023, 11:00." in html
    assert "Before: Room 1" in html
    assert "abstract of talk" in html
    assert client.get(f"/en/{EDITION}/sessions/talk/", {"tz": "Nowhere"}).status_code == 400


def test_a_session_without_time_room_or_persons_says_so(client, programme):
    html = page(client, f"{EDITION}/sessions/poster/")
    for words in ("No time recorded.", "Nobody is on record.", "Not recorded", "None on record"):
        assert words in html


def test_an_address_that_no_form_would_take_is_not_linked(client, programme):
    session = Session.objects.get(slug="talk")
    Session.objects.filter(pk=session.pk).update(recording_url="javascript:alert(1)")
    session.links.create(label_en="Trap", address="javascript:alert(2)")
    assert 'href="javascript' not in page(client, f"{EDITION}/sessions/talk/")


def test_a_session_is_found_at_its_own_edition_alone(client, world):
    assert client.get("/en/conference/row-002/sessions/row-001/").status_code == 404
    assert client.get("/en/conference/row-002/speakers/row-001/").status_code == 404


# Speakers, delegations, documents


def test_a_speaker_without_sessions_has_the_note_that_says_why(client, world):
    person = Person.objects.create(slug="guest", name_en="Guest", state="published")
    Appearance.objects.create(person=person, edition=world.edition, note_en="Spoke to the press.")
    html = page(client, f"{EDITION}/speakers/guest/")
    assert "No session is on record." in html
    assert "Spoke to the press." in html


def test_a_speaker_is_named_in_native_and_latin_letters_each_spelling_once(client, world):
    name = {
        "name_en": "Zhang Guangjun",
        "name_fr": "Zhang Guangjun",
        "name_zh_hans": "张广军",
        "name_ru": "Чжан Гуанцзюнь",
    }
    person = Person.objects.create(slug="guest", state="published", **name)
    Appearance.objects.create(person=person, edition=world.edition)
    native = '<span lang="zh-Hans" dir="ltr">张广军</span>'
    latin = '<span lang="en" dir="ltr">Zhang Guangjun</span>'
    english, chinese = (
        client.get(f"/{code}/{EDITION}/speakers/guest/").content.decode() for code in ("en", "zh-hans")
    )
    assert (english.count(native), english.count(latin)) == (1, 0)
    assert (chinese.count(native), chinese.count(latin)) == (0, 1)


def test_a_speaker_is_linked_with_the_sessions_of_this_edition_and_the_others(client, world):
    Appearance.objects.create(person=world.people[0], edition=world.editions[1])
    html = page(client, f"{EDITION}/speakers/row-001/")
    assert f"/en/{EDITION}/sessions/row-001/" in html
    assert "/en/conference/row-002/speakers/row-001/" in html


def test_the_size_of_a_delegation_is_a_number_none_or_not_recorded(client, world):
    Delegation.objects.filter(pk=world.delegations[0].pk).update(size=None)
    Delegation.objects.filter(pk=world.delegations[1].pk).update(size=0)
    html = page(client, f"{EDITION}/countries/")
    sizes = {
        slug: html.split(f'id="{slug}"')[1].split("<dt>Size</dt><dd>")[1].split("</dd>")[0]
        for slug in ("row-001", "row-002", "row-003")
    }
    assert "Not recorded" in sizes["row-001"]
    assert (sizes["row-002"], sizes["row-003"]) == ("no persons", "3 persons")


def test_all_delegations_stand_on_one_page_so_that_each_has_an_anchor(client):
    World(60)
    html = page(client, f"{EDITION}/countries/")
    assert 'id="row-001"' in html
    assert 'id="row-060"' in html
    assert page(client, "countries/").count("country-list__link") == 60


def test_a_file_is_a_download_and_only_of_what_is_public(client, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = world.documents[0]
    DocumentFile.objects.create(document=document, language="pt-BR", file=ContentFile(b"<script>", name="a.html"))
    address = "/en/documents/row-001/pt-BR/"
    assert address in page(client, "documents/row-001/")
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == b"<script>"
    assert client.get("/en/documents/row-001/de/").status_code == 404
    document.files.get(language="pt-BR").file.storage.delete(document.files.get(language="pt-BR").file.name)
    assert client.get(address).status_code == 404
    Document.objects.filter(pk=document.pk).update(state="draft", first_public_at=None)
    assert client.get(address).status_code == 404


# Countries and organisations


def test_a_country_is_named_in_six_languages_and_says_what_is_missing(client):
    Country.objects.create(code="KE", alpha3="KEN", m49="404", state="published", **six("Kenya", "name"))
    html = page(client, "countries/ke/")
    for code in ("zh_hans", "fr", "es", "ru", "ar"):
        assert f"Kenya {code}" in html
    assert 'lang="zh-Hans" dir="ltr">Kenya zh_hans' in html
    assert "KE, KEN, 404" in html
    assert "Projects: none on record" in html
    assert "Figures: not recorded" in html


def test_a_country_page_counts_what_the_lists_show(client, world):
    response = client.get("/en/countries/qaaa/")
    for group in response.context["groups"]:
        answer = client.get(f"/api/v1/{group['name']}/", {"country": "QAAA"}).json()
        assert (group["name"], group["count"]) == (group["name"], answer["count"])
        # Delegations stand edition by edition, with whom they named.
        shown = response.context["delegations"] if group["name"] == "delegations" else group["rows"]
        assert len(shown) == min(answer["count"], 10)
    assert any(group["count"] for group in response.context["groups"])


def test_a_code_in_capitals_leads_to_the_one_in_small_letters(client, world):
    response = client.get("/en/countries/QAAA/")
    assert (response.status_code, response["Location"]) == (301, "/en/countries/qaaa/")


def test_an_extinct_state_keeps_its_page_outside_the_list(client):
    Country.objects.create(
        code="SUHH", alpha3="SUN", state="published", listed=False, existed_until=1992, name_en="Soviet Union"
    )
    html = page(client, "countries/suhh/")
    assert "1992" in html
    assert "ISO 3166-3" in html
    assert "Soviet Union" not in page(client, "countries/")


def test_an_organisation_shows_what_it_takes_part_in(client, world):
    response = client.get("/en/organisations/row-001/")
    assert f'Organiser: <a href="/en/{EDITION}/"' in response.content.decode()
    for group in response.context["groups"]:
        answer = client.get(f"/api/v1/{group['name']}/", {"organisation": "row-001"}).json()
        assert (group["name"], group["count"]) == (group["name"], answer["count"])
    assert {"facilities", "projects"} <= {group["name"] for group in response.context["groups"]}


def test_sample_unreviewed_and_fallback_texts_are_marked(client, world):
    Session.objects.filter(slug="row-001").update(sample=True, unreviewed_languages=["fr"], title_ru="")
    address = f"{EDITION}/sessions/row-001/"
    assert "This record is invented to show the portal." in page(client, address)
    assert "not yet reviewed by a person" not in page(client, address)
    assert client.get(f"/fr/{address}").content.decode().count('class="note"') == 2
    assert '<span lang="en" dir="ltr">row 001 en</span>' in client.get(f"/ru/{address}").content.decode()


LISTS_OF_EDITION = [
    f"/en/{EDITION}/{part}/" for part in ("programme", "versions", "speakers", "countries", "documents")
]


@pytest.mark.parametrize("path", LISTS_OF_EDITION)
def test_a_page_of_one_edition_refuses_another(client, world, path):
    keys = ("edition", "editions") if "speakers" in path else ("edition",)
    for key in keys:
        for value in ("row-002", "no-such"):
            response = client.get(path, {key: [value, "row-001"]})
            assert response.status_code == 400
            assert value in response.content.decode() and "row-001" in response.content.decode()


@pytest.mark.parametrize("path", LISTS_OF_EDITION)
def test_a_page_of_an_edition_that_is_named_again_is_the_same_page(client, world, path):
    plain, named = client.get(path), client.get(path, {"edition": "row-001"})
    assert named.context["chosen"] == []
    assert named.context["count"] == plain.context["count"] > 0
    assert named.context["exports"] == plain.context["exports"]
    assert [field["name"] for field in named.context["keep"]] == []
    for file in named.context.get("print_files", []):
        assert "edition=" not in file["url"]


def test_languages_of_the_programme_are_a_filter_in_force(client, world):
    response = client.get(f"/en/{EDITION}/programme/", {"languages": "fr"})
    (chip,) = response.context["chosen"]
    assert (chip["label"], chip["remove_url"]) == ("French", f"/en/{EDITION}/programme/")
    (facet,) = [facet for facet in response.context["facets"] if facet["name"] == "language"]
    assert [option["value"] for option in facet["options"] if option["selected"]] == ["fr"]
    assert response.context["keep"] == []


def test_what_is_shown_whole_does_not_hinder_a_booklet(client, world):
    for part in ("programme", "countries"):
        response = client.get(f"/en/{EDITION}/{part}/", {"all": {"programme": "room", "countries": "level"}[part]})
        assert all("all=" not in file["url"] for file in response.context["print_files"])
