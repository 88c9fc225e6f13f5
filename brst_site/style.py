"""The parts that pages are made of, each in six languages, light and dark: for who designs, writes or translates.

A part is a template of templates/parts, and the comment at its head is its documentation. What it is shown with comes
from public records where the portal has them, and else from the portal's own words: nothing here is stored.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from brst_site import specimens
from content import languages

THEMES = ("light", "dark")
TOKENS = settings.BASE_DIR / "static" / "css" / "tokens.css"
PARTS = settings.BASE_DIR / "templates" / "parts"
# The symbols that other parts refer to are on the page once.
NOT_SHOWN = {"_symbols.html"}
DOCUMENTATION = re.compile(r"\{#(.*?)#\}", re.DOTALL)
TOKEN = re.compile(r"^\s*--([\w-]+):\s*([^;]+);", re.MULTILINE)
IDENTITY = re.compile(r'\sid="([^"]+)"')


def part_files() -> list[Path]:
    return [path for path in sorted(PARTS.glob("_*.html")) if path.name not in NOT_SHOWN]


def documentation(part: Path) -> str:
    found = DOCUMENTATION.search(part.read_text(encoding="utf-8"))
    return " ".join(found[1].split()) if found else ""


def rendered(part: Path, language: str, records: specimens.Records) -> list[str]:
    """The part in each of its states."""
    with override(language):
        found = specimens.contexts(part.stem, records)
        return [render_to_string(f"parts/{part.name}", context | {"language_code": language}) for context in found]


def renamed(html: str, ending: str) -> SafeString:
    """The same with names of its own: twelve of each stand on one page."""
    for name in IDENTITY.findall(html):
        referring = re.compile(rf'(\s(?:id|for|href|aria-\w+)="#?){re.escape(name)}"')
        html = referring.sub(rf'\g<1>{name}-{ending}"', html)
    # A template of the portal made it, and only names between quotation marks were changed.
    return mark_safe(html)


def described(part: Path, records: specimens.Records) -> dict[str, Any]:
    states = {language: rendered(part, language, records) for language in languages.CODES}
    return {
        "name": part.stem.removeprefix("_").replace("_", " ").capitalize(),
        "anchor": part.stem,
        "documentation": documentation(part),
        "specimens": [
            {
                "html": languages.html_code(language),
                "dir": languages.direction(language),
                "name": languages.NATIVE_NAMES[language],
                "theme": theme,
                "states": [
                    renamed(html, f"{part.stem}-{number}-{language}-{theme}")
                    for number, html in enumerate(states[language])
                ],
            }
            for theme, language in product(THEMES, languages.CODES)
        ],
    }


def tokens(text: str) -> dict[str, str]:
    return dict(TOKEN.findall(text))


def themes() -> tuple[dict[str, str], dict[str, str]]:
    """The tokens of both themes, read from the style sheet itself."""
    light, _mark, dark = TOKENS.read_text(encoding="utf-8").partition("prefers-color-scheme: dark")
    dark, _mark, _rest = dark.partition("}")
    return tokens(light), tokens(dark)


def swatches() -> Iterator[dict[str, str]]:
    """Colours that differ between the themes or are the same in both."""
    light, dark = themes()
    for name, value in light.items():
        if value.startswith("#") or name in dark:
            yield {"name": name, "light": value, "dark": dark.get(name, value)}


def measures() -> dict[str, list[dict[str, str]]]:
    light, _dark = themes()
    names = list(light)
    sizes = names[names.index("small") : names.index("line")]
    spaces = [name for name in names if re.fullmatch(r"s\d", name)]
    return {
        "sizes": [{"name": name, "measure": light[name]} for name in sizes],
        "spaces": [{"name": name, "measure": light[name]} for name in spaces],
    }


def sheet(_request) -> HttpResponse:
    """Both themes for parts of one page, and a class for each token; the values stand in tokens.css alone."""
    light, dark = themes()
    rules = [
        rule(".specimen", {"color-scheme": "light"} | custom(light)),
        rule(".specimen--dark", {"color-scheme": "dark"} | custom(dark)),
        *(rule(f".swatch--{one['name']}", {"background-color": f"var(--{one['name']})"}) for one in swatches()),
        *(rule(f".size--{one['name']}", {"font-size": f"var(--{one['name']})"}) for one in measures()["sizes"]),
        *(rule(f".space--{one['name']}", {"inline-size": f"var(--{one['name']})"}) for one in measures()["spaces"]),
    ]
    return HttpResponse("@layer parts {\n" + "\n".join(rules) + "\n}\n", content_type="text/css")


def custom(values: dict[str, str]) -> dict[str, str]:
    return {f"--{name}": value for name, value in values.items()}


def rule(selector: str, declarations: dict[str, str]) -> str:
    return f"{selector} {{ {' '.join(f'{name}: {value};' for name, value in declarations.items())} }}"


def page(request):
    records = specimens.Records()
    context = {
        **admin.site.each_context(request),
        "swatches": swatches(),
        **measures(),
        "parts": [described(part, records) for part in part_files()],
    }
    return TemplateResponse(request, "admin/style.html", context)
