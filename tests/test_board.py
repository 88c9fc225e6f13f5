"""The planning board: sessions placed, moved, shifted and taken back, and what the board warns of."""

from datetime import UTC, datetime, timedelta

import lxml.html
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conference.models import (
    Appearance,
    Availability,
    Participation,
    Room,
    RoomInterpretation,
    ScheduleChange,
    SectionPlan,
    Session,
    SessionInterpretation,
    SessionPlan,
    SessionType,
    Slot,
)
from content.models import SiteRevision
from tests.world import World, six

pytestmark = pytest.mark.django_db

DAY = "2023-11-06"
JSON = {"Accept": "application/json"}


def at(clock: str, day: str = DAY) -> datetime:
    """An instant by the clocks of Shanghai, where the small world's edition is."""
    return (datetime.fromisoformat(f"{day}T{clock}") - timedelta(hours=8)).replace(tzinfo=UTC)


@pytest.fixture
def world():
    return World(3)


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor", password="-", first_name="Ada", last_name="Editor"))
    return client


@pytest.fixture
def new(world):
    return Session.objects.create(edition=world.edition, slug="closing", state="published", **six("Closing", "title"))


def url(world, page: str = "board", *args) -> str:
    return reverse(f"admin:conference_edition_{page}", args=[world.edition.pk, *args])


def slot_of(session) -> Slot | None:
    return Slot.objects.filter(session=session, version__number=None).first()


def read(client, world, day: str = DAY, **asked):
    response = client.get(url(world), {"day": day, **asked})
    assert response.status_code == 200
    return lxml.html.fromstring(response.content.decode())


def seen(client, world, session) -> str:
    return read(client, world).get_element_by_id(f"session-{session.pk}").get("data-seen")


def stamp(client, world) -> str:
    return read(client, world).xpath("//@data-stamp")[0]


def send(client, address: str, **values):
    return client.post(address, {"day": DAY, **values}, headers=JSON)


def place(client, world, session, room, start, end="", *, stale="", **more):
    values = {"room": room.pk if room else "", "start": start.isoformat(), "end": end and end.isoformat(), **more}
    known = stale or seen(client, world, session)
    return send(client, url(world, "board_session", session.pk), seen=known, **values)


def warned(client, world, kind: str) -> list[str]:
    page = read(client, world)
    texts = page.xpath(f"//details[contains(@class, 'is-{kind}')]//li/a/text()")
    return ["".join(character for character in text if character not in "\u2068\u2069") for text in texts]


def plain(text: str) -> str:
    return "".join(character for character in text if character not in "\u2066\u2068\u2069")


# The page


def test_the_board_shows_rooms_times_and_what_has_none(editor, world, new):
    page = read(editor, world)
    cards = {card.get("data-title"): card for card in page.xpath("//ol//*[@data-card]")}
    assert list(cards) == ["row 001 en", "row 002 en", "row 003 en"]
    first = cards["row 001 en"]
    assert (first.get("data-room"), first.get("data-start"), first.get("data-length")) == (
        str(world.rooms[0].pk), "540", "45",
    )  # fmt: skip
    assert "09:00 – 09:45" in first.text_content()
    assert page.xpath("//*[@data-unscheduled]//*[@data-card]/@data-title") == ["Closing en"]


def test_the_form_and_the_list_of_editions_lead_to_the_board(editor, world):
    for page in ("change", "changelist"):
        args = [world.edition.pk] if page == "change" else []
        content = editor.get(reverse(f"admin:conference_edition_{page}", args=args)).content.decode()
        assert f'href="{url(world)}"' in content


def test_without_a_day_the_first_one_is_shown_and_what_is_no_day_is_refused(editor, world):
    assert b'data-day="2023-11-06"' in editor.get(url(world)).content
    for nonsense in ("yesterday", "2023-13-01", "0001-01-01", "9999-12-31"):
        assert editor.get(url(world), {"day": nonsense}).status_code == 400


