"""The judge of reading and joining: the same file by OSMnx's own way, through XML and networkx."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import networkx as nx
import osmium
import osmnx as ox

from routing.network.osm_tags import drivable


def by_osmnx(path: Path) -> nx.MultiDiGraph:
    """OSMnx's simplified ``drive`` graph, largest strongly connected part, with speeds and travel times.

    For files that hold every node of their ways.
    """
    with tempfile.TemporaryDirectory() as folder:
        roads_only = Path(folder) / "roads.osm"
        _write_roads(path, roads_only)
        graph = ox.graph_from_xml(roads_only, simplify=False, retain_all=True)
    graph = ox.truncate.largest_component(ox.simplify_graph(graph), strongly=True)
    return ox.add_edge_travel_times(ox.add_edge_speeds(graph, fallback=50))


def lengths(graph: nx.MultiDiGraph) -> Counter[tuple[int, int, int]]:
    """How often an edge of so many centimetres runs between two nodes."""
    return Counter((tail, head, round(data["length"] * 100)) for tail, head, data in graph.edges(data=True))


def _write_roads(source: Path, target: Path) -> None:
    ways = [
        (way.id, [node.ref for node in way.nodes], tags)
        for way in osmium.FileProcessor(source, osmium.osm.WAY)
        if drivable(tags := {tag.k: tag.v for tag in way.tags})
    ]
    wanted = {node for _, nodes, _ in ways for node in nodes}
    with osmium.SimpleWriter(str(target)) as writer:
        for node in osmium.FileProcessor(source, osmium.osm.NODE):
            if node.id in wanted:
                writer.add_node(osmium.osm.mutable.Node(id=node.id, location=node.location))
        for number, nodes, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
