"""Values of JSON as words: systems write the same thing as text, number, object or list."""

from __future__ import annotations

import re
from typing import Any

from content.languages import CODES

# What neither XML nor the database may hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_NAMES = ("name", "public_name", "full_name", "fullName", "display_name", "title", "label", "text", "en")


def words(value: Any) -> str:
    """A text, number or truth as text; nothing for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _CONTROL.sub("", str(value)).strip() if isinstance(value, str | int | float) else ""


def label(value: Any) -> str:
    """What something is called, on one line: a text, an object with a name, or a text in several languages."""
    if isinstance(value, dict):
        named = next((value[key] for key in _NAMES if value.get(key)), None)
        if named is None:
            named = (
                next((one for one in value.values() if isinstance(one, str) and one.strip()), "")
                if is_texts(value)
                else ""
            )
        return label(named)
    if isinstance(value, list):
        return ", ".join(filter(None, (label(one) for one in value)))
    return " ".join(words(value).split())


def body(value: Any) -> str:
    """A longer text as it is written."""
    if isinstance(value, dict):
        return next((words(one) for one in (value.get("en"), *value.values()) if words(one)), "")
    return words(value)


def is_texts(value: Any) -> bool:
    """One text in several languages: `{"en": "Opening", "de": "Eröffnung"}`."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(
            2 <= len(key.partition("-")[0].partition("_")[0]) <= 3 and (one is None or isinstance(one, str))
            for key, one in value.items()
        )
    )


def texts_of(value: Any) -> dict[str, str]:
    """Those of the portal's languages; nothing for a text that isn't said in several."""
    if not is_texts(value):
        return {}
    named = {_code(key): one.strip() for key, one in value.items() if one and one.strip()}
    return {code: text for code, text in named.items() if code in CODES}


def _code(key: str) -> str:
    plain = key.lower().replace("_", "-")
    return (
        "zh-hans" if plain in {"zh", "zh-cn", "zh-hans-cn"} else plain if plain in CODES else plain.partition("-")[0]
    )


def first(node: dict, *names: str) -> Any:
    """The first of these fields that says something."""
    return next((node[name] for name in names if node.get(name) not in (None, "", [], {})), None)
