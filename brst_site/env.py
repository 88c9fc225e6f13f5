"""Reads the environment: every setting that a deployer may give is read here, once, or refused.

What cannot be understood ends the start with exit code 2 and one line that names the variable and what is accepted.
A variable that is set to nothing counts as unset. docs/settings.md describes each for deployers.
"""

import contextlib
import ipaddress
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
HOST_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z", re.I
)
SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
MOST_WORKERS = 64
# Each keeps a connection to the database.
THREADS_PER_WORKER = 4
MOST_DAYS = 36_500


@dataclass(frozen=True)
class Environment:
    host: str
    port: int
    site_url: str
    """Scheme, host and port without a slash at the end."""
    allowed_hosts: tuple[str, ...]
    database_url: str | None = field(repr=False)
    """None: the embedded PostgreSQL."""
    data_dir: Path
    secret_key: str = field(repr=False)
    debug: bool
    workers: int
    metrics_token: str | None = field(repr=False)
    stale_after_days: int = 365
    arabic_digits: str = "latin"
    """Which digits pages in Arabic have: latin (123) or arabic-indic (١٢٣)."""


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Makes the secret key in the data folder, once, where none is given; everything else is only read."""
    port = _take(environ, "PORT", _port, "a number from 1 to 65535", 8000)
    site_url = _take(environ, "SITE_URL", _site_url, SITE_URL_ACCEPTED, f"http://localhost:{port}")
    data_dir = _take(environ, "PORTAL_DATA_DIR", _folder, "a folder's path", PROJECT / ".data")
    return Environment(
        host=_take(environ, "HOST", _host, "an IP address such as 127.0.0.1 or 0.0.0.0, or a host name", "127.0.0.1"),
        port=port,
        site_url=site_url,
        allowed_hosts=_take(environ, "ALLOWED_HOSTS", _hosts, HOSTS_ACCEPTED, _usual_hosts(site_url)),
        database_url=_secret(environ, "DATABASE_URL", _anything, "an address"),
        data_dir=data_dir,
        debug=_take(environ, "DEBUG", _switch, "true or false", False),
        workers=_take(environ, "WORKERS", _workers, f"a number from 1 to {MOST_WORKERS}", 2),
        metrics_token=_secret(environ, "METRICS_TOKEN", _token, "letters, digits and signs without spaces"),
        stale_after_days=_take(environ, "STALE_AFTER_DAYS", _days, f"a number of days from 1 to {MOST_DAYS}", 365),
        arabic_digits=_take(environ, "ARABIC_DIGITS", _digits, "latin or arabic-indic", "latin"),
        # The last, since it may be made: a start that is refused leaves nothing behind.
        secret_key=_secret(environ, "SECRET_KEY", _anything, "a text") or _kept_secret_key(data_dir),
    )


def refuse(line: str) -> NoReturn:
    """Ends the start as the contract says for a bad value: one line, exit code 2."""
    sys.stderr.write(line + "\n")
    raise SystemExit(2)


def say(line: str) -> None:
    """Says a step to the person at the terminal; a terminal that has been closed is no reason not to take the step."""
    with contextlib.suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def say_aside(line: str) -> None:
    """The same for commands, whose standard output is for their results."""
    with contextlib.suppress(OSError):
        sys.stderr.write(line + "\n")


SITE_URL_ACCEPTED = "an address such as https://brst.example.org, with http or https and without a path"
HOSTS_ACCEPTED = (
    "host names or IP addresses with commas between them (.example.org for all of its subdomains, * for any)"
)


def _take(environ: Mapping[str, str], name: str, parse: Callable[[str], Any], accepted: str, default: Any) -> Any:
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except ValueError:
        refuse(f"{name} is {text[:200]!r}, but it must be {accepted}.")


def _secret(environ: Mapping[str, str], name: str, parse: Callable[[str], str], accepted: str) -> str | None:
    """The same as _take, for what must not be shown even when it is wrong."""
    text = environ.get(name, "").strip()
    try:
        return parse(text) if text else None
    except ValueError:
        refuse(f"{name} is not understood: it must be {accepted}.")


def _whole_number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise ValueError(text)
    return int(text)


def _port(text: str) -> int:
    return _whole_number(text, 65535)


def _digits(text: str) -> str:
    if text not in ("latin", "arabic-indic"):
        raise ValueError(text)
    return text


def _days(text: str) -> int:
    return _whole_number(text, MOST_DAYS)


def _workers(text: str) -> int:
    return _whole_number(text, MOST_WORKERS)


def _switch(text: str) -> bool:
    try:
        return SWITCHES[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _host(text: str) -> str:
    bare = text.removeprefix("[").removesuffix("]")
    return bare if _is_address(bare) else _host_name(text)


def _host_name(text: str) -> str:
    # Four numbers with dots that are no IPv4 address are a slip of the pen, not a name.
    if not HOST_NAME.match(text) or text.rpartition(".")[2].isdigit():
        raise ValueError(text)
    return text.lower()


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(_allowed_host(entry.strip()) for entry in text.split(","))


def _allowed_host(entry: str) -> str:
    if entry == "*":
        return entry
    if _is_address(entry.removeprefix("[").removesuffix("]")):
        return f"[{entry}]" if ":" in entry and not entry.startswith("[") else entry
    dot = "." if entry.startswith(".") else ""
    return dot + _host_name(entry.removeprefix("."))


def _usual_hosts(site_url: str) -> tuple[str, ...]:
    host = urlsplit(site_url).hostname or ""
    # A request names an IPv6 address in brackets, and Django compares it so.
    return tuple(dict.fromkeys(["localhost", "127.0.0.1", f"[{host}]" if ":" in host else host]))


def _site_url(text: str) -> str:
    parts = urlsplit(text)
    bare = parts.scheme in ("http", "https") and parts.path in ("", "/") and not (parts.query or parts.fragment)
    if not bare or "@" in parts.netloc or parts.netloc.endswith(":") or parts.port == 0:
        raise ValueError(text)
    _host(parts.hostname or "")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _folder(text: str) -> Path:
    """A relative path counts from the project's folder, so that every command means the same folder."""
    if "\0" in text:
        raise ValueError(text)
    return Path(os.path.abspath(PROJECT / Path(text).expanduser()))


def _anything(text: str) -> str:
    return text


def _token(text: str) -> str:
    # It travels in an Authorization header, which holds visible ASCII.
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError(text)
    return text


def _kept_secret_key(data_dir: Path) -> str:
    kept = data_dir / "secret-key"
    try:
        make_folder(data_dir)
        if not kept.exists():
            write_once(kept, secrets.token_urlsafe(64))
        key = kept.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        refuse(f"PORTAL_DATA_DIR is {str(data_dir)!r}, but {str(kept)!r} cannot be used there: {reason}.")
    return key or refuse(f"{kept} is empty: remove it, and a new key is made; everybody then signs in again.")


def make_folder(folder: Path) -> None:
    """Makes a folder that only its owner may enter; one that exists keeps its permissions."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def open_private(path: str, flags: int) -> int:
    """The opener of files that only their owner may open, be it to read them or to lock them."""
    return os.open(path, flags, 0o600)


def write_once(path: Path, text: str) -> None:
    """Writes a file whole, readable by its owner alone; where two starts write at once, the first one stays."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.") as draft:
        draft.write(text + "\n")
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return
