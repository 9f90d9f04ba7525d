"""The street path of a leg: the points driven through and the streets they lie on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import shapely
from shapely.ops import substring

from routing.network.roads import E7, RoadNetwork

DECIMALS = 7
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A directed edge, driven from one fraction of its length to a later one."""

    edge: int
    begin: float = 0.0
    end: float = 1.0


def points(network: RoadNetwork, stretches: Iterable[Stretch]) -> tuple[Point, ...]:
    """(lon, lat) of the whole drive without repeated points; a single point when it leads nowhere."""
    every = (point for stretch in stretches for point in _course(network, stretch))
    return tuple(point for point, _ in groupby(every))


def streets(network: RoadNetwork, stretches: Iterable[Stretch]) -> tuple[str, ...]:
    """Street names in the order driven, unnamed ones left out, no name twice in a row."""
    driven = (network.street(stretch.edge) for stretch in stretches if stretch.end > stretch.begin)
    return tuple(name for name, _ in groupby(name for name in driven if name))


def _course(network: RoadNetwork, stretch: Stretch) -> Iterator[Point]:
    degrees = network.shape(stretch.edge) / E7
    if (stretch.begin, stretch.end) != (0.0, 1.0):
        line = shapely.LineString(network.plane.metres(degrees))
        part = substring(line, stretch.begin, stretch.end, normalized=True)
        degrees = network.plane.degrees(shapely.get_coordinates(part))
    for lon, lat in degrees.tolist():
        yield round(lon, DECIMALS), round(lat, DECIMALS)
