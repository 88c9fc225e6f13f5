"""The change feed: what of a collection has changed since, and what is no longer there.

Changes are told in the order of commits, by the number of their revision (revision.py): a row that was written early
in a long transaction counts from its commit. What a window opened or closed by itself counts from that instant.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.postgres.functions import TransactionNow
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Greatest, Left
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from content.models import Change, RevisionEntry
from content.publication import Publication
from content.revision import Revision

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TOKEN = re.compile(r"([0-9]{1,18})-([0-9a-f]{1,14})")
WINDOW = ("publish_at", "expire_at")
ROWS_AT_ONCE = 500


class Since(NamedTuple):
    """What was known to a caller: every revision up to `number`, and every window up to `instant`.

    Without a number it reaches back before the first change that is on record: then everything counts as changed.
    """

    number: int | None
    instant: datetime


class Gone(NamedTuple):
    """A row that a caller may have and this query no longer shows; `left`: it is public, but not among its rows."""

    record: int
    uuid: Any
    modified: datetime
    left: bool

    def told(self, instant) -> dict[str, Any]:
        return {"id": str(self.uuid), "left" if self.left else "deleted": True, "modified": instant(self.modified)}


def until(revision: Revision) -> str:
    """What to ask for next, so that nothing is told twice or missed. All answers of a snapshot have the same."""
    return f"{revision.number}-{microseconds(revision.turned):x}"


def microseconds(instant: datetime) -> int:
    return (instant - BEGINNING) // timedelta(microseconds=1)


def read(text: str) -> Since:
    """An instant, a day, or the `until` of an answer. Raises ValueError."""
    if match := TOKEN.fullmatch(text):
        number, instant = int(match[1]), BEGINNING + timedelta(microseconds=int(match[2], 16))
        known = RevisionEntry.objects.aggregate(first=Min("number"), last=Max("number"))
        # One that is not on record is from before it, or from a database that has since been set back.
        on_record = known["first"] is not None and known["first"] <= number <= known["last"]
        return Since(number if on_record else None, instant)
    # A plus sign in an address is a space.
    instant = parse_datetime(text.replace(" ", "+") if text.count(":") > 2 else text) or midnight(text)
    if instant is None:
        raise ValueError(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    # Near the ends of time some zones have no instants.
    instant = instant.astimezone(UTC) if 1 < instant.year < 9999 else instant.replace(tzinfo=UTC)
    seen = RevisionEntry.objects.filter(changed_at__lte=instant)
    return Since(seen.aggregate(last=Max("number"))["last"], instant)


def midnight(text: str) -> datetime | None:
    day = parse_date(text)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def changed(model, since: Since) -> Q:
    """The condition under which a row changed, or came or went: itself, a part, or what it belongs to."""
    if since.number is None:
        return Q()
    sets = RevisionEntry.objects.filter(number__gt=since.number).values("change_set")
    logged = Change.objects.filter(change_set__in=sets)
    condition = Q(pk__in=logged.filter(table=model._meta.db_table).values("record")) | crossed(model, "", since)
    if turned := getattr(model, "turned_since", None):
        condition |= turned(since.instant)
    for path, owner in gates(model):
        moved = Q(**{f"{path}__in": logged.filter(table=owner._meta.db_table, gate=True).values("record")})
        moved |= crossed(owner, f"{path}__", since)
        condition |= Q(pk__in=model._base_manager.filter(moved).order_by().values("pk"))
    return condition


def crossed(model, prefix: str, since: Since) -> Q:
    """A window of it opened or closed by itself, or a day on file has come."""
    condition = Q(pk__in=[])
    for column in getattr(model, "days", ()):
        condition |= Q(
            **{f"{prefix}{column}__gt": since.instant.date().isoformat(), f"{prefix}{column}__lte": today()}
        )
    for column in WINDOW if issubclass(model, Publication) else ():
        condition |= Q(**{f"{prefix}{column}__gt": since.instant, f"{prefix}{column}__lte": TransactionNow()})
    return condition


def today() -> str:
    """Days count by UTC; one that is known by its year alone counts from the first of January."""
    return timezone.now().date().isoformat()


def gates(model) -> Iterator[tuple[str, type]]:
    """The relations to the records by whose publication a row is shown or hidden, over however many steps."""
    for name in (*getattr(model, "public_with", ()), *getattr(model, "hidden_through", ())):
        owner = model
        for part in name.split("__"):
            owner = owner._meta.get_field(part).related_model
        yield name, owner
        yield from ((f"{name}__{path}", further) for path, further in gates(owner))


class Feed:
    """What is no longer among the rows of a query: `shown` are those, `public` what an address may find."""

    def __init__(self, model, since: Since, shown: QuerySet, public: QuerySet):
        self.model = model
        self.since = since
        rows = model.objects.once_public().filter(changed(model, since)).order_by()
        public_now = public.order_by().values("pk")
        self.withdrawn = rows.exclude(pk__in=public_now)
        # Who begins anew has no copy of what does not match.
        matching = shown.order_by().values("pk")
        self.left = (
            rows.filter(pk__in=public_now).exclude(pk__in=matching) if since.number is not None else rows.none()
        )

    def count(self) -> int:
        return self.withdrawn.count() + self.left.count() + self.deleted().count()

    def after(self, record: int, size: int | None = None) -> list[Gone]:
        """In the order of their numbers, from the one after this."""
        return list(islice(self.iterator(record), size))

    def iterator(self, after: int = 0) -> Iterator[Gone]:
        rows = merge(
            self._rows(self.withdrawn, after, left=False),
            self._rows(self.left, after, left=True),
            self._deleted(after),
        )
        yield from rows

    def deleted(self) -> QuerySet:
        """Rows that are not in the table any more: the last that was noted of each."""
        logged = Change.objects.filter(table=self.model._meta.db_table)
        # Each of these groups of parts has to have shown the record.
        for parts in getattr(self.model, "told_by", ()):
            logged = logged.filter(record__in=logged.filter(via__in=parts).values("record"))
        if self.since.number is not None:
            sets = RevisionEntry.objects.filter(number__gt=self.since.number).values("change_set")
            logged = logged.filter(change_set__in=sets)
        there = self.model._base_manager.order_by().values("pk")
        # A revision has a number once its transaction is committed.
        committed = logged.filter(change_set__in=RevisionEntry.objects.values("change_set"))
        return committed.exclude(record__in=there).order_by("record", "-change_set").distinct("record")

    def _rows(self, rows: QuerySet, after: int, left: bool) -> Iterator[Gone]:
        found = rows.filter(pk__gt=after).annotate(gone_at=gone_at(self.model)).order_by("pk")
        for record, uuid, instant in found.values_list("pk", "uuid", "gone_at").iterator(ROWS_AT_ONCE):
            yield Gone(record, uuid, instant, left)

    def _deleted(self, after: int) -> Iterator[Gone]:
        instants = RevisionEntry.objects.filter(change_set=OuterRef("change_set")).values("changed_at")[:1]
        found = self.deleted().filter(record__gt=after).annotate(at=Subquery(instants))
        for record, uuid, instant in found.values_list("record", "uuid", "at").iterator(ROWS_AT_ONCE):
            yield Gone(record, uuid, instant, False)


def gone_at(model):
    """The last instant at which anything moved this row; PostgreSQL leaves out what is null."""
    instants = [F("modified"), last_entry(model, "pk", {})]
    instants += [came(column) for column in getattr(model, "days", ())]
    windows = [("", model)] if issubclass(model, Publication) else []
    for path, owner in gates(model):
        field = model._meta.get_field(path.partition("__")[0])
        if "__" not in path and field.many_to_one:
            instants.append(last_entry(owner, field.attname, {"gate": True}))
            windows.append((f"{path}__", owner))
    for prefix, _owner in windows:
        instants += [
            Case(When(**{f"{prefix}{column}__lte": TransactionNow()}, then=F(f"{prefix}{column}")))
            for column in WINDOW
        ]
    return Greatest(*instants, output_field=DateTimeField())


def came(column: str) -> Case:
    """The midnight with which a day on file began, if it has."""
    first = Left(Concat(column, Value("-01-01"), output_field=CharField()), 10)
    # PostgreSQL has no year nought.
    return Case(When(**{f"{column}__gte": "0001", f"{column}__lte": today()}, then=Cast(first, DateTimeField())))


def last_entry(model, key: str, conditions: dict) -> Subquery:
    noted = Change.objects.filter(table=model._meta.db_table, record=OuterRef(OuterRef(key)), **conditions)
    entries = RevisionEntry.objects.filter(change_set__in=noted.values("change_set"))
    return Subquery(entries.order_by("-number").values("changed_at")[:1])
