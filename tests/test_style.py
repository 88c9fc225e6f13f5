"""The page of parts, as staff open it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
PARTS = sorted(path.stem for path in (settings.BASE_DIR / "templates" / "parts").glob("_*.html"))
SHEETS = sorted((settings.BASE_DIR / "static").rglob("*.css"))
# Sides of the page itself, which turn with no language.
PHYSICAL = re.compile(
    r"(?<![-\w.])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[-\w]*"
    r"|left|right|top|bottom|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
)


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("editor"))
    return client


# Before the founding content is laid down for the tests below.
def test_the_page_of_parts_needs_no_record(staff):
    assert "No public record shows this part yet." in staff.get("/admin/style/").content.decode()


def test_each_part_is_shown_in_six_languages_light_and_dark(staff, founded):
    page = staff.get("/admin/style/").content.decode()
    for part in set(PARTS) - {"_symbols"}:
        shown = page.split(f'<h2 id="{part}">')[1].split("style-page__part")[0]
        assert shown.count('<p class="specimen__name">') == 12, part
        assert "No public record shows this part yet." not in shown, part


def test_each_part_says_what_it_needs(staff, founded):
    page = staff.get("/admin/style/").content.decode()
    undocumented = re.findall(r"<code>parts/(\w+)\.html</code>\s*</p>", page)
    assert undocumented == []


def test_no_name_stands_twice_on_the_page_of_parts(staff, founded):
    names = re.findall(r'\sid="([^"]+)"', staff.get("/admin/style/").content.decode())
    assert len(names) == len(set(names)) > 40


def test_the_themes_of_the_page_of_parts_are_those_of_the_portal(staff):
    sheet = staff.get("/admin/style/parts.css")
    assert sheet["Content-Type"] == "text/css"
    light, dark = (re.search(rf"\.specimen{theme} {{(.*)}}", sheet.content.decode())[1] for theme in ("", "--dark"))
    assert "--paper: #fbfcfe;" in light
    assert "--paper: #0a0f19;" in dark
    assert "--strand-1: var(--strand-1-bright);" in dark


@pytest.mark.parametrize("address", ["/admin/style/", "/admin/style/parts.css"])
def test_visitors_do_not_see_the_page_of_parts(client, address):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_style_sheets_are_layered_and_know_no_left_and_right(sheet: Path):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"@(?:media|container)[^{]*", "", text)
    assert PHYSICAL.findall(text) == []
    # The offline page has one sheet alone; the admin's stand beside Django's, which has no layers.
    if sheet.parent.name == "css" and sheet.name != "offline.css":
        assert re.sub(r"@layer[^;{]*;", "", text).strip().startswith("@layer")
