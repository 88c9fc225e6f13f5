"""A document as a set of language files: what is said of each, how it is downloaded, and that nothing runs."""

import hashlib
import io

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from lxml import html
from pypdf import PdfWriter

from conference.models import Edition, Placement
from content.models import Document
from tests.world import six

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(100, 100)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def document(slug="declaration", **values) -> Document:
    return Document.objects.create(slug=slug, **{"state": "published", **six("Declaration", "title"), **values})


def add(to: Document, language="fr", content=b"text", name="File of a minister.txt", **values):
    return to.files.create(language=language, file=ContentFile(content, name=name), **values)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_file_is_described_by_what_is_in_it():
    file = add(document(), content=pdf(3), name="a.pdf")
    assert (file.pages, file.media_type, file.size) == (3, "application/pdf", len(pdf(3)))
    assert file.sha256 == hashlib.sha256(pdf(3)).hexdigest()
    file.file = ContentFile(pdf(2), name="b.pdf")
    file.save()
    assert file.pages == 2
    type(file).objects.filter(pk=file.pk).update(pages=9)
    file.refresh_from_db()
    file.save()
    assert file.pages == 9


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", b"%PDF-1.7\n" + b"\xff" * 2000, pdf(1)[:200]])
def test_a_broken_pdf_is_stored_without_pages(content):
    file = add(document(), content=content, name="a.pdf")
    assert (file.pages, file.size) == (None, len(content))


def test_the_place_on_disk_tells_nothing():
    file = add(document(), name="Declaration.PDF")
    assert "eclaration" not in file.file.name
    assert file.file.name.endswith(".pdf")


def test_a_download_has_its_name_its_checksum_and_no_way_to_run(client):
    file = add(document(), content=b"<script>alert(1)</script>", name="x.html")
    response = client.get("/en/documents/declaration/fr/")
    assert response["Content-Disposition"] == 'attachment; filename="declaration-fr.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert (response["ETag"], response["Content-Length"]) == (f'"{file.sha256}"', "25")
    assert "no-cache" in response["Cache-Control"]
    assert response["Site-Revision"]
    assert body(response) == b"<script>alert(1)</script>"


def test_head_and_a_file_that_the_caller_has(client):
    file = add(document())
    head = client.head("/en/documents/declaration/fr/")
    assert (head.status_code, head["Content-Length"], body(head)) == (200, "4", b"")
    same = client.get("/en/documents/declaration/fr/", headers={"If-None-Match": f'"{file.sha256}"'})
    assert (same.status_code, body(same)) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=-99", 206, b"0123456789"),
        ("bytes=0-99", 206, b"0123456789"),
        ("bytes=10-", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=4-2", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
        ("bytes=-", 200, b"0123456789"),
        ("pages=1-2", 200, b"0123456789"),
        (f"bytes={'9' * 40}-", 200, b"0123456789"),
    ],
)
def test_a_part_of_a_file(client, wanted, status, content):
    file = add(document(), content=b"0123456789")
    response = client.get("/en/documents/declaration/fr/", headers={"Range": wanted})
    assert (response.status_code, body(response)) == (status, content)
    changed = {"Range": wanted, "If-Range": '"another"'}
    assert body(client.get("/en/documents/declaration/fr/", headers=changed)) == b"0123456789"
    assert response["ETag"] == f'"{file.sha256}"'


def test_before_its_time_and_after_there_is_no_file(client, settings):
    made = document(publish_at=timezone.now() + timezone.timedelta(hours=1))
    file = add(made)
    addresses = ["/en/documents/declaration/", "/en/documents/declaration/fr/", f"/media/{file.file.name}"]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    Document.objects.update(publish_at=None)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 404]
    made.refresh_from_db()
    made.state, made.withdrawal_reason_en = "archived", "It was wrong."
    made.save()
    gone = client.get("/en/documents/declaration/fr/")
    assert (gone.status_code, "It was wrong." in gone.content.decode()) == (410, True)
    assert "Content-Disposition" not in gone


def test_the_page_says_which_file_is_the_original(client):
    made = document()
    add(made, "fr", original=True)
    add(made, "ar")
    page = client.get("/en/documents/declaration/").content.decode()
    assert page.count(">Original<") == 1
    assert "Nobody has recorded" not in page
    made.files.update(original=False)
    assert (
        "Nobody has recorded which of these is the original."
        in client.get("/en/documents/declaration/").content.decode()
    )


