"""The dates of a project: what was planned beside what came, as a table whose rows are drawn as bars on one scale."""

from typing import Any

from django.utils.translation import gettext as _

from content import timeline
from content.presentation import partial_date_text
from cooperation.choices import ProjectStatus

Words = dict[str, Any]
PLANNED, ACTUAL = 0, 1


def time_bar(project, today: str) -> Words | None:
    """None without any date. What has no beginning or no end is drawn as a point, unless it is under way.

    Whether it is under way is what its status says: a closed project may well have an end that nobody has recorded.
    """
    under_way = is_under_way(project)
    rows = [
        row(_("Planned"), PLANNED, project.planned_start, project.planned_end),
        row(_("Actual"), ACTUAL, project.actual_start, project.actual_end, under_way),
    ]
    rows = [one for one in rows if one["item"]]
    if not rows:
        return None
    drawn = timeline.timeline([one["item"] for one in rows], today)
    for one, lane in zip(rows, drawn.lanes, strict=True):
        (one["mark"],) = lane.marks
        one["width"] = f"{max(float(one['mark'].x2) - float(one['mark'].x), 0.6):.2f}"
    return {"rows": rows, "ticks": drawn.ticks, "today": drawn.today if under_way else ""}


def is_under_way(project) -> bool:
    return bool(project.status == ProjectStatus.IMPLEMENTATION and project.actual_start and not project.actual_end)


def row(label: str, lane: int, start: str | None, end: str | None, under_way: bool = False) -> Words:
    is_span = bool(start and (end or under_way))
    known = start or end
    return {
        "label": label,
        "is_actual": lane == ACTUAL,
        "is_span": is_span,
        "under_way": under_way,
        "start": {"date": start, "text": partial_date_text(start)},
        "end": {"date": end, "text": partial_date_text(end)},
        "item": timeline.Item(lane, "", known, end if is_span else None, is_span) if known else None,
    }
