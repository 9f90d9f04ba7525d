"""Travel times, metres and street paths between places on the roads.

Snap places with ``routing.network.snap`` first. ``Travel`` is what planning asks for; ``road_travel``
gives it on a stored network, tests give their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from routing.travel.by_road import RoadTravel, road_travel
from routing.travel.driving import DEFAULT_SPEED_FACTOR, SIGNAL_SECONDS, Driving, RushHour
from routing.types import Leg, Snap, TravelMatrix


class Travel(Protocol):
    """Many-to-many times and metres, and the path of one leg; both of the same fastest way."""

    def matrix(self, snaps: Sequence[Snap]) -> TravelMatrix: ...

    def leg(self, start: Snap, goal: Snap, leaves: int | None = None) -> Leg: ...


__all__ = [
    "DEFAULT_SPEED_FACTOR",
    "SIGNAL_SECONDS",
    "Driving",
    "RoadTravel",
    "RushHour",
    "Travel",
    "road_travel",
]
