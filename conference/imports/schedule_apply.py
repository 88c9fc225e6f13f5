"""Reads a programme into an edition in one transaction: all that the plan says, or nothing.

The number of queries depends on the size of the file only through the size of a batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import translation

from conference.imports.new_edition import new_edition
from conference.imports.on_file import IMPORTED_LINKS, names_of
from conference.imports.parsed import ParsedSchedule, Problem
from conference.imports.planned import EventPlan, Plan
from conference.imports.records import columns
from conference.imports.schedule_plan import make_plan
from conference.models import Appearance, Edition, Participation, SessionInterpretation, SessionLink, Slot
from content.models.base import Sorted

_BATCH = 500
# One of our own choosing, held until the end of the transaction: two imports at once would hand out the same slugs.
_IMPORT_LOCK = 7_042_601


def zone_of(edition_slug: str) -> ZoneInfo | None:
    """For the parser: that of times which come without one. None if there is no such edition yet."""
    name = Edition.objects.filter(slug=edition_slug).values_list("time_zone", flat=True).first()
    return ZoneInfo(name) if name else None


def import_schedule(parsed: ParsedSchedule, edition_slug: str, *, draft: bool, dry_run: bool) -> Plan:
    """Make the edition of that slug, if there is none, and bring its programme up to date.

    Raises ScheduleError if the file as a whole can't come in. The caller decides whether an edition may be made.
    """
    # The columns without a language are written as English readers see them, whoever runs this.
    with translation.override("en"), transaction.atomic():
        _take_lock()
        edition = Edition.objects.select_for_update(of=["self"]).filter(slug=edition_slug).first()
        remarks: list[Problem] = []
        edition = edition or new_edition(parsed, edition_slug, draft=draft, problems=remarks)
        plan = make_plan(parsed, edition, draft=draft)
        plan.problems += remarks
        apply(plan)
        if dry_run:
            transaction.set_rollback(True)
    return plan


def apply(plan: Plan) -> None:
    """Write what differs; where nothing does, nothing is written."""
    differing = plan.of("create", "change")
    if not differing:
        return
    if plan.edition.pk is None:
        plan.edition.save()
    _save_named(differing)
    _save_persons(differing)
    _save_sessions(differing)
    _save_parts(differing)
    _save_slots(plan.edition, [event.slot for event in differing if event.slot_differs] + plan.unconfirmed)
    _forget_appearances(plan.edition, differing)
    if not plan.draft:
        plan.edition.publish_schedule(plan.version[:500])


def _take_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def _save_named(events: Iterable[EventPlan]) -> None:
    """Venues before their rooms, since these point to them."""
    slots = [event.slot for event in events if event.slot.room]
    _create(slot.room.venue for slot in slots)
    _create(slot.room for slot in slots)
    _create(event.session.type for event in events if event.session.type)
    _create(event.session.section for event in events if event.session.section)
    _create(event.track for event in events if event.track)
    _update((event.track, event.track_columns) for event in events if event.track)


def _save_persons(events: Iterable[EventPlan]) -> None:
    plans = [plan for event in events for plan in event.persons]
    _create(plan.person for plan in plans)
    _update((plan.person, plan.columns) for plan in plans)
    _create(plan.appearance for plan in plans)
    _update((plan.appearance, {"external_id"}) for plan in plans if plan.appearance_differs)


def _save_sessions(events: Iterable[EventPlan]) -> None:
    changed = [(event.session, event.columns) for event in events if event.session.pk]
    _create(event.session for event in events)
    _update(changed)
    parts = [event for event in events if event.parent]
    for event in parts:
        event.session.parent = event.parent
    _update((event.session, {"parent"}) for event in parts)


def _save_parts(events: Iterable[EventPlan]) -> None:
    """Lists are written anew as a whole."""
    with_persons = [event for event in events if event.participations is not None]
    Participation.objects.filter(session__in=[event.session.pk for event in with_persons]).delete()
    _create(one for event in with_persons for one in event.participations)
    with_interpretation = [event for event in events if event.interpretation is not None]
    SessionInterpretation.objects.filter(session__in=[event.session.pk for event in with_interpretation]).delete()
    _create(one for event in with_interpretation for one in event.interpretation)
    with_links = [event for event in events if event.links is not None]
    links = SessionLink.objects.filter(session__in=[event.session.pk for event in with_links])
    links.filter(kind__in=IMPORTED_LINKS).delete()
    _create(one for event in with_links for one in event.links)


def _save_slots(edition: Edition, slots: list[Slot]) -> None:
    """Sessions that change places pass through an overlap, unless rooms are compared at the end."""
    draft = edition.draft_schedule()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS slot_room_free DEFERRED")
        _update((slot, {"room", "start", "end", "state"}) for slot in slots if slot.pk)
        for slot in slots:
            slot.version = draft
        _create(slots)
        cursor.execute("SET CONSTRAINTS slot_room_free IMMEDIATE")


def _forget_appearances(edition: Edition, events: Iterable[EventPlan]) -> None:
    """Who is in no session of the edition any more isn't listed as its speaker, unless staff wrote more of them."""
    dropped = {person for event in events for person in event.dropped_persons}
    here = Participation.objects.filter(session__edition=edition, person=OuterRef("person"))
    idle = Appearance.objects.filter(~Exists(here), edition=edition, person__in=dropped)
    idle = idle.filter(organisation=None, country=None)
    bare = [one.pk for one in idle if not any(names_of(one, name) for name in ("honorific", "affiliation", "note"))]
    Appearance.objects.filter(pk__in=bare).delete()


# ── writing many ───────────────────────────────────────────────────────────────────────────────────────────────────


def _create(records: Iterable[models.Model]) -> None:
    """Save those that are new, each once, of one model."""
    new = list({id(record): record for record in records if record.pk is None}.values())
    if new:
        _fill(new)
        _rows(type(new[0])).bulk_create(new, batch_size=_BATCH)


def _update(changes: Iterable[tuple[models.Model, set[str]]]) -> None:
    changed = {record.pk: (record, names) for record, names in changes if names}
    if changed:
        records = [record for record, _ in changed.values()]
        _fill(records)
        names = columns(type(records[0]), set().union(*(names for _, names in changed.values())))
        _rows(type(records[0])).bulk_update(records, names, batch_size=_BATCH)


def _fill(records: Iterable[Any]) -> None:
    for record in records:
        if isinstance(record, Sorted):
            record.fill_sort_keys()


def _rows(model: type[models.Model]) -> models.QuerySet:
    """Django's own: that of modeltranslation takes the English column for the one without a language."""
    return models.QuerySet(model)
