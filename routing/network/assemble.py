"""From a list of road edges to a road network. Same edges in any order give the same network.

Node keys are the source's own (OpenStreetMap ids). Lengths are metres, durations seconds at speed
factor 1; both are rounded here, once, to whole millimetres and milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.errors import NoRoads
from routing.network.roads import E7, NO_REVERSE, ROAD_CLASSES, Floats, RoadNetwork

EARTH_RADIUS_METRES = 6_371_009
"""The mean radius, as OSMnx uses it, so that lengths agree with its own."""

Course = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a network comes from; goes into the stored file and onto the screens."""

    name: str
    source: str
    source_date: str
    created_at: str = ""
    attribution: str = "© OpenStreetMap contributors"


@dataclass(frozen=True, slots=True)
class RoadEdge:
    """One directed edge. ``points`` are (lon, lat) in degrees from tail to head, ends included."""

    tail: int
    head: int
    metres: float
    seconds: float
    road_class: str
    street: str
    points: Floats
    first_way: int = 0
    last_way: int = 0


@dataclass(frozen=True, slots=True)
class _Edge:
    """An edge with its node positions and its course in whole units."""

    tail: int
    head: int
    mm: int
    ms: int
    course: Course
    source: RoadEdge

    @property
    def key(self) -> tuple[int, int, bytes]:
        return self.tail, self.head, self.course.tobytes()

    @property
    def key_back(self) -> tuple[int, int, bytes]:
        return self.head, self.tail, np.ascontiguousarray(self.course[::-1]).tobytes()


def assemble(
    nodes: Mapping[int, tuple[float, float]], edges: Iterable[RoadEdge], origin: Origin
) -> RoadNetwork:
    """Build the arrays. ``nodes`` maps a key to (lon, lat). Raises ``NoRoads`` without edges.

    Of edges that run the same course between the same nodes the fastest is kept.
    """
    listed = list(edges)
    used = sorted({edge.tail for edge in listed} | {edge.head for edge in listed})
    if not used:
        raise NoRoads(source=origin.source)
    position = {key: index for index, key in enumerate(used)}
    node_e7 = _whole(np.array([nodes[key] for key in used], dtype=np.float64))
    return _arrays(node_e7, _without_doubles(_placed(edge, position, node_e7) for edge in listed), origin)


def line_metres(points: Floats) -> float:
    """Length of a line of (lon, lat) degrees along great circles, in metres."""
    lon, lat = np.deg2rad(points[:, 0]), np.deg2rad(points[:, 1])
    half_chord = (
        np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    )
    return float((2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(half_chord))).sum())


def _whole(degrees: Floats) -> Course:
    return np.rint(degrees * E7).astype(np.int32)


def _placed(edge: RoadEdge, position: Mapping[int, int], node_e7: Course) -> _Edge:
    tail, head = position[edge.tail], position[edge.head]
    course = _whole(edge.points)
    course[0], course[-1] = node_e7[tail], node_e7[head]
    # A street of no length still takes a moment: the engines want weights of at least 1.
    ms = max(1, round(edge.seconds * 1000))
    return _Edge(tail, head, round(edge.metres * 1000), ms, course, edge)


def _without_doubles(edges: Iterable[_Edge]) -> list[_Edge]:
    def rank(edge: _Edge) -> tuple[int, int, bytes, int, int, str]:
        return *edge.key, edge.ms, edge.source.first_way, edge.source.street

    kept: dict[tuple[int, int, bytes], _Edge] = {}
    for edge in sorted(edges, key=rank):
        kept.setdefault(edge.key, edge)
    return list(kept.values())


def _reverses(edges: Sequence[_Edge]) -> list[int]:
    found = {edge.key: index for index, edge in enumerate(edges)}
    backs = [found.get(edge.key_back, NO_REVERSE) for edge in edges]
    # A closed loop that reads the same backwards is not its own way back.
    return [NO_REVERSE if back == index else back for index, back in enumerate(backs)]


def _arrays(node_e7: Course, edges: Sequence[_Edge], origin: Origin) -> RoadNetwork:
    streets = ("", *sorted({edge.source.street for edge in edges} - {""}))
    street_index = {street: index for index, street in enumerate(streets)}
    class_index = {name: index for index, name in enumerate(ROAD_CLASSES)}
    return RoadNetwork(
        name=origin.name,
        source=origin.source,
        source_date=origin.source_date,
        attribution=origin.attribution,
        created_at=origin.created_at,
        streets=streets,
        node_e7=node_e7,
        edge_tail=np.array([edge.tail for edge in edges], dtype=np.uint32),
        edge_head=np.array([edge.head for edge in edges], dtype=np.uint32),
        edge_mm=np.array([edge.mm for edge in edges], dtype=np.uint32),
        edge_ms=np.array([edge.ms for edge in edges], dtype=np.uint32),
        edge_reverse=np.array(_reverses(edges), dtype=np.int32),
        edge_street=np.array([street_index[edge.source.street] for edge in edges], dtype=np.uint32),
        edge_class=np.array([class_index.get(edge.source.road_class, 0) for edge in edges], dtype=np.uint8),
        edge_first_way=np.array([edge.source.first_way for edge in edges], dtype=np.int64),
        edge_last_way=np.array([edge.source.last_way for edge in edges], dtype=np.int64),
        shape_start=np.cumsum([0, *(len(edge.course) for edge in edges)]).astype(np.uint32),
        shape_e7=np.concatenate([edge.course for edge in edges]),
    )
