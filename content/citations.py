"""How a record is cited: in words, and as an entry for programs that keep references.

A citation is permanent: its address leads to the record for good, also once the record has been merged with another
or taken back, and it names the state that was read: when the record was last changed, and the site's revision.
"""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from content import figure_presentation, languages
from content.exports.citation import Citation
from content.models import Claim, Figure, Site, Source
from content.presentation import partial_date_text, shown
from content.serializers import absolute, date_of, instant, told

LICENCE = "CC BY 4.0"


class State(NamedTuple):
    """What the reader sees now: the revision of the site, and the day."""

    revision: int
    now: datetime


class About(NamedTuple):
    """What the citation says of the thing itself; `lead` is the first sentence in words, without its full stop."""

    lead: str
    title: str
    type: str
    authors: tuple[str, ...] = ()
    container: str = ""
    publisher: str = ""
    issued: str = ""
    genre: str = ""
    note: str = ""


def citation_of(record, state: State) -> Citation:
    about = about_record(record)
    portal = portal_name()
    return Citation(
        key=f"{type(record)._meta.model_name}-{record.slug}",
        type=about.type,
        title=about.title,
        url=absolute(record.get_absolute_url()),
        language=languages.html_code(languages.current()),
        publisher=about.publisher or portal,
        version=version_of(record, state),
        accessed=state.now.date().isoformat(),
        authors=about.authors,
        container=about.container or portal,
        issued=about.issued or record.modified.date().isoformat(),
        genre=about.genre,
        note=about.note,
    )


def in_words(record, state: State) -> dict:
    """The citation as a sentence to copy; the address is apart, so that it can be a link."""
    portal = portal_name()
    read_on = _("read on %(date)s") % {"date": partial_date_text(state.now.date().isoformat())}
    before = [
        about_record(record).lead,
        f"{portal}, {version_of(record, state)}" if portal else version_of(record, state),
    ]
    return {
        "before": ". ".join(part.rstrip(".。") for part in before if part) + ".",
        "url": absolute(record.get_absolute_url()),
        "after": f"{read_on}. {LICENCE}.",
    }


def portal_name() -> str:
    return shown(Site.objects.first(), "name").text


def version_of(record, state: State) -> str:
    return _("state of the record %(revision)s, last changed %(instant)s") % {
        "revision": state.revision,
        "instant": instant(record.modified),
    }


def about_record(record) -> About:
    if isinstance(record, Figure):
        return about_figure(record)
    if isinstance(record, Claim):
        return about_claim(record)
    if isinstance(record, Source):
        return about_source(record)
    title = shown(record, "title" if hasattr(record, "title") else "name").text
    kind = record.get_kind_display() if hasattr(record, "get_kind_display") else str(record._meta.verbose_name)
    return About(lead=f"{title} ({kind})", title=title, type=record.citation_type, genre=str(kind))


def about_figure(figure: Figure) -> About:
    """With what carries it: a number is not cited without its source either."""
    said, name = figure_presentation.said(figure), shown(figure, "name").text
    unit = figure_presentation.unit_of(figure).text
    claims = figure.public_claims
    if not claims:
        return About(lead=name, title=name, type=figure.citation_type)
    if figure_presentation.stands_alone(figure):
        stated = according_to(f"{said} {unit}", told(figure, claims).claim)
        return About(lead=stated, title=f"{said} {unit}", type=figure.citation_type, note=stated)
    stated = "; ".join(claim_told(claim) for claim in claims)
    return About(lead=f"{name}: {said}. {stated}", title=f"{name}: {said}", type=figure.citation_type, note=stated)


def claim_told(claim: Claim) -> str:
    """What one source says of the figure."""
    return according_to(figure_presentation.as_said(claim.value, claim.qualifier), claim)


def according_to(what: str, claim: Claim) -> str:
    """Reported words are told in no quotation marks, and so are verbatim ones: a style adds its own to titles."""
    outlet = shown(claim.source, "publisher").text or shown(claim.source, "title").text
    words = {"what": what, "outlet": outlet, "date": partial_date_text(date_of(claim))}
    if words["date"]:
        return _("%(what)s, according to %(outlet)s (%(date)s)") % words
    return _("%(what)s, according to %(outlet)s (date not recorded)") % words


def about_claim(claim: Claim) -> About:
    name = claim.reference_name(languages.current()) or claim.slug
    value = figure_presentation.as_said(claim.value, claim.qualifier)
    stated = according_to(f"{name}: {value}" if value else name, claim)
    source = about_source(claim.source)
    speaker = shown(claim, "speaker").text
    return source._replace(
        lead=f"{stated}. {source.title}",
        title=f"{name}: {value}" if value else name,
        authors=(speaker,) if speaker else source.authors,
        container=source.title,
        issued=date_of(claim) or "",
        note=stated,
    )


def about_source(source: Source) -> About:
    title, publisher = shown(source, "title").text, shown(source, "publisher").text
    authors = tuple(filter(None, [shown(source, "author").text or shown(source, "speaker").text]))
    issued = source.said_on or source.published_on or ""
    parts = [*authors, title, publisher, partial_date_text(issued) or _("date not recorded")]
    return About(
        lead=". ".join(part for part in parts if part),
        title=title,
        type=source.citation_type,
        authors=authors,
        container=publisher,
        publisher=publisher,
        issued=issued,
        genre=str(source.get_kind_display()),
        note=source.address,
    )
