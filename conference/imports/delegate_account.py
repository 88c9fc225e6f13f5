"""The account of a list of participants, the same for the command and the admin."""

from __future__ import annotations

from conference.imports.delegate_plan import Plan, RowPlan
from content.imports.account import Account, Entry


def fill(account: Account, plan: Plan, file: str, *, entries: bool = False) -> None:
    account.created, account.changed = plan.count("created"), plan.count("changed")
    account.unchanged = plan.count("unchanged")
    for row in plan.rows:
        if row.verdict == "refused":
            account.refuse(file, row.row.line, row.details[0])
    for line, reason in plan.warnings:
        account.warn(file, line, reason)
    if entries:
        account.entries = [_entry(row) for row in plan.rows]


def _entry(row: RowPlan) -> Entry:
    label = ", ".join(filter(None, [row.row.name, row.row.delegation or row.row.code])) or "–"
    return Entry(row.row.line, row.verdict, label, tuple(row.details))
