"""The two ends of a drive: from a place to where a graph can be entered and left, and back.

A place lies within an edge, so one may set out along it or, where the street is driven both ways,
against it; arriving likewise. All is in whole milliseconds, so sums are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.network.roads import Floats, Ints, RoadNetwork
from routing.travel.engines import UNREACHABLE_MS, Engine
from routing.travel.graphs import RoadGraph
from routing.types import Snap

FAR = 2**40
"""Milliseconds beyond any drive, small enough to be added up."""


@dataclass(frozen=True)
class Doors:
    """Ways out of (or into) places, a row each, by place: row ``start[i]`` is the first of place ``i``.

    ``ms`` is what lies between the place and ``node``: the rest of the edge when leaving; when arriving the
    part up to the place, less the whole edge where the way to ``node`` includes it.
    """

    start: Ints
    edge: Ints
    fraction: Floats
    node: Ints
    ms: Ints

    def rows(self, place: int) -> slice:
        last = place + 1 == len(self.start)
        return slice(int(self.start[place]), len(self.node) if last else int(self.start[place + 1]))


@dataclass(frozen=True)
class Ends:
    """``edge`` and ``fraction`` per place, on the lower edge of a two-way street."""

    edge: Ints
    fraction: Floats
    edge_ms: Ints
    back_ms: Ints
    leave: Doors
    arrive: Doors


class Way(NamedTuple):
    """The fastest way between two places. ``leave`` and ``arrive`` are rows of doors, None for a drive
    along one street; ``arcs`` lie between their nodes."""

    ms: int
    leave: int | None
    arrive: int | None
    arcs: tuple[int, ...]


def ends(network: RoadNetwork, graph: RoadGraph, snaps: Sequence[Snap]) -> Ends:
    """Places on the back edge of a street are put on its front edge, so that one street is one edge."""
    edge = np.array([snap.edge for snap in snaps], dtype=np.int64)
    fraction = np.array([snap.fraction for snap in snaps], dtype=np.float64)
    back = network.edge_reverse[edge].astype(np.int64)
    turned = (back >= 0) & (back < edge)
    edge, back = np.where(turned, back, edge), np.where(turned, edge, back)
    fraction = np.where(turned, 1 - fraction, fraction)
    place, along, share = _sides(edge, back, fraction)
    return Ends(
        edge=edge,
        fraction=fraction,
        edge_ms=graph.edge_ms[edge],
        back_ms=np.where(back >= 0, graph.edge_ms[back], FAR),
        leave=_leaving(graph, place, along, share),
        arrive=_arriving(graph, place, along, share),
    )


def _sides(edge: Ints, back: Ints, fraction: Floats) -> tuple[Ints, Ints, Floats]:
    """Place, directed edge and fraction along it, for each direction one can drive at each place."""
    both = np.stack([edge, back], axis=1).ravel()
    shares = np.stack([fraction, 1 - fraction], axis=1).ravel()
    place = np.repeat(np.arange(len(edge)), 2)
    there = both >= 0
    return place[there], both[there], shares[there]


def _leaving(graph: RoadGraph, place: Ints, edge: Ints, fraction: Floats) -> Doors:
    ms = part(1 - fraction, graph.edge_ms[edge])
    return Doors(_starts(place), edge, fraction, graph.exits[edge], ms)


def _arriving(graph: RoadGraph, place: Ints, edge: Ints, fraction: Floats) -> Doors:
    counts = graph.entry_start[edge + 1] - graph.entry_start[edge]
    row = np.repeat(np.arange(len(edge)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    node = graph.entry_node[np.repeat(graph.entry_start[edge], counts) + within]
    whole = graph.edge_ms[edge] if graph.whole_edge else 0
    # Part by the rest, as when leaving, so that both parts of an edge add up to the whole.
    ms = graph.edge_ms[edge] - part(1 - fraction, graph.edge_ms[edge]) - whole
    return Doors(_starts(place[row]), edge[row], fraction[row], node, ms[row])


def _starts(place: Ints) -> Ints:
    return np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]])) if len(place) else place


def part(fraction: Floats, whole: Ints) -> Ints:
    """A part of an edge, to the nearest whole."""
    return np.asarray(np.rint(fraction * whole).astype(np.int64))


@dataclass(frozen=True)
class Fastest:
    """The fastest ways from every start to every goal, in whole milliseconds.

    ``along`` (S, T) is by the street both lie on, ``by_doors`` (rows of ``starts.leave``, rows of
    ``goals.arrive``) by the graph; ``FAR`` and more where there is no such way.
    """

    starts: Ends
    goals: Ends
    along: Ints
    by_doors: Ints

    @property
    def ms(self) -> Ints:
        """(S, T)"""
        by_start = np.minimum.reduceat(self.by_doors, self.starts.leave.start, axis=0)
        return np.minimum(np.minimum.reduceat(by_start, self.goals.arrive.start, axis=1), self.along)

    def way(self, engine: Engine, graph: RoadGraph, start: int, goal: int) -> Way:
        """The way of one pair. Ties fall to the street itself, then to the earlier door."""
        out, into = self.starts.leave.rows(start), self.goals.arrive.rows(goal)
        totals = self.by_doors[out, into]
        along, best = int(self.along[start, goal]), int(totals.min())
        if along <= best:
            return Way(along, None, None, ())
        if best >= FAR:
            return Way(FAR, None, None, ())
        row, column = divmod(int(totals.argmin()), totals.shape[1])
        leave, arrive = out.start + row, into.start + column
        source, target = int(self.starts.leave.node[leave]), int(self.goals.arrive.node[arrive])
        return Way(best, leave, arrive, tuple(_arcs(engine, graph, source, target)))


def fastest(engine: Engine, graph: RoadGraph, starts: Ends, goals: Ends) -> Fastest:
    """Neither may be empty."""
    return Fastest(starts, goals, direct_ms(starts, goals), _totals(engine, graph, starts, goals))


def direct_ms(starts: Ends, goals: Ends) -> Ints:
    """Milliseconds along the shared edge, ``FAR`` where there is none or it is one-way."""
    step = goals.fraction[None, :] - starts.fraction[:, None]
    same = starts.edge[:, None] == goals.edge[None, :]
    ahead = step >= 0
    length = np.where(ahead, starts.edge_ms[:, None], starts.back_ms[:, None])
    blocked = ~same | (~ahead & (starts.back_ms[:, None] >= FAR))
    return np.where(blocked, FAR, np.rint(np.abs(step) * length).astype(np.int64))


def _totals(engine: Engine, graph: RoadGraph, starts: Ends, goals: Ends) -> Ints:
    leave, arrive = starts.leave, goals.arrive
    between = engine.times(leave.node, arrive.node)
    between = np.where(between >= UNREACHABLE_MS, FAR, between)
    if graph.whole_edge:
        _round_the_block(engine, graph, leave.node, arrive.node, between)
    # Arriving can take away the rest of an edge: what is out of reach must not come nearer by that.
    return np.where(between >= FAR, FAR, leave.ms[:, None] + between + arrive.ms[None, :])


def _round_the_block(engine: Engine, graph: RoadGraph, sources: Ints, targets: Ints, between: Ints) -> None:
    """In the turn graph a way from an edge to itself is no way at all, but one around to it again."""
    rows, columns = np.nonzero(sources[:, None] == targets[None, :])
    for node in np.unique(sources[rows]).tolist():
        ms, _, _ = _loop(engine, graph, node)
        here = sources[rows] == node
        between[rows[here], columns[here]] = ms


def _loop(engine: Engine, graph: RoadGraph, node: int) -> tuple[int, int, int]:
    """The fastest way from a node back to it by at least one arc: milliseconds, first arc, its head."""
    start, order = graph.arcs_out
    first = order[start[node] : start[node + 1]]
    if not len(first):
        return FAR, -1, node
    heads = graph.arcs.head[first]
    rest = engine.times(heads, np.array([node]))[:, 0]
    totals = np.where(rest >= UNREACHABLE_MS, FAR, rest + graph.arcs.ms[first])
    best = int(totals.argmin())
    return int(totals[best]), int(first[best]), int(heads[best])


def _arcs(engine: Engine, graph: RoadGraph, source: int, target: int) -> list[int]:
    if graph.whole_edge and source == target:
        _, first, head = _loop(engine, graph, source)
        return [first, *engine.path(head, target)]
    return engine.path(source, target)
