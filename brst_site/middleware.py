"""What stands around every request: health, the log line, one snapshot and its revision, strict parameters."""

import logging
import re
import time
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from hmac import compare_digest
from math import ceil
from typing import NamedTuple
from urllib.parse import urlencode

from csp.constants import NONE
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponseNotModified, HttpResponsePermanentRedirect, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from brst_site.logs import request_id
from content import revision
from content.listing import BadParameters, unknown_keys

requests_log = logging.getLogger("portal.requests")

TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|_ga|_gl"
)
# What is not public, or belongs to no revision: staff, files, health.
OUTSIDE = ("/admin/", "/static/", "/media/")
QUARTER = 15
KEPT_BY_304 = ("Cache-Control", "ETag", "Vary")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class HealthMiddleware:
    """Answers `/healthz`, `/readyz` and `/metrics` before the host is checked; nobody may keep the answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info == "/metrics" and self.may_measure(request):
            response = HttpResponse(self.metrics(), content_type="text/plain; version=0.0.4")
        elif answer := {"/healthz": self.alive, "/readyz": self.ready}.get(request.path_info):
            status, content = answer()
            response = JsonResponse(content, status=status)
        else:
            return self.get_response(request)
        patch_cache_control(response, no_store=True)
        return response

    def may_measure(self, request) -> bool:
        """Without a token in the environment the address does not exist; with a wrong one neither."""
        expected = settings.METRICS_TOKEN
        return bool(expected) and compare_digest(request.headers.get("Authorization", ""), f"Bearer {expected}")

    def metrics(self) -> str:
        ready, _ = self.ready()
        lines = [f"portal_ready {int(ready == 200)}"]
        if ready == 200:
            lines.append(f"portal_site_revision {revision.current().number}")
        return "\n".join(lines) + "\n"

    def alive(self):
        return 200, {"status": "ok"}

    def ready(self):
        database = migrations = "failed"
        try:
            connection.ensure_connection()
            database = "ok"
            executor = MigrationExecutor(connection)
            if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
                migrations = "ok"
        except DatabaseError:
            connection.close()
        good = database == migrations == "ok"
        status = "ok" if good else "failed"
        return 200 if good else 503, {"status": status, "database": database, "migrations": migrations}


class RequestLogMiddleware:
    """One line a request, and an id that joins it to whatever else was logged on the way."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request_id.set(uuid.uuid4().hex)
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response["Request-Id"] = request_id.get()
            fields = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": round((time.monotonic() - started) * 1000, 1),
            }
            requests_log.info("request", extra={"fields": fields})
            return response
        finally:
            request_id.reset(token)


class Validators(NamedTuple):
    """What an answer is known by: an ETag, and the instant at which it last became another."""

    etag: str
    changed_at: datetime

    def fit(self, request) -> bool:
        """Whether the caller has this very answer, by its ETag."""
        return self.etag in {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}

    def unchanged(self, request) -> bool:
        """Whether the caller, who names no ETag but a time, has what is still the answer; of one that exists."""
        if "If-None-Match" in request.headers:
            return request.headers["If-None-Match"].strip() == "*"
        since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
        return since is not None and since >= ceil(self.changed_at.timestamp())

    def last_modified(self, now: datetime) -> str:
        """Rounded up, since HTTP counts in seconds, and two changes within one must not look alike."""
        return http_date(min(ceil(self.changed_at.timestamp()), int(now.timestamp())))


