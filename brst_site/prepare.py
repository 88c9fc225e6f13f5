"""Brings database and files to where the portal can be served: tables, founding content, administrator, static files.

A process of its own, so that the one that watches over database and web server stays small.
"""

import os
import secrets
import sys

import django
from django.core.management import CommandError, call_command
from django.db.utils import OperationalError

from brst_site import database, env
from brst_site.env import Environment, say, write_once

ADMINISTRATOR = "admin"


def main() -> None:
    environment = env.read()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brst_site.settings")
    try:
        if environment.database_url:
            say("Asking the server of DATABASE_URL whether it can hold the portal.")
            database.examine(environment.database_url)
        django.setup()
        prepare(environment)
    except OperationalError as error:
        sys.exit(database.problem(error, database.address(environment)))
    except (database.DatabaseProblem, CommandError) as error:
        sys.exit(str(error))


def prepare(environment: Environment) -> None:
    say("Bringing the tables up to date.")
    call_command("migrate", interactive=False, verbosity=0)
    say("Filling in the founding content.")
    call_command("seed", verbosity=0)
    make_administrator(environment)
    say("Collecting the static files.")
    call_command("collectstatic", interactive=False, verbosity=0)


def make_administrator(environment: Environment) -> None:
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if users.filter(username=ADMINISTRATOR).exists():
        return
    say(f"Making the administrator {ADMINISTRATOR}.")
    # The file comes first: a password that nobody can read would lock everybody out.
    kept = environment.data_dir / "admin-password"
    if not kept.exists():
        write_once(kept, secrets.token_urlsafe(15))
    users.create_superuser(ADMINISTRATOR, password=kept.read_text(encoding="ascii").strip())


if __name__ == "__main__":
    main()
