"""The state of the code, in a few letters, and since when it has been here."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

PARTS = ("brst_site", "content", "conference", "cooperation", "templates", "locale", "static")
ENDINGS = {".py", ".html", ".mo", ".css", ".js", ".svg", ".typ", ".xz"}


# What pages tell, beside the database.
TOLD = ("fixtures/accessibility.json",)


def release_of(folder: Path, *settings: str) -> str:
    """The same for the same code and settings on every machine, another after what could alter an answer."""
    digest = hashlib.sha256(repr(settings).encode())
    for path in sorted(files(folder)):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def released_at(folder: Path) -> datetime:
    """When the newest of its files was put here."""
    return datetime.fromtimestamp(max((path.stat().st_mtime for path in files(folder)), default=0), UTC)


def files(folder: Path):
    yield from (path for part in PARTS for path in (folder / part).rglob("*") if path.suffix in ENDINGS)
    yield from (folder / name for name in TOLD if (folder / name).exists())
