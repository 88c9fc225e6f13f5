"""A day of a programme as the rows and cells of a table: rooms across, times down.

Pure functions on flat dicts, so that a thousand sessions cost little. A session has `start`, `end`, `room_id`,
`spans` (across all rooms), `is_break` and `is_gone` (the place that it moved away from); whatever else it carries is
for the template.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

Session = dict[str, Any]
Room = dict[str, Any]

SHORT = timedelta(minutes=30)
STEP = timedelta(minutes=5)
LONGEST_SPAN = 12
NARROW = 6
# A session that goes on further into the next day than this is drawn to midnight only.
NIGHT = timedelta(hours=6)


class Placed(NamedTuple):
    """A session in the columns from `column` on, `width` of them, between two instants."""

    session: Session
    start: datetime
    end: datetime
    column: int
    width: int


def day_grid(sessions: Iterable[Session], rooms: list[Room], now: datetime | None = None) -> dict[str, Any]:
    """What `parts/_programme_grid.html` shows of one day, without its caption.

    `rooms` are in their order, with the one of id None, for sessions without a room, at its place. A room in which
    sessions overlap takes several columns; a room without sessions takes none.
    """
    drawn = drawable(sessions)
    bands = [session for session in drawn if spans_freely(session, drawn)]
    others = [session for session in drawn if not any(session is band for band in bands)]
    columns, placed = place_in_rooms(others, rooms)
    columns = columns or [{"name": "", "columns": 1}]
    width = sum(room["columns"] for room in columns)
    placed += [Placed(band, band["start"], band["drawn_end"], 0, width) for band in bands]
    return {"rooms": columns, "is_wide": width > NARROW, "rows": table_rows(placed, width, now)}


def drawable(sessions: Iterable[Session]) -> list[Session]:
    """In order of time, each with the end that it is drawn to."""
    ordered = sorted(sessions, key=lambda session: (session["start"], session["end"] or session["start"]))
    midnight = next_midnight(ordered[0]["start"]) if ordered else None
    return [session | {"drawn_end": drawn_end(session, midnight)} for session in ordered]


def next_midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def drawn_end(session: Session, midnight: datetime) -> datetime:
    if session["end"] is None:
        return session["start"] + SHORT
    return session["end"] if session["end"] <= midnight + NIGHT else midnight


def overlap(one: Session, other: Session) -> bool:
    return one["start"] < other["drawn_end"] and other["start"] < one["drawn_end"]


def spans_freely(session: Session, drawn: list[Session]) -> bool:
    """Whether it can lie across all rooms: it is meant to, and nothing else is on meanwhile."""
    if session["is_gone"] or not (session["spans"] or (session["is_break"] and session["room_id"] is None)):
        return False
    return not any(other is not session and not other["is_gone"] and overlap(session, other) for other in drawn)


def place_in_rooms(sessions: list[Session], rooms: list[Room]) -> tuple[list[Room], list[Placed]]:
    by_room = defaultdict(list)
    for session in sessions:
        by_room[session["room_id"]].append(session)
    columns: list[Room] = []
    placed: list[Placed] = []
    first = 0
    for room in rooms:
        lanes = lanes_of(by_room[room["id"]])
        if not lanes:
            continue
        columns.append(room | {"columns": len(lanes)})
        placed += [
            Placed(session, session["start"], session["drawn_end"], first + number, 1)
            for number, lane in enumerate(lanes)
            for session in lane
        ]
        first += len(lanes)
    return columns, placed


def lanes_of(sessions: list[Session]) -> list[list[Session]]:
    """As many lanes as sessions are on at once. A place that was left is shown only where it is still empty."""
    lanes: list[list[Session]] = []
    for session in sessions:
        if session["is_gone"]:
            continue
        free = next((lane for lane in lanes if lane[-1]["drawn_end"] <= session["start"]), None)
        if free is None:
            lanes.append([session])
        else:
            free.append(session)
    for left in (session for session in sessions if session["is_gone"]):
        lanes = lanes or [[]]
        free = next((lane for lane in lanes if not any(overlap(left, other) for other in lane)), None)
        if free is not None:
            free.append(left)
    return lanes


def table_rows(placed: list[Placed], width: int, now: datetime | None) -> list[dict[str, Any]]:
    times = row_times(placed)
    if not times:
        return []
    cells = cells_by_row(placed, times, width)
    starts = {one.start for one in placed}
    rows = []
    for number, start in enumerate(times[:-1]):
        end = times[number + 1]
        rows.append(
            {
                "start_label": start.strftime("%H:%M") if start in starts or not start.minute else "",
                "datetime": start.isoformat(timespec="minutes"),
                "span": min(max(round((end - start) / STEP), 1), LONGEST_SPAN),
                "is_hour": start.minute == 0,
                "is_now": now is not None and start <= now < end,
                "now_label": now.strftime("%H:%M") if now else "",
                "cells": cells[number],
            }
        )
    return rows


def row_times(placed: list[Placed]) -> list[datetime]:
    """Where something begins or ends, and each full hour between; the last one ends the table."""
    times = {one.start for one in placed} | {one.end for one in placed}
    if not times:
        return []
    hour = min(times).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    last = max(times)
    while hour < last:
        times.add(hour)
        hour += timedelta(hours=1)
    return sorted(times)


def cells_by_row(placed: list[Placed], times: list[datetime], width: int) -> list[list[dict[str, Any]]]:
    """The cells of each row in order; a cell that reaches into further rows stands in its first alone."""
    begun: list[dict[int, dict[str, Any]]] = [{} for _ in times]
    taken = [[False] * width for _ in times]
    for one in placed:
        top, bottom = bisect_left(times, one.start), bisect_left(times, one.end)
        begun[top][one.column] = cell(one, bottom - top)
        for row in range(top, bottom):
            taken[row][one.column : one.column + one.width] = [True] * one.width
    for column in range(width):
        for top, bottom in free_runs([row[column] for row in taken[:-1]], times):
            begun[top][column] = {"kind": "free", "rowspan": bottom - top}
    return [[cells[column] for column in sorted(cells)] for cells in begun]


def free_runs(taken: list[bool], times: list[datetime]) -> Iterable[tuple[int, int]]:
    """The empty stretches of a column, cut at full hours, where a line is drawn."""
    top = None
    for number, is_taken in enumerate(taken):
        if top is not None and (is_taken or not times[number].minute):
            yield top, number
            top = None
        if top is None and not is_taken:
            top = number
    if top is not None:
        yield top, len(taken)


def cell(one: Placed, rows: int) -> dict[str, Any]:
    session = one.session
    kind = "session"
    if session["is_gone"]:
        kind = "gone"
    elif session["is_break"]:
        kind = "break"
    elif session["spans"]:
        kind = "plenary"
    return {
        "kind": kind,
        "rowspan": rows,
        "colspan": one.width,
        "short": one.width == 1 and one.end - one.start <= SHORT,
        "session": session,
        "moved_to": session.get("moved_to", ""),
    }
