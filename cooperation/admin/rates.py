from django.contrib import admin

from content.admin.base import PortalAdmin
from cooperation.models import ExchangeRate


@admin.register(ExchangeRate)
class ExchangeRateAdmin(PortalAdmin):
    list_display = ["base", "currency", "date", "value", "source"]
    list_filter = ["base", "currency"]
    list_select_related = ["source"]
    search_fields = ["base", "currency", "source__title"]
    autocomplete_fields = ["source"]
    date_hierarchy = "date"
    fields = [("base", "currency"), ("value", "date"), "source"]
