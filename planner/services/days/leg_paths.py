"""Whether the legs of a day route join up: one re-planned on the way begins where the phone was."""

from __future__ import annotations

import polyline

Point = tuple[float, float]
"""(lat, lon)"""

PATH_PRECISION = 5
JOINED_DEGREES = 5e-4
"""Fifty metres: legs of one route join up but for their drawing."""


def ends(path: str) -> tuple[Point, Point] | None:
    """None for a leg that is not drawn."""
    points = polyline.decode(path, PATH_PRECISION) if path else []
    return (points[0], points[-1]) if points else None


def goes_on(end: Point | None, path: str) -> bool:
    """Whether a leg begins where the one before ended; so it is taken where either is not drawn."""
    drawn = ends(path)
    if end is None or drawn is None:
        return True
    return all(abs(a - b) <= JOINED_DEGREES for a, b in zip(end, drawn[0], strict=True))


def joined(before: str, path: str) -> bool:
    drawn = ends(before)
    return drawn is None or goes_on(drawn[1], path)
