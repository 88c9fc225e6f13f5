"""The API: every listing as a list, as single records and as whole files, by the same query as its page."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from content import changes, languages, revision
from content.aggregates import NOT_RECORDED
from content.exports import tabular
from content.languages import ALL
from content.listing import (
    Aggregate,
    BadParameters,
    Format,
    Group,
    Listing,
    ParameterError,
    Selection,
    Standard,
    unknown_keys,
    unknown_value,
    words_asked,
)
from content.problems import Gone
from content.serializers import TextField, absolute, instant

ROWS_AT_ONCE = 500
CHUNK = 32 * 1024
# Of a change feed in a table.
GONE_COLUMNS = ["deleted", "left", "modified"]
LANGUAGE_CHOICES = [*languages.CODES, ALL]


PROBLEM_SCHEMA = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "parameter": {"type": "string"},
                    "message": {"type": "string"},
                    "accepted": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
REFUSALS = {(status, "application/problem+json"): PROBLEM_SCHEMA for status in (400, 406, 429)}
MISSING = {(status, "application/problem+json"): PROBLEM_SCHEMA for status in (404, 410)}


class PublicAPIView(APIView):
    """Read by anyone from anywhere: no cookie, no account, every origin."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.language = asked_language(request)

    def dispatch(self, request, *args, **kwargs):
        # Names of choices and messages are in the language that was asked for; a wrong one is refused later.
        asked = request.GET.get("lang", "en")
        with override(asked if asked in languages.CODES else "en"):
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Modified-Until, Retry-After, Site-Revision"
        response["Link"] = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
        return response


def asked_language(request) -> str:
    language = request.GET.get("lang") or "en"
    if language not in LANGUAGE_CHOICES:
        raise BadParameters(unknown_value("lang", language, LANGUAGE_CHOICES))
    return language


class ListingView(PublicAPIView):
    """What the views of one listing share; `listing` is given with `as_view`."""

    listing: Listing = None

    def select(self, request) -> Selection:
        return self.listing.select(request.GET, languages.single(self.language))

    def keys(self, request) -> list[str]:
        """The keys of the answer: those asked for with `fields`, or all."""
        declared = list(self.listing.serializer._declared_fields)
        words = words_asked(request.GET, "fields", declared)
        return [key for key in declared if key in words] if words else declared

    def context(self, keys: list[str]) -> dict[str, Any]:
        return {"language": self.language, "fields": keys}


