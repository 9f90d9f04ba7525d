"""From road edges to a road network. Same edges in any order give the same network.

Node keys are the source's own (OpenStreetMap ids). Lengths are metres, durations seconds at speed
factor 1; both are rounded here, once, to whole millimetres and milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from routing.errors import NoRoads
from routing.network.roads import E7, NO_REVERSE, ROAD_CLASSES, Floats, Ints, RoadNetwork

EARTH_RADIUS_METRES = 6_371_009
"""The mean radius, as OSMnx uses it, so that lengths agree with its own."""

Course = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a network comes from; goes into the stored file and onto the screens.

    ``drives_on`` is "left" or "right"; ``speeds`` names the rule that made the times.
    """

    name: str
    source: str
    source_date: str
    created_at: str = ""
    attribution: str = "© OpenStreetMap contributors"
    country: str = ""
    drives_on: str = "right"
    speeds: str = ""


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
    signals: int = 0


@dataclass(frozen=True)
class EdgeTable:
    """Edges as arrays, as they come. ``tail`` and ``head`` index ``node_e7``; ``street`` indexes
    ``streets``, ``road_class`` indexes ``classes``; courses lie end to end in ``course_e7``."""

    node_e7: Course
    tail: Ints
    head: Ints
    metres: Floats
    seconds: Floats
    classes: Sequence[str]
    road_class: Ints
    streets: Sequence[str]
    street: Ints
    first_way: Ints
    last_way: Ints
    signals: Ints
    course_start: Ints
    course_e7: Course


@dataclass(frozen=True)
class Apart:
    """Roads that are not connected with the rest: see ``RoadNetwork.apart_start``."""

    start: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    course_e7: Course = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int32))
    part: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    kind: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def assemble(
    nodes: Mapping[int, tuple[float, float]],
    edges: Iterable[RoadEdge],
    origin: Origin,
    bans: Sequence[Sequence[int]] = (),
) -> RoadNetwork:
    """Build a network from single edges. ``nodes`` maps a key to (lon, lat); ``bans`` are sequences of
    positions in ``edges`` that may not be driven. Raises ``NoRoads`` without edges."""
    listed = list(edges)
    used = sorted({edge.tail for edge in listed} | {edge.head for edge in listed})
    if not used:
        raise NoRoads(source=origin.source)
    position = {key: index for index, key in enumerate(used)}
    node_e7 = whole_e7(np.array([nodes[key] for key in used], dtype=np.float64))
    classes = sorted({edge.road_class for edge in listed})
    streets = sorted({edge.street for edge in listed})
    courses = [_pinned(edge, node_e7[position[edge.tail]], node_e7[position[edge.head]]) for edge in listed]
    table = EdgeTable(
        node_e7=node_e7,
        tail=np.array([position[edge.tail] for edge in listed], dtype=np.int64),
        head=np.array([position[edge.head] for edge in listed], dtype=np.int64),
        metres=np.array([edge.metres for edge in listed]),
        seconds=np.array([edge.seconds for edge in listed]),
        classes=classes,
        road_class=np.array([classes.index(edge.road_class) for edge in listed], dtype=np.int64),
        streets=streets,
        street=np.array([streets.index(edge.street) for edge in listed], dtype=np.int64),
        first_way=np.array([edge.first_way for edge in listed], dtype=np.int64),
        last_way=np.array([edge.last_way for edge in listed], dtype=np.int64),
        signals=np.array([edge.signals for edge in listed], dtype=np.int64),
        course_start=np.cumsum([0, *(len(course) for course in courses)]),
        course_e7=np.concatenate(courses),
    )
    return pack(table, origin, bans)


def line_metres(points: Floats) -> float:
    """Length of a line of (lon, lat) degrees along great circles, in metres."""
    return float(step_metres(points[:-1], points[1:]).sum())


