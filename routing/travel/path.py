"""The street path of a leg: the points driven through and the streets they lie on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import shapely
from shapely.ops import substring

from routing.network.roads import E7, RoadNetwork

DECIMALS = 7
Point = tuple[float, float]


class Drive(NamedTuple):
    """Directed edges in the order driven, from fraction ``begin`` of the first to ``end`` of the last."""

    edges: tuple[int, ...]
    begin: float
    end: float


def points(network: RoadNetwork, drive: Drive) -> tuple[Point, ...]:
    """(lon, lat) of the whole drive without repeated points; a single point when it leads nowhere."""
    every = (point for piece in _pieces(drive) for point in _course(network, *piece))
    return tuple(point for point, _ in groupby(every))


def streets(network: RoadNetwork, drive: Drive) -> tuple[str, ...]:
    """Street names in the order driven, unnamed ones left out, no name twice in a row."""
    driven = (network.street(edge) for edge, begin, end in _pieces(drive) if end > begin)
    return tuple(name for name, _ in groupby(name for name in driven if name))


def _pieces(drive: Drive) -> Iterator[tuple[int, float, float]]:
    """Edge, and the fractions of it from which and to which it is driven."""
    last = len(drive.edges) - 1
    for at, edge in enumerate(drive.edges):
        yield edge, drive.begin if at == 0 else 0.0, drive.end if at == last else 1.0


def _course(network: RoadNetwork, edge: int, begin: float, end: float) -> Iterator[Point]:
    degrees = network.shape(edge) / E7
    if (begin, end) != (0.0, 1.0):
        line = shapely.LineString(network.plane.metres(degrees))
        part = substring(line, begin, end, normalized=True)
        degrees = network.plane.degrees(shapely.get_coordinates(part))
    for lon, lat in degrees.tolist():
        yield round(lon, DECIMALS), round(lat, DECIMALS)
