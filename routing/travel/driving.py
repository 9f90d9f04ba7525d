"""How one drives: what the times assume beyond the roads themselves.

Everything here is an assumption one can see and change. Two equal values give equal times on the same
version of a network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.errors import BadProblem
from routing.network.roads import ROAD_CLASSES, Ints, RoadNetwork

DEFAULT_SPEED_FACTOR = 0.8
"""Share of the signed speed that is really driven, as in OSRM's car profile."""

TURN_SECONDS = 7.5
"""The most that a turn costs, as in OSRM's car profile."""

SIGNAL_SECONDS = 2.0
"""The mean wait at traffic lights, as in OSRM's car profile."""

DAY_SECONDS = 24 * 3600

RUSH_CLASSES = ("main", "middle", "small")
"""Rush hours slow main roads (motorway to primary), middle ones (secondary, tertiary) and small ones."""

_MAIN = {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"}
_MIDDLE = {"secondary", "secondary_link", "tertiary", "tertiary_link"}
_FERRY = ROAD_CLASSES.index("ferry")


@dataclass(frozen=True, slots=True)
class RushHour:
    """From ``begins`` until before ``ends`` (seconds after local midnight) speeds are this share of the
    usual ones, on main, middle and small roads."""

    begins: int
    ends: int
    main: float = 1.0
    middle: float = 1.0
    small: float = 1.0


@dataclass(frozen=True, slots=True)
class Driving:
    """``turns`` False ignores turn restrictions and turn times: lighter, and less true."""

    speed_factor: float = DEFAULT_SPEED_FACTOR
    turns: bool = True
    turn_seconds: float = TURN_SECONDS
    signal_seconds: float = SIGNAL_SECONDS
    rush_hours: tuple[RushHour, ...] = ()

    def __post_init__(self) -> None:
        """Raises ``BadProblem`` for what nobody drives."""
        if not 0.05 <= self.speed_factor <= 5:
            raise BadProblem(why=f"a speed factor of {self.speed_factor} is not between 0.05 and 5")
        if not (0 <= self.turn_seconds <= 60 and 0 <= self.signal_seconds <= 120):
            raise BadProblem(why="turns take 0 to 60 seconds and traffic lights 0 to 120")
        latest = 0
        for rush in self.rush_hours:
            if not latest <= rush.begins < rush.ends <= DAY_SECONDS:
                raise BadProblem(why="rush hours lie within a day, one after the other")
            if not all(0.1 <= share <= 2 for share in (rush.main, rush.middle, rush.small)):
                raise BadProblem(why="in rush hours one drives at 0.1 to 2 times the usual speed")
            latest = rush.ends


CLASS_OF_ROAD = np.array(
    [-1 if name == "ferry" else 0 if name in _MAIN else 1 if name in _MIDDLE else 2 for name in ROAD_CLASSES]
)
"""The index among ``RUSH_CLASSES`` of each road class; -1 for ferries, which keep their timetable."""


def edge_ms(network: RoadNetwork, driving: Driving, rush: RushHour | None = None) -> Ints:
    """Whole milliseconds along each edge, at least 1. Ferries keep their timetable."""
    speed = np.full(network.edge_count, driving.speed_factor)
    if rush is not None:
        speed *= _rush_shares(rush)[network.edge_class]
    speed[network.edge_class == _FERRY] = 1.0
    waits = network.edge_signals.astype(np.float64) * driving.signal_seconds * 1000
    return np.asarray(np.maximum(1, np.rint(network.edge_ms / speed + waits)), dtype=np.int64)


def _rush_shares(rush: RushHour) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    def share(road_class: str) -> float:
        if road_class in _MAIN:
            return rush.main
        return rush.middle if road_class in _MIDDLE else rush.small

    return np.array([share(road_class) for road_class in ROAD_CLASSES])
