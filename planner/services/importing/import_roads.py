"""Lines whose coordinates are on no road of their territory, told before the import is confirmed.

They are imported all the same: a pin can be moved afterwards, and roads can be imported that reach further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.services.accounts.pins_on_roads import RoadTrouble, troubles
from planner.services.importing.import_changes import PinLine
from planner.services.installation.settings import Settings
from routing.errors import RoutingError
from routing.network import current
from routing.types import Place


@dataclass(frozen=True, slots=True)
class LineOnRoads:
    row: int
    name: str
    trouble: RoadTrouble
    metres: int | None


def off_roads(
    lines: Sequence[PinLine], networks: Mapping[int, str], networks_folder: Path, limits: Settings
) -> tuple[LineOnRoads, ...]:
    """By row. Lines that do not touch the pin are left out, and those of roads that cannot be used."""
    by_network: dict[str, list[PinLine]] = defaultdict(list)
    for line in lines:
        moves = line.change is not None and {"lat", "lon"} & line.change.after.keys()
        if moves and line.state.get("lat") is not None:
            by_network[networks.get(line.state["owner"][0], "")].append(line)
    found: list[LineOnRoads] = []
    for name, pinned in by_network.items():
        try:
            network = current(networks_folder, name)
        except RoutingError:
            continue
        places = [Place(line.state["lon"], line.state["lat"]) for line in pinned]
        for line, told in zip(pinned, troubles(network, places, limits), strict=True):
            if told is not None:
                found.append(LineOnRoads(line.wish.row, str(line.state["name"]), *told))
    return tuple(sorted(found, key=lambda line: line.row))
