from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "brst_site"
    verbose_name = "Portal"

    def ready(self):
        # The system checks, and every collection by its name, register themselves.
        from brst_site import checks, datasets  # noqa: F401
        from brst_site.searched import SEARCHED
        from content.searching import index

        index.SEARCHED.update(SEARCHED)
