"""The state of the code, in a few letters."""

import hashlib
from pathlib import Path

PARTS = ("brst_site", "content", "conference", "cooperation", "templates", "locale", "static")
ENDINGS = {".py", ".html", ".mo", ".css", ".js", ".svg", ".typ", ".xz"}


def release_of(folder: Path) -> str:
    """The same for the same code on every machine, another after any change that could alter an answer."""
    digest = hashlib.sha256()
    files = (path for part in PARTS for path in (folder / part).rglob("*") if path.suffix in ENDINGS)
    for path in sorted(files):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
