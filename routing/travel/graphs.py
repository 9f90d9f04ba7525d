"""A road network as a graph for the engines: of crossings, or of edges and the turns between them.

The node graph has a node per crossing and an arc per edge. In the turn graph a node is an edge as it is
being driven and an arc is an allowed turn, whose weight is the turn and the whole edge turned into; edges
that lie on a longer restriction have further nodes, one for each way of having come there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from routing.network.roads import E7, Ints, RoadNetwork
from routing.travel.driving import Driving, RushHour, edge_ms
from routing.travel.turns import Turns, long_bans, open_turns, turn_ms


@dataclass(frozen=True, eq=False)
class ArcGraph:
    """``tail``, ``head``, ``ms`` have one entry per arc; ``lonlat`` (N, 2) one row per node."""

    tail: Ints
    head: Ints
    ms: Ints
    lonlat: npt.NDArray[np.float32]

    @property
    def node_count(self) -> int:
        return len(self.lonlat)


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """An ``ArcGraph`` and how to read it.

    One leaves edge ``e`` at node ``exits[e]`` and arrives on it at each of ``entries[e]``; with
    ``whole_edge`` the way to an entry includes all of the edge arrived on. ``arc_edge`` is the edge
    that an arc drives.
    """

    arcs: ArcGraph
    edge_ms: Ints
    arc_edge: Ints
    exits: Ints
    entry_start: Ints
    entry_node: Ints
    whole_edge: bool

    @cached_property
    def arcs_out(self) -> tuple[Ints, Ints]:
        """CSR of arcs by tail: those of node ``n`` are ``order[start[n]:start[n + 1]]``."""
        order = np.argsort(self.arcs.tail, kind="stable")
        start = np.searchsorted(self.arcs.tail[order], np.arange(self.arcs.node_count + 1))
        return start, order


def road_graph(network: RoadNetwork, driving: Driving, rush: RushHour | None = None) -> RoadGraph:
    """The network as one drives, with whole-millisecond weights."""
    ms = edge_ms(network, driving, rush)
    if not driving.turns:
        return _node_graph(network, ms)
    web = turn_web(network)
    weights = ms[web.arc_edge] + turn_ms(network, web.turns, driving.turn_seconds)[web.arc_turn]
    return RoadGraph(
        arcs=ArcGraph(web.tail, web.head, weights, web.lonlat),
        edge_ms=ms,
        arc_edge=web.arc_edge,
        exits=np.arange(network.edge_count),
        entry_start=web.entry_start,
        entry_node=web.entry_node,
        whole_edge=True,
    )


def _node_graph(network: RoadNetwork, ms: Ints) -> RoadGraph:
    tail, head = network.edge_tail.astype(np.int64), network.edge_head.astype(np.int64)
    return RoadGraph(
        arcs=ArcGraph(tail, head, ms, (network.node_e7 / E7).astype(np.float32)),
        edge_ms=ms,
        arc_edge=np.arange(network.edge_count),
        exits=head,
        entry_start=np.arange(network.edge_count + 1),
        entry_node=tail,
        whole_edge=False,
    )


@dataclass(frozen=True, eq=False)
class TurnWeb:
    """The turn graph without weights. ``arc_turn`` indexes ``turns``."""

    turns: Turns
    tail: Ints
    head: Ints
    arc_turn: Ints
    arc_edge: Ints
    entry_start: Ints
    entry_node: Ints
    lonlat: npt.NDArray[np.float32]


@lru_cache(maxsize=4)
def turn_web(network: RoadNetwork) -> TurnWeb:
    """Kept per network: it does not depend on speeds."""
    turns, edges = open_turns(network), network.edge_count
    tail, head = turns.before, turns.after
    row = np.arange(len(tail))
    state_edge = np.arange(edges)
    bans = long_bans(network)
    if bans:
        memory = _Memory(bans, turns, edges)
        tail, head, row = memory.arcs()
        state_edge = np.concatenate([state_edge, memory.edge_of_state()])
    order = np.argsort(state_edge, kind="stable")
    return TurnWeb(
        turns=turns,
        tail=tail,
        head=head,
        arc_turn=row,
        arc_edge=state_edge[head],
        entry_start=np.searchsorted(state_edge[order], np.arange(edges + 1)),
        entry_node=order,
        lonlat=_middles(network)[state_edge],
    )


def _middles(network: RoadNetwork) -> npt.NDArray[np.float32]:
    """(lon, lat) of the middle point of each edge's course: where the engine's dissection places it."""
    starts = network.shape_start.astype(np.int64)
    return np.asarray(network.shape_e7[(starts[:-1] + starts[1:] - 1) // 2] / E7, dtype=np.float32)


class _Memory:
    """Longer restrictions remembered: a node for each beginning of two or more edges of a banned sequence.

    It is the automaton of Aho and Corasick (1975) over edges: having driven a beginning, the next edge
    leads to the longest beginning that the way now ends with; the last edge of a ban has no arc.
    """

    def __init__(self, bans: Sequence[Sequence[int]], turns: Turns, edge_count: int) -> None:
        self._bans = {tuple(ban) for ban in bans}
        self._turns = turns
        beginnings = sorted({tuple(ban[:size]) for ban in bans for size in range(2, len(ban))})
        self._state: Mapping[tuple[int, ...], int] = {
            beginning: edge_count + number for number, beginning in enumerate(beginnings)
        }
        self._rows: dict[int, list[int]] = defaultdict(list)
        last_edges = {beginning[-1] for beginning in beginnings}
        for row, before in enumerate(turns.before.tolist()):
            if before in last_edges:
                self._rows[before].append(row)

    def edge_of_state(self) -> Ints:
        return np.array([beginning[-1] for beginning in self._state], dtype=np.int64)

    def arcs(self) -> tuple[Ints, Ints, Ints]:
        """Tail, head and row of the turn, for all arcs of the graph."""
        heads = self._turns.after.copy()
        firsts = {(beginning[0], beginning[1]) for beginning in self._state if len(beginning) == 2}
        pairs = zip(self._turns.before.tolist(), self._turns.after.tolist(), strict=True)
        for row, pair in enumerate(pairs):
            if pair in firsts:
                heads[row] = self._state[pair]
        tails, ends, rows = [self._turns.before], [heads], [np.arange(len(heads))]
        extra = [
            (state, self._onward(beginning, row), row)
            for beginning, state in self._state.items()
            for row in self._rows[beginning[-1]]
            if not self._completes(beginning, row)
        ]
        more = np.array(extra, dtype=np.int64).reshape(-1, 3)
        return (
            np.concatenate([*tails, more[:, 0]]),
            np.concatenate([*ends, more[:, 1]]),
            np.concatenate([*rows, more[:, 2]]),
        )

    def _completes(self, beginning: tuple[int, ...], row: int) -> bool:
        way = (*beginning, int(self._turns.after[row]))
        return any(way[start:] in self._bans for start in range(len(way) - 1))

    def _onward(self, beginning: tuple[int, ...], row: int) -> int:
        way = (*beginning, int(self._turns.after[row]))
        for start in range(len(way) - 1):
            state = self._state.get(way[start:])
            if state is not None:
                return state
        return way[-1]
