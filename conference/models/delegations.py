from django.contrib.postgres.functions import TransactionNow
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.choices import DelegationCategory, DelegationLevel, DelegationVisibility, MemberRole
from conference.models.editions import Edition
from conference.models.geography import Country
from conference.models.people import Organisation, Person
from conference.models.protocol import CATEGORY_PLACES, in_protocol_order, party_sort_key
from content import languages
from content.models.base import Record, choice_check
from content.publication import PublicationQuerySet, window


class CategoryRule(models.Model):
    """What an edition decides for a category of its delegations: who sees what, and where the category stands.

    Without a rule a category is shown with the members who consent, at its place of CATEGORY_PLACES.
    """

    revision_parent = "edition"
    # It shows and hides delegations.
    is_gate = True

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="category_rules"
    )
    category = models.CharField(_("category"), max_length=20, choices=DelegationCategory)
    visibility = models.CharField(
        _("shown in public"), max_length=10, choices=DelegationVisibility, default=DelegationVisibility.MEMBERS
    )
    place = models.PositiveSmallIntegerField(
        _("place among the categories"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Categories with the same place stand together, in one alphabet. Where the host stands is set by itself."
        ),
    )

    class Meta:
        verbose_name = _("rule for a category of delegations")
        verbose_name_plural = _("rules for the categories of delegations")
        ordering = ["edition", "place", "category"]
        constraints = [
            models.UniqueConstraint(
                name="categoryrule_once",
                fields=["edition", "category"],
                violation_error_message=_("This category has its rule already."),
            ),
            models.CheckConstraint(name="categoryrule_place", condition=Q(place__gte=1)),
            choice_check("category", DelegationCategory),
            choice_check("visibility", DelegationVisibility),
        ]

    def __str__(self):
        return f"{self.get_category_display()}: {self.get_visibility_display()}"


def ruled(visibility: DelegationVisibility) -> Exists:
    """Whether the edition has decided so for the category of a delegation."""
    rules = CategoryRule.objects.filter(edition=OuterRef("edition"), category=OuterRef("category")).order_by()
    return Exists(rules.filter(visibility=visibility))


def rules_of_edition(category: DelegationCategory):
    return CategoryRule.objects.filter(edition=OuterRef("edition"), category=category).order_by()


class DelegationQuerySet(PublicationQuerySet):
    def published(self):
        """Public by themselves, of a country or organisation that is public, in a category that the edition shows."""
        party = (Q(country=None) | window("country__")) & (Q(organisation=None) | window("organisation__"))
        return super().published().filter(party, ~ruled(DelegationVisibility.HIDDEN))

    def once_public(self):
        """Of a hidden category nobody is told even that something was withdrawn."""
        now = TransactionNow()
        party = Q(country__first_public_at__lte=now) | Q(organisation__first_public_at__lte=now)
        return super().once_public().filter(party, ~ruled(DelegationVisibility.HIDDEN))

    def with_order(self):
        """With the key of the protocol order, and with the sort keys of the party under the names of its own."""
        names = {languages.column("sort", code): party_sort_key(code) for code in languages.CODES}
        return in_protocol_order(self.annotate(**names), rules_of_edition)

    def with_listing(self):
        """With what a list says of each: its place in every order, and whether its members are shown."""
        return self.with_order().annotate(
            without_persons=ruled(DelegationVisibility.PARTY) | ruled(DelegationVisibility.HIDDEN)
        )


