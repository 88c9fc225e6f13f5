from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conference.imports import countries


class Command(BaseCommand):
    help = "Make fixtures/countries.json from the files in fixtures/sources and the names that come with Babel."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Write nothing; fail where the file would change.")

    def handle(self, *args, check, **options):
        folder = Path(settings.BASE_DIR) / "fixtures"
        target = folder / "countries.json"
        fixture = countries.build(folder / "sources")
        made = countries.write(fixture)
        if check:
            if not target.exists() or target.read_text(encoding="utf-8") != made:
                raise CommandError(f"{target} is not what its sources give. Run manage.py make_countries_fixture.")
        else:
            target.write_text(made, encoding="utf-8")
        self.stdout.write(", ".join(f"{len(fixture[key])} {key}" for key in ("countries", "regions", "groups")))
