"""Coordinates as people give them: read from text, and checked to be a place on earth.

Latitude is north (−90 to 90), longitude east (−180 to 180). Both or neither. 0/0 is what empty cells
turn into, not a place anybody visits.
"""

from __future__ import annotations

import math
import re

from planner.domain.errors import Invalid

NUMBER = re.compile(r"([+-]?\d{1,4}(?:[.,]\d+)?)\s*°?\s*([NSEW]?)", re.IGNORECASE)
SOUTH_OR_WEST = frozenset("SW")


def read_degrees(text: str, field: str) -> float | None:
    """Degrees from ``-29.9045``, ``-29,9045`` or ``29.9045 S``; None for empty text.

    Raises Invalid(field, "degrees_unreadable").
    """
    plain = text.strip().replace("−", "-").replace("\u00a0", " ")
    if not plain:
        return None
    match = NUMBER.fullmatch(plain)
    if match is None:
        raise Invalid(field, "degrees_unreadable", text=text.strip()[:40])
    degrees = float(match[1].replace(",", "."))
    return -abs(degrees) if match[2].upper() in SOUTH_OR_WEST else degrees


def check_place(lat: float | None, lon: float | None) -> None:
    """Raises Invalid at the coordinate that is wrong; two Nones are fine: the account has no pin yet."""
    if lat is None and lon is None:
        return
    if lat is None or lon is None:
        raise Invalid("lat" if lat is None else "lon", "coordinates_half")
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise Invalid("lat", "degrees_unreadable", text=f"{lat}, {lon}")
    if abs(lat) > 90 and abs(lat) <= 180 and abs(lon) <= 90:
        raise Invalid("lat", "coordinates_swapped", lat=lat, lon=lon)
    if abs(lat) > 90:
        raise Invalid("lat", "lat_range", lat=lat)
    if abs(lon) > 180:
        raise Invalid("lon", "lon_range", lon=lon)
    if lat == 0 and lon == 0:
        raise Invalid("lat", "coordinates_zero")
