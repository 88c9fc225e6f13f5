import sys

from django.core.management.base import BaseCommand

from cooperation.imports.iati_import import import_files


class Command(BaseCommand):
    help = (
        "Read projects from files of IATI 2.01, 2.02 or 2.03. A second time it changes what differs. All files come in"
        " together, or none."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", metavar="FILE", nargs="+", help="a file of IATI activities on this machine")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--draft", action="store_true", help="publish nothing of what comes in")

    def handle(self, *args, files, dry_run, draft, **options):
        account = import_files([(name, Opened(name)) for name in files], draft=draft, dry_run=dry_run)
        account.write(self.stdout, self.stderr)
        if account.exit_code:
            sys.exit(account.exit_code)


class Opened:
    """A file that is opened when its turn comes."""

    def __init__(self, name: str):
        self.name = name

    def __enter__(self):
        self.stream = open(self.name, "rb")
        return self.stream

    def __exit__(self, *problem):
        self.stream.close()
