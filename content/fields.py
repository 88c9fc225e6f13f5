"""Field types whose rules the database holds too."""

import re
from calendar import monthrange

import nh3
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
PARTIAL_DATE_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"

ALLOWED_TAGS = frozenset(
    "a abbr b blockquote br cite code dd del dl dt em h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q s small span strong"
    " sub sup table tbody td tfoot th thead tr u ul".split()
)
ALLOWED_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "hreflang"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}


def clean_html(html: str) -> str:
    """The part of the HTML that may stand on a public page: no script, style, picture, form or event handler."""
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


class HTMLField(models.TextField):
    """HTML, cleaned on its way to the database whichever way it takes: form, import, bulk or single row."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return clean_html(value) if isinstance(value, str) else value


def validate_partial_date(value: str) -> None:
    if not re.fullmatch(PARTIAL_DATE_PATTERN, value):
        raise ValidationError(_("Write a date as precisely as it is known: 2023, 2023-11 or 2023-11-06."))
    year, month, day = (int(part) for part in (value + "-1-1").split("-")[:3])
    if year == 0 or day > monthrange(year, month)[1]:
        raise ValidationError(_("%(value)s is not a day of the calendar."), params={"value": value})


class PartialDateField(models.CharField):
    """A date as precise as it is known: `2023`, `2023-11` or `2023-11-06`, and sorted as such.

    The column's type is a domain of the database, so that no way in can store anything else.
    """

    default_validators = [validate_partial_date]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 10)
        super().__init__(*args, **kwargs)

    def db_type(self, connection):
        return "partial_date"

    def get_prep_value(self, value):
        return super().get_prep_value(value) or None


class LanguageTagField(models.CharField):
    """A BCP 47 language tag: `en`, `zh-Hans`, `pt-BR`."""

    default_validators = [
        RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Write a language tag such as en or zh-Hans."))
    ]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 35)
        super().__init__(*args, **kwargs)


class OtherNamesField(ArrayField):
    """Further names by which imports recognise a record: former ones, other spellings, other languages.

    Never shown in public. A merge adds the names of the record that is given up.
    """

    def __init__(self, **kwargs):
        kwargs.setdefault("base_field", models.CharField(max_length=300))
        kwargs.setdefault("verbose_name", _("other names"))
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("help_text", _("One a line. Imports recognise this by them; the public does not see them."))
        super().__init__(**kwargs)
