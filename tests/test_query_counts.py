"""Lists and single records cost as many queries for a hundred rows as for one."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from brst_site.datasets import DATASETS
from tests.test_one_query import PAGES
from tests.world import World

# What one answer may cost: revision, rows, count, and one for each relation that is shown.
MOST_FOR_ONE_ANSWER = 40
# The programme offers its speakers as a filter while they are few; of many it asks for none.
FEWER_WITH_MANY_ROWS = {PAGES["sessions"][0]: 1}


PAGES_OF_A_WHOLE = [
    "/en/countries/qaaa/",
    "/en/countries/compare/?country=qaaa&country=qaba",
    "/en/cooperation/row-001/",
]


def faces_of(listing) -> list[str]:
    group_by = ",".join(listing.filterset.facet_names()[:2])
    sums = f"&sum={next(iter(listing.sums))}" if listing.sums else ""
    faces = [
        f"/api/v1/{listing.name}/",
        f"/api/v1/{listing.name}.csv",
        f"/api/v1/{listing.name}/aggregate/?group_by={group_by}{sums}",
    ]
    return [*faces, PAGES[listing.name][0]] if listing.name in PAGES else faces


def queries_of(client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code == 200, path
    return len(captured)


def counts_with(client, size: int) -> dict[str, int]:
    """The queries of each face in a world of that size, which is gone afterwards."""
    with transaction.atomic():
        world = World(size)
        for project, organisation in zip(world.projects, world.organisations, strict=True):
            project.transactions.update(provider=organisation, receiver=organisation)
        faces = [face for listing in DATASETS for face in faces_of(listing)]
        faces += [client.get(f"/api/v1/{listing.name}/").json()["results"][0]["api_url"] for listing in DATASETS]
        faces = [*PAGES_OF_A_WHOLE, *faces] if size > 1 else faces
        counts = {}
        for index, face in enumerate(faces):
            path = face.removeprefix("http://localhost:8000")
            name = path if index < len(faces) - len(DATASETS) else DATASETS[index - len(faces)].name + " detail"
            counts[name] = queries_of(client, path)
        assert world.size == size
        transaction.set_rollback(True)
    return counts


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_rows(client):
    queries_of(client, "/api/v1/countries/")
    one, three, hundred = (counts_with(client, size) for size in (1, 3, 100))
    # A relation that no row of the smallest world happens to have (the parent of a first session) is not asked for.
    different = {
        face: (one.get(face), three[face], hundred[face])
        for face in three
        if not one.get(face, 0) <= three[face] == hundred[face] + FEWER_WITH_MANY_ROWS.get(face, 0)
    }
    assert different == {}
    assert {face: count for face, count in hundred.items() if count > MOST_FOR_ONE_ANSWER} == {}
