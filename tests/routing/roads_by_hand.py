"""Small road networks whose answers can be worked out on paper, and a judge that walks them.

``town``: crossings 1 to 5 on a street of 70 m per 0.001 degrees (latitude 51).

    1 ══ 2 ──▶ 3        1-2 two-way 100 m 10 s, 2-3 one-way 200 m 10 s,
    ▲    ║     │        3-4 one-way 300 m 40 s, 4-1 one-way 400 m 50 s,
    │    5     ▼        2-5 a dead end 60 m 6 s
    └───────── 4
"""

from __future__ import annotations

import heapq
from pathlib import Path

import networkx as nx
import numpy as np

from routing.network.assemble import Origin, RoadEdge, assemble
from routing.network.roads import NO_REVERSE, RoadNetwork
from routing.travel.driving import Driving, edge_ms
from routing.travel.turns import open_turns, turn_ms
from routing.types import Snap

DEMO_NETWORK = Path(__file__).resolve().parents[2] / "planner" / "demo" / "la-serena-coquimbo.npz"

ORIGIN = Origin(name="town", source="drawn by hand", source_date="2026-01-01")

CROSSINGS = {
    1: (10.000, 51.000),
    2: (10.001, 51.000),
    3: (10.002, 51.000),
    4: (10.001, 50.998),
    5: (10.001, 50.9995),
}


def road(
    tail: int, head: int, metres: float, seconds: float, street: str = "", road_class: str = "residential"
) -> RoadEdge:
    points = np.array([CROSSINGS[tail], CROSSINGS[head]])
    return RoadEdge(tail, head, metres, seconds, road_class, street, points)


TOWN_ROADS = (
    road(1, 2, 100, 10, "High Street"),
    road(2, 1, 100, 10, "High Street"),
    road(2, 3, 200, 10, "One Way Road", "primary"),
    road(3, 4, 300, 40),
    road(4, 1, 400, 50, "Ring"),
    road(2, 5, 60, 6, "Blind Alley"),
    road(5, 2, 60, 6, "Blind Alley"),
)


def town() -> RoadNetwork:
    return assemble(CROSSINGS, TOWN_ROADS, ORIGIN)


def edge_of(network: RoadNetwork, tail: int, head: int) -> int:
    """The position of an edge of the town between two crossings, by their numbers from 1."""
    match = (network.edge_tail == tail - 1) & (network.edge_head == head - 1)
    return int(np.flatnonzero(match)[0])


def on(network: RoadNetwork, tail: int, head: int, fraction: float) -> Snap:
    return Snap(edge_of(network, tail, head), fraction, 0, "", 0.0, 0.0)


def walked_ms(network: RoadNetwork, ms: np.ndarray, start: Snap, goal: Snap) -> int | None:
    """The judge: both places become crossings of their own, and Dijkstra's algorithm runs in plain Python."""
    graph = nx.MultiDiGraph()
    ends = list(zip(network.edge_tail.tolist(), network.edge_head.tolist(), strict=True))
    for edge, (tail, head) in enumerate(ends):
        graph.add_edge(tail, head, weight=int(ms[edge]))
    for name, snap, leaving in (("start", start, True), ("goal", goal, False)):
        for edge, fraction in _sides(network, snap):
            tail, head = ends[edge]
            if leaving:
                graph.add_edge(name, head, weight=int(np.rint((1 - fraction) * ms[edge])))
            else:
                graph.add_edge(tail, name, weight=int(np.rint(fraction * ms[edge])))
    for edge, begin in _sides(network, start):
        for other, end in _sides(network, goal):
            if edge == other and end >= begin:
                graph.add_edge("start", "goal", weight=int(np.rint((end - begin) * ms[edge])))
    try:
        return int(nx.dijkstra_path_length(graph, "start", "goal"))
    except nx.NetworkXNoPath:
        return None


def walked_with_turns(network: RoadNetwork, driving: Driving, start: Snap, goal: Snap) -> int | None:
    """The judge with turns: every way of edges, remembered as far back as the longest restriction reaches,
    by Dijkstra's algorithm in plain Python. Milliseconds, or None."""
    ms = edge_ms(network, driving).tolist()
    turns = open_turns(network)
    costs = turn_ms(network, turns, driving.turn_seconds).tolist()
    price = dict(zip(zip(turns.before.tolist(), turns.after.tolist(), strict=True), costs, strict=True))
    bounds = zip(network.ban_start[:-1], network.ban_start[1:], strict=True)
    # Bans of two edges are gone from the open turns, but for those that would have made a trap.
    bans = {tuple(network.ban_edge[a:b].tolist()) for a, b in bounds if b - a > 2}
    memory = max((len(ban) for ban in bans), default=2) - 1
    best, queue = [_along(network, ms, start, goal)], []
    goals = dict(_sides(network, goal))
    for edge, fraction in _sides(network, start):
        heapq.heappush(queue, (int(np.rint((1 - fraction) * ms[edge])), (edge,)))
    settled = set()
    while queue:
        taken, way = heapq.heappop(queue)
        if way in settled:
            continue
        settled.add(way)
        for after in (after for before, after in price if before == way[-1]):
            longer = (*way, after)
            if any(longer[at:] in bans for at in range(len(way))):
                continue
            arrived = taken + price[way[-1], after]
            if after in goals:
                best.append(arrived + ms[after] - int(np.rint((1 - goals[after]) * ms[after])))
            heapq.heappush(queue, (arrived + ms[after], longer[-memory:]))
    return min((value for value in best if value is not None), default=None)


def _along(network: RoadNetwork, ms: list[int], start: Snap, goal: Snap) -> int | None:
    """Along the street both lie on, where that is allowed."""
    return min(
        (
            int(np.rint((end - begin) * ms[edge]))
            for edge, begin in _sides(network, start)
            for other, end in _sides(network, goal)
            if edge == other and end >= begin
        ),
        default=None,
    )


def _sides(network: RoadNetwork, snap: Snap) -> list[tuple[int, float]]:
    back = int(network.edge_reverse[snap.edge])
    sides = [(snap.edge, snap.fraction)]
    return sides if back == NO_REVERSE else [*sides, (back, 1 - snap.fraction)]
