"""The API against its own description: schemathesis, with every check, over a running portal with sample data.

Each operation is tried with questions made at random; those of the coverage phase, thousands for all, are asked of
a few collections that have every kind of parameter. `schemathesis run ADDRESS/api/v1/schema/ --checks all` asks all.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import running_portal

pytestmark = pytest.mark.django_db
COVERED = ("/api/v1/sections/", "/api/v1/versions/", "/api/v1/sections.csv", "/api/v1/revision/")


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    with running_portal(django_db_blocker, sessions=10, projects=5) as address:
        yield address


def schemathesis(portal: str, *arguments: str) -> str:
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", f"{portal}/api/v1/schema/", "--checks", "all"]
    command += ["--seed", "7", "--workers", "2", "--no-color", *arguments]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    return run.stdout


def test_every_operation_answers_as_it_is_described(portal):
    said = schemathesis(portal, "--phases", "examples,fuzzing,stateful", "--max-examples", "1")
    assert "Tested: 0" not in said


def test_every_kind_of_parameter_is_taken_and_refused_as_it_is_described(portal):
    paths = [argument for path in COVERED for argument in ("--include-path", path)]
    assert f"Tested: {len(COVERED)}" in schemathesis(portal, "--phases", "coverage", *paths)
