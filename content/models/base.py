"""What every record has: names for the outside, publication, provenance, and an order in each language."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from content import languages
from content.fields import SLUG_PATTERN, LanguageTagField
from content.publication import Publication
from content.sorting import sort_key


def choice_check(field: str, choices, name: str = "") -> models.CheckConstraint:
    """A choice is a rule of the database too, not of forms alone."""
    return models.CheckConstraint(
        name=f"%(class)s_{name or field}",
        condition=Q(**{f"{field}__in": choices.values}),
        violation_error_message=_("This is not one of the choices."),
    )


class Identified(models.Model):
    """A row with names for the outside, kept for good: a UUID for machines, a slug for addresses."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.CharField(
        _("slug"),
        max_length=100,
        help_text=_("The last part of the address, the same in all languages: small letters, digits and hyphens."),
    )
    sample = models.BooleanField(
        _("sample data"), default=False, help_text=_("Invented to show the portal; one command removes it.")
    )
    modified = models.DateTimeField(_("modified"), db_default=Now(), editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_slug_neutral",
                condition=Q(slug__regex=SLUG_PATTERN),
                violation_error_message=_("A slug has small letters, digits and single hyphens only."),
            ),
        ]


class LinksField(models.ManyToManyField):
    """Links to what a record rests on or names. What is linked can't be deleted, and the refusal names the records."""

    def contribute_to_related_class(self, cls, related):
        super().contribute_to_related_class(cls, related)
        through = self.remote_field.through
        if not through._meta.auto_created:
            return
        # Django's own link table would let its rows go with what they point to.
        owner, target = (field for field in through._meta.fields if field.is_relation)
        target.remote_field.on_delete = models.PROTECT
        through._meta.verbose_name = self.model._meta.verbose_name
        through.__str__ = lambda link: str(getattr(link, owner.name))


class Sorted(models.Model):
    """The order of titles and names in each language, stored, since no collation exists on every PostgreSQL.

    Each column holds the key of the text that a visitor of that language sees, fallback included.
    """

    sort_field = "name"

    sort_en = models.TextField(db_collation="C", default="", editable=False)
    sort_zh_hans = models.TextField(db_collation="C", default="", editable=False)
    sort_fr = models.TextField(db_collation="C", default="", editable=False)
    sort_es = models.TextField(db_collation="C", default="", editable=False)
    sort_ru = models.TextField(db_collation="C", default="", editable=False)
    sort_ar = models.TextField(db_collation="C", default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        self.fill_sort_keys()
        if update_fields is not None:
            update_fields = {*update_fields, *SORT_COLUMNS}
        super().save(*args, update_fields=update_fields, **kwargs)

    def fill_sort_keys(self) -> None:
        """To be called before a bulk write, which does not pass through `save()`."""
        for language in languages.CODES:
            text = languages.localised(self, self.sort_field, language).text
            setattr(self, languages.column("sort", language), sort_key(text, language))


def sort_indexes(model: str) -> list[models.Index]:
    """For a collection that grows large: its order in each language, with the id that tells equals apart."""
    return [
        models.Index(name=f"{model}_{column}", fields=[column, "id"])
        for column in (languages.column("sort", language) for language in languages.CODES)
    ]


SORT_COLUMNS = tuple(languages.column("sort", language) for language in languages.CODES)


class Record(Identified, Publication):
    """Something published: it has a state, sources, and says which of its texts no person has reviewed yet."""

    unreviewed_languages = ArrayField(
        LanguageTagField(),
        verbose_name=_("languages not yet reviewed"),
        default=list,
        blank=True,
        help_text=_("Languages whose texts on this record were translated by a machine and not yet read by a person."),
    )
    recorded_none = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("known to be none"),
        default=list,
        blank=True,
        help_text=_(
            "Names of lists that are empty because there is none, not because nobody has said: partners, fields."
        ),
    )
    sources = LinksField("content.Source", verbose_name=_("sources"), blank=True, related_name="+")
    statements = LinksField(
        "content.Claim",
        verbose_name=_("statements"),
        blank=True,
        related_name="+",
        help_text=_("The quotes and reports that this record rests on."),
    )

    # What programs that keep references call such a record, in the words of CSL.
    citation_type = "webpage"

    class Meta:
        abstract = True
        constraints = [*Identified.Meta.constraints, *Publication.Meta.constraints]


def neutral_slug(text: str, fallback: str) -> str:
    """A slug from the Latin part of a text, or from `fallback` where a text has none, as Chinese titles do."""
    slug = slugify(text.replace("_", "-"))[:80].strip("-")
    return slug or slugify(fallback)[:80].strip("-")
