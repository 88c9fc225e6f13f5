"""A small public world, and hidden records of every kind hung on it, each field marked with a word of its own.

Models are found, not named: one that another floor adds is planted too, by its fields. What a model asks beyond its
fields (a quote that its source has) stands in RECIPES, what is public by nature in REFERENCE_DATA.
"""

import io
import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.core.validators import MaxValueValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from modeltranslation.translator import NotRegistered, translator
from PIL import Image

from conference.models.versions import TITLES
from content.fields import LanguageTagField, PartialDateField
from content.models.base import Record
from content.publication import Publication
from content.revision import parent_fields, public_models

# No public word has a letter of these, so that no hidden one is "meant" by a slip of any other.
LETTERS = "jqvwxz"
HIDDEN_YEAR = 2087
FIRST_NUMBER = 7654000

NEVER_SEEN = ("draft", "in_review", "embargoed", "archived")
ONCE_SEEN = ("withdrawn", "expired")

# Rows that the public may see whatever they are used for.
REFERENCE_DATA = {
    "content.Site",
    "content.MenuItem",
    "content.SiteRevision",
    "conference.Region",
    "conference.RegionGroup",
}
# Rows that are public as far as something public uses them.
IN_USE = {"conference.Venue", "conference.Room", "conference.SessionType", "cooperation.Field"}
# Versions and their slots: what of them is public is no matter of state.
BY_HAND = {"conference.ScheduleVersion", "conference.Slot", "conference.SlotParticipation"}
# Columns that only staff see, on records that all see.
STAFF_ONLY = ("external_guid", "external_id", "withdrawal_reason", "stored_text")
EXPOSING = ("headline", "outcome", "consent", "original", "listed")


class CannotPlant(Exception):
    pass


def hidden_window(state: str) -> dict:
    now = timezone.now()
    return {
        "draft": {"state": "draft"},
        "in_review": {"state": "in_review"},
        "embargoed": {"state": "published", "publish_at": now + timedelta(days=30)},
        "archived": {"state": "archived"},
        "withdrawn": {"state": "archived", "first_public_at": now - timedelta(days=9)},
        "expired": {
            "state": "published",
            "publish_at": now - timedelta(days=9),
            "expire_at": now - timedelta(days=1),
        },
    }[state]


