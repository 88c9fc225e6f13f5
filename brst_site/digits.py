"""Arabic-Indic digits on pages in Arabic, where the setting ARABIC_DIGITS asks for them.

They are set in the finished page, so that numbers, dates, times and what editors wrote have the same digits. What
stands in another language keeps its own, and so do codes and addresses, known by the Latin letters in them.
"""

import re
from collections.abc import Iterator

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PIECE = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
LANGUAGE = re.compile(r'\slang="([^"]*)"')
# Read by programs, or by heart
UNTOUCHED = {"script", "style", "code", "textarea", "pre"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# A name with Latin letters and what belongs to it, such as "IATI 2.03" and "ISO 3166-1"; a character by its number.
LATIN = re.compile(r"&#?\w+;|[\w./:~-]*[A-Za-z][\w./:~#?=%&;-]*(?: [\d.:-]+)?")
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


class ArabicDigitsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        in_arabic = request.path_info.startswith("/ar/") and not response.streaming
        if in_arabic and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = "".join(in_arabic_digits(response.content.decode()))
        return response


def in_arabic_digits(page: str) -> Iterator[str]:
    """The page piece by piece; tags, with the addresses in them, come out as they were."""
    waiting_for: list[str] = []
    for piece in PIECE.split(page):
        if not piece.startswith("<"):
            yield piece if waiting_for else numbered(piece)
            continue
        if tag := TAG.match(piece):
            follow(tag, waiting_for)
        yield piece


def follow(tag: re.Match, waiting_for: list[str]) -> None:
    """Keeps the open elements since the one that is left as it is."""
    closing, name, attributes = tag.groups()
    if closing:
        if waiting_for and waiting_for[-1] == name:
            waiting_for.pop()
    elif name not in VOID and not attributes.endswith("/"):
        language = LANGUAGE.search(attributes)
        foreign = language is not None and not language[1].startswith("ar")
        if waiting_for or foreign or name in UNTOUCHED:
            waiting_for.append(name)


def numbered(text: str) -> str:
    pieces, end = [], 0
    for latin in LATIN.finditer(text):
        pieces += [NUMBER.sub(in_arabic, text[end : latin.start()]), latin[0]]
        end = latin.end()
    return "".join([*pieces, NUMBER.sub(in_arabic, text[end:])])


def in_arabic(number: re.Match) -> str:
    """With the signs that Arabic-Indic digits have between thousands and before decimals: 4,055.5 is ٤٬٠٥٥٫٥."""
    return number[0].replace(",", "٬").replace(".", "٫").translate(ARABIC_INDIC)
