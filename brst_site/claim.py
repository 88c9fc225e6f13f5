"""What only one running portal can have, its data folder and its port: asked before anything is installed or started.

Needs nothing but the standard library, since `make run` asks before it installs the packages.
"""

import errno
import fcntl
import socket
from typing import TextIO

from brst_site import env
from brst_site.env import Environment, open_private, refuse


def claim_data_folder(environment: Environment) -> TextIO:
    """The folder is this process's for as long as the file that comes back is open; the system sees to that."""
    path = environment.data_dir / "run.lock"
    claim = open(path, "a+", encoding="utf-8", opener=open_private)  # noqa: SIM115
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.seek(0)
        raise SystemExit(f"The portal of {environment.data_dir} runs already, at {claim.read().strip()}.") from None
    claim.truncate(0)
    claim.write(environment.site_url + "\n")
    claim.flush()
    return claim


def refuse_taken_port(environment: Environment) -> None:
    host, port = environment.host, environment.port
    try:
        kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            # As web servers do: a port that was in use a moment ago counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        refuse(_why_not(error, host, port))


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        another = port + 1 if port < 65535 else 8000
        return f"PORT {port} is in use by another program: stop that one, or choose another: PORT={another} make run"
    if error.errno == errno.EACCES:
        return f"PORT {port} is for root alone: choose one from 1024 on, such as: PORT=8000 make run"
    return f"HOST {host!r} is not an address of this machine ({error.strerror}): use 127.0.0.1, or 0.0.0.0 for all."


if __name__ == "__main__":
    environment = env.read()
    claim_data_folder(environment)
    refuse_taken_port(environment)