class ListView(ListingView):
    throttle_scope = "list"

    def get(self, request):
        selection = self.select(request)
        keys = self.keys(request)
        facets = words_asked(request.GET, "facets", self.listing.filterset.facet_names())
        page = selection.page(self.listing.serializer.related)
        serializer = self.listing.serializer(page.rows, many=True, context=self.context(keys))
        answer = {
            "count": selection.count(),
            "next": self.address(request, page.next),
            "previous": self.address(request, page.previous),
            "results": [*serializer.data, *(gone.told(instant) for gone in page.gone)],
        }
        if page.until:
            answer["until"] = page.until
        if facets:
            answer["facets"] = {name: [option._asdict() for option in selection.facet(name)] for name in facets}
        return Response(answer)

    def address(self, request, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        parameters = request.GET.copy()
        parameters["cursor"] = cursor
        return absolute(f"{request.path}?{parameters.urlencode()}")


class AggregateView(ListingView):
    """The rows of a filter by what they are filed under, with what they add up to."""

    throttle_scope = "list"
    most_keys = 3
    overlap = gettext_noop(
        "A record that has several values of %(keys)s counts in each of their groups: the groups add up to"
        " %(counted)d, but there are %(count)d records."
    )

    def get(self, request):
        own = ["group_by", "sum", "lang"]
        if errors := unknown_keys(request.GET, [*self.listing.filter_keys(), *own]):
            raise BadParameters(*errors)
        selection = self.listing.select(request.GET, languages.single(self.language), tuple(own))
        keys = self.words(request, "group_by", self.listing.filterset.facet_names())
        sums = self.words(request, "sum", list(self.listing.sums))
        if len(keys) > self.most_keys:
            message = _("Group by at most %(number)d keys.") % {"number": self.most_keys}
            raise BadParameters(ParameterError("group_by", message, self.listing.filterset.facet_names()))
        found = selection.aggregate(keys, sums)
        return Response(
            {
                "count": found.count,
                "group_by": keys,
                "groups": self.groups(selection, found, sums),
                "counted": found.counted,
                "several_values": found.several,
                "note": self.note(found),
            }
        )

    def words(self, request, key: str, accepted: list[str]) -> list[str]:
        return list(dict.fromkeys(words_asked(request.GET, key, accepted)))

    def note(self, found: Aggregate) -> str | None:
        if found.counted == found.count:
            return None
        return _(self.overlap) % {"keys": ", ".join(found.several), "counted": found.counted, "count": found.count}

    def groups(self, selection: Selection, found: Aggregate, sums: list[str]) -> list[dict[str, Any]]:
        known = {name: self.listing.sums[name].known() for name in sums}
        return [
            {
                **group.values,
                "labels": group.labels,
                "count": group.count,
                "sums": {
                    name: self.listing.sums[name].told(group.sums[name], group.count, self.language, known[name])
                    for name in sums
                },
                "list_url": self.list_url(selection, group),
            }
            for group in found.groups
        ]

    def list_url(self, selection: Selection, group: Group) -> str | None:
        """The list of the rows of a group, where there is one."""
        values = {key: NOT_RECORDED if value is None else value for key, value in group.values.items()}
        if not selection.can_be_asked(values):
            return None
        plurals = self.listing.filterset.plurals
        asked = selection.parameters.copy()
        for key in [key for key in asked if key in ("group_by", "sum") or plurals.get(key, key) in group.values]:
            del asked[key]
        for key, value in values.items():
            asked[key] = value
        query = asked.urlencode()
        return absolute(f"/api/v1/{self.listing.name}/" + (f"?{query}" if query else ""))


class DetailView(ListingView):
    throttle_scope = "detail"

    def get(self, request, uuid):
        if errors := unknown_keys(request.GET, ["lang", "fields"]):
            raise BadParameters(*errors)
        keys = self.keys(request)
        rows = self.listing.serializer.related(self.listing.one().filter(uuid=uuid))
        record = rows.first()
        if record is None:
            self.refuse(uuid)
        return Response(self.listing.serializer(record, context=self.context(keys)).data)

    def refuse(self, uuid):
        withdrawn = self.listing.model.objects.withdrawn().filter(uuid=uuid).first()
        if withdrawn:
            reason = languages.localised(withdrawn.what_ended(), "withdrawal_reason", languages.single(self.language))
            raise Gone(reason.text)
        raise Http404


class ExportView(ListingView):
    """All rows of a filter as one file, read while it is sent."""

    throttle_scope = "export"
    also: tuple[str, ...] = ("lang", "fields", "order", "modified_since")
    ending = ""

    def get(self, request):
        if errors := unknown_keys(request.GET, [*self.listing.filter_keys(), *self.also]):
            raise BadParameters(*errors)
        content, media_type = self.content(self.select(request), self.keys(request))
        response = StreamingHttpResponse(in_chunks(content), content_type=media_type)
        response["Content-Disposition"] = f'attachment; filename="{self.listing.name}.{self.ending}"'
        if request.GET.get("modified_since"):
            response["Modified-Until"] = changes.until(revision.current())
        return response

    def content(self, selection: Selection, keys: list[str]):
        own = self.listing.formats.get(self.ending)
        return self.as_own(own, selection, keys) if own else getattr(self, f"as_{self.ending}")(selection, keys)

    def rows(self, selection: Selection, keys: list[str]) -> Iterator[dict[str, Any]]:
        yield from read(selection, self.listing.serializer(context=self.context(keys)))

    def rows_and_gone(self, selection: Selection, keys: list[str]) -> Iterator[dict[str, Any]]:
        yield from self.rows(selection, keys)
        if selection.since:
            yield from (gone.told(instant) for gone in selection.feed().iterator())

    def as_csv(self, selection, keys):
        return tabular.to_csv(self.columns(selection, keys), self.flat(selection, keys)), "text/csv; charset=utf-8"

    def as_xlsx(self, selection, keys):
        media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return tabular.to_xlsx(self.columns(selection, keys), self.flat(selection, keys)), media_type

    def as_ndjson(self, selection, keys):
        return tabular.to_ndjson(self.rows_and_gone(selection, keys)), "application/x-ndjson"

    def as_json(self, selection, keys):
        until = changes.until(revision.current()) if selection.since else ""
        return tabular.to_json(selection.count(), self.rows_and_gone(selection, keys), until), "application/json"

    def as_own(self, own: Format, selection, keys):
        """A format that this collection has and others have not."""
        needed = [*keys, *(key for key in own.needs if key not in keys)]
        return own.write(self.rows(selection, needed), keys), own.media_type

    def columns(self, selection: Selection, keys: list[str]) -> list[str]:
        if not selection.since:
            return table_columns(self.listing, keys, self.language)
        kept = [key for key in keys if key not in ("id", *GONE_COLUMNS)]
        return ["id", *GONE_COLUMNS, *table_columns(self.listing, kept, self.language)]

    def flat(self, selection, keys) -> Iterator[dict[str, Any]]:
        if selection.since:
            keys = list(dict.fromkeys([*keys, "id", "modified"]))
        for row in self.rows_and_gone(selection, keys):
            yield flattened(row) if self.language == ALL else row


class StandardView(ExportView):
    """All rows of a filter in a format whose keys a standard has chosen."""

    also = ("lang", "order", "modified_since")

    def select(self, request) -> Selection:
        order = self.listing.formats[self.ending].order
        if not order or request.GET.get("order"):
            return super().select(request)
        parameters = request.GET.copy()
        parameters["order"] = order
        return self.listing.select(parameters, languages.single(self.language))

    def content(self, selection: Selection, keys: list[str]):
        standard: Standard = self.listing.formats[self.ending]
        selection.require_one_value(standard.one_value)
        if self.language == ALL and not standard.all_languages:
            raise BadParameters(unknown_value("lang", ALL, list(languages.CODES)))
        serializer = standard.serializer or self.listing.serializer
        language = ALL if standard.all_languages else self.language
        rows = read(selection, serializer(context={"language": language}))
        return standard.write(standard.head(selection), rows), standard.media_type


def in_chunks(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    """The first part at once, so that a caller sees the file begin; the rest in pieces that are worth sending."""
    parts = iter(parts)
    yield encoded(next(parts, b""))
    waiting, size = [], 0
    for part in parts:
        waiting.append(encoded(part))
        size += len(waiting[-1])
        if size > CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def encoded(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part


def table_columns(listing: Listing, keys: list[str], language: str) -> list[str]:
    """One column a key; with `lang=all` one a language for each text."""
    declared = listing.serializer._declared_fields
    return [
        column
        for key in keys
        for column in (
            [f"{key}.{code}" for code in languages.CODES]
            if language == ALL and isinstance(declared[key], TextField)
            else [key]
        )
    ]


def flattened(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `lang=all` with a value for each of its columns."""
    texts = {
        f"{key}.{code}": text for key, value in row.items() if isinstance(value, dict) for code, text in value.items()
    }
    return row | texts


def read(selection: Selection, serializer) -> Iterator[dict[str, Any]]:
    """The rows of a query as the serializer gives them, read while they are asked for."""
    for record in serializer.related(selection.all()).iterator(chunk_size=ROWS_AT_ONCE):
        yield plain(serializer.to_representation(record))


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Serialised values as JSON has them: UUIDs are the only ones that are not yet."""
    if "id" in row:
        row["id"] = str(row["id"])
    return row


REVISION_SCHEMA = {
    "type": "object",
    "properties": {"revision": {"type": "integer"}, "changed_at": {"type": "string", "format": "date-time"}},
}


class RevisionView(PublicAPIView):
    """The number that changes with everything public; a cheap question for those who keep copies."""

    throttle_scope = "list"

    @extend_schema(operation_id="revision", responses={200: REVISION_SCHEMA, **REFUSALS})
    def get(self, request):
        if errors := unknown_keys(request.GET, []):
            raise BadParameters(*errors)
        now = revision.current()
        return Response({"revision": now.number, "changed_at": instant(now.changed_at)})


class RootView(PublicAPIView):
    """Every collection with the address of its list."""

    throttle_scope = "list"
    names: tuple[str, ...] = ()

    @extend_schema(
        operation_id="collections",
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}, **REFUSALS},
    )
    def get(self, request):
        if errors := unknown_keys(request.GET, []):
            raise BadParameters(*errors)
        return Response({name: absolute(f"/api/v1/{name}/") for name in self.names})