class Sentinels:
    """`words` says where each was planted; `records` are the hidden ones, by state."""

    def __init__(self):
        self.words: dict[str, str] = {}
        self.records: list[tuple[str, models.Model]] = []
        self.shared: dict[type, models.Model] = {}
        self.spares: dict[type, list[models.Model]] = {}
        self._letters = ("".join(some) for some in itertools.product(LETTERS, repeat=5))
        self._codes = ("QZ" + "".join(some) for some in itertools.product("JVWX", repeat=2))
        self._public_codes = ("".join(some) for some in itertools.product("ABCDE", "FGHKL"))
        self._numbers = itertools.count(1)

    def word(self, of: str) -> str:
        word = f"zqx{next(self._letters)}"
        self.words[word] = of
        return word

    # ── a public world ────────────────────────────────────────────────────────────────────────────────────────────

    def build_public(self) -> None:
        for model in planted_models():
            if model._meta.label not in {"content.SiteRevision", "conference.Slot"}:
                self.public(model)
        for model in planted_models():
            for field in m2m_fields(model):
                getattr(self.public(model), field.name).add(self.public(field.related_model))
        for model in planted_models():
            for field in also_unique(model) if issubclass(model, Record) else one_to_one(model):
                if not self.spares.get(field.related_model):
                    spares = self.spares.setdefault(field.related_model, [])
                    spares.extend(self.also(field.related_model) for _ in NEVER_SEEN + ONCE_SEEN)
        self.unused = {
            model: [self.staff_row(model) for _ in range(9)]
            for model in planted_models()
            if model._meta.label in IN_USE
        }
        self.public(model_named("conference.Slot"))

    def public(self, model):
        """The one public row of a model that hidden rows point to."""
        if model not in self.shared:
            self.shared[model] = self.make(model)
        return self.shared[model]

    # ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def also(self, model, **given) -> models.Model:
        """One more public row."""
        if any(field.name == "slug" for field in model._meta.concrete_fields) and "slug" not in given:
            given["slug"] = f"also-{model._meta.model_name}-{next(self._numbers)}"
        return self.make(model, **given)

    def make(self, model, word: str = "", **given) -> models.Model:
        """A row of which every field says `word`, or something plain; relations lead to public rows unless given."""
        values = self.values(model, word) | given
        for field in foreign_keys(model):
            if field.name not in values and not (field.null and leads_back(field)):
                values[field.name] = self.target(field)
        values = RECIPES.get(model._meta.label, lambda values, word: values)(values, word)
        try:
            with transaction.atomic():
                return model.objects.create(**values)
        except IntegrityError:
            for field in also_unique(model):
                if field.name not in given and values.get(field.name):
                    values[field.name] = self.spare(field.related_model)
        try:
            with transaction.atomic():
                return model.objects.create(**values)
        except Exception as error:
            raise CannotPlant(f"{model._meta.label} needs a recipe: {error}") from error

    def target(self, field):
        if field.one_to_one:
            return self.spare(field.related_model)
        return self.public(field.related_model)

    def spare(self, model):
        return self.spares[model].pop() if self.spares.get(model) else self.also(model)

    def values(self, model, word: str) -> dict:
        values = {"slug": word or f"open-{model._meta.model_name}-{next(self._numbers)}"}
        names = {field.name for field in model._meta.concrete_fields}
        values = {name: value for name, value in values.items() if name in names}
        if issubclass(model, Publication):
            values["state"] = "published"
        skipped = {*values, *translated(model), "publish_at", "expire_at", "first_public_at"}
        for field in model._meta.concrete_fields:
            if field.name in skipped or field.is_relation or not is_filled(field):
                continue
            staff = staff_only(field) and not word
            mark = self.word(f"{model._meta.label}.{field.name} of a public row") if staff else word
            values[field.name] = self.value(field, mark)
        if model._meta.label == "conference.Country":
            code = next(self._codes if word else self._public_codes)
            values |= {"code": code, "alpha3": (code + "Z")[:3]}
        return values

    def value(self, field, word: str):
        for kinds, make in MAKERS:
            if isinstance(field, kinds):
                return make(self, field, word)
        raise CannotPlant(f"There is no value for {field}: a {type(field).__name__}.")

    def number(self, field, word: str):
        most = next((one.limit_value for one in field.validators if isinstance(one, MaxValueValidator)), 10**7)
        if isinstance(field, models.DecimalField):
            most = min(most, 10 ** (field.max_digits - field.decimal_places))
        small = most <= FIRST_NUMBER + 999 or isinstance(field, models.PositiveSmallIntegerField)
        return FIRST_NUMBER + next(self._numbers) if word and not small else 1

    # ── what is hidden ────────────────────────────────────────────────────────────────────────────────────────────

    def plant(self, states: tuple[str, ...]) -> None:
        """Hidden records in these states, joined by every relation to public ones; no public row changes."""
        new = {model: [self.hidden(model, state) for state in states] for model in records()}
        for model in new:
            self.plant_links(model, new)
        for model in planted_models():
            for field in required(model) if model._meta.label not in BY_HAND else ():
                for target in new.get(field.related_model, ()):
                    self.inside(model, field, target)
        self.plant_sessions(new)
        for person in new.get(model_named("conference.Person"), ()):
            model_named("conference.SlotParticipation").objects.create(
                slot=self.public(model_named("conference.Slot")), person=person, role="chair"
            )

    def plant_links(self, model, new) -> None:
        """Of many to many, from hidden to public records and from public to hidden ones."""
        for field in m2m_fields(model):
            for row in new[model]:
                getattr(row, field.name).add(self.public(field.related_model))
            if hidden := new.get(field.related_model):
                getattr(self.public(model), field.name).add(*hidden)

    def hidden(self, model, state: str) -> models.Model:
        word = self.word(f"{model._meta.label}, {state}")
        reason = {
            name: f"Public reason {name}"
            for name in self.values(model, "")
            if name.startswith("withdrawal_reason") and state in ONCE_SEEN
        }
        row = self.make(model, word, **hidden_window(state), **reason)
        self.records.append((state, row))
        return row

    def inside(self, model, field, target) -> models.Model:
        """A row that would be public, were it not for what it belongs to."""
        word = self.word(f"{model._meta.label} of a hidden {field.name}")
        row = self.make(model, word, **{field.name: target})
        if isinstance(row, Record):
            self.records.append(("inside", row))
        return row

    def plant_sessions(self, new) -> None:
        """Hidden sessions have a place in the published version, in a room that nothing else is in."""
        slot, room = model_named("conference.Slot"), model_named("conference.Room")
        sessions = new.get(model_named("conference.Session"), [])
        for hours, session in enumerate(sessions):
            start = datetime(HIDDEN_YEAR, 5, 4, 3, 21, tzinfo=UTC) + timedelta(hours=2 * hours)
            slot.objects.create(
                version=self.public(model_named("conference.ScheduleVersion")),
                session=session,
                room=self.unused[room].pop(),
                start=start,
                end=start + timedelta(hours=1),
                state="confirmed",
                current=True,
                changed=True,
                # As one that was public when the version was made keeps it.
                **{name: getattr(session, name) for name in TITLES},
            )
            session.type = self.unused[model_named("conference.SessionType")].pop()
            session.save()

    def staff_row(self, model, **given) -> models.Model:
        return self.make(model, self.word(f"{model._meta.label} that nothing public uses"), **given)

    def plant_draft(self) -> None:
        """The schedule that staff work on: another room and time for what all know, and a note."""
        version = self.make(
            model_named("conference.ScheduleVersion"), self.word("Draft version"), number=None, published_at=None
        )
        start = datetime(HIDDEN_YEAR, 5, 4, 3, 21, tzinfo=UTC)
        model_named("conference.Slot").objects.create(
            version=version,
            session=self.public(model_named("conference.Session")),
            room=self.unused[model_named("conference.Room")].pop(),
            start=start,
            end=start + timedelta(hours=1),
        )

    def plant_unconsented(self) -> None:
        member = model_named("conference.DelegationMember")
        person = self.make(model_named("conference.Person"), self.word("Person without consent"))
        self.make(member, self.word("Member without consent"), person=person, consent=False)

    def plant_staff_models(self) -> None:
        """Rows that belong to nothing public and are no reference data: staff's own."""
        for model in planted_models():
            known = issubclass(model, Publication) or required(model) or hasattr(model, "revision_condition")
            if not known and model._meta.label not in REFERENCE_DATA | IN_USE | BY_HAND:
                used = [field for field in foreign_keys(model) if field.related_model in self.unused]
                self.staff_row(model, **{field.name: self.unused[field.related_model][-1] for field in used})

    def point_at_hidden(self) -> None:
        """Public rows whose relations lead to hidden records: for each relation two, of other states each time."""
        turn = 0
        by_model: dict[type, list] = {}
        for state, row in self.records:
            if state != "inside":
                by_model.setdefault(type(row), []).append(row)
        for model in planted_models():
            for field in foreign_keys(model):
                if field not in required(model) and model._meta.label not in BY_HAND:
                    hidden = by_model.get(field.related_model, ())
                    for target in hidden and (hidden[turn % len(hidden)], hidden[(turn + 3) % len(hidden)]):
                        self.also(model, **{field.name: target})
                    turn += 1


