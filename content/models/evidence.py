"""Figures, the claims that they rest on, and the sources of those."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from content import languages
from content.choices import ClaimRelation, Qualifier, QuoteKind, SourceKind
from content.fields import LanguageTagField, PartialDateField
from content.models.base import Record, Sorted, choice_check

# Kinds of source in the words of CSL.
CITED_AS = {
    SourceKind.PRESS_CONFERENCE: "speech",
    SourceKind.NEWS_REPORT: "article-newspaper",
    SourceKind.OFFICIAL_DOCUMENT: "report",
    SourceKind.DATASET: "dataset",
    SourceKind.WEBSITE: "webpage",
}


class Strand(Sorted, Record):
    """One of the lines of cooperation. Its position chooses its hue and its mark."""

    name = models.CharField(_("name"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("strand")
        verbose_name_plural = _("strands")
        ordering = ["position", "id"]
        constraints = [*Record.Meta.constraints, models.UniqueConstraint(name="strand_slug", fields=["slug"])]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("strand", args=[self.slug])


class Source(Sorted, Record):
    """A document or statement that something rests on. Its full text is for staff; the public sees quotes from it."""

    sort_field = "title"

    title = models.CharField(_("title"), max_length=500)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    author = models.CharField(_("author"), max_length=300, blank=True)
    speaker = models.CharField(_("speaker"), max_length=300, blank=True)
    speaker_role = models.CharField(_("role of the speaker"), max_length=300, blank=True)
    said_on = PartialDateField(_("said on"), null=True, blank=True)
    published_on = PartialDateField(_("published on"), null=True, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    language = LanguageTagField(_("language"), blank=True)
    machine_translated = models.BooleanField(_("machine-translated"), null=True, blank=True)
    text = models.TextField(
        _("stored text"),
        blank=True,
        help_text=_("As published, for staff alone. Verbatim quotes are checked against it, character for character."),
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-said_on", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="source_slug", fields=["slug"]),
            choice_check("kind", SourceKind),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("source", args=[self.slug])

    def clean(self):
        super().clean()
        if broken := [claim for claim in self.quotes() if not claim.is_in(self.text)]:
            names = "; ".join(str(claim) for claim in broken)
            message = _("Claims quote words that the altered text no longer has at their place: %(claims)s")
            raise ValidationError({"text": message % {"claims": names}})

    @property
    def citation_type(self) -> str:
        return CITED_AS.get(self.kind, "document")

    def quotes(self):
        """The verbatim ones, which the stored text has to have; none of a source that is not stored yet."""
        claims = Claim.objects.filter(source=self.pk) if self.pk else Claim.objects.none()
        return claims.filter(quote_kind=QuoteKind.VERBATIM).select_related("figure", "source")


class Figure(Sorted, Record):
    """A published quantity. It is never shown without the claims that it rests on."""

    citation_type = "dataset"

    name = models.CharField(_("name"), max_length=300)
    strand = models.ForeignKey(
        Strand, verbose_name=_("strand"), null=True, blank=True, on_delete=models.PROTECT, related_name="figures"
    )
    value = models.DecimalField(
        _("value"), max_digits=20, decimal_places=4, null=True, blank=True, help_text=_("Empty: no number was given.")
    )
    qualifier = models.CharField(_("qualifier"), max_length=10, choices=Qualifier)
    unit = models.CharField(_("unit"), max_length=300, blank=True)
    as_of = PartialDateField(_("as of"), null=True, blank=True)
    scope = models.CharField(_("scope"), max_length=300, blank=True, help_text=_("What is counted, and what is not."))
    headline = models.BooleanField(_("on the home page"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    checked_collection = models.CharField(
        _("collection checked against"),
        max_length=40,
        blank=True,
        help_text=_("The collection whose published records this figure counts, such as facilities."),
    )
    checked_query = models.CharField(
        _("filter checked against"),
        max_length=300,
        blank=True,
        help_text=_("The filter of that collection as in its address, such as kind=joint_laboratory."),
    )

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["position", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="figure_slug", fields=["slug"]),
            choice_check("qualifier", Qualifier),
            models.CheckConstraint(
                name="figure_value_or_several",
                condition=Q(value__isnull=False) | Q(qualifier=Qualifier.SEVERAL),
                violation_error_message=_("A figure without a number has the qualifier several."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("figure", args=[self.slug])


def says_anything(field: str) -> Q:
    """That a translated text is there in one language at least."""
    condition = Q()
    for code in languages.CODES:
        column = languages.column(field, code)
        condition |= Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})
    return condition


# A text that is one quotation from its first sign to its last.
IN_QUOTATION_MARKS = (
    r"""^\s*(“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|»[^«»]*«|‹[^‹›]*›|›[^‹›]*‹|「[^「」]*」|『[^『』]*』"""
    r"""|"[^"]*"|＂[^＂]*＂|‘[^‘’]*’|'[^']*')[\s.。]*$"""
)


