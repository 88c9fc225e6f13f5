"""Lighthouse's scores of every kind of page, and what each weighs on the wire.

`make lighthouse` starts a throwaway database with the founding content and samples, serves it with Granian and lets
Debian's Chromium visit each page as a phone on a slow network, as Lighthouse does by itself. Without https on this
machine Lighthouse takes localhost for safe. Arguments choose pages: `python -m benchmarks.lighthouse search/ data/`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.run import filled, serving

ROOT = Path(__file__).parent.parent
NODE = ROOT / ".venv" / "node"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
WANTED = {"performance": 98}
KINDS = ("Document", "Stylesheet", "Script", "Font")
# What a visitor looks for or keeps, and what stands in pages of others, is not for search engines and says so
# (`noindex`); the frame's policy lets nothing be asked for from it, robots.txt included.
NOT_FOR_ENGINES = ("search/", "/my/", "/offline/", "/embed/")
SWITCHES = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def main() -> int:
    chosen = sys.argv[1:]
    with filled(sessions=60, projects=120), serving() as port:
        return table([page for page in walked() if page.status == 200 and (not chosen or page.path in chosen)], port)


def walked():
    """The pages that the tests walk. Django reads its settings once the database is there, so it is started here."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brst_site.settings")
    django.setup()
    from tests.pages import prepare

    return prepare()


def table(pages, port: int) -> int:
    short = {"performance": "perf", "accessibility": "a11y", "best-practices": "best", "seo": "seo"}
    names = "".join(f"{short[name]:>6}" for name in CATEGORIES) + "".join(f"{kind.lower():>11}" for kind in KINDS)
    print(f"{'page':70}{names}")
    below = 0
    for page in pages:
        report = visit(f"http://127.0.0.1:{port}{page.address('en')}")
        scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
        weights = weights_of(report)
        numbers = "".join(f"{scores[name]:>6}" for name in CATEGORIES)
        numbers += "".join(f"{weights[kind]:>11,}" for kind in KINDS)
        print(f"{page.path[:69] or '(home)':70}{numbers}", flush=True)
        if any(scores[name] < WANTED.get(name, 100) for name in CATEGORIES):
            below += 1
            for line in reasons(report, scores):
                print(f"    {line}", flush=True)
    print(f"{len(pages)} pages, {below} below what is wanted")
    return 1 if below else 0


def visit(address: str) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [str(NODE.parent / "bin" / "node"), str(NODE / "node_modules/lighthouse/cli/index.js"), address]
        command += ["--quiet", "--output=json", f"--output-path={out.name}", f"--chrome-flags={SWITCHES}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
        if any(part in address for part in NOT_FOR_ENGINES):
            command.append("--skip-audits=is-crawlable,robots-txt")
        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
        environment = os.environ | {"CHROME_PATH": path}
        # Now and then Lighthouse loses the trace of a page, and asks to be run again.
        for last in (False, False, True):
            run = subprocess.run(command, check=last, env=environment, stdout=subprocess.DEVNULL)
            if run.returncode == 0:
                return json.loads(Path(out.name).read_text())


def weights_of(report: dict) -> dict[str, int]:
    """Bytes on the wire, compressed and with their headers, by kind."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    return {kind: sum(one["transferSize"] for one in requests if one.get("resourceType") == kind) for kind in KINDS}


def reasons(report: dict, scores: dict[str, int]):
    """Each audit that takes points off, with what it found first."""
    for name in CATEGORIES:
        if scores[name] >= WANTED.get(name, 100):
            continue
        for reference in report["categories"][name]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                items = audit.get("details", {}).get("items", [])
                first = json.dumps(items[0], ensure_ascii=False)[:240] if items else ""
                yield f"{name}: {audit['id']} {audit.get('displayValue', '')} {first}"


if __name__ == "__main__":
    raise SystemExit(main())
