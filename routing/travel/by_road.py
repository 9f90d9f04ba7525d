"""Travel on a road network: matrices and legs that agree to the metre.

Everything is summed in whole milliseconds and millimetres and rounded once, per leg, to whole
seconds and metres. The metres are those of the fastest way, never of a second search.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
import pyroutingkit

from routing.errors import BadProblem, Unreachable
from routing.network.roads import E7, Ints, RoadNetwork
from routing.travel.ends import CANDIDATES, DIRECT, FAR, Ends, choice_mm, choose, ends
from routing.travel.engines import ArcGraph, Engine, cch_topology, trusted_engine
from routing.travel.path import Stretch, ahead, back, points, streets
from routing.types import UNREACHABLE_SECONDS, Leg, Snap, TravelMatrix

DEFAULT_SPEED_FACTOR = 0.8
"""Share of the signed speed that is really driven, as in OSRM's car profile."""


class RoadTravel:
    """Travel over one network at one speed factor. Cheap to make; the engine is built when first asked."""

    def __init__(self, network: RoadNetwork, speed_factor: float, engine: Engine | None = None) -> None:
        self.network = network
        self.speed_factor = speed_factor
        self._given_engine = engine

    @cached_property
    def graph(self) -> ArcGraph:
        return node_graph(self.network, self.speed_factor)

    @cached_property
    def _engine(self) -> Engine:
        return self._given_engine or trusted_engine(self.graph, _topology(self.network))

    def matrix(self, snaps: Sequence[Snap]) -> TravelMatrix:
        """Seconds and metres between all places, ``UNREACHABLE_SECONDS`` in both where no road leads."""
        if not snaps:
            none = np.zeros((0, 0), dtype=np.int64)
            return TravelMatrix(none, none, self.network.version)
        places = self._ends(snaps)
        choice = choose(self._engine, places, places)
        mm = choice_mm(self._engine, places, places, choice)
        reached = choice.ms < FAR
        return TravelMatrix(
            seconds=np.where(reached, _rounded(choice.ms), UNREACHABLE_SECONDS),
            metres=np.where(reached, _rounded(mm), UNREACHABLE_SECONDS),
            network_version=self.network.version,
        )

    def leg(self, start: Snap, goal: Snap) -> Leg:
        """The drive between two places with its street path. Raises ``Unreachable``."""
        starts, goals = self._ends([start]), self._ends([goal])
        choice = choose(self._engine, starts, goals)
        if choice.ms[0, 0] >= FAR:
            raise Unreachable(origin=_spot(start), destination=_spot(goal))
        mm = choice_mm(self._engine, starts, goals, choice)
        stretches = self._stretches(starts, goals, int(choice.candidate[0, 0]))
        return Leg(
            seconds=int(_rounded(choice.ms)[0, 0]),
            metres=int(_rounded(mm)[0, 0]),
            path=points(self.network, stretches),
            streets=streets(self.network, stretches),
        )

    def _ends(self, snaps: Sequence[Snap]) -> Ends:
        if any(not 0 <= snap.edge < self.network.edge_count for snap in snaps):
            raise BadProblem(why="a place was put on a road of another network")
        return ends(self.network, self.graph, snaps)

    def _stretches(self, starts: Ends, goals: Ends, candidate: int) -> list[Stretch]:
        network = self.network
        first, last = int(starts.edge[0]), int(goals.edge[0])
        begin, end = float(starts.fraction[0]), float(goals.fraction[0])
        if candidate == DIRECT:
            return [ahead(first, begin, end) if end >= begin else back(network, first, begin, end)]
        leave, arrive = CANDIDATES[candidate - 1]
        between = self._engine.path(int(starts.leave_node[0, leave]), int(goals.arrive_node[0, arrive]))
        return [
            ahead(first, begin, 1.0) if leave == 0 else back(network, first, begin, 0.0),
            *(Stretch(edge) for edge in between),
            ahead(last, 0.0, end) if arrive == 0 else back(network, last, 1.0, end),
        ]


# One per network and speed for the whole process: its engine takes a moment to build.
@lru_cache(maxsize=8)
def road_travel(network: RoadNetwork, speed_factor: float = DEFAULT_SPEED_FACTOR) -> RoadTravel:
    """Travel on ``network`` at ``speed_factor`` times the signed speeds. Raises ``BadProblem``."""
    if not 0.05 <= speed_factor <= 5:
        raise BadProblem(why=f"a speed factor of {speed_factor} is not between 0.05 and 5")
    return RoadTravel(network, speed_factor)


def node_graph(network: RoadNetwork, speed_factor: float) -> ArcGraph:
    """The network as a graph of crossings and edges, with whole-millisecond weights."""
    ms = np.maximum(1, np.rint(network.edge_ms / speed_factor)).astype(np.int64)
    return ArcGraph(
        tail=network.edge_tail.astype(np.int64),
        head=network.edge_head.astype(np.int64),
        ms=ms,
        mm=network.edge_mm.astype(np.int64),
        lonlat=(network.node_e7 / E7).astype(np.float32),
    )


@lru_cache(maxsize=4)
def _topology(network: RoadNetwork) -> pyroutingkit.CCHTopology:
    return cch_topology(node_graph(network, 1.0))


def _rounded(thousandths: Ints) -> Ints:
    """To whole units, half up."""
    return (thousandths + 500) // 1000


def _spot(snap: Snap) -> str:
    return snap.street or f"{snap.lat:.5f}, {snap.lon:.5f}"
