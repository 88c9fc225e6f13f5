from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def keep_revision_honest(using, **kwargs):
    from content.revision import install_triggers

    install_triggers(using)


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = _("Content")

    def ready(self):
        # Tables come and go with migrations; after each run every public table has its triggers again.
        post_migrate.connect(keep_revision_honest, sender=self)
