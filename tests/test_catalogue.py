"""The catalogue of open data, held against the shapes of DCAT-AP 3.0.1."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, Graph, Namespace, URIRef

from brst_site.datasets import DATASETS
from tests.world import World

SHACL = Namespace("http://www.w3.org/ns/shacl#")
NOTATIONS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}

pytestmark = pytest.mark.django_db


def graph_of(client, ending: str) -> Graph:
    response = client.get(f"/data/catalogue.{ending}")
    assert response.status_code == 200
    return Graph().parse(data=response.content, format=NOTATIONS[ending])


def shapes() -> Graph:
    """Those of the standard, without the two that its file names and does not have."""
    graph = Graph().parse(Path(__file__).parent / "standards" / "dcat-ap-SHACL.ttl")
    dangling = [one for one in graph.subject_objects(SHACL.property) if (one[1], SHACL.path, None) not in graph]
    assert len(dangling) == 2
    for shape, absent in dangling:
        graph.remove((shape, SHACL.property, absent))
    return graph


def test_the_catalogue_is_as_its_standard_wants_it(client):
    World(1)
    conforms, _graph, report = validate(graph_of(client, "ttl"), shacl_graph=shapes())
    assert conforms, report


def test_the_shapes_notice_what_is_missing(client):
    graph = graph_of(client, "ttl")
    graph.remove((next(graph.subjects(None, DCAT.Dataset)), DCTERMS.title, None))
    conforms, _graph, _report = validate(graph, shacl_graph=shapes())
    assert not conforms


def test_the_three_notations_say_the_same(client):
    turtle, json_ld, rdf_xml = (graph_of(client, ending) for ending in NOTATIONS)
    assert set(turtle) == set(json_ld) == set(rdf_xml)


def test_every_collection_is_in_it_in_six_languages_with_files_that_can_be_had(client, settings):
    World(1)
    graph = graph_of(client, "ttl")
    datasets = {str(graph.value(one, DCTERMS.identifier)): one for one in graph.subjects(None, DCAT.Dataset)}
    assert sorted(datasets) == sorted(listing.name for listing in DATASETS)
    languages = {title.language for title in graph.objects(datasets["sessions"], DCTERMS.title)}
    assert languages == {"en", "zh-Hans", "fr", "es", "ru", "ar"}
    addresses = [str(address) for address in graph.objects(None, DCAT.downloadURL)]
    assert len(addresses) > 4 * len(DATASETS)
    for address in addresses:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


def test_two_polls_are_the_same_to_the_byte(client):
    for ending in NOTATIONS:
        first, second = (client.get(f"/data/catalogue.{ending}").content for _ in range(2))
        assert first == second


def test_other_endings_and_parameters_are_refused(client):
    assert client.get("/data/catalogue.exe").status_code == 404
    assert client.get("/data/catalogue.ttl?x=1").status_code == 400


def test_the_publisher_is_the_portal(client, settings):
    graph = graph_of(client, "ttl")
    catalogue = next(graph.subjects(None, DCAT.Catalog))
    assert graph.value(catalogue, DCTERMS.publisher) == URIRef(f"{settings.SITE_URL}/data/catalogue#publisher")
