"""Hold the colours of static/css/tokens.css to what they promise; exit with 1 and the pairs that fail.

Text reaches 7:1, controls and strands 4.5:1 on every ground that they stand on, in the light and the dark
theme, and the strands and ink stay apart for colour-blind readers. Contrast is WCAG 2's, difference is
distance in OKLab times 100, colour blindness is the full-severity simulation of Machado, Oliveira and
Fernandes (2009).
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
TEXT, CONTROL, APART = 7.0, 4.5, 8.0

SIGHTS = {
    "normal sight": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
TO_CONE = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_OKLAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)

Colour = tuple[float, ...]
DEEP = [f"strand-{position}-deep" for position in range(1, 6)]
BRIGHT = [f"strand-{position}-bright" for position in range(1, 6)]

# (least contrast, foregrounds, grounds) a theme
PROMISES = {
    "light": [
        (TEXT, ["ink", "ink-2"], ["paper", "wash"]),
        (TEXT, ["on-signal", "on-signal-2"], ["signal"]),
        (TEXT, ["on-deep"], ["deep"]),
        (TEXT, ["alert"], ["paper"]),
        (CONTROL, ["edge"], ["paper"]),
        (CONTROL, DEEP, ["paper", "wash", "signal"]),
    ],
    "dark": [
        (TEXT, ["ink", "ink-2"], ["paper", "wash", "field", "band"]),
        (TEXT, ["signal"], ["paper", "field"]),
        (TEXT, ["on-signal", "on-signal-2"], ["signal"]),
        (TEXT, ["on-deep"], ["deep"]),
        (TEXT, ["alert"], ["paper"]),
        (CONTROL, ["edge"], ["paper", "wash"]),
        (CONTROL, BRIGHT, ["paper", "wash", "field", "band"]),
        (CONTROL, DEEP, ["signal"]),
    ],
}


def themes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.read_text().split("@media screen and (prefers-color-scheme: dark)")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part)) for part in (light, dark))
    return {"light": light, "dark": light | dark}


def linear(code: str) -> Colour:
    channels = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def times(matrix: tuple[Colour, ...], colour: Colour) -> Colour:
    return tuple(sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)


def contrast(one: str, other: str) -> float:
    low, high = sorted(times(((0.2126, 0.7152, 0.0722),), linear(code))[0] for code in (one, other))
    return (high + 0.05) / (low + 0.05)


def difference(one: str, other: str, sight: tuple[Colour, ...]) -> float:
    def oklab(code: str) -> Colour:
        seen = tuple(min(1, max(0, c)) for c in times(sight, linear(code)))
        return times(TO_OKLAB, tuple(map(math.cbrt, times(TO_CONE, seen))))

    return 100 * math.dist(oklab(one), oklab(other))


def faint(theme: str, colours: dict[str, str]) -> Iterator[str]:
    for least, fronts, grounds in PROMISES[theme]:
        for front, ground in product(fronts, grounds):
            reached = contrast(colours[front], colours[ground])
            if reached < least:
                yield f"{theme}: {front} on {ground} has {reached:.2f}:1, not {least}:1"


def alike(theme: str, colours: dict[str, str]) -> Iterator[str]:
    pairs = combinations(["ink", *(DEEP if theme == "light" else BRIGHT)], 2)
    for (one, other), (sight, matrix) in product(pairs, SIGHTS.items()):
        reached = difference(colours[one], colours[other], matrix)
        if reached < APART:
            yield f"{theme}: {one} and {other} differ by {reached:.1f} with {sight}, not {APART}"


def main() -> int:
    faults = [
        fault for theme, colours in themes().items() for find in (faint, alike) for fault in find(theme, colours)
    ]
    sys.stdout.write("\n".join(faults or ["Every colour keeps its promise."]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
