"""A map of the world as a picture of dots on land, without borders: Equal Earth, so that areas compare rightly.

Pure functions; `scripts/make_world_map.py` makes the land and the places of the dots. The map takes no position on
borders or on the status of any territory, and every page says so beside it.
"""

import csv
from collections.abc import Iterable
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any, NamedTuple

# So that the eastern tip of Asia is not cut off.
CENTRE = 11.0
WIDTH = 1000
# From 84 degrees north to 58 degrees south.
HEIGHT = 440
TOP = 1.3085

# The polynomial of Šavrič, Patterson and Jenny (2018).
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = sqrt(3) / 2
HALF_WIDTH = 2.7066299836960748

SMALLEST_DOT = 4.6
LARGEST_DOT = 17.0
# From this radius on a number fits inside.
WITH_NUMBER = 6.5

LOCATOR_WIDTH, LOCATOR_HEIGHT = 300, 240
# In the map's units, in letters of 13: the name of the Central African Republic in Russian.
LONGEST_NAME, NAME_BESIDE = 270, 17


class Dot(NamedTuple):
    """Units are those of the map, as texts for SVG. `number` is empty where it would not fit or is 1."""

    x: str
    y: str
    radius: str
    number: str
    place: Any


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to units of the map, x from its left edge and y from its upper edge."""
    turned = (longitude - CENTRE + 180) % 360 - 180 if abs(longitude - CENTRE) != 180 else longitude - CENTRE
    angle = asin(M * sin(radians(latitude)))
    square = angle * angle
    sixth = square**3
    x = radians(turned) * cos(angle) / (M * (A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)))
    y = angle * (A1 + A2 * square + sixth * (A3 + A4 * square))
    scale = WIDTH / (2 * HALF_WIDTH)
    return WIDTH / 2 + x * scale, (TOP - y) * scale


@cache
def places() -> dict[str, tuple[float, float]]:
    """Country code → where its dot is drawn."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["x"]), float(row["y"])) for row in csv.DictReader(file)}


class Locator(NamedTuple):
    """A part of the map around one country, in the map's units: `x`, `y` and `others` as texts for SVG.

    The country's name stands under its dot, over it near the lower edge, with its middle at `name_x` and `name_y`:
    there the longest of all names has room.
    """

    view: str
    x: str
    y: str
    others: list[tuple[str, str]]
    name_x: str
    name_y: str


def locator(code: str) -> Locator | None:
    """Where a country is, so near that a small one is found; None of those without a place."""
    if code not in places():
        return None
    x, y = places()[code]
    left = min(max(x - LOCATOR_WIDTH / 2, 0), WIDTH - LOCATOR_WIDTH)
    top = min(max(y - LOCATOR_HEIGHT / 2, 0), HEIGHT - LOCATOR_HEIGHT)
    others = [
        (f"{x2:.1f}", f"{y2:.1f}")
        for other, (x2, y2) in places().items()
        if other != code and left <= x2 <= left + LOCATOR_WIDTH and top <= y2 <= top + LOCATOR_HEIGHT
    ]
    view = f"{left:.1f} {top:.1f} {LOCATOR_WIDTH} {LOCATOR_HEIGHT}"
    name_x = min(max(x, left + LONGEST_NAME / 2), left + LOCATOR_WIDTH - LONGEST_NAME / 2)
    name_y = y + NAME_BESIDE if y + 2 * NAME_BESIDE < top + LOCATOR_HEIGHT else y - NAME_BESIDE
    return Locator(view, f"{x:.1f}", f"{y:.1f}", others, f"{name_x:.1f}", f"{name_y:.1f}")


def dots(countries: Iterable[dict[str, Any]]) -> list[Dot]:
    """A dot for each country with a place, its area by `count`, the largest first so that none is hidden.

    Each country has `code`, `count`, and what the template shows of it. Extinct states, and Antarctica, have no place.
    """
    known = [country for country in countries if country["code"] in places()]
    most = max((country["count"] for country in known), default=1)
    return sorted((dot(country, most) for country in known), key=lambda one: -float(one.radius))


def dot(country: dict[str, Any], most: int) -> Dot:
    x, y = places()[country["code"]]
    radius = SMALLEST_DOT
    if most > 1:
        radius += (LARGEST_DOT - SMALLEST_DOT) * sqrt((country["count"] - 1) / (most - 1))
    number = str(country["count"]) if country["count"] > 1 and radius >= WITH_NUMBER else ""
    return Dot(f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", number, country)
