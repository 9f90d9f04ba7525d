"""The streets beneath a map, from our own road network: a first layer for a box, then finer cells.

Addresses carry the network's version and the drawing's number, so that what was fetched stays true for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planner.domain.errors import Invalid, NotFound
from routing.maps import FORM, Box, Cell, base_roads, cell_roads
from routing.network import RoadNetwork, current, load_version

WIDEST_DEGREES = 20.0


@dataclass(frozen=True, slots=True)
class Roads:
    """What a page must know of a network to ask for its streets. ``bounds``: west, south, east, north."""

    version: str
    bounds: Box
    attribution: str


def roads(networks_folder: Path, name: str) -> Roads:
    """The network in use under ``name``. Raises ``NetworkUnknown`` or ``NetworkUnreadable``."""
    network = current(networks_folder, name)
    return Roads(network.version, network.bounds, network.attribution)


def streets(networks_folder: Path, name: str, version: str, drawing: int, box: Box) -> str:
    """The first layer in a box (west, south, east, north).

    Raises Invalid("box") for a box that is none, NotFound for a drawing that is not made any more,
    ``NetworkUnknown`` or ``NetworkUnreadable``.
    """
    west, south, east, north = box
    if not (0 < east - west <= WIDEST_DEGREES and 0 < north - south <= WIDEST_DEGREES):
        raise Invalid("box", "bad_box")
    if west < -180 or east > 180 or south < -85 or north > 85:
        raise Invalid("box", "bad_box")
    return base_roads(_network(networks_folder, name, version, drawing), box)


def cell(networks_folder: Path, name: str, version: str, drawing: int, wanted: Cell) -> str:
    """The streets of a cell. Raises Invalid("cell") for a cell that is none, else as ``streets``."""
    if not wanted.exists:
        raise Invalid("cell", "bad_box")
    return cell_roads(_network(networks_folder, name, version, drawing), wanted)


def _network(networks_folder: Path, name: str, version: str, drawing: int) -> RoadNetwork:
    if drawing != FORM:
        raise NotFound("streets")
    return load_version(networks_folder, name, version)
