"""The published versions of a programme: what each changed, and the programme as it was."""

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from conference.exports import atom
from conference.listings import EDITIONS, VERSIONS
from conference.presentation import versions
from conference.serializers import frozen_slots
from conference.views.base import OfEdition, here
from content import languages
from content.presentation import shown, with_query
from content.serializers import instant
from content.views.pages import ListPage, PublicPage, find, the_one


def name_of(number: int) -> str:
    return _("Version %(number)s") % {"number": number}


class VersionList(OfEdition, ListPage):
    """All versions, the newest first, each with how much it changed."""

    listing = VERSIONS
    template_name = "conference/versions.html"

    def trail(self):
        return [programme(self.edition), here(_("Changes"))]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = context["rows"]
        return context | {
            "versions": [versions.with_changes(version, self.edition) for version in rows],
            "zone": versions.zone_words(rows[0], self.edition) if rows else "",
        }


class VersionPage(OfEdition, PublicPage):
    """One version: what it changed against the one before, and the programme as it had it."""

    template_name = "conference/version.html"

    def trail(self):
        whole = {"label": _("Changes"), "url": reverse("versions", args=[self.edition.slug])}
        return [programme(self.edition), whole, here(name_of(self.kwargs["number"]))]

    def get_context_data(self, **kwargs):
        public = VERSIONS.asked(edition=self.edition.slug)
        version = the_one(
            VERSIONS.serializer.related(public.queryset), edition=self.edition, number=self.kwargs["number"]
        )
        slots = list(frozen_slots().filter(version=version))
        then = versions.ProgrammeThen(slots, self.edition)
        return super().get_context_data(**kwargs) | {
            "version": versions.with_changes(version, self.edition),
            "title": name_of(version.number),
            "days": then.days(),
            "without_time": then.without_time(),
            "count": len(then.sessions),
            "zone": versions.zone_words(version, self.edition, slots),
            "neighbours": self.neighbours(public, version.number),
            "exports": self.exports(version),
        }

    def neighbours(self, public, number: int) -> dict:
        """The versions before and after, where there are such."""
        numbers = set(public.queryset.filter(number__in=(number - 1, number + 1)).values_list("number", flat=True))
        return {
            name: {"label": name_of(other), "url": reverse("version", args=[self.edition.slug, other])}
            for name, other in (("previous", number - 1), ("next", number + 1))
            if other in numbers
        }

    def exports(self, version) -> list[dict]:
        url = with_query(f"/api/v1/{VERSIONS.name}/{version.uuid}/", [("lang", languages.current())])
        return [{"label": "JSON", "url": url, "type": "application/json"}]


def programme(edition) -> dict:
    return {"label": _("Programme"), "url": reverse("programme", args=[edition.slug])}


class VersionFeed(PublicPage):
    """The newest versions as Atom, an entry a version, whose content is its change list."""

    def get(self, request, edition):
        edition = find(EDITIONS, edition)
        rows = VERSIONS.asked(edition=edition.slug).page(VERSIONS.serializer.related).rows
        name = _("%(edition)s: changes of the programme") % {"edition": shown(edition, "name").text}
        head = atom.FeedHead(
            title=name,
            language=languages.html_code(languages.current()),
            address=settings.SITE_URL + request.path,
            url=settings.SITE_URL + reverse("versions", args=[edition.slug]),
        )
        entries = [self.entry(version, edition) for version in rows]
        return HttpResponse("".join(atom.to_versions_feed(head, entries)), content_type=atom.MEDIA_TYPE)

    def entry(self, version, edition) -> dict:
        words = versions.with_changes(version, edition)
        title = _("Version %(number)s of %(date)s") % {"number": version.number, "date": words["date"]}
        zone = versions.zone_words(version, edition, version.changed_slots)
        content = {"version": words, "zone": zone, "base": settings.SITE_URL}
        # A session that became public later is in the list since then.
        public_since = [slot.session.first_public_at for slot in version.changed_slots]
        return {
            "id": str(version.uuid),
            "title": title,
            "url": settings.SITE_URL + words["url"],
            "published": instant(version.published_at),
            "updated": instant(max([version.modified, *filter(None, public_since)])),
            "content": render_to_string("conference/_version_content.html", content),
        }
