"""The roads of a territory, as use cases ask for them: by the name the territory carries.

Networks and engines are kept for the whole process by ``routing``; asking again costs nothing. Which engine
plans ask is the installation's choice and travels with their facts; the ledger always asks our own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.rush_hours import read_rush_hours
from planner.models.territories import Territory
from planner.services.installation import settings
from planner.services.installation.settings import Settings, TravelEngine
from routing.errors import OsrmDown, RoutingError
from routing.network import RoadNetwork, current, load_version, shelf
from routing.network.roads import E7
from routing.travel import Driving, RoadTravel, RushHour, Travel, road_travel
from routing.travel.osrm import OsrmTravel
from routing.travel.osrm_server import TABLE_SIZE, OsrmServer, trouble

LEDGER_DRIVING = Driving(speed_factor=0.8, turns=True, turn_seconds=7.5, signal_seconds=2.0)
"""How the ledger drives, whatever the settings say: the same trip on the same version of the roads must
give the same metre for ever. Changing this changes what old trips recompute to."""


CHECK_SECONDS = 1.5
"""How long a page waits to hear whether a server is there."""


ANYWHERE_METRES = 20_100_000
"""Half the way round the earth."""


class RoadsTravel(Travel, Protocol):
    """Travel, and the network on whose roads places are put."""

    network: RoadNetwork


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Whom plans ask for times. ``url`` and ``table_size`` are those of an OSRM server."""

    engine: TravelEngine = TravelEngine.OWN
    url: str = ""
    table_size: int = TABLE_SIZE


OWN_ENGINE = EngineChoice()


@dataclass(frozen=True, slots=True)
class EngineState:
    """The engine in use; ``trouble`` is None when it answers for the roads of every territory."""

    choice: EngineChoice
    trouble: RoutingError | None = None


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


def assumptions(driving: Driving, engine: EngineChoice) -> dict[str, Any]:
    """How plans drive, to be kept beside the version of their roads; empty with a server, which brings its
    own."""
    return asdict(driving) if engine.engine is TravelEngine.OWN else {}


def engine(chosen: Settings) -> EngineChoice:
    """Whom plans ask, by the settings of the installation."""
    if chosen.travel_engine == TravelEngine.OWN:
        return OWN_ENGINE
    return EngineChoice(TravelEngine(chosen.travel_engine), chosen.osrm_url, chosen.osrm_table_size)


def travel(
    networks_folder: Path,
    name: str,
    driving: Driving = LEDGER_DRIVING,
    engine: EngineChoice = OWN_ENGINE,
) -> RoadsTravel:
    """Travel on the network in use under ``name``, by the engine chosen and no other. Raises
    ``NetworkUnknown``, ``NetworkUnreadable``, or ``OsrmDown`` where no server is named."""
    network = current(networks_folder, name)
    if engine.engine is TravelEngine.OWN:
        return _on(networks_folder, network, driving)
    if not engine.url:
        raise _no_address()
    return OsrmTravel(network, OsrmServer(engine.url.rstrip("/"), engine.table_size))


def engine_state(session: Session, networks_folder: Path) -> EngineState:
    """Whether the engine in use answers. Never raises, and soon over."""
    choice = engine(settings.read(session))
    if choice.engine is TravelEngine.OWN:
        return EngineState(choice)
    names = session.scalars(select(Territory.network_name).distinct().order_by(Territory.network_name))
    return EngineState(choice, _trouble(choice, networks_folder, list(names)))


def _trouble(choice: EngineChoice, networks_folder: Path, names: list[str]) -> RoutingError | None:
    if not choice.url:
        return _no_address()
    server = OsrmServer(
        choice.url.rstrip("/"), connect_seconds=CHECK_SECONDS, answer_seconds=CHECK_SECONDS, tries=1
    )
    spots = [spot for spot in (_a_crossing(networks_folder, name) for name in names) if spot is not None]
    if not spots:
        return trouble(replace(server, refuse_beyond_metres=ANYWHERE_METRES), (0.0, 0.0))
    return next((found for spot in spots if (found := trouble(server, spot)) is not None), None)


def _a_crossing(networks_folder: Path, name: str) -> tuple[float, float] | None:
    """None for a network that cannot be used: the list of networks says why."""
    try:
        lon, lat = (current(networks_folder, name).node_e7[0] / E7).tolist()
    except RoutingError:
        return None
    return lon, lat


def _no_address() -> OsrmDown:
    return OsrmDown(url="–", why="no address is entered")


def travel_on(
    networks_folder: Path, name: str, version: str, driving: Driving = LEDGER_DRIVING
) -> RoadTravel:
    """Travel on one stored version, to compute again what was computed on it."""
    return _on(networks_folder, load_version(networks_folder, name, version), driving)


def _on(networks_folder: Path, network: RoadNetwork, driving: Driving) -> RoadTravel:
    return road_travel(network, driving, shelf(networks_folder, network))
