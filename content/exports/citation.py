"""Citations as BibTeX and CSL-JSON.

Latin letters with accents are written as TeX commands, which BibTeX of any age reads and sorts; the other scripts
stand as they are, in UTF-8, since TeX has no commands for them.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

BIBTEX = "application/x-bibtex"
CSL_JSON = "application/vnd.citationstyles.csl+json"

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "\u00a0": "~",
    "\u202f": "~",
    "ß": r"{\ss}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "ı": r"{\i}",
    "¡": r"!`",
    "¿": r"?`",
}
ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u ",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r ",
    "\u030b": "H ",
    "\u030c": "v ",
    "\u0327": "c ",
    "\u0328": "k ",
}


@dataclass(frozen=True)
class Citation:
    """What is cited, and in which state. Dates are as precise as they are known; `type` is one of CSL's.

    `version` names the state of the record that was read, `accessed` the day on which.
    """

    key: str
    type: str
    title: str
    url: str
    language: str
    publisher: str
    version: str
    accessed: str
    authors: tuple[str, ...] = ()
    container: str = ""
    issued: str = ""
    genre: str = ""
    note: str = ""


def to_bibtex(citation: Citation) -> str:
    """One entry. Titles and names are held in braces of their own, so that no style changes their letters."""
    year, month, day = [*citation.issued.split("-"), "", "", ""][:3]
    fields = [
        ("title", held(citation.title)),
        ("author", " and ".join(held(name) for name in citation.authors)),
        ("howpublished", escaped(citation.container)),
        ("publisher", escaped(citation.publisher)),
        ("year", year),
        ("month", MONTHS[int(month) - 1] if month else ""),
        ("day", day.lstrip("0")),
        ("type", escaped(citation.genre)),
        ("note", escaped(citation.note)),
        ("version", escaped(citation.version)),
        ("language", citation.language),
        ("url", address(citation.url)),
        ("urldate", citation.accessed),
    ]
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields if value]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}", ""])


def held(text: str) -> str:
    return f"{{{escaped(text)}}}" if text else ""


def escaped(text: str) -> str:
    """A text as a value of BibTeX, in one line."""
    plain = re.sub(r"[\x00-\x1f\x7f\s]*[\x00-\x1f\x7f][\x00-\x1f\x7f\s]*", " ", unicodedata.normalize("NFC", text))
    return "".join(letter(sign) for sign in plain.strip())


def letter(sign: str) -> str:
    if sign in SIGNS:
        return SIGNS[sign]
    base, *marks = unicodedata.normalize("NFD", sign)
    if len(marks) != 1 or not (base.isascii() and marks[0] in ACCENTS):
        return sign
    # A dot of its own and an accent would stand one above the other.
    base = {"i": r"\i", "j": r"\j"}.get(base, base) if ACCENTS[marks[0]] not in ("c ", "k ") else base
    command = ACCENTS[marks[0]]
    return f"{{\\{command.strip()}{{{base}}}}}" if command.endswith(" ") else f"{{\\{command}{{{base}}}}}"


def address(url: str) -> str:
    """Programs take an address as it stands; only braces would end it."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def to_csl(citation: Citation) -> str:
    """A list of one item, as CSL-JSON 1.0.2 has it."""
    item: dict[str, Any] = {
        "id": citation.key,
        "type": citation.type,
        "title": citation.title,
        "author": [{"literal": name} for name in citation.authors],
        "container-title": citation.container,
        "publisher": citation.publisher,
        "issued": date_of(citation.issued),
        "accessed": date_of(citation.accessed),
        "genre": citation.genre,
        "version": citation.version,
        "note": citation.note,
        "language": citation.language,
        "URL": citation.url,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"


def date_of(text: str) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else None
