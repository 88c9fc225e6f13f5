#!/usr/bin/env python
"""Runs the portal's commands. Those that need the embedded database start it, unless it runs already."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from brst_site import env
from brst_site.database import DatabaseProblem, address, problem
from brst_site.embedded.server import running

# Answer from the code alone.
WITHOUT_DATABASE = {
    *("check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages"),
    *("make_countries_fixture", "makemigrations", "startapp", "version", "--help", "--version", "-h"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brst_site.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    environment = env.read()
    try:
        with database_server(environment):
            execute_from_command_line(sys.argv)
    except DatabaseProblem as error:
        sys.exit(str(error))
    except OperationalError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(problem(error, address(environment)))


def database_server(environment: env.Environment) -> AbstractContextManager:
    if environment.database_url or WITHOUT_DATABASE & set(sys.argv[1:2] or ["help"]) or "--help" in sys.argv:
        return nullcontext()
    return running(environment, say=lambda step: None, warn=env.say_aside)


if __name__ == "__main__":
    main()
