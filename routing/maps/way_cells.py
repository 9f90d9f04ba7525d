"""The cells a map of one day is read by: its whole box from afar, close in what lies along the way.

For taking along where there is no network, what is missed least at the end: first the day as a whole, then
closer and closer, last what lies around it. Points are (lon, lat).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.maps.cells import DEEPEST_LEVEL, Box, Cell, cells_within, level_holding, world
from routing.network.roads import Floats

WIDER, WIDEST = 1, 3
"""A phone shows a day about one level further out than the level that holds its box; so many more may be
looked at."""

ALONG_TO_LEVEL = 13
"""From here on every street has its name; deeper cells are taken along around the stops alone."""

BESIDE_STOP, BESIDE_WAY = 0.4, 0.2
"""How far one sees from a stop in the middle of the screen, and from the way, in sides of a cell."""

STEP = 0.35
"""Below twice ``BESIDE_WAY``: no cell that is cut at a corner is left out."""

Points = Sequence[tuple[float, float]]


def cells_of_way(box: Box, stops: Points, paths: Sequence[Points]) -> list[Cell]:
    """Each cell once. ``box`` is that of the first layer (``box_around``)."""
    whole = level_holding(box)
    levels = [*range(whole - WIDER, DEEPEST_LEVEL + 1), *range(whole - WIDER - 1, whole - WIDEST - 1, -1)]
    found: dict[Cell, None] = {}
    for level in levels:
        if level <= whole + 1:
            found |= dict.fromkeys(cells_within(box, level))
        elif level <= ALONG_TO_LEVEL:
            for path in filter(None, paths):
                found |= _touched(_dense(path, level), level, BESIDE_WAY)
        found |= _touched(np.array(stops), level, BESIDE_STOP)
    return [cell for cell in found if cell.exists]


def _touched(points: Floats, level: int, reach: float) -> dict[Cell, None]:
    """The cells within ``reach``, below half a side, of points."""
    at = world(points) * 2**level
    corners = [at + np.array([dx, dy]) for dx in (-reach, reach) for dy in (-reach, reach)]
    whole = np.unique(np.floor(np.vstack(corners)).astype(np.int64), axis=0)
    return dict.fromkeys(Cell(level, x, y) for x, y in whole.tolist())


def _dense(path: Points, level: int) -> Floats:
    """The path with a point at least every ``STEP`` of a cell's side."""
    points = np.array(path)
    sides = np.abs(np.diff(world(points) * 2**level, axis=0)).max(axis=1)
    parts = [points[:1]]
    for start, end, side in zip(points, points[1:], sides, strict=False):
        share = np.linspace(0, 1, int(np.ceil(side / STEP)) + 1)[1:, None]
        parts.append(start + (end - start) * share)
    return np.vstack(parts)
