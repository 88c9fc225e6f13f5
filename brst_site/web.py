"""The web server's process, and its workers. Both end with the process that started them, however that one ends."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from brst_site import env

BACKLOG = 1024
SECONDS_FOR_LAST_ANSWERS = 5
MILLISECONDS_FOR_A_HEAD = 10_000


def main() -> None:
    environment = env.read()
    # The other end of standard input is held by the process that watches over this one, and by no other.
    # It is not read through sys.stdin, whose lock the workers would inherit as taken.
    end_after(lambda: os.read(0, 1))
    Granian(
        "brst_site.web:application_of_a_worker",
        factory=True,
        interface=Interfaces.WSGI,
        address=environment.host,
        port=environment.port,
        workers=environment.workers,
        blocking_threads=env.THREADS_PER_WORKER,
        backlog=BACKLOG,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=MILLISECONDS_FOR_A_HEAD),
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_FOR_LAST_ANSWERS,
        log_level=LogLevels.warning,
    ).serve()


def application_of_a_worker() -> Callable:
    # Until Granian sets its own, a worker that is still loading would take the order to end for its parent's.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_after(multiprocessing.parent_process().join)
    from brst_site.wsgi import application

    return application


def end_after(event: Callable[[], object]) -> None:
    def end() -> None:
        event()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end, daemon=True).start()


if __name__ == "__main__":
    main()
