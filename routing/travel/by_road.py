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
from routing.travel.driving import CLASS_OF_ROAD, Driving, RushHour
from routing.travel.ends import FAR, Ends, Fastest, Way, ends, fastest, part
from routing.travel.engines import Engine, trusted_engine
from routing.travel.graphs import RoadGraph, road_graph
from routing.travel.path import Drive, points, streets
from routing.travel.topologies import Checked, topology
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
            arcs,
            lambda: topology(self.network, self.driving.turns, arcs, self._shelf),
            Checked(self._shelf, self.driving.turns) if self._shelf else None,
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
        seconds, metres = self._times(snaps)
        rush = []
        for hour, travel in zip(self.driving.rush_hours, self.in_rush_hours, strict=True):
            slow, way = travel._times(snaps)
            rush.append(RushTimes(hour.begins, hour.ends, slow, way, swing(seconds, slow)))
        return TravelMatrix(seconds, metres, self.network.version, tuple(rush))

    def times(self, starts: Sequence[Snap], goals: Sequence[Snap]) -> Ints:
        """Seconds (S, T), ``UNREACHABLE_SECONDS`` where no road leads; those of calm hours."""
        if not starts or not goals:
            return np.zeros((len(starts), len(goals)), dtype=np.int64)
        return _seconds(self._fastest(starts, goals).ms)

    def at(self, leaves: int) -> RoadTravel:
        """Travel of the slot of the day that ``leaves`` (seconds after midnight) lies in."""
        slots = zip(self.driving.rush_hours, self.in_rush_hours, strict=True)
        return next((travel for hour, travel in slots if hour.begins <= leaves < hour.ends), self)

    def leg(self, start: Snap, goal: Snap, leaves: int | None = None) -> Leg:
        """The drive between two places with its street path, as in the slot of departure; without one as in
        calm hours. Raises ``Unreachable``."""
        if leaves is not None and self.at(leaves) is not self:
            return self.at(leaves).leg(start, goal)
        found = self._fastest([start], [goal])
        way = found.way(self._engine, self.graph, 0, 0)
        if way.ms >= FAR:
            raise Unreachable(origin=_spot(start), destination=_spot(goal))
        drive = self._drive(found, way, 0, 0)
        return Leg(
            seconds=_rounded_one(way.ms),
            metres=self._metres(drive),
            path=points(self.network, drive),
            streets=streets(self.network, drive),
            class_seconds=self._class_seconds(drive),
        )

    def walked(self, found: Fastest, start: int, goal: int) -> int:
        """Metres along the fastest way of a pair that has one."""
        way = found.way(self._engine, self.graph, start, goal)
        return self._metres(self._drive(found, way, start, goal))

    def _times(self, snaps: Sequence[Snap]) -> tuple[Ints, RoadMetres]:
        found = self._fastest(snaps, snaps)
        ms = found.ms
        np.fill_diagonal(ms, 0)
        seconds = _seconds(ms)
        return seconds, RoadMetres(self, found, seconds)

    def _fastest(self, starts: Sequence[Snap], goals: Sequence[Snap]) -> Fastest:
        return fastest(self._engine, self.graph, self._ends(starts), self._ends(goals))

    def _ends(self, snaps: Sequence[Snap]) -> Ends:
        if any(not 0 <= snap.edge < self.network.edge_count for snap in snaps):
            raise BadProblem(why="a place was put on a road of another network")
        return ends(self.network, self.graph, snaps)

    def _drive(self, found: Fastest, way: Way, start: int, goal: int) -> Drive:
        starts, goals = found.starts, found.goals
        if way.leave is None or way.arrive is None:
            edge = int(starts.edge[start])
            begin, end = float(starts.fraction[start]), float(goals.fraction[goal])
            if end < begin:
                edge, begin, end = int(self.network.edge_reverse[edge]), 1 - begin, 1 - end
            return Drive((edge,), begin, end)
        out, into = starts.leave, goals.arrive
        between = self.graph.arc_edge[list(way.arcs)].tolist()
        if self.graph.whole_edge:
            between = between[:-1]
        edges = (int(out.edge[way.leave]), *between, int(into.edge[way.arrive]))
        return Drive(edges, float(out.fraction[way.leave]), float(into.fraction[way.arrive]))

    @cached_property
    def _mm(self) -> Ints:
        return self.network.edge_mm.astype(np.int64)

    def _metres(self, drive: Drive) -> int:
        mm = self._mm[list(drive.edges)]
        if len(mm) == 1:
            return _rounded_one(int(part(np.array([drive.end - drive.begin]), mm)[0]))
        first, last = part(np.array([1 - drive.begin, drive.end]), mm[[0, -1]]).tolist()
        return _rounded_one(first + int(mm[1:-1].sum()) + last)

    def _class_seconds(self, drive: Drive) -> tuple[int, int, int]:
        """Without the waits at lights, which no speed shortens."""
        edges = list(drive.edges)
        waits = self.network.edge_signals[edges].astype(np.float64) * self.driving.signal_seconds * 1000
        ms = np.maximum(0, self.graph.edge_ms[edges] - waits)
        if len(edges) == 1:
            ms = ms * (drive.end - drive.begin)
        else:
            ms[0], ms[-1] = ms[0] * (1 - drive.begin), ms[-1] * drive.end
        classes = CLASS_OF_ROAD[self.network.edge_class[edges]]
        main, middle, small = (_rounded_one(int(ms[classes == index].sum())) for index in range(3))
        return main, middle, small


class RoadMetres:
    """The metres of a matrix, walked when asked for: ``metres[start, goal]``."""

    def __init__(self, travel: RoadTravel, found: Fastest, seconds: Ints) -> None:
        self._travel, self._found, self._seconds = travel, found, seconds
        self._walked: dict[tuple[int, int], int] = {}

    def __getitem__(self, pair: tuple[int, int]) -> int:
        """``UNREACHABLE_SECONDS`` where no road leads."""
        start, goal = pair
        if start == goal:
            return 0
        if self._seconds[pair] == UNREACHABLE_SECONDS:
            return UNREACHABLE_SECONDS
        if pair not in self._walked:
            self._walked[pair] = self._travel.walked(self._found, start, goal)
        return self._walked[pair]


# One per network and way of driving for the whole process: its engine takes a moment to build.
@lru_cache(maxsize=8)
def road_travel(network: RoadNetwork, driving: Driving = Driving(), shelf: Path | None = None) -> RoadTravel:  # noqa: B008
    """Travel on ``network``; the same object again for the same network and driving."""
    return RoadTravel(network, driving, shelf=shelf)


def _seconds(ms: Ints) -> Ints:
    """To whole seconds, half up; ``UNREACHABLE_SECONDS`` where there is no way."""
    return np.where(ms < FAR, (ms + 500) // 1000, UNREACHABLE_SECONDS)


def _rounded_one(thousandths: int) -> int:
    return (thousandths + 500) // 1000


def _spot(snap: Snap) -> str:
    return snap.street or f"{snap.lat:.5f}, {snap.lon:.5f}"
