"""The protocol order in the administration: rules for categories, and the lot that decides the first seat."""

import secrets

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from conference.choices import DelegationCategory, HostPlace
from conference.models import CategoryRule, Delegation, Edition
from conference.models.delegations import default_place
from content.admin.base import Rows
from content.choices import PublicationState


class RuleFormSet(BaseInlineFormSet):
    """A row for each category. One that is left as it stands is not stored: the category is as everywhere."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        decided = set(self.get_queryset().values_list("category", flat=True)) if self.instance.pk else set()
        undecided = [category for category in DelegationCategory if category not in decided]
        self.initial_extra = [{"category": one, "place": default_place(one)} for one in undecided]
        self.extra = len(undecided)


class CategoryRules(Rows):
    model = CategoryRule
    formset = RuleFormSet
    max_num = len(DelegationCategory)
    fields = ["category", "visibility", "place"]
    verbose_name_plural = _("categories of delegations: what the public sees, and in which order they stand")

    def get_extra(self, request, obj=None, **kwargs):
        return self.max_num


def in_the_lot(edition: Edition) -> list[Delegation]:
    """Among whom the first seat is drawn: those in the foremost place whose seat nothing else decides."""
    rows = edition.delegations.filter(precedence=None).exclude(state=PublicationState.ARCHIVED)
    if edition.host_place != HostPlace.IN_PLACE:
        rows = rows.exclude(category=DelegationCategory.HOST)
    rows = list(rows.with_order().select_related("edition", "country", "organisation").order_by("protocol", "id"))
    return [row for row in rows if row.protocol_place == rows[0].protocol_place]


@transaction.atomic
def draw_first_seat(model_admin, request, object_id):
    """A page that says among whom the lot decides, and draws it when the button is pressed."""
    edition = model_admin.get_object(request, object_id)
    if edition is None:
        raise Http404
    if not model_admin.has_change_permission(request, edition):
        raise PermissionDenied
    candidates = in_the_lot(edition)
    if request.method == "POST" and candidates:
        return _draw(model_admin, request, edition, candidates)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _g("Draw the first seat by lot"),
        "subtitle": str(edition),
        "opts": Edition._meta,
        "edition": edition,
        "candidates": candidates,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/conference/edition/draw_first_seat.html", context)


def _draw(model_admin, request, edition: Edition, candidates: list[Delegation]):
    drawn = secrets.choice(candidates)
    Edition.objects.filter(pk=edition.pk).update(first_seat=drawn)
    text = ngettext(
        "First seat drawn by lot from one delegation: %(name)s.",
        "First seat drawn by lot from %(count)d delegations: %(name)s.",
        len(candidates),
    ) % {"count": len(candidates), "name": drawn.party}
    LogEntry.objects.log_actions(request.user.pk, [edition], CHANGE, text)
    model_admin.message_user(request, text, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:conference_edition_change", args=[edition.pk]))
