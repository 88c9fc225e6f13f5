import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from conference.imports.tables.heads import FIXED, is_head
from conference.imports.tables.importing import Options, give_account, import_records
from content.imports.account import USAGE, Account
from content.imports.columns import ColumnError, columns_of, read_map, read_pairs
from content.imports.table import content_of, read_table
from cooperation.imports.tables import COLLECTIONS


class Command(BaseCommand):
    help = (
        "Read agreements, facilities, organisations, programmes or projects from a table, CSV or a spreadsheet: our"
        " own or another one. A second time it changes what differs. All of an import can be undone in the admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="a table in CSV, XLSX, XLS or ODS, on this machine")
        parser.add_argument("--collection", required=True, metavar="NAME", help=", ".join(COLLECTIONS))
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="what stands in which column; FIELD==VALUE: the same in all rows; without a column, the heads say",
        )
        parser.add_argument(
            "--where",
            action="append",
            default=[],
            metavar="COLUMN=VALUE",
            help="read only rows with this; the same column again: with any of the values",
        )
        parser.add_argument(
            "--null", action="append", default=[], metavar="TEXT", help="a text that takes away what is on file: NA"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--draft", action="store_true", help="publish nothing of what comes in")

    def handle(self, *args, file, collection, dry_run, draft, **options):
        kind = "xlsx" if Path(file).suffix.lower() in {".xlsx", ".xls", ".ods"} else "csv"
        account = Account(kind, dry_run=dry_run)
        chosen_collection = COLLECTIONS.get(collection)
        if chosen_collection is None:
            raise CommandError(
                f"There is no collection {collection!r}, but {', '.join(COLLECTIONS)}.", returncode=USAGE
            )
        try:
            chosen = read_map(options["map"], chosen_collection.fields)
            conditions = read_pairs(options["where"], "--where")
            given = Options(chosen, conditions, options["null"], draft)
            give_account(account, file, lambda account: self.read(Path(file), chosen_collection, account, given))
        except ColumnError as error:
            raise CommandError(f"{error}.", returncode=USAGE) from error
        account.write(self.stdout, self.stderr)
        if account.exit_code:
            sys.exit(account.exit_code)

    def read(self, path: Path, collection, account: Account, options: Options) -> None:
        table = read_table(content_of(path), is_head(collection, list(options.chosen.values())))
        account.format = table.format
        for column in [
            *(column for column in options.chosen.values() if not column.startswith(FIXED)),
            *(column for column, _ in options.conditions),
        ]:
            columns_of(column, table.columns)
        import_records(table, collection, account, str(path), options)
