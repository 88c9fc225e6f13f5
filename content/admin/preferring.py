"""Which claim of a figure staff prefer, and the public reason why."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from content import languages
from content.admin.base import is_public
from content.models import Claim

REASON = "preferred_reason"


class ReasonForm(forms.Form):
    """The reason in any of the six languages, one at least: it is public."""

    def __init__(self, claim, *args, **kwargs):
        super().__init__(*args, **kwargs)
        longest = Claim._meta.get_field(REASON).max_length
        for code in languages.CODES:
            self.fields[languages.column(REASON, code)] = forms.CharField(
                label=languages.NATIVE_NAMES[code],
                required=False,
                max_length=longest,
                initial=getattr(claim, languages.column(REASON, code)),
                widget=forms.TextInput(
                    attrs={
                        "class": "vTextField",
                        "lang": languages.html_code(code),
                        "dir": languages.direction(code),
                    }
                ),
            )

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.values()):
            raise forms.ValidationError(_("Say why this claim is preferred; the reason is public."))
        return cleaned


def why_not(claims: list[Claim]) -> str:
    """Why these can't be preferred, in a sentence; empty where there is nothing against it."""
    if len(claims) != 1:
        return _g("Choose one claim, no more: a figure has one that is preferred.")
    if claims[0].figure is None:
        return _g("This claim is a statement without a figure: there is nothing beside which it could be preferred.")
    return ""


@transaction.atomic
def prefer(claim: Claim, reasons: dict[str, str], user) -> None:
    """The claim that was preferred before no longer is."""
    others = claim.figure.claims.select_for_update().exclude(pk=claim.pk).filter(preferred=True)
    for other in others:
        give_up(other, user)
    for column, text in reasons.items():
        setattr(claim, column, text)
    claim.preferred = True
    claim.save(update_fields=["preferred", *reasons])
    log(claim, user)


def give_up(claim: Claim, user) -> None:
    claim.preferred = False
    claim.save(update_fields=["preferred"])
    log(claim, user)


def log(claim: Claim, user) -> None:
    changed = [{"changed": {"fields": [str(Claim._meta.get_field("preferred").verbose_name)]}}]
    LogEntry.objects.log_actions(user.pk, [claim], CHANGE, changed, single_object=True)


def ask_and_prefer(model_admin, request, queryset):
    """The answer to the action: a page that asks for the reason, or None once it is done or refused."""
    claims = list(queryset.select_related("figure", "source")[:2])
    if refused := why_not(claims):
        model_admin.message_user(request, refused, messages.ERROR)
        return None
    claim = claims[0]
    form = ReasonForm(claim, request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid():
        prefer(claim, form.cleaned_data, request.user)
        told = _g("“%(claim)s” is preferred, and its reason stands beside it.") % {"claim": claim}
        model_admin.message_user(request, told, messages.SUCCESS)
        if not is_public(claim):
            hidden = _g("The claim is not public, so nobody sees yet that it is preferred.")
            model_admin.message_user(request, hidden, messages.WARNING)
        return None
    beside = claim.figure.claims.select_related("source").defer("source__text").order_by("said_on", "id")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Prefer a claim"),
        "opts": model_admin.opts,
        "claim": claim,
        "beside": beside,
        "form": form,
    }
    return TemplateResponse(request, "admin/content/claim/prefer.html", context)
