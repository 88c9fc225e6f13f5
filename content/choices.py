from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Qualifier(models.TextChoices):
    EXACT = "exact", _("a total of")
    MORE_THAN = "more_than", _("more than")
    ABOUT = "about", _("about")
    UP_TO = "up_to", _("up to")
    SEVERAL = "several", _("several")


class QuoteKind(models.TextChoices):
    VERBATIM = "verbatim", _("Verbatim quote")
    REPORTED = "reported", _("Reported")


class ClaimRelation(models.TextChoices):
    """How a claim stands to the first claim of its figure."""

    FIRST = "first", _("First on file")
    AGREES = "agrees", _("Agrees")
    CONFLICTS = "conflicts", _("Differs")
    SUPERSEDES = "supersedes", _("Supersedes")


class SourceKind(models.TextChoices):
    PRESS_CONFERENCE = "press_conference", _("Press conference")
    NEWS_REPORT = "news_report", _("News report")
    OFFICIAL_DOCUMENT = "official_document", _("Official document")
    DATASET = "dataset", _("Dataset")
    SCHEDULE = "schedule", _("Schedule file")
    WEBSITE = "website", _("Website")


class CopyState(models.TextChoices):
    """What has become of an archived copy."""

    INTACT = "intact", _("Intact")
    ALTERED = "altered", _("Altered: its checksum is another one")
    MISSING = "missing", _("Missing")


class ArticleKind(models.TextChoices):
    NEWS = "news", _("News")
    PRESS_RELEASE = "press_release", _("Press release")
    STATEMENT = "statement", _("Statement")


class DocumentKind(models.TextChoices):
    DECLARATION = "declaration", _("Declaration")
    INITIATIVE = "initiative", _("Initiative")
    PLAN = "plan", _("Plan")
    REPORT = "report", _("Report")
    PRESENTATION = "presentation", _("Presentation")
    AGREEMENT_TEXT = "agreement_text", _("Text of an agreement")
    OTHER = "other", _("Other document")


class MenuPlace(models.TextChoices):
    HEADER = "header", _("Header")
    PORTAL = "portal", _("Footer: the portal")
    RECORD = "record", _("Footer: the record")
    FOLLOW = "follow", _("Footer: follow")


class RecordsCheckState(models.TextChoices):
    AGREES = "agrees", _("Agrees with the records on file")
    FEWER_ON_FILE = "fewer_on_file", _("Fewer on file than claimed")
    MORE_ON_FILE = "more_on_file", _("More on file than claimed")
    NOT_RECORDED = "not_recorded", _("Not recorded")