class SnapshotMiddleware:
    """A public answer is made from one snapshot that holds its rows and the revision that it names.

    ETag and Last-Modified join the revision with the last instant at which a publication opened or closed by itself.
    A page, which also tells what is today and now, lives for a quarter of an hour at the most, or as its view says.
    A stored file (`is_stored`) reads no rows while it is sent, and has validators of its own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or request.path_info.startswith(OUTSIDE):
            return self.get_response(request)
        with ExitStack() as stack:
            stack.enter_context(revision.snapshot())
            request.revision = revision.current()
            validators = self.validators(request)
            # Nobody has the ETag of an address that did not answer.
            response = HttpResponseNotModified() if validators.fit(request) else self.get_response(request)
            response = self.described(request, response, validators)
            if response.streaming and not hasattr(response, "is_stored"):
                # The rows are still to be read: the snapshot ends with the last of them.
                response.streaming_content = self.until_sent(response.streaming_content, stack.pop_all())
        # What takes long and reads no rows is done when the snapshot is closed.
        return response.after_snapshot() if hasattr(response, "after_snapshot") else response

    def described(self, request, response, validators: Validators):
        """The response with its headers, or 304 where the caller has it."""
        response["Site-Revision"] = str(request.revision.number)
        if hasattr(response, "is_stored"):
            return response
        if response.status_code == 200 and validators.unchanged(request):
            kept = {name: response[name] for name in KEPT_BY_304 if response.has_header(name)}
            response.close()
            response = HttpResponseNotModified(headers=kept)
        if response.status_code in (200, 304):
            response.setdefault("ETag", validators.etag)
            response["Last-Modified"] = validators.last_modified(request.revision.now)
        response["Site-Revision"] = str(request.revision.number)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, no_cache=True)
        patch_vary_headers(response, ("Accept-Encoding",))
        return response

    def validators(self, request) -> Validators:
        now = request.revision.now
        instants = [request.revision.turned]
        if not request.path_info.startswith("/api/") and (fresh := self.fresh_minutes(request)):
            minutes = now.minute % fresh
            instants.append(now - timedelta(minutes=minutes, seconds=now.second, microseconds=now.microsecond))
        boundary = max(instants)
        changed_at = max(boundary, request.revision.changed_at or NEVER, settings.RELEASED_AT)
        # With the address, so that what is asked with it has been answered here before.
        address = blake2b(request.get_full_path().encode(), digest_size=5).hexdigest()
        boundary = int(boundary.timestamp() * 1_000_000)
        return Validators(
            f'"{request.revision.number}-{boundary:x}-{settings.RELEASE}-{address}"', min(changed_at, now)
        )

    def fresh_minutes(self, request) -> int:
        """What the page at this address says of itself; 0 where it doesn't tell what is on now."""
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            return QUARTER
        return getattr(getattr(view, "view_class", None), "fresh_minutes", QUARTER)

    def until_sent(self, content, stack):
        with stack:
            yield from content


class FramingMiddleware:
    """Pages of others may show in a frame what says so of itself (`may_be_framed`), and nothing else.

    Told from the address, since an answer without content, which a browser takes the policy from too, has asked no
    view. Such a page runs nothing and sends nothing.
    """

    POLICY = {"frame-ancestors": ["*"], "script-src": [NONE], "connect-src": [NONE], "form-action": [NONE]}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code in (200, 304, 410) and self.may_be_framed(request):
            response._csp_replace = self.POLICY
            del response["X-Frame-Options"]
        return response

    def may_be_framed(self, request) -> bool:
        if not request.path_info.endswith("/embed/"):
            return False
        return getattr(getattr(resolve(request.path_info).func, "view_class", None), "may_be_framed", False)


class StrictParametersMiddleware:
    """A page refuses parameters that it doesn't know, and leads visitors away from those of trackers.

    A view class names what it knows in `parameters`; one that asks a Listing leaves the refusal to that (None).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        view_class = getattr(view, "view_class", None)
        if not hasattr(view_class, "parameters") or request.method not in ("GET", "HEAD"):
            return None
        kept = [(key, value) for key, values in request.GET.lists() for value in values if not TRACKING.fullmatch(key)]
        if len(kept) != sum(len(values) for _, values in request.GET.lists()):
            return HttpResponsePermanentRedirect(request.path + (f"?{urlencode(kept)}" if kept else ""))
        known = view_class.parameters
        if known is not None and (errors := unknown_keys(request.GET, list(known))):
            # Raised here, it would pass by process_exception.
            return self.process_exception(request, BadParameters(*errors))
        return None

    def process_exception(self, request, exception):
        if isinstance(exception, BadParameters):
            from brst_site.views import bad_request

            return bad_request(request, exception)
        return None
