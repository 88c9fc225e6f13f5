from django.core.management.base import BaseCommand
from django.utils.translation import override

from content import figure_presentation
from content.choices import RecordsCheckState


class Command(BaseCommand):
    help = "List the published figures whose value the published records do not bear out, and what is on file."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="list also the figures that agree")

    def handle(self, *args, **options):
        with override("en"):
            checks = figure_presentation.checks()
        for figure, check in checks:
            if options["all"] or check.state != RecordsCheckState.AGREES:
                claimed = figure_presentation.claimed_value(figure)
                on_file = f"{check.count} on file: {check.state}"
                if check.refusal:
                    on_file = f"cannot be counted: {check.refusal}"
                self.stdout.write(f"{figure.slug}: {claimed} claimed, {on_file}")
        agreeing = sum(check.state == RecordsCheckState.AGREES for _figure, check in checks)
        self.stdout.write(f"{agreeing} of {len(checks)} figures with a check agree.")
