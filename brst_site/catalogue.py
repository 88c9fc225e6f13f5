"""The catalogue of everything that the portal publishes, in the terms of DCAT-AP 3.0.1.

Each collection is a dataset, and each ending in which it can be had whole is a distribution of it; the API is the data
service behind them all. Nothing in it has a blank node, so that the same state of the record is the same text.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from lxml import etree
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import split_uri

from brst_site.datasets import DATASETS, TITLES
from content import languages
from content.languages import all_languages
from content.listing import Listing
from content.models import Release, Site
from content.views.pages import EXPORTS

# Newer than the list of terms that rdflib has.
VERSION = URIRef(f"{DCAT}version")
SPDX = Namespace("http://spdx.org/rdf/terms#")
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
CONFORMS_TO = URIRef("https://semiceu.github.io/DCAT-AP/releases/3.0.1/")
AUTHORITY = "http://publications.europa.eu/resource/authority"
LANGUAGES = {"en": "ENG", "zh-hans": "ZHO", "fr": "FRA", "es": "SPA", "ru": "RUS", "ar": "ARA"}
SCIENCE = URIRef(f"{AUTHORITY}/data-theme/TECH")
CONTINUOUS = URIRef(f"{AUTHORITY}/frequency/CONT")
PUBLIC = URIRef(f"{AUTHORITY}/access-right/PUBLIC")
MEDIA_TYPES = "http://www.iana.org/assignments/media-types"
# Of the last parts of endings, those that the list of file types has.
FILE_TYPES = {
    "csv": "CSV",
    "xlsx": "XLSX",
    "json": "JSON",
    "ndjson": "JSON",
    "geojson": "GEOJSON",
    "ics": "ICS",
    "atom": "ATOM",
    "xml": "XML",
}


# What each of these leads to: the shapes of the standard want it said.
CLASSES = {
    DCTERMS.accessRights: DCTERMS.RightsStatement,
    DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS.format: DCTERMS.MediaTypeOrExtent,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCAT.accessURL: RDFS.Resource,
    DCAT.downloadURL: RDFS.Resource,
    DCAT.endpointDescription: RDFS.Resource,
    DCAT.endpointURL: RDFS.Resource,
    DCAT.landingPage: FOAF.Document,
    DCAT.mediaType: DCTERMS.MediaType,
    DCAT.theme: SKOS.Concept,
    FOAF.homepage: FOAF.Document,
    FOAF.page: FOAF.Document,
}


class Notation(NamedTuple):
    label: str
    media_type: str


NOTATIONS = {
    "ttl": Notation("Turtle", "text/turtle; charset=utf-8"),
    "jsonld": Notation("JSON-LD", "application/ld+json"),
    "rdf": Notation("RDF/XML", "application/rdf+xml"),
}
PREFIXES = {
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "spdx": SPDX,
    "xsd": XSD,
}
# Names of RDF/XML that are no terms.
SYNTAX = f"{{{RDF}}}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def catalogue(changed_at: datetime | None, releases: Iterable[Release] = ()) -> Graph:
    """`changed_at` is when anything public changed last; `releases` are those that can be had, the newest first."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    root, publisher, service = (here(f"/data/catalogue#{part}") for part in ("catalogue", "publisher", "api"))
    modified = Literal(changed_at.replace(microsecond=0).isoformat(), datatype=XSD.dateTime) if changed_at else None
    site = Site.objects.first()
    add(graph, publisher, RDF.type, FOAF.Agent)
    add(graph, publisher, FOAF.name, *named_after(site))
    add(graph, publisher, FOAF.homepage, here("/"))
    add(graph, root, RDF.type, DCAT.Catalog)
    add(graph, root, DCTERMS.title, *said(lambda: _("Open data")))
    add(graph, root, DCTERMS.description, *said(describe_catalogue))
    add(graph, root, DCTERMS.publisher, publisher)
    add(graph, root, DCTERMS.license, LICENCE)
    add(graph, root, DCTERMS.conformsTo, CONFORMS_TO)
    add(graph, root, DCTERMS.language, *spoken())
    add(graph, root, DCTERMS.modified, modified)
    add(graph, root, FOAF.homepage, here("/en/data/"))
    add(graph, root, DCAT.service, service)
    describe_service(graph, service, publisher)
    add(graph, SCIENCE, SKOS.prefLabel, *said(lambda: _("Science and technology")))
    for listing in DATASETS:
        dataset = describe_dataset(graph, listing, publisher, modified)
        add(graph, root, DCAT.dataset, dataset)
        add(graph, service, DCAT.servesDataset, dataset)
    for place, release in enumerate(releases):
        described = describe_release(graph, release, publisher, whole=place == 0)
        add(graph, root, DCAT.dataset, described)
    return graph


