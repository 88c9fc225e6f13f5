from django.core.management.base import BaseCommand
from django.utils.translation import override

from content.choices import CopyState
from content.models import ArchivedCopy


class Command(BaseCommand):
    help = "Compare every archived copy of a source with its checksum, and list those that are altered or missing."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="list also the copies that are intact")

    def handle(self, *args, **options):
        copies = ArchivedCopy.objects.select_related("source").defer("source__text").order_by("source__slug", "id")
        intact = count = 0
        with override("en"):
            for copy in copies.iterator():
                state = copy.state_now()
                count += 1
                intact += state == CopyState.INTACT
                if options["all"] or state != CopyState.INTACT:
                    self.stdout.write(f"{copy.source.slug}: {copy.name}, archived on {copy.archived_on}: {state}")
        self.stdout.write(f"{intact} of {count} archived copies are intact.")
        if intact != count:
            raise SystemExit(1)
