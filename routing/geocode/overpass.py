"""Addresses from the elements of an Overpass answer: JSON objects as ``out center`` or ``out geom`` gives.

A way needs a ``center`` or a ``geometry``; one that has neither is left out. A street that is only known
by the centres of its ways is found, but its middle is less sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from routing.errors import NothingToFind
from routing.geocode.gather import gather
from routing.geocode.store import store
from routing.geocode.streets_only import ways_of
from routing.geocode.tags import items
from routing.geocode.values import Counts, Item, Origin, Point
from routing.network.roads import RoadNetwork


def build_from_elements(
    elements: Iterable[Mapping[str, Any]], target: Path, origin: Origin, network: RoadNetwork | None = None
) -> Counts:
    """Build an address file from Overpass elements, and the streets of ``network`` where they hold none.

    Raises ``NothingToFind``.
    """
    streets = ways_of(network) if network is not None else ()
    found = gather(chain((item for element in elements for item in _items(element)), streets))
    if not found:
        raise NothingToFind(source=origin.source)
    return store(found, target, origin)


def _items(element: Mapping[str, Any]) -> Iterator[Item]:
    tags = element.get("tags")
    if isinstance(tags, Mapping):
        yield from items(tags, list(_points(element)), is_way=element.get("type") == "way")


def _points(element: Mapping[str, Any]) -> Iterator[Point]:
    """Its course where that is given, else its centre, else the node itself."""
    course = [element.get("center", element)]
    if element.get("type") == "way" and "geometry" in element:
        course = element["geometry"]
    for point in course:
        # Overpass puts null where a node lies outside the asked box.
        if isinstance(point, Mapping) and "lon" in point and "lat" in point:
            yield float(point["lon"]), float(point["lat"])
