from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS

from content.searching.index import rebuild


class Command(BaseCommand):
    help = "Makes the search index anew. It follows every change by itself: this is for after a repair by hand."

    def handle(self, *args, **options):
        count = rebuild(DEFAULT_DB_ALIAS)
        if options["verbosity"]:
            self.stdout.write(f"{count} entries")
