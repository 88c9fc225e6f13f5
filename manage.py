#!/usr/bin/env python
"""Runs the portal's commands. Those that need the embedded database start it, unless it runs already."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from brst_site import env
from brst_site.database import DatabaseProblem
from brst_site.embedded.server import running

# Answer from the code alone.
WITHOUT_DATABASE = {
    *("check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages"),
    *("make_countries_fixture", "makemigrations", "startapp", "version", "--help", "--version", "-h"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brst_site.settings")
    # Not before the database runs: Django reads the settings, and they name it.
    from django.core.management import execute_from_command_line

    try:
        with database():
            execute_from_command_line(sys.argv)
    except DatabaseProblem as problem:
        sys.exit(str(problem))


def database() -> AbstractContextManager:
    environment = env.read()
    if environment.database_url or WITHOUT_DATABASE & set(sys.argv[1:2] or ["help"]) or "--help" in sys.argv:
        return nullcontext()
    return running(environment, say=env.say_aside)


if __name__ == "__main__":
    main()
