"""What the checks of pages did and found, for the page on accessibility: `make walk` writes the account of it."""

import json
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.presentation import listed, number_text, partial_date_text

# The page of the portal that tells it.
SLUG = "accessibility"
ACCOUNT = settings.BASE_DIR / "fixtures" / "accessibility.json"
CHECKS: dict[str, Promise] = {
    "axe: structure": _("Pages asked by axe for structure, names and order (WCAG 2.2)"),
    "axe: looks": _("Looks asked by axe for contrast and targets (WCAG 2.2)"),
    "texts": _("Texts measured"),
    "text cut": _("Layouts searched for texts that are cut"),
    "text overlapping": _("Layouts searched for texts over each other"),
    "horizontal scroll": _("Layouts that must scroll in one direction alone"),
    "enlarged": _("Pages enlarged four times that must keep every text and scroll in one direction alone"),
    "text spacing": _("Layouts with wider lines, letters and words in which no text may be lost"),
    "stops": _("Links and fields that the keyboard must reach, mark and leave uncovered"),
    "forced colours": _("Pages in colours that the visitor's system forces, asked for contrast"),
    "reduced motion": _("Pages on which nothing may move for who has asked for less motion"),
    "over the edge of the paper": _("Pages put on paper that must keep to its edges"),
    "layout shift": _("Pages that must stay in place while they load"),
    "language and direction": _("Pages asked for their language and direction"),
    "duplicate id": _("Pages in which no name may occur twice"),
    "console": _("Pages about which the browser must not complain"),
    "html": _("Documents read by a validator of HTML"),
}
NOT_TESTED: dict[str, Promise] = {
    "screen_readers": _("how screen readers speak the pages"),
    "voice_control": _("voice control"),
    "screen_magnifiers": _("screen magnifiers"),
    "other_browsers": _("browsers other than Chromium"),
    "plain_language": _("whether texts are easy to understand"),
    "people_with_disabilities": _("use by people with disabilities"),
    "pdf_files": _("PDF files"),
    "staff_pages": _("the pages of staff"),
}
THEMES = {"light": _("light"), "dark": _("dark")}


@cache
def account() -> dict | None:
    """As it was written; None before the first complete walk."""
    return json.loads(ACCOUNT.read_text(encoding="utf-8")) if ACCOUNT.exists() else None


def told(found: dict) -> dict:
    """The account in words. What failed stands beside what was done: it is the account's purpose."""
    return {
        "date": partial_date_text(found["date"]),
        "pages": number_text(found["pages"]),
        "languages": number_text(len(found["languages"])),
        "themes": listed(str(THEMES[theme]) for theme in found["themes"]),
        "widths": listed(number_text(width) for width in found["widths"]),
        "rules": number_text(len(found["rules"])),
        "checks": [
            {"label": label, "count": number_text(found["checks"][name])}
            for name, label in CHECKS.items()
            if name in found["checks"]
        ],
        "violations": [
            {"rule": rule, "count": number_text(count)} for rule, count in sorted(found["violations"].items())
        ],
        "tools": [f"{name} {version}" for name, version in found["tools"].items()],
        # What an older account left untested, the next one may have tested.
        "not_tested": listed(str(words) for name, words in NOT_TESTED.items() if name in found["not_tested"]),
    }
