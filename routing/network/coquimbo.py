"""The demo network: La Serena-Coquimbo, Chile, from the SQLite file that the aequilibrae wheel carries.

The file holds OpenStreetMap ways already cut at crossings. ``direction`` 0 is two-way, 1 is along
the line (inferred: it is what keeps the town in one piece). Speeds are mostly missing there, so
each road class has one; see docs/roads.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from routing.errors import MapFileUnreadable, NoRoads
from routing.network.assemble import Origin, RoadEdge, assemble, line_metres
from routing.network.parts import split
from routing.network.roads import Floats, RoadNetwork

ORIGIN = Origin(
    name="la-serena-coquimbo",
    source="OpenStreetMap, La Serena and Coquimbo (Chile), by way of the aequilibrae 1.7.2 wheel",
    source_date="January 2023 or earlier; the exact date is not known",
    country="CL",
    speeds="class_defaults",
)

KMH_WITHOUT_SIGN = {
    "motorway": 100,
    "trunk": 80,
    "primary": 60,
    "secondary": 50,
    "tertiary": 50,
    "unclassified": 50,
    "residential": 40,
    "living_street": 20,
}
"""Speed where the map names none: the usual signs of each road class in the area."""

KMH_OTHERWISE = 50

LINKS = """
    SELECT a_node, b_node, direction, link_type, coalesce(name, ''), speed_ab, speed_ba,
           coalesce(osm_id, 0), geometry
    FROM links WHERE link_type <> 'centroid_connector' ORDER BY link_id
"""


class Link(NamedTuple):
    """A row of ``LINKS``: a street between two crossings. Speeds are km/h or None."""

    tail: int
    head: int
    direction: int
    road_class: str
    street: str
    kmh: float | None
    kmh_back: float | None
    way: int
    geometry: bytes


def demo_network(database: Path) -> RoadNetwork:
    """Build the demo network from ``project_database.sqlite``. Raises ``MapFileUnreadable``, ``NoRoads``."""
    try:
        # The address form opens read-only and does not create a file that is not there.
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            links = [Link(*row) for row in connection.execute(LINKS)]
        edges = [edge for link in links for edge in _edges(link)]
    except (sqlite3.Error, shapely.errors.ShapelyError, ValueError, TypeError) as error:
        raise MapFileUnreadable(path=database.name, why=str(error)) from error
    if not edges:
        raise NoRoads(source=database.name)
    nodes = {edge.tail: (float(edge.points[0, 0]), float(edge.points[0, 1])) for edge in edges}
    return assemble(nodes, _largest_part(edges), ORIGIN)


def _edges(link: Link) -> Iterator[RoadEdge]:
    points = _points(link.geometry)
    yield _edge(link.tail, link.head, link, link.kmh, points)
    if link.direction == 0:
        yield _edge(link.head, link.tail, link, link.kmh_back, points[::-1])


def _edge(tail: int, head: int, link: Link, kmh: float | None, points: Floats) -> RoadEdge:
    metres = line_metres(points)
    seconds = metres / ((kmh or KMH_WITHOUT_SIGN.get(link.road_class, KMH_OTHERWISE)) / 3.6)
    return RoadEdge(
        tail, head, metres, seconds, link.road_class, link.street.strip(), points, link.way, link.way
    )


def _points(geometry: bytes) -> Floats:
    """SpatiaLite's own envelope around plain WKB: byte order at 1, the geometry from 39 to the last byte."""
    return np.array(shapely.from_wkb(geometry[1:2] + geometry[39:-1]).coords, dtype=np.float64)


def _largest_part(edges: list[RoadEdge]) -> list[RoadEdge]:
    """Keep the edges between crossings from which every other kept one can be driven to, and back."""
    keys = sorted({edge.tail for edge in edges} | {edge.head for edge in edges})
    position = {key: index for index, key in enumerate(keys)}
    tails = np.array([position[edge.tail] for edge in edges], dtype=np.int64)
    heads = np.array([position[edge.head] for edge in edges], dtype=np.int64)
    kept = split(tails, heads, len(keys)).kept
    return [edge for edge, keep in zip(edges, kept.tolist(), strict=True) if keep]
