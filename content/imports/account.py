"""What became of a file: the account that every import gives, the same on the command line and in the admin."""

import json
import tempfile
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TextIO

APPLIED, NOTHING_APPLIED, USAGE = 0, 1, 2


class Remark(NamedTuple):
    file: str
    line: int
    severity: Literal["refused", "warning"]
    reason: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.severity}: {' '.join(self.reason.split())}"


class Entry(NamedTuple):
    """What became of one event, row or activity: `label` is what it is called, `details` what differs or why not."""

    line: int
    verdict: Literal["created", "changed", "unchanged", "refused"]
    label: str
    details: tuple[str, ...] = ()


@dataclass
class Account:
    """Counts what a file holds: events, rows or activities. Each of them is in exactly one of four counts.

    `entries` tells of each of them, where an importer gives it, for those who look at an import before it is applied.
    """

    format: str
    dry_run: bool = False
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    remarks: list[Remark] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.created + self.changed + self.unchanged + self.refused

    @property
    def warnings(self) -> int:
        return sum(remark.severity == "warning" for remark in self.remarks)

    @property
    def remark_count(self) -> int:
        return len(self.remarks)

    @property
    def entry_count(self) -> int:
        return len(self.entries)

    @property
    def exit_code(self) -> int:
        return APPLIED if self.created + self.changed + self.unchanged else NOTHING_APPLIED

    def refuse(self, file: str, line: int, reason: str) -> None:
        """One event, row or activity doesn't come in."""
        self.refused += 1
        self.note(Remark(file, line, "refused", reason))

    def warn(self, file: str, line: int, reason: str) -> None:
        self.note(Remark(file, line, "warning", reason))

    def note(self, remark: Remark) -> None:
        self.remarks.append(remark)

    def give_up(self, file: str, line: int, reason: str) -> None:
        """Nothing of the import is applied, and so nothing counts as read."""
        self.created = self.changed = self.unchanged = self.refused = 0
        self.remarks = [Remark(file, line, "refused", reason)]
        self.entries = []

    def as_json(self) -> str:
        counts = ("format", "dry_run", "read", "created", "changed", "unchanged", "refused", "warnings")
        return json.dumps({name: getattr(self, name) for name in counts})

    def write(self, output: TextIO, errors: TextIO) -> None:
        """The remarks in the order of the lines, then the account as the last line of the output."""
        files = {name: place for place, name in enumerate(dict.fromkeys(remark.file for remark in self.remarks))}
        for remark in sorted(self.remarks, key=lambda remark: (files[remark.file], remark.line)):
            errors.write(f"{remark}\n")
        output.write(f"{self.as_json()}\n")


@dataclass
class LongAccount(Account):
    """That of a file of any length. It keeps the first remarks and entries; all remarks wait on the disk.

    They are written as they came, so an importer gives them by line.
    """

    most: int = 1000
    _warnings: int = 0
    _remarks: int = 0
    _entries: int = 0
    _replaceable: bool = True

    def __post_init__(self):
        self._kept = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115

    @property
    def warnings(self) -> int:
        return self._warnings

    @property
    def remark_count(self) -> int:
        return self._remarks

    @property
    def entry_count(self) -> int:
        return self._entries

    def note(self, remark: Remark) -> None:
        self._remarks += 1
        self._warnings += remark.severity == "warning"
        if len(self.remarks) < self.most:
            self.remarks.append(remark)
        self._kept.write(f"{remark}\n")

    def enter(self, entry: Entry) -> None:
        """What is left alone makes room for what isn't."""
        self._entries += 1
        if len(self.entries) < self.most:
            self.entries.append(entry)
        elif entry.verdict != "unchanged" and self._replaceable:
            idle = next((place for place, one in enumerate(self.entries) if one.verdict == "unchanged"), None)
            if idle is None:
                self._replaceable = False
            else:
                self.entries[idle] = entry

    def give_up(self, file: str, line: int, reason: str) -> None:
        super().give_up(file, line, reason)
        remark, self.remarks = self.remarks[0], []
        self._warnings = self._remarks = self._entries = 0
        self._kept.seek(0)
        self._kept.truncate()
        self.note(remark)

    def write(self, output: TextIO, errors: TextIO) -> None:
        self._kept.seek(0)
        for line in self._kept:
            errors.write(line)
        output.write(f"{self.as_json()}\n")
