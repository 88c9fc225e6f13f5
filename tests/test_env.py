import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from brst_site import database, env
from brst_site.embedded.server import throwaway


@pytest.fixture
def given(tmp_path):
    """What a person set, in a data folder of its own."""

    def read(**variables: str) -> env.Environment:
        return env.read({"PORTAL_DATA_DIR": str(tmp_path / "data")} | variables)

    return read


def test_nothing_set_gives_what_the_contract_promises(given, tmp_path):
    environment = given()
    assert (environment.host, environment.port, environment.site_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert environment.allowed_hosts == ("localhost", "127.0.0.1")
    assert (environment.database_url, environment.metrics_token) == (None, None)
    assert (environment.debug, environment.workers) == (False, 2)
    assert environment.data_dir == tmp_path / "data"


def test_a_variable_that_is_set_to_nothing_counts_as_unset(given):
    names = ("HOST", "PORT", "SITE_URL", "ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "WORKERS", "METRICS_TOKEN")
    assert given(**dict.fromkeys(names, "")) == given()


def test_what_is_set_is_what_comes_out(given):
    environment = given(
        HOST="::1",
        PORT="8001",
        SITE_URL="https://Portal.Example.org/",
        ALLOWED_HOSTS="portal.example.org, .example.net,10.0.0.5,[::1]",
        DATABASE_URL="postgresql://portal@db/brst",
        SECRET_KEY="a secret",
        DEBUG="Yes",
        WORKERS="4",
        METRICS_TOKEN="tell-me",
    )
    assert (environment.host, environment.port) == ("::1", 8001)
    assert environment.site_url == "https://portal.example.org"
    assert environment.allowed_hosts == ("portal.example.org", ".example.net", "10.0.0.5", "[::1]")
    assert (environment.database_url, environment.secret_key) == ("postgresql://portal@db/brst", "a secret")
    assert (environment.debug, environment.workers, environment.metrics_token) == (True, 4, "tell-me")


def test_the_host_of_the_site_is_allowed_unless_others_are_named(given):
    assert given(SITE_URL="https://portal.example.org:8443").allowed_hosts == (
        "localhost",
        "127.0.0.1",
        "portal.example.org",
    )
    assert given(SITE_URL="http://[2001:db8::1]:8000").allowed_hosts[-1] == "[2001:db8::1]"


BAD = [
    *(("PORT", value) for value in ("0", "65536", "-1", "80.5", "http", "٨٠", "8" * 5000)),
    *(("HOST", value) for value in ("256.0.0.1", "1.2.3", "a b", "http://localhost", "-x", "a..b")),
    *(("SITE_URL", value) for value in ("example.org", "ftp://example.org", "https://", "https://a b", "http://x:0")),
    *(
        ("SITE_URL", value)
        for value in ("https://x/path", "https://u:p@x", "https://x?q", "http://x:99999", "http://[1")
    ),
    *(("ALLOWED_HOSTS", value) for value in ("a,,b", "a b", "https://x", "*.example.org", ",")),
    *(("DEBUG", value) for value in ("maybe", "2", "Truee")),
    *(("WORKERS", value) for value in ("0", "65", "two", "-1")),
    *(("METRICS_TOKEN", value) for value in ("a b", "sécret", "line\nline")),
    ("PORTAL_DATA_DIR", "a\0b"),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda value: repr(value)[:30])
def test_a_bad_value_ends_the_start_with_one_line_that_names_it(given, capsys, name, value):
    with pytest.raises(SystemExit) as end:
        given(**{name: value})
    assert end.value.code == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith(name)
    assert " must be " in error
    assert error.count("\n") == 1
    assert len(error) < 500


def test_a_process_that_is_given_a_bad_value_says_one_line_and_no_more(tmp_path):
    environ = os.environ | {"PORT": "eighty", "PORTAL_DATA_DIR": str(tmp_path)}
    manage = Path(env.PROJECT, "manage.py")
    ended = subprocess.run([sys.executable, manage, "check"], env=environ, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "PORT is 'eighty', but it must be a number from 1 to 65535.\n"


def test_the_secret_key_is_made_once_and_for_its_owner_alone(given, tmp_path):
    first, second = given().secret_key, given().secret_key
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_starts_at_the_same_time_agree_on_one_secret_key(given):
    with ThreadPoolExecutor(16) as starts:
        keys = list(starts.map(lambda _: given().secret_key, range(64)))
    assert len(set(keys)) == 1


def test_a_secret_key_that_is_given_leaves_the_data_folder_alone(given, tmp_path):
    given(SECRET_KEY="a secret")
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_is_a_file_is_refused_in_one_line(given, tmp_path, capsys):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(SystemExit) as end:
        given()
    assert end.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_relative_data_folder_counts_from_the_project(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert env.read({"PORTAL_DATA_DIR": "kept", "SECRET_KEY": "x"}).data_dir == env.PROJECT / "kept"


def test_an_environment_that_is_printed_keeps_its_secrets(given):
    shown = repr(given(SECRET_KEY="hush-1", METRICS_TOKEN="hush-2", DATABASE_URL="postgresql://u:hush-3@h/d"))
    assert "hush" not in shown


def test_every_part_of_a_database_address_reaches_django(given):
    url = "postgres://us%40er:p%2Fw@db.example.org:5433/brst?sslmode=require&connect_timeout=9"
    settings = database.databases(given(DATABASE_URL=url))["default"]
    assert [settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        *("brst", "us@er", "p/w", "db.example.org", "5433")
    ]
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["OPTIONS"]["connect_timeout"] == "9"
    socket = database.databases(given(DATABASE_URL="postgresql:///brst?host=/run/postgresql"))["default"]
    assert (socket["NAME"], socket["HOST"]) == ("brst", "/run/postgresql")


@pytest.mark.parametrize(
    "url",
    [
        *("mysql://u:hush@h/d", "brst", "host=h dbname=d", "postgresql://u:hush@h", "postgresql://u:hush@h:port/d"),
        *("postgresql://u:hush@h:0/d", "postgresql://u:hush@h/d?colour=blue", "postgresql://u:hush%zz@h/d"),
    ],
)
def test_a_wrong_database_address_is_refused_without_repeating_the_password(given, capsys, url):
    with pytest.raises(SystemExit) as end:
        database.databases(given(DATABASE_URL=url))
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("DATABASE_URL")
    assert "postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in error
    assert error.count("\n") == 1
    assert "hush" not in error


@pytest.fixture(scope="module")
def server():
    with throwaway(say=lambda line: None) as server:
        yield server


def refusal(url: str) -> str:
    with pytest.raises(database.DatabaseProblem) as problem:
        database.examine(url)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_a_database_that_can_hold_the_portal_passes(server):
    assert database.examine(server.url) is None


def test_an_unreachable_server_is_one_line_that_says_what_to_do():
    line = refusal("postgresql://user:hush@127.0.0.1:1/brst")
    assert line == (
        "No PostgreSQL server answers at 127.0.0.1:1 (Connection refused): start it, or correct DATABASE_URL."
    )
    assert refusal("postgresql://user@nowhere.invalid/brst").startswith(
        "No PostgreSQL server answers at nowhere.invalid:5432"
    )


def test_a_missing_database_is_one_line_that_says_how_to_make_it(server):
    assert refusal(server.url.replace("/brst?", "/other?")) == (
        "The server has no database 'other': create it with: createdb --encoding=UTF8 --template=template0 other"
    )


def test_a_user_whom_the_server_refuses_is_one_line(server):
    line = refusal(server.url.replace("brst@", "stranger@"))
    assert line.startswith("The server does not accept this user and password from here")


def test_a_server_that_is_too_old_is_named_with_its_version(server, monkeypatch):
    monkeypatch.setattr(database, "OLDEST_VERSION", 99)
    assert "the portal needs 99 or newer" in refusal(server.url)


def test_an_extension_that_the_server_lacks_is_named(server, monkeypatch):
    monkeypatch.setattr(database, "EXTENSIONS", ("btree_gist", "no_such_extension"))
    assert refusal(server.url).startswith("The PostgreSQL server lacks the extension no_such_extension: install")


def test_an_extension_that_only_an_administrator_may_create_is_named(server, monkeypatch):
    monkeypatch.setattr(database, "EXTENSIONS", ("pg_stat_statements",))
    assert refusal(server.url).endswith("run in this database: CREATE EXTENSION pg_stat_statements;")
    with psycopg.connect(server.url) as connection, pytest.raises(psycopg.Error) as error:
        connection.execute("CREATE EXTENSION pg_stat_statements")
    assert database.problem(error.value, server.url) == refusal(server.url)


def test_a_database_that_cannot_hold_every_language_is_refused(server):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"
        )
    assert "stores text as LATIN1" in refusal(server.url.replace("/brst?", "/latin?"))
