"""A programme file comes in whole, a second time only as far as it differs, and a bad one not at all."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conference.imports.texts import as_html, cut, identifier, text_language
from conference.models import (
    Appearance,
    Edition,
    Participation,
    Person,
    Room,
    ScheduleVersion,
    Session,
    SessionLink,
    SessionType,
    Slot,
    Track,
    Venue,
)
from content import revision
from content.sorting import sort_key

SAMPLES = Path(__file__).parent / "samples"
GUIDS = [f"00000000-0000-4000-8000-{number:012}" for number in range(1, 100)]
CONFERENCE = (
    "<acronym>sample</acronym><title>Sample Conference</title><venue>Congress Hall</venue><city>Chongqing</city>"
    "<start>2026-03-28</start><end>2026-03-29</end><time_zone_name>Asia/Shanghai</time_zone_name>"
)


def event(number=1, title="", *, start="10:00", duration="1:00", persons=(), more="", attributes=None):
    """One line. `persons` are texts, or pairs of an id and a name."""
    attributes = f'id="{number}" guid="{GUIDS[number]}"' if attributes is None else attributes
    people = "".join(
        f"<person>{one}</person>" if isinstance(one, str) else f'<person id="{one[0]}">{one[1]}</person>'
        for one in persons
    )
    return (
        f"<event {attributes}><title>{title or f'Talk {number}'}</title><start>{start}</start>"
        f"<duration>{duration}</duration><persons>{people}</persons>{more}</event>"
    )


def schedule(*events, conference=CONFERENCE, day="2026-03-28", room="Hall A", top="", **rooms):
    """The first event of the first room is in line 4, each further line has one more."""
    groups = [(room, events), *((name.replace("_", " "), more) for name, more in rooms.items())]
    lines = [line for name, group in groups for line in (f"<room name='{name}'>", *group, "</room>")]
    return "\n".join(
        ["<schedule>", f"<conference>{conference}</conference>{top}<day date='{day}'>", *lines, "</day></schedule>"]
    )


class Result:
    def __init__(self, code, output, errors, file):
        self.code = code
        self.account = json.loads(output.splitlines()[-1]) if output else None
        self.remarks = [line.removeprefix(f"{file}:") for line in errors.splitlines()]

    @property
    def counts(self):
        return tuple(self.account[name] for name in ("created", "changed", "unchanged", "refused"))


@pytest.fixture
def run(tmp_path, capsys):
    def run(text, *options, edition="sample", create=True):
        file = text if isinstance(text, Path) else tmp_path / "schedule.xml"
        if not isinstance(text, Path):
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = 0
        try:
            call_command("import_schedule", str(file), "--edition", edition, *(["--create"] * create), *options)
        except SystemExit as stop:
            code = stop.code
        output, errors = capsys.readouterr()
        result = Result(code, output, errors, file)
        counts = result.account
        assert counts["read"] == sum(result.counts)
        assert counts["warnings"] == sum(": warning: " in line for line in result.remarks)
        return result

    return run


def slots():
    """Title → room, start, state as the public sees them."""
    rows = Slot.objects.filter(current=True).select_related("room", "session").order_by("session__id")
    return {
        slot.session.title_en: (slot.room and slot.room.name_en, slot.start and f"{slot.start:%d %H:%M}", slot.state)
        for slot in rows
    }


def state_of_the_database():
    """Every row of every table that an import writes, times of change included."""
    models = (Appearance, Edition, Participation, Person, Room, ScheduleVersion, Session, SessionLink, SessionType)
    return {model: list(model.objects.order_by("pk").values()) for model in (*models, Slot, Track, Venue)}


# ── the first time ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
class TestFirstImport:
    def test_a_file_makes_its_edition(self, run):
        result = run(schedule(event()))
        assert (result.code, result.remarks) == (0, [])
        assert result.account == {
            "format": "schedule.xml",
            "dry_run": False,
            "read": 1,
            "created": 1,
            "changed": 0,
            "unchanged": 0,
            "refused": 0,
            "warnings": 0,
        }
        edition = Edition.objects.get()
        assert (edition.slug, edition.name_en, edition.city_en) == ("sample", "Sample Conference", "Chongqing")
        assert (edition.start_date, edition.end_date, edition.time_zone) == (
            "2026-03-28",
            "2026-03-29",
            "Asia/Shanghai",
        )
        assert edition.state == "published"

    def test_every_field_of_an_event_is_stored(self, run):
        more = (
            "<subtitle>Under</subtitle><track>Physics</track><type>lecture</type><language>en</language>"
            "<abstract>One &lt; two\n\nThree</abstract><url>https://example.org/talk</url>"
            "<recording><url>https://example.org/film</url></recording>"
            "<links><link href='https://example.org/a'>Paper</link></links>"
            "<attachments><attachment href='https://example.org/b'>Slides</attachment></attachments>"
        )
        run(schedule(event(7, "Opening", persons=[("5", "Ana Sample")], more=more)))
        session = Session.objects.get()
        assert (session.title_en, session.subtitle_en, session.slug) == ("Opening", "Under", "opening")
        assert session.abstract_en == "<p>One &lt; two</p>\n<p>Three</p>"
        assert (str(session.uuid), session.external_guid, session.external_id) == (GUIDS[7], GUIDS[7], "7")
        assert (session.track.name_en, session.type.slug, session.languages) == ("Physics", "lecture", ["en"])
        assert (session.address, session.recording_url) == ("https://example.org/talk", "https://example.org/film")
        assert session.state == "published"
        assert session.sort_fr
        assert list(session.links.values_list("kind", "label_en", "address")) == [
            ("website", "Paper", "https://example.org/a"),
            ("attachment", "Slides", "https://example.org/b"),
        ]
        participation = session.participations.get()
        assert (participation.person.name_en, participation.person.slug, participation.role) == (
            "Ana Sample",
            "ana-sample",
            "speaker",
        )
        assert participation.person.appearances.get().external_id == "5"
        slot = Slot.objects.get(current=True)
        assert (slot.start, slot.end) == (datetime(2026, 3, 28, 2, tzinfo=UTC), datetime(2026, 3, 28, 3, tzinfo=UTC))
        assert (slot.room.name_en, slot.room.venue.slug, slot.state) == ("Hall A", "congress-hall", "confirmed")

    def test_the_columns_without_a_language_hold_the_english_texts(self, run):
        run(schedule(event(1, "Opening", persons=["Ana Sample"], more="<track>Physics</track>")))
        run(schedule(event(1, "The opening", persons=["Ana Sample"], more="<track>Physics</track>")))
        with connection.cursor() as cursor:
            cursor.execute("SELECT title, title_en FROM conference_session")
            assert cursor.fetchall() == [("The opening", "The opening")]
            cursor.execute("SELECT name FROM conference_track UNION SELECT name FROM conference_person ORDER BY 1")
            assert cursor.fetchall() == [("Ana Sample",), ("Physics",)]

    def test_texts_stand_in_the_language_of_the_event(self, run):
        titles = {"fr": "Début", "zh-CN": "开幕", "pt": "Abertura", "": "Start", "fr, en": "Two"}
        events = [
            event(number, title, start=f"1{number}:00", more=f"<language>{tags}</language>")
            for number, (tags, title) in enumerate(titles.items())
        ]
        run(schedule(*events))
        stored = Session.objects.order_by("id").values_list("title_en", "title_fr", "title_zh_hans")
        assert [tuple(text or "" for text in row) for row in stored] == [
            ("", "Début", ""),
            ("", "", "开幕"),
            ("Abertura", "", ""),
            ("Start", "", ""),
            ("Two", "", ""),
        ]

    def test_rooms_and_tracks_stand_in_the_order_of_the_file(self, run):
        more = "<track>{}</track>".format
        run(schedule(event(1, more=more("Zoology")), room="Z", B=[event(2, more=more("Botany"))], A=[event(3)]))
        assert list(Room.objects.order_by("position").values_list("name_en", flat=True)) == ["Z", "B", "A"]
        assert list(Track.objects.order_by("position").values_list("name_en", flat=True)) == ["Zoology", "Botany"]

    def test_two_rooms_of_one_name_in_two_venues_are_two(self, run):
        one, other = event(1, more="<venue>North</venue>"), event(2, more="<venue>South</venue>")
        run(schedule(one, other))
        assert sorted(Room.objects.values_list("venue__slug", "slug")) == [("north", "hall-a"), ("south", "hall-a")]

    def test_slugs_are_neutral_and_unique(self, run):
        titles = ["开幕", "Same", "Same", "x" * 300]
        run(schedule(*(event(n, title, start=f"1{n}:00") for n, title in enumerate(titles, 1))))
        assert list(Session.objects.order_by("id").values_list("slug", flat=True)) == [
            "session-1",
            "same",
            "same-2",
            "x" * 80,
        ]

    def test_html_is_cleaned(self, run):
        bad = "<![CDATA[<p onclick='x()'>Text<script>alert(1)</script></p>]]>"
        persons = f"<persons><person id='1'><name>Ana Sample</name><biography>{bad}</biography></person></persons>"
        run(schedule(event(1, persons=[("1", "Ana Sample")], more=f"<abstract>{bad}</abstract>"), top=persons))
        assert Session.objects.get().abstract_en == "<p>Text</p>"
        assert Person.objects.get().biography_en == "<p>Text</p>"

    def test_roles_are_understood_or_reported(self, run):
        persons = (
            "<persons><person role='Moderator'>Ana</person><person role='panelist'>Ben</person>"
            "<person role='juggler'>Cho</person></persons>"
        )
        result = run(schedule(event().replace("<persons></persons>", persons)))
        assert list(Participation.objects.order_by("position").values_list("person__name_en", "role")) == [
            ("Ana", "moderator"),
            ("Ben", "panellist"),
            ("Cho", "speaker"),
        ]
        assert result.remarks == ["4: warning: role 'juggler' is not known: the person comes in as a speaker"]

    def test_a_person_in_two_rooms_at_once_comes_in(self, run):
        result = run(schedule(event(1, persons=["Ana"]), Hall_B=[event(2, persons=["Ana"])]))
        assert (result.counts, Person.objects.count(), Appearance.objects.count()) == ((2, 0, 0, 0), 1, 1)

    def test_a_long_text_is_cut_and_reported(self, run):
        result = run(schedule(event(1, "word " * 120)))
        assert len(Session.objects.get().title_en) <= 500
        assert result.remarks[0].startswith("4: warning: the title has 599 characters, 500 fit")
        assert run(schedule(event(1, "word " * 120))).counts == (0, 0, 1, 0)

    def test_a_start_without_a_duration_is_reported(self, run):
        result = run(schedule(event(1, duration="")))
        assert slots() == {"Talk 1": ("Hall A", "28 02:00", "confirmed")}
        assert "has no duration: it comes in without an end" in result.remarks[-1]

    def test_many_events_with_one_guid_are_as_many_sessions(self, run):
        same = [event(n, start=f"{9 + n}:00", attributes=f'guid="{GUIDS[1]}"') for n in range(5)]
        assert run(schedule(*same)).counts == (5, 0, 0, 0)
        assert Session.objects.filter(uuid=GUIDS[1]).count() == 1
        assert run(schedule(*same)).counts == (0, 0, 5, 0)

    def test_a_guid_that_is_taken_at_another_edition_gives_no_uuid(self, run):
        run(schedule(event()))
        result = run(schedule(event(persons=["Ana"])), edition="other")
        assert result.counts == (1, 0, 0, 0)
        assert Session.objects.exclude(uuid=GUIDS[1]).get().external_guid == GUIDS[1]

    @pytest.mark.parametrize("sample", sorted(SAMPLES.glob("schedule-*.xml")), ids=lambda path: path.stem)
    def test_every_dialect_comes_in_and_a_second_time_changes_nothing(self, run, sample):
        Edition.objects.create(slug="sample", name="Sample", time_zone="Europe/Berlin", state="published")
        first = run(sample)
        assert first.account["created"] == Session.objects.count() > 0
        before = state_of_the_database()
        second = run(sample)
        assert second.counts == (0, 0, first.account["created"], first.account["refused"])
        assert state_of_the_database() == before


# ── again ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def programme(*, title="Talk 1", room="Hall A", without=(), extra=(), names=("Ana", "Ben")):
    events = {
        1: event(1, title, persons=[("1", names[0])]),
        2: event(2, start="11:00", persons=[("1", names[0]), ("2", names[1])], more="<track>Physics</track>"),
        3: event(3, start="12:00", more="<abstract>&lt;p&gt;Text&lt;/p&gt;</abstract>"),
        4: event(4, start="13:00"),
    }
    kept = [text for number, text in events.items() if number not in without and number != 4]
    last = [] if 4 in without else [events[4]]
    return schedule(*kept, *(last if room == "Hall A" else []), *extra, Hall_B=last if room == "Hall B" else [])


@pytest.mark.django_db(transaction=True)
class TestSecondImport:
    def test_the_same_file_writes_nothing(self, run):
        assert run(programme()).counts == (4, 0, 0, 0)
        before, number = state_of_the_database(), revision.current().number
        assert run(programme()).counts == (0, 0, 4, 0)
        assert state_of_the_database() == before
        assert revision.current().number == number
        assert ScheduleVersion.objects.filter(number__isnull=False).count() == 1

    def test_a_change_is_public_and_moves_the_revision(self, run):
        run(programme())
        number = revision.current().number
        assert run(programme(title="Opening")).counts == (0, 1, 3, 0)
        assert revision.current().number == number + 1
        assert ScheduleVersion.objects.filter(number=2).exists()

    def test_a_changed_title_keeps_the_address(self, run):
        run(programme())
        run(programme(title="Opening"))
        session = Session.objects.get(external_id="1")
        assert (session.title_en, session.slug) == ("Opening", "talk-1")
        assert (session.sort_en, session.sort_ru) == (sort_key("Opening", "en"), sort_key("Opening", "ru"))

    def test_another_room_and_an_added_and_a_removed_event_are_the_difference(self, run):
        run(programme())
        result = run(programme(room="Hall B", without=[3], extra=[event(5, start="14:00")]))
        assert result.counts == (1, 1, 2, 0)
        assert result.remarks == ["1: warning: 'Talk 3' (talk-3) is on file but not in this file: it stays as it is"]
        assert slots() == {
            "Talk 1": ("Hall A", "28 02:00", "confirmed"),
            "Talk 2": ("Hall A", "28 03:00", "confirmed"),
            "Talk 3": ("Hall A", "28 04:00", "confirmed"),
            "Talk 4": ("Hall B", "28 05:00", "confirmed"),
            "Talk 5": ("Hall A", "28 06:00", "confirmed"),
        }
        moved = Slot.objects.get(current=True, session__external_id="4")
        assert moved.previous_room.name_en == "Hall A"

    def test_events_can_change_places(self, run):
        run(schedule(event(1, start="10:00"), event(2, start="11:00")))
        assert run(schedule(event(1, start="11:00"), event(2, start="10:00"))).counts == (0, 2, 0, 0)
        assert {title: place[1:] for title, place in slots().items()} == {
            "Talk 1": ("28 03:00", "confirmed"),
            "Talk 2": ("28 02:00", "confirmed"),
        }

    def test_a_person_with_a_mended_name_stays_the_same(self, run):
        run(programme())
        person = Person.objects.get(name_en="Ana")
        assert run(programme(names=("Ana Sample", "Ben"))).counts == (0, 2, 2, 0)
        person.refresh_from_db()
        assert (person.name_en, person.slug, Person.objects.count()) == ("Ana Sample", "ana", 2)

    def test_ids_given_afresh_confuse_nobody(self, run):
        run(schedule(event(persons=[("1", "Ana"), ("2", "Ben")])))
        before = state_of_the_database()
        assert run(schedule(event(persons=[("2", "Ana"), ("1", "Ben")]))).counts == (0, 0, 1, 0)
        assert state_of_the_database() == before

    def test_a_person_who_takes_part_no_more_is_no_speaker(self, run):
        run(schedule(event(1, persons=["Ana", "Ben"])))
        assert run(schedule(event(1, persons=["Ben"]))).counts == (0, 1, 0, 0)
        assert list(Appearance.objects.values_list("person__name_en", flat=True)) == ["Ben"]

    def test_a_namesake_at_another_edition_is_another_person_and_reported(self, run):
        run(schedule(event(1, persons=["Ana"])))
        idle = "<persons><person id='9'>Nobody</person></persons>"
        result = run(schedule(event(2, persons=["Ana"]), top=idle), edition="other")
        assert list(Person.objects.values_list("slug", flat=True)) == ["ana", "ana-2"]
        assert result.remarks == [
            "2: warning: one person is in no event that comes in and left out: 'Nobody'",
            "4: warning: new persons with the name of somebody at another edition, taken for others: 1, such as 'Ana'",
        ]

    def test_what_staff_wrote_of_a_person_is_kept(self, run):
        run(schedule(event(1, persons=["Ana", "Ben"])))
        Appearance.objects.filter(person__name_en="Ana").update(affiliation="Academy", affiliation_en="Academy")
        run(schedule(event(1, persons=["Ben"])))
        assert Appearance.objects.count() == 2

    def test_without_guids_events_are_known_by_id_and_title_then_by_title(self, run):
        def bare(number, title):
            return event(number, title, start=f"1{number}:00", attributes=f'id="{number}"')

        run(schedule(bare(1, "Alpha"), bare(2, "Beta"), bare(3, "Gamma")))
        before = dict(Session.objects.values_list("title_en", "pk"))
        result = run(schedule(bare(1, "Beta"), bare(2, "Gamma"), bare(3, "Delta")))
        assert result.counts == (1, 2, 0, 0)
        assert before.items() < dict(Session.objects.values_list("title_en", "pk")).items()
        assert Session.objects.get(title_en="Beta").external_id == "1"

    def test_a_key_that_several_events_share_comes_last(self, run):
        shared = f'guid="{GUIDS[1]}"'
        alpha = event(1, "Alpha", start="10:00", attributes=shared)
        run(schedule(alpha, event(2, "Beta", start="11:00", attributes=shared)))
        before = dict(Session.objects.values_list("title_en", "pk"))
        assert run(schedule(event(2, "Beta", start="12:00", attributes=shared), alpha)).counts == (0, 1, 1, 0)
        assert dict(Session.objects.values_list("title_en", "pk")) == before
        assert slots()["Beta"][1] == "28 04:00"

    def test_another_guid_under_an_old_id_is_another_event(self, run):
        run(schedule(event(1, "Alpha")))
        result = run(schedule(event(1, "Beta", start="15:00", attributes=f'id="1" guid="{GUIDS[9]}"')))
        assert (result.counts, Session.objects.count()) == ((1, 0, 0, 0), 2)

    def test_a_session_made_here_is_known_by_its_uuid_and_not_changed(self, run):
        run(schedule(event(1)))
        Session.objects.update(external_guid="", external_id="")
        assert run(schedule(event(1, attributes=f'id="77" guid="{GUIDS[1]}"'))).counts == (0, 0, 1, 0)
        assert Session.objects.get().external_guid == ""

    def test_the_file_wins_in_its_fields_and_leaves_the_others(self, run):
        run(programme())
        Session.objects.filter(external_id="1").update(
            title_en="By hand", title_fr="À la main", subtitle_en="Kept", recording_url="https://example.org/film"
        )
        assert run(programme()).counts == (0, 1, 3, 0)
        session = Session.objects.get(external_id="1")
        assert (session.title_en, session.title_fr, session.subtitle_en) == ("Talk 1", "À la main", "Kept")
        assert session.recording_url == "https://example.org/film"

    def test_a_field_that_the_file_has_can_be_emptied(self, run):
        one, other = "<subtitle>One</subtitle>", "<subtitle>Other</subtitle>"
        run(schedule(event(1, more=one), event(2, start="11:00", more=other)))
        assert run(schedule(event(1), event(2, start="11:00", more=other))).counts == (0, 1, 1, 0)
        assert list(Session.objects.order_by("id").values_list("subtitle_en", flat=True)) == ["", "Other"]

    def test_a_role_given_by_hand_stays(self, run):
        run(programme())
        Participation.objects.filter(session__external_id="1").update(role="chair")
        assert run(programme()).counts == (0, 0, 4, 0)

    def test_a_room_renamed_by_hand_is_not_made_again(self, run):
        run(programme())
        Room.objects.update(name="Great Hall", name_en="Great Hall")
        result = run(programme())
        assert (result.counts, Room.objects.count()) == ((0, 0, 4, 0), 1)
        assert result.remarks == ["4: warning: room 'Hall A' is called 'Great Hall' on file: that name stays"]

    def test_what_was_withdrawn_stays_so(self, run):
        run(programme())
        Session.objects.filter(external_id="1").update(state="archived")
        Session.objects.filter(external_id="2").update(state="draft")
        assert run(programme()).counts == (0, 0, 4, 0)
        assert sorted(Session.objects.values_list("state", flat=True)) == [
            "archived",
            "draft",
            "published",
            "published",
        ]


# ── states and overlaps ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
class TestRooms:
    def test_overlaps_come_in_unconfirmed_and_are_reported(self, run):
        text = schedule(event(1), event(2, start="10:30"), event(3, start="11:30"))
        result = run(text)
        assert {title: place[2] for title, place in slots().items()} == {
            "Talk 1": "tentative",
            "Talk 2": "tentative",
            "Talk 3": "confirmed",
        }
        assert result.remarks == [
            "4: warning: 'Talk 1' overlaps in room 'Hall A' with 'Talk 2' in line 5: it comes in unconfirmed",
            "5: warning: 'Talk 2' overlaps in room 'Hall A' with 'Talk 1' in line 4: it comes in unconfirmed",
        ]
        assert run(text).counts == (0, 0, 3, 0)

    def test_what_was_confirmed_keeps_its_room(self, run):
        run(schedule(event(1)))
        result = run(schedule(event(1), event(2, start="10:30")))
        assert result.counts == (1, 0, 1, 0)
        assert [place[2] for place in slots().values()] == ["confirmed", "tentative"]
        Slot.objects.filter(session__external_id="2", version__number=None).update(start="2026-03-29T00:00Z", end=None)
        assert run(schedule(event(1), event(2, start="11:00"))).counts == (0, 1, 1, 0)
        assert [place[2] for place in slots().values()] == ["confirmed", "confirmed"]

    def test_a_session_that_left_the_file_makes_room(self, run):
        run(schedule(event(1)))
        result = run(schedule(event(2)))
        assert {title: place[2] for title, place in slots().items()} == {"Talk 1": "tentative", "Talk 2": "confirmed"}
        assert "loses its room to 'Talk 2' in line 4" in result.remarks[0]
        assert run(schedule(event(2))).counts == (0, 0, 1, 0)

    def test_a_session_that_staff_made_does_not(self, run):
        run(schedule(event(1)))
        Session.objects.update(external_guid="", external_id="", uuid=GUIDS[50])
        run(schedule(event(2, "Other")))
        assert {title: place[2] for title, place in slots().items()} == {"Talk 1": "confirmed", "Other": "tentative"}

    def test_states_of_the_file_are_taken(self, run):
        cancelled = event(1, attributes=f'guid="{GUIDS[1]}" state="cancelled"')
        tentative = event(2, attributes=f'guid="{GUIDS[2]}" state="tentative"')
        run(schedule(cancelled, tentative, event(3)))
        assert [place[2] for place in slots().values()] == ["cancelled", "tentative", "confirmed"]
        run(schedule(event(1, attributes=f'guid="{GUIDS[1]}" state="confirmed"'), tentative, event(3)))
        # All three are in one room at one time.
        assert [place[2] for place in slots().values()] == ["tentative", "tentative", "confirmed"]

    def test_a_file_without_states_brings_nothing_cancelled_back(self, run):
        run(schedule(event(1)))
        Slot.objects.filter(version__number=None).update(state="cancelled")
        Edition.objects.get().publish_schedule()
        result = run(schedule(event(1)))
        assert (result.counts, slots()["Talk 1"][2]) == ((0, 0, 1, 0), "cancelled")
        assert result.remarks == [
            "4: warning: 'Talk 1' is cancelled on file, and no event of this file has a state: it stays cancelled"
        ]


# ── draft and dry run ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
class TestDraft:
    def test_nothing_is_published(self, run):
        assert run(programme(), "--draft").counts == (4, 0, 0, 0)
        for model in (Edition, Session, Person, Track):
            assert set(model.objects.values_list("state", flat=True)) == {"draft"}
        assert list(ScheduleVersion.objects.values_list("number", flat=True)) == [None]
        assert run(programme(), "--draft").counts == (0, 0, 4, 0)

    def test_the_same_file_without_it_publishes(self, run):
        run(programme(), "--draft")
        result = run(programme())
        assert result.counts == (0, 4, 0, 0)
        for model in (Session, Person, Track):
            assert set(model.objects.values_list("state", flat=True)) == {"published"}
        assert len(slots()) == 4
        assert result.remarks == ["1: warning: the edition is not published: nobody sees what comes in before it is"]
        assert run(programme()).counts == (0, 0, 4, 0)

    def test_another_place_waits_for_its_version_but_a_public_text_can_not(self, run):
        run(programme())
        result = run(programme(title="Secret", room="Hall B"), "--draft")
        assert result.counts == (0, 1, 2, 1)
        assert result.remarks == [
            "4: refused: 'Secret' is public, so that its changed texts would be so at once: import it without --draft"
        ]
        assert not Session.objects.filter(title_en="Secret").exists()
        assert slots()["Talk 4"][0] == "Hall A"
        assert run(programme(room="Hall B")).counts == (0, 1, 3, 0)
        assert slots()["Talk 4"][0] == "Hall B"

    def test_a_dry_run_says_the_same_and_writes_nothing(self, run):
        dry = run(programme(), "--dry-run")
        assert (dry.counts, dry.account["dry_run"]) == ((4, 0, 0, 0), True)
        assert not Edition.objects.exists()
        run(programme())
        before = state_of_the_database()
        assert run(programme(title="Opening"), "--dry-run").counts == (0, 1, 3, 0)
        assert state_of_the_database() == before


# ── refusals ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
class TestRefusals:
    def test_an_event_outside_the_days_is_refused_and_the_others_come_in(self, run):
        outside = event(2, more="<date>2026-04-02T10:00:00+08:00</date>")
        night = event(3, more="<date>2026-03-30T05:00:00+08:00</date>")
        result = run(schedule(event(1), outside, night))
        assert (result.code, result.counts) == (0, (2, 0, 0, 1))
        reason = "'Talk 2' starts on 2026-04-02 10:00, outside the days of the edition, 2026-03-28 to 2026-03-29: "
        assert result.remarks[0].startswith(f"5: refused: {reason}")

    def test_dates_less_precise_than_a_day_count_as_a_whole(self, run):
        Edition.objects.create(slug="sample", name="Sample", start_date="2026-03", end_date="2026-03")
        events = [event(n, more=f"<date>{day}T10:00:00Z</date>") for n, day in enumerate(["2026-03-31", "2026-04-02"])]
        assert run(schedule(*events)).counts == (1, 0, 0, 1)

    def test_an_edition_without_dates_takes_any(self, run):
        Edition.objects.create(slug="sample", name="Sample")
        assert run(schedule(event(1), day="2031-01-01")).counts == (1, 0, 0, 0)

    def test_where_nothing_comes_in_nothing_is_made(self, run):
        result = run(schedule(event(1, more="<date>2031-01-01T10:00:00Z</date>")))
        assert (result.code, result.counts, Edition.objects.count()) == (1, (0, 0, 0, 1), 0)

    @pytest.mark.parametrize(
        ("content", "line", "reason"),
        [
            (b"No programme", 1, "the format is not known"),
            (b"", 1, "the file is empty"),
            (b"<schedule>\n<conference>", 2, "it is cut off"),
            (b"<!DOCTYPE x [<!ENTITY a 'b'>]>\n<schedule>&a;</schedule>", 1, "document type"),
            (b"<schedule>\n<day>\xff</day></schedule>", 2, "utf-8"),
            (b"<schedule>\n<conference/></schedule>", 1, "the file has no event"),
            (schedule(event(), conference="<title>No zone</title>").encode(), 4, "create the edition"),
        ],
    )
    def test_a_bad_file_is_one_line_and_changes_nothing(self, run, content, line, reason):
        result = run(content)
        assert (result.code, result.counts) == (1, (0, 0, 0, 0))
        assert len(result.remarks) == 1
        assert result.remarks[0].startswith(f"{line}: refused: ")
        assert reason in result.remarks[0]
        assert not Edition.objects.exists()

    def test_a_missing_file_a_folder_and_a_huge_one_are_one_line(self, run, tmp_path):
        huge = tmp_path / "huge.xml"
        with huge.open("wb") as stream:
            stream.truncate(500 * 1024**2)
        for path, reason in ((tmp_path / "no.xml", "No such file"), (tmp_path, "directory"), (huge, "larger than")):
            result = run(path)
            assert (result.code, len(result.remarks)) == (1, 1)
            assert reason in result.remarks[0]

    @pytest.mark.parametrize("slug", ["unknown", "Not A Slug", "x" * 101])
    def test_an_unknown_edition_is_misuse(self, tmp_path, slug):
        with pytest.raises(CommandError) as caught:
            call_command("import_schedule", str(tmp_path / "no.xml"), "--edition", slug)
        assert caught.value.returncode == 2
        assert not Edition.objects.exists()

    def test_an_existing_edition_is_not_overwritten(self, run):
        Edition.objects.create(slug="sample", name="Own name", start_date="2026", end_date="2026", time_zone="UTC")
        run(schedule(event(1)))
        edition = Edition.objects.get()
        assert (edition.name_en, edition.start_date, edition.time_zone, edition.state) == (
            "Own name",
            "2026",
            "UTC",
            "draft",
        )

    def test_the_zone_of_the_edition_is_taken_where_the_file_has_none(self, run):
        Edition.objects.create(slug="sample", name="Sample", time_zone="Asia/Kathmandu", state="published")
        run(schedule(event(1), conference="<title>No zone</title>"))
        assert slots()["Talk 1"][1] == "28 04:15"


@pytest.mark.django_db(transaction=True)
def test_the_process_ends_as_the_contract_says(tmp_path):
    """Exit codes, and the account as the last line of the standard output, from outside."""
    database = connection.settings_dict
    # The host may be the folder of a socket, which has no place before the slash.
    parts = urlencode({"user": database["USER"], "host": database["HOST"], "port": database["PORT"] or 5432})
    address = f"postgresql:///{database['NAME']}?{parts}"
    file = tmp_path / "schedule.xml"
    file.write_text(schedule(event()))

    def run(*arguments):
        command = [sys.executable, "manage.py", "import_schedule", *arguments]
        environment = os.environ | {"DATABASE_URL": address, "PGPASSWORD": database["PASSWORD"] or ""}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, cwd=SAMPLES.parent.parent
        )

    created = run(str(file), "--edition", "sample", "--create")
    assert (created.returncode, created.stderr) == (0, "")
    assert json.loads(created.stdout.splitlines()[-1])["created"] == 1
    file.write_text("<html></html>")
    broken = run(str(file), "--edition", "sample")
    assert (broken.returncode, json.loads(broken.stdout.splitlines()[-1])["read"]) == (1, 0)
    assert broken.stderr.startswith(f"{file}:1: refused: ")
    assert len(broken.stderr.splitlines()) == 1
    assert run(str(file)).returncode == 2
    unknown = run(str(file), "--edition", "unknown")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "--create" in unknown.stderr


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_file(run):
    def queries(count, edition):
        events = [
            event(n, start=f"{8 + n % 15}:00", persons=[f"{edition} {n}"], more=f"<track>Track {n % 3}</track>")
            for n in range(count)
        ]
        text = schedule(*events, room=edition)
        with CaptureQueriesContext(connection) as first:
            run(text, edition=edition)
        with CaptureQueriesContext(connection) as second:
            run(text, edition=edition)
        return len(first), len(second)

    queries(1, "maker-of-the-venue")
    assert queries(3, "few") == queries(60, "many")


# ── texts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One\ntwo\n\n\nthree", "<p>One<br>two</p>\n<p>three</p>"),
        ("a < b and Vec<T> & me", "<p>a &lt; b and Vec&lt;T&gt; &amp; me</p>"),
        ("R&amp;D &lt;b&gt;", "<p>R&amp;D &lt;b&gt;</p>"),
        (" <P class='x'>as it is</P> ", "<P class='x'>as it is</P>"),
        ("**Markdown** <me@example.org>", "<p>**Markdown** &lt;me@example.org&gt;</p>"),
    ],
)
def test_plain_text_becomes_paragraphs_and_html_stays(text, html):
    assert as_html(text) == html


def test_texts_are_cut_between_words_and_identifiers_stay_distinct():
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 12) == "one two…"
    assert len(cut("x" * 600, 500)) == 500
    assert identifier("short", 100) == "short"
    long, other = identifier("x" * 200 + "a", 100), identifier("x" * 200 + "b", 100)
    assert (len(long), long != other) == (100, True)


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (["fr"], "fr"),
        (["fr-CA"], "fr"),
        (["zh"], "zh-hans"),
        (["zh-Hant"], "en"),
        (["zh-TW"], "en"),
        (["de"], "en"),
        (["fr", "en"], "en"),
        ([], "en"),
    ],
)
def test_the_language_of_the_texts(tags, language):
    assert text_language(tags) == language
