"""When the public may see the address of a stream or of a recording: by the place in the latest published version.

A stream is shown from a little before the start to the end, a recording after the end, neither of what is cancelled or
was taken out. Without an end on record nobody can say that it is over, and no moment would be late enough.
"""

from datetime import timedelta

from django.apps import apps
from django.contrib.postgres.functions import TransactionNow
from django.db.models import BooleanField, Case, DateTimeField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from conference.choices import LinkKind, SlotState

STREAM_OPENS = timedelta(minutes=15)
STREAM_SHOWN = _("The public sees it from 15 minutes before the published start to the published end.")
RECORDING_SHOWN = _("The public sees it after the published end of the session.")
TAKES_PLACE = (SlotState.TENTATIVE, SlotState.CONFIRMED)


def yes_if(**conditions) -> Case:
    return Case(When(Q(**conditions), then=Value(True)), default=Value(False), output_field=BooleanField())


def stream_is_open(slot: str) -> Case:
    """`slot` is the path to the slot that the public follows, such as `current__`."""
    return yes_if(
        **{
            f"{slot}state__in": TAKES_PLACE,
            f"{slot}start__lte": TransactionNow() + STREAM_OPENS,
            f"{slot}end__gt": TransactionNow(),
        }
    )


def recording_is_open(slot: str) -> Case:
    return yes_if(**{f"{slot}state__in": TAKES_PLACE, f"{slot}end__lte": TransactionNow()})


def turned_since(instant) -> Q:
    """The sessions of which an address was shown or hidden since by the clock alone."""
    # The database counts: it knows more years than Python.
    opens = {
        "start__gt": Value(instant, output_field=DateTimeField()) + STREAM_OPENS,
        "start__lte": TransactionNow() + STREAM_OPENS,
    }
    closes = {"end__gt": instant, "end__lte": TransactionNow()}
    slots = apps.get_model("conference.Slot").objects.filter(
        Q(**opens) | Q(**closes), with_addresses(), current=True, state__in=TAKES_PLACE, end__isnull=False
    )
    return Q(pk__in=slots.order_by().values("session"))


def with_addresses() -> Q:
    """The slots of sessions that have anything for the clock to show or hide, as `has_addresses` says of one."""
    links = apps.get_model("conference.SessionLink").objects.filter(kind__in=(LinkKind.STREAM, LinkKind.RECORDING))
    own = apps.get_model("conference.SessionInterpretation").objects.exclude(stream="", recording_url="")
    offered = apps.get_model("conference.RoomInterpretation").objects.exclude(stream="")
    return (
        ~Q(session__stream="", session__recording_url="")
        | Q(room__stream__gt="")
        | Q(session__in=links.values("session"))
        | Q(session__in=own.values("session"))
        | Q(room__in=offered.values("room"))
    )


def floor_stream(session) -> str:
    """The stream of the floor now, the room's where the session has none; empty outside its window.

    This and what follows is asked of sessions made `with_slot()`.
    """
    if not session.stream_is_open:
        return ""
    return session.stream or (session.room.stream if session.room else "")


def floor_recording(session) -> str:
    return session.recording_url if session.recording_is_open else ""


def stream_of(session, offered) -> str:
    """The stream of an interpretation of the session now."""
    return offered.stream if session.stream_is_open else ""


def recording_of(session, offered) -> str:
    """What a room offers has no recording: that belongs to one session."""
    return getattr(offered, "recording_url", "") if session.recording_is_open else ""


def has_addresses(session, interpretation: list) -> bool:
    """Whether there is anything that the clock shows or hides."""
    own = [session.stream, session.recording_url, session.room.stream if session.room else ""]
    return any([*own, *((one.stream or getattr(one, "recording_url", "")) for one in interpretation)])


def links_of(session) -> list:
    """The links of the session that may be shown now."""
    shown = {LinkKind.STREAM: session.stream_is_open, LinkKind.RECORDING: session.recording_is_open}
    return [link for link in session.links.all() if shown.get(link.kind, True)]
