"""Make the land of the map, static/img/land.svg, and the places of its dots, content/world_map.csv.

For maintainers only; the files that it makes are committed. It needs npm:

    python scripts/make_world_map.py

The land is that of Natural Earth at 1:50m (public domain) as the npm package world-atlas has it, in the Equal Earth
projection, without borders and without Antarctica. Each country has a dot, from fixtures/map-points.csv. Where dots
would lie upon each other, as in Europe and the Caribbean, they are pushed apart, none further than it must be.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from content.world_map import CENTRE, HEIGHT, WIDTH, project
from scripts.make_map_points import ROOT, arcs, unpack

POINTS = ROOT / "fixtures" / "map-points.csv"
LAND = ROOT / "static" / "img" / "land.svg"
PLACES = ROOT / "content" / "world_map.csv"

NORTHERNMOST, SOUTHERNMOST = 84, -58
# In units of the map, which is a thousand wide: detail finer than this can't be seen.
TOLERANCE = 0.7
SMALLEST_ISLAND = 2.0
NEAREST_DOTS = 10.5
ROUNDS = 400

Position = tuple[float, float]


def unwrapped(indexes: list[int], decoded: list[list[Position]]) -> list[Position]:
    """The outline with longitudes that go on past the edge of the map, counted from its centre."""
    outline: list[Position] = []
    for index in indexes:
        arc = decoded[index] if index >= 0 else decoded[~index][::-1]
        for longitude, latitude in arc[1:] if outline else arc:
            longitude -= CENTRE
            if outline:
                longitude += 360 * round((outline[-1][0] - longitude) / 360)
            outline.append((longitude, latitude))
    return outline


def clipped(outline: list[Position], edge: float, keep_below: bool) -> list[Position]:
    """The part of a polygon on one side of a meridian."""
    kept: list[Position] = []
    for before, after in zip([outline[-1], *outline[:-1]], outline, strict=True):
        inside = [(point[0] <= edge) == keep_below for point in (before, after)]
        if inside[0] != inside[1]:
            share = (edge - before[0]) / (after[0] - before[0])
            kept.append((edge, before[1] + share * (after[1] - before[1])))
        if inside[1]:
            kept.append(after)
    return kept


def on_the_map(outline: list[Position]) -> list[list[Position]]:
    """The outline as it shows on the map, in pieces where it crosses the edge."""
    pieces = []
    for turn in (-360, 0, 360):
        moved = [(longitude + turn, latitude) for longitude, latitude in outline]
        piece = clipped(moved, 180, True)
        piece = clipped(piece, -180, False) if piece else []
        if piece:
            pieces.append(piece)
    return pieces


def simplified(points: list[Position]) -> list[Position]:
    """Douglas and Peucker's method on a closed outline, cut at the point furthest from its first."""
    far = max(range(len(points)), key=lambda place: math.dist(points[0], points[place]))
    return thinned(points[: far + 1])[:-1] + thinned([*points[far:], points[0]])[:-1]


def thinned(points: list[Position]) -> list[Position]:
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        place, distance = 0, 0.0
        for between in range(first + 1, last):
            away = from_line(points[between], points[first], points[last])
            if away > distance:
                place, distance = between, away
        if distance > TOLERANCE:
            keep[place] = True
            stack += [(first, place), (place, last)]
    return [point for point, kept in zip(points, keep, strict=True) if kept]


def from_line(point: Position, start: Position, end: Position) -> float:
    length = math.dist(start, end)
    if not length:
        return math.dist(point, start)
    across = (end[0] - start[0]) * (start[1] - point[1]) - (start[0] - point[0]) * (end[1] - start[1])
    return abs(across) / length


def area(points: list[Position]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))) / 2


def path(points: list[Position]) -> str:
    """Relative steps of a tenth of a unit, without the signs that SVG can do without."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [tenths[0]] + [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(tenths)]
    text = f"M{number(steps[0][0])} {number(steps[0][1])}l"
    for x, y in steps[1:]:
        if x or y:
            text += f"{number(x)} {number(y)} "
    return f"{text.strip().replace(' -', '-')}z"


def number(tenths: int) -> str:
    return f"{tenths / 10:g}"


def land(topology: dict) -> str:
    decoded = arcs(topology)
    geometries = topology["objects"]["land"]["geometries"]
    polygons = [polygon for geometry in geometries for polygon in geometry["arcs"]]
    paths = []
    for polygon in polygons:
        for indexes in polygon:
            outline = unwrapped(indexes, decoded)
            # Antarctica, and its ring round the pole.
            if max(latitude for _, latitude in outline) < SOUTHERNMOST:
                continue
            for piece in on_the_map(outline):
                points = [project(longitude + CENTRE, latitude) for longitude, latitude in piece]
                if area(points) >= SMALLEST_ISLAND and len(points := simplified(points)) > 2:
                    paths.append(path(points))
    return "".join(paths)


def places(points: dict[str, Position]) -> dict[str, Position]:
    """Where each dot is drawn: dots too near to each other part along the line between them; all are drawn home."""
    home = {code: project(longitude, latitude) for code, (latitude, longitude) in points.items()}
    now = dict(home)
    codes = sorted(home)
    for _round in range(ROUNDS):
        for code in codes:
            (x, y), (home_x, home_y) = now[code], home[code]
            now[code] = (x + (home_x - x) * 0.02, y + (home_y - y) * 0.02)
        for place, one in enumerate(codes):
            for other in codes[place + 1 :]:
                part(now, one, other)
    return now


def part(now: dict[str, Position], one: str, other: str) -> None:
    (x1, y1), (x2, y2) = now[one], now[other]
    if abs(x1 - x2) >= NEAREST_DOTS or abs(y1 - y2) >= NEAREST_DOTS:
        return
    distance = math.dist((x1, y1), (x2, y2))
    if distance < NEAREST_DOTS:
        x, y = ((x1 - x2) / distance, (y1 - y2) / distance) if distance else (1.0, 0.0)
        half = (NEAREST_DOTS - distance) / 2
        now[one], now[other] = (x1 + x * half, y1 + y * half), (x2 - x * half, y2 - y * half)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        topology = json.loads((unpack(Path(folder)) / "land-50m.json").read_text(encoding="utf-8"))
    drawn = land(topology)
    LAND.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path id="land" d="{drawn}"/></svg>\n',
        encoding="utf-8",
    )
    with POINTS.open(encoding="utf-8", newline="") as file:
        points = {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}
    # Antarctica is not on the map.
    found = places({code: point for code, point in points.items() if point[0] > SOUTHERNMOST - 4})
    with PLACES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "x", "y"])
        writer.writerows([code, f"{x:.1f}", f"{y:.1f}"] for code, (x, y) in sorted(found.items()))
    print(f"{LAND.name}: {LAND.stat().st_size} bytes; {PLACES.name}: {len(found)} places")
    return 0


if __name__ == "__main__":
    sys.exit(main())
