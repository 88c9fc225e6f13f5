"""GeoJSON (RFC 7946): rows with the place that they have, one feature each, in longitude and latitude of WGS 84."""

import json
from collections.abc import Callable, Iterator
from typing import Any

MEDIA_TYPE = "application/geo+json"
Position = tuple[float, float]


def own_place(row: dict[str, Any]) -> list[Position]:
    """The place of a row that has `latitude` and `longitude`; none where it is not recorded."""
    return [] if row["latitude"] is None else [(row["longitude"], row["latitude"])]


def write(
    rows: Iterator[dict[str, Any]], keys: list[str], places: Callable[[dict[str, Any]], list[Position]] = own_place
) -> Iterator[str]:
    """A feature collection, a feature a line. `keys` are the properties; `places` gives the positions of a row.

    A row without a place is a feature whose geometry is null: it is on file, but nobody has said where.
    """
    yield '{"type":"FeatureCollection","features":['
    separator = "\n"
    for row in rows:
        properties = {key: row[key] for key in keys}
        feature = {"type": "Feature", "id": row["id"], "geometry": geometry(places(row)), "properties": properties}
        yield separator + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        separator = ",\n"
    yield "\n]}\n"


def geometry(positions: list[Position]) -> dict[str, Any] | None:
    if not positions:
        return None
    if len(positions) == 1:
        return {"type": "Point", "coordinates": positions[0]}
    return {"type": "MultiPoint", "coordinates": positions}
