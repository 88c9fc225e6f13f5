"""Dated releases of everything public: written from one snapshot of the database, checksummed, and never changed.

A release is a folder with a data package (datapackage.json, Frictionless) that names each file. Rows are serialised
once, as NDJSON in all six languages; the other forms are made of that, so that all say the same. Nothing in a file
tells when it was written: the same data gives the same bytes.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils.translation import override

from brst_site.catalogue import NOTATIONS, catalogue, written
from brst_site.datasets import DATASETS
from conference.models import Edition
from content import revision
from content.exports import tabular, xlsx
from content.languages import ALL
from content.listing import Format, Listing, Standard
from content.models import Release, Site
from content.serializers import instant
from content.views.api import flattened, read, table_columns

MANIFEST = "datapackage.json"
CHECKSUMS = "SHA256SUMS"
JSON_TYPE = "application/json"
PARTIAL = ".partial-"
# A feed is of what is new, and no copy.
LEFT_OUT = ("atom",)
# Of standards whose texts are in one language.
LANGUAGE = "en"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
# Any number that nothing else locks: one release is made at a time.
LOCK = 7_265_001


class Written(NamedTuple):
    """What a run has made; `release` is empty where the latest already says the same."""

    release: str
    same_as: str
    files: int
    size: int
    counts: dict[str, int]
    changes: dict[str, dict[str, int]] | None


class Refused(Exception):
    """Why nothing was done, in words for who ran the command."""


def folder_of(name: str) -> Path:
    return settings.SNAPSHOTS_ROOT / name


# ── making ────────────────────────────────────────────────────────────────────────────────────────────────────────


def publish() -> Written:
    """Make a release and list it. One that was interrupted leaves nothing that is listed."""
    root = settings.SNAPSHOTS_ROOT
    with alone():
        sweep(root)
        with draft(root) as folder:
            manifest = write(folder)
            before = Release.objects.filter(withdrawn_at=None).first()
            if before and data_of(before.manifest) == data_of(manifest):
                return told("", before.name, manifest, None)
            name = free_name(lambda name: Release.objects.filter(name=name).exists() or folder_of(name).exists())
            changes = compared(folder_of(before.name), folder) if before else None
            seal(folder, root / name)
        Release.objects.create(
            name=name,
            listed_at=datetime.now(UTC),
            revision=manifest["revision"],
            manifest=manifest,
            checksums={file: checksum(folder_of(name) / file) for file in (MANIFEST, CHECKSUMS)},
            changes=changes,
        )
    return told(name, "", manifest, changes)


def write_to(root: Path) -> Written:
    """Make a release in a folder of one's own, where nothing lists it."""
    with draft(root) as folder:
        manifest = write(folder)
        for other in sorted(path.parent for path in root.glob(f"[!.]*/{MANIFEST}")):
            if json.loads((other / MANIFEST).read_text()) == manifest:
                return told("", other.name, manifest, None)
        name = free_name(lambda name: (root / name).exists())
        seal(folder, root / name)
    return told(name, "", manifest, None)


def withdraw(name: str, reason: str) -> None:
    """Take a release back: its files are deleted, and the public is told the reason."""
    with alone():
        release = Release.objects.filter(name=name).first()
        if release is None:
            raise Refused(f"There is no release {name}.")
        if release.withdrawn_at:
            raise Refused(f"The release {name} was withdrawn already: {release.withdrawal_reason}")
        release.withdrawn_at, release.withdrawal_reason = datetime.now(UTC), reason
        release.full_clean(exclude=["changes"])
        release.save()
        remove(folder_of(name))


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def told(name: str, same_as: str, manifest: dict, changes) -> Written:
    sizes = [resource["bytes"] for resource in manifest["resources"]]
    return Written(name, same_as, len(sizes), sum(sizes), manifest["counts"], changes)


