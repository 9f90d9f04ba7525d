"""Addresses from a local OpenStreetMap file (``.osm.pbf``, ``.osm``).

Reads the file once, nodes before ways as such files are sorted, keeping where nodes lie; a way that the
extract tears counts by the nodes that are there. Needs osmium: only for building, never for a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import osmium

from routing.errors import MapFileUnreadable, NothingToFind
from routing.geocode.gather import gather
from routing.geocode.store import store
from routing.geocode.tags import items
from routing.geocode.values import Counts, Item, Origin, Point, Progress, silent

TAGS = ("addr:housenumber", "place", "highway")
BASE = osmium.osm.NODE | osmium.osm.WAY


def build_addresses(
    map_file: Path, target: Path, progress: Progress = silent, source: str = "", source_date: str = ""
) -> Counts:
    """Build an address file from a map file. Raises ``MapFileUnreadable``, ``NothingToFind``.

    ``source`` is how to call the map, else its file name; without a date, the one the file states.
    """
    origin = Origin(source or f"OpenStreetMap, {map_file.name}", source_date)
    try:
        progress("Reading addresses and street names")
        found = gather(_items(map_file))
        if not source_date:
            origin = replace(origin, source_date=_stated_date(map_file))
    except (RuntimeError, OSError) as error:
        raise MapFileUnreadable(
            path=map_file.name, why=str(error).strip(" .\n") or "it is damaged"
        ) from error
    if not found:
        raise NothingToFind(source=map_file.name)
    progress("Writing the address list")
    return store(found, target, origin)


def _items(map_file: Path) -> Iterator[Item]:
    reader = osmium.FileProcessor(map_file, BASE).with_locations().with_filter(osmium.filter.KeyFilter(*TAGS))
    for element in reader:
        tags = {tag.k: tag.v for tag in element.tags}
        if isinstance(element, osmium.osm.Way):
            yield from items(tags, _course(element), is_way=True)
        elif isinstance(element, osmium.osm.Node) and element.location.valid():
            yield from items(tags, [(element.location.lon, element.location.lat)], is_way=False)


def _course(way: osmium.osm.Way) -> list[Point]:
    return [(node.location.lon, node.location.lat) for node in way.nodes if node.location.valid()]


def _stated_date(map_file: Path) -> str:
    with osmium.io.Reader(str(map_file)) as reader:
        return reader.header().get("osmosis_replication_timestamp") or "not stated in the file"
