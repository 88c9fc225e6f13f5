"""The complete walk of `make walk`, and what it writes for the portal to tell: `fixtures/accessibility.json`.

The tests that walk put down what they did and found, each in a file of its own, since two processes run them.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
ACCOUNT = ROOT / "fixtures" / "accessibility.json"
FOLDER = os.environ.get("WALK", "")
TESTS = "tests/browser/test_walk.py"
# What no program can see, and nobody has been asked to look at yet.
NOT_TESTED = (
    "screen_readers",
    "voice_control",
    "screen_magnifiers",
    "other_browsers",
    "plain_language",
    "people_with_disabilities",
    "pdf_files",
    "staff_pages",
)


def keep(name: str, **said) -> None:
    """What a test did and found, where the walk is complete."""
    if FOLDER:
        (Path(FOLDER) / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", TESTS, "--numprocesses=2", "--dist=load", "-p", "no:cacheprovider"]
        status = subprocess.run(command, cwd=ROOT, env=os.environ | {"WALK": folder}, check=False).returncode
        said = {path.stem: json.loads(path.read_text()) for path in Path(folder).iterdir()}
    html = said.pop("html", None)
    if not (html and said):
        print("The walk was not finished, so nothing is written.")
        return status or 1
    account = account_of(said, html)
    ACCOUNT.write_text(json.dumps(account, indent=2) + "\n")
    print(json.dumps(account, indent=2))
    return status


def account_of(said: dict[str, dict], html: dict) -> dict:
    walks = list(said.values())
    done, violations = Counter(), Counter(html["errors"])
    for walk in walks:
        done.update(walk["done"])
        for what, answer in (one for found in walk["found"].values() for one in found):
            violations.update([rule for rule, _places in answer] if what.startswith("axe") else [what])
    rules = walks[0]["rules"]
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "pages": walks[0]["pages"],
        "languages": sorted(said),
        "themes": walks[0]["themes"],
        "widths": walks[0]["widths"],
        "checks": {**dict(sorted(done.items())), "html": html["pages"]},
        "rules": sorted({*rules["structural"], *rules["looks"]}),
        "violations": dict(sorted(violations.items())),
        "tools": {
            "axe-core": rules["version"],
            "html-validate": html["version"],
            "Chromium": walks[0]["browser"],
            "Playwright": version("playwright"),
        },
        "not_tested": list(NOT_TESTED),
    }


if __name__ == "__main__":
    raise SystemExit(main())
