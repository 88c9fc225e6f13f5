"""JSON with the line on which each object begins, and with every pair of an object, also where a key stands twice."""

from __future__ import annotations

import json
from bisect import bisect_right
from json.decoder import JSONObject
from json.scanner import py_make_scanner
from typing import Any

from conference.imports.parsed import ScheduleError

DEEPEST_NESTING = 100


class Object(dict):
    """The first of several values under one key counts; `pairs` has them all."""

    def __init__(self, pairs: list[tuple[str, Any]]):
        super().__init__(reversed(pairs))
        self.pairs = pairs
        self.line = 1

    @property
    def repeated(self) -> list[str]:
        return sorted({key for key, _ in self.pairs if sum(key == other for other, _ in self.pairs) > 1})


def read_json(text: str) -> Any:
    """Raises ScheduleError with the line and what is wrong there."""
    try:
        # The fast parser finds out whether it is JSON at all, before the other looks where everything stands.
        json.loads(text, strict=False)
        return _Decoder(text).decode(text)
    except json.JSONDecodeError as error:
        raise ScheduleError(error.lineno, _reason(text, error)) from error
    except RecursionError:
        raise ScheduleError(1, f"lists and objects are nested more than {DEEPEST_NESTING} deep") from None
    except ValueError as error:
        raise ScheduleError(1, f"a number in the file can't be read: {error}") from error


def _reason(text: str, error: json.JSONDecodeError) -> str:
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return "the file ends before its JSON does: it is cut off"
    if error.msg == "Extra data":
        return f"there is more after the end of the JSON, at column {error.colno}"
    return f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}, column {error.colno}"


class _Decoder(json.JSONDecoder):
    def __init__(self, text: str):
        super().__init__(strict=False, object_pairs_hook=Object)
        self.depth = 0
        self.line_ends = [place for place, sign in enumerate(text) if sign == "\n"]
        self.parse_object = self._object
        self.scan_once = py_make_scanner(self)

    def _object(self, text_and_place, *more):
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise RecursionError
        made, end = JSONObject(text_and_place, *more)
        self.depth -= 1
        made.line = bisect_right(self.line_ends, text_and_place[1] - 1) + 1
        return made, end
