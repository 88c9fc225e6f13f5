"""Errors of the API as problem details (RFC 9457): `application/problem+json`."""

from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status

from content.listing import BadParameters


class Gone(exceptions.APIException):
    """Something that was public once. The reason that the public is told is all that it says."""

    status_code = status.HTTP_410_GONE

    def __init__(self, reason: str = ""):
        super().__init__(reason or _("This was withdrawn."))


def problem(status_code: int, title: str, detail: str = "", errors=()) -> JsonResponse:
    return JsonResponse(
        {
            "type": "about:blank",
            "title": title,
            "status": status_code,
            "detail": detail,
            "errors": [error._asdict() for error in errors],
        },
        status=status_code,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def handler(exception, context):
    """What Django REST framework calls with whatever a view raised."""
    if isinstance(exception, BadParameters):
        return problem(400, _("Bad request"), str(exception), exception.errors)
    if isinstance(exception, Http404):
        return problem(404, _("Not found"), _("There is nothing public at this address."))
    if isinstance(exception, exceptions.APIException):
        titles = {404: _("Not found"), 405: _("Method not allowed"), 410: _("Gone"), 429: _("Too many requests")}
        response = problem(
            exception.status_code, titles.get(exception.status_code, _("Bad request")), str(exception.detail)
        )
        if wait := getattr(exception, "wait", None):
            response["Retry-After"] = str(int(wait) + 1)
        return response
    return None