def test_outcomes_come_first_and_files_can_be_asked_for_by_language(client):
    edition = Edition.objects.create(slug="meeting", name_en="Meeting", state="published")
    for number, outcome in enumerate([False, True, False]):
        made = document(f"a{number}", title_en=f"Title {number}")
        Placement.objects.create(document=made, edition=edition, outcome=outcome)
        add(made, ("fr", "ar", "ar")[number])
    page = client.get("/en/conference/meeting/documents/")
    assert [row.slug for row in page.context["rows"]] == ["a1", "a0", "a2"]
    facets = {facet["name"]: facet["options"] for facet in page.context["facets"]}
    assert [(one["value"], one["label"], one["count"]) for one in facets["language"]] == [
        ("ar", "Arabic", 2),
        ("fr", "French", 1),
    ]
    page = client.get("/en/conference/meeting/documents/?language=ar&kind=other")
    assert [row.slug for row in page.context["rows"]] == ["a1", "a2"]


def files_form(*originals, **stored) -> dict:
    rows = {"files-TOTAL_FORMS": len(originals), "files-INITIAL_FORMS": len(stored), "files-MIN_NUM_FORMS": 0}
    return rows | {f"files-{number}-original": "on" for number, original in enumerate(originals) if original}


def change_form(client, made: Document) -> dict:
    """The fields of the page as a browser would send them back."""
    form = client.get(f"/admin/content/document/{made.pk}/change/").context["adminform"].form
    page = client.get(f"/admin/content/document/{made.pk}/change/")
    fields = {}
    for one in [
        form,
        *(
            inline
            for formset in page.context["inline_admin_formsets"]
            for inline in [formset.formset.management_form, *formset.formset.forms]
        ),
    ]:
        for bound in one:
            value = bound.value()
            if value is not None and value is not False and not hasattr(value, "chunks"):
                fields[bound.html_name] = value if isinstance(value, (str, int, list)) else str(value)
    return fields


def test_the_administration_refuses_two_originals_and_lets_one_take_over(client):
    client.force_login(User.objects.create_superuser("admin"))
    made = document()
    first, second = add(made, "fr", original=True), add(made, "ar")
    fields = change_form(client, made)
    rows = {fields[f"files-{number}-language"]: number for number in range(2)}
    both = client.post(f"/admin/content/document/{made.pk}/change/", fields | {f"files-{rows['ar']}-original": "on"})
    assert both.status_code == 200
    assert "A document has one original: mark one of its files, no more." in both.content.decode()
    fields = change_form(client, made)
    fields.pop(f"files-{rows['fr']}-original", None)
    other = client.post(
        f"/admin/content/document/{made.pk}/change/", fields | {f"files-{rows['ar']}-original": "on"}, follow=True
    )
    assert "original" not in {message.level_tag for message in other.context["messages"]}
    assert set(made.files.filter(original=True)) == {second}
    fields = change_form(client, made)
    fields = {name: value for name, value in fields.items() if not name.endswith("-original")}
    none = client.post(f"/admin/content/document/{made.pk}/change/", fields, follow=True)
    assert "None of the files is marked as the original" in none.content.decode()
    assert first.pk


def languages_of(client) -> dict[str, str]:
    """What the first row of a document's page says of each language."""
    page = html.fromstring(client.get("/en/documents/declaration/").content.decode())
    cells = page.get_element_by_id("files").getnext().xpath("li")
    return {cell.xpath("h3")[0].text_content().strip(): " ".join(cell.text_content().split()[1:]) for cell in cells}


def test_the_page_begins_with_the_six_languages_and_says_which_are_on_file(client):
    made = document()
    none = dict.fromkeys(["English", "中文", "Français", "Español", "Русский", "العربية"], "Not on file")
    assert list(languages_of(client).items()) == list(none.items())
    add(made, "fr", pdf(12), "a.pdf", original=True)
    add(made, "zh", b"x" * 2048)
    add(made, "sw")
    size = f"{made.files.get(language='fr').size / 1024:.1f} KB".replace(" ", "\N{NO-BREAK SPACE}")
    found = languages_of(client)
    assert list(found)[6:] == ["Swahili"]
    assert found["Français"] == " ".join(f"PDF French Original {size} · 12 pages".split())
    assert found["中文"] == "TXT Chinese 2.0 KB"
    missing = {name for name, said in found.items() if said == "Not on file"}
    assert missing == {"English", "Español", "Русский", "العربية"}
