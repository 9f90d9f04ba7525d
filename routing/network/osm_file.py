"""Roads from a local OpenStreetMap file (``.osm.pbf``, ``.osm``), filtered as OSMnx filters ``drive``.

OSMnx reads unfiltered XML only (rivers become roads), so the drivable ways are written to a
temporary XML file first. Ways are cut where the extract lacks a node; every piece is kept.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, groupby
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import osmium
import osmnx as ox

from routing.errors import MapFileUnreadable, NoRoads
from routing.network.assemble import Origin
from routing.network.graph import Progress, from_graph, silent
from routing.network.roads import RoadNetwork

NOT_DRIVABLE = {
    "area": "yes",
    "access": "private",
    "highway": "abandoned|bridleway|bus_guideway|construction|corridor|cycleway|elevator|escalator|footway"
    "|no|path|pedestrian|planned|platform|proposed|raceway|razed|rest_area|service|services|steps|track",
    "motor_vehicle": "no",
    "motorcar": "no",
    "service": "alley|driveway|emergency_access|parking|parking_aisle|private",
}
"""Tag → pattern that rules a way out wherever it occurs in the value, as Overpass matches."""

_PATTERNS = {tag: re.compile(pattern) for tag, pattern in NOT_DRIVABLE.items()}

PIECES_PER_WAY = 1000
"""A way cut into pieces needs an id for each: the first keeps the way's, others get a negative one."""


class Way(NamedTuple):
    id: int
    nodes: tuple[int, ...]
    tags: dict[str, str]


def file_network(path: Path, origin: Origin, progress: Progress = silent) -> RoadNetwork:
    """Build a network from a map file. Raises ``MapFileUnreadable`` or ``NoRoads``.

    An ``origin`` without a source date gets the one the file states, if it does.
    """
    try:
        progress("Reading roads")
        ways = list(_drivable_ways(path))
        if not ways:
            raise NoRoads(source=path.name)
        dated = replace(origin, source_date=origin.source_date or _stated_date(path))
        with tempfile.TemporaryDirectory() as folder:
            roads_only = Path(folder) / "roads.osm"
            _write_roads(path, ways, roads_only)
            progress("Making a graph")
            graph = _graph(roads_only, path)
    except (RuntimeError, OSError) as error:
        raise MapFileUnreadable(path=path.name, why=str(error).strip(" .\n") or "it is damaged") from error
    return from_graph(graph, dated, progress)


def drivable(tags: dict[str, str]) -> bool:
    """Whether OSMnx's ``drive`` network would hold a way with these tags."""
    if "highway" not in tags:
        return False
    return not any(tag in tags and pattern.search(tags[tag]) for tag, pattern in _PATTERNS.items())


def original_way(piece: int) -> int:
    """The OpenStreetMap way that a way or a piece of one belongs to."""
    return piece if piece > 0 else -piece // PIECES_PER_WAY


def pieces(way: Way, present: set[int]) -> Iterator[Way]:
    """The way cut at the nodes that are not ``present``; pieces of a single node are dropped."""
    numbers = count()
    for there, nodes in groupby(way.nodes, key=present.__contains__):
        run = tuple(nodes)
        if there and len(run) > 1:
            number = next(numbers)
            yield way._replace(id=-(way.id * PIECES_PER_WAY + number) if number else way.id, nodes=run)


def _drivable_ways(path: Path) -> Iterator[Way]:
    keyed = osmium.filter.KeyFilter("highway")
    for way in osmium.FileProcessor(path, osmium.osm.WAY).with_filter(keyed):
        assert isinstance(way, osmium.osm.Way)
        tags = {tag.k: tag.v for tag in way.tags}
        if drivable(tags):
            useful = {key: value for key, value in tags.items() if key in ox.settings.useful_tags_way}
            yield Way(way.id, tuple(node.ref for node in way.nodes), useful)


def _write_roads(source: Path, ways: Sequence[Way], target: Path) -> None:
    wanted = {node for way in ways for node in way.nodes}
    present: set[int] = set()
    with osmium.SimpleWriter(str(target)) as writer:
        for node in osmium.FileProcessor(source, osmium.osm.NODE):
            assert isinstance(node, osmium.osm.Node)
            if node.id in wanted and node.location.valid():
                present.add(node.id)
                writer.add_node(osmium.osm.mutable.Node(id=node.id, location=node.location))
        for way in ways:
            for piece in pieces(way, present):
                writer.add_way(osmium.osm.mutable.Way(id=piece.id, nodes=piece.nodes, tags=piece.tags))


def _graph(roads_only: Path, source: Path) -> nx.MultiDiGraph:
    try:
        graph = ox.graph_from_xml(roads_only, simplify=False, retain_all=True)
    except ValueError as error:
        raise NoRoads(source=source.name) from error
    for *_, data in graph.edges(data=True):
        data["osmid"] = original_way(data["osmid"])
    return graph


def _stated_date(path: Path) -> str:
    with osmium.io.Reader(str(path)) as reader:
        return reader.header().get("osmosis_replication_timestamp") or "not stated in the file"
