"""Files of a hundred thousand projects: when the first byte comes, how long they take, and what memory they need.

`python -m benchmarks.exports [ROWS]` starts a throwaway database, fills it with sample projects, serves it with one
worker, and asks for each file. The count of its rows is held against that of the list.
"""

import csv
import http.client
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from contextlib import suppress

import psutil

from benchmarks.run import serving
from brst_site.embedded.server import throwaway

ROWS = 100_000
FILES = ("csv", "ndjson", "json", "xlsx", "geojson", "iati.xml")


def main(rows: int) -> None:
    with throwaway(say=lambda line: None) as server:
        os.environ |= {"DATABASE_URL": server.url, "PORTAL_DATA_DIR": str(server.place.data_dir)}
        started = time.monotonic()
        for command in (["migrate"], ["seed"], ["demo", "--sessions=10", "--projects=500"]):
            run = [sys.executable, "manage.py", *command, "--verbosity=0"]
            subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([sys.executable, "-m", "benchmarks.multiply", str(rows)], check=True)
        print(f"{rows} projects made in {time.monotonic() - started:.0f} s", flush=True)
        with serving(workers=1) as port:
            report(port)


def report(port: int) -> None:
    count = json.loads(answer(port, "/api/v1/projects/?page_size=1")[2])["count"]
    print(f"{'file':12}{'first byte s':>14}{'whole s':>10}{'MB':>8}{'rows':>9}{'memory MB':>11}{'grown by MB':>13}")
    for ending in FILES:
        before = memory()
        first, whole, content, peak = answer(port, f"/api/v1/projects.{ending}")
        rows = rows_in(ending, content)
        size = len(content) / 1e6
        line = f"{ending:12}{first:>14.2f}{whole:>10.1f}{size:>8.1f}{rows:>9}{peak:>11.0f}{peak - before:>13.0f}"
        print(line, flush=True)
        if rows != count:
            raise SystemExit(f"{ending} has {rows} rows, the list {count}")


def answer(port: int, address: str) -> tuple[float, float, bytes, float]:
    """Seconds to the first byte and to the last, the content, and the most memory that the server had meanwhile."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    started = time.monotonic()
    connection.request("GET", address)
    response = connection.getresponse()
    parts = [response.read1(1)]
    first, peak, asked = time.monotonic() - started, 0.0, 0.0
    while part := response.read1(1 << 20):
        parts.append(part)
        if time.monotonic() - asked > 1:
            peak, asked = max(peak, memory()), time.monotonic()
    if response.status != 200:
        raise SystemExit(f"{address} answered {response.status}")
    return first, time.monotonic() - started, b"".join(parts), max(peak, memory())


def memory() -> float:
    """What the server's processes hold, in megabytes."""
    held = 0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            held += process.memory_info().rss * ("granian" in " ".join(process.cmdline()))
    return held / 1e6


def rows_in(ending: str, content: bytes) -> int:
    if ending == "csv":
        return sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) - 1
    if ending == "ndjson":
        return content.count(b"\n")
    if ending == "xlsx":
        return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").count(b"<row ") - 1
    if ending == "iati.xml":
        return content.count(b"<iati-activity ")
    return len(json.loads(content)["results" if ending == "json" else "features"])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