# ── what there is ─────────────────────────────────────────────────────────────────────────────────────────────────


def planted_models() -> list[type[models.Model]]:
    return [model for model in public_models() if not model._meta.auto_created]


def records() -> list[type[Record]]:
    return [model for model in planted_models() if issubclass(model, Record)]


def model_named(label: str):
    return next(model for model in planted_models() if model._meta.label == label)


def foreign_keys(model) -> list[models.ForeignKey]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def m2m_fields(model) -> list[models.ManyToManyField]:
    return [field for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created]


def leads_back(field) -> bool:
    """Whether what the relation leads to needs a row of this model first: its parent, an edition's delegation."""
    back = [one.related_model for one in foreign_keys(field.related_model) if not one.null]
    return field.model in (field.related_model, *back)


def required(model) -> list[models.ForeignKey]:
    """The relations without whose records a row is not public."""
    return [field for field in parent_fields(model) if issubclass(field.related_model, Publication)]


def one_to_one(model) -> list[models.OneToOneField]:
    return [field for field in foreign_keys(model) if field.one_to_one]


def also_unique(model) -> list[models.ForeignKey]:
    """What two rows can't share when they share what they belong to."""
    named = {
        name
        for constraint in model._meta.constraints
        for name in getattr(constraint, "fields", ())
        if len(constraint.fields) > 1
    }
    always = getattr(model, "public_with", ())[:1]
    return [field for field in foreign_keys(model) if field.name in named and field.name not in always]


