"""Archived copies of sources: for staff alone, never altered, and reported where they no longer match."""

import hashlib
import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from content.models import ArchivedCopy, Source
from tests.test_admin import address, errors_of, fields_of, saved
from tests.walk import Walk, known
from tests.world import World

pytestmark = pytest.mark.django_db

PAGE = b"<html><script>alert(1)</script>zqsecretcopy</html>"


@pytest.fixture
def archive(settings, tmp_path):
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    return settings.ARCHIVE_ROOT


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor", password="-"))
    return client


def source() -> Source:
    return Source.objects.create(slug="one", title_en="One", kind="website", state="published")


def kept(content: bytes = PAGE, name: str = "page.html") -> ArchivedCopy:
    return ArchivedCopy.objects.create(source=source(), file=ContentFile(content, name=name))


def upload(client, record, file):
    path = address(Source, "change", record.pk)
    fields = fields_of(client.get(path))
    number = int(fields["copies-TOTAL_FORMS"][0])
    if f"copies-{number - 1}-id" not in fields or fields.get(f"copies-{number - 1}-id") not in ([""], None):
        fields["copies-TOTAL_FORMS"] = [str(number + 1)]
    else:
        number -= 1
    fields |= {f"copies-{number}-archived_on": "2023-11-01", f"copies-{number}-source": str(record.pk)}
    return client.post(path, fields | {f"copies-{number}-file": file})


def checked(capsys, *arguments) -> tuple[int, list[str]]:
    code = 0
    try:
        call_command("check_archives", *arguments)
    except SystemExit as error:
        code = error.code
    return code, capsys.readouterr().out.splitlines()


def test_staff_add_a_copy_on_the_page_of_the_source(editor, archive):
    one = source()
    assert saved(upload(editor, one, SimpleUploadedFile("Report №1.html", PAGE, "text/plain")))
    copy = one.copies.get()
    assert (copy.name, copy.size, copy.sha256) == ("Report №1.html", len(PAGE), hashlib.sha256(PAGE).hexdigest())
    assert (copy.media_type, str(copy.archived_on), copy.by.username) == ("text/html", "2023-11-01", "editor")
    assert Path(copy.file.path).read_bytes() == PAGE
    assert archive in Path(copy.file.path).parents
    # A second save of the page leaves it as it is, and the same file is not taken twice.
    assert saved(
        editor.post(address(Source, "change", one.pk), fields_of(editor.get(address(Source, "change", one.pk))))
    )
    assert "on file for this source already" in errors_of(upload(editor, one, SimpleUploadedFile("b.html", PAGE)))
    assert saved(upload(editor, one, SimpleUploadedFile("b.bin", b"another")))
    assert one.copies.count() == 2


def test_a_copy_that_is_too_large_is_refused_in_words(editor, archive, settings):
    settings.ARCHIVE_LARGEST = 10
    answer = errors_of(upload(editor, source(), SimpleUploadedFile("a.pdf", b"x" * 11)))
    assert "A copy has at most 10\xa0bytes; this file has 11\xa0bytes." in answer
    assert not archive.exists() or not any(path.is_file() for path in archive.rglob("*"))


def test_staff_alone_get_the_file_and_it_runs_nothing(client, archive):
    copy = kept()
    path = address(ArchivedCopy, "file", copy.pk)
    assert client.get(path).status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(path).status_code == 403
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_archivedcopy"))
    client.force_login(reader)
    answer = client.get(path)
    assert b"".join(answer.streaming_content) == PAGE
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert client.post(address(ArchivedCopy, "delete", copy.pk), {"post": "yes"}).status_code == 403


def test_nothing_of_a_copy_is_anywhere_in_public(archive):
    world = World(1)
    copy = ArchivedCopy.objects.create(
        source=world.sources[0], file=ContentFile(PAGE, name="zqsecretname.html"), address="https://zqsecret.example/"
    )
    walk = Walk()
    starts = [one for found in known() for one in found.filled(["row-001"] * 3, ["en"]) if ".pdf" not in one]
    walk.crawl(starts, follow=False)
    assert all(walk.get(f"/{folder}/{copy.file.name}").status == 404 for folder in ("media", "archive", "static"))
    told = "\n".join(answer.said for answer in walk.answers.values())
    assert "row 001" in told
    for secret in ("zqsecret", copy.sha256, Path(copy.file.name).stem):
        assert secret not in told


def test_a_new_copy_changes_nothing_that_the_public_sees(client, archive):
    one = source()
    before = client.get("/en/sources/one/")["Site-Revision"]
    ArchivedCopy.objects.create(source=one, file=ContentFile(PAGE, name="a.html"))
    assert client.get("/en/sources/one/")["Site-Revision"] == before


@pytest.mark.parametrize(
    "change", ["sha256 = repeat('0', 64)", "file = 'elsewhere'", "size = 1", "archived_on = '2001-01-01'"]
)
def test_what_was_archived_is_not_altered_by_any_way(archive, change):
    kept()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE content_archivedcopy SET {change}")


def test_a_source_does_not_go_while_a_copy_of_it_is_kept(archive):
    copy = kept()
    with pytest.raises(ProtectedError):
        copy.source.delete()
    assert not os.stat(copy.file.path).st_mode & 0o222


def test_a_copy_that_no_longer_matches_is_reported(capsys, archive):
    copy = kept()
    assert checked(capsys) == (0, ["1 of 1 archived copies are intact."])
    assert checked(capsys, "--all")[1][0].endswith(": intact")
    os.chmod(copy.file.path, 0o600)
    Path(copy.file.path).write_bytes(PAGE.replace(b"1", b"2"))
    code, lines = checked(capsys)
    assert (code, lines[1]) == (1, "0 of 1 archived copies are intact.")
    assert lines[0] == f"one: page.html, archived on {copy.archived_on}: altered"
    Path(copy.file.path).unlink()
    assert checked(capsys)[1][0].endswith(": missing")


def test_staff_compare_chosen_copies_in_the_admin(editor, archive):
    copy = kept()
    Path(copy.file.path).unlink()
    chosen = {"action": "compare", "_selected_action": [copy.pk]}
    page = editor.post(address(ArchivedCopy, "changelist"), chosen, follow=True).content.decode()
    assert "One, page.html: Missing" in page


def test_the_founding_report_comes_with_a_copy_that_is_the_very_file(archive, settings, capsys):
    call_command("seed", verbosity=0)
    call_command("seed", verbosity=0)
    copy = Source.objects.get(slug="press-conference").copies.get()
    report = Path(settings.BASE_DIR) / "fixtures" / "press-conference-2023-10-30.txt"
    assert Path(copy.file.path).read_bytes() == report.read_bytes()
    assert checked(capsys) == (0, ["1 of 1 archived copies are intact."])
