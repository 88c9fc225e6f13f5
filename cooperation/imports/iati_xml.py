"""The activities of an IATI file one after the other, each as a small tree, however long the file is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from content.imports.problems import FileError, Problem, quoted
from content.imports.xml_stream import XmlKind, XmlReader
from cooperation.exports.iati import NAMESPACE

KIND = XmlKind(name="an IATI file", largest_file=None, most_elements=None, deepest=30)
# Of one activity; the largest that are published have some ten thousand transactions. In memory 200,000 elements are
# 70 MB.
MOST_ELEMENTS = 200_000
LARGEST_ACTIVITY = 24 * 1024**2
LARGEST_TEXT = 1024**2

READ = frozenset({"2.01", "2.02", "2.03"})
CONVERT = (
    "is not read, since its elements mean something else: ask its publisher for version 2.03, or convert it first"
    " (IATI's own tools do)"
)
# Elements of an activity that are read; others are counted.
KEPT = frozenset(
    "iati-identifier reporting-org title description participating-org other-identifier activity-status activity-date"
    " recipient-country recipient-region location sector tag budget transaction".split()
)
_KEPT_PARTS = {
    "transaction": frozenset(
        "transaction-type transaction-date value description provider-org receiver-org recipient-country".split()
    ),
    "location": frozenset({"location-id", "administrative"}),
    "other-identifier": frozenset({"owner-org"}),
    "budget": frozenset({"period-start", "period-end", "value"}),
}
# What a location is read for is the country alone.
_COUNTED = KEPT - {"location", "other-identifier"}


ASTRAY = "the activity does not stand where activities are read, directly in 'iati-activities'"


@dataclass(slots=True)
class Node:
    name: str
    attributes: dict[str, str]
    line: int
    children: list[Node] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    # Characters of its own text; of a whole activity those of all that is kept.
    size: int = 0

    @property
    def text(self) -> str:
        """Its own text, as it stands there."""
        return "".join(self.pieces)

    def all(self, name: str) -> list[Node]:
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Node | None:
        return next((child for child in self.children if child.name == name), None)

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, "").strip()


@dataclass(slots=True)
class Left:
    """How many elements of a name are left out, and where the first of them stands."""

    line: int
    count: int = 0


class IatiFile:
    """`activities()` gives them while the file is read; the rest is complete after that."""

    def __init__(self, stream: BinaryIO):
        self.reader = XmlReader(stream, self, KIND, prefixes=True)
        self.own_prefix = ""
        self.left: dict[str, Left] = {}
        self.warnings: list[Problem] = []
        self.has_root = False
        self.names_version = True
        self._wrapped = False
        self._path: list[Node] = []
        self._ready: list[Node | Problem] = []
        # How deep inside something that is left out.
        self._skipping = 0
        self._elements = 0
        self._characters = 0
        self._refused = ""

    def activities(self) -> Iterator[Node | Problem]:
        """A problem stands for an activity that is refused."""
        for _ in self.reader.steps():
            ready, self._ready = self._ready, []
            yield from ready
        self.warnings += self.reader.problems

    # ── as the elements come ───────────────────────────────────────────────────────────────────────────────────────

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        is_astray = name == "iati-activity" and self.has_root and bool(self._skipping or self._path)
        if is_astray:
            self._ready.append(Problem(line, "refused", ASTRAY))
        if self._skipping:
            self._skipping += 1
        elif is_astray:
            self._skipping = 1
        elif not self.has_root:
            self._root(name, attributes, line)
        elif not self._path:
            self._begin(name, attributes, line)
        elif self._is_kept(name, line):
            self._add(name, attributes, line)
        else:
            self._skipping = 1

    def text(self, data: str) -> None:
        if not self._path or self._skipping:
            return
        node = self._path[-1]
        pieces = len(node.pieces)
        node.pieces.append(data)
        node.size += len(data)
        self._count(len(data))
        if pieces and node.size > LARGEST_TEXT and not self._skipping:
            self._refuse(f"the text of one element is larger than {LARGEST_TEXT // 1024**2} MB")

    def end(self, line: int) -> None:
        if self._skipping:
            self._skipping -= 1
            if self._skipping or not self._refused:
                return
        if not self._path:
            return
        node = self._path.pop()
        if not self._path:
            node.size = self._characters
            self._ready.append(Problem(node.line, "refused", self._refused) if self._refused else node)

    def _root(self, name: str, attributes: dict[str, str], line: int) -> None:
        if name.lower() == "html":
            raise FileError(line, KIND.html_page)
        if name == "iati-organisations":
            raise FileError(line, "this is an IATI file of organisations: activities alone are read")
        if name == "result" and not self._wrapped:
            # A datastore puts the file into its answer.
            self._wrapped = True
            return
        if self._wrapped and name != "iati-activities":
            return
        if name != "iati-activities":
            raise FileError(line, f"this is not an IATI file: it begins with {quoted(name)}, not 'iati-activities'")
        self.has_root = True
        self._check_version(attributes.get("version", "").strip(), line)
        self._plain(attributes)

    def _check_version(self, version: str, line: int) -> None:
        if version.startswith("1"):
            raise FileError(line, f"IATI {version} {CONVERT}")
        if not version:
            self.names_version = False
            self.warnings.append(Problem(line, "warning", "the file names no version of IATI; it is read as 2.03"))
        elif version not in READ:
            if not version.startswith("2"):
                raise FileError(line, f"IATI {quoted(version)} is not known: 2.01, 2.02 and 2.03 are read")
            self.warnings.append(
                Problem(line, "warning", f"version {quoted(version)} is not known; it is read as 2.03")
            )

    def _begin(self, name: str, attributes: dict[str, str], line: int) -> None:
        if name != "iati-activity":
            self._leave(name, line)
            self._skipping = 1
            return
        version = attributes.get("version", "").strip()
        if version.startswith("1"):
            raise FileError(line, f"IATI {version} {CONVERT}")
        self._elements = self._characters = 0
        self._refused = ""
        self._path = [Node(name, self._plain(attributes), line)]
        self._count(_length(attributes))

    def _is_kept(self, name: str, line: int) -> bool:
        parent = self._path[-1].name
        kept = KEPT if len(self._path) == 1 else _KEPT_PARTS.get(parent)
        if kept is None or name in kept:
            return ":" not in name
        if ":" in name:
            return False
        if len(self._path) == 1 or parent in _COUNTED:
            self._leave(name if len(self._path) == 1 else f"{parent}/{name}", line)
        return False

    def _leave(self, name: str, line: int) -> None:
        if len(self.left) < 500 or name in self.left:
            self.left.setdefault(name, Left(line)).count += 1

    def _add(self, name: str, attributes: dict[str, str], line: int) -> None:
        self._elements += 1
        node = Node(name, self._plain(attributes), line)
        self._path[-1].children.append(node)
        self._path.append(node)
        if self._elements > MOST_ELEMENTS:
            self._refuse(f"the activity has more than {MOST_ELEMENTS:,} elements")
            return
        self._count(_length(attributes))

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > LARGEST_ACTIVITY:
            self._refuse(f"the activity is larger than {LARGEST_ACTIVITY // 1024**2} MB")

    def _refuse(self, reason: str) -> None:
        """Leave out the rest of the activity, and what has come of it."""
        self._refused = reason
        self._skipping = len(self._path)
        activity = self._path[0]
        self._path = [Node(activity.name, {}, activity.line)]

    def _plain(self, attributes: dict[str, str]) -> dict[str, str]:
        """Without those of other namespaces; the portal's own are known by their prefix, wherever that is declared."""
        if NAMESPACE in attributes.values():
            declared = next((key for key, value in attributes.items() if value == NAMESPACE), "")
            self.own_prefix = declared.removeprefix("xmlns:") if declared.startswith("xmlns:") else self.own_prefix
        plain = {}
        for key, value in attributes.items():
            prefix, colon, name = key.rpartition(":")
            if not colon or prefix == "xml":
                plain[name] = value
            elif self.own_prefix and prefix == self.own_prefix:
                plain[f"portal:{name}"] = value
        return plain


def _length(attributes: dict[str, str]) -> int:
    return sum(map(len, attributes)) + sum(map(len, attributes.values()))
