"""The one way for a template to print the value of a figure: together with the claim that it rests on."""

from django import template

from content import figure_presentation

register = template.Library()


@register.inclusion_tag("parts/_figure_cards.html")
def figure_cards(figures, large: int = 0):
    """A list of cards, the first `large` of them twice as wide."""
    return {"cards": figure_presentation.cards(figures), "large": range(1, large + 1)}


@register.inclusion_tag("parts/_figure_card.html")
def figure_card(figure, large: bool = False):
    """One card. A view that shows several lists loads all figures at once, with `figure_presentation.load`."""
    return {"figure": figure_presentation.cards([figure])[0], "large": large}
