"""The weave: one thread for each statement, from its place in the source to the lane of its strand.

A pure function from statements to paths of SVG; the template adds colours by class. Threads of a strand lie nested,
the later the inner. Where two threads cross, they take turns in running over one another.
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

WIDTH = 1000
LABELS_HEIGHT = 44
STROKE = 10
CASING = 17
LANE = 19
# Between the lanes of one strand and of the next, so that a name of two lines fits beside a single lane.
GAP = 30
# Drops nearer to one another than this would touch.
NEAREST_DROPS = 2.05 * STROKE
MARGIN = 16
CHARACTER_WIDTH = 9.5


class Statement(NamedTuple):
    """`strand` is its index among the strands that the caller lists from the top down."""

    strand: int
    offset: int
    label: str = ""


class Thread(NamedTuple):
    """`path` is the whole thread, `over` the pieces that run over others and get a casing."""

    strand: int
    path: str
    over: str


class Label(NamedTuple):
    x: str
    y: str
    text: str
    raised: bool


class Weave(NamedTuple):
    width: int
    height: int
    threads: list[Thread]
    labels: list[Label]


class Course(NamedTuple):
    """Where a thread drops, the lane that it turns into, and how widely it turns."""

    x: float
    y: float
    radius: float

    def height_at(self, x: float) -> float | None:
        """The height at which a drop at `x` meets this thread, None where it has not turned so far yet."""
        reach = x - self.x
        if reach <= 0:
            return None
        if reach >= self.radius:
            return self.y
        return self.y - self.radius + sqrt(self.radius**2 - (self.radius - reach) ** 2)


def weave(statements: Sequence[Statement], lanes: Sequence[int], length: int, mirrored: bool = False) -> Weave:
    """`lanes`: how many statements each strand has, from the top down; `length`: of the source, as offsets count."""
    ordered = sorted(statements, key=lambda statement: statement.offset)
    drops = spread([statement.offset / max(length, 1) for statement in ordered])
    courses = run(ordered, drops, lanes)
    return Weave(
        WIDTH,
        sum(height_of(count) for count in lanes),
        [
            Thread(statement.strand, path(course), over(index, courses))
            for index, (statement, course) in enumerate(zip(ordered, courses, strict=True))
        ],
        label(ordered, [WIDTH - x if mirrored else x for x in drops]),
    )


def height_of(lanes: int) -> int:
    """What the lanes of one strand take up, its gap included; a strand without statements keeps one lane."""
    return max(lanes, 1) * LANE + GAP


def spread(shares: list[float]) -> list[float]:
    """Places from left to right, as near to their share of the width as the distance between drops allows."""
    last = WIDTH - 5 * LANE
    nearest = min(NEAREST_DROPS, (last - MARGIN) / max(len(shares) - 1, 1))
    places: list[float] = []
    for share in shares:
        wanted = MARGIN + share * (last - MARGIN)
        places.append(max(wanted, places[-1] + nearest) if places else wanted)
    for index in reversed(range(len(places))):
        places[index] = min(places[index], last - nearest * (len(places) - 1 - index))
    return places


def run(statements: list[Statement], drops: list[float], lanes: Sequence[int]) -> list[Course]:
    tops = [sum(height_of(count) for count in lanes[:index]) + GAP / 2 for index in range(len(lanes))]
    left = list(lanes)
    courses = []
    for statement, x in zip(statements, drops, strict=True):
        left[statement.strand] -= 1
        inner = left[statement.strand]
        y = tops[statement.strand] + (inner + 0.5) * LANE
        courses.append(Course(x, y, (1.1 + 0.55 * inner) * LANE))
    return courses


def path(course: Course) -> str:
    x, y, radius = course
    return f"M{x:.1f} 0V{y - radius:.1f}A{radius:.1f} {radius:.1f} 0 0 0 {x + radius:.1f} {y:.1f}H{WIDTH}"


def over(index: int, courses: list[Course]) -> str:
    """The pieces of one thread that run over others: of its drop, and of its lane where a later drop dives under."""
    own = courses[index]
    half = CASING / 2
    pieces = []
    for other, course in enumerate(courses):
        if other < index and (y := crossing(own, course)) is not None and drop_is_over(index, course, own.x):
            pieces.append(f"M{own.x:.1f} {y - half:.1f}V{y + half:.1f}")
        if other > index and (y := crossing(course, own)) is not None and not drop_is_over(other, own, course.x):
            pieces.append(f"M{course.x - half:.1f} {y:.1f}H{course.x + half:.1f}")
    return "".join(pieces)


def crossing(drop: Course, lane: Course) -> float | None:
    y = lane.height_at(drop.x)
    return y if y is not None and y < drop.y - drop.radius else None


def drop_is_over(drop: int, lane: Course, x: float) -> bool:
    """A drop and a lane take turns; over the bend of a lane a drop always runs, since a bend has no straight piece."""
    if x - lane.x < lane.radius + CASING / 2:
        return True
    return (drop + int(lane.y // LANE)) % 2 == 0


def label(statements: list[Statement], drops: list[float]) -> list[Label]:
    """The labels that fit: on the line, raised where one stands there already, none where both places are taken."""
    labels = []
    taken: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    for statement, x in zip(statements, drops, strict=True):
        half = max(len(statement.label), 2) * CHARACTER_WIDTH / 2
        free = [row for row in taken if all(x + half < start or x - half > end for start, end in taken[row])]
        place = free[0] if free else None
        if statement.label and place is not None:
            taken[place].append((x - half, x + half))
            centre = min(max(x, half), WIDTH - half)
            labels.append(Label(f"{centre:.1f}", "14" if place else "36", statement.label, place))
    return labels
