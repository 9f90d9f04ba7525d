"""From an OSMnx graph to a road network, in the one order that keeps times comparable.

Simplify, keep the largest part in which one can drive from anywhere to anywhere, and only then
add speeds: OSMnx fills missing speeds with means over the graph, so what is cut away must not count.
Takes seconds to import: only for building, never for a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import osmnx as ox

from routing.errors import NoRoads
from routing.network.assemble import Origin, RoadEdge, assemble
from routing.network.roads import RoadNetwork

Progress = Callable[[str], None]
"""Called with the name of each step as it begins."""

KMH_WITHOUT_ANY_SIGN = 50.0
"""Used where not one way of the area has a ``maxspeed``."""

SEVERAL = ("highway", "name", "maxspeed")
"""Tags of which a simplified edge may hold several."""


def silent(step: str) -> None:
    """A ``Progress`` that nobody watches."""


def from_graph(graph: nx.MultiDiGraph, origin: Origin, progress: Progress = silent) -> RoadNetwork:
    """Build a network from an unsimplified ``drive`` graph of OSMnx (nodes x, y; edges osmid, length).

    Raises ``NoRoads`` if nothing can be driven on.
    """
    if graph.number_of_edges() == 0:
        raise NoRoads(source=origin.source)
    ways = _ways(graph)
    progress("Joining road pieces")
    graph = ox.simplify_graph(graph, track_merged=True)
    progress("Keeping the largest connected part")
    graph = ox.truncate.largest_component(graph, strongly=True)
    if graph.number_of_edges() == 0:
        raise NoRoads(source=origin.source)
    _put_in_order(graph)
    progress("Adding speeds and times")
    graph = ox.add_edge_travel_times(_with_speeds(graph))
    progress("Packing the network")
    nodes = {node: (float(data["x"]), float(data["y"])) for node, data in graph.nodes(data=True)}
    edges = [_edge(graph, ways, tail, head, data) for tail, head, data in graph.edges(data=True)]
    return assemble(nodes, edges, origin)


def _ways(graph: nx.MultiDiGraph) -> dict[tuple[int, int], int]:
    """The OpenStreetMap way of each piece between two neighbouring points."""
    return {(tail, head): int(data["osmid"]) for tail, head, data in graph.edges(data=True)}


def _put_in_order(graph: nx.MultiDiGraph) -> None:
    """OSMnx gathers the tags of joined ways in sets, whose order changes from run to run; speeds are
    taken from the first. Sorted, the same map data gives the same network."""
    for *_, data in graph.edges(data=True):
        for tag in SEVERAL:
            if isinstance(data.get(tag), list):
                data[tag] = sorted(data[tag], key=str)


def _with_speeds(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    signed = any(data.get("maxspeed") for *_, data in graph.edges(data=True))
    return ox.add_edge_speeds(graph) if signed else ox.add_edge_speeds(graph, fallback=KMH_WITHOUT_ANY_SIGN)


def _edge(
    graph: nx.MultiDiGraph, ways: dict[tuple[int, int], int], tail: int, head: int, data: dict[str, Any]
) -> RoadEdge:
    pieces = [tuple(piece[:2]) for piece in data.get("merged_edges") or [(tail, head)]]
    ends = [(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in (tail, head)]
    course = data["geometry"].coords if "geometry" in data else ends
    return RoadEdge(
        tail=tail,
        head=head,
        metres=float(data["length"]),
        seconds=float(data["travel_time"]),
        road_class=_first(data.get("highway")),
        street=_first(data.get("name")),
        points=np.array(course, dtype=np.float64),
        first_way=ways.get(pieces[0], 0),
        last_way=ways.get(pieces[-1], 0),
    )


def _first(tag: object) -> str:
    if isinstance(tag, list):
        tag = tag[0] if tag else None
    return tag if isinstance(tag, str) else ""