def translated(model) -> set[str]:
    """Fields whose texts are in columns of their own, one a language."""
    try:
        return set(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return set()


def staff_only(field) -> bool:
    whole = (field.model._meta.label, field.name) == ("content.Source", "text")
    return whole or field.name.startswith(STAFF_ONLY)


def is_filled(field) -> bool:
    """What staff fill in, and what a program has to."""
    program = not (field.null or field.has_default() or field.db_default is not models.NOT_PROVIDED or field.blank)
    return (field.editable or program) and not field.primary_key and not isinstance(field, models.UUIDField)


def date_of(word: str) -> date:
    return date(HIDDEN_YEAR, 5, 4) if word else date(2023, 11, 6)


def picture(word: str) -> ContentFile:
    made = io.BytesIO()
    Image.new("RGB", (2, 2)).save(made, "PNG")
    return ContentFile(made.getvalue(), name=f"{word or 'open'}.png")


def text(sentinels, field, word: str) -> str:
    if field.choices:
        return next(value for value, _label in field.flatchoices if value)
    plain = f"{word} {field.name}" if word else f"Open {field.name.replace('_', ' ')}"
    return plain[: field.max_length or len(plain)]


MAKERS = [
    (LanguageTagField, lambda s, f, w: f"zz-{w}" if w else "en"),
    (PartialDateField, lambda s, f, w: date_of(w).isoformat()),
    (models.ImageField, lambda s, f, w: picture(w)),
    (models.FileField, lambda s, f, w: ContentFile(f"%PDF {w}".encode(), name=f"{w or 'open'}.pdf")),
    (models.URLField, lambda s, f, w: f"https://{w or 'open'}.example/{f.name}"),
    (models.EmailField, lambda s, f, w: f"{w or 'open'}@example.org"),
    ((models.CharField, models.TextField), text),
    (ArrayField, lambda s, f, w: [s.value(f.base_field, w)]),
    (models.JSONField, lambda s, f, w: {w or "open": [w or "open"]}),
    (models.BooleanField, lambda s, f, w: f.name in EXPOSING),
    ((models.IntegerField, models.DecimalField, models.FloatField), lambda s, f, w: s.number(f, w)),
    (models.DateTimeField, lambda s, f, w: datetime(date_of(w).year, 5, 4, 2 if f.name == "end" else 1, tzinfo=UTC)),
    (models.DateField, lambda s, f, w: date_of(w)),
    (models.TimeField, lambda s, f, w: datetime.min.time()),
    (models.DurationField, lambda s, f, w: timedelta(hours=1)),
    (models.BinaryField, lambda s, f, w: (w or "open").encode()),
]


def public_place(values: dict, word: str) -> dict:
    start = datetime(2023, 11, 6, 1, tzinfo=UTC)
    return values | {"start": start, "end": start + timedelta(hours=1), "current": True, "changed": True}


def one_party(values: dict, word: str) -> dict:
    """A country or an organisation; the one that was given, a hidden one, goes before."""
    country, organisation = values.get("country"), values.get("organisation")
    if country and organisation:
        hidden = organisation.slug.startswith("zqx") and not country.slug.startswith("qz")
        values["country" if hidden else "organisation"] = None
    return values


def applying_rate(values: dict, word: str) -> dict:
    """One that would be used for the amounts of public projects, were its source public."""
    base = word[-3:].upper() if word else "USD"
    return values | {"currency": "CNY", "base": base, "date": date(2023, 11, 1)}


RECIPES = {
    "cooperation.ExchangeRate": applying_rate,
    "conference.Edition": lambda values, word: values | {"time_zone": "Asia/Shanghai"},
    "conference.Person": lambda values, word: values | {"orcid": ""},
    "conference.CategoryRule": lambda values, word: values | {"visibility": "members"},
    "conference.Delegation": one_party,
    "cooperation.AgreementParty": one_party,
    "conference.ScheduleVersion": lambda values, word: {
        **values,
        "number": values.get("number", 1) if not word else None,
        "published_at": None if word else datetime(2023, 11, 1, tzinfo=UTC),
    },
    "conference.Slot": public_place,
    "content.Distinction": lambda values, word: values | {"second": values["first"] + 1},
    "conference.Region": lambda values, word: values | {"m49": "002", "parent": None},
    "conference.Country": lambda values, word: values | {"m49": "", "existed_until": None},
    "content.Claim": lambda values, word: (
        values | {"quote_kind": "reported", "offset": None, "quote_marked": "", "preferred": False}
    ),
    "content.Figure": lambda values, word: values | {"checked_collection": "facilities", "checked_query": ""},
    "conference.Participation": lambda values, word: values | {"languages": None},
    "conference.DelegationMember": lambda values, word: values | {"role": "member"},
    "content.MenuItem": lambda values, word: values | {"path": "/data/"},
    "content.Site": lambda values, word: values | {"contact": "open@example.org"},
    "cooperation.Facility": lambda values, word: values | {"latitude": Decimal(61), "longitude": Decimal(9)},
    "cooperation.Budget": lambda values, word: values | {"currency": "CNY"},
    "cooperation.Transaction": lambda values, word: values | {"currency": "CNY"},
    "cooperation.Project": lambda values, word: values | {"iati_identifier": values["slug"]},
}
