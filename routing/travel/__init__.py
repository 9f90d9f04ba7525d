"""Travel times, metres and street paths between places on the roads.

Snap places with ``routing.network.snap`` first. ``Travel`` is what planning asks for; ``road_travel``
gives it on a stored network, tests give their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from routing.travel.by_road import RoadTravel, road_travel
from routing.travel.driving import DEFAULT_SPEED_FACTOR, SIGNAL_SECONDS, Driving, RushHour
from routing.travel.nearest import nearest_by_detour
from routing.types import Leg, SecondsMatrix, Snap, TravelMatrix


class Travel(Protocol):
    """Times and metres between all of some places, times from some to others, and the path of one leg; all
    of the same fastest way."""

    def matrix(self, snaps: Sequence[Snap]) -> TravelMatrix: ...

    def times(self, starts: Sequence[Snap], goals: Sequence[Snap]) -> SecondsMatrix: ...

    def leg(self, start: Snap, goal: Snap, leaves: int | None = None) -> Leg: ...


__all__ = [
    "DEFAULT_SPEED_FACTOR",
    "SIGNAL_SECONDS",
    "Driving",
    "RoadTravel",
    "RushHour",
    "Travel",
    "nearest_by_detour",
    "road_travel",
]
