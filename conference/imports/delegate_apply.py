"""Reads a list of participants into an edition in one transaction: all that the plan says, or nothing.

The number of queries depends on the size of the file only through the size of a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import translation

from conference.imports.copying import copy_rows, new_keys, sort_keys, with_text
from conference.imports.delegate_columns import resolve
from conference.imports.delegate_plan import Plan, RowPlan, make_plan
from conference.imports.delegate_rows import read_rows
from conference.imports.delegations_on_file import NAMES, TEXTS
from conference.imports.person_names import language_of
from conference.imports.records import Slugs
from conference.imports.writing import create, take_lock, update
from conference.models import DelegationMember, Edition, Person
from content.choices import PublicationState
from content.imports.columns import NothingMeant, where
from content.imports.table import Table
from content.models.base import neutral_slug

_LARGE_BATCH = 5000


def import_delegates(
    table: Table,
    edition: Edition,
    *,
    chosen: dict[str, str],
    conditions: Sequence[tuple[str, str]] = (),
    nulls: Sequence[str] = (),
    draft: bool = False,
    dry_run: bool = False,
) -> Plan:
    """Raises ColumnError where the options don't fit the table, NothingMeant where no row is left to read."""
    found = resolve(chosen, table)
    rows, reason = where(table, conditions)
    if not rows:
        raise NothingMeant(table.head, reason)
    warnings = list(table.remarks)
    # The columns without a language are written as English readers see them, whoever runs this.
    with translation.override("en"), transaction.atomic():
        take_lock()
        edition = Edition.objects.select_for_update(of=["self"]).get(pk=edition.pk)
        delegates = read_rows(rows, found, nulls, lambda line, text: warnings.append((line, text)))
        plan = make_plan(delegates, edition, warnings, nulls=nulls, has_names="delegation" in found, draft=draft)
        _apply(plan)
        if dry_run:
            transaction.set_rollback(True)
    return plan


def _apply(plan: Plan) -> None:
    used = {id(one.delegation.organisation) for one in plan.delegations}
    create([organisation for organisation in plan.parties.new if id(organisation) in used])
    new = [one.delegation for one in plan.delegations if one.delegation.pk is None]
    slugs = Slugs(plan.edition.delegations.values_list("slug", flat=True))
    for delegation in new:
        # Organisations have their keys by now; the relation was set before they had a row.
        delegation.organisation = delegation.organisation
        delegation.slug = slugs.take(delegation.party.slug)
    create(new)
    update((one.delegation, {name: getattr(one.delegation, name) for name in one.columns}) for one in plan.delegations)
    _create_members(plan)
    _change_members(plan)


def _create_members(plan: Plan) -> None:
    """In the order of the file, a batch at a time."""
    new = ((row, one.delegation) for one in plan.delegations for row in one.rows if row.is_new)
    slugs: Slugs | None = None
    while batch := list(islice(new, _LARGE_BATCH)):
        slugs = slugs or Slugs(Person.objects.values_list("slug", flat=True).iterator())
        keys = new_keys(Person, len(batch))
        members = new_keys(DelegationMember, len(batch))
        copy_rows(
            Person, (_person(row, slugs, plan.draft) | {"id": key} for (row, _), key in zip(batch, keys, strict=True))
        )
        copy_rows(
            DelegationMember,
            (
                _member(row) | {"id": member, "person_id": key, "delegation_id": delegation.pk}
                for (row, delegation), key, member in zip(batch, keys, members, strict=True)
            ),
        )


def _person(row: RowPlan, slugs: Slugs, draft: bool) -> dict[str, Any]:
    name = row.row.name
    return {
        "slug": slugs.take(neutral_slug(name, "") or "person"),
        "state": PublicationState.DRAFT.value if draft else PublicationState.PUBLISHED.value,
        **with_text("name", language_of(name), name),
        **sort_keys(name),
    }


def _member(row: RowPlan) -> dict[str, Any]:
    values: dict[str, Any] = {"role": str(row.role), "rank": row.rank}
    for name in TEXTS:
        if text := getattr(row.row, name):
            values |= with_text(name, language_of(text, row.row.honorific), text)
    return values


def _change_members(plan: Plan) -> None:
    rows = [row for one in plan.delegations for row in one.rows if row.member]
    update((DelegationMember(pk=row.member.pk), row.columns) for row in rows)
    # One person may be in several of these rows.
    persons = {row.member.person: row for row in rows if row.names}
    update(
        (Person(pk=pk, **{name: row.member.names.get(name) for name in NAMES}), row.names)
        for pk, row in persons.items()
    )
    ranks = [(pk, rank) for one in plan.delegations for pk, rank in one.ranks.items()]
    update((DelegationMember(pk=pk), {"rank": rank}) for pk, rank in ranks)
