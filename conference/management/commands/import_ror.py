import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import override

from conference.imports.ror_file import RORError, entries, opened
from conference.imports.ror_matching import Importing
from content.imports.account import USAGE, Account


class Command(BaseCommand):
    help = (
        "Find the organisations on file in a data dump of ROR (https://ror.org), schema 2, as JSON or zip. The only"
        " entry with the very name in the same country is applied; what is less sure is offered in the admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="the dump, on this machine")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")

    def handle(self, *args, file, dry_run, **options):
        account = Account("ror", dry_run=dry_run)
        path = Path(file)
        if not path.is_file():
            self.stderr.write(f"There is no file {file}.")
            sys.exit(USAGE)
        try:
            with override("en"), opened(path) as stream:
                Importing(account, path.name).run(entries(stream))
        except RORError as error:
            account.give_up(path.name, error.line, error.reason)
        except (OSError, DatabaseError) as error:
            account.give_up(path.name, 1, str(error).partition("\n")[0])
        for entry in account.entries:
            self.stdout.write(f"{entry.label}: {', '.join(entry.details)}")
        account.write(self.stdout, self.stderr)
        if account.exit_code:
            sys.exit(account.exit_code)
