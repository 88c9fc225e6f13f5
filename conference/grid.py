"""A day of a programme as the rows and cells of a table: rooms across, times down.

Pure functions on flat dicts, so that a thousand sessions cost little. A session has `start`, `end`, `room_id`,
`spans` (across all rooms), `is_break` and `is_gone` (the place that it moved away from); whatever else it carries is
for the template. The zone of the starts is the one whose clock stands beside the rows. All arithmetic is done on
instants in UTC: two times of one zone are subtracted by the clock on the wall, which is wrong by an hour in the
night when the clocks change.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
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
    sessions = list(sessions)
    zone = sessions[0]["start"].tzinfo if sessions else UTC
    drawn = drawable(sessions, zone)
    bands = [session for session in drawn if spans_freely(session, drawn)]
    others = [session for session in drawn if not any(session is band for band in bands)]
    columns, placed = place_in_rooms(others, rooms)
    columns = columns or [{"name": "", "columns": 1}]
    width = sum(room["columns"] for room in columns)
    placed += [Placed(band, band["drawn_start"], band["drawn_end"], 0, width) for band in bands]
    return {"rooms": columns, "is_wide": width > NARROW, "rows": table_rows(placed, width, zone, now)}


def drawable(sessions: list[Session], zone: tzinfo) -> list[Session]:
    """In order of time, each with the instants that it is drawn between."""
    midnight = next_midnight(min(session["start"].astimezone(UTC) for session in sessions), zone) if sessions else None
    drawn = [
        session | {"drawn_start": session["start"].astimezone(UTC), "drawn_end": drawn_end(session, midnight)}
        for session in sessions
    ]
    return sorted(drawn, key=lambda session: (session["drawn_start"], session["drawn_end"]))


def next_midnight(moment: datetime, zone: tzinfo) -> datetime:
    day = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0) + timedelta(days=1)
    return day.astimezone(UTC)


def drawn_end(session: Session, midnight: datetime) -> datetime:
    if session["end"] is None:
        return session["start"].astimezone(UTC) + SHORT
    end = session["end"].astimezone(UTC)
    return end if end <= midnight + NIGHT else midnight


def overlap(one: Session, other: Session) -> bool:
    return one["drawn_start"] < other["drawn_end"] and other["drawn_start"] < one["drawn_end"]


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
            Placed(session, session["drawn_start"], session["drawn_end"], first + number, 1)
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
        free = next((lane for lane in lanes if lane[-1]["drawn_end"] <= session["drawn_start"]), None)
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


def table_rows(placed: list[Placed], width: int, zone: tzinfo, now: datetime | None) -> list[dict[str, Any]]:
    times = row_times(placed, zone)
    if not times:
        return []
    cells = cells_by_row(placed, times, width, zone)
    starts = {one.start for one in placed}
    rows = []
    for number, start in enumerate(times[:-1]):
        end = times[number + 1]
        local = start.astimezone(zone)
        rows.append(
            {
                "start_label": clock_text(local) if start in starts or not local.minute else "",
                "datetime": local.isoformat(timespec="minutes"),
                "span": min(max(round((end - start) / STEP), 1), LONGEST_SPAN),
                "is_hour": local.minute == 0,
                "is_now": now is not None and start <= now < end,
                "now_label": clock_text(now.astimezone(zone)) if now else "",
                "cells": cells[number],
            }
        )
    return rows


def clock_text(local: datetime) -> str:
    """Hours and minutes; in the hour that a clock passes twice with the distance from UTC, which tells the two apart.

    In the hour that it skips nothing begins, since the instants themselves are stored.
    """
    text = local.strftime("%H:%M")
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return text
    return f"{text} ({offset_text(local.utcoffset() or timedelta())})"


def offset_text(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


def row_times(placed: list[Placed], zone: tzinfo) -> list[datetime]:
    """Where something begins or ends, and each full hour of the zone between; the last one ends the table."""
    times = {one.start for one in placed} | {one.end for one in placed}
    if not times:
        return []
    hour, last = min(times), max(times)
    while (hour := next_full_hour(hour, zone)) < last:
        times.add(hour)
    return sorted(times)


def next_full_hour(moment: datetime, zone: tzinfo) -> datetime:
    local = moment.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return moment - past + timedelta(hours=1)


def cells_by_row(placed: list[Placed], times: list[datetime], width: int, zone: tzinfo) -> list[list[dict[str, Any]]]:
    """The cells of each row in order; a cell that reaches into further rows stands in its first alone."""
    begun: list[dict[int, dict[str, Any]]] = [{} for _ in times]
    taken = [[False] * width for _ in times]
    for one in placed:
        top, bottom = bisect_left(times, one.start), bisect_left(times, one.end)
        begun[top][one.column] = cell(one, bottom - top)
        for row in range(top, bottom):
            taken[row][one.column : one.column + one.width] = [True] * one.width
    full = [not moment.astimezone(zone).minute for moment in times]
    for column in range(width):
        for top, bottom in free_runs([row[column] for row in taken[:-1]], full):
            begun[top][column] = {"kind": "free", "rowspan": bottom - top}
    return [[cells[column] for column in sorted(cells)] for cells in begun]


def free_runs(taken: list[bool], full: list[bool]) -> Iterable[tuple[int, int]]:
    """The empty stretches of a column, cut at full hours (`full`), where a line is drawn."""
    top = None
    for number, is_taken in enumerate(taken):
        if top is not None and (is_taken or full[number]):
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
