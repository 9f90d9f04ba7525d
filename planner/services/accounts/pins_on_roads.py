"""What stands against pins where the roads are concerned: for the data check, and for imports before they are
confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from planner.services.installation.settings import Settings
from routing.network import NotOnRoad, RoadNetwork, SnapTrouble, snap
from routing.network.apart import Apart, lying_apart
from routing.network.roads import PartKind
from routing.types import Place, Snap


class RoadTrouble(StrEnum):
    SWAPPED = "swapped"
    OFF_ROAD = "off_road"
    ISLAND = "island"
    NO_WAY_OUT = "no_way_out"
    NO_WAY_IN = "no_way_in"
    FAR = "far"


APART = {
    PartKind.ISLAND: RoadTrouble.ISLAND,
    PartKind.NO_WAY_OUT: RoadTrouble.NO_WAY_OUT,
    PartKind.NO_WAY_IN: RoadTrouble.NO_WAY_IN,
}


class Told(NamedTuple):
    """``metres`` to the nearest road one can drive to, None where none is in reach."""

    trouble: RoadTrouble
    metres: int | None


def troubles(network: RoadNetwork, places: Sequence[Place], limits: Settings) -> list[Told | None]:
    """For each place what stands against it, or None; every place must be one on earth."""
    snaps = snap(network, places, limits.snap_refuse_metres)
    apart = lying_apart(network, places)
    return [_told(found, lies, limits) for found, lies in zip(snaps, apart, strict=True)]


def _told(found: Snap | NotOnRoad, apart: Apart | None, limits: Settings) -> Told | None:
    if apart is not None:
        return Told(APART[apart.kind], apart.metres_to_roads)
    if isinstance(found, NotOnRoad):
        is_swapped = found.trouble is SnapTrouble.SWAPPED
        return Told(RoadTrouble.SWAPPED if is_swapped else RoadTrouble.OFF_ROAD, found.metres_off_road)
    if found.metres_off_road > limits.snap_warn_metres:
        return Told(RoadTrouble.FAR, found.metres_off_road)
    return None
