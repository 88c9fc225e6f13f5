from django.contrib import admin

from content.admin.base import RecordAdmin
from content.models import Article, Page


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    list_display = ["title", "kind", "first_public_at", "verified_on"]
    list_filter = ["kind"]
    date_hierarchy = "first_public_at"
    search_fields = ["title", "summary", "slug"]
    autocomplete_fields = ["picture"]
    fieldsets = [(None, {"fields": ["title", "slug", "kind", "summary", "body", "picture"]})]


@admin.register(Page)
class PageAdmin(RecordAdmin):
    list_display = ["title", "slug", "verified_on"]
    search_fields = ["title", "summary", "slug"]
    fieldsets = [(None, {"fields": ["title", "slug", "summary", "body"]})]
