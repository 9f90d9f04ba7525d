"""Travel on a road network: matrices and legs that agree to the metre.

Everything is summed in whole milliseconds and millimetres and rounded once, per leg, to whole
seconds and metres. The metres are those of the fastest way, never of a second search, and are walked
only for the pairs that are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from routing.errors import BadProblem, Unreachable
from routing.network.roads import Ints, RoadNetwork
from routing.slots import swing
from routing.travel.driving import Driving, RushHour
from routing.travel.ends import FAR, Ends, Way, ends, fastest_ms, fastest_way, part
from routing.travel.engines import Engine, trusted_engine
from routing.travel.graphs import RoadGraph, road_graph
from routing.travel.path import Stretch, points, streets
from routing.travel.topologies import topology
from routing.types import UNREACHABLE_SECONDS, Leg, RushTimes, Snap, TravelMatrix


class RoadTravel:
    """Travel over one network as one drives. Cheap to make; the engine is built when first asked.

    ``shelf`` is a folder where the costly part of the engine is kept between processes.
    """

    def __init__(
        self,
        network: RoadNetwork,
        driving: Driving,
        engine: Engine | None = None,
        shelf: Path | None = None,
        rush: RushHour | None = None,
    ) -> None:
        self.network = network
        self.driving = driving
        self._rush = rush
        self._given_engine = engine
        self._shelf = shelf

    @cached_property
    def graph(self) -> RoadGraph:
        return road_graph(self.network, self.driving, self._rush)

    @cached_property
    def _engine(self) -> Engine:
        arcs = self.graph.arcs
        return self._given_engine or trusted_engine(
            arcs, lambda: topology(self.network, self.driving.turns, arcs, self._shelf)
        )

    @cached_property
    def in_rush_hours(self) -> tuple[RoadTravel, ...]:
        """Travel in each of the rush hours, in their order."""
        return tuple(
            RoadTravel(self.network, self.driving, shelf=self._shelf, rush=rush)
            for rush in self.driving.rush_hours
        )

    def matrix(self, snaps: Sequence[Snap]) -> TravelMatrix:
        """Seconds and metres between all places, ``UNREACHABLE_SECONDS`` in both where no road leads; those
        of rush hours beside them."""
        if not snaps:
            none = np.zeros((0, 0), dtype=np.int64)
            return TravelMatrix(none, none, self.network.version)
        seconds = self._seconds(snaps)
        rush = tuple(
            self._rush_times(travel, hour, snaps, seconds)
            for travel, hour in zip(self.in_rush_hours, self.driving.rush_hours, strict=True)
        )
        return TravelMatrix(seconds, RoadMetres(self, snaps, seconds), self.network.version, rush)

    def _seconds(self, snaps: Sequence[Snap]) -> Ints:
        places = self._ends(snaps)
        ms = fastest_ms(self._engine, self.graph, places, places)
        np.fill_diagonal(ms, 0)
        return np.where(ms < FAR, _rounded(ms), UNREACHABLE_SECONDS)

    @staticmethod
    def _rush_times(travel: RoadTravel, hour: RushHour, snaps: Sequence[Snap], calm: Ints) -> RushTimes:
        seconds = travel._seconds(snaps)
        metres = RoadMetres(travel, snaps, seconds)
        return RushTimes(hour.begins, hour.ends, seconds, metres, swing(calm, seconds))

    def at(self, leaves: int) -> RoadTravel:
        """Travel of the slot of the day that ``leaves`` (seconds after midnight) lies in."""
        slots = zip(self.driving.rush_hours, self.in_rush_hours, strict=True)
        return next((travel for hour, travel in slots if hour.begins <= leaves < hour.ends), self)

    def leg(self, start: Snap, goal: Snap, leaves: int | None = None) -> Leg:
        """The drive between two places with its street path, as in the slot of departure; without one as in
        calm hours. Raises ``Unreachable``."""
        if leaves is not None and self.at(leaves) is not self:
            return self.at(leaves).leg(start, goal)
        way, stretches = self._driven(start, goal)
        return Leg(
            seconds=_rounded_one(way.ms),
            metres=self._metres(stretches),
            path=points(self.network, stretches),
            streets=streets(self.network, stretches),
        )

    def metres(self, start: Snap, goal: Snap) -> int:
        """Metres along the fastest way. Raises ``Unreachable``."""
        return self._metres(self._driven(start, goal)[1])

    def _driven(self, start: Snap, goal: Snap) -> tuple[Way, list[Stretch]]:
        starts, goals = self._ends([start]), self._ends([goal])
        way = fastest_way(self._engine, self.graph, starts, goals)
        if way.ms >= FAR:
            raise Unreachable(origin=_spot(start), destination=_spot(goal))
        return way, self._stretches(starts, goals, way)

    def _ends(self, snaps: Sequence[Snap]) -> Ends:
        if any(not 0 <= snap.edge < self.network.edge_count for snap in snaps):
            raise BadProblem(why="a place was put on a road of another network")
        return ends(self.network, self.graph, snaps)

    def _stretches(self, starts: Ends, goals: Ends, way: Way) -> list[Stretch]:
        if way.leave is None or way.arrive is None:
            edge, begin, end = int(starts.edge[0]), float(starts.fraction[0]), float(goals.fraction[0])
            if end >= begin:
                return [Stretch(edge, begin, end)]
            return [Stretch(int(self.network.edge_reverse[edge]), 1 - begin, 1 - end)]
        out, into = starts.leave, goals.arrive
        between = self.graph.arc_edge[list(way.arcs)].tolist()
        if self.graph.whole_edge:
            between = between[:-1]
        return [
            Stretch(int(out.edge[way.leave]), float(out.fraction[way.leave]), 1.0),
            *(Stretch(edge) for edge in between),
            Stretch(int(into.edge[way.arrive]), 0.0, float(into.fraction[way.arrive])),
        ]

    def _metres(self, stretches: Sequence[Stretch]) -> int:
        edges = np.array([stretch.edge for stretch in stretches], dtype=np.int64)
        share = np.array([stretch.end - stretch.begin for stretch in stretches])
        return _rounded_one(int(part(share, self.network.edge_mm[edges].astype(np.int64)).sum()))


class RoadMetres:
    """The metres of a matrix, walked when asked for: ``metres[start, goal]``."""

    def __init__(self, travel: RoadTravel, snaps: Sequence[Snap], seconds: Ints) -> None:
        self._travel, self._snaps, self._seconds = travel, tuple(snaps), seconds
        self._walked: dict[tuple[int, int], int] = {}

    def __getitem__(self, pair: tuple[int, int]) -> int:
        """``UNREACHABLE_SECONDS`` where no road leads."""
        start, goal = pair
        if start == goal:
            return 0
        if self._seconds[pair] == UNREACHABLE_SECONDS:
            return UNREACHABLE_SECONDS
        if pair not in self._walked:
            self._walked[pair] = self._travel.metres(self._snaps[start], self._snaps[goal])
        return self._walked[pair]


# One per network and way of driving for the whole process: its engine takes a moment to build.
@lru_cache(maxsize=8)
def road_travel(network: RoadNetwork, driving: Driving = Driving(), shelf: Path | None = None) -> RoadTravel:  # noqa: B008
    """Travel on ``network``; the same object again for the same network and driving."""
    return RoadTravel(network, driving, shelf=shelf)


def _rounded(thousandths: Ints) -> Ints:
    """To whole units, half up."""
    return (thousandths + 500) // 1000


def _rounded_one(thousandths: int) -> int:
    return (thousandths + 500) // 1000


def _spot(snap: Snap) -> str:
    return snap.street or f"{snap.lat:.5f}, {snap.lon:.5f}"