def test_those_not_scheduled_can_be_searched_by_title_in_any_language_and_by_person(editor, world, new):
    other = Session.objects.create(edition=world.edition, slug="other", title_ar="المياه")
    Participation.objects.create(session=new, person=world.people[0])

    def found(words):
        page = read(editor, world, q=words)
        return page.xpath("//*[@data-unscheduled]//*[@data-card]/@data-session")

    assert found("المياه") == [str(other.pk)]
    assert found("row 001") == [str(new.pk)]
    assert found("closing zh") == [str(new.pk)]
    assert found("nothing") == []


def test_an_archived_session_waits_for_no_place(editor, world, new):
    Session.objects.filter(pk=new.pk).update(state="archived")
    assert read(editor, world).xpath("//*[@data-unscheduled]//*[@data-card]") == []


def test_the_board_asks_no_more_for_more_sessions(editor):
    def queries(world):
        editor.get(url(world), {"day": DAY})
        with CaptureQueriesContext(connection) as captured:
            read(editor, world)
        return len(captured)

    few, many = World(3), World(26, mark="more", state="draft")
    assert queries(many) == queries(few)


def test_a_session_past_midnight_belongs_to_the_day_on_which_it_starts(editor, world, new):
    assert place(editor, world, new, world.rooms[0], at("23:30"), at("01:00", "2023-11-07")).status_code == 200
    card = read(editor, world).get_element_by_id(f"session-{new.pk}")
    assert "23:30 – 7 Nov 01:00" in plain(card.text_content())
    following = read(editor, world, "2023-11-07")
    assert following.xpath("//ol//*[@data-card]") == []
    assert "From the day before: Closing en" in following.text_content()


def test_on_a_day_on_which_clocks_change_a_session_keeps_its_length(editor, world, new):
    type(world.edition).objects.filter(pk=world.edition.pk).update(time_zone="Europe/Paris")
    start = datetime(2023, 10, 28, 23, 30, tzinfo=UTC)
    Slot.objects.create(
        version=world.edition.draft_schedule(), session=new, start=start, end=start + timedelta(hours=2)
    )
    page = read(editor, world, "2023-10-29", hours="all")
    card = page.get_element_by_id(f"session-{new.pk}")
    assert (card.get("data-start"), card.get("data-length")) == ("90", "120")
    assert "01:30 – 02:30" in card.text_content()
    assert [hour.text_content() for hour in page.xpath("//*[contains(@class, 'board__hour')]")][:5] == [
        "00:00", "01:00", "02:00", "02:00", "03:00",
    ]  # fmt: skip
    assert page.xpath("count(//*[contains(@class, 'board__hour')])") == 25


# Placing and moving


def test_a_session_is_placed_moved_and_taken_back(editor, world, new):
    answer = place(editor, world, new, world.rooms[1], at("14:05"))
    assert answer.status_code == 200, answer.content
    slot = slot_of(new)
    assert (slot.room, slot.start, slot.end, slot.state) == (
        world.rooms[1], at("14:05"), at("14:50"), "tentative",
    )  # fmt: skip
    body = answer.json()
    assert body["slots"][str(new.pk)]["stamp"] == seen(editor, world, new)
    assert "Closing en" in body["rooms"][str(world.rooms[1].pk)]
    assert {warning["kind"] for warning in body["warnings"] if new.pk in warning["sessions"]} == {
        "no_interpreter",
        "tentative",
    }

    assert place(editor, world, new, world.rooms[2], at("15:00"), at("16:00"), state="confirmed").status_code == 200
    slot = slot_of(new)
    assert (slot.room, slot.start, slot.end, slot.state) == (world.rooms[2], at("15:00"), at("16:00"), "confirmed")

    back = send(editor, url(world, "board_take_back", new.pk), seen=seen(editor, world, new))
    assert (back.status_code, slot_of(new)) == (200, None)
    item = read(editor, world).get_element_by_id(f"session-{new.pk}")
    assert item.get("data-length") == "60"


def test_a_clash_is_refused_and_names_the_other_session_with_its_time(editor, world, new):
    answer = place(editor, world, new, world.rooms[0], at("09:30"), at("10:00"), state="confirmed")
    assert answer.status_code == 422
    assert (
        "“row 001 en” is confirmed in this room at that time: Nov. 6, 2023 09:00 – 09:45." in answer.json()["message"]
    )
    assert slot_of(new) is None
    assert place(editor, world, new, world.rooms[0], at("09:45"), at("10:00"), state="confirmed").status_code == 200


