"""What is wrong with a file, by its line."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["refused", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    severity: Severity
    reason: str


class FileError(Exception):
    """The file as a whole can't be read. Nothing of it comes in."""

    def __init__(self, line: int, reason: str):
        super().__init__(f"{line}: {reason}")
        self.line = line
        self.reason = reason


def printable(name: str) -> str:
    """The name of a file as it can be written down, though its bytes are not UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def quoted(text: str) -> str:
    """The value as a message quotes it: on one line, not too long."""
    line = " ".join(text.split())
    return f"'{line if len(line) <= 60 else line[:59] + '…'}'"
