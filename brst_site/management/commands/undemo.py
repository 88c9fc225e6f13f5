from django.core.management.base import BaseCommand, CommandError

from brst_site import sample
from brst_site.sample.removal import Attached


class Command(BaseCommand):
    help = "Remove all that is marked as sample data, with its parts, and nothing else."

    def handle(self, *args, **options):
        try:
            counts = sample.remove()
        except Attached as refusal:
            raise CommandError(str(refusal)) from None
        for kind, count in counts.items():
            self.stdout.write(f"{kind}: {count} removed")
        if not counts:
            self.stdout.write("There is no sample data.")
