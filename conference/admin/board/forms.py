"""What staff ask of the board, with a script or without."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from conference.admin.schedule import DraftSlotForm, ZonedDateTimeField, zone_of
from conference.models import Room, Slot

DEFAULT_MINUTES = 45
A_DAY = 24 * 60


class PlaceForm(DraftSlotForm):
    """Room, time and state of one session. Without an end it lasts as long as it usually does."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Slot
        fields = ["room", "start", "end", "state"]

    def __init__(self, *args, minutes=DEFAULT_MINUTES, **kwargs):
        super().__init__(*args, **kwargs)
        self.minutes = minutes
        self.fields["room"].queryset = Room.objects.select_related("venue").order_by("venue", "position", "id")
        self.fields["room"].empty_label = _("All rooms, or none yet")
        self.fields["end"].help_text = _g("Empty: %(minutes)d minutes after the start.") % {"minutes": minutes}

    def clean(self):
        # Before the rules that ask for both, which are those of the form in the session's page too.
        start = self.cleaned_data.get("start")
        if start and not self.cleaned_data.get("end") and "end" not in self.errors:
            self.cleaned_data["end"] = start + timedelta(minutes=self.minutes)
        return super().clean()


class ShiftForm(forms.Form):
    room = forms.ChoiceField(label=_("Room"), required=False)
    since = ZonedDateTimeField(label=_("From this time on"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=-A_DAY,
        max_value=A_DAY,
        help_text=_("Less than zero: earlier."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, day, rooms, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = day
        self.fields["room"].choices = [("", _("The whole day")), *((str(room.pk), str(room)) for room in rooms)]
        self.fields["since"].zone = zone_of(edition)

    def clean_since(self):
        since = self.cleaned_data["since"]
        if not self.day.holds(since):
            raise forms.ValidationError(_("This is not a time of the day that is shown."))
        return since

    def clean_minutes(self):
        minutes = self.cleaned_data["minutes"]
        if not minutes:
            raise forms.ValidationError(_("Write by how many minutes: 10 for later, -10 for earlier."))
        return minutes
