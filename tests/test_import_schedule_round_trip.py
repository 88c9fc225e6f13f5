"""What the portal writes it reads back: a second time nothing changes, and an empty portal gets the same."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from conference.models import (
    Appearance,
    Edition,
    Participation,
    Person,
    Room,
    ScheduleVersion,
    Section,
    Session,
    SessionInterpretation,
    SessionLink,
    Slot,
    Venue,
)
from tests.test_exports_schedule import NINE, Programme, full_programme

FORMATS = ("schedule.xml", "schedule.json", "ics", "csv", "xlsx")
# What the formats say of a session: those of apps know no cancelled ones and none without a start.
COMPARED = ("id", "title", "subtitle", "abstract", "state", "start", "end", "languages", "recording_url")


def exported(client, ending, **query) -> bytes:
    response = client.get(f"/api/v1/sessions.{ending}", {"edition": "meeting", **query})
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def imported(capsys, tmp_path, content, *options):
    file = tmp_path / "programme"
    file.write_bytes(content)
    code = 0
    try:
        call_command("import_schedule", str(file), "--edition", "meeting", *options)
    except SystemExit as stop:
        code = stop.code
    output, errors = capsys.readouterr()
    account = json.loads(output.splitlines()[-1])
    assert account["read"] == sum(account[name] for name in ("created", "changed", "unchanged", "refused"))
    return code, account, errors


def rows(client):
    results = client.get("/api/v1/sessions/", {"edition": "meeting", "page_size": 200}).json()["results"]
    return {row["slug"]: row for row in results}


@pytest.mark.parametrize("language", ["en", "ar", "all"])
@pytest.mark.parametrize("ending", FORMATS)
def test_an_export_changes_nothing_when_it_is_read_again(client, db, capsys, tmp_path, ending, language):
    full_programme()
    if language == "all" and ending not in ("csv", "xlsx"):
        language = "fr"
    content = exported(client, ending, lang=language)
    versions, appearances = ScheduleVersion.objects.count(), Appearance.objects.count()
    code, account, _ = imported(capsys, tmp_path, content)
    assert (code, account["created"], account["changed"], account["refused"]) == (0, 0, 0, 0)
    assert account["unchanged"] == account["read"] > 6
    assert (ScheduleVersion.objects.count(), Appearance.objects.count()) == (versions, appearances)


@pytest.mark.parametrize("ending", FORMATS)
def test_an_empty_portal_gets_what_another_has(client, db, capsys, tmp_path, ending):
    made = full_programme()
    # Control characters have no place in any of the formats.
    Session.objects.filter(slug="control").update(title_en="Control")
    Session.objects.filter(slug="same-hour").update(languages=["zh-Hans"], title_en="In English")
    before, content = rows(client), exported(client, ending)
    empty(made.edition)
    _, account, errors = imported(capsys, tmp_path, content, "--create")
    assert account["created"] == account["read"] == len(rows(client)), errors
    for slug, row in rows(client).items():
        whole = {name: before[slug][name] for name in COMPARED}
        if ending == "schedule.xml":
            # Its schema has no word for a state, and ends at 99:59.
            whole |= {"state": row["state"], "end": row["end"]}
        assert {name: row[name] for name in COMPARED} == whole, slug
        assert [part["speaker"]["id"] for part in row["participations"]] == (
            [part["speaker"]["id"] for part in before[slug]["participations"]]
            if ending != "schedule.xml"
            else list(dict.fromkeys(part["speaker"]["id"] for part in before[slug]["participations"]))
        )
    assert Room.objects.filter(slots__current=True).distinct().count() == 2
    code, again, _ = imported(capsys, tmp_path, content)
    assert (code, again["unchanged"]) == (0, account["read"])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_tables_bring_sections_parts_and_interpretation_back(client, db, capsys, tmp_path, ending):
    made = Programme()
    section = Section.objects.create(edition=made.edition, slug="water", name_en="Water", state="published")
    whole = made.add("panel", NINE, made.north, section=section)
    talk = made.add("talk", NINE + timedelta(hours=2), made.north, parent=whole)
    SessionInterpretation.objects.create(session=talk, language="ar", mode="consecutive", channel="3")
    made.publish()
    content = exported(client, ending, lang="all")
    before = rows(client)
    _, same, _ = imported(capsys, tmp_path, content)
    assert (same["changed"], same["unchanged"]) == (0, 2)
    SessionInterpretation.objects.all().delete()
    Session.objects.update(parent=None, section=None)
    empty(made.edition)
    code, account, errors = imported(capsys, tmp_path, content, "--create")
    assert (code, account["created"]) == (0, 2), errors
    after = rows(client)
    assert after["panel"]["section"]["slug"] == "water"
    assert after["talk"]["parent"]["slug"] == "panel"
    assert after["talk"]["interpretation"] == before["talk"]["interpretation"]
    _, again, _ = imported(capsys, tmp_path, content)
    assert (again["changed"], again["unchanged"]) == (0, 2)


def empty(edition):
    Slot.objects.all().delete()
    Session.objects.all().delete()
    edition.tracks.all().delete()
    edition.sections.all().delete()
    Appearance.objects.all().delete()
    Person.objects.all().delete()
    Edition.objects.all().delete()
    Room.objects.all().delete()
    Venue.objects.all().delete()


@pytest.mark.parametrize("ending", ["schedule.json", "ics", "csv"])
def test_a_later_file_is_exactly_the_difference(client, db, capsys, tmp_path, ending):
    made = full_programme()
    content = exported(client, ending)
    late = Session.objects.get(slug="late")
    Session.objects.filter(slug="same-hour").update(title_en="By hand")
    made.change(late, room=made.south)
    made.publish()
    _, account, _ = imported(capsys, tmp_path, content)
    assert (account["changed"], account["created"], account["refused"]) == (2, 0, 0)
    assert Session.objects.get(slug="same-hour").title_en == "Same-Hour"
    assert Slot.objects.get(session=late, current=True).room == made.north


def test_a_hidden_person_and_a_hidden_track_are_not_taken_away(client, db, capsys, tmp_path):
    full_programme()
    before = Participation.objects.count()
    imported(capsys, tmp_path, exported(client, "schedule.xml"))
    assert Participation.objects.count() == before


def test_posters_without_a_start_keep_their_room(client, db, capsys, tmp_path):
    made = Programme()
    for number in range(3):
        made.add(f"poster-{number}", None, made.north)
    made.add("talk", NINE, made.north)
    made.publish()
    _, account, _ = imported(capsys, tmp_path, exported(client, "csv"))
    assert account["unchanged"] == 4
    assert set(Slot.objects.filter(current=True).values_list("room", flat=True)) == {made.north.pk}


@pytest.mark.parametrize("into", [True, False])
def test_the_admin_shows_what_an_import_would_do_before_it_does_it(client, admin_client, db, into):
    made = full_programme()
    content = exported(client, "schedule.json").replace(b'"Same-Hour"', b'"Another hour"')
    address = (
        reverse("admin:conference_edition_import_into", args=[made.edition.pk])
        if into
        else reverse("admin:conference_edition_import")
    )
    overview = reverse("admin:conference_edition_change", args=[made.edition.pk])
    assert address in admin_client.get(overview if into else reverse("admin:conference_edition_changelist")).text
    form = {"step": "upload", "file": SimpleUploadedFile("x.txt", content), **({} if into else {"slug": "copy"})}
    preview = admin_client.post(address, form, follow=True)
    assert "Another hour" in preview.text
    assert not Session.objects.filter(title_en="Another hour").exists()
    token = preview.redirect_chain[-1][0].rpartition("=")[2]
    admin_client.post(address, {"step": "apply", "import": token})
    assert Session.objects.filter(title_en="Another hour").count() == 1
    assert Edition.objects.filter(slug="copy").exists() is not into


def test_an_import_in_the_admin_needs_rights(client, db):
    made = Programme()
    user = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(user)
    address = reverse("admin:conference_edition_import_into", args=[made.edition.pk])
    assert client.get(address).status_code == 403
    assert client.get(reverse("admin:conference_edition_import")).status_code == 403


def test_two_rooms_of_one_name_come_back_in_their_venues(client, db, capsys, tmp_path):
    made = full_programme()
    content = exported(client, "schedule.xml")
    empty(made.edition)
    imported(capsys, tmp_path, content, "--create")
    rooms = Room.objects.filter(name_en="Hall A").values_list("venue__name_en", flat=True)
    assert sorted(rooms) == ["North House", "South House"]
    code, account, _ = imported(capsys, tmp_path, content)
    assert (code, account["changed"], account["refused"]) == (0, 0, 0)


def test_parentheses_of_others_are_part_of_the_name_of_a_room(client, db, capsys, tmp_path):
    made = full_programme()
    content = exported(client, "schedule.xml").replace(b'name="brst-portal"', b'name="other"')
    empty(made.edition)
    imported(capsys, tmp_path, content, "--create")
    assert Room.objects.filter(name_en="Hall A (North House)").count() == 1


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_from_before_the_end_takes_no_recording_and_no_stream_away(client, db, capsys, tmp_path, ending):
    """Addresses are in a file only in their window: what is missing in it is no change."""
    made = Programme()
    now = datetime.now(UTC).replace(microsecond=0, second=0)
    later = made.add("later", now + timedelta(hours=3), made.north, recording_url="https://example.org/recording")
    made.add("over", now - timedelta(hours=3), made.south, recording_url="https://example.org/over")
    for kind in ("stream", "recording", "website"):
        SessionLink.objects.create(session=later, kind=kind, address=f"https://example.org/link-{kind}")
    SessionInterpretation.objects.create(session=later, language="ar", stream="https://example.org/ar")
    made.publish()
    before = list(SessionLink.objects.order_by("pk").values_list("pk", "kind", "address"))
    content = exported(client, ending)
    assert b"https://example.org/recording" not in content
    code, account, _ = imported(capsys, tmp_path, content)
    assert (code, account["unchanged"], account["read"]) == (0, 2, 2)
    assert list(SessionLink.objects.order_by("pk").values_list("pk", "kind", "address")) == before
    assert Session.objects.get(slug="later").recording_url == "https://example.org/recording"
    # Nor when it is read after it.
    Slot.objects.filter(session=later).update(start=now - timedelta(hours=3), end=now - timedelta(hours=2))
    imported(capsys, tmp_path, content)
    assert Session.objects.get(slug="later").recording_url == "https://example.org/recording"
