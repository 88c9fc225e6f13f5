from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


def keep_revision_honest(using, **kwargs):
    from content.revision import install_triggers

    install_triggers(using)


def stop_searching(using, plan, **kwargs):
    """Triggers that read columns would stand in the way of migrations that change those."""
    from content.searching.index import remove_triggers

    if plan:
        remove_triggers(using)


def make_searchable(using, **kwargs):
    from content.searching.index import install

    install(using)


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = _("Content")

    def ready(self):
        # Tables come and go with migrations; after each run every public table has its triggers again.
        post_migrate.connect(keep_revision_honest, sender=self)
        pre_migrate.connect(stop_searching, sender=self)
        post_migrate.connect(make_searchable, sender=self)
