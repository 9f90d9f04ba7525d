"""Roads as strokes: joined street by street, thinned, cut to a box, in whole numbers of a frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from routing.maps.cells import CELL_PIXELS, Box, Frame
from routing.maps.layers import layer_by_class
from routing.network.roads import Ints, RoadNetwork
from routing.network.streets import streets_of

Lines = npt.NDArray[np.object_]
Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in metres on the network's plane."""

LAYER_OF_CLASS = layer_by_class()


@dataclass(frozen=True, slots=True)
class Courses:
    """The roads of a box, a line in metres for each stretch of a street; ``layer`` rises row by row."""

    lines: Lines
    layer: Ints
    street: Ints
    bounds: Bounds

    def first(self, layers: int) -> Courses:
        count = int(np.searchsorted(self.layer, layers))
        return Courses(self.lines[:count], self.layer[:count], self.street[:count], self.bounds)


@dataclass(frozen=True, slots=True)
class Stroke:
    """``numbers``: x and y of the first point, then the steps to each next one. ``street`` indexes the
    network's street names."""

    layer: int
    street: int
    numbers: list[int]


def courses(network: RoadNetwork, box: Box, layers: int, room_metres: float) -> Courses:
    """The first ``layers`` layers within ``box`` and ``room_metres`` around it, not cut yet.

    Pieces of one street become one line: it takes far fewer points, and names need the length.
    """
    bounds = _in_metres(network, box, room_metres)
    streets = streets_of(network)
    near = np.sort(streets.tree.query(shapely.box(*bounds)))
    layer = LAYER_OF_CLASS[network.edge_class[streets.edges[near]]]
    near, layer = near[layer < layers], layer[layer < layers]
    street = network.edge_street[streets.edges[near]].astype(np.int64)
    order = np.lexsort((street, layer))
    groups, member = np.unique(np.column_stack([layer, street])[order], axis=0, return_inverse=True)
    bundles = shapely.multilinestrings(streets.lines[near[order]], indices=member.ravel())
    lines, owner = shapely.get_parts(shapely.line_merge(bundles), return_index=True)
    return Courses(lines, groups[owner, 0], groups[owner, 1], bounds)


def strokes(network: RoadNetwork, drawn: Courses, frame: Frame, thinned_pixels: float) -> list[Stroke]:
    """Courses cut to their bounds; what deviates less than ``thinned_pixels`` is straightened."""
    metres = thinned_pixels * pixel_metres(network, frame.cell.level)
    thinned = shapely.simplify(drawn.lines, metres, preserve_topology=False)
    pieces, owner = shapely.get_parts(shapely.clip_by_rect(thinned, *drawn.bounds), return_index=True)
    is_line = shapely.get_dimensions(pieces) == 1
    pieces, owner = pieces[is_line], owner[is_line]
    groups = zip(drawn.layer[owner].tolist(), drawn.street[owner].tolist(), strict=True)
    return [
        Stroke(layer, street, numbers)
        for (layer, street), numbers in zip(groups, _in_whole_numbers(network, frame, pieces), strict=True)
        if len(numbers) > 2
    ]


def pixel_metres(network: RoadNetwork, level: int) -> float:
    """How wide a pixel of a cell is on the ground, in the middle of the network."""
    return network.plane.metres_per_lon * 360 / (CELL_PIXELS << level)


def streets_within(network: RoadNetwork, box: Box) -> int:
    """How many streets touch ``box``, or nearly do."""
    return len(streets_of(network).tree.query(shapely.box(*_in_metres(network, box, 0))))


def _in_metres(network: RoadNetwork, box: Box, room: float) -> Bounds:
    west, south, east, north = box
    (left, bottom), (right, top) = network.plane.metres(np.array([[west, south], [east, north]])).tolist()
    return left - room, bottom - room, right + room, top + room


def _in_whole_numbers(network: RoadNetwork, frame: Frame, pieces: Lines) -> list[list[int]]:
    """A list per line, without the points that fall on the one before."""
    if not len(pieces):
        return []
    metres, owner = shapely.get_coordinates(pieces, return_index=True)
    points = frame.whole(network.plane.degrees(metres))
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    steps = np.diff(points, axis=0, prepend=0)
    steps[starts] = points[starts]
    kept: npt.NDArray[np.bool_] = np.any(steps != 0, axis=1)
    kept[starts] = True
    ends = np.cumsum(kept)[starts] - 1
    return [numbers.ravel().tolist() for numbers in np.split(steps[kept], ends[1:])]
