"""The road network as arrays: what is stored, versioned and travelled on.

Edges are directed. Coordinates are whole 1e-7 degrees, the precision of OpenStreetMap itself, so
that storing a network and loading it again changes nothing. ``edge_ms`` is at speed factor 1.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FORMAT = 2
"""Raised when the meaning or the layout of the arrays changes; older files are then refused."""

E7 = 10_000_000
NO_REVERSE = -1
UNNAMED = 0
SHORT_VERSION = 12

ROAD_CLASSES = (
    "other",
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "ferry",
    "service",
)
"""OpenStreetMap's ``highway`` values; ``edge_class`` holds the position in this tuple."""


class PartKind(IntEnum):
    """Why roads lie apart from the rest."""

    ISLAND = 0
    """No road or ferry leads there at all."""
    NO_WAY_OUT = 1
    NO_WAY_IN = 2


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """A road network of one area. Compared by identity; ``version`` says whether two hold the same roads.

    Shapes, for N nodes, E edges and P shape points: ``node_e7`` (N, 2) and ``shape_e7`` (P, 2) hold
    (lon, lat); edge ``i`` runs through ``shape_e7[shape_start[i]:shape_start[i + 1]]``, both end
    nodes included. ``edge_reverse`` is the edge back along the same street, or ``NO_REVERSE``.
    ``edge_street`` indexes ``streets``, whose first entry is the empty name. ``edge_first_way`` and
    ``edge_last_way`` are the OpenStreetMap ways at the two ends of the edge, 0 where unknown.
    ``edge_signals`` counts the traffic lights one passes on the edge, its head included.

    Ban ``k`` is a sequence of two or more edges, ``ban_edge[ban_start[k]:ban_start[k + 1]]``, that may not
    be driven one right after the other.

    Roads that are cut off from the rest are kept for telling whose place lies there, not for driving:
    line ``k`` of them is ``apart_e7[apart_start[k]:apart_start[k + 1]]`` and belongs to part
    ``apart_part[k]``, whose ``part_kind`` is a ``PartKind``.

    ``drives_on`` is "left" or "right", ``country`` an ISO 3166 code or empty, ``speeds`` the rule that
    made the times.
    """

    name: str
    source: str
    source_date: str
    attribution: str
    created_at: str
    country: str
    drives_on: str
    speeds: str
    streets: tuple[str, ...]
    node_e7: npt.NDArray[np.int32]
    edge_tail: npt.NDArray[np.uint32]
    edge_head: npt.NDArray[np.uint32]
    edge_mm: npt.NDArray[np.uint32]
    edge_ms: npt.NDArray[np.uint32]
    edge_reverse: npt.NDArray[np.int32]
    edge_street: npt.NDArray[np.uint32]
    edge_class: npt.NDArray[np.uint8]
    edge_signals: npt.NDArray[np.uint8]
    edge_first_way: npt.NDArray[np.int64]
    edge_last_way: npt.NDArray[np.int64]
    shape_start: npt.NDArray[np.uint32]
    shape_e7: npt.NDArray[np.int32]
    ban_start: npt.NDArray[np.uint32]
    ban_edge: npt.NDArray[np.uint32]
    apart_start: npt.NDArray[np.uint32]
    apart_e7: npt.NDArray[np.int32]
    apart_part: npt.NDArray[np.uint32]
    part_kind: npt.NDArray[np.uint8]

    @property
    def node_count(self) -> int:
        return len(self.node_e7)

    @property
    def edge_count(self) -> int:
        return len(self.edge_tail)

    @cached_property
    def version(self) -> str:
        """SHA-256 of the roads and where they come from, in hex. Name and creation time are not part
        of it: the same map data gives the same version wherever and whenever it is built."""
        digest = hashlib.sha256()
        about = [FORMAT, *(getattr(self, name) for name in TEXTS if name not in UNVERSIONED), self.streets]
        digest.update(json.dumps(about, ensure_ascii=False).encode())
        for name, kind in ARRAYS.items():
            values = getattr(self, name)
            digest.update(f"{name} {kind} {values.shape}".encode())
            digest.update(np.ascontiguousarray(values, dtype=kind).tobytes())
        return digest.hexdigest()

    @property
    def short_version(self) -> str:
        return self.version[:SHORT_VERSION]

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, south = self.node_e7.min(axis=0) / E7
        east, north = self.node_e7.max(axis=0) / E7
        return float(west), float(south), float(east), float(north)

    @cached_property
    def plane(self) -> Plane:
        _, south, _, north = self.bounds
        return Plane.at((south + north) / 2)

    def shape(self, edge: int) -> npt.NDArray[np.int32]:
        """The (lon, lat) points of an edge in 1e-7 degrees, from tail to head."""
        return self.shape_e7[self.shape_start[edge] : self.shape_start[edge + 1]]

    def street(self, edge: int) -> str:
        return self.streets[int(self.edge_street[edge])]


