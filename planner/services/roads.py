"""The roads of a territory, as use cases ask for them: by the name the territory carries.

Networks and engines are kept for the whole process by ``routing``; asking again costs nothing.
"""

from __future__ import annotations

from pathlib import Path

from planner.domain.rush_hours import read_rush_hours
from planner.services.installation.settings import Settings
from routing.network import RoadNetwork, current, load_version, shelf
from routing.travel import Driving, RoadTravel, RushHour, road_travel

LEDGER_DRIVING = Driving(speed_factor=0.8, turns=True, turn_seconds=7.5, signal_seconds=2.0)
"""How the ledger drives, whatever the settings say: the same trip on the same version of the roads must
give the same metre for ever. Changing this changes what old trips recompute to."""


def driving(chosen: Settings) -> Driving:
    """How plans drive, by the settings of the installation."""
    return Driving(
        speed_factor=chosen.speed_factor,
        turns=chosen.minds_turns,
        signal_seconds=chosen.signal_seconds,
        rush_hours=tuple(
            RushHour(rush.begins, rush.ends, rush.main, rush.middle, rush.small)
            for rush in read_rush_hours(chosen.rush_hours)
        ),
    )


def travel(networks_folder: Path, name: str, driving: Driving = LEDGER_DRIVING) -> RoadTravel:
    """Travel on the network in use under ``name``. Raises ``NetworkUnknown`` or ``NetworkUnreadable``."""
    return _on(networks_folder, current(networks_folder, name), driving)


def travel_on(
    networks_folder: Path, name: str, version: str, driving: Driving = LEDGER_DRIVING
) -> RoadTravel:
    """Travel on one stored version, to compute again what was computed on it."""
    return _on(networks_folder, load_version(networks_folder, name, version), driving)


def _on(networks_folder: Path, network: RoadNetwork, driving: Driving) -> RoadTravel:
    return road_travel(network, driving, shelf(networks_folder, network))
