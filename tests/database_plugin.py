"""Gives a run of the tests a database and a data folder of its own, before Django's settings ask for them.

Where DATABASE_URL is set, the tests use that server; otherwise an embedded one that is gone afterwards. With
pytest-xdist the first process starts it, and its workers inherit the address.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from brst_site.database import DatabaseProblem
from brst_site.embedded.server import throwaway

stack = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests():
    if "PYTEST_XDIST_WORKER" not in os.environ:
        prepare()
    return (yield)


def prepare() -> None:
    if os.environ.get("DATABASE_URL"):
        folder = Path(tempfile.mkdtemp(prefix="brst-portal-"))
        stack.callback(shutil.rmtree, folder)
    else:
        try:
            server = stack.enter_context(throwaway(say=lambda line: None))
        except DatabaseProblem as problem:
            raise pytest.UsageError(str(problem)) from problem
        folder = server.place.data_dir
        os.environ["DATABASE_URL"] = server.url
    os.environ["PORTAL_DATA_DIR"] = str(folder)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    stack.close()
