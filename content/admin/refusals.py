"""What the database refused, in the words of the rule that it held."""

from django.apps import apps
from django.db import IntegrityError
from django.utils.translation import gettext as _

from content.presentation import listed


def refusal(error: IntegrityError) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    rules = {
        "claim_quote_in_source": _("The source does not have the words of this quote at that place."),
        "source_keeps_its_quotes": _("A claim quotes words that the altered text no longer has at their place."),
    }
    if name in rules:
        return rules[name]
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return _in_words(constraint, model)
    return _("The database refused this, since it breaks a rule: %(name)s") % {"name": name or _("unnamed")}


def _in_words(constraint, model) -> str:
    """A constraint without a message of its own is a unique one, or a range that the form checks too."""
    if constraint.violation_error_message != constraint.default_violation_error_message:
        return str(constraint.violation_error_message)
    if fields := getattr(constraint, "fields", ()):
        names = listed(str(model._meta.get_field(field).verbose_name) for field in fields)
        return _("%(model)s: there is one with the same %(fields)s already.") % {
            "model": model._meta.verbose_name,
            "fields": names,
        }
    return constraint.get_violation_error_message()