def test_a_move_seen_from_an_old_board_is_refused_and_says_who_moved_it(editor, world):
    session = world.sessions[0]
    old = seen(editor, world, session)
    other = Client()
    other.force_login(User.objects.create_superuser("grace", password="-"))
    assert place(other, world, session, world.rooms[2], at("16:00"), at("17:00")).status_code == 200
    answer = place(editor, world, session, world.rooms[1], at("18:00"), at("19:00"), stale=old)
    assert answer.status_code == 409
    assert "grace has changed “row 001 en” meanwhile." in plain(answer.json()["message"])
    assert "16:00 – 17:00" in plain(answer.json()["message"])
    assert slot_of(session).start == at("16:00")
    assert str(world.rooms[2].pk) in answer.json()["rooms"]


def test_a_plenary_across_all_rooms_has_no_room(editor, world, new):
    kind = SessionType.objects.create(slug="plenary", name_en="Plenary", spans_rooms=True)
    Session.objects.filter(pk=new.pk).update(type=kind)
    assert place(editor, world, new, None, at("20:00"), at("21:00")).status_code == 200
    card = read(editor, world).get_element_by_id(f"session-{new.pk}")
    assert (card.get("data-room"), "is-band" in card.get("class")) == ("", True)
    assert warned(editor, world, "no_room") == []


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("nonsense", "", "Enter a valid date/time."),
        ("2023-11-06T10:00Z", "2023-11-06T09:00Z", "A session ends after it starts."),
        ("0001-01-01T00:00Z", "", "Enter a valid date/time."),
    ],
)
def test_what_is_no_time_is_refused(editor, world, new, start, end, said):
    answer = send(editor, url(world, "board_session", new.pk), room="", start=start, end=end, seen="")
    assert (answer.status_code, slot_of(new)) == (422, None)
    assert said in answer.json()["message"]


def test_a_session_of_another_edition_is_not_found(editor, world):
    other = Session.objects.create(edition=world.editions[1], slug="other", title_en="Other")
    assert send(editor, url(world, "board_session", other.pk), room="", start="", seen="").status_code == 404
    assert send(editor, url(world, "board_take_back", other.pk), seen="").status_code == 404
    assert editor.get(reverse("admin:conference_edition_board", args=[999_999])).status_code == 404


# Without a script


def form_of(response) -> dict:
    page = lxml.html.fromstring(response.content.decode())
    form = next(form for form in page.forms if "room" in form.fields and "state" in form.fields)
    return {name: value or "" for name, value in form.fields.items()}