def written(graph: Graph, ending: str) -> str:
    """The graph as text, the same whichever process writes it."""
    return {"ttl": turtle, "jsonld": json_ld, "rdf": rdf_xml}[ending](graph)


def turtle(graph: Graph) -> str:
    return graph.serialize(format="turtle")


def json_ld(graph: Graph) -> str:
    context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    document = json.loads(graph.serialize(format="json-ld", context=context))
    return json.dumps(in_order(document), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def in_order(value):
    """rdflib gives lists in the order of a set."""
    if isinstance(value, dict):
        return {key: in_order(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((in_order(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


def rdf_xml(graph: Graph) -> str:
    """rdflib's own has no order."""
    root = etree.Element(SYNTAX + "RDF", nsmap={prefix: str(namespace) for prefix, namespace in PREFIXES.items()})
    for subject in sorted(set(graph.subjects())):
        described = etree.SubElement(root, SYNTAX + "Description", {SYNTAX + "about": str(subject)})
        for predicate, value in sorted(graph.predicate_objects(subject)):
            described.append(statement(predicate, value))
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True).decode() + "\n"


def statement(predicate: URIRef, value: URIRef | Literal):
    made = etree.Element(tag_of(predicate))
    if isinstance(value, URIRef):
        made.set(SYNTAX + "resource", str(value))
        return made
    made.text = str(value)
    if value.language:
        made.set(XML_LANG, value.language)
    elif value.datatype:
        made.set(SYNTAX + "datatype", str(value.datatype))
    return made


def tag_of(name: URIRef) -> str:
    """`{namespace}name`, as lxml writes it."""
    namespace, local = split_uri(name)
    return f"{{{namespace}}}{local}"


def describe_catalogue() -> str:
    return _("Everything that the pages show is here as data: the same rows, by the same queries.")


def describe_service(graph: Graph, service: URIRef, publisher: URIRef) -> None:
    add(graph, service, RDF.type, DCAT.DataService)
    add(graph, service, DCTERMS.title, *said(lambda: _("API")))
    add(graph, service, DCTERMS.publisher, publisher)
    add(graph, service, DCTERMS.license, LICENCE)
    add(graph, service, DCTERMS.accessRights, PUBLIC)
    add(graph, service, DCAT.endpointURL, here(reverse("api-root")))
    add(graph, service, DCAT.endpointDescription, here(reverse("api-schema")))
    add(graph, service, FOAF.page, here(reverse("api-docs")))


def describe_dataset(graph: Graph, listing: Listing, publisher: URIRef, modified: Literal | None) -> URIRef:
    dataset = here(f"/data/catalogue#{listing.name}")
    add(graph, dataset, RDF.type, DCAT.Dataset)
    add(graph, dataset, DCTERMS.identifier, Literal(listing.name))
    add(graph, dataset, DCTERMS.title, *said(lambda: TITLES[listing.name]))
    add(graph, dataset, DCTERMS.description, *said(lambda: described(listing)))
    add(graph, dataset, DCTERMS.publisher, publisher)
    add(graph, dataset, DCTERMS.accessRights, PUBLIC)
    add(graph, dataset, DCTERMS.accrualPeriodicity, CONTINUOUS)
    add(graph, dataset, DCTERMS.language, *spoken())
    add(graph, dataset, DCTERMS.modified, modified)
    add(graph, dataset, DCAT.theme, SCIENCE)
    add(graph, dataset, DCAT.landingPage, landing_page(listing))
    for label, ending, media_type in files(listing):
        add(graph, dataset, DCAT.distribution, describe_file(graph, listing, label, ending, media_type))
    return dataset


def describe_release(graph: Graph, release: Release, publisher: URIRef, whole: bool) -> URIRef:
    """A dated copy with the checksum of each file. Of older ones the manifest stands for all."""
    dataset = here(f"/data/catalogue#snapshot-{release.name}")
    add(graph, dataset, RDF.type, DCAT.Dataset)
    add(graph, dataset, DCTERMS.identifier, Literal(f"snapshot-{release.name}"))
    add(graph, dataset, DCTERMS.title, *said(lambda: _("Release of %(name)s") % {"name": release.name}))
    add(graph, dataset, DCTERMS.description, *said(describe_releases))
    add(graph, dataset, DCTERMS.publisher, publisher)
    add(graph, dataset, DCTERMS.accessRights, PUBLIC)
    add(graph, dataset, DCTERMS.language, *spoken())
    add(
        graph,
        dataset,
        DCTERMS.issued,
        Literal(release.listed_at.replace(microsecond=0).isoformat(), datatype=XSD.dateTime),
    )
    add(graph, dataset, DCAT.theme, SCIENCE)
    add(graph, dataset, VERSION, Literal(release.name))
    with override("en"):
        add(graph, dataset, DCAT.landingPage, here(reverse("release-page", args=[release.name])))
    manifest = {"path": "datapackage.json", "mediatype": "application/json", "format": "json", "bytes": None}
    manifest["hash"] = f"sha256:{release.checksums['datapackage.json']}"
    for file in [manifest, *(release.manifest["resources"] if whole else ())]:
        add(graph, dataset, DCAT.distribution, describe_stored(graph, release, file))
    return dataset


def describe_releases() -> str:
    return _("Everything public as it was on that day, in every format. The files of a release never change.")


def describe_stored(graph: Graph, release: Release, file: dict) -> URIRef:
    part = quote(f"snapshot-{release.name}-{file['path']}")
    distribution, checksum = here(f"/data/catalogue#{part}"), here(f"/data/catalogue#{part}-sha256")
    address = here(reverse("release-file", args=[release.name, file["path"]]))
    add(graph, distribution, RDF.type, DCAT.Distribution)
    add(graph, distribution, DCTERMS.title, Literal(file["path"]))
    add(graph, distribution, DCTERMS.license, LICENCE)
    add(graph, distribution, DCAT.accessURL, address)
    add(graph, distribution, DCAT.downloadURL, address)
    add(graph, distribution, DCAT.mediaType, URIRef(f"{MEDIA_TYPES}/{file['mediatype']}"))
    if file["bytes"] is not None:
        add(graph, distribution, DCAT.byteSize, Literal(file["bytes"], datatype=XSD.nonNegativeInteger))
    add_file_type(graph, distribution, file["format"])
    add(graph, distribution, SPDX.checksum, checksum)
    add(graph, checksum, RDF.type, SPDX.Checksum)
    add(graph, checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    add(graph, SPDX.checksumAlgorithm_sha256, RDF.type, SPDX.ChecksumAlgorithm)
    value = Literal(file["hash"].partition(":")[2], datatype=XSD.hexBinary)
    add(graph, checksum, SPDX.checksumValue, value)
    return distribution


def described(listing: Listing) -> str:
    return _("All public records of the collection “%(title)s”, as its page and the API have them.") % {
        "title": TITLES[listing.name]
    }


def describe_file(graph: Graph, listing: Listing, label: str, ending: str, media_type: str) -> URIRef:
    distribution = here(f"/data/catalogue#{listing.name}.{ending}")
    address = here(f"/api/v1/{listing.name}.{ending}")
    add(graph, distribution, RDF.type, DCAT.Distribution)
    add(graph, distribution, DCTERMS.title, Literal(label))
    add(graph, distribution, DCTERMS.license, LICENCE)
    add(graph, distribution, DCAT.accessURL, address)
    add(graph, distribution, DCAT.downloadURL, address)
    add(graph, distribution, DCAT.mediaType, URIRef(f"{MEDIA_TYPES}/{media_type.partition(';')[0]}"))
    add_file_type(graph, distribution, ending)
    return distribution


def add_file_type(graph: Graph, distribution: URIRef, ending: str) -> None:
    if known := FILE_TYPES.get(ending.rpartition(".")[2]):
        add(graph, distribution, DCTERMS.format, URIRef(f"{AUTHORITY}/file-type/{known}"))


def files(listing: Listing) -> list[tuple[str, str, str]]:
    """Those in which the whole collection can be had, without a filter."""
    own = [(own.label, ending, own.media_type) for ending, own in listing.formats.items() if own.can_be_made({})]
    return [*EXPORTS, *own]


def landing_page(listing: Listing) -> URIRef:
    """Its list, or the page of all collections where it has none of its own."""
    with override("en"):
        return here(listing.page_address() or reverse("data"))


def add(graph: Graph, subject: URIRef, predicate: URIRef, *values) -> None:
    for value in values:
        if value is not None:
            graph.add((subject, predicate, value))
            if predicate in CLASSES:
                graph.add((value, RDF.type, CLASSES[predicate]))


def here(path: str) -> URIRef:
    return URIRef(settings.SITE_URL + path)


def said(words) -> list[Literal]:
    """What a function says in each of the six languages."""
    texts = []
    for code in languages.CODES:
        with override(code):
            texts.append(Literal(str(words()), lang=languages.html_code(code)))
    return texts


def named_after(site: Site | None) -> list[Literal]:
    names = all_languages(site, "name") if site else {}
    return [Literal(name, lang=languages.html_code(code)) for code, name in names.items() if name] or [
        Literal(settings.SITE_URL)
    ]


def spoken() -> list[URIRef]:
    return [URIRef(f"{AUTHORITY}/language/{name}") for name in LANGUAGES.values()]
