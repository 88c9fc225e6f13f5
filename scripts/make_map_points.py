"""Make fixtures/map-points.csv: one point for each country and territory, where the map has its dot.

For maintainers only; the file that it makes is committed. It needs npm:

    python scripts/make_map_points.py

A point is the centroid of the largest piece of land, on an equal-area cylinder, from Natural Earth at 1:50m
and, for those too small for it, at 1:10m, as the npm package world-atlas has them. Some are set by hand.
"""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODES = ROOT / "fixtures" / "sources" / "country-codes.csv"
TARGET = ROOT / "fixtures" / "map-points.csv"
PACKAGE = "world-atlas@2.0.2"
DETAILS = ("50m", "10m")

# Territories without land of their own in Natural Earth, and countries whose centroid lies in a neighbour or at sea;
# Antarctica's ring goes round the pole.
BY_HAND = {
    "AQ": (-82.0, 20.0),
    "BQ": (12.18, -68.26),
    "BV": (-54.42, 3.36),
    "CC": (-12.17, 96.83),
    "CX": (-10.49, 105.63),
    "GF": (4.0, -53.1),
    "GP": (16.25, -61.55),
    "IL": (31.4, 34.9),
    "IO": (-7.33, 72.45),
    "MH": (7.1, 171.2),
    "MQ": (14.64, -61.02),
    "RE": (-21.13, 55.53),
    "SJ": (78.5, 17.0),
    "TK": (-9.17, -171.82),
    "VN": (15.9, 107.9),
    "YT": (-12.83, 45.15),
}

Position = tuple[float, float]


def unpack(folder: Path) -> Path:
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
    with tarfile.open(folder / packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def arcs(topology: dict) -> list[list[Position]]:
    """TopoJSON stores each position as whole steps from the one before."""
    (scale_x, scale_y), (start_x, start_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        positions = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            positions.append((x * scale_x + start_x, y * scale_y + start_y))
        decoded.append(positions)
    return decoded


def ring(indexes: list[int], decoded: list[list[Position]]) -> list[Position]:
    """The outline with longitudes that go on past 180 degrees, on a plane that keeps areas."""
    positions: list[Position] = []
    for index in indexes:
        arc = decoded[index] if index >= 0 else decoded[~index][::-1]
        positions.extend(arc[1:] if positions else arc)
    outline = []
    previous = turns = 0.0
    for longitude, latitude in positions:
        if outline and abs(longitude - previous) > 180:
            turns += 360 if longitude < previous else -360
        previous = longitude
        outline.append((longitude + turns, math.sin(math.radians(latitude))))
    return outline


def area_and_centroid(outline: list[Position]) -> tuple[float, Position]:
    origin_x, origin_y = outline[0]
    area = sum_x = sum_y = 0.0
    for (x1, y1), (x2, y2) in zip(outline, outline[1:] + outline[:1], strict=True):
        x1, y1, x2, y2 = x1 - origin_x, y1 - origin_y, x2 - origin_x, y2 - origin_y
        cross = x1 * y2 - x2 * y1
        area += cross / 2
        sum_x += (x1 + x2) * cross
        sum_y += (y1 + y2) * cross
    if not area:
        return 0.0, outline[0]
    return abs(area), (origin_x + sum_x / (6 * area), origin_y + sum_y / (6 * area))


def point(geometry: dict, decoded: list[list[Position]]) -> Position:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    _, (longitude, height) = max(area_and_centroid(ring(polygon[0], decoded)) for polygon in polygons)
    return math.degrees(math.asin(height)), (longitude + 180) % 360 - 180


def points(package: Path) -> dict[str, tuple[float, float, str]]:
    """By ISO's numeric code; the coarser map goes first."""
    found: dict[str, tuple[float, float, str]] = {}
    for detail in DETAILS:
        topology = json.loads((package / f"countries-{detail}.json").read_text(encoding="utf-8"))
        decoded = arcs(topology)
        for geometry in topology["objects"]["countries"]["geometries"]:
            # What shares another country's code, or has none, is not the country itself; the first with it is.
            if geometry.get("id") and geometry["id"] not in found:
                found[geometry["id"]] = (*point(geometry, decoded), f"world-atlas {detail}")
    return found


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = points(unpack(Path(folder)))
    with CODES.open(encoding="utf-8", newline="") as file:
        numbers = {row["ISO3166-1-Alpha-2"]: row["M49"].zfill(3) for row in csv.DictReader(file)}
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "latitude", "longitude", "origin"])
        for code, number in sorted(numbers.items()):
            latitude, longitude, origin = (*BY_HAND[code], "by hand") if code in BY_HAND else found[number]
            writer.writerow([code, f"{latitude:.2f}", f"{longitude:.2f}", origin])
    print(f"{TARGET.name}: {len(numbers)} points")
    return 0


if __name__ == "__main__":
    sys.exit(main())
