"""The roads of a territory, as use cases ask for them: by the name the territory carries.

Networks and engines are kept for the whole process by ``routing``; asking again costs nothing.
"""

from __future__ import annotations

from pathlib import Path

from routing.network import current, load_version
from routing.travel import DEFAULT_SPEED_FACTOR, RoadTravel, road_travel


def travel(networks_folder: Path, name: str, speed_factor: float = DEFAULT_SPEED_FACTOR) -> RoadTravel:
    """Travel on the network in use under ``name``. Raises ``NetworkUnknown`` or ``NetworkUnreadable``."""
    return road_travel(current(networks_folder, name), speed_factor)


def travel_on(
    networks_folder: Path, name: str, version: str, speed_factor: float = DEFAULT_SPEED_FACTOR
) -> RoadTravel:
    """Travel on one stored version, to compute again what was computed on it."""
    return road_travel(load_version(networks_folder, name, version), speed_factor)
