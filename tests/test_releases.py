"""Releases of the data: dated, immutable, checksummed, listed, and the same to the byte from the same data."""

import csv
import hashlib
import io
import json
import subprocess

import pytest
from django.core.management import CommandError, call_command
from rdflib import DCAT, DCTERMS, Graph, Namespace

from brst_site import releases
from brst_site.datasets import DATASETS
from content.models import Article, Release, Site
from content.revision import current
from tests.test_catalogue import shapes
from tests.world import World, six

pytestmark = pytest.mark.django_db(transaction=True)
SPDX = Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture
def root(settings, tmp_path):
    settings.SNAPSHOTS_ROOT = tmp_path / "snapshots"
    settings.MEDIA_ROOT = tmp_path / "media"
    Site.objects.create(name_en="Portal")
    World(2)
    return settings.SNAPSHOTS_ROOT


def snapshot(*arguments: str) -> str:
    out = io.StringIO()
    call_command("snapshot", *arguments, stdout=out)
    return out.getvalue()


def files(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_two_runs_into_two_folders_are_the_same_to_the_byte(root, tmp_path):
    for name in ("a", "b"):
        snapshot("--output", str(tmp_path / name))
    first, second = (files(next((tmp_path / name).iterdir())) for name in ("a", "b"))
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    snapshot()
    listed = files(root / Release.objects.get().name)
    assert [name for name in first if first[name] != listed.get(name)] == []
    snapshot("--output", str(tmp_path / "c"))
    again = files(next((tmp_path / "c").iterdir()))
    assert [name for name in first if first[name] != again[name]] == []


def test_it_has_every_collection_in_every_format(root, client):
    snapshot()
    found = files(root / Release.objects.get().name)
    for listing in DATASETS:
        count = client.get(f"/api/v1/{listing.name}/").json()["count"]
        rows = [json.loads(line) for line in found[f"{listing.name}.ndjson"].splitlines()]
        assert json.loads(found[f"{listing.name}.json"]) == {"count": count, "results": rows}
        table = list(csv.DictReader(io.StringIO(found[f"{listing.name}.csv"].decode("utf-8-sig"))))
        assert [row["slug"] for row in table] == [row["slug"] for row in rows]
        assert len(rows) == count > 0
        assert found[f"{listing.name}.xlsx"].startswith(b"PK")
    others = {"projects.iati.xml", "projects.geojson", "sessions.ics", "sessions.row-001.schedule.xml"}
    others |= {"sessions.row-001.schedule.json", "catalogue.ttl", "catalogue.jsonld", "catalogue.rdf"}
    assert others <= set(found)
    assert len(json.loads(found["projects.geojson"])["features"]) == 2


def test_the_manifest_says_what_each_file_is(root):
    snapshot()
    release = Release.objects.get()
    folder = root / release.name
    manifest = json.loads((folder / "datapackage.json").read_text())
    assert manifest["revision"] == current().number
    assert manifest["licenses"][0]["name"] == "CC-BY-4.0"
    assert manifest["counts"]["projects"] == 2
    for resource in manifest["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
    assert {path.name for path in folder.iterdir()} == {
        "datapackage.json", "SHA256SUMS", *(resource["path"] for resource in manifest["resources"])
    }  # fmt: skip
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


def test_the_same_data_is_not_released_twice_and_other_data_gets_a_suffix(root):
    assert "files" in snapshot()
    first = Release.objects.get()
    before = files(root / first.name)
    assert f"{first.name} has the same data" in snapshot()
    Article.objects.create(slug="new", state="published", **six("New", "title"))
    Article.objects.filter(slug="row-001").update(title_en="Changed")
    Article.objects.filter(slug="row-002").delete()
    assert "articles: 1 added, 1 changed, 1 removed" in snapshot()
    newest = Release.objects.first()
    assert newest.name == f"{first.name}-2"
    assert newest.changes == {"articles": {"added": 1, "changed": 1, "removed": 1}}
    assert files(root / first.name) == before
    assert Release.objects.count() == 2


def test_listing_one_moves_no_revision_but_ends_kept_pages(root, client):
    number = current().number
    kept = client.get("/en/data/")
    assert "No dated copy" in kept.content.decode()
    snapshot()
    assert current().number == number
    page = client.get("/en/data/", headers={"If-None-Match": kept["ETag"]})
    assert page.status_code == 200
    assert f"/en/data/snapshots/{Release.objects.get().name}/" in page.content.decode()


def test_a_run_that_breaks_off_leaves_nothing_listed(root, monkeypatch):
    def broken(*arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(releases, "seal", broken)
    with pytest.raises(CommandError, match="No space left"):
        snapshot()
    monkeypatch.undo()
    assert Release.objects.count() == 0
    assert list(root.iterdir()) == []
    (root / f"{releases.PARTIAL}1").mkdir()
    snapshot()
    assert [path.name for path in root.iterdir()] == [Release.objects.get().name]


def test_its_files_have_addresses_that_stay(root, client):
    snapshot()
    name = Release.objects.get().name
    page = client.get(f"/fr/data/snapshots/{name}/")
    assert page.status_code == 200
    listed = client.get("/data/snapshots/").json()
    assert [one["name"] for one in listed["results"]] == [name]
    manifest = client.get(f"/data/snapshots/{name}/")
    assert body(manifest) == (root / name / "datapackage.json").read_bytes()
    for resource in json.loads((root / name / "datapackage.json").read_text())["resources"]:
        address = f"/data/snapshots/{name}/{resource['path']}"
        assert address in page.content.decode()
        response = client.get(address)
        assert hashlib.sha256(body(response)).hexdigest() == resource["hash"][7:]
        assert response["ETag"] == f'"{resource["hash"][7:]}"'


def test_a_file_is_sent_in_parts_and_not_twice(root, client):
    snapshot()
    name = Release.objects.get().name
    address = f"/data/snapshots/{name}/projects.ndjson"
    whole = (root / name / "projects.ndjson").read_bytes()
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert body(first) == whole
    assert first["Content-Length"] == str(len(whole))
    part = client.get(address, headers={"Range": "bytes=10-19", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert client.get(address, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert client.get(address, headers=headers).status_code == 304
    assert client.head(address)["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", ["nothing.csv", "..%2Fsecret-key", "%2Fetc%2Fpasswd", "..", "articles.csv%00"])
def test_nothing_else_has_an_address(root, client, path):
    snapshot()
    assert client.get(f"/data/snapshots/{Release.objects.get().name}/{path}").status_code in (404, 301)
    assert client.get("/data/snapshots/2000-01-01/articles.csv").status_code == 404
    assert client.get("/en/data/snapshots/2000-01-01/").status_code == 404


def test_a_release_that_is_withdrawn_is_gone_with_its_reason(root, client):
    snapshot()
    name = Release.objects.get().name
    with pytest.raises(CommandError):
        snapshot("--withdraw", name)
    with pytest.raises(CommandError):
        snapshot("--withdraw", "2000-01-01", "--reason", "No.")
    snapshot("--withdraw", name, "--reason", "It named a person by mistake.")
    for address in (f"/data/snapshots/{name}/articles.csv", f"/data/snapshots/{name}/", f"/en/data/snapshots/{name}/"):
        gone = client.get(address)
        assert gone.status_code == 410
        assert "named a person by mistake" in gone.content.decode()
    assert "named a person by mistake" in client.get("/en/data/").content.decode()
    assert not (root / name).exists()
    assert f"snapshot-{name}" not in client.get("/data/catalogue.ttl").content.decode()
    snapshot()
    assert Release.objects.first().name == f"{name}-2"


def test_nothing_hidden_is_in_a_release(root):
    World(2, state="draft", mark="zqxhidden")
    Article.objects.filter(slug="row-002").update(state="archived")
    snapshot()
    for name, content in files(root / Release.objects.get().name).items():
        assert b"zqxhidden" not in content, name
    rows = (root / Release.objects.get().name / "articles.ndjson").read_text().splitlines()
    assert [json.loads(row)["slug"] for row in rows] == ["row-001"]


def test_the_catalogue_has_each_release_with_checksums(root, client):
    from pyshacl import validate

    snapshot()
    Article.objects.create(slug="new", state="published", **six("New", "title"))
    snapshot()
    graph = Graph().parse(data=client.get("/data/catalogue.ttl").content, format="turtle")
    conforms, _graph, report = validate(graph, shacl_graph=shapes())
    assert conforms, report
    newest = Release.objects.first()
    datasets = {str(graph.value(one, DCTERMS.identifier)): one for one in graph.subjects(None, DCAT.Dataset)}
    assert {f"snapshot-{release.name}" for release in Release.objects.all()} <= set(datasets)
    told, file_types = {}, {}
    for distribution in graph.objects(datasets[f"snapshot-{newest.name}"], DCAT.distribution):
        path = str(graph.value(distribution, DCAT.downloadURL)).rpartition("/")[2]
        file_types[path] = str(graph.value(distribution, DCTERMS.format)).rpartition("/")[2]
        checksum = graph.value(distribution, SPDX.checksum)
        assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        told[path] = str(graph.value(checksum, SPDX.checksumValue))
    assert {name: checksum for name, checksum in told.items() if name != "datapackage.json"} == {
        resource["path"]: resource["hash"][7:] for resource in newest.manifest["resources"]
    }
    named = ("projects.iati.xml", "sessions.row-001.schedule.xml", "projects.csv", "sessions.row-001.schedule.json")
    assert [file_types[path] for path in named] == ["XML", "XML", "CSV", "JSON"]


def test_a_release_is_one_state_of_the_record(root, monkeypatch):
    """What is changed while it is written is in the next one."""
    from django.db import connections

    original = releases.write_collection

    def slowly(writer, listing):
        original(writer, listing)
        if listing is DATASETS[0]:
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute("UPDATE content_article SET state = 'draft'")
            other.close()

    monkeypatch.setattr(releases, "write_collection", slowly)
    snapshot()
    assert Release.objects.get().manifest["counts"]["articles"] == 2
