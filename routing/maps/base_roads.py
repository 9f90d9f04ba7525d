"""A base map without tiles: the roads of a box from our own network, small enough for a phone.

As GeoJSON, (lon, lat) at five decimals, about a metre. Main roads come first; smaller classes are
added while the whole stays under the limit.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from routing.network.roads import ROAD_CLASSES, RoadNetwork
from routing.network.streets import streets_of

LIMIT_BYTES = 40_000
"""Compressed, as it travels."""

DECIMALS = 5
SIMPLIFY_METRES = 4.0
BOX_STEP = 0.02

LAYERS = (
    ("main", ("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link")),
    ("middle", ("secondary", "secondary_link", "tertiary", "tertiary_link")),
    ("small", ("unclassified", "residential", "living_street", "other")),
)

Box = tuple[float, float, float, float]


def box_around(points: Iterable[tuple[float, float]]) -> Box:
    """West, south, east, north around (lon, lat) points: about square, so that it fills a screen held
    either way, and rounded outward, so that days near each other share one kept file.

    Raises ``ValueError`` without points.
    """
    lons, lats = zip(*points, strict=True)
    half = max(max(lons) - min(lons), max(lats) - min(lats)) / 2 + BOX_STEP / 2
    west, east = _outward(min(lons), max(lons), half)
    south, north = _outward(min(lats), max(lats), half)
    return west, south, east, north


def _outward(least: float, most: float, half: float) -> tuple[float, float]:
    middle = (least + most) / 2
    below, above = (middle - half) / BOX_STEP, (middle + half) / BOX_STEP
    return round(math.floor(below) * BOX_STEP, 4), round(math.ceil(above) * BOX_STEP, 4)


@lru_cache(maxsize=32)
def base_roads(network: RoadNetwork, box: Box) -> str:
    """GeoJSON text of the roads that touch ``box``: a feature per layer with its ``layer`` name."""
    features: list[dict[str, Any]] = []
    text = _collection(features)
    for layer, classes in LAYERS:
        lines = _lines(network, classes, box)
        if not lines:
            continue
        features.append(_feature(layer, lines))
        longer = _collection(features)
        if len(zlib.compress(longer.encode())) > LIMIT_BYTES:
            break
        text = longer
    return text


def _lines(network: RoadNetwork, classes: tuple[str, ...], box: Box) -> list[list[list[float]]]:
    """Joined, thinned and cut to the box: (lon, lat) lists."""
    west, south, east, north = box
    (left, bottom), (right, top) = network.plane.metres(np.array([[west, south], [east, north]]))
    streets = streets_of(network)
    near = np.sort(streets.tree.query(shapely.box(left, bottom, right, top)))
    wanted = [ROAD_CLASSES.index(name) for name in classes]
    near = near[np.isin(network.edge_class[streets.edges[near]], wanted)]
    joined = shapely.line_merge(shapely.multilinestrings(streets.lines[near]))
    cut = shapely.clip_by_rect(
        shapely.simplify(joined, SIMPLIFY_METRES, preserve_topology=False), left, bottom, right, top
    )
    parts = shapely.get_parts(cut)
    points, owner = shapely.get_coordinates(parts[shapely.get_dimensions(parts) == 1], return_index=True)
    degrees = np.round(network.plane.degrees(points), DECIMALS)
    return [line.tolist() for line in np.split(degrees, np.flatnonzero(np.diff(owner)) + 1) if len(line)]


def _feature(layer: str, lines: list[list[list[float]]]) -> dict[str, Any]:
    geometry = {"type": "MultiLineString", "coordinates": lines}
    return {"type": "Feature", "properties": {"layer": layer}, "geometry": geometry}


def _collection(features: list[dict[str, Any]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
