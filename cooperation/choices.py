from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgreementKind(models.TextChoices):
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental agreement")
    INTERAGENCY = "interagency", _("Agreement between agencies")
    INSTITUTIONAL = "institutional", _("Agreement between institutions")
    MEMORANDUM = "memorandum", _("Memorandum of understanding")


class AgreementStatus(models.TextChoices):
    """What follows from the dates on file, as precisely as they are known."""

    SIGNED = "signed", pgettext_lazy("status of an agreement", "Signed, not in force")
    IN_FORCE = "in_force", _("In force")
    ENDED = "ended", pgettext_lazy("status of an agreement", "Ended")


class FacilityKind(models.TextChoices):
    JOINT_LABORATORY = "joint_laboratory", _("Joint laboratory")
    EDUCATION_CENTRE = "education_centre", _("Education centre")
    TRANSFER_CENTRE = "transfer_centre", _("Technology transfer centre")
    PLATFORM = "platform", _("Platform")
    SCIENCE_PARK = "science_park", _("Science park")


class ProgrammeKind(models.TextChoices):
    PROGRAMME = "programme", pgettext_lazy("kind of cooperation", "Programme")
    ACTION_PLAN = "action_plan", _("Action plan")
    NETWORK = "network", _("Network")
    TRAINING = "training", _("Training")
    EXCHANGE = "exchange", _("Exchange")


class ProjectStatus(models.TextChoices):
    """The code list ActivityStatus of IATI 2.03."""

    PIPELINE = "1", _("Pipeline")
    IMPLEMENTATION = "2", _("Implementation")
    FINALISATION = "3", _("Finalisation")
    CLOSED = "4", _("Closed")
    CANCELLED = "5", pgettext_lazy("status of a project", "Cancelled")
    SUSPENDED = "6", _("Suspended")


class ProjectRole(models.TextChoices):
    """The code list OrganisationRole of IATI 2.03."""

    FUNDING = "1", _("Funding")
    ACCOUNTABLE = "2", _("Accountable")
    EXTENDING = "3", _("Extending")
    IMPLEMENTING = "4", _("Implementing")


class BudgetType(models.TextChoices):
    """The code list BudgetType of IATI 2.03."""

    ORIGINAL = "1", _("Original")
    REVISED = "2", _("Revised")


class BudgetStatus(models.TextChoices):
    """The code list BudgetStatus of IATI 2.03."""

    INDICATIVE = "1", _("Indicative")
    COMMITTED = "2", _("Committed")


class TransactionType(models.TextChoices):
    """The code list TransactionType of IATI 2.03."""

    INCOMING_FUNDS = "1", _("Incoming funds")
    OUTGOING_COMMITMENT = "2", _("Outgoing commitment")
    DISBURSEMENT = "3", _("Disbursement")
    EXPENDITURE = "4", _("Expenditure")
    INTEREST_PAYMENT = "5", _("Interest payment")
    LOAN_REPAYMENT = "6", _("Loan repayment")
    REIMBURSEMENT = "7", _("Reimbursement")
    PURCHASE_OF_EQUITY = "8", _("Purchase of equity")
    SALE_OF_EQUITY = "9", _("Sale of equity")
    CREDIT_GUARANTEE = "10", _("Credit guarantee")
    INCOMING_COMMITMENT = "11", _("Incoming commitment")
    OUTGOING_PLEDGE = "12", _("Outgoing pledge")
    INCOMING_PLEDGE = "13", _("Incoming pledge")


class CountryOrigin(models.TextChoices):
    """What says that a project is for a country, where the project as a whole doesn't."""

    TRANSACTIONS = "transactions", _("Taken from its transactions")
    LOCATIONS = "locations", _("Taken from its locations")
