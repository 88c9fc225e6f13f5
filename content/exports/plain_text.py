"""HTML as plain text, for formats that have no other."""

import html
import re
from html.parser import HTMLParser

PARAGRAPHS = frozenset({"blockquote", "dl", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"})
LINES = frozenset({"br", "dd", "dt", "li", "tr"})
# What neither a calendar nor XML 1.0 may hold.
UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def readable(text: str) -> str:
    """The text without control characters."""
    return UNREADABLE.sub("", text)


def plain_text(markup: str) -> str:
    """Paragraphs with an empty line between them, list items with a dash, addresses of links in parentheses."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    # A paragraph in an item of a list stands beside its dash.
    return re.sub(r"(?m)^-\n+(?=\S)", "- ", text)


def as_html(text: str) -> str:
    """Plain text as HTML that says the same: an empty line ends a paragraph."""
    paragraphs = [
        block.strip() for block in re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip()) if block.strip()
    ]
    return "".join(f"<p>{'<br>'.join(map(_line, block.split(chr(10))))}</p>" for block in paragraphs)


def _line(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.addresses: list[tuple[str, int]] = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.addresses.append((dict(attributes).get("href") or "", len(self.pieces)))
        else:
            self._break(tag)
        if tag == "li":
            self.pieces.append("- ")

    def handle_endtag(self, tag):
        if tag == "a" and self.addresses:
            address, begin = self.addresses.pop()
            if address and address != "".join(self.pieces[begin:]).strip():
                self.pieces.append(f" ({address})")
        elif tag in PARAGRAPHS:
            self._break(tag)
        elif tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_data(self, data):
        # Line breaks in the source of HTML are spaces.
        self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self.pieces.append("\n\n")
        elif tag in LINES:
            self.pieces.append("\n")
