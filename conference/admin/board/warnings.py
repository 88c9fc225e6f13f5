"""What staff should look at in a draft. A warning never stops anybody."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.admin.board.facts import Entry, Facts
from conference.admin.board.words import clock, clocks, day_words, isolated
from conference.choices import ParticipationRole, SlotState
from content import languages
from content.presentation import language_name, listed


class Kind(models.TextChoices):
    """In the order in which they are shown."""

    TWO_PLACES = "two_places", gettext_lazy("A person in two places at once")
    ROOM_OVERLAP = "room_overlap", gettext_lazy("Sessions at the same time in one room")
    UNAVAILABLE = "unavailable", gettext_lazy("A person outside their availability")
    ROOM_TOO_SMALL = "room_too_small", gettext_lazy("Too small a room")
    NO_INTERPRETER = "no_interpreter", gettext_lazy("Missing interpreter")
    OUTSIDE_SECTION = "outside_section", gettext_lazy("Outside the time of the section")
    OUTSIDE_PARENT = "outside_parent", gettext_lazy("Outside the session that it is part of")
    NO_ROOM = "no_room", gettext_lazy("No room yet")
    UNTRANSLATED = "untranslated", gettext_lazy("Untranslated title")
    TENTATIVE = "tentative", gettext_lazy("Still tentative")


class Warning(NamedTuple):
    kind: Kind
    sessions: tuple[int, ...]
    text: str


def warnings(facts: Facts, zone) -> list[Warning]:
    """Of the whole draft, by kind and time."""
    looked = Look(facts, zone)
    found = [*looked.at_pairs(), *looked.at_each()]
    order = {kind: number for number, kind in enumerate(Kind)}
    return sorted(found, key=lambda warning: order[warning.kind])


class Look:
    def __init__(self, facts: Facts, zone):
        self.facts, self.zone = facts, zone
        self.on = [entry for entry in facts.entries.values() if entry.is_on]

    def at_pairs(self) -> Iterator[Warning]:
        yield from self.two_places()
        yield from self.room_overlaps()
        yield from self.across_all_rooms()

    def at_each(self) -> Iterator[Warning]:
        for entry in self.facts.entries.values():
            if entry.state == SlotState.CANCELLED:
                continue
            for check in (
                self.unavailable,
                self.room_too_small,
                self.no_interpreter,
                self.outside_section,
                self.outside_parent,
                self.no_room,
                self.untranslated,
                self.tentative,
            ):
                yield from check(entry)

    def time(self, entry: Entry) -> str:
        return isolated(f"{day_words(entry.start, self.zone)} {clocks(entry.start, entry.end, self.zone)}")

    def room(self, entry: Entry) -> str:
        room = self.facts.rooms.get(entry.room)
        return isolated(room.name if room else _("without a room"))

    def is_part_of(self, one: Entry, other: Entry) -> bool:
        """Whether one is, over however many steps, a talk of the other."""
        seen = set()
        while one and one.parent and one.session not in seen:
            if one.parent == other.session:
                return True
            seen.add(one.session)
            one = self.facts.entries.get(one.parent)
        return False

    def are_one(self, one: Entry, other: Entry) -> bool:
        """A talk and the session that it is part of, in one place, are one thing to be at."""
        same_place = one.room == other.room or None in (one.room, other.room)
        return same_place and (self.is_part_of(one, other) or self.is_part_of(other, one))

    def two_places(self) -> Iterator[Warning]:
        by_person = defaultdict(dict)
        for entry in self.on:
            for attendance in entry.people:
                by_person[attendance.person][entry.session] = (entry, attendance.name)
        for found in by_person.values():
            for (one, name), (other, _name) in overlapping(found.values(), key=lambda pair: pair[0]):
                if not self.are_one(one, other):
                    yield self.pair(
                        Kind.TWO_PLACES,
                        one,
                        other,
                        _("%(name)s is in “%(one)s” (%(one_place)s) and in “%(other)s” (%(other_place)s)."),
                        name=isolated(name),
                    )

    def pair(self, kind: Kind, one: Entry, other: Entry, text: str, **values) -> Warning:
        values |= {
            "one": isolated(one.title),
            "other": isolated(other.title),
            "one_place": f"{self.time(one)}, {self.room(one)}",
            "other_place": f"{self.time(other)}, {self.room(other)}",
            "one_time": self.time(one),
            "other_time": self.time(other),
        }
        return Warning(kind, (one.session, other.session), text % values)

    def room_overlaps(self) -> Iterator[Warning]:
        """The database keeps confirmed sessions apart; others may still be where they can't stay."""
        by_room = defaultdict(list)
        for entry in self.on:
            if entry.room:
                by_room[entry.room].append(entry)
        for entries in by_room.values():
            for one, other in overlapping(entries):
                if not self.are_one(one, other):
                    yield self.pair(
                        Kind.ROOM_OVERLAP,
                        one,
                        other,
                        _("%(room)s has “%(one)s” (%(one_time)s) and “%(other)s” (%(other_time)s)."),
                        room=self.room(one),
                    )

    def across_all_rooms(self) -> Iterator[Warning]:
        for one, other in overlapping(self.on):
            spanning, inside = (one, other) if self.spans_all(one) else (other, one)
            if self.spans_all(spanning) and not self.are_one(one, other):
                yield self.pair(
                    Kind.ROOM_OVERLAP,
                    spanning,
                    inside,
                    _("“%(one)s” is across all rooms (%(one_time)s) while “%(other)s” is on (%(other_place)s)."),
                )

    @staticmethod
    def spans_all(entry: Entry) -> bool:
        return entry.room is None and (entry.spans or entry.is_break)

    def unavailable(self, entry: Entry) -> Iterator[Warning]:
        if entry.start is None:
            return
        for person, name in {attendance.person: attendance.name for attendance in entry.people}.items():
            windows = self.facts.windows.get(person)
            if windows and not any(start <= entry.start and entry.until <= end for start, end in windows):
                yield Warning(
                    Kind.UNAVAILABLE,
                    (entry.session,),
                    _("%(name)s is not available for “%(session)s” (%(time)s), but %(windows)s.")
                    % {
                        "name": isolated(name),
                        "session": isolated(entry.title),
                        "time": self.time(entry),
                        "windows": "; ".join(self.window(*window) for window in windows),
                    },
                )

    def window(self, start, end) -> str:
        if start and end:
            return isolated(f"{day_words(start, self.zone)} {clocks(start, end, self.zone)}")
        bound = start or end
        text = _("from %(time)s") if start else _("until %(time)s")
        return text % {"time": isolated(f"{day_words(bound, self.zone)} {clock(bound, self.zone)}")}

    def room_too_small(self, entry: Entry) -> Iterator[Warning]:
        room = self.facts.rooms.get(entry.room)
        if room and room.capacity is not None and entry.expected is not None and entry.expected > room.capacity:
            yield Warning(
                Kind.ROOM_TOO_SMALL,
                (entry.session,),
                _("“%(session)s” expects %(expected)d persons; %(room)s has %(seats)d seats.")
                % {
                    "session": isolated(entry.title),
                    "expected": entry.expected,
                    "room": self.room(entry),
                    "seats": room.capacity,
                },
            )

    def no_interpreter(self, entry: Entry) -> Iterator[Warning]:
        if entry.is_break:
            return
        interpreters = [one for one in entry.people if one.role == ParticipationRole.INTERPRETER]
        covered = {tag.lower() for one in interpreters for tag in one.languages or ()}
        missing = [tag for tag in entry.interpretation if not is_covered(tag, covered)]
        if not missing:
            return
        values = {
            "session": isolated(entry.title),
            "languages": isolated(listed(language_name(tag) for tag in missing)),
        }
        text = _("“%(session)s” has no interpreter into: %(languages)s.")
        if unknown := [one.name for one in interpreters if one.languages is None]:
            values["names"] = listed(isolated(name) for name in unknown)
            text = _(
                "“%(session)s” has no interpreter into: %(languages)s. Not recorded is what these interpret into:"
                " %(names)s."
            )
        yield Warning(Kind.NO_INTERPRETER, (entry.session,), text % values)

    def outside_section(self, entry: Entry) -> Iterator[Warning]:
        start, end = entry.section_start, entry.section_end
        if entry.start is None or not ((start and entry.start < start) or (end and entry.until > end)):
            return
        yield Warning(
            Kind.OUTSIDE_SECTION,
            (entry.session,),
            _("“%(session)s” (%(time)s) is outside of “%(section)s”: %(window)s.")
            % {
                "session": isolated(entry.title),
                "time": self.time(entry),
                "section": isolated(entry.section),
                "window": self.window(start, end),
            },
        )

    def outside_parent(self, entry: Entry) -> Iterator[Warning]:
        parent = self.facts.entries.get(entry.parent)
        if not (parent and parent.start and entry.start):
            return
        if entry.start < parent.start or entry.until > parent.until:
            yield self.pair(
                Kind.OUTSIDE_PARENT,
                entry,
                parent,
                _("“%(one)s” (%(one_time)s) is part of “%(other)s” (%(other_time)s), but not within it."),
            )

    def no_room(self, entry: Entry) -> Iterator[Warning]:
        if entry.room is None and not self.spans_all(entry):
            yield Warning(
                Kind.NO_ROOM, (entry.session,), _("“%(session)s” has no room.") % {"session": isolated(entry.title)}
            )

    def untranslated(self, entry: Entry) -> Iterator[Warning]:
        if entry.missing_titles:
            yield Warning(
                Kind.UNTRANSLATED,
                (entry.session,),
                _("The title of “%(session)s” is missing in: %(languages)s.")
                % {
                    "session": isolated(entry.title),
                    "languages": listed(isolated(languages.NATIVE_NAMES[code]) for code in entry.missing_titles),
                },
            )

    def tentative(self, entry: Entry) -> Iterator[Warning]:
        if entry.state == SlotState.TENTATIVE:
            yield Warning(
                Kind.TENTATIVE,
                (entry.session,),
                _("“%(session)s” is not confirmed.") % {"session": isolated(entry.title)},
            )


def overlapping(items, key=lambda item: item):
    """Pairs that are on at the same time. What ends when another begins does not overlap it."""
    current = []
    for item in sorted(items, key=lambda item: key(item).start):
        current = [other for other in current if key(other).until > key(item).start]
        yield from ((other, item) for other in current)
        current.append(item)


def is_covered(tag: str, covered: set[str]) -> bool:
    """Whoever interprets into Chinese does so for zh-Hans too, and the other way round."""
    tag = tag.lower()
    return any(one == tag or one.startswith(f"{tag}-") or tag.startswith(f"{one}-") for one in covered)
