"""From which instant to which an edition lasts, as far as its dates are known."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from conference.models import Edition

# What begins in the night after the last day still belongs to it.
NIGHT = timedelta(hours=6)


class Days(NamedTuple):
    """Null where the edition has no such date. `end` is not part of it any more."""

    start: datetime | None
    end: datetime | None
    words: str

    def __contains__(self, instant: object) -> bool:
        if not isinstance(instant, datetime):
            return False
        return (not self.start or self.start <= instant) and (not self.end or instant < self.end)


def days_of(edition: Edition) -> Days:
    zone = ZoneInfo(edition.time_zone)
    first = _first_day(edition.start_date) if edition.start_date else None
    last = _last_day(edition.end_date) if edition.end_date else None
    return Days(
        datetime.combine(first, time(), zone) if first else None,
        datetime.combine(last + timedelta(days=1), time(), zone) + NIGHT if last else None,
        " to ".join(filter(None, (edition.start_date, edition.end_date))),
    )


def _first_day(partial: str) -> date:
    year, month, day = (*(int(part) for part in partial.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _last_day(partial: str) -> date:
    year, month = (*(int(part) for part in partial.split("-")), 12)[:2]
    return date.fromisoformat(partial) if len(partial) == 10 else date(year, month, monthrange(year, month)[1])
