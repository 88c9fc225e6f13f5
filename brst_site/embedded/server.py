"""Starts the embedded PostgreSQL, and keeps it for as long as somebody uses it.

Three lock files say who is there. The system gives a lock back when its holder ends, however it ends, so nothing here
relies on a process number in a file. Every user of the server holds `users`, together with the others. The guard
(guard.py) holds `guard`, and before it whoever makes things ready for it. All processes of the server hold `server`.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psycopg

from brst_site.database import DatabaseProblem, problem
from brst_site.embedded import files
from brst_site.embedded.place import DATABASE, ROLE, SERVER_USER_OF_ROOT, Place
from brst_site.env import THREADS_PER_WORKER, Environment, open_private, say

GUARD = Path(__file__).with_name("guard.py")
CONNECTIONS_FOR_COMMANDS = 50
LARGEST_LOG = 10_000_000
SECONDS_BETWEEN_NEWS = 5
SECONDS_TO_NOTICE = 1
SECONDS_FOR_A_LEFT_SERVER = 150
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # A server that is still working through its log answers nobody: it could not be written to.
    "hot_standby": "off",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    # No statement and no value in the log: they may be personal data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}
NOT_YET = (
    "starting up",
    "not yet accepting",
    "not accepting",
    "No such file",
    "refused",
    "shutting down",
    "in recovery",
    "server closed",
)

Say = Callable[[str], None]


@contextmanager
def running(environment: Environment, *, say: Say = say, warn: Say | None = None) -> Iterator["Server"]:
    """The data folder's server, which runs at least until the end of the block.

    `say` gets what is done, `warn` what takes unusually long or went wrong.
    """
    connections = environment.workers * THREADS_PER_WORKER + CONNECTIONS_FOR_COMMANDS
    server = Server(Place(environment.data_dir), {"max_connections": str(connections)}, say, warn or say)
    with server.in_use():
        yield server


@contextmanager
def throwaway(*, say: Say = say) -> Iterator["Server"]:
    """A server for tests, with a data folder of its own: fast, not safe from a power cut, and gone afterwards."""
    place = Place(Path(tempfile.mkdtemp(prefix="brst-portal-")))
    server = Server(place, THROWAWAY_SETTINGS, say, say, temporary=(place.folder, place.data_dir))
    try:
        with server.in_use():
            yield server
    finally:
        for folder in server.temporary:
            shutil.rmtree(folder, ignore_errors=True)


class Lock:
    def __init__(self, path: Path):
        self.file = open(path, "a", opener=open_private)  # noqa: SIM115 (open for as long as the lock is held)

    def take(self, kind: int = fcntl.LOCK_EX) -> bool:
        try:
            fcntl.flock(self.file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        self.file.close()


@dataclass
class Patience:
    """Waits in small steps, and now and then says what for."""

    warn: Say
    news: str
    began: float = field(default_factory=time.monotonic)
    told: int = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def wait(self) -> None:
        time.sleep(0.02 if self.seconds < 1 else 0.2)
        if self.seconds > (self.told + 1) * SECONDS_BETWEEN_NEWS:
            self.told += 1
            self.warn(f"{self.news} ({self.seconds:.0f} s).")


@dataclass
class Server:
    place: Place
    settings: dict[str, str]
    say: Say
    warn: Say
    temporary: tuple[Path, ...] = ()
    """Folders that go when the server has stopped, even if nobody is left to see it."""
    guard: subprocess.Popen | None = None
    """Only in the process that started it."""

    @property
    def url(self) -> str:
        return self.place.url

    @contextmanager
    def in_use(self) -> Iterator[None]:
        files.make_home(self.place)
        users = self._lock("users")
        patience = Patience(self.warn, "Waiting for the last PostgreSQL server of this data folder to stop")
        while not users.take(fcntl.LOCK_SH):
            patience.wait()
        try:
            self._ensure_started()
            yield
        finally:
            self._leave(users)

    def keep(self) -> None:
        """Starts the server again if it was killed. Asked often, answers at once while all is well."""
        guarded = self._lock("guard")
        try:
            if guarded.take():
                self.warn("PostgreSQL has ended unexpectedly.")
                self._start(guarded)
        finally:
            guarded.release()

    def _lock(self, name: str) -> Lock:
        return Lock(self.place.folder / f"{name}.lock")

    def _ensure_started(self) -> None:
        guarded = self._lock("guard")
        patience = Patience(self.warn, "Waiting for the PostgreSQL server that another command is starting")
        try:
            while not guarded.take():
                if self._answers():
                    return
                patience.wait()
            self._start(guarded)
        finally:
            guarded.release()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True

    def _start(self, guarded: Lock) -> None:
        lock = self._lock("server")
        try:
            self._stop_left_server(lock)
            files.make_programs(self.place)
            files.make_cluster(self.place, lock.file.fileno(), durable=self.settings.get("fsync") != "off")
            files.clean_up_after_a_crash(self.place)
            files.make_socket_folder(self.place)
            if self.place.as_root:
                self.say(f"PostgreSQL refuses to be root: it runs as {SERVER_USER_OF_ROOT} from {self.place.folder}.")
            self.say(f"Starting PostgreSQL {files.version().rpartition('.')[0]}.")
            with self._log() as log:
                log_start = log.tell()
                self._start_guard(guarded, lock, log)
        except OSError as error:
            raise DatabaseProblem(files.meaning(self.place, str(error))) from error
        finally:
            lock.release()
        with self._superuser_connection(log_start) as connection:
            _make_role_and_database(connection)

    def _stop_left_server(self, lock: Lock) -> None:
        """A server whose guard was killed still holds its lock: it is asked to stop, as by its guard."""
        patience = Patience(self.warn, "Waiting for a PostgreSQL server that a crash left behind to stop")
        asked = False
        while not lock.take():
            if not asked and (number := files.process_number_of_answering_server(self.place)):
                os.kill(number, signal.SIGINT)
                asked = True
            if patience.seconds > SECONDS_FOR_A_LEFT_SERVER:
                raise DatabaseProblem(f"A server that a crash left behind uses {self.place.cluster}: stop it by hand.")
            patience.wait()

    def _log(self) -> BinaryIO:
        path = self.place.log
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_name(f"{path.name}.1"))
        return open(path, "ab", opener=open_private)

    def _start_guard(self, guarded: Lock, lock: Lock, log: BinaryIO) -> None:
        place, user = self.place, self.place.server_user
        identity = (str(user.pw_uid), str(user.pw_gid)) if place.as_root else ("-", "-")
        temporary = (*self.temporary, *([place.socket_folder] if place.socket_folder.parent != place.folder else []))
        settings = SETTINGS | self.settings | files.write_access_rules(place)
        settings["unix_socket_directories"] = '"{}"'.format(str(place.socket_folder).replace('"', '""'))
        command = [
            *(sys.executable, "-I", "-S", GUARD, place.folder / "users.lock", str(lock.file.fileno()), *identity),
            *(*temporary, "--", place.programs / "postgres", "-D", place.cluster),
            *(argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")),
        ]
        self.guard = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=files.SERVER_ENVIRONMENT,
            pass_fds=[guarded.file.fileno(), lock.file.fileno()],
            # The terminal's signals are for the portal, which stops its server last.
            start_new_session=True,
        )

    @contextmanager
    def _superuser_connection(self, log_start: int) -> Iterator[psycopg.Connection]:
        """Waits for as long as the server takes: after a crash it first works through its write-ahead log."""
        patience = Patience(self.warn, "PostgreSQL is still starting: after a crash it first puts its files in order")
        host = str(self.place.socket_folder)
        while True:
            try:
                connection = psycopg.connect(host=host, user=files.SUPERUSER, dbname="postgres", autocommit=True)
                break
            except psycopg.OperationalError as error:
                if self.guard.poll() is not None:
                    raise DatabaseProblem(files.meaning(self.place, self._logged_since(log_start))) from error
                if not any(words in str(error) for words in NOT_YET):
                    raise DatabaseProblem(problem(error, self.url)) from error
                patience.wait()
        with connection:
            yield connection

    def _logged_since(self, log_start: int) -> str:
        with open(self.place.log, encoding="utf-8", errors="replace") as log:
            log.seek(log_start)
            return log.read()

    def _leave(self, users: Lock) -> None:
        """Whoever started the server sees to it that it has stopped, unless somebody else uses it by now."""
        if not self.guard:
            users.release()
            return
        others, guarded = self._lock("users"), self._lock("guard")
        users.release()
        patience = Patience(self.warn, "Waiting for PostgreSQL to stop")
        try:
            while not guarded.take():
                # The guard has had time to get the users' lock alone: somebody else has it.
                if patience.seconds > SECONDS_TO_NOTICE and others.take(fcntl.LOCK_SH):
                    self.say("Another command still uses the database: PostgreSQL stops after it.")
                    return
                patience.wait()
            if others.take() and self.place.folder.exists():
                self._stop_left_server(self._lock("server"))
        finally:
            others.release()
            guarded.release()
        self.guard.wait()


def _make_role_and_database(connection: psycopg.Connection) -> None:
    """The portal's own user owns its database, which lets it create the trusted extensions, and is no superuser."""
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