def step_metres(begins: Floats, ends: Floats) -> Floats:
    """Great-circle metres from each (lon, lat) of one array to the same row of the other, in degrees."""
    lon, lat = np.deg2rad(begins[:, 0]), np.deg2rad(begins[:, 1])
    lon_to, lat_to = np.deg2rad(ends[:, 0]), np.deg2rad(ends[:, 1])
    half_chord = (
        np.sin((lat_to - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat_to) * np.sin((lon_to - lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(half_chord, 1))))


def whole_e7(degrees: Floats) -> Course:
    return np.rint(degrees * E7).astype(np.int32)


def pack(
    table: EdgeTable, origin: Origin, bans: Sequence[Sequence[int]] = (), apart: Apart | None = None
) -> RoadNetwork:
    """Sort edges, keep the fastest of those on the same course, find each edge's way back.

    Edges are ordered by tail, head and course, so the same roads give the same arrays.
    """
    ahead, back = _fingerprints(table)
    ms = np.maximum(1, np.rint(table.seconds * 1000)).astype(np.int64)
    order = np.lexsort((table.street, table.first_way, ms, ahead, table.head, table.tail))
    keys = np.stack([table.tail[order], table.head[order], ahead[order].view(np.int64)])
    new = np.ones(len(order), dtype=bool)
    new[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    kept = order[new]
    position = np.full(len(order), -1, dtype=np.int64)
    position[order] = np.cumsum(new) - 1
    return _network(
        table, origin, kept, ms, _reverses(table, kept, ahead, back), _moved(bans, position), apart
    )


def _pinned(edge: RoadEdge, tail: Course, head: Course) -> Course:
    course = whole_e7(edge.points)
    course[0], course[-1] = tail, head
    return course


def _fingerprints(table: EdgeTable) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """A 64-bit number for each course read forwards, and read backwards: equal for equal courses."""
    points = table.course_e7.astype(np.int64).view(np.uint64)
    mixed = points[:, 0] * np.uint64(0x9E3779B97F4A7C15) + points[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    counts = np.diff(table.course_start)
    place = np.arange(len(points)) - np.repeat(table.course_start[:-1], counts)
    from_end = np.repeat(counts, counts) - 1 - place
    powers = _powers(int(counts.max(initial=1)))
    starts = table.course_start[:-1]
    return (
        np.add.reduceat(mixed * powers[place], starts),
        np.add.reduceat(mixed * powers[from_end], starts),
    )


def _powers(count: int) -> npt.NDArray[np.uint64]:
    factors = np.full(count, 0x9E3779B97F4A7C15, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


def _reverses(
    table: EdgeTable, kept: Ints, ahead: npt.NDArray[np.uint64], back: npt.NDArray[np.uint64]
) -> Ints:
    """For each kept edge the position of the edge back along the same course, or ``NO_REVERSE``."""
    found = {
        key: index
        for index, key in enumerate(
            zip(table.tail[kept].tolist(), table.head[kept].tolist(), ahead[kept].tolist(), strict=True)
        )
    }
    backs = zip(table.head[kept].tolist(), table.tail[kept].tolist(), back[kept].tolist(), strict=True)
    answer = np.array([found.get(key, NO_REVERSE) for key in backs], dtype=np.int64)
    # A closed loop that reads the same backwards is not its own way back.
    answer[answer == np.arange(len(kept))] = NO_REVERSE
    return answer


def _moved(bans: Sequence[Sequence[int]], position: Ints) -> list[tuple[int, ...]]:
    """Banned sequences by their edges' final positions, sorted; none twice."""
    return sorted({tuple(int(position[edge]) for edge in ban) for ban in bans})


def _network(
    table: EdgeTable,
    origin: Origin,
    kept: Ints,
    ms: Ints,
    reverse: Ints,
    bans: Sequence[Sequence[int]],
    apart: Apart | None,
) -> RoadNetwork:
    streets = ("", *sorted({table.streets[i] for i in np.unique(table.street[kept])} - {""}))
    street_of = {street: index for index, street in enumerate(streets)}
    # A street that only a dropped edge bore is not in the list; nothing refers to it either.
    street_index = np.array([street_of.get(street, 0) for street in table.streets], dtype=np.uint32)
    class_of = {name: index for index, name in enumerate(ROAD_CLASSES)}
    class_index = np.array([class_of.get(name, 0) for name in table.classes], dtype=np.uint8)
    counts = np.diff(table.course_start)[kept]
    starts = np.concatenate([[0], np.cumsum(counts)])
    inside = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
    apart = apart or Apart()
    return RoadNetwork(
        name=origin.name,
        source=origin.source,
        source_date=origin.source_date,
        attribution=origin.attribution,
        created_at=origin.created_at,
        country=origin.country,
        drives_on=origin.drives_on,
        speeds=origin.speeds,
        streets=streets,
        node_e7=table.node_e7,
        edge_tail=table.tail[kept].astype(np.uint32),
        edge_head=table.head[kept].astype(np.uint32),
        edge_mm=np.rint(table.metres[kept] * 1000).astype(np.uint32),
        edge_ms=ms[kept].astype(np.uint32),
        edge_reverse=reverse.astype(np.int32),
        edge_street=street_index[table.street[kept]],
        edge_class=class_index[table.road_class[kept]],
        edge_signals=np.minimum(table.signals[kept], 255).astype(np.uint8),
        edge_first_way=table.first_way[kept],
        edge_last_way=table.last_way[kept],
        shape_start=starts.astype(np.uint32),
        shape_e7=table.course_e7[np.repeat(table.course_start[kept], counts) + inside],
        ban_start=np.cumsum([0, *(len(ban) for ban in bans)]).astype(np.uint32),
        ban_edge=np.array([edge for ban in bans for edge in ban], dtype=np.uint32),
        apart_start=apart.start.astype(np.uint32),
        apart_e7=apart.course_e7,
        apart_part=apart.part.astype(np.uint32),
        part_kind=apart.kind.astype(np.uint8),
    )
