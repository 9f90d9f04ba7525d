"""Turning at crossings: by how much, which turns are open, and what a turn costs.

Angles are degrees from straight on, positive to the right. Nobody turns round but at dead ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from routing.network.roads import E7, NO_REVERSE, Floats, Ints, RoadNetwork

BIAS = 1.075
"""How much dearer a turn across the oncoming traffic is; OSRM's car profile."""

U_TURN_SECONDS = 20.0
"""What turning round costs on top, as in OSRM's car profile."""

LOOK_METRES = 15.0
"""A road's direction at a crossing is taken over its first metres: map points can lie very close."""


@dataclass(frozen=True)
class Turns:
    """From edge ``before`` to edge ``after``, for every turn that is open to cars; one row each."""

    before: Ints
    after: Ints
    is_u_turn: np.ndarray[tuple[int], np.dtype[np.bool_]]


def open_turns(network: RoadNetwork) -> Turns:
    """All pairs of edges that meet, without turning round except where there is no other way on.

    Restrictions of two edges are taken out here; longer ones are for ``routing.travel.graphs``.
    """
    before, after = _meetings(network)
    u_turn = network.edge_reverse[before] == after
    banned = np.isin(_key(network, before, after), _key(network, *_banned_pairs(network)))
    onward = np.bincount(before[~u_turn & ~banned], minlength=network.edge_count)
    # Turning round also where restrictions leave no other way on: a trap would be worse.
    is_open = ~banned & (~u_turn | (onward[before] == 0))
    is_open |= u_turn & (onward[before] == 0)
    return Turns(before[is_open], after[is_open], u_turn[is_open])


def long_bans(network: RoadNetwork) -> list[Sequence[int]]:
    """Banned sequences of three and more edges."""
    starts = network.ban_start.astype(np.int64)
    return [
        network.ban_edge[begin:end].tolist() for begin, end in pairwise(starts.tolist()) if end - begin > 2
    ]


def turn_ms(network: RoadNetwork, turns: Turns, turn_seconds: float) -> Ints:
    """Whole milliseconds that each turn costs: a sigmoid of its angle where more than two roads meet.

    The formula and its figures are those of OSRM's car profile; on the left-hand side of the road the
    bias is turned over.
    """
    bias = 1 / BIAS if network.drives_on == "left" else BIAS
    angle = turn_angles(network, turns)
    right = turn_seconds / (1 + np.exp(-(13 / bias * angle / 180 - 6.5 * bias)))
    left = turn_seconds / (1 + np.exp(-(13 * bias * -angle / 180 - 6.5 / bias)))
    seconds = np.where(angle >= 0, right, left)
    meeting = _roads_meeting(network)[network.edge_tail[turns.after]] > 2
    seconds = np.where(meeting | turns.is_u_turn, seconds, 0.0)
    if turn_seconds > 0:
        seconds = seconds + np.where(turns.is_u_turn, U_TURN_SECONDS, 0.0)
    return np.asarray(np.rint(seconds * 1000).astype(np.int64))


def turn_angles(network: RoadNetwork, turns: Turns) -> Floats:
    """Degrees from straight on, -180 to 180."""
    arriving, leaving = _headings(network)
    return np.asarray((leaving[turns.after] - arriving[turns.before] + 180) % 360 - 180)


def _meetings(network: RoadNetwork) -> tuple[Ints, Ints]:
    """Each edge with each edge that leaves where it ends, in the order of both."""
    tail, head = network.edge_tail.astype(np.int64), network.edge_head.astype(np.int64)
    order = np.argsort(tail, kind="stable")
    starts = np.searchsorted(tail[order], np.arange(network.node_count + 1))
    counts = (starts[1:] - starts[:-1])[head]
    before = np.repeat(np.arange(network.edge_count), counts)
    within = np.arange(len(before)) - np.repeat(np.cumsum(counts) - counts, counts)
    return before, order[np.repeat(starts[:-1][head], counts) + within]


def _banned_pairs(network: RoadNetwork) -> tuple[Ints, Ints]:
    starts = network.ban_start.astype(np.int64)
    pairs = starts[:-1][np.diff(starts) == 2]
    return network.ban_edge[pairs].astype(np.int64), network.ban_edge[pairs + 1].astype(np.int64)


def _key(network: RoadNetwork, before: Ints, after: Ints) -> Ints:
    return before * network.edge_count + after


def _roads_meeting(network: RoadNetwork) -> Ints:
    """Per crossing the number of roads, one-way or not, that end or begin there."""
    edges = np.arange(network.edge_count)
    once = (network.edge_reverse == NO_REVERSE) | (network.edge_reverse > edges)
    ends = np.concatenate([network.edge_tail[once], network.edge_head[once]])
    return np.bincount(ends, minlength=network.node_count)


def _headings(network: RoadNetwork) -> tuple[Floats, Floats]:
    """Compass degrees in which each edge arrives at its head and leaves its tail."""
    points = network.plane.metres(network.shape_e7 / E7)
    starts = network.shape_start.astype(np.int64)
    first, last = starts[:-1], starts[1:] - 1
    leaving = _ahead(points, first, last, 1) - points[first]
    arriving = points[last] - _ahead(points, last, first, -1)
    return _compass(arriving), _compass(leaving)


def _ahead(points: Floats, begin: Ints, end: Ints, step: int) -> Floats:
    """The spot ``LOOK_METRES`` along each line from ``begin`` towards ``end``, or its end."""
    at, left = begin.copy(), np.full(len(begin), float(LOOK_METRES))
    spot = points[begin].copy()
    going = np.arange(len(begin))
    while going.size:
        here, there = points[at[going]], points[at[going] + step]
        length = np.hypot(*(there - here).T)
        share = np.divide(left[going], length, out=np.ones_like(length), where=length > 0)
        spot[going] = here + (there - here) * np.minimum(share, 1)[:, None]
        left[going] -= length
        at[going] += step
        going = going[(left[going] > 0) & (at[going] != end[going])]
    return spot


def _compass(way: Floats) -> Floats:
    return np.asarray(np.degrees(np.arctan2(way[:, 0], way[:, 1])))
