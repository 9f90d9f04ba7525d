"""Street positions for the demo: on named streets of the road network, a few metres off the road.

The same network and seed give the same positions. House numbers grow with the distance from the
town's square, odd on the left; they are made up, as the network has none.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from routing.network import ROAD_CLASSES, RoadNetwork

E7 = 10_000_000
SHORTEST_MM = 40_000
"""Edges below 40 m are crossings and bends rather than street fronts."""

APART_METRES = 70
MOST_ON_A_STREET = 4
WEIGHTS = {
    "primary": 5.0,
    "secondary": 5.0,
    "tertiary": 3.0,
    "unclassified": 0.6,
    "residential": 1.0,
    "living_street": 1.0,
}
"""Shops stand on the larger streets more often than in the side streets."""

NOT_A_STREET = ("Ruta", "Camino", "Acceso", "Autopista", "Condominio", "Autódromo", "Cementerio", "Costanera")


@dataclass(frozen=True, slots=True)
class Town:
    """A part of the map to take places from: its bounds in degrees, and its squares as (lon, lat)."""

    name: str
    west: float
    south: float
    east: float
    north: float
    squares: tuple[tuple[float, float], ...]
    postcode: str

    def holds(self, lon: float, lat: float) -> bool:
        return self.west <= lon <= self.east and self.south <= lat <= self.north


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    number: int
    town: Town
    lon: float
    lat: float

    @property
    def line(self) -> str:
        return f"{self.street} {self.number}"


def addresses(network: RoadNetwork, town: Town, seed: str) -> Iterator[Address]:
    """An endless supply of distinct positions in a town, near its squares more often than far off."""
    rng = random.Random(seed)
    edges, weights = _street_fronts(network, town)
    bounds = list(accumulate(weights))
    taken: list[tuple[float, float]] = []
    on_street: Counter[str] = Counter()
    while True:
        edge = rng.choices(edges, cum_weights=bounds)[0]
        found = _position(network, town, edge, rng)
        spot = _flat(network, found.lon, found.lat)
        crowded = any(math.dist(spot, other) < APART_METRES for other in taken)
        if crowded or on_street[found.street] >= MOST_ON_A_STREET:
            continue
        taken.append(spot)
        on_street[found.street] += 1
        yield found


def _street_fronts(network: RoadNetwork, town: Town) -> tuple[list[int], list[float]]:
    edges, weights = [], []
    for edge in range(network.edge_count):
        weight = WEIGHTS.get(ROAD_CLASSES[network.edge_class[edge]], 0.0)
        if weight == 0.0 or network.edge_mm[edge] < SHORTEST_MM or not _is_street(network.street(edge)):
            continue
        lon, lat = (float(value) / E7 for value in network.shape(edge)[0])
        if town.holds(lon, lat):
            edges.append(edge)
            weights.append(weight * _nearness(network, town, lon, lat))
    return edges, weights


def _is_street(name: str) -> bool:
    return bool(name) and not name.startswith(NOT_A_STREET) and "(" not in name and len(name) < 40


def _nearness(network: RoadNetwork, town: Town, lon: float, lat: float) -> float:
    here = _flat(network, lon, lat)
    nearest = min(math.dist(here, _flat(network, *square)) for square in town.squares)
    return 0.15 + math.exp(-nearest / 900)


def _position(network: RoadNetwork, town: Town, edge: int, rng: random.Random) -> Address:
    points = [(float(lon) / E7, float(lat) / E7) for lon, lat in network.shape(edge)]
    part = rng.randrange(len(points) - 1)
    (x1, y1), (x2, y2) = (_flat(network, *point) for point in points[part : part + 2])
    share, side, off = rng.uniform(0.2, 0.8), rng.choice((-1, 1)), rng.uniform(6, 12)
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    x = x1 + (x2 - x1) * share - side * off * (y2 - y1) / length
    y = y1 + (y2 - y1) * share + side * off * (x2 - x1) / length
    lon, lat = round(x / network.plane.metres_per_lon, 6), round(y / network.plane.metres_per_lat, 6)
    return Address(network.street(edge), _number(network, town, lon, lat, side), town, lon, lat)


def _number(network: RoadNetwork, town: Town, lon: float, lat: float, side: int) -> int:
    metres = math.dist(_flat(network, lon, lat), _flat(network, *town.squares[0]))
    return 100 + 2 * int(metres / 2.5) + (1 if side > 0 else 0)


def _flat(network: RoadNetwork, lon: float, lat: float) -> tuple[float, float]:
    return lon * network.plane.metres_per_lon, lat * network.plane.metres_per_lat
