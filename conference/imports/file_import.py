"""One import of one file, from its bytes to the account of each event: for the command and the admin."""

from __future__ import annotations

from datetime import date, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from conference.imports.edition_days import NIGHT, days_of
from conference.imports.parsed import ScheduleError
from conference.imports.planned import EventPlan, Plan
from conference.imports.reading import Reader
from conference.imports.schedule_apply import import_schedule
from conference.imports.values import shown
from conference.models import Edition
from content.imports.account import Account, Entry

_WORDS = {"create": "created", "change": "changed", "unchanged": "unchanged", "refuse": "refused"}


def import_file(stream: BinaryIO, name: str, edition: str, *, draft: bool, dry_run: bool) -> Account:
    """Into the edition of that slug, which is made where there is none."""
    account = Account("unknown", dry_run=dry_run)
    reader = Reader(stream, name)
    try:
        known = Edition.objects.filter(slug=edition).first()
        zone = ZoneInfo(known.time_zone) if known else None
        parsed = reader.read(zone, _days(known))
        _fill(account, import_schedule(parsed, edition, draft=draft, dry_run=dry_run), name)
    except ScheduleError as error:
        account.give_up(name, error.line, error.reason)
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        account.give_up(name, 1, f"the database refused it, and nothing came in; try again: {reason}")
    account.format = reader.format
    return account


def _days(edition: Edition | None) -> tuple[date | None, date | None]:
    if not edition:
        return None, None
    days = days_of(edition)
    return days.start and days.start.date(), days.end and (days.end - NIGHT - timedelta(days=1)).date()


def _fill(account: Account, plan: Plan, file: str) -> None:
    """The refused of the parser have no plan: of them the file gives a line and a reason."""
    planned = {plan_.event.line for plan_ in plan.of("refuse")}
    for problem in plan.problems:
        note = account.refuse if problem.severity == "refused" else account.warn
        note(file, problem.line, problem.reason)
        if problem.severity == "refused" and problem.line not in planned:
            account.entries.append(Entry(problem.line, "refused", "", (problem.reason,)))
    account.created = len(plan.of("create"))
    account.changed = len(plan.of("change"))
    account.unchanged = len(plan.of("unchanged"))
    account.entries += [_entry(event) for event in plan.events]
    if not account.read:
        account.give_up(file, 1, "the file has no event")


def _entry(plan: EventPlan) -> Entry:
    details = tuple(dict.fromkeys(plan.details)) if plan.verdict == "change" else ()
    if plan.verdict == "change" and not details:
        details = ("the public's schedule or its publication",)
    if plan.reason:
        details = (plan.reason,)
    return Entry(plan.event.line, _WORDS[plan.verdict], plan.event.title or shown(""), details)
