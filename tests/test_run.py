"""`make run`, as a person at a terminal meets it."""

import http.cookiejar
import os
import pty
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from brst_site import env
from brst_site.embedded.files import answers
from brst_site.embedded.place import Place
from brst_site.embedded.server import running

LAST_LINES = re.compile(r"The portal is open at .*\n(The administrator is .*\n)?$")
SECONDS_FOR_A_FIRST_START = 300
SECONDS_TO_STOP = 60
# `make test` runs these tests, and a make inside another says so in its output.
NOT_PASSED_ON = {"DATABASE_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}


class Terminal:
    """A terminal in which somebody says `make run`."""

    def __init__(self, environ: dict):
        self.text = ""
        self.number, self.screen = pty.fork()
        if self.number == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            os.chdir(env.PROJECT)
            os.execvpe("make", ["make", "run"], environ)

    def read_until_open(self) -> str:
        ends = time.monotonic() + SECONDS_FOR_A_FIRST_START
        while not LAST_LINES.search(self.text):
            assert time.monotonic() < ends, self.text
            assert self.read(), self.text
        self.read()
        return self.text

    def read(self) -> bool:
        """False once nobody writes to the terminal any more."""
        if not select.select([self.screen], [], [], 1)[0]:
            return True
        try:
            written = os.read(self.screen, 65536).decode().replace("\r\n", "\n")
        except OSError:
            return False
        self.text += written
        return bool(written)

    def press_control_c(self) -> None:
        os.write(self.screen, b"\x03")
        while self.read():
            pass

    def close(self) -> None:
        if self.screen is not None:
            os.close(self.screen)
            self.screen = None
            os.waitpid(self.number, 0)


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    """A data folder and a port of its own; no server elsewhere."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    folder = tmp_path_factory.mktemp("run") / "data"
    given = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    yield given | {"PORTAL_DATA_DIR": str(folder), "PORT": port, "WORKERS": "2"}
    shutil.rmtree(Place(folder).folder, ignore_errors=True)


@contextmanager
def portal(environ: dict):
    terminal = Terminal(environ)
    try:
        terminal.read_until_open()
        yield terminal
    finally:
        terminal.close()
        wait_until_stopped(environ)


def processes(environ: dict) -> list[psutil.Process]:
    """Everything that the portal of this data folder runs: what was started for it, and its database."""
    mark = str(Place(Path(environ["PORTAL_DATA_DIR"])).folder)
    return [process for process in psutil.process_iter() if belongs(process, environ["PORTAL_DATA_DIR"], mark)]


def belongs(process: psutil.Process, folder: str, mark: str) -> bool:
    try:
        is_the_portals = process.environ().get("PORTAL_DATA_DIR") == folder
        return process.status() != psutil.STATUS_ZOMBIE and (is_the_portals or mark in " ".join(process.cmdline()))
    except psutil.Error:
        return False


def wait_until_stopped(environ: dict) -> None:
    ends = time.monotonic() + SECONDS_TO_STOP
    while left := processes(environ):
        assert time.monotonic() < ends, left
        time.sleep(0.1)


def ask(environ: dict, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environ['PORT']}{path}", timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def make_run(environ: dict, **changed: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", "run"],
        cwd=env.PROJECT,
        env=environ | changed,
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_A_FIRST_START,
        check=False,
    )


@pytest.fixture(scope="module")
def first_start(environ):
    """What the terminal showed, and what was true while the portal ran; it is stopped with Ctrl-C."""
    with portal(environ) as terminal:
        folder = Path(environ["PORTAL_DATA_DIR"])
        seen = {
            "text": terminal.text,
            "healthz": ask(environ, "/healthz"),
            "password": (folder / "admin-password").read_text().strip(),
            "mode": stat.S_IMODE((folder / "admin-password").stat().st_mode),
            "second start": make_run(environ, PORT="1024"),
            "still": ask(environ, "/healthz"),
            "style sheet": style_sheet(environ),
        }
        seen["signed in"] = sign_in(environ, seen["password"])
        began = time.monotonic()
        terminal.press_control_c()
        wait_until_stopped(environ)
        seen["seconds to stop"] = time.monotonic() - began
    return seen


def style_sheet(environ: dict) -> dict[str, str]:
    """The headers with which the first style sheet of a page comes to a browser."""
    address = f"http://127.0.0.1:{environ['PORT']}"
    with urllib.request.urlopen(f"{address}/en/", timeout=20) as answer:
        path = re.search(r'rel="stylesheet" href="([^"]+)"', answer.read().decode())[1]
    asked = urllib.request.Request(address + path, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}


def sign_in(environ: dict, password: str) -> str:
    """The address at which somebody ends who signs in as the administrator."""
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    address = f"http://localhost:{environ['PORT']}/admin/login/?next=/admin/"
    form = browser.open(address, timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    fields = {"csrfmiddlewaretoken": token, "username": "admin", "password": password, "next": "/admin/"}
    with browser.open(address, urllib.parse.urlencode(fields).encode(), timeout=20) as answer:
        return urllib.parse.urlsplit(answer.url).path


def test_the_first_start_says_each_step_and_ends_with_address_and_password(first_start, environ):
    *steps, address, administrator = first_start["text"].strip().splitlines()
    assert [step.split()[0] for step in steps if not step.startswith("PostgreSQL refuses")] == [
        *("Starting", "Bringing", "Filling", "Making", "Collecting", "Starting")
    ]
    assert address == f"The portal is open at http://localhost:{environ['PORT']}/ and Ctrl-C stops it."
    assert f"The administrator is admin, with the password {first_start['password']}," in administrator
    assert first_start["healthz"] == 200


def test_the_password_that_is_shown_opens_the_admin_and_is_kept_for_its_owner_alone(first_start):
    assert first_start["signed in"] == "/admin/"
    assert first_start["mode"] == 0o600


def test_a_style_sheet_is_compressed_once_kept_for_good_and_carries_no_policy(first_start):
    headers = first_start["style sheet"]
    assert headers["content-encoding"] == "br"
    assert "immutable" in headers["cache-control"]
    assert "content-security-policy" not in headers


def test_a_second_start_on_the_same_data_folder_says_where_the_first_one_is(first_start, environ):
    second = first_start["second start"]
    assert second.returncode != 0
    assert second.stderr.splitlines()[0] == (
        f"The portal of {environ['PORTAL_DATA_DIR']} runs already, at http://localhost:{environ['PORT']}."
    )
    assert first_start["still"] == 200


def test_ctrl_c_stops_everything_in_seconds(first_start):
    assert first_start["seconds to stop"] < 10


def test_a_second_run_is_ready_in_seconds_and_keeps_the_password_to_itself(first_start, environ):
    began = time.monotonic()
    with portal(environ) as terminal:
        assert time.monotonic() - began < 60
        assert first_start["password"] not in terminal.text
        assert "Making the administrator" not in terminal.text
        assert ask(environ, "/readyz") == 200
        # A closed terminal is the end of what runs in it: `portal` waits for that.


def test_an_administrator_whose_first_password_is_deleted_is_named_with_the_way_to_another(first_start, environ):
    kept = Path(environ["PORTAL_DATA_DIR"], "admin-password")
    word = kept.read_bytes()
    kept.unlink()
    try:
        with serving(environ) as server:
            assert "manage.py changepassword admin" in server.stdout.readline()
            assert ask(environ, "/readyz") == 200
            server.terminate()
            assert server.wait(SECONDS_TO_STOP) == 0
        assert not kept.exists()
    finally:
        kept.write_bytes(word)


def test_a_terminated_portal_stops_everything_and_ends_well(first_start, environ):
    with serving(environ) as server:
        server.terminate()
        assert server.wait(SECONDS_TO_STOP) == 0
        wait_until_stopped(environ)


def test_a_hangup_stops_everything(first_start, environ):
    with serving(environ) as server:
        server.send_signal(signal.SIGHUP)
        assert server.wait(SECONDS_TO_STOP) == 0
        wait_until_stopped(environ)


def test_of_a_killed_portal_nothing_is_left(first_start, environ):
    with serving(environ) as server:
        assert len(processes(environ)) > 5
        server.kill()
        wait_until_stopped(environ)


def test_of_a_killed_web_server_nothing_is_left_and_the_portal_says_so(first_start, environ):
    with serving(environ) as server:
        web = [child for child in psutil.Process(server.pid).children() if "brst_site.web" in child.cmdline()]
        web[0].kill()
        assert server.wait(SECONDS_TO_STOP) == 1
        wait_until_stopped(environ)
        assert server.stderr.read().splitlines()[-1].startswith("The web server has ended unexpectedly.")


def heed_hangups() -> None:
    """Whoever runs the tests with nohup would have them ignored by all children."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@contextmanager
def serving(environ: dict):
    """The process that make starts, without make between."""
    command = [sys.executable, "-m", "brst_site.serve"]
    server = subprocess.Popen(
        command,
        cwd=env.PROJECT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_hangups,
    )
    server.shown = ""
    try:
        while "The portal is open" not in server.shown:
            line = server.stdout.readline()
            assert line, server.stderr.read()
            server.shown += line
        yield server
    finally:
        server.kill()
        server.communicate()


def test_a_server_that_database_url_names_is_used_instead_of_the_embedded_one(first_start, environ):
    environment = env.read({"PORTAL_DATA_DIR": environ["PORTAL_DATA_DIR"]})
    with running(environment, say=lambda line: None) as database:
        with serving(environ | {"DATABASE_URL": database.url}) as server:
            assert "Starting PostgreSQL" not in server.shown
            assert "Asking the server of DATABASE_URL" in server.shown
            assert ask(environ, "/readyz") == 200
            server.terminate()
            assert server.wait(SECONDS_TO_STOP) == 0
        assert answers(database.place.socket)


def test_a_server_that_does_not_answer_is_one_line(environ, tmp_path):
    url = "postgresql://user:hush@127.0.0.1:1/brst"
    ended = make_run(environ, PORTAL_DATA_DIR=str(tmp_path / "data"), DATABASE_URL=url)
    assert ended.returncode != 0
    assert [line for line in ended.stderr.splitlines() if not line.startswith("make:")] == [
        "No PostgreSQL server answers at 127.0.0.1:1 (Connection refused): start it, or correct DATABASE_URL."
    ]


def test_a_port_in_use_is_found_before_anything_is_begun(environ, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = make_run(environ, PORT=str(port), PORTAL_DATA_DIR=str(tmp_path / "data"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[0] == (
        f"PORT {port} is in use by another program: stop that one, or choose another: PORT={port + 1} make run"
    )
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"run.lock", "secret-key"}


def test_a_bad_value_is_found_before_anything_is_begun(environ, tmp_path):
    ended = make_run(environ, WORKERS="many", PORTAL_DATA_DIR=str(tmp_path / "data"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[0] == "WORKERS is 'many', but it must be a number from 1 to 64."
    assert not (tmp_path / "data").exists()


def test_a_command_starts_the_database_and_says_nothing_of_its_own(first_start, environ):
    command = [sys.executable, env.PROJECT / "manage.py", "migrate", "--check"]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    wait_until_stopped(environ)


def test_a_command_says_in_one_line_that_the_database_does_not_answer(environ, tmp_path):
    given = environ | {"PORTAL_DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://user@127.0.0.1:1/brst"}
    command = [sys.executable, env.PROJECT / "manage.py", "showmigrations"]
    ended = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == (
        "No PostgreSQL server answers at 127.0.0.1:1 (Connection refused): start it, or correct DATABASE_URL.\n"
    )
