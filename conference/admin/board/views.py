"""The addresses of the board. Each change is a POST, and answers a script with JSON and a browser with a page."""

from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from conference.admin.board.draft import Draft, Place, Refused, Stale, stamp, stamp_of_all
from conference.admin.board.forms import PlaceForm
from conference.admin.board.page import DEFAULT_MINUTES, QUIET, Board, day_of, marks_text, place_of, usual_minutes
from conference.admin.board.words import clocks, isolated, shift_text
from conference.models import Edition, Session
from content.admin.refusals import refusal
from content.presentation import shown

TEMPLATES = "admin/conference/edition/board"


def edition_for(model_admin, request, object_id: int, change: bool = True) -> Edition:
    edition = model_admin.get_object(request, str(object_id))
    if edition is None:
        raise Http404
    allowed = model_admin.has_change_permission if change else model_admin.has_view_permission
    if not allowed(request, edition):
        raise PermissionDenied
    return edition


def board_for(model_admin, request, edition) -> Board:
    """The board as the address, or the form that was sent, asks for it."""
    asked = {
        **request.GET.dict(),
        **{name: request.POST[name] for name in ("day", "q", "hours", "rooms") if name in request.POST},
    }
    try:
        day_of(asked.get("day", ""))
    except ValueError as error:
        raise BadRequest(_("Write a day as 2023-11-06.")) from error
    return Board(edition, asked, model_admin.has_change_permission(request, edition))


def wants_json(request) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def page_context(model_admin, request, edition, title: str) -> dict:
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "subtitle": str(edition),
        "opts": Edition._meta,
        "media": model_admin.media,
        # The width is for the rooms.
        "is_nav_sidebar_enabled": False,
    }


def board(model_admin, request, object_id):
    edition = edition_for(model_admin, request, object_id, change=False)
    shown_board = board_for(model_admin, request, edition)
    if request.GET.get("part") == "unscheduled":
        return JsonResponse({"parts": {"unscheduled": part(request, shown_board, "unscheduled")}})
    context = page_context(model_admin, request, edition, _("Planning board")) | shown_board.context()
    return TemplateResponse(request, f"{TEMPLATES}/board.html", context)


def part(request, shown_board: Board, name: str, **more) -> str:
    return render_to_string(f"{TEMPLATES}/_{name}.html", {**shown_board.context(), **more}, request)


def changing(view):
    """One transaction in which the draft is held; a refusal leaves nothing behind and is told to whoever asked."""

    @wraps(view)
    def changed(model_admin, request, object_id, **named):
        with transaction.atomic():
            edition = edition_for(model_admin, request, object_id)
            draft = Draft(edition, request.user)
            seen = board_for(model_admin, request, edition)
            before = draft.places_between(seen.day.first, seen.day.end)
            status = 200
            try:
                with transaction.atomic():
                    text = view(draft, request, seen, **named)
            except Stale as refused:
                status, text = 409, str(refused)
            except Refused as refused:
                status, text = 422, str(refused)
            answer = Answer(request, board_for(model_admin, request, edition), before, status, text)
            return answer.as_json() if wants_json(request) else answer.as_page()

    return changed


class Answer:
    def __init__(self, request, now: Board, before: dict, status: int, text: str):
        self.request, self.now, self.before, self.status, self.text = request, now, before, status, text

    def as_page(self):
        messages.add_message(self.request, messages.SUCCESS if self.status == 200 else messages.ERROR, self.text)
        return HttpResponseRedirect(self.now.address())

    def as_json(self):
        after = {entry.session: place_of(entry) for entry in self.now.on_day}
        changed = {session for session, place in after.items() if self.before.get(session) != place}
        content = {
            "ok": self.status == 200,
            "message": self.text,
            "stamp": self.now.stamp,
            "axis": list(self.now.axis),
            "slots": {str(session): after[session].stored() | {"stamp": stamp(after[session])} for session in changed},
            # Of what is only unfinished, a large programme has more than anybody waits for.
            "warnings": [
                warning._asdict()
                for warning in self.now.warnings
                if warning.kind not in QUIET or changed.intersection(warning.sessions)
            ],
            "marks": self.marks(),
            "rooms": {str(column["id"]): self.column(column) for column in self.now.columns(self.touched(after))},
            "parts": {
                name: part(self.request, self.now, name) for name in ("unscheduled", "beside", "days", "status")
            },
        }
        return JsonResponse(content, status=self.status)

    def touched(self, after: dict) -> set | None:
        """The rooms that look different now; all of them if the asker's board was no longer that of the draft."""
        if self.request.POST.get("board") != stamp_of_all(self.before):
            return None
        both = self.before.keys() | after.keys()
        moved = [session for session in both if self.before.get(session) != after.get(session)]
        return {place.room for session in moved for place in (self.before.get(session), after.get(session)) if place}

    def marks(self) -> dict[str, dict]:
        return {str(session): {"count": count, "text": marks_text(count)} for session, count in self.now.marks.items()}

    def column(self, column: dict) -> str:
        return part(self.request, self.now, "cards", column=column)


