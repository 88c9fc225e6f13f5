"""A day of a programme as a table: every session once, nothing on top of another, every row full."""

from datetime import UTC, datetime, timedelta

from conference.grid import day_grid

DAY = datetime(2023, 11, 6, tzinfo=UTC)
ROOMS = [{"id": 1, "name": "Hall"}, {"id": 2, "name": "Room"}, {"id": None, "name": "Room not recorded"}]


def session(title, start, end, room=1, **more):
    plain = {"title": title, "room_id": room, "spans": False, "is_break": False, "is_gone": False}
    return plain | {"start": at(start), "end": at(end) if end is not None else None} | more


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def shown(grid) -> list[tuple]:
    """Kind, title, rows and columns of each cell that isn't free, in reading order."""
    return [
        (cell["kind"], cell["session"]["title"], cell["rowspan"], cell["colspan"])
        for row in grid["rows"]
        for cell in row["cells"]
        if cell["kind"] != "free"
    ]


def assert_full(grid) -> None:
    """Each row has as many columns as the table, cells from rows above included, and none reaches below the table."""
    width = sum(room["columns"] for room in grid["rooms"])
    reaching: list[int] = []
    for row in grid["rows"]:
        here = [rows for cell in row["cells"] for rows in [cell.get("rowspan", 1)] * cell.get("colspan", 1)] + reaching
        assert len(here) == width
        reaching = [rows - 1 for rows in here if rows > 1]
    assert reaching == []


def test_a_day_without_sessions_is_a_table_without_rows():
    assert day_grid([], ROOMS)["rows"] == []


def test_rooms_stand_side_by_side_and_rows_begin_where_something_does():
    grid = day_grid([session("a", 9, 10.5), session("b", 9.25, 10, room=2)], ROOMS)
    assert [room["name"] for room in grid["rooms"]] == ["Hall", "Room"]
    assert [row["start_label"] for row in grid["rows"]] == ["09:00", "09:15", "10:00"]
    assert [row["span"] for row in grid["rows"]] == [3, 9, 6]
    assert shown(grid) == [("session", "a", 3, 1), ("session", "b", 1, 1)]
    assert_full(grid)


def test_a_plenary_lies_across_all_rooms_and_a_break_too():
    sessions = [
        session("opening", 9, 10, spans=True),
        session("coffee", 10, 10.5, room=None, is_break=True),
        session("a", 10.5, 11),
        session("b", 10.5, 12, room=2),
    ]
    grid = day_grid(sessions, ROOMS)
    assert shown(grid) == [
        ("plenary", "opening", 1, 2),
        ("break", "coffee", 1, 2),
        ("session", "a", 1, 1),
        ("session", "b", 2, 1),
    ]
    assert_full(grid)


def test_a_plenary_beside_which_something_else_is_on_stays_in_its_room():
    grid = day_grid([session("opening", 9, 10, spans=True), session("b", 9.5, 10, room=2)], ROOMS)
    assert shown(grid) == [("plenary", "opening", 2, 1), ("session", "b", 1, 1)]
    assert_full(grid)


def test_sessions_that_overlap_in_a_room_share_it():
    grid = day_grid([session("a", 9, 10), session("b", 9.5, 11), session("c", 10, 11)], ROOMS)
    assert grid["rooms"] == [{"id": 1, "name": "Hall", "columns": 2}]
    assert len(shown(grid)) == 3
    assert_full(grid)


def test_the_place_that_a_session_left_is_shown_only_where_it_is_still_empty():
    left = session("a", 9, 10, is_gone=True, moved_to="Room, 11:00")
    alone = day_grid([session("a", 11, 12), left], ROOMS)
    assert shown(alone) == [("gone", "a", 1, 1), ("session", "a", 1, 1)]
    taken = day_grid([session("a", 11, 12), session("b", 9, 10), left], ROOMS)
    assert [cell[0] for cell in shown(taken)] == ["session", "session"]
    assert_full(taken)


def test_a_session_without_an_end_and_one_of_several_days_are_drawn():
    grid = day_grid([session("open end", 9, None), session("exhibition", 9, 60, room=2)], ROOMS)
    assert sorted(title for _, title, *_ in shown(grid)) == ["exhibition", "open end"]
    assert grid["rows"][-1]["datetime"] == "2023-11-06T23:00+00:00"
    assert_full(grid)


def test_now_is_marked_in_one_row():
    grid = day_grid([session("a", 9, 12)], ROOMS, now=at(10.5))
    assert [row["start_label"] for row in grid["rows"] if row["is_now"]] == ["10:00"]
    assert [row["now_label"] for row in grid["rows"] if row["is_now"]] == ["10:30"]
    assert not any(row["is_now"] for row in day_grid([session("a", 9, 12)], ROOMS, now=at(12))["rows"])


def test_more_than_six_columns_are_wide():
    rooms = [{"id": number, "name": str(number)} for number in range(1, 8)]
    sessions = [session(str(number), 9, 10, room=number) for number in range(1, 8)]
    assert day_grid(sessions, rooms)["is_wide"] is True
    assert day_grid(sessions[:6], rooms)["is_wide"] is False
