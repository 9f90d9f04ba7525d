"""The grid that streets are drawn in: web-mercator cells, as tile servers number them.

``level`` 0 is the whole earth in one cell, each level halves the sides; ``x`` counts from 180° west, ``y``
from the north. A cell fills 512 pixels of a map, so a map at zoom Z shows cells of level Z - 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from routing.network.roads import Floats, Ints

CELL_PIXELS = 512
DEEPEST_LEVEL = 14
"""Cells of this level hold everything; closer in, a map enlarges them."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class Cell:
    level: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        side = 1 << max(self.level, 0)
        return 0 <= self.level <= DEEPEST_LEVEL and 0 <= self.x < side and 0 <= self.y < side

    @property
    def box(self) -> Box:
        west, north = _degrees(self.level, self.x, self.y)
        east, south = _degrees(self.level, self.x + 1, self.y + 1)
        return west, south, east, north


@dataclass(frozen=True, slots=True)
class Frame:
    """The whole numbers a drawing is made of: ``units`` to a cell's side, from the cell's north-west corner
    to the east and to the south. They may leave the cell."""

    cell: Cell
    units: int

    def whole(self, degrees: Floats) -> Ints:
        """(lon, lat) rows to whole (x, y) rows."""
        corner = np.array([self.cell.x, self.cell.y])
        whole: Ints = np.rint((world(degrees) * 2**self.cell.level - corner) * self.units).astype(np.int64)
        return whole


def world(degrees: Floats) -> Floats:
    """(lon, lat) rows on the square of the earth, 0 to 1, from north-west: the web's Mercator projection."""
    lons, lats = degrees[:, 0], np.deg2rad(degrees[:, 1])
    return np.column_stack([(lons + 180) / 360, (1 - np.arcsinh(np.tan(lats)) / np.pi) / 2])


def cell_at(lon: float, lat: float, level: int) -> Cell:
    x, y = (world(np.array([[lon, lat]]))[0] * 2**level).astype(int).tolist()
    return Cell(level, x, y)


def cells_within(box: Box, level: int) -> list[Cell]:
    """The cells of a level that touch ``box``, row by row from the north-west."""
    west, south, east, north = box
    first, last = cell_at(west, north, level), cell_at(east, south, level)
    return [Cell(level, x, y) for y in range(first.y, last.y + 1) for x in range(first.x, last.x + 1)]


def level_holding(box: Box) -> int:
    """The deepest level of which one cell is as wide and as high as ``box``."""
    west, south, east, north = box
    (left, bottom), (right, top) = world(np.array([[west, south], [east, north]])).tolist()
    widest = max(right - left, bottom - top, 2.0**-DEEPEST_LEVEL)
    return max(0, math.floor(-math.log2(widest)))


def _degrees(level: int, x: int, y: int) -> tuple[float, float]:
    side = 2**level
    return x / side * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / side))))