def test_each_session_has_a_form_that_needs_no_script(editor, world, new):
    path = url(world, "board_session", new.pk)
    form = form_of(editor.get(path, {"day": "2023-11-07"}))
    assert form["start"] == "2023-11-07T09:00"
    answer = editor.post(path, form | {"room": world.rooms[0].pk, "state": "confirmed"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{url(world)}?day=2023-11-07#session-{new.pk}"
    assert (slot_of(new).start, slot_of(new).end) == (at("09:00", "2023-11-07"), at("09:45", "2023-11-07"))
    clash = form_of(editor.get(path)) | {"start": "2023-11-06T09:00", "end": "2023-11-06T09:30"}
    assert "“row 001 en” is confirmed" in editor.post(path, clash).content.decode()
    back = editor.post(url(world, "board_take_back", new.pk), {"seen": form_of(editor.get(path))["seen"], "day": DAY})
    assert (back.status_code, slot_of(new)) == (302, None)


def test_an_old_form_is_refused_too(editor, world, new):
    path = url(world, "board_session", world.sessions[0].pk)
    form = form_of(editor.get(path))
    place(editor, world, world.sessions[0], world.rooms[1], at("18:00"), at("19:00"))
    answer = editor.post(path, form | {"start": "2023-11-06T20:00", "end": "2023-11-06T21:00"})
    assert "has changed “row 001 en” meanwhile" in plain(answer.content.decode())
    assert slot_of(world.sessions[0]).start == at("18:00")


def test_shift_and_undo_work_without_a_script(editor, world):
    page = read(editor, world)
    form = next(form for form in page.forms if "minutes" in form.fields)
    answer = editor.post(form.action, dict(form.fields) | {"minutes": "10"})
    assert (answer.status_code, slot_of(world.sessions[2]).start) == (302, at("11:10"))
    form = next(form for form in read(editor, world).forms if "change" in form.fields)
    assert editor.post(form.action, dict(form.fields)).status_code == 302
    assert slot_of(world.sessions[2]).start == at("11:00")


# Who may


def changes_of(world, new) -> list[tuple[str, dict]]:
    return [
        (url(world, "board_session", new.pk), {"room": "", "start": at("20:00").isoformat(), "seen": ""}),
        (url(world, "board_take_back", world.sessions[0].pk), {"seen": ""}),
        (url(world, "board_shift"), {"since": f"{DAY}T00:00", "minutes": "10", "seen": ""}),
        (url(world, "board_undo"), {"change": "1"}),
    ]


def with_permissions(name: str, *codenames: str, staff: bool = True) -> Client:
    user = User.objects.create_user(name, is_staff=staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_whoever_may_only_look_sees_the_board_and_changes_nothing(world, new):
    reader = with_permissions("reader", "view_edition")
    page = read(reader, world)
    assert page.xpath("//*[@data-post]") == page.xpath("//*[@data-resize]") == []
    before = list(Slot.objects.order_by("pk").values())
    for path, values in changes_of(world, new):
        assert send(reader, path, **values).status_code == 403
        assert reader.post(path, values).status_code == 403
    assert reader.get(url(world, "board_session", new.pk)).status_code == 403
    assert list(Slot.objects.order_by("pk").values()) == before


def test_others_do_not_see_the_board(client, world, new):
    outsider = with_permissions("outsider", "view_article")
    visitor = with_permissions("visitor", "change_edition", staff=False)
    for path, values in [(url(world), None), *changes_of(world, new)]:
        for who, status in ((outsider, 403), (visitor, 302), (client, 302)):
            answer = who.get(path) if values is None else send(who, path, **values)
            assert answer.status_code == status, (path, who)
    assert ScheduleChange.objects.count() == 0


def test_whoever_may_change_the_edition_may_plan(world, new):
    planner = with_permissions("planner", "change_edition")
    assert place(planner, world, new, None, at("20:00")).status_code == 200


def test_a_change_is_a_post_with_a_token(world, new):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root", password="-"))
    for path, values in changes_of(world, new):
        assert client.post(path, values).status_code == 403
        if path != url(world, "board_session", new.pk):
            assert client.get(path).status_code == 405
    client.handler.enforce_csrf_checks = False
    assert client.delete(url(world)).status_code == client.post(url(world)).status_code == 405


# Shift


def shift(client, world, since: str, minutes: int, room=None, **more):
    values = {
        "since": f"{DAY}T{since}",
        "minutes": minutes,
        "room": room.pk if room else "",
        "seen": stamp(client, world),
    }
    return send(client, url(world, "board_shift"), **values | more)


def full_room(world) -> list[Session]:
    """Three confirmed sessions, one after the other, in the first room."""
    Slot.objects.filter(version__number=None).delete()
    version = world.edition.draft_schedule()
    for number, session in enumerate(world.sessions):
        start = at("09:00") + timedelta(minutes=30 * number)
        Slot.objects.create(
            version=version, session=session, room=world.rooms[0], start=start,
            end=start + timedelta(minutes=30), state="confirmed",
        )  # fmt: skip
    return world.sessions


def starts(world) -> list[str]:
    slots = Slot.objects.filter(version__number=None).order_by("session")
    return [(slot.start + timedelta(hours=8)).strftime("%H:%M") for slot in slots]


def test_all_later_sessions_of_a_room_are_shifted_at_once(editor, world):
    full_room(world)
    assert shift(editor, world, "09:30", 10, world.rooms[0]).status_code == 200
    assert starts(world) == ["09:00", "09:40", "10:10"]
    assert shift(editor, world, "09:40", -10, world.rooms[0]).status_code == 200
    assert shift(editor, world, "09:00", -60).status_code == 200
    assert starts(world) == ["08:00", "08:30", "09:00"]


def test_other_rooms_days_and_versions_stay_where_they_are(editor, world, new):
    place(editor, world, new, world.rooms[0], at("09:00", "2023-11-07"))
    public = list(Slot.objects.filter(current=True).order_by("pk").values_list("start", "end"))
    answer = shift(editor, world, "00:00", 5, world.rooms[0])
    assert "Shifted: 1 session, 5 minutes later" in plain(answer.json()["message"])
    assert starts(world) == ["09:05", "10:00", "11:00", "09:00"]
    assert list(Slot.objects.filter(current=True).order_by("pk").values_list("start", "end")) == public


def test_a_shift_into_what_stays_is_refused_whole(editor, world):
    full_room(world)
    answer = shift(editor, world, "09:30", -10, world.rooms[0])
    assert answer.status_code == 422
    message = plain(answer.json()["message"])
    assert "“row 002 en” would be in row 001 en (row en) at the same time as “row 001 en”" in message
    assert "09:00 – 09:30" in message
    assert starts(world) == ["09:00", "09:30", "10:00"]
    assert ScheduleChange.objects.count() == 0


def test_a_shift_of_a_day_that_has_changed_meanwhile_is_refused(editor, world, new):
    old = stamp(editor, world)
    place(editor, world, new, world.rooms[0], at("20:00"))
    assert shift(editor, world, "00:00", 5, seen=old).status_code == 409
    assert starts(world)[:3] == ["09:00", "10:00", "11:00"]


@pytest.mark.parametrize(
    "values",
    [{"minutes": "0"}, {"minutes": "soon"}, {"minutes": "99999999"}, {"since": "2023-11-07T09:00"}, {"room": "x"}],
)
def test_a_shift_that_says_nothing_sensible_is_refused(editor, world, values):
    sensible = {"since": f"{DAY}T00:00", "minutes": "5", "room": "", "seen": stamp(editor, world)}
    assert send(editor, url(world, "board_shift"), **sensible | values).status_code == 422
    assert starts(world) == ["09:00", "10:00", "11:00"]


# Undo


def undo(client, world, number: int = 0):
    """Takes back the last change, or an earlier one."""
    keys = read(client, world).xpath("//*[@class='board-history']//input[@name='change']/@value")
    return send(client, url(world, "board_undo"), change=keys[number])


def test_changes_are_undone_one_after_the_other_by_somebody_else_too(editor, world, new):
    first = list(
        Slot.objects.filter(version__number=None).order_by("session").values_list("session", "room", "start", "end")
    )
    place(editor, world, new, world.rooms[2], at("14:00"))
    place(editor, world, new, world.rooms[1], at("15:00"), at("16:00"), state="confirmed")
    shift(editor, world, "10:00", 15)
    send(editor, url(world, "board_take_back", new.pk), seen=seen(editor, world, new))
    other = Client()
    other.force_login(User.objects.create_superuser("grace", password="-"))
    assert "Ada Editor" in read(other, world).xpath("//*[@class='board-history']")[0].text_content()

    assert undo(other, world).status_code == 200
    assert (slot_of(new).start, slot_of(new).room, slot_of(new).state) == (at("15:15"), world.rooms[1], "confirmed")
    assert undo(editor, world).status_code == 200
    assert starts(world) == ["09:00", "10:00", "11:00", "15:00"]
    assert undo(other, world).status_code == 200
    assert slot_of(new).start == at("14:00")
    assert undo(other, world).status_code == 200
    slots = Slot.objects.filter(version__number=None).order_by("session")
    assert list(slots.values_list("session", "room", "start", "end")) == first
    text = read(editor, world).xpath("//*[@class='board-history']")[0].text_content()
    assert "undone by grace" in text
    assert read(editor, world).xpath("//input[@name='change']") == []


def test_an_undo_that_would_clash_is_refused_with_the_reason(editor, world, new):
    session = world.sessions[0]
    place(editor, world, session, world.rooms[1], at("18:00"), at("18:45"), state="confirmed")
    place(editor, world, new, world.rooms[0], at("09:00"), at("10:00"), state="confirmed")
    answer = undo(editor, world, 1)
    assert answer.status_code == 422
    message = plain(answer.json()["message"])
    assert "“row 001 en” would be in row 001 en (row en) at the same time as “Closing en”" in message
    assert slot_of(session).start == at("18:00")
    assert undo(editor, world).status_code == 200
    assert undo(editor, world).status_code == 200
    assert slot_of(session).start == at("09:00")


def test_what_has_changed_since_is_not_undone(editor, world, new):
    place(editor, world, new, world.rooms[0], at("14:00"))
    place(editor, world, new, world.rooms[0], at("15:00"), at("15:45"))
    answer = undo(editor, world, 1)
    assert "Ada Editor has changed “Closing en” after that. Undo the later change first." in plain(
        answer.json()["message"]
    )
    Slot.objects.filter(version__number=None, session=new).update(room=world.rooms[2])
    answer = undo(editor, world)
    assert (answer.status_code, slot_of(new).room) == (422, world.rooms[2])
    assert "“Closing en” is no longer as that change left it" in plain(answer.json()["message"])


def test_a_change_is_undone_once(editor, world, new):
    place(editor, world, new, world.rooms[0], at("14:00"))
    key = ScheduleChange.objects.get().pk
    assert send(editor, url(world, "board_undo"), change=key).status_code == 200
    answer = send(editor, url(world, "board_undo"), change=key)
    assert (answer.status_code, plain(answer.json()["message"])) == (422, "Ada Editor has undone this already.")
    for nonsense in ("", "x", "9" * 40):
        assert send(editor, url(world, "board_undo"), change=nonsense).status_code == 422


def test_a_change_of_another_edition_is_not_undone_here(editor, world):
    other = Session.objects.create(edition=world.editions[1], slug="other", title_en="Other")
    path = reverse("admin:conference_edition_board_session", args=[world.editions[1].pk, other.pk])
    assert send(editor, path, room="", start=at("09:00").isoformat(), seen="").status_code == 200
    assert send(editor, url(world, "board_undo"), change=ScheduleChange.objects.get().pk).status_code == 422


def test_a_swap_of_two_confirmed_sessions_by_shift_can_be_undone(editor, world):
    full_room(world)
    shift(editor, world, "09:00", 30)
    assert starts(world) == ["09:30", "10:00", "10:30"]
    assert undo(editor, world).status_code == 200
    assert starts(world) == ["09:00", "09:30", "10:00"]


def test_a_change_in_the_form_of_the_session_is_undone_on_the_board(editor, world, new):
    from tests.test_admin import send as save
    from tests.test_admin import slot_fields

    path = reverse("admin:conference_session_change", args=[new.pk])
    assert save(editor, path, **slot_fields(world.rooms[0], f"{DAY}T15:00", f"{DAY}T16:00")).status_code == 302
    assert slot_of(new).start == at("15:00")
    assert undo(editor, world).status_code == 200
    assert slot_of(new) is None


def test_each_change_is_in_the_history_of_the_session(editor, world, new):
    place(editor, world, new, world.rooms[0], at("14:00"))
    entry = LogEntry.objects.get(object_id=str(new.pk))
    assert (entry.user.username, "14:00 – 14:45" in plain(entry.change_message)) == ("editor", True)


# Warnings


def move(session, room=None, start=None, end=None, state="confirmed"):
    Slot.objects.filter(version__number=None, session=session).update(room=room, start=start, end=end, state=state)


def test_a_complete_programme_has_no_loud_warning(editor, world):
    RoomInterpretation.objects.all().delete()
    SessionInterpretation.objects.all().delete()
    Session.objects.update(parent=None)
    page = read(editor, world)
    assert page.xpath("//details[contains(@class, 'board-warnings')]") == []
    assert page.xpath("//*[@data-mark][not(@hidden)]") == []


def test_a_person_in_two_places_at_once(editor, world):
    one, other, _third = world.sessions
    Session.objects.update(parent=None)
    Participation.objects.create(session=other, person=world.people[0], role="chair")
    assert warned(editor, world, "two_places") == []
    move(other, world.rooms[1], at("09:45"), at("10:30"))
    assert warned(editor, world, "two_places") == []
    move(other, world.rooms[1], at("09:40"), at("10:30"))
    (text,) = warned(editor, world, "two_places")
    assert text == (
        "row 001 en is in “row 001 en” (6 Nov 09:00 – 09:45, row 001 en) and in “row 002 en”"
        " (6 Nov 09:40 – 10:30, row 002 en)."
    )
    marks = {
        card.get("data-session"): card.xpath(".//*[@data-mark-count]")[0].text
        for card in read(editor, world).xpath("//ol//*[@data-card]")
    }
    assert int(marks[str(one.pk)]) >= 1
    move(other, world.rooms[1], at("09:40"), at("10:30"), "cancelled")
    assert warned(editor, world, "two_places") == []


def test_a_speaker_of_a_talk_is_in_its_session_too_without_being_in_two_places(editor, world):
    _session, talk, _third = world.sessions
    Participation.objects.create(session=talk, person=world.people[0])
    move(talk, None, at("09:00"), at("09:20"))
    assert warned(editor, world, "two_places") == []
    move(talk, world.rooms[2], at("09:00"), at("09:20"))
    assert len(warned(editor, world, "two_places")) == 1


def test_too_small_a_room(editor, world):
    session = world.sessions[0]
    plan = SessionPlan.objects.create(session=session, expected_attendance=101)
    assert warned(editor, world, "room_too_small") == []
    Room.objects.filter(pk=world.rooms[0].pk).update(capacity=100)
    assert warned(editor, world, "room_too_small") == ["“row 001 en” expects 101 persons; row 001 en has 100 seats."]
    plan.expected_attendance = 100
    plan.save()
    assert warned(editor, world, "room_too_small") == []


def test_a_person_outside_their_availability(editor, world):
    appearance = Appearance.objects.get(edition=world.edition, person=world.people[0])
    for start, end in (("08:00", "09:30"), ("09:30", "09:45")):
        Availability.objects.create(appearance=appearance, start=at(start), end=at(end))
    assert warned(editor, world, "unavailable") == []
    move(world.sessions[0], world.rooms[0], at("09:15"), at("09:50"))
    assert warned(editor, world, "unavailable") == [
        "row 001 en is not available for “row 001 en” (6 Nov 09:15 – 09:50), but 6 Nov 08:00 – 09:45."
    ]


def test_a_missing_interpreter(editor, world):
    """French at the sessions, in place of the Arabic of their rooms."""
    session = world.sessions[0]
    assert "“row 001 en” has no interpreter into: French." in warned(editor, world, "no_interpreter")
    interpreter = Participation.objects.create(session=session, person=world.people[2], role="interpreter")
    (text,) = [text for text in warned(editor, world, "no_interpreter") if "“row 001 en”" in text]
    assert text.endswith("Not recorded is what these interpret into: row 003 en.")
    interpreter.languages = ["fr", "ru"]
    interpreter.save()
    assert not [text for text in warned(editor, world, "no_interpreter") if "“row 001 en”" in text]
    SessionInterpretation.objects.filter(session=session).delete()
    assert "“row 001 en” has no interpreter into: Arabic." in warned(editor, world, "no_interpreter")
    RoomInterpretation.objects.filter(room=world.rooms[0]).update(mode="captions")
    assert not [text for text in warned(editor, world, "no_interpreter") if "“row 001 en”" in text]


def test_a_session_outside_its_section_and_a_talk_outside_its_session(editor, world):
    SectionPlan.objects.create(section=world.sections[0], start=at("09:00"), end=at("09:45"))
    assert warned(editor, world, "outside_section") == []
    SectionPlan.objects.update(end=at("09:40"))
    assert warned(editor, world, "outside_section") == [
        "“row 001 en” (6 Nov 09:00 – 09:45) is outside of “row 001 en”: 6 Nov 09:00 – 09:40."
    ]
    SectionPlan.objects.update(start=None, end=at("08:00"))
    assert warned(editor, world, "outside_section")[0].endswith("until 6 Nov 08:00.")
    assert len(warned(editor, world, "outside_parent")) == 2
    for talk in world.sessions[1:]:
        move(talk, None, at("09:00"), at("09:45"))
    assert warned(editor, world, "outside_parent") == []


def test_untranslated_titles_and_tentative_sessions(editor, world):
    session = world.sessions[0]
    assert warned(editor, world, "untranslated") == warned(editor, world, "tentative") == []
    Session.objects.filter(pk=session.pk).update(title_fr="", title_ar="")
    move(session, world.rooms[0], at("09:00"), at("09:45"), "tentative")
    assert warned(editor, world, "untranslated") == ["The title of “row 001 en” is missing in: Français, العربية."]
    assert warned(editor, world, "tentative") == ["“row 001 en” is not confirmed."]


def test_unconfirmed_sessions_at_the_same_time_in_a_room_lie_side_by_side(editor, world, new):
    place(editor, world, new, world.rooms[0], at("09:30"), at("10:00"))
    assert warned(editor, world, "room_overlap") == [
        "row 001 en has “row 001 en” (6 Nov 09:00 – 09:45) and “Closing en” (6 Nov 09:30 – 10:00)."
    ]
    card = read(editor, world).get_element_by_id(f"session-{new.pk}")
    assert {"lane-1", "of-2"} <= set(card.get("class").split())


def test_something_beside_a_plenary_across_all_rooms(editor, world, new):
    kind = SessionType.objects.create(slug="plenary", name_en="Plenary", spans_rooms=True)
    Session.objects.filter(pk=new.pk).update(type=kind)
    place(editor, world, new, None, at("10:00"), at("11:00"))
    assert warned(editor, world, "room_overlap") == [
        "“Closing en” is across all rooms (6 Nov 10:00 – 11:00) while “row 002 en” is on"
        " (6 Nov 10:00 – 10:45, row 002 en)."
    ]


def test_warnings_are_those_of_the_day(editor, world, new):
    Session.objects.filter(pk=new.pk).update(title_fr="")
    place(editor, world, new, world.rooms[0], at("09:00", "2023-11-07"))
    assert warned(editor, world, "untranslated") == []
    page = read(editor, world, "2023-11-07")
    assert "is missing in" in page.text_content()


# Nothing of it in public


def test_planning_changes_nothing_that_the_public_sees(editor, world, new):
    paths = [
        f"/en/conference/{world.edition.slug}/programme/",
        "/api/v1/sessions/?lang=all",
        "/en/conference/row-001/speakers/",
    ]
    before = [Client().get(path).content for path in paths]
    place(editor, world, new, world.rooms[0], at("14:00"))
    place(editor, world, world.sessions[0], world.rooms[2], at("19:00"), at("20:00"))
    SessionPlan.objects.create(session=world.sessions[0], expected_attendance=987654)
    SectionPlan.objects.create(section=world.sections[0], start=at("03:33"), end=at("04:44"))
    appearance = Appearance.objects.get(edition=world.edition, person=world.people[0])
    Availability.objects.create(appearance=appearance, start=at("03:33"), end=at("04:44"))
    assert [Client().get(path).content for path in paths] == before


@pytest.mark.django_db(transaction=True)
def test_planning_does_not_change_the_sites_revision(client):
    world = World(1)
    client.force_login(User.objects.create_superuser("editor", password="-"))
    session = world.sessions[0]
    before = SiteRevision.objects.get().number
    assert place(client, world, session, world.rooms[0], at("19:00"), at("20:00")).status_code == 200
    assert shift(client, world, "00:00", 5).status_code == 200
    assert undo(client, world).status_code == 200
    SessionPlan.objects.create(session=session, expected_attendance=5)
    SectionPlan.objects.create(section=world.sections[0], start=at("09:00"))
    Availability.objects.create(appearance=Appearance.objects.get(), start=at("09:00"), end=at("10:00"))
    assert SiteRevision.objects.get().number == before
    world.edition.publish_schedule()
    assert SiteRevision.objects.get().number == before + 1
