import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import override

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brst_site.settings")
application = get_wsgi_application()


def warm() -> None:
    """Reads what Django leaves to the first visitors of each worker, 0.7 s: addresses and the portal's own templates.

    A template that can't be read ends the worker here, before anybody meets it.
    """
    for code, _name in settings.LANGUAGES:
        with override(code):
            reverse("home")
    templates = settings.BASE_DIR / "templates"
    for file in templates.rglob("*.html"):
        get_template(str(file.relative_to(templates)))


warm()
