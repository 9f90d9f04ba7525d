"""Which points of one name belong together, and which are another street of the same name.

Points in the same or in neighbouring squares of half a kilometre are one part: a gap of up to 500 m
never parts a street, one beyond 1.5 km always does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.distance import METRES_PER_DEGREE, metres_apart
from routing.geocode.values import Point

SQUARE_METRES = 500.0

Square = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares of half a kilometre, true at one latitude and near enough some degrees around it."""

    lat: float

    def square(self, point: Point) -> Square:
        narrow = math.cos(math.radians(self.lat))
        per_square = METRES_PER_DEGREE / SQUARE_METRES
        return math.floor(point[0] * narrow * per_square), math.floor(point[1] * per_square)

    def parts(self, points: Iterable[Point]) -> dict[Square, int]:
        """The squares of the points, each with the number of its part, from 0."""
        left = dict.fromkeys(map(self.square, points))
        found: dict[Square, int] = {}
        number = 0
        while left:
            waiting = [left.popitem()[0]]
            while waiting:
                square = waiting.pop()
                found[square] = number
                for beside in neighbours(square):
                    if beside in left:
                        del left[beside]
                        waiting.append(beside)
            number += 1
        return found


def neighbours(square: Square) -> Iterator[Square]:
    column, row = square
    return ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))


def dense(points: Sequence[Point]) -> list[Point]:
    """A line with a point at least every half square, so that a long straight road is of one piece."""
    found = list(points[:1])
    for start, end in pairwise(points):
        steps = math.ceil(metres_apart(start, end) / (SQUARE_METRES / 2)) or 1
        found += [
            (start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps)
            for i in range(1, steps + 1)
        ]
    return found


def middle(points: Sequence[Point]) -> Point:
    """The point nearest to the mean: of a street, one that lies on it."""
    lon = math.fsum(point[0] for point in points) / len(points)
    lat = math.fsum(point[1] for point in points) / len(points)
    return min(points, key=lambda point: metres_apart(point, (lon, lat)))
