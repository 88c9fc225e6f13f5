import re
import sys

from django.core.management.base import BaseCommand, CommandError

from conference.imports.file_import import import_file
from conference.imports.parsed import ScheduleError
from conference.imports.reading import ACCEPTED, UNKNOWN, opened
from conference.models import Edition
from content.fields import SLUG_PATTERN
from content.imports.account import USAGE, Account


class Command(BaseCommand):
    help = f"Read the programme of an edition from a file: {ACCEPTED}. A second time it changes what differs."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help=f"on this machine: {ACCEPTED}")
        parser.add_argument("--edition", required=True, metavar="SLUG", help="the edition that the programme is of")
        parser.add_argument("--create", action="store_true", help="make the edition from the file if there is none")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--draft", action="store_true", help="publish nothing of what comes in")

    def handle(self, *args, file, edition, create, dry_run, draft, **options):
        if len(edition) > 100 or not re.fullmatch(SLUG_PATTERN, edition):
            self.misused(f"{edition!r} can't be an edition: small letters, digits and single hyphens only.")
        if not create and not Edition.objects.filter(slug=edition).exists():
            self.misused(f"There is no edition {edition!r}, but {existing()}. With --create the file makes it.")
        try:
            with opened(file) as stream:
                account = import_file(stream, file, edition, draft=draft, dry_run=dry_run)
        except (ScheduleError, OSError) as error:
            account = Account(UNKNOWN, dry_run=dry_run)
            account.give_up(file, 1, getattr(error, "reason", str(error)))
        account.write(self.stdout, self.stderr)
        if account.exit_code:
            sys.exit(account.exit_code)

    def misused(self, message: str):
        raise CommandError(message, returncode=USAGE)


def existing() -> str:
    slugs = list(Edition.objects.order_by("-start_date").values_list("slug", flat=True)[:20])
    return ", ".join(slugs) or "no other either"
