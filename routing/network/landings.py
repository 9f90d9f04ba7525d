"""Ferries made reachable: a landing stage that no drivable road touches is joined to the nearest one.

Maps draw the last metres as private or service ways, which are left out as roads. Without this an
island would be cut off although cars are carried there.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from routing.network.assemble import step_metres
from routing.network.map_data import MapData
from routing.network.osm_tags import FERRY, LANDING
from routing.network.roads import E7, Ints

FARTHEST_METRES = 1000.0
"""A landing stage further from any road than this is left alone: it is no car ferry's."""


def with_landings(data: MapData) -> MapData:
    """Join ferry ends that lie off the roads, in both directions."""
    ferry = np.array([name == FERRY for name in data.way_class], dtype=bool)[data.piece_way]
    if not ferry.any():
        return data
    ends, roads = _loose_ends(data, ferry), np.unique(data.piece_tail[~ferry])
    nearest = _nearest(data, ends, roads)
    metres = step_metres(data.point_e7[ends] / E7, data.point_e7[nearest] / E7)
    ends, nearest = ends[metres <= FARTHEST_METRES], nearest[metres <= FARTHEST_METRES]
    if not len(ends):
        return data
    landing = len(data.way_ids)
    return replace(
        data,
        way_ids=np.append(data.way_ids, 0),
        way_class=[*data.way_class, LANDING],
        way_street=[*data.way_street, ""],
        way_maxspeed=[*data.way_maxspeed, ""],
        way_seconds=np.append(data.way_seconds, np.nan),
        way_roundabout=np.append(data.way_roundabout, False),
        piece_tail=np.concatenate([data.piece_tail, ends, nearest]),
        piece_head=np.concatenate([data.piece_head, nearest, ends]),
        piece_way=np.concatenate([data.piece_way, np.full(2 * len(ends), landing)]),
        piece_backward=np.concatenate([data.piece_backward, np.repeat([False, True], len(ends))]),
    )


def _loose_ends(data: MapData, ferry: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """Points where a ferry line ends and no road begins."""
    count = len(data.point_ids)
    pairs = np.unique(
        np.concatenate(
            [
                np.stack([data.piece_tail[ferry], data.piece_head[ferry]], axis=1),
                np.stack([data.piece_head[ferry], data.piece_tail[ferry]], axis=1),
            ]
        ),
        axis=0,
    )
    next_to = np.bincount(pairs[:, 0], minlength=count)
    on_road = np.zeros(count, dtype=bool)
    on_road[data.piece_tail[~ferry]] = on_road[data.piece_head[~ferry]] = True
    return np.flatnonzero((next_to == 1) & ~on_road)


def _nearest(data: MapData, ends: Ints, roads: Ints) -> Ints:
    degrees = data.point_e7 / E7
    stretch = np.array([np.cos(np.deg2rad(degrees[:, 1].mean())), 1.0])
    _, found = cKDTree(degrees[roads] * stretch).query(degrees[ends] * stretch)
    return np.asarray(roads[found])
