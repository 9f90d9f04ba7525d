"""Whether a pin lies where one can drive to: how far off the road, and whether it can be reached.

Metres beyond ``snap_refuse_metres`` (a setting) are refused, beyond ``snap_warn_metres`` only said.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.errors import Invalid
from planner.services.installation import settings
from routing.errors import RoutingError
from routing.maps import Box
from routing.network import NotOnRoad, SnapTrouble, current, snap
from routing.types import Place

ANYWHERE: Box = (-120.0, -45.0, 140.0, 60.0)

MARGIN_DEGREES = 0.1
"""How far beyond its roads a map still shows accounts; what lies further is a misplaced pin."""

CODES = {
    SnapTrouble.NOT_A_PLACE: "lat_range",
    SnapTrouble.SWAPPED: "pin_swapped",
    SnapTrouble.OFF_ROAD: "pin_off_road",
}


def troubles(
    session: Session, networks_folder: Path, network_name: str, lat: float | None, lon: float | None
) -> list[Invalid]:
    """What stands against a pin here; nothing for an account without a pin, or without road data."""
    found = metres_off_road(session, networks_folder, network_name, lat, lon)
    if not isinstance(found, NotOnRoad):
        return []
    code = CODES[found.trouble]
    return [Invalid("lat", code, lat=lat, metres=found.metres_off_road, limit=found.limit_metres)]


def warning_metres(
    session: Session, networks_folder: Path, network_name: str, lat: float | None, lon: float | None
) -> int | None:
    """Metres to the nearest road where that is far enough to tell; None where all is well."""
    found = metres_off_road(session, networks_folder, network_name, lat, lon)
    if isinstance(found, int) and found > settings.read(session).snap_warn_metres:
        return found
    return None


def map_box(networks_folder: Path, network_name: str) -> Box:
    """West, south, east, north of a network; a wide view of the world without one."""
    try:
        return current(networks_folder, network_name).bounds
    except RoutingError:
        return ANYWHERE


def is_on_map(box: Box, lat: float, lon: float) -> bool:
    """Whether a pin lies within a map's box or little beyond it."""
    west, south, east, north = box
    return (
        west - MARGIN_DEGREES <= lon <= east + MARGIN_DEGREES
        and south - MARGIN_DEGREES <= lat <= north + MARGIN_DEGREES
    )


def metres_off_road(
    session: Session, networks_folder: Path, network_name: str, lat: float | None, lon: float | None
) -> int | NotOnRoad | None:
    """Metres, or why the roads are out of reach; None without a pin or without usable road data."""
    if lat is None or lon is None:
        return None
    try:
        network = current(networks_folder, network_name)
    except RoutingError:
        return None
    found = snap(network, [Place(lon, lat)], settings.read(session).snap_refuse_metres)[0]
    return found if isinstance(found, NotOnRoad) else found.metres_off_road
