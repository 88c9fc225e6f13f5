from django.contrib import admin

from conference.models import Placement
from content.admin.base import PortalAdmin, Rows
from content.admin.media import DocumentAdmin, LanguageFiles
from content.models import Document


class Placements(Rows):
    model = Placement
    autocomplete_fields = ["edition", "session"]
    fields = ["edition", "session", "outcome", "position"]


@admin.register(Document)
class PlacedDocumentAdmin(DocumentAdmin):
    list_display = [*DocumentAdmin.list_display, "edition"]
    list_filter = [*DocumentAdmin.list_filter, "placement__edition"]
    list_select_related = ["placement__edition"]
    inlines = [LanguageFiles, Placements]

    @admin.display(ordering="placement__edition", description=Placement._meta.get_field("edition").verbose_name)
    def edition(self, document):
        return document.placement.edition if hasattr(document, "placement") else None


@admin.register(Placement)
class PlacementAdmin(PortalAdmin):
    list_display = ["document", "edition", "session", "outcome", "position"]
    list_filter = ["edition", "outcome"]
    list_select_related = ["document", "edition", "session"]
    search_fields = ["document__title", "session__title"]
    autocomplete_fields = ["document", "edition", "session"]
    fields = [("document", "edition"), "session", "outcome", "position"]
