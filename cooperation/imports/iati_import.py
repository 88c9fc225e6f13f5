"""One import of one or more IATI files, from their bytes to the account: for the command and the admin.

All of it is one transaction, and in the memory are some activities at a time, however long the files are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import PurePath
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from conference.models import Organisation
from content.imports.account import Entry, LongAccount
from content.imports.problems import FileError, printable
from content.journal import Journal
from content.models.importing import ImportedRow
from content.models.searching import SearchEntry, SearchWord
from cooperation.imports.iati import FORMAT, IatiReader
from cooperation.imports.iati_apply import PARTS, Applier, Outcome
from cooperation.imports.iati_parsed import Activity
from cooperation.models import Project

# Of our own choosing, held until the end of the transaction: two imports at once would hand out the same slugs.
_IMPORT_LOCK = 7_042_602
_MOST_ACTIVITIES = 250
_MOST_PARTS = 5_000
# In characters, since what is on file of each is read beside it.
_LARGEST_BATCH = 16 * 1024**2
# Triggers keep the plans of their first calls, when the tables were as small as before the import, until these tables
# are counted anew: first after so many activities, then whenever there are four times as many.
_FIRST_COUNT = 500
_GROWING = [model._meta.db_table for model in (Project, *PARTS, Organisation, ImportedRow, SearchEntry, SearchWord)]

# What a file is called, and how it is opened.
File = tuple[str, AbstractContextManager[BinaryIO]]


def import_files(files: Iterable[File], *, draft: bool, dry_run: bool, by=None) -> LongAccount:
    """All of the files or, where one of them can't be read, nothing."""
    account = LongAccount(FORMAT, dry_run=dry_run)
    files = [(printable(name), opened) for name, opened in files]
    importing = _Importing(account, draft=draft)
    try:
        # The columns without a language are written as English readers see them, whoever runs this.
        with translation.override("en"), transaction.atomic():
            importing.run(files, by)
            if dry_run:
                transaction.set_rollback(True)
    except FileError as error:
        account.give_up(importing.file, error.line, error.reason)
    except OSError as error:
        account.give_up(importing.file, 1, f"the file can't be read: {error.strerror or error}")
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        account.give_up(importing.file, 1, f"the database refused it, and nothing came in; try again: {reason}")
    return account


class _Importing:
    def __init__(self, account: LongAccount, *, draft: bool):
        self.account = account
        self.draft = draft
        self.file = ""
        self.count_at = _FIRST_COUNT
        self.applier: Applier

    def run(self, files: list[File], by) -> None:
        journal = Journal.begin(", ".join(PurePath(name).name for name, _opened in files), by)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
            cursor.execute(
                "CREATE TEMPORARY TABLE activities_seen (identifier text PRIMARY KEY, file text, line bigint)"
                " ON COMMIT DROP"
            )
        self.applier = Applier(journal, draft=self.draft)
        for self.file, opened in files:
            with opened as stream:
                self.read(stream)
        if not self.account.read:
            raise FileError(1, "the file has no activity")
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE activities_seen")
        journal.close(self.account)

    def read(self, stream: BinaryIO) -> None:
        reader = IatiReader(stream, urlsplit(settings.SITE_URL).hostname or "")
        for activities in in_batches(reader.activities()):
            self.take(activities)
            self.count_rows()
        for problem in sorted(reader.warnings, key=lambda problem: problem.line):
            self.account.warn(self.file, problem.line, problem.reason)

    def take(self, activities: list[Activity]) -> None:
        self.refuse_repeated(activities)
        outcomes = {
            id(one.activity): one for one in self.applier.apply([one for one in activities if not one.refused])
        }
        for activity in activities:
            outcome = outcomes.get(id(activity))
            if outcome and not outcome.refused:
                self.note(outcome)
                continue
            reason = outcome.refused if outcome else activity.refused
            self.account.refuse(self.file, activity.line, reason)
            label = activity.title or activity.identifier
            self.account.enter(Entry(activity.line, "refused", label, (reason,)))

    def count_rows(self) -> None:
        if self.account.read >= self.count_at:
            self.count_at = 4 * self.account.read
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {', '.join(_GROWING)}")

    def note(self, outcome: Outcome) -> None:
        activity, verdict = outcome.activity, outcome.verdict
        for problem in sorted([*activity.problems, *outcome.problems], key=lambda problem: problem.line):
            self.account.warn(self.file, problem.line, problem.reason)
        setattr(self.account, verdict, getattr(self.account, verdict) + 1)
        details = tuple(dict.fromkeys(outcome.details)) if verdict == "changed" else ()
        self.account.enter(Entry(activity.line, verdict, activity.title, details))

    def refuse_repeated(self, activities: list[Activity]) -> None:
        """An identifier stands for one activity: the first one, in whichever of the files."""
        first: dict[str, Activity] = {}
        for activity in activities:
            if not activity.refused and (known := first.setdefault(activity.identifier, activity)) is not activity:
                activity.refused = repeated(activity.identifier, known.line, "")
        if not first:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT identifier, file, line FROM activities_seen WHERE identifier = ANY(%s)", [list(first)]
            )
            for identifier, file, line in cursor.fetchall():
                first.pop(identifier).refused = repeated(identifier, line, file if file != self.file else "")
            cursor.execute(
                "INSERT INTO activities_seen SELECT unnest(%s::text[]), %s, unnest(%s::bigint[])",
                [list(first), self.file, [activity.line for activity in first.values()]],
            )


def repeated(identifier: str, line: int, file: str) -> str:
    where = f"{file}, line {line}" if file else f"line {line}"
    return f"the iati-identifier '{identifier}' is that of the activity in {where}"


def in_batches(activities: Iterator[Activity]) -> Iterator[list[Activity]]:
    batch: list[Activity] = []
    parts = size = 0
    for activity in activities:
        batch.append(activity)
        parts += activity.parts
        size += activity.size
        if len(batch) >= _MOST_ACTIVITIES or parts >= _MOST_PARTS or size >= _LARGEST_BATCH:
            yield batch
            batch, parts, size = [], 0, 0
    if batch:
        yield batch
