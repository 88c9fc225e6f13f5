"""A map of the world as a picture of dots on land, without borders: Equal Earth, so that areas compare rightly.

Pure functions; `scripts/make_world_map.py` makes the land and the places of the dots. The map takes no position on
borders or on the status of any territory, and every page says so beside it.
"""

import csv
from collections.abc import Iterable
from functools import cache
from math import asin, cos, hypot, radians, sin, sqrt
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
# In the map's units, in letters of 13: a line of a name, also where a reader spaces the letters; its distance from the
# dot and from the line above. From so many letters on a name has two lines.
LONGEST_LINE, NAME_BESIDE, NEXT_LINE, LONG_NAME = 250, 17, 15, 24
# Around several places, in the map's units of a locator; a dot with a code in it, a dot without, a country's ring.
MARGIN, WITH_CODE, WITHOUT_CODE, RING = 48, 9.5, 6.0, 1.8


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

    The country's name stands under its dot, over it near the lower edge, in one line or two (`name`: text and y), with
    its middle at `name_x`: there the longest of all names has room.
    """

    view: str
    x: str
    y: str
    others: list[tuple[str, str]]
    name_x: str
    name: list[tuple[str, str]]


def locator(code: str, name: str) -> Locator | None:
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
    name_x = min(max(x, left + LONGEST_LINE / 2), left + LOCATOR_WIDTH - LONGEST_LINE / 2)
    lines = in_lines(name)
    below = y + NAME_BESIDE + len(lines) * NEXT_LINE < top + LOCATOR_HEIGHT
    first = y + NAME_BESIDE if below else y - NAME_BESIDE - (len(lines) - 1) * NEXT_LINE
    named = [(line, f"{first + number * NEXT_LINE:.1f}") for number, line in enumerate(lines)]
    return Locator(view, f"{x:.1f}", f"{y:.1f}", others, f"{name_x:.1f}", named)


def in_lines(name: str) -> list[str]:
    """A long name in two lines, parted at the space that is nearest to its middle."""
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    if len(name) < LONG_NAME or not spaces:
        return [name]
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


class Place(NamedTuple):
    """Units are those of the map, as texts for SVG. `code` is empty where a neighbour leaves it no room."""

    x: str
    y: str
    radius: str
    code: str


class Surroundings(NamedTuple):
    """The part of the map that holds several places: `point` is where something stands, if that is known.

    `size` (of letters and of the square) and `ring` grow with the part, so that the picture shows them as large.
    """

    view: str
    places: list[Place]
    others: list[tuple[str, str]]
    point: tuple[str, str] | None
    size: str
    ring: str


def surroundings(codes: Iterable[str], point: tuple[float, float] | None = None) -> Surroundings | None:
    """`point` is in degrees, longitude and latitude. None where nothing of it has a place on the map."""
    here = {code: places()[code] for code in codes if code in places()}
    spot = project(*point) if point else None
    # The map ends at 58° south.
    spot = spot if spot and 0 <= spot[1] <= HEIGHT else None
    seen = [*here.values(), *([spot] if spot else [])]
    if not seen:
        return None
    left, top, width, height = frame(seen)
    scale = width / LOCATOR_WIDTH

    def is_seen(x: float, y: float) -> bool:
        return left <= x <= left + width and top <= y <= top + height

    return Surroundings(
        f"{left:.1f} {top:.1f} {width:.1f} {height:.1f}",
        [placed(code, here, spot, scale) for code in here],
        [(f"{x:.1f}", f"{y:.1f}") for code, (x, y) in places().items() if code not in here and is_seen(x, y)],
        (f"{spot[0] - 5 * scale:.1f}", f"{spot[1] - 5 * scale:.1f}") if spot else None,
        f"{10 * scale:.1f}",
        f"{RING * min(scale, 2):.1f}",
    )


def frame(seen: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Left, top, width and height: as near as a locator at most, with a margin around what is seen."""
    xs, ys = [x for x, _y in seen], [y for _x, y in seen]
    shape = LOCATOR_WIDTH / LOCATOR_HEIGHT
    width = max(max(xs) - min(xs) + 2 * MARGIN, (max(ys) - min(ys) + 2 * MARGIN) * shape, LOCATOR_WIDTH)
    # Beyond the height of the map it grows in width alone.
    width = min(width if width / shape <= HEIGHT else max(max(xs) - min(xs) + 2 * MARGIN, HEIGHT * shape), WIDTH)
    height = min(width / shape, HEIGHT)
    left = min(max((min(xs) + max(xs) - width) / 2, 0), WIDTH - width)
    top = min(max((min(ys) + max(ys) - height) / 2, 0), HEIGHT - height)
    return left, top, width, height


def placed(code: str, here: dict[str, tuple[float, float]], spot: tuple[float, float] | None, scale: float) -> Place:
    x, y = here[code]
    near = [place for other, place in here.items() if other != code] + ([spot] if spot else [])
    has_room = all(hypot(x - x2, y - y2) >= 2 * WITH_CODE * scale for x2, y2 in near)
    radius = (WITH_CODE if has_room else WITHOUT_CODE) * scale
    return Place(f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", code if has_room else "")


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