def is_in_quotation_marks() -> Q:
    """Of a claim: its words, or their translation in any language."""
    condition = Q(quote__regex=IN_QUOTATION_MARKS)
    for code in languages.CODES:
        column = languages.column("quote_translation", code)
        condition |= Q(**{f"{column}__isnull": False, f"{column}__regex": IN_QUOTATION_MARKS})
    return condition


class Claim(Record):
    """What one source says a figure is; without a figure it is a statement.

    `offset` counts Unicode code points from the start of the stored text of the source.
    """

    public_with = ("source",)
    # A figure is told with its claims.
    part_of = ("figure",)

    figure = models.ForeignKey(
        Figure, verbose_name=_("figure"), null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="claims")
    strand = models.ForeignKey(
        Strand, verbose_name=_("strand"), null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    name = models.CharField(_("name"), max_length=300, blank=True)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, null=True, blank=True)
    qualifier = models.CharField(_("qualifier"), max_length=10, choices=Qualifier, blank=True)
    quote = models.TextField(
        _("words of the source"), help_text=_("In the language of the source; a report in words of our own.")
    )
    quote_translation = models.TextField(_("translation of the words"), blank=True)
    quote_marked = models.CharField(
        _("words that carry the figure"), max_length=300, blank=True, help_text=_("A part of the words of the source.")
    )
    quote_kind = models.CharField(_("kind of quote"), max_length=10, choices=QuoteKind)
    offset = models.PositiveIntegerField(_("place in the source"), null=True, blank=True)
    speaker = models.CharField(_("speaker"), max_length=300, blank=True)
    said_on = PartialDateField(_("said on"), null=True, blank=True)
    scope = models.CharField(_("scope"), max_length=300, blank=True, help_text=_("What this source counts."))
    note = models.CharField(_("note"), max_length=500, blank=True)
    relation = models.CharField(_("relation"), max_length=10, choices=ClaimRelation, default=ClaimRelation.FIRST)
    preferred = models.BooleanField(_("preferred"), default=False)
    preferred_reason = models.CharField(_("why it is preferred"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["said_on", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="claim_slug", fields=["slug"]),
            choice_check("quote_kind", QuoteKind),
            choice_check("relation", ClaimRelation),
            models.CheckConstraint(
                name="claim_verbatim_has_place",
                condition=Q(quote_kind=QuoteKind.REPORTED) | (Q(offset__isnull=False) & ~Q(quote="")),
                violation_error_message=_("A verbatim quote has its words and their place in the source."),
            ),
            models.CheckConstraint(
                name="claim_reported_without_marks",
                condition=Q(quote_kind=QuoteKind.VERBATIM) | ~is_in_quotation_marks(),
                violation_error_message=_(
                    "A report stands in no quotation marks: take them away, or store the source's text and quote it."
                ),
            ),
            models.CheckConstraint(
                name="claim_marks_its_own_words",
                condition=Q(quote__contains=F("quote_marked")),
                violation_error_message=_("These words do not occur in the words of the source."),
            ),
            models.CheckConstraint(
                name="claim_preferred_has_reason",
                condition=Q(preferred=False) | says_anything("preferred_reason"),
                violation_error_message=_("Say why this claim is preferred; the reason is public."),
            ),
            models.UniqueConstraint(
                name="claim_one_preferred",
                fields=["figure"],
                condition=Q(preferred=True),
                violation_error_message=_("Another claim of this figure is preferred already."),
            ),
        ]

    def __str__(self):
        return self.name or f"{self.figure or self.slug} ({self.source})"

    def get_absolute_url(self):
        """The claim's place on its figure's page, or for a statement on its source's."""
        return f"{(self.figure or self.source).get_absolute_url()}#{self.slug}"

    def reference_name(self, language: str):
        """A claim without a name of its own is called as its figure, a statement as its source."""
        if self.name or not (self.figure or self.source):
            return languages.text_value(self, "name", language)
        if self.figure:
            return languages.text_value(self.figure, "name", language)
        return languages.text_value(self.source, "title", language)

    def is_in(self, text: str) -> bool:
        """Whether the text has the words of the quote at their place, character for character."""
        return text.startswith(self.quote, self.offset)

    def clean(self):
        super().clean()
        checked = self.quote_kind == QuoteKind.VERBATIM and self.source_id and self.offset is not None
        if checked and not self.is_in(self.source.text):
            found = self.source.text[self.offset : self.offset + len(self.quote)]
            raise ValidationError({"quote": self._misquoted(found)})
        if self.quote_marked and self.quote_marked not in self.quote:
            raise ValidationError({"quote_marked": _("These words do not occur in the words of the source.")})

    def _misquoted(self, found: str) -> str:
        place = self.source.text.find(self.quote)
        if place >= 0:
            return _("The source has these words at place %(place)d, not at %(offset)d.") % {
                "place": place,
                "offset": self.offset,
            }
        return _("The source does not have these words. At place %(offset)d it says: %(found)s") % {
            "offset": self.offset,
            "found": found,
        }
