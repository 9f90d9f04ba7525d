"""Road networks: built once from OpenStreetMap, stored as versioned arrays, loaded in a moment.

``version`` is the checksum of the content. It is kept with every plan and leg, so that what was
computed can be computed again on the same roads.
"""

from __future__ import annotations

from routing.network.catalogue import StoredNetwork, current, install, list_networks, load_version, shelf
from routing.network.roads import ROAD_CLASSES, RoadNetwork
from routing.network.snap import (
    REFUSE_BEYOND_METRES,
    WARN_BEYOND_METRES,
    NotOnRoad,
    SnapTrouble,
    snap,
)
from routing.network.store import load, store

__all__ = [
    "REFUSE_BEYOND_METRES",
    "ROAD_CLASSES",
    "WARN_BEYOND_METRES",
    "NotOnRoad",
    "RoadNetwork",
    "SnapTrouble",
    "StoredNetwork",
    "current",
    "install",
    "list_networks",
    "load",
    "load_version",
    "shelf",
    "snap",
    "store",
]
