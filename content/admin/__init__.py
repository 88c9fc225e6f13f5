from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from content.admin import archive, articles, evidence, imports, media, merging, site

__all__ = ["archive", "articles", "evidence", "imports", "media", "merging", "site"]

admin.site.site_header = _("Portal administration")
admin.site.site_title = _("Portal administration")
admin.site.index_title = _("What is on file")
admin.site.empty_value_display = "–"
