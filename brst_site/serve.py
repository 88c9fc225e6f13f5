"""What `make run` runs: database, preparation and web server, one after the other, and in the end all down again.

Ctrl-C, SIGTERM and a closed terminal end it in order. Should it be killed, its web server notices that its standard
input is closed, and its database that the lock on it is gone (embedded/guard.py).
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from brst_site import database, env
from brst_site.claim import claim_data_folder, refuse_taken_port
from brst_site.embedded.server import running
from brst_site.env import Environment, say

SECONDS_TO_STOP = 10
SECONDS_BETWEEN_LOOKS = 0.5


def main() -> None:
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    # Who started this with nohup wants it to outlive the terminal.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)
        threading.Thread(target=stop_with_the_terminal, daemon=True).start()
    environment = env.read()
    database.parse(database.address(environment))
    with claim_data_folder(environment):
        refuse_taken_port(environment)
        try:
            serve(environment)
        except database.DatabaseProblem as problem:
            sys.exit(str(problem))


def stop(*_: object) -> None:
    """The first order counts: what follows it must not interrupt the stopping."""
    for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(order, signal.SIG_IGN)
    say("Stopping.")
    raise SystemExit(0)


def stop_with_the_terminal() -> None:
    """A terminal that closes tells only the first process that began in it; where that is make, it tells nobody."""
    if not os.isatty(0):
        return
    while os.isatty(0):
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGHUP)


def serve(environment: Environment) -> None:
    password = environment.data_dir / "admin-password"
    with database_server(environment) as keep_database:
        known = password.exists()
        with child("brst_site.prepare") as preparation:
            if preparation.wait():
                sys.exit(preparation.returncode)
        say(f"Starting the web server with {environment.workers} workers.")
        with child("brst_site.web") as web:
            wait_for_an_answer(environment, web)
            announce(environment, password, show_password=not known)
            while web.poll() is None:
                time.sleep(SECONDS_BETWEEN_LOOKS)
                keep_database()
    sys.exit("The web server has ended unexpectedly. The lines above say why.")


@contextlib.contextmanager
def database_server(environment: Environment) -> Iterator[Callable[[], None]]:
    """What comes back is called from time to time, and sees to it that the database is still there."""
    if environment.database_url:
        yield lambda: None
        return
    with running(environment, say=say) as server:
        yield server.keep


@contextlib.contextmanager
def child(module: str) -> Iterator[subprocess.Popen]:
    """Runs one of the portal's modules, and stops it at the end of the block."""
    # In a session of its own the terminal's signals don't reach it: it is stopped in its turn.
    process = subprocess.Popen([sys.executable, "-m", module], stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdin.close()
        process.wait()


def wait_for_an_answer(environment: Environment, web: subprocess.Popen) -> None:
    """Returns when the first worker answers, or the web server has ended."""
    # A server that listens on every address of the machine is asked on the machine's own.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment.host, environment.host)
    while web.poll() is None:
        connection = http.client.HTTPConnection(host, environment.port, timeout=SECONDS_TO_STOP)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()


def announce(environment: Environment, password: Path, *, show_password: bool) -> None:
    say(f"The portal is open at {environment.site_url}/ and Ctrl-C stops it.")
    if not password.exists():
        # Deleted once it was changed, or the database is older than this data folder.
        say("The administrator admin is on file already; manage.py changepassword admin sets another password.")
    elif show_password:
        word = password.read_text(encoding="ascii").strip()
        say(f"The administrator is admin, with the password {word}, which is kept in {password}.")


if __name__ == "__main__":
    main()
