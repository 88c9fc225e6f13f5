"""Mistakes of a deployer, found by `manage.py check --deploy`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def site_url_names_an_allowed_host(app_configs, **kwargs):
    host = urlsplit(settings.SITE_URL).hostname
    if host in settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        return []
    return [
        Warning(
            f"SITE_URL names {host}, which ALLOWED_HOSTS does not hold.",
            hint="Add it to ALLOWED_HOSTS, or leave ALLOWED_HOSTS unset.",
            id="portal.W001",
        )
    ]
