"""How far two points lie apart in a straight line, as long as that is only to tell near from far."""

from __future__ import annotations

import math

METRES_PER_DEGREE = 111_195.0
"""Of a great circle, on the sphere whose radius is the earth's mean one."""

Point = tuple[float, float]
"""Longitude and latitude in degrees."""


def metres_apart(one: Point, other: Point) -> float:
    """On a plane: not for lengths that are reported, nor across the 180th meridian."""
    narrow = math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot((one[0] - other[0]) * narrow, one[1] - other[1]) * METRES_PER_DEGREE
