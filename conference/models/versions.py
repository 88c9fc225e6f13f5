"""What a schedule version freezes, and what it changed against the version before."""

from collections import defaultdict

from django.apps import apps
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F

from conference.choices import ChangeKind, SlotState
from content import languages
from content.publication import ended, window

TITLES = [languages.column("title", code) for code in languages.CODES]
REASONS = [languages.column("withdrawal_reason", code) for code in languages.CODES]


class VersionQuerySet(models.QuerySet):
    """`slug` is the number, by which an address within the edition tells a version."""

    def published(self):
        return self.numbered().filter(window("edition__"))

    def once_public(self):
        return self.numbered().filter(edition__first_public_at__lte=TransactionNow())

    def withdrawn(self):
        """Those of an edition that was taken back, with its reason."""
        reasons = {column: F(f"edition__{column}") for column in REASONS}
        return self.numbered().filter(ended("edition__"), edition__first_public_at__isnull=False).annotate(**reasons)

    def numbered(self):
        slug = models.functions.Cast("number", models.CharField())
        return self.filter(number__isnull=False).annotate(slug=slug)


# What is frozen


def public_sessions_of(edition) -> set[int]:
    """Of others no version keeps a word: nobody could have read it."""
    sessions = apps.get_model("conference.Session").objects.published()
    return set(sessions.filter(edition=edition).values_list("pk", flat=True))


def public_participations_of(sessions: set[int]) -> dict[int, list]:
    found = defaultdict(list)
    rows = apps.get_model("conference.Participation").objects
    public = rows.filter(window("person__"), session__in=sessions).select_related("person")
    for one in public.order_by("position", "id"):
        found[one.session_id].append(one)
    return found


def frozen_title(session) -> dict[str, str]:
    return {column: getattr(session, column) or "" if session else "" for column in TITLES}


def freeze_participations(slots: list) -> None:
    """To be called once the slots are saved."""
    for slot in slots:
        for one in slot.frozen:
            one.slot = slot
    apps.get_model("conference.SlotParticipation").objects.bulk_create(one for slot in slots for one in slot.frozen)


# What has changed


def participations(slot) -> list:
    """Of a saved slot, or of one that is about to be saved."""
    return slot.frozen if hasattr(slot, "frozen") else list(slot.participations.all())


def roles(slot) -> set[tuple[int, str]]:
    return {(one.person_id, one.role) for one in participations(slot)}


def title_of(slot) -> tuple[str, ...]:
    return tuple(getattr(slot, column) or "" for column in TITLES)


def place_of(slot) -> tuple:
    return slot.start, slot.end, slot.room_id


def differ(before, slot) -> bool:
    if before is None:
        return True
    return any(part(before) != part(slot) for part in (place_of, title_of, roles, lambda one: one.state))


def joined(slot) -> list:
    """Those who take part in a role that they did not have in the version before."""
    known = roles(slot.before)
    return [one for one in participations(slot) if (one.person_id, one.role) not in known]


def left(slot) -> list:
    kept = roles(slot)
    return [one for one in participations(slot.before) if (one.person_id, one.role) not in kept]


def kinds_of(slot) -> list[ChangeKind]:
    """What the slot's version did to its session, judged by `slot.before`; persons are as they were fetched."""
    if slot.before is None:
        return [ChangeKind.ADDED]
    found = {kind for kind, is_so in (*state_changes(slot), *word_changes(slot)) if is_so}
    return [kind for kind in ChangeKind if kind in found]


def state_changes(slot):
    before, state = slot.before.state, slot.state
    stopped = before in ("", SlotState.CANCELLED)
    goes_on = state in (SlotState.TENTATIVE, SlotState.CONFIRMED)
    yield ChangeKind.REMOVED, before and not state
    yield ChangeKind.CANCELLED, state == SlotState.CANCELLED != before
    yield ChangeKind.REINSTATED, stopped and goes_on
    yield ChangeKind.CONFIRMED, (before, state) == (SlotState.TENTATIVE, SlotState.CONFIRMED)
    yield ChangeKind.TENTATIVE, (before, state) == (SlotState.CONFIRMED, SlotState.TENTATIVE)
    yield ChangeKind.MOVED, before and state and place_of(slot.before) != place_of(slot)


def word_changes(slot):
    """A title or a participation that the public could not know before is no news of this version."""
    was_public = any(title_of(slot.before))
    yield ChangeKind.RETITLED, was_public and any(title_of(slot)) and title_of(slot.before) != title_of(slot)
    yield ChangeKind.JOINED, was_public and any(title_of(slot)) and joined(slot)
    yield ChangeKind.LEFT, was_public and any(title_of(slot)) and left(slot)


def participations_of(kind: ChangeKind, slot) -> list:
    """Those whom a change is about."""
    changed = {ChangeKind.JOINED: joined, ChangeKind.LEFT: left}
    return changed[kind](slot) if kind in changed else []
