"""Sample data: records that are invented to show the portal, marked as such, and removed by one command."""

from pathlib import Path

from django.db import transaction
from django.utils import translation

from brst_site.sample import conference, cooperation, removal
from brst_site.sample.texts import Texts


@transaction.atomic
@translation.override("en")
def replace(folder: Path, sessions: int, projects: int) -> dict[str, int]:
    """Takes all sample data away and makes it anew, so that there is as much as was asked for; how many of each kind.

    The same numbers give the same records under the same addresses.
    """
    removal.remove()
    texts = Texts.read(folder / "sample.json")
    counts = conference.make(texts, sessions, cooperation.organisations_for(projects))
    counts |= cooperation.make(texts, projects)
    return {str(model._meta.verbose_name_plural): count for model, count in counts.items()}


@transaction.atomic
@translation.override("en")
def remove() -> dict[str, int]:
    return {str(model._meta.verbose_name_plural): count for model, count in removal.remove().items()}