def session_of(edition, session_id: int) -> Session:
    return get_object_or_404(Session.objects.filter(edition=edition), pk=session_id)


def place(model_admin, request, object_id, session_id):
    """One session: its form, which works without a script, and the same sent by the board."""
    if request.method == "POST" and wants_json(request):
        return place_by_script(model_admin, request, object_id, session_id=session_id)
    return place_by_form(model_admin, request, object_id, session_id)


@changing
def place_by_script(draft, request, seen, session_id):
    session = session_of(draft.edition, session_id)
    form = place_form(draft, session, request.POST)
    draft.check_stamp(session, request.POST.get("seen", ""))
    if not form.is_valid():
        raise Refused(" ".join(text for texts in form.errors.values() for text in texts))
    return save(draft, session, form)


def place_form(draft, session, data=None, initial=None) -> PlaceForm:
    slot = draft.slot_of(session)
    if data is not None:
        data = data.copy()
        data.setdefault("state", slot.state)
    minutes = usual_minutes(draft.version, [session.pk]).get(session.pk, DEFAULT_MINUTES)
    seen = stamp(Place.of(slot)) if slot.pk else ""
    return PlaceForm(
        data, instance=slot, edition=draft.edition, minutes=minutes, initial={"seen": seen, **(initial or {})}
    )


def save(draft, session, form) -> str:
    """The form named the other session of a clash; what came between is named by the draft."""
    slot = form.instance
    draft.planned = {session.pk: Place.of(slot)}
    try:
        with draft.naming_clashes(), draft.recorded([session.pk]):
            form.save()
    except IntegrityError as error:
        raise Refused(refusal(error)) from error
    values = {"session": isolated(session)}
    if slot.start is None:
        return _("“%(session)s” is in the draft without a time.") % values
    values |= {"time": isolated(clocks(slot.start, slot.end, draft.zone)), "room": isolated(slot.room or _("no room"))}
    return _("“%(session)s”: %(time)s, %(room)s.") % values


@transaction.atomic
def place_by_form(model_admin, request, object_id, session_id):
    edition = edition_for(model_admin, request, object_id)
    draft = Draft(edition, request.user)
    session = session_of(edition, session_id)
    shown_board = board_for(model_admin, request, edition)
    initial = {}
    if request.method == "GET" and not draft.slot_of(session).pk:
        initial = {"start": shown_board.day.first + timedelta(hours=9), "room": request.GET.get("room")}
    form = place_form(draft, session, request.POST if request.method == "POST" else None, initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                draft.check_stamp(session, form.cleaned_data["seen"])
                text = save(draft, session, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, text)
            return HttpResponseRedirect(back_to(shown_board, form.instance))
    context = page_context(model_admin, request, edition, _("Place in the draft of the schedule")) | {
        **shown_board.context(),
        "form": form,
        "session": session,
        "shown_title": shown(session, "title"),
        "session_url": shown_board.session_address(session.pk),
        "is_placed": bool(draft.slot_of(session).pk),
        "session_warnings": [warning for warning in shown_board.warnings if session.pk in warning.sessions],
        "shift_url": shown_board.address(
            room=form.instance.room_id,
            since=form.initial.get("start") and form.instance.start.astimezone(draft.zone).strftime("%Y-%m-%dT%H:%M"),
        )
        if form.instance.pk and form.instance.start
        else "",
    }
    return TemplateResponse(request, f"{TEMPLATES}/session.html", context)


def back_to(shown_board: Board, slot) -> str:
    day = slot.start.astimezone(shown_board.zone).date() if slot.start else shown_board.day.date
    return f"{shown_board.address(day=day.isoformat())}#session-{slot.session_id}"


@changing
def take_back(draft, request, seen, session_id):
    session = session_of(draft.edition, session_id)
    draft.take_back(session, request.POST.get("seen", ""))
    return _("“%(session)s” is back among those not scheduled.") % {"session": isolated(session)}


@changing
def shift(draft, request, seen):
    form = seen.shift_form(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(text for texts in form.errors.values() for text in texts))
    if form.cleaned_data["seen"] != stamp_of_all(draft.places_between(seen.day.first, seen.day.end)):
        raise Stale(_("Somebody has changed this day since you opened it. Look at it again, then shift."))
    slots = draft.on_day(form.cleaned_data["since"], seen.day.end)
    if room := form.cleaned_data["room"]:
        slots = slots.filter(room=room)
    minutes = form.cleaned_data["minutes"]
    return shift_text(draft.shift(slots, minutes), minutes)


@changing
def undo(draft, request, seen):
    key = request.POST.get("change", "")
    change = draft.version.draft_changes.filter(pk=key).first() if key.isdecimal() else None
    if change is None:
        raise Refused(_("There is no such change of this draft."))
    if change.undone_at:
        raise Refused(_("%(name)s has undone this already.") % {"name": isolated(change.undone_by_name)})
    draft.undo(change)
    return _("Undone.")
