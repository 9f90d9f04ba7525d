"""The streets beneath a map, from our own road network."""

from __future__ import annotations

from pathlib import Path

from planner.domain.errors import Invalid
from routing.maps import Box, base_roads
from routing.network import current

WIDEST_DEGREES = 5.0


def streets(networks_folder: Path, name: str, box: Box) -> str:
    """GeoJSON of the roads in a box (west, south, east, north).

    Raises Invalid("box") for a box that is none, ``NetworkUnknown`` or ``NetworkUnreadable``.
    """
    west, south, east, north = box
    if not (0 < east - west <= WIDEST_DEGREES and 0 < north - south <= WIDEST_DEGREES):
        raise Invalid("box", "bad_box")
    return base_roads(current(networks_folder, name), box)
