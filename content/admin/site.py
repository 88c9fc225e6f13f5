from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from content.admin.base import PortalAdmin, ReadOnlyAdmin
from content.models import MenuItem, Site, SiteRevision


@admin.register(Site)
class SiteAdmin(PortalAdmin):
    """One row, which names the portal."""

    list_display = ["name", "short_name", "contact"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "contact"]}),
        (_("Home page"), {"fields": ["headline", "tagline", "introduction"]}),
        (_("Each page"), {"fields": ["notice"]}),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Site.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(MenuItem)
class MenuItemAdmin(PortalAdmin):
    list_display = ["label", "place", "position", "path"]
    list_filter = ["place"]
    search_fields = ["label", "path"]
    fields = ["place", "label", "path", "position"]


@admin.register(SiteRevision)
class SiteRevisionAdmin(ReadOnlyAdmin):
    list_display = ["number", "changed_at"]
    fields = ["number", "changed_at"]
