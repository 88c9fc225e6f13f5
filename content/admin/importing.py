"""Imports in the admin: a file is uploaded, shown line by line as what it would do, and applied once it is confirmed.

Between the steps the file lies in the data folder, under a name that only the session of who uploaded it knows.
"""

import secrets
import time
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.imports.account import Account

LARGEST_FILE = 100 * 1024 * 1024
KEPT_FOR = 24 * 60 * 60
SESSION_KEY = "imports"
# More would be slow to read in a browser; the counts are of all.
ENTRIES_SHOWN = 500


class UploadForm(forms.Form):
    """An importer adds its options as further fields."""

    largest_file = LARGEST_FILE

    file = forms.FileField(label=gettext_lazy("File"))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > self.largest_file:
            size = self.largest_file // 1024**2
            raise forms.ValidationError(_("The file is larger than %(size)d MB: split it.") % {"size": size})
        return file


@dataclass(frozen=True)
class Upload:
    """An uploaded file with what was chosen beside it, as plain values."""

    token: str
    name: str
    options: dict[str, Any]

    @property
    def path(self) -> Path:
        return settings.IMPORTS_ROOT / self.token


class ImportPage:
    """The pages of one import, for a view of a ModelAdmin: `ImportPage(model_admin).view(request, object_id)`.

    A subclass gives `title`, `lede`, its `form_class` and `run`. `mapping_form` may give a form for the columns of a
    table, which is shown beside the preview and asked again there.
    """

    title: Any = ""
    lede: Any = ""
    form_class = UploadForm
    template = "admin/import.html"

    def __init__(self, model_admin):
        self.model_admin = model_admin
        # Who looks at the page, for the journal of what is imported.
        self.user = None

    def target(self, request, object_id):
        """The record that the file is imported into. Raises Http404."""
        raise NotImplementedError

    def may(self, request, target) -> bool:
        return self.model_admin.has_change_permission(request, target)

    def run(self, target, upload: Upload, *, dry_run: bool) -> Account:
        raise NotImplementedError

    def initial(self, target) -> dict[str, Any]:
        return {}

    def mapping_form(self, target, upload: Upload, data: Mapping | None) -> forms.Form | None:
        """Bound with `data`, or with what is guessed; its cleaned values become options of the upload."""
        return None

    def after(self, target) -> str:
        """Where a finished import leads to."""
        return self.model_admin_url("change", target.pk)

    # ── the steps ──────────────────────────────────────────────────────────────────────────────────────────────────

    def view(self, request, object_id=None):
        """One page of addresses answers many requests at once, so each has its own."""
        page = copy(self)
        page.user = request.user
        return page.answered(request, object_id)

    def answered(self, request, object_id):
        target = self.target(request, object_id)
        if not self.may(request, target):
            raise PermissionDenied
        step = request.POST.get("step") if request.method == "POST" else None
        if step == "upload":
            return self.uploaded(request, target)
        upload = self.kept(request)
        if upload is None:
            if step or "import" in request.GET:
                messages.warning(request, _("This import is over or its file is gone: upload the file again."))
                return HttpResponseRedirect(request.path)
            return self.asked(request, target, self.form_class(initial=self.initial(target)))
        if step == "apply":
            return self.applied(request, target, upload)
        return self.previewed(request, target, upload, request.POST if step == "preview" else None)

    def asked(self, request, target, form):
        return self.page(request, target, form=form)

    def uploaded(self, request, target):
        form = self.form_class(request.POST, request.FILES, initial=self.initial(target))
        if not form.is_valid():
            return self.asked(request, target, form)
        upload = self.keep(request, form)
        return HttpResponseRedirect(f"{request.path}?import={upload.token}")

    def previewed(self, request, target, upload: Upload, data=None):
        mapping = self.mapping_form(target, upload, data)
        if mapping is not None:
            if not mapping.is_bound:
                mapping = self.mapping_form(target, upload, mapping.initial)
            if not mapping.is_valid():
                return self.page(request, target, upload=upload, mapping=mapping)
            upload = self.remember(request, Upload(upload.token, upload.name, upload.options | mapping.cleaned_data))
        account = self.run(target, upload, dry_run=True)
        return self.page(request, target, upload=upload, mapping=mapping, account=account)

    def applied(self, request, target, upload: Upload):
        account = self.run(target, upload, dry_run=False)
        self.forget(request, upload)
        text = _("Imported %(name)s: %(created)d created, %(changed)d changed, %(refused)d refused.") % {
            "name": upload.name,
            "created": account.created,
            "changed": account.changed,
            "refused": account.refused,
        }
        if target is not None and not account.exit_code:
            LogEntry.objects.log_actions(request.user.pk, [target], CHANGE, text)
        return self.page(request, target, upload=upload, account=account, done=True)

    def page(self, request, target, **context):
        account = context.get("account")
        return TemplateResponse(
            request,
            self.template,
            {
                **self.model_admin.admin_site.each_context(request),
                "title": self.title,
                "subtitle": str(target) if target is not None else None,
                "lede": self.lede,
                "opts": self.model_admin.model._meta,
                "target": target,
                "media": self.model_admin.media,
                "entries": shown_entries(account) if account else [],
                "entries_left": max(account.entry_count - ENTRIES_SHOWN, 0) if account else 0,
                "remarks": sorted(account.remarks, key=lambda remark: remark.line)[:ENTRIES_SHOWN] if account else [],
                "remarks_left": max(account.remark_count - ENTRIES_SHOWN, 0) if account else 0,
                "nothing": bool(account and account.exit_code),
                "after": self.after(target) if context.get("done") else "",
                **context,
            },
        )

    def model_admin_url(self, name: str, *args) -> str:
        meta = self.model_admin.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=args)

    # ── the file between the steps ─────────────────────────────────────────────────────────────────────────────────

    def keep(self, request, form) -> Upload:
        options = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        file = form.cleaned_data["file"]
        upload = Upload(secrets.token_urlsafe(24), file.name[:200], options)
        settings.IMPORTS_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
        forget_old()
        with upload.path.open("xb") as kept:
            upload.path.chmod(0o600)
            for chunk in file.chunks():
                kept.write(chunk)
        return self.remember(request, upload)

    def remember(self, request, upload: Upload) -> Upload:
        kept = request.session.get(SESSION_KEY, {})
        kept[upload.token] = {"path": request.path, "name": upload.name, "options": upload.options}
        request.session[SESSION_KEY] = dict(list(kept.items())[-10:])
        return upload

    def kept(self, request) -> Upload | None:
        token = request.POST.get("import") or request.GET.get("import")
        found = request.session.get(SESSION_KEY, {}).get(token)
        if not found or found["path"] != request.path:
            return None
        upload = Upload(token, found["name"], found["options"])
        return upload if upload.path.exists() else None

    def forget(self, request, upload: Upload) -> None:
        upload.path.unlink(missing_ok=True)
        kept = request.session.get(SESSION_KEY, {})
        kept.pop(upload.token, None)
        request.session[SESSION_KEY] = kept


def shown_entries(account: Account) -> list:
    """By line, what is left alone last where there are too many to show."""
    entries = account.entries
    if len(entries) > ENTRIES_SHOWN:
        entries = sorted(entries, key=lambda entry: entry.verdict == "unchanged")[:ENTRIES_SHOWN]
    return sorted(entries, key=lambda entry: entry.line)


def forget_old() -> None:
    """What was never confirmed goes after a day."""
    for path in settings.IMPORTS_ROOT.iterdir():
        try:
            if path.stat().st_mtime < time.time() - KEPT_FOR:
                path.unlink()
        except FileNotFoundError:
            # Another process was faster.
            continue
