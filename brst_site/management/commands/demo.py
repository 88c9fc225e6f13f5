from argparse import ArgumentTypeError
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from brst_site import sample
from brst_site.sample.removal import Attached
from conference.models import Country


class Command(BaseCommand):
    help = (
        "Add sample data, marked as such. Sample data that is there is replaced, so that there is as much as is asked"
        " for; undemo removes it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--sessions", type=whole_number, default=1000, metavar="NUMBER")
        parser.add_argument("--projects", type=whole_number, default=10_000, metavar="NUMBER")

    def handle(self, *args, sessions, projects, **options):
        if not Country.objects.listed().exists():
            raise CommandError("Sample data needs countries: run manage.py seed first.")
        try:
            counts = sample.replace(Path(settings.BASE_DIR) / "fixtures", sessions, projects)
        except Attached as refusal:
            raise CommandError(str(refusal)) from None
        for kind, count in counts.items():
            self.stdout.write(f"{kind}: {count} created")


def whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError(f"{text!r} is not a whole number, 0 or more")
    return int(text)
