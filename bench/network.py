"""The roads' bar, side by side in one run: ``python -m bench.network [--instances DIR] [--pbf FILE]``.

Without a file the largest extract of ``DIR`` or ``ROUNDS_BENCH_DATA`` (or of ``osm`` in it) is taken, and
without any the demo network, for which the rows that need a map file are left out. A table, then a JSON line
per row.

networkx is measured on a few sources and scaled up, and said so. OSRM's table comes over HTTP; its row says
the share that HTTP is. Tiling lays the network side by side, joined by streets, for a country's size.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import networkx as nx
import numpy as np
import osmnx as ox
from rich.console import Console
from rich.table import Table

from bench import osrm_server
from bench.roads import NETWORK, random_places
from bench.tiles import tiled
from routing.network import RoadNetwork, current, install, load, shelf, snap
from routing.network.assemble import Origin
from routing.network.osm_file import file_network
from routing.travel import Driving, RoadTravel
from routing.travel.engines import CchEngine
from routing.travel.graphs import road_graph
from routing.types import Snap

PLACES, PATHS = 500, 10_000
NETWORKX_SOURCES = 5
NODES = Driving(speed_factor=1, turns=False, signal_seconds=0)
TURNS = Driving(speed_factor=1, signal_seconds=0)

Row = dict[str, Any]
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def on_roads(network: RoadNetwork, count: int) -> list[Snap]:
    return [found for found in snap(network, random_places(network, count)) if isinstance(found, Snap)]


def building(pbf: Path, by_osmnx: bool) -> tuple[RoadNetwork, Row, nx.MultiDiGraph | None]:
    """Map file to network, ours and, where asked for, by OSMnx's own way."""
    ours, network = timed(lambda: file_network(pbf, Origin(pbf.stem.split(".")[0].lower(), pbf.name, "")))
    row: Row = {"row": "map file to network", "file": pbf.name, "nodes": network.node_count, "seconds": ours}
    if not by_osmnx:
        return network, row, None
    from tests.routing.osmnx_judge import by_osmnx as judged

    theirs, graph = timed(lambda: judged(pbf))
    return network, {**row, "osmnx_seconds": theirs, "osmnx_over_ours": theirs / ours}, graph


def loading(folder: Path, network: RoadNetwork, graph: nx.MultiDiGraph | None) -> Row:
    """A start from the stored network, beside GraphML's."""
    path = install(folder, network)
    current(folder, network.name)
    code = (
        "import sys,time;from pathlib import Path;from routing.network import current;b=time.perf_counter();"
    )
    code += "n=current(Path(sys.argv[1]),sys.argv[2]);n.edge_ms.sum();print(time.perf_counter()-b)"
    command = [sys.executable, "-c", code, str(folder), network.name]
    ours = min(float(subprocess.check_output(command, text=True)) for _ in range(3))
    row: Row = {"row": "start from the stored network", "seconds": ours, "bytes": path.stat().st_size}
    if graph is None:
        return row
    ox.save_graphml(graph, folder / "graph.graphml")
    theirs, _ = timed(lambda: ox.load_graphml(folder / "graph.graphml"))
    size = (folder / "graph.graphml").stat().st_size
    return {**row, "graphml_over_ours": theirs / ours, "graphml_bytes_over_ours": size / row["bytes"]}


def matrix(network: RoadNetwork) -> Row:
    """From the points of streets, every pair; beside networkx between crossings, to the millisecond."""
    snaps = on_roads(network, PLACES)
    travel = RoadTravel(network, NODES)
    travel.matrix(snaps[:2])
    ours = min(timed(lambda: travel.matrix(snaps))[0] for _ in range(3))
    turning = RoadTravel(network, TURNS)
    turning.matrix(snaps[:2])
    with_turns = min(timed(lambda: turning.matrix(snaps))[0] for _ in range(3))
    arcs = road_graph(network, NODES).arcs
    graph = nx.DiGraph()
    for tail, head, ms in zip(arcs.tail.tolist(), arcs.head.tolist(), arcs.ms.tolist(), strict=True):
        if ms < graph.get_edge_data(tail, head, {"weight": ms + 1})["weight"]:
            graph.add_edge(tail, head, weight=ms)
    nodes = np.array([network.edge_head[place.edge] for place in snaps], dtype=np.int64)
    times = CchEngine(arcs).times(nodes[:NETWORKX_SOURCES], nodes)
    seconds, rows = timed(
        lambda: [nx.single_source_dijkstra_path_length(graph, n) for n in nodes[:NETWORKX_SOURCES]]
    )
    worst = max(
        abs(row[int(node)] - int(times[i, j])) for i, row in enumerate(rows) for j, node in enumerate(nodes)
    )
    theirs = seconds / NETWORKX_SOURCES * len(snaps)
    return {
        "row": f"{PLACES} × {PLACES} places",
        "seconds": ours,
        "with_turns_seconds": with_turns,
        "networkx_seconds_scaled_from_sources": NETWORKX_SOURCES,
        "networkx_over_ours": theirs / ours,
        "worst_ms_at_nodes": worst,
    }


def beside_osrm(network: RoadNetwork, folder: Path) -> Row:
    row = f"{PLACES} × {PLACES} places beside OSRM's contraction hierarchies"
    try:
        programs = osrm_server.find_programs(folder / "programs")
    except osrm_server.NoOsrm as absent:
        return {"row": row, "left_out": str(absent)}
    snaps = on_roads(network, PLACES)
    base = osrm_server.prepare(network, NODES, folder / "osrm", programs)
    lonlat = [(place.lon, place.lat) for place in snaps]
    travel = RoadTravel(network, NODES)
    travel.matrix(snaps[:2])
    with osrm_server.running(base, programs) as server:
        theirs = min(osrm_server.table_seconds(server, lonlat)[1] for _ in range(3))
        http = osrm_server.http_share(server, lonlat)
    ours = min(timed(lambda: travel.matrix(snaps))[0] for _ in range(3))
    return {
        "row": row,
        "seconds": ours,
        "osrm_seconds": theirs,
        "ours_over_osrm": ours / theirs,
        "http_share": http,
    }


