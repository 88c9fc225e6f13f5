"""The one way for a template to print the value of a figure: together with the claim that it rests on."""

from django import template
from django.template.loader import render_to_string

from content import figure_presentation

register = template.Library()

FORMS = {
    "card": figure_presentation.card,
    "embed": figure_presentation.embedded,
    "head": figure_presentation.head,
    "line": figure_presentation.card,
}


@register.simple_tag
def figure(record, form: str = "card", large: bool = False):
    """A figure as a `card`, as the `head` of its own page, as a `line` of running text, or to `embed` elsewhere.

    A view that shows several loads them at once, with `figure_presentation.loaded`.
    """
    return render_to_string(f"parts/_figure_{form}.html", {"figure": FORMS[form](record), "large": large})


@register.simple_tag
def figures_resting_on(record) -> list:
    """The public figures whose claims a record names as what it rests on."""
    return figure_presentation.figures_of(record)
