"""Places whose nearest road is one that lies apart: an island, a street without a way out or without one in.

Such a place is driven to from the nearest road that hangs together with the rest, which can be across the
water or behind a barrier; so it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from routing.network.kept import kept_with_network
from routing.network.roads import E7, PartKind, RoadNetwork
from routing.network.snap import is_place, snap
from routing.types import Place, Snap

WITHIN_METRES = 250
"""Further from a road that lies apart than this, one is not on it."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A road that lies apart is ``metres`` from the place, the nearest of the others ``metres_to_roads``."""

    kind: PartKind
    metres: int
    metres_to_roads: int | None


def lying_apart(network: RoadNetwork, places: Sequence[Place]) -> list[Apart | None]:
    """For each place what it lies on, where that is nearer than any road one can drive to; else None.

    ``metres_to_roads`` is None where those are out of reach."""
    answers: list[Apart | None] = [None] * len(places)
    asked = [i for i, place in enumerate(places) if is_place(place.lon, place.lat)]
    if not asked or not len(network.part_kind):
        return answers
    tree = _tree(network)
    degrees = np.array([(places[i].lon, places[i].lat) for i in asked], dtype=np.float64)
    points = shapely.points(network.plane.metres(degrees))
    (point, line), off = tree.query_nearest(
        points, max_distance=WITHIN_METRES, return_distance=True, all_matches=False
    )
    for at, found, metres in zip(point.tolist(), line.tolist(), off.tolist(), strict=True):
        place = places[asked[at]]
        road = snap(network, [place])[0]
        by_road = road.metres_off_road if isinstance(road, Snap) else None
        if by_road is None or round(metres) < by_road:
            kind = PartKind(int(network.part_kind[network.apart_part[found]]))
            answers[asked[at]] = Apart(kind, round(metres), by_road)
    return answers


@kept_with_network(most=1)
def _tree(network: RoadNetwork) -> shapely.STRtree:
    starts = network.apart_start.astype(np.int64)
    points = network.plane.metres(network.apart_e7 / E7)
    return shapely.STRtree(
        shapely.linestrings(points, indices=np.repeat(np.arange(len(starts) - 1), np.diff(starts)))
    )
