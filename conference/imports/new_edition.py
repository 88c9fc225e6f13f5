"""Makes an edition of what a programme file says about its conference."""

from __future__ import annotations

from datetime import date

from conference.imports.parsed import ParsedSchedule, Problem, ScheduleError
from conference.imports.texts import cut
from conference.models import Edition
from content.choices import PublicationState


def new_edition(parsed: ParsedSchedule, slug: str, *, draft: bool, problems: list[Problem]) -> Edition:
    """Unsaved. Remarks are added to `problems`."""
    _check_zone(parsed, problems)
    conference = parsed.conference
    first, last = _dates(parsed, problems)
    return Edition(
        slug=slug,
        name_en=_fitting("name", conference.title or conference.acronym or slug),
        theme_en=_fitting("theme", conference.subtitle),
        city_en=_fitting("city", conference.city),
        start_date=first.isoformat() if first else None,
        end_date=last.isoformat() if last else None,
        time_zone=conference.time_zone or "UTC",
        state=PublicationState.DRAFT if draft else PublicationState.PUBLISHED,
    )


def _check_zone(parsed: ParsedSchedule, problems: list[Problem]) -> None:
    if parsed.conference.time_zone:
        return
    for event in parsed.events:
        if event.start_is_local:
            raise ScheduleError(
                event.line,
                "the times are in no time zone, and the file names none: create the edition with its time zone in"
                " the admin first, then import without --create",
            )
    reason = "the file names no time zone: the new edition is shown in UTC until it has one"
    problems.append(Problem(1, "warning", reason))


def _dates(parsed: ParsedSchedule, problems: list[Problem]) -> tuple[date | None, date | None]:
    first, last = parsed.conference.start, parsed.conference.end
    if first and last and last < first:
        reason = f"the conference ends ({last}) before it starts ({first}): the new edition has no dates"
        problems.append(Problem(1, "warning", reason))
        return None, None
    return first, last


def _fitting(field: str, text: str) -> str:
    return cut(text, Edition._meta.get_field(field).max_length)
