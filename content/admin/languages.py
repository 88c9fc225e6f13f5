"""Texts in six languages in forms: one input a language, which a script groups under tabs."""

from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField
from modeltranslation.translator import NotRegistered, translator

from content import languages


def translated_fields(model) -> tuple[str, ...]:
    """The names of the model's texts that exist in six languages."""
    try:
        return tuple(translator.get_options_for_model(model).fields)
    except NotRegistered:
        return ()


def columns(name: str) -> tuple[str, ...]:
    return tuple(languages.column(name, code) for code in languages.CODES)


def in_every_language(model, names: Iterable) -> Iterator:
    """The lines of a fieldset, with each translated text as one line of its six languages."""
    translated = translated_fields(model)
    for name in names:
        yield columns(name) if name in translated else name


def search_paths(model, path: str) -> Iterator[str]:
    """A lookup for each language in which the text at the end of the path exists; codes, with `=`, have none."""
    if path.startswith("="):
        yield path
        return
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    if name not in translated_fields(model):
        yield path
        return
    for column in columns(name):
        yield "__".join([*relations, column])


def dress(form_field, db_field) -> None:
    """Tell the browser, and the script of the tabs, which language an input is in."""
    if not isinstance(db_field, TranslationField):
        return
    code = db_field.language
    original = db_field.translated_field
    form_field.label = _("%(text)s (%(language)s)") % {
        "text": capfirst(str(original.verbose_name)),
        "language": languages.NATIVE_NAMES[code],
    }
    form_field.widget.attrs |= {
        "lang": languages.html_code(code),
        "dir": languages.direction(code),
        "data-language": languages.html_code(code),
        "data-language-name": languages.NATIVE_NAMES[code],
        "data-text-name": capfirst(str(original.verbose_name)),
        "data-empty": _("empty"),
    }
    if not original.blank:
        form_field.widget.attrs["data-needed"] = "true"
