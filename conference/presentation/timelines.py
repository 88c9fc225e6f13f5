"""The records of a country or an organisation over the years, in lanes of their strands, and the same as a table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from content import timeline
from content.presentation import partial_date_text, reference_link, shown

Words = dict[str, Any]

# Newer ones come first; a picture of more lines than this says no more.
MOST_DRAWN = 40
# After every strand, which stand by position: what has a strand that nobody has recorded, and what belongs to none.
UNKNOWN, ACROSS = (1_000_000, 0), (1_000_001, 0)
SPANS = {"projects": ("actual_start", "planned_start"), "programmes": ("start",)}
ENDS = {"projects": ("actual_end", "planned_end"), "programmes": ("end",)}
POINTS = {"agreements": ("signed",), "facilities": ("founded",)}


def of_records(groups: list[Words], delegations: list[Words], now: datetime) -> Words | None:
    """None where nothing on record has a date. `groups` as views/related.py gives them, with their records."""
    groups = [group for group in groups if dates_of(group["name"])]
    entries = [entry_of(group["name"], record) for group in groups for record in group["records"]]
    entries += [delegation_entry(words) for words in delegations]
    dated = [entry for entry in entries if entry["start"]]
    if not dated:
        return None
    lanes = {entry["lane"]: {"strand": entry["strand"], "has_strand": entry["has_strand"]} for entry in dated}
    drawn = timeline.timeline([item(entry) for entry in dated], now.date().isoformat())
    dated.sort(key=lambda entry: entry["start"], reverse=True)
    return {
        "lanes": [lane._asdict() | lanes[lane.key] for lane in drawn.lanes],
        "ticks": drawn.ticks,
        "today": drawn.today,
        "shapes": {entry["shape"] for entry in dated},
        "has_open": any(mark.is_open for lane in drawn.lanes for mark in lane.marks),
        "rows": dated,
        "undated": len(entries) - len(dated),
        "left_out": sum(group["count"] - len(group["records"]) for group in groups),
    }


def dates_of(collection: str) -> tuple[str, ...]:
    return SPANS.get(collection) or POINTS.get(collection, ())


def entry_of(collection: str, record) -> Words:
    start = first_of(record, dates_of(collection))
    end = first_of(record, ENDS.get(collection, ()))
    return entry(record, record, collection, start, end, collection in SPANS)


def delegation_entry(words: Words) -> Words:
    """A delegation stands at its edition, and is called by it."""
    edition = words["edition"]
    return entry(words["record"], edition, "delegations", edition.start_date, None, False)


def entry(record, named, shape: str, start: str | None, end: str | None, is_span: bool) -> Words:
    strand = getattr(record, "strand", None)
    kind = capfirst(record._meta.verbose_name)
    link = reference_link(named) | {"url": record.get_absolute_url()}
    until = partial_date_text(end)
    began = partial_date_text(start)
    when = _("%(start)s to %(end)s") % {"start": began, "end": until} if end else began
    return link | {
        "lane": (strand.position, strand.pk) if strand else UNKNOWN if hasattr(record, "strand") else ACROSS,
        "has_strand": hasattr(record, "strand"),
        "strand": {"name": shown(strand, "name"), "position": strand.position} if strand else None,
        "shape": "span" if is_span else shape,
        "kind": kind,
        "start": start,
        "end": end,
        "is_span": is_span,
        "began": began,
        "until": until,
        "when": when,
        "sample": record.sample,
    }


def item(entry: Words) -> timeline.Item:
    return timeline.Item(entry["lane"], entry["shape"], entry["start"], entry["end"], entry["is_span"], entry)


def first_of(record, names: Iterable[str]) -> str | None:
    return next((value for name in names if (value := getattr(record, name))), None)
