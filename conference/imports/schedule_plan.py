"""What a programme file would do to an edition: every event is created, changed, unchanged or refused.

Nothing is written here. New records are made unsaved and changed ones get their new values; `schedule_apply` saves
both. `docs/formats.md` says how events are recognised and what wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from conference.imports.edition_days import days_of
from conference.imports.fitting import fit
from conference.imports.matching import pair
from conference.imports.on_file import OnFile
from conference.imports.parsed import Event, Key, ParsedSchedule, Problem, folded
from conference.imports.planned import EventPlan, Plan
from conference.imports.schedule_parts import Parts
from conference.imports.schedule_people import People
from conference.imports.schedule_places import Names
from conference.imports.schedule_slots import Slots
from conference.imports.values import shown
from conference.models import Edition, Session
from content import languages
from content.choices import PublicationState

_KINDS = ("guid", "code", "id+title", "slug", "title+persons", "id")
_ROUNDS = (
    *({kind, f"{kind}+start", f"{kind}+start+room"} for kind in _KINDS),
    *({f"{kind} shared"} for kind in _KINDS),
)


def make_plan(parsed: ParsedSchedule, edition: Edition, *, draft: bool = False) -> Plan:
    """To be called in the transaction in which it is applied."""
    return _Planner(parsed, edition, draft).plan()


class _Planner:
    def __init__(self, parsed: ParsedSchedule, edition: Edition, draft: bool):
        self.problems = list(parsed.problems)
        self.file = fit(parsed, self.warn)
        self.edition = edition
        self.draft = draft
        self.on_file = OnFile(edition)

    def warn(self, line: int, reason: str) -> None:
        self.problems.append(Problem(line, "warning", reason))

    def plan(self) -> Plan:
        found = list(zip(self.file.events, self._sessions(), strict=True))
        people = People(self.on_file, self.file.persons, draft=self.draft)
        people.find(found)
        names = Names(self.file, self.on_file, found, draft=self.draft)
        parts = Parts(self.file, self.on_file, people, names, draft=self.draft, warn=self.warn)
        plans = [parts.plan(event, session) for event, session in found]
        parts.join(plans)
        self._refuse(plans)
        accepted = [plan for plan in plans if plan.verdict != "refuse"]
        slots = Slots(self.on_file, names, parts.given, draft=self.draft, warn=self.warn)
        slots.plan(accepted)
        for plan in accepted:
            plan.settle()
        names.report_renamed([plan.event for plan in accepted], self.warn)
        people.report(accepted, self.warn)
        self._report_absent(plans)
        self._report_edition()
        return Plan(self.edition, self.draft, plans, self.problems, slots.unconfirmed, self.file.conference.version)

    def _sessions(self) -> list[Session | None]:
        """The session on file that each event means."""
        events, sessions = self.file.events, self.on_file.sessions
        places = [self.on_file.place_of(session) for session in sessions]

        def distance(event: int, session: int) -> tuple[bool, bool]:
            start, room = places[session]
            return start != events[event].start, room != folded(events[event].room)

        keys = [self.on_file.session_keys(session) for session in sessions]
        pairs = pair(_event_keys(events), keys, _ROUNDS, distance)
        return [sessions[pairs[index]] if index in pairs else None for index in range(len(events))]

    def _refuse(self, plans: Iterable[EventPlan]) -> None:
        days, zone = days_of(self.edition), ZoneInfo(self.edition.time_zone)
        for plan in plans:
            start = plan.event.start
            if start and start not in days:
                plan.refuse(
                    f"{shown(plan.event.title)} starts on {start.astimezone(zone):%Y-%m-%d %H:%M}, outside the days of"
                    f" the edition, {days.words}: correct the file or the edition's dates, and import again"
                )
            elif self.draft and plan.texts_differ and plan.shown:
                plan.refuse(
                    f"{shown(plan.event.title)} is public, so that its changed texts would be so at once:"
                    " import it without --draft"
                )
            if plan.reason:
                self.problems.append(Problem(plan.event.line, "refused", plan.reason))

    def _report_absent(self, plans: Iterable[EventPlan]) -> None:
        present = {plan.session.pk for plan in plans}
        for session in self.on_file.sessions:
            if session.pk not in present and session.state != PublicationState.ARCHIVED:
                title = shown(languages.localised(session, "title", "en").text)
                self.warn(1, f"{title} ({session.slug}) is on file but not in this file: it stays as it is")

    def _report_edition(self) -> None:
        if self.edition.pk and not self.draft and self.edition.state != PublicationState.PUBLISHED:
            self.warn(1, "the edition is not published: nobody sees what comes in before it is")


def _event_keys(events: Iterable[Event]) -> list[list[Key]]:
    """The parser's keys. Those that several events share are of a kind of their own, which comes last."""
    events = list(events)
    holders = Counter(key for event in events for key in set(event.keys))
    return [[_as_matched(key, holders[key]) for key in _used_keys(event)] for event in events]


def _used_keys(event: Event) -> Iterable[Key]:
    """With a guid an id alone says nothing: another guid under the same id is another event."""
    return (key for key in event.keys if not (event.guid and key.kind.partition("+start")[0] == "id"))


def _as_matched(key: Key, holders: int) -> Key:
    if holders > 1:
        return Key(f"{key.kind} shared", key.value)
    # Events that are alike in all of it are numbered; on file they are just as many.
    if key.kind.endswith("+room"):
        value, _, number = key.value.rpartition(" #")
        return Key(key.kind, value if number.isdecimal() and int(number) > 1 else key.value)
    return key
