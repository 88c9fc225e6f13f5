from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "brst_site"
    verbose_name = "Portal"

    def ready(self):
        from brst_site import checks  # noqa: F401  (registers the system checks)
