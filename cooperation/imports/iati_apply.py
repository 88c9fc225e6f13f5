"""Brings some activities at a time up to date: what differs from what is on file is written, and nothing else.

The number of queries depends on the number of activities only through the size of a batch.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models

from conference.imports.records import columns, publish_if_new
from conference.models import Country
from content import languages
from content.choices import PublicationState
from content.exports.plain_text import plain_text, readable
from content.imports.problems import Problem
from content.journal import Journal
from content.models import Strand
from cooperation.imports.iati import added, one_line
from cooperation.imports.iati_organisations import Organisations, give_slugs
from cooperation.imports.iati_parsed import Activity, Texts
from cooperation.models import (
    Budget,
    Project,
    ProjectCountry,
    ProjectOrganisation,
    ProjectRegion,
    ProjectSector,
    Transaction,
)
from cooperation.models.projects import ProjectPart

_BATCH = 500
# What a part is compared by, apart from the project.
PARTS: dict[type[ProjectPart], tuple[str, ...]] = {
    ProjectCountry: ("country_id", "percentage", "derived_from"),
    ProjectRegion: ("vocabulary", "code", "percentage"),
    ProjectSector: ("vocabulary", "code", "percentage"),
    ProjectOrganisation: ("organisation_id", "role"),
    Budget: ("amount", "currency", "value_date", "type", "status", "period_start", "period_end"),
    Transaction: (
        "amount",
        "currency",
        "value_date",
        "type",
        "date",
        "provider_id",
        "receiver_id",
        *(languages.column("description", code) for code in languages.CODES),
    ),
}
_LISTS = {
    ProjectCountry: "countries",
    ProjectRegion: "regions",
    ProjectSector: "sectors",
    ProjectOrganisation: "organisations",
    Budget: "budgets",
    Transaction: "transactions",
}
_PARTIES = ("provider_id", "receiver_id")
Values = dict[str, Any]
# The parts on file, by model and project.
Stored = dict[type[ProjectPart], dict[int, list]]


class Outcome:
    """What becomes of one activity; `details` say in words what differs."""

    def __init__(self, activity: Activity, project: Project):
        self.activity = activity
        self.project = project
        self.is_new = project.pk is None
        self.columns: set[str] = set()
        self.details: list[str] = []
        self.problems: list[Problem] = []
        self.refused = ""
        # By model: the values of new rows in the order of `PARTS`, and the keys of old ones.
        self.create: dict[type[ProjectPart], list[tuple]] = {}
        self.delete: dict[type[ProjectPart], list[int]] = {}

    @property
    def verdict(self) -> str:
        if self.refused:
            return "refused"
        if self.is_new:
            return "created"
        return "changed" if self.columns or self.create or self.delete else "unchanged"

    def refuse(self, reason: str) -> None:
        self.refused = reason
        self.columns, self.create, self.delete = set(), {}, {}

    def replace(self, model: type[ProjectPart], gone: list[int], new: list[tuple]) -> None:
        if gone:
            self.delete[model] = gone
        if new:
            self.create[model] = new
        if gone or new:
            self.details.append(_LISTS[model])

    def warn(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, "warning", reason))


class Applier:
    def __init__(self, journal: Journal, *, draft: bool):
        self.journal = journal
        self.draft = draft
        self.organisations = Organisations(journal, draft=draft)
        self.countries: dict[str, int] = {}
        self.untold_countries: set[int] = set()
        self._load_countries()
        self.strands = dict(Strand.objects.values_list("slug", "pk"))

    def _load_countries(self) -> None:
        """By both codes. An export tells nothing of hidden countries, nor of extinct states."""
        public = set(Country.objects.published().values_list("pk", flat=True))
        for pk, code, alpha3 in Country.objects.values_list("pk", "code", "alpha3"):
            self.countries[code] = pk
            if len(code) == 2:
                self.countries.setdefault(alpha3, pk)
            if pk not in public or len(code) > 2:
                self.untold_countries.add(pk)

    def apply(self, activities: Sequence[Activity]) -> list[Outcome]:
        on_file = self._on_file(activities)
        outcomes = [Outcome(one, on_file.get(one.own or one.identifier) or self._new(one)) for one in activities]
        parts = self._parts(outcomes)
        kept: set[Outcome] = set()
        if self.draft:
            kept = {one for one in outcomes if one.project.state == PublicationState.PUBLISHED}
        for outcome in kept:
            self._keep_public(outcome, parts)
        written = [one for one in outcomes if one not in kept]
        self.organisations.settle(
            party for outcome in outcomes if not outcome.refused for party in outcome.activity.parties()
        )
        for outcome in written:
            self._compare(outcome, parts)
        self._write_projects(written)
        self._write_parts(written)
        return outcomes

    def _keep_public(self, outcome: Outcome, parts: Stored) -> None:
        """Refuse what would change, before organisations are made for it."""
        are_known = all(map(self.organisations.key, outcome.activity.parties()))
        if are_known:
            self._compare(outcome, parts)
        if not are_known or outcome.verdict == "changed":
            outcome.refuse("the project is public, and a change of it would be so at once: import without --draft")

    def _on_file(self, activities: Iterable[Activity]) -> dict[str, Project]:
        identifiers = [one.identifier for one in activities if not one.own]
        own = [one.own for one in activities if one.own]
        # Excluding the empty one lets the database use its index.
        rows = Project.objects.filter(iati_identifier__in=identifiers).exclude(iati_identifier="")
        found = {project.iati_identifier: project for project in rows.select_for_update(of=["self"])}
        if own:
            rows = Project.objects.filter(uuid__in=own).select_for_update(of=["self"])
            found |= {str(project.uuid): project for project in rows}
        return found

    def _new(self, activity: Activity) -> Project:
        """What the portal itself exported without an identifier keeps its UUID."""
        own = {"uuid": uuid.UUID(activity.own)} if activity.own else {"iati_identifier": activity.identifier}
        return Project(state=PublicationState.DRAFT, **own)

    def _parts(self, outcomes: Iterable[Outcome]) -> Stored:
        keys = [outcome.project.pk for outcome in outcomes if not outcome.is_new]
        found: Stored = {model: defaultdict(list) for model in PARTS}
        if keys:
            for model, rows in found.items():
                for part in models.QuerySet(model).filter(project__in=keys).order_by("pk"):
                    rows[part.project_id].append(part)
        return found

    # ── what differs ───────────────────────────────────────────────────────────────────────────────────────────────

    def _compare(self, outcome: Outcome, parts: Stored) -> None:
        self._compare_columns(outcome)
        for model in PARTS:
            self._compare_parts(outcome, model, parts[model].get(outcome.project.pk, []))

    def _compare_columns(self, outcome: Outcome) -> None:
        activity, project = outcome.activity, outcome.project
        values: Values = {}
        for field, texts in activity.texts.items():
            values |= self._texts(project, field, texts)
        if activity.status:
            values["status"] = activity.status
        if activity.dates:
            # They are one list: a date that is gone from it is gone.
            names = ("planned_start", "actual_start", "planned_end", "actual_end")
            values |= {name: activity.dates.get(name) for name in names}
        if activity.reporter:
            values["reporter_id"] = self.organisations.key(activity.reporter)
        if activity.strand in self.strands:
            values["strand_id"] = self.strands[activity.strand]
        differing = {name for name, value in values.items() if (getattr(project, name) or None) != (value or None)}
        for name in differing:
            setattr(project, name, values[name])
        outcome.columns = {name.removesuffix("_id") for name in differing}
        outcome.details = sorted(outcome.columns)
        published = publish_if_new(project, self.draft)
        if published:
            outcome.columns |= published
            outcome.details.append("published")

    def _texts(self, project: Project, field: str, texts: Texts) -> Values:
        """A text that says the same, however it is formatted on file, stays."""
        values: Values = {}
        is_html = field != "title"
        for code, text in texts.items():
            column = languages.column(field, code)
            stored = getattr(project, column) or ""
            same = plain_text(readable(stored)) == plain_text(text) if is_html else one_line(readable(stored)) == text
            values[column] = stored if stored and same else text
        return values

    def _compare_parts(self, outcome: Outcome, model: type[ProjectPart], stored: list) -> None:
        wanted = self._wanted(outcome, model)
        names = PARTS[model]
        if not wanted:
            self._warn_of_silence(outcome, model, stored)
            return
        if model is ProjectCountry and _all_derived(wanted) and any(not part.derived_from for part in stored):
            # What the project itself says stands above what its parts let guess.
            return
        missing = Counter(tuple(one[name] for name in names) for one in wanted)
        gone = []
        for part in stored:
            key = tuple(_comparable(part, name) for name in names)
            if missing[key]:
                missing[key] -= 1
            elif not self._is_untold(part):
                gone.append((part.pk, key))
        if model is Transaction:
            gone = [(pk, key) for pk, key in gone if not self._is_told_in_part(key, missing)]
        outcome.replace(model, [pk for pk, _key in gone], list(missing.elements()))

    def _is_untold(self, part: ProjectPart) -> bool:
        """Whether an export could not have told of it, so that a file's silence says nothing."""
        if isinstance(part, ProjectCountry):
            return part.country_id in self.untold_countries
        return isinstance(part, ProjectOrganisation) and self.organisations.is_hidden(part.organisation_id)

    def _is_told_in_part(self, key: tuple, missing: Counter) -> bool:
        """Whether the file has the transaction without a party that an export could not have named."""
        told = tuple(
            None if name in _PARTIES and self.organisations.is_hidden(value) else value
            for name, value in zip(PARTS[Transaction], key, strict=True)
        )
        if told == key or not missing[told]:
            return False
        missing[told] -= 1
        return True

    def _warn_of_silence(self, outcome: Outcome, model: type[ProjectPart], stored: list) -> None:
        told = [part for part in stored if not self._is_untold(part)]
        if told:
            words = f"the activity says nothing of {model._meta.verbose_name_plural}: those on file stay"
            outcome.warn(outcome.activity.line, words)

    def _wanted(self, outcome: Outcome, model: type[ProjectPart]) -> list[Values]:
        read: dict[type[ProjectPart], Callable[[Outcome], list[Values]]] = {
            ProjectCountry: self._countries,
            ProjectRegion: lambda outcome: _coded(outcome.activity.regions),
            ProjectSector: lambda outcome: _coded(outcome.activity.sectors),
            ProjectOrganisation: self._roles,
            Budget: _budgets,
            Transaction: self._transactions,
        }
        return read[model](outcome)

    def _countries(self, outcome: Outcome) -> list[Values]:
        found: dict[int, Values] = {}
        for share in outcome.activity.countries:
            pk = self.countries.get(share.code)
            if pk is None:
                outcome.warn(share.line, f"no country on file has the code '{share.code}': it is not kept")
            elif pk in found:
                # By its other code.
                found[pk]["percentage"], words = added(found[pk]["percentage"], share, "recipient-country")
                outcome.warn(share.line, words)
            else:
                found[pk] = {"country_id": pk, "percentage": share.percentage, "derived_from": share.origin}
        return list(found.values())

    def _roles(self, outcome: Outcome) -> list[Values]:
        pairs = dict.fromkeys((self.organisations.key(party), role) for party, role in outcome.activity.organisations)
        return [{"organisation_id": pk, "role": role} for pk, role in pairs]

    def _transactions(self, outcome: Outcome) -> list[Values]:
        return [
            {
                **one.money._asdict(),
                "type": one.type,
                "date": one.date,
                "provider_id": self.organisations.key(one.provider),
                "receiver_id": self.organisations.key(one.receiver),
                **{languages.column("description", code): one.description.get(code) for code in languages.CODES},
            }
            for one in outcome.activity.transactions
        ]

    # ── writing many ───────────────────────────────────────────────────────────────────────────────────────────────

    def _write_projects(self, outcomes: Iterable[Outcome]) -> None:
        new = [outcome.project for outcome in outcomes if outcome.is_new]
        changed = {outcome.project.pk: outcome for outcome in outcomes if not outcome.is_new and outcome.columns}
        for project in (*new, *(outcome.project for outcome in changed.values())):
            project.fill_sort_keys()
        rows = models.QuerySet(Project)
        if new:
            give_slugs(new, lambda project: (project.iati_identifier or project.title_en or "", str(project.uuid)))
            rows.bulk_create(new, batch_size=_BATCH)
            self.journal.created(Project, [project.pk for project in new])
        if changed:
            self.journal.changing(Project, list(changed))
            names = columns(Project, set().union(*(outcome.columns for outcome in changed.values())))
            rows.bulk_update([outcome.project for outcome in changed.values()], names, batch_size=_BATCH)

    def _write_parts(self, outcomes: Sequence[Outcome]) -> None:
        """First what goes, since of some parts there can't be two."""
        for model in PARTS:
            if keys := [key for outcome in outcomes for key in outcome.delete.get(model, ())]:
                self.journal.changing(model, keys)
                rows = models.QuerySet(model).filter(pk__in=keys)
                rows._raw_delete(using=rows.db)
            new = [(outcome.project.pk, *row) for outcome in outcomes for row in outcome.create.get(model, ())]
            if new:
                self.journal.created(model, _copy(model, new))


