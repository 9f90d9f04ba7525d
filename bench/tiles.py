"""A network laid side by side, joined by streets: roads of a country's size out of those of a region."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from routing.network import RoadNetwork


def tiled(network: RoadNetwork, side: int) -> RoadNetwork:
    """``side`` × ``side`` copies, each joined to the next by a street both ways."""
    copies, nodes, edges = side * side, network.node_count, network.edge_count
    west, south, east, north = network.bounds
    steps = np.array([((east - west) * (k % side), (north - south) * (k // side)) for k in range(copies)])
    shift = np.rint(steps * 1e7).astype(np.int32)
    joint = np.arange(copies - 1) * nodes
    tails = np.concatenate([joint, joint + nodes])
    heads = np.concatenate([joint + nodes, joint])
    node_e7 = (network.node_e7[None] + shift[:, None]).reshape(-1, 2)

    def many(array: np.ndarray[Any, Any], more: Any, offset: int = 0) -> np.ndarray[Any, Any]:
        lifted = array.astype(np.int64)[None] + offset * np.arange(copies)[:, None]
        return np.concatenate([lifted.ravel(), np.broadcast_to(more, len(tails))]).astype(array.dtype)

    pieces = np.diff(network.shape_start.astype(np.int64))
    counts = np.concatenate([np.tile(pieces, copies), np.full(len(tails), 2)])
    shape = (network.shape_e7[None] + shift[:, None]).reshape(-1, 2)
    ends = np.stack([node_e7[tails], node_e7[heads]], axis=1).reshape(-1, 2)
    backs = network.edge_reverse.astype(np.int64)
    stride = edges * np.arange(copies)[:, None]
    lifted = np.where(backs[None] < 0, -1, backs[None] + stride)
    first = copies * edges
    reverse = np.concatenate([lifted.ravel(), first + (np.arange(len(tails)) + copies - 1) % len(tails)])
    return replace(
        network,
        name="tiled",
        node_e7=node_e7,
        edge_tail=many(network.edge_tail, tails, nodes),
        edge_head=many(network.edge_head, heads, nodes),
        edge_mm=many(network.edge_mm, 1_000_000),
        edge_ms=many(network.edge_ms, 60_000),
        edge_reverse=reverse.astype(network.edge_reverse.dtype),
        edge_street=many(network.edge_street, 0),
        edge_class=many(network.edge_class, 0),
        edge_signals=many(network.edge_signals, 0),
        edge_first_way=many(network.edge_first_way, 0),
        edge_last_way=many(network.edge_last_way, 0),
        shape_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32),
        shape_e7=np.concatenate([shape, ends]),
        ban_start=np.array([0], dtype=np.uint32),
        ban_edge=np.array([], dtype=np.uint32),
        apart_start=np.array([0], dtype=np.uint32),
        apart_e7=np.zeros((0, 2), dtype=np.int32),
        apart_part=np.array([], dtype=np.uint32),
        part_kind=np.array([], dtype=np.uint8),
    )
