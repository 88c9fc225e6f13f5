"""The portal as an app: a manifest in each language, with icons that are what they say."""

import io

import pytest
from django.conf import settings
from PIL import Image

from content import languages
from content.models import Site
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    Site.objects.create(name_en="Portal of tests", short_name_en="Portal", name_ar="بوابة", tagline_en="Tagline")
    return World(1)


@pytest.mark.parametrize("code", languages.CODES)
def test_each_language_has_a_manifest_that_its_pages_name(client, world, code):
    address = f"/{code}/manifest.webmanifest"
    assert f'<link rel="manifest" href="{address}">' in client.get(f"/{code}/").content.decode()
    response = client.get(address)
    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["lang"], manifest["dir"]) == (languages.html_code(code), languages.direction(code))
    assert manifest["start_url"] == manifest["scope"] == manifest["id"] == f"/{code}/"
    assert manifest["name"] == ("بوابة" if code == "ar" else "Portal of tests")
    assert manifest["display"] == "standalone"
    for shortcut in manifest["shortcuts"]:
        assert shortcut["name"] and client.get(shortcut["url"]).status_code == 200


def test_it_leads_to_the_programme_to_ones_own_sessions_and_to_the_search(client, world):
    shortcuts = client.get("/en/manifest.webmanifest").json()["shortcuts"]
    assert [one["url"] for one in shortcuts] == [
        "/en/conference/row-001/programme/", "/en/conference/row-001/my/", "/en/search/",
    ]  # fmt: skip


def test_an_empty_portal_can_be_installed_too(client):
    manifest = client.get("/en/manifest.webmanifest").json()
    assert manifest["name"] and [one["url"] for one in manifest["shortcuts"]] == ["/en/search/"]


def test_each_icon_has_its_size_and_a_maskable_one_keeps_its_mark_inside_of_any_shape(client, world):
    icons = client.get("/en/manifest.webmanifest").json()["icons"]
    assert sorted((icon["sizes"], icon["purpose"]) for icon in icons) == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    for icon in icons:
        content = (settings.BASE_DIR / "static" / icon["src"].removeprefix("/static/")).read_bytes()
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        assert f"{picture.width}x{picture.height}" == icon["sizes"] and icon["type"] == "image/png"
        ground = picture.getpixel((0, 0))
        assert ground == (255, 214, 45)
        if icon["purpose"] == "maskable":
            middle, safe = picture.width / 2, picture.width * 0.4
            marked = [
                (x, y)
                for x in range(picture.width)
                for y in range(picture.height)
                if picture.getpixel((x, y)) != ground
            ]
            assert marked and all((x - middle) ** 2 + (y - middle) ** 2 <= safe**2 for x, y in marked)


def test_the_policy_lets_a_browser_read_the_manifest(client, world):
    assert "manifest-src 'self'" in client.get("/en/")["Content-Security-Policy"]
