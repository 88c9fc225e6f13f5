"""Which PostgreSQL the portal uses, and what to do when it can't be used: one line for each cause."""

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict

from brst_site.embedded.place import Place
from brst_site.env import Environment, refuse

OLDEST_VERSION = 15
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
ACCEPTED = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE (signs such as @ or / in a password percent-encoded)"
# Names that Django's settings have of their own; the other parts of an address are options of the connection.
DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


class DatabaseProblem(Exception):
    """Its text is one line, for the person at the terminal, that says what to do."""


def address(environment: Environment) -> str:
    return environment.database_url or Place(environment.data_dir).url


def databases(environment: Environment) -> dict:
    """Django's DATABASES; a wrong DATABASE_URL ends the start."""
    return {"default": _for_django(parse(address(environment)))}


def parse(url: str) -> dict[str, str]:
    """The parts of an address by libpq's names. The address holds a password, so a refusal does not repeat it."""
    if not url.startswith(("postgresql://", "postgres://")):
        refuse(f"DATABASE_URL is not the address of a PostgreSQL database: it must be {ACCEPTED}.")
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        # libpq quotes what it does not understand, which may be a part of the password.
        reason = re.sub(r':? *".*', "", str(error), flags=re.DOTALL).strip()
        refuse(f"DATABASE_URL is not understood ({reason}): it must be {ACCEPTED}.")
    if not parts.get("dbname"):
        refuse(f"DATABASE_URL names no database: it must be {ACCEPTED}.")
    for port in str(parts.get("port", "")).split(","):
        if port and not (port.isascii() and port.isdigit() and 1 <= int(port[:9]) <= 65535):
            refuse(f"DATABASE_URL has a port that is not a number from 1 to 65535: it must be {ACCEPTED}.")
    return parts


def _for_django(parts: dict[str, str]) -> dict:
    options = {"application_name": "brst-portal", "connect_timeout": 5, "options": "-c jit=off"}
    options |= {name: value for name, value in parts.items() if name not in DJANGO_NAMES}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django_name: parts.get(name, "") for name, django_name in DJANGO_NAMES.items()},
        "OPTIONS": options,
        # Each thread of a worker keeps its connection, and asks before a request whether it still works.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def examine(url: str) -> None:
    """Raises DatabaseProblem unless this server and database can hold the portal."""
    try:
        with psycopg.connect(url, connect_timeout=10, application_name="brst-portal") as connection:
            _examine_server(connection, parse(url))
    except psycopg.Error as error:
        raise DatabaseProblem(problem(error, url)) from error


def _examine_server(connection: psycopg.Connection, parts: dict[str, str]) -> None:
    version = connection.info.server_version // 10_000
    if version < OLDEST_VERSION:
        raise DatabaseProblem(
            f"The server of DATABASE_URL is PostgreSQL {version}, but the portal needs {OLDEST_VERSION} or newer:"
            " upgrade it, or name another server."
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise DatabaseProblem(
            f"The database {parts['dbname']!r} stores text as {encoding}, which cannot hold every language:"
            f" create it anew with: createdb --template=template0 --encoding=UTF8 {parts['dbname']}"
        )
    for name in EXTENSIONS:
        _examine_extension(connection, name)


def _examine_extension(connection: psycopg.Connection, name: str) -> None:
    installed, available, creatable = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = %(name)s),"
        " EXISTS (SELECT FROM pg_available_extension_versions WHERE name = %(name)s),"
        " EXISTS (SELECT FROM pg_available_extension_versions WHERE name = %(name)s"
        " AND (trusted AND has_database_privilege(current_database(), 'CREATE')"
        " OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)))",
        {"name": name},
    ).fetchone()
    if not (installed or available):
        raise DatabaseProblem(_missing_extension(name))
    if not (installed or creatable):
        raise DatabaseProblem(_forbidden_extension(name))


def _missing_extension(name: str) -> str:
    return (
        f"The PostgreSQL server lacks the extension {name}: install PostgreSQL's contrib package on the server"
        " (on Debian it is part of postgresql), then start again."
    )


def _forbidden_extension(name: str) -> str:
    return (
        f"This user may not create the extension {name}: let the server's administrator run in this database:"
        f" CREATE EXTENSION {name};"
    )


# What servers and libpq say, and what to do about it. The first that fits counts. What a server says in another
# language than English is passed on as it is.
CAUSES = (
    (r"No space left on device|disk full", "The disk of the database is full: make room on it, then start again."),
    (
        r"password authentication failed|no password supplied|authentication failed for user|no pg_hba\.conf entry",
        "The server does not accept this user and password from here: correct them in DATABASE_URL,"
        " or let the server's pg_hba.conf admit them.",
    ),
    (r'role "(.+?)" does not exist', "The server has no user {0!r}: create it, or correct the user in DATABASE_URL."),
    (
        r'database "(.+?)" does not exist',
        "The server has no database {0!r}: create it with: createdb --encoding=UTF8 --template=template0 {0}",
    ),
    (
        r"permission denied for (?:schema|database) (\S+)",
        "This user may not create tables in {0!r}: make it the owner of the database.",
    ),
    (
        r"too many clients|remaining connection slots|too many connections",
        "The server has no free connection: raise its max_connections, or lower WORKERS.",
    ),
    (
        r"the database system is (?:starting up|shutting down|in recovery)|not yet accepting connections",
        "The server is starting or stopping: try again in a moment.",
    ),
    (
        r"failed to resolve|could not translate host name|refused|No such file|timeout|timed out|unreachable|No route"
        r"|Permission denied|server closed the connection",
        "No PostgreSQL server answers at {place} ({reason}): start it, or correct DATABASE_URL.",
    ),
)


def problem(error: BaseException, url: str) -> str:
    """One line for a failure of the database: what is wrong and what to do."""
    text = str(error)
    if extension := re.search(r'permission denied to create extension "(\w+)"', text):
        return _forbidden_extension(extension[1])
    if extension := re.search(r'extension "(\w+)" is not available|/(\w+)\.control"', text):
        return _missing_extension(extension[1] or extension[2])
    reason = _reason(text)
    for pattern, advice in CAUSES:
        if found := re.search(pattern, text):
            return advice.format(*found.groups(), place=_shown_place(url), reason=reason)
    return f"The database at {_shown_place(url)} cannot be used: {reason}."


def _reason(text: str) -> str:
    """The last cause that libpq names, without the places before it."""
    first_line = text.strip().partition("\n")[0]
    return first_line.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")


def _shown_place(url: str) -> str:
    """Host and port, without user and password."""
    parts = conninfo_to_dict(url)
    host = parts.get("host") or "localhost"
    return f"{host}:{parts.get('port', 5432)}" if not host.startswith("/") else host
