from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from brst_site import releases


class Command(BaseCommand):
    help = (
        "Write a dated release of everything public, in every format, and list it under open data. The same data gives"
        " the same bytes; data that the latest release already has gives none. --withdraw takes one back."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--output", type=Path, metavar="FOLDER", help="Write it there instead, where nothing lists it."
        )
        parser.add_argument("--withdraw", metavar="DATE", help="The release to take back, such as 2026-11-06.")
        parser.add_argument("--reason", default="", help="Why it is withdrawn: the public is told this.")

    def handle(self, *args, output, withdraw, reason, **options):
        if withdraw or reason:
            if not (withdraw and reason.strip()) or output:
                raise CommandError("--withdraw and --reason go together, and with nothing else.")
            return self.withdraw(withdraw, reason.strip())
        try:
            made = releases.write_to(output.resolve()) if output else releases.publish()
        except OSError as problem:
            raise CommandError(f"Nothing was written: {problem}") from None
        if made.same_as:
            self.stdout.write(f"Nothing was written: {made.same_as} has the same data.")
            return None
        rows = sum(made.counts.values())
        self.stdout.write(f"{made.release}: {made.files} files, {made.size:,} bytes, {rows:,} records")
        for name, change in (made.changes or {}).items():
            words = ", ".join(f"{number} {kind}" for kind, number in change.items() if number)
            self.stdout.write(f"  {name}: {words}")
        return None

    def withdraw(self, name: str, reason: str) -> None:
        try:
            releases.withdraw(name, reason)
        except releases.Refused as refusal:
            raise CommandError(str(refusal)) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{name} is withdrawn; its files are deleted.")
