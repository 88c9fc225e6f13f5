"""Answers a second of the portal's main addresses, as ratios against a constant answer of the same server.

`make bench` starts a throwaway database with the founding content and samples, serves it with Granian, and asks each
address over four connections for a few seconds. The reference, `/healthz`, does no work, so the ratios say what a
page costs beside what the server and this program cost. They compare across machines; the answers a second don't.
"""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

from brst_site.embedded.server import throwaway

SECONDS = 4
CONNECTIONS = 4
REFERENCE = "/healthz"
ADDRESSES = (
    "/en/",
    "/en/figures/joint-laboratories/",
    "/en/conference/sample-edition/programme/?view=list",
    "/en/conference/sample-edition/programme/?view=grid",
    "/en/countries/",
    "/en/countries/ke/",
    "/en/cooperation/projects/",
    "/ar/cooperation/projects/?status=2",
    "/api/v1/sessions/?edition=sample-edition",
    "/api/v1/projects/?facets=strand,status",
    "/api/v1/revision/",
)


def main() -> None:
    with filled(sessions=1000, projects=10_000), serving() as port:
        report(port)


@contextmanager
def filled(sessions: int, projects: int):
    """A throwaway database with the founding content and so many samples, for this process and those it starts."""
    with throwaway(say=lambda line: None) as server:
        os.environ |= {"DATABASE_URL": server.url, "PORTAL_DATA_DIR": str(server.place.data_dir)}
        for command in (
            ["migrate"],
            ["collectstatic", "--no-input"],
            ["seed"],
            ["demo", f"--sessions={sessions}", f"--projects={projects}"],
        ):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity=0"], check=True, stdout=subprocess.DEVNULL
            )
        yield


@contextmanager
def serving(workers: int = 2):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface=wsgi", f"--port={port}"]
    command += [f"--workers={workers}", "--no-access-log"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*command, "brst_site.wsgi:application"], **quiet)
    try:
        while not answers(port):
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def report(port: int) -> None:
    reference, _ = rate(port, REFERENCE)
    print(f"{'address':58}{'a second':>10}{'ratio':>10}{'bytes':>10}")
    print(f"{REFERENCE:58}{reference:>10.0f}{'1':>10}")
    for address in ADDRESSES:
        answered, size = rate(port, address)
        print(f"{address:58}{answered:>10.1f}{answered / reference:>10.4f}{size:>10}")


def rate(port: int, address: str) -> tuple[float, int]:
    """Answers a second, and the bytes of one as they go over the wire."""
    counts, sizes = [], []
    end = time.monotonic() + SECONDS

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        count = 0
        while time.monotonic() < end:
            connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{address} answered {response.status}")
            count += 1
        counts.append(count)
        sizes.append(len(body))

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS, sizes[0]


if __name__ == "__main__":
    main()
