"""The draft of an edition's schedule: a session's slot in it, and its publication."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.models import BaseInlineFormSet, modelform_factory
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from conference.choices import SlotState
from conference.models import Edition, ScheduleVersion, Slot
from conference.presentation.versions import ChangeList
from content.admin.base import Rows
from content.admin.forms import TranslatedForm
from content.admin.languages import columns

# Further away, clocks of another zone leave the calendar.
YEARS = range(1900, 2200)


def zone_of(edition) -> ZoneInfo:
    return ZoneInfo(edition.time_zone)


def span(slot, zone) -> str:
    """When a slot is, on the clocks of the edition's place."""
    if not slot.start:
        return _g("without a time")
    start = slot.start.astimezone(zone)
    if not slot.end:
        return f"{date_format(start, 'DATE_FORMAT')} {date_format(start, 'H:i')}"
    end = slot.end.astimezone(zone)
    same_day = start.date() == end.date()
    return "{} {} – {}{}".format(
        date_format(start, "DATE_FORMAT"),
        date_format(start, "H:i"),
        "" if same_day else date_format(end, "DATE_FORMAT") + " ",
        date_format(end, "H:i"),
    )


class ZonedDateTimeField(forms.DateTimeField):
    """An instant, shown and read as the clocks of `zone` have it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    zone = ZoneInfo("UTC")

    def prepare_value(self, value):
        return value.astimezone(self.zone) if isinstance(value, datetime) else value

    def to_python(self, value):
        with timezone.override(self.zone):
            moment = super().to_python(value)
        if moment and moment.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class ZonedForm(forms.ModelForm):
    """A form with a start and an end by the clocks of `edition`."""

    start = ZonedDateTimeField(required=False)
    end = ZonedDateTimeField(required=False)

    def __init__(self, *args, edition=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.edition = edition
        place = edition.time_zone if edition else _("in the time zone of the edition")
        for name in {"start", "end"} & set(self.fields):
            field = self._meta.model._meta.get_field(name)
            self.fields[name].label = f"{capfirst(field.verbose_name)} ({place})"
            self.fields[name].required = not field.blank
            if edition:
                self.fields[name].zone = zone_of(edition)


class DraftSlotForm(ZonedForm):
    def clean(self):
        cleaned = super().clean()
        if self.edition and self.has_changed():
            self.instance.version = self.edition.draft_schedule()
            self.refuse_clash(cleaned)
        return cleaned

    def refuse_clash(self, cleaned) -> None:
        """The database holds this rule; here it gets the name of the other session."""
        room, start, end = (cleaned.get(name) for name in ("room", "start", "end"))
        if not (room and start and end) or cleaned.get("state") != SlotState.CONFIRMED:
            return
        confirmed = Slot.objects.filter(version=self.instance.version, room=room, state=SlotState.CONFIRMED)
        other = confirmed.filter(start__lt=end, end__gt=start).exclude(pk=self.instance.pk).first()
        if other:
            self.add_error("room", clash_text(other, self.edition))

    def _get_validation_exclusions(self):
        """The version is not in the form, but the rules that name it hold here."""
        return super()._get_validation_exclusions() - {"version"}


def clash_text(other, edition) -> str:
    return _g("“%(session)s” is confirmed in this room at that time: %(time)s.") % {
        "session": other.session,
        "time": span(other, zone_of(edition)),
    }


class InEdition(BaseInlineFormSet):
    """Parts of something that belongs to an edition, whose forms ask for it."""

    def get_form_kwargs(self, index):
        edition = self.instance.edition if self.instance.edition_id else None
        return {**super().get_form_kwargs(index), "edition": edition}


class DraftSlot(Rows):
    """Where and when a session is in the draft, which the public follows once it is published."""

    model = Slot
    form = DraftSlotForm
    formset = InEdition
    verbose_name = _("place in the draft of the schedule")
    verbose_name_plural = _("place in the draft of the schedule")
    extra = 1
    max_num = 1
    autocomplete_fields = ["room"]
    fields = ["room", "start", "end", "state"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(version__number=None)


def changes(edition) -> dict:
    """What publishing the draft now would change, in the words in which the public will read it."""
    slots = edition.draft_schedule().next_slots()
    return {
        "groups": ChangeList([slot for slot in slots if slot.changed], edition).groups(),
        "is_empty": not any(slot.is_placed for slot in slots),
    }


def note_form(model_admin, request):
    """A form for the note of a version, in six languages."""
    versions = model_admin.admin_site.get_model_admin(ScheduleVersion)
    form_class = modelform_factory(
        ScheduleVersion,
        form=TranslatedForm,
        fields=columns("note"),
        formfield_callback=partial(versions.formfield_for_dbfield, request=request),
    )
    form = form_class(request.POST or None)
    return form, AdminForm(form, [(None, {"fields": [columns("note")]})], {}, model_admin=versions)


@transaction.atomic
def publish_schedule(model_admin, request, object_id):
    """A page that shows what will change, and publishes the draft once it is confirmed."""
    edition = model_admin.get_object(request, object_id)
    if edition is None:
        raise Http404
    if not model_admin.has_change_permission(request, edition):
        raise PermissionDenied
    form, admin_form = note_form(model_admin, request)
    if request.method == "POST" and form.is_valid():
        return _publish(model_admin, request, edition, form.cleaned_data)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _g("Publish the schedule"),
        "subtitle": str(edition),
        "opts": Edition._meta,
        "edition": edition,
        "changes": changes(edition),
        "adminform": admin_form,
        "media": model_admin.media + admin_form.media,
    }
    return TemplateResponse(request, "admin/conference/edition/publish_schedule.html", context)


def _publish(model_admin, request, edition, note):
    version = edition.publish_schedule()
    for column, text in note.items():
        setattr(version, column, text)
    version.save()
    text = _g("Version %(number)d of the schedule is published.") % {"number": version.number}
    LogEntry.objects.log_actions(request.user.pk, [edition], CHANGE, text)
    model_admin.message_user(request, text, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:conference_edition_change", args=[edition.pk]))


def remind(model_admin, request, edition) -> None:
    """A changed slot is in the draft alone until somebody publishes it."""
    text = _g("Time, room and state are in the draft. The public follows them once the schedule is published.")
    address = reverse("admin:conference_edition_publish_schedule", args=[edition.pk])
    message = format_html('{} <a href="{}">{}</a>', text, address, _g("Publish the schedule"))
    model_admin.message_user(request, message, messages.WARNING)
