"""Tables of records come in row by row or say why not; our own come back unchanged, also into an empty portal."""

import pytest

from tests.import_records import importer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("founded")]


@pytest.fixture
def bring(tmp_path, capsys):
    return importer(tmp_path, capsys)
