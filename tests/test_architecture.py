"""The shape of the house, where import-linter can't see it."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

FLOORS = ["content", "conference", "cooperation"]
ROOT = Path(settings.BASE_DIR)


def test_foreign_keys_point_down():
    upwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for floor in FLOORS
        for model in apps.get_app_config(floor).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(floor)
    ]
    assert upwards == []


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def test_templates_hold_no_inline_script_or_style():
    forbidden = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in templates()
        for hit in forbidden.finditer(path.read_text())
    ]
    # A data block is not run: JSON-LD says so by its type.
    assert [line for line in found if "application/ld+json" not in line] == []


def test_escaping_is_switched_off_nowhere_but_where_html_was_cleaned():
    forbidden = re.compile(r"mark_safe\(|\|\s*safe\b|csrf_exempt|autoescape off|format_html\(f|SafeString\(")
    sources = [path for part in ("brst_site", *FLOORS) for path in (ROOT / part).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in [*sources, *templates()] if forbidden.search(path.read_text())}
    # The style page gives the names in what a template has made an ending of their own.
    assert found == {"content/presentation.py", "brst_site/style.py"}


def test_nothing_of_this_conference_is_in_code_or_templates():
    words = re.compile(r"belt and road|brst-2023|chongqing|silk road|一带一路", re.IGNORECASE)
    sources = [path for part in ("brst_site", *FLOORS) for path in (ROOT / part).rglob("*.py")]
    assert [str(path.relative_to(ROOT)) for path in [*sources, *templates()] if words.search(path.read_text())] == []
