"""One XML element with all that is in it, and the ways in which an importer asks for its words."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

_WITHOUT_END_TAG = frozenset({"br", "hr", "img"})


@dataclass(slots=True)
class Node:
    name: str
    attributes: dict[str, str]
    line: int
    content: list[str | Node] = field(default_factory=list)
    size: int = 0

    def add_text(self, data: str) -> None:
        """A text comes in two pieces where the file was read in two."""
        if self.content and isinstance(self.content[-1], str):
            data = self.content.pop() + data
        self.content.append(data)

    @property
    def children(self) -> list[Node]:
        return [part for part in self.content if isinstance(part, Node)]

    def child(self, *names: str) -> Node | None:
        """The first child of the first name that has one with something in it."""
        found = [child for wanted in names for child in self.children if child.name == wanted]
        return next((child for child in found if child.content), None)

    def attribute(self, *names: str) -> str:
        return next((value for name in names if (value := " ".join(self.attributes.get(name, "").split()))), "")

    def all_text(self) -> str:
        return "".join(part if isinstance(part, str) else part.all_text() for part in self.content)

    def line_of_text(self) -> str:
        return " ".join(self.all_text().split())

    def field(self, *names: str) -> str:
        """What the child says, on one line."""
        child = self.child(*names)
        return child.line_of_text() if child else ""

    def own_text(self) -> str:
        """Its text without that of its children, on one line."""
        return " ".join(" ".join(part for part in self.content if isinstance(part, str)).split())

    def markup(self, *names: str) -> str:
        """What the child says, HTML included: it may stand there escaped, as usual, or as elements."""
        child = self.child(*names)
        if not child:
            return ""
        return (child.inner_markup() if child.children else child.all_text()).strip()

    def inner_markup(self) -> str:
        parts = (
            html.escape(part, quote=False) if isinstance(part, str) else part.outer_markup() for part in self.content
        )
        return "".join(parts)

    def outer_markup(self) -> str:
        attributes = "".join(f' {key}="{html.escape(value)}"' for key, value in self.attributes.items())
        if not self.content and self.name in _WITHOUT_END_TAG:
            return f"<{self.name}{attributes}>"
        return f"<{self.name}{attributes}>{self.inner_markup()}</{self.name}>"
