"""Shortest ways over a graph of arcs: the fast engine, the reference, and the check of one by the other.

Weights are whole milliseconds, at least 1. ``UNREACHABLE_MS`` marks pairs without a way. Nothing here
knows what an arc is: an edge of the network, or an allowed turn.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyroutingkit
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from routing.errors import EngineDisagrees, EngineUnfit, RoutingError
from routing.network.roads import Ints
from routing.travel.graphs import ArcGraph
from routing.travel.topologies import built

logger = logging.getLogger(__name__)

UNREACHABLE_MS = 2**31 - 1
NO_NODE = -9999
"""scipy's mark in its predecessor table for "no way here"."""

CHECKED_SOURCES, CHECKED_TARGETS = 5, 10


class Engine(Protocol):
    """What travel needs of an engine. Nodes are positions in the graph, arrays are int64."""

    def times(self, sources: Ints, targets: Ints) -> Ints:
        """Milliseconds (S, T) of the fastest ways, ``UNREACHABLE_MS`` where there is none."""

    def path(self, source: int, target: int) -> list[int]:
        """The arcs of the fastest way in order; empty from a node to itself."""


class CchEngine:
    """Customizable contraction hierarchies by pyroutingkit: exact, and fast for many pairs.

    A node out of range would crash the process and a float weight would be cut silently, hence the
    guards; `trusted_engine` sees that no way is too long for it. One query at a time: the library keeps its
    working space in the metric.
    """

    def __init__(self, graph: ArcGraph, topology: pyroutingkit.CCHTopology | None = None) -> None:
        self._graph = graph
        _refuse_weights(graph)
        self._metric = pyroutingkit.CCHMetric(topology or built(graph))
        self._metric.customize(graph.ms.astype(np.uint32))
        self._lock = threading.Lock()

    def times(self, sources: Ints, targets: Ints) -> Ints:
        self._guard(sources, targets)
        with self._lock:
            found = self._metric.distances_many_to_many(sources.astype(np.uint32), targets.astype(np.uint32))
        return np.asarray(found, dtype=np.int64).reshape(len(sources), len(targets))

    def path(self, source: int, target: int) -> list[int]:
        self._guard(np.array([source]), np.array([target]))
        with self._lock:
            return list(self._metric.query(source, target)[2])

    def _guard(self, *nodes: Ints) -> None:
        for some in nodes:
            if some.size and not (some.min() >= 0 and some.max() < self._graph.node_count):
                raise EngineUnfit(why="a node that is not in the network was asked for")


class ScipyEngine:
    """Dijkstra's algorithm by scipy: slower, always there, the judge of the other."""

    def __init__(self, graph: ArcGraph) -> None:
        self._graph = graph
        arcs = _fastest_arcs(graph)
        self._weights = _table(graph, arcs, graph.ms[arcs].astype(np.float64))
        self._arc_at = _table(graph, arcs, arcs + 1)

    def times(self, sources: Ints, targets: Ints) -> Ints:
        if not (sources.size and targets.size):
            return np.zeros((len(sources), len(targets)), dtype=np.int64)
        asked, back = np.unique(sources, return_inverse=True)
        found = dijkstra(self._weights, indices=asked)[:, targets]
        return np.where(np.isfinite(found), found, UNREACHABLE_MS).astype(np.int64)[back]

    def path(self, source: int, target: int) -> list[int]:
        return self._walk(self._tree(source), source, target)

    def _tree(self, source: int) -> npt.NDArray[np.int32]:
        _, before = dijkstra(self._weights, indices=source, return_predecessors=True)
        return np.asarray(before, dtype=np.int32)

    def _walk(self, tree: npt.NDArray[np.int32], source: int, target: int) -> list[int]:
        arcs: list[int] = []
        node = target
        while node != source:
            before = int(tree[node])
            if before == NO_NODE:
                return []
            arcs.append(int(self._arc_at[before, node]) - 1)
            node = before
        return arcs[::-1]


class Proof(Protocol):
    """Where it is kept that the fast engine was checked on a graph."""

    def holds(self, graph: ArcGraph) -> bool: ...

    def keep(self, graph: ArcGraph) -> None: ...


def trusted_engine(
    graph: ArcGraph, topology: Callable[[], pyroutingkit.CCHTopology], proof: Proof | None = None
) -> Engine:
    """The fast engine if it fits the graph and agrees with the reference, else the reference.

    With a proof that it did so before, on the same weights, it is not asked again: on a country's roads
    the reference takes longer than everything else together.
    """
    try:
        shape = topology()
        if proof is not None and proof.holds(graph):
            return CchEngine(graph, shape)
        _refuse_overflow(graph)
        fast = CchEngine(graph, shape)
        self_check(fast, ScipyEngine(graph), graph.node_count)
    except RoutingError as error:
        logger.warning("%s", error)
        return ScipyEngine(graph)
    if proof is not None:
        proof.keep(graph)
    return fast


def self_check(fast: Engine, reference: Engine, node_count: int, seed: int = 1) -> None:
    """Compare 50 random pairs to the millisecond. Raises ``EngineDisagrees`` at the first difference."""
    random = np.random.default_rng(seed)
    sources = random.integers(0, node_count, CHECKED_SOURCES)
    targets = random.integers(0, node_count, CHECKED_TARGETS)
    ours, judge = fast.times(sources, targets), reference.times(sources, targets)
    for row, column in np.argwhere(ours != judge):
        raise EngineDisagrees(fast=int(ours[row, column]), reference=int(judge[row, column]))


def _fastest_arcs(graph: ArcGraph) -> Ints:
    """The fastest of the arcs between the same two nodes, for each such pair: ``csr_matrix`` would add
    them up."""
    order = np.lexsort((np.arange(len(graph.ms)), graph.ms, graph.head, graph.tail))
    tail, head = graph.tail[order], graph.head[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    return order[first]


def _table(graph: ArcGraph, arcs: Ints, values: npt.NDArray[Any]) -> csr_matrix:
    ends = (graph.tail[arcs], graph.head[arcs])
    return csr_matrix((values, ends), shape=(graph.node_count, graph.node_count))


def _refuse_weights(graph: ArcGraph) -> None:
    if len(graph.ms) and (graph.ms.min() < 1 or graph.ms.max() >= UNREACHABLE_MS):
        raise EngineUnfit(why="a weight is outside what it can hold")


def _refuse_overflow(graph: ArcGraph) -> None:
    """The fast engine counts in 32 bits: no way may be as long as its mark for "no way".

    No way is longer than all arcs together. Where those are too many: the ways within the largest part in
    which every node leads to every other are at most as long as one to some node of it and one from it; a
    way that leaves this part never comes back, and drives each arc outside of it once at most.
    """
    if graph.ms.sum() < UNREACHABLE_MS:
        return
    arcs = _fastest_arcs(graph)
    weights = _table(graph, arcs, graph.ms[arcs].astype(np.float64))
    _, part = connected_components(weights, connection="strong")
    within = part == np.bincount(part).argmax()
    root = int(within.argmax())
    out = dijkstra(weights, indices=root)[within]
    back = dijkstra(weights.T.tocsr(), indices=root)[within]
    outside = graph.ms[~(within[graph.tail] & within[graph.head])].sum()
    if out.max() + back.max() + outside >= UNREACHABLE_MS:
        raise EngineUnfit(why="its ways are too long for 32 bits")
