"""Programmes as tables, CSV and spreadsheets: our own, and those that people make by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from conference.imports import values
from conference.imports.assembly import LONGEST_FIELD, MOST_EVENTS, Contents, Draft, Notebook, assemble
from conference.imports.clock import Clock, Day, When
from conference.imports.parsed import Conference, ParsedSchedule, RefusedError, ScheduleError
from conference.imports.table_columns import OWN, OWN_COLUMNS, fields_of, is_head
from conference.imports.table_event import RowReader
from conference.imports.table_times import Said, order_in, read_said
from conference.imports.values import shown
from content.imports.table import Row, Table, TableError, read_table

TEXT, SPREADSHEET = "csv", "xlsx"
_MOMENTS = ("date", "time", "start", "end", "end_date")


def parse(content: bytes, *, name: str = "sessions.csv", default_zone: tzinfo | None = None) -> ParsedSchedule:
    """Read a whole file, or raise ScheduleError and nothing comes in."""
    try:
        table = read_table(content, is_head)
    except TableError as error:
        raise ScheduleError(error.line, error.reason) from error
    return _Sheet(table, name, default_zone).parsed()


class _Sheet:
    def __init__(self, table: Table, name: str, default_zone: tzinfo | None):
        self.table = table
        self.name = name
        self.default_zone = default_zone
        self.notes = Notebook()
        for line, reason in table.remarks:
            self.notes.warn(line, reason)
        self.columns = fields_of(table.columns)
        self.own = set(table.columns) >= OWN_COLUMNS
        self._refuse_others()
        self.column_of = {field: column for column, field in self.columns.items()}
        moments = (
            row.values[self.column_of[name]] for row in table.rows for name in _MOMENTS if name in self.column_of
        )
        self.order = order_in(moments)
        self.day: date | None = None

    def _refuse_others(self) -> None:
        if not any(field.partition(":")[0] == "title" for field in self.columns.values()):
            columns = ", ".join(self.table.columns[:8])
            raise ScheduleError(
                self.table.head,
                "the format is not known: accepted are schedule.xml, schedule.json, iCalendar, CSV and XLSX. A table"
                f" needs a column with the titles, called Title for instance; here they are called {shown(columns)}",
            )
        if len(self.table.rows) > MOST_EVENTS:
            raise ScheduleError(self.table.head, f"the table has more than {MOST_EVENTS:,} rows: import it in parts")
        for column in self.table.columns:
            filled = any(row.values[column] for row in self.table.rows)
            if column not in self.columns and filled and not (self.own and column in OWN):
                self.notes.warn(self.table.head, f"column {shown(column)} is not known and left out")

    def parsed(self) -> ParsedSchedule:
        zone = self._zone()
        reader = RowReader(self.table, self.columns, self.notes, own=self.own)
        drafts = list(self._drafts(reader))
        conference = Conference(time_zone=zone.key if zone else "")
        clock = Clock(zone, self.default_zone, timedelta(0), self.notes.warn)
        return assemble(Contents(self.table.format, self.name, conference, drafts), clock, self.notes)

    def _zone(self) -> Any:
        texts = {text for row in self.table.rows if (text := self._cell(row, "time_zone"))}
        zones = {values.tried(values.read_zone, text, self.table.head, self.notes.warn) for text in sorted(texts)}
        return zones.pop() if len(zones) == 1 else None

    def _drafts(self, reader: RowReader) -> Iterator[Draft]:
        for row in self.table.rows:
            if self._is_heading(row):
                continue
            try:
                self._refuse_long(row)
                yield reader.read(row, self._when(row))
            except RefusedError as refusal:
                self.notes.refuse(row.line, str(refusal))
            except ValueError as error:
                self.notes.refuse(row.line, str(error))

    def _refuse_long(self, row: Row) -> None:
        for column, text in row.values.items():
            if len(text) > LONGEST_FIELD:
                raise RefusedError(f"{shown(column)} is longer than {LONGEST_FIELD:,} characters")

    def _cell(self, row: Row, field: str) -> str:
        return row.values[self.column_of[field]] if field in self.column_of else ""

    def _is_heading(self, row: Row) -> bool:
        """A line that holds a date alone, in whatever cell, stands above the rows of its day."""
        filled = [text for text in row.values.values() if text]
        if len(filled) != 1:
            return False
        try:
            said = read_said(filled[0], self.order)
        except ValueError:
            return False
        if said.day and not said.start:
            self.day = said.day
            self.notes.warn(row.line, f"the line holds a date alone, {shown(filled[0])}: it is that of the rows below")
            return True
        return False

    # ── when ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _when(self, row: Row) -> When:
        said = {name: read_said(text, self.order) for name in _MOMENTS if (text := self._cell(row, name))}
        start = said.get("start") or said.get("time") or Said()
        end = said.get("end") or Said()
        duration = self._cell(row, "duration")
        if start.instant:
            finish = end.instant.isoformat() if end.instant else ""
            return When(Day(), start.instant.isoformat(), "", finish, "" if finish else duration)
        day = start.day or (said["date"].day if "date" in said else None) or self._day_above(row, said)
        at = start.start or (said["date"].start if "date" in said else None)
        if not (day and at):
            return When(Day(), day.isoformat() if day else "", "", "", duration)
        until = end.start or start.end or (said["date"].end if "date" in said else None)
        last = end.day or (said["end_date"].day if "end_date" in said else None) or day
        begin = datetime.combine(day, at)
        finish = datetime.combine(last, until) if until else None
        if finish and finish <= begin and last == day:
            # Until after midnight.
            finish += timedelta(days=1)
        return When(Day(), begin.isoformat(), "", finish.isoformat() if finish else "", "" if finish else duration)

    def _day_above(self, row: Row, said: dict[str, Said]) -> date | None:
        """In tables for reading a date stands only in the first row of its day."""
        if self.day and ("start" in said or "time" in said):
            self.notes.warn_once(row.line, "a row has a time and no date: it is of the day of the rows above it")
            return self.day
        return None
