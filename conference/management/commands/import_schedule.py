import re
import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from conference.imports import schedule_xml
from conference.imports.parsed import ScheduleError
from conference.imports.planned import Plan
from conference.imports.schedule_apply import import_schedule, zone_of
from conference.models import Edition
from content.fields import SLUG_PATTERN
from content.imports.account import USAGE, Account


class Command(BaseCommand):
    help = "Read the programme of an edition from a schedule.xml. A second time it changes what differs."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="a schedule.xml, on this machine")
        parser.add_argument("--edition", required=True, metavar="SLUG", help="the edition that the programme is of")
        parser.add_argument("--create", action="store_true", help="make the edition from the file if there is none")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
        parser.add_argument("--draft", action="store_true", help="publish nothing of what comes in")

    def handle(self, *args, file, edition, create, dry_run, draft, **options):
        if len(edition) > 100 or not re.fullmatch(SLUG_PATTERN, edition):
            self.misused(f"{edition!r} can't be an edition: small letters, digits and single hyphens only.")
        account = Account("schedule.xml", dry_run=dry_run)
        try:
            zone = zone_of(edition)
            if not zone and not create:
                self.misused(f"There is no edition {edition!r}, but {existing()}. With --create the file makes it.")
            parsed = schedule_xml.parse(file, name=file, default_zone=zone)
            fill(account, import_schedule(parsed, edition, draft=draft, dry_run=dry_run), file)
        except ScheduleError as error:
            account.give_up(file, error.line, error.reason)
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            account.give_up(file, 1, f"the database refused it, and nothing came in; try again: {reason}")
        account.write(self.stdout, self.stderr)
        if account.exit_code:
            sys.exit(account.exit_code)

    def misused(self, message: str):
        raise CommandError(message, returncode=USAGE)


def fill(account: Account, plan: Plan, file: str) -> None:
    for problem in plan.problems:
        note = account.refuse if problem.severity == "refused" else account.warn
        note(file, problem.line, problem.reason)
    account.created = len(plan.of("create"))
    account.changed = len(plan.of("change"))
    account.unchanged = len(plan.of("unchanged"))
    if not account.read:
        account.give_up(file, 1, "the file has no event")


def existing() -> str:
    slugs = list(Edition.objects.order_by("-start_date").values_list("slug", flat=True)[:20])
    return ", ".join(slugs) or "no other either"
