"""What templates need to say a value in the visitor's language."""

from django import template

from content import languages, presentation

register = template.Library()

register.filter("partial_date", presentation.partial_date_text)
register.filter("number", presentation.number_text)
register.filter("json_ld_block", presentation.json_ld_block)
register.filter("language_name", presentation.language_name)


@register.filter
def told(items) -> list[dict]:
    """Of the items of a definition list those that say something."""
    return [item for item in items if presentation.says_something(item)]


@register.filter
def absent(items) -> list[dict]:
    """Of the items of a definition list those of which nothing is recorded."""
    return [item for item in items if not presentation.says_something(item)]


@register.simple_tag
def comma() -> str:
    """What stands between the parts of a phrase, a space included where there is one."""
    return presentation.PHRASE_SEPARATORS.get(languages.current(), ", ")


@register.simple_tag
def text(record, field: str):
    """A text of a record, marked with its language where it is a fallback."""
    return presentation.shown(record, field).__html__()


@register.simple_tag
def html(record, field: str):
    """HTML of a record, cleaned when it was stored."""
    return presentation.shown_html(record, field)


@register.simple_tag
def fallback_language(record, *fields: str) -> str:
    """The name of the language that the first of these texts stands in from, empty where none does."""
    for field in fields:
        shown = presentation.shown(record, field)
        if shown.lang:
            return presentation.language_name(shown.lang)
    return ""


@register.filter
def unreviewed(record) -> bool:
    """Whether the text that the visitor reads was translated by a machine and not yet read by a person."""
    return languages.current() in record.unreviewed_languages
