from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from brst_site import founding


class Command(BaseCommand):
    help = (
        "Make the founding records that are missing. Those that exist are left as they are, whatever an editor did"
        " to them; to take one away for good, archive it."
    )

    def handle(self, *args, verbosity, **options):
        counts = founding.lay(founding.read(Path(settings.BASE_DIR) / "fixtures"))
        for kind, count in counts.items():
            if verbosity:
                self.stdout.write(f"{kind}: {count.created} created, {count.unchanged} unchanged")