def _copy(model: type[ProjectPart], rows: list[tuple]) -> list[int]:
    """The keys of new rows, each of a project's key and the values of `PARTS`. Faster by far than `bulk_create`."""
    names = ["id", "project_id", *PARTS[model]]
    table = connection.ops.quote_name(model._meta.db_table)
    if model is Transaction:
        # The column without a language says what English readers see.
        names.append("description")
        place = len(names) - 1 - len(languages.CODES) - 1
        rows = [(*row, next(filter(None, row[place:]), "")) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, len(rows)],
        )
        keys = [key for (key,) in cursor.fetchall()]
        columns_ = ", ".join(f'"{name}"' for name in names)
        with cursor.copy(f"COPY {table} ({columns_}) FROM STDIN") as copying:
            for key, row in zip(keys, rows, strict=True):
                copying.write_row((key, *row))
    return keys


def _all_derived(wanted: list[Values]) -> bool:
    return all(one["derived_from"] for one in wanted)


def _comparable(part: models.Model, name: str) -> Any:
    value = getattr(part, name)
    if name.startswith("description_"):
        return one_line(readable(value or "")) or None
    return value


def _coded(shares) -> list[Values]:
    return [{"vocabulary": one.vocabulary, "code": one.code, "percentage": one.percentage} for one in shares]


def _budgets(outcome: Outcome) -> list[Values]:
    return [
        {
            **one.money._asdict(),
            "type": one.type,
            "status": one.status,
            "period_start": one.period_start,
            "period_end": one.period_end,
        }
        for one in outcome.activity.budgets
    ]
