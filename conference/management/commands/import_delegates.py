import re
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from conference.imports.delegate_account import fill
from conference.imports.delegate_apply import import_delegates
from conference.imports.delegate_columns import FIELDS, is_head
from conference.management.commands.import_schedule import existing
from conference.models import Edition
from content.fields import SLUG_PATTERN
from content.imports.account import USAGE, Account
from content.imports.columns import ColumnError, NothingMeant, columns_of, read_map, read_pairs
from content.imports.table import TableError, content_of, read_table


class Command(BaseCommand):
    help = (
        "Read the delegations of an edition from a list of participants, CSV or a spreadsheet. A second time it"
        " changes what differs. Nobody is shown in public before consent is recorded."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="a table in CSV, XLSX, XLS or ODS, on this machine")
        parser.add_argument("--edition", required=True, metavar="SLUG", help="the edition that the delegations are at")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"what stands in which column ({', '.join(FIELDS)}); without any, the heads of the columns say so",
        )
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="COLUMN=VALUE",
            help="read only rows with this; the same column again: with any of the values",
        )
        parser.add_argument(
            "--null", action="append", default=[], metavar="TEXT", help="a text that means nothing: NA"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--draft", action="store_true", help="publish nothing of what comes in")

    def handle(self, *args, file, edition, dry_run, draft, **options):
        account = Account("xlsx" if Path(file).suffix.lower() in {".xlsx", ".xls", ".ods"} else "csv", dry_run=dry_run)
        try:
            record = self.edition(edition)
            chosen, conditions = read_map(options["map"], FIELDS), read_pairs(options["where"], "--where")
            table = read(Path(file), chosen)
            account.format = table.format
            self.check_columns(table, chosen, conditions)
            plan = import_delegates(
                table,
                record,
                chosen=chosen,
                conditions=conditions,
                nulls=options["null"],
                draft=draft,
                dry_run=dry_run,
            )
            fill(account, plan, file)
        except ColumnError as error:
            self.misused(f"{error}.")
        except (TableError, NothingMeant) as error:
            account.give_up(file, error.line, error.reason)
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            account.give_up(file, 1, f"the database refused it, and nothing came in; try again: {reason}")
        account.write(self.stdout, self.stderr)
        if account.exit_code:
            sys.exit(account.exit_code)

    def edition(self, slug: str) -> Edition:
        known = len(slug) <= 100 and re.fullmatch(SLUG_PATTERN, slug)
        record = Edition.objects.filter(slug=slug).first() if known else None
        if record is None:
            self.misused(f"There is no edition {slug!r}, but {existing()}.")
        return record

    def check_columns(self, table, chosen, conditions) -> None:
        for column in [*chosen.values(), *(column for column, _ in conditions)]:
            columns_of(column, table.columns)

    def misused(self, message: str):
        raise CommandError(message, returncode=USAGE)


def read(path: Path, chosen: dict[str, str]):
    """The head of the table is the line that has the chosen columns; a wrong one is told by what there is."""
    return read_table(content_of(path), is_head(chosen.values()))
