"""What a programme file would do, event by event, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from conference.imports.parsed import Event, Problem
from conference.models import (
    Appearance,
    Edition,
    Participation,
    Person,
    Session,
    SessionInterpretation,
    SessionLink,
    Slot,
    Track,
)

Verdict = Literal["create", "change", "unchanged", "refuse"]


@dataclass
class PersonPlan:
    """`columns` are those of the person that change; records without a key are new."""

    person: Person
    appearance: Appearance
    columns: set[str] = field(default_factory=set)
    appearance_differs: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.columns) or self.appearance_differs or self.person.pk is None

    @property
    def shown(self) -> bool:
        """The public would see a change at once."""
        return self.person.first_public_at is not None


@dataclass
class EventPlan:
    """`columns` are those of the session that change; lists that are None stay as they are.

    `version_differs`: the public's version says something else of time, room or state than the file. `details` say in
    words what differs.
    """

    event: Event
    session: Session
    verdict: Verdict = "unchanged"
    reason: str = ""
    columns: set[str] = field(default_factory=set)
    track: Track | None = None
    track_columns: set[str] = field(default_factory=set)
    persons: list[PersonPlan] = field(default_factory=list)
    participations: list[Participation] | None = None
    dropped_persons: set[int] = field(default_factory=set)
    links: list[SessionLink] | None = None
    parent: Session | None = None
    interpretation: list[SessionInterpretation] | None = None
    slot: Slot | None = None
    slot_differs: bool = False
    version_differs: bool = False
    details: list[str] = field(default_factory=list)

    @property
    def texts_differ(self) -> bool:
        """Something differs that isn't the schedule's, and so doesn't wait for a version to be published."""
        lists = any(one is not None for one in (self.participations, self.links, self.parent, self.interpretation))
        return bool(self.columns or self.track_columns) or lists or any(one.differs for one in self.persons)

    @property
    def shown(self) -> bool:
        """The public would see a change of the texts at once."""
        persons = any(one.shown for one in self.persons if one.differs)
        return persons or self.session.first_public_at is not None

    def settle(self) -> None:
        if self.session.pk is None:
            self.verdict = "create"
        elif self.texts_differ or self.slot_differs or self.version_differs:
            self.verdict = "change"

    def refuse(self, reason: str) -> None:
        self.verdict, self.reason = "refuse", reason


@dataclass
class Plan:
    """`problems` are the parser's and the planner's; each refused event has one.

    `unconfirmed` are slots of sessions that aren't in the file, and lose their room to one that is.
    """

    edition: Edition
    draft: bool
    events: list[EventPlan]
    problems: list[Problem]
    unconfirmed: list[Slot] = field(default_factory=list)
    version: str = ""

    def of(self, *verdicts: Verdict) -> list[EventPlan]:
        return [event for event in self.events if event.verdict in verdicts]