ARRAYS: dict[str, str] = {
    "node_e7": "<i4",
    "edge_tail": "<u4",
    "edge_head": "<u4",
    "edge_mm": "<u4",
    "edge_ms": "<u4",
    "edge_reverse": "<i4",
    "edge_street": "<u4",
    "edge_class": "|u1",
    "edge_signals": "|u1",
    "edge_first_way": "<i8",
    "edge_last_way": "<i8",
    "shape_start": "<u4",
    "shape_e7": "<i4",
    "ban_start": "<u4",
    "ban_edge": "<u4",
    "apart_start": "<u4",
    "apart_e7": "<i4",
    "apart_part": "<u4",
    "part_kind": "|u1",
}
"""Every array of a network and the type it is stored and hashed in."""

UNVERSIONED = {"name", "created_at"}
"""What does not change the roads, and so not the version."""

TEXTS = tuple(field.name for field in fields(RoadNetwork) if field.name not in {*ARRAYS, "streets"})


@dataclass(frozen=True, slots=True)
class Plane:
    """A flat map around one latitude: multiply degrees by these for metres.

    True to a few tenths of a percent over an area of 100 km; used for finding the nearest road and
    for dividing an edge, never for a length that is reported.
    """

    metres_per_lon: float
    metres_per_lat: float

    @classmethod
    def at(cls, lat: float) -> Plane:
        return cls(111_320.0 * float(np.cos(np.deg2rad(lat))), 110_574.0)

    @property
    def _scale(self) -> Floats:
        return np.array([self.metres_per_lon, self.metres_per_lat])

    def metres(self, degrees: Floats) -> Floats:
        """(lon, lat) rows in degrees to (x, y) rows in metres."""
        return np.multiply(degrees, self._scale)

    def degrees(self, metres: Floats) -> Floats:
        return np.divide(metres, self._scale)


def contradiction(network: RoadNetwork) -> str | None:
    """What is wrong inside a network, in words, or None. The fast engine crashes the whole process
    on an edge to a node that does not exist, so this is asked before any network is used."""
    nodes, edges, points = network.node_count, network.edge_count, len(network.shape_e7)
    if nodes == 0 or edges == 0:
        return "it holds no roads"
    for name in ARRAYS:
        if name.startswith("edge_") and len(getattr(network, name)) != edges:
            return "its tables differ in length"
    if max(network.edge_tail.max(), network.edge_head.max()) >= nodes:
        return "a road ends at a crossing that is not there"
    if network.edge_reverse.min() < NO_REVERSE or network.edge_reverse.max() >= edges:
        return "a road's way back is not there"
    if network.edge_street.max() >= len(network.streets) or network.edge_class.max() >= len(ROAD_CLASSES):
        return "a street name or road class is not there"
    if network.edge_ms.min() < 1:
        return "a road takes no time"
    if not _covers(network.shape_start, edges, points, 2):
        return "the course of a road is not there"
    if network.drives_on not in ("left", "right"):
        return "it does not say on which side one drives"
    return _contradiction_beside(network)


def _contradiction_beside(network: RoadNetwork) -> str | None:
    """As above, for what stands beside the roads: bans and the parts that are cut off."""
    bans, lines = len(network.ban_start) - 1, len(network.apart_part)
    if not _covers(network.ban_start, bans, len(network.ban_edge), 2):
        return "a turn restriction is not there"
    if network.ban_edge.size and network.ban_edge.max() >= network.edge_count:
        return "a turn restriction names a road that is not there"
    if not _covers(network.apart_start, lines, len(network.apart_e7), 2):
        return "the course of a road that lies apart is not there"
    if lines and network.apart_part.max() >= len(network.part_kind):
        return "a part that lies apart is not there"
    return None


def _covers(starts: npt.NDArray[np.uint32], rows: int, items: int, least: int) -> bool:
    """Whether ``starts`` divides ``items`` into ``rows`` runs of at least ``least``."""
    bounds = starts.astype(np.int64)
    if len(bounds) != rows + 1 or len(bounds) == 0 or bounds[0] != 0 or bounds[-1] != items:
        return False
    return bool((np.diff(bounds) >= least).all())
