"""Runs one of PostgreSQL's own programs on the portal's embedded database: `python -m brst_site.embedded psql`."""

import os
import subprocess
import sys

from brst_site import env
from brst_site.database import DatabaseProblem
from brst_site.embedded.place import DATABASE, ROLE, package
from brst_site.embedded.server import running


def main() -> int:
    programs = package() / "pginstall" / "bin"
    name, *arguments = sys.argv[1:] or [""]
    if not name or not (programs / os.path.basename(name)).exists():
        env.refuse(f"Usage: python -m brst_site.embedded PROGRAM [ARGUMENT]…, with a program of {programs}")
    try:
        with running(env.read(), say=lambda step: None, warn=env.say_aside) as server:
            address = {"PGHOST": str(server.place.socket_folder), "PGUSER": ROLE, "PGDATABASE": DATABASE}
            return subprocess.call([programs / os.path.basename(name), *arguments], env=os.environ | address)
    except DatabaseProblem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    sys.exit(main())
