"""Finished files kept in a folder, so that a second request for the same costs nothing."""

import contextlib
import hashlib
import os
from pathlib import Path

from content.exports.typeset import write_whole


class Shelf:
    """At most `bound` bytes; files that nobody has asked for the longest go first. Several processes may share it."""

    def __init__(self, folder: Path, bound: int):
        self.folder = folder
        self.bound = bound

    def path(self, key: str) -> Path:
        return self.folder / hashlib.sha256(key.encode()).hexdigest()

    def get(self, key: str) -> bytes | None:
        path = self.path(key)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return content

    def put(self, key: str, content: bytes) -> None:
        """A full disk or a folder that can't be written is no reason not to answer: then nothing is kept."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.make_room(len(content))
            if len(content) <= self.bound:
                write_whole(self.path(key), content)

    def make_room(self, size: int) -> None:
        files = []
        for entry in os.scandir(self.folder):
            with contextlib.suppress(FileNotFoundError):
                files.append((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path))
        taken = sum(file_size for _, file_size, _ in files)
        for _, file_size, path in sorted(files):
            if taken + size <= self.bound:
                return
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            taken -= file_size
