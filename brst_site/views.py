"""The roof's own pages: home, search, open data, the way to the visitor's language, and errors."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from content.listing import BadParameters
from content.problems import problem
from content.views.pages import PublicPage


class HomePage(PublicPage):
    template_name = "home.html"


class SearchPage(PublicPage):
    parameters = ("q",)
    template_name = "search.html"


class DataPage(PublicPage):
    template_name = "data.html"


def to_language(request):
    """`/` leads to the visitor's best language: cookie, then Accept-Language, then English."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def bad_request(request, exception=None):
    errors = exception.errors if isinstance(exception, BadParameters) else ()
    if request.path.startswith("/api/"):
        return problem(400, _("Bad request"), str(exception or ""), errors)
    return render(request, "400.html", {"errors": errors}, status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    if request.path.startswith("/api/"):
        return problem(404, _("Not found"), _("There is nothing public at this address."))
    return render(request, "404.html", status=404)


def server_error(request):
    """Asks the database nothing: it may be what failed."""
    if request.path.startswith("/api/"):
        return problem(500, _("Server error"), _("The fault is ours. It has been logged."))
    return HttpResponse(loader.get_template("500.html").render({}), status=500)
