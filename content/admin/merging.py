"""Likely duplicates in the admin: shown in pairs, compared side by side, merged or told apart; and merges undone."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from content import merging
from content.admin.base import PortalAdmin, ReadOnlyAdmin
from content.admin.refusals import refusal
from content.fields import OtherNamesField
from content.models import Distinction, Merge
from content.models.base import SORT_COLUMNS
from content.presentation import listed

PAIRS_A_PAGE = 50
# What nobody needs to compare.
_LEFT_OUT = {"id", "uuid", "sample", "modified", "first_public_at", "verified_on", *SORT_COLUMNS}


class Difference(NamedTuple):
    label: str
    left: Any
    right: Any
    differs: bool


class Moved(NamedTuple):
    """How many rows of a kind move to the record kept, and how many are given up since it has the same already."""

    label: str
    moved: int
    given_up: int


class DuplicatesPage:
    """Pages for a view of a ModelAdmin: `DuplicatesPage(model_admin).view(request, object_id)`.

    A subclass names the `model`, and gives pairs of keys with the reason why they are offered.
    """

    model: type[models.Model]
    title: Any = ""
    lede: Any = ""

    def __init__(self, model_admin):
        self.model_admin = model_admin

    def target(self, request, object_id):
        """The record whose parts are compared, if there is one. Raises Http404."""
        return None

    def pairs(self, target) -> Sequence:
        raise NotImplementedError

    def describe(self, target, records: Iterable[models.Model]) -> dict[int, list[str]]:
        """What tells the records apart, by their key, in few queries."""
        return {}

    # ── the pages ──────────────────────────────────────────────────────────────────────────────────────────────────

    def view(self, request, object_id=None):
        self.require(request)
        target = self.target(request, object_id)
        if "keep" in request.GET:
            return self.compared(request, target)
        return self.listed(request, target)

    def require(self, request, *records) -> None:
        """Who merges changes one record and gives up the other, so both rights are needed."""
        owner = self.model_admin.admin_site.get_model_admin(self.model)
        for record in records or (None,):
            if not owner.has_change_permission(request, record) or not owner.has_delete_permission(request, record):
                raise PermissionDenied

    def listed(self, request, target):
        page = Paginator(self.pairs(target), PAIRS_A_PAGE).get_page(request.GET.get("page"))
        keys = {key for pair in page for key in (pair.first, pair.second)}
        records = self.model._base_manager.in_bulk(keys)
        facts = self.describe(target, records.values())
        rows = [
            {
                "first": records[pair.first],
                "second": records[pair.second],
                "first_facts": facts.get(pair.first, []),
                "second_facts": facts.get(pair.second, []),
                "reason": pair.reason,
            }
            for pair in page
            if pair.first in records and pair.second in records
        ]
        return self.page(request, target, "admin/duplicates.html", page=page, rows=rows)

    def compared(self, request, target):
        kept = get_object_or_404(self.model, pk=number(request.GET.get("keep")))
        removed = get_object_or_404(self.model, pk=number(request.GET.get("remove")))
        self.require(request, kept, removed)
        if request.method == "POST":
            return self.decided(request, target, kept, removed)
        try:
            moved = summary(merging.preview(kept, removed))
        except (merging.MergeError, IntegrityError) as error:
            messages.error(request, refusal(error) if isinstance(error, IntegrityError) else str(error))
            return HttpResponseRedirect(request.path)
        return self.page(
            request,
            target,
            "admin/compare.html",
            kept=kept,
            removed=removed,
            record_opts=self.model._meta,
            facts=self.facts_beside(target, kept, removed),
            differences=differences(kept, removed),
            moved=moved,
            exchange=f"?keep={removed.pk}&remove={kept.pk}",
        )

    def facts_beside(self, target, kept, removed) -> list[list[str]]:
        facts = self.describe(target, [kept, removed])
        return [facts.get(kept.pk, []), facts.get(removed.pk, [])]

    def decided(self, request, target, kept, removed):
        if request.POST.get("step") == "apart":
            merging.tell_apart(kept, removed, request.user)
            messages.success(request, _("“%s” and “%s” are not offered for merging again.") % (kept, removed))
            return HttpResponseRedirect(request.path)
        try:
            merge = merging.merge(kept, removed, request.user)
        except (merging.MergeError, IntegrityError) as error:
            messages.error(request, refusal(error) if isinstance(error, IntegrityError) else str(error))
            return HttpResponseRedirect(request.path)
        LogEntry.objects.log_actions(request.user.pk, [kept], CHANGE, _("Merged with “%s”.") % removed)
        text = _("“%(removed)s” is now “%(kept)s”. This can be undone under “Merges”.")
        messages.success(request, text % {"removed": merge.removed_name, "kept": merge.kept_name})
        return HttpResponseRedirect(request.path)

    def page(self, request, target, template: str, **context):
        return TemplateResponse(
            request,
            template,
            {
                **self.model_admin.admin_site.each_context(request),
                "title": self.title,
                "subtitle": str(target) if target is not None else None,
                "lede": self.lede,
                "opts": self.model_admin.model._meta,
                "target": target,
                "media": self.model_admin.media,
                **context,
            },
        )


def number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else 0


def differences(one: models.Model, other: models.Model) -> list[Difference]:
    """Each field that one of the two has, those that differ first."""
    rows = []
    for field in one._meta.local_concrete_fields:
        if field.name in _LEFT_OUT:
            continue
        left, right = shown_value(one, field), shown_value(other, field)
        # The column without a language says again what one of the languages says.
        is_repeated = hasattr(one, f"{field.name}_en")
        if (left or right) and not is_repeated:
            rows.append(Difference(capfirst(str(field.verbose_name)), left, right, left != right))
    return sorted(rows, key=lambda row: not row.differs)


def shown_value(record: models.Model, field: models.Field) -> Any:
    if field.choices:
        return getattr(record, f"get_{field.name}_display")()
    value = getattr(record, field.name)
    if isinstance(value, list) or isinstance(field, OtherNamesField):
        return listed(map(str, value or ()))
    return "" if value is None else value


def summary(journal: Iterable[dict]) -> list[Moved]:
    counts: dict[str, list[int]] = {}
    for step in journal:
        moved, given_up = bool(step["after"]), step["after"] is None
        count = counts.setdefault(step["model"], [0, 0])
        count[0] += moved
        count[1] += given_up
    found = ((merging.apps.get_model(label), moved, given_up) for label, (moved, given_up) in counts.items())
    return [Moved(capfirst(str(model._meta.verbose_name_plural)), moved, gone) for model, moved, gone in found]


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    """What was merged, by whom and when; each merge can be undone."""

    change_form_template = "admin/content/merge/change_form.html"
    list_display = ["removed_name", "kept_name", "kind", "by", "at", "undone_at"]
    list_select_related = ["by"]
    search_fields = ["removed_name", "kept_name", "removed_slug"]
    fields = ["kind", "kept_name", "removed_name", "removed_slug", ("by", "at"), "undone_at"]
    readonly_fields = ["kind"]

    @admin.display(description=gettext_lazy("kind of record"), ordering="model")
    def kind(self, merge):
        return capfirst(str(merging.apps.get_model(merge.model)._meta.verbose_name))

    def get_urls(self):
        view = self.admin_site.admin_view(self.undo)
        return [path("<path:object_id>/undo/", view, name="content_merge_undo"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        merge = self.get_object(request, object_id)
        context = {
            "moved": summary(merge.journal) if merge else [],
            "may_undo": bool(merge) and self.may(request, merge),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def may(self, request, merge) -> bool:
        owner = self.admin_site.get_model_admin(merging.apps.get_model(merge.model))
        return not merge.undone_at and owner.has_change_permission(request) and owner.has_add_permission(request)

    def undo(self, request, object_id):
        merge = get_object_or_404(Merge, pk=number(object_id))
        back = HttpResponseRedirect(reverse("admin:content_merge_change", args=[merge.pk]))
        if request.method != "POST":
            return back
        if not merge.undone_at and not self.may(request, merge):
            raise PermissionDenied
        try:
            gone = merging.undo(merge)
        except (merging.MergeError, IntegrityError) as error:
            messages.error(request, refusal(error) if isinstance(error, IntegrityError) else str(error))
            return back
        LogEntry.objects.log_actions(request.user.pk, [merge], CHANGE, _("Undone."))
        messages.success(request, _("“%s” is a record of its own again.") % merge.removed_name)
        if gone:
            messages.warning(
                request,
                ngettext(
                    "%(count)d part was deleted since the merge, and stays so.",
                    "%(count)d parts were deleted since the merge, and stay so.",
                    gone,
                )
                % {"count": gone},
            )
        return back


def give_names(distinctions: Iterable[Distinction]) -> None:
    keys: dict[str, set[int]] = {}
    for distinction in distinctions:
        keys.setdefault(distinction.model, set()).update((distinction.first, distinction.second))
    found = {label: merging.apps.get_model(label)._base_manager.in_bulk(pks) for label, pks in keys.items()}
    for distinction in distinctions:
        distinction.names = {pk: str(record) for pk, record in found[distinction.model].items()}


@admin.register(Distinction)
class DistinctionAdmin(PortalAdmin):
    """What is not offered for merging any more; whoever deletes one has the pair offered again."""

    list_display = ["one", "other", "kind", "by", "at"]
    list_select_related = ["by"]
    search_fields = ["model"]
    fields = ["kind", ("one", "other"), ("by", "at")]
    readonly_fields = ["kind", "one", "other", "by", "at"]

    def get_changelist_instance(self, request):
        """With the names of all rows of the page, in a query for each kind of record."""
        changes = super().get_changelist_instance(request)
        give_names(changes.result_list)
        return changes

    @admin.display(description=gettext_lazy("kind of record"), ordering="model")
    def kind(self, distinction):
        return capfirst(str(merging.apps.get_model(distinction.model)._meta.verbose_name))

    @admin.display(description=gettext_lazy("first"))
    def one(self, distinction):
        return self.name(distinction, "first")

    @admin.display(description=gettext_lazy("second"))
    def other(self, distinction):
        return self.name(distinction, "second")

    def name(self, distinction, side: str) -> str:
        if not hasattr(distinction, "names"):
            give_names([distinction])
        return distinction.names.get(getattr(distinction, side)) or _("no longer on file")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