class Delegation(Record):
    """A country or an international organisation at an edition. `size` not recorded is null, none is 0.

    It has no sort keys of its own, which would be stale as soon as a country is renamed: see `with_order`.
    """

    public_with = ("edition",)
    hidden_through = ("country", "organisation")
    # The same as `once_public` says of those that are still there. What it hides still moves the revision: a consent
    # on record in a hidden delegation hides or shows a speaker.
    told_condition = (
        "NOT EXISTS (SELECT 1 FROM conference_categoryrule AS rule WHERE rule.edition_id = {row}.edition_id"
        f" AND rule.category = {{row}}.category AND rule.visibility = '{DelegationVisibility.HIDDEN}')"
        " AND (EXISTS (SELECT 1 FROM conference_country AS party"
        " WHERE party.id = {row}.country_id AND party.first_public_at <= now())"
        " OR EXISTS (SELECT 1 FROM conference_organisation AS party"
        " WHERE party.id = {row}.organisation_id AND party.first_public_at <= now()))"
    )

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="delegations"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT, related_name="delegations"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegations",
    )
    category = models.CharField(
        _("category"), max_length=20, choices=DelegationCategory, default=DelegationCategory.MEMBER
    )
    level = models.CharField(_("level"), max_length=20, choices=DelegationLevel, blank=True)
    size = models.PositiveIntegerField(_("size"), null=True, blank=True, help_text=_("Empty: not recorded."))
    precedence = models.PositiveIntegerField(
        _("precedence"),
        null=True,
        blank=True,
        help_text=_("Delegations with a number stand before the others of their category, in the order of numbers."),
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["edition", "slug"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                name="delegation_country_once",
                fields=["edition", "country"],
                violation_error_message=_("This country has a delegation at this edition already."),
            ),
            models.UniqueConstraint(
                name="delegation_organisation_once",
                fields=["edition", "organisation"],
                violation_error_message=_("This organisation has a delegation at this edition already."),
            ),
            models.UniqueConstraint(name="delegation_slug", fields=["edition", "slug"]),
            models.CheckConstraint(
                name="delegation_of_one",
                condition=Q(country__isnull=False, organisation=None) | Q(country=None, organisation__isnull=False),
                violation_error_message=_("A delegation is of a country or of an organisation, one of them."),
            ),
            choice_check("category", DelegationCategory),
            models.CheckConstraint(
                name="delegation_level", condition=Q(level="") | Q(level__in=DelegationLevel.values)
            ),
        ]

    def __str__(self):
        return f"{self.party}, {self.edition}"

    def get_absolute_url(self):
        return f"{reverse('edition-countries', args=[self.edition.slug])}#{self.slug}"

    def reference_name(self, language: str):
        return languages.text_value(self.party, "name", language)

    @property
    def party(self):
        return self.country or self.organisation

    def save(self, *args, **kwargs):
        if not self.slug and self.party:
            self.slug = self.party.slug
        super().save(*args, **kwargs)

    def why_hidden(self) -> str:
        """What, beside states and windows, keeps it from the public; empty if nothing does."""
        hidden = CategoryRule.objects.filter(
            edition=self.edition_id, category=self.category, visibility=DelegationVisibility.HIDDEN
        )
        return _("The edition hides the delegations of this category.") if hidden.exists() else ""


def default_place(category: str) -> int:
    """Where a category stands without a rule; the host's own place is the edition's `host_place`."""
    return CATEGORY_PLACES.get(category, 1)


class MemberQuerySet(models.QuerySet):
    def published(self):
        """Whom the public sees, by rank: who consents and is public, in a delegation shown with its members."""
        shown = Delegation.objects.published().filter(~ruled(DelegationVisibility.PARTY))
        public = self.filter(window("person__"), consent=True, delegation__in=shown.order_by().values("pk"))
        return public.by_rank()

    def by_rank(self):
        """Among equals the head comes first, then the deputies."""
        roles = [When(role=role, then=Value(place)) for place, role in enumerate(MemberRole)]
        return self.order_by("rank", Case(*roles), "id")


class DelegationMember(models.Model):
    """A person in a delegation, in order of rank. Nobody is shown in public without consent on file."""

    # What changes in a member that comes, by a merge, into a delegation that has such a member already.
    gives_way = {"delegationmember_one_head": {"role": MemberRole.MEMBER}}
    revision_parent = ("delegation", "person")
    revision_condition = "{row}.consent"
    part_of = ("person",)

    delegation = models.ForeignKey(
        Delegation, verbose_name=_("delegation"), on_delete=models.CASCADE, related_name="members"
    )
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    honorific = models.CharField(_("honorific"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    affiliation = models.CharField(_("affiliation"), max_length=300, blank=True)
    consent = models.BooleanField(_("consents to be shown"), default=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a delegation")
        verbose_name_plural = _("members of delegations")
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(name="delegationmember_once", fields=["delegation", "person"]),
            models.UniqueConstraint(
                name="delegationmember_one_head",
                fields=["delegation"],
                condition=Q(role="head"),
                violation_error_message=_("A delegation has one head."),
            ),
            choice_check("role", MemberRole),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_role_display()}"
