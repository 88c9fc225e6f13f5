"""Runs the PostgreSQL server and stops it once its last user is gone, in whatever way that user went.

Every user of the server, be it the portal or a command, holds a shared lock on one file. The system takes that lock
from a process that ends, from a killed one too; then this process gets it alone, and stops the server. It is the
server's parent, so the number that it sends signals to cannot have passed to another process.

A script of its own that needs nothing but the standard library, so that it stays small. Arguments: the users' lock
file, the descriptor of the server's lock, the server's user and group (or two dashes), folders to remove at the end,
"--", and the server's command.
"""

import fcntl
import shutil
import signal
import subprocess
import sys
import threading

SECONDS_FOR_A_FAST_STOP = 60
SECONDS_FOR_AN_IMMEDIATE_STOP = 15


def main(users_path: str, server_lock: str, user: str, group: str, *rest: str) -> int:
    split = rest.index("--")
    folders, command = rest[:split], rest[split + 1 :]
    users = open(users_path, "rb")  # noqa: SIM115 (kept, with its lock, to the end of the process)
    identity = {} if user == "-" else {"user": int(user), "group": int(group), "extra_groups": []}
    # The server inherits its lock: whoever gets that lock knows that no part of the server lives any more.
    server = subprocess.Popen(command, cwd="/", umask=0o077, pass_fds=[int(server_lock)], **identity)
    for order in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(order, lambda *_: stop_later(server))
    threading.Thread(target=stop_when_unused, args=(users, server), daemon=True).start()
    code = server.wait()
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return code


def stop_when_unused(users, server: subprocess.Popen) -> None:
    fcntl.flock(users, fcntl.LOCK_EX)
    stop(server)


def stop_later(server: subprocess.Popen) -> None:
    threading.Thread(target=stop, args=(server,), daemon=True).start()


def stop(server: subprocess.Popen) -> None:
    """Lets the server finish; where that takes too long, leaves the rest to the next start's recovery."""
    for order, patience in (
        (signal.SIGINT, SECONDS_FOR_A_FAST_STOP),
        (signal.SIGQUIT, SECONDS_FOR_AN_IMMEDIATE_STOP),
        (signal.SIGKILL, None),
    ):
        server.send_signal(order)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
