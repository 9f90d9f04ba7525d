"""The two ends of a drive: from a place to the ends of its street, and which pair of ends is fastest.

A place lies within an edge, so one may leave it by the edge's head or, where the street is driven
both ways, back by its tail; arriving likewise. With the drive along one and the same edge these are
five candidates. All is in whole milliseconds and millimetres, so sums are exact, and ties always
fall to the earlier candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.network.roads import Floats, Ints, RoadNetwork
from routing.travel.engines import UNREACHABLE_MS, ArcGraph, Engine
from routing.types import Snap

FAR = 2**40
"""Milliseconds or millimetres beyond any drive, small enough to be added up."""

DIRECT = 0


class Candidate(NamedTuple):
    """Leave by ``leave`` (0 head, 1 tail) and arrive at ``arrive`` (0 tail, 1 head) of the two edges."""

    leave: int
    arrive: int


CANDIDATES = (Candidate(0, 0), Candidate(0, 1), Candidate(1, 0), Candidate(1, 1))
"""Candidates 1 to 4; candidate 0 is ``DIRECT``."""


@dataclass(frozen=True)
class Ends:
    """Places on the network, as rows. Columns of the (n, 2) arrays are the two ways out or in."""

    edge: Ints
    fraction: Floats
    edge_ms: Ints
    edge_mm: Ints
    back_ms: Ints
    back_mm: Ints
    leave_node: Ints
    leave_ms: Ints
    leave_mm: Ints
    arrive_node: Ints
    arrive_ms: Ints
    arrive_mm: Ints


@dataclass(frozen=True)
class Choice:
    """For each pair (S, T): milliseconds in all and the candidate they come from."""

    ms: Ints
    candidate: Ints


def ends(network: RoadNetwork, graph: ArcGraph, snaps: Sequence[Snap]) -> Ends:
    """``graph`` holds the weights in use, one arc per edge.

    Places on the back edge of a street are put on its front edge, so that one street is one edge.
    """
    edge = np.array([snap.edge for snap in snaps], dtype=np.int64)
    fraction = np.array([snap.fraction for snap in snaps], dtype=np.float64)
    back = network.edge_reverse[edge].astype(np.int64)
    turned = (back >= 0) & (back < edge)
    edge, back = np.where(turned, back, edge), np.where(turned, edge, back)
    fraction = np.where(turned, 1 - fraction, fraction)
    ahead_ms, ahead_mm = graph.ms[edge], graph.mm[edge]
    back_ms, back_mm = np.where(back >= 0, graph.ms[back], FAR), np.where(back >= 0, graph.mm[back], FAR)
    tail, head = graph.tail[edge], graph.head[edge]
    return Ends(
        edge=edge,
        fraction=fraction,
        edge_ms=ahead_ms,
        edge_mm=ahead_mm,
        back_ms=back_ms,
        back_mm=back_mm,
        leave_node=np.stack([head, tail], axis=1),
        leave_ms=np.stack([_share(1 - fraction, ahead_ms), _share(fraction, back_ms)], axis=1),
        leave_mm=np.stack([_share(1 - fraction, ahead_mm), _share(fraction, back_mm)], axis=1),
        arrive_node=np.stack([tail, head], axis=1),
        arrive_ms=np.stack([_share(fraction, ahead_ms), _share(1 - fraction, back_ms)], axis=1),
        arrive_mm=np.stack([_share(fraction, ahead_mm), _share(1 - fraction, back_mm)], axis=1),
    )


def choose(engine: Engine, starts: Ends, goals: Ends) -> Choice:
    """The fastest candidate of every pair, by one many-to-many question to the engine."""
    between = engine.times(starts.leave_node.T.ravel(), goals.arrive_node.T.ravel())
    rows, columns = len(starts.edge), len(goals.edge)
    between = np.where(between >= UNREACHABLE_MS, FAR, between).reshape(2, rows, 2, columns)
    totals = [direct(starts, goals)[0]]
    for leave, arrive in CANDIDATES:
        totals.append(
            starts.leave_ms[:, leave, None] + between[leave, :, arrive] + goals.arrive_ms[None, :, arrive]
        )
    stacked = np.stack(totals)
    candidate = stacked.argmin(axis=0)
    return Choice(np.take_along_axis(stacked, candidate[None], axis=0)[0], candidate)


def direct(starts: Ends, goals: Ends) -> tuple[Ints, Ints]:
    """Milliseconds and millimetres along the shared edge, ``FAR`` where there is none or it is one-way."""
    step = goals.fraction[None, :] - starts.fraction[:, None]
    same = starts.edge[:, None] == goals.edge[None, :]
    ahead = step >= 0
    both = []
    for one_way, back in ((starts.edge_ms, starts.back_ms), (starts.edge_mm, starts.back_mm)):
        blocked = ~ahead & (back[:, None] >= FAR)
        length = np.where(ahead, one_way[:, None], back[:, None])
        both.append(np.where(same & ~blocked, np.rint(np.abs(step) * length).astype(np.int64), FAR))
    return both[0], both[1]


def choice_mm(engine: Engine, starts: Ends, goals: Ends, choice: Choice) -> Ints:
    """Millimetres along the very ways ``choice`` chose (S, T); ``FAR`` where there is none."""
    mm = np.where(choice.candidate == DIRECT, direct(starts, goals)[1], FAR)
    for number, (leave, arrive) in enumerate(CANDIDATES, start=1):
        rows, columns = np.nonzero((choice.candidate == number) & (choice.ms < FAR))
        nodes = starts.leave_node[rows, leave], goals.arrive_node[columns, arrive]
        driven = _path_mm(engine, *nodes)
        mm[rows, columns] = starts.leave_mm[rows, leave] + driven + goals.arrive_mm[columns, arrive]
    return mm


def _path_mm(engine: Engine, sources: Ints, targets: Ints) -> Ints:
    """Each pair of crossings is asked once, however many places share it."""
    pairs, back = np.unique(np.stack([sources, targets]), axis=1, return_inverse=True)
    return engine.path_mm(pairs[0], pairs[1])[np.ravel(back)]


def _share(fraction: Floats, whole: Ints) -> Ints:
    """A part of an edge, to the nearest whole; no way stays no way."""
    return np.where(whole >= FAR, FAR, np.rint(fraction * whole).astype(np.int64))
