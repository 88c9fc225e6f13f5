from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from content.choices import ArticleKind
from content.fields import HTMLField
from content.models.base import Record, Sorted, choice_check
from content.models.media import Picture


class Article(Sorted, Record):
    sort_field = "title"
    citation_type = "post"

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=ArticleKind, default=ArticleKind.NEWS)
    summary = models.TextField(_("summary"), blank=True)
    body = HTMLField(_("text"), blank=True)
    picture = models.ForeignKey(
        Picture, verbose_name=_("picture"), null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-first_public_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="article_slug", fields=["slug"]),
            choice_check("kind", ArticleKind),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("article", args=[self.slug])

    @property
    def published_at(self):
        """When it was meant to appear, or did; null before anyone could read it."""
        return self.publish_at or self.first_public_at


class Page(Sorted, Record):
    """A standing page at `/{lang}/pages/{slug}/`: about, accessibility, licence, how figures are checked."""

    sort_field = "title"

    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    body = HTMLField(_("text"), blank=True)

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")
        ordering = ["slug"]
        constraints = [*Record.Meta.constraints, models.UniqueConstraint(name="page_slug", fields=["slug"])]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("page", args=[self.slug])
