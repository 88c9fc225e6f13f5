"""The forms of staff: texts kept as they are, slugs filled in, and no save that wipes out another."""

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content import languages
from content.admin.languages import columns, translated_fields
from content.admin.versions import Part, fingerprint
from content.models.base import neutral_slug


class StoredTextField(forms.CharField):
    """A long text that a form gives back as it was: browsers send CRLF for each end of a line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "strip": False})

    def to_python(self, value):
        value = super().to_python(value)
        return value.replace("\r\n", "\n") if value else value

    def has_changed(self, initial, data):
        return super().has_changed((initial or "").replace("\r\n", "\n"), self.to_python(data))


class LanguageTagsField(SimpleArrayField):
    """Languages not recorded are null, which is not the same as none."""

    def clean(self, value):
        return super().clean(value) or None


class LinesField(forms.CharField):
    """A stored list of texts, one a line."""

    widget = forms.Textarea

    def __init__(self, *args, base_field=None, size=None, max_length=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.longest = base_field.max_length if base_field is not None else None

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        lines = [" ".join(line.split()) for line in (super().to_python(value) or "").splitlines()]
        return list(dict.fromkeys(filter(None, lines)))

    def validate(self, value):
        super().validate(value)
        if self.longest and any(len(line) > self.longest for line in value):
            raise forms.ValidationError(_("A line has at most %d characters.") % self.longest)

    def has_changed(self, initial, data):
        return list(initial or ()) != self.to_python(data)


class StoredListField(forms.MultipleChoiceField):
    """A stored list as checkboxes. What is in it already stays a choice, wherever it came from."""

    widget = forms.CheckboxSelectMultiple

    def admit(self, stored) -> None:
        known = dict(self.choices)
        self.choices = [*self.choices, *((value, value) for value in stored or () if value not in known)]

    def has_changed(self, initial, data):
        return set(initial or ()) != set(data or ())


class TranslatedForm(forms.ModelForm):
    """A form of a record, or of one of its parts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, StoredListField):
                field.admit(getattr(self.instance, name))

    def clean(self):
        cleaned = super().clean()
        self.keep_untouched_texts()
        self.require_a_language()
        return cleaned

    def keep_untouched_texts(self) -> None:
        """A stored text with other ends of lines than a browser sends is not altered by opening its form."""
        for name, text in self.cleaned_data.items():
            field, stored = self.fields[name], self.initial.get(name)
            if isinstance(field, StoredTextField) and stored and not field.has_changed(stored, text):
                self.cleaned_data[name] = stored

    def require_a_language(self) -> None:
        for name in translated_fields(self._meta.model):
            texts = [column for column in columns(name) if column in self.fields]
            optional = self._meta.model._meta.get_field(name).blank
            if optional or not texts or any(text in self.errors for text in texts):
                continue
            if not any(self.cleaned_data.get(text) for text in texts):
                self.add_error(texts[0], _("Write this in one language at least."))


class SlugForm(TranslatedForm):
    """Fills in a slug that is left empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The last part of the address, the same in all languages: small letters, digits and hyphens."
                " Empty: made from the name. It stays as it is once the record has been public."
            )
            self.fields["slug"].disabled = was_public(self.instance)

    def clean(self):
        cleaned = super().clean()
        if "slug" in self.fields and "slug" not in self.errors and not cleaned.get("slug"):
            self.fill_slug()
        return cleaned

    def fill_slug(self) -> None:
        if wanted := self.wanted_slug():
            self.cleaned_data["slug"] = self.free_slug(wanted)
        else:
            self.add_error("slug", _("Write a slug: none of the names above has Latin letters to make it from."))

    def wanted_slug(self) -> str:
        name = getattr(self._meta.model, "sort_field", "name")
        texts = [self.cleaned_data.get(column) or "" for column in columns(name)]
        return next(filter(None, (neutral_slug(text, "") for text in texts)), "")

    def free_slug(self, wanted: str) -> str:
        rows = self._meta.model._default_manager.filter(**self.slug_scope()).exclude(pk=self.instance.pk)
        slug, number = wanted, 1
        while rows.filter(slug=slug).exists():
            number += 1
            slug = f"{wanted}-{number}"
        return slug

    def slug_scope(self) -> dict:
        """Within what a slug is unique: a session's within its edition."""
        rules = [rule for rule in self._meta.model._meta.constraints if isinstance(rule, UniqueConstraint)]
        owners = next((set(rule.fields) - {"slug"} for rule in rules if "slug" in rule.fields), ())
        return {owner: self.cleaned_data.get(owner) or getattr(self.instance, owner, None) for owner in owners}


def was_public(record) -> bool:
    since = getattr(record, "first_public_at", None)
    return since is not None and since <= timezone.now()


class StaffForm(SlugForm):
    """The main form of a page, which knows the state of the record that it shows."""

    # What the database refused when this form was first tried, and where the parts of the record are (see base.py).
    refused = ""
    parts: tuple[Part, ...] = ()

    loaded = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["loaded"] = fingerprint(self.instance, self.parts)

    def clean(self):
        cleaned = super().clean()
        if self.refused:
            self.add_error(None, self.refused)
        loaded = cleaned.get("loaded")
        if loaded and self.instance.pk and loaded != fingerprint(self.instance, self.parts):
            self.add_error(
                None,
                _(
                    "Somebody else has changed this since you opened it, so it was not saved. Open it once more in"
                    " another tab, compare, and bring your changes over."
                ),
            )
        return cleaned


class RecordForm(StaffForm):
    """A form for something that is published."""

    def clean(self):
        cleaned = super().clean()
        for name in cleaned.get("recorded_none") or ():
            if cleaned.get(name):
                self.add_error("recorded_none", _("“%(name)s” is not empty.") % {"name": self.fields[name].label})
        return cleaned


def language_choices() -> list[tuple[str, str]]:
    return [(code, languages.NATIVE_NAMES[code]) for code in languages.CODES]