@contextmanager
def alone() -> Iterator[None]:
    """A second run waits for the first to end; the lock goes with the connection, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def draft(root: Path) -> Iterator[Path]:
    root.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder = root / f"{PARTIAL}{os.getpid()}"
    remove(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        remove(folder)


def seal(folder: Path, place: Path) -> None:
    """On disk for good before it has its name; nobody writes to it any more."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.chmod(0o444)
    os.rename(folder, place)
    place.chmod(0o555)
    descriptor = os.open(place.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def sweep(root: Path) -> None:
    """Removes the drafts of runs that broke off. A folder that was sealed is never touched, listed or not."""
    for path in root.glob(f"{PARTIAL}*"):
        remove(path)


def remove(folder: Path) -> None:
    if folder.exists():
        folder.chmod(0o755)
        shutil.rmtree(folder)


def free_name(is_taken: Callable[[str], bool]) -> str:
    """Today's date; the second release of a day with other data is `2026-11-06-2`."""
    day = datetime.now(UTC).date().isoformat()
    names = (day if number == 1 else f"{day}-{number}" for number in range(1, 10_000))
    return next(name for name in names if not is_taken(name))


def data_of(manifest: dict) -> dict[str, str]:
    """The checksums of what is data: the catalogue and the revision may move on by themselves."""
    return {one["path"]: one["hash"] for one in manifest["resources"] if one.get("collection")}


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Writer:
    """Puts files into a folder and keeps what the manifest says of each."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.resources: list[dict[str, Any]] = []
        self.counts: dict[str, int] = {}

    def put(self, name: str, media_type: str, parts: Iterable[str | bytes], collection: str = "") -> Path:
        digest, size, path = hashlib.sha256(), 0, self.folder / name
        with path.open("xb") as file:
            for part in parts:
                data = part.encode() if isinstance(part, str) else part
                digest.update(data)
                size += len(data)
                file.write(data)
        described = {
            "name": name.lower(),
            "path": name,
            "format": name.partition(".")[2].rpartition(".")[2] or "txt",
            "mediatype": media_type.partition(";")[0],
            "encoding": "utf-8",
            "bytes": size,
            "hash": f"sha256:{digest.hexdigest()}",
        }
        self.resources.append(described | ({"collection": collection} if collection else {}))
        return path


def write(folder: Path) -> dict[str, Any]:
    """Every file of a release, from one state of the database. Gives its manifest."""
    writer = Writer(folder)
    with revision.snapshot(), override(LANGUAGE):
        now = revision.current()
        site = Site.objects.first()
        for listing in DATASETS:
            write_collection(writer, listing)
        for ending, notation in NOTATIONS.items():
            writer.put(f"catalogue.{ending}", notation.media_type, [written(catalogue(now.changed_at), ending)])
    manifest = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "open-data",
        "title": site.name if site else settings.SITE_URL,
        "homepage": f"{settings.SITE_URL}/{LANGUAGE}/data/",
        "version": str(now.number),
        "revision": now.number,
        "created": instant(now.changed_at),
        "licenses": [LICENCE],
        "counts": writer.counts,
        "resources": sorted(writer.resources, key=lambda one: one["path"]),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    sums = {one["path"]: one["hash"].partition(":")[2] for one in manifest["resources"]}
    sums[MANIFEST] = hashlib.sha256(text.encode()).hexdigest()
    lines = [f"{checksum}  {path}\n" for path, checksum in sorted(sums.items())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    return manifest


def write_collection(writer: Writer, listing: Listing) -> None:
    name, keys = listing.name, list(listing.serializer._declared_fields)
    selection = listing.select(QueryDict(), LANGUAGE)
    rows = read(selection, listing.serializer(context={"language": ALL, "fields": keys}))
    base = writer.put(f"{name}.ndjson", "application/x-ndjson", tabular.to_ndjson(rows), name)
    count = writer.counts[name] = sum(1 for _ in lines_of(base))
    columns = table_columns(listing, keys, ALL)

    def flat() -> Iterator[dict[str, Any]]:
        return (flattened(row) for row in rows_of(base))

    writer.put(f"{name}.json", JSON_TYPE, tabular.to_json(count, rows_of(base)), name)
    writer.put(f"{name}.csv", "text/csv", tabular.to_csv(columns, flat()), name)
    writer.put(f"{name}.xlsx", xlsx.MEDIA_TYPE, tabular.to_xlsx(columns, flat()), name)
    for ending, own in listing.formats.items():
        if ending in LEFT_OUT:
            continue
        if isinstance(own, Format):
            writer.put(f"{name}.{ending}", own.media_type, own.write(rows_of(base), keys), name)
        else:
            write_standard(writer, listing, ending, own)


def write_standard(writer: Writer, listing: Listing, ending: str, own: Standard) -> None:
    """The whole collection, or a file an edition where the standard is about one."""
    editions = Edition.objects.published().order_by("slug").values_list("slug", flat=True)
    asked = [{}] if not own.one_value else [{"edition": slug} for slug in editions]
    for conditions in asked:
        query = QueryDict(mutable=True)
        query.update(conditions | ({"order": own.order} if own.order else {}))
        selection = listing.select(query, LANGUAGE)
        serializer = own.serializer or listing.serializer
        rows = read(selection, serializer(context={"language": ALL if own.all_languages else LANGUAGE}))
        name = ".".join([listing.name, *conditions.values(), ending])
        writer.put(name, own.media_type, own.write(own.head(selection), rows), listing.name)


def lines_of(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, lines_of(path))


# ── comparing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def compared(before: Path, after: Path) -> dict[str, dict[str, int]]:
    """How many records each collection has gained, changed and lost, of those that did."""
    found = {}
    for listing in DATASETS:
        old, new = (digests(folder / f"{listing.name}.ndjson") for folder in (before, after))
        kept = old.keys() & new.keys()
        change = {
            "added": len(new) - len(kept),
            "changed": sum(old[key] != new[key] for key in kept),
            "removed": len(old) - len(kept),
        }
        if any(change.values()):
            found[listing.name] = change
    return found


def digests(path: Path) -> dict[str, bytes]:
    if not path.exists():
        return {}
    return {json.loads(line)["id"]: hashlib.blake2b(line.encode(), digest_size=16).digest() for line in lines_of(path)}
