"""Roads measured side by side on the demo network: ``python -m bench.roads [--places N]``.

Ratios are what counts, the seconds are this machine's. The last line is one JSON object.
``python -m bench.roads --pbf FILE --oracle FILE.npz [--drive-on right]`` compares with OSRM instead.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import networkx as nx
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.oracle import agreement
from routing.maps import base_roads
from routing.network import RoadNetwork, load, snap
from routing.network.roads import E7
from routing.travel import Driving, RoadTravel
from routing.travel.engines import CchEngine, ScipyEngine
from routing.travel.graphs import ArcGraph, road_graph
from routing.types import Place, Snap

NETWORK = Path(__file__).resolve().parent.parent / "planner" / "demo" / "la-serena-coquimbo.npz"
NETWORKX_SOURCES = 3
"""networkx is measured on a few sources and scaled up: it is that slow."""

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def random_places(network: RoadNetwork, count: int) -> list[Place]:
    random = np.random.default_rng(1)
    nodes = network.node_e7[random.integers(0, network.node_count, count)] / E7
    return [Place(lon, lat) for lon, lat in (nodes + random.normal(0, 3e-4, (count, 2))).tolist()]


def networkx_matrix(graph: ArcGraph, count: int) -> float:
    """Seconds for a matrix of ``count`` places, from a few rows of it."""
    arcs = nx.DiGraph()
    for tail, head, ms in zip(graph.tail.tolist(), graph.head.tolist(), graph.ms.tolist(), strict=True):
        if ms < arcs.get_edge_data(tail, head, {"weight": ms + 1})["weight"]:
            arcs.add_edge(tail, head, weight=ms)
    rows = [
        lambda source=source: nx.single_source_dijkstra(arcs, source) for source in range(NETWORKX_SOURCES)
    ]
    return sum(timed(row)[0] for row in rows) / NETWORKX_SOURCES * count


def measure(count: int) -> dict[str, float]:
    """Seconds by name."""
    load_s, network = timed(lambda: load(NETWORK))
    places = random_places(network, count)
    tree_s, _ = timed(lambda: snap(network, places[:1]))
    snap_s, answers = timed(lambda: snap(network, places))
    snaps = [answer for answer in answers if isinstance(answer, Snap)]
    driving = Driving(turns=False)
    graph = road_graph(network, driving).arcs
    build_s, fast = timed(lambda: CchEngine(graph))
    nodes = np.array([network.edge_head[place.edge] for place in snaps], dtype=np.int64)
    cch_s, ours = timed(lambda: fast.times(nodes, nodes))
    scipy_s, theirs = timed(lambda: ScipyEngine(graph).times(nodes, nodes))
    assert (ours == theirs).all(), "the engines disagree"
    travel = RoadTravel(network, driving, fast)
    leg_s, _ = timed(lambda: [travel.leg(snaps[0], goal) for goal in snaps])
    return {
        "load the network": load_s,
        "build the search tree": tree_s,
        f"snap {count} places": snap_s,
        "build the fast engine": build_s,
        "times, fast engine": cch_s,
        "times, scipy": scipy_s,
        "times, networkx (scaled)": networkx_matrix(graph, count),
        "matrix": timed(lambda: travel.matrix(snaps))[0],
        "matrix with turns, engine built": turning(network, snaps),
        "one leg with its path": leg_s / len(snaps),
        "base roads of the town": timed(lambda: base_roads(network, network.bounds))[0],
    }


def turning(network: RoadNetwork, snaps: list[Snap]) -> float:
    """Seconds for a matrix on the turn graph, once its engine stands."""
    travel = RoadTravel(network, Driving())
    travel.matrix(snaps[:2])
    return timed(lambda: travel.matrix(snaps))[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=230)
    parser.add_argument("--pbf", type=Path)
    parser.add_argument("--oracle", type=Path)
    parser.add_argument("--drive-on", choices=["left", "right"], default="right")
    chosen = parser.parse_args()
    if (chosen.pbf is None) != (chosen.oracle is None):
        parser.error("--pbf and --oracle go together")
    if chosen.pbf is not None:
        print(json.dumps(agreement(chosen.pbf, chosen.oracle, chosen.drive_on)))
        return
    seconds = measure(chosen.places)
    table = Table("Demo network", "Seconds")
    for name, value in seconds.items():
        table.add_row(name, f"{value:.4f}")
    Console().print(table)
    fast = seconds["times, fast engine"]
    ratios = {
        "networkx_over_fast": seconds["times, networkx (scaled)"] / fast,
        "scipy_over_fast": seconds["times, scipy"] / fast,
        "build_over_load": seconds["build the fast engine"] / seconds["load the network"],
        "network_bytes": NETWORK.stat().st_size,
    }
    print(json.dumps({name: round(value, 1) for name, value in ratios.items()}))


if __name__ == "__main__":
    main()
