"""Projects in the terms of an activity of IATI 2.03."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference.models import Country, Organisation
from conference.models.editions import in_order
from content.fields import HTMLField, PartialDateField
from content.models import Strand
from content.models.base import Record, Sorted, choice_check, sort_indexes
from cooperation.choices import BudgetStatus, BudgetType, CountryOrigin, ProjectRole, ProjectStatus, TransactionType
from cooperation.models.outcomes import AtSession

SHARE = [MinValueValidator(0), MaxValueValidator(100)]


class Project(AtSession, Sorted, Record):
    sort_field = "title"

    iati_identifier = models.CharField(_("IATI identifier"), max_length=300, blank=True)
    title = models.CharField(_("title"), max_length=500)
    description = HTMLField(_("description"), blank=True)
    objectives = HTMLField(_("objectives"), blank=True)
    target_groups = HTMLField(_("target groups"), blank=True)
    further_description = HTMLField(_("further description"), blank=True)
    status = models.CharField(_("status"), max_length=1, choices=ProjectStatus, blank=True)
    strand = models.ForeignKey(
        Strand, verbose_name=_("strand"), null=True, blank=True, on_delete=models.PROTECT, related_name="projects"
    )
    reporter = models.ForeignKey(
        Organisation,
        verbose_name=_("reported by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reported_projects",
        help_text=_("The organisation that publishes these data, which need not take part in the project."),
    )
    planned_start = PartialDateField(_("planned start"), null=True, blank=True)
    actual_start = PartialDateField(_("actual start"), null=True, blank=True)
    planned_end = PartialDateField(_("planned end"), null=True, blank=True)
    actual_end = PartialDateField(_("actual end"), null=True, blank=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["slug"]
        indexes = sort_indexes("project")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="project_slug", fields=["slug"]),
            models.UniqueConstraint(
                name="project_iati_identifier", fields=["iati_identifier"], condition=~Q(iati_identifier="")
            ),
            models.CheckConstraint(name="project_status", condition=Q(status="") | Q(status__in=ProjectStatus.values)),
            models.CheckConstraint(
                name="project_planned_dates",
                condition=in_order("planned_start", "planned_end"),
                violation_error_message=_("A project does not end before it starts."),
            ),
            models.CheckConstraint(
                name="project_actual_dates",
                condition=in_order("actual_start", "actual_end"),
                violation_error_message=_("A project does not end before it starts."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("project", args=[self.slug])


class ProjectPart(models.Model):
    revision_parent = "project"

    class Meta:
        abstract = True


class ProjectCountry(ProjectPart):
    """A recipient country and its share of the project in per cent; null where nobody has said."""

    revision_parent = ("project", "country")

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="country_shares"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="project_shares"
    )
    percentage = models.DecimalField(
        _("share in per cent"), max_digits=7, decimal_places=4, null=True, blank=True, validators=SHARE
    )
    derived_from = models.CharField(
        _("derived from"),
        max_length=12,
        choices=CountryOrigin,
        blank=True,
        help_text=_("Empty: the project itself is recorded as one for this country."),
    )

    class Meta:
        verbose_name = _("recipient country")
        verbose_name_plural = _("recipient countries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="projectcountry_once", fields=["project", "country"]),
            models.CheckConstraint(
                name="projectcountry_share", condition=Q(percentage=None) | Q(percentage__range=(0, 100))
            ),
            models.CheckConstraint(
                name="projectcountry_derived_from",
                condition=Q(derived_from="") | Q(derived_from__in=CountryOrigin.values),
                violation_error_message=_("This is not one of the choices."),
            ),
        ]

    def __str__(self):
        return str(self.country)


class ProjectRegion(ProjectPart):
    """A recipient region by the code of a vocabulary of IATI; `1` is that of OECD DAC, `2` is UN M49."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="regions")
    vocabulary = models.CharField(_("vocabulary"), max_length=3, default="1")
    code = models.CharField(_("code"), max_length=50)
    percentage = models.DecimalField(
        _("share in per cent"), max_digits=7, decimal_places=4, null=True, blank=True, validators=SHARE
    )

    class Meta:
        verbose_name = _("recipient region")
        verbose_name_plural = _("recipient regions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="projectregion_once", fields=["project", "vocabulary", "code"]),
            models.CheckConstraint(
                name="projectregion_share", condition=Q(percentage=None) | Q(percentage__range=(0, 100))
            ),
        ]

    def __str__(self):
        return f"{self.vocabulary}: {self.code}"


class ProjectSector(ProjectPart):
    """A sector by the code of a vocabulary of IATI; `1` is that of OECD DAC with five digits."""

    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="sectors")
    vocabulary = models.CharField(_("vocabulary"), max_length=3, default="1")
    code = models.CharField(_("code"), max_length=50)
    percentage = models.DecimalField(
        _("share in per cent"), max_digits=7, decimal_places=4, null=True, blank=True, validators=SHARE
    )

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="projectsector_once", fields=["project", "vocabulary", "code"]),
            models.CheckConstraint(
                name="projectsector_share", condition=Q(percentage=None) | Q(percentage__range=(0, 100))
            ),
        ]

    def __str__(self):
        return f"{self.vocabulary}: {self.code}"


class ProjectOrganisation(ProjectPart):
    revision_parent = ("project", "organisation")

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="organisation_roles"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="project_roles"
    )
    role = models.CharField(_("role"), max_length=1, choices=ProjectRole, default=ProjectRole.IMPLEMENTING)

    class Meta:
        verbose_name = _("participating organisation")
        verbose_name_plural = _("participating organisations")
        ordering = ["role", "id"]
        constraints = [
            models.UniqueConstraint(name="projectorganisation_once", fields=["project", "organisation", "role"]),
            choice_check("role", ProjectRole),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_role_display()}"


class Money(ProjectPart):
    """An amount in the currency in which it was given, and the day whose rate applies to it."""

    amount = models.DecimalField(_("amount"), max_digits=20, decimal_places=2)
    currency = models.CharField(
        _("currency (ISO 4217)"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as CNY."))],
    )
    value_date = models.DateField(_("value date"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_currency", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency}"


class Budget(Money):
    project = models.ForeignKey(Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="budgets")
    type = models.CharField(_("type"), max_length=1, choices=BudgetType, default=BudgetType.ORIGINAL)
    status = models.CharField(_("status"), max_length=1, choices=BudgetStatus, default=BudgetStatus.INDICATIVE)
    period_start = models.DateField(_("start of the period"))
    period_end = models.DateField(_("end of the period"))

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["period_start", "id"]
        constraints = [
            *Money.Meta.constraints,
            choice_check("type", BudgetType),
            choice_check("status", BudgetStatus),
            models.CheckConstraint(
                name="budget_period",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message=_("A period does not end before it starts."),
            ),
        ]


class Transaction(Money):
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="transactions"
    )
    type = models.CharField(_("type"), max_length=2, choices=TransactionType)
    date = models.DateField(_("date"))
    description = models.TextField(_("description"), blank=True)
    provider = models.ForeignKey(
        Organisation, verbose_name=_("provider"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver = models.ForeignKey(
        Organisation, verbose_name=_("receiver"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering = ["date", "id"]
        constraints = [*Money.Meta.constraints, choice_check("type", TransactionType)]
