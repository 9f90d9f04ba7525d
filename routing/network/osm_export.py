"""A network as an OpenStreetMap file, for routers that read such files.

A street (an edge and its way back) becomes one way. Speeds are not signs but what the given times come
to over the length of the course, in the tags ``rounds:kmh`` and, where it differs,
``rounds:kmh:backward``: a profile must read those.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
from osmium.osm.mutable import Node, Relation, Way

from routing.network.assemble import step_metres
from routing.network.roads import E7, NO_REVERSE, ROAD_CLASSES, Ints, RoadNetwork

FIRST_WAY = 1
"""Ids count from 1 for crossings, ways and relations; points between crossings follow the crossings."""

KMH, KMH_BACKWARD = "rounds:kmh", "rounds:kmh:backward"
DIGITS = 10


def export_osm(network: RoadNetwork, path: Path, edge_ms: npt.NDArray[np.integer] | None = None) -> None:
    """Write the network to ``path``, whose suffix (.osm, .osm.pbf) says how. ``edge_ms`` is the time of each
    edge, as signed unless given. A file that is there is replaced once the new one is whole."""
    aside = path.with_name(f"aside-{path.name}")
    kmh = _kmh(network, network.edge_ms if edge_ms is None else edge_ms)
    street = street_of_edge(network)
    try:
        with osmium.SimpleWriter(str(aside), overwrite=True) as writer:
            for node in _nodes(network, street):
                writer.add_node(node)
            for way in _ways(network, street, kmh):
                writer.add_way(way)
            for relation in _relations(network, street):
                writer.add_relation(relation)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def street_of_edge(network: RoadNetwork) -> Ints:
    """Per edge the edge that stands for its street: the lower of the two directions."""
    edges = np.arange(network.edge_count)
    back = network.edge_reverse.astype(np.int64)
    paired = (back != NO_REVERSE) & (back[back] == edges)
    return np.where(paired, np.minimum(edges, back), edges)


def _kmh(network: RoadNetwork, edge_ms: npt.NDArray[np.integer]) -> list[float]:
    """Over the course as drawn: a router measures that, and not our millimetres."""
    points = network.shape_e7 / E7
    run = np.concatenate([[0.0], np.cumsum(step_metres(points[:-1], points[1:]))])
    starts = network.shape_start.astype(np.int64)
    metres = run[starts[1:] - 1] - run[starts[:-1]]
    return list(np.maximum(metres * 1000, 1) / np.maximum(edge_ms, 1) * 3.6)


def _nodes(network: RoadNetwork, street: Ints) -> Iterator[Node]:
    for number, (lon, lat) in enumerate((network.node_e7 / E7).tolist(), start=1):
        yield Node(id=number, location=(lon, lat))
    for edge in _streets(street):
        begin = network.node_count + int(network.shape_start[edge]) + 1
        inner = (network.shape(edge)[1:-1] / E7).tolist()
        for number, (lon, lat) in enumerate(inner, start=begin + 1):
            yield Node(id=number, location=(lon, lat))


def _ways(network: RoadNetwork, street: Ints, kmh: list[float]) -> Iterator[Way]:
    back = network.edge_reverse.astype(np.int64)
    for edge in _streets(street):
        inner = network.node_count + int(network.shape_start[edge]) + 2
        count = len(network.shape(edge)) - 2
        points = [
            int(network.edge_tail[edge]) + 1,
            *range(inner, inner + count),
            int(network.edge_head[edge]) + 1,
        ]
        tags = {"highway": ROAD_CLASSES[network.edge_class[edge]], KMH: _figure(kmh[edge])}
        other = int(back[edge])
        if other == NO_REVERSE or street[other] != edge:
            tags["oneway"] = "yes"
        elif kmh[other] != kmh[edge]:
            tags[KMH_BACKWARD] = _figure(kmh[other])
        if name := network.street(edge):
            tags["name"] = name
        yield Way(id=edge + FIRST_WAY, nodes=points, tags=tags)


def _relations(network: RoadNetwork, street: Ints) -> Iterator[Relation]:
    bounds = network.ban_start.astype(np.int64).tolist()
    for number, (begin, end) in enumerate(pairwise(bounds), start=1):
        edges = network.ban_edge[begin:end].astype(np.int64)
        ways = (street[edges] + FIRST_WAY).tolist()
        crossing = int(network.edge_head[edges[0]]) + 1
        via = [("w", way, "via") for way in ways[1:-1]] or [("n", crossing, "via")]
        members = [("w", ways[0], "from"), *via, ("w", ways[-1], "to")]
        # Which of the no_… kinds it is does not matter to routers: the members say what is forbidden.
        kind = "no_u_turn" if ways[0] == ways[-1] else "no_straight_on"
        yield Relation(id=number, members=members, tags={"type": "restriction", "restriction": kind})


def _streets(street: Ints) -> list[int]:
    return [int(edge) for edge in np.flatnonzero(street == np.arange(len(street)))]


def _figure(kmh: float) -> str:
    return f"{kmh:.{DIGITS}g}"
