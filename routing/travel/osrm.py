"""Travel by an OSRM server in place of our own engine: ``/table`` for many pairs, ``/route`` for one.

Places are still put on the roads of our own network, and those spots are asked about. The times are those
the server was prepared with: how one drives is decided at ``flask roads export-osrm``, not here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, product

import numpy as np
import numpy.typing as npt
import polyline

from routing.errors import Unreachable
from routing.network.roads import RoadNetwork
from routing.travel.osrm_server import Answer, OsrmServer, Spot
from routing.types import UNREACHABLE_SECONDS, Leg, Snap, TravelMatrix

PRECISION = 6
VERSION_PREFIX = "osrm:"
NO_VERSION = "osrm:not stated"
"""The version kept with a plan when the server does not say which data it holds."""

LONGEST_VERSION = 64

Figures = npt.NDArray[np.int64]


class OsrmTravel:
    """Travel by a server. ``network`` is where places are put on the roads."""

    def __init__(self, network: RoadNetwork, server: OsrmServer) -> None:
        self.network = network
        self.server = server

    def matrix(self, snaps: Sequence[Snap]) -> TravelMatrix:
        """Seconds and metres between all places, asked for in blocks. Raises an ``OsrmError``."""
        count = len(snaps)
        seconds, metres = (np.zeros((count, count), dtype=np.int64) for _ in range(2))
        version = ""
        for rows, columns in _blocks(count, count, self.server.table_size):
            answer = self._table(snaps[rows], snaps[columns])
            shape = (rows.stop - rows.start, columns.stop - columns.start)
            seconds[rows, columns] = self._figures(answer, "durations", shape)
            metres[rows, columns] = self._figures(answer, "distances", shape)
            version = self._same_version(version, answer)
        lost = (seconds == UNREACHABLE_SECONDS) | (metres == UNREACHABLE_SECONDS)
        seconds[lost] = metres[lost] = UNREACHABLE_SECONDS
        for figures in (seconds, metres):
            np.fill_diagonal(figures, 0)
        return TravelMatrix(seconds, metres, version or NO_VERSION)

    def times(self, starts: Sequence[Snap], goals: Sequence[Snap]) -> Figures:
        """Seconds (S, T), ``UNREACHABLE_SECONDS`` where no road leads. Raises an ``OsrmError``."""
        seconds = np.zeros((len(starts), len(goals)), dtype=np.int64)
        version = ""
        for rows, columns in _blocks(len(starts), len(goals), self.server.table_size):
            answer = self._table(starts[rows], goals[columns])
            shape = (rows.stop - rows.start, columns.stop - columns.start)
            seconds[rows, columns] = self._figures(answer, "durations", shape)
            version = self._same_version(version, answer)
        return seconds

    def leg(self, start: Snap, goal: Snap, leaves: int | None = None) -> Leg:
        """The drive between two places with its street path; the server knows no rush hours. Raises
        ``Unreachable`` or an ``OsrmError``."""
        spots = [_spot(start), _spot(goal)]
        if spots[0] == spots[1]:
            return Leg(0, 0, (spots[0],))
        options = {"overview": "full", "geometries": "polyline6", "steps": "true", "alternatives": "false"}
        try:
            answer = self.server.ask("route", spots, options)
        except Unreachable as error:
            raise Unreachable(origin=_named(start), destination=_named(goal)) from error
        self.server.refuse_far(answer.get("waypoints"), spots)
        return self._leg(answer)

    def _table(self, sources: Sequence[Snap], targets: Sequence[Snap]) -> Answer:
        spots = [_spot(snap) for snap in (*sources, *targets)]
        options = {
            "annotations": "duration,distance",
            "sources": ";".join(str(number) for number in range(len(sources))),
            "destinations": ";".join(str(number) for number in range(len(sources), len(spots))),
        }
        answer = self.server.ask("table", spots, options)
        self.server.refuse_far(answer.get("sources"), spots[: len(sources)])
        self.server.refuse_far(answer.get("destinations"), spots[len(sources) :])
        return answer

    def _figures(self, answer: Answer, name: str, shape: tuple[int, int]) -> Figures:
        """A table of the answer in whole units, ``UNREACHABLE_SECONDS`` where it has null."""
        try:
            figures = np.array(answer.get(name), dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise self.server.nonsense(f"its {name} are no table") from error
        if figures.shape != shape:
            raise self.server.nonsense(f"its {name} are no table of {shape[0]} by {shape[1]}")
        known = np.isfinite(figures)
        figures[~known] = 0
        if figures.min(initial=0) < 0 or figures.max(initial=0) >= UNREACHABLE_SECONDS:
            raise self.server.nonsense(f"some of its {name} are below nothing or beyond belief")
        return np.where(known, np.floor(figures + 0.5).astype(np.int64), UNREACHABLE_SECONDS)

    def _same_version(self, before: str, answer: Answer) -> str:
        """Raises ``OsrmNonsense`` when the data changed between two blocks of one table."""
        version = version_of(answer)
        if before not in ("", version):
            raise self.server.nonsense("its map was changed while it was being asked")
        return version

    def _leg(self, answer: Answer) -> Leg:
        try:
            route = answer["routes"][0]
            names = [str(step.get("name", "")) for leg in route["legs"] for step in leg["steps"]]
            course = polyline.decode(route["geometry"], PRECISION)
            return Leg(
                seconds=_whole(float(route["duration"])),
                metres=_whole(float(route["distance"])),
                path=tuple(point for point, _ in groupby((lon, lat) for lat, lon in course)),
                streets=tuple(name for name, _ in groupby(name for name in names if name)),
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise self.server.nonsense("its route cannot be read") from error


def _blocks(rows: int, columns: int, most: int) -> list[tuple[slice, slice]]:
    """Parts of a table, none of which names more than ``most`` places: a server takes no longer requests
    than its largest table needs."""
    size = max(1, most // 2)
    return list(product(_parts(rows, size), _parts(columns, size)))


def _parts(count: int, size: int) -> list[slice]:
    return [slice(begin, min(begin + size, count)) for begin in range(0, count, size)]


def version_of(answer: Answer) -> str:
    """What a plan keeps as the version of its roads: told apart from those of our own networks."""
    stated = answer.get("data_version")
    if not isinstance(stated, str) or not stated:
        return NO_VERSION
    return f"{VERSION_PREFIX}{stated}"[:LONGEST_VERSION]


def _spot(snap: Snap) -> Spot:
    return snap.lon, snap.lat


def _named(snap: Snap) -> str:
    return snap.street or f"{snap.lat:.5f}, {snap.lon:.5f}"


def _whole(figure: float) -> int:
    """To whole units, half up."""
    return math.floor(figure + 0.5)
