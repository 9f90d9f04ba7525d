"""Whether a rep's home can be driven from: its distance to the roads of the territory."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from planner.domain.errors import Invalid
from planner.services import scope
from planner.services.installation import settings
from routing.errors import NetworkUnknown, NetworkUnreadable
from routing.maps import Box
from routing.network import NotOnRoad, RoadNetwork, current, snap
from routing.types import Place

ANYWHERE: Box = (-180.0, -60.0, 180.0, 75.0)


def metres_off_road(
    session: Session, networks_folder: Path, today: date, rep_id: int, place: Place
) -> int | None:
    """Metres to the nearest road, None where no roads are installed to compare with.

    Raises Invalid("home_lat", "home_off_road") beyond the distance that the settings refuse.
    """
    network = _network(session, networks_folder, today, rep_id)
    if network is None:
        return None
    limit = settings.read(session).snap_refuse_metres
    (answer,) = snap(network, [place], limit)
    if isinstance(answer, NotOnRoad):
        metres = answer.metres_off_road or 0
        raise Invalid("home_lat", "home_off_road", metres=metres, limit=limit)
    return round(answer.metres_off_road)


def map_box(session: Session, networks_folder: Path, today: date, rep_id: int) -> tuple[str, Box]:
    """Name and extent (west, south, east, north) of the roads of a rep's territory; no name, the whole
    earth without any."""
    network = _network(session, networks_folder, today, rep_id)
    return (network.name, network.bounds) if network else ("", ANYWHERE)


def network_name(session: Session, today: date, rep_id: int) -> str:
    """The name that the rep's territory carries, whether or not such roads are there; "" without one."""
    territory = scope.home_territory(session, rep_id, today)
    return territory.network_name if territory else ""


def _network(session: Session, networks_folder: Path, today: date, rep_id: int) -> RoadNetwork | None:
    territory = scope.home_territory(session, rep_id, today)
    try:
        return current(networks_folder, territory.network_name) if territory else None
    except (NetworkUnknown, NetworkUnreadable):
        return None
