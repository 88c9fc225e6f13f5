"""The programme: sessions have texts; slots, kept by version, have time, room and state."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.fields.ranges import DateTimeRangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Deferrable, F, FilteredRelation, Func, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.choices import InterpretationMode, LinkKind, ParticipationRole, SlotState
from conference.models.broadcast import (
    RECORDING_SHOWN,
    STREAM_OPENS,
    STREAM_SHOWN,
    recording_is_open,
    stream_is_open,
    turned_since,
)
from conference.models.editions import Edition, Section
from conference.models.geography import Country
from conference.models.people import Person
from conference.models.versions import (
    VersionQuerySet,
    differ,
    freeze_participations,
    frozen_title,
    public_participations_of,
    public_sessions_of,
)
from content.fields import HTMLField, LanguageTagField
from content.models.base import Identified, Record, Sorted, choice_check, sort_indexes
from content.publication import Boundary, PublicationQuerySet


class Venue(Sorted, Identified):
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.ForeignKey(Country, verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["slug"]
        constraints = [*Identified.Meta.constraints, models.UniqueConstraint(name="venue_slug", fields=["slug"])]

    def __str__(self):
        return self.name


class Room(Sorted, Identified):
    """A room of a venue: two rooms of the same name in two venues are two. `languages` are spoken on its floor."""

    venue = models.ForeignKey(Venue, verbose_name=_("venue"), on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=200)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    equipment = models.CharField(_("equipment"), max_length=300, blank=True)
    languages = ArrayField(LanguageTagField(), verbose_name=_("floor languages"), null=True, blank=True)
    stream = models.URLField(_("address of the floor's stream"), max_length=500, blank=True, help_text=STREAM_SHOWN)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["position", "id"]
        constraints = [
            *Identified.Meta.constraints,
            models.UniqueConstraint(name="room_slug", fields=["venue", "slug"]),
        ]

    def __str__(self):
        return f"{self.name} ({self.venue})"


class Track(Sorted, Record):
    """A thread of subject through an edition."""

    public_with = ("edition",)

    edition = models.ForeignKey(Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="tracks")
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["edition", "position", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="track_slug", fields=["edition", "slug"]),
        ]

    def __str__(self):
        return self.name


class SessionType(Sorted, Identified):
    """A kind of session: plenary, roundtable, signing ceremony, exhibition, break."""

    name = models.CharField(_("name"), max_length=100)
    spans_rooms = models.BooleanField(_("across all rooms"), default=False)
    is_break = models.BooleanField(_("is a break"), default=False)

    class Meta:
        verbose_name = _("session type")
        verbose_name_plural = _("session types")
        ordering = ["slug"]
        constraints = [*Identified.Meta.constraints, models.UniqueConstraint(name="sessiontype_slug", fields=["slug"])]

    def __str__(self):
        return self.name


class ScheduleVersion(models.Model):
    """A state of an edition's programme. The one without a number is the draft; numbered ones are never changed."""

    revision_condition = "{row}.number IS NOT NULL"
    told_condition = (
        "EXISTS (SELECT 1 FROM conference_edition AS edition"
        " WHERE edition.id = {row}.edition_id AND edition.first_public_at <= now())"
    )
    public_with = ("edition",)
    # A version's words are frozen as they were approved: nobody reviews them again.
    unreviewed_languages = ()
    verified_on = None

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    modified = models.DateTimeField(_("modified"), db_default=Now(), editable=False)

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="schedule_versions"
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule version")
        verbose_name_plural = _("schedule versions")
        ordering = ["edition", "-number"]
        constraints = [
            models.UniqueConstraint(name="scheduleversion_number", fields=["edition", "number"]),
            models.UniqueConstraint(name="scheduleversion_one_draft", fields=["edition"], condition=Q(number=None)),
            models.CheckConstraint(
                name="scheduleversion_published",
                condition=Q(number=None, published_at=None) | Q(number__isnull=False, published_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.edition}: {self.number or _('draft')}"

    def what_ended(self):
        """A version is withdrawn with its edition alone."""
        return self.edition.what_ended()

    def get_absolute_url(self):
        return reverse("version", args=[self.edition.slug, self.number])

    @property
    def sample(self) -> bool:
        return self.edition.sample

    def reference_name(self, language: str):
        return str(self.number)

    def next_slots(self) -> list["Slot"]:
        """The slots of this draft as a version published now would have them, not saved.

        Each remembers where and when its session last was before it was there and then. A session that has a place
        now and none in the draft gets a slot that says so, and keeps it in each version that follows.
        """
        now_public = Slot.objects.filter(version__edition=self.edition, current=True)
        now_public = now_public.select_related("room__venue").prefetch_related("participations__person")
        before = {slot.session_id: slot for slot in now_public}
        public = public_sessions_of(self.edition)
        people = public_participations_of(public)
        draft = {slot.session_id: slot for slot in self.slots.select_related("session", "room__venue")}
        left = Session.objects.filter(pk__in=before.keys() - draft.keys()).in_bulk()
        for session in left.values():
            draft[session.pk] = Slot(session=session, state="")
        slots = [slot.as_published_after(before.get(key)) for key, slot in draft.items()]
        for slot in slots:
            slot.freeze(slot.session if slot.session_id in public else None, people.get(slot.session_id, []))
            slot.changed = differ(slot.before, slot)
        return slots

    def copy_slots_to(self, version) -> None:
        """Make `version` what the public follows, with the slots of this one, and freeze its words."""
        slots = self.next_slots()
        Slot.objects.filter(version__edition=self.edition, current=True).update(current=False)
        for slot in slots:
            slot.version = version
        Slot.objects.bulk_create(slots)
        freeze_participations(slots)


class SessionQuerySet(PublicationQuerySet):
    def with_slot(self):
        """Adds time and state from the latest published version, the only ones that are public.

        `slot_state` is empty for what that version took out, None for what no version had. The clock of the
        transaction says whether a stream or a recording may be shown.
        """
        return self.alias(current=FilteredRelation("slots", condition=Q(slots__current=True))).annotate(
            start=F("current__start"),
            end=F("current__end"),
            slot_state=F("current__state"),
            stream_is_open=stream_is_open("current__"),
            recording_is_open=recording_is_open("current__"),
        )

    def with_rooms(self):
        """Gives each session its `current_slot` with room and venue, in a query of its own."""
        slots = Slot.objects.filter(current=True).select_related("room__venue", "previous_room")
        slots = slots.prefetch_related("room__interpretation")
        return self.prefetch_related(models.Prefetch("slots", queryset=slots, to_attr="current_slots"))


class Session(Sorted, Record):
    """Something that happens at a conference, as texts. `parent` is the session that a talk belongs to.

    `languages` not recorded (null) means those of its room.
    """

    sort_field = "title"
    citation_type = "event"
    public_with = ("edition",)

    edition = models.ForeignKey(Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="sessions")
    section = models.ForeignKey(
        Section, verbose_name=_("section"), null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="talks"
    )
    type = models.ForeignKey(
        SessionType, verbose_name=_("type"), null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    track = models.ForeignKey(
        Track, verbose_name=_("track"), null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    title = models.CharField(_("title"), max_length=500)
    subtitle = models.CharField(_("subtitle"), max_length=500, blank=True)
    abstract = HTMLField(_("abstract"), blank=True)
    languages = ArrayField(LanguageTagField(), verbose_name=_("floor languages"), null=True, blank=True)
    stream = models.URLField(_("address of the floor's stream"), max_length=500, blank=True, help_text=STREAM_SHOWN)
    recording_url = models.URLField(
        _("address of the recording"), max_length=500, blank=True, help_text=RECORDING_SHOWN
    )
    address = models.URLField(_("website"), max_length=500, blank=True)
    persons = models.ManyToManyField(Person, through="Participation", related_name="sessions", blank=True)
    external_guid = models.CharField(_("guid in the imported file"), max_length=300, blank=True)
    external_id = models.CharField(_("identifier in the imported file"), max_length=100, blank=True)

    objects = SessionQuerySet.as_manager()
    # What of it the change feed tells by the clock.
    turned_since = staticmethod(turned_since)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["edition", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="session_slug", fields=["edition", "slug"]),
            models.CheckConstraint(name="session_not_in_itself", condition=~Q(parent=F("id"))),
        ]
        indexes = [
            models.Index(name="session_external_guid", fields=["edition", "external_guid"]),
            *sort_indexes("session"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("session", args=[self.edition.slug, self.slug])

    @property
    def current_slot(self):
        """The slot that the public follows, None without one; to be asked of rows made `with_rooms()`."""
        return self.current_slots[0] if self.current_slots else None

    @property
    def room(self):
        return self.current_slot.room if self.current_slot else None


class Slot(models.Model):
    """Where and when a session is in one version. Without a start it has none, as a poster or an exhibition.

    `current` marks those of the version that the public follows, one a session; publishing a version moves it.
    `previous_…` is where and when it was announced for before. An empty state: this version took the session out.

    A published slot freezes title and participations as the public had them then, `before` is the session's slot in
    the version before, and `changed` says whether anything differs from it.
    """

    revision_parent = ("version", "session")
    # A page marks what is on now, and shows a stream a little before.
    boundaries = (Boundary("start"), Boundary("start", before=STREAM_OPENS), Boundary("end"))
    boundary_condition = "current"

    version = models.ForeignKey(
        ScheduleVersion, verbose_name=_("schedule version"), on_delete=models.CASCADE, related_name="slots"
    )
    session = models.ForeignKey(Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="slots")
    room = models.ForeignKey(
        Room, verbose_name=_("room"), null=True, blank=True, on_delete=models.PROTECT, related_name="slots"
    )
    start = models.DateTimeField(_("start"), null=True, blank=True)
    end = models.DateTimeField(_("end"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SlotState, default=SlotState.TENTATIVE)
    title = models.CharField(_("title"), max_length=500, blank=True, editable=False)
    current = models.BooleanField(default=False, editable=False)
    before = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="after"
    )
    changed = models.BooleanField(default=False, editable=False)
    previous_start = models.DateTimeField(_("previous start"), null=True, blank=True, editable=False)
    previous_end = models.DateTimeField(_("previous end"), null=True, blank=True, editable=False)
    previous_room = models.ForeignKey(
        Room, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="previous_slots"
    )

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["version", "start", "id"]
        constraints = [
            models.UniqueConstraint(name="slot_once", fields=["version", "session"]),
            models.UniqueConstraint(name="slot_one_current", fields=["session"], condition=Q(current=True)),
            models.CheckConstraint(
                name="slot_state",
                condition=Q(state__in=SlotState.values) | Q(state="", room=None, start=None, end=None),
                violation_error_message=_("This is not one of the choices."),
            ),
            models.CheckConstraint(
                name="slot_end_after_start",
                condition=Q(end=None) | Q(start__isnull=False, end__gt=F("start")),
                violation_error_message=_("A session ends after it starts."),
            ),
            ExclusionConstraint(
                name="slot_room_free",
                expressions=[
                    ("version", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    (
                        Func("start", "end", RangeBoundary(), function="TSTZRANGE", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state=SlotState.CONFIRMED, start__isnull=False, end__isnull=False),
                # Moving a whole room by half an hour in one statement passes through overlaps.
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("Another confirmed session is in this room at that time."),
            ),
        ]
        indexes = [
            models.Index(name="slot_current_start", fields=["start"], condition=Q(current=True)),
            models.Index(name="slot_current_end", fields=["end"], condition=Q(current=True)),
            models.Index(name="slot_changed", fields=["version"], condition=Q(changed=True)),
        ]

    def __str__(self):
        return f"{self.session} ({self.version})"

    @property
    def is_placed(self) -> bool:
        """Whether the session has a place in this version; otherwise the version took it out."""
        return bool(self.state)

    def as_published_after(self, before):
        """This slot in a version that is being published; `before` is what the public has seen so far."""
        slot = Slot(
            session=self.session,
            room=self.room,
            start=self.start,
            end=self.end,
            state=self.state,
            current=True,
            before=before,
        )
        if before:
            was_here = not before.is_placed or (before.start, before.room_id) == (self.start, self.room_id)
            prefix = "previous_" if was_here else ""
            for name in ("start", "end", "room_id"):
                setattr(slot, f"previous_{name}", getattr(before, f"{prefix}{name}"))
        return slot

    def freeze(self, session: Session | None, participations: list) -> None:
        """Keep the words that the public has now; of a session that is not public there are none."""
        for column, text in frozen_title(session).items():
            setattr(self, column, text)
        self.frozen = [SlotParticipation(person=one.person, role=one.role) for one in participations]


class Participation(models.Model):
    revision_parent = ("session", "person")
    part_of = ("person",)

    session = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="participations"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="participations"
    )
    role = models.CharField(_("role"), max_length=12, choices=ParticipationRole, default=ParticipationRole.SPEAKER)
    languages = ArrayField(
        LanguageTagField(),
        verbose_name=_("interprets into"),
        null=True,
        blank=True,
        help_text=_("Of an interpreter: the languages that this person interprets into."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(name="participation_once", fields=["session", "person", "role"]),
            choice_check("role", ParticipationRole),
            models.CheckConstraint(
                name="participation_interpreter_languages",
                condition=Q(languages=None) | Q(role=ParticipationRole.INTERPRETER),
                violation_error_message=_("Only an interpreter has languages to interpret into."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_role_display()}"


class Interpretation(models.Model):
    """A language in which something can be followed beside those of the floor."""

    language = LanguageTagField(_("language"))
    mode = models.CharField(
        _("mode"), max_length=12, choices=InterpretationMode, default=InterpretationMode.SIMULTANEOUS
    )
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    stream = models.URLField(_("address of the stream"), max_length=500, blank=True, help_text=STREAM_SHOWN)

    class Meta:
        abstract = True

    def __str__(self):
        return self.language


class RoomInterpretation(Interpretation):
    """Offered in a room, and so for each session there that has none of its own."""

    # Of a room that only the draft uses, the public sees nothing.
    revision_condition = (
        "EXISTS (SELECT 1 FROM conference_slot AS used WHERE used.room_id = {row}.room_id AND used.current)"
    )

    room = models.ForeignKey(Room, verbose_name=_("room"), on_delete=models.CASCADE, related_name="interpretation")

    class Meta:
        verbose_name = _("interpretation in a room")
        verbose_name_plural = _("interpretation in rooms")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="roominterpretation_once", fields=["room", "language", "mode"]),
            choice_check("mode", InterpretationMode),
        ]


class SessionInterpretation(Interpretation):
    """Offered at a session, in place of what its room offers."""

    revision_parent = "session"

    session = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="interpretation"
    )
    recording_url = models.URLField(
        _("address of the recording"), max_length=500, blank=True, help_text=RECORDING_SHOWN
    )

    class Meta:
        verbose_name = _("interpretation at a session")
        verbose_name_plural = _("interpretation at sessions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="sessioninterpretation_once", fields=["session", "language", "mode"]),
            choice_check("mode", InterpretationMode),
        ]


class SessionLink(models.Model):
    revision_parent = "session"

    session = models.ForeignKey(Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(_("kind"), max_length=12, choices=LinkKind, default=LinkKind.WEBSITE)
    label = models.CharField(_("label"), max_length=300)
    address = models.URLField(_("address"), max_length=1000)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["position", "id"]
        constraints = [choice_check("kind", LinkKind)]

    def __str__(self):
        return self.label


class SlotParticipation(models.Model):
    """Who took part in which role when a version was published; a name is told only while its person is public."""

    revision_parent = ("slot", "person")

    slot = models.ForeignKey(
        Slot, verbose_name=_("slot"), on_delete=models.CASCADE, related_name="participations", editable=False
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+", editable=False
    )
    role = models.CharField(_("role"), max_length=12, choices=ParticipationRole, editable=False)

    class Meta:
        verbose_name = _("participation in a schedule version")
        verbose_name_plural = _("participations in schedule versions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="slotparticipation_once", fields=["slot", "person", "role"]),
            choice_check("role", ParticipationRole),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_role_display()}"
