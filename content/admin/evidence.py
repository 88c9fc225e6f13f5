"""Figures, their claims, and the sources of those."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from content import figure_presentation
from content.admin import preferring
from content.admin.archive import CopiesOfSource
from content.admin.base import RecordAdmin, RecordBlocks, Rows
from content.admin.forms import RecordForm, SlugForm
from content.choices import QuoteKind, RecordsCheckState
from content.listing import LISTINGS, BadParameters
from content.models import ArchivedCopy, Claim, Figure, Source, Strand
from content.models.base import neutral_slug


class ClaimMixin:
    """Finds the place of a verbatim quote, and names a claim after its figure and source."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("quote", "quote_marked"):
            if name in self.fields:
                self.fields[name].strip = False
        if "offset" in self.fields:
            self.fields["offset"].help_text = _(
                "How many characters of the stored text come before the quote. Empty: the portal looks it up."
            )

    def clean(self):
        cleaned = super().clean()
        if self.lacks_place():
            self.find_place()
        return cleaned

    def related(self, name):
        return self.cleaned_data.get(name) or getattr(self.instance, name, None)

    def lacks_place(self) -> bool:
        cleaned = self.cleaned_data
        verbatim = cleaned.get("quote_kind") == QuoteKind.VERBATIM
        return verbatim and "offset" in cleaned and cleaned["offset"] is None and bool(cleaned.get("quote"))

    def find_place(self) -> None:
        source = self.related("source")
        if source is None:
            return
        times = source.text.count(self.cleaned_data["quote"])
        if times == 1:
            self.cleaned_data["offset"] = source.text.find(self.cleaned_data["quote"])
        elif times:
            self.add_error("offset", _("The source has these words more than once: write which place is meant."))
        else:
            self.add_error("quote", _("The stored text of the source does not have these words."))

    def wanted_slug(self) -> str:
        figure, source = self.related("figure"), self.related("source")
        name = self.cleaned_data.get("name_en") or " ".join(record.slug for record in (figure, source) if record)
        return neutral_slug(name, "")


class ClaimForm(ClaimMixin, RecordForm):
    pass


class ClaimPartForm(ClaimMixin, SlugForm):
    pass


class ClaimOfFigureForm(ClaimPartForm):
    def _get_validation_exclusions(self):
        # Which claim is preferred is a matter of all of them together: one form would refuse what another gives up.
        return super()._get_validation_exclusions() | {"preferred"}


class ClaimsTogether(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms and hasattr(form, "cleaned_data")]
        chosen = [form for form in kept if form.cleaned_data.get("preferred")]
        if len(chosen) > 1:
            for form in chosen:
                form.add_error("preferred", _("A figure has one preferred claim, no more: choose which."))

    def save(self, commit=True):
        if commit:
            # The one that gives way goes first, or the database would see two for a moment.
            given_up = [form.instance.pk for form in self.initial_forms if not form.cleaned_data.get("preferred")]
            Claim.objects.filter(pk__in=given_up, preferred=True).update(preferred=False)
        return super().save(commit)


class ClaimsOfFigure(RecordBlocks):
    model = Claim
    form = ClaimOfFigureForm
    formset = ClaimsTogether
    autocomplete_fields = ["source"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "source",
                    ("qualifier", "value"),
                    "quote_kind",
                    "quote",
                    "quote_translation",
                    ("quote_marked", "offset"),
                    "speaker",
                    "said_on",
                    "scope",
                    "note",
                    "relation",
                    "preferred",
                    "preferred_reason",
                    ("slug", "state"),
                ]
            },
        )
    ]


class ClaimsOfSource(Rows):
    """Enough to see what is quoted; the rest is on the page of the claim."""

    model = Claim
    form = ClaimPartForm
    show_change_link = True
    autocomplete_fields = ["figure"]
    fields = ["figure", "quote_kind", "quote", "offset", "qualifier", "value", "state", "slug"]


@admin.register(Strand)
class StrandAdmin(RecordAdmin):
    list_display = ["name", "position"]
    search_fields = ["name", "slug"]
    fieldsets = [(None, {"fields": ["name", "slug", "summary", "position"]})]


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ["title", "kind", "publisher", "said_on", "published_on", "language"]
    list_filter = ["kind", "machine_translated"]
    search_fields = ["title", "publisher", "author", "speaker", "slug", "address"]
    inlines = [CopiesOfSource, ClaimsOfSource]
    provenance = ()
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "publisher", "author", "address"]}),
        (_("Who said it, and when"), {"fields": ["speaker", "speaker_role", ("said_on", "published_on")]}),
        (_("Its words"), {"fields": ["language", "machine_translated", "text"]}),
    ]

    def save_formset(self, request, form, formset, change):
        if formset.model is ArchivedCopy:
            for row in formset.extra_forms:
                row.instance.by = request.user
        super().save_formset(request, form, formset, change)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text":
            field.widget.attrs["rows"] = 20
        return field