def paths(network: RoadNetwork) -> Row:
    """Random ways walked edge by edge: their times against the matrix, their metres against a second sum."""
    travel = RoadTravel(network, TURNS)
    snaps = on_roads(network, 2 * PLACES)
    found = travel.matrix(snaps)
    pairs = np.random.default_rng(2).integers(0, len(snaps), (PATHS, 2)).tolist()
    walked, metres = timed(lambda: [found.metres[a, b] for a, b in pairs])
    wrong = [
        (a, b)
        for (a, b), by_matrix in zip(pairs, metres, strict=True)
        if a != b
        and ((leg := travel.leg(snaps[a], snaps[b])).seconds, leg.metres) != (found.seconds[a, b], by_matrix)
    ]
    return {"row": f"{PATHS} paths", "seconds": walked, "mismatches_of_time_or_metres": len(wrong)}


def _leg(travel: RoadTravel, start: Snap, goal: Snap) -> tuple[int, int]:
    leg = travel.leg(start, goal)
    return leg.seconds, leg.metres


def memory(folder: Path, network: RoadNetwork) -> Row:
    """A worker's own memory, and what it shares, with the network loaded and its engine asked."""
    shelf(folder, network)
    code = (
        "import sys;from pathlib import Path;from routing.network import current,shelf,snap;"
        "from routing.travel import Driving,RoadTravel;from bench.network import on_roads,kib;"
        "before=kib();folder=Path(sys.argv[1]);n=current(folder,sys.argv[2]);"
        "t=RoadTravel(n,Driving(),shelf=shelf(folder,n));t.matrix(on_roads(n,50));after=kib();"
        "print(after[0]-before[0],after[1])"
    )
    command = [sys.executable, "-c", code, str(folder), network.name]
    for _ in range(2):  # The first builds what the second finds on the shelf.
        own, shared = map(int, subprocess.check_output(command, text=True).split())
    return {"row": "memory of a worker", "own_mb_beyond_python": own / 1024, "shared_mb": shared / 1024}


def kib() -> tuple[int, int]:
    """Private and shared resident memory of this process."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return sizes["Private_Clean"] + sizes["Private_Dirty"], sizes["Shared_Clean"] + sizes["Shared_Dirty"]


def large(folder: Path, network: RoadNetwork, side: int) -> Row:
    """Warm start (network and engine from the shelf) and a matrix, in a process of its own."""
    wide = tiled(network, side)
    install(folder, wide)
    code = (
        "import sys,time;from pathlib import Path;from routing.network import current,shelf;"
        "from routing.travel import RoadTravel;from bench.network import NODES,on_roads,PLACES;"
        "b=time.perf_counter();folder=Path(sys.argv[1]);n=current(folder,'tiled');"
        "t=RoadTravel(n,NODES,shelf=shelf(folder,n));t._engine;start=time.perf_counter()-b;"
        "s=on_roads(n,PLACES);t.matrix(s[:2]);b=time.perf_counter();t.matrix(s);print(start,time.perf_counter()-b)"
    )
    command = [sys.executable, "-c", code, str(folder)]
    first, _ = map(float, subprocess.check_output(command, text=True).split())
    warm, seconds = map(float, subprocess.check_output(command, text=True).split())
    return {
        "row": f"{PLACES} × {PLACES} places on {side} × {side} tiles",
        "nodes": wide.node_count,
        "first_start_seconds": first,
        "warm_start_seconds": warm,
        "seconds": seconds,
    }


def rows(pbf: Path | None, tiles: int, by_osmnx: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder, graph = Path(name), None
        if pbf is None:
            network = load(NETWORK)
        else:
            network, row, graph = building(pbf, by_osmnx)
            yield row
        yield loading(folder, network, graph)
        del graph
        yield matrix(network)
        yield beside_osrm(network, folder)
        yield paths(network)
        yield memory(folder, network)
        if tiles > 1:
            yield large(folder, network, tiles)


def largest(instances: str | None) -> Path | None:
    """The largest map extract in a folder, or in ``osm`` within it."""
    if not instances:
        return None
    found = [*Path(instances).glob("*.osm.pbf"), *Path(instances).glob("osm/*.osm.pbf")]
    return max(found, key=lambda path: path.stat().st_size, default=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", default=os.environ.get("ROUNDS_BENCH_DATA"))
    parser.add_argument("--pbf", type=Path)
    parser.add_argument("--tiles", type=int, default=6, help="1 leaves the large network out")
    parser.add_argument("--no-osmnx", action="store_true", help="leave OSMnx's own way out: it takes minutes")
    chosen = parser.parse_args()
    pbf = chosen.pbf or largest(chosen.instances)
    tiles = chosen.tiles if pbf is not None else 1
    measured = []
    for row in rows(pbf, tiles, not chosen.no_osmnx):
        rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}
        measured.append(rounded)
        Console(stderr=True).print(f"measured: {row['row']}")
    table = Table("Row", "Figure", "Value")
    for row in measured:
        for key, value in row.items():
            if key != "row":
                table.add_row(str(row["row"]), key.replace("_", " "), str(value))
    Console().print(table)
    for row in measured:
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