class FigureForm(RecordForm):
    checked_collection = forms.ChoiceField(
        label=_("Collection checked against"),
        required=False,
        help_text=_("The collection whose published records this figure counts, such as facilities."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "checked_collection" in self.fields:
            names = sorted({*LISTINGS, self.instance.checked_collection} - {""})
            self.fields["checked_collection"].choices = [("", _("none")), *((name, name) for name in names)]

    def clean(self):
        cleaned = super().clean()
        if collection := LISTINGS.get(cleaned.get("checked_collection")):
            self.try_filter(collection, cleaned.get("checked_query") or "")
        return cleaned

    def try_filter(self, collection, query: str) -> None:
        """The page of the figure asks the collection the same."""
        try:
            collection.select(QueryDict(query), "en")
        except BadParameters as error:
            self.add_error("checked_query", str(error))


@admin.register(Figure)
class FigureAdmin(RecordAdmin):
    form = FigureForm
    list_display = ["name", "qualifier", "value", "unit", "strand", "headline", "position", "as_of"]
    list_filter = ["strand", "headline", "qualifier"]
    list_select_related = ["strand"]
    search_fields = ["name", "unit", "slug"]
    autocomplete_fields = ["strand"]
    inlines = [ClaimsOfFigure]
    fieldsets = [
        (None, {"fields": ["name", "slug", "strand", ("qualifier", "value"), "unit", "as_of", "scope"]}),
        (_("Home page"), {"fields": ["headline", "position"]}),
        (_("Records on file beside it"), {"fields": ["checked_collection", "checked_query"]}),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(self.records_check)
        return [path("records-check/", view, name="content_figure_records_check"), *super().get_urls()]

    def records_check(self, request):
        """Every public figure beside what the public records say, the doubtful ones first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = [
            {
                "figure": figure,
                "said": figure_presentation.said(figure),
                "sentence": check.refusal or figure_presentation.check_sentence(figure),
                "count": "–" if check.refusal else check.count,
                "url": "" if check.refusal else figure_presentation.records_address(figure),
                "state": _("Cannot be counted") if check.refusal else RecordsCheckState(check.state).label,
                "agrees": check.state == RecordsCheckState.AGREES,
            }
            for figure, check in figure_presentation.checks()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Records check"),
            "opts": self.opts,
            "rows": sorted(rows, key=lambda row: row["agrees"]),
        }
        return TemplateResponse(request, "admin/content/figure/records_check.html", context)


@admin.register(Claim)
class ClaimAdmin(RecordAdmin):
    form = ClaimForm
    list_display = ["__str__", "figure", "source", "qualifier", "value", "quote_kind", "relation", "preferred"]
    list_filter = ["quote_kind", "relation", "preferred", "strand"]
    list_select_related = ["figure", "source", "strand"]
    search_fields = ["name", "quote", "slug", "figure__name", "source__title"]
    autocomplete_fields = ["figure", "source", "strand"]
    actions = [*RecordAdmin.actions, "prefer", "prefer_no_longer"]
    provenance = ()
    fieldsets = [
        (None, {"fields": ["figure", "source", "strand", "name", "slug", ("qualifier", "value"), "scope"]}),
        (
            _("Its words"),
            {
                "fields": [
                    "quote_kind",
                    "quote",
                    "quote_translation",
                    ("quote_marked", "offset"),
                    "speaker",
                    "said_on",
                    "note",
                ]
            },
        ),
        (_("Beside other claims"), {"fields": ["relation", "preferred", "preferred_reason"]}),
    ]

    @admin.action(description=_("Prefer the chosen claim to the others of its figure"), permissions=["change"])
    def prefer(self, request, queryset):
        return preferring.ask_and_prefer(self, request, queryset)

    @admin.action(description=_("Prefer the chosen claims no longer"), permissions=["change"])
    def prefer_no_longer(self, request, queryset):
        claims = list(queryset.filter(preferred=True))
        for claim in claims:
            preferring.give_up(claim, request.user)
        text = ngettext(
            "%(count)d claim is no longer preferred.", "%(count)d claims are no longer preferred.", len(claims)
        )
        self.message_user(request, text % {"count": len(claims)})
